using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Print;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Enquiries;

namespace OpenMash.Hub.Rooms.HubRoom.Pages;

/// <summary>What is printed of an enquiry for one recipient.</summary>
public sealed record RoomReport(
    RoomHead Head, IReadOnlyList<CheckRow> Checks, IReadOnlyList<KnownRow> Known, IReadOnlyList<MessageRow> Messages, Thoughts Thoughts, string PrintedFor, int LeftOut,
    Func<Records.Contacts.LineOutcome, string> Outcome, Func<int, string> Level, string By, Instant At);

/// <summary>
/// A clean record of the enquiry for one named recipient: only what both the recipient and whoever prints may see, and of that only what may leave the room. Each printing
/// is in the trail (practice rule 19).
/// </summary>
[Allow(RoomPageRoles.Any, "print an enquiry")]
[Witnessed]
public class PrintModel(HubSettings settings, ViewerDirectory viewers, PdfPrinter pdf) : HubPage
{
    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }

    /// <summary>The account of the recipient.</summary>
    [BindProperty(SupportsGet = true)] public Guid? To { get; set; }

    public RoomReport? Report { get; private set; }

    public string Reference { get; private set; } = "";

    public IReadOnlyList<SelectListItem> Recipients { get; private set; } = [];

    public bool CanMakePdf => pdf.Program is not null;

    public virtual async Task<IActionResult> OnGetAsync()
    {
        if (await LoadReportAsync() is { } instead) return instead;
        return Page();
    }

    protected async Task<IActionResult?> LoadReportAsync()
    {
        var ct = HttpContext.RequestAborted;
        var mine = new RoomReading(Read, settings, Viewer, Id, ct);
        var (verdict, head) = await mine.HeadAsync();
        if (head is null) return Deny(verdict);
        Reference = head.Enquiry.Reference;
        if (To is not { } to)
        {
            Recipients = await RecipientsAsync(head, ct);
            await ViewedAsync(nameof(Enquiry), Id, "choose whom to print Enquiry for");
            return null;
        }

        if (await viewers.ForAccountAsync(Viewer.AuthorityId, to, ct) is not { } recipient) return NotFound();
        var theirs = new RoomReading(Read, settings, recipient, Id, ct);
        var (_, theirHead) = await theirs.HeadAsync();
        if (theirHead is null) return new RefusedResult($"Nothing can be printed for {recipient.Name}: they have no part in this room, or are shut out of it.");

        var mayKnow = (await mine.KnownAsync(0, head.People)).Select(k => k.Id).ToHashSet();
        var known = (await theirs.KnownAsync(0, head.People)).Where(k => mayKnow.Contains(k.Id)).ToList();
        // Paper leaves the room. What its owner has not let go stays, except for the owner's own people and the hub's record of itself.
        var kept = known.Where(k => k.MayLeaveRoom == MayDo.Yes || k.AgencyId == recipient.AgencyId || theirHead.IsHub).ToList();
        // Whoever prints must not learn by it what only the recipient may see: of each piece stands what both have.
        var myChecks = (await mine.AskedAsync()).ToDictionary(c => c.Id);
        var checks = (await theirs.AskedAsync()).Where(c => myChecks.ContainsKey(c.Id))
            .Select(c => c with { Question = myChecks[c.Id].Question is null ? null : c.Question, Because = myChecks[c.Id].Because is null ? null : c.Because }).ToList();
        var myViews = (await mine.ThinkAsync(head.Enquiry, 0)).Views.ToDictionary(v => v.Id);
        var thoughts = await theirs.ThinkAsync(head.Enquiry, 0);
        thoughts = thoughts with
        {
            Views = [.. thoughts.Views.Where(v => myViews.ContainsKey(v.Id)).Select(v => myViews[v.Id].Words is null ? v with { Words = null, Level = null } : v)],
        };
        var outcomes = await settings.GetAsync<OutcomeSettings>("outcomes");
        var room = await settings.GetAsync<RoomSettings>("room");
        Report = new RoomReport(
            theirHead, checks, kept, await theirs.TalkAsync(0), thoughts, $"{recipient.Name}, {recipient.AgencyName}", known.Count - kept.Count, outcomes.Words, room.LevelWords, Viewer.Name, Now);
        await PrintedAsync(nameof(Enquiry), Id, new { recipient = to, items = kept.Select(k => k.Id), leftOut = known.Count - kept.Count });
        return null;
    }

    /// <summary>People who may see the room: the hub's team and those who answer for an agency in it.</summary>
    private async Task<IReadOnlyList<SelectListItem>> RecipientsAsync(RoomHead head, CancellationToken ct)
    {
        var today = Today;
        var agencies = head.Agencies.Where(a => a.TakesPart).Select(a => a.Id).ToArray();
        const Roles fit = RoomPageRoles.Any;
        var found = await (
            from m in Read.Of<Membership>()
            join g in Read.Of<Agency>() on m.AgencyId equals g.Id
            join a in Read.Of<Account>() on m.AccountId equals a.Id
            where agencies.Contains(m.AgencyId) && m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today) && a.ClosedAt == null && (m.Roles & fit) != 0
            orderby g.Name, a.FullName
            select new { a.Id, a.FullName, g.Name }).ToListAsync(ct);
        return [.. found.Select(f => new SelectListItem($"{f.FullName}, {f.Name}", f.Id.ToString(), f.Id == Viewer.AccountId))];
    }
}
