using NodaTime;
using NodaTime.TimeZones;

namespace OpenMash.Engines.Clocks;

/// <summary>Europe/London: every local date and time of the hub. Changes: last Sundays of March and October, 01:00 UTC.</summary>
public static class London
{
    private static readonly int UnixEpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The zone, from NodaTime's own copy of the time-zone database.</summary>
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/London"];

    /// <summary>The London date at an instant.</summary>
    public static LocalDate Date(Instant instant) => instant.InZone(Zone).Date;

    /// <summary>The first instant of a London day.</summary>
    public static Instant StartOf(LocalDate date) => Zone.AtStartOfDay(date).ToInstant();

    /// <summary>The London date, time and offset at an instant.</summary>
    public static OffsetDateTime At(Instant instant) => instant.InZone(Zone).ToOffsetDateTime();

    /// <summary>
    /// The instant of a London wall-clock time. A time that the autumn change gives twice means the first of the two: a clock
    /// started in doubt starts earlier. A time that the spring change leaves out did not exist: false, with a problem in words.
    /// </summary>
    public static bool TryInstant(LocalDateTime local, out Instant instant, out string? problem)
    {
        var mapping = Zone.MapLocal(local);
        if (mapping.Count == 0)
        {
            instant = default;
            problem = $"{local:uuuu-MM-dd'T'HH:mm} did not exist in London: the clocks went forward from 01:00 to 02:00";
            return false;
        }

        instant = mapping.First().ToInstant();
        problem = null;
        return true;
    }

    /// <summary>The London date as a day number (<see cref="DateOnly.DayNumber"/>).</summary>
    internal static int DayNumber(Instant instant) => DayOfTicks(instant.ToUnixTimeTicks() + Zone.GetUtcOffset(instant).Ticks);

    /// <summary>The day number of a local time given in ticks from the start of 1970.</summary>
    internal static int DayOfTicks(long localTicks)
    {
        var (days, rest) = Math.DivRem(localTicks, NodaConstants.TicksPerDay);
        return UnixEpochDay + (int)(rest < 0 ? days - 1 : days);
    }

    /// <summary>The instant of a wall-clock time; one left out by the spring change moves forward by the gap.</summary>
    internal static Instant Lenient(LocalDateTime local) => local.InZone(Zone, Resolvers.LenientResolver).ToInstant();
}
