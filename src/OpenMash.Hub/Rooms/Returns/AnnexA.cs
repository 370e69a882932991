using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Returns;

/// <summary><c>Settings/annex-a.json</c>: which headings give which field of which list.</summary>
public sealed record AnnexASettings(IReadOnlyList<AnnexAList> Lists);

/// <summary>A list that gives plans. Where <see cref="Status"/> is said, only rows whose case status contains it do.</summary>
public sealed record AnnexAList(int List, string Name, string Kind, IReadOnlyList<string> Required, string Status, IReadOnlyList<AnnexAColumn> Columns);

public sealed record AnnexAColumn(string Field, IReadOnlyList<string> Headings, string Pattern);

/// <summary>Reads an Annex A workbook before anything is changed.</summary>
internal static partial class AnnexAFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly LocalDate Epoch1900 = new(1899, 12, 30);
    private static readonly LocalDate Epoch1904 = new(1904, 1, 1);

    /// <summary>Whether the file begins as a packed workbook does. The stream is rewound.</summary>
    public static bool IsWorkbook(Stream file)
    {
        Span<byte> head = stackalloc byte[4];
        var read = file.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 4 && head is [0x50, 0x4B, 0x03, 0x04];
    }

    /// <summary>The command that takes the workbook in.</summary>
    /// <exception cref="CensusRefusedException">It is no such workbook, or a list lacks a column without which no row of it can be placed.</exception>
    public static ImportAnnexA Read(Stream file, string name, AnnexASettings settings, LocalDate today)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        file.Position = 0;
        Workbook workbook;
        try
        {
            workbook = Workbook.Read(file);
        }
        catch (InvalidDataException e)
        {
            throw new CensusRefusedException($"{name} is no workbook that can be read: {e.Message}. Save it again as .xlsx. Nothing was taken in.");
        }

        var (rows, unplaced, counts) = (new List<AnnexARow>(), new List<CensusProblem>(), new Dictionary<string, int>(StringComparer.Ordinal));
        var found = false;
        foreach (var sheet in workbook.Sheets)
        {
            if (sheet.Rows.Count == 0) continue;
            var listed = ListOf(sheet.Name);
            var (list, head, columns) = Best(sheet, settings, listed);
            if (list is null)
            {
                if (listed is { } number && settings.Lists.FirstOrDefault(l => l.List == number) is { } expected)
                    throw new CensusRefusedException($"{name}, sheet \"{sheet.Name}\": list {number} ({expected.Name}) needs the headings {string.Join(" and ", expected.Required.Select(r => $"\"{expected.Columns.First(c => c.Field == r).Headings[0]}\""))}, and the sheet has {Some(sheet)}. Nothing was taken in. Rename the columns, or add your headings under Settings, annex-a.");
                unplaced.Add(new CensusProblem(0, sheet.Name, null, null, $"The sheet \"{sheet.Name}\" holds no plans (lists 6 to 9 do); its {sheet.Rows.Count - 1} rows were read and not kept."));
                continue;
            }

            found = true;
            foreach (var (number, cells) in sheet.Rows.Where(r => r.Number > head))
            {
                counts[list.Kind] = counts.GetValueOrDefault(list.Kind) + 1;
                var row = new Reading(sheet.Name, number, cells, columns, workbook.From1904);
                if (Place(row, list, today) is { } placed) rows.Add(placed);
                else unplaced.AddRange(row.Problems);
            }
        }

        if (!found)
            throw new CensusRefusedException($"{name} has no sheet with the headings of Annex A lists 6 to 9. It has the sheets {string.Join(", ", workbook.Sheets.Select(s => $"\"{s.Name}\""))}. Nothing was taken in.");
        return new ImportAnnexA { FileName = name, Sha256 = hash, Rows = rows, Unplaced = unplaced, Read = counts };
    }

    private static int? ListOf(string sheet) => ListNumber().Match(sheet) is { Success: true } match ? int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) : null;

    /// <summary>The list whose headings stand in one of the first rows: the one that its sheet names, else the one of which most columns are there.</summary>
    private static (AnnexAList? List, int Head, Dictionary<string, int> Columns) Best(Sheet sheet, AnnexASettings settings, int? listed)
    {
        (AnnexAList? List, int Head, Dictionary<string, int> Columns) best = (null, 0, []);
        foreach (var (number, cells) in sheet.Rows.Take(10))
        {
            foreach (var list in settings.Lists.Where(l => listed is null || l.List == listed))
            {
                var columns = new Dictionary<string, int>(StringComparer.Ordinal);
                foreach (var column in list.Columns)
                    if (Find(column, cells) is { } at) columns[column.Field] = at;
                if (list.Required.All(columns.ContainsKey) && columns.Count > best.Columns.Count) best = (list, number, columns);
            }
        }

        return best;
    }

    private static int? Find(AnnexAColumn column, IReadOnlyList<string> cells)
    {
        var wanted = column.Headings.Select(Plain).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < cells.Count; i++)
            if (wanted.Contains(Plain(cells[i]))) return i;
        if (column.Pattern.Length == 0) return null;
        for (var i = 0; i < cells.Count; i++)
            if (Regex.IsMatch(cells[i], column.Pattern, RegexOptions.IgnoreCase, Patience)) return i;
        return null;
    }

    private static string Plain(string heading) => string.Concat(heading.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static string Some(Sheet sheet) => string.Join(", ", sheet.Rows[0].Cells.Where(c => c.Length > 0).Take(6).Select(c => $"\"{c}\"")) is { Length: > 0 } some ? some : "none";

    private static AnnexARow? Place(Reading row, AnnexAList list, LocalDate today)
    {
        if (list.Status.Length > 0 && row.Text("status") is { Length: > 0 } status && !status.Contains(list.Status, StringComparison.OrdinalIgnoreCase))
        {
            row.Problem("status", $"The case status \"{status}\" is no {list.Status}: another list has it, or no plan runs. The row was read and not kept.");
            return null;
        }

        if (row.Text("child") is not { Length: > 0 } child) row.Problem("child", "The row has no child identifier.");
        var (birth, started, ended, visited, reviewed) = (row.Date("birth"), row.Date("start"), row.Date("end"), row.Date("visit"), row.Date("review"));
        if (row.Problems.Count > 0) return null;
        // Care leavers have no start in this list: what is known of them begins with the earlier of its two dates, or with the eighteenth birthday of whom nobody has
        // met or reviewed yet. Those must not fall out of sight.
        var start = started ?? (list.Required.Contains("start") ? null : new[] { visited, reviewed }.OfType<LocalDate?>().Min() ?? birth?.PlusYears(18));
        if (start is not { } from) row.Problem(list.Required.Contains("start") ? "start" : "review", "The row has no date from which the plan runs.");
        else if (from > today) row.Problem("start", $"The plan starts on {Iso(from)}, in the future.");
        else if (ended < from) row.Problem("end", $"The plan ends on {Iso(ended.Value)}, before it starts on {Iso(from)}.");
        else if (birth > from.PlusMonths(10)) row.Problem("birth", $"The child is born on {Iso(birth.Value)}, long after the plan starts on {Iso(from)}.");
        foreach (var (field, date) in new[] { ("visit", visited), ("review", reviewed), ("end", ended) })
            if (date > today) row.Problem(field, $"{Iso(date.Value)} lies in the future.");
        if (row.Problems.Count > 0) return null;
        return new AnnexARow
        {
            Where = row.Sheet,
            Row = row.Number,
            Kind = list.Kind,
            ChildId = row.Text("child"),
            BirthDate = birth,
            Sex = row.Text("gender") is { Length: > 0 } gender ? SexOf(gender) : null,
            Ethnicity = EthnicityCode().Matches(row.Text("ethnicity")).Select(m => m.Value).FirstOrDefault(c => CinCodes.Shipped.Find("Ethnicity", c) is not null),
            StartedOn = start!.Value,
            EndedOn = ended,
            InitialCategory = CategoryOf(row.Text("initialCategory")),
            LatestCategory = CategoryOf(row.Text("latestCategory")) ?? CategoryOf(row.Text("initialCategory")),
            // A visit or a review before the plan belongs to what was before it.
            VisitedOn = visited >= start ? visited : null,
            SeenAlone = row.Text("alone").Contains("yes", StringComparison.OrdinalIgnoreCase),
            ReviewedOn = reviewed >= start ? reviewed : null,
            Team = Named(row.Text("team")),
            Worker = Named(row.Text("worker")),
        };
    }

    private static string? Named(string text) => text.Replace('\u00a0', ' ').Trim() is { Length: > 0 } name && name[0] != '#' ? name : null;

    private static string? SexOf(string text)
    {
        var plain = Plain(text);
        return plain is "f" or "bfemale" or "female" or "2" or "2female" ? "F" : plain is "m" or "amale" or "male" or "1" or "1male" ? "M" : "U";
    }

    private static string? CategoryOf(string text)
    {
        if (text.Length == 0) return null;
        if (CinCodes.Shipped.Find("CategoryOfAbuse", text.Trim().ToUpperInvariant()) is { } exact) return exact.Code;
        foreach (var (word, code) in new[] { ("mult", "MUL"), ("neglect", "NEG"), ("physical", "PHY"), ("sexual", "SAB"), ("emotional", "EMO") })
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase)) return code;
        return null;
    }

    private static string Iso(LocalDate date) => LocalDatePattern.Iso.Format(date);

    [GeneratedRegex(@"\b(list|annex a)?\s*0?(?<number>\d{1,2})\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListNumber();

    [GeneratedRegex(@"\b[A-Z]{4}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EthnicityCode();

    /// <summary>A row being read, with what is wrong with it.</summary>
    private sealed class Reading(string sheet, int number, IReadOnlyList<string> cells, Dictionary<string, int> columns, bool from1904)
    {
        private static readonly LocalDatePattern[] Written = [.. new[] { "uuuu'-'MM'-'dd", "d'/'M'/'uuuu", "d'-'M'-'uuuu", "d'.'M'.'uuuu", "d MMM uuuu", "d MMMM uuuu" }.Select(LocalDatePattern.CreateWithInvariantCulture)];

        public string Sheet => sheet;

        public int Number => number;

        public List<CensusProblem> Problems { get; } = [];

        public string Text(string field) => columns.TryGetValue(field, out var at) && at < cells.Count ? cells[at].Trim() : "";

        public void Problem(string field, string message) =>
            Problems.Add(new CensusProblem(number, $"{sheet}, {field}", Text("child") is { Length: > 0 } child ? child : null, Text(field) is { Length: > 0 } value ? value : null, message));

        public LocalDate? Date(string field)
        {
            var text = Text(field);
            if (text.Length == 0) return null;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var serial) && serial is > 1 and < 2_958_466)
                return (from1904 ? Epoch1904 : Epoch1900).PlusDays((int)serial);
            var day = text.Split(['T', ' '], 2)[0];
            foreach (var pattern in Written)
            {
                if (pattern.Parse(text) is { Success: true, Value: var whole }) return whole;
                if (pattern.Parse(day) is { Success: true, Value: var part }) return part;
            }

            Problem(field, $"\"{text}\" is not a date. Write it as a date, or like 31/03/2026.");
            return null;
        }
    }
}

/// <summary>Takes an Annex A workbook in, in one transaction: the register and the plans listen and take over what is theirs.</summary>
internal sealed class ImportAnnexAHandler : Handler<ImportAnnexA, CensusImported>
{
    public override ValueTask<string?> AuthoriseAsync(ImportAnnexA command, Act act) => ValueTask.FromResult(act.NeedsHub(ImportCensusHandler.Who, "take in an Annex A workbook"));

    public override ValueTask CheckAsync(ImportAnnexA command, Problems problems, Act act)
    {
        problems.Require(command.FileName, "File", "Give the file's name.");
        problems.MaxLength(command.FileName, 300, "File", "The file's name");
        if (command.Sha256.Length != 64) problems.Add("File", "The file's SHA-256 must have 64 hexadecimal digits.");
        if (command.Rows.Count == 0)
            problems.Add("File", $"No row of the workbook could be placed. {string.Join(' ', command.Unplaced.Take(3).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Element}{(p.Line > 0 ? $", row {p.Line}" : "")}: {p.Message}")))}");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<CensusImported>> HandleAsync(ImportAnnexA command, Act act)
    {
        if (await act.Read.Of<CensusImport>().FirstOrDefaultAsync(i => i.Sha256 == command.Sha256) is { } before)
        {
            act.About("CensusImport", before.Id);
            return new CensusImported(before.Id, Repeated: true);
        }

        var own = (await act.Read.Of<Authority>().SingleAsync(a => a.Id == act.Actor.AuthorityId)).Code;
        var import = act.Write.Add(new CensusImport
        {
            Id = act.NewId(),
            FileName = command.FileName,
            Sha256 = command.Sha256,
            Standard = CensusImport.AnnexA,
            Year = act.Today.Year,
            Lea = own,
            At = act.Now,
            ByAccountId = act.Actor.AccountId,
        });
        foreach (var problem in command.Unplaced) Findings.Add(act, import.Id, problem);
        act.About("CensusImport", import.Id);
        var children = command.Rows.GroupBy(r => r.ChildId, StringComparer.Ordinal).Select(rows => new CinChild
        {
            Line = rows.First().Row,
            LAchildID = rows.Key,
            BirthDate = rows.Select(r => r.BirthDate).FirstOrDefault(d => d is not null),
            Sex = rows.Select(r => r.Sex).FirstOrDefault(s => s is not null),
            Ethnicity = rows.Select(r => r.Ethnicity).FirstOrDefault(e => e is not null),
        }).ToList();
        // The lists are no newer than a census: they fill gaps and replace nothing.
        act.Raise(new CensusRead
        {
            ImportId = import.Id,
            Issuer = own,
            IsLatest = false,
            Source = string.Create(CultureInfo.InvariantCulture, $"{CensusImport.AnnexA} {act.Today.Year}"),
            Return = new CinReturn { Year = act.Today.Year, Header = new CinHeader { Collection = "Annex A", Year = act.Today.Year, ReferenceDate = act.Today, Sources = [] }, Children = children },
        });
        act.Raise(new AnnexARead(import.Id, own, command.Rows, command.Read));
        return new CensusImported(import.Id, Repeated: false);
    }
}
