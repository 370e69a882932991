using Microsoft.AspNetCore.Mvc;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>Two records side by side, what speaks for and against, and the decision: worked by keyboard from pair to pair.</summary>
[Allow(Matches.Readers, "review who may be the same person", hub: true)]
[Witnessed]
internal sealed class PairModel(MatchReader matches, HubSettings settings) : HubPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public MatchState? Verdict { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public Guid? KeepId { get; set; }

    [BindProperty]
    public Guid SeenFirst { get; set; }

    [BindProperty]
    public Guid SeenSecond { get; set; }

    [BindProperty]
    public string? SecondReason { get; set; }

    public PairView View { get; private set; } = null!;

    public bool MayBeSecond { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostAsync() => SendAsync(
        new DecideMatch { PairId = Id, Verdict = Verdict ?? MatchState.Open, Reason = Reason ?? "", KeepId = KeepId, SeenFirst = SeenFirst, SeenSecond = SeenSecond },
        state => Done(state switch
        {
            MatchState.Same => "The two are read as one record from now on. Nothing was lost; it can be undone on the person’s page.",
            MatchState.AwaitsSecond => "A plan is open for one of them: a second person must agree before they are joined.",
            MatchState.Different => "Kept as two people. They come back here only if one of the records changes.",
            _ => "Noted. They come back here if one of the records changes.",
        }));

    public Task<IActionResult> OnPostAgreeAsync() => SendAsync(new AgreeMerge(Id, true, SecondReason ?? ""), _ => Done("You agreed: the two are read as one record from now on."));

    public Task<IActionResult> OnPostDisagreeAsync() => SendAsync(new AgreeMerge(Id, false, SecondReason ?? ""), _ => Done("You did not agree: the pair is open again."));

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (await matches.PairAsync(Viewer, Id, HttpContext.RequestAborted) is not { } view) return NotFound();
        View = view;
        MayBeSecond = view.Pair.State == MatchState.AwaitsSecond && view.Pair.ByAccountId != Viewer.AccountId && Viewer.Has((await settings.GetAsync<MatchSettings>("matching")).Seconds);
        (SeenFirst, SeenSecond) = (view.First.Version, view.Second.Version);
        ModelState.Remove(nameof(SeenFirst));
        ModelState.Remove(nameof(SeenSecond));
        // Both records are looked at, and both lists of who looked say so.
        await ViewedAsync("Person", view.First.Id, "compare two records");
        await ViewedAsync("Person", view.Second.Id, "compare two records");
        return null;
    }

    private RedirectResult Done(string message)
    {
        TempData.Notify(NoticeKind.Success, message);
        var next = Matches.Waiting(Read, Viewer).Where(p => p.Id != Id).InOrder().Select(p => (Guid?)p.Id).FirstOrDefault();
        return Redirect(next is { } id ? $"/people/review/{id}" : "/people/review");
    }
}
