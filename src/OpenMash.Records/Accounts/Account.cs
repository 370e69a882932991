using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Accounts;

/// <summary>A person who can sign in. It belongs to the installation; what they may do is in dated memberships of an authority.</summary>
[Entity(Room.Platform, Retention.Accountability, specialCategory: false, Installation = true)]
public sealed class Account : IdentityUser<Guid>
{
    [Personal] public required string FullName { get; set; }

    /// <summary>True for people of the fictional borough; such accounts exist in a demo record only.</summary>
    public bool IsDemoPersona { get; init; }

    /// <summary>Set when the account may no longer sign in.</summary>
    public Instant? ClosedAt { get; set; }
}

internal sealed class AccountMap : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("Account");
        builder.Property(a => a.FullName).HasMaxLength(200);
    }
}

/// <summary>A local authority (children's services authority) served by this installation.</summary>
[Entity(Room.Platform, Retention.Operational, specialCategory: false, Installation = true)]
public sealed class Authority
{
    public required short Id { get; init; }

    /// <summary>The three-digit code of the Department for Education, or an invented one in a demo.</summary>
    public required string Code { get; init; }

    public required string Name { get; set; }

    /// <summary>The hub's own name, as its people say it.</summary>
    public required string HubName { get; set; }

    /// <summary>Host name by which requests reach this authority; null while there is only one.</summary>
    public string? Host { get; set; }

    /// <summary>Telephone fallback printed on every request to a partner.</summary>
    public required string Telephone { get; set; }

    /// <summary>True if the record was filled with the fictional borough.</summary>
    public bool IsDemo { get; init; }
}

internal sealed class AuthorityMap : IEntityTypeConfiguration<Authority>
{
    public void Configure(EntityTypeBuilder<Authority> builder)
    {
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.HasIndex(a => a.Code).IsUnique();
        builder.HasIndex(a => a.Host).IsUnique();
    }
}
