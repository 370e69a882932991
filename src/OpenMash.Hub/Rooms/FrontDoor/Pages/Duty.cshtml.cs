using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>The duty rota: who is on now, who comes next, and the end of a shift.</summary>
[Allow(LineDesk.AnyHub, "see the duty rota", hub: true)]
public sealed class DutyModel : HubPage
{
    internal IReadOnlyList<ShiftRow> Shifts { get; private set; } = [];

    internal IReadOnlyList<HubPerson> People { get; private set; } = [];

    internal IEnumerable<Microsoft.AspNetCore.Mvc.Rendering.SelectListItem> Choices => People.Select(p => new Microsoft.AspNetCore.Mvc.Rendering.SelectListItem($"{p.Name}, {p.JobTitle}", p.AccountId.ToString()));

    internal bool MayKeep => Viewer.Has(Roles.HubManager | Roles.BusinessSupport | Roles.DutyTeam);

    /// <summary>What the viewer holds: contacts, checks, drafts.</summary>
    internal (int Contacts, int Checks, int Drafts) Mine { get; private set; }

    internal Guid? Ending { get; private set; }

    internal Guid FreshId() => Platform.Time.Ids.New(Now);

    [BindProperty]
    [Display(Name = "Who")]
    public Guid? AccountId { get; set; }

    [BindProperty]
    [Display(Name = "Which team")]
    public DutyKind Kind { get; set; }

    [BindProperty]
    [Display(Name = "From")]
    public Instant? Start { get; set; }

    [BindProperty]
    [Display(Name = "To")]
    public Instant? End { get; set; }

    [BindProperty]
    public Guid? ToAccountId { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostAsync()
    {
        if (AccountId is null) ModelState.AddModelError(nameof(AccountId), "Choose a person.");
        if (Start is null && ModelState.GetFieldValidationState(nameof(Start)) != Microsoft.AspNetCore.Mvc.ModelBinding.ModelValidationState.Invalid) ModelState.AddModelError(nameof(Start), "Enter when the shift starts.");
        if (End is null && ModelState.GetFieldValidationState(nameof(End)) != Microsoft.AspNetCore.Mvc.ModelBinding.ModelValidationState.Invalid) ModelState.AddModelError(nameof(End), "Enter when the shift ends.");
        if (!ModelState.IsValid) return AgainAsync();
        return SendAsync(new AddShift(AccountId!.Value, Kind, Start!.Value, End!.Value), _ => Redirect("/duty"));
    }

    public Task<IActionResult> OnPostEndAsync(Guid shift)
    {
        ModelState.Clear();
        Ending = shift;
        return SendAsync(new EndShift(shift, ToAccountId, Note), ended =>
        {
            var text = $"The shift is over. {ended.Contacts} contacts, {ended.Checks} checks and {ended.Drafts} drafts " + (ToAccountId is null ? "were held; the contacts are back in the queue." : "wait to be acknowledged.");
            TempData.Notify(NoticeKind.Success, text);
            return Redirect("/duty");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var from = Now - Duration.FromDays(1);
        var shifts = await Read.Of<DutyShift>().Where(s => s.End > from).OrderBy(s => s.Start).Take(200).ToListAsync(ct);
        var names = await HubPeople.NamesAsync(Read, shifts.Select(s => (Guid?)s.AccountId), ct);
        Shifts = [.. shifts.Select(s => new ShiftRow(s, names.Name(s.AccountId), s.EndedAt is null && s.Start <= Now && s.End > Now))];
        People = await HubPeople.Of(Read, Today).OrderBy(p => p.Name).ToListAsync(ct);
        var me = Viewer.AccountId;
        Mine = (
            await Read.Of<Contact>().CountAsync(c => c.OwnerAccountId == me && Read.Of<ContactLine>().Any(l => l.ContactId == c.Id && l.State == LineState.Waiting), ct),
            await Read.Of<AgencyCheck>().CountAsync(c => c.AskedBy == me && c.State == CheckState.Asked, ct),
            await Read.Of<Draft>().CountAsync(d => d.AccountId == me && d.SentAt == null, ct));
        return null;
    }
}

internal sealed record ShiftRow(DutyShift Shift, string Name, bool Now);
