using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>My plans and those of my team: what is due, why it is red, what would settle it; the most overdue first.</summary>
[Allow(PlanRoles.Readers, "list plans", hub: true)]
[Witnessed]
public sealed class IndexModel : HubPage
{
    public const int PageSize = 40;

    /// <summary>Judged at most so many: whoever has more chooses a team or a kind.</summary>
    private const int Most = 5000;

    [BindProperty(SupportsGet = true)] public string? Show { get; set; }
    [BindProperty(SupportsGet = true)] public Guid? Team { get; set; }
    [BindProperty(SupportsGet = true)] public string? Kind { get; set; }
    [BindProperty(SupportsGet = true, Name = "p")] public int At { get; set; } = 1;
    [BindProperty] public Guid? TeamId { get; set; }
    [BindProperty] public Guid? WorkerId { get; set; }
    [BindProperty] public string? HandsReason { get; set; }

    public IReadOnlyList<PlanRow> Rows { get; private set; } = [];

    public int Total { get; private set; }

    public int Overdue { get; private set; }

    public int Unallocated { get; private set; }

    public IReadOnlyList<(string Key, string Label, int Count)> Lists { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Teams { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Workers { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Kinds { get; private set; } = [];

    /// <summary>What is filtered by, each with the address without it.</summary>
    public IReadOnlyList<Crumb> Chosen =>
    [
        .. Kinds.Where(k => k.Value == Kind).Select(k => new Crumb(k.Text, $"/plans?show={Show}{(Team is { } t ? $"&team={t}" : "")}")),
        .. Teams.Where(t => t.Value == Team?.ToString()).Select(t => new Crumb(t.Text, $"/plans?show={Show}{(Kind is { } k ? $"&kind={k}" : "")}")),
    ];

    public bool Manages => Viewer.Has(PlanAccess.Managers);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (TeamId is not { } team)
        {
            ModelState.AddModelError(nameof(TeamId), "Choose a team.");
            return await AgainAsync();
        }

        return await SendAsync(new AllocatePlans(Kind, team, WorkerId, HandsReason ?? ""), count =>
        {
            TempData.Notify(NoticeKind.Success, $"{Words.Count(count, "plan has", "plans have")} a team now.");
            return Redirect("/plans?show=all");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var plans = HttpContext.RequestServices.GetRequiredService<PlanReader>();
        var settings = await plans.SettingsAsync();
        if (Kind is not null && settings.Find(Kind) is null) Kind = null;
        var lists = new List<(string, string, int)>();
        foreach (var (key, label) in new[] { ("mine", "Mine"), ("team", "My teams"), ("all", "All open"), ("nobody", "Held by nobody"), ("ended", "Ended") })
        {
            if (key == "team" && !Manages) continue;
            lists.Add((key, label, await plans.Query(Viewer, key, Team, Kind).CountAsync(ct)));
        }

        Lists = lists;
        Show = Lists.Any(l => l.Key == Show) ? Show! : Lists.Where(l => l.Key is "mine" or "team" && l.Count > 0).Select(l => l.Key).FirstOrDefault() ?? "all";
        var query = plans.Query(Viewer, Show, Team, Kind);
        Total = await query.CountAsync(ct);
        var rows = await plans.RowsAsync(Viewer, await query.OrderBy(p => p.StartedOn).ThenBy(p => p.Id).Take(Most).ToListAsync(ct), ct);
        Overdue = rows.Count(r => r.Overdue > 0);
        At = Math.Clamp(At, 1, Math.Max(1, (rows.Count + PageSize - 1) / PageSize));
        Rows = [.. rows.Skip((At - 1) * PageSize).Take(PageSize)];
        Unallocated = Manages ? await plans.Query(Viewer, "nobody", null, Kind).CountAsync(p => p.TeamId == null, ct) : 0;
        Teams = await plans.TeamsAsync(ct);
        Workers = Manages ? await plans.WorkersAsync(ct) : [];
        Kinds = [.. settings.Kinds.Select(k => new SelectListItem(k.Short, k.Code))];
        await ListedAsync("plans", Rows.Count, new { Show, Team, Kind, At });
        return null;
    }
}
