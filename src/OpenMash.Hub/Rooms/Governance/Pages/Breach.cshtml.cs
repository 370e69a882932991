using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(Roles.InformationGovernance, "see breach entries")]
[Witnessed]
internal sealed class BreachModel : HubPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public Guid SeenVersion { get; set; }

    [BindProperty, Display(Name = "Outcome")]
    public bool? Reported { get; set; }

    [BindProperty]
    public string? Result { get; set; }

    public Breach Breach { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } nothing) return nothing;
        SeenVersion = Breach.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Reported is not { } reported)
        {
            ModelState.AddModelError(nameof(Reported), "Choose whether it was reported");
            return await AgainAsync();
        }

        return await SendAsync(new CloseBreach(Id, reported, Result ?? "", SeenVersion), _ =>
        {
            TempData.Notify(NoticeKind.Success, "The entry is closed.");
            return Redirect("/governance/breaches");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (await Read.Of<Breach>().SingleOrDefaultAsync(b => b.Id == Id) is not { } breach) return NotFound();
        Breach = breach;
        await ViewedAsync("Breach", Id);
        return null;
    }
}
