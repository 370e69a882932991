using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Pages.Account;

/// <summary>Where a link for one use leads: the account's owner chooses a password. Using it changes the stamp on which the link rests.</summary>
[AllowAnonymous]
[EnableRateLimiting(HubAccounts.SignInLimit)]
internal sealed class InvitationModel(HubSignInManager signIn, SignInDesk desk, OneTimeLinks links) : HubPage
{
    [BindProperty, Display(Name = "New password")]
    public string? Password { get; set; }

    [BindProperty, Display(Name = "The same password again")]
    public string? PasswordAgain { get; set; }

    public bool IsGood { get; private set; } = true;

    public async Task<IActionResult> OnGetAsync(Guid account, string token)
    {
        IsGood = await links.ReadAsync(account, token) is not null;
        if (!IsGood) Response.StatusCode = StatusCodes.Status410Gone;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid account, string token)
    {
        if (await links.ReadAsync(account, token) is not { } found)
        {
            await desk.FailedAsync("one-time link failed", null, "used, too old or replaced");
            IsGood = false;
            Response.StatusCode = StatusCodes.Status410Gone;
            return Page();
        }

        var users = signIn.UserManager;
        await Passwords.CheckAsync(users, Password, PasswordAgain, ModelState);
        if (!ModelState.IsValid) return await AgainAsync();
        var set = await users.AddPasswordAsync(found, Password!);
        if (!set.Succeeded) throw new InvalidOperationException("The password could not be set: " + string.Join(" ", set.Errors.Select(e => e.Code)));
        await desk.WitnessAsync(found, TrailKind.System, "chose a password by one-time link");
        await signIn.AwaitSecondFactorAsync(found);
        return Redirect(found.TwoFactorEnabled ? "/account/two-factor" : "/account/two-factor/enrol");
    }
}
