using System.Runtime.InteropServices;
using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>
/// When something is due: a whole London day (in time until its last moment) or a time of day (in time up to and including it).
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DueMoment
{
    private DueMoment(LocalDate date, Instant? time)
    {
        Date = date;
        Time = time;
    }

    /// <summary>The London date on which it falls.</summary>
    public LocalDate Date { get; }

    /// <summary>The exact time, for limits in hours; null when the whole of <see cref="Date"/> is in time.</summary>
    public Instant? Time { get; }

    /// <summary>The time itself, or the first instant after the due day: use it to sort and to schedule.</summary>
    public Instant Deadline => Time ?? London.StartOf(Date.PlusDays(1));

    /// <summary>Due by the end of a London day.</summary>
    public static DueMoment OnDay(LocalDate date) => new(date, null);

    /// <summary>Due at a time.</summary>
    public static DueMoment At(Instant time) => new(London.Date(time), time);

    /// <summary>Whether <paramref name="moment"/> is too late.</summary>
    public bool IsMissedBy(Instant moment) => Time is { } time ? moment > time : London.Date(moment) > Date;

    /// <summary><c>2026-03-29</c>, or <c>2026-03-29T10:00+01:00</c>.</summary>
    public override string ToString() => Time is { } time
        ? London.At(time).ToString("uuuu-MM-dd'T'HH:mmo<m>", System.Globalization.CultureInfo.InvariantCulture)
        : WorkingCalendar.Iso(Date);
}
