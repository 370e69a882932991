using System.Data.Common;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenMash.Hub.Platform.Record;

namespace OpenMash.Benchmarks.Hub;

/// <summary>One statement that an act sent, with its parameters, the time until its first row, and whether it ran inside a transaction.</summary>
internal sealed record SeenSql(string Sql, IReadOnlyList<DbParameter> Parameters, TimeSpan Took, bool InTransaction);

/// <summary>
/// What any program must pay for the same acts: an endpoint on the same web server, with the same statements on the same record, in a transaction where the
/// hub has one, every inserted row (the trail's too) written anew under keys of its own and committed. No sign-in, no authority, no page, no objects.
/// </summary>
internal sealed partial class BareEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BareEndpoint(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<BareEndpoint> StartAsync(RecordStore store, IReadOnlyDictionary<string, IReadOnlyList<SeenSql>> acts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var prepared = acts.ToDictionary(a => a.Key, a => new Replay(a.Value));
        app.MapPost("/bare", async (HttpContext context, string act) =>
        {
            try
            {
                await prepared[act].RunAsync(store, context.RequestAborted);
                return Results.Text("done");
            }
            catch (DbException e)
            {
                return Results.Problem(e.Message);
            }
        });
        await app.StartAsync();
        return new BareEndpoint(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>The statements of one act, ready to be sent again with fresh keys.</summary>
    private sealed partial class Replay
    {
        private readonly IReadOnlyList<SeenSql> _statements;
        private readonly HashSet<string> _keys = [];
        private readonly HashSet<(SeenSql, string)> _texts = [];

        public Replay(IReadOnlyList<SeenSql> statements)
        {
            // The sealer works on its own in the hub's process, and its statements belong to no act.
            _statements = [.. statements.Where(s => !s.Sql.StartsWith("PRAGMA", StringComparison.Ordinal) && !s.Sql.Contains("\"TrailSeal\"", StringComparison.Ordinal))];
            foreach (var statement in _statements)
            {
                foreach (Match insert in Insert().Matches(statement.Sql))
                {
                    var columns = Column().Matches(insert.Groups["columns"].Value).Select(c => c.Groups["name"].Value).ToArray();
                    foreach (Match row in Row().Matches(insert.Groups["rows"].Value))
                    {
                        var names = row.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
                        for (var i = 0; i < columns.Length && i < names.Length; i++)
                        {
                            if (statement.Parameters.FirstOrDefault(p => p.ParameterName == names[i] || "@" + p.ParameterName == names[i]) is not { } parameter) continue;
                            if (columns[i] is "Id" or "EntryId" && Key(parameter.Value) is { } key) _keys.Add(key);
                            if (columns[i] is "Reference" or "Key") _texts.Add((statement, parameter.ParameterName));
                        }
                    }
                }
            }
        }

        public async Task RunAsync(RecordStore store, CancellationToken ct)
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    await OnceAsync(store, ct);
                    return;
                }
                catch (PostgresException e) when (e.SqlState is "40001" or "40P01" && attempt < 40)
                {
                    await Task.Delay(RandomNumberGenerator.GetInt32(1, 8 << Math.Min(attempt, 5)), ct);
                }
            }
        }

        private async Task OnceAsync(RecordStore store, CancellationToken ct)
        {
            // Opened by the store, so that it is set up as the hub's own connections are.
            await using var db = store.Open(0);
            await db.Database.OpenConnectionAsync(ct);
            var connection = db.Database.GetDbConnection();
            var fresh = new Dictionary<string, Guid>(StringComparer.Ordinal);
            var suffix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
            DbTransaction? transaction = null;
            foreach (var statement in _statements)
            {
                if (statement.InTransaction && transaction is null)
                {
                    transaction = await connection.BeginTransactionAsync(store.IsSqlite ? System.Data.IsolationLevel.Unspecified : System.Data.IsolationLevel.Serializable, ct);
                }
                else if (!statement.InTransaction && transaction is not null)
                {
                    await transaction.CommitAsync(ct);
                    await transaction.DisposeAsync();
                    transaction = null;
                }

                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = statement.Sql;
                foreach (var seen in statement.Parameters)
                {
                    var p = seen is ICloneable typed ? (DbParameter)typed.Clone() : command.CreateParameter();
                    (p.ParameterName, p.Value) = (seen.ParameterName, seen.Value);
                    if (Key(seen.Value) is { } key && _keys.Contains(key))
                    {
                        if (!fresh.TryGetValue(key, out var id)) fresh[key] = id = Guid.CreateVersion7();
                        p.Value = seen.Value is byte[]? id.ToByteArray(true) : id;
                    }
                    else if (_texts.Contains((statement, seen.ParameterName)) && seen.Value is string text)
                    {
                        p.Value = (text.Length > 20 && text.Contains(':', StringComparison.Ordinal) ? text : "b") + suffix;
                    }

                    command.Parameters.Add(p);
                }

                await using var reader = await command.ExecuteReaderAsync(ct);
                do
                {
                    while (await reader.ReadAsync(ct))
                    {
                        for (var f = 0; f < reader.FieldCount; f++) _ = reader.GetValue(f);
                    }
                }
                while (await reader.NextResultAsync(ct));
            }

            if (transaction is null) return;
            await transaction.CommitAsync(ct);
            await transaction.DisposeAsync();
        }

        private static string? Key(object? value) => value switch
        {
            Guid g => g.ToString("N"),
            byte[] { Length: 16 } b => new Guid(b, true).ToString("N"),
            _ => null,
        };

        [GeneratedRegex("INSERT INTO \"\\w+\" \\((?<columns>[^)]*)\\)\\s*VALUES (?<rows>[^;]*)", RegexOptions.None, 1000)]
        private static partial Regex Insert();

        [GeneratedRegex("\"(?<name>\\w+)\"", RegexOptions.None, 1000)]
        private static partial Regex Column();

        [GeneratedRegex("\\((?<values>[^)]*)\\)", RegexOptions.None, 1000)]
        private static partial Regex Row();
    }
}
