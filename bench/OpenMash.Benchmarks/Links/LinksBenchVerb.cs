using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace OpenMash.Benchmarks.Links;

/// <summary>
/// <c>links [--pupils N] [--runs N] [--seed N] [--level L] [--null-runs N]</c>: the whole command on invented boroughs, as a process of its own (seconds, processor
/// seconds, most memory), with error rates against the truth; the same on boroughs without groups; and the SQL self-join on DuckDB on the same files.
/// </summary>
internal static class LinksBenchVerb
{
    public static Task<int> RunAsync(string[] args)
    {
        var given = new Arguments(args);
        var options = given.Borough();
        var first = given.Number("--seed", 1);
        Console.WriteLine($"{Environment.ProcessorCount} processors; load {(File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?")}");
        Console.WriteLine("borough | method | pairs found/true | precision recall F1 | groups found, precision recall F1 | seconds | processor s | MB");
        for (var seed = first; seed < first + given.Number("--runs", 1); seed++)
        {
            var folder = Borough(options with { Seed = seed });
            var measure = new LinksMeasure(Path.Combine(folder, "truth.csv"));
            Engine(folder, measure);
            if (!given.Has("--no-duckdb")) DuckDb(folder, measure);
        }

        var withClaim = 0;
        var nulls = given.Number("--null-runs", 0);
        for (var seed = 1001; seed < 1001 + nulls; seed++)
        {
            var folder = Borough(options with { Seed = seed, Null = true });
            if (Engine(folder, new LinksMeasure(Path.Combine(folder, "truth.csv"))) > 0) withClaim++;
            Directory.Delete(folder, recursive: true);
        }

        if (nulls > 0) Console.WriteLine($"boroughs without groups in which anything was claimed: {withClaim} of {nulls}");
        return Task.FromResult(0);
    }

    internal static string Borough(BoroughOptions options)
    {
        var folder = Path.Combine(Path.GetTempPath(), "openmash-links", string.Create(CultureInfo.InvariantCulture, $"{options.Pupils}-{options.Level}-{(options.Null ? "null" : "planted")}-{options.Seed}-{options.GroupsPerThousand}-{options.Confounders}-{options.Absence}{(options.EveryMark ? "-every" : "")}{(options.Other ? "-other" : options.Mixed ? "-mixed" : "")}"));
        if (!File.Exists(Path.Combine(folder, "truth.csv"))) BoroughGenerator.Run(options, folder);
        return folder;
    }

    private static int Engine(string folder, LinksMeasure measure)
    {
        var output = Path.Combine(folder, "out");
        Directory.CreateDirectory(output);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "openmash"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "links", "find", "--people", F("people.csv"), "--absence", F("marks.csv"), "--missing", F("missing.csv"), "--associations", F("assoc.csv"), "--output", Path.Combine(output, "links.csv"), "--groups", Path.Combine(output, "groups.csv") },
        };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long most = 0;
        double processor = 0;
        while (!process.WaitForExit(10))
        {
            process.Refresh();
            try
            {
                most = Math.Max(most, process.PeakWorkingSet64);
                processor = process.TotalProcessorTime.TotalSeconds;
            }
            catch (InvalidOperationException)
            {
                break;
            }
        }

        process.WaitForExit();
        var seconds = clock.Elapsed.TotalSeconds;
        if (process.ExitCode == 2) throw new InvalidOperationException("the command refused the borough");
        var links = File.ReadLines(Path.Combine(output, "links.csv")).Skip(1).Select(l => l.Split(',')).Where(f => double.Parse(f[2], CultureInfo.InvariantCulture) <= 0.05).Select(f => (f[0], f[1])).ToList();
        var groups = LinksMeasure.ReadGroups(Path.Combine(output, "groups.csv"));
        Row(folder, "engine", measure, measure.Pairs(links), measure.Groups(groups), seconds, processor, most >> 20);
        return links.Count + groups.Count;

        string F(string name) => Path.Combine(folder, name);
    }

    // The usual analyst's query: pairs in one school away without authorisation on the same days, by Jaccard share; the threshold most favourable to it.
    private static void DuckDb(string folder, LinksMeasure measure)
    {
        var clock = Stopwatch.StartNew();
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            with away as (
              select distinct m.person_id, p.school_id, m.date
              from read_csv('{Path.Combine(folder, "marks.csv")}', header = true, columns = {'{'}'person_id': 'VARCHAR', 'date': 'DATE', 'session': 'VARCHAR', 'code': 'VARCHAR'{'}'}) m
              join read_csv('{Path.Combine(folder, "people.csv")}', header = true, all_varchar = true) p using (person_id)
              where m.code in ('O', 'N', 'U', 'G')),
            days as (select person_id, count(*) n from away group by person_id)
            select a.person_id, b.person_id, count(*) * 1.0 / (any_value(x.n) + any_value(y.n) - count(*)) jaccard
            from away a join away b on a.school_id = b.school_id and a.date = b.date and a.person_id < b.person_id
            join days x on x.person_id = a.person_id join days y on y.person_id = b.person_id
            group by a.person_id, b.person_id having count(*) >= 3
            """;
        var pairs = new List<(string A, string B, double Jaccard)>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read()) pairs.Add((reader.GetString(0), reader.GetString(1), reader.GetDouble(2)));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var best = (Found: 0, Precision: 0.0, Recall: 0.0, F1: -1.0);
        foreach (var threshold in new[] { 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6 })
        {
            var scores = measure.Pairs(pairs.Where(p => p.Jaccard >= threshold).Select(p => (p.A, p.B)));
            if (scores.F1 > best.F1) best = scores;
        }

        Row(folder, "SQL self-join, DuckDB", measure, best, (0, 0, 0, 0), seconds, double.NaN, Process.GetCurrentProcess().PeakWorkingSet64 >> 20);
    }

    private static void Row(string folder, string method, LinksMeasure measure, (int Found, double Precision, double Recall, double F1) pairs, (int Found, double Precision, double Recall, double F1) groups, double seconds, double processor, long megabytes) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(folder)} | {method} | {pairs.Found}/{measure.TruePairs} | {pairs.Precision:0.000} {pairs.Recall:0.000} {pairs.F1:0.000} | {groups.Found}, {groups.Precision:0.000} {groups.Recall:0.000} {groups.F1:0.000} | {seconds:0.00} | {processor:0.00} | {megabytes}"));
}
