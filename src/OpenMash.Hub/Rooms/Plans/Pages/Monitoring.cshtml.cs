using Microsoft.AspNetCore.Mvc;
using NodaTime;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>How equally plans are looked after: kinds side by side, now and over time, for the authority, each team and, for those who may, each worker.</summary>
[Allow(PlanRoles.Figures, "see how plans are monitored", hub: true)]
[Witnessed]
public sealed class MonitoringModel : HubPage
{
    public const int TrendMonths = 12;

    [BindProperty(SupportsGet = true)] public Guid? Team { get; set; }
    [BindProperty(SupportsGet = true)] public Guid? Worker { get; set; }
    [BindProperty(SupportsGet = true)] public int Months { get; set; } = 3;
    [BindProperty(SupportsGet = true)] public string? Measure { get; set; }

    public MonitoringPicture Picture { get; private set; } = null!;

    public PlanMeasure Shown { get; private set; } = null!;

    public IReadOnlyList<PlanTeam> Teams { get; private set; } = [];

    /// <summary>Workers whose figures this viewer may have, with the plans they hold.</summary>
    public IReadOnlyList<(Guid Id, string Name)> Workers { get; private set; } = [];

    public IReadOnlyList<LocalDate> Trend { get; private set; } = [];

    public string? Whose { get; private set; }

    public Instant Moment => Now;

    public bool HasRows => Picture.Face == MonitoringFace.Rows;

    public bool HasTeams => Picture.Face != MonitoringFace.Suppressed;

    public string Query => $"months={Months}{(Team is { } t ? $"&team={t}" : "")}{(Worker is { } w ? $"&worker={w}" : "")}";

    public string RowsUrl(string kind, string measure, DutyState? state = null) => $"/plans/monitoring/rows?kind={kind}&measure={measure}&{Query}{(state is null ? "" : $"&state={state}")}";

    public async Task<IActionResult> OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        var reader = HttpContext.RequestServices.GetRequiredService<MonitoringReader>();
        var plans = HttpContext.RequestServices.GetRequiredService<PlanReader>();
        Months = Math.Clamp(Months, 1, MonitoringFilter.MostMonths);
        Teams = await reader.TeamsAsync(ct);
        if (MonitoringReader.FaceOf(Viewer) == MonitoringFace.Suppressed) (Team, Worker) = (null, null);
        var teamOf = Teams.FirstOrDefault(t => t.Id == Team);
        if (Team is not null && teamOf is null) return NotFound();
        Picture = await reader.ReadAsync(Viewer, new MonitoringFilter(Team, null, Months), ct);
        var workers = Picture.Face == MonitoringFace.Rows
            ? Picture.Open.Where(p => p.WorkerId is not null && MonitoringReader.SeesWorker(Viewer, p.WorkerId.Value, p.TeamId, Teams)).Select(p => p.WorkerId).Distinct().ToList()
            : [];
        var names = await plans.NamesAsync(workers, ct);
        Workers = [.. names.Select(n => (n.Key, n.Value)).OrderBy(n => n.Value, StringComparer.Ordinal)];
        if (Worker is { } worker)
        {
            if (!names.TryGetValue(worker, out var name)) return new RefusedResult("A worker's figures go to that worker and their managers.");
            Picture = await reader.ReadAsync(Viewer, new MonitoringFilter(Team, worker, Months), ct);
            Whose = name;
        }

        Whose ??= teamOf?.Name;
        Shown = Picture.Settings.Measures.FirstOrDefault(m => m.Key == Measure) ?? Picture.Settings.Measures.First(m => m.Key == Picture.Settings.Gap.Measure);
        var month = new LocalDate(Picture.To.Year, Picture.To.Month, 1);
        Trend = [.. Enumerable.Range(0, TrendMonths).Select(i => month.PlusMonths(i - TrendMonths + 1))];
        await ListedAsync("plan monitoring", Picture.All.Count, new { Team, Worker, Months });
        return Page();
    }

    /// <summary>The trend's line as points of a drawing 440 wide and 100 high; gaps where there is no figure.</summary>
    public IEnumerable<string> Lines(string kind)
    {
        var line = new List<string>();
        for (var i = 0; i < Trend.Count; i++)
        {
            if (Picture.CellOf(kind, Shown.Key, Trend[i]).Percent is { } percent)
            {
                line.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{20 + (i * 36)},{110 - percent}"));
                continue;
            }

            if (line.Count > 0) yield return string.Join(' ', line);
            line = [];
        }

        if (line.Count > 0) yield return string.Join(' ', line);
    }
}
