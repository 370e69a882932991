using System.Globalization;
using Microsoft.Data.Sqlite;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Contacts;

namespace OpenMash.Benchmarks.Hub;

/// <summary>Fills a record with invented rows in bulk: prepared statements on SQLite, binary COPY on PostgreSQL. Only for measuring.</summary>
internal sealed class RecordFiller(RecordLocation location, int seed)
{
    private static readonly string[] Given = ["Amelia", "Noah", "Zainab", "Jakub", "Priya", "Kofi", "Mia", "Omar", "Freya", "Leo", "Hana", "Tyler"];
    private static readonly string[] Family = ["Smith", "Khan", "Patel", "Nowak", "Okafor", "Murphy", "Jones", "Begum", "Popescu", "Taylor", "Mensah", "Tran"];
    private readonly Random _chance = new(seed);

    /// <summary>What autovacuum does by itself soon after such a filling: PostgreSQL is told what its tables hold.</summary>
    public static async Task AnalyseAsync(RecordLocation location)
    {
        if (location.Database == RecordDatabase.Sqlite) return;
        await using var owner = new NpgsqlConnection(location.OwnerConnectionString ?? location.ConnectionString);
        await owner.OpenAsync();
        await using var command = new NpgsqlCommand("VACUUM ANALYZE", owner) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task FillAsync(short authority, Guid hub, Guid police, int people, int contacts, Instant now)
    {
        var ids = new Guid[people];
        await WriteAsync(
            "Person",
            ["AuthorityId", "Id", "Version", "Reference", "GivenName", "FamilyName", "BirthDate", "Sex", "Disabilities", "IsAdult", "Source", "CreatedAt", "ChangedAt"],
            Enumerable.Range(0, people).Select(i =>
            {
                ids[i] = NewId(now, i);
                return new object?[]
                {
                    authority, ids[i], ids[i], string.Create(CultureInfo.InvariantCulture, $"P-{i + 1:0000000}"), Given[_chance.Next(Given.Length)], Family[_chance.Next(Family.Length)] + i % 997,
                    London.Date(now).PlusDays(-_chance.Next(6500)), i % 2 == 0 ? "F" : "M", Array.Empty<string>(), false, "bench", now, now,
                };
            }));
        var contactIds = new Guid[contacts];
        var lineIds = new Guid[contacts];
        var mentionIds = new Guid[contacts];
        var received = new Instant[contacts];
        for (var i = 0; i < contacts; i++)
        {
            // The newest three hundred still wait; the rest lie in the past five years.
            received[i] = i < 300 ? now - Duration.FromMinutes(i * 9) : now - Duration.FromMinutes(_chance.Next(5 * 525_600));
            (contactIds[i], lineIds[i], mentionIds[i]) = (NewId(now, i + 20_000_000), NewId(now, i + 40_000_000), NewId(now, i + 60_000_000));
        }

        await WriteAsync(
            "Contact",
            ["AuthorityId", "Id", "Version", "Reference", "Way", "ReceivedAt", "ReceivedOn", "EnteredAt", "Words", "Original", "ReferrerKind", "Identity", "AgencyId", "InDangerNow", "SignificantHarmAlleged", "InterpreterNeeded", "NeedsReading", "BeyondRateLimit", "Consultation"],
            Enumerable.Range(0, contacts).Select(i => new object?[]
            {
                authority, contactIds[i], contactIds[i], string.Create(CultureInfo.InvariantCulture, $"B-{i + 1:0000000}"), nameof(Way.PartnerForm), received[i], London.Date(received[i]), received[i],
                "Officers attended the address late in the evening after a call; a child was upstairs and had heard it. No one was hurt this time. Third call this year.", "{}",
                nameof(ReferrerKind.Professional), nameof(ReferrerIdentity.Named), police, false, false, false, false, false, false,
            }));
        await WriteAsync(
            "Mention",
            ["AuthorityId", "Id", "Version", "ContactId", "Number", "Role", "GivenName", "FamilyName"],
            Enumerable.Range(0, contacts).Select(i => new object?[] { authority, mentionIds[i], mentionIds[i], contactIds[i], 1, nameof(MentionRole.Child), "Given", "Family" }));
        await WriteAsync(
            "ContactLine",
            ["AuthorityId", "Id", "Version", "ContactId", "Number", "MentionId", "ReceivedAt", "ReceivedOn", "AgencyId", "State", "Rating", "DecisionDueAt"],
            Enumerable.Range(0, contacts).Select(i => new object?[]
            {
                authority, lineIds[i], lineIds[i], contactIds[i], 1, mentionIds[i], received[i], London.Date(received[i]), police, i < 300 ? nameof(LineState.Waiting) : nameof(LineState.Decided),
                (i % 4) switch { 0 => nameof(Rating.Amber), 1 => nameof(Rating.Green), 2 => nameof(Rating.Blue), _ => null }, received[i] + Duration.FromDays(1),
            }));
        await WriteAsync(
            "Identification",
            ["AuthorityId", "Id", "Version", "MentionId", "PersonId", "ByAccountId", "At", "Reason", "NewPerson"],
            Enumerable.Range(0, contacts).Select(i => new object?[] { authority, NewId(now, i + 80_000_000), lineIds[i], mentionIds[i], ids[_chance.Next(people)], hub, received[i], "bench", false }));
        // What each decided contact leaves behind: its decision, its clock, its outcome told.
        await WriteAsync(
            "LineDecision",
            ["AuthorityId", "Id", "Version", "LineId", "Outcome", "Reason", "At", "ByAccountId", "State"],
            Enumerable.Range(300, Math.Max(0, contacts - 300)).Select(i => new object?[] { authority, NewId(now, i + 100_000_000), lineIds[i], lineIds[i], nameof(LineOutcome.InformationAndAdvice), "bench", received[i], hub, nameof(DecisionState.InForce) }));
        await WriteAsync(
            "RunningClock",
            ["AuthorityId", "Id", "Version", "Rule", "SubjectKind", "SubjectId", "ParentId", "StartedAt", "DueAt", "MetAt"],
            Enumerable.Range(0, contacts).Select(i => new object?[] { authority, NewId(now, i + 120_000_000), lineIds[i], "contact.decision", "ContactLine", lineIds[i], contactIds[i], received[i], received[i] + Duration.FromDays(1), i < 300 ? null : received[i] + Duration.FromHours(5) }));
        await WriteAsync(
            "Telling",
            ["AuthorityId", "Id", "Version", "ContactId", "Kind", "Channel", "State", "DueAt", "ToldAt", "Attempts", "Text"],
            Enumerable.Range(300, Math.Max(0, contacts - 300)).Select(i => new object?[] { authority, NewId(now, i + 140_000_000), lineIds[i], contactIds[i], "outcome", nameof(TellingChannel.Email), nameof(TellingState.Told), received[i] + Duration.FromDays(1), received[i] + Duration.FromHours(6), 1, "bench" }));
        SomePeople = [.. Enumerable.Range(0, 500).Select(_ => ids[_chance.Next(people)])];
    }

    /// <summary>Persons to open in the measurement.</summary>
    public IReadOnlyList<Guid> SomePeople { get; private set; } = [];

    private static Guid NewId(Instant now, int i)
    {
        var bytes = new byte[16];
        var milliseconds = now.ToUnixTimeMilliseconds() - 1_000_000_000L + i;
        for (var b = 0; b < 6; b++) bytes[b] = (byte)(milliseconds >> (40 - (8 * b)));
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        BitConverter.TryWriteBytes(bytes.AsSpan(10), i);
        return new Guid(bytes, bigEndian: true);
    }

    private async Task WriteAsync(string table, string[] columns, IEnumerable<object?[]> rows)
    {
        if (location.Database == RecordDatabase.Sqlite) await WriteSqliteAsync(table, columns, rows);
        else await WritePostgresAsync(table, columns, rows);
    }

    private async Task WriteSqliteAsync(string table, string[] columns, IEnumerable<object?[]> rows)
    {
        await using var connection = new SqliteConnection(location.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO \"{table}\" ({string.Join(',', columns.Select(c => $"\"{c}\""))}) VALUES ({string.Join(',', columns.Select((_, i) => $"@p{i}"))})";
        for (var i = 0; i < columns.Length; i++) command.Parameters.Add(new SqliteParameter($"@p{i}", null));
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                command.Parameters[i].Value = row[i] switch
                {
                    null => DBNull.Value,
                    Guid g => g.ToByteArray(true),
                    Instant at => at.ToUnixTimeTicks(),
                    LocalDate on => NodaTime.Text.LocalDatePattern.Iso.Format(on),
                    string[] => "[]",
                    bool b => b ? 1 : 0,
                    var other => other,
                };
            }

            command.ExecuteNonQuery();
        }

        await transaction.CommitAsync();
    }

    private async Task WritePostgresAsync(string table, string[] columns, IEnumerable<object?[]> rows)
    {
        var builder = new NpgsqlDataSourceBuilder(location.OwnerConnectionString ?? location.ConnectionString);
        builder.UseNodaTime();
        await using var source = builder.Build();
        await using var connection = await source.OpenConnectionAsync();
        var writer = await connection.BeginBinaryImportAsync($"COPY \"{table}\" ({string.Join(',', columns.Select(c => $"\"{c}\""))}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            await writer.StartRowAsync();
            foreach (var value in row)
            {
                if (value is null) await writer.WriteNullAsync();
                else if (value is string[] list) await writer.WriteAsync(list, NpgsqlDbType.Array | NpgsqlDbType.Text);
                else await writer.WriteAsync(value);
            }
        }

        await writer.CompleteAsync();
        await writer.DisposeAsync();
        // As the server's own housekeeping would have done by then.
        await using var analyze = new NpgsqlCommand($"ANALYZE \"{table}\"", connection);
        await analyze.ExecuteNonQueryAsync();
    }
}
