using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>The family's copy, in plain words, for one person by name: what the plan is for, who does what by when, and nothing of anyone else. Its printing is recorded.</summary>
[Allow(PlanRoles.Workers, "print the family's copy", hub: true)]
[Witnessed]
public sealed class FamilyModel : PlanPage
{
    [BindProperty(SupportsGet = true, Name = "for")] public string? PrintedFor { get; set; }

    public PlanVersion? Version { get; private set; }

    public IReadOnlyList<PlanOutcome> Outcomes { get; private set; } = [];

    public IReadOnlyList<PlanAction> Actions { get; private set; } = [];

    public LocalDate? NextReview { get; private set; }

    public string? Worker { get; private set; }

    public override async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } instead) return instead;
        if (!string.IsNullOrWhiteSpace(PrintedFor)) await PrintedAsync(nameof(Records.Plans.Plan), Id, new { what = "the family's copy", PrintedFor });
        return Page();
    }

    protected override async Task FillAsync()
    {
        Version = await Read.Of<PlanVersion>().Where(v => v.PlanId == Id).OrderByDescending(v => v.Number).FirstOrDefaultAsync(Ct);
        if (Version is { Id: var version }) Outcomes = await Read.Of<PlanOutcome>().Where(o => o.VersionId == version).OrderBy(o => o.Number).ToListAsync(Ct);
        Actions = await Read.Of<PlanAction>().Where(a => a.PlanId == Id && a.DroppedOn == null && a.DoneOn == null).OrderBy(a => a.DueOn).ToListAsync(Ct);
        var today = Today;
        NextReview = await Read.Of<ReviewMove>().Where(m => m.PlanId == Id).OrderByDescending(m => m.RecordedAt).Select(m => (LocalDate?)m.To).FirstOrDefaultAsync(Ct) is { } day && day >= today ? day : null;
        Worker = Plan.WorkerId is { } worker ? (await Plans.NamesAsync([worker], Ct)).GetValueOrDefault(worker) : null;
    }
}
