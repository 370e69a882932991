using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using NodaTime;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>Up at once; down and closing with the audit before one's eyes, for a second person to agree.</summary>
[Allow(PlanRoles.Workers, "step a plan up or down", hub: true)]
[Witnessed]
public sealed class StepModel : PlanPage
{
    [BindProperty] public StepKind? Step { get; set; }
    [BindProperty] public string? ToKind { get; set; }
    [BindProperty] public LocalDate? On { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public string? FamilysView { get; set; }
    [BindProperty] public string? AuditAnswer { get; set; }
    [BindProperty] public string? Category { get; set; }

    public StepAudit Audit { get; private set; } = null!;

    public IReadOnlyList<SelectListItem> Kinds => [.. Settings.Kinds.Where(k => k.Code != Plan.Kind).OrderBy(k => k.Protection).Select(k => new SelectListItem(k.Label, k.Code))];

    public static IReadOnlyList<SelectListItem> Categories => [.. CinCodes.Shipped.List("CategoryOfAbuse").Select(c => new SelectListItem(c.Label, c.Code))];

    public override async Task<IActionResult> OnGetAsync()
    {
        On = Today;
        return await base.OnGetAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Needs(On, nameof(On), "Enter the day.");
        if (Step is null) ModelState.AddModelError(nameof(Step), "Say whether it is a step up, a step down or a closure.");
        if (!ModelState.IsValid) return await AgainAsync();
        return await SendAsync(
            new StepPlan { PlanId = Id, Kind = Step!.Value, ToKind = Step == StepKind.Close ? null : ToKind, On = On!.Value, Reason = Reason ?? "", FamilysView = FamilysView, AuditAnswer = AuditAnswer, Category = Category },
            done =>
            {
                TempData.Notify(NoticeKind.Success, done.NewPlanId is null ? "Proposed. The plan runs until a second person has agreed; they find it in their work." : "Stepped up. This is the plan that follows.");
                return Redirect(done.NewPlanId is { } next ? $"/plans/{next}" : $"/plans/{Id}#steps");
            });
    }

    protected override async Task FillAsync() => Audit = await StepAudit.OfAsync(Read, await Plans.MonitorAsync(), Plan, Today, Ct);
}
