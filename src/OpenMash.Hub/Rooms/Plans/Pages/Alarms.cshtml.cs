using Microsoft.AspNetCore.Mvc;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>The open alarms behind "signs of drift for 100 plans".</summary>
[Allow(PlanRoles.Readers, "open the alarms behind a figure", hub: true)]
[Witnessed]
public sealed class AlarmsModel : HubPage
{
    [BindProperty(SupportsGet = true)] public string Kind { get; set; } = "";
    [BindProperty(SupportsGet = true)] public Guid? Team { get; set; }
    [BindProperty(SupportsGet = true)] public Guid? Worker { get; set; }

    public PlanKindSetting KindShown { get; private set; } = null!;

    public AlarmSettings Settings { get; private set; } = null!;

    public IReadOnlyList<(PlanAlarm Alarm, PlanChild Child)> Rows { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        var plans = HttpContext.RequestServices.GetRequiredService<PlanReader>();
        var reader = HttpContext.RequestServices.GetRequiredService<MonitoringReader>();
        var picture = await reader.ReadAsync(Viewer, new MonitoringFilter(Team, Worker), ct);
        if (Worker is { } worker)
        {
            var teams = await reader.TeamsAsync(ct);
            if (worker != Viewer.AccountId && !picture.Open.Any(p => MonitoringReader.SeesWorker(Viewer, worker, p.TeamId, teams))) return new RefusedResult("A worker's figures go to that worker and their managers.");
        }

        KindShown = picture.Settings.Of(Kind);
        Settings = await plans.AlarmSettingsAsync();
        var people = picture.Open.ToDictionary(p => p.Id, p => p.PersonId);
        var alarms = picture.AlarmRows(Kind).OrderByDescending(a => a.Level).ThenBy(a => a.RaisedAt).ThenBy(a => a.Id).ToList();
        var children = await plans.ChildrenAsync([.. alarms.Select(a => people[a.PlanId]).Distinct()], ct);
        Rows = [.. alarms.Select(a => (a, children[people[a.PlanId]]))];
        await ListedAsync("alarms behind a figure of plans", Rows.Count, new { Kind, Team, Worker });
        return Page();
    }
}
