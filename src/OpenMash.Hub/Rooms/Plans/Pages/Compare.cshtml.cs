using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>Two versions of a plan side by side.</summary>
[Allow(PlanRoles.Readers, "open a plan", hub: true)]
[Witnessed]
public sealed class CompareModel : PlanPage
{
    [BindProperty(SupportsGet = true)] public int? From { get; set; }
    [BindProperty(SupportsGet = true)] public int? To { get; set; }

    public IReadOnlyList<PlanVersion> Versions { get; private set; } = [];

    public PlanVersion? Older { get; private set; }

    public PlanVersion? Newer { get; private set; }

    public IReadOnlyList<(string What, string? Before, string? After)> Lines { get; private set; } = [];

    protected override async Task FillAsync()
    {
        Versions = await Read.Of<PlanVersion>().Where(v => v.PlanId == Id).OrderBy(v => v.Number).ToListAsync(Ct);
        if (Versions.Count < 2) return;
        Newer = Versions.FirstOrDefault(v => v.Number == To) ?? Versions[^1];
        Older = Versions.FirstOrDefault(v => v.Number == From && v.Number < Newer.Number) ?? Versions.LastOrDefault(v => v.Number < Newer.Number) ?? Versions[0];
        var ids = new[] { Older.Id, Newer.Id };
        var outcomes = (await Read.Of<PlanOutcome>().Where(o => ids.Contains(o.VersionId)).OrderBy(o => o.Number).ToListAsync(Ct)).ToLookup(o => o.VersionId);
        var lines = new List<(string, string?, string?)>
        {
            ("Why there is a plan", Older.Why, Newer.Why),
            ("If things get worse", Older.Contingency, Newer.Contingency),
            ("What the child thinks", Older.ChildsView, Newer.ChildsView),
            ("What the family thinks", Older.FamilysView, Newer.FamilysView),
        };
        // An outcome is known again by what shall be different; one that was worded anew counts as another.
        var (before, after) = (outcomes[Older.Id].ToList(), outcomes[Newer.Id].ToList());
        foreach (var o in after)
        {
            var old = before.FirstOrDefault(b => string.Equals(b.What, o.What, StringComparison.OrdinalIgnoreCase));
            lines.Add(($"Outcome: {o.What}", old is null ? null : Of(old), Of(o)));
        }

        lines.AddRange(before.Where(b => !after.Any(o => string.Equals(b.What, o.What, StringComparison.OrdinalIgnoreCase))).Select(b => ($"Outcome: {b.What}", (string?)Of(b), (string?)null)));
        Lines = lines;
    }

    private static string Of(PlanOutcome outcome) =>
        string.Join(" ", new[] { outcome.Baseline is null ? null : $"At the start: {outcome.Baseline}.", outcome.Measure is null ? null : $"We would know by: {outcome.Measure}.", outcome.Now is null ? null : $"Now: {outcome.Now}." }.OfType<string>()) is { Length: > 0 } text ? text : "No measure is given.";
}
