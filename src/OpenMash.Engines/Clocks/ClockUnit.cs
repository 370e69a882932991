namespace OpenMash.Engines.Clocks;

/// <summary>What a limit is counted in.</summary>
public enum ClockUnit
{
    /// <summary>Elapsed hours, day and night; a day of a clock change has 23 or 25 of them.</summary>
    Hours,

    /// <summary>Hours during which the hub is open (<see cref="OpeningHours"/>).</summary>
    OpenHours,

    /// <summary>Days that are neither Saturday, Sunday nor a bank holiday of the calendar.</summary>
    WorkingDays,

    /// <summary>Working days that lie in a school term (<see cref="SchoolTerms"/>).</summary>
    SchoolDays,

    /// <summary>Every day.</summary>
    CalendarDays,

    /// <summary>Seven calendar days.</summary>
    Weeks,

    /// <summary>Calendar months by the corresponding-date rule, clipped to the month's end.</summary>
    Months,
}

/// <summary>The names that units carry in files, and what kind of due moment each gives.</summary>
public static class ClockUnits
{
    private static readonly (ClockUnit Unit, string Name)[] Names =
    [
        (ClockUnit.Hours, "hours"),
        (ClockUnit.OpenHours, "open-hours"),
        (ClockUnit.WorkingDays, "working-days"),
        (ClockUnit.SchoolDays, "school-days"),
        (ClockUnit.CalendarDays, "calendar-days"),
        (ClockUnit.Weeks, "weeks"),
        (ClockUnit.Months, "months"),
    ];

    /// <summary>The names, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> AllNames { get; } = Array.ConvertAll(Names, n => n.Name);

    /// <summary>The unit's name in files, such as <c>working-days</c>.</summary>
    public static string Name(this ClockUnit unit) => Names[(int)unit].Name;

    /// <summary>Whether the unit gives a time of day; the others give a whole London day.</summary>
    public static bool GivesTime(this ClockUnit unit) => unit is ClockUnit.Hours or ClockUnit.OpenHours;

    /// <summary>Reads a unit's name, whatever its case. False, and no unit, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ClockUnit unit)
    {
        text = text.Trim();
        foreach (var (candidate, name) in Names)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                unit = candidate;
                return true;
            }
        }

        unit = default;
        return false;
    }

    internal static string Amount(int count, string one) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");
}
