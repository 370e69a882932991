using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;

namespace OpenMash.Hub.Rooms.HubRoom.Pages;

/// <summary>Opens an enquiry from a contact: for which children, who is asked what, why and on what basis.</summary>
[Allow(RoomActs.Deciders, "open an enquiry", hub: true)]
[Witnessed]
public sealed class OpenModel : HubPage
{
    [BindProperty(SupportsGet = true)] public Guid Contact { get; set; }

    [BindProperty] public List<Guid> LineIds { get; set; } = [];
    [BindProperty] public Rating? Rating { get; set; }
    [BindProperty] public string? Purpose { get; set; }
    [BindProperty] public string? LawfulBasis { get; set; }
    [BindProperty] public string? ConsentNote { get; set; }

    /// <summary>Agencies that are asked for a check.</summary>
    [BindProperty] public List<Guid> Checks { get; set; } = [];

    /// <summary>What all of them are asked; an agency's own question below goes before it.</summary>
    [BindProperty] public string? Question { get; set; }

    [BindProperty] public Dictionary<Guid, string?> Questions { get; set; } = [];

    /// <summary>Agencies that take part without a check.</summary>
    [BindProperty] public List<Guid> AgencyIds { get; set; } = [];

    public string Reference { get; private set; } = "";
    public string Words { get; private set; } = "";
    public IReadOnlyList<SelectListItem> Lines { get; private set; } = [];
    public IReadOnlyList<Agency> Askable { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Others { get; private set; } = [];
    public IReadOnlyList<Enquiry> Already { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } instead) return instead;
        LineIds = [.. Lines.Where(l => !l.Disabled).Select(l => Guid.Parse(l.Value))];
        Question = "What do you hold on the people named, from the last two years? Say if nothing is held.";
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Rating is not { } rating)
        {
            ModelState.AddModelError(nameof(Rating), "Choose a rating: the checks are due by it.");
            return await AgainAsync();
        }

        return await SendAsync(
            new OpenEnquiry
            {
                ContactId = Contact,
                LineIds = LineIds,
                Rating = rating,
                Purpose = Purpose ?? "",
                LawfulBasis = LawfulBasis ?? "",
                ConsentNote = ConsentNote ?? "",
                AgencyIds = AgencyIds,
                Checks = [.. Checks.Select(a => new CheckAsked(a, string.IsNullOrWhiteSpace(Questions.GetValueOrDefault(a)) ? Question ?? "" : Questions[a]!))],
            },
            opened => Redirect($"/enquiries/{opened.EnquiryId}"));
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var verdict = await Read.VerdictAsync<Contact>(Viewer, Contact, ct);
        if (verdict.Level < AccessLevel.Work) return Deny(verdict);
        await ViewedAsync(nameof(Contact), Contact, "view Contact to open an enquiry");
        var contact = await Read.Of<Contact>().SingleAsync(c => c.Id == Contact, ct);
        (Reference, Words) = (contact.Reference, contact.Words);
        var lines = await Read.Of<ContactLine>().Where(l => l.ContactId == Contact).OrderBy(l => l.Number).ToListAsync(ct);
        var mentions = await Read.Of<Mention>().Where(m => m.ContactId == Contact).ToDictionaryAsync(m => m.Id, ct);
        Lines = [.. lines.Select(l =>
        {
            var name = l.MentionId is { } m && mentions.TryGetValue(m, out var mention) ? string.Join(' ', new[] { mention.GivenName, mention.FamilyName }.Where(n => n is not null)) : "";
            var state = l.State == LineState.Waiting ? "" : $" ({l.State.ToString().ToLowerInvariant()})";
            return new SelectListItem((name.Length > 0 ? name : $"Child {l.Number}, not named") + state, l.Id.ToString()) { Disabled = l.State != LineState.Waiting };
        })];
        // The most urgent rating of the lines; a contact that nobody has rated yet leaves the choice open.
        Rating ??= lines.Where(l => l.State == LineState.Waiting).Min(l => l.Rating);
        var agencies = await Read.Of<Agency>().Where(a => a.ClosedOn == null && !a.IsHub).OrderBy(a => a.Name).ToListAsync(ct);
        Askable = [.. agencies.Where(a => a.AnswersChecks)];
        Others = [.. agencies.Where(a => !a.AnswersChecks).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        Already = await Read.Visible<Enquiry>(Viewer).Where(e => e.ContactId == Contact).OrderBy(e => e.OpenedAt).ToListAsync(ct);
        return null;
    }
}
