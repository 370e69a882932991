using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>The review of uncertain matches: what waits, what was decided, and the manager's button that re-matches the whole register.</summary>
[Allow(Matches.Readers, "review who may be the same person", hub: true)]
[Witnessed]
internal sealed class ReviewModel(MatchReader matches, Rematch rematch) : HubPage
{
    /// <summary><c>decided</c>, or what waits.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    public bool Decided => Show == "decided";

    public IReadOnlyList<PairRow> Rows { get; private set; } = [];

    public int Waiting { get; private set; }

    public MatchRun? LastWhole { get; private set; }

    public bool MayRematch => Viewer.Has(Roles.HubManager);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        switch (await rematch.RunAsync(Viewer, Read, whole: true, "asked", HttpContext.RequestAborted))
        {
            case Outcome<MatchesFiled>.Done done:
                TempData.Notify(NoticeKind.Success, $"The whole register was matched again, {Words.Count(done.Value.People, "record", "records")}: {Words.Count(done.Value.Filed, "new pair", "new pairs")} to decide.");
                return Redirect("/people/review");
            case Outcome<MatchesFiled>.Refused refused:
                return new RefusedResult(refused.Reason);
            case var other:
                throw new InvalidOperationException($"A re-matching ended as {other}.");
        }
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Rows = await matches.ListAsync(Viewer, Decided, HttpContext.RequestAborted);
        Waiting = await Matches.Waiting(Read, Viewer).CountAsync();
        LastWhole = await Read.Of<MatchRun>().Where(r => r.Whole).OrderByDescending(r => r.At).FirstOrDefaultAsync();
        await ListedAsync("matches", Rows.Count, new { Show });
        return null;
    }
}
