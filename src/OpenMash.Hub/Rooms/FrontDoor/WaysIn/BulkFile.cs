using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using Sylvan.Data.Csv;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn;

/// <summary>A row of a bulk file: what was understood, or why not, always with its raw text.</summary>
internal sealed record BulkRow(int Number, string Raw, SubmitContact? Report, string? Problem);

/// <summary>
/// Reads police and other notifications in bulk. CSV by heading (usual names below) or JSON (an array of the API's reports, or <c>{"contacts":[…]}</c>).
/// Rows with the same reference in one file stay contacts of their own and are grouped for one reader.
/// </summary>
internal static class BulkFile
{
    private static readonly Dictionary<string, string[]> Headings = new(StringComparer.Ordinal)
    {
        ["words"] = ["words", "narrative", "concern", "summary", "details", "free_text", "description", "notification"],
        ["reference"] = ["reference", "incident", "incident_number", "incident_ref", "ref", "log_number", "notification_id", "crime_number"],
        ["received"] = ["received_at", "received", "date_time", "datetime", "submitted", "created", "notified_at"],
        ["given"] = ["given_name", "first_name", "forename", "child_forename", "child_first_name"],
        ["family"] = ["family_name", "last_name", "surname", "child_surname", "child_last_name"],
        ["birth"] = ["date_of_birth", "dob", "birth_date", "child_dob"],
        ["age"] = ["age", "child_age"],
        ["sex"] = ["sex", "gender"],
        ["address"] = ["address", "home_address", "address_1"],
        ["postcode"] = ["postcode", "post_code"],
        ["phone"] = ["phone", "telephone", "mobile"],
        ["school"] = ["school"],
        ["role"] = ["role", "person_role", "involvement"],
        ["relationship"] = ["relationship"],
        ["danger"] = ["danger_now", "in_danger_now", "immediate_risk"],
        ["harm"] = ["significant_harm", "significant_harm_alleged"],
        ["officer"] = ["officer", "officer_name", "reporter", "reporter_name"],
        ["officer_phone"] = ["officer_phone", "reporter_phone"],
        ["officer_email"] = ["officer_email", "reporter_email", "email"],
        ["vehicle"] = ["vehicle", "vrm", "registration"],
        ["place"] = ["place", "location", "incident_location"],
        ["when"] = ["when_happened", "incident_date", "occurred"],
    };

    private static readonly IPattern<LocalDateTime>[] LocalTimes =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("d/M/uuuu HH:mm:ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("d/M/uuuu HH:mm"),
    ];

    public static List<BulkRow> Read(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.Length == 0) throw new UnreadableFileException("The file holds nothing but white space.");
        return start[0] is '[' or '{' ? ReadJson(text) : ReadCsv(text);
    }

    private static List<BulkRow> ReadJson(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new UnreadableFileException($"The file is not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message} Nothing was taken in.");
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("contacts", out var inner)) root = inner;
            if (root.ValueKind != JsonValueKind.Array) throw new UnreadableFileException("The JSON is neither an array of reports nor an object with an array \"contacts\". Nothing was taken in.");
            var rows = new List<BulkRow>();
            foreach (var element in root.EnumerateArray())
            {
                var raw = element.GetRawText();
                var number = rows.Count + 1;
                try
                {
                    var request = element.Deserialize<ContactRequest>(HubJson.Options);
                    if (string.IsNullOrWhiteSpace(request?.Words)) rows.Add(new BulkRow(number, raw, null, "It has no \"words\"."));
                    else
                        rows.Add(new BulkRow(number, raw, new SubmitContact
                        {
                            Way = Way.File,
                            Words = request.Words,
                            Original = raw,
                            ReceivedAt = request.ReceivedAt,
                            SenderReference = request.Reference,
                            InDangerNow = request.InDangerNow,
                            SignificantHarmAlleged = request.SignificantHarmAlleged,
                            WhenHappened = request.WhenHappened,
                            WhereChildIsNow = request.WhereChildIsNow,
                            WithWhom = request.WithWhom,
                            Language = request.Language,
                            InterpreterNeeded = request.InterpreterNeeded,
                            FamilyKnows = request.FamilyKnows,
                            LawfulBasis = request.LawfulBasis,
                            SourceCode = request.SourceCode,
                            ReferrerName = request.ReporterName,
                            ReferrerRole = request.ReporterRole,
                            ReferrerPhone = request.ReporterPhone,
                            ReferrerEmail = request.ReporterEmail,
                            People = request.People ?? [],
                            Things = request.Things ?? [],
                            ChildsWords = request.ChildsWords ?? [],
                        }, null));
                }
                catch (JsonException e)
                {
                    rows.Add(new BulkRow(number, raw, null, $"{e.Path}: {e.Message}"));
                }
            }

            return rows.Count > 0 ? rows : throw new UnreadableFileException("The file holds no report.");
        }
    }

    private static List<BulkRow> ReadCsv(string text)
    {
        var rows = new List<BulkRow>();
        using var csv = CsvDataReader.Create(new StringReader(text), new CsvDataReaderOptions { HasHeaders = true, BufferSize = 1 << 20, MaxBufferSize = 1 << 26 });
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < csv.FieldCount; i++)
        {
            var name = new string([.. csv.GetName(i).Trim().ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : '_')]).Trim('_');
            foreach (var (field, names) in Headings)
                if (names.Contains(name) && !columns.ContainsKey(field)) columns[field] = i;
        }

        if (!columns.ContainsKey("words"))
            throw new UnreadableFileException($"No column holds the concern itself. Call one of them \"words\" or \"narrative\"; the file has: {string.Join(", ", Enumerable.Range(0, csv.FieldCount).Select(csv.GetName))}. Nothing was taken in.");
        try
        {
            while (csv.Read()) rows.Add(ReadRow(csv, columns, rows.Count + 2));
        }
        catch (Exception e) when (e is CsvFormatException or InvalidDataException)
        {
            throw new UnreadableFileException($"The file cannot be read as CSV from row {rows.Count + 2} on: {e.Message} Nothing was taken in.");
        }

        return rows.Count > 0 ? rows : throw new UnreadableFileException("The file has headings and no row.");
    }

    private static BulkRow ReadRow(CsvDataReader csv, Dictionary<string, int> columns, int number)
    {
        var raw = string.Join(" | ", Enumerable.Range(0, csv.RowFieldCount).Select(csv.GetString));
        if (csv.RowFieldCount != csv.FieldCount)
            return new BulkRow(number, raw, null, $"It has {csv.RowFieldCount} fields where the headings have {csv.FieldCount}.");
        string? Get(string field) => columns.TryGetValue(field, out var i) && csv.GetString(i).Trim() is { Length: > 0 } value ? value : null;
        if (Get("words") is not { } words) return new BulkRow(number, raw, null, "The concern itself is empty.");

        Instant? received = null;
        string? problem = null;
        if (Get("received") is { } at && !TryInstant(at, out received)) problem = $"The time \"{at}\" cannot be read; it counts from the transmission.";
        var role = MentionRole.Child;
        if (Get("role") is { } said && !Enum.TryParse(said.Replace(" ", "", StringComparison.Ordinal), true, out role)) role = MentionRole.Other;
        var person = new PersonIntake
        {
            Role = role,
            GivenName = Get("given"),
            FamilyName = Get("family"),
            Birth = Get("birth"),
            Age = int.TryParse(Get("age"), CultureInfo.InvariantCulture, out var age) ? age : null,
            Sex = Get("sex"),
            Address = Get("address"),
            Postcode = Get("postcode"),
            Phone = Get("phone"),
            School = Get("school"),
            Relationship = Get("relationship"),
        };
        var things = new List<ThingIntake>();
        if (Get("vehicle") is { } vehicle) things.Add(new ThingIntake(ThingKind.Vehicle, vehicle));
        if (Get("place") is { } place) things.Add(new ThingIntake(ThingKind.Place, place));
        return new BulkRow(number, raw, new SubmitContact
        {
            Way = Way.File,
            Words = words,
            Original = raw,
            ReceivedAt = received,
            SenderReference = Get("reference"),
            InDangerNow = IsYes(Get("danger")),
            SignificantHarmAlleged = IsYes(Get("harm")),
            WhenHappened = Get("when"),
            ReferrerName = Get("officer"),
            ReferrerPhone = Get("officer_phone"),
            ReferrerEmail = Get("officer_email"),
            People = person is { GivenName: null, FamilyName: null, Birth: null, Age: null, Address: null } ? [] : [person],
            Things = things,
        }, problem);
    }

    private static bool IsYes(string? text) => text?.ToUpperInvariant() is "1" or "Y" or "YES" or "TRUE" or "T";

    private static bool TryInstant(string text, out Instant? instant)
    {
        instant = null;
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } offset) instant = offset.Value.ToInstant();
        else
        {
            foreach (var pattern in LocalTimes)
            {
                if (pattern.Parse(text) is not { Success: true } local || !London.TryInstant(local.Value, out var found, out _)) continue;
                instant = found;
                break;
            }
        }

        return instant is not null;
    }
}
