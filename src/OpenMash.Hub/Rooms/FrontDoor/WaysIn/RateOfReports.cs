using System.Collections.Concurrent;
using NodaTime;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn;

/// <summary>
/// Counts public reports by where they come from. Beyond the limit a report is still taken, marked and queued behind the others: a flood must not hide a child,
/// and a child must not be turned away because of a flood. Addresses are held in memory for an hour and written nowhere.
/// </summary>
internal sealed class RateOfReports(IClock clock)
{
    private const int MostAnHour = 20;
    private readonly ConcurrentDictionary<string, Queue<Instant>> _seen = new(StringComparer.Ordinal);

    public bool IsBeyond(string from)
    {
        var now = clock.GetCurrentInstant();
        var times = _seen.GetOrAdd(from, _ => new Queue<Instant>());
        lock (times)
        {
            while (times.TryPeek(out var oldest) && now - oldest > Duration.FromHours(1)) times.Dequeue();
            times.Enqueue(now);
            if (_seen.Count > 10_000) _seen.Clear();
            return times.Count > MostAnHour;
        }
    }
}
