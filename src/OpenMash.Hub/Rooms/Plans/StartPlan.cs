using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

internal sealed class SetTeamHandler : Handler<SetTeam, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(SetTeam command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Managers, "set up a team"));

    public override async ValueTask CheckAsync(SetTeam command, Problems problems, Act act)
    {
        problems.Require(command.Name, "TeamName", "Give the team's name.");
        problems.MaxLength(command.Name, 120, "TeamName", "The team's name");
        if (command.ManagerId is { } manager && !await act.IsHubMemberAsync(manager)) problems.Add("ManagerId", "Choose someone of the hub's own team who works here today.");
        var name = command.Name?.Trim() ?? "";
        if (await act.Read.Of<PlanTeam>().AnyAsync(t => t.Name == name && t.Id != command.TeamId && t.ClosedOn == null)) problems.Add("TeamName", "There is a team of this name already.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(SetTeam command, Act act)
    {
        if (command.TeamId is not { } id) return act.Write.Add(new PlanTeam { Id = act.NewId(), Name = command.Name.Trim(), ManagerId = command.ManagerId }).Id;
        if (await act.Write.FindAsync<PlanTeam>(id) is not { } team) return new Outcome<Guid>.NotFound();
        team.Name = command.Name.Trim();
        team.ManagerId = command.ManagerId;
        return team.Id;
    }
}

internal sealed class StartPlanHandler : Handler<StartPlan, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(StartPlan command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "start a plan"));

    public override async ValueTask CheckAsync(StartPlan command, Problems problems, Act act)
    {
        var kinds = await act.Settings.GetAsync<PlanKindSettings>("plan-kinds");
        if (kinds.Find(command.Kind) is null) problems.Add("Kind", "Choose a kind of plan.");
        if (command.StartedOn > act.Today) problems.Add("StartedOn", "The plan cannot start in the future. Enter the day on which it was agreed.");
        if (command.Kind == PlanKind.ChildProtection && CinCodes.Shipped.Find("CategoryOfAbuse", command.Category ?? "") is null) problems.Add("Category", "Choose the category of abuse that the conference decided.");
        problems.Require(command.Why, "Why", "Say in words that the family would use why there is a plan.");
        problems.MaxLength(command.Why, 8000, "Why", "Why there is a plan");
        await Hands.CheckAsync(problems, act, command.TeamId, command.WorkerId);
    }

    public override async Task<Outcome<Guid>> HandleAsync(StartPlan command, Act act)
    {
        if (await act.Read.Visible<Person>(act.Actor).SingleOrDefaultAsync(p => p.Id == command.PersonId) is not { } person) return new Outcome<Guid>.NotFound();
        act.About("Person", person.Id);
        var problems = new Problems();
        if ((person.BirthDate ?? person.ExpectedDate) is { } born && command.StartedOn < born && person.BirthDate is not null && command.StartedOn < born.PlusMonths(-10))
            problems.Add("StartedOn", $"The plan cannot start before the child: born {PlanDesk.Day(born)}.");
        var same = (await act.Read.ResolveAsyncOf(person.Id)).ToArray();
        if (await act.Read.Of<Plan>().AnyAsync(p => same.Contains(p.PersonId) && p.Kind == command.Kind && p.EndedOn == null))
            problems.Add("Kind", "This child has an open plan of this kind already.");
        if (command.EpisodeId is { } episode && !await act.Read.Of<ReferralEpisode>().AnyAsync(e => e.Id == episode && same.Contains(e.PersonId)))
            problems.Add("EpisodeId", "This referral belongs to another child.");
        if (problems.Found<Guid>() is { } found) return found;
        var earlier = await act.Read.Of<Plan>().CountAsync(p => same.Contains(p.PersonId) && p.Kind == command.Kind);
        return PlanMaker.Begin(act, person.Id, command.Kind, command.StartedOn, command.EpisodeId, null, command.TeamId, command.WorkerId, command.Category, earlier, command.Why, []).Id;
    }
}

/// <summary>Makes plans: by a start, or because another was stepped up or down.</summary>
internal static class PlanMaker
{
    public static Plan Begin(Act act, Guid personId, string kind, LocalDate on, Guid? episodeId, Guid? followsId, Guid? teamId, Guid? workerId, string? category, int earlier, string why, IReadOnlyList<OutcomeEntry> outcomes)
    {
        var plan = act.Write.Add(new Plan
        {
            Id = act.NewId(),
            PersonId = personId,
            EpisodeId = episodeId,
            Kind = kind,
            StartedOn = on,
            FollowsId = followsId,
            Source = PlanSources.Hub,
            TeamId = teamId,
            WorkerId = workerId,
            InitialCategory = category,
            LatestCategory = category,
            PreviousPlans = earlier,
            RecordedAt = act.Now,
            ChangedAt = act.Now,
        });
        Hands.Add(act, plan, on, "The plan began.");
        UpdatePlanHandler.Write(act, plan.Id, 1, new UpdatePlan { PlanId = plan.Id, MadeOn = on, Why = why, Outcomes = outcomes });
        act.Touch(plan);
        return plan;
    }
}

/// <summary>Who holds a plan.</summary>
internal static class Hands
{
    public static async Task CheckAsync(Problems problems, Act act, Guid? teamId, Guid? workerId)
    {
        if (teamId is { } team && !await act.Read.Of<PlanTeam>().AnyAsync(t => t.Id == team && t.ClosedOn == null)) problems.Add("TeamId", "Choose a team.");
        if (workerId is { } worker && !await act.IsHubMemberAsync(worker)) problems.Add("WorkerId", "Choose someone of the hub's own team who works here today.");
    }

    public static void Add(Act act, Plan plan, LocalDate from, string reason) => act.Write.Add(new PlanAllocation
    {
        Id = act.NewId(),
        PlanId = plan.Id,
        TeamId = plan.TeamId,
        WorkerId = plan.WorkerId,
        From = from,
        Reason = reason,
        ByAccountId = act.Actor.AccountId ?? Guid.Empty,
        RecordedAt = act.Now,
    });

    public static async Task<IReadOnlyList<Guid>> ResolveAsyncOf(this Platform.Access.RecordReader read, Guid person) => await Platform.Access.Identities.IdentitiesAsync(read, person);
}

internal sealed class AllocatePlanHandler : Handler<AllocatePlan, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(AllocatePlan command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Managers, "give a plan to a worker"));

    public override async ValueTask CheckAsync(AllocatePlan command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "HandsReason", "Say why it changes hands.");
        problems.MaxLength(command.Reason, 2000, "HandsReason", "The reason");
        if (command.TeamId is null && command.WorkerId is null) problems.Add("TeamId", "Choose a team or a worker.");
        if (command.From > act.Today) problems.Add("HandsFrom", "The day lies in the future. Enter the day from which they hold it.");
        await Hands.CheckAsync(problems, act, command.TeamId, command.WorkerId);
    }

    public override async Task<Outcome<Nothing>> HandleAsync(AllocatePlan command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<Nothing>.NotFound();
        if (plan.EndedOn is not null) return PlanDesk.Ended<Nothing>(plan);
        if (plan.TeamId == command.TeamId && plan.WorkerId == command.WorkerId) return new Outcome<Nothing>.Invalid([new Problem("WorkerId", "They hold it already.")]);
        if (command.From < plan.StartedOn) return new Outcome<Nothing>.Invalid([new Problem("HandsFrom", $"The plan started on {PlanDesk.Day(plan.StartedOn)}.")]);
        plan.TeamId = command.TeamId;
        plan.WorkerId = command.WorkerId;
        Hands.Add(act, plan, command.From, command.Reason.Trim());
        act.Because(command.Reason);
        act.Touch(plan);
        return Nothing.Value;
    }
}

internal sealed class AllocatePlansHandler : Handler<AllocatePlans, int>
{
    public override ValueTask<string?> AuthoriseAsync(AllocatePlans command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Managers, "give plans to a team"));

    public override async ValueTask CheckAsync(AllocatePlans command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "HandsReason", "Say why.");
        await Hands.CheckAsync(problems, act, command.TeamId, command.WorkerId);
    }

    public override async Task<Outcome<int>> HandleAsync(AllocatePlans command, Act act)
    {
        var mine = await act.Read.Visible<Plan>(act.Actor).Where(p => p.EndedOn == null && p.TeamId == null && p.WorkerId == null && (command.Kind == null || p.Kind == command.Kind)).Select(p => p.Id).ToListAsync();
        foreach (var chunk in mine.Chunk(400))
        {
            foreach (var plan in await act.Write.LoadAsync<Plan>(p => chunk.Contains(p.Id)))
            {
                plan.TeamId = command.TeamId;
                plan.WorkerId = command.WorkerId;
                plan.ChangedAt = act.Now;
                Hands.Add(act, plan, act.Today, command.Reason.Trim());
            }
        }

        act.Because(command.Reason);
        return mine.Count;
    }
}
