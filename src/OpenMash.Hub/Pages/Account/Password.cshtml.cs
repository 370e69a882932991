using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Pages.Account;

[AllowSignedIn]
[EnableRateLimiting(HubAccounts.SignInLimit)]
internal sealed class PasswordModel(HubSignInManager signIn, SignInDesk desk) : HubPage
{
    [BindProperty, Display(Name = "Present password")]
    public string? Current { get; set; }

    [BindProperty, Display(Name = "New password")]
    public string? Password { get; set; }

    [BindProperty, Display(Name = "The new password again")]
    public string? PasswordAgain { get; set; }

    public async Task<IActionResult> OnGetAsync() => (await signIn.UserManager.GetUserAsync(User))?.PasswordHash is null ? NotFound() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        var users = signIn.UserManager;
        if (await users.GetUserAsync(User) is not { PasswordHash: not null } account) return NotFound();
        await Passwords.CheckAsync(users, Password, PasswordAgain, ModelState);
        if (!ModelState.IsValid) return await AgainAsync();
        if (!(await signIn.CheckPasswordSignInAsync(account, Current ?? "", lockoutOnFailure: true)).Succeeded)
        {
            await desk.FailedAsync("password not changed", account, "wrong present password");
            ModelState.AddModelError(nameof(Current), "This is not your present password, or the account is locked.");
            return await AgainAsync();
        }

        var changed = await users.ChangePasswordAsync(account, Current!, Password!);
        if (!changed.Succeeded) throw new InvalidOperationException("The password could not be changed: " + string.Join(" ", changed.Errors.Select(e => e.Code)));
        await desk.WitnessAsync(account, TrailKind.System, "changed password");
        await signIn.RefreshSignInAsync(account);
        TempData.Notify(NoticeKind.Success, "Your password is changed. Every other session of yours has ended.");
        return Redirect("/account");
    }
}
