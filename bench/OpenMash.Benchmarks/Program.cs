// Each measurement is a verb of this program: `dotnet run -c Release --project bench/OpenMash.Benchmarks -- NAME [options]`.
// A measurement is a static class with `Task<int> RunAsync(string[] args)`, listed here.
var measurements = new SortedDictionary<string, Func<string[], Task<int>>>(StringComparer.Ordinal)
{
    ["cin"] = OpenMash.Benchmarks.Returns.CinMeasurement.RunAsync,
    ["clocks"] = OpenMash.Benchmarks.Clocks.ClocksMeasurement.RunAsync,
    ["hub"] = OpenMash.Benchmarks.Hub.HubMeasurement.RunAsync,
    ["match-lookup"] = OpenMash.Benchmarks.Matching.MatchLookup.RunAsync,
    ["match"] = OpenMash.Benchmarks.Matching.MatchBench.RunAsync,
    ["match-generate"] = OpenMash.Benchmarks.Matching.MatchGenerate.RunAsync,
    ["links-generate"] = OpenMash.Benchmarks.Links.LinksGenerateVerb.RunAsync,
    ["links"] = OpenMash.Benchmarks.Links.LinksBenchVerb.RunAsync,
    ["links-try"] = OpenMash.Benchmarks.Links.LinksTryVerb.RunAsync,
    ["signs"] = OpenMash.Benchmarks.Signs.SignsSpeed.RunAsync,
    ["signs-accuracy"] = OpenMash.Benchmarks.Signs.SignsAccuracy.RunAsync,
};

if (args.Length == 0 || !measurements.TryGetValue(args[0], out var run))
{
    Console.Error.WriteLine($"Say which measurement: {string.Join(", ", measurements.Keys)}");
    return 2;
}

return await run(args[1..]);
