using NodaTime;
using OpenMash.Records.Kernel;
using OpenMash.Records.Returns;

namespace OpenMash.Records.Plans;

/// <summary>The episodes, assessments, enquiries and plans of a census file are in the record.</summary>
public sealed record CensusHistoryKept(Guid ImportId, IReadOnlyList<CensusTally> Tallies, IReadOnlyList<CensusProblem> Problems) : IEvent;

/// <summary>Something of a plan was recorded; its alarms are looked at again.</summary>
public sealed record PlanTouched(Guid PlanId) : IEvent;

/// <summary>A file brought or changed plans, thousands perhaps.</summary>
public sealed record PlansBrought(IReadOnlyList<Guid> PlanIds) : IEvent;

/// <summary>Makes or renames a team, or gives it another manager.</summary>
public sealed record SetTeam(Guid? TeamId, string Name, Guid? ManagerId) : ICommand<Guid>;

public sealed record StartPlan : ICommand<Guid>
{
    public required Guid PersonId { get; init; }
    public required string Kind { get; init; }
    public required LocalDate StartedOn { get; init; }
    public Guid? EpisodeId { get; init; }
    public Guid? TeamId { get; init; }
    public Guid? WorkerId { get; init; }

    /// <summary>Category of abuse, for child protection.</summary>
    public string? Category { get; init; }

    public required string Why { get; init; }
}

public sealed record AllocatePlan(Guid PlanId, Guid? TeamId, Guid? WorkerId, LocalDate From, string Reason) : ICommand<Nothing>;

/// <summary>Puts every plan of a kind that has no team into one, in one act: after an import.</summary>
public sealed record AllocatePlans(string? Kind, Guid TeamId, Guid? WorkerId, string Reason) : ICommand<int>;

/// <summary>A visit, or an attempt at one. Sent with an id of its own, so that a telephone may send it again.</summary>
public sealed record RecordVisit : ICommand<Guid>
{
    public required Guid PlanId { get; init; }
    public required LocalDate On { get; init; }
    public LocalTime? At { get; init; }
    public required VisitMeeting Meeting { get; init; }
    public bool SeenAlone { get; init; }
    public bool BedroomSeen { get; init; }
    public string? ChildsWords { get; init; }
    public string? WhoseWords { get; init; }
    public string? Note { get; init; }
    public string? NotSeenBecause { get; init; }
    public Instant? WrittenAt { get; init; }
    public Guid? DraftId { get; init; }
}

public sealed record HoldReview : ICommand<Guid>
{
    public required Guid PlanId { get; init; }
    public required LocalDate HeldOn { get; init; }
    public required string ChairedBy { get; init; }
    public IReadOnlyList<string> Attended { get; init; } = [];
    public string? NotQuorateBecause { get; init; }
    public string? ChildsView { get; init; }
    public required ReviewDecision Decision { get; init; }
    public required string Reason { get; init; }

    /// <summary>The date agreed for the next one.</summary>
    public LocalDate? NextOn { get; init; }
}

/// <summary>Sets the date of the next review or moves it. Only whom the clock rule names may move one that was set.</summary>
public sealed record MoveReview(Guid PlanId, LocalDate To, string Reason) : ICommand<Nothing>;

public sealed record HoldMeeting(Guid PlanId, LocalDate HeldOn, bool IsPlanning, IReadOnlyList<string> Attended, bool FamilyCame, string Note) : ICommand<Guid>;

public sealed record Supervise(Guid PlanId, LocalDate On, string Note, string? ChangedForChild, bool ChallengedLength) : ICommand<Guid>;

public sealed record OutcomeEntry(string What, string? Baseline, string? Measure, string? Now);

public sealed record UpdatePlan : ICommand<int>
{
    public required Guid PlanId { get; init; }
    public required LocalDate MadeOn { get; init; }
    public required string Why { get; init; }
    public string? Contingency { get; init; }
    public string? ChildsView { get; init; }
    public string? FamilysView { get; init; }
    public bool AssessmentUpdated { get; init; }
    public IReadOnlyList<OutcomeEntry> Outcomes { get; init; } = [];
}

public sealed record AddAction(Guid PlanId, string What, string Owner, Guid? AgencyId, LocalDate DueOn) : ICommand<Guid>;

/// <summary>An action was done, or is no longer wanted (<paramref name="Dropped"/>).</summary>
public sealed record EndAction(Guid ActionId, LocalDate On, string Note, bool Dropped) : ICommand<Nothing>;

public sealed record AskException(Guid PlanId, string Rule, LocalDate RoundStartedOn, ExceptionKind Kind, LocalDate? NewDueOn, string Reason) : ICommand<Guid>;

public sealed record DecideException(Guid ExceptionId, bool Approve, string? Note) : ICommand<Nothing>;

/// <summary>Steps a plan up at once, or proposes to step it down or to close it.</summary>
public sealed record StepPlan : ICommand<PlanStepped>
{
    public required Guid PlanId { get; init; }
    public required StepKind Kind { get; init; }
    public string? ToKind { get; init; }
    public required LocalDate On { get; init; }
    public required string Reason { get; init; }
    public string? FamilysView { get; init; }
    public string? AuditAnswer { get; init; }

    /// <summary>Category of abuse, where the plan that follows is child protection.</summary>
    public string? Category { get; init; }
}

/// <summary>The step; <paramref name="NewPlanId"/> where a plan followed at once.</summary>
public sealed record PlanStepped(Guid StepId, Guid? NewPlanId);

/// <summary>The second person's answer to a proposed step down or closure.</summary>
public sealed record DecideStep(Guid StepId, bool Agrees, string Note) : ICommand<PlanStepped>;

/// <summary>Whoever must look at an alarm has looked, and says what they will do.</summary>
public sealed record SeeAlarm(Guid AlarmId, string Note) : ICommand<Nothing>;

/// <summary>Looks at some plans (all open ones where null) by the rules of drift: raises, words anew, closes, climbs.</summary>
public sealed record RefreshAlarms(IReadOnlyList<Guid> PlanIds) : ICommand<int>;

/// <summary>A referral that was accepted for assessment: from a child's line, or entered here.</summary>
public sealed record OpenReferral(Guid PersonId, LocalDate ReferralDate, string? SourceCode, string? PrimaryNeed, Guid? LineId) : ICommand<Guid>;

public sealed record StartAssessment(Guid EpisodeId, LocalDate StartedOn, Guid? WorkerId) : ICommand<Guid>;

/// <summary>A manager's look at an assessment on its way, the child seen, its findings, or its sign-off: what is given is recorded.</summary>
public sealed record AdvanceAssessment : ICommand<Nothing>
{
    public required Guid AssessmentId { get; init; }
    public LocalDate? Checkpoint { get; init; }
    public LocalDate? ChildSeenOn { get; init; }
    public string? ChildsWords { get; init; }
    public string? Findings { get; init; }
    public IReadOnlyList<string> Factors { get; init; } = [];
    public LocalDate? AuthorisedOn { get; init; }
}

public sealed record HoldStrategy : ICommand<Guid>
{
    public required Guid EpisodeId { get; init; }
    public required LocalDate HeldOn { get; init; }
    public IReadOnlyList<string> Attended { get; init; } = [];
    public string? NotQuorateBecause { get; init; }
    public required string Views { get; init; }
    public required bool StartsSection47 { get; init; }
    public required string Reason { get; init; }
}

public sealed record AdvanceSection47(Guid EnquiryId, LocalDate? ChildSeenOn, LocalDate? ConferenceOn, bool ConferenceNotRequired, string? Outcome) : ICommand<Nothing>;

/// <summary>Ends a referral episode with its census reason.</summary>
public sealed record CloseReferral(Guid EpisodeId, LocalDate On, string ReasonCode) : ICommand<Nothing>;
