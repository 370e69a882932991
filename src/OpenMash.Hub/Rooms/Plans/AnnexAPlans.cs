using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>
/// Takes the plans of an Annex A workbook over, with their last visit and review and the team named. A plan is known again by child, kind and first day; a child with
/// an open plan of the kind gets no second one, only what the row adds to it.
/// </summary>
internal sealed class AnnexAPlans : Listener<AnnexARead>
{
    private const int Chunk = 400;

    private static readonly Dictionary<string, CensusKind> Kinds = new(StringComparer.Ordinal)
    {
        [PlanKind.ChildInNeed] = CensusKind.ChildInNeedPlan,
        [PlanKind.ChildProtection] = CensusKind.ChildProtectionPlan,
        [PlanKind.LookedAfter] = CensusKind.LookedAfterPlan,
        [PlanKind.CareLeaver] = CensusKind.CareLeaverPlan,
    };

    public override async Task HandleAsync(AnnexARead happened, Act act)
    {
        var people = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var chunk in happened.Rows.Select(r => r.ChildId).Distinct(StringComparer.Ordinal).Chunk(Chunk))
        {
            foreach (var i in await act.Read.Of<PersonIdentifier>().Where(i => i.EndedAt == null && i.Kind == IdentifierKind.LocalAuthorityChildId && chunk.Contains(i.Value) && (i.Issuer == null || i.Issuer == happened.Issuer)).OrderBy(i => i.RecordedAt).ToListAsync())
                people.TryAdd(i.Value, i.PersonId);
        }

        var plans = new List<Plan>();
        var (visits, reviews) = (new HashSet<(Guid, NodaTime.LocalDate)>(), new HashSet<(Guid, NodaTime.LocalDate)>());
        foreach (var chunk in people.Values.Distinct().Chunk(Chunk))
        {
            var known = await act.Write.LoadAsync<Plan>(p => chunk.Contains(p.PersonId));
            plans.AddRange(known);
            foreach (var ids in known.Select(p => p.Id).Chunk(Chunk))
            {
                foreach (var v in await act.Read.Of<PlanVisit>().Where(v => ids.Contains(v.PlanId)).Select(v => new { v.PlanId, v.On }).ToListAsync()) visits.Add((v.PlanId, v.On));
                foreach (var r in await act.Read.Of<PlanReview>().Where(r => ids.Contains(r.PlanId)).Select(r => new { r.PlanId, r.HeldOn }).ToListAsync()) reviews.Add((r.PlanId, r.HeldOn));
            }
        }

        var teams = (await act.Write.LoadAsync<PlanTeam>(t => t.ClosedOn == null)).GroupBy(t => t.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        var byChild = plans.GroupBy(p => (p.PersonId, p.Kind)).ToDictionary(g => g.Key, g => g.ToList());
        var tallies = happened.Read.ToDictionary(r => r.Key, _ => (Added: 0, Changed: 0, Same: 0), StringComparer.Ordinal);
        var (visited, reviewed, newVisits, newReviews) = (0, 0, 0, 0);
        var touched = new HashSet<Guid>();
        var problems = new List<CensusProblem>();
        var source = string.Create(CultureInfo.InvariantCulture, $"{PlanSources.AnnexA} {act.Today.Year}");
        foreach (var row in happened.Rows)
        {
            var tally = tallies[row.Kind];
            if (!people.TryGetValue(row.ChildId, out var person))
            {
                problems.Add(new CensusProblem(row.Row, row.Where, row.ChildId, null, "The child could not be placed in the register: another record may have this identifier. The row was left out."));
                continue;
            }

            if (!byChild.TryGetValue((person, row.Kind), out var mine)) byChild[(person, row.Kind)] = mine = [];
            var plan = mine.FirstOrDefault(p => p.StartedOn == row.StartedOn) ?? (row.EndedOn is null ? mine.FirstOrDefault(p => p.EndedOn is null) : null);
            var changed = false;
            var isNew = plan is null;
            if (plan is null)
            {
                plan = act.Write.Add(new Plan
                {
                    Id = act.NewId(),
                    PersonId = person,
                    Kind = row.Kind,
                    StartedOn = row.StartedOn,
                    EndedOn = row.EndedOn,
                    Source = source,
                    InitialCategory = row.InitialCategory,
                    LatestCategory = row.LatestCategory,
                    RecordedAt = act.Now,
                    EndRecordedAt = row.EndedOn is null ? null : act.Now,
                });
                mine.Add(plan);
            }
            else if (plan.EndedOn is null && row.EndedOn is not null && row.EndedOn >= plan.StartedOn)
            {
                (plan.EndedOn, plan.EndRecordedAt, changed) = (row.EndedOn, act.Now, true);
            }

            if (row.VisitedOn is { } seen && seen >= plan.StartedOn)
            {
                visited++;
                if (visits.Add((plan.Id, seen)))
                {
                    newVisits++;
                    changed = true;
                    act.Write.Add(new PlanVisit { Id = act.NewId(), PlanId = plan.Id, On = seen, Meeting = VisitMeeting.Seen, SeenAlone = row.SeenAlone, RecordedAt = act.Now });
                }
            }

            if (row.ReviewedOn is { } held && held >= plan.StartedOn)
            {
                reviewed++;
                if (reviews.Add((plan.Id, held)))
                {
                    newReviews++;
                    changed = true;
                    act.Write.Add(new PlanReview { Id = act.NewId(), PlanId = plan.Id, HeldOn = held, RecordedAt = act.Now });
                }
            }

            if (row.Team is { } name && plan.TeamId is null && plan.EndedOn is null)
            {
                if (!teams.TryGetValue(name, out var team)) teams[name] = team = act.Write.Add(new PlanTeam { Id = act.NewId(), Name = name });
                plan.TeamId = team.Id;
                Hands.Add(act, plan, plan.StartedOn, row.Worker is null ? "As the Annex A list has it." : $"As the Annex A list has it; worker there: {row.Worker}.");
                changed = true;
            }

            if (isNew) tally.Added++;
            else if (changed) tally.Changed++;
            else tally.Same++;
            tallies[row.Kind] = tally;
            if (!isNew && !changed) continue;
            plan.ChangedAt = act.Now;
            touched.Add(plan.Id);
        }

        act.Raise(new PlansBrought([.. touched]));
        act.Raise(new CensusHistoryKept(
            happened.ImportId,
            [
                .. happened.Read.Where(r => Kinds.ContainsKey(r.Key)).Select(r => (Kind: r.Key, Read: r.Value, Tally: tallies[r.Key]))
                    .Select(t => new CensusTally(Kinds[t.Kind], t.Read, t.Tally.Added, t.Tally.Changed, t.Read - t.Tally.Added - t.Tally.Changed - t.Tally.Same)),
                new CensusTally(CensusKind.Visit, visited, newVisits, 0, 0),
                new CensusTally(CensusKind.Review, reviewed, newReviews, 0, 0),
            ],
            problems));
    }
}
