using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed record AccountRow(Guid Id, string Name, string? Agency, string? JobTitle, Roles Roles, bool IsOpen, string State);

/// <summary>Everyone with an account.</summary>
[Allow(Roles.Administrator, "administer accounts")]
internal sealed class AccountsModel : HubPage
{
    public IReadOnlyList<AccountRow> People { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var today = Today;
        var now = Now.ToDateTimeOffset();
        var memberships = (await (
            from m in Read.Of<Membership>()
            join g in Read.Of<Agency>() on m.AgencyId equals g.Id
            where m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today)
            select new { m.AccountId, g.Name, m.JobTitle, m.Roles }).ToListAsync()).ToLookup(m => m.AccountId);
        var accounts = await Read.Of<Account>()
            .OrderBy(a => a.FullName).ThenBy(a => a.Id)
            .Select(a => new { a.Id, a.FullName, a.ClosedAt, a.LockoutEnd, HasPassword = a.PasswordHash != null, a.TwoFactorEnabled, a.IsDemoPersona })
            .ToListAsync();
        People = [.. accounts.Select(a =>
        {
            var m = memberships[a.Id].FirstOrDefault();
            var state = a.ClosedAt is not null ? "closed" : a.LockoutEnd > now ? "locked" : a.HasPassword ? a.TwoFactorEnabled ? "open" : "has yet to set up the second step" : a.IsDemoPersona ? "invented" : "invited";
            return new AccountRow(a.Id, a.FullName, m?.Name, m?.JobTitle, m?.Roles ?? Roles.None, a.ClosedAt is null, state);
        })];
    }
}
