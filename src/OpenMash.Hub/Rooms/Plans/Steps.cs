using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>What the record shows before a plan is stepped down or closed.</summary>
public sealed record StepAudit(int Overdue, int OpenActions, int OpenAlarms, int? DaysSinceSeen)
{
    private const int LongUnseen = 28;

    public bool IsClean => Overdue == 0 && OpenActions == 0 && OpenAlarms == 0 && DaysSinceSeen <= LongUnseen;

    internal static async Task<StepAudit> OfAsync(RecordReader read, PlanMonitor monitor, Plan plan, LocalDate today, CancellationToken ct)
    {
        var file = (await PlanFiles.LoadAsync(read, [plan], ct))[0];
        var overdue = monitor.Judge(file, today).Count(d => d.IsOpen && d.DueOn < today);
        var seen = file.Visits.Where(v => v.Meeting != VisitMeeting.NotSeen).Select(v => (LocalDate?)v.On).LastOrDefault();
        return new StepAudit(
            overdue,
            await read.Of<PlanAction>().CountAsync(a => a.PlanId == plan.Id && a.DoneOn == null && a.DroppedOn == null, ct),
            await read.Of<PlanAlarm>().CountAsync(a => a.PlanId == plan.Id && a.ClosedAt == null, ct),
            seen is { } day ? Period.Between(day, today, PeriodUnits.Days).Days : null);
    }
}

/// <summary>Up takes one person and one act (practice rule 1). Down and closing are proposed with an audit and done when a second person agrees.</summary>
internal sealed class StepPlanHandler : Handler<StepPlan, PlanStepped>
{
    public override ValueTask<string?> AuthoriseAsync(StepPlan command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "step a plan up or down"));

    public override async ValueTask CheckAsync(StepPlan command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why.");
        problems.MaxLength(command.Reason, 8000, "Reason", "The reason");
        var kinds = await act.Settings.GetAsync<PlanKindSettings>("plan-kinds");
        if (command.Kind != StepKind.Close && kinds.Find(command.ToKind ?? "") is null) problems.Add("ToKind", "Choose the kind of plan that follows.");
        if (command.Kind == StepKind.Up && command.ToKind == PlanKind.ChildProtection && CinCodes.Shipped.Find("CategoryOfAbuse", command.Category ?? "") is null)
            problems.Add("Category", "Choose the category of abuse that the conference decided.");
        if (command.Kind != StepKind.Up) problems.Require(command.FamilysView, "FamilysView", "Say what the child and the family think of it, in their words; if nobody asked, say so.");
    }

    public override async Task<Outcome<PlanStepped>> HandleAsync(StepPlan command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<PlanStepped>.NotFound();
        if (plan.EndedOn is not null) return PlanDesk.Ended<PlanStepped>(plan);
        var kinds = await act.Settings.GetAsync<PlanKindSettings>("plan-kinds");
        var (from, to) = (kinds.Of(plan.Kind), command.ToKind is null ? null : kinds.Of(command.ToKind));
        var problems = new Problems();
        problems.CheckDay(act, plan, command.On, "On", "The step");
        if (command.Kind == StepKind.Up && to!.Protection <= from.Protection) problems.Add("ToKind", $"{to.Label} does not protect more than {Platform.Furniture.Words.LowerFirst(from.Label)}. Choose a step down, which a second person agrees to.");
        if (command.Kind == StepKind.Down && to!.Protection >= from.Protection) problems.Add("ToKind", $"{to.Label} does not protect less than {Platform.Furniture.Words.LowerFirst(from.Label)}. Choose a step up.");
        if (await act.Read.Of<PlanStep>().AnyAsync(s => s.PlanId == plan.Id && s.State == StepState.Proposed) && command.Kind != StepKind.Up)
            return new Outcome<PlanStepped>.Conflict("A step of this plan waits for a second person already.");
        var audit = await StepAudit.OfAsync(act.Read, await PlanMonitor.OpenAsync(act.Settings, act.Today), plan, act.Today, CancellationToken.None);
        if (command.Kind != StepKind.Up && !audit.IsClean) problems.Require(command.AuditAnswer, "AuditAnswer", "The record shows something open. Say why the plan can end all the same.");
        if (problems.Found<PlanStepped>() is { } found) return found;
        var step = act.Write.Add(new PlanStep
        {
            Id = act.NewId(),
            PlanId = plan.Id,
            Kind = command.Kind,
            State = command.Kind == StepKind.Up ? StepState.Done : StepState.Proposed,
            ToKind = command.Kind == StepKind.Close ? null : command.ToKind,
            On = command.On,
            Reason = command.Reason.Trim(),
            FamilysView = RecordVisitHandler.Clean(command.FamilysView),
            Overdue = audit.Overdue,
            OpenActions = audit.OpenActions,
            OpenAlarms = audit.OpenAlarms,
            DaysSinceSeen = audit.DaysSinceSeen,
            AuditAnswer = RecordVisitHandler.Clean(command.AuditAnswer),
            ByAccountId = act.Actor.AccountId ?? Guid.Empty,
            At = act.Now,
        });
        act.Because(command.Reason);
        if (command.Kind == StepKind.Up) return new PlanStepped(step.Id, (await Steps.FollowAsync(act, plan, step, command.Category))?.Id);
        act.Touch(plan);
        return new PlanStepped(step.Id, null);
    }
}

internal static class Steps
{
    /// <summary>Ends the plan and begins the one that follows, with its team, worker and what was hoped for.</summary>
    public static async Task<Plan?> FollowAsync(Act act, Plan plan, PlanStep step, string? category)
    {
        // A plan that is stepped down or closed runs until the second person has agreed.
        var on = step.Kind == StepKind.Up ? step.On : act.Today;
        plan.EndedOn = on;
        plan.EndRecordedAt = act.Now;
        plan.EndReason = step.Reason;
        act.Touch(plan);
        if (step.ToKind is not { } kind) return null;
        var version = await act.Read.Of<PlanVersion>().Where(v => v.PlanId == plan.Id).OrderByDescending(v => v.Number).FirstOrDefaultAsync();
        var outcomes = version is null ? [] : await act.Read.Of<PlanOutcome>().Where(o => o.VersionId == version.Id).OrderBy(o => o.Number).Select(o => new OutcomeEntry(o.What, o.Baseline, o.Measure, o.Now)).ToListAsync();
        var earlier = await act.Read.Of<Plan>().CountAsync(p => p.PersonId == plan.PersonId && p.Kind == kind);
        return PlanMaker.Begin(act, plan.PersonId, kind, on, plan.EpisodeId, plan.Id, plan.TeamId, plan.WorkerId, category, earlier, version?.Why ?? step.Reason, outcomes);
    }
}

internal sealed class DecideStepHandler : Handler<DecideStep, PlanStepped>
{
    public override ValueTask<string?> AuthoriseAsync(DecideStep command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Managers | Roles.ReviewingOfficer, "agree to a step down or a closure"));

    public override ValueTask CheckAsync(DecideStep command, Problems problems, Act act)
    {
        problems.Require(command.Note, "StepNote", "Say what you looked at, and why you agree or not.");
        problems.MaxLength(command.Note, 2000, "StepNote", "The note");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<PlanStepped>> HandleAsync(DecideStep command, Act act)
    {
        if (await act.Write.FindAsync<PlanStep>(command.StepId) is not { } step || await act.PlanAsync(step.PlanId) is not { } plan) return new Outcome<PlanStepped>.NotFound();
        if (step.State != StepState.Proposed) return new Outcome<PlanStepped>.Conflict("Someone else has decided it meanwhile.");
        if (step.ByAccountId == act.Actor.AccountId) return new Outcome<PlanStepped>.Refused("A second person must decide: you proposed it.");
        var kind = await act.KindAsync(plan);
        if (kind.Independent && !act.Actor.Has(kind.Reviewers))
            return new Outcome<PlanStepped>.Refused($"The end of {Platform.Furniture.Words.LowerFirst(kind.Label)} is agreed by the role {RoleNames.AnyOf(kind.Reviewers)}. You are {act.Actor.Describe()}.");
        step.State = command.Agrees ? StepState.Done : StepState.NotAgreed;
        step.DecidedBy = act.Actor.AccountId;
        step.DecidedAt = act.Now;
        step.DecisionNote = command.Note.Trim();
        act.Because(command.Note);
        if (command.Agrees && plan.EndedOn is null) return new PlanStepped(step.Id, (await Steps.FollowAsync(act, plan, step, null))?.Id);
        act.Touch(plan);
        return new PlanStepped(step.Id, null);
    }
}
