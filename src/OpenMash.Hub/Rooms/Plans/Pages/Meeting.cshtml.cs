using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using NodaTime;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

[Allow(PlanRoles.Workers, "record a meeting", hub: true)]
[Witnessed]
public sealed class MeetingModel : PlanPage
{
    [BindProperty] public LocalDate? HeldOn { get; set; }
    [BindProperty] public bool IsPlanning { get; set; }
    [BindProperty] public List<string> Attended { get; set; } = [];
    [BindProperty] public bool FamilyCame { get; set; }
    [BindProperty] public string? Note { get; set; }

    public IReadOnlyList<SelectListItem> Agencies => [.. Settings.Agencies.Select(a => new SelectListItem(a, a))];

    public override async Task<IActionResult> OnGetAsync()
    {
        HeldOn = Today;
        return await base.OnGetAsync();
    }

    public Task<IActionResult> OnPostAsync()
    {
        Needs(HeldOn, nameof(HeldOn), "Enter the day of the meeting.");
        return ActAsync(new HoldMeeting(Id, Or(HeldOn), IsPlanning, Attended, FamilyCame, Note ?? ""), "The meeting is recorded.", "#story");
    }
}
