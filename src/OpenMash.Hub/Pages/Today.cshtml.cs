using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Duty;
using HubNotice = OpenMash.Records.Work.Notice;

namespace OpenMash.Hub.Pages;

/// <summary>The first page after sign-in: what needs someone now, one's own work, and the tiles that rooms fill.</summary>
[AllowMembers]
[Witnessed]
public sealed class TodayModel(IEnumerable<IFrontPageTile> tiles, IEnumerable<IMyWork> work, IEnumerable<ILinkSource> links) : HubPage
{
    private const int MostNotices = 12;

    public IReadOnlyList<SlotPart> Tiles { get; private set; } = [];

    /// <summary>Tiles from this order on stand below the work: what is good to know, after what must be done.</summary>
    private const int Below = 100;

    public IReadOnlyList<SlotPart> TilesBelow { get; private set; } = [];

    public IReadOnlyList<WorkItem> Work { get; private set; } = [];

    /// <summary>All of it, of which <see cref="Work"/> is the most urgent part.</summary>
    public int WorkInAll { get; private set; }

    public int WorkLate { get; private set; }

    /// <summary>Due before midnight, and not late yet.</summary>
    public int WorkToday { get; private set; }

    public IReadOnlyList<HubNotice> Notices { get; private set; } = [];

    public int NoticesInAll { get; private set; }

    public async Task OnGetAsync() => await LoadAsync();

    public Task<IActionResult> OnPostSeenAsync(Guid noticeId) => SendAsync(new SeeNotice(noticeId), _ => Redirect("/"));

    public string? LinkOf(HubNotice notice) => links.Select(l => l.UrlOf(notice.SubjectKind, notice.SubjectId)).FirstOrDefault(u => u is not null);

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var mine = NoticesFor(Viewer);
        NoticesInAll = await mine.CountAsync(ct);
        Notices = await mine.OrderByDescending(n => n.Kind == "danger-now").ThenByDescending(n => n.Level).ThenByDescending(n => n.RaisedAt).Take(MostNotices).ToListAsync(ct);
        var items = new List<WorkItem>();
        foreach (var source in work) items.AddRange(await source.ReadAsync(Viewer, ct));
        var midnight = OpenMash.Engines.Clocks.London.StartOf(Today.PlusDays(1));
        (WorkInAll, WorkLate, WorkToday) = (items.Count, items.Count(w => w.DueAt < Now), items.Count(w => w.DueAt >= Now && w.DueAt <= midnight));
        Work = [.. items.OrderBy(i => i.WhyRed is null).ThenBy(i => i.DueAt ?? NodaTime.Instant.MaxValue).ThenBy(i => i.Order).Take(40)];
        var parts = new List<SlotPart>();
        var below = new List<SlotPart>();
        foreach (var tile in tiles.OrderBy(t => t.Order))
        {
            if (await tile.DrawAsync(Viewer, ct) is { } part) (tile.Order >= Below ? below : parts).Add(part);
        }

        Tiles = parts;
        TilesBelow = below;
        await ListedAsync("hub today", Notices.Count + Work.Count);
        return null;
    }

    /// <summary>Unread notices for this person: to them by name, or to anyone of their role and agency.</summary>
    private IQueryable<HubNotice> NoticesFor(Viewer viewer)
    {
        var roles = (int)viewer.Roles;
        var (account, agency, hub) = (viewer.AccountId, viewer.AgencyId, viewer.IsHub);
        return Read.Of<HubNotice>().Where(n => n.SeenAt == null && n.ClosedAt == null
            && (n.ToAccountId == account || (n.ToAccountId == null && (n.ToRoles & roles) != 0 && (n.ToAgencyId == agency || (n.ToAgencyId == null && hub)))));
    }
}
