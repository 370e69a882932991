using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(Sealing.By, "see and place seals")]
[Witnessed]
internal sealed class SealModel : SubjectPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public Guid ClearanceId { get; set; }

    [BindProperty, Display(Name = "Person")]
    public Guid? AccountId { get; set; }

    public Seal Seal { get; private set; } = null!;

    public Subject? Subject { get; private set; }

    public IReadOnlyList<Clearance> Clearances { get; private set; } = [];

    public Dictionary<Guid, string> Names { get; private set; } = [];

    public IReadOnlyList<SelectListItem> People { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostClearAsync() => SendAsync(new ClearPerson(Id, AccountId ?? Guid.Empty, Reason ?? ""), _ => Said("Cleared."));

    public Task<IActionResult> OnPostEndClearanceAsync() => SendAsync(new EndClearance(ClearanceId, Reason ?? ""), _ => Said("The clearance has ended."));

    public Task<IActionResult> OnPostEndAsync() => SendAsync(new EndSeal(Id, Reason ?? ""), _ =>
    {
        TempData.Notify(NoticeKind.Success, "The seal has ended.");
        return Redirect("/governance/seals");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        var account = Viewer.AccountId;
        var mine = Read.Of<Clearance>().Where(c => c.AccountId == account && c.EndedAt == null);
        var seal = await Read.Of<Seal>().SingleOrDefaultAsync(s => s.Id == Id);
        // To the uncleared a seal that they may not know of is as one that never was.
        if (seal is null || (!Viewer.Has(Roles.InformationGovernance) && !await mine.AnyAsync(c => c.SealId == Id))) return NotFound();
        Seal = seal;
        Subject = await Subjects.FindAsync(Read, seal.SubjectKind, seal.SubjectId);
        Clearances = await Read.Of<Clearance>().Where(c => c.SealId == Id).OrderBy(c => c.At).ThenBy(c => c.Id).ToListAsync();
        Names = await NamesAsync(Clearances.Select(c => c.AccountId));
        People = await Choices.PeopleAsync(Read);
        await ViewedAsync(seal.SubjectKind, seal.SubjectId, "view seal");
        return null;
    }

    private RedirectResult Said(string what)
    {
        TempData.Notify(NoticeKind.Success, what);
        return Redirect($"/governance/seals/{Id}");
    }
}
