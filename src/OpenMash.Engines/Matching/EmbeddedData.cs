using System.Text;

namespace OpenMash.Engines.Matching;

/// <summary>Reads the data files that ship inside the assembly (folder Data beside this file).</summary>
internal static class EmbeddedData
{
    public static Stream Open(string name) =>
        typeof(EmbeddedData).Assembly.GetManifestResourceStream("OpenMash.Engines.Matching.Data." + name)
        ?? throw new InvalidOperationException($"The embedded data file {name} is missing from the build.");

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
