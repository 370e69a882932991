using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>The two ends of the way through the organisation's provider. By links, not forms: the security policy lets no form lead away from the hub.</summary>
internal static class OrganisationEndpoints
{
    internal static void Map(WebApplication app)
    {
        if (!OrganisationSignIn.IsConfigured(app.Configuration)) return;
        app.MapGet("/account/organisation", (string? next) => Results.Challenge(
            new AuthenticationProperties { RedirectUri = "/account/organisation/done" + (IsLocal(next) ? "?next=" + Uri.EscapeDataString(next!) : "") },
            [HubAccounts.Organisation])).AllowAnonymous().RequireRateLimiting(HubAccounts.SignInLimit);
        app.MapGet("/account/organisation/done", DoneAsync).AllowAnonymous().RequireRateLimiting(HubAccounts.SignInLimit);
    }

    private static async Task<IResult> DoneAsync(HttpContext http, UserManager<Account> users, HubSignInManager signIn, SignInDesk desk, string? next)
    {
        var external = await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
        await http.SignOutAsync(IdentityConstants.ExternalScheme);
        if (external.Principal is not { } principal) return Results.Redirect("/account/sign-in?organisation=failed");

        var (issuer, subject) = (principal.FindFirst("sub")?.Issuer, principal.FindFirstValue("sub"));
        if (issuer is null || subject is null) return Results.Redirect("/account/sign-in?organisation=failed");
        var account = await users.FindByLoginAsync(HubAccounts.Organisation, subject);
        if (account is null)
        {
            // The first time: by the address, and only where the provider says that it is the person's own.
            var email = principal.FindFirstValue("email");
            var verified = string.Equals(principal.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase);
            account = email is not null && verified ? await users.FindByEmailAsync(email) : null;
            if (account is null)
            {
                await desk.FailedAsync("organisation sign-in failed", null, verified ? "no account has this address" : "the address is not verified");
                return Results.Redirect("/account/sign-in?organisation=unknown");
            }

            // An address that passed to someone else must not open the account of whoever had it before.
            if ((await users.GetLoginsAsync(account)).Any(l => l.LoginProvider == HubAccounts.Organisation))
            {
                await desk.FailedAsync("organisation sign-in failed", account, "the account belongs to another person of the organisation");
                return Results.Redirect("/account/sign-in?organisation=unknown");
            }

            if (await signIn.CanSignInAsync(account)) await users.AddLoginAsync(account, new UserLoginInfo(HubAccounts.Organisation, subject, issuer));
        }

        if (!await signIn.CanSignInAsync(account) || await users.IsLockedOutAsync(account))
        {
            await desk.FailedAsync("organisation sign-in failed", account, account.ClosedAt is null ? "locked" : "closed");
            return Results.Redirect("/account/sign-in?organisation=unknown");
        }

        await desk.SignInFromOrganisationAsync(account);
        return Results.LocalRedirect(IsLocal(next) ? next! : "/");
    }

    private static bool IsLocal(string? address) => address is ['/', ..] and not ['/', '/' or '\\', ..];
}
