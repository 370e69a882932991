using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Identity;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>
/// Links with which a person opens an account that has no password: good for three days and once, since they rest on the account's stamp, which choosing a
/// password changes. Nothing of a link is kept.
/// </summary>
internal sealed class OneTimeLinks(UserManager<Account> users)
{
    private const string Purpose = "openmash-one-time-link";

    /// <summary>The address for the person, without the host; shown to the administrator once.</summary>
    public async Task<string> MakeAsync(Account account)
    {
        var token = await users.GenerateUserTokenAsync(account, TokenOptions.DefaultProvider, Purpose);
        return $"/account/invitation/{account.Id}/{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token))}";
    }

    /// <summary>The account, or null where the link is wrong, old, used or replaced.</summary>
    public async Task<Account?> ReadAsync(Guid id, string token)
    {
        if (!Base64Url.IsValid(token)) return null;
        var account = await users.FindByIdAsync(id.ToString());
        if (account is not { ClosedAt: null, PasswordHash: null }) return null;
        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        return await users.VerifyUserTokenAsync(account, TokenOptions.DefaultProvider, Purpose, plain) ? account : null;
    }
}
