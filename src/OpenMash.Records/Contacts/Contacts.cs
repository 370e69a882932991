using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Contacts;

/// <summary>The ways by which a report arrives; one command stands behind them all.</summary>
public enum Way
{
    PublicForm,
    PartnerForm,

    /// <summary>Entered by hub staff from a call, a walk-in or an e-mail.</summary>
    Staff,
    Api,
    File,
}

/// <summary>Who reports. Anonymous (unknown to us), identity withheld (known, sealed) and named are different things.</summary>
public enum ReferrerIdentity
{
    Named,
    IdentityWithheld,
    Anonymous,
}

public enum ReferrerKind
{
    Professional,
    Public,

    /// <summary>A child reports for themselves: no reply goes to a parent automatically.</summary>
    Child,
}

/// <summary>Urgency. Labels and targets are dated settings of the authority; the order red to blue is fixed.</summary>
public enum Rating
{
    Red,
    Amber,
    Green,
    Blue,
}

/// <summary>Where a child's line stands: at any minute exactly one. Received = Decided + Waiting + Moved + Merged.</summary>
public enum LineState
{
    Waiting,
    Decided,

    /// <summary>Another team or authority accepted it. Until it accepts, the line is waiting.</summary>
    Moved,

    /// <summary>A duplicate report; both texts and the earliest clock are kept.</summary>
    Merged,
}

/// <summary>What is decided for a child's line.</summary>
public enum LineOutcome
{
    InformationAndAdvice,

    /// <summary>An open state with an owner and a recall date; counted as waiting.</summary>
    ReturnForConsent,
    EarlyHelp,
    Assessment,

    /// <summary>An enquiry in the room; the line waits until the room decides.</summary>
    Enquiry,
    StrategyDiscussion,
    ImmediateProtection,
    AllocatedWorker,
    AnotherAuthority,
    AllegationAgainstProfessional,
    PrivateFostering,
    AdultSafeguarding,
    NoFurtherAction,
}

/// <summary>A report of possible harm, as it arrived. Its words never change.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: true)]
public sealed class Contact : DomainRow
{
    /// <summary>For example R-2026-000418.</summary>
    public required string Reference { get; init; }

    public required Way Way { get; init; }

    /// <summary>When any part of the hub first received the words: call, inbox, duty team, police transmission. All clocks start here.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>The London date of <see cref="ReceivedAt"/>: the day on which it is counted.</summary>
    public required LocalDate ReceivedOn { get; init; }

    /// <summary>When it was written into this record; late entry never resets a clock.</summary>
    public required Instant EnteredAt { get; init; }

    /// <summary>When a file that held it was transmitted, for bulk files.</summary>
    public Instant? TransmittedAt { get; init; }

    /// <summary>The concern exactly as received.</summary>
    [Personal] public required string Words { get; init; }

    /// <summary>The whole of what arrived (form fields, JSON body or file row), unaltered.</summary>
    [Personal] public required string Original { get; init; }

    public required ReferrerKind ReferrerKind { get; init; }
    public required ReferrerIdentity Identity { get; init; }

    /// <summary>The agency that reports; null for the public. Every figure "by agency" counts null as "Public".</summary>
    [RefersTo(typeof(Agency))] public Guid? AgencyId { get; init; }

    /// <summary>The signed-in person who reported or entered it.</summary>
    public Guid? EnteredByAccountId { get; init; }

    [Personal] public string? ReferrerName { get; init; }
    [Personal] public string? ReferrerRole { get; init; }
    [Personal] public string? ReferrerPhone { get; init; }
    [Personal] public string? ReferrerEmail { get; init; }

    /// <summary>"Is it safe to contact you? How, when?" Null was not asked or not answered.</summary>
    public bool? SafeToContact { get; init; }

    [Personal] public string? SafeContactHow { get; init; }

    /// <summary>The sender's own reference (police incident, school log). Same sender and same incident are grouped for one reader.</summary>
    public string? SenderReference { get; init; }

    /// <summary>Code of the census list "referral source".</summary>
    public string? SourceCode { get; init; }

    /// <summary>When it happened, in the words given.</summary>
    [Personal] public string? WhenHappened { get; init; }

    [Personal] public string? WhereChildIsNow { get; init; }
    [Personal] public string? WithWhom { get; init; }

    /// <summary>Someone may be in danger now.</summary>
    public bool InDangerNow { get; init; }

    /// <summary>Significant harm is alleged: "return for consent" is refused.</summary>
    public bool SignificantHarmAlleged { get; set; }

    public string? Language { get; init; }
    public bool InterpreterNeeded { get; init; }
    public string? CommunicationNeeds { get; init; }

    /// <summary>What the family knows and agreed to, in the referrer's words. Separate from the lawful basis for sharing.</summary>
    [Personal] public string? FamilyKnows { get; init; }

    public string? LawfulBasis { get; init; }

    /// <summary>A row of an accepted file that could not be understood: kept with its raw text for a reader.</summary>
    public bool NeedsReading { get; set; }

    [RefersTo(typeof(ImportBatch))] public Guid? BatchId { get; init; }
    public int? BatchRow { get; init; }

    /// <summary>Accepted beyond the rate limit and queued behind the others.</summary>
    public bool BeyondRateLimit { get; init; }

    /// <summary>A no-names consultation by a partner: kept, never a contact until someone decides.</summary>
    public bool Consultation { get; set; }

    /// <summary>The first person of the hub who said "I have seen it".</summary>
    public Instant? AcknowledgedAt { get; set; }

    public Guid? AcknowledgedBy { get; set; }
    public Guid? OwnerAccountId { get; set; }
    public Instant? OwnedSince { get; set; }
}

internal sealed class ContactMap : IEntityTypeConfiguration<Contact>
{
    public void Configure(EntityTypeBuilder<Contact> builder)
    {
        builder.HasIndex(c => new { c.AuthorityId, c.Reference }).IsUnique();
        builder.HasIndex(c => new { c.AuthorityId, c.ReceivedAt });
        builder.HasIndex(c => new { c.AuthorityId, c.ReceivedOn });
        builder.HasIndex(c => new { c.AuthorityId, c.AgencyId, c.ReceivedAt });
        builder.HasIndex(c => new { c.AuthorityId, c.EnteredByAccountId });
        builder.HasIndex(c => new { c.AuthorityId, c.SenderReference });
        // The oldest that nobody has acknowledged stands on the front page; those acknowledged are not looked through for it.
        builder.HasIndex(c => new { c.AuthorityId, c.ReceivedAt }, "IX_Contact_Unacknowledged").HasFilter("\"AcknowledgedAt\" IS NULL");
    }
}

/// <summary>One child's line in a contact; one line if no child is identified. State, rating and outcome live here.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: true)]
public sealed class ContactLine : DomainRow
{
    [RefersTo(typeof(Contact))] public required Guid ContactId { get; init; }

    /// <summary>1, 2, … within the contact.</summary>
    public required int Number { get; init; }

    /// <summary>The child as reported; null if nobody could be named.</summary>
    [RefersTo(typeof(Mention))] public Guid? MentionId { get; init; }

    /// <summary>Copied from the contact for the queue and the accounting identity.</summary>
    public required Instant ReceivedAt { get; init; }

    public required LocalDate ReceivedOn { get; init; }
    public Guid? AgencyId { get; init; }

    public LineState State { get; set; }

    /// <summary>Null until a qualified officer has rated it.</summary>
    public Rating? Rating { get; set; }

    public Instant? RatedAt { get; set; }

    /// <summary>The outcome in force or, while waiting, the one that keeps it open (enquiry, return for consent).</summary>
    public LineOutcome? Outcome { get; set; }

    public Instant? SettledAt { get; set; }

    /// <summary>The enquiry in which it is looked at.</summary>
    public Guid? EnquiryId { get; set; }

    [RefersTo(typeof(ContactLine))] public Guid? MergedIntoLineId { get; set; }

    /// <summary>For "return for consent": who recalls it and when.</summary>
    public Guid? RecallOwnerId { get; set; }

    public LocalDate? RecallOn { get; set; }

    /// <summary>The statutory working day to decide the response; the earliest of those merged in.</summary>
    public required Instant DecisionDueAt { get; set; }

    /// <summary>The local target by rating, from the first rating on; the earliest target given is kept.</summary>
    public Instant? TargetDueAt { get; set; }
}

internal sealed class ContactLineMap : IEntityTypeConfiguration<ContactLine>
{
    public void Configure(EntityTypeBuilder<ContactLine> builder)
    {
        builder.HasIndex(l => new { l.AuthorityId, l.ContactId, l.Number }).IsUnique();
        builder.HasIndex(l => new { l.AuthorityId, l.State, l.ReceivedAt });
        // The few that wait, grouped by contact on every page's badge: without it the groups of all lines ever received are walked.
        builder.HasIndex(l => new { l.AuthorityId, l.ContactId }, "IX_ContactLine_Waiting").HasFilter("\"State\" = 'Waiting'");
        builder.HasIndex(l => new { l.AuthorityId, l.ReceivedOn, l.State });
    }
}

/// <summary>A rating given to a line. History is kept; a lower rating deletes neither the earlier target nor its breach.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: false)]
public sealed class LineRating : DomainRow
{
    [RefersTo(typeof(ContactLine))] public required Guid LineId { get; init; }
    public required Rating Rating { get; init; }
    public required string Reason { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }

    /// <summary>The target this rating set, counted from receipt.</summary>
    public Instant? TargetDueAt { get; init; }
}

public enum DecisionState
{
    /// <summary>Waits for the second person of practice rule 14; the line is undecided and its clock runs.</summary>
    Proposed,
    InForce,

    /// <summary>The second person did not agree.</summary>
    NotAgreed,

    /// <summary>Replaced by a later decision; never erased.</summary>
    Superseded,
}

/// <summary>What was decided for a line, why and by whom.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: true)]
public sealed class LineDecision : DomainRow
{
    [RefersTo(typeof(ContactLine))] public required Guid LineId { get; init; }
    public required LineOutcome Outcome { get; init; }
    [Personal] public required string Reason { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }
    public DecisionState State { get; set; }

    /// <summary>Why a second person is needed, in a sentence; null if not.</summary>
    public string? SecondNeededBecause { get; init; }

    public Guid? SecondAccountId { get; set; }
    public Instant? SecondAt { get; set; }
    [Personal] public string? SecondWords { get; set; }

    /// <summary>Where it goes: the agency, team or authority, for outcomes that send it on.</summary>
    public Guid? ToAgencyId { get; init; }

    public string? ToTeam { get; init; }
    public LocalDate? RecallOn { get; init; }
}

internal sealed class LineDecisionMap : IEntityTypeConfiguration<LineDecision>
{
    public void Configure(EntityTypeBuilder<LineDecision> builder) => builder.HasIndex(d => new { d.AuthorityId, d.State, d.At });
}

/// <summary>Who a person is in one contact. The role belongs to the event and is never inherited through a link.</summary>
public enum MentionRole
{
    Child,
    Sibling,
    ParentOrCarer,
    HouseholdMember,

    /// <summary>In the words of an allegation; never "perpetrator".</summary>
    AdultOfConcern,
    OtherYoungPerson,
    Other,
}

/// <summary>A person as a contact names them: kept as reported for ever. An identification ties it to a person of the register.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: true)]
public sealed class Mention : DomainRow
{
    [RefersTo(typeof(Contact))] public required Guid ContactId { get; init; }
    public required int Number { get; init; }
    public required MentionRole Role { get; init; }
    [Personal] public string? GivenName { get; init; }
    [Personal] public string? FamilyName { get; init; }
    [Personal] public string? OtherNames { get; init; }

    /// <summary>As reported, even if it is no date.</summary>
    [Personal] public string? BirthAsReported { get; init; }

    public LocalDate? BirthDate { get; init; }
    public int? Age { get; init; }

    /// <summary>For an unborn child.</summary>
    public LocalDate? ExpectedDate { get; init; }

    public string? Sex { get; init; }
    [Personal] public string? Address { get; init; }
    [Personal] public string? Postcode { get; init; }
    [Personal] public string? Phone { get; init; }
    [Personal] public string? School { get; init; }
    [Personal] public string? NhsNumber { get; init; }
    [Personal] public string? Upn { get; init; }

    /// <summary>The sender's own identifier of the person (local id of the agency).</summary>
    public string? SenderPersonId { get; init; }

    [Personal] public string? Relationship { get; init; }
    public string? Ethnicity { get; init; }
}

internal sealed class MentionMap : IEntityTypeConfiguration<Mention>
{
    public void Configure(EntityTypeBuilder<Mention> builder) => builder.HasIndex(m => new { m.AuthorityId, m.ContactId, m.Number }).IsUnique();
}

public enum ThingKind
{
    Vehicle,
    Phone,
    Address,
    Place,
    OnlineAccount,
    Other,
}

/// <summary>A vehicle, phone, address or place named in a contact.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: true)]
public sealed class MentionedThing : DomainRow
{
    [RefersTo(typeof(Contact))] public required Guid ContactId { get; init; }
    public required ThingKind Kind { get; init; }
    [Personal] public required string AsReported { get; init; }

    /// <summary>The normal form where the value could be read as one, for matching.</summary>
    [Personal] public string? Normal { get; init; }

    [Personal] public string? Note { get; init; }
}

internal sealed class MentionedThingMap : IEntityTypeConfiguration<MentionedThing>
{
    public void Configure(EntityTypeBuilder<MentionedThing> builder) => builder.HasIndex(t => new { t.AuthorityId, t.Kind, t.Normal });
}

/// <summary>The child's own words: verbatim, with who heard them. Shown first.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: true)]
public sealed class ChildsWords : DomainRow
{
    [RefersTo(typeof(Contact))] public required Guid ContactId { get; init; }
    [RefersTo(typeof(Mention))] public Guid? MentionId { get; init; }
    [Personal] public required string Words { get; init; }
    [Personal] public string? SaidTo { get; init; }
    [Personal] public string? SaidWhen { get; init; }
}

public enum TellingState
{
    /// <summary>Not told yet: visible until it is.</summary>
    Due,

    /// <summary>Handed to the sender; not yet known to have arrived.</summary>
    Sent,

    /// <summary>Delivered or spoken.</summary>
    Told,

    /// <summary>Could not be delivered: back in the queue.</summary>
    Failed,

    /// <summary>Cannot or must not be told (anonymous; embargo), with the reason.</summary>
    NotTold,
}

public enum TellingChannel
{
    Email,
    TextMessage,
    Telephone,

    /// <summary>Shown to a signed-in partner in the hub, who opened it.</summary>
    InHub,
    Letter,
}

/// <summary>Telling whoever raised it what came of it, within its limit. Messages carry a reference and never a name.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: false)]
public sealed class Telling : DomainRow
{
    [RefersTo(typeof(Contact))] public required Guid ContactId { get; init; }

    /// <summary><c>acknowledgement</c> or <c>outcome</c>.</summary>
    public required string Kind { get; init; }

    public required TellingChannel Channel { get; set; }
    public TellingState State { get; set; }
    public required Instant DueAt { get; init; }
    public Instant? SentAt { get; set; }
    public Instant? ToldAt { get; set; }
    public Guid? ToldBy { get; set; }
    public string? Note { get; set; }
    public int Attempts { get; set; }

    /// <summary>What may be said, by template: without names.</summary>
    public required string Text { get; init; }
}

internal sealed class TellingMap : IEntityTypeConfiguration<Telling>
{
    public void Configure(EntityTypeBuilder<Telling> builder) => builder.HasIndex(t => new { t.AuthorityId, t.State, t.DueAt });
}

/// <summary>A file of reports in bulk (police notifications): accepted as a whole, each row accounted for.</summary>
[Entity(Room.FrontDoor, Retention.ChildRecord, specialCategory: false)]
public sealed class ImportBatch : DomainRow
{
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }
    public required Guid AgencyId { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }
    public required int Rows { get; init; }
    public required int Understood { get; init; }
    public required int NeedReading { get; init; }
    public required int Repeats { get; init; }
}

internal sealed class ImportBatchMap : IEntityTypeConfiguration<ImportBatch>
{
    public void Configure(EntityTypeBuilder<ImportBatch> builder) => builder.HasIndex(b => new { b.AuthorityId, b.Sha256 });
}
