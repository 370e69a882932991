using System.Globalization;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Identifiers;
using OpenMash.Engines.Matching;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Records.People;
using Sylvan.Data.Csv;

namespace OpenMash.Hub.Rooms.People;

/// <summary>What was read of an extract: columns used, rows taken, and what was wrong with others.</summary>
internal sealed record Extract(string Columns, IReadOnlyList<ExtractRow> Rows, IReadOnlyList<ExtractRowProblem> Problems);

/// <summary>Reads an agency's file of people: CSV by the usual headings, the same that the matching engine knows.</summary>
internal static class ExtractFile
{
    public const int MostRows = 20_000;

    private static readonly IPattern<LocalDate>[] Dates =
    [
        LocalDatePattern.Iso,
        LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd"),
        LocalDatePattern.CreateWithInvariantCulture("d/M/uuuu"),
        LocalDatePattern.CreateWithInvariantCulture("d-M-uuuu"),
        LocalDatePattern.CreateWithInvariantCulture("d.M.uuuu"),
        LocalDatePattern.CreateWithInvariantCulture("d MMM uuuu"),
        LocalDatePattern.CreateWithInvariantCulture("d MMMM uuuu"),
    ];

    private static readonly PeopleRole[] Names = [PeopleRole.Given, PeopleRole.Family, PeopleRole.Full];

    private static readonly PeopleRole[] Others = [PeopleRole.Birth, PeopleRole.Line, PeopleRole.Postcode, PeopleRole.Phone, PeopleRole.Nhs, PeopleRole.Upn, PeopleRole.Other];

    public static Extract Read(string text, LocalDate today, string issuer)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new UnreadableFileException("The file holds nothing but white space.");
        using var csv = CsvDataReader.Create(new StringReader(text), new CsvDataReaderOptions { HasHeaders = true, BufferSize = 1 << 20, MaxBufferSize = 1 << 24 });
        var headings = Enumerable.Range(0, csv.FieldCount).Select(csv.GetName).ToArray();
        var columns = Columns(headings);
        var rows = new List<ExtractRow>();
        var problems = new List<ExtractRowProblem>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            while (csv.Read())
            {
                var row = new Row(csv, columns, csv.RowNumber + 1, today, issuer, problems);
                if (rows.Count == MostRows) throw new UnreadableFileException($"The file has more than {MostRows:N0} rows. Send it in parts, each with the headings. Nothing was taken in.");
                if (row.Read(ids) is { } read) rows.Add(read);
            }
        }
        catch (Exception e) when (e is CsvFormatException or InvalidDataException)
        {
            throw new UnreadableFileException($"The file cannot be read as CSV from row {csv.RowNumber + 1} on: {e.Message} Nothing was taken in.");
        }

        if (rows.Count + problems.Count == 0) throw new UnreadableFileException("The file has headings and no row.");
        var used = string.Join(", ", columns.OrderBy(c => c.Value).Select(c => $"{headings[c.Value].Trim()} ({Words.LowerFirst(Words.Sentence(c.Key.ToString()))})"));
        return new Extract(used, rows, problems);
    }

    private static Dictionary<PeopleRole, int> Columns(string[] headings)
    {
        var roles = PeopleHeadings.Recognise(headings);
        var columns = new Dictionary<PeopleRole, int>();
        for (var i = 0; i < roles.Length; i++)
        {
            if (roles[i] != PeopleRole.None) columns.TryAdd(roles[i], i);
        }

        if (Names.Any(columns.ContainsKey) && Others.Any(columns.ContainsKey)) return columns;
        throw new UnreadableFileException(
            $"The file's columns are: {string.Join(", ", headings.Select(h => h.Trim()))}. To recognise anybody it needs a name and at least one of date of birth, address, postcode, telephone, NHS number or UPN. "
            + "Name the columns for example given_name, family_name, date_of_birth, address, postcode, nhs_number, id. Nothing was taken in.");
    }

    /// <summary>One row being read; what is wrong with it goes to the list with its line, never with its content.</summary>
    private sealed class Row(CsvDataReader csv, Dictionary<PeopleRole, int> columns, int line, LocalDate today, string issuer, List<ExtractRowProblem> problems)
    {
        public ExtractRow? Read(Dictionary<string, int> ids)
        {
            if (csv.RowFieldCount != csv.FieldCount) return Refuse($"It has {csv.RowFieldCount} fields where the headings have {csv.FieldCount}.");
            var id = Get(PeopleRole.Id);
            if (id is not null && !ids.TryAdd(id, line)) return Refuse($"Its identifier was used before, in line {ids[id]}. The later row was left out.");
            var (given, family) = Name();
            var birth = Birth();
            List<IdentifierEntry> identifiers = [.. Numbers(id)];
            if (given is null && family is null) return Refuse("It has no name. A child without a name comes from the census, by local identifier.");
            var places = new List<PlaceEntry>();
            if (Address() is { } address) places.Add(address);
            if (Get(PeopleRole.Phone) is { } phone) places.Add(new PlaceEntry("phone", phone));
            if (birth is null && places.Count == 0 && identifiers.All(i => i.Kind == IdentifierKind.AgencyId)) return Refuse("Besides a name it holds nothing by which anybody could be recognised.");
            return new ExtractRow(line, id, new PersonEntry
            {
                GivenName = given,
                FamilyName = family,
                BirthDate = birth,
                Sex = Get(PeopleRole.Sex) is { } sex ? char.ToUpperInvariant(sex[0]) switch { 'F' or '2' or 'G' => "F", 'M' or '1' or 'B' => "M", _ => null } : null,
                IsAdult = birth is { } b && b.PlusYears(18) <= today,
                Identifiers = identifiers,
                Places = places,
            });
        }

        private string? Get(PeopleRole role) => columns.TryGetValue(role, out var i) && csv.GetString(i).Trim() is { Length: > 0 and <= 200 } value ? value : null;

        private ExtractRow? Refuse(string why)
        {
            problems.Add(new ExtractRowProblem(line, true, why));
            return null;
        }

        private void Note(string what) => problems.Add(new ExtractRowProblem(line, false, what));

        private (string? Given, string? Family) Name()
        {
            var given = Get(PeopleRole.Given);
            var family = Get(PeopleRole.Family);
            if (given is not null && Get(PeopleRole.Middle) is { } middle) given = $"{given} {middle}";
            if (given is not null || family is not null || Get(PeopleRole.Full) is not { } full) return (given, family);
            if (full.Split(',', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var last, var first]) return (first, last);
            var at = full.LastIndexOf(' ');
            return at < 0 ? (null, full) : (full[..at].Trim(), full[(at + 1)..]);
        }

        private LocalDate? Birth()
        {
            var text = Get(PeopleRole.Birth);
            if (text is null && Get(PeopleRole.BirthYear) is { } year && Get(PeopleRole.BirthMonth) is { } month && Get(PeopleRole.BirthDay) is { } day) text = $"{day}/{month}/{year}";
            if (text is null) return null;
            foreach (var pattern in Dates)
            {
                if (pattern.Parse(text) is not { Success: true } parsed) continue;
                if (parsed.Value <= today && parsed.Value.Year >= today.Year - 120) return parsed.Value;
                Note("Its date of birth lies in the future or more than 120 years back; it was left out.");
                return null;
            }

            Note("Its date of birth cannot be read as a day; it was left out. Dates may be written 2014-03-09, 20140309 or 9/3/2014.");
            return null;
        }

        private PlaceEntry? Address()
        {
            var parts = new[] { Get(PeopleRole.Number), Get(PeopleRole.Line), Get(PeopleRole.Line2), Get(PeopleRole.Town) }.OfType<string>().ToArray();
            var postcode = Get(PeopleRole.Postcode);
            if (postcode is not null && Postcode.TryParse(postcode, out var read, out _)) postcode = read.ToString();
            var number = Get(PeopleRole.Number) is not null && Get(PeopleRole.Line) is not null;
            var text = number ? string.Join(", ", [$"{parts[0]} {parts[1]}", .. parts[2..]]) : string.Join(", ", parts);
            return text.Length > 0 || postcode is not null ? new PlaceEntry("home", text.Length > 0 ? text : postcode!, postcode) : null;
        }

        private IEnumerable<IdentifierEntry> Numbers(string? id)
        {
            if (id is not null) yield return new IdentifierEntry(IdentifierKind.AgencyId, id, issuer);
            if (Get(PeopleRole.Nhs) is { } nhs)
            {
                if (NhsNumber.TryParse(nhs, out var number, out _)) nhs = number.ToString();
                else Note("Its NHS number does not hold (wrong length or check digit); it was kept as written.");
                yield return new IdentifierEntry(IdentifierKind.NhsNumber, nhs);
            }

            if (Get(PeopleRole.Upn) is { } upn)
            {
                if (!Upn.TryParse(upn, out _, out _)) Note("Its UPN does not hold; it was kept as written.");
                yield return new IdentifierEntry(IdentifierKind.Upn, upn.ToUpper(CultureInfo.InvariantCulture));
            }

            if (Get(PeopleRole.Other) is { } other) yield return new IdentifierEntry(IdentifierKind.Other, other);
        }
    }
}
