using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>The framework's sign-in, with what is ours: a closed account never signs in, and a password alone opens nothing.</summary>
internal sealed class HubSignInManager(
    UserManager<Account> users,
    IHttpContextAccessor accessor,
    IUserClaimsPrincipalFactory<Account> principals,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<Account>> log,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<Account> confirmation)
    : SignInManager<Account>(users, accessor, principals, options, log, schemes, confirmation)
{
    public override async Task<bool> CanSignInAsync(Account user) => user.ClosedAt is null && await base.CanSignInAsync(user);

    /// <summary>
    /// Remembers who gave the right password until the second factor is shown. It is a cookie of its own scheme, which no page but the second
    /// factor's reads, so that nothing else opens meanwhile.
    /// </summary>
    public Task AwaitSecondFactorAsync(Account user)
    {
        var identity = new ClaimsIdentity(IdentityConstants.TwoFactorUserIdScheme);
        identity.AddClaim(new Claim(ClaimTypes.Name, user.Id.ToString()));
        return Context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(identity), new AuthenticationProperties());
    }
}
