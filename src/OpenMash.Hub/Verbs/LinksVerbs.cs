using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenMash.Engines.Links;

namespace OpenMash.Hub.Verbs;

/// <summary><c>openmash links find | explain | update</c>: which children are missing or absent together, and what they share, beyond chance.</summary>
internal static class LinksVerbs
{
    private const int Refused = 2;
    private const int ShownProblems = 20;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create() => new("links", "Links between children in missing episodes, absence and shared things, each with its reason.") { Find(), Explain(), Update() };

    private sealed class Inputs
    {
        public Option<FileInfo?> People { get; } = new("--people") { Description = "people.csv: person_id,school_id,year_group,household_id,dob,home_id" };

        public Option<FileInfo?> Absence { get; } = new("--absence", "--marks") { Description = "marks.csv: person_id,date,session,code (every mark, or absences alone)" };

        public Option<FileInfo?> Missing { get; } = new("--missing") { Description = "missing.csv: episode_id,person_id,start,end,place_found" };

        public Option<FileInfo?> Associations { get; } = new("--associations", "--assoc") { Description = "assoc.csv: person_id,kind,value,date" };

        public Option<FileInfo?> Codes { get; } = new("--codes") { Description = "An authority's own list of register codes, in place of the shipped one" };

        public Option<string[]> Map { get; } = new("--map") { Description = "A column's own name, as usual=own or file.usual=own, e.g. absence.person_id=PupilRef", AllowMultipleArgumentsPerToken = true };

        public Option<int> Threads { get; } = new("--threads") { Description = "Threads for reading; 0 for one a processor. The outcome is the same." };

        public Option<bool> Json { get; } = new("--json") { Description = "Print a machine-readable summary" };

        public void AddTo(Command command)
        {
            foreach (var option in new Option[] { People, Absence, Missing, Associations, Codes, Map, Threads, Json }) command.Options.Add(option);
        }

        public LinksData Read(ParseResult given, SortedDictionary<string, double> seconds)
        {
            var map = Columns(given.GetValue(Map) ?? []);
            var clock = Stopwatch.StartNew();
            var data = new LinksData();
            var people = given.GetValue(People) ?? throw new LinksInputException("--people is needed: a file with at least person_id (and school_id, year_group, household_id, home_id for a fair comparison).");
            using (var stream = Open(people)) data.ReadPeople(stream, map("people"));
            if (given.GetValue(Absence) is { } absence)
            {
                var codes = AttendanceCodes.Shipped;
                if (given.GetValue(Codes) is { } list)
                {
                    using var reader = new StreamReader(Open(list));
                    codes = AttendanceCodes.Load(reader);
                }

                using var stream = Open(absence);
                data.ReadMarks(stream, map("absence"), codes, given.GetValue(Threads));
            }

            if (given.GetValue(Missing) is { } missing)
            {
                using var stream = Open(missing);
                data.ReadMissing(stream, map("missing"));
            }

            if (given.GetValue(Associations) is { } associations)
            {
                using var stream = Open(associations);
                data.ReadAssociations(stream, map("associations"));
            }

            seconds["1 reading"] = clock.Elapsed.TotalSeconds;
            return data;
        }
    }

    private static Command Find()
    {
        var inputs = new Inputs();
        var output = new Option<FileInfo>("--output") { Description = "links.csv to write", Required = true };
        var groups = new Option<FileInfo?>("--groups") { Description = "groups.csv to write" };
        var patterns = new Option<FileInfo?>("--patterns") { Description = "patterns.csv to write: what stands out for each child" };
        var problems = new Option<FileInfo?>("--problems") { Description = "problems.csv to write: every row that could not be used, with its line" };
        var state = new Option<FileInfo?>("--state") { Description = "Where to keep the state for links update; if it is there already, groups keep their identity" };
        var level = new Option<double>("--level") { Description = "False-discovery bar, 0.05 unless given", DefaultValueFactory = _ => 0.05 };
        var mostQ = new Option<double?>("--max-q") { Description = "Give pairs up to this q-value; the bar unless given" };
        var command = new Command("find", "Find pairs and groups of children who are absent or missing together, or share rare things, more than chance explains.");
        inputs.AddTo(command);
        foreach (var option in new Option[] { output, groups, patterns, problems, state, level, mostQ }) command.Options.Add(option);
        command.SetAction(given => Guard(() =>
        {
            var seconds = new SortedDictionary<string, double>(StringComparer.Ordinal);
            var all = Stopwatch.StartNew();
            var bar = given.GetValue(level);
            if (bar is <= 0 or >= 1) throw new LinksInputException("--level must lie between 0 and 1.");
            var options = new LinksOptions { Level = bar, MostQ = given.GetValue(mostQ) ?? bar };
            _ = Task.Run(LinksEngine.Prepare);
            var data = inputs.Read(given, seconds);
            var stateFile = given.GetValue(state);
            var earlier = stateFile is { Exists: true } ? LoadState(stateFile, options) : null;
            var made = LinksState.Create(data, options, earlier);
            var result = made.Result;
            foreach (var (stage, time) in result.Seconds) seconds[stage] = time;
            var clock = Stopwatch.StartNew();
            WriteLinks(given.GetValue(output)!, data, result);
            if (given.GetValue(groups) is { } groupsFile) WriteGroups(groupsFile, result);
            IReadOnlyList<PersonPattern>? found = null;
            if (given.GetValue(patterns) is { } patternsFile) WritePatterns(patternsFile, found = LinksPatterns.Find(data, new PatternOptions { Level = bar }));
            if (given.GetValue(problems) is { } problemsFile) WriteProblems(problemsFile, data.Problems);
            if (stateFile is not null) WriteWhole(stateFile, made.Save);
            seconds["6 writing"] = clock.Elapsed.TotalSeconds;
            seconds["total"] = all.Elapsed.TotalSeconds;
            if (given.GetValue(inputs.Json)) PrintSummary(data, result, found, seconds);
            else
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{data.PeopleCount:N0} people, {data.MarkRows:N0} marks, {data.EpisodeCount:N0} missing episodes, {data.MentionCount:N0} associations: {result.Links.Count:N0} links, {result.Groups.Count:N0} groups in {seconds["total"]:0.00} s."));
                if (result.Links.Count == 0) Console.WriteLine("Nothing is claimed: what is shared is no more than chance, school, year group and day explain.");
                else Console.WriteLine("These are candidates with reasons, to be judged by a person. A link says nothing about what a child is.");
                if (found is not null) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{found.Count:N0} patterns."));
            }

            return Tell(data.Problems);
        }));
        return command;
    }

    private static Command Explain()
    {
        var inputs = new Inputs();
        var a = new Option<string>("--a") { Description = "First person_id", Required = true };
        var b = new Option<string>("--b") { Description = "Second person_id", Required = true };
        var state = new Option<FileInfo?>("--state") { Description = "A state kept by links find, in place of the input files" };
        var command = new Command("explain", "Take one pair apart: dates, places, things, what chance would give and where that expectation comes from.");
        inputs.AddTo(command);
        foreach (var option in new Option[] { a, b, state }) command.Options.Add(option);
        command.SetAction(given => Guard(() =>
        {
            var seconds = new SortedDictionary<string, double>(StringComparer.Ordinal);
            var held = given.GetValue(state) is { } file ? LoadState(file, new LinksOptions()) : null;
            var data = held?.Data ?? inputs.Read(given, seconds);
            var result = held?.Result ?? LinksEngine.Find(data);
            var e = LinksEngine.Explain(data, given.GetValue(a)!, given.GetValue(b)!, result);
            if (given.GetValue(inputs.Json)) Console.WriteLine(JsonSerializer.Serialize(e, Json));
            else PrintExplanation(data, result, e);
            return 0;
        }));
        return command;
    }

    private static Command Update()
    {
        var state = new Option<FileInfo>("--state") { Description = "The state kept by links find; it is brought up to date", Required = true };
        var absence = new Option<FileInfo?>("--absence", "--marks") { Description = "A day's marks; a session already marked takes the new mark" };
        var missing = new Option<FileInfo?>("--missing") { Description = "New missing episodes" };
        var associations = new Option<FileInfo?>("--associations", "--assoc") { Description = "New associations" };
        var output = new Option<FileInfo?>("--output") { Description = "links.csv to write" };
        var groups = new Option<FileInfo?>("--groups") { Description = "groups.csv to write" };
        var changes = new Option<FileInfo?>("--changes") { Description = "changes.csv to write: change,group_id,person_id,other_person_id,reason" };
        var json = new Option<bool>("--json") { Description = "Print a machine-readable summary" };
        var command = new Command("update", "Add an episode, a day's marks or an association to what is kept, and tell what changed.");
        foreach (var option in new Option[] { state, absence, missing, associations, output, groups, changes, json }) command.Options.Add(option);
        command.SetAction(given => Guard(() =>
        {
            var clock = Stopwatch.StartNew();
            _ = Task.Run(LinksEngine.Prepare);
            var stateFile = given.GetValue(state)!;
            var held = LoadState(stateFile, new LinksOptions());
            var loaded = clock.Elapsed.TotalSeconds;
            using var a = OpenOrNull(given.GetValue(absence));
            using var m = OpenOrNull(given.GetValue(missing));
            using var s = OpenOrNull(given.GetValue(associations));
            if (a is null && m is null && s is null) throw new LinksInputException("nothing to add: give --absence, --missing or --associations.");
            clock.Restart();
            var changed = held.Update(a, m, s);
            var updated = clock.Elapsed.TotalSeconds;
            if (given.GetValue(output) is { } linksFile) WriteLinks(linksFile, held.Data, held.Result);
            if (given.GetValue(groups) is { } groupsFile) WriteGroups(groupsFile, held.Result);
            if (given.GetValue(changes) is { } changesFile) WriteChanges(changesFile, changed);
            clock.Restart();
            WriteWhole(stateFile, held.Save);
            if (given.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { changes = changed, links = held.Result.Links.Count, groups = held.Result.Groups.Count, problems = held.Data.Problems.Counts, seconds = new { loading = loaded, updating = updated, saving = clock.Elapsed.TotalSeconds } }, Json));
            }
            else
            {
                if (changed.Count == 0) Console.WriteLine("Nothing changed.");
                foreach (var c in changed) Console.WriteLine(string.Join("  ", new[] { c.Change, c.GroupId, c.PersonId, c.OtherPersonId, c.Reason }.Where(t => t.Length > 0)));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{held.Result.Links.Count:N0} links, {held.Result.Groups.Count:N0} groups; updated in {updated:0.00} s (loading {loaded:0.00} s, saving {clock.Elapsed.TotalSeconds:0.00} s)."));
            }

            return Tell(held.Data.Problems);
        }));
        return command;
    }

    private static int Guard(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (LinksInputException e)
        {
            Console.Error.WriteLine(e.Message);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
        }
        catch (IOException e)
        {
            Console.Error.WriteLine(e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            Console.Error.WriteLine(e.Message);
        }

        return Refused;
    }

    private static Func<string, IReadOnlyDictionary<string, string>?> Columns(string[] given)
    {
        var general = new Dictionary<string, string>(StringComparer.Ordinal);
        var own = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1) throw new LinksInputException($"--map {text}: write usual=own, for example person_id=PupilRef, or absence.person_id=PupilRef.");
            var (usual, name) = (text[..at], text[(at + 1)..]);
            var dot = usual.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                general[usual] = name;
                continue;
            }

            if (!own.TryGetValue(usual[..dot], out var columns)) own[usual[..dot]] = columns = new Dictionary<string, string>(StringComparer.Ordinal);
            columns[usual[(dot + 1)..]] = name;
        }

        return file =>
        {
            if (!own.TryGetValue(file, out var columns)) return general.Count == 0 ? null : general;
            foreach (var (usual, name) in general) columns.TryAdd(usual, name);
            return columns;
        };
    }

    private static FileStream Open(FileInfo file) => new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);

    private static FileStream? OpenOrNull(FileInfo? file) => file is null ? null : Open(file);

    private static LinksState LoadState(FileInfo file, LinksOptions options)
    {
        using var stream = new BufferedStream(Open(file), 1 << 20);
        return LinksState.Load(stream, options);
    }

    // Written beside the target and renamed at the end, so that half a file is never taken for a whole one.
    private static void WriteWhole(FileInfo target, Action<Stream> write)
    {
        var beside = target.FullName + ".part";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20)) write(stream);
        File.Move(beside, target.FullName, overwrite: true);
    }

    private static void WriteCsv(FileInfo target, Action<TextWriter> write) => WriteWhole(target, stream =>
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        write(text);
    });

    private static void Row(TextWriter file, params ReadOnlySpan<string> fields)
    {
        for (var k = 0; k < fields.Length; k++)
        {
            if (k > 0) file.Write(',');
            var field = fields[k];
            if (field.AsSpan().IndexOfAny(",\"\r\n") < 0) file.Write(field);
            else
            {
                file.Write('"');
                file.Write(field.Replace("\"", "\"\"", StringComparison.Ordinal));
                file.Write('"');
            }
        }

        file.WriteLine();
    }

    private static string Text(double value, string format = "G4") => value.ToString(format, CultureInfo.InvariantCulture);

    private static void WriteLinks(FileInfo target, LinksData data, LinksResult result) => WriteCsv(target, file =>
    {
        string[] kinds = ["absence", "missing", .. data.Kinds.Where(k => k is not ("absence" or "missing"))];
        Row(file, ["person_a", "person_b", "q_value", "weight", "reasons", .. kinds]);
        foreach (var link in result.Links)
        {
            var evidence = kinds.Select(kind => link.Evidence.FirstOrDefault(e => e.Kind == kind) is { } e ? $"{e.Shared} shared; {Text(e.Expected)} by chance" : "");
            Row(file, [link.PersonA, link.PersonB, Text(link.QValue), Text(link.Weight, "0.00"), link.Reasons, .. evidence]);
        }
    });

    private static void WriteGroups(FileInfo target, LinksResult result) => WriteCsv(target, file =>
    {
        Row(file, "group_id", "person_id");
        foreach (var group in result.Groups)
        {
            foreach (var member in group.Members) Row(file, group.GroupId, member.PersonId);
        }
    });

    private static void WritePatterns(FileInfo target, IReadOnlyList<PersonPattern> patterns) => WriteCsv(target, file =>
    {
        Row(file, "person_id", "pattern", "from", "to", "observed", "expected", "q_value", "against", "reason");
        foreach (var p in patterns)
        {
            Row(file, p.PersonId, p.Pattern, p.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), p.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), p.Observed.ToString(CultureInfo.InvariantCulture), p.Expected is { } e ? Text(e) : "", p.QValue is { } q ? Text(q) : "", p.Against, p.Reason);
        }
    });

    private static void WriteChanges(FileInfo target, IReadOnlyList<LinksChange> changes) => WriteCsv(target, file =>
    {
        Row(file, "change", "group_id", "person_id", "other_person_id", "reason");
        foreach (var c in changes) Row(file, c.Change, c.GroupId, c.PersonId, c.OtherPersonId, c.Reason);
    });

    private static void WriteProblems(FileInfo target, LinksProblems problems) => WriteCsv(target, file =>
    {
        Row(file, "file", "line", "kind", "message");
        foreach (var p in problems.Details) Row(file, p.File, p.Line.ToString(CultureInfo.InvariantCulture), p.Kind, p.Message);
        if (problems.Total > problems.Details.Count) Row(file, "", "", "more", $"{problems.Total - problems.Details.Count} more are counted but not listed");
    });

    private static int Tell(LinksProblems problems)
    {
        if (problems.Total == 0) return 0;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{problems.Total:N0} rows with something to report:"));
        foreach (var (kind, count) in problems.Counts) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind}: {count:N0}"));
        foreach (var p in problems.Details.Take(ShownProblems)) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {p.File}, line {p.Line}: {p.Kind}: {p.Message}"));
        if (problems.Total > ShownProblems) Console.Error.WriteLine("  ... use --problems FILE for the list.");
        return problems.Counts.Keys.All(k => k.EndsWith(": repeat", StringComparison.Ordinal)) ? 0 : 1;
    }

    private static void PrintSummary(LinksData data, LinksResult result, IReadOnlyList<PersonPattern>? patterns, SortedDictionary<string, double> seconds) => Console.WriteLine(JsonSerializer.Serialize(
        new
        {
            people = data.PeopleCount,
            marks = data.MarkRows,
            missing_episodes = data.EpisodeCount,
            associations = data.MentionCount,
            incidents = result.Incidents,
            seed_pairs = result.SeedPairs,
            links = result.Links.Count,
            groups = result.Groups.Select(g => new { g.GroupId, members = g.Members.Count, g.QValue, g.Evidence, g.SearchPrice, g.SwapShare, g.Occasions }),
            withheld_by_swap_check = result.WithheldBySwapCheck,
            patterns = patterns?.GroupBy(p => p.Pattern, StringComparer.Ordinal).ToDictionary(p => p.Key, p => p.Count()),
            problems = data.Problems.Counts,
            seconds,
        },
        Json));

    private static void PrintExplanation(LinksData data, LinksResult result, LinkExplanation e)
    {
        Console.WriteLine($"{e.PersonA} and {e.PersonB}");
        if (e.KnownLink) Console.WriteLine("A known link: one household or one home. Never given as a finding.");
        Console.WriteLine(e.Link is null ? "Not given as a link at the bar." : $"Given as a link: q {Text(e.Link.QValue)}, weight {Text(e.Link.Weight, "0.00")}{(e.Link.GroupId is null ? "" : $", through group {e.Link.GroupId}")}.");
        Console.WriteLine();
        foreach (var kind in e.Evidence.Where(k => k.Shared > 0 || k.Kind is "absence" or "missing")) Console.WriteLine($"{kind.Kind}: {kind.Shared} shared, {Text(kind.Expected)} expected by chance");
        Console.WriteLine();
        if (e.Occasions.Count > 0) Console.WriteLine("What they share, with the chance of it for each and the day's factor (for a thing: how many children have it):");
        foreach (var o in e.Occasions) Console.WriteLine($"  {o.Kind}: {o.What}; {Text(o.ChanceA)} and {Text(o.ChanceB)}; {Text(o.DayFactor)}");
        Console.WriteLine();
        Console.WriteLine($"Evidence of the pair by itself: 10^{Text(e.PairEvidence, "0.0")}; price of searching so many pairs: 10^{Text(e.SearchPrice, "0.0")}.");
        if (e.Link?.GroupId is { } id && result.Groups.FirstOrDefault(g => g.GroupId == id) is { } group)
        {
            Console.WriteLine($"Group {id}: {group.Members.Count} children, evidence 10^{Text(group.Evidence, "0.0")}, price 10^{Text(group.SearchPrice, "0.0")}, q {Text(group.QValue)}. What carries it:");
            foreach (var line in LinksEngine.DescribeGroup(data, group).Take(20)) Console.WriteLine("  " + line);
        }

        Console.WriteLine("Where the expectations come from:");
        foreach (var source in e.Sources) Console.WriteLine("  " + source);
    }
}
