using NodaTime;

namespace OpenMash.Engines.Returns.Cin;

/// <summary>A Children in Need census file as rows. A value that is absent, or was not understood, is null; the findings tell which.</summary>
public sealed record CinReturn
{
    /// <summary>Census year: the year of the reference date, 31 March.</summary>
    public required int Year { get; init; }

    /// <summary>What the file says about itself.</summary>
    public required CinHeader Header { get; init; }

    /// <summary>The children, in the file's order. A child without LAchildID is not among them; a finding says so.</summary>
    public required IReadOnlyList<CinChild> Children { get; init; }
}

/// <summary>The header of a census file.</summary>
public sealed record CinHeader
{
    /// <summary><c>CIN</c>, or null when the file does not say.</summary>
    public string? Collection { get; init; }

    /// <summary>Census year as written.</summary>
    public int? Year { get; init; }

    /// <summary>Last day of the census year.</summary>
    public LocalDate? ReferenceDate { get; init; }

    /// <summary>Who made the file; the first of them is the authority.</summary>
    public IReadOnlyList<CinSource> Sources { get; init; } = [];
}

/// <summary>Who made a census file.</summary>
public sealed record CinSource
{
    /// <summary><c>L</c> for local authority.</summary>
    public string? SourceLevel { get; init; }

    /// <summary>Three-digit code of the authority.</summary>
    public string? Lea { get; init; }

    /// <summary>The program that wrote the file.</summary>
    public string? SoftwareCode { get; init; }

    /// <summary>Its version.</summary>
    public string? Release { get; init; }

    /// <summary>Three or more digits.</summary>
    public string? SerialNo { get; init; }

    /// <summary>When the file was written, as the file has it.</summary>
    public string? DateTime { get; init; }
}

/// <summary>One child of the census.</summary>
public sealed record CinChild
{
    /// <summary>Line of the file on which the child begins; 0 for a row that was not read from a file.</summary>
    public int Line { get; init; }

    /// <summary>The authority's own identifier of the child.</summary>
    public required string LAchildID { get; init; }

    /// <summary>Unique pupil number: a letter, eleven digits, a digit or letter. Its check letter is not proved here.</summary>
    public string? Upn { get; init; }

    /// <summary>An earlier UPN.</summary>
    public string? FormerUpn { get; init; }

    /// <summary>Why there is no UPN: a code of <c>UPNunknown</c>.</summary>
    public string? UpnUnknown { get; init; }

    /// <summary>Date of birth; null for an unborn child.</summary>
    public LocalDate? BirthDate { get; init; }

    /// <summary>Expected date of birth of an unborn child.</summary>
    public LocalDate? ExpectedBirthDate { get; init; }

    /// <summary>M, F or U: census years from 2025.</summary>
    public string? Sex { get; init; }

    /// <summary>0, 1, 2 or 9: census years to 2024.</summary>
    public string? GenderCurrent { get; init; }

    /// <summary>Date of death.</summary>
    public LocalDate? DeathDate { get; init; }

    /// <summary>A code of <c>Ethnicity</c>.</summary>
    public string? Ethnicity { get; init; }

    /// <summary>Codes of <c>Disability</c>, in the file's order.</summary>
    public IReadOnlyList<string> Disabilities { get; init; } = [];

    /// <summary>Referral episodes, in the file's order.</summary>
    public IReadOnlyList<CinEpisode> Episodes { get; init; } = [];

    /// <summary>Whether the file knows the child before birth only.</summary>
    public bool IsUnborn => BirthDate is null && ExpectedBirthDate is not null;

    /// <summary>M, F or U, from whichever of <see cref="Sex"/> and <see cref="GenderCurrent"/> the file has; null when it has neither.</summary>
    public string? SexCode => Sex ?? GenderCurrent switch
    {
        "1" => "M",
        "2" => "F",
        "0" or "9" => "U",
        _ => null,
    };

    /// <summary>1, 2, 0 or 9, from whichever of <see cref="GenderCurrent"/> and <see cref="Sex"/> the file has; null when it has neither.</summary>
    public string? GenderCode => GenderCurrent ?? Sex switch
    {
        "M" => "1",
        "F" => "2",
        "U" => "0",
        _ => null,
    };
}

/// <summary>One referral episode (<c>CINdetails</c>).</summary>
public sealed record CinEpisode
{
    /// <summary>Line of the file on which it begins.</summary>
    public int Line { get; init; }

    /// <summary>Date of referral.</summary>
    public LocalDate? ReferralDate { get; init; }

    /// <summary>A code of <c>ReferralSource</c>.</summary>
    public string? ReferralSource { get; init; }

    /// <summary>A code of <c>PrimaryNeedCode</c>.</summary>
    public string? PrimaryNeedCode { get; init; }

    /// <summary>Date on which the episode closed; null while open.</summary>
    public LocalDate? ClosureDate { get; init; }

    /// <summary>A code of <c>ReasonForClosure</c>.</summary>
    public string? ReasonForClosure { get; init; }

    /// <summary>Date of an initial conference without section 47 enquiry in this episode (transfer in).</summary>
    public LocalDate? DateOfInitialCpc { get; init; }

    /// <summary>Whether the referral led to no further action.</summary>
    public bool? ReferralNfa { get; init; }

    /// <summary>Child and family assessments.</summary>
    public IReadOnlyList<CinAssessment> Assessments { get; init; } = [];

    /// <summary>Child in need plans.</summary>
    public IReadOnlyList<CinPlan> CinPlans { get; init; } = [];

    /// <summary>Section 47 enquiries.</summary>
    public IReadOnlyList<CinSection47> Section47s { get; init; } = [];

    /// <summary>Child protection plans.</summary>
    public IReadOnlyList<CinProtectionPlan> ProtectionPlans { get; init; } = [];

    /// <summary>Pre-proceedings and family group decision making: an optional module, expected from the census year 2027.</summary>
    public IReadOnlyList<CinPreProceedings> PreProceedings { get; init; } = [];
}

/// <summary>A child and family assessment.</summary>
public sealed record CinAssessment
{
    /// <summary>Line of the file on which it begins.</summary>
    public int Line { get; init; }

    /// <summary>Date on which it started.</summary>
    public LocalDate? StartDate { get; init; }

    /// <summary>Date of the manager's review inside the authority.</summary>
    public LocalDate? InternalReviewDate { get; init; }

    /// <summary>Date on which it was authorised; null while it goes on.</summary>
    public LocalDate? AuthorisationDate { get; init; }

    /// <summary>Codes of <c>AssessmentFactors</c>, in the file's order.</summary>
    public IReadOnlyList<string> Factors { get; init; } = [];
}

/// <summary>A child in need plan.</summary>
public sealed record CinPlan
{
    /// <summary>Line of the file on which it begins.</summary>
    public int Line { get; init; }

    /// <summary>First day.</summary>
    public LocalDate? StartDate { get; init; }

    /// <summary>Last day; null while it goes on.</summary>
    public LocalDate? EndDate { get; init; }
}

/// <summary>A section 47 enquiry.</summary>
public sealed record CinSection47
{
    /// <summary>Line of the file on which it begins.</summary>
    public int Line { get; init; }

    /// <summary>Date on which it started.</summary>
    public LocalDate? StartDate { get; init; }

    /// <summary>Date by which the initial conference was due.</summary>
    public LocalDate? InitialCpcTarget { get; init; }

    /// <summary>Date on which it was held.</summary>
    public LocalDate? DateOfInitialCpc { get; init; }

    /// <summary>Whether a conference was not required.</summary>
    public bool? IcpcNotRequired { get; init; }
}

/// <summary>A child protection plan.</summary>
public sealed record CinProtectionPlan
{
    /// <summary>Line of the file on which it begins.</summary>
    public int Line { get; init; }

    /// <summary>First day.</summary>
    public LocalDate? StartDate { get; init; }

    /// <summary>Last day; null while it goes on.</summary>
    public LocalDate? EndDate { get; init; }

    /// <summary>A code of <c>CategoryOfAbuse</c>: when the plan began.</summary>
    public string? InitialCategory { get; init; }

    /// <summary>A code of <c>CategoryOfAbuse</c>: now, or when it ended.</summary>
    public string? LatestCategory { get; init; }

    /// <summary>Earlier plans of the child, anywhere.</summary>
    public int? NumberOfPreviousPlans { get; init; }

    /// <summary>Dates of reviews, in the file's order, from however many <c>Reviews</c> groups.</summary>
    public IReadOnlyList<LocalDate> Reviews { get; init; } = [];
}

/// <summary>
/// Pre-proceedings and family group decision making. Known from one sample only: no published list of outcomes was seen, so the
/// outcome is kept as written.
/// </summary>
public sealed record CinPreProceedings
{
    /// <summary>Line of the file on which it begins.</summary>
    public int Line { get; init; }

    /// <summary>Pre-proceedings started.</summary>
    public LocalDate? StartDate { get; init; }

    /// <summary>Letter before proceedings sent.</summary>
    public LocalDate? LetterSentDate { get; init; }

    /// <summary>A family group decision-making meeting was offered.</summary>
    public bool? MeetingOffered { get; init; }

    /// <summary>It was held.</summary>
    public bool? MeetingHeld { get; init; }

    /// <summary>First pre-proceedings meeting.</summary>
    public LocalDate? InitialMeetingDate { get; init; }

    /// <summary>Review meetings so far.</summary>
    public int? ReviewMeetings { get; init; }

    /// <summary>Decision to step up or down.</summary>
    public LocalDate? StepDecisionDate { get; init; }

    /// <summary>Outcome code, as written.</summary>
    public string? Outcome { get; init; }

    /// <summary>Application to court.</summary>
    public LocalDate? CourtApplicationDate { get; init; }

    /// <summary>Letter of intent to start care proceedings.</summary>
    public LocalDate? CareProceedingsLetterDate { get; init; }
}
