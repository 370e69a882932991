using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;

namespace OpenMash.Hub.Pages.Account;

/// <summary>E-mail and password, then the second factor; or a passkey; or the organisation's own sign-in.</summary>
[AllowAnonymous]
[EnableRateLimiting(HubAccounts.SignInLimit)]
internal sealed class SignInModel(SignInDesk desk, HubSignInManager signIn, HubOptions options, IConfiguration configuration, PageFurniture furniture) : HubPage
{
    [BindProperty, Display(Name = "E-mail address")]
    public string? Email { get; set; }

    [BindProperty, Display(Name = "Password")]
    public string? Password { get; set; }

    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty(SupportsGet = true, Name = "next")]
    public string? Next { get; set; }

    public bool IsDemo => options.Mode == HubMode.Demo;

    public string? OrganisationName => OrganisationSignIn.IsConfigured(configuration) ? OrganisationSignIn.Name(configuration) : null;

    public string? Telephone => furniture.Telephone;

    public string NextQuery => Url.IsLocalUrl(Next) ? "?next=" + Uri.EscapeDataString(Next!) : "";

    public void OnGet(string? organisation)
    {
        if (organisation == "failed")
            ModelState.AddModelError("", "Your organisation's sign-in did not finish. Try again, or sign in here.");
        else if (organisation == "unknown")
            ModelState.AddModelError("", "Your organisation's sign-in worked, but no open account of this hub has your verified e-mail address. Ask your administrator to invite you.");
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (string.IsNullOrWhiteSpace(Email)) ModelState.AddModelError(nameof(Email), "Enter your e-mail address");
        if (string.IsNullOrEmpty(Password)) ModelState.AddModelError(nameof(Password), "Enter your password");
        if (!ModelState.IsValid) return await AgainAsync();
        var step = await desk.PasswordAsync(Email!, Password!);
        switch (step)
        {
            case SignInStep.SecondFactor:
                return Redirect("/account/two-factor" + NextQuery);
            case SignInStep.Enrol:
                return Redirect("/account/two-factor/enrol" + NextQuery);
            default:
                ModelState.AddModelError("", SignInDesk.Wrong);
                return await AgainAsync();
        }
    }

    /// <summary>What the browser needs to ask the device for a passkey.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync() => Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");

    public async Task<IActionResult> OnPostPasskeyAsync()
    {
        if (!string.IsNullOrEmpty(Credential) && await desk.PasskeyAsync(Credential) == SignInStep.Done)
            return LocalRedirect(Url.IsLocalUrl(Next) ? Next! : "/");
        ModelState.AddModelError("", "This passkey was not accepted. Sign in with your password, or ask your administrator.");
        return await AgainAsync();
    }
}
