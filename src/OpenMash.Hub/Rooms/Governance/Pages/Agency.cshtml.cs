using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(Roles.Administrator, "administer agencies")]
internal sealed class AgencyModel : HubPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public Guid SeenVersion { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Telephone { get; set; }

    [BindProperty, Display(Name = "E-mail address")]
    public string? Email { get; set; }

    [BindProperty, Display(Name = "It sits in the hub and can be asked for checks")]
    public bool AnswersChecks { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public Agency Agency { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } nothing) return nothing;
        (Name, Telephone, Email, AnswersChecks, SeenVersion) = (Agency.Name, Agency.Telephone, Agency.Email, Agency.AnswersChecks, Agency.Version);
        return Page();
    }

    public Task<IActionResult> OnPostAsync() => SendAsync(new ChangeAgency(Id, Name ?? "", Telephone ?? "", Email, AnswersChecks, SeenVersion), _ => Said("The agency is changed."));

    public Task<IActionResult> OnPostCloseAsync() => SendAsync(new CloseAgency(Id, Reason ?? ""), _ => Said("The agency is closed."));

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (await Read.Of<Agency>().SingleOrDefaultAsync(a => a.Id == Id) is not { } agency) return NotFound();
        Agency = agency;
        // After a conflict the person has seen what the other wrote; what they send next stands on that.
        if (ConflictMessage is not null)
        {
            SeenVersion = agency.Version;
            ModelState.Remove(nameof(SeenVersion));
        }

        return null;
    }

    private RedirectResult Said(string what)
    {
        TempData.Notify(NoticeKind.Success, what);
        return Redirect("/admin/agencies");
    }
}
