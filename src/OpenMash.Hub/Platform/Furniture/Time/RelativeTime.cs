using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>Times in words. Pure: the caller says what time it is now. Local means Europe/London.</summary>
public static class RelativeTime
{
    public static DateTimeZone London { get; } = DateTimeZoneProviders.Tzdb["Europe/London"];

    private static readonly LocalTimePattern Clock = LocalTimePattern.Create("HH':'mm", CultureInfo.InvariantCulture);
    private static readonly LocalDateTimePattern ThisYear = LocalDateTimePattern.Create("ddd d MMM HH':'mm", CultureInfo.InvariantCulture);
    private static readonly LocalDateTimePattern AnyYear = LocalDateTimePattern.Create("d MMM uuuu HH':'mm", CultureInfo.InvariantCulture);
    private static readonly LocalDateTimePattern InFull = LocalDateTimePattern.Create("dddd d MMMM uuuu', 'HH':'mm", CultureInfo.InvariantCulture);
    private static readonly LocalDatePattern DateInWords = LocalDatePattern.Create("d MMMM uuuu", CultureInfo.InvariantCulture);
    private static readonly LocalDatePattern DateShort = LocalDatePattern.Create("ddd d MMM", CultureInfo.InvariantCulture);

    /// <summary>"in 1 h 20 min", "12 min ago", "now" (within a minute either way), "in 3 days" (from two days on, by the calendar).</summary>
    public static string Describe(Instant at, Instant now)
    {
        var away = at - now;
        if (away < Duration.FromMinutes(1) && away > -Duration.FromMinutes(1)) return "now";
        var span = Span(at, now);
        return away > Duration.Zero ? $"in {span}" : $"{span} ago";
    }

    /// <summary>How far apart, without saying which way: "18 min", "1 h 20 min", "1 day 3 h", "4 days". Minutes are cut, not rounded.</summary>
    public static string Span(Instant a, Instant b)
    {
        var (early, late) = a <= b ? (a, b) : (b, a);
        var length = late - early;
        if (length < Duration.FromMinutes(1)) return "less than a minute";
        if (length >= Duration.FromHours(48))
        {
            var days = Period.DaysBetween(early.InZone(London).Date, late.InZone(London).Date);
            return $"{days} days";
        }

        return Length(length);
    }

    /// <summary>A length of time that belongs to no calendar: "6 h", "1 h 20 min", "1 day 3 h".</summary>
    public static string Length(Duration length)
    {
        var minutes = (long)Math.Abs(length.TotalMinutes);
        if (minutes < 60) return $"{minutes} min";
        if (minutes < 24 * 60) return minutes % 60 == 0 ? $"{minutes / 60} h" : $"{minutes / 60} h {minutes % 60} min";
        var hours = minutes / 60;
        var day = hours / 24 == 1 ? "1 day" : $"{hours / 24} days";
        return hours % 24 == 0 ? day : $"{day} {hours % 24} h";
    }

    /// <summary>As short as is unmistakable from <paramref name="now"/>: "14:05" today, "Tue 24 Nov 14:05" this year, "24 Nov 2025 14:05" otherwise.</summary>
    public static string Absolute(Instant at, Instant now)
    {
        var local = at.InZone(London).LocalDateTime;
        var today = now.InZone(London).Date;
        if (local.Date == today) return Clock.Format(local.TimeOfDay);
        return (local.Year == today.Year ? ThisYear : AnyYear).Format(local);
    }

    /// <summary>
    /// As <see cref="Absolute(Instant, Instant)"/>, but a limit at midnight is said as people say it: "at the end of Mon 23 Nov", never "Tue 24 Nov 00:00".
    /// </summary>
    public static string Due(Instant at, Instant now)
    {
        var local = at.InZone(London).LocalDateTime;
        if (local.TimeOfDay != LocalTime.Midnight) return Absolute(at, now);
        var day = local.Date.PlusDays(-1);
        return day == now.InZone(London).Date ? "at the end of today" : $"at the end of {Absolute(day, now)}";
    }

    /// <summary>"Tue 24 Nov 14:05", the day said even if it is today: for lists of many days.</summary>
    public static string WithDay(Instant at, Instant now)
    {
        var local = at.InZone(London).LocalDateTime;
        return (local.Year == now.InZone(London).Year ? ThisYear : AnyYear).Format(local);
    }

    /// <summary>"Tuesday 24 November 2026, 14:05".</summary>
    public static string Full(Instant at) => InFull.Format(at.InZone(London).LocalDateTime);

    /// <summary>"Tue 24 Nov 14:05", for the head of a page.</summary>
    public static string Heading(Instant at) => ThisYear.Format(at.InZone(London).LocalDateTime);

    /// <summary>"24 November 2026".</summary>
    public static string Date(LocalDate date) => DateInWords.Format(date);

    /// <summary>"today", "tomorrow", "yesterday", "in 3 days", "5 days ago".</summary>
    public static string Describe(LocalDate date, Instant now)
    {
        var days = Period.DaysBetween(now.InZone(London).Date, date);
        return days switch
        {
            0 => "today",
            1 => "tomorrow",
            -1 => "yesterday",
            > 1 => $"in {days} days",
            _ => $"{-days} days ago",
        };
    }

    /// <summary>"Tue 24 Nov" this year, "24 November 2025" otherwise.</summary>
    public static string Absolute(LocalDate date, Instant now) =>
        date.Year == now.InZone(London).Year ? DateShort.Format(date) : DateInWords.Format(date);

    /// <summary>"14:05".</summary>
    public static string TimeOfDay(LocalTime time) => Clock.Format(time);
}
