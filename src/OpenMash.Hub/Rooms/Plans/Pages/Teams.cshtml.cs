using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>The teams that hold plans.</summary>
[Allow(PlanRoles.Managers, "set up teams", hub: true)]
public sealed class TeamsModel : HubPage
{
    [BindProperty] public Guid? Id { get; set; }
    [BindProperty] public string? TeamName { get; set; }
    [BindProperty] public Guid? ManagerId { get; set; }

    public IReadOnlyList<(PlanTeam Team, string? Manager, int Plans)> Rows { get; private set; } = [];

    public IReadOnlyList<SelectListItem> People { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostAsync() => SendAsync(new SetTeam(Id, TeamName ?? "", ManagerId), _ =>
    {
        TempData.Notify(NoticeKind.Success, "The team is set up.");
        return Redirect("/plans/teams");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var plans = HttpContext.RequestServices.GetRequiredService<PlanReader>();
        var teams = await Read.Of<PlanTeam>().Where(t => t.ClosedOn == null).OrderBy(t => t.Name).ToListAsync(ct);
        var names = await plans.NamesAsync(teams.Select(t => t.ManagerId), ct);
        var counts = await Read.Visible<Plan>(Viewer).Where(p => p.EndedOn == null && p.TeamId != null).GroupBy(p => p.TeamId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        Rows = [.. teams.Select(t => (t, t.ManagerId is { } m ? names.GetValueOrDefault(m) : null, counts.GetValueOrDefault(t.Id)))];
        People = await plans.WorkersAsync(ct);
        return null;
    }
}
