using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Work;

/// <summary>The first result of a command, by the id it carried: a repeat returns it and changes nothing.</summary>
[Entity(Room.Platform, Retention.Transient, specialCategory: false)]
public sealed class CommandReceipt : DomainRow
{
    public required string Command { get; init; }

    /// <summary>SHA-256 of the command as sent and its actor; the same id with other content is a conflict.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>The result as JSON: identifiers and references, no personal content.</summary>
    public required string Result { get; init; }

    public required Instant At { get; init; }
}

public enum OutboxState
{
    Waiting,
    Sent,

    /// <summary>Given up after the last attempt; shown to people, never dropped.</summary>
    Failed,
}

/// <summary>Something that leaves the hub after commit: e-mail, partner message, live notice. At least once, idempotent by <see cref="Key"/>.</summary>
[Entity(Room.Platform, Retention.Transient, specialCategory: false)]
public sealed class OutboxMessage : DomainRow
{
    /// <summary>Which sender takes it: <c>live</c>, <c>tell</c>, …</summary>
    public required string Kind { get; init; }

    public required string Key { get; init; }

    /// <summary>JSON of ids and references only; the sender reads the content at the time of sending.</summary>
    public required string Payload { get; init; }

    public required Instant CreatedAt { get; init; }
    public required Instant DueAt { get; set; }
    public OutboxState State { get; set; }
    public Instant? SentAt { get; set; }
    public int Attempts { get; set; }
    public string? LastError { get; set; }
}

internal sealed class OutboxMessageMap : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.HasIndex(m => new { m.State, m.DueAt });
        builder.HasIndex(m => new { m.AuthorityId, m.Key }).IsUnique();
    }
}

/// <summary>A draft of a signed-in person: saved as one types, survives a closed browser, read by its author only.</summary>
[Entity(Room.Platform, Retention.Transient, specialCategory: true)]
public sealed class Draft : DomainRow
{
    public required Guid AccountId { get; set; }

    /// <summary>The form it belongs to, for example <c>contact</c> or <c>contribution:{enquiry}</c>.</summary>
    public required string Form { get; init; }

    /// <summary>The form's fields as JSON, exactly as typed.</summary>
    [Personal] public required string Fields { get; set; }

    public required Instant StartedAt { get; init; }
    public required Instant SavedAt { get; set; }

    /// <summary>Set at the end of a shift: the person who must take the draft over, until they acknowledge.</summary>
    public Guid? HandedToAccountId { get; set; }

    public Instant? HandedAt { get; set; }
    public Instant? SentAt { get; set; }

    /// <summary>What became of it, for example the reference of the contact.</summary>
    public string? SentAs { get; set; }
}

internal sealed class DraftMap : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> builder) => builder.HasIndex(d => new { d.AuthorityId, d.AccountId, d.SentAt });
}

/// <summary>Gives out references such as R-2026-000418. A number once given is never given again; a gap is an act that was rolled back.</summary>
[Entity(Room.Platform, Retention.Operational, specialCategory: false, Installation = true)]
public sealed class ReferenceCounter
{
    public required short AuthorityId { get; init; }
    public required string Prefix { get; init; }
    public required int Year { get; init; }
    public required int Last { get; set; }
}

internal sealed class ReferenceCounterMap : IEntityTypeConfiguration<ReferenceCounter>
{
    public void Configure(EntityTypeBuilder<ReferenceCounter> builder) => builder.HasKey(c => new { c.AuthorityId, c.Prefix, c.Year });
}

/// <summary>
/// A running clock: facts only. The due instant is counted once, when the clock starts, by the rule valid then; nothing resets it.
/// Overdue, met late and met in time are computed against <see cref="DueAt"/>, with <see cref="RevisedDueAt"/> beside it.
/// </summary>
[Entity(Room.Platform, Retention.ChildRecord, specialCategory: false)]
public sealed class RunningClock : DomainRow
{
    /// <summary>The rule's id in the dated rule set, for example <c>contact.decision</c>.</summary>
    public required string Rule { get; init; }

    public required string SubjectKind { get; init; }
    public required Guid SubjectId { get; init; }

    /// <summary>The contact, enquiry or plan under which it is listed.</summary>
    public required Guid ParentId { get; init; }

    public required Instant StartedAt { get; init; }
    public required Instant DueAt { get; init; }

    /// <summary>Why the due instant could not be counted (past the calendar's end); it is then shown as due at once.</summary>
    public string? Problem { get; init; }

    /// <summary>Who must act: an agency, for clocks of partners.</summary>
    public Guid? AgencyId { get; init; }

    public Instant? RevisedDueAt { get; set; }
    public string? RevisedReason { get; set; }
    public Guid? RevisedBy { get; set; }
    public Instant? MetAt { get; set; }

    /// <summary>No longer due, with the reason: still countable.</summary>
    public Instant? EndedAt { get; set; }

    public string? EndedReason { get; set; }
}

internal sealed class RunningClockMap : IEntityTypeConfiguration<RunningClock>
{
    public void Configure(EntityTypeBuilder<RunningClock> builder)
    {
        builder.HasIndex(c => new { c.AuthorityId, c.SubjectId, c.Rule });
        builder.HasIndex(c => new { c.AuthorityId, c.ParentId });
        builder.HasIndex(c => new { c.AuthorityId, c.MetAt, c.EndedAt, c.DueAt });
    }
}

/// <summary>
/// Something a named person must see. Unread, it climbs: owner, deputy, manager, duty head, each with a clock. "Seen" is an event.
/// </summary>
[Entity(Room.Platform, Retention.Accountability, specialCategory: false)]
public sealed class Notice : DomainRow
{
    /// <summary>For example <c>red-contact</c>, <c>late-answer</c>, <c>hand-over</c>, <c>break-glass</c>.</summary>
    public required string Kind { get; init; }

    public required string SubjectKind { get; init; }
    public required Guid SubjectId { get; init; }

    /// <summary>One sentence with a reference and no name.</summary>
    public required string Text { get; init; }

    public required Instant RaisedAt { get; init; }

    /// <summary>Whoever must see it: one person …</summary>
    public Guid? ToAccountId { get; set; }

    /// <summary>… or anyone of a role.</summary>
    public int ToRoles { get; set; }

    public Guid? ToAgencyId { get; init; }

    /// <summary>0 at first; one more at each climb.</summary>
    public int Level { get; set; }

    public Instant? ClimbsAt { get; set; }
    public Instant? SeenAt { get; set; }
    public Guid? SeenBy { get; set; }

    /// <summary>Closed by itself because it was no longer true.</summary>
    public Instant? ClosedAt { get; set; }
}

internal sealed class NoticeMap : IEntityTypeConfiguration<Notice>
{
    public void Configure(EntityTypeBuilder<Notice> builder)
    {
        builder.HasIndex(n => new { n.AuthorityId, n.SeenAt, n.ToAccountId });
        builder.HasIndex(n => new { n.AuthorityId, n.SubjectId });
    }
}
