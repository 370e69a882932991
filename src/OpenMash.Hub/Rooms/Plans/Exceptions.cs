using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>Asks for an exception to one running round of one duty. Until someone else approves it, nothing changes.</summary>
internal sealed class AskExceptionHandler : Handler<AskException, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(AskException command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "ask for an exception"));

    public override ValueTask CheckAsync(AskException command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "ExceptionReason", "Say why. It is counted beside the figure.");
        problems.MaxLength(command.Reason, 2000, "ExceptionReason", "The reason");
        if (command.Kind == ExceptionKind.LaterDate && command.NewDueOn is null) problems.Add("NewDueOn", "Give the later date.");
        if (command.Kind == ExceptionKind.LaterDate && command.NewDueOn <= act.Today) problems.Add("NewDueOn", "The later date must lie in the future.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Guid>> HandleAsync(AskException command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<Guid>.NotFound();
        var monitor = await PlanMonitor.OpenAsync(act.Settings, act.Today);
        var file = (await PlanFiles.LoadAsync(act.Read, [plan], CancellationToken.None))[0];
        var duty = monitor.Judge(file, act.Today).FirstOrDefault(d => d.IsOpen && d.Rule.Id == command.Rule && d.StartedOn == command.RoundStartedOn);
        if (duty is null) return new Outcome<Guid>.Conflict("This duty does not run any more: something settled it meanwhile.");
        if (file.Exceptions.Any(e => e.Rule == command.Rule && e.RoundStartedOn == command.RoundStartedOn && e.Approved is null)) return new Outcome<Guid>.Conflict("An exception to this duty waits for a decision already.");
        if (command.Kind == ExceptionKind.LaterDate && command.NewDueOn <= duty.DueOn) return new Outcome<Guid>.Invalid([new Problem("NewDueOn", $"It is due on {PlanDesk.Day(duty.DueOn!.Value)}; a later date lies after that.")]);
        if (command.Kind == ExceptionKind.LaterDate && duty.Rule.Extension is null) return new Outcome<Guid>.Refused($"Nothing may extend this duty ({duty.Rule.Source}). Ask for \"not this time\" with its reason, or settle it.");
        var asked = act.Write.Add(new DutyException
        {
            Id = act.NewId(),
            PlanId = plan.Id,
            Rule = command.Rule,
            RoundStartedOn = command.RoundStartedOn,
            Kind = command.Kind,
            NewDueOn = command.Kind == ExceptionKind.LaterDate ? command.NewDueOn : null,
            Reason = command.Reason.Trim(),
            AskedBy = act.Actor.AccountId ?? Guid.Empty,
            AskedAt = act.Now,
        });
        plan.ChangedAt = act.Now;
        act.Because(command.Reason);
        return asked.Id;
    }
}

internal sealed class DecideExceptionHandler : Handler<DecideException, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(DecideException command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Managers | Roles.ReviewingOfficer, "decide on an exception"));

    public override async Task<Outcome<Nothing>> HandleAsync(DecideException command, Act act)
    {
        if (await act.Write.FindAsync<DutyException>(command.ExceptionId) is not { } asked || await act.PlanAsync(asked.PlanId) is not { } plan) return new Outcome<Nothing>.NotFound();
        if (asked.Approved is not null) return new Outcome<Nothing>.Conflict("Someone else has decided it meanwhile.");
        if (asked.AskedBy == act.Actor.AccountId) return new Outcome<Nothing>.Refused("Another person must decide: you asked for it.");
        var rule = (await act.Settings.ClockRulesAsync(act.Today)).Find(asked.Rule, asked.RoundStartedOn);
        if (asked.Kind == ExceptionKind.LaterDate && rule?.Extension is { } extension && !act.Actor.Has(ReviewRules.Movers(extension.Approver)))
            return new Outcome<Nothing>.Refused($"A later date for this duty is approved by the role {RoleNames.AnyOf(ReviewRules.Movers(extension.Approver))}. You are {act.Actor.Describe()}.");
        if (!command.Approve && string.IsNullOrWhiteSpace(command.Note)) return new Outcome<Nothing>.Invalid([new Problem("DecisionNote", "Say why not.")]);
        asked.Approved = command.Approve;
        asked.DecidedBy = act.Actor.AccountId;
        asked.DecidedAt = act.Now;
        asked.DecisionNote = RecordVisitHandler.Clean(command.Note);
        act.Because(command.Note);
        act.Touch(plan);
        return Nothing.Value;
    }
}
