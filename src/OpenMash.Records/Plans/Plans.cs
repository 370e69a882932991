using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Records.Plans;

/// <summary>A referral episode of the Children in Need census (its <c>CINdetails</c>).</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class ReferralEpisode : DomainRow
{
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }
    [RefersTo(typeof(ContactLine))] public Guid? LineId { get; init; }
    public required LocalDate ReferralDate { get; init; }
    public string? SourceCode { get; init; }
    public string? PrimaryNeed { get; set; }
    public LocalDate? ClosedOn { get; set; }
    public string? ReasonForClosure { get; set; }
    public LocalDate? InitialConferenceDate { get; set; }
    public bool NoFurtherAction { get; set; }

    /// <summary>For example <c>census 2026, line 14</c>.</summary>
    public required string Origin { get; init; }

    public required Instant RecordedAt { get; init; }

    /// <summary>When the closure became known here, which may be a year after it.</summary>
    public Instant? ClosureRecordedAt { get; set; }
}

[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class Assessment : DomainRow
{
    [RefersTo(typeof(ReferralEpisode))] public required Guid EpisodeId { get; init; }
    public required LocalDate StartedOn { get; init; }
    public LocalDate? InternalReviewOn { get; set; }
    public LocalDate? AuthorisedOn { get; set; }

    /// <summary>Census codes of factors identified at the end of assessment.</summary>
    public List<string> Factors { get; set; } = [];

    public required Instant RecordedAt { get; init; }

    /// <summary>When the authorisation became known here.</summary>
    public Instant? AuthorisationRecordedAt { get; set; }

    /// <summary>The account of the worker who makes it; null where it came from a file.</summary>
    public Guid? WorkerId { get; set; }

    public LocalDate? ChildSeenOn { get; set; }
    [Personal] public string? ChildsWords { get; set; }

    /// <summary>The manager's first look …</summary>
    public LocalDate? Checkpoint1On { get; set; }

    /// <summary>… and the second.</summary>
    public LocalDate? Checkpoint2On { get; set; }

    [Personal] public string? Findings { get; set; }
}

/// <summary>A section 47 enquiry.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class Section47 : DomainRow
{
    [RefersTo(typeof(ReferralEpisode))] public required Guid EpisodeId { get; init; }
    public required LocalDate StartedOn { get; init; }
    public LocalDate? ConferenceTarget { get; set; }
    public LocalDate? ConferenceOn { get; set; }
    public bool ConferenceNotRequired { get; set; }
    public required Instant RecordedAt { get; init; }

    /// <summary>When the conference became known here.</summary>
    public Instant? ConferenceRecordedAt { get; set; }

    /// <summary>The discussion that started it: the conference is due from this one, however many follow.</summary>
    [RefersTo(typeof(StrategyDiscussion))] public Guid? StrategyId { get; init; }

    public LocalDate? ChildSeenOn { get; set; }
    public LocalDate? EndedOn { get; set; }
    [Personal] public string? Outcome { get; set; }
}

/// <summary>The kinds of plan that the code itself names. What a kind is called, how long it lasts and which clock rules it runs on is data (<c>Settings/plan-kinds.json</c>), and so are further kinds.</summary>
public static class PlanKind
{
    public const string EarlyHelp = "EarlyHelp";
    public const string ChildInNeed = "ChildInNeed";
    public const string ChildProtection = "ChildProtection";
    public const string LookedAfter = "LookedAfter";
    public const string CareLeaver = "CareLeaver";
}

/// <summary>A plan of any kind: the same clocks, alarms and figures for all.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class Plan : DomainRow
{
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }
    [RefersTo(typeof(ReferralEpisode))] public Guid? EpisodeId { get; init; }

    /// <summary>A code of <c>plan-kinds</c>.</summary>
    public required string Kind { get; init; }

    public required LocalDate StartedOn { get; init; }
    public LocalDate? EndedOn { get; set; }

    /// <summary>The plan that this one follows, stepped up or down.</summary>
    [RefersTo(typeof(Plan))] public Guid? FollowsId { get; init; }

    /// <summary><see cref="PlanSources.Hub"/> where it was made here; else the file it came from. Null for rows of an earlier release, which came from a census.</summary>
    public string? Source { get; init; }

    /// <summary>Where it is now; how it came there is in <see cref="PlanAllocation"/>.</summary>
    [RefersTo(typeof(PlanTeam))] public Guid? TeamId { get; set; }

    /// <summary>The account of the worker who holds it now.</summary>
    public Guid? WorkerId { get; set; }

    [Personal] public string? EndReason { get; set; }

    /// <summary>When anything that belongs to it was last recorded.</summary>
    public Instant? ChangedAt { get; set; }

    /// <summary>Category of abuse, for child protection.</summary>
    public string? InitialCategory { get; init; }

    public string? LatestCategory { get; set; }
    public int? PreviousPlans { get; init; }
    public required Instant RecordedAt { get; init; }

    /// <summary>When the end became known here.</summary>
    public Instant? EndRecordedAt { get; set; }
}

internal sealed class PlanMap : IEntityTypeConfiguration<Plan>
{
    public void Configure(EntityTypeBuilder<Plan> builder)
    {
        builder.Property(p => p.Kind).HasMaxLength(60);
        builder.HasIndex(p => new { p.AuthorityId, p.PersonId, p.EndedOn });
        builder.HasIndex(p => new { p.AuthorityId, p.WorkerId, p.EndedOn });
        builder.HasIndex(p => new { p.AuthorityId, p.ChangedAt });
    }
}

/// <summary>Where plans come from.</summary>
public static class PlanSources
{
    public const string Hub = "hub";
    public const string Census = "census";
    public const string AnnexA = "annex-a";

    /// <summary>The kind of source of a plan.</summary>
    public static string Of(string? source) => source is null || source.StartsWith(Census, StringComparison.Ordinal) ? Census : source.StartsWith(AnnexA, StringComparison.Ordinal) ? AnnexA : Hub;
}

/// <summary>What a review decided for the plan.</summary>
public enum ReviewDecision
{
    Continue,
    StepUp,
    StepDown,
    Close,
}

/// <summary>A review that was held. One taken over from a file has its date only.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class PlanReview : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }
    public required LocalDate HeldOn { get; init; }
    public required Instant RecordedAt { get; init; }
    public Guid? ByAccountId { get; init; }

    /// <summary>Who chaired it, by name and role: the independent chair or reviewing officer where the kind has one.</summary>
    public string? ChairedBy { get; init; }

    /// <summary>Agencies that came, and those that sent a report instead.</summary>
    public List<string> Attended { get; init; } = [];

    public bool? Quorate { get; init; }

    /// <summary>Why it went ahead without a quorum.</summary>
    public string? NotQuorateBecause { get; init; }

    /// <summary>The child's view, in the child's own words where there are any.</summary>
    [Personal] public string? ChildsView { get; init; }

    public ReviewDecision? Decision { get; init; }
    [Personal] public string? Reason { get; init; }
}
