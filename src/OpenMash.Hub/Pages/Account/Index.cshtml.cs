using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Pages.Account;

internal sealed record OwnMembership(string Agency, string JobTitle, Roles Roles, LocalDate From, LocalDate? To);

internal sealed record OwnPasskey(string Id, string Name, Instant Made);

/// <summary>One's own account: memberships, passkeys, recovery codes, sessions.</summary>
[AllowSignedIn]
[EnableRateLimiting(HubAccounts.SignInLimit)]
internal sealed class IndexModel(HubSignInManager signIn, SignInDesk desk) : HubPage
{
    private const int MostPasskeys = 10;

    private UserManager<Records.Accounts.Account> Users => signIn.UserManager;

    public Records.Accounts.Account Account { get; private set; } = null!;

    public IReadOnlyList<OwnMembership> Memberships { get; private set; } = [];

    public IReadOnlyList<OwnPasskey> Passkeys { get; private set; } = [];

    public IReadOnlyList<string> Codes { get; private set; } = [];

    public bool HasPassword { get; private set; }

    public int CodesLeft { get; private set; }

    public bool OpenCodes { get; private set; }

    public bool OpenApp { get; private set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty, Display(Name = "Name of the new passkey")]
    public string? PasskeyName { get; set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostEverywhereAsync()
    {
        if (await FindAsync() is not { } account) return Redirect("/account/sign-in");
        await Users.UpdateSecurityStampAsync(account);
        await desk.WitnessAsync(account, TrailKind.SignIn, "sign out everywhere");
        await signIn.SignOutAsync();
        TempData.Notify(NoticeKind.Success, "Every session of your account has ended.");
        return Redirect("/account/sign-in");
    }

    public async Task<IActionResult> OnPostCodesAsync()
    {
        if (await FindAsync() is not { } account) return Redirect("/account/sign-in");
        if (!account.TwoFactorEnabled || !await desk.ProveAsync(account, Code ?? ""))
        {
            OpenCodes = true;
            ModelState.AddModelError(nameof(Code), SignInDesk.WrongCode);
            return await AgainAsync();
        }

        var codes = (await Users.GenerateNewTwoFactorRecoveryCodesAsync(account, 10))!.ToArray();
        await desk.WitnessAsync(account, TrailKind.System, "made new recovery codes");
        await LoadAsync();
        // No redirect: the codes must not lie anywhere between this answer and the person.
        Codes = codes;
        return Page();
    }

    public async Task<IActionResult> OnPostAppAsync()
    {
        if (await FindAsync() is not { } account) return Redirect("/account/sign-in");
        var check = await signIn.CheckPasswordSignInAsync(account, Password ?? "", lockoutOnFailure: true);
        if (!check.Succeeded)
        {
            OpenApp = true;
            await desk.FailedAsync("password not proved", account, "wrong password");
            ModelState.AddModelError(nameof(Password), "This is not your password, or the account is locked.");
            return await AgainAsync();
        }

        await Users.SetTwoFactorEnabledAsync(account, false);
        await Users.ResetAuthenticatorKeyAsync(account);
        await desk.WitnessAsync(account, TrailKind.System, "began to set up another authenticator");
        await signIn.SignOutAsync();
        await signIn.AwaitSecondFactorAsync(account);
        return Redirect("/account/two-factor/enrol?next=/account");
    }

    /// <summary>What the browser needs to ask the device for a new passkey.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync()
    {
        if (await FindAsync() is not { } account) return Unauthorized();
        var entity = new PasskeyUserEntity { Id = account.Id.ToString(), Name = account.Email!, DisplayName = account.FullName };
        return Content(await signIn.MakePasskeyCreationOptionsAsync(entity), "application/json");
    }

    public async Task<IActionResult> OnPostPasskeyAsync()
    {
        if (await FindAsync() is not { } account) return Redirect("/account/sign-in");
        if ((await Users.GetPasskeysAsync(account)).Count >= MostPasskeys)
        {
            ModelState.AddModelError(nameof(PasskeyName), $"You have {MostPasskeys} passkeys. Remove one that you no longer use.");
            return await AgainAsync();
        }

        var attestation = string.IsNullOrEmpty(Credential) ? null : await signIn.PerformPasskeyAttestationAsync(Credential);
        if (attestation is not { Succeeded: true })
        {
            ModelState.AddModelError(nameof(PasskeyName), "The passkey was not accepted. Try again; if it happens twice, use another device.");
            return await AgainAsync();
        }

        attestation.Passkey.Name = string.IsNullOrWhiteSpace(PasskeyName) ? "Passkey" : PasskeyName.Trim()[..Math.Min(60, PasskeyName.Trim().Length)];
        var added = await Users.AddOrUpdatePasskeyAsync(account, attestation.Passkey);
        if (!added.Succeeded) throw new InvalidOperationException("The passkey could not be kept: " + string.Join(" ", added.Errors.Select(e => e.Code)));
        await desk.WitnessAsync(account, TrailKind.System, "added a passkey");
        await signIn.RefreshSignInAsync(account);
        TempData.Notify(NoticeKind.Success, "The passkey was added. Next time you can sign in with it.");
        return Redirect("/account");
    }

    public async Task<IActionResult> OnPostRemovePasskeyAsync(string? passkey)
    {
        if (await FindAsync() is not { } account) return Redirect("/account/sign-in");
        if (string.IsNullOrEmpty(passkey) || !Base64Url.IsValid(passkey)) return NotFound();
        var id = Base64Url.DecodeFromChars(passkey);
        if (await Users.GetPasskeyAsync(account, id) is null) return NotFound();
        await Users.RemovePasskeyAsync(account, id);
        await desk.WitnessAsync(account, TrailKind.System, "removed a passkey");
        await signIn.RefreshSignInAsync(account);
        TempData.Notify(NoticeKind.Success, "The passkey was removed: it no longer opens your account.");
        return Redirect("/account");
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (await FindAsync() is not { } account) return Redirect("/account/sign-in");
        Account = account;
        HasPassword = account.PasswordHash is not null;
        CodesLeft = await Users.CountRecoveryCodesAsync(account);
        Passkeys = [.. (await Users.GetPasskeysAsync(account))
            .OrderBy(p => p.CreatedAt)
            .Select(p => new OwnPasskey(Base64Url.EncodeToString(p.CredentialId), p.Name ?? "Passkey", Instant.FromDateTimeOffset(p.CreatedAt)))];
        Memberships = await (
            from m in Read.Of<Membership>()
            join g in Read.Of<Agency>() on m.AgencyId equals g.Id
            where m.AccountId == account.Id
            orderby m.ValidFrom descending, m.Id
            select new OwnMembership(g.Name, m.JobTitle, m.Roles, m.ValidFrom, m.ValidTo)).ToListAsync();
        return null;
    }

    private Task<Records.Accounts.Account?> FindAsync() => Users.GetUserAsync(User);
}
