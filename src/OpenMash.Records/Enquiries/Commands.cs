using NodaTime;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Enquiries;

/// <summary>What one agency is asked.</summary>
public sealed record CheckAsked(Guid AgencyId, string Question);

/// <summary>Opens an enquiry from a contact's lines. Pauses no clock.</summary>
public sealed record OpenEnquiry : ICommand<EnquiryOpenedResult>
{
    public required Guid ContactId { get; init; }
    public required IReadOnlyList<Guid> LineIds { get; init; }
    public required Rating Rating { get; init; }
    public required string Purpose { get; init; }
    public required string LawfulBasis { get; init; }
    public required string ConsentNote { get; init; }
    public IReadOnlyList<Guid> AgencyIds { get; init; } = [];
    public IReadOnlyList<CheckAsked> Checks { get; init; } = [];
}

public sealed record EnquiryOpenedResult(Guid EnquiryId, string Reference);

/// <summary>An enquiry is open; the lines wait in it.</summary>
public sealed record EnquiryOpened(Guid EnquiryId, Guid ContactId, IReadOnlyList<Guid> LineIds) : IEvent;

public sealed record AddParticipant(Guid EnquiryId, Guid AgencyId) : ICommand<Nothing>;

public sealed record AskCheck(Guid EnquiryId, Guid AgencyId, string Question, string Purpose, string LawfulBasis) : ICommand<Guid>;

public sealed record WithdrawCheck(Guid CheckId, string Reason) : ICommand<Nothing>;

/// <summary>An agency's signed answer: what it holds, that nothing is held, or that something is held and not shared, because ….</summary>
public sealed record AnswerCheck : ICommand<Nothing>
{
    public required Guid CheckId { get; init; }
    public required CheckState As { get; init; }
    public string? Answer { get; init; }
    public string? NotSharedBecause { get; init; }
    public required string SignedAs { get; init; }
    public MaySee MaySee { get; init; } = MaySee.EveryAgencyInTheRoom;
    public IReadOnlyList<Guid> NamedAgencies { get; init; } = [];
    public MayDo MayTellFamily { get; init; } = MayDo.AskFirst;
    public MayDo MayLeaveRoom { get; init; } = MayDo.AskFirst;
    public Nature Nature { get; init; } = Nature.Fact;
    public LocalDate? HappenedOn { get; init; }
    public IReadOnlyList<FileIntake> Files { get; init; } = [];
    public Guid? DraftId { get; init; }
}

public sealed record Contribute : ICommand<Guid>
{
    public required Guid EnquiryId { get; init; }
    public required string Words { get; init; }
    public required Nature Nature { get; init; }
    public IReadOnlyList<Guid> Concerns { get; init; } = [];
    public string? GivenBy { get; init; }
    public string? ThirdParties { get; init; }
    public LocalDate? HappenedOn { get; init; }
    public string? HappenedWhen { get; init; }
    public Instant? KnownAt { get; init; }
    public MaySee MaySee { get; init; } = MaySee.EveryAgencyInTheRoom;
    public IReadOnlyList<Guid> NamedAgencies { get; init; } = [];
    public MayDo MayTellFamily { get; init; } = MayDo.AskFirst;
    public MayDo MayLeaveRoom { get; init; } = MayDo.AskFirst;
    public Guid? CorrectsId { get; init; }
    public IReadOnlyList<FileIntake> Files { get; init; } = [];
    public Guid? DraftId { get; init; }
}

public sealed record PostMessage(Guid EnquiryId, string Words, Guid? DraftId = null) : ICommand<Guid>;

/// <summary>
/// Immediate danger: a person of the hub passes on the minimum of what an agency brought, against its handling mark. The owner is told at once, with the reason.
/// </summary>
public sealed record ShareInDanger(Guid ContributionId, string Minimum, IReadOnlyList<Guid> ToAgencyIds, string Reason) : ICommand<Guid>;

/// <summary>The agency's own view and level (1 to 4; 0 "we cannot say yet").</summary>
public sealed record RecordAgencyView(Guid EnquiryId, int Level, string Words, Guid? DraftId = null) : ICommand<Guid>;

/// <summary>The chair opens the views before all have recorded, with a reason that all see.</summary>
public sealed record OpenViews(Guid EnquiryId, string Reason) : ICommand<Nothing>;

/// <summary>The room's decision, or a revision of an earlier one.</summary>
public sealed record DecideEnquiry : ICommand<RoomDecided>
{
    public required Guid EnquiryId { get; init; }
    public required LineOutcome Outcome { get; init; }
    public required int Level { get; init; }
    public required string Rationale { get; init; }
    public required string OptionsRejected { get; init; }
    public Guid? ToAgencyId { get; init; }
    public Guid? RevisesId { get; init; }
    public string? RevisedBecause { get; init; }

    /// <summary>Why a manager closes without the views that the quorum asks for; null where they are in.</summary>
    public string? QuorumWaivedBecause { get; init; }

    /// <summary>The room's sequence that the person saw; null for acts that raise protection.</summary>
    public long? SeenSequence { get; init; }

    public Guid? DraftId { get; init; }
}

public sealed record RoomDecided(Guid DecisionId, int Number, DecisionState State, string? SecondNeededBecause);

public sealed record SecondRoomDecision(Guid DecisionId, bool Agrees, string Words) : ICommand<Nothing>;

/// <summary>The room decided for these lines; the front door settles them and tells the referrer.</summary>
public sealed record EnquiryDecided(Guid EnquiryId, Guid ContactId, IReadOnlyList<Guid> LineIds, LineOutcome Outcome, string Reason, Guid ByAccountId, bool Revision) : IEvent;

/// <summary>An agency agrees or not, in its own words. "Not" starts the ladder.</summary>
public sealed record TakePosition(Guid DecisionId, bool Agrees, string Words) : ICommand<Guid>;

/// <summary>One side says the disagreement is resolved; it closes when the hub and the raising agency have both said so.</summary>
public sealed record ResolveEscalation(Guid EscalationId, string Words) : ICommand<Nothing>;

/// <summary>Moves a disagreement to the next step of the ladder before its time, or by the tick when its time is over.</summary>
public sealed record ClimbEscalation(Guid EscalationId, string Reason) : ICommand<Nothing>;

/// <summary>Settles a decision that was to be looked at again: it stands, with a reason (a revision settles it too).</summary>
public sealed record SettleLookAgain(Guid LookAgainId, string Reason) : ICommand<Nothing>;

/// <summary>How far this person has read.</summary>
public sealed record MarkRoomSeen(Guid EnquiryId, long Sequence) : ICommand<Nothing>;

/// <summary>Reminds agencies of checks about to lapse and tells both sides of those that have lapsed; sent by the tick. Returns how many.</summary>
public sealed record RemindChecks(Instant At) : ICommand<int>;
