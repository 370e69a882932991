using System.Linq.Expressions;
using System.Reflection;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using NodaTime;
using NodaTime.Text;
using OpenMash.Records.Accounts;

namespace OpenMash.Records.Kernel;

/// <summary>
/// The record: one model for both databases. Entities are found by <see cref="EntityAttribute"/>; there are no sets.
/// Every domain row is filtered to <see cref="AuthorityId"/>; an unset authority sees nothing.
/// </summary>
public abstract class RecordContext(DbContextOptions options) : IdentityUserContext<Account, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>The authority whose rows this context shows. Zero shows none.</summary>
    public short AuthorityId { get; internal set; }

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public bool IsSqlite => this is SqliteRecordContext;

    /// <summary>Version 3 of the framework's identity schema holds passkeys.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(60);
        if (!IsSqlite) return;

        configurationBuilder.Properties<Guid>().HaveConversion<BigEndianGuid>();
        configurationBuilder.Properties<Instant>().HaveConversion<InstantTicks>();
        configurationBuilder.Properties<LocalDate>().HaveConversion<IsoDate>();
        configurationBuilder.Properties<LocalTime>().HaveConversion<IsoTime>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseOpenIddict();
        // The framework maps passkeys for the contexts that it configures itself; ours is made by a factory of our own.
        builder.Entity<IdentityUserPasskey<Guid>>(passkey =>
        {
            passkey.HasKey(p => p.CredentialId);
            passkey.ToTable("AspNetUserPasskeys");
            passkey.Property(p => p.CredentialId).HasMaxLength(1024);
            passkey.OwnsOne(p => p.Data).ToJson();
            passkey.HasOne<Account>().WithMany().HasForeignKey(p => p.UserId).IsRequired();
        });

        foreach (var type in typeof(RecordContext).Assembly.GetTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            if (type.GetCustomAttribute<EntityAttribute>() is null || type.IsAbstract) continue;
            var entity = builder.Entity(type);
            entity.ToTable(type.Name);
            if (typeof(DomainRow).IsAssignableFrom(type)) MapDomainRow(entity, type);
        }

        builder.ApplyConfigurationsFromAssembly(typeof(RecordContext).Assembly);
    }

    private void MapDomainRow(EntityTypeBuilder entity, Type type)
    {
        entity.HasKey(nameof(DomainRow.AuthorityId), nameof(DomainRow.Id));
        entity.Property(nameof(DomainRow.Id)).ValueGeneratedNever();
        entity.Property(nameof(DomainRow.AuthorityId)).ValueGeneratedNever();
        entity.Property(nameof(DomainRow.Version)).IsConcurrencyToken();

        var row = Expression.Parameter(type, "row");
        var mine = Expression.Equal(
            Expression.Property(row, nameof(DomainRow.AuthorityId)),
            Expression.Property(Expression.Constant(this, typeof(RecordContext)), nameof(AuthorityId)));
        entity.HasQueryFilter(Expression.Lambda(mine, row));

        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<RefersToAttribute>() is not { } refers) continue;
            entity.HasOne(refers.Target).WithMany()
                .HasForeignKey(nameof(DomainRow.AuthorityId), property.Name)
                .OnDelete(DeleteBehavior.Restrict);
        }
    }

    private sealed class BigEndianGuid() : ValueConverter<Guid, byte[]>(g => g.ToByteArray(true), b => new Guid(b, true));

    private sealed class InstantTicks() : ValueConverter<Instant, long>(i => i.ToUnixTimeTicks(), t => Instant.FromUnixTimeTicks(t));

    private sealed class IsoDate() : ValueConverter<LocalDate, string>(d => LocalDatePattern.Iso.Format(d), s => LocalDatePattern.Iso.Parse(s).Value);

    private sealed class IsoTime() : ValueConverter<LocalTime, string>(t => LocalTimePattern.ExtendedIso.Format(t), s => LocalTimePattern.ExtendedIso.Parse(s).Value);
}

/// <summary>The record on SQLite: the embedded default.</summary>
public sealed class SqliteRecordContext(DbContextOptions<SqliteRecordContext> options) : RecordContext(options)
{
}

/// <summary>The record on PostgreSQL: real deployments.</summary>
public sealed class PostgresRecordContext(DbContextOptions<PostgresRecordContext> options) : RecordContext(options)
{
}
