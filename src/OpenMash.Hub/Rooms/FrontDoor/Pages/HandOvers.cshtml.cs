using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;

namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>What is handed to me, what I handed on and nobody has acknowledged, and what waits for teams and authorities that do not sign in here.</summary>
[AllowMembers]
[Witnessed]
public sealed class HandOversModel(IEnumerable<ILinkSource> links) : HubPage
{
    internal IReadOnlyList<HandOverRow> ToMe { get; private set; } = [];

    internal IReadOnlyList<HandOverRow> FromMe { get; private set; } = [];

    internal IReadOnlyList<HandOverRow> Elsewhere { get; private set; } = [];

    internal Guid? Posted { get; private set; }

    [BindProperty]
    public string? Reason { get; set; }

    internal Guid FreshId() => Platform.Time.Ids.New(Now);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostAsync(Guid handOver, bool accepts)
    {
        Posted = handOver;
        return SendAsync(new AnswerHandOver(handOver, accepts, Reason), _ =>
        {
            TempData.Notify(NoticeKind.Success, accepts ? "Acknowledged." : "Given back.");
            return Redirect("/hand-overs");
        });
    }

    public Task<IActionResult> OnPostShiftAsync(Guid from) => SendAsync(new AcceptShift(from), count =>
    {
        TempData.Notify(NoticeKind.Success, $"Acknowledged: {Words.Count(count, "item is", "items are")} yours.");
        return Redirect("/hand-overs");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var open = await Read.Of<HandOver>().Where(h => h.ClosedAt == null).OrderBy(h => h.At).Take(500).ToListAsync(ct);
        var names = await HubPeople.NamesAsync(Read, open.SelectMany(h => new[] { h.FromAccountId, h.ToAccountId }), ct);
        var agencies = await Read.Of<Agency>().ToDictionaryAsync(a => a.Id, a => a.Name, ct);
        var mine = open.Where(h => AnswerHandOverHandler.MayAnswer(Viewer, h) && !AnswerHandOverHandler.IsOnBehalf(Viewer, h)).ToList();
        var fromMe = open.Where(h => h.FromAccountId == Viewer.AccountId && !mine.Contains(h)).ToList();
        var elsewhere = open.Where(h => AnswerHandOverHandler.MayAnswer(Viewer, h) && AnswerHandOverHandler.IsOnBehalf(Viewer, h)).ToList();
        ToMe = await RowsAsync(mine, names, agencies, ct);
        FromMe = await RowsAsync([.. fromMe.Except(elsewhere)], names, agencies, ct);
        Elsewhere = await RowsAsync(elsewhere, names, agencies, ct);
        await ListedAsync("hand-overs", ToMe.Count + FromMe.Count + Elsewhere.Count);
        return null;
    }

    private async Task<IReadOnlyList<HandOverRow>> RowsAsync(List<HandOver> handOvers, IReadOnlyDictionary<Guid, string> names, Dictionary<Guid, string> agencies, CancellationToken ct)
    {
        var lineIds = handOvers.Where(h => h.SubjectKind == HandOverKinds.Line).Select(h => h.SubjectId).ToArray();
        var contactIds = handOvers.Where(h => h.SubjectKind == HandOverKinds.Contact).Select(h => h.SubjectId).ToArray();
        var contacts = await Read.Visible<Contact>(Viewer, AccessLevel.Pointer).Where(c => contactIds.Contains(c.Id)).Select(c => new { c.Id, ContactId = c.Id, c.Reference }).ToListAsync(ct);
        var lines = await (
            from l in Read.Of<ContactLine>()
            join c in Read.Of<Contact>() on l.ContactId equals c.Id
            where lineIds.Contains(l.Id)
            select new { l.Id, ContactId = c.Id, c.Reference }).ToListAsync(ct);
        var known = contacts.Concat(lines).ToDictionary(x => x.Id, x => (x.ContactId, x.Reference));
        return [.. handOvers.Select(h => new HandOverRow(
            h,
            HandOverKinds.Word(h.SubjectKind),
            known.TryGetValue(h.SubjectId, out var k) ? k.Reference : null,
            known.TryGetValue(h.SubjectId, out var c) ? (Viewer.IsHub ? $"/contacts/{c.ContactId}" : null) : links.Select(l => l.UrlOf(h.SubjectKind, h.SubjectId)).FirstOrDefault(u => u is not null),
            names.Name(h.FromAccountId),
            h.ToAccountId is { } account ? names.Name(account) : h.ToAgencyId is { } agency ? agencies.GetValueOrDefault(agency, "an agency") : h.ToTeam ?? ""))];
    }
}

internal sealed record HandOverRow(HandOver Item, string Kind, string? Reference, string? Url, string From, string To);
