using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Enquiries;

public enum EnquiryState
{
    Open,
    Decided,
}

/// <summary>An enquiry in the room: several agencies look at one child (and siblings) together.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class Enquiry : DomainRow
{
    /// <summary>For example E-2026-000110.</summary>
    public required string Reference { get; init; }

    [RefersTo(typeof(Contact))] public required Guid ContactId { get; init; }
    public required Instant OpenedAt { get; init; }
    public required Guid OpenedBy { get; init; }
    public required string Purpose { get; init; }
    public required string LawfulBasis { get; init; }

    /// <summary>Why consent was or was not sought, and who agreed.</summary>
    public required string ConsentNote { get; init; }

    public required Rating Rating { get; set; }
    public EnquiryState State { get; set; }
    public required Guid ChairAccountId { get; set; }

    /// <summary>When the agencies' views opened to all; null while blind.</summary>
    public Instant? ViewsOpenedAt { get; set; }

    public Guid? ViewsOpenedBy { get; set; }

    /// <summary>The chair's reason if opened before all asked agencies had recorded.</summary>
    public string? ViewsOpenedReason { get; set; }

    /// <summary>One more at each change in the room; what live notices and "new since you looked" compare.</summary>
    public long Sequence { get; set; }
}

internal sealed class EnquiryMap : IEntityTypeConfiguration<Enquiry>
{
    public void Configure(EntityTypeBuilder<Enquiry> builder)
    {
        builder.HasIndex(e => new { e.AuthorityId, e.Reference }).IsUnique();
        builder.HasIndex(e => new { e.AuthorityId, e.State, e.OpenedAt });
        builder.HasIndex(e => new { e.AuthorityId, e.ContactId });
    }
}

/// <summary>A child's line looked at in the enquiry.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class EnquiryLine : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    [RefersTo(typeof(ContactLine))] public required Guid LineId { get; init; }
}

/// <summary>An agency that takes part: it sees what was shared with it and its own; the hub sees the whole.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: false)]
public sealed class Participant : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }
    public required Instant JoinedAt { get; init; }
    public required Guid AddedBy { get; init; }
    public Instant? LeftAt { get; set; }
    public string? LeftReason { get; set; }
}

internal sealed class ParticipantMap : IEntityTypeConfiguration<Participant>
{
    public void Configure(EntityTypeBuilder<Participant> builder) => builder.HasIndex(p => new { p.AuthorityId, p.AgencyId, p.LeftAt });
}

public enum CheckState
{
    Asked,
    Answered,

    /// <summary>Signed: looked, and nothing is held.</summary>
    NothingHeld,

    /// <summary>Signed: something is held and is not shared, because …</summary>
    HeldNotShared,

    /// <summary>Withdrawn by the hub, with a reason; still countable.</summary>
    Withdrawn,
}

/// <summary>What one agency was asked, why, on what basis and by when. Late and missing answers are visible to every agency.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class AgencyCheck : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }

    /// <summary>The exact fields or questions asked.</summary>
    [Personal] public required string Question { get; init; }

    public required string Purpose { get; init; }
    public required string LawfulBasis { get; init; }
    public required Instant AskedAt { get; init; }
    public required Guid AskedBy { get; init; }

    /// <summary>Null for a blue enquiry, which has no limit.</summary>
    public Instant? DueAt { get; init; }

    /// <summary>When the reminder goes, before the check lapses.</summary>
    public Instant? RemindAt { get; init; }

    public Instant? RemindedAt { get; set; }

    /// <summary>When the agency and the hub were told that it is late.</summary>
    public Instant? LateToldAt { get; set; }

    public CheckState State { get; set; }
    public Instant? AnsweredAt { get; set; }
    public Guid? AnsweredBy { get; set; }

    /// <summary>The answerer's typed name under "I have looked and this is what we hold".</summary>
    [Personal] public string? SignedAs { get; set; }

    [Personal] public string? Answer { get; set; }
    [Personal] public string? NotSharedBecause { get; set; }
    public string? WithdrawnBecause { get; set; }
}

internal sealed class AgencyCheckMap : IEntityTypeConfiguration<AgencyCheck>
{
    public void Configure(EntityTypeBuilder<AgencyCheck> builder) => builder.HasIndex(c => new { c.AuthorityId, c.State, c.DueAt });
}

public enum Nature
{
    Fact,
    Opinion,
}

/// <summary>Handling mark: who in the room may see an item besides the agency that owns it and, unless sealed from it, the hub.</summary>
public enum MaySee
{
    EveryAgencyInTheRoom,
    HubOnly,
    NamedAgencies,
}

public enum MayDo
{
    AskFirst,
    Yes,
    No,
}

/// <summary>What an agency brings: its words, its nature, its marks, and two times (happened, known).</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class Contribution : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }
    public required Guid ByAccountId { get; init; }
    [RefersTo(typeof(AgencyCheck))] public Guid? CheckId { get; init; }
    [Personal] public required string Words { get; init; }
    public required Nature Nature { get; init; }

    /// <summary>Whom it concerns: mentions of the contact.</summary>
    public List<Guid> Concerns { get; init; } = [];

    /// <summary>Who gave it, and third parties in it.</summary>
    [Personal] public string? GivenBy { get; init; }

    [Personal] public string? ThirdParties { get; init; }
    public LocalDate? HappenedOn { get; init; }
    [Personal] public string? HappenedWhen { get; init; }

    /// <summary>When the agency came to know.</summary>
    public required Instant KnownAt { get; init; }

    public required Instant RecordedAt { get; init; }
    public required MaySee MaySee { get; init; }
    public List<Guid> NamedAgencies { get; init; } = [];
    public required MayDo MayTellFamily { get; init; }
    public required MayDo MayLeaveRoom { get; init; }

    /// <summary>A correction annotates the earlier item, which stays.</summary>
    [RefersTo(typeof(Contribution))] public Guid? CorrectsId { get; init; }

    /// <summary>Immediate danger: the hub passed on the minimum of another agency's item against its mark, for this reason; its owner was told.</summary>
    [RefersTo(typeof(Contribution))] public Guid? SharedFromId { get; init; }

    [Personal] public string? SharedBecause { get; init; }

    public required long Sequence { get; init; }
}

internal sealed class ContributionMap : IEntityTypeConfiguration<Contribution>
{
    public void Configure(EntityTypeBuilder<Contribution> builder) => builder.HasIndex(c => new { c.AuthorityId, c.EnquiryId, c.Sequence });
}

/// <summary>A line of the discussion.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class RoomMessage : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }
    public required Guid ByAccountId { get; init; }
    [Personal] public required string Words { get; init; }
    public required Instant At { get; init; }
    public required long Sequence { get; init; }
}

/// <summary>An agency's own view and level of concern, recorded before it sees the others'. A later one stands beside the earlier.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class AgencyView : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }
    public required Guid ByAccountId { get; init; }

    /// <summary>Level of the continuum of need, 1 to 4; 0 is "we cannot say yet".</summary>
    public required int Level { get; init; }

    [Personal] public required string Words { get; init; }
    public required Instant At { get; init; }

    /// <summary>Recorded before the views opened: given without sight of the others'.</summary>
    public required bool Blind { get; init; }

    public required long Sequence { get; init; }
}

/// <summary>The decision of the room, with its reasons. Revised by a later one, never erased.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class RoomDecision : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }

    /// <summary>1, 2, … within the enquiry.</summary>
    public required int Number { get; init; }

    public required LineOutcome Outcome { get; init; }
    public required int Level { get; init; }
    [Personal] public required string Rationale { get; init; }
    [Personal] public required string OptionsRejected { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }
    public Guid? ToAgencyId { get; init; }
    [RefersTo(typeof(RoomDecision))] public Guid? RevisesId { get; init; }
    public string? RevisedBecause { get; init; }

    /// <summary>Agencies of the quorum whose view was missing, and why the manager decided without it; null where the quorum was met or not needed.</summary>
    [Personal] public string? QuorumWaivedBecause { get; init; }

    /// <summary>SHA-256 over the frozen evidence, in order.</summary>
    public required byte[] EvidenceHash { get; init; }

    /// <summary>For closings that need one: see practice rule 14.</summary>
    public DecisionState State { get; set; }

    public string? SecondNeededBecause { get; init; }
    public Guid? SecondAccountId { get; set; }
    public Instant? SecondAt { get; set; }
    [Personal] public string? SecondWords { get; set; }
}

internal sealed class RoomDecisionMap : IEntityTypeConfiguration<RoomDecision>
{
    public void Configure(EntityTypeBuilder<RoomDecision> builder) => builder.HasIndex(d => new { d.AuthorityId, d.EnquiryId, d.Number }).IsUnique();
}

/// <summary>One piece of what was known, or was asked and not got, when a decision was made: identifier and salted hash.</summary>
[Entity(Room.HubRoom, Retention.Accountability, specialCategory: false)]
public sealed class DecisionEvidence : DomainRow
{
    [RefersTo(typeof(RoomDecision))] public required Guid DecisionId { get; init; }
    public required int Order { get; init; }

    /// <summary><c>contact</c>, <c>answer</c>, <c>not-got</c>, <c>withdrawn</c>, <c>contribution</c>, <c>file</c>, <c>view</c>, <c>message</c>, <c>position</c>.</summary>
    public required string Kind { get; init; }

    public required Guid ItemId { get; init; }
    public required byte[] Salt { get; init; }
    public required byte[] Hash { get; init; }
}

internal sealed class DecisionEvidenceMap : IEntityTypeConfiguration<DecisionEvidence>
{
    public void Configure(EntityTypeBuilder<DecisionEvidence> builder) => builder.HasIndex(e => new { e.AuthorityId, e.DecisionId, e.Order }).IsUnique();
}

/// <summary>An agency's position on a decision: agreed, or not, in its own words. Disagreement starts the escalation ladder.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class DecisionPosition : DomainRow
{
    [RefersTo(typeof(RoomDecision))] public required Guid DecisionId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }
    public required Guid ByAccountId { get; init; }
    public required bool Agrees { get; init; }
    [Personal] public required string Words { get; init; }
    public required Instant At { get; init; }
}

/// <summary>A disagreement climbing its ladder. It does not suspend a decision; the more protective option applies meanwhile.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: true)]
public sealed class Escalation : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    [RefersTo(typeof(DecisionPosition))] public required Guid PositionId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid RaisedByAgencyId { get; init; }
    public required Instant RaisedAt { get; init; }

    /// <summary>1 upwards: the step of the authority's ladder it stands at.</summary>
    public required int Level { get; set; }

    public required Instant LevelDueAt { get; set; }

    /// <summary>Only when the hub and the raising agency have both said so.</summary>
    public Instant? ResolvedAt { get; set; }

    public Guid? ResolvedByHub { get; set; }

    /// <summary>How the hub's person says it was resolved.</summary>
    [Personal] public string? HubSays { get; set; }

    public Guid? ResolvedByRaiser { get; set; }

    /// <summary>How the raising agency's person says it was resolved.</summary>
    [Personal] public string? RaiserSays { get; set; }
}

/// <summary>A step of a ladder that was reached: when, by whom and why.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: false)]
public sealed class EscalationStep : DomainRow
{
    [RefersTo(typeof(Escalation))] public required Guid EscalationId { get; init; }
    public required int Level { get; init; }
    public required Instant At { get; init; }

    /// <summary>Null where its time was over.</summary>
    public Guid? ByAccountId { get; init; }

    [Personal] public required string Reason { get; init; }
    public required Instant DueAt { get; init; }
}

internal sealed class EscalationMap : IEntityTypeConfiguration<Escalation>
{
    public void Configure(EntityTypeBuilder<Escalation> builder) => builder.HasIndex(e => new { e.AuthorityId, e.ResolvedAt, e.LevelDueAt });
}

/// <summary>A decision to look at again because something arrived after it.</summary>
[Entity(Room.HubRoom, Retention.ChildRecord, specialCategory: false)]
public sealed class LookAgain : DomainRow
{
    [RefersTo(typeof(RoomDecision))] public required Guid DecisionId { get; init; }
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    public required string ItemKind { get; init; }
    public required Guid ItemId { get; init; }
    public required Instant ArrivedAt { get; init; }
    public Instant? SettledAt { get; set; }
    public Guid? SettledBy { get; set; }

    /// <summary><c>stands</c> or <c>revised</c>.</summary>
    public string? Result { get; set; }

    [Personal] public string? Reason { get; set; }
}

internal sealed class LookAgainMap : IEntityTypeConfiguration<LookAgain>
{
    public void Configure(EntityTypeBuilder<LookAgain> builder) => builder.HasIndex(l => new { l.AuthorityId, l.SettledAt });
}

/// <summary>How far a person has read in a room: what is newer is marked with a bar.</summary>
[Entity(Room.HubRoom, Retention.Transient, specialCategory: false)]
public sealed class RoomSeen : DomainRow
{
    [RefersTo(typeof(Enquiry))] public required Guid EnquiryId { get; init; }
    public required Guid AccountId { get; init; }
    public required long Sequence { get; set; }
    public required Instant At { get; set; }
}

internal sealed class RoomSeenMap : IEntityTypeConfiguration<RoomSeen>
{
    public void Configure(EntityTypeBuilder<RoomSeen> builder) => builder.HasIndex(s => new { s.AuthorityId, s.AccountId, s.EnquiryId }).IsUnique();
}
