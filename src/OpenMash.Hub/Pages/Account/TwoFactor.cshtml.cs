using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;

namespace OpenMash.Hub.Pages.Account;

/// <summary>The second factor after a password: a code of the app, or a recovery code.</summary>
[AllowAnonymous]
[EnableRateLimiting(HubAccounts.SignInLimit)]
internal sealed class TwoFactorModel(SignInDesk desk) : HubPage
{
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true, Name = "recovery")]
    public bool Recovery { get; set; }

    [BindProperty(SupportsGet = true, Name = "next")]
    public string? Next { get; set; }

    private string NextQuery => Url.IsLocalUrl(Next) ? "next=" + Uri.EscapeDataString(Next!) : "";

    public string Other => "/account/two-factor?" + (Recovery ? "" : "recovery=true&") + NextQuery;

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (string.IsNullOrWhiteSpace(Code))
        {
            ModelState.AddModelError(nameof(Code), "Enter the code");
            return await AgainAsync();
        }

        if (await desk.CodeAsync(Code, Recovery) == SignInStep.Done)
        {
            if (Recovery) TempData.Notify(NoticeKind.Warning, "You used a recovery code, which is now spent. If you no longer have the app, set up another.", "Your account", "/account");
            return LocalRedirect(Url.IsLocalUrl(Next) ? Next! : "/");
        }

        ModelState.AddModelError(nameof(Code), Recovery ? "This recovery code is not right or was used before." : SignInDesk.WrongCode);
        return await AgainAsync();
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        var account = await desk.AwaitingAsync();
        if (account is null) return Redirect("/account/sign-in?" + NextQuery);
        return account.TwoFactorEnabled ? null : Redirect("/account/two-factor/enrol?" + NextQuery);
    }

    private async Task<IActionResult> ShowAsync() => await LoadAsync() ?? Page();
}
