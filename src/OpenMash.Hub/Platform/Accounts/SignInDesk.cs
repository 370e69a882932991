using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>What the next page of a sign-in is.</summary>
internal enum SignInStep
{
    Failed,

    /// <summary>Six digits of the authenticator app, or a recovery code.</summary>
    SecondFactor,

    /// <summary>The first sign-in with a password: an authenticator app has to be set up before anything opens.</summary>
    Enrol,

    Done,
}

/// <summary>
/// Every way of signing in ends here, and every attempt is in the trail: done, failed and locked. Failures give one answer to the person whatever their
/// cause, so that nobody learns which addresses have an account.
/// </summary>
internal sealed class SignInDesk(
    HubSignInManager signIn, IHttpContextAccessor accessor, CurrentAuthority current, ViewerDirectory viewers, CommandRunner runner, NodaTime.IClock clock)
{
    internal const string Wrong = "The e-mail address or the password is wrong, or the account is locked. After five failures it stays locked for 15 minutes.";
    internal const string WrongCode = "This code is not right, or was used before. Wait for the next one and check the time on your telephone.";

    private const string UsedCodes = "openmash";
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(null!, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    private UserManager<Account> Users => signIn.UserManager;

    private CancellationToken Aborted => accessor.HttpContext!.RequestAborted;

    public async Task<SignInStep> PasswordAsync(string email, string password)
    {
        var account = await Users.FindByEmailAsync(email.Trim());
        if (account?.PasswordHash is null)
        {
            // As slow as for an account that exists.
            new PasswordHasher<Account>().VerifyHashedPassword(null!, NobodysHash, password);
            await FailedAsync("sign-in failed", account, account is null ? "no such account" : "the account has no password");
            return SignInStep.Failed;
        }

        var wasLocked = await Users.IsLockedOutAsync(account);
        var result = await signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            await FailedAsync("sign-in failed", account, result.IsLockedOut ? "locked" : result.IsNotAllowed ? "closed" : "wrong password");
            if (result.IsLockedOut && !wasLocked) await LockedAsync(account);
            return SignInStep.Failed;
        }

        await signIn.AwaitSecondFactorAsync(account);
        return account.TwoFactorEnabled ? SignInStep.SecondFactor : SignInStep.Enrol;
    }

    /// <summary>Who gave the right password and has yet to show the second factor; null where that was too long ago.</summary>
    public Task<Account?> AwaitingAsync() => signIn.GetTwoFactorAuthenticationUserAsync();

    public async Task<SignInStep> CodeAsync(string code, bool recovery)
    {
        var account = await AwaitingAsync();
        if (account is not { TwoFactorEnabled: true }) return SignInStep.Failed;
        var digits = Digits(code);
        var wasLocked = await Users.IsLockedOutAsync(account);
        if (!recovery && await WasUsedAsync(account, digits))
        {
            await FailedAsync("second factor failed", account, "a code used before");
            return SignInStep.Failed;
        }

        var result = recovery
            ? await signIn.TwoFactorRecoveryCodeSignInAsync(code.Replace(" ", "", StringComparison.Ordinal).Trim())
            : await signIn.TwoFactorAuthenticatorSignInAsync(digits, isPersistent: false, rememberClient: false);
        if (!result.Succeeded)
        {
            // The framework counts wrong codes of the app but not wrong recovery codes.
            if (recovery && !result.IsLockedOut) await Users.AccessFailedAsync(account);
            var locked = await Users.IsLockedOutAsync(account);
            await FailedAsync("second factor failed", account, locked ? "locked" : recovery ? "wrong recovery code" : "wrong code");
            if (locked && !wasLocked) await LockedAsync(account);
            return SignInStep.Failed;
        }

        if (!recovery) await RememberUsedAsync(account, digits);
        await DoneAsync(account, recovery ? "sign in with recovery code" : "sign in with password and code");
        return SignInStep.Done;
    }

    /// <summary>Proves that the app was set up, turns the second factor on, signs in, and gives the recovery codes, which are shown once.</summary>
    public async Task<IReadOnlyList<string>?> EnrolAsync(Account account, string code)
    {
        var digits = Digits(code);
        if (await Users.IsLockedOutAsync(account)) return null;
        if (!await Users.VerifyTwoFactorTokenAsync(account, Users.Options.Tokens.AuthenticatorTokenProvider, digits))
        {
            await Users.AccessFailedAsync(account);
            await FailedAsync("second factor failed", account, "wrong code while setting up");
            return null;
        }

        await Users.SetTwoFactorEnabledAsync(account, true);
        var codes = (await Users.GenerateNewTwoFactorRecoveryCodesAsync(account, 10))!.ToArray();
        await RememberUsedAsync(account, digits);
        await Users.ResetAccessFailedCountAsync(account);
        await accessor.HttpContext!.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        await signIn.SignInWithClaimsAsync(account, isPersistent: false, [new Claim("amr", "pwd"), new Claim("amr", "mfa")]);
        await WitnessAsync(account, TrailKind.System, "set up authenticator");
        await DoneAsync(account, "sign in with password and code");
        return codes;
    }

    /// <summary>True where a code of the app is right now; a wrong one counts towards the lock.</summary>
    public async Task<bool> ProveAsync(Account account, string code)
    {
        var digits = Digits(code);
        if (await Users.IsLockedOutAsync(account)) return false;
        if (!await WasUsedAsync(account, digits) && await Users.VerifyTwoFactorTokenAsync(account, Users.Options.Tokens.AuthenticatorTokenProvider, digits))
        {
            await RememberUsedAsync(account, digits);
            await Users.ResetAccessFailedCountAsync(account);
            return true;
        }

        await Users.AccessFailedAsync(account);
        await FailedAsync("second factor failed", account, "wrong code");
        return false;
    }

    public async Task<SignInStep> PasskeyAsync(string credential)
    {
        var assertion = await signIn.PerformPasskeyAssertionAsync(credential);
        if (!assertion.Succeeded)
        {
            await FailedAsync("passkey failed", null, "the passkey was not accepted");
            return SignInStep.Failed;
        }

        var account = assertion.User;
        if (!await signIn.CanSignInAsync(account) || await Users.IsLockedOutAsync(account))
        {
            await FailedAsync("passkey failed", account, account.ClosedAt is null ? "locked" : "closed");
            return SignInStep.Failed;
        }

        await Users.AddOrUpdatePasskeyAsync(account, assertion.Passkey);
        await signIn.SignInWithClaimsAsync(account, isPersistent: false, [new Claim("amr", "hwk"), new Claim("amr", "mfa")]);
        await DoneAsync(account, "sign in with passkey");
        return SignInStep.Done;
    }

    public async Task SignInFromOrganisationAsync(Account account)
    {
        await signIn.SignInWithClaimsAsync(account, isPersistent: false, [new Claim("amr", "oidc")]);
        await DoneAsync(account, "sign in through the organisation");
    }

    public async Task SignOutAsync()
    {
        var viewer = accessor.HttpContext!.Viewer();
        if (viewer.AccountId is { } id) await runner.WitnessAsync(viewer, TrailKind.SignIn, "sign out", "Account", id, ct: Aborted);
        await signIn.SignOutAsync();
    }

    /// <summary>Records something about an account that no command makes (the stores of the framework save by themselves).</summary>
    public async Task WitnessAsync(Account account, TrailKind kind, string act, object? detail = null) =>
        await runner.WitnessAsync(await ActorAsync(account), kind, act, "Account", account.Id, detail, Aborted);

    public Task FailedAsync(string act, Account? account, string why) =>
        runner.WitnessAsync(Viewer.Public(current.Id), TrailKind.SignIn, act, account is null ? null : "Account", account?.Id, new { why }, Aborted);

    private Task DoneAsync(Account account, string act) => WitnessAsync(account, TrailKind.SignIn, act);

    private async Task LockedAsync(Account account)
    {
        await runner.WitnessAsync(Viewer.Public(current.Id), TrailKind.SignIn, "account locked", "Account", account.Id, new { why = "five failures in a row" }, Aborted);
        if (current.Id != 0)
            (await runner.RunAsync(new ReportLockout(account.Id), Viewer.System(current.Id, "sign-in", "tell that an account was locked"), Aborted)).Expect();
    }

    private async Task<Viewer> ActorAsync(Account account) =>
        (current.Id == 0 ? null : await viewers.ForAccountAsync(current.Id, account.Id, Aborted))
        ?? new Viewer { Kind = ViewerKind.Person, AuthorityId = current.Id, AccountId = account.Id, Name = account.FullName, AgencyName = "no agency" };

    private static string Digits(string code) => new([.. code.Where(char.IsAsciiDigit)]);

    /// <summary>A code is good once (RFC 6238, 5.2): the framework would take it again for as long as its window lasts.</summary>
    private async Task<bool> WasUsedAsync(Account account, string digits)
    {
        var stored = await Users.GetAuthenticationTokenAsync(account, UsedCodes, "last-codes");
        return stored is not null && Recent(stored).Any(c => c.Hash == Hash(account, digits));
    }

    private async Task RememberUsedAsync(Account account, string digits)
    {
        var stored = await Users.GetAuthenticationTokenAsync(account, UsedCodes, "last-codes");
        var kept = Recent(stored ?? "").Append((At: Seconds(), Hash: Hash(account, digits)));
        await Users.SetAuthenticationTokenAsync(account, UsedCodes, "last-codes", string.Join(' ', kept.Select(c => $"{c.At}:{c.Hash}")));
    }

    private IEnumerable<(long At, string Hash)> Recent(string stored) =>
        stored.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split(':'))
            .Select(p => (At: long.Parse(p[0], System.Globalization.CultureInfo.InvariantCulture), Hash: p[1]))
            .Where(c => Seconds() - c.At < 600);

    private long Seconds() => clock.GetCurrentInstant().ToUnixTimeSeconds();

    private static string Hash(Account account, string digits) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Id:N}|{digits}")).AsSpan(0, 8));
}
