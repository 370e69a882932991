using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>Says who a person named in a report is: someone of the register, or somebody new.</summary>
[Allow(Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam, "say who a person in a report is", hub: true)]
[Witnessed]
public sealed class MentionPageModel(IEnumerable<IMentionPanel> panels) : HubPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public Guid? PersonId { get; set; }

    [BindProperty]
    public Guid? IdentificationId { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public Mention Mention { get; private set; } = null!;

    public string ContactReference { get; private set; } = "";

    public MentionPanelModel? Panel { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        var contactId = await Read.Of<Mention>().Where(m => m.Id == Id).Select(m => m.ContactId).SingleOrDefaultAsync();
        return await SendAsync(new IdentifyMention(Id, PersonId, Reason ?? (PersonId is null ? "" : "chosen from the candidates")), _ =>
        {
            TempData.Notify(NoticeKind.Success, PersonId is null ? "A new person was added to the register." : "The person was identified.");
            return Redirect($"/contacts/{contactId}");
        });
    }

    public async Task<IActionResult> OnPostUndoAsync()
    {
        var contactId = await Read.Of<Mention>().Where(m => m.Id == Id).Select(m => m.ContactId).SingleOrDefaultAsync();
        return await SendAsync(new UndoIdentification(IdentificationId ?? Guid.Empty, Reason ?? ""), _ =>
        {
            TempData.Notify(NoticeKind.Success, "The identification was undone; the report itself is as it was.");
            return Redirect($"/contacts/{contactId}");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        var mention = await Read.Of<Mention>().SingleOrDefaultAsync(m => m.Id == Id);
        if (mention is null) return NotFound();
        var verdict = await Read.VerdictAsync<Contact>(Viewer, mention.ContactId);
        if (verdict.Level < AccessLevel.Read) return Deny(verdict);
        Mention = mention;
        ContactReference = await Read.Of<Contact>().Where(c => c.Id == mention.ContactId).Select(c => c.Reference).SingleAsync();
        foreach (var panel in panels.OfType<MentionPanel>())
            Panel = (await panel.DrawAsync(Viewer, Id, HttpContext.RequestAborted))?.Model as MentionPanelModel;
        await ViewedAsync("Contact", mention.ContactId, "view a mention");
        return null;
    }
}
