using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>One's own conflicts of interest.</summary>
[AllowMembers]
internal sealed class ConflictsModel : SubjectPage
{
    [BindProperty, Display(Name = "How you are connected")]
    public string? Note { get; set; }

    public IReadOnlyList<ConflictOfInterest> Mine { get; private set; } = [];

    public async Task OnGetAsync(string? kind, Guid? id)
    {
        await TakeSubjectAsync(kind, id);
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var subject = await SubjectAsync();
        return await SendAsync(new DeclareConflict(subject.Kind, subject.Id, Note ?? ""), _ =>
        {
            TempData.Notify(NoticeKind.Success, "Declared. You are shut out of it, and the manager is told.");
            return Redirect("/conflicts");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        var account = Viewer.AccountId;
        Mine = await Read.Of<ConflictOfInterest>().Where(c => c.AccountId == account && c.EndedAt == null).OrderByDescending(c => c.At).ToListAsync();
        return null;
    }
}
