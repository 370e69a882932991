using System.Text;

namespace OpenMash.Engines.Signs;

/// <summary>The data files that ship inside the assembly.</summary>
internal static class Resource
{
    public static Stream Open(string name) =>
        typeof(Resource).Assembly.GetManifestResourceStream($"OpenMash.Engines.Signs.Data.{name}")
        ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly.");

    /// <summary>Lines of a shipped list, without comments (#) and blank lines.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(Open(name), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }
}
