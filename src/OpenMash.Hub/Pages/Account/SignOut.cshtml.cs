using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;

namespace OpenMash.Hub.Pages.Account;

[AllowAnonymous]
internal sealed class SignOutModel(SignInDesk desk) : HubPage
{
    public void OnGet()
    {
        // A page with the one button, for who comes here by hand.
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await desk.SignOutAsync();
        TempData.Notify(NoticeKind.Success, "You are signed out.");
        return Redirect("/account/sign-in");
    }
}
