using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Live;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>The identity on the first page, for the people of the hub: today's, and the oldest contact nobody has acknowledged.</summary>
internal sealed class IdentityTile(RecordReader read, IClock clock) : IFrontPageTile
{
    public int Order => 10;

    public async Task<SlotPart?> DrawAsync(Viewer viewer, CancellationToken ct)
    {
        if (!viewer.WorksInHub) return null;
        var today = London.Date(clock.GetCurrentInstant());
        var identity = new AccountingIdentity(read);
        var totals = await identity.TotalsAsync(viewer, Counting.Contacts, new IdentitySlice(today, today), ct);
        var oldest = await identity.OldestUnacknowledgedAsync(viewer, ct);
        return new SlotPart("Received today", "/Rooms/FrontDoor/Pages/_IdentityTile.cshtml", new IdentityTileModel(totals, today, oldest?.Id, oldest?.Reference, oldest?.ReceivedAt));
    }
}

internal sealed record IdentityTileModel(IdentityTotals Totals, LocalDate Today, Guid? OldestId, string? OldestReference, Instant? OldestReceivedAt)
{
    public string Link(string term)
    {
        var day = Today.ToString("uuuu-MM-dd", null);
        return $"/figures/identity?of=contacts&from={day}&to={day}&term={term}#list";
    }
}

/// <summary>What partners wait to hear, for the people of the hub: outcomes not told yet, and how many of them late.</summary>
internal sealed class NotToldTile(RecordReader read, IClock clock) : IFrontPageTile
{
    public int Order => 120;

    public async Task<SlotPart?> DrawAsync(Viewer viewer, CancellationToken ct)
    {
        if (!viewer.WorksInHub) return null;
        var now = clock.GetCurrentInstant();
        var rows = Pages.NotTold.Of(read, viewer);
        return new SlotPart("Not told yet", "/Rooms/FrontDoor/Pages/_NotToldTile.cshtml", new NotToldTileModel(await rows.CountAsync(ct), await rows.CountAsync(t => t.DueAt < now, ct)));
    }
}

public sealed record NotToldTileModel(int All, int Late);

/// <summary>For those who report and do not work in the hub: the way to report, and to what they reported. It says nothing of what became of it.</summary>
internal sealed class ReporterTile(RecordReader read) : IFrontPageTile
{
    public int Order => 20;

    public async Task<SlotPart?> DrawAsync(Viewer viewer, CancellationToken ct)
    {
        if (viewer.WorksInHub || !viewer.Has(Roles.Referrer)) return null;
        var mine = await Pages.MyReportsModel.Of(read, viewer).CountAsync(ct);
        return new SlotPart("Reporting", "/Rooms/FrontDoor/Pages/_ReporterTile.cshtml", new ReporterTileModel(mine));
    }
}

public sealed record ReporterTileModel(int Mine);

internal sealed class QueueCount(RecordReader read, HubSettings settings) : INavCount
{
    public string Url => "/queue";

    public async Task<int?> CountAsync(Viewer viewer, CancellationToken ct) => viewer.WorksInHub ? await new ScreeningQueue(read, settings).CountAsync(viewer, ct) : null;
}

internal sealed class TellingCount(RecordReader read) : INavCount
{
    public string Url => "/tellings";

    public async Task<int?> CountAsync(Viewer viewer, CancellationToken ct) => viewer.WorksInHub ? await Pages.NotTold.Of(read, viewer).CountAsync(ct) : null;
}

internal sealed class HandOverCount(RecordReader read) : INavCount
{
    public string Url => "/hand-overs";

    public async Task<int?> CountAsync(Viewer viewer, CancellationToken ct) =>
        viewer.AccountId is { } account ? await read.Of<HandOver>().CountAsync(h => h.ClosedAt == null && (h.ToAccountId == account || (h.ToAgencyId != null && h.ToAgencyId == viewer.AgencyId)), ct) : null;
}

/// <summary>Who is on duty, in the head of each page: for the people of the hub and its partners, by name, the out-of-hours team last.</summary>
internal sealed class DutyLine(RecordReader read, IClock clock) : IDutyLine
{
    public async Task<IReadOnlyList<string>> OnDutyAsync(Viewer viewer, CancellationToken ct) => await (
        from s in Rota.At(read, clock.GetCurrentInstant())
        join a in read.Of<Account>() on s.AccountId equals a.Id
        orderby s.Kind, a.FullName
        select a.FullName).Distinct().Take(6).ToListAsync(ct);
}

/// <summary>What waits for this person at the front door: notices for them, what they hold, hand-overs, second persons.</summary>
internal sealed class ScreeningWork(RecordReader read, HubSettings settings, IClock clock) : IMyWork
{
    private const int Most = 50;

    public async Task<IReadOnlyList<WorkItem>> ReadAsync(Viewer viewer, CancellationToken ct)
    {
        if (viewer.AccountId is not { } account) return [];
        var now = clock.GetCurrentInstant();
        var items = new List<WorkItem>();
        var handOvers = await read.Of<HandOver>().Where(h => h.ToAccountId == account && h.ClosedAt == null).OrderBy(h => h.At).Take(Most).ToListAsync(ct);
        items.AddRange(handOvers.Select(h => new WorkItem("hand-over", $"A {HandOverKinds.Word(h.SubjectKind)} is handed to you.", "/hand-overs", null, null, "Acknowledge it or give it back", 20)));
        if (!viewer.WorksInHub) return items;

        var rows = (await new ScreeningQueue(read, settings).WaitingAsync(viewer, ct)).Where(r => r.Rank == 0 || r.OwnerAccountId == account || r.Proposed).ToList();
        var queue = ScreeningQueue.Sorted(rows, new QueueFilter()).ToList();
        var reds = queue.Where(r => r.Rank == 0 && (r.OwnerAccountId == null || r.OwnerAccountId == account)).Take(Most);
        items.AddRange(reds.Select(r => new WorkItem(
            "red",
            $"{r.Reference} is red.",
            $"/contacts/{r.Id}",
            r.DueAt,
            r.OwnerAccountId is null ? "It is red and nobody has claimed it." : r.DueAt < now ? "It is red, yours, and past its target." : "It is red and yours.",
            r.OwnerAccountId is null ? "Take it" : "Decide it",
            0)));
        var mine = queue.Where(r => r.OwnerAccountId == account && r.Rank != 0).Take(Most);
        items.AddRange(mine.Select(r => new WorkItem(
            "contact",
            $"{r.Reference} is yours.",
            $"/contacts/{r.Id}",
            r.DueAt,
            r.DueAt < now ? r.Rank == 4 ? "It has not been rated in time." : "It has not been decided in time." : null,
            r.Rank == 4 ? "Rate it" : "Decide it",
            10)));
        var second = (await settings.GetAsync<ScreeningSettings>("screening")).SecondPersonRoles.Any(r => viewer.Has(r))
            ? queue.Where(r => r.Proposed).Take(Most)
            : [];
        items.AddRange(second.Select(r => new WorkItem("second-person", $"{r.Reference}: a closing waits for a second person.", $"/contacts/{r.Id}", r.DueAt, r.DueAt < now ? "Nobody has agreed or disagreed in time." : null, "Agree or disagree", 15)));
        return items;
    }
}

/// <summary>Addresses of contacts, their lines and their hand-overs.</summary>
internal sealed class ContactLinks(RecordReader read) : ILinkSource
{
    public string? UrlOf(string kind, Guid id) => kind switch
    {
        "Contact" => $"/contacts/{id}",
        "ContactLine" => read.Of<ContactLine>().Where(l => l.Id == id).Select(l => new { l.ContactId, l.Number }).FirstOrDefault() is { } line ? $"/contacts/{line.ContactId}#line-{line.Number}" : null,
        "HandOver" => "/hand-overs",
        "DutyShift" => "/duty",
        "Telling" => "/tellings",
        _ => null,
    };
}

/// <summary>Who may see a contact may have its files.</summary>
internal sealed class ContactFiles(RecordReader read) : IFileOwner
{
    public string Kind => "Contact";

    public Task<Verdict> VerdictAsync(Viewer viewer, Guid ownerId, CancellationToken ct) => read.VerdictAsync<Contact>(viewer, ownerId, ct);
}

/// <summary>The live queue: for the people of the hub.</summary>
internal sealed class QueueGroup : ILiveGroup
{
    public string Prefix => "queue";

    public Task<bool> MayJoinAsync(Viewer viewer, string rest, CancellationToken ct) => Task.FromResult(viewer.WorksInHub && rest.Length == 0);
}
