using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Record;

/// <summary>Migrates the record, re-creates the guards on the trail after every migration, grants the run-time role, and proves that the guards bite.</summary>
public static class RecordSetup
{
    private static readonly string[] InsertOnly = [nameof(TrailEntry), nameof(TrailSeal)];

    /// <summary>Brings the record to this build's model. A record that a newer build wrote is refused.</summary>
    public static async Task MigrateAsync(RecordLocation location, CancellationToken ct)
    {
        if (location.Database == RecordDatabase.Sqlite) Directory.CreateDirectory(location.DataDirectory);
        await using var db = RecordStore.OpenAsOwner(location);
        await RefuseNewerAsync(db, ct);
        // EF's own migrator takes a lock on both databases, so two nodes that start together do not race.
        await db.Database.MigrateAsync(ct);
        await GuardTrailAsync(db, ct);
        if (location.Database == RecordDatabase.Postgres) await GrantRuntimeRoleAsync(db, location, ct);
    }

    public static async Task<bool> IsCurrentAsync(RecordStore store, CancellationToken ct)
    {
        await using var db = store.Open(0);
        return !(await db.Database.GetPendingMigrationsAsync(ct)).Any();
    }

    /// <summary>(Re)creates the triggers; idempotent. SQLite's table rebuilds drop triggers, hence after every migration.</summary>
    public static async Task GuardTrailAsync(RecordContext db, CancellationToken ct)
    {
        foreach (var sql in db.IsSqlite ? SqliteGuards() : PostgresGuards())
        {
#pragma warning disable EF1002 // names come from this file only
            await db.Database.ExecuteSqlRawAsync(sql, ct);
#pragma warning restore EF1002
        }
    }

    /// <summary>Tries to alter and delete a row of each guarded table inside a transaction that is rolled back; throws if the database lets it.</summary>
    public static async Task ProveGuardsAsync(RecordStore store, CancellationToken ct)
    {
        await using var db = store.Open(0);
        await db.Database.OpenConnectionAsync(ct);
        var connection = db.Database.GetDbConnection();
        var attempts = new List<(string Table, string Sql)>();
        foreach (var table in InsertOnly)
        {
            var hash = $"\"Hash\"";
            attempts.Add((table, $"UPDATE \"{table}\" SET {hash} = {hash}"));
            attempts.Add((table, $"DELETE FROM \"{table}\""));
            if (!db.IsSqlite) attempts.Add((table, $"TRUNCATE \"{table}\" CASCADE"));
        }

        attempts.Add((nameof(TrailContent), $"DELETE FROM \"{nameof(TrailContent)}\""));
        foreach (var (table, sql) in attempts)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            // A trigger for each row bites only where there is a row: put one in first, and roll it back.
            await InsertProbeAsync(connection, transaction, table, db.IsSqlite, ct);
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            try
            {
                await command.ExecuteNonQueryAsync(ct);
            }
            catch (DbException)
            {
                await transaction.RollbackAsync(ct);
                continue;
            }

            await transaction.RollbackAsync(ct);
            throw new InvalidOperationException(
                $"The trail is not protected: '{sql.Split('"')[0].Trim()} {table}' was allowed. Run 'openmash migrate' with the owner's connection, then start again.");
        }
    }

    private static async Task InsertProbeAsync(DbConnection connection, DbTransaction transaction, string table, bool sqlite, CancellationToken ct)
    {
        var blob = sqlite ? "x'00'" : "'\\x00'::bytea";
        var id = sqlite ? "x'00000000000000000000000000000000'" : "'00000000-0000-0000-0000-000000000000'::uuid";
        var at = sqlite ? "0" : "now()";
        var falsehood = sqlite ? "0" : "false";
        var sql = table switch
        {
            nameof(TrailEntry) =>
                $"""INSERT INTO "TrailEntry" ("AuthorityId","Id","At","Kind","Act","Payload","Hash") VALUES (0,{id},{at},'System','probe','',{blob})""",
            nameof(TrailSeal) =>
                $"""INSERT INTO "TrailSeal" ("AuthorityId","Number","At","FirstPosition","LastPosition","Count","Positions","PreviousHash","Hash") VALUES (-1,0,{at},0,0,0,{blob},{blob},{blob})""",
            _ => $"""INSERT INTO "TrailContent" ("EntryId","AuthorityId","LegalHold") VALUES ({id},0,{falsehood})""",
        };
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task RefuseNewerAsync(RecordContext db, CancellationToken ct)
    {
        if (!await db.Database.CanConnectAsync(ct)) return;
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        IEnumerable<string> applied;
        try
        {
            applied = await db.Database.GetAppliedMigrationsAsync(ct);
        }
        catch (DbException e) when (e is SqliteException or PostgresException)
        {
            throw new RecordSetupException($"The record cannot be read: {e.Message}");
        }

        var stranger = applied.FirstOrDefault(m => !known.Contains(m));
        if (stranger is not null)
            throw new RecordSetupException($"This record was written by a newer OpenMASH (migration {stranger}). Use that version, or restore a backup made before it.");
    }

    private static IEnumerable<string> SqliteGuards()
    {
        foreach (var table in InsertOnly)
            foreach (var verb in new[] { "UPDATE", "DELETE" })
            {
                var name = $"guard_{table}_{verb}";
                yield return $"DROP TRIGGER IF EXISTS \"{name}\"";
                yield return $"CREATE TRIGGER \"{name}\" BEFORE {verb} ON \"{table}\" BEGIN SELECT RAISE(ABORT, 'The trail refuses {verb}.'); END";
            }

        yield return "DROP TRIGGER IF EXISTS \"guard_TrailContent_DELETE\"";
        yield return "CREATE TRIGGER \"guard_TrailContent_DELETE\" BEFORE DELETE ON \"TrailContent\" BEGIN SELECT RAISE(ABORT, 'The trail refuses DELETE.'); END";
        yield return "DROP TRIGGER IF EXISTS \"guard_TrailContent_UPDATE\"";
        yield return """
            CREATE TRIGGER "guard_TrailContent_UPDATE" BEFORE UPDATE ON "TrailContent"
            WHEN NOT (
                (NEW."Content" IS NULL AND NEW."Salt" IS NULL AND NEW."DisposedAt" IS NOT NULL AND NEW."DisposalReason" IS NOT NULL AND OLD."LegalHold" = 0 AND OLD."DisposedAt" IS NULL
                    AND NEW."EntryId" = OLD."EntryId" AND NEW."AuthorityId" = OLD."AuthorityId")
                OR (NEW."Content" IS OLD."Content" AND NEW."Salt" IS OLD."Salt" AND NEW."DisposedAt" IS OLD."DisposedAt" AND NEW."DisposalReason" IS OLD."DisposalReason"
                    AND NEW."EntryId" = OLD."EntryId" AND NEW."AuthorityId" = OLD."AuthorityId"))
            BEGIN SELECT RAISE(ABORT, 'The trail''s content can only be disposed of, with a reason and without a legal hold.'); END
            """;
    }

    private static IEnumerable<string> PostgresGuards()
    {
        yield return """
            CREATE OR REPLACE FUNCTION openmash_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'The trail refuses %.', TG_OP; END $$
            """;
        yield return """
            CREATE OR REPLACE FUNCTION openmash_content() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW."EntryId" = OLD."EntryId" AND NEW."AuthorityId" = OLD."AuthorityId" AND (
                    (NEW."Content" IS NULL AND NEW."Salt" IS NULL AND NEW."DisposedAt" IS NOT NULL AND NEW."DisposalReason" IS NOT NULL AND NOT OLD."LegalHold" AND OLD."DisposedAt" IS NULL)
                    OR (NEW."Content" IS NOT DISTINCT FROM OLD."Content" AND NEW."Salt" IS NOT DISTINCT FROM OLD."Salt"
                        AND NEW."DisposedAt" IS NOT DISTINCT FROM OLD."DisposedAt" AND NEW."DisposalReason" IS NOT DISTINCT FROM OLD."DisposalReason"))
                THEN RETURN NEW; END IF;
                RAISE EXCEPTION 'The trail''s content can only be disposed of, with a reason and without a legal hold.';
            END $$
            """;
        foreach (var table in InsertOnly)
        {
            yield return $"DROP TRIGGER IF EXISTS guard_rows ON \"{table}\"";
            yield return $"CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON \"{table}\" FOR EACH ROW EXECUTE FUNCTION openmash_refuse()";
            yield return $"DROP TRIGGER IF EXISTS guard_truncate ON \"{table}\"";
            yield return $"CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON \"{table}\" FOR EACH STATEMENT EXECUTE FUNCTION openmash_refuse()";
        }

        yield return "DROP TRIGGER IF EXISTS guard_rows ON \"TrailContent\"";
        yield return "CREATE TRIGGER guard_rows BEFORE DELETE ON \"TrailContent\" FOR EACH ROW EXECUTE FUNCTION openmash_refuse()";
        yield return "DROP TRIGGER IF EXISTS guard_content ON \"TrailContent\"";
        yield return "CREATE TRIGGER guard_content BEFORE UPDATE ON \"TrailContent\" FOR EACH ROW EXECUTE FUNCTION openmash_content()";
        yield return "DROP TRIGGER IF EXISTS guard_truncate ON \"TrailContent\"";
        yield return "CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON \"TrailContent\" FOR EACH STATEMENT EXECUTE FUNCTION openmash_refuse()";
    }

    /// <summary>The run-time role reads and writes rows but owns no table, so it cannot drop a trigger; on the trail it may not even try to update.</summary>
    private static async Task GrantRuntimeRoleAsync(RecordContext db, RecordLocation location, CancellationToken ct)
    {
        if (location.OwnerConnectionString is null) return;
        var role = new NpgsqlConnectionStringBuilder(location.ConnectionString).Username
            ?? throw new RecordSetupException("The run-time connection names no user. Add 'Username=…' to it.");
        var owner = new NpgsqlConnectionStringBuilder(location.OwnerConnectionString).Username;
        if (string.Equals(role, owner, StringComparison.Ordinal))
            throw new RecordSetupException($"The run-time role and the owner are both '{role}'. Use two roles, so that the hub at work does not own the trail.");
        var quoted = "\"" + role.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        string[] grants =
        [
            $"GRANT USAGE ON SCHEMA public TO {quoted}",
            $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
            $"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
            $"REVOKE UPDATE, DELETE, TRUNCATE ON \"{nameof(TrailEntry)}\", \"{nameof(TrailSeal)}\" FROM {quoted}",
            $"REVOKE DELETE, TRUNCATE ON \"{nameof(TrailContent)}\" FROM {quoted}",
        ];
        foreach (var grant in grants)
        {
#pragma warning disable EF1002 // the role's name comes from the operator's own connection string and is quoted
            await db.Database.ExecuteSqlRawAsync(grant, ct);
#pragma warning restore EF1002
        }
    }
}

/// <summary>The record cannot be set up as asked; the message says which setting and what to do.</summary>
public sealed class RecordSetupException(string message) : Exception(message);
