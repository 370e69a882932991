using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OpenMash.Engines.Matching;

namespace OpenMash.Benchmarks.Matching;

/// <summary>
/// match --data DIR [--rows 10000,100000,1000000] [--errors low,middle,high,other] [--error-rows 100000] [--seed 11] [--runs 5] [--no-duckdb] [--sql-rows 1000000] [--work DIR]: accuracy, time, CPU and peak
/// memory of the engine and of the yardstick on the labelled files in DIR and on generated records, each run in a process of its own, alternated.
/// </summary>
internal static class MatchBench
{
    private static readonly string[] UkRules =
    [
        "nhs_number", "phone", "date_of_birth+surname", "date_of_birth+given_name", "given_name+surname+date_of_birth:4", "postcode+given_name", "address_1+given_name", "postcode+date_of_birth",
        "address_1+postcode", "surname+postcode", "surname+date_of_birth:7", "given_name:1+surname:1+date_of_birth", "given_name+surname+town",
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var a = new Arguments(args);
        if (a.Has("--one"))
            return await OneAsync(a);
        var runs = (int)a.Number("--runs", 5);
        var work = a.Text("--work", Path.GetTempPath());
        var sets = Sets(a.Text("--data", ""), work, a);
        Console.WriteLine($"{Processor()}, {Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, {RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}; medians of {runs} alternated runs, each in a process of its own, reading the file included");
        Console.WriteLine("| file | rows | who | best F1 | F1 at 0.5 | clusters F1 | seconds | CPU s | peak MB | pairs compared |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var set in sets)
        {
            var ours = new List<Measured>();
            var theirs = new List<Measured>();
            var duck = !a.Has("--no-duckdb") && set.Rows <= a.Number("--sql-rows", 1_000_000);
            for (var run = 0; run < runs; run++)
            {
                ours.Add(await ChildAsync(set.Set, "openmash"));
                if (duck)
                    theirs.Add(await ChildAsync(set.Set, "duckdb"));
            }

            Row(set.Set.Name, ours, "openmash");
            if (duck)
                Row(set.Set.Name, theirs, "duckdb");
        }

        return 0;
    }

    private static void Row(string name, List<Measured> runs, string who)
    {
        static double Median(IEnumerable<double> x) => x.Order().ElementAt(x.Count() / 2);
        var c = CultureInfo.InvariantCulture;
        var first = runs[0];
        var clusters = first.Clusters > 0 ? first.Clusters.ToString("F4", c) : "";
        Console.WriteLine(string.Create(c, $"| {name} | {first.Rows:N0} | {who} | {first.Best:F4} | {first.Half:F4} | {clusters} | {Median(runs.Select(r => r.Seconds)):F2} | {Median(runs.Select(r => r.Cpu)):F2} | {Median(runs.Select(r => r.Peak)):F0} | {first.Compared:N0} |"));
    }

    private static string Processor()
    {
        const string info = "/proc/cpuinfo";
        return File.Exists(info) ? File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "processor" : "processor";
    }

    private static List<(Labelled Set, long Rows)> Sets(string data, string work, Arguments a)
    {
        var sets = new List<(Labelled, long)>();
        if (data.Length > 0)
        {
            string In(string f) => Path.Combine(data, f);
            sets.Add((new Labelled("FEBRL 4a + 4b", In("dataset4a.csv"), In("dataset4b.csv"), "rec_id", "rec_id",
                [("given_name", Kind.Name), ("surname", Kind.Name), ("date_of_birth", Kind.Date), ("soc_sec_id", Kind.Code), ("street_number", Kind.Code), ("postcode", Kind.Code)],
                ["given_name+surname", "date_of_birth", "soc_sec_id", "surname+postcode", "street_number+postcode"], ["date_of_birth", "given_name+surname"]), 10_000));
            sets.Add((new Labelled("fake_1000", In("fake_1000.csv"), null, "unique_id", "cluster",
                [("first_name", Kind.Name), ("surname", Kind.Name), ("dob", Kind.Date), ("city", Kind.Text), ("email", Kind.Email)],
                ["surname", "first_name", "dob", "email"], ["dob", "first_name+surname"]), 1000));
            sets.Add((new Labelled("historical_50k, half", In("historical_50k_dev.csv"), null, "unique_id", "cluster",
                [("first_name", Kind.Name), ("surname", Kind.Name), ("dob", Kind.Date), ("postcode_fake", Kind.Code), ("birth_place", Kind.Text), ("occupation", Kind.Text)],
                ["first_name+surname", "dob+surname", "dob+first_name", "postcode_fake+surname", "postcode_fake+first_name", "dob+postcode_fake", "birth_place+surname", "dob+birth_place"], ["dob", "first_name+surname"]), 25_085));
        }

        foreach (var errors in a.Text("--errors", "low,middle,high,other").Split(',', StringSplitOptions.RemoveEmptyEntries))
            sets.Add(Generated(work, (int)a.Number("--error-rows", 100_000), errors, (ulong)a.Number("--seed", 11)));
        foreach (var rows in a.Text("--rows", "10000,100000,1000000").Split(',', StringSplitOptions.RemoveEmptyEntries))
            sets.Add(Generated(work, int.Parse(rows, CultureInfo.InvariantCulture), "middle", 12));
        return sets;
    }

    private static (Labelled Set, long Rows) Generated(string work, int rows, string errors, ulong seed)
    {
        var path = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"people-{rows}-{errors}-{seed}.csv"));
        if (!File.Exists(path))
        {
            using var writer = new StreamWriter(path, false, new System.Text.UTF8Encoding(false), 1 << 20);
            Generator.Csv(writer, Generator.Records(seed, errors, rows, .2));
        }

        return (new Labelled(errors == OtherHabits.Name ? "generated, other habits" : $"generated, {errors} errors", path, null, "id", "cluster",
            [("given_name", Kind.Name), ("surname", Kind.Name), ("date_of_birth", Kind.Date), ("sex", Kind.Code), ("address_1", Kind.Text), ("postcode", Kind.Code), ("town", Kind.Text), ("phone", Kind.Code), ("nhs_number", Kind.Code)],
            UkRules, ["date_of_birth", "given_name+surname"]), rows);
    }

    private static async Task<Measured> ChildAsync(Labelled set, string who)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(MatchBench).Assembly.Location);
        foreach (var argument in new[] { "match", "--one", who, "--set", JsonSerializer.Serialize(new Plain(set.Name, set.Left, set.Right, set.Id, set.Truth, [.. set.Columns.Select(c => $"{c.Column}={c.Kind}")], set.Rules, set.Training)) })
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        if (child.ExitCode != 0)
            throw new InvalidOperationException($"The run of {who} on {set.Name} failed.");
        return JsonSerializer.Deserialize<Measured>(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
    }

    private static async Task<int> OneAsync(Arguments a)
    {
        var plain = JsonSerializer.Deserialize<Plain>(a.Text("--set", ""))!;
        var set = new Labelled(plain.Name, plain.Left, plain.Right, plain.Id, plain.Truth, [.. plain.Columns.Select(c => (c[..c.IndexOf('=', StringComparison.Ordinal)], Enum.Parse<Kind>(c[(c.IndexOf('=', StringComparison.Ordinal) + 1)..])))], plain.Rules, plain.Training);
        var measured = a.Text("--one", "") == "duckdb" ? Duck(set) : Ours(set);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(measured));
        return 0;
    }

    private static Measured Duck(Labelled set)
    {
        var (seconds, scores, total, compared) = DuckYardstick.Run(set, Environment.ProcessorCount);
        var cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        long right = 0, at50 = 0, right50 = 0;
        double best = 0;
        for (var i = 0; i < scores.Count; i++)
        {
            right += scores[i].True ? 1 : 0;
            if (scores[i].Weight >= 0)
                (at50, right50) = (i + 1, right);
            best = Math.Max(best, 2.0 * right / (i + 1 + total));
        }

        var rows = File.ReadLines(set.Left).Count() - 1 + (set.Right is null ? 0 : File.ReadLines(set.Right).Count() - 1);
        return new Measured(rows, best, 2.0 * right50 / (at50 + total), 0, seconds, cpu, Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0, compared);
    }

    private static Measured Ours(Labelled set)
    {
        // The process's own start is counted, as a user would count it.
        var clock = Stopwatch.StartNew();
        using var left = File.OpenRead(set.Left);
        using var right = set.Right is null ? null : File.OpenRead(set.Right);
        var table = right is null ? PeopleReader.Read(left) : PeopleReader.Read(left, right);
        var result = PeopleMatcher.Match(table);
        var seconds = clock.Elapsed.TotalSeconds;
        var cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
        var truth = Truth(set, table);
        var accuracy = MatchAccuracy.Of(result, truth, table.FirstFile);
        return new Measured(table.Count, accuracy.BestF1, accuracy.F1, accuracy.ClusterF1, seconds, cpu, peak, result.Compared);
    }

    private static int[] Truth(Labelled set, PeopleTable table)
    {
        var people = new Dictionary<string, int>(StringComparer.Ordinal);
        var truth = new int[table.Count];
        var record = 0;
        foreach (var file in new[] { set.Left, set.Right })
        {
            if (file is null)
                continue;
            using var reader = Sylvan.Data.Csv.CsvDataReader.Create(file);
            var column = -1;
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (reader.GetName(i).Trim() == set.Truth)
                    column = i;
            }

            while (reader.Read())
            {
                var person = reader.GetString(column).Trim();
                if (set.Truth == "rec_id")
                    person = person.Split('-')[1];
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(people, person, out var known);
                if (!known)
                    number = people.Count;
                truth[record++] = number;
            }
        }

        return truth;
    }

    private sealed record Plain(string Name, string Left, string? Right, string Id, string Truth, string[] Columns, string[] Rules, string[] Training);

    private sealed record Measured(long Rows, double Best, double Half, double Clusters, double Seconds, double Cpu, double Peak, long Compared);
}
