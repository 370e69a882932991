using System.Globalization;
using System.Runtime.InteropServices;
using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>What is left of a limit, or by how much it was missed.</summary>
/// <param name="Unit">The unit of the limit.</param>
/// <param name="Time">Elapsed time until the deadline; negative once it has passed.</param>
/// <param name="OpenTime">For limits in open hours, the open time within <paramref name="Time"/>; negative once passed. Null otherwise.</param>
/// <param name="Days">For limits in days, days of the unit's kind after today up to and including the due day (weeks and months: calendar
/// days); 0 is today, negative is late. Null for hours.</param>
/// <param name="IsOverdue">Whether the due moment has been missed.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Remaining(ClockUnit Unit, Duration Time, Duration? OpenTime, int? Days, bool IsOverdue)
{
    /// <summary>
    /// In words: <c>18 min left</c>, <c>1 h 5 min late</c>, <c>due today</c>, <c>3 working days left</c>. Whole minutes, rounded so that
    /// nobody is told more time than there is; open hours are given in open time.
    /// </summary>
    public override string ToString()
    {
        if (Days is { } days)
        {
            if (!IsOverdue && days <= 0)
                return Time > Duration.FromHours(25) ? "due on a day off" : "due today";
            // A due day on a day off can be past with no day of the kind since.
            var count = Math.Max(Math.Abs(days), 1);
            var kind = Unit switch
            {
                ClockUnit.WorkingDays => "working day",
                ClockUnit.SchoolDays => "school day",
                _ => "day",
            };
            if (IsOverdue && days == 0)
                return "late";
            return string.Create(CultureInfo.InvariantCulture, $"{count} {kind}{(count == 1 ? "" : "s")} {(IsOverdue ? "late" : "left")}");
        }

        var span = OpenTime ?? Time;
        var minutes = (long)Math.Abs(Math.Floor(span.TotalMinutes));
        var hours = minutes / 60;
        var words = hours >= 48 && OpenTime is null
            ? string.Create(CultureInfo.InvariantCulture, $"{hours / 24} days {hours % 24} h")
            : hours > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{hours} h {minutes % 60} min")
                : string.Create(CultureInfo.InvariantCulture, $"{minutes} min");
        return $"{words} {(IsOverdue ? "late" : "left")}";
    }
}
