using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Clocks;
using Sylvan.Data.Csv;

namespace OpenMash.Hub.Verbs;

/// <summary><c>openmash clocks due</c>: due dates for a file of starts, without a hub.</summary>
internal static class ClocksVerbs
{
    private const int Done = 0;
    private const int DoneWithBadRows = 1;
    private const int Refused = 2;
    private const int ProblemsInJson = 1000;

    private static readonly JsonSerializerOptions JsonShape = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly LocalDateTimePattern[] DateTimes =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm"),
        LocalDateTimePattern.ExtendedIso,
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss"),
    ];

    // The usual names of each column, the first being ours.
    private static readonly (string Column, string[] Names, bool Required)[] Columns =
    [
        ("id", ["id", "reference", "ref", "identifier"], true),
        ("start", ["start", "started", "start_date", "startdate", "received"], true),
        ("limit", ["limit", "length", "number"], true),
        ("unit", ["unit", "units"], true),
        ("first_day_counts", ["first_day_counts", "firstdaycounts", "first_day"], false),
    ];

    public static Command Create()
    {
        var clocks = new Command("clocks", "Due dates by working days, school days, hours and months.");
        clocks.Subcommands.Add(CreateDue());
        return clocks;
    }

    private static Command CreateDue()
    {
        var input = new Option<string>("--input") { Description = "CSV with id,start,limit,unit,first_day_counts.", Required = true };
        var output = new Option<string>("--output") { Description = "CSV to write: id,due,offset.", Required = true };
        var holidays = new Option<string?>("--holidays") { Description = "Bank holidays in GOV.UK's JSON, or a CSV with a column date; default: the shipped file, England and Wales." };
        var terms = new Option<string?>("--terms") { Description = "CSV with start,end of each school term; needed for school-days." };
        var opening = new Option<string?>("--opening") { Description = "Opening hours of the hub as JSON; needed for open-hours." };
        var columns = new Option<string[]>("--column") { Description = "Another heading for a column, as ours=theirs; may be repeated." };
        var json = new Option<bool>("--json") { Description = "Print a machine-readable summary." };
        var due = new Command(
            "due",
            "Reads starts and writes due dates. Units: hours, working-days, calendar-days, weeks, months, school-days, open-hours. "
            + "Counting begins the day after the start unless first_day_counts is true; a start on a day off is not moved. "
            + "Hours are elapsed hours in London time.")
        {
            input, output, holidays, terms, opening, columns, json,
        };
        due.SetAction(result => RunDue(
            new DueRequest(
                result.GetValue(input)!,
                result.GetValue(output)!,
                result.GetValue(holidays),
                result.GetValue(terms),
                result.GetValue(opening),
                result.GetValue(columns) ?? [],
                result.GetValue(json)),
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error));
        return due;
    }

    private static int RunDue(DueRequest request, TextWriter output, TextWriter error)
    {
        var watch = Stopwatch.StartNew();
        var problems = new List<RowProblem>();
        var temporary = request.Output + ".part-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        long counted;
        try
        {
            if (Path.GetFullPath(request.Input) == Path.GetFullPath(request.Output))
                throw new VerbRefusedException("--output is the same file as --input; give another name.");
            var calendar = ReadCalendar(request);
            using (var reader = OpenText(request.Input, "--input"))
            using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                counted = Count(reader, writer, request.Columns, calendar, problem =>
                {
                    error.WriteLine($"line {problem.Line}{(problem.Id.Length == 0 ? "" : $" (id {problem.Id})")}: {problem.Problem}");
                    problems.Add(problem);
                });
            }

            File.Move(temporary, request.Output, overwrite: true);
        }
        catch (Exception e) when (Explain(e) is { } words)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            error.WriteLine($"clocks due: {words}");
            return Refused;
        }

        Report(request, counted, problems, watch.Elapsed, output);
        return problems.Count == 0 ? Done : DoneWithBadRows;
    }

    private static long Count(TextReader input, TextWriter output, string[] mapped, HubCalendar calendar, Action<RowProblem> report)
    {
        using var csv = CsvDataReader.Create(input, new CsvDataReaderOptions { HasHeaders = true, BufferSize = 0x10000 });
        var ordinals = FindColumns(csv, mapped);
        output.WriteLine("id,due,offset");
        long counted = 0;
        var line = 1;
        var nextLine = 2 + LineBreaks(csv, csv.FieldCount, header: true);
        while (csv.Read())
        {
            line = nextLine;
            nextLine = line + 1 + LineBreaks(csv, csv.RowFieldCount, header: false);
            var id = Field(csv, ordinals[0]);
            if (csv.RowFieldCount == 1 && id.Length == 0)
                continue; // A blank line.
            var problem = Row(csv, ordinals, id, calendar, out var due, out var offset);
            if (problem is not null)
            {
                report(new RowProblem(line, id, problem));
                continue;
            }

            output.Write(Quoted(id));
            output.Write(',');
            output.Write(due);
            output.Write(',');
            output.WriteLine(offset);
            counted++;
        }

        return counted;
    }

    private static string? Row(CsvDataReader csv, int[] ordinals, string id, HubCalendar calendar, out string due, out string offset)
    {
        due = "";
        offset = "";
        if (id.Length == 0)
            return "id is empty";
        var limitText = Field(csv, ordinals[2]);
        if (!int.TryParse(limitText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
            return $"limit must be a whole number, not \"{limitText}\"";
        var unitText = Field(csv, ordinals[3]);
        if (!ClockUnits.TryParse(unitText, out var unit))
            return $"unit must be one of {string.Join(", ", ClockUnits.AllNames)}, not \"{unitText}\"";
        var firstText = Field(csv, ordinals[4]);
        if (firstText.Length == 0)
            firstText = "false";
        if (!bool.TryParse(firstText, out var firstDayCounts))
            return $"first_day_counts must be true or false, not \"{firstText}\"";
        var startText = Field(csv, ordinals[1]);
        if (!Start.TryParse(startText, out var start))
            return startText.Length == 0
                ? "start is empty"
                : $"start must be a date such as 2026-03-28 or a date and time such as 2026-03-28T10:00, not \"{startText}\"";

        try
        {
            if (!unit.GivesTime())
            {
                due = LocalDatePattern.Iso.Format(calendar.DueDate(start.Date, limit, unit, firstDayCounts));
                return null;
            }

            if (!start.TryInstant(unit, out var instant, out var problem))
                return problem;
            var at = London.At(calendar.Due(instant, limit, unit).Time!.Value);
            due = (at.Second == 0 && at.NanosecondOfSecond == 0 ? DateTimes[0] : DateTimes[1]).Format(at.LocalDateTime);
            offset = at.Offset.ToString("m", CultureInfo.InvariantCulture);
            return null;
        }
        catch (ClockRefusedException e)
        {
            return e.Message;
        }
    }

    private static int[] FindColumns(CsvDataReader csv, string[] mapped)
    {
        var headings = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetName(i).Trim()).ToArray();
        var own = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in mapped)
        {
            var parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !Columns.Any(c => c.Column.Equals(parts[0], StringComparison.OrdinalIgnoreCase)))
                throw new VerbRefusedException($"--column {pair}: write ours=theirs, where ours is one of {string.Join(", ", Columns.Select(c => c.Column))}.");
            if (!headings.Contains(parts[1], StringComparer.OrdinalIgnoreCase))
                throw new VerbRefusedException($"--column {pair}: the input has no heading \"{parts[1]}\"; it has {string.Join(", ", headings)}.");
            own[parts[0]] = parts[1];
        }

        return Array.ConvertAll(Columns, column =>
        {
            string[] names = own.TryGetValue(column.Column, out var mine) ? [mine] : column.Names;
            var ordinal = names.Select(n => Array.FindIndex(headings, h => h.Equals(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(i => i >= 0, -1);
            if (ordinal < 0 && column.Required)
                throw new VerbRefusedException($"the input has no column \"{column.Column}\"; it has {string.Join(", ", headings)}. Use --column {column.Column}=HEADING.");
            return ordinal;
        });
    }

    private static HubCalendar ReadCalendar(DueRequest request)
    {
        var working = WorkingCalendar.EnglandAndWales;
        if (request.Holidays is { } holidays)
            working = ReadHolidays(holidays);
        SchoolTerms? terms = null;
        if (request.Terms is not null)
        {
            using var reader = OpenText(request.Terms, "--terms");
            terms = SchoolTerms.Parse(reader);
        }

        OpeningHours? opening = null;
        if (request.Opening is not null)
        {
            using var stream = OpenStream(request.Opening, "--opening");
            opening = OpeningHours.Parse(stream);
        }

        return new HubCalendar(working, opening, terms);
    }

    private static WorkingCalendar ReadHolidays(string path)
    {
        using (var stream = OpenStream(path, "--holidays"))
        {
            int first;
            do
                first = stream.ReadByte();
            while (first is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF);
            if (first is '{' or '[')
            {
                stream.Position = 0;
                return WorkingCalendar.Parse(stream);
            }
        }

        using var reader = OpenText(path, "--holidays");
        using var csv = CsvDataReader.Create(reader);
        var ordinal = Enumerable.Range(0, csv.FieldCount).FirstOrDefault(i => csv.GetName(i).Trim().Equals("date", StringComparison.OrdinalIgnoreCase), -1);
        if (ordinal < 0)
            throw new VerbRefusedException($"--holidays {path} is neither GOV.UK's JSON nor a CSV with a column \"date\".");
        var dates = new List<LocalDate>();
        while (csv.Read())
        {
            var text = Field(csv, ordinal);
            if (!LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date))
                throw new VerbRefusedException($"--holidays {path}, row {csv.RowNumber}: \"{text}\" is not a date of the form 2026-12-25.");
            dates.Add(date);
        }

        return new WorkingCalendar(dates);
    }

    private static FileStream OpenStream(string path, string option) =>
        File.Exists(path) ? File.OpenRead(path) : throw new VerbRefusedException($"{option}: there is no file {path}.");

    // Strict: a file in another encoding is refused, not read with question marks in its ids.
    private static StreamReader OpenText(string path, string option) =>
        new(OpenStream(path, option), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    private static void Report(DueRequest request, long counted, List<RowProblem> problems, TimeSpan elapsed, TextWriter output)
    {
        if (!request.Json)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{counted} due dates written to {request.Output}; {problems.Count} rows not counted{(problems.Count == 0 ? "" : ", each reported with its line")}. {elapsed.TotalSeconds:0.00} s."));
            return;
        }

        output.WriteLine(JsonSerializer.Serialize(
            new
            {
                verb = "clocks due",
                request.Input,
                request.Output,
                rows = counted + problems.Count,
                counted,
                notCounted = problems.Count,
                problems = problems.Take(ProblemsInJson),
                seconds = Math.Round(elapsed.TotalSeconds, 3),
                rowsPerSecond = Math.Round((counted + problems.Count) / Math.Max(elapsed.TotalSeconds, 1e-6)),
            },
            JsonShape));
    }

    private static string? Explain(Exception e) => e switch
    {
        VerbRefusedException or ClockDataException => e.Message,
        DecoderFallbackException => "a file is not UTF-8; save it as UTF-8 and try again.",
        CsvFormatException { RowNumber: 0 } => "the CSV is empty; it needs a line of headings.",
        CsvFormatException csv => $"the CSV cannot be read at row {csv.RowNumber}: {csv.Message}",
        IOException or UnauthorizedAccessException => e.Message,
        _ => null,
    };

    private static string Field(CsvDataReader csv, int ordinal) =>
        ordinal < 0 || ordinal >= csv.RowFieldCount ? "" : csv.GetString(ordinal).Trim();

    private static int LineBreaks(CsvDataReader csv, int fields, bool header)
    {
        var breaks = 0;
        for (var i = 0; i < fields; i++)
            breaks += (header ? csv.GetName(i) : csv.GetString(i)).AsSpan().Count('\n');
        return breaks;
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>A start as written: a London date, perhaps with a time, perhaps with an offset from UTC.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Start(LocalDate Date, LocalDateTime? Local, Instant? Exact)
    {
        public static bool TryParse(string text, out Start start)
        {
            if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date))
            {
                start = new Start(date, null, null);
                return true;
            }

            // An offset says which of the two 01:30 of the autumn change is meant.
            if (OffsetDateTimePattern.ExtendedIso.Parse(WithSeconds(text)).TryGetValue(default, out var exact))
            {
                var instant = exact.ToInstant();
                start = new Start(London.Date(instant), null, instant);
                return true;
            }

            foreach (var pattern in DateTimes)
            {
                if (pattern.Parse(text).TryGetValue(default, out var local))
                {
                    start = new Start(local.Date, local, null);
                    return true;
                }
            }

            start = default;
            return false;
        }

        public bool TryInstant(ClockUnit unit, out Instant instant, out string? problem)
        {
            problem = null;
            instant = Exact ?? default;
            if (Exact is not null)
                return true;
            if (Local is { } local)
                return London.TryInstant(local, out instant, out problem);
            problem = $"{unit.Name()} need a start with a time, such as {LocalDatePattern.Iso.Format(Date)}T10:00";
            return false;
        }

        // 2026-10-25T01:30+01:00 lacks the seconds that the pattern wants.
        private static string WithSeconds(string text) =>
            text.Length > 16 && text[16] is '+' or '-' or 'Z' ? string.Concat(text.AsSpan(0, 16), ":00", text.AsSpan(16)) : text;
    }

    private sealed record DueRequest(string Input, string Output, string? Holidays, string? Terms, string? Opening, string[] Columns, bool Json);

    private sealed record RowProblem(int Line, string Id, string Problem);

    private sealed class VerbRefusedException(string message) : Exception(message);
}
