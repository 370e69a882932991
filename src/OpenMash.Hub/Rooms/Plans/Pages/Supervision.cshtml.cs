using Microsoft.AspNetCore.Mvc;
using NodaTime;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

[Allow(PlanRoles.Managers, "record supervision", hub: true)]
[Witnessed]
public sealed class SupervisionModel : PlanPage
{
    [BindProperty] public LocalDate? On { get; set; }
    [BindProperty] public string? Note { get; set; }
    [BindProperty] public string? ChangedForChild { get; set; }
    [BindProperty] public bool ChallengedLength { get; set; }

    public override async Task<IActionResult> OnGetAsync()
    {
        On = Today;
        return await base.OnGetAsync();
    }

    public Task<IActionResult> OnPostAsync()
    {
        Needs(On, nameof(On), "Enter the day of the supervision.");
        return ActAsync(new Supervise(Id, Or(On), Note ?? "", ChangedForChild, ChallengedLength), "Supervision is recorded.", "#supervision");
    }
}
