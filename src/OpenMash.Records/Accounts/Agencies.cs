using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Accounts;

/// <summary>The kinds of agency that sit in a hub or report to it.</summary>
public enum AgencyKind
{
    ChildrensSocialCare,
    EarlyHelp,
    Police,
    Health,
    Education,
    Housing,
    Probation,
    YouthJustice,
    Licensing,
    DomesticAbuse,
    Voluntary,
    AdultSocialCare,
    OtherAuthority,
    Other,
}

/// <summary>An agency of the partnership.</summary>
[Entity(Room.Governance, Retention.Operational, specialCategory: false)]
public sealed class Agency : DomainRow
{
    public required string Name { get; set; }
    public required AgencyKind Kind { get; set; }

    /// <summary>The number to call when an answer cannot wait or the hub is down.</summary>
    public required string Telephone { get; set; }

    public string? Email { get; set; }

    /// <summary>The local authority's own hub team. Its members see the whole of a room.</summary>
    public required bool IsHub { get; set; }

    /// <summary>Sits in the hub and can be asked for checks.</summary>
    public required bool AnswersChecks { get; set; }

    public LocalDate? ClosedOn { get; set; }
}

/// <summary>What a person does for an agency. One membership can hold several.</summary>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>May report a concern and see its state: every signed-in person of a partner agency.</summary>
    Referrer = 1 << 0,

    /// <summary>Logs calls and e-mails, drafts, keeps the queue tidy. Not a rater.</summary>
    BusinessSupport = 1 << 1,

    /// <summary>Social-work-qualified: gives the rating and proposes the outcome.</summary>
    ScreeningOfficer = 1 << 2,

    /// <summary>Answers checks and takes part in rooms for an agency.</summary>
    Researcher = 1 << 3,

    /// <summary>Decides in the room; second person for closings; owns the hub's queue.</summary>
    HubManager = 1 << 4,

    SocialWorker = 1 << 5,
    TeamManager = 1 << 6,
    ReviewingOfficer = 1 << 7,
    ExploitationCoordinator = 1 << 8,
    LicensingOfficer = 1 << 9,
    Auditor = 1 << 10,
    TrainingLead = 1 << 11,
    PerformanceAnalyst = 1 << 12,

    /// <summary>Leaders and councillors: aggregates only, suppressed.</summary>
    Leader = 1 << 13,

    /// <summary>Trail, break-glass review, breaches, disposal.</summary>
    InformationGovernance = 1 << 14,

    /// <summary>Accounts, agencies, settings; no child's record.</summary>
    Administrator = 1 << 15,

    /// <summary>Emergency duty team out of hours: acts for the hub.</summary>
    DutyTeam = 1 << 16,

    /// <summary>Designated officer for allegations against people who work with children.</summary>
    DesignatedOfficer = 1 << 17,
}

/// <summary>A dated membership of a person in an agency of an authority, with its roles.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: false)]
public sealed class Membership : DomainRow
{
    public required Guid AccountId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }
    public required Roles Roles { get; set; }
    public required string JobTitle { get; set; }
    public required LocalDate ValidFrom { get; init; }

    /// <summary>Last day on which it holds, inclusive.</summary>
    public LocalDate? ValidTo { get; set; }
}

internal sealed class MembershipMap : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> builder)
    {
        builder.Property(m => m.Roles).HasConversion<int>();
        builder.HasIndex(m => m.AccountId);
        builder.HasOne<Account>().WithMany().HasForeignKey(m => m.AccountId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Binds a partner system's client (OAuth client credentials) to the agency for which it speaks.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: false)]
public sealed class PartnerClient : DomainRow
{
    public required string ClientId { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }
    public required string Name { get; set; }
    public Instant? ClosedAt { get; set; }
}

internal sealed class PartnerClientMap : IEntityTypeConfiguration<PartnerClient>
{
    public void Configure(EntityTypeBuilder<PartnerClient> builder) => builder.HasIndex(c => c.ClientId).IsUnique();
}
