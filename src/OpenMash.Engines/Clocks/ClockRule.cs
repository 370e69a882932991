using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>What gives a limit its force.</summary>
public enum ClockForce
{
    /// <summary>Law or statutory guidance; an authority may shorten it, never lengthen it.</summary>
    Statutory,

    /// <summary>The authority's own, or its partnership's.</summary>
    Local,
}

/// <summary>Who may move a due date, how often and how far. The original date stays and is what performance is measured against.</summary>
/// <param name="Approver">Role or title of the person who must approve.</param>
/// <param name="Times">At most so many extensions; null for any number.</param>
/// <param name="UpTo">At most so many units after the original due date; null for any distance.</param>
public sealed record ExtensionRule(string Approver, int? Times, int? UpTo);

/// <summary>One limit as data: whom it applies to, what starts and ends it, how long, in force when, and by whose authority.</summary>
public sealed record ClockRule
{
    /// <summary>Stable name, the same through all dated versions: <c>assessment.complete</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What the duty is, in plain words: <c>Finish the child and family assessment</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of thing it applies to: <c>contact</c>, <c>assessment</c>, <c>child-protection</c>.</summary>
    public required string AppliesTo { get; init; }

    /// <summary>Narrower: a rating, an age group, a level of placement; null for all of the kind.</summary>
    public string? Variant { get; init; }

    /// <summary>Kinds of fact that start the clock. While it runs another of them never resets it.</summary>
    public required IReadOnlyList<string> StartedBy { get; init; }

    /// <summary>Kinds of fact that meet the duty. One that is also in <see cref="StartedBy"/> starts the next round.</summary>
    public IReadOnlyList<string> MetBy { get; init; } = [];

    /// <summary>Kinds of fact after which the duty is no longer due, such as the closing of the plan.</summary>
    public IReadOnlyList<string> EndedBy { get; init; } = [];

    /// <summary>How many units; nought or more.</summary>
    public required int Limit { get; init; }

    /// <summary>What the limit is counted in.</summary>
    public required ClockUnit Unit { get; init; }

    /// <summary>Whether the starting day is day one ("beginning with"). Means nothing for hours.</summary>
    public bool FirstDayCounts { get; init; }

    /// <summary>Who may extend it and how far; null when nothing may.</summary>
    public ExtensionRule? Extension { get; init; }

    /// <summary>Statutory or local.</summary>
    public required ClockForce Force { get; init; }

    /// <summary>Where the limit comes from.</summary>
    public required string Source { get; init; }

    /// <summary>First date on which a clock may start under this version.</summary>
    public required LocalDate ValidFrom { get; init; }

    /// <summary>Last such date; null while in force.</summary>
    public LocalDate? ValidTo { get; init; }

    /// <summary>Whether clocks that start on the London date fall under this version.</summary>
    public bool IsValidOn(LocalDate date) => date >= ValidFrom && (ValidTo is null || date <= ValidTo);
}
