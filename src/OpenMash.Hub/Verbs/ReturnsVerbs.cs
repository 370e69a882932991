using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;
using OpenMash.Hub.Rooms;
using OpenMash.Hub.Rooms.Returns;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Verbs;

/// <summary><c>returns import</c>: a statutory file into the record.</summary>
internal static class ReturnsVerbs
{
    private const int Done = 0;
    private const int DoneWithLosses = 1;
    private const int Refused = 2;
    private const int FindingsShown = 30;
    private const int FindingsInJson = 1000;
    private const int ChildrenShown = 10;

    public static Command Create()
    {
        var standard = new Option<string>("--standard") { Description = "cin (the year is the file's), cin-YYYY to insist on a year, or annex-a for a workbook.", Required = true };
        var file = new Argument<string>("FILE") { Description = "The Children in Need census as XML." };
        var data = ServeVerbs.Data();
        var authority = new Option<string?>("--authority") { Description = "Three-digit code of the authority whose record takes the file; may be left out where there is one." };
        var findings = new Option<string?>("--findings") { Description = "CSV to write: line,position,kind,element,la_child_id,value,message." };
        var json = new Option<bool>("--json") { Description = "Print a machine-readable summary." };
        var import = new Command(
            "import",
            "Reads a statutory file into the record, in one transaction, with a report of what could not be read and why. The same file again changes nothing; "
            + "a later year's file brings the same children up to date. Exit code 0 taken in, 1 taken in with something left out, 2 refused and nothing changed. "
            + "OPENMASH_CONNECTION names a PostgreSQL record.")
        {
            file, standard, data, authority, findings, json,
        };
        import.SetAction((parsed, ct) => RunAsync(
            new Request(
                parsed.GetRequiredValue(file),
                parsed.GetRequiredValue(standard),
                parsed.GetRequiredValue(data),
                parsed.GetValue(authority),
                parsed.GetValue(findings),
                parsed.GetValue(json)),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            ct));
        return new Command("returns", "Statutory files in and out of the record.") { import };
    }

    private static async Task<int> RunAsync(Request request, TextWriter output, TextWriter error, CancellationToken ct)
    {
        try
        {
            return await ImportAsync(request, output, error, ct);
        }
        catch (Exception e) when (e is CensusRefusedException or RecordSetupException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            await error.WriteLineAsync("returns import: " + e.Message);
            return Refused;
        }
        catch (Exception e) when (OfDatabase(e) is { } words)
        {
            await error.WriteLineAsync($"returns import: the record could not be reached or was too busy ({words}). The file is taken in whole or not at all; run the command again, which changes nothing if it was.");
            return Refused;
        }
    }

    /// <summary>The database's own words, wherever the framework wrapped them; null where the failure is not the database's.</summary>
    private static string? OfDatabase(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is System.Data.Common.DbException or TimeoutException or System.Net.Sockets.SocketException) return inner.Message.ReplaceLineEndings(" ");
        }

        return null;
    }

    private static async Task<int> ImportAsync(Request request, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var annexA = request.Standard == CensusImport.AnnexA;
        var year = annexA ? null : YearOf(request.Standard);
        Progress(error, "Reading the file.");
        ICommand<CensusImported>? command = null;
        if (!File.Exists(request.File)) throw new CensusRefusedException($"There is no file {request.File}.");
        await using var stream = new FileStream(request.File, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        if (!annexA) command = CensusFile.Read(stream, Path.GetFileName(request.File), year);
        else if (!AnnexAFile.IsWorkbook(stream)) throw new CensusRefusedException($"{request.File} is no workbook (.xlsx). Nothing was taken in.");

        var location = HubLocation.Read(request.Data);
        if (location.Database == RecordDatabase.Sqlite && !File.Exists(Path.Combine(location.DataDirectory, "openmash.db")))
            throw new RecordSetupException($"There is no record in {location.DataDirectory}. Say where it lives with --data, or make one with 'openmash demo' or 'openmash serve'.");
        using var findings = FindingsFile.Begin(request.Findings, request.File);
        using var only = HubLocation.TakeAlone(location);
        await using var app = HubHost.Build(
            new HubOptions { Location = location, Mode = HubMode.Serve, Urls = ["http://127.0.0.1:0"], RunsWork = false, Environment = HubLocation.EnvironmentName },
            AllRooms.Create());
        if (!await RecordSetup.IsCurrentAsync(app.Services.GetRequiredService<RecordStore>(), ct))
            throw new RecordSetupException("The record is not at this version's model. Run 'openmash migrate' first.");
        var authority = Choose(await app.Services.GetRequiredService<AuthorityDirectory>().AllAsync(ct), request.Authority);

        if (command is null)
        {
            // Headings are settings of the authority, which only the record knows.
            await using var ofAuthority = app.Services.CreateAsyncScope();
            ofAuthority.ServiceProvider.GetRequiredService<CurrentAuthority>().Id = authority.Id;
            var headings = await ofAuthority.ServiceProvider.GetRequiredService<HubSettings>().GetAsync<AnnexASettings>("annex-a");
            command = AnnexAFile.Read(stream, Path.GetFileName(request.File), headings, OpenMash.Engines.Clocks.London.Date(app.Services.GetRequiredService<IClock>().GetCurrentInstant()));
        }

        var reading = watch.Elapsed;
        Progress(error, "Taking it in.");
        var actor = Viewer.System(authority.Id, "returns import", "take a return into the record from the command line");
        var outcome = await app.Services.GetRequiredService<CommandRunner>().RunAsync(command, actor, ct);
        if (outcome is Outcome<CensusImported>.Invalid invalid) throw new CensusRefusedException(string.Join(" ", invalid.Problems.Select(p => p.Message)));
        var imported = outcome.Expect();
        var taking = watch.Elapsed - reading;

        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAuthority>().Id = authority.Id;
        var reports = scope.ServiceProvider.GetRequiredService<CensusReports>();
        var report = (await reports.FindAsync(imported.ImportId, ct))!;
        var children = await reports.ListAsync(actor, imported.ImportId, null, 0, int.MaxValue, ct);
        findings?.Write(report.Findings);
        var told = new Told(request, authority, imported.Repeated, report, children, reading, taking);
        if (request.Json) await output.WriteLineAsync(Json(told));
        else Tell(told, output, error);
        return report.Findings.Any(CensusReports.IsLoss) || report.Import.FindingsLeftOut > 0 ? DoneWithLosses : Done;
    }

    private static int? YearOf(string standard)
    {
        if (standard == "cin") return null;
        if (standard.StartsWith("cin-", StringComparison.Ordinal) && int.TryParse(standard.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 2000 and < 2100)
            return year;
        throw new CensusRefusedException($"--standard must be cin, cin-YYYY such as cin-{CinYears.Last}, or annex-a, not \"{standard}\".");
    }

    private static Authority Choose(IReadOnlyList<Authority> all, string? code)
    {
        var known = string.Join(", ", all.Select(a => $"{a.Code} ({a.Name})"));
        if (all.Count == 0) throw new RecordSetupException("The record has no authority yet. Start 'openmash serve' and finish the first-run set-up.");
        if (code is not null) return all.FirstOrDefault(a => a.Code == code) ?? throw new RecordSetupException($"--authority {code}: the record has {known}.");
        return all.Count == 1 ? all[0] : throw new RecordSetupException($"The record has several authorities: say which with --authority. It has {known}.");
    }

    private static void Progress(TextWriter error, string words)
    {
        if (!Console.IsErrorRedirected) error.WriteLine(words);
    }

    private static void Tell(Told told, TextWriter output, TextWriter error)
    {
        var report = told.Report;
        foreach (var f in report.Findings.Take(FindingsShown))
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {f.Line}{(f.LAchildID is null ? "" : $" (child {f.LAchildID})")}, {f.Element}{(f.Value is null ? "" : $" \"{f.Value}\"")}: {f.Message}"));
        var more = report.Findings.Count + report.Import.FindingsLeftOut - FindingsShown;
        if (more > 0) error.WriteLine($"and {more} more; --findings FILE.csv writes {(report.Import.FindingsLeftOut > 0 ? "the first " + report.Findings.Count : "all")}.");

        output.WriteLine(told.Repeated
            ? $"This very file was taken in before, as {report.Import.FileName}. Nothing was changed. Its report:"
            : $"{report.Import.FileName}: {(report.Import.Standard is null ? $"Children in Need census of {report.Import.Year}" : "Annex A workbook")}, authority {report.Import.Lea}, taken into the record of {told.Authority.Name}.");
        output.WriteLine($"{"",-24}{"in file",9}{"added",9}{"updated",9}{"same",9}{"left out",9}");
        // A workbook may hold few of the kinds.
        foreach (var c in report.Counts.Where(c => c.Read > 0 || report.Import.Standard is null)) output.WriteLine($"{Words(c.Kind),-24}{c.Read,9}{c.Added,9}{c.Changed,9}{c.Unchanged,9}{c.LeftOut,9}");
        foreach (var (words, children) in new[] { ("New", told.Children.Where(c => c.Row.State == CensusChildState.New)), ("Known", told.Children.Where(c => c.Row.State != CensusChildState.New)) })
        {
            var list = children.ToList();
            if (list.Count == 0) continue;
            var rest = list.Count > ChildrenShown ? $" and {list.Count - ChildrenShown} more" : "";
            output.WriteLine($"{words}: {string.Join(", ", list.Take(ChildrenShown).Select(c => $"{c.LAchildID} = {c.Reference}"))}{rest}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Findings.Count + report.Import.FindingsLeftOut} findings. Read in {told.Reading.TotalSeconds:0.00} s, taken in {told.Taking.TotalSeconds:0.00} s."));
    }

    private static string Json(Told told)
    {
        var report = told.Report;
        return JsonSerializer.Serialize(
            new
            {
                verb = "returns import",
                file = told.Request.File,
                standard = report.Import.Standard ?? $"cin-{report.Import.Year}",
                year = report.Import.Year,
                authority = told.Authority.Code,
                madeBy = report.Import.Lea,
                importId = report.Import.Id,
                repeated = told.Repeated,
                counts = report.Counts.ToDictionary(
                    c => JsonNamingPolicy.CamelCase.ConvertName(c.Kind.ToString()),
                    c => new { read = c.Read, added = c.Added, changed = c.Changed, unchanged = c.Unchanged, leftOut = c.LeftOut }),
                findingCount = report.Findings.Count + report.Import.FindingsLeftOut,
                findings = report.Findings.Take(FindingsInJson).Select(f => new { f.Line, f.Position, f.Kind, f.Element, f.LAchildID, f.Value, f.Message }),
                children = told.Children.Select(c => new { c.Row.Line, c.LAchildID, c.Reference, c.Row.State }),
                secondsReading = Math.Round(told.Reading.TotalSeconds, 3),
                secondsTaking = Math.Round(told.Taking.TotalSeconds, 3),
                seconds = Math.Round((told.Reading + told.Taking).TotalSeconds, 3),
            },
            HubJson.Options);
    }

    private static string Words(CensusKind kind) => kind switch
    {
        CensusKind.Child => "children",
        CensusKind.Episode => "referral episodes",
        CensusKind.Assessment => "assessments",
        CensusKind.Section47 => "section 47 enquiries",
        CensusKind.ChildInNeedPlan => "child in need plans",
        CensusKind.ChildProtectionPlan => "child protection plans",
        CensusKind.Review => "reviews",
        CensusKind.LookedAfterPlan => "looked after",
        CensusKind.CareLeaverPlan => "care leavers",
        CensusKind.Visit => "last visits",
        _ => kind.ToString(),
    };

    private sealed record Request(string File, string Standard, DirectoryInfo Data, string? Authority, string? Findings, bool Json);

    private sealed record Told(Request Request, Authority Authority, bool Repeated, CensusReport Report, IReadOnlyList<ReportedChild> Children, TimeSpan Reading, TimeSpan Taking);

    /// <summary>Opened before anything changes, so that a place that cannot be written refuses the whole; renamed when whole.</summary>
    private sealed class FindingsFile : IDisposable
    {
        private readonly string _target;
        private readonly string _temporary;
        private readonly StreamWriter _writer;

        private FindingsFile(string target)
        {
            _target = target;
            _temporary = target + ".part-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            _writer = new StreamWriter(_temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }

        public static FindingsFile? Begin(string? target, string input)
        {
            if (target is null) return null;
            if (Path.GetFullPath(target) == Path.GetFullPath(input)) throw new CensusRefusedException("--findings is the census file itself; give another name.");
            return new FindingsFile(target);
        }

        public void Write(IReadOnlyList<CensusFinding> findings)
        {
            _writer.Write("line,position,kind,element,la_child_id,value,message\n");
            foreach (var f in findings)
                _writer.Write(string.Create(CultureInfo.InvariantCulture, $"{f.Line},{f.Position},{f.Kind},{Quoted(f.Element)},{Quoted(f.LAchildID)},{Quoted(f.Value)},{Quoted(f.Message)}\n"));
            _writer.Dispose();
            File.Move(_temporary, _target, overwrite: true);
        }

        public void Dispose()
        {
            _writer.Dispose();
            if (File.Exists(_temporary)) File.Delete(_temporary);
        }

        private static string Quoted(string? text)
        {
            if (text is null) return "";
            return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        }
    }
}
