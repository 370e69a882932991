using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>A kind of plan as data.</summary>
public sealed record PlanKindSetting
{
    public required string Code { get; init; }
    public required string Label { get; init; }
    public required string Short { get; init; }

    /// <summary>What the clock rules call it.</summary>
    public required string Rules { get; init; }

    /// <summary>Its place between little and much protection: a step up leads higher, a step down lower.</summary>
    public required int Protection { get; init; }

    /// <summary>Nought where it lasts as long as it lasts.</summary>
    public int ExpectedMonths { get; init; }

    /// <summary>For a child with a disability; nought where that makes no difference.</summary>
    public int ExpectedMonthsDisability { get; init; }

    /// <summary>What the meeting of the agencies is called, and the fact it is to the clock rules.</summary>
    public required string Meeting { get; init; }

    public required string MeetingFact { get; init; }
    public required IReadOnlyList<Roles> ReviewedBy { get; init; }

    /// <summary>Reviewed, and ended, by someone outside the case line.</summary>
    public bool Independent { get; init; }

    /// <summary>Heading of the family's copy.</summary>
    public required string Family { get; init; }

    public required string Lead { get; init; }

    /// <summary>Not one of the five that stand side by side in every table; shown where there are any.</summary>
    public bool Further { get; init; }

    public Roles Reviewers => ReviewedBy.Aggregate(Roles.None, (all, one) => all | one);
}

/// <summary>One row of the figure: which duties it counts, what met them, what settles one.</summary>
public sealed record PlanMeasure
{
    public required string Key { get; init; }
    public required string Label { get; init; }
    public required string Noun { get; init; }

    /// <summary>Rule ids without the kind before the dot.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    public required IReadOnlyList<string> Facts { get; init; }
    public required string Done { get; init; }
    public required string Settles { get; init; }

    /// <summary>The page under the plan's own on which it is settled.</summary>
    public required string Page { get; init; }
}

/// <summary>What a file carries of a measure: <c>all</c> that happened, or only the <c>last</c>. What it does not carry is "not held", never "late".</summary>
public sealed record CarriedMeasure(string Source, string Kind, string Measure, string What);

/// <summary>The two kinds whose difference is printed as a number.</summary>
public sealed record ParityGap(string From, string To, string Measure);

/// <summary><c>Settings/plan-kinds.json</c>.</summary>
public sealed record PlanKindSettings
{
    public required IReadOnlyList<PlanKindSetting> Kinds { get; init; }
    public required IReadOnlyList<PlanMeasure> Measures { get; init; }
    public required IReadOnlyList<CarriedMeasure> Carried { get; init; }

    /// <summary>Agencies without which a review or strategy discussion is not quorate.</summary>
    public required IReadOnlyList<string> Quorum { get; init; }

    public required IReadOnlyList<string> Agencies { get; init; }
    public required ParityGap Gap { get; init; }

    public PlanKindSetting? Find(string code) => Kinds.FirstOrDefault(k => k.Code == code);

    /// <summary>The kind; one that the settings no longer name keeps its code for a label and has no duties.</summary>
    public PlanKindSetting Of(string code) => Find(code) ?? new PlanKindSetting
    {
        Code = code,
        Label = Platform.Furniture.Words.FromPropertyName(code),
        Short = Platform.Furniture.Words.FromPropertyName(code),
        Rules = "",
        Protection = 0,
        Meeting = "Meeting",
        MeetingFact = "meeting",
        ReviewedBy = [],
        Family = "Your plan",
        Lead = "Lead",
        Further = true,
    };

    public PlanMeasure? MeasureOf(string ruleId)
    {
        var name = ruleId[(ruleId.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return Measures.FirstOrDefault(m => m.Rules.Contains(name));
    }

    public string? CarriedBy(string source, string kind, string measure) =>
        Carried.FirstOrDefault(c => c.Source == source && c.Kind == kind && c.Measure == measure)?.What;
}

/// <summary>A sign of drift as data.</summary>
public sealed record AlarmRule
{
    public required string Key { get; init; }
    public required string Label { get; init; }

    /// <summary>The part of the plan's page that shows it.</summary>
    public required string Anchor { get; init; }

    public int Times { get; init; }
    public int Weeks { get; init; }
    public int Months { get; init; }
    public int FromAge { get; init; }
    public string? Note { get; init; }
}

/// <summary><c>Settings/plan-alarms.json</c>.</summary>
public sealed record AlarmSettings
{
    public required int ClimbAfterHours { get; init; }

    /// <summary>Who must look, the worker first.</summary>
    public required IReadOnlyList<string> Levels { get; init; }

    public required IReadOnlyList<AlarmRule> Rules { get; init; }

    public AlarmRule? Find(string key) => Rules.FirstOrDefault(r => r.Key == key);

    public string LabelOf(string key) => Find(key)?.Label ?? Platform.Furniture.Words.FromPropertyName(key);
}
