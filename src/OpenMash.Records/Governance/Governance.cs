using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Governance;

/// <summary>
/// A seal on a person, contact or enquiry: only those cleared see it. With secret existence the uncleared learn nothing at all:
/// no count, no match, no timing.
/// </summary>
[Entity(Room.Governance, Retention.ChildRecord, specialCategory: true)]
public sealed class Seal : DomainRow
{
    public required string SubjectKind { get; init; }
    public required Guid SubjectId { get; init; }
    public required string Reason { get; init; }
    public required bool SecretExistence { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }
    public required LocalDate ReviewOn { get; init; }
    public Instant? EndedAt { get; set; }
    public Guid? EndedBy { get; set; }
    public string? EndedReason { get; set; }
}

internal sealed class SealMap : IEntityTypeConfiguration<Seal>
{
    public void Configure(EntityTypeBuilder<Seal> builder) => builder.HasIndex(s => new { s.AuthorityId, s.SubjectId, s.EndedAt });
}

/// <summary>Clears one person for one sealed subject.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: false)]
public sealed class Clearance : DomainRow
{
    [RefersTo(typeof(Seal))] public required Guid SealId { get; init; }
    public required Guid SubjectId { get; init; }
    public required Guid AccountId { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }
    public Instant? EndedAt { get; set; }
}

internal sealed class ClearanceMap : IEntityTypeConfiguration<Clearance>
{
    public void Configure(EntityTypeBuilder<Clearance> builder) => builder.HasIndex(c => new { c.AuthorityId, c.SubjectId, c.AccountId });
}

/// <summary>Break-glass: typed reason, time box, alert, review.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: true)]
public sealed class BreakGlass : DomainRow
{
    public required string SubjectKind { get; init; }
    public required Guid SubjectId { get; init; }
    public required Guid AccountId { get; init; }
    [Personal] public required string Reason { get; init; }
    public required Instant From { get; init; }

    /// <summary>Exclusive end of the time box.</summary>
    public required Instant Until { get; set; }

    public required Instant ReviewDueAt { get; init; }
    public Instant? ReviewedAt { get; set; }
    public Guid? ReviewedBy { get; set; }

    /// <summary><c>justified</c> or <c>not justified</c>.</summary>
    public string? Verdict { get; set; }

    [Personal] public string? ReviewWords { get; set; }
}

internal sealed class BreakGlassMap : IEntityTypeConfiguration<BreakGlass>
{
    public void Configure(EntityTypeBuilder<BreakGlass> builder)
    {
        builder.HasIndex(b => new { b.AuthorityId, b.SubjectId, b.AccountId, b.Until });
        builder.HasIndex(b => new { b.AuthorityId, b.ReviewedAt });
    }
}

public enum ConflictBasis
{
    Subject,
    Relative,
    SameAddress,
    SelfDeclared,
}

/// <summary>A user shut out of a person or a contact because they are subject, relative, at the same address or said so.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: true)]
public sealed class ConflictOfInterest : DomainRow
{
    public required Guid AccountId { get; init; }
    public required string SubjectKind { get; init; }

    /// <summary>A person of the register, a contact or an enquiry.</summary>
    public required Guid SubjectId { get; init; }

    public required ConflictBasis Basis { get; init; }
    public required string Note { get; init; }
    public required Instant At { get; init; }
    public Instant? EndedAt { get; set; }
}

internal sealed class ConflictOfInterestMap : IEntityTypeConfiguration<ConflictOfInterest>
{
    public void Configure(EntityTypeBuilder<ConflictOfInterest> builder) => builder.HasIndex(c => new { c.AuthorityId, c.AccountId, c.SubjectId });
}

/// <summary>Forbids telling, for a reason and until a day; it never stops a child being protected.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: false)]
public sealed class Embargo : DomainRow
{
    public required string SubjectKind { get; init; }
    public required Guid SubjectId { get; init; }
    public required string Reason { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }
    public required Instant ExpiresAt { get; init; }
    public Instant? EndedAt { get; set; }
}

/// <summary>Legal hold, or "relevant to a criminal investigation": overrides every retention period.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: false)]
public sealed class Hold : DomainRow
{
    public required string SubjectKind { get; init; }
    public required Guid SubjectId { get; init; }

    /// <summary><c>legal hold</c> or <c>criminal investigation</c>.</summary>
    public required string Kind { get; init; }

    public required string Reason { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }
    public Instant? EndedAt { get; set; }
    public string? EndedReason { get; set; }
}

/// <summary>A breach entry with its 72-hour clock, for items that stood at the wrong person or went to the wrong one.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: true)]
public sealed class Breach : DomainRow
{
    public required string Reference { get; init; }
    [Personal] public required string What { get; init; }
    public required Instant KnownAt { get; init; }

    /// <summary>72 hours after it became known.</summary>
    public required Instant ReportDueAt { get; init; }

    public required Guid OpenedBy { get; init; }
    public Instant? ClosedAt { get; set; }
    [Personal] public string? Result { get; set; }
}
