using NodaTime;

namespace OpenMash.Hub.Platform.Time;

/// <summary>The one place where the machine clock is read; truncated to microseconds, which both databases keep.</summary>
public sealed class MachineClock : IClock
{
    public Instant GetCurrentInstant()
    {
#pragma warning disable RS0030 // this is the one place
        var now = SystemClock.Instance.GetCurrentInstant();
#pragma warning restore RS0030
        return Truncate(now);
    }

    public static Instant Truncate(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        return Instant.FromUnixTimeTicks(ticks - (ticks % 10));
    }
}

/// <summary>A clock that a simulation sets: the demo's history goes through the real commands under it.</summary>
public sealed class SimulatedClock(Instant start) : IClock
{
    private Instant _now = MachineClock.Truncate(start);

    public Instant GetCurrentInstant() => _now;

    public void Set(Instant now) => _now = MachineClock.Truncate(now);

    public void Advance(Duration by) => Set(_now + by);
}

/// <summary>Ids are UUIDv7: ordered by the hub's time, made here only.</summary>
public static class Ids
{
    public static Guid New(Instant now) => Guid.CreateVersion7(now.ToDateTimeOffset());
}
