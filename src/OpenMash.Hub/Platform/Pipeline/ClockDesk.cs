using System.Text;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Platform.Pipeline;

/// <summary>The calendars and dated rules of an authority, from its settings.</summary>
public static class HubCalendars
{
    public static async Task<HubCalendar> CalendarAsync(this HubSettings settings, LocalDate on)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(await settings.TextAsync("opening-hours", on)));
        return new HubCalendar(WorkingCalendar.EnglandAndWales, OpeningHours.Parse(stream));
    }

    public static async Task<ClockRuleSet> ClockRulesAsync(this HubSettings settings, LocalDate on)
    {
        if (await settings.OverrideAsync("clock-rules", on) is not { } own) return ClockRuleSet.Shipped;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(own));
        return ClockRuleSet.Shipped.With(ClockRuleSet.Parse(stream));
    }
}

/// <summary>Starts, revises, meets and ends running clocks inside an act. Nothing here resets one.</summary>
public sealed class ClockDesk(Act act)
{
    /// <summary>
    /// Counts when something is due by the rule valid on the London date of the start. Past the calendar's end it is due at once, with the problem in words:
    /// a report is never refused because a clock could not be counted.
    /// </summary>
    public async Task<(Instant DueAt, string? Problem)> DueAsync(string rule, Instant startedAt)
    {
        var on = London.Date(startedAt);
        var rules = await act.Settings.ClockRulesAsync(on);
        var found = rules.Find(rule, on) ?? throw new InvalidOperationException($"No clock rule {rule} is valid on {on}.");
        var calendar = await act.Settings.CalendarAsync(on);
        try
        {
            return (calendar.Due(startedAt, found.Limit, found.Unit, found.FirstDayCounts).Deadline, null);
        }
        catch (ClockRefusedException e)
        {
            return (startedAt, e.Message);
        }
    }

    public async Task<RunningClock> StartAsync(string rule, string subjectKind, Guid subjectId, Guid parentId, Instant startedAt, Guid? agencyId = null)
    {
        var (due, problem) = await DueAsync(rule, startedAt);
        return act.Platform.Add(new RunningClock
        {
            Id = act.NewId(),
            Rule = rule,
            SubjectKind = subjectKind,
            SubjectId = subjectId,
            ParentId = parentId,
            StartedAt = startedAt,
            DueAt = due,
            Problem = problem,
            AgencyId = agencyId,
        });
    }

    /// <summary>The duty was done. Clocks already met or ended stay as they are.</summary>
    public async Task MeetAsync(string rule, Guid subjectId, Instant at)
    {
        foreach (var clock in await OpenAsync(rule, subjectId)) clock.MetAt = at;
    }

    /// <summary>No longer due, with the reason; still countable.</summary>
    public async Task EndAsync(string rule, Guid subjectId, string reason)
    {
        foreach (var clock in await OpenAsync(rule, subjectId))
        {
            clock.EndedAt = act.Now;
            clock.EndedReason = reason;
        }
    }

    private Task<List<RunningClock>> OpenAsync(string rule, Guid subjectId) =>
        act.Platform.LoadAsync<RunningClock>(c => c.SubjectId == subjectId && c.Rule == rule && c.MetAt == null && c.EndedAt == null);

}
