using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Settings;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>The authority's ladder for what nobody has read; out of hours it starts with the duty team.</summary>
internal static class Ladder
{
    public static async Task<bool> IsOpenAsync(HubSettings settings, Instant at)
    {
        var calendar = await settings.CalendarAsync(London.Date(at));
        var time = at.InZone(London.Zone).TimeOfDay;
        return calendar.Opening!.On(London.Date(at), calendar.Working).Any(o => o.From <= time && time < o.To);
    }

    public static async Task<int> FirstMinutesAsync(HubSettings settings, bool open)
    {
        var ladder = await settings.GetAsync<LadderSettings>("ladder");
        return (open ? ladder.Steps : ladder.OutOfHours)[0].Minutes;
    }

    /// <summary>The step at a level: a notice that has climbed past the last stays there and comes round again.</summary>
    public static LadderStep Step(LadderSettings ladder, bool open, int level)
    {
        var steps = open ? ladder.Steps : ladder.OutOfHours;
        return steps[Math.Min(level, steps.Count - 1)];
    }
}
