using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Web;

/// <summary>The authority of the current request, job or verb; zero until it is known.</summary>
public sealed class CurrentAuthority
{
    public short Id { get; set; }
}

/// <summary>Which authority a request is for: by host name, or the only one there is. None means refused.</summary>
public sealed class AuthorityDirectory(RecordStore store, IClock clock)
{
    private static readonly Duration Fresh = Duration.FromSeconds(10);
    private (Instant At, Authority[] All)? _known;

    public async Task<IReadOnlyList<Authority>> AllAsync(CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        if (_known is { } known && known.All.Length > 0 && now - known.At < Fresh && now >= known.At) return known.All;
        await using var db = store.Open(0);
        var all = await db.Set<Authority>().AsNoTracking().OrderBy(a => a.Id).ToArrayAsync(ct);
        _known = (now, all);
        return all;
    }

    public void Forget() => _known = null;

    public async Task<Authority?> ForHostAsync(string host, CancellationToken ct)
    {
        var all = await AllAsync(ct);
        if (all.Count == 1 && all[0].Host is null) return all[0];
        return all.FirstOrDefault(a => string.Equals(a.Host, host, StringComparison.OrdinalIgnoreCase));
    }

    public async Task<Authority> GetAsync(short id, CancellationToken ct) =>
        (await AllAsync(ct)).FirstOrDefault(a => a.Id == id) ?? throw new InvalidOperationException($"There is no authority {id}.");
}

/// <summary>Makes viewers from accounts and clients, by the memberships that hold today.</summary>
public sealed class ViewerDirectory(RecordStore store, IClock clock)
{
    /// <summary>Who a session's cookie is for. Not current where the account is closed or the session's stamp is no longer the account's; no viewer where it has no membership of the authority today.</summary>
    public async Task<(bool Current, Viewer? Viewer)> ForSessionAsync(short authority, Guid account, string? stamp, CancellationToken ct)
    {
        await using var db = store.Open(authority);
        var found = stamp is null ? null : await FindAsync(db, authority, a => a.Id == account && a.SecurityStamp == stamp, ct);
        return (found is not null, found?.Viewer);
    }

    /// <summary>Null where the account is closed or has no membership of the authority today.</summary>
    public async Task<Viewer?> ForAccountAsync(short authority, Guid account, CancellationToken ct)
    {
        await using var db = store.Open(authority);
        return (await FindAsync(db, authority, a => a.Id == account, ct))?.Viewer;
    }

    private async Task<Found?> FindAsync(RecordContext db, short authority, Expression<Func<Account, bool>> which, CancellationToken ct)
    {
        var today = London.Date(clock.GetCurrentInstant());
        var memberships =
            from m in db.Set<Membership>().AsNoTracking()
            join g in db.Set<Agency>().AsNoTracking() on m.AgencyId equals g.Id
            where m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today)
            select new { m.Id, m.AccountId, m.AgencyId, m.Roles, g.Name, g.Kind, g.IsHub };
        var row = await (
            from a in db.Set<Account>().AsNoTracking().Where(which)
            where a.ClosedAt == null
            join m in memberships on a.Id equals m.AccountId into held
            from m in held.DefaultIfEmpty()
            orderby m.Id
            select new { a.Id, a.FullName, AgencyId = (Guid?)m.AgencyId, AgencyName = m.Name, Kind = (AgencyKind?)m.Kind, IsHub = (bool?)m.IsHub, Roles = (Roles?)m.Roles }).FirstOrDefaultAsync(ct);
        if (row is null) return null;
        return new Found(row.AgencyId is null
            ? null
            : await new Viewer
            {
                Kind = ViewerKind.Person,
                AuthorityId = authority,
                AccountId = row.Id,
                AgencyId = row.AgencyId,
                AgencyName = row.AgencyName,
                AgencyKind = row.Kind,
                IsHub = row.IsHub ?? false,
                Roles = row.Roles ?? Roles.None,
                Name = row.FullName,
            }.WithSealsAsync(db, clock.GetCurrentInstant(), ct));
    }

    /// <summary>An open account, as a viewer if it has a membership.</summary>
    private sealed record Found(Viewer? Viewer);

    /// <summary>A partner system; its authority comes from its registration, never from the address.</summary>
    public async Task<Viewer?> ForClientAsync(string clientId, AuthorityDirectory authorities, CancellationToken ct)
    {
        foreach (var authority in await authorities.AllAsync(ct))
        {
            await using var db = store.Open(authority.Id);
            var found = await (
                from c in db.Set<PartnerClient>().AsNoTracking()
                join g in db.Set<Agency>().AsNoTracking() on c.AgencyId equals g.Id
                where c.ClientId == clientId && c.ClosedAt == null
                select new { c.AgencyId, c.Name, AgencyName = g.Name, g.Kind }).FirstOrDefaultAsync(ct);
            if (found is not null)
            {
                return await new Viewer
                {
                    Kind = ViewerKind.Client,
                    AuthorityId = authority.Id,
                    AgencyId = found.AgencyId,
                    AgencyName = found.AgencyName,
                    AgencyKind = found.Kind,
                    Roles = Roles.Referrer,
                    Name = found.Name,
                }.WithSealsAsync(db, clock.GetCurrentInstant(), ct);
            }
        }

        return null;
    }
}
