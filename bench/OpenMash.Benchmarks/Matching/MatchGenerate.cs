using System.Text;

namespace OpenMash.Benchmarks.Matching;

/// <summary>match-generate --rows N --output FILE [--seed 1] [--duplicates 0.2] [--errors low|middle|high|other]: invented records with truth in `cluster`.</summary>
internal static class MatchGenerate
{
    public static async Task<int> RunAsync(string[] args)
    {
        var a = new Arguments(args);
        var output = a.Text("--output", "");
        if (output.Length == 0)
        {
            await Console.Error.WriteLineAsync("Say where the records go: --output FILE");
            return 2;
        }

        var rows = Generator.Records((ulong)a.Number("--seed", 1), a.Text("--errors", "middle"), (int)a.Number("--rows", 10_000), a.Number("--duplicates", 0.2));
        await using var writer = new StreamWriter(output, false, new UTF8Encoding(false), 1 << 20);
        Generator.Csv(writer, rows);
        return 0;
    }
}

/// <summary>Options of a measurement: --name value.</summary>
internal sealed class Arguments(string[] args)
{
    public bool Has(string name) => Array.IndexOf(args, name) >= 0;

    public string Text(string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }

    public double Number(string name, double otherwise) =>
        Text(name, "") is { Length: > 0 } text ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
}
