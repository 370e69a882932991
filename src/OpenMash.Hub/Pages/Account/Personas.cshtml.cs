using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Pages.Account;

/// <summary>One line of the list of invented people.</summary>
public sealed record PersonaRow(Guid AccountId, string Name, string Agency, string JobTitle, Roles Roles);

/// <summary>Sign-in as one of the invented people: answers 404 outside the demonstration.</summary>
[AllowAnonymous]
public sealed class PersonasModel(HubOptions options, SignInManager<Records.Accounts.Account> signIn) : HubPage
{
    public IReadOnlyList<PersonaRow> People { get; private set; } = [];

    [BindProperty(SupportsGet = true, Name = "next")]
    public string? Next { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (options.Mode != HubMode.Demo) return NotFound();
        var today = Today;
        People = await (
            from m in Read.Of<Membership>()
            join g in Read.Of<Agency>() on m.AgencyId equals g.Id
            join a in Read.Of<Records.Accounts.Account>() on m.AccountId equals a.Id
            where a.IsDemoPersona && m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today)
            orderby g.IsHub descending, g.Name, a.FullName
            select new PersonaRow(a.Id, a.FullName, g.Name, m.JobTitle, m.Roles)).ToListAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid account)
    {
        if (options.Mode != HubMode.Demo) return NotFound();
        var found = await signIn.UserManager.FindByIdAsync(account.ToString());
        if (found is not { IsDemoPersona: true, ClosedAt: null }) return NotFound();
        await signIn.SignInAsync(found, isPersistent: false, authenticationMethod: "persona");
        var viewer = await HttpContext.RequestServices.GetRequiredService<ViewerDirectory>().ForAccountAsync(Viewer.AuthorityId, found.Id, HttpContext.RequestAborted);
        if (viewer is not null) await Runner.WitnessAsync(viewer, TrailKind.SignIn, "sign in as persona", "Account", found.Id);
        return LocalRedirect(Url.IsLocalUrl(Next) ? Next! : "/");
    }
}
