using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using NodaTime;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

[Allow(PlanRoles.Workers, "record a review", hub: true)]
[Witnessed]
public sealed class ReviewModel : PlanPage
{
    [BindProperty] public LocalDate? HeldOn { get; set; }
    [BindProperty] public string? ChairedBy { get; set; }
    [BindProperty] public List<string> Attended { get; set; } = [];
    [BindProperty] public string? NotQuorateBecause { get; set; }
    [BindProperty] public string? ChildsView { get; set; }
    [BindProperty] public ReviewDecision? Decision { get; set; }
    [BindProperty] public string? Reason { get; set; }
    [BindProperty] public LocalDate? NextOn { get; set; }

    public IReadOnlyList<SelectListItem> Agencies => [.. Settings.Agencies.Select(a => new SelectListItem(a, a))];

    /// <summary>Null where this person may record it; else who may.</summary>
    public string? NotMine => Viewer.Has(Kind.Reviewers) ? null : $"A review of this kind of plan is recorded by the role {Platform.Access.RoleNames.AnyOf(Kind.Reviewers)}.";

    public override async Task<IActionResult> OnGetAsync()
    {
        HeldOn = Today;
        ChairedBy = Viewer.Name;
        return await base.OnGetAsync();
    }

    public Task<IActionResult> OnPostAsync()
    {
        Needs(HeldOn, nameof(HeldOn), "Enter the day of the review.");
        if (Decision is null) ModelState.AddModelError(nameof(Decision), "Say what was decided.");
        return ActAsync(
            new HoldReview
            {
                PlanId = Id,
                HeldOn = Or(HeldOn),
                ChairedBy = ChairedBy ?? "",
                Attended = Attended,
                NotQuorateBecause = NotQuorateBecause,
                ChildsView = ChildsView,
                Decision = Decision ?? ReviewDecision.Continue,
                Reason = Reason ?? "",
                NextOn = NextOn,
            },
            Decision is ReviewDecision.Continue or null ? "The review is recorded." : "The review is recorded. What it decided is done under “Step up, down or close”.",
            "#reviews");
    }
}
