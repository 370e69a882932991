using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn.Pages;

/// <summary>A draft of this person's, for the list beside the form.</summary>
public sealed record DraftLink(Guid Id, Instant SavedAt, string Opening);

/// <summary>
/// The partner form, and the same form for hub staff who take a call, a walk-in or an e-mail: caller and call-back number first, several drafts at once.
/// It shows nobody who they may be talking about; only hub staff, whose candidates come from the register, see that.
/// </summary>
[AllowMembers]
[Witnessed]
public sealed class NewContactModel(FileVault vault) : HubPage
{
    [BindProperty]
    public ReportFields Report { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public Guid? Draft { get; set; }

    [BindProperty]
    public List<IFormFile> Attachments { get; set; } = [];

    /// <summary>Staff: when any part of the hub first received it, London time; empty means now.</summary>
    [BindProperty]
    public LocalDate? ReceivedOn { get; set; }

    [BindProperty]
    public string? ReceivedTime { get; set; }

    /// <summary>Staff: the agency on whose behalf.</summary>
    [BindProperty]
    public Guid? OnBehalfOf { get; set; }

    [BindProperty]
    public bool Consultation { get; set; }

    public IReadOnlyList<SelectListItem> Agencies { get; private set; } = [];

    public IReadOnlyList<DraftLink> Drafts { get; private set; } = [];

    public string AutosaveUrl { get; private set; } = "";

    public bool IsStaff => Viewer.WorksInHub;

    public async Task<IActionResult> OnGetAsync()
    {
        if (Draft is { } id)
        {
            var draft = await Read.DraftAsync(Viewer, id, HttpContext.RequestAborted);
            if (draft is not null)
            {
                await FillFromAsync(draft);
                AutosaveUrl = draft.AutosaveUrl;
            }
        }

        await LoadAsync();
        ModelState.Clear();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? go)
    {
        if (go == "add-person")
        {
            Report.People.Add(new PersonFields());
            ModelState.Clear();
            await LoadAsync();
            return Page();
        }

        var files = new List<FileIntake>();
        foreach (var file in Attachments)
        {
            if (file.Length == 0) continue;
            await using var content = file.OpenReadStream();
            var kept = await vault.KeepAsync(content, file.FileName, HttpContext.RequestAborted);
            if (kept is null) ModelState.AddModelError(nameof(Attachments), $"{file.FileName} is larger than {FileVault.MostBytes >> 20} MB. Send it in parts, or say in your words how it can be fetched. Your words are kept.");
            else files.Add(new FileIntake(kept.Sha256, kept.Length, kept.ContentType, kept.Name, kept.Scan));
        }

        Instant? received = null;
        if (IsStaff && ReceivedOn is { } on)
        {
            if (!TimeOnly.TryParse(ReceivedTime ?? "", CultureInfo.GetCultureInfo("en-GB"), out var time))
                ModelState.AddModelError(nameof(ReceivedTime), "Give the time at which the hub first heard of it, such as 14:05.");
            else if (!London.TryInstant(on + new LocalTime(time.Hour, time.Minute), out var instant, out var problem))
                ModelState.AddModelError(nameof(ReceivedTime), problem!);
            else received = instant;
        }

        if (!ModelState.IsValid) return await AgainAsync();
        var command = Report.ToCommand(IsStaff ? Way.Staff : Way.PartnerForm, files) with
        {
            DraftId = Draft,
            ReceivedAt = received,
            AgencyId = IsStaff ? OnBehalfOf : null,
            Consultation = Consultation,
            ReferrerName = Report.Name ?? (IsStaff ? null : Viewer.Name),
            ReferrerKind = IsStaff && OnBehalfOf is null ? (Report.AboutMyself ? ReferrerKind.Child : ReferrerKind.Public) : ReferrerKind.Professional,
        };
        if (go == "red" && IsStaff) command = command with { InDangerNow = true };
        var result = await SendAsync(command, submitted => Redirect($"/contacts/sent/{submitted.ContactId}"));
        if (go == "red" && IsStaff && result is RedirectResult) await TurnRedAsync();
        return result;
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Draft ??= Ids.New(Now);
        if (AutosaveUrl.Length == 0) AutosaveUrl = DraftEndpoint.UrlOf("contact", Draft);
        if (Report.People.Count == 0) Report.People = [new PersonFields(), new PersonFields { Role = MentionRole.ParentOrCarer }];
        if (Report.Things.Count == 0) Report.Things = [.. new[] { ThingKind.Place, ThingKind.Vehicle, ThingKind.Phone }.Select(k => new ThingFields { Kind = k })];
        if (IsStaff)
            Agencies = await Read.Of<Agency>().Where(a => a.ClosedOn == null).OrderBy(a => a.Name).Select(a => new IdChoice(a.Name, a.Id)).ToChoicesAsync();
        var open = await Read.DraftsOfAsync(Viewer, "contact", HttpContext.RequestAborted);
        Drafts = [.. open.Where(d => d.Id != Draft).Select(d => new DraftLink(d.Id, d.SavedAt, Opening(d.Field("Report.Words"))))];
        await ListedAsync("own drafts", Drafts.Count);
        return null;
    }

    private static string Opening(string words) => words.Length == 0 ? "(no words yet)" : words.Length <= 60 ? words : words[..60] + "…";

    /// <summary>Turning red is one keystroke: the report is sent, and each child's line is rated in the same breath.</summary>
    private async Task TurnRedAsync()
    {
        var lines = await (
            from l in Read.Of<ContactLine>()
            join c in Read.Of<Contact>() on l.ContactId equals c.Id
            where c.EnteredByAccountId == Viewer.AccountId && l.Rating == null
            orderby c.EnteredAt descending
            select new { l.Id, l.ContactId }).Take(20).ToListAsync();
        var newest = lines.FirstOrDefault()?.ContactId;
        foreach (var line in lines.Where(l => l.ContactId == newest))
        {
            var outcome = await Runner.RunAsync(new RateLine(line.Id, Rating.Red, "Turned red when it was taken in."), Viewer, HttpContext.RequestAborted);
            if (outcome is not Outcome<Nothing>.Done)
                TempData.Notify(NoticeKind.Warning, "The report is in, but it could not be turned red. Open it and turn it red there.");
        }
    }

    private async Task FillFromAsync(DraftRead draft)
    {
        var fields = draft.Fields.ToDictionary(f => f.Key, f => new StringValues(f.Value), StringComparer.OrdinalIgnoreCase);
        var values = new FormValueProvider(BindingSource.Form, new FormCollection(fields), CultureInfo.GetCultureInfo("en-GB"));
        await TryUpdateModelAsync(Report, nameof(Report), values);
        OnBehalfOf = Guid.TryParse(draft.Field(nameof(OnBehalfOf)), out var agency) ? agency : null;
        ReceivedTime = draft.Field(nameof(ReceivedTime));
    }
}
