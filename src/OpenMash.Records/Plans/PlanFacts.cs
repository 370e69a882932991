using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Plans;

/// <summary>A team that holds plans, with the account of its manager.</summary>
[Entity(Room.Plans, Retention.Operational, specialCategory: false)]
public sealed class PlanTeam : DomainRow
{
    public required string Name { get; set; }
    public Guid? ManagerId { get; set; }
    public LocalDate? ClosedOn { get; set; }
}

/// <summary>Who held a plan from when, and why it changed hands.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: false)]
public sealed class PlanAllocation : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }
    [RefersTo(typeof(PlanTeam))] public Guid? TeamId { get; init; }
    public Guid? WorkerId { get; init; }
    public required LocalDate From { get; init; }
    public required string Reason { get; init; }
    public required Guid ByAccountId { get; init; }
    public required Instant RecordedAt { get; init; }
}

/// <summary>How the child was met. Unborn children are not "seen" and babies are observed (practice rule 24).</summary>
public enum VisitMeeting
{
    Seen,

    /// <summary>A baby or a child who does not speak.</summary>
    Observed,

    /// <summary>The mother of an unborn child.</summary>
    MotherSeen,

    /// <summary>An attempt: nobody in, or the child not there. It settles no duty.</summary>
    NotSeen,
}

/// <summary>A visit or an attempt, by the person who made it.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class PlanVisit : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }
    public required LocalDate On { get; init; }
    public LocalTime? At { get; init; }
    public required VisitMeeting Meeting { get; init; }
    public bool SeenAlone { get; init; }
    public bool BedroomSeen { get; init; }

    /// <summary>The child's own words, verbatim …</summary>
    [Personal] public string? ChildsWords { get; init; }

    /// <summary>… and to whom: the speaker if it was not the child.</summary>
    [Personal] public string? WhoseWords { get; init; }

    [Personal] public string? Note { get; init; }

    /// <summary>Why the child was not seen, or not alone.</summary>
    [Personal] public string? NotSeenBecause { get; init; }

    public Guid? ByAccountId { get; init; }

    /// <summary>When it was written down, on a device without a connection perhaps hours before <see cref="RecordedAt"/>.</summary>
    public Instant? WrittenAt { get; init; }

    public required Instant RecordedAt { get; init; }
}

/// <summary>A date set for a review, and each move of it. Performance is measured against the rule, never against this.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: false)]
public sealed class ReviewMove : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }

    /// <summary>The date before; null where it is set for the first time.</summary>
    public LocalDate? From { get; init; }

    public required LocalDate To { get; init; }
    public required string Reason { get; init; }
    public required Guid ByAccountId { get; init; }
    public required Instant RecordedAt { get; init; }
}

/// <summary>A meeting of the agencies at work on a plan: planning meeting, child in need meeting, core group, care team.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class PlanMeeting : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }
    public required LocalDate HeldOn { get; init; }

    /// <summary>The meeting at which the plan was first agreed.</summary>
    public bool IsPlanning { get; init; }

    public List<string> Attended { get; init; } = [];
    public bool FamilyCame { get; init; }
    [Personal] public required string Note { get; init; }
    public Guid? ByAccountId { get; init; }
    public required Instant RecordedAt { get; init; }
}

/// <summary>Supervision of the work on a plan: a manager's note.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class PlanSupervision : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }
    public required LocalDate On { get; init; }
    [Personal] public required string Note { get; init; }

    /// <summary>What is different for the child since the last time; "nothing" is an answer.</summary>
    [Personal] public string? ChangedForChild { get; init; }

    /// <summary>The manager asked whether the plan is still the right one, and why it goes on.</summary>
    public bool ChallengedLength { get; init; }

    public Guid? ByAccountId { get; init; }
    public required Instant RecordedAt { get; init; }
}

/// <summary>A version of a plan: what shall be different for the child and how anyone would know. Never changed; a later one follows it.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class PlanVersion : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }

    /// <summary>1, 2, … within the plan.</summary>
    public required int Number { get; init; }

    public required LocalDate MadeOn { get; init; }

    /// <summary>Why there is a plan, in words the family would use.</summary>
    [Personal] public required string Why { get; init; }

    /// <summary>What happens if things get worse.</summary>
    [Personal] public string? Contingency { get; init; }

    [Personal] public string? ChildsView { get; init; }
    [Personal] public string? FamilysView { get; init; }

    /// <summary>The assessment behind it was looked at again.</summary>
    public bool AssessmentUpdated { get; init; }

    public Guid? ByAccountId { get; init; }
    public required Instant RecordedAt { get; init; }
}

internal sealed class PlanVersionMap : IEntityTypeConfiguration<PlanVersion>
{
    public void Configure(EntityTypeBuilder<PlanVersion> builder) => builder.HasIndex(v => new { v.AuthorityId, v.PlanId, v.Number }).IsUnique();
}

/// <summary>An outcome of one version: what shall change, from where, to where, and how it stands.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class PlanOutcome : DomainRow
{
    [RefersTo(typeof(PlanVersion))] public required Guid VersionId { get; init; }
    public required int Number { get; init; }
    [Personal] public required string What { get; init; }
    [Personal] public string? Baseline { get; init; }
    [Personal] public string? Measure { get; init; }
    [Personal] public string? Now { get; init; }
}

/// <summary>Something someone will do. It belongs to the plan, whatever its version.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class PlanAction : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }
    [Personal] public required string What { get; init; }

    /// <summary>By name or role, a parent included.</summary>
    [Personal] public required string Owner { get; init; }

    [RefersTo(typeof(Agency))] public Guid? AgencyId { get; init; }
    public required LocalDate AddedOn { get; init; }
    public required LocalDate DueOn { get; init; }
    public LocalDate? DoneOn { get; set; }

    /// <summary>What came of it.</summary>
    [Personal] public string? DoneNote { get; set; }

    /// <summary>It is no longer wanted, with the reason.</summary>
    public LocalDate? DroppedOn { get; set; }

    [Personal] public string? DroppedBecause { get; set; }
    public required Instant RecordedAt { get; init; }
}

public enum ExceptionKind
{
    /// <summary>A later date, shown beside the original, against which lateness is still measured.</summary>
    LaterDate,

    /// <summary>This round of the duty is not done at all.</summary>
    NotThisTime,
}

/// <summary>
/// A reasoned exception to one round of one duty. It counts once another person has approved it, and stays countable: the figure has it in a column of its own.
/// </summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: false)]
public sealed class DutyException : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }

    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>The day on which the round started.</summary>
    public required LocalDate RoundStartedOn { get; init; }

    public required ExceptionKind Kind { get; init; }
    public LocalDate? NewDueOn { get; init; }
    [Personal] public required string Reason { get; init; }
    public required Guid AskedBy { get; init; }
    public required Instant AskedAt { get; init; }
    public Guid? DecidedBy { get; set; }
    public Instant? DecidedAt { get; set; }
    public bool? Approved { get; set; }
    public string? DecisionNote { get; set; }
}

public enum StepKind
{
    /// <summary>To a plan of more protection: one person, one act.</summary>
    Up,

    /// <summary>To a plan of less: proposed with an audit, agreed by a second person.</summary>
    Down,

    /// <summary>To no plan: as down.</summary>
    Close,
}

public enum StepState
{
    Proposed,
    Done,
    NotAgreed,
}

/// <summary>A plan's step up, step down or closure, with the audit that went before it.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class PlanStep : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }
    public required StepKind Kind { get; init; }
    public required StepState State { get; set; }

    /// <summary>The kind of plan that follows; null where none does.</summary>
    public string? ToKind { get; init; }

    public required LocalDate On { get; init; }
    [Personal] public required string Reason { get; init; }

    /// <summary>What the child and the family say of it.</summary>
    [Personal] public string? FamilysView { get; init; }

    /// <summary>What the record showed when it was proposed: overdue duties, open actions, open alarms, days since the child was seen.</summary>
    public required int Overdue { get; init; }

    public required int OpenActions { get; init; }
    public required int OpenAlarms { get; init; }
    public int? DaysSinceSeen { get; init; }

    /// <summary>The proposer's answer to what the audit showed; asked for where it showed anything.</summary>
    [Personal] public string? AuditAnswer { get; init; }

    public required Guid ByAccountId { get; init; }
    public required Instant At { get; init; }
    public Guid? DecidedBy { get; set; }
    public Instant? DecidedAt { get; set; }
    [Personal] public string? DecisionNote { get; set; }
}

/// <summary>
/// Drift on a plan: raised by a rule over facts, for whom it names; unread it climbs; it closes itself when it is no longer true and stays in the record.
/// </summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: false)]
public sealed class PlanAlarm : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }

    /// <summary>The rule's key in <c>plan-alarms</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>What it saw, in a sentence without a name.</summary>
    public required string Saw { get; set; }

    /// <summary>The part of the plan's page that shows it.</summary>
    public required string Anchor { get; init; }

    public required Instant RaisedAt { get; init; }

    /// <summary>0: the worker; 1: the team's manager; 2: the hub's manager.</summary>
    public int Level { get; set; }

    public Instant? ClimbsAt { get; set; }
    public Instant? SeenAt { get; set; }
    public Guid? SeenBy { get; set; }
    [Personal] public string? SeenNote { get; set; }
    public Instant? ClosedAt { get; set; }
}

internal sealed class PlanAlarmMap : IEntityTypeConfiguration<PlanAlarm>
{
    public void Configure(EntityTypeBuilder<PlanAlarm> builder)
    {
        builder.HasIndex(a => new { a.AuthorityId, a.PlanId, a.ClosedAt });
        builder.HasIndex(a => new { a.AuthorityId, a.ClosedAt, a.ClimbsAt });
    }
}

/// <summary>A strategy discussion: who took part, what each thought, what was decided.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class StrategyDiscussion : DomainRow
{
    [RefersTo(typeof(ReferralEpisode))] public required Guid EpisodeId { get; init; }
    public required LocalDate HeldOn { get; init; }
    public List<string> Attended { get; init; } = [];

    /// <summary>Social care, police and health took part.</summary>
    public required bool Quorate { get; init; }

    public string? NotQuorateBecause { get; init; }

    /// <summary>Each agency's view, in its own words.</summary>
    [Personal] public required string Views { get; init; }

    /// <summary>A section 47 enquiry starts.</summary>
    public required bool StartsSection47 { get; init; }

    [Personal] public required string Reason { get; init; }
    public required Guid ByAccountId { get; init; }
    public required Instant RecordedAt { get; init; }
}
