using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>Roles, as attributes can say them.</summary>
internal static class PlanRoles
{
    public const Roles Readers = PlanAccess.Readers;
    public const Roles Workers = PlanAccess.Workers;
    public const Roles Managers = PlanAccess.Managers;
    public const Roles Figures = PlanAccess.Readers | PlanAccess.FiguresOnly;
}

/// <summary>A page of one plan: found, allowed and witnessed before anything of it is shown.</summary>
public abstract class PlanPage : HubPage
{
    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }

    public Plan Plan { get; private set; } = null!;

    public PlanChild Child { get; private set; } = null!;

    public PlanKindSetting Kind { get; private set; } = null!;

    public PlanKindSettings Settings { get; private set; } = null!;

    public string Heading => $"{Kind.Label}, {Child.Name}";

    public bool MayWork => Viewer.IsHub && Viewer.Has(PlanAccess.Workers);

    public bool Manages => Viewer.IsHub && Viewer.Has(PlanAccess.Managers);

    public CancellationToken Ct => HttpContext.RequestAborted;

    internal PlanReader Plans => HttpContext.RequestServices.GetRequiredService<PlanReader>();

    /// <summary>Never a name: titles and breadcrumbs stand in histories.</summary>
    public string Title => $"{Kind.Short} plan of {Child.Reference}";

    public IReadOnlyList<Crumb> Crumbs => [("Hub today", "/"), ("Plans", "/plans"), (Title, $"/plans/{Id}")];

    public virtual async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    protected override async Task<IActionResult?> LoadAsync()
    {
        var verdict = await Read.VerdictAsync<Plan>(Viewer, Id, Ct);
        if (verdict.Level < AccessLevel.Read) return Deny(verdict);
        Plan = await Read.Of<Plan>().SingleAsync(p => p.Id == Id, Ct);
        Settings = await Plans.SettingsAsync();
        Kind = Settings.Of(Plan.Kind);
        Child = await Plans.ChildAsync(Plan.PersonId, Ct);
        await FillAsync();
        await ViewedAsync(nameof(Records.Plans.Plan), Id);
        return null;
    }

    protected virtual Task FillAsync() => Task.CompletedTask;

    /// <summary>Sends a command and goes back to the plan, saying what was done.</summary>
    protected async Task<IActionResult> ActAsync<T>(ICommand<T> command, string said, string anchor = "")
    {
        if (!ModelState.IsValid) return await AgainAsync();
        return await SendAsync(command, _ =>
        {
            TempData.Notify(NoticeKind.Success, said);
            return Redirect($"/plans/{Id}{anchor}");
        });
    }

    internal static LocalDate Or(LocalDate? date) => date ?? LocalDate.MinIsoValue;

    /// <summary>A required date that was not given is said by the field itself; the command never sees it.</summary>
    protected bool Needs(LocalDate? date, string field, string message)
    {
        if (date is null && ModelState[field]?.Errors.Count is null or 0) ModelState.AddModelError(field, message);
        return date is not null;
    }
}
