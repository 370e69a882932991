using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

internal sealed class UpdatePlanHandler : Handler<UpdatePlan, int>
{
    private const int MostOutcomes = 20;

    public override ValueTask<string?> AuthoriseAsync(UpdatePlan command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "write a plan"));

    public override ValueTask CheckAsync(UpdatePlan command, Problems problems, Act act)
    {
        problems.Require(command.Why, "Why", "Say in words that the family would use why there is a plan.");
        problems.MaxLength(command.Why, 8000, "Why", "Why there is a plan");
        foreach (var (text, field, what) in new[] { (command.Contingency, "Contingency", "What happens if things get worse"), (command.ChildsView, "ChildsView", "The child's view"), (command.FamilysView, "FamilysView", "The family's view") })
            problems.MaxLength(text, 8000, field, what);
        if (command.Outcomes.Count == 0) problems.Add("Outcomes", "Give at least one outcome: what shall be different for the child.");
        if (command.Outcomes.Count > MostOutcomes) problems.Add("Outcomes", $"A plan with more than {MostOutcomes} outcomes is no plan. Say what matters most.");
        foreach (var (outcome, index) in command.Outcomes.Select((o, i) => (o, i)))
        {
            problems.Require(outcome.What, $"Outcomes[{index}].What", "Say what shall be different for the child.");
            problems.MaxLength(outcome.What, 2000, $"Outcomes[{index}].What", "An outcome");
        }

        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<int>> HandleAsync(UpdatePlan command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<int>.NotFound();
        if (plan.EndedOn is not null) return PlanDesk.Ended<int>(plan);
        var problems = new Problems();
        problems.CheckDay(act, plan, command.MadeOn, "MadeOn", "This version");
        var last = await act.Read.Of<PlanVersion>().Where(v => v.PlanId == plan.Id).OrderByDescending(v => v.Number).FirstOrDefaultAsync();
        if (last is not null && command.MadeOn < last.MadeOn) problems.Add("MadeOn", $"The version before it was made on {PlanDesk.Day(last.MadeOn)}; this one cannot be older.");
        if (problems.Found<int>() is { } found) return found;
        var number = (last?.Number ?? 0) + 1;
        Write(act, plan.Id, number, command);
        act.Touch(plan);
        return number;
    }

    internal static void Write(Act act, Guid planId, int number, UpdatePlan command)
    {
        var version = act.Write.Add(new PlanVersion
        {
            Id = act.NewId(),
            PlanId = planId,
            Number = number,
            MadeOn = command.MadeOn,
            Why = command.Why.Trim(),
            Contingency = RecordVisitHandler.Clean(command.Contingency),
            ChildsView = RecordVisitHandler.Clean(command.ChildsView),
            FamilysView = RecordVisitHandler.Clean(command.FamilysView),
            AssessmentUpdated = command.AssessmentUpdated,
            ByAccountId = act.Actor.AccountId,
            RecordedAt = act.Now,
        });
        foreach (var (outcome, index) in command.Outcomes.Select((o, i) => (o, i)))
        {
            act.Write.Add(new PlanOutcome
            {
                Id = act.NewId(),
                VersionId = version.Id,
                Number = index + 1,
                What = outcome.What.Trim(),
                Baseline = RecordVisitHandler.Clean(outcome.Baseline),
                Measure = RecordVisitHandler.Clean(outcome.Measure),
                Now = RecordVisitHandler.Clean(outcome.Now),
            });
        }
    }
}

internal sealed class AddActionHandler : Handler<AddAction, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(AddAction command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "add an action to a plan"));

    public override async ValueTask CheckAsync(AddAction command, Problems problems, Act act)
    {
        problems.Require(command.What, "ActionWhat", "Say what will be done.");
        problems.MaxLength(command.What, 2000, "ActionWhat", "What will be done");
        problems.Require(command.Owner, "ActionOwner", "Say who will do it.");
        problems.MaxLength(command.Owner, 200, "ActionOwner", "Who will do it");
        if (command.AgencyId is { } agency && !await act.Read.Of<Agency>().AnyAsync(a => a.Id == agency && a.ClosedOn == null)) problems.Add("ActionAgency", "Choose an agency.");
        if (command.DueOn < act.Today) problems.Add("ActionDue", "The day by which it is to be done lies in the past.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(AddAction command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<Guid>.NotFound();
        if (plan.EndedOn is not null) return PlanDesk.Ended<Guid>(plan);
        var action = act.Write.Add(new PlanAction
        {
            Id = act.NewId(),
            PlanId = plan.Id,
            What = command.What.Trim(),
            Owner = command.Owner.Trim(),
            AgencyId = command.AgencyId,
            AddedOn = act.Today,
            DueOn = command.DueOn,
            RecordedAt = act.Now,
        });
        act.Touch(plan);
        return action.Id;
    }
}

internal sealed class EndActionHandler : Handler<EndAction, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(EndAction command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "end an action of a plan"));

    public override ValueTask CheckAsync(EndAction command, Problems problems, Act act)
    {
        problems.Require(command.Note, "ActionNote", command.Dropped ? "Say why it is no longer wanted." : "Say what came of it.");
        problems.MaxLength(command.Note, 2000, "ActionNote", "What came of it");
        if (command.On > act.Today) problems.Add("ActionOn", "The day lies in the future.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(EndAction command, Act act)
    {
        if (await act.Write.FindAsync<PlanAction>(command.ActionId) is not { } action || await act.PlanAsync(action.PlanId) is not { } plan) return new Outcome<Nothing>.NotFound();
        if (action.DoneOn is not null || action.DroppedOn is not null) return new Outcome<Nothing>.Conflict("Someone else has ended this action meanwhile.");
        if (command.On < action.AddedOn) return new Outcome<Nothing>.Invalid([new Problem("ActionOn", $"It was agreed on {PlanDesk.Day(action.AddedOn)} and cannot have ended before.")]);
        if (command.Dropped)
        {
            action.DroppedOn = command.On;
            action.DroppedBecause = command.Note.Trim();
        }
        else
        {
            action.DoneOn = command.On;
            action.DoneNote = command.Note.Trim();
        }

        act.Touch(plan);
        return Nothing.Value;
    }
}
