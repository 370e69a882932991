using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>Makes, resets and closes accounts inside an act, so that account and membership stand or fall together and the act is in the trail.</summary>
public sealed class AccountDesk(Act act)
{
    /// <summary>The form in which the framework compares addresses.</summary>
    public static string Normal(string email) => email.Trim().Normalize().ToUpperInvariant();

    public Task<bool> IsTakenAsync(string email)
    {
        var normal = Normal(email);
        return act.Db.Set<Account>().AsNoTracking().AnyAsync(a => a.NormalizedEmail == normal || a.NormalizedUserName == normal);
    }

    /// <summary>A new account. Without a password hash it is opened by an invitation, a passkey or the organisation's own sign-in.</summary>
    public Account Add(string fullName, string email, string? passwordHash)
    {
        var address = email.Trim();
        var account = new Account
        {
            Id = act.NewId(),
            FullName = fullName.Trim(),
            UserName = address,
            NormalizedUserName = Normal(address),
            Email = address,
            NormalizedEmail = Normal(address),
            EmailConfirmed = true,
            LockoutEnabled = true,
            PasswordHash = passwordHash,
            SecurityStamp = NewStamp(),
            ConcurrencyStamp = NewStamp(),
        };
        act.Db.Add(account);
        act.Admitted.Add(account);
        return account;
    }

    public async Task<Account?> FindAsync(Guid id)
    {
        var account = await act.Db.Set<Account>().SingleOrDefaultAsync(a => a.Id == id);
        if (account is not null) act.Admitted.Add(account);
        return account;
    }

    /// <summary>Takes password and second factor away and ends every session; a new link opens the account again.</summary>
    public void Reset(Account account)
    {
        account.PasswordHash = null;
        account.TwoFactorEnabled = false;
        account.AccessFailedCount = 0;
        account.LockoutEnd = null;
        EndSessions(account);
    }

    public void Close(Account account, Instant at)
    {
        account.ClosedAt = at;
        EndSessions(account);
    }

    public void EndSessions(Account account)
    {
        account.SecurityStamp = NewStamp();
        account.ConcurrencyStamp = NewStamp();
        act.Live($"account:{account.Id}", "access", account.Id, 0);
    }

    private static string NewStamp() => Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20));
}
