using Microsoft.AspNetCore.Mvc;
using OpenMash.Hub.Platform.Web;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>The rows behind one figure: the very ones it counts, and only for those who may read the children they are about.</summary>
[Allow(PlanRoles.Readers, "open the rows behind a figure", hub: true)]
[Witnessed]
public sealed class RowsModel : HubPage
{
    public const int PageSize = 100;

    [BindProperty(SupportsGet = true)] public string Kind { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string Measure { get; set; } = "";
    [BindProperty(SupportsGet = true)] public DutyState? State { get; set; }
    [BindProperty(SupportsGet = true)] public Guid? Team { get; set; }
    [BindProperty(SupportsGet = true)] public Guid? Worker { get; set; }
    [BindProperty(SupportsGet = true)] public int Months { get; set; } = 3;
    [BindProperty(SupportsGet = true, Name = "p")] public int At { get; set; } = 1;

    public MonitoringPicture Picture { get; private set; } = null!;

    public PlanKindSetting KindShown { get; private set; } = null!;

    public PlanMeasure MeasureShown { get; private set; } = null!;

    public MonitoringCell Cell { get; private set; } = null!;

    public int Total { get; private set; }

    public IReadOnlyList<MonitoredDuty> Rows { get; private set; } = [];

    public Dictionary<Guid, PlanChild> Children { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        var reader = HttpContext.RequestServices.GetRequiredService<MonitoringReader>();
        var plans = HttpContext.RequestServices.GetRequiredService<PlanReader>();
        Months = Math.Clamp(Months, 1, MonitoringFilter.MostMonths);
        Picture = await reader.ReadAsync(Viewer, new MonitoringFilter(Team, Worker, Months), ct);
        if (Worker is { } worker && !Picture.Open.Any(p => MonitoringReader.SeesWorker(Viewer, worker, p.TeamId, [])) && worker != Viewer.AccountId)
        {
            var teams = await reader.TeamsAsync(ct);
            if (!Picture.Open.Any(p => MonitoringReader.SeesWorker(Viewer, worker, p.TeamId, teams))) return new RefusedResult("A worker's figures go to that worker and their managers.");
        }

        if (Picture.Settings.Measures.FirstOrDefault(m => m.Key == Measure) is not { } measure) return NotFound();
        (KindShown, MeasureShown) = (Picture.Settings.Of(Kind), measure);
        Cell = Picture.Cell(Kind, Measure);
        // The figure's own denominator where no state was chosen: exceptions and what is not held have lists of their own.
        var all = Picture.Rows(Kind, Measure, State).Where(r => State is not null || r.Duty.State is DutyState.InTime or DutyState.Late or DutyState.Overdue)
            .OrderBy(r => r.Duty.DueOn).ThenBy(r => r.Plan.Id).ToList();
        Total = all.Count;
        At = Math.Clamp(At, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));
        Rows = [.. all.Skip((At - 1) * PageSize).Take(PageSize)];
        Children = await plans.ChildrenAsync([.. Rows.Select(r => r.Plan.PersonId).Distinct()], ct);
        await ListedAsync("rows behind a figure of plans", Rows.Count, new { Kind, Measure, State, Team, Worker, Months });
        return Page();
    }
}
