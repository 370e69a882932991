using System.Diagnostics;
using OpenMash.Engines.Links;

namespace OpenMash.Benchmarks.Links;

/// <summary><c>links-try [--pupils N] [--seeds N] ...</c>: generates boroughs, runs the engine in this process and prints error rates.</summary>
internal static class LinksTryVerb
{
    public static Task<int> RunAsync(string[] args)
    {
        var given = new Arguments(args);
        var first = given.Number("--seed", 1);
        for (var seed = first; seed < first + given.Number("--runs", 1); seed++)
        {
            var options = given.Borough() with { Seed = seed };
            var folder = LinksBenchVerb.Borough(options);
            var clock = Stopwatch.StartNew();
            var data = new LinksData();
            Read(folder, "people.csv", s => data.ReadPeople(s));
            Read(folder, "marks.csv", s => data.ReadMarks(s));
            Read(folder, "missing.csv", s => data.ReadMissing(s));
            Read(folder, "assoc.csv", s => data.ReadAssociations(s));
            var reading = Environment.CpuUsage.TotalTime.TotalSeconds;
            var result = LinksEngine.Find(data, new LinksOptions { MostSeeds = given.Number("--most-seeds", 0), SwapDraws = given.Number("--draws", 99), MostMembers = given.Number("--most-members", 14), Level = double.Parse(given.Text("--bar", "0.05"), System.Globalization.CultureInfo.InvariantCulture) });
            var measure = new LinksMeasure(Path.Combine(folder, "truth.csv"));
            var p = measure.Pairs(result.Links.Select(l => (l.PersonA, l.PersonB)));
            if (given.Number("--most-members", 14) == 2)
            {
                var parent = new Dictionary<string, string>(StringComparer.Ordinal);
                string Root(string x) => parent.TryGetValue(x, out var y) && y != x ? Root(y) : x;
                foreach (var l in result.Links) { parent.TryAdd(l.PersonA, l.PersonA); parent.TryAdd(l.PersonB, l.PersonB); parent[Root(l.PersonA)] = Root(l.PersonB); }
                var gg = measure.Groups([.. parent.Keys.GroupBy(Root).Where(x => x.Count() > 2).Select(x => x.ToHashSet(StringComparer.Ordinal))]);
                Console.WriteLine($"  components: {gg}");
            }

            var g = measure.Groups([.. result.Groups.Select(x => x.Members.Select(m => m.PersonId).ToHashSet(StringComparer.Ordinal))]);
            if (given.Has("--show"))
            {
                foreach (var group in result.Groups.Take(given.Number("--show", 8)))
                {
                    Console.WriteLine($"  {group.GroupId} evidence {group.Evidence:0.0} price {group.SearchPrice:0.0} swap {group.SwapShare:0.00} occasions {group.Occasions}: {string.Join(' ', group.Members.Select(m => $"{m.PersonId}({m.Weight:0.0})"))}");
                    foreach (var line in LinksEngine.DescribeGroup(data, group)) Console.WriteLine("      " + line);
                }
            }

            if (given.Has("--truth"))
            {
                var truth = LinksMeasure.ReadGroups(Path.Combine(folder, "truth.csv"));
                var weighed = LinksEngine.Weigh(data, [.. truth.Select(t => t.ToArray())]);
                for (var t = 0; t < truth.Count; t++)
                {
                    var best = result.Groups.OrderByDescending(x => x.Members.Count(m => truth[t].Contains(m.PersonId))).FirstOrDefault();
                    var hit = best?.Members.Count(m => truth[t].Contains(m.PersonId)) ?? 0;
                    var links = result.Links.Count(l => truth[t].Contains(l.PersonA) && truth[t].Contains(l.PersonB));
                    Console.WriteLine($"  truth {t + 1}: {truth[t].Count} members, log factor {weighed[t].LogFactor:0.0} weight {weighed[t].LogWeight:0.0} score {weighed[t].LogFactor + weighed[t].LogWeight:0.0} occasions {weighed[t].Occasions}; found {hit} of {best?.Members.Count}, links {links}");
                }
            }

            Console.WriteLine($"{Path.GetFileName(folder)}: pairs {p.Found}/{measure.TruePairs} P {p.Precision:0.000} R {p.Recall:0.000} F1 {p.F1:0.000}; groups {g.Found} P {g.Precision:0.000} R {g.Recall:0.000} F1 {g.F1:0.000}; next {result.NextScore:0.0}; withheld {result.WithheldBySwapCheck}; seeds {result.SeedPairs}, incidents {result.Incidents}; {clock.Elapsed.TotalSeconds:0.00} s, cpu so far {Environment.CpuUsage.TotalTime.TotalSeconds:0.00} (reading {reading:0.00}, {string.Join(", ", result.Seconds.Select(s => $"{s.Key} {s.Value:0.00}"))}), {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        }

        return Task.FromResult(0);
    }

    private static void Read(string folder, string name, Action<Stream> read)
    {
        using var stream = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        read(stream);
    }
}
