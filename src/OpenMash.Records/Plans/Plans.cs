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
}

public enum PlanKind
{
    EarlyHelp,
    ChildInNeed,
    ChildProtection,
    LookedAfter,
    CareLeaver,
}

/// <summary>A plan of any kind: the same clocks, alarms and figures for all.</summary>
[Entity(Room.Plans, Retention.ChildRecord, specialCategory: true)]
public sealed class Plan : DomainRow
{
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }
    [RefersTo(typeof(ReferralEpisode))] public Guid? EpisodeId { get; init; }
    public required PlanKind Kind { get; init; }
    public required LocalDate StartedOn { get; init; }
    public LocalDate? EndedOn { get; set; }

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
    public void Configure(EntityTypeBuilder<Plan> builder) => builder.HasIndex(p => new { p.AuthorityId, p.PersonId, p.EndedOn });
}

[Entity(Room.Plans, Retention.ChildRecord, specialCategory: false)]
public sealed class PlanReview : DomainRow
{
    [RefersTo(typeof(Plan))] public required Guid PlanId { get; init; }
    public required LocalDate HeldOn { get; init; }
    public required Instant RecordedAt { get; init; }
}
