using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(Glass.Reviewers, "review break-glass")]
[Witnessed]
internal sealed class BreakGlassQueueModel : SubjectPage
{
    [BindProperty]
    public Guid BreakGlassId { get; set; }

    [BindProperty]
    public bool? Justified { get; set; }

    [BindProperty(Name = "Words")]
    public string? ReviewWords { get; set; }

    public IReadOnlyList<BreakGlass> Rows { get; private set; } = [];

    public Dictionary<Guid, string> Names { get; private set; } = [];

    public Dictionary<Guid, Subject> Found { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Justified is not { } justified)
        {
            ModelState.AddModelError("", "Press one of the two buttons: justified, or not justified.");
            return await AgainAsync();
        }

        return await SendAsync(new ReviewBreakGlass(BreakGlassId, justified, ReviewWords ?? ""), _ =>
        {
            TempData.Notify(NoticeKind.Success, justified ? "Reviewed: justified." : "Reviewed: not justified. Access has ended; consider a breach entry.");
            return Redirect("/governance/break-glass");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        var open = await GovernanceLists.ToReview(Read).OrderBy(b => b.ReviewDueAt).ThenBy(b => b.Id).ToListAsync();
        var done = await Read.Of<BreakGlass>().Where(b => b.ReviewedAt != null).OrderByDescending(b => b.ReviewedAt).Take(50).ToListAsync();
        Rows = [.. open, .. done];
        // A reviewer who is not governance does not learn which secret record it was.
        var shown = new List<(string, Guid)>();
        foreach (var row in Rows)
        {
            var subject = await Subjects.FindAsync(Read, row.SubjectKind, row.SubjectId);
            if (subject is not null && (Viewer.Has(Records.Accounts.Roles.InformationGovernance) || !await Subjects.IsSecretToAsync(Read, subject, Viewer))) shown.Add((row.SubjectKind, row.SubjectId));
        }

        Found = await SubjectsAsync(shown);
        Names = await NamesAsync(Rows.Select(r => r.AccountId));
        await ListedAsync("break-glass", Rows.Count);
        return null;
    }
}
