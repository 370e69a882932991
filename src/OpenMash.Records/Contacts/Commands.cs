using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Contacts;

/// <summary>A person named in a report, as the sender gave it.</summary>
public sealed record PersonIntake
{
    public MentionRole Role { get; init; } = MentionRole.Child;
    public string? GivenName { get; init; }
    public string? FamilyName { get; init; }
    public string? OtherNames { get; init; }

    /// <summary>Any text; a date such as 2014-03-09 or 9/3/2014 is read as one (day first).</summary>
    public string? Birth { get; init; }

    public int? Age { get; init; }
    public LocalDate? ExpectedDate { get; init; }
    public string? Sex { get; init; }
    public string? Address { get; init; }
    public string? Postcode { get; init; }
    public string? Phone { get; init; }
    public string? School { get; init; }
    public string? NhsNumber { get; init; }
    public string? Upn { get; init; }
    public string? SenderPersonId { get; init; }
    public string? Relationship { get; init; }
    public string? Ethnicity { get; init; }
}

/// <summary>A vehicle, phone, address, place or account named in a report.</summary>
public sealed record ThingIntake(ThingKind Kind, string Value, string? Note = null);

/// <summary>The child's own words, verbatim.</summary>
public sealed record WordsIntake(string Words, string? SaidTo = null, string? SaidWhen = null, int? ChildNumber = null);

/// <summary>A file already in the vault.</summary>
public sealed record FileIntake(string Sha256, long Length, string ContentType, string Name, Files.ScanState Scan);

/// <summary>
/// A report arrives, by any way in. Accepted from anyone: the only thing asked for is some words. Children get a line each; no child named gives one line.
/// </summary>
public sealed record SubmitContact : ICommand<ContactSubmitted>
{
    public required Way Way { get; init; }

    /// <summary>The concern exactly as received.</summary>
    public required string Words { get; init; }

    /// <summary>The whole of what arrived, unaltered (form fields as JSON, request body, file row).</summary>
    public required string Original { get; init; }

    /// <summary>When any part of the hub first received the words; null means now. Never later than now.</summary>
    public Instant? ReceivedAt { get; init; }

    public Instant? TransmittedAt { get; init; }
    public ReferrerKind ReferrerKind { get; init; } = ReferrerKind.Professional;
    public ReferrerIdentity Identity { get; init; } = ReferrerIdentity.Named;

    /// <summary>For staff entering on behalf of an agency; a partner's own agency is taken from who they are.</summary>
    public Guid? AgencyId { get; init; }

    public string? ReferrerName { get; init; }
    public string? ReferrerRole { get; init; }
    public string? ReferrerPhone { get; init; }
    public string? ReferrerEmail { get; init; }
    public bool? SafeToContact { get; init; }
    public string? SafeContactHow { get; init; }
    public string? SenderReference { get; init; }
    public string? SourceCode { get; init; }
    public string? WhenHappened { get; init; }
    public string? WhereChildIsNow { get; init; }
    public string? WithWhom { get; init; }
    public bool InDangerNow { get; init; }
    public bool SignificantHarmAlleged { get; init; }
    public string? Language { get; init; }
    public bool InterpreterNeeded { get; init; }
    public string? CommunicationNeeds { get; init; }
    public string? FamilyKnows { get; init; }
    public string? LawfulBasis { get; init; }
    public bool NeedsReading { get; init; }
    public Guid? BatchId { get; init; }
    public int? BatchRow { get; init; }
    public bool BeyondRateLimit { get; init; }
    public bool Consultation { get; init; }
    public IReadOnlyList<PersonIntake> People { get; init; } = [];
    public IReadOnlyList<ThingIntake> Things { get; init; } = [];
    public IReadOnlyList<WordsIntake> ChildsWords { get; init; } = [];
    public IReadOnlyList<FileIntake> Files { get; init; } = [];

    /// <summary>The draft this came from; it is closed with the reference.</summary>
    public Guid? DraftId { get; init; }
}

/// <summary>What the sender is told at once. Nothing in it shows whether anyone is known.</summary>
public sealed record ContactSubmitted(Guid ContactId, string Reference, Instant ReceivedAt);

/// <summary>A contact is in the record, with its lines and mentions.</summary>
public sealed record ContactReceived(Guid ContactId, IReadOnlyList<Guid> LineIds, IReadOnlyList<Guid> MentionIds) : IEvent;

/// <summary>A person of the hub says "I have seen it". Claims it too where <see cref="Claim"/>.</summary>
public sealed record AcknowledgeContact(Guid ContactId, bool Claim) : ICommand<Nothing>;

/// <summary>Puts a contact back into the queue, or takes it over from its owner.</summary>
public sealed record ReleaseContact(Guid ContactId, string Reason) : ICommand<Nothing>;

/// <summary>Rates a child's line. Red takes one person and one action at any hour; lowering needs a reason.</summary>
public sealed record RateLine(Guid LineId, Rating Rating, string? Reason) : ICommand<Nothing>;

/// <summary>
/// Decides a child's line. Raising protection never waits; "no further action" needs a second person where practice rule 14 says so and is then a proposal.
/// </summary>
public sealed record DecideLine : ICommand<LineDecided>
{
    public required Guid LineId { get; init; }
    public required LineOutcome Outcome { get; init; }
    public required string Reason { get; init; }
    public Guid? ToAgencyId { get; init; }
    public string? ToTeam { get; init; }

    /// <summary>For "to the allocated worker": the worker, where they sign in here.</summary>
    public Guid? ToAccountId { get; init; }

    /// <summary>For "return for consent".</summary>
    public LocalDate? RecallOn { get; init; }

    /// <summary>For "return for consent": asking the family could put someone at risk; it is then refused.</summary>
    public bool AskingAddsRisk { get; init; }

    /// <summary>For an allegation against a person working with children: accounts to be shut out (the person, their line), and their agency if need be.</summary>
    public IReadOnlyList<Guid> ImplicatedAccountIds { get; init; } = [];

    public Guid? ImplicatedAgencyId { get; init; }

    /// <summary>The version of the line that the person saw; null for acts that raise protection.</summary>
    public Guid? SeenVersion { get; init; }
}

public sealed record LineDecided(Guid DecisionId, DecisionState State, string? SecondNeededBecause);

/// <summary>The second person agrees to a proposed closing, or does not (which leaves the line open).</summary>
public sealed record SecondDecision(Guid DecisionId, bool Agrees, string Words) : ICommand<Nothing>;

/// <summary>A child's line got its outcome; the clocks, the telling and other rooms act on it.</summary>
public sealed record LineSettled(Guid ContactId, Guid LineId, LineOutcome Outcome, LineState State) : IEvent;

/// <summary>A duplicate report: this line is merged into another; both texts and the earliest clock are kept.</summary>
public sealed record MergeLine(Guid LineId, Guid IntoLineId, string Reason) : ICommand<Nothing>;

/// <summary>Adds a child's line later (a sibling, proposed and confirmed by a person; never automatic).</summary>
public sealed record AddLine(Guid ContactId, PersonIntake Child, string Reason) : ICommand<Guid>;

/// <summary>Says that whoever raised it was spoken to, or that it could not be.</summary>
public sealed record RecordTelling(Guid TellingId, bool Spoken, TellingChannel Channel, string Note) : ICommand<Nothing>;

/// <summary>Hands a contact, a check or a draft to a person, a team or an agency; complete when they acknowledge.</summary>
public sealed record HandOverItem(string SubjectKind, Guid SubjectId, Guid? ToAccountId, Guid? ToAgencyId, string? ToTeam, string Reason) : ICommand<Guid>;

/// <summary>The named receiver acknowledges, or gives it back with a reason.</summary>
public sealed record AnswerHandOver(Guid HandOverId, bool Accepts, string? Reason) : ICommand<Nothing>;

/// <summary>A hand-over was acknowledged.</summary>
public sealed record HandedOver(string SubjectKind, Guid SubjectId, Guid? AccountId, Guid? AgencyId) : IEvent;

/// <summary>
/// A file of reports in bulk. Accepted or refused as a whole; in an accepted file every row becomes a contact, and a row that cannot be understood becomes one
/// with its raw text, marked "needs reading". One transaction: after a crash either all rows are there or none.
/// </summary>
public sealed record ImportContacts : ICommand<ContactsImported>
{
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }

    /// <summary>The decoded text of the file, CSV or JSON.</summary>
    public required string Text { get; init; }

    /// <summary>The agency whose notifications they are.</summary>
    public required Guid AgencyId { get; init; }

    /// <summary>When the file was transmitted; rows without a time of their own count from here.</summary>
    public Instant? TransmittedAt { get; init; }
}

/// <summary>What came of each row.</summary>
public sealed record ImportedRow(int Row, Guid ContactId, string Reference, bool NeedsReading, string? Note);

public sealed record ContactsImported(Guid BatchId, IReadOnlyList<ImportedRow> Rows);
