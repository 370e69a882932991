using System.Globalization;

namespace OpenMash.Benchmarks.Links;

/// <summary><c>links-generate --output FOLDER [--pupils N] [--seed N] [--level easy|standard|hard] [--null] [--every-mark] [--groups-per-thousand X] [--confounders X] [--absence X] [--other | --mixed]</c></summary>
internal static class LinksGenerateVerb
{
    public static Task<int> RunAsync(string[] args)
    {
        var given = new Arguments(args);
        var folder = given.Text("--output", "");
        if (folder.Length == 0)
        {
            Console.Error.WriteLine("Say where: links-generate --output FOLDER [--pupils 30000] [--seed 1] [--level easy|standard|hard] [--null] [--every-mark] [--groups-per-thousand 1] [--confounders 1] [--absence 1] [--other | --mixed]");
            return Task.FromResult(2);
        }

        return Task.FromResult(BoroughGenerator.Run(given.Borough(), folder));
    }
}

internal sealed class Arguments(string[] args)
{
    public bool Has(string name) => Array.IndexOf(args, name) >= 0;

    public string Text(string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }

    public int Number(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public BoroughOptions Borough() => new()
    {
        Pupils = Number("--pupils", 30_000),
        Seed = Number("--seed", 1),
        Level = Text("--level", "standard"),
        Null = Has("--null"),
        Other = Has("--other"),
        Mixed = Has("--mixed"),
        EveryMark = Has("--every-mark"),
        Confounders = double.Parse(Text("--confounders", "1"), CultureInfo.InvariantCulture),
        Absence = double.Parse(Text("--absence", "1"), CultureInfo.InvariantCulture),
        GroupsPerThousand = double.Parse(Text("--groups-per-thousand", "1"), CultureInfo.InvariantCulture),
    };
}
