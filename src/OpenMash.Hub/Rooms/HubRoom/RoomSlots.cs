using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>Addresses of the room's things.</summary>
internal sealed class RoomLinks : ILinkSource
{
    public string? UrlOf(string kind, Guid id) => kind switch
    {
        nameof(Enquiry) => $"/enquiries/{id}",
        nameof(AgencyCheck) => $"/checks/{id}",
        "OpenEnquiry" => $"/enquiries/open?contact={id}",
        _ => null,
    };
}

/// <summary>
/// The lists of enquiries and their counts: one query each, so that a figure and the list behind it cannot differ. All of them through the access rule.
/// </summary>
internal sealed class EnquiryLists(RecordReader read, Viewer viewer)
{
    public const string Open = "open";
    public const string Late = "late";
    public static readonly IReadOnlyList<(string Key, string Label)> All =
        [(Open, "Open"), ("mine", "Mine"), ("second", "Second person needed"), ("look-again", "To look at again"), ("disagreements", "Disagreements"), (Late, "With a late check"), ("decided", "Decided")];

    public IQueryable<Enquiry> Query(string show, Guid? agency = null)
    {
        var all = read.Visible<Enquiry>(viewer);
        var now = read.Now;
        var account = viewer.AccountId ?? Guid.Empty;
        switch (show)
        {
            case "mine":
                var messages = read.Of<RoomMessage>().Where(m => m.ByAccountId == account);
                var items = read.Of<Contribution>().Where(c => c.ByAccountId == account);
                var views = read.Of<AgencyView>().Where(v => v.ByAccountId == account);
                return all.Where(e => e.State == EnquiryState.Open && (e.ChairAccountId == account || messages.Any(m => m.EnquiryId == e.Id) || items.Any(c => c.EnquiryId == e.Id) || views.Any(v => v.EnquiryId == e.Id)));
            case "second":
                var proposed = read.Of<RoomDecision>().Where(d => d.State == DecisionState.Proposed);
                return all.Where(e => proposed.Any(d => d.EnquiryId == e.Id));
            case "look-again":
                // The hub's queue: others do not have it.
                if (!EnquiryAccess.IsHubTeam(viewer)) return all.Where(e => false);
                var again = read.Of<LookAgain>().Where(l => l.SettledAt == null);
                return all.Where(e => again.Any(l => l.EnquiryId == e.Id));
            case "disagreements":
                var escalations = read.Of<Escalation>().Where(x => x.ResolvedAt == null);
                return all.Where(e => escalations.Any(x => x.EnquiryId == e.Id));
            case Late:
                var late = read.Of<AgencyCheck>().Where(c => c.State == CheckState.Asked && c.DueAt <= now);
                if (agency is { } one) late = late.Where(c => c.AgencyId == one);
                // What was not answered before the decision is part of its evidence; it is no longer waited for.
                return all.Where(e => e.State == EnquiryState.Open && late.Any(c => c.EnquiryId == e.Id));
            case "decided":
                return all.Where(e => e.State == EnquiryState.Decided);
            default:
                return all.Where(e => e.State == EnquiryState.Open);
        }
    }

    /// <summary>Those of a list in which something came since the viewer last looked.</summary>
    public IQueryable<Enquiry> News(string show)
    {
        var account = viewer.AccountId ?? Guid.Empty;
        var seen = read.Of<RoomSeen>().Where(s => s.AccountId == account);
        return Query(show).Where(e => e.Sequence > (seen.Where(s => s.EnquiryId == e.Id).Max(s => (long?)s.Sequence) ?? 0));
    }

    /// <summary>The agencies that owe a late check, by name, each with the number of its enquiries in the list of the late.</summary>
    public async Task<IReadOnlyList<LateAgency>> LateByAsync(CancellationToken ct)
    {
        var now = read.Now;
        var visible = Query(Late).Select(e => e.Id);
        var counts = await read.Of<AgencyCheck>()
            .Where(c => c.State == CheckState.Asked && c.DueAt <= now && visible.Contains(c.EnquiryId))
            .Select(c => new { c.AgencyId, c.EnquiryId }).Distinct()
            .GroupBy(c => c.AgencyId)
            .Select(g => new { Agency = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Agency, g => g.Count, ct);
        var ids = counts.Keys.ToArray();
        var agencies = await read.Of<Agency>().Where(a => ids.Contains(a.Id)).OrderBy(a => a.Name).ToListAsync(ct);
        return [.. agencies.Select(a => new LateAgency(a.Id, a.Name, a.Telephone, counts[a.Id]))];
    }

    /// <summary>Checks asked of the viewer's agency: those that an open enquiry waits for, those it decided without, those answered.</summary>
    public IQueryable<AgencyCheck> Checks(string show)
    {
        var agency = viewer.AgencyId ?? Guid.Empty;
        var now = read.Now;
        var mine = read.Visible<AgencyCheck>(viewer).Where(c => c.AgencyId == agency);
        var open = read.Of<Enquiry>().Where(e => e.State == EnquiryState.Open);
        var waiting = mine.Where(c => c.State == CheckState.Asked && open.Any(e => e.Id == c.EnquiryId));
        return show switch
        {
            "late" => waiting.Where(c => c.DueAt <= now),
            "not-got" => mine.Where(c => c.State == CheckState.Asked && !open.Any(e => e.Id == c.EnquiryId)),
            "answered" => mine.Where(c => c.State != CheckState.Asked),
            _ => waiting,
        };
    }
}

/// <summary>The rooms at a glance: what is new in them, and, for the hub, which agencies are late and who disagrees. Each figure is the count of the list it links to.</summary>
internal sealed class RoomsTile(RecordReader read) : IFrontPageTile
{
    private const int Most = 6;

    public int Order => 110;

    public async Task<SlotPart?> DrawAsync(Viewer viewer, CancellationToken ct)
    {
        var hub = EnquiryAccess.IsHubTeam(viewer);
        if (!hub && !viewer.Has(Roles.Researcher)) return null;
        var lists = new EnquiryLists(read, viewer);
        var news = lists.News(EnquiryLists.Open);
        var rooms = await news.OrderByDescending(e => e.OpenedAt).Take(Most).Select(e => new NewInRoom(e.Id, e.Reference)).ToListAsync(ct);
        var count = await news.CountAsync(ct);
        if (!hub) return new SlotPart("The rooms", "/Rooms/HubRoom/Pages/_RoomsTile.cshtml", new RoomsTileModel(rooms, count, null, 0, 0, 0));

        return new SlotPart("The rooms", "/Rooms/HubRoom/Pages/_RoomsTile.cshtml", new RoomsTileModel(
            rooms, count, await lists.LateByAsync(ct), await lists.Query(EnquiryLists.Late).CountAsync(ct), await lists.Query("disagreements").CountAsync(ct), await lists.Query("look-again").CountAsync(ct)));
    }
}

/// <summary>An agency that owes late checks, and in how many enquiries.</summary>
public sealed record LateAgency(Guid Id, string Name, string Telephone, int Count);

public sealed record NewInRoom(Guid Id, string Reference);

public sealed record RoomsTileModel(IReadOnlyList<NewInRoom> New, int NewInAll, IReadOnlyList<LateAgency>? LateBy, int Late, int Disagreements, int LookAgain);

/// <summary>How many checks wait for the viewer's agency, beside the link.</summary>
internal sealed class ChecksCount(RecordReader read) : INavCount
{
    public string Url => "/checks";

    public async Task<int?> CountAsync(Viewer viewer, CancellationToken ct) =>
        viewer.Has(Roles.Researcher) ? await new EnquiryLists(read, viewer).Checks("waiting").CountAsync(ct) : null;
}

/// <summary>What of the room waits for a person.</summary>
internal sealed class RoomWork(RecordReader read) : IMyWork
{
    private const int Most = 50;

    public async Task<IReadOnlyList<WorkItem>> ReadAsync(Viewer viewer, CancellationToken ct)
    {
        var now = read.Now;
        var work = new List<WorkItem>();
        var lists = new EnquiryLists(read, viewer);
        if (viewer.Has(Roles.Researcher))
        {
            var checks = await lists.Checks("waiting").OrderBy(c => c.DueAt == null).ThenBy(c => c.DueAt).Take(Most).ToListAsync(ct);
            var ids = checks.Select(c => c.EnquiryId).ToArray();
            var references = await read.Of<Enquiry>().Where(e => ids.Contains(e.Id)).ToDictionaryAsync(e => e.Id, e => e.Reference, ct);
            work.AddRange(checks.Select(c => new WorkItem(
                "check", $"Check for {references[c.EnquiryId]}", $"/checks/{c.Id}", c.DueAt,
                c.DueAt <= now ? "Your agency was asked and has not answered." : null, "Answer it, or telephone the hub", 20)));
        }

        if (!viewer.IsHub || !viewer.Has(RoomActs.Deciders)) return work;
        var seconds = await lists.Query("second").OrderBy(e => e.OpenedAt).Take(Most).ToListAsync(ct);
        work.AddRange(seconds.Select(e => new WorkItem("second-person", $"{e.Reference} waits for a second person", $"/enquiries/{e.Id}#think", null, null, "Agree or not, with the reason", 10)));
        var again = await lists.Query("look-again").OrderBy(e => e.OpenedAt).Take(Most).ToListAsync(ct);
        work.AddRange(again.Select(e => new WorkItem("look-again", $"Something arrived after the decision in {e.Reference}", $"/enquiries/{e.Id}#think", null, null, "Settle it or revise the decision", 11)));
        return work;
    }
}
