using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>The screening queue. Red stands above every filter.</summary>
[Allow(LineDesk.AnyHub, "open the screening queue", hub: true)]
[Witnessed]
public sealed class QueueModel(HubSettings settings) : HubPage
{
    [BindProperty(SupportsGet = true)]
    public string? Rating { get; set; }

    [BindProperty(SupportsGet = true)]
    public Way? Way { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? Agency { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Owner { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Stage { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Sort { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Dir { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int? PageNumber { get; set; }

    internal QueuePage Queue { get; private set; } = null!;

    internal RatingSettings Ratings { get; private set; } = null!;

    internal IReadOnlyList<Agency> Agencies { get; private set; } = [];

    internal IReadOnlyList<HubPerson> People { get; private set; } = [];

    internal bool MayRate => Viewer.Has(LineDesk.Raters);

    internal Guid FreshId() => Platform.Time.Ids.New(Now);

    /// <summary>This page's address with its filters, for the form that comes back here and for the live list.</summary>
    internal string Here => Request.Path + Request.QueryString;

    internal string RowsUrl => Url.Page("/Rooms/FrontDoor/Pages/Queue", "Rows", new { Rating, Way, Agency, Owner, Stage, Sort, Dir, p = PageNumber }) ?? "/queue";

    public async Task<IActionResult> OnGetAsync()
    {
        await LoadAsync();
        return Page();
    }

    /// <summary>The list alone, for the live page.</summary>
    public async Task<IActionResult> OnGetRowsAsync()
    {
        await LoadAsync();
        return Partial("/Rooms/FrontDoor/Pages/_QueueRows.cshtml", this);
    }

    public Task<IActionResult> OnPostClaimAsync(Guid contact) => SendAsync(new AcknowledgeContact(contact, true), _ => Redirect($"/contacts/{contact}"));

    public Task<IActionResult> OnPostSeenAsync(Guid contact) => SendAsync(new AcknowledgeContact(contact, false), _ => Back());

    /// <summary>One press: every child of the contact that waits.</summary>
    public Task<IActionResult> OnPostRedAsync(Guid contact) => SendAsync(new RaiseContact(contact), _ => Redirect($"/contacts/{contact}"));

    /// <summary>Why a late or red row is so, and what would settle it: one sentence.</summary>
    internal string? Why(QueueRow row)
    {
        var late = row.DueAt < Now;
        if (row.Rank == 0)
            return row.OwnerAccountId is null ? "Red, and nobody has claimed it." : late ? "Red, claimed, and past its target." : "Red, claimed, not decided yet.";
        if (!late) return null;
        if (row.Rank == 4) return "Nobody has rated it in time.";
        if (row.Proposed) return "A closing waits for a second person.";
        if (row.Elsewhere == row.Waiting) return "What it waits for has not come, and its clock runs on.";
        return "Not decided in time.";
    }

    internal string? Settles(QueueRow row) => Why(row) is null ? null : row.OwnerAccountId is null ? "Open it and take it" : row.Rank == 4 ? "Rate it" : "Decide it";

    protected override async Task<IActionResult?> LoadAsync()
    {
        var filter = new QueueFilter
        {
            Rating = Rating,
            Way = Way,
            Agency = Agency,
            Owner = Owner,
            Stage = Stage,
            Sort = Sort ?? "left",
            Descending = Dir == "desc",
            Page = PageNumber ?? 1,
        };
        var ct = HttpContext.RequestAborted;
        Queue = await new ScreeningQueue(Read, settings).ReadAsync(Viewer, filter, ct);
        Ratings = await settings.GetAsync<RatingSettings>("ratings");
        Agencies = await Read.Of<Agency>().Where(a => a.ClosedOn == null).OrderBy(a => a.Name).ToListAsync(ct);
        People = await HubPeople.Of(Read, Today).OrderBy(p => p.Name).ToListAsync(ct);
        await ListedAsync("queue", Queue.Rows.Count, filter);
        return null;
    }

    internal IReadOnlyList<Crumb> Chosen()
    {
        var chosen = new List<Crumb>();
        void Add(string? value, string name, string words)
        {
            if (string.IsNullOrEmpty(value)) return;
            var rest = Request.Query.Where(q => !string.Equals(q.Key, name, StringComparison.OrdinalIgnoreCase) && q.Key is not "p" and not "handler" && !string.IsNullOrEmpty(q.Value))
                .Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value.ToString())}");
            var query = string.Join('&', rest);
            chosen.Add(new Crumb(words, query.Length == 0 ? "/queue" : "/queue?" + query));
        }

        Add(Rating, "rating", $"Rating: {Rating}");
        Add(Way?.ToString(), "way", $"Way in: {ContactWords.Of(Way ?? default)}");
        Add(Agency?.ToString(), "agency", Agency == AccountingIdentity.Public ? "From: the public" : $"From: {Agencies.FirstOrDefault(a => a.Id == Agency)?.Name ?? "unknown agency"}");
        Add(Owner, "owner", Owner switch { "mine" => "Mine", "unclaimed" => "Unclaimed", _ => $"Owner: {People.FirstOrDefault(p => p.AccountId.ToString() == Owner)?.Name ?? "unknown"}" });
        Add(Stage, "stage", $"Stage: {ContactWords.Stages.GetValueOrDefault(Stage ?? "", Stage ?? "")}");
        return chosen;
    }

    private RedirectResult Back() => Redirect("/queue" + Request.QueryString);
}

/// <summary>Words of the front door's pages.</summary>
internal static class ContactWords
{
    public static readonly IReadOnlyDictionary<string, string> Stages = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["screening"] = "to be screened",
        ["enquiry"] = "in the room",
        ["consent"] = "returned for consent",
        ["sent"] = "handed on, not accepted yet",
        ["second"] = "needs a second person",
        ["reading"] = "needs reading",
        ["consultation"] = "consultations without names",
    };

    public static string Of(Way way) => way switch
    {
        Way.PublicForm => "public form",
        Way.PartnerForm => "partner form",
        Way.Staff => "call, visit or e-mail",
        Way.Api => "partner system",
        Way.File => "file",
        _ => way.ToString(),
    };

    public static string Of(LineState state) => state switch
    {
        LineState.Waiting => "Waiting",
        LineState.Decided => "Decided",
        LineState.Moved => "Moved",
        LineState.Merged => "Merged",
        _ => state.ToString(),
    };

    public static string Of(MentionRole role) => role switch
    {
        MentionRole.Child => "Child",
        MentionRole.Sibling => "Sibling",
        MentionRole.ParentOrCarer => "Parent or carer",
        MentionRole.HouseholdMember => "Member of the household",
        MentionRole.AdultOfConcern => "Adult of concern, in the words of the report",
        MentionRole.OtherYoungPerson => "Other young person",
        _ => "Other person",
    };

    public static string Of(ThingKind kind) => kind switch
    {
        ThingKind.OnlineAccount => "Online account",
        _ => kind.ToString(),
    };

    public static string Of(DecisionState state) => state switch
    {
        DecisionState.Proposed => "Waits for a second person",
        DecisionState.InForce => "In force",
        DecisionState.NotAgreed => "Not agreed",
        DecisionState.Superseded => "Replaced later",
        _ => state.ToString(),
    };

    public static string Of(TellingState state) => state switch
    {
        TellingState.Due => "Not told yet",
        TellingState.Sent => "Sent, not known to have arrived",
        TellingState.Told => "Told",
        TellingState.Failed => "Failed, not told",
        TellingState.NotTold => "Nobody to tell",
        _ => state.ToString(),
    };

    public static string Of(TellingChannel channel) => channel switch
    {
        TellingChannel.Email => "e-mail",
        TellingChannel.TextMessage => "text message",
        TellingChannel.Telephone => "telephone",
        TellingChannel.InHub => "in the hub",
        TellingChannel.Letter => "letter",
        _ => channel.ToString(),
    };

    public static string Of(ReferrerIdentity identity) => identity switch
    {
        ReferrerIdentity.Named => "Named",
        ReferrerIdentity.IdentityWithheld => "Known to the hub, withheld from everyone else",
        _ => "Anonymous: not known to us",
    };

    public static string Rule(string rule) => rule switch
    {
        "contact.decide" => "Decide the response (statutory working day)",
        "contact.rate" => "Give the first rating",
        "contact.target.red" => "Target as red",
        "contact.target.amber" => "Target as amber",
        "contact.target.green" => "Target as green",
        "contact.consent-recall" => "Ask again about consent",
        "contact.tell-referrer" => "Tell whoever raised it",
        "lado.contact" => "Tell the designated officer (statutory working day)",
        _ => rule,
    };
}
