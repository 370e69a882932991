using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>Everything that limits are counted by: working days, and where known opening hours and school terms.</summary>
public sealed class HubCalendar
{
    /// <summary>A calendar; units whose data is not given are refused.</summary>
    public HubCalendar(WorkingCalendar working, OpeningHours? opening = null, SchoolTerms? terms = null)
    {
        ArgumentNullException.ThrowIfNull(working);
        Working = working;
        Opening = opening;
        Terms = terms;
        if (terms is not null)
        {
            var first = LocalDate.Max(terms.CoveredFrom, working.Index.First);
            var last = LocalDate.Min(terms.CoveredTo, working.Index.Last);
            if (last < first)
                throw new ClockDataException($"No term lies in the years of the bank-holiday calendar ({working.FirstYear} to {working.LastYear}).");
            School = new DayIndex(first, last, d => working.IsWorkingDay(d) && terms.InTerm(d));
        }
    }

    /// <summary>The working days.</summary>
    public WorkingCalendar Working { get; }

    /// <summary>The opening hours, if known.</summary>
    public OpeningHours? Opening { get; }

    /// <summary>The school terms, if known.</summary>
    public SchoolTerms? Terms { get; }

    internal DayIndex? School { get; }

    /// <summary>
    /// When a limit ends. Hours are counted from the instant; other units from its London date, as <see cref="DueDate"/> does.
    /// Whether the first day counts means nothing for hours.
    /// </summary>
    /// <exception cref="ClockRefusedException">It cannot be counted honestly; the message says why.</exception>
    public DueMoment Due(Instant start, int limit, ClockUnit unit, bool firstDayCounts = false)
    {
        switch (unit)
        {
            case ClockUnit.Hours:
                ClockLimits.Require(limit, firstDayCounts: false);
                return DueMoment.At(start + Duration.FromHours(limit));
            case ClockUnit.OpenHours:
                ClockLimits.Require(limit, firstDayCounts: false);
                return DueMoment.At(RequireOpening().Add(start, Duration.FromHours(limit), Working));
            default:
                return DueMoment.OnDay(DueDate(London.Date(start), limit, unit, firstDayCounts));
        }
    }

    /// <summary>
    /// The last day of a limit in days, weeks or months. Counting begins the day after the start; a start on a day off is not
    /// moved. With <paramref name="firstDayCounts"/> ("beginning with") the start is day one, if it is a day of the unit's kind.
    /// Months clip to the month's end: a month from 31 January is 28 or 29 February, and so is a month beginning with it.
    /// </summary>
    /// <exception cref="ClockRefusedException">It cannot be counted honestly, or the unit is hours; the message says why.</exception>
    public LocalDate DueDate(LocalDate start, int limit, ClockUnit unit, bool firstDayCounts = false)
    {
        ClockLimits.Require(limit, firstDayCounts);
        switch (unit)
        {
            case ClockUnit.WorkingDays:
                return Working.Add(start, limit, firstDayCounts);
            case ClockUnit.SchoolDays:
                return AddSchoolDays(start, limit, firstDayCounts);
            case ClockUnit.CalendarDays:
                return PlusDays(start, limit - (firstDayCounts ? 1L : 0L), limit, unit);
            case ClockUnit.Weeks:
                return PlusDays(start, (limit * 7L) - (firstDayCounts ? 1L : 0L), limit, unit);
            case ClockUnit.Months:
                if ((start.Year * 12L) + limit > 9998 * 12L)
                    throw TooFar(start, limit, unit);
                var end = start.PlusMonths(limit);
                return firstDayCounts && end.Day == start.Day ? end.PlusDays(-1) : end;
            case ClockUnit.Hours or ClockUnit.OpenHours:
                throw new ClockRefusedException(
                    ClockRefusal.NeedsTime, $"A limit in {unit.Name()} needs a start with a time of day, such as 2026-03-28T10:00; {WorkingCalendar.Iso(start)} is a date alone.");
            default:
                throw new ArgumentOutOfRangeException(nameof(unit), unit, "Not a unit.");
        }
    }

    /// <summary>What is left until a moment, or by how much it was missed, in the unit of the limit.</summary>
    /// <exception cref="ClockRefusedException">The span cannot be counted honestly.</exception>
    public Remaining Left(DueMoment due, ClockUnit unit, Instant now)
    {
        var time = due.Deadline - now;
        if (due.Time is { } at)
            return new Remaining(unit, time, unit == ClockUnit.OpenHours ? RequireOpening().Between(now, at, Working) : null, null, due.IsMissedBy(now));
        var today = London.Date(now);
        var days = unit switch
        {
            ClockUnit.WorkingDays => Working.Between(today, due.Date),
            ClockUnit.SchoolDays => SchoolDaysBetween(today, due.Date),
            _ => Period.DaysBetween(today, due.Date),
        };
        return new Remaining(unit, time, null, days, due.IsMissedBy(now));
    }

    internal OpeningHours RequireOpening() => Opening
        ?? throw new ClockRefusedException(ClockRefusal.NoOpeningHours, "A limit in open hours needs the hub's opening hours, and none are given.");

    internal static ClockRefusedException TooFar(LocalDate start, long limit, ClockUnit unit) =>
        new(ClockRefusal.Limit, $"{limit} {unit.Name()} from {WorkingCalendar.Iso(start)} lie beyond the year 9998.");

    private static LocalDate PlusDays(LocalDate start, long days, int limit, ClockUnit unit) =>
        DayIndex.DayNumber(start) + days > DayIndex.DayNumber(new LocalDate(9998, 12, 31)) ? throw TooFar(start, limit, unit) : start.PlusDays((int)days);

    private DayIndex RequireSchool(LocalDate date)
    {
        if (School is null)
            throw new ClockRefusedException(ClockRefusal.NoSchoolTerms, "A limit in school days needs the dates of the terms, and none are given.");
        Working.Require(date);
        if (date < School.First)
        {
            throw new ClockRefusedException(
                ClockRefusal.BeforeCalendar,
                $"{WorkingCalendar.Iso(date)} is before the terms given, which tell of {WorkingCalendar.Iso(School.First)} to {WorkingCalendar.Iso(School.Last)}. Add the earlier terms.");
        }

        if (date > School.Last)
        {
            throw new ClockRefusedException(
                ClockRefusal.AfterCalendar,
                $"{WorkingCalendar.Iso(date)} is after the terms given, which tell of {WorkingCalendar.Iso(School.First)} to {WorkingCalendar.Iso(School.Last)}. Add the later terms.");
        }

        return School;
    }

    private LocalDate AddSchoolDays(LocalDate start, int limit, bool firstDayCounts)
    {
        var school = RequireSchool(start);
        return school.Add(DayIndex.DayNumber(start), limit, firstDayCounts) is { } day
            ? DayIndex.FromDayNumber(day)
            : throw new ClockRefusedException(
                ClockRefusal.AfterCalendar,
                $"{ClockUnits.Amount(limit, "school day")} from {WorkingCalendar.Iso(start)} would run past the end of the terms given ({WorkingCalendar.Iso(school.Last)}). Add the later terms.");
    }

    private int SchoolDaysBetween(LocalDate from, LocalDate to)
    {
        var school = RequireSchool(from);
        RequireSchool(to);
        return school.Between(DayIndex.DayNumber(from), DayIndex.DayNumber(to));
    }
}
