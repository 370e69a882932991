using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Pipeline;

/// <summary>
/// Gives out references. On SQLite inside the act's own transaction (one writer at a time anyway); on PostgreSQL in a transaction of its own,
/// so that writers do not queue behind one hot row: a rolled-back act leaves a gap, never a reused number.
/// </summary>
public sealed class ReferenceNumbers(RecordStore store)
{
    private const string Sql = """
        INSERT INTO "ReferenceCounter" ("AuthorityId", "Prefix", "Year", "Last") VALUES (@authority, @prefix, @year, @count)
        ON CONFLICT ("AuthorityId", "Prefix", "Year") DO UPDATE SET "Last" = "ReferenceCounter"."Last" + @count
        RETURNING "Last"
        """;

    internal async Task<string> NextAsync(RecordContext db, string prefix, int year) => (await NextAsync(db, prefix, year, 1))[0];

    /// <summary>A run of references at once, for an act that makes thousands.</summary>
    internal async Task<IReadOnlyList<string>> NextAsync(RecordContext db, string prefix, int year, int count)
    {
        if (count == 0) return [];
        long number;
        if (store.IsSqlite)
        {
            var connection = (SqliteConnection)db.Database.GetDbConnection();
            await using var command = connection.CreateCommand();
            command.CommandText = Sql;
            command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
            command.Parameters.AddWithValue("@authority", db.AuthorityId);
            command.Parameters.AddWithValue("@prefix", prefix);
            command.Parameters.AddWithValue("@year", year);
            command.Parameters.AddWithValue("@count", count);
            number = Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }
        else
        {
            await using var command = store.DataSource!.CreateCommand(Sql);
            command.Parameters.AddWithValue("authority", db.AuthorityId);
            command.Parameters.AddWithValue("prefix", prefix);
            command.Parameters.AddWithValue("year", year);
            command.Parameters.AddWithValue("count", count);
            number = Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }

        return [.. Enumerable.Range(0, count).Select(i => Write(prefix, year, number - count + 1 + i))];
    }

    private static string Write(string prefix, int year, long number) => year == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:0000000}")
        : string.Create(CultureInfo.InvariantCulture, $"{prefix}-{year}-{number:000000}");
}
