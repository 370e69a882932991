using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenMash.Engines.Signs;

namespace OpenMash.Hub.Verbs;

/// <summary><c>openmash signs screen | explain | compare | catalogue</c>: the signs engine on files.</summary>
internal static class SignsVerbs
{
    private const int Done = 0;
    private const int DoneWithBadRows = 1;
    private const int Refused = 2;
    private const int BadRowsShown = 20;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var signs = new Command("signs", "Find the signs of a catalogue in notes, and say what each hit means where it stands.");
        signs.Subcommands.Add(Screen());
        signs.Subcommands.Add(Explain());
        signs.Subcommands.Add(Compare());
        signs.Subcommands.Add(Catalogue());
        return signs;
    }

    private static Option<string> Notes() => new("--notes") { Description = "CSV file of notes, UTF-8, with a header line (columns note_id and text).", Required = true };

    private static Option<string?> IdColumn() => new("--id-column") { Description = "Header of the column with the note's identifier (usual names are recognised)." };

    private static Option<string?> TextColumn() => new("--text-column") { Description = "Header of the column with the text (usual names are recognised)." };

    private static Option<bool> Exact() => new("--exact") { Description = "Plain phrases word for word only: no misspellings." };

    private static Option<bool> Misspellings() => new("--misspellings") { Description = "Plain phrases also with one letter wrong (the default)." };

    private static Option<int> Threads() => new("--threads") { Description = "Threads to use; 0 takes one for each processor. The result does not depend on it." };

    private static Option<bool> AsJson() => new("--json") { Description = "Print a machine-readable summary with timings." };

    private static Command Screen()
    {
        var notes = Notes();
        var catalogue = new Option<string?>("--catalogue") { Description = "Catalogue of signs (JSON). Without it, the shipped catalogue." };
        var output = new Option<string>("--output") { Description = "CSV file of hits to write: note_id,sign_id,start,end,text,context and the other input columns.", Required = true };
        var detail = new Option<bool>("--detail") { Description = "Also write columns match, phrase, cue and denial." };
        var exact = Exact();
        var misspellings = Misspellings();
        var id = IdColumn();
        var text = TextColumn();
        var threads = Threads();
        var json = AsJson();
        var command = new Command("screen", "Screen a file of notes: one line of output for each hit, in input order.") { notes, catalogue, output, exact, misspellings, detail, id, text, threads, json };
        command.SetAction(parsed => Guarded(() =>
        {
            if (parsed.GetValue(exact) && parsed.GetValue(misspellings))
                return Refuse("Give either --exact or --misspellings, not both.");
            return RunScreen(
                parsed.GetRequiredValue(notes), parsed.GetValue(catalogue), parsed.GetRequiredValue(output), !parsed.GetValue(exact),
                new ScreeningOptions
                {
                    Columns = new NotesColumns { Id = parsed.GetValue(id), Text = parsed.GetValue(text) },
                    Threads = parsed.GetValue(threads),
                    Detail = parsed.GetValue(detail),
                },
                parsed.GetValue(json));
        }));
        return command;
    }

    private static int RunScreen(string notesPath, string? cataloguePath, string outputPath, bool misspellings, ScreeningOptions options, bool json)
    {
        if (options.Threads is < 0 or > 1024)
            return Refuse("--threads must be between 0 and 1024.");
        foreach (var input in (string?[])[notesPath, cataloguePath])
        {
            if (input is not null && Path.GetFullPath(input) == Path.GetFullPath(outputPath))
                return Refuse($"--output is the same file as an input ({input}): choose another name.");
        }

        var watch = Stopwatch.StartNew();
        if (!TryReadCatalogue(cataloguePath, out var catalogue))
            return Refused;
        var scanner = new SignScanner(catalogue, new SignScanOptions { Misspellings = misspellings });
        var compiled = watch.Elapsed;

        using var notes = Open(notesPath);
        ScreeningSummary summary;
        using (var progress = new ProgressLine(notesPath))
        using (var target = new SafeOutput(outputPath))
        {
            summary = NoteScreening.Run(notes, scanner, target.Stream, options, progress.Report);
            target.Commit();
        }

        watch.Stop();
        foreach (var row in summary.BadRowDetails.Take(BadRowsShown))
            Console.Error.WriteLine($"{notesPath}: line {row.Line}: {row.Message}");
        if (summary.BadRows > BadRowsShown)
            Console.Error.WriteLine($"{notesPath}: {summary.BadRows - BadRowsShown} more rows could not be screened.");

        var seconds = watch.Elapsed.TotalSeconds;
        var rate = summary.Bytes / 1e6 / Math.Max(1e-9, (watch.Elapsed - compiled).TotalSeconds);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    notes = summary.Notes,
                    notesWithHits = summary.NotesWithHits,
                    hits = summary.Hits,
                    byContext = Enum.GetValues<SignContext>().ToDictionary(c => c.ToString().ToLowerInvariant(), summary.In),
                    negatedByDenial = summary.Denials,
                    byMatch = Enum.GetValues<SignMatch>().ToDictionary(m => m.ToString().ToLowerInvariant(), summary.By),
                    bySign = catalogue.Signs.Select((s, i) => new { id = s.Id, name = s.Name, hits = summary.HitsBySign[i] }),
                    misspellings,
                    badRows = summary.BadRows,
                    badRowDetails = summary.BadRowDetails.Select(b => new { line = b.Line, message = b.Message }),
                    notesWithInvalidUtf8 = summary.NotesWithInvalidUtf8,
                    bytes = summary.Bytes,
                    seconds = Math.Round(seconds, 3),
                    secondsToCompile = Math.Round(compiled.TotalSeconds, 3),
                    megabytesPerSecond = Math.Round(rate, 1),
                    catalogue = new { title = catalogue.Title, version = catalogue.Version, signs = catalogue.Signs.Count, forms = scanner.FormCount, path = cataloguePath },
                    output = outputPath,
                },
                Json));
        }
        else
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Screened {summary.Notes:N0} notes ({summary.Bytes / 1e6:N1} MB) for {catalogue.Signs.Count} signs in {seconds:N2} s ({rate:N0} MB/s)."));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.Hits:N0} hits in {summary.NotesWithHits:N0} notes, written to {outputPath}:"));
            foreach (var context in Enum.GetValues<SignContext>())
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {context.ToString().ToLowerInvariant(),-13}{summary.In(context),12:N0}{(context == SignContext.Negated && summary.Denials > 0 ? $"   of which {summary.Denials:N0} by a denial" : "")}"));
            if (misspellings)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {summary.By(SignMatch.Misspelling):N0} of them misspelt by one letter (--exact leaves these out)."));
            Console.WriteLine("The context orders reading; no hit is left out because of it.");
            if (summary.NotesWithInvalidUtf8 > 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.NotesWithInvalidUtf8:N0} notes were not valid UTF-8: each bad sequence was read as one replacement character."));
            if (summary.BadRows > 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.BadRows:N0} rows could not be screened (see the messages)."));
        }

        return summary.BadRows > 0 ? DoneWithBadRows : Done;
    }

    private static Command Explain()
    {
        var catalogue = new Option<string?>("--catalogue") { Description = "Catalogue of signs (JSON). Without it, the shipped catalogue." };
        var text = new Option<string?>("--text") { Description = "The text to explain; without it, standard input is read." };
        var exact = Exact();
        var json = AsJson();
        var command = new Command("explain", "Show each hit in one text, the cue that decided its context, and the cue's reach.") { catalogue, text, exact, json };
        command.SetAction(parsed => Guarded(() => RunExplain(parsed.GetValue(catalogue), parsed.GetValue(text) ?? Console.In.ReadToEnd(), !parsed.GetValue(exact), parsed.GetValue(json))));
        return command;
    }

    private static int RunExplain(string? cataloguePath, string text, bool misspellings, bool json)
    {
        if (!TryReadCatalogue(cataloguePath, out var catalogue))
            return Refused;
        var scanner = new SignScanner(catalogue, new SignScanOptions { Misspellings = misspellings });
        var buffer = new SignScanBuffer();
        var utf8 = Encoding.UTF8.GetBytes(text);
        var explanations = scanner.Explain(utf8, buffer);
        var hits = buffer.Hits.ToArray();
        string Part(int from, int to) => from < 0 ? "" : Encoding.UTF8.GetString(utf8, from, to - from);
        int Points(int at) => Encoding.UTF8.GetString(utf8, 0, at).EnumerateRunes().Count();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                hits.Select((hit, i) => new
                {
                    sign = catalogue.Signs[hit.Sign].Id,
                    name = catalogue.Signs[hit.Sign].Name,
                    phrase = catalogue.Signs[hit.Sign].Phrases[hit.Phrase].Text,
                    match = hit.Match.ToString().ToLowerInvariant(),
                    start = hit.Start,
                    end = hit.End,
                    text = Part(hit.ByteStart, hit.ByteEnd),
                    context = hit.Context.ToString().ToLowerInvariant(),
                    rule = explanations[i].Rule,
                    cue = Part(explanations[i].CueStart, explanations[i].CueEnd),
                    cueStart = explanations[i].CueStart < 0 ? -1 : Points(explanations[i].CueStart),
                    cueEnd = explanations[i].CueStart < 0 ? -1 : Points(explanations[i].CueEnd),
                    reach = Part(explanations[i].ReachStart, explanations[i].ReachEnd),
                    denial = explanations[i].IsDenial,
                }),
                Json));
            return Done;
        }

        if (hits.Length == 0)
            Console.WriteLine($"No sign of the catalogue ({catalogue.Signs.Count} signs) was found in this text.");
        for (var i = 0; i < hits.Length; i++)
        {
            var hit = hits[i];
            var why = explanations[i];
            var sign = catalogue.Signs[hit.Sign];
            Console.WriteLine($"{hit.Start}-{hit.End} \"{Part(hit.ByteStart, hit.ByteEnd)}\"  {sign.Id} {sign.Name}");
            Console.WriteLine($"    phrase   {sign.Phrases[hit.Phrase].Text} ({hit.Match.ToString().ToLowerInvariant()})");
            Console.WriteLine($"    context  {hit.Context.ToString().ToLowerInvariant()}{(why.IsDenial ? " (a denial: never absence of harm)" : "")}, rule: {why.Rule}");
            if (why.CueStart >= 0)
            {
                Console.WriteLine($"    cue      \"{Part(why.CueStart, why.CueEnd)}\" at {Points(why.CueStart)}-{Points(why.CueEnd)}");
                Console.WriteLine($"    reach    \"{Part(why.ReachStart, why.ReachEnd)}\"");
            }
        }

        return Done;
    }

    private static Command Compare()
    {
        var notes = Notes();
        var before = new Option<string>("--before") { Description = "The catalogue as it is.", Required = true };
        var after = new Option<string>("--after") { Description = "The catalogue as it would be.", Required = true };
        var examples = new Option<int>("--examples") { Description = "Examples to show of each gain and loss, for each sign.", DefaultValueFactory = _ => 5 };
        var exact = Exact();
        var id = IdColumn();
        var text = TextColumn();
        var json = AsJson();
        var command = new Command("compare", "Say what a change of catalogue gains and loses on a file of notes, with examples.") { notes, before, after, examples, exact, id, text, json };
        command.SetAction(parsed => Guarded(() => SignsComparison.Run(
            parsed.GetRequiredValue(notes), parsed.GetRequiredValue(before), parsed.GetRequiredValue(after), parsed.GetValue(examples), !parsed.GetValue(exact),
            new NotesColumns { Id = parsed.GetValue(id), Text = parsed.GetValue(text) }, parsed.GetValue(json))));
        return command;
    }

    private static Command Catalogue()
    {
        var path = new Option<string?>("--catalogue") { Description = "A catalogue to check. Without it, the shipped catalogue is printed." };
        var command = new Command("catalogue", "Check a catalogue and say what is wrong with it; without a file, print the shipped catalogue to begin from.") { path };
        command.SetAction(parsed => Guarded(() =>
        {
            if (parsed.GetValue(path) is not { } file)
            {
                using var shipped = SignCatalogue.OpenShipped();
                using var standard = Console.OpenStandardOutput();
                shipped.CopyTo(standard);
                return Done;
            }

            if (!TryReadCatalogue(file, out var catalogue))
                return Refused;
            Console.WriteLine($"{file}: {catalogue.Signs.Count} signs, {catalogue.Signs.Sum(s => s.Phrases.Count)} phrases, {new SignScanner(catalogue, new SignScanOptions { Misspellings = false }).FormCount} forms. Nothing is wrong with it.");
            return Done;
        }));
        return command;
    }

    internal static bool TryReadCatalogue(string? path, out SignCatalogue catalogue)
    {
        catalogue = null!;
        if (path is null)
        {
            catalogue = SignCatalogue.Shipped();
            return true;
        }

        using var stream = Open(path);
        try
        {
            catalogue = SignCatalogue.Read(stream);
        }
        catch (SignCatalogueException e)
        {
            Console.Error.WriteLine($"{path} cannot be used as a catalogue:");
            foreach (var problem in e.Problems)
                Console.Error.WriteLine($"  {problem}");
            return false;
        }

        foreach (var warning in catalogue.Warnings)
            Console.Error.WriteLine($"{path}: warning: {warning}");
        return true;
    }

    internal static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new RefusedException($"{path} is a folder: give the file.");
        return new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.SequentialScan });
    }

    internal static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return Refused;
    }

    /// <summary>Turns what can go wrong with files into one line and the exit code for "refused".</summary>
    private static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (RefusedException e)
        {
            return Refuse(e.Message);
        }
        catch (NotesFileException e)
        {
            return Refuse(e.Message);
        }
        catch (FileNotFoundException e)
        {
            return Refuse($"There is no file {e.FileName}.");
        }
        catch (DirectoryNotFoundException e)
        {
            return Refuse(e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return Refuse($"{e.Message} Check the permissions.");
        }
        catch (IOException e)
        {
            return Refuse($"Reading or writing failed: {e.Message.TrimEnd('.')}. Nothing was left as if whole.");
        }
    }

    internal sealed class RefusedException(string message) : Exception(message);

    /// <summary>A line on standard error that says how far the work is; silent unless that is a terminal.</summary>
    private sealed class ProgressLine : IDisposable
    {
        private readonly bool shown = !Console.IsErrorRedirected;
        private readonly long size;
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private long next;

        public ProgressLine(string path)
        {
            var file = new FileInfo(path);
            size = file.Exists ? file.Length : 0;
        }

        public void Report(ScreeningProgress at)
        {
            if (!shown || watch.ElapsedMilliseconds < next)
                return;
            next = watch.ElapsedMilliseconds + 200;
            var part = size > 0 ? $"{100.0 * at.Bytes / size:0} %, " : "";
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{part}{at.Bytes / 1e6:N0} MB, {at.Notes:N0} notes, {at.Hits:N0} hits "));
        }

        public void Dispose()
        {
            if (shown && next > 0)
                Console.Error.Write("\r" + new string(' ', 70) + "\r");
        }
    }
}
