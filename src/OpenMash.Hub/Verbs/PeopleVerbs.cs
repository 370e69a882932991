using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenMash.Engines.Matching;
using Sylvan.Data.Csv;

namespace OpenMash.Hub.Verbs;

/// <summary>`openmash people match`: which records of one file, or of two, are one person.</summary>
internal static class PeopleVerbs
{
    public static Command Create() => new("people", "Work on files of people.") { Match() };

    private static Command Match()
    {
        var input = new Option<FileInfo>("--input", "-i") { Description = "File of people (CSV with a heading line).", Required = true };
        var link = new Option<FileInfo?>("--link") { Description = "Second file: link the two instead of searching one for duplicates." };
        var output = new Option<FileInfo>("--output", "-o") { Description = "Where the pairs go: id_l,id_r,probability,weight.", Required = true };
        var clusters = new Option<FileInfo?>("--clusters") { Description = "Where the clusters go: id,cluster_id (with two files also source)." };
        var held = new Option<FileInfo?>("--held") { Description = "Where pairs go that contradict themselves and need a person's decision: id_l,id_r,probability,reason." };
        var threshold = new Option<double>("--threshold") { Description = "Smallest probability of a pair that is written, and of joining in a cluster.", DefaultValueFactory = _ => 0.5 };
        var all = new Option<double?>("--keep") { Description = "Write pairs down to this probability, below the threshold of clusters (for example 0.01, to see the uncertain ones)." };
        var id = new Option<string?>("--unique-id") { Description = "Column that identifies a row; recognised by its usual names, else the row's number." };
        var map = new Option<string[]>("--map") { Description = $"COLUMN=ROLE where a heading is not one of the usual. Roles: {Roles()}." };
        var model = new Option<FileInfo?>("--model") { Description = "Weights to use instead of learning them from the file." };
        var saveModel = new Option<FileInfo?>("--save-model") { Description = "Where the weights learnt go, as JSON that can be read, kept and reused." };
        var truth = new Option<string?>("--truth") { Description = "Column that says who is who: prints the accuracy. Never read by the matching." };
        var memory = new Option<int?>("--memory") { Description = "Megabytes of memory that may be used; by default what the machine has free." };
        var threads = new Option<int>("--threads") { Description = "Threads; the result does not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var json = new Option<bool>("--json") { Description = "Print a machine-readable summary." };
        var command = new Command("match", "Find which records are one person.") { input, link, output, clusters, held, threshold, all, id, map, model, saveModel, truth, memory, threads, json };
        command.SetAction(parsed => Run(new Request(
            parsed.GetRequiredValue(input),
            parsed.GetValue(link),
            parsed.GetRequiredValue(output),
            parsed.GetValue(clusters),
            parsed.GetValue(held),
            parsed.GetValue(threshold),
            parsed.GetValue(all),
            parsed.GetValue(id),
            parsed.GetValue(map) ?? [],
            parsed.GetValue(model),
            parsed.GetValue(saveModel),
            parsed.GetValue(truth),
            parsed.GetValue(memory),
            parsed.GetValue(threads),
            parsed.GetValue(json))));
        return command;
    }

    private static string Roles() => string.Join(", ", Enum.GetNames<PeopleRole>().Select(r => char.ToLowerInvariant(r[0]) + r[1..]));

    private sealed record Request(
        FileInfo Input,
        FileInfo? Link,
        FileInfo Output,
        FileInfo? Clusters,
        FileInfo? Held,
        double Threshold,
        double? Keep,
        string? Id,
        string[] Map,
        FileInfo? Model,
        FileInfo? SaveModel,
        string? Truth,
        int? Memory,
        int Threads,
        bool Json);

    private static int Run(Request r)
    {
        try
        {
            return Matched(r);
        }
        catch (InvalidDataException e)
        {
            return Refuse(e.Message);
        }
        catch (IOException e)
        {
            return Refuse(e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return Refuse(e.Message);
        }
        catch (OutOfMemoryException)
        {
            return Refuse("There is not enough memory for this file. Use a machine with more, or split the file by year of birth.");
        }
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }

    private static int Matched(Request r)
    {
        foreach (var file in new[] { r.Input, r.Link, r.Model })
        {
            if (file is { Exists: false })
                return Refuse($"There is no file {file}.");
        }

        foreach (var file in new[] { r.Output, r.Clusters, r.Held, r.SaveModel })
        {
            if (file is { Directory.Exists: false })
                return Refuse($"There is no folder {file.DirectoryName} to write {file.Name} to.");
        }

        if (r.Threshold is not (> 0 and < 1) || r.Keep is <= 0 or >= 1)
            return Refuse("--threshold and --keep are probabilities above 0 and below 1.");
        if (r.Threads < 1)
            return Refuse("--threads is at least 1.");
        var clock = Stopwatch.StartNew();
        var progress = Console.IsErrorRedirected || r.Json ? null : new Lines();
        var options = new PeopleReadOptions
        {
            Map = ReadMap(r.Map),
            IdHeading = r.Id,
            Threads = r.Threads,
            MemoryLimit = r.Memory is { } mb ? (long)mb << 20 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 9 / 10,
            Progress = progress is null ? null : new Bytes(progress, r.Input.Length + (r.Link?.Length ?? 0)),
        };
        MatchModel? model = null;
        if (r.Model is not null)
        {
            using var stream = r.Model.OpenRead();
            model = MatchModel.Read(stream);
        }

        using var left = Open(r.Input);
        using var right = r.Link is null ? null : Open(r.Link);
        var table = right is null ? PeopleReader.Read(left, options) : PeopleReader.Read(left, right, options);
        var readSeconds = clock.Elapsed.TotalSeconds;
        var readCpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        var result = PeopleMatcher.Match(table, new MatchOptions
        {
            Model = model,
            Threads = r.Threads,
            Threshold = r.Threshold,
            Keep = r.Truth is null ? r.Keep ?? Math.Min(r.Threshold, 0.5) : 0.01,
            Progress = progress,
        });
        progress?.Done();
        var writing = Stopwatch.StartNew();
        var keep = (float)Math.Log2((r.Keep ?? r.Threshold) / (1 - (r.Keep ?? r.Threshold)));
        var written = WritePairs(r.Output, table, result, keep);
        if (r.Clusters is not null)
            WriteClusters(r.Clusters, table, result);
        if (r.Held is not null)
            WriteHeld(r.Held, table, result);
        if (r.SaveModel is not null)
            Whole(r.SaveModel, result.Model.Write);
        var writeSeconds = writing.Elapsed.TotalSeconds;
        var total = clock.Elapsed.TotalSeconds;
        var accuracy = r.Truth is null ? null : MatchAccuracy.Of(result, Truth(r, table), table.FirstFile);
        var people = result.Clusters.Where((c, i) => c == i).Count();
        if (r.Json)
            PrintJson(table, result, written, people, readSeconds, readCpu, writeSeconds, total, accuracy);
        else
            Print(r, table, result, written, people, total, accuracy);
        return table.BadRowCount > 0 ? 1 : 0;
    }

    private static FileStream Open(FileInfo file) => new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);

    private static Dictionary<string, PeopleRole> ReadMap(string[] entries)
    {
        var map = new Dictionary<string, PeopleRole>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries.SelectMany(e => e.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            var at = entry.LastIndexOf('=');
            if (at <= 0 || PeopleHeadings.Role(entry[(at + 1)..].Trim()) is not { } role)
                throw new InvalidDataException($"--map {entry} cannot be understood. Write COLUMN=ROLE, with one of the roles {Roles()}.");
            map[entry[..at].Trim()] = role;
        }

        return map;
    }

    private static long WritePairs(FileInfo file, PeopleTable table, MatchResult result, float floor)
    {
        long written = 0;
        Whole(file, stream =>
        {
            var csv = new CsvBytes(stream);
            csv.Raw("id_l,id_r,probability,weight\n"u8);
            foreach (var p in result.Pairs)
            {
                if (p.Weight < floor)
                    continue;
                written++;
                csv.Text(table, p.Left);
                csv.Raw(","u8);
                csv.Text(table, p.Right);
                csv.Number(p.Probability, 6);
                csv.Number(p.Weight, 3);
                csv.Raw("\n"u8);
            }

            csv.Flush();
        });
        return written;
    }

    private static void WriteClusters(FileInfo file, PeopleTable table, MatchResult result)
    {
        Whole(file, stream =>
        {
            var csv = new CsvBytes(stream);
            csv.Raw(table.Linking ? "id,cluster_id,source\n"u8 : "id,cluster_id\n"u8);
            for (var i = 0; i < table.Count; i++)
            {
                csv.Text(table, i);
                csv.Raw(","u8);
                csv.Text(table, result.Clusters[i]);
                if (table.Linking)
                    csv.Raw(i < table.FirstFile ? ",left"u8 : ",right"u8);
                csv.Raw("\n"u8);
            }

            csv.Flush();
        });
    }

    private static void WriteHeld(FileInfo file, PeopleTable table, MatchResult result)
    {
        Whole(file, stream =>
        {
            var csv = new CsvBytes(stream);
            csv.Raw("id_l,id_r,probability,reason\n"u8);
            foreach (var h in result.HeldApart)
            {
                csv.Text(table, h.Left);
                csv.Raw(","u8);
                csv.Text(table, h.Right);
                csv.Number(1 / (1 + Math.Pow(2, -h.Weight)), 6);
                csv.Raw(Encoding.UTF8.GetBytes(",\"" + h.Reason.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"\n"));
            }

            csv.Flush();
        });
    }

    /// <summary>Writes beside the target and renames at the end, so that half an output never stands as a whole one.</summary>
    private static void Whole(FileInfo target, Action<Stream> write)
    {
        var temporary = target.FullName + ".part";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
                write(stream);
            File.Move(temporary, target.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The person of each record, from the truth column; a FEBRL identifier "rec-N-..." stands for person N.</summary>
    private static int[] Truth(Request r, PeopleTable table)
    {
        var people = new Dictionary<string, int>(StringComparer.Ordinal);
        var byFile = new[] { TruthOf(r.Input, r, table, 0, people), r.Link is null ? [] : TruthOf(r.Link, r, table, 1, people) };
        var truth = new int[table.Count];
        for (var i = 0; i < truth.Length; i++)
        {
            var file = byFile[i < table.FirstFile ? 0 : 1];
            if (!file.TryGetValue(table.Id(i), out truth[i]))
                truth[i] = -1 - i;
        }

        return truth;
    }

    private static Dictionary<string, int> TruthOf(FileInfo file, Request r, PeopleTable table, int which, Dictionary<string, int> people)
    {
        var columns = table.Columns[which].Select((c, i) => (c.Heading, c.Role, Index: i)).ToArray();
        var truthColumn = Array.FindIndex(columns, c => string.Equals(c.Heading, r.Truth, StringComparison.OrdinalIgnoreCase));
        if (truthColumn < 0)
            throw new InvalidDataException($"There is no column \"{r.Truth}\" for --truth in {file.Name}.");
        var idColumn = Array.FindIndex(columns, c => c.Role == PeopleRole.Id);
        var truth = new Dictionary<string, int>(StringComparer.Ordinal);
        using var reader = CsvDataReader.Create(file.FullName);
        var row = 0;
        while (reader.Read())
        {
            row++;
            if (reader.RowFieldCount != columns.Length)
                continue;
            var id = idColumn < 0 ? row.ToString(CultureInfo.InvariantCulture) : reader.GetString(idColumn).Trim();
            var person = reader.GetString(truthColumn).Trim();
            if (person.StartsWith("rec-", StringComparison.Ordinal) && person.IndexOf('-', 4) is var end and > 0)
                person = person[..end];
            ref var number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(people, person, out var known);
            if (!known)
                number = people.Count;
            truth.TryAdd(id, number);
        }

        return truth;
    }

    private static void Print(Request r, PeopleTable table, MatchResult result, long written, int people, double seconds, MatchAccuracy? accuracy)
    {
        var c = CultureInfo.InvariantCulture;
        for (var f = 0; f < table.Columns.Count; f++)
        {
            var used = table.Columns[f].Where(x => x.Role != PeopleRole.None).Select(x => $"{x.Heading} ({x.Role.ToString().ToLowerInvariant()})");
            var left = table.Columns[f].Where(x => x.Role == PeopleRole.None).Select(x => x.Heading).ToArray();
            Console.WriteLine($"{(f == 0 ? r.Input : r.Link)!.Name}: {string.Join(", ", used)}" + (left.Length == 0 ? "" : $"; not used: {string.Join(", ", left)}"));
        }

        Console.WriteLine(string.Create(c, $"{table.Count:N0} records, {people:N0} people, {written:N0} pairs from {result.Compared:N0} compared, in {seconds:F2} s, to {r.Output.Name}"));
        if (result.HeldApart.Count > 0)
            Console.WriteLine(string.Create(c, $"{result.HeldApart.Count:N0} pairs contradict themselves and are held apart for a person's decision{(r.Held is null ? " (--held FILE lists them)" : "")}"));
        foreach (var bad in table.BadRows.Take(10))
            Console.Error.WriteLine(bad.Line > 0 ? $"line {bad.Line}: {bad.Message}" : bad.Message);
        if (table.BadRowCount > 0)
            Console.Error.WriteLine(string.Create(c, $"{table.BadRowCount:N0} rows with a reservation or left out{(table.BadRowCount > 10 ? "; the first ten are shown" : "")}"));
        if (accuracy is not null)
        {
            Console.WriteLine(string.Create(c, $"accuracy against {r.Truth}: {accuracy.TruePairs:N0} true pairs; best F1 {accuracy.BestF1:F4} at {accuracy.BestThreshold:F3}; at 0.5 F1 {accuracy.F1:F4} (precision {accuracy.Precision:F4}, recall {accuracy.Recall:F4})"));
            Console.WriteLine(string.Create(c, $"clusters F1 {accuracy.ClusterF1:F4} (precision {accuracy.ClusterPrecision:F4}, recall {accuracy.ClusterRecall:F4})"));
        }
    }

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    private static void PrintJson(PeopleTable table, MatchResult result, long written, int people, double read, double readCpu, double write, double total, MatchAccuracy? accuracy)
    {
        var timings = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["read"] = read, ["readCpu"] = readCpu, ["write"] = write, ["total"] = total, ["totalCpu"] = Environment.CpuUsage.TotalTime.TotalSeconds };
        foreach (var (stage, seconds, cpu) in result.Timings)
            (timings[stage], timings[stage + "Cpu"]) = (seconds, cpu);
        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                records = table.Count,
                people,
                pairsWritten = written,
                pairsCompared = result.Compared,
                heldApart = result.HeldApart.Count,
                badRows = table.BadRowCount,
                bad = table.BadRows.Take(100),
                columns = table.Columns.Select(f => f.Select(c => new { heading = c.Heading, role = c.Role.ToString() })),
                rules = result.Rules.Select(x => new { rule = x.Rule, largestBlock = x.LargestBlock, pairs = x.Pairs }),
                seconds = timings,
                peakMemoryMegabytes = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
                accuracy,
            },
            Json));
    }

    /// <summary>One line of progress on the terminal, rewritten.</summary>
    private sealed class Lines : IProgress<string>
    {
        public void Report(string value) => Console.Error.Write($"\r{value,-70}");

        public void Done() => Console.Error.Write($"\r{"",-70}\r");
    }

    private sealed class Bytes(Lines lines, long total) : IProgress<long>
    {
        public void Report(long value) =>
            lines.Report(string.Create(CultureInfo.InvariantCulture, $"Reading {Math.Min(100 * value / Math.Max(total, 1), 100)} %"));
    }

    /// <summary>Writes identifiers and numbers without making strings of them.</summary>
    private sealed class CsvBytes(Stream stream)
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _used;

        public void Raw(ReadOnlySpan<byte> bytes)
        {
            if (_used + bytes.Length > _buffer.Length)
                Flush();
            if (bytes.Length > _buffer.Length)
            {
                stream.Write(bytes);
                return;
            }

            bytes.CopyTo(_buffer.AsSpan(_used));
            _used += bytes.Length;
        }

        public void Text(PeopleTable table, int record)
        {
            var id = table.IdUtf8(record);
            if (id.IndexOfAny(",\"\r\n"u8) < 0)
            {
                Raw(id);
                return;
            }

            Raw(Encoding.UTF8.GetBytes("\"" + Encoding.UTF8.GetString(id).Replace("\"", "\"\"", StringComparison.Ordinal) + "\""));
        }

        public void Number(double value, int digits)
        {
            if (_used + 40 > _buffer.Length)
                Flush();
            _buffer[_used++] = (byte)',';
            value.TryFormat(_buffer.AsSpan(_used), out var n, digits == 6 ? "F6" : "F3", CultureInfo.InvariantCulture);
            _used += n;
        }

        public void Flush()
        {
            stream.Write(_buffer, 0, _used);
            _used = 0;
        }
    }
}
