using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>An outcome as typed.</summary>
public sealed class OutcomeFields
{
    public string? What { get; set; }

    public string? Baseline { get; set; }

    public string? Measure { get; set; }

    public string? Now { get; set; }
}

/// <summary>The next version, from the one before it.</summary>
[Allow(PlanRoles.Workers, "write a plan", hub: true)]
[Witnessed]
public sealed class UpdateModel : PlanPage
{
    private const int Spare = 2;

    [BindProperty] public LocalDate? MadeOn { get; set; }
    [BindProperty] public string? Why { get; set; }
    [BindProperty] public string? Contingency { get; set; }
    [BindProperty] public string? ChildsView { get; set; }
    [BindProperty] public string? FamilysView { get; set; }
    [BindProperty] public bool AssessmentUpdated { get; set; }
    [BindProperty] public List<OutcomeFields> Outcomes { get; set; } = [];

    public int Next { get; private set; } = 1;

    public override async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } instead) return instead;
        MadeOn = Today;
        if (await Read.Of<PlanVersion>().Where(v => v.PlanId == Id).OrderByDescending(v => v.Number).FirstOrDefaultAsync(Ct) is { } last)
        {
            (Why, Contingency, ChildsView, FamilysView) = (last.Why, last.Contingency, last.ChildsView, last.FamilysView);
            Outcomes = await Read.Of<PlanOutcome>().Where(o => o.VersionId == last.Id).OrderBy(o => o.Number)
                .Select(o => new OutcomeFields { What = o.What, Baseline = o.Baseline, Measure = o.Measure, Now = o.Now }).ToListAsync(Ct);
        }

        for (var i = 0; i < Spare; i++) Outcomes.Add(new OutcomeFields());
        return Page();
    }

    public Task<IActionResult> OnPostAsync()
    {
        Needs(MadeOn, nameof(MadeOn), "Enter the day of this version.");
        return ActAsync(
            new UpdatePlan
            {
                PlanId = Id,
                MadeOn = Or(MadeOn),
                Why = Why ?? "",
                Contingency = Contingency,
                ChildsView = ChildsView,
                FamilysView = FamilysView,
                AssessmentUpdated = AssessmentUpdated,
                Outcomes = [.. Outcomes.Where(o => !string.IsNullOrWhiteSpace(o.What) || !string.IsNullOrWhiteSpace(o.Measure)).Select(o => new OutcomeEntry(o.What ?? "", o.Baseline, o.Measure, o.Now))],
            },
            "The new version is in force. The one before it is kept.",
            "#versions");
    }

    protected override async Task FillAsync() => Next = (await Read.Of<PlanVersion>().Where(v => v.PlanId == Id).MaxAsync(v => (int?)v.Number, Ct) ?? 0) + 1;
}
