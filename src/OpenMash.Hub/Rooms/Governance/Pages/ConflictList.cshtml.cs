using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(Glass.Reviewers, "see conflicts of interest")]
[Witnessed]
internal sealed class ConflictListModel : SubjectPage
{
    [BindProperty]
    public Guid RowId { get; set; }

    public IReadOnlyList<ConflictOfInterest> Rows { get; private set; } = [];

    public Dictionary<Guid, string> Names { get; private set; } = [];

    public Dictionary<Guid, Subject> Found { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostAsync() => SendAsync(new EndConflict(RowId, Reason ?? ""), _ =>
    {
        TempData.Notify(NoticeKind.Success, "Ended: the person may open it again as far as their role goes.");
        return Redirect("/governance/conflicts");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        Rows = await GovernanceLists.Conflicts(Read).OrderByDescending(c => c.At).ThenBy(c => c.Id).ToListAsync();
        Names = await NamesAsync(Rows.Select(r => r.AccountId));
        Found = await SubjectsAsync(Rows.Select(r => (r.SubjectKind, r.SubjectId)));
        await ListedAsync("conflicts of interest", Rows.Count);
        return null;
    }
}
