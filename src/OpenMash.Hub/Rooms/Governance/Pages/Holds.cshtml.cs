using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(Roles.InformationGovernance, "see and place holds")]
[Witnessed]
internal sealed class HoldsModel : SubjectPage
{
    [BindProperty]
    public Guid RowId { get; set; }

    [BindProperty, Display(Name = "Kind of hold")]
    public string? HoldKind { get; set; }

    public IReadOnlyList<Hold> Rows { get; private set; } = [];

    public Dictionary<Guid, Subject> Found { get; private set; } = [];

    public async Task OnGetAsync(string? kind, Guid? id)
    {
        await TakeSubjectAsync(kind, id);
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var subject = await SubjectAsync();
        return await SendAsync(new PlaceHold(subject.Kind, subject.Id, HoldKind ?? "", Reason ?? ""), _ => Said("The hold stands."));
    }

    public Task<IActionResult> OnPostEndAsync() => SendAsync(new EndHold(RowId, Reason ?? ""), _ => Said("The hold has ended."));

    protected override async Task<IActionResult?> LoadAsync()
    {
        Rows = await GovernanceLists.Holds(Read).OrderBy(h => h.At).ThenBy(h => h.Id).ToListAsync();
        Found = await SubjectsAsync(Rows.Select(r => (r.SubjectKind, r.SubjectId)));
        await ListedAsync("holds", Rows.Count);
        return null;
    }

    private RedirectResult Said(string what)
    {
        TempData.Notify(NoticeKind.Success, what);
        return Redirect("/governance/holds");
    }
}
