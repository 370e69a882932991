using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using OpenMash.Records.Kernel;
using SQLitePCL;

namespace OpenMash.Hub.Platform.Record;

public enum RecordDatabase
{
    Sqlite,
    Postgres,
}

/// <summary>Where the record lives.</summary>
/// <param name="Database">Which of the two databases.</param>
/// <param name="ConnectionString">The run-time connection. On PostgreSQL its role owns no table.</param>
/// <param name="OwnerConnectionString">For <c>migrate</c>: the role that owns the tables. Null on SQLite.</param>
/// <param name="DataDirectory">Folder of the SQLite record and its files; also where the demo's log of messages lies.</param>
public sealed record RecordLocation(RecordDatabase Database, string ConnectionString, string? OwnerConnectionString, string DataDirectory)
{
    /// <summary>
    /// SQLite does not wait for the disk. Only for filling an empty record with an invented borough, which can be made again: a power failure may break the file.
    /// </summary>
    public bool Hasty { get; init; }

    public static RecordLocation Sqlite(string directory)
    {
        var file = Path.Combine(directory, "openmash.db");
        var connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30, ForeignKeys = true, Pooling = true }.ToString();
        return new RecordLocation(RecordDatabase.Sqlite, connection, null, directory);
    }
}

/// <summary>Opens contexts on the record, each for one authority. The only maker of contexts.</summary>
public sealed class RecordStore : IDisposable
{
    private readonly IDbContextFactory<SqliteRecordContext>? _sqlite;
    private readonly IDbContextFactory<PostgresRecordContext>? _postgres;
    private readonly NpgsqlDataSource? _dataSource;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _lanes = new(StringComparer.Ordinal);

    public RecordStore(RecordLocation location)
    {
        Location = location;
        if (location.Database == RecordDatabase.Sqlite)
        {
            var options = new DbContextOptionsBuilder<SqliteRecordContext>();
            Configure(options.UseSqlite(location.ConnectionString), new SqlitePragmas(location.Hasty));
            _sqlite = new PooledDbContextFactory<SqliteRecordContext>(options.Options);
        }
        else
        {
            _dataSource = BuildDataSource(location.ConnectionString);
            _postgres = new PooledDbContextFactory<PostgresRecordContext>(PostgresOptions(location.ConnectionString).Options);
        }
    }

    public RecordLocation Location { get; }

    public bool IsSqlite => Location.Database == RecordDatabase.Sqlite;

    /// <summary>The data source for LISTEN/NOTIFY and advisory locks; PostgreSQL only.</summary>
    public NpgsqlDataSource? DataSource => _dataSource;

    /// <summary>A context that sees the rows of one authority; zero sees installation rows only.</summary>
    public RecordContext Open(short authorityId)
    {
        RecordContext context = IsSqlite ? _sqlite!.CreateDbContext() : _postgres!.CreateDbContext();
        context.AuthorityId = authorityId;
        context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.TrackAll;
        return context;
    }

    /// <summary>A context of the owner's role, for migrations only.</summary>
    public static RecordContext OpenAsOwner(RecordLocation location)
    {
        if (location.Database == RecordDatabase.Sqlite)
        {
            var options = new DbContextOptionsBuilder<SqliteRecordContext>();
            Configure(options.UseSqlite(location.ConnectionString), new SqlitePragmas(hasty: false));
            return new SqliteRecordContext(options.Options);
        }

        var owner = new DbContextOptionsBuilder<PostgresRecordContext>();
        Configure(owner.UseNpgsql(location.OwnerConnectionString ?? location.ConnectionString, o => o.UseNodaTime()));
        return new PostgresRecordContext(owner.Options);
    }

    /// <summary>
    /// Lets the database look at what its tables hold now, so that it chooses indexes by that. PostgreSQL does so itself.
    /// What is small is forgotten again: a table believed empty would be read whole for each row of another long after it has grown, while without figures
    /// SQLite takes a table to be large and goes by its indexes. Sessions kept open are closed, since each reads the statistics when it begins.
    /// </summary>
    public async Task LearnShapesAsync(CancellationToken ct)
    {
        if (!IsSqlite) return;
        await using (var db = Open(0))
            await db.Database.ExecuteSqlRawAsync("PRAGMA analysis_limit=1000; ANALYZE; DELETE FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) < 200;", ct);
        using var pool = new SqliteConnection(Location.ConnectionString);
        SqliteConnection.ClearPool(pool);
    }

    /// <summary>
    /// A turn to write, in the order of asking. SQLite lets one write at a time and lets the others sleep and try again, by chance and on a thread; here they
    /// queue without one. PostgreSQL lets all write and makes those that met run again; commands of one kind meet most (two messages into one room), so in one
    /// process each kind goes one after another, and across processes they run again. Given back when disposed, which may happen more than once.
    /// </summary>
    /// <param name="kind">The command's kind; null for a single row that meets nobody.</param>
    /// <param name="ct">Stops the waiting.</param>
    public async Task<IDisposable> TurnAsync(string? kind, CancellationToken ct)
    {
        if (!IsSqlite && kind is null) return new Turn(null);
        var lane = _lanes.GetOrAdd(IsSqlite ? "" : kind!, _ => new SemaphoreSlim(1, 1));
        await lane.WaitAsync(ct);
        return new Turn(lane);
    }

    public void Dispose()
    {
        _dataSource?.Dispose();
        foreach (var lane in _lanes.Values) lane.Dispose();
    }

    private sealed class Turn(SemaphoreSlim? lane) : IDisposable
    {
        private SemaphoreSlim? _lane = lane;

        public void Dispose() => Interlocked.Exchange(ref _lane, null)?.Release();
    }

    private static NpgsqlDataSource BuildDataSource(string connectionString)
    {
        // Its connections hold locks and listen: they are cleaned before the next one has them.
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(Prepared(connectionString)) { NoResetOnClose = false }.ConnectionString);
        builder.UseNodaTime();
        return builder.Build();
    }

    /// <summary>By connection string and not by data source: a data source of its own would give each store its own copy of the model.</summary>
    private static DbContextOptionsBuilder<PostgresRecordContext> PostgresOptions(string connectionString)
    {
        var options = new DbContextOptionsBuilder<PostgresRecordContext>();
        Configure(options.UseNpgsql(Prepared(connectionString), o => o.UseNodaTime()));
        return options;
    }

    /// <summary>
    /// The access rules make long statements that take longer to plan than to run, so what is asked often is prepared on the server. Settable in the connection
    /// string, since a pooler that shares sessions between clients may need it off (0).
    /// </summary>
    private static string Prepared(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!connectionString.Contains("Prepare", StringComparison.OrdinalIgnoreCase)) (builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (200, 3);
        // The planner takes their many small parts for great cost and would compile them to machine code, which takes a hundred times as long as running them;
        // and a record on anything but a spinning disk is read by index, not whole.
        if (string.IsNullOrEmpty(builder.Options)) builder.Options = "-c jit=off -c random_page_cost=1.1";
        // Well below the server's own limit of a hundred: who comes when all are busy waits for a turn instead of being turned away.
        if (!connectionString.Contains("Pool", StringComparison.OrdinalIgnoreCase)) builder.MaxPoolSize = 40;
        // Nothing of ours changes a session, and a page opens its connection for each of its statements.
        if (!connectionString.Contains("Reset", StringComparison.OrdinalIgnoreCase)) builder.NoResetOnClose = true;
        return builder.ConnectionString;
    }

    private static void Configure(DbContextOptionsBuilder options, params IInterceptor[] interceptors)
    {
        options.AddInterceptors(interceptors);
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.MultipleCollectionIncludeWarning));
    }

    /// <summary>
    /// A busy time-out on every connection (the provider's own waiting is 60 times slower), and no acknowledged commit lost on power failure. Said once to each
    /// session: it keeps them in the pool, and a page opens its connection for each of its statements.
    /// </summary>
    private sealed class SqlitePragmas(bool hasty) : DbConnectionInterceptor
    {
        private const string Sure = "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;";
        private const string Quick = "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;";
        private readonly ConditionalWeakTable<sqlite3, object> _told = [];

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            if (((SqliteConnection)connection).Handle is not { } session || _told.TryGetValue(session, out _)) return;
            using var command = connection.CreateCommand();
            command.CommandText = hasty ? Quick : Sure;
            command.ExecuteNonQuery();
            _told.AddOrUpdate(session, this);
        }

        // SQLite answers in the caller's thread either way.
        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}
