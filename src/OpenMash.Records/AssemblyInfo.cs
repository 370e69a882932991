using System.Runtime.CompilerServices;

// Platform stamps keys, versions and trail rows; nothing else may set them.
[assembly: InternalsVisibleTo("openmash")]
