using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>What I reported, and what I may know of it: its state, and the outcome once it may be told. Opening it is being told.</summary>
[AllowMembers]
[Witnessed]
public sealed class MyReportsModel : HubPage
{
    internal const int Size = 25;

    [BindProperty(SupportsGet = true, Name = "p")]
    public int PageNumber { get; set; } = 1;

    public int Total { get; private set; }

    internal IReadOnlyList<MyReport> Reports { get; private set; } = [];

    /// <summary>The list and its number. Conflicts and seals come first in the access rule: who is implicated sees nothing here.</summary>
    internal static IQueryable<Seen<Contact>> Of(RecordReader read, Viewer viewer) =>
        read.Judged<Contact>(viewer).Where(s => s.Item.EnteredByAccountId == viewer.AccountId && s.Item.Way != Way.Staff && s.Code >= (int)AccessLevel.Part * VerdictCode.PerLevel);

    public async Task<IActionResult> OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        var all = Of(Read, Viewer);
        Total = await all.CountAsync(ct);
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (Total + Size - 1) / Size));
        var seen = await all
            .OrderByDescending(s => s.Item.ReceivedAt)
            .ThenByDescending(s => s.Item.Id)
            .Skip((PageNumber - 1) * Size)
            .Take(Size)
            .Select(s => s.Item)
            .ToListAsync(ct);
        var ids = seen.Select(c => c.Id).ToArray();
        var waiting = await Read.Of<ContactLine>().Where(l => ids.Contains(l.ContactId) && l.State == LineState.Waiting).Select(l => l.ContactId).Distinct().ToListAsync(ct);
        var tellings = await Read.Of<Telling>().Where(t => ids.Contains(t.ContactId) && t.State != TellingState.NotTold).OrderBy(t => t.Id).ToListAsync(ct);
        var reports = new List<MyReport>();
        var open = new List<Guid>();
        foreach (var contact in seen)
        {
            var embargo = await TellDesk.EmbargoedUntilAsync(Read, contact.Id, Now) is not null;
            var mine = tellings.Where(t => t.ContactId == contact.Id && (!embargo || t.Kind == "acknowledgement")).ToList();
            var state = contact.AcknowledgedAt is null ? "Received" : waiting.Contains(contact.Id) || embargo ? "Being looked at" : "Looked at";
            var text = mine.LastOrDefault(t => t.Kind != "acknowledgement");
            // An answer to a question of consent is over when an outcome has come.
            reports.Add(new MyReport(contact.Id, contact.Reference, contact.ReceivedAt, contact.Words, state, text?.Text));
            open.AddRange(mine.Where(t => t.State is TellingState.Due or TellingState.Sent or TellingState.Failed).Select(t => t.Id));
        }

        Reports = reports;
        await ListedAsync("my reports", reports.Count);
        if (open.Count > 0) await Runner.RunAsync(new OpenMyReports(open), Viewer, Platform.Time.Ids.New(Now), ct);
        return Page();
    }
}

internal sealed record MyReport(Guid Id, string Reference, Instant ReceivedAt, string Words, string State, string? Outcome);
