using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Duty;

public enum DutyKind
{
    Hub,

    /// <summary>The emergency duty team: every ladder starts with it out of hours.</summary>
    OutOfHours,
}

/// <summary>A shift on the duty rota. Red goes to whoever is on duty.</summary>
[Entity(Room.FrontDoor, Retention.Accountability, specialCategory: false)]
public sealed class DutyShift : DomainRow
{
    public required Guid AccountId { get; init; }
    public required DutyKind Kind { get; init; }
    public required Instant Start { get; init; }
    public required Instant End { get; set; }
    public Instant? EndedAt { get; set; }
}

internal sealed class DutyShiftMap : IEntityTypeConfiguration<DutyShift>
{
    public void Configure(EntityTypeBuilder<DutyShift> builder) => builder.HasIndex(s => new { s.AuthorityId, s.Start, s.End });
}

/// <summary>
/// A hand-over of a contact, a line, a check or a draft, to a person, a team or another authority. Complete only when a named receiver
/// acknowledges; until then the sender owns it, the clock runs, and unread climbs.
/// </summary>
[Entity(Room.FrontDoor, Retention.Accountability, specialCategory: false)]
public sealed class HandOver : DomainRow
{
    public required string SubjectKind { get; init; }
    public required Guid SubjectId { get; init; }
    public required Guid FromAccountId { get; init; }
    public Guid? ToAccountId { get; init; }
    public Guid? ToAgencyId { get; init; }
    public string? ToTeam { get; init; }
    public required string Reason { get; init; }
    public required Instant At { get; init; }
    public Instant? AcknowledgedAt { get; set; }
    public Guid? AcknowledgedBy { get; set; }

    /// <summary>Given back with a reason: the sender still owns it.</summary>
    public string? RefusedBecause { get; set; }

    public Instant? ClosedAt { get; set; }
}

internal sealed class HandOverMap : IEntityTypeConfiguration<HandOver>
{
    public void Configure(EntityTypeBuilder<HandOver> builder)
    {
        builder.HasIndex(h => new { h.AuthorityId, h.ToAccountId, h.ClosedAt });
        builder.HasIndex(h => new { h.AuthorityId, h.SubjectId });
    }
}
