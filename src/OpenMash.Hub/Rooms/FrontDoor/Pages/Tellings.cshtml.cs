using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>Whoever raised something and has not been told yet.</summary>
[Allow(LineDesk.AnyHub, "see who has not been told", hub: true)]
[Witnessed]
public sealed class TellingsModel : HubPage
{
    internal IReadOnlyList<TellingRow> Rows { get; private set; } = [];

    internal IReadOnlyDictionary<Guid, Instant> Embargoes { get; private set; } = new Dictionary<Guid, Instant>();

    internal Guid? Posted { get; private set; }

    [BindProperty]
    public string? Note { get; set; }

    [BindProperty]
    public TellingChannel? Channel { get; set; }

    internal Guid FreshId() => Platform.Time.Ids.New(Now);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostAsync(Guid telling, bool spoken)
    {
        Posted = telling;
        return SendAsync(new RecordTelling(telling, spoken, Channel ?? TellingChannel.Telephone, Note ?? ""), _ =>
        {
            TempData.Notify(NoticeKind.Success, spoken ? "Recorded: they have been told." : "Recorded: they could not be told yet. It stays here.");
            return Redirect("/tellings");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Rows = await NotTold.Of(Read, Viewer).OrderBy(t => t.DueAt).ToListAsync(HttpContext.RequestAborted);
        var embargoes = new Dictionary<Guid, Instant>();
        foreach (var contact in Rows.Select(r => r.ContactId).Distinct())
        {
            if (await TellDesk.EmbargoedUntilAsync(Read, contact, Now) is { } until) embargoes[contact] = until;
        }

        Embargoes = embargoes;
        await ListedAsync("tellings", Rows.Count);
        return null;
    }
}

/// <summary>A telling that is not told.</summary>
internal sealed class TellingRow
{
    public required Guid Id { get; init; }
    public required Guid ContactId { get; init; }
    public required string Reference { get; init; }
    public required string Kind { get; init; }
    public required TellingState State { get; init; }
    public required TellingChannel Channel { get; init; }
    public required Instant DueAt { get; init; }
    public required string? Note { get; init; }
    public required string Text { get; init; }
    public required int Attempts { get; init; }
    public required string? Phone { get; init; }
    public required string? SafeHow { get; init; }
}

/// <summary>The list and the number of those not told yet, from one query. An acknowledgement that waits to be opened in the hub is not a telling owed.</summary>
internal static class NotTold
{
    public static IQueryable<TellingRow> Of(RecordReader read, Viewer viewer) =>
        from t in read.Of<Telling>()
        join c in read.Visible<Contact>(viewer) on t.ContactId equals c.Id
        where (t.State == TellingState.Due || t.State == TellingState.Sent || t.State == TellingState.Failed)
            && (t.Kind != "acknowledgement" || t.State == TellingState.Failed)
        select new TellingRow
        {
            Id = t.Id,
            ContactId = c.Id,
            Reference = c.Reference,
            Kind = t.Kind,
            State = t.State,
            Channel = t.Channel,
            DueAt = t.DueAt,
            Note = t.Note,
            Text = t.Text,
            Attempts = t.Attempts,
            Phone = c.Identity == ReferrerIdentity.IdentityWithheld ? null : c.ReferrerPhone,
            SafeHow = c.SafeContactHow,
        };
}
