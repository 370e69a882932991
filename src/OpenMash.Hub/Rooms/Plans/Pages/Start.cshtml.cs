using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>Starts a plan of any kind for a child of the register.</summary>
[Allow(PlanRoles.Workers, "start a plan", hub: true)]
[Witnessed]
public sealed class StartModel : HubPage
{
    [BindProperty(SupportsGet = true)] public Guid Person { get; set; }
    [BindProperty] public string? Kind { get; set; }
    [BindProperty] public LocalDate? StartedOn { get; set; }
    [BindProperty] public string? Category { get; set; }
    [BindProperty] public Guid? TeamId { get; set; }
    [BindProperty] public Guid? WorkerId { get; set; }
    [BindProperty] public string? Why { get; set; }

    public PlanChild Child { get; private set; } = null!;

    public IReadOnlyList<SelectListItem> Kinds { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Teams { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Workers { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        StartedOn = Today;
        WorkerId = Viewer.AccountId;
        return await LoadAsync() ?? Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (StartedOn is null) ModelState.AddModelError(nameof(StartedOn), "Enter the day on which it starts.");
        if (!ModelState.IsValid) return await AgainAsync();
        var episode = await Read.Of<ReferralEpisode>().Where(e => e.PersonId == Person && e.ClosedOn == null).OrderByDescending(e => e.ReferralDate).Select(e => (Guid?)e.Id).FirstOrDefaultAsync(HttpContext.RequestAborted);
        return await SendAsync(
            new StartPlan { PersonId = Person, Kind = Kind ?? "", StartedOn = StartedOn!.Value, EpisodeId = episode, TeamId = TeamId, WorkerId = WorkerId, Category = Category, Why = Why ?? "" },
            id =>
            {
                TempData.Notify(NoticeKind.Success, "The plan has begun, and its clocks run.");
                return Redirect($"/plans/{id}");
            });
    }

    public static IReadOnlyList<SelectListItem> Categories => StepModel.Categories;

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var verdict = await Read.VerdictAsync<Person>(Viewer, Person, ct);
        if (verdict.Level < AccessLevel.Read) return Deny(verdict);
        var plans = HttpContext.RequestServices.GetRequiredService<PlanReader>();
        Child = await plans.ChildAsync(Person, ct);
        Kinds = [.. (await plans.SettingsAsync()).Kinds.Select(k => new SelectListItem(k.Label, k.Code))];
        Teams = await plans.TeamsAsync(ct);
        Workers = await plans.WorkersAsync(ct);
        await ViewedAsync("Person", Person, "start a plan");
        return null;
    }
}
