using Microsoft.EntityFrameworkCore.Design;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Record;

/// <summary>For <c>dotnet ef migrations</c>: no database is opened.</summary>
public sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteRecordContext>
{
    public SqliteRecordContext CreateDbContext(string[] args) => (SqliteRecordContext)RecordStore.OpenAsOwner(RecordLocation.Sqlite(Path.GetTempPath()));
}

/// <summary>As above, for PostgreSQL.</summary>
public sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresRecordContext>
{
    public PostgresRecordContext CreateDbContext(string[] args) =>
        (PostgresRecordContext)RecordStore.OpenAsOwner(new RecordLocation(RecordDatabase.Postgres, "Host=localhost;Database=openmash", null, Path.GetTempPath()));
}
