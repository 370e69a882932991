using Microsoft.AspNetCore.Identity;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Platform.Record;

/// <summary>Makes what no command can make, because there is nobody yet to send it: an authority, and accounts through the framework's identity.</summary>
public static class Bootstrap
{
    public static async Task AddAuthorityAsync(RecordStore store, Authority authority, CancellationToken ct)
    {
        await using var db = store.Open(0);
        db.Add(authority);
#pragma warning disable RS0030 // installation row, made once at first run
        await db.SaveChangesAsync(ct);
#pragma warning restore RS0030
    }

    /// <summary>First-run set-up: adds the authority, or takes the new names where an earlier attempt stopped half-way.</summary>
    public static async Task SaveAuthorityAsync(RecordStore store, Authority authority, CancellationToken ct)
    {
        await using var db = store.Open(0);
        if (await db.Set<Authority>().FindAsync([authority.Id], ct) is { } known)
        {
            known.Name = authority.Name;
            known.HubName = authority.HubName;
            known.Telephone = authority.Telephone;
        }
        else
        {
            db.Add(authority);
        }

#pragma warning disable RS0030 // installation row, made once at first run
        await db.SaveChangesAsync(ct);
#pragma warning restore RS0030
    }

    /// <summary>Makes an account. A null password makes one that can sign in by other means only.</summary>
    public static async Task<Account> AddAccountAsync(UserManager<Account> users, Guid id, string fullName, string email, string? password, bool demoPersona)
    {
        var account = new Account { Id = id, FullName = fullName, UserName = email, Email = email, EmailConfirmed = true, IsDemoPersona = demoPersona };
        var result = password is null ? await users.CreateAsync(account) : await users.CreateAsync(account, password);
        if (!result.Succeeded) throw new InvalidOperationException("The account could not be made: " + string.Join(" ", result.Errors.Select(e => e.Description)));
        return account;
    }
}
