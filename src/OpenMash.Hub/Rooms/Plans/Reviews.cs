using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

internal sealed class HoldReviewHandler : Handler<HoldReview, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(HoldReview command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "record a review"));

    public override async ValueTask CheckAsync(HoldReview command, Problems problems, Act act)
    {
        problems.Require(command.ChairedBy, "ChairedBy", "Say who chaired it.");
        problems.MaxLength(command.ChairedBy, 200, "ChairedBy", "Who chaired it");
        problems.Require(command.Reason, "Reason", "Say why this was decided.");
        problems.MaxLength(command.Reason, 8000, "Reason", "The reason");
        problems.MaxLength(command.ChildsView, 8000, "ChildsView", "The child's view");
        if (command.Attended.Count == 0) problems.Add("Attended", "Tick the agencies that came or sent a report.");
        var quorum = (await act.Settings.GetAsync<PlanKindSettings>("plan-kinds")).Quorum;
        if (!ReviewRules.IsQuorate(command.Attended, quorum)) problems.Require(command.NotQuorateBecause, "NotQuorateBecause", $"Without {string.Join(", ", quorum)} it is not quorate. Say why it went ahead.");
        if (command.NextOn <= command.HeldOn) problems.Add("NextOn", "The next review must come after this one.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(HoldReview command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<Guid>.NotFound();
        var kind = await act.KindAsync(plan);
        if (!act.Actor.IsSystem && !act.Actor.Has(kind.Reviewers))
            return new Outcome<Guid>.Refused($"A review of {Platform.Furniture.Words.LowerFirst(kind.Label)} is recorded by the role {RoleNames.AnyOf(kind.Reviewers)}. You are {act.Actor.Describe()}.");
        var problems = new Problems();
        problems.CheckDay(act, plan, command.HeldOn, "HeldOn", "The review");
        if (await act.Read.Of<PlanReview>().AnyAsync(r => r.PlanId == plan.Id && r.HeldOn == command.HeldOn)) problems.Add("HeldOn", "A review of this plan on this day is recorded already.");
        if (kind.Independent && plan.WorkerId is not null && plan.WorkerId == act.Actor.AccountId) problems.Add("ChairedBy", "This kind of plan is reviewed by someone outside the case line; you hold the plan.");
        if (problems.Found<Guid>() is { } found) return found;
        var settings = await act.Settings.GetAsync<PlanKindSettings>("plan-kinds");
        var review = act.Write.Add(new PlanReview
        {
            Id = act.NewId(),
            PlanId = plan.Id,
            HeldOn = command.HeldOn,
            RecordedAt = act.Now,
            ByAccountId = act.Actor.AccountId,
            ChairedBy = command.ChairedBy.Trim(),
            Attended = [.. command.Attended],
            Quorate = ReviewRules.IsQuorate(command.Attended, settings.Quorum),
            NotQuorateBecause = RecordVisitHandler.Clean(command.NotQuorateBecause),
            ChildsView = RecordVisitHandler.Clean(command.ChildsView),
            Decision = command.Decision,
            Reason = command.Reason.Trim(),
        });
        if (command.NextOn is { } next)
            act.Write.Add(new ReviewMove { Id = act.NewId(), PlanId = plan.Id, To = next, Reason = "Set at the review.", ByAccountId = act.Actor.AccountId ?? Guid.Empty, RecordedAt = act.Now });
        act.Touch(plan);
        return review.Id;
    }
}

internal static class ReviewRules
{
    public static bool IsQuorate(IEnumerable<string> attended, IReadOnlyList<string> quorum) => quorum.All(q => attended.Contains(q, StringComparer.OrdinalIgnoreCase));

    /// <summary>Who may move a review of this kind, by the role that its clock rule names.</summary>
    public static Roles Movers(string? approver) => approver switch
    {
        "conference-chair" or "reviewing-officer" => Roles.ReviewingOfficer | Roles.HubManager,
        _ => Roles.TeamManager | Roles.HubManager,
    };
}

internal sealed class MoveReviewHandler : Handler<MoveReview, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(MoveReview command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "set the date of a review"));

    public override ValueTask CheckAsync(MoveReview command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "MoveReason", "Say why it is set to this day.");
        problems.MaxLength(command.Reason, 2000, "MoveReason", "The reason");
        if (command.To < act.Today) problems.Add("MoveTo", "The day lies in the past. A review that was held is recorded as held.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(MoveReview command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<Nothing>.NotFound();
        if (plan.EndedOn is not null) return PlanDesk.Ended<Nothing>(plan);
        var held = await act.Read.Of<PlanReview>().Where(r => r.PlanId == plan.Id).MaxAsync(r => (Instant?)r.RecordedAt);
        var set = await act.Read.Of<ReviewMove>().Where(m => m.PlanId == plan.Id && (held == null || m.RecordedAt >= held)).OrderByDescending(m => m.RecordedAt).ThenByDescending(m => m.Id).FirstOrDefaultAsync();
        if (set is not null)
        {
            var rules = await act.Settings.ClockRulesAsync(act.Today);
            var kind = await act.KindAsync(plan);
            var movers = ReviewRules.Movers(rules.Find(kind.Rules + ".review", act.Today)?.Extension?.Approver);
            if (!act.Actor.IsSystem && !act.Actor.Has(movers)) return new Outcome<Nothing>.Refused($"A review that has a date is moved by the role {RoleNames.AnyOf(movers)}. You are {act.Actor.Describe()}.");
            if (set.To == command.To) return new Outcome<Nothing>.Invalid([new Problem("MoveTo", "It stands on this day already.")]);
        }

        act.Write.Add(new ReviewMove { Id = act.NewId(), PlanId = plan.Id, From = set?.To, To = command.To, Reason = command.Reason.Trim(), ByAccountId = act.Actor.AccountId ?? Guid.Empty, RecordedAt = act.Now });
        act.Because(command.Reason);
        act.Touch(plan);
        return Nothing.Value;
    }
}

internal sealed class HoldMeetingHandler : Handler<HoldMeeting, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(HoldMeeting command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "record a meeting"));

    public override ValueTask CheckAsync(HoldMeeting command, Problems problems, Act act)
    {
        if (command.Attended.Count == 0) problems.Add("Attended", "Tick the agencies that came.");
        problems.Require(command.Note, "Note", "Say what was agreed.");
        problems.MaxLength(command.Note, 20000, "Note", "What was agreed");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Guid>> HandleAsync(HoldMeeting command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<Guid>.NotFound();
        var problems = new Problems();
        problems.CheckDay(act, plan, command.HeldOn, "HeldOn", "The meeting");
        if (problems.Found<Guid>() is { } found) return found;
        var meeting = act.Write.Add(new PlanMeeting
        {
            Id = act.NewId(),
            PlanId = plan.Id,
            HeldOn = command.HeldOn,
            IsPlanning = command.IsPlanning,
            Attended = [.. command.Attended],
            FamilyCame = command.FamilyCame,
            Note = command.Note.Trim(),
            ByAccountId = act.Actor.AccountId,
            RecordedAt = act.Now,
        });
        act.Touch(plan);
        return meeting.Id;
    }
}

internal sealed class SuperviseHandler : Handler<Supervise, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(Supervise command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Managers, "record supervision"));

    public override ValueTask CheckAsync(Supervise command, Problems problems, Act act)
    {
        problems.Require(command.Note, "Note", "Write the management note: what was looked at and what was decided.");
        problems.MaxLength(command.Note, 20000, "Note", "The note");
        problems.MaxLength(command.ChangedForChild, 8000, "ChangedForChild", "What changed");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Guid>> HandleAsync(Supervise command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<Guid>.NotFound();
        if (plan.WorkerId is not null && plan.WorkerId == act.Actor.AccountId) return new Outcome<Guid>.Refused("Nobody supervises their own work: you hold this plan. Ask another manager.");
        var problems = new Problems();
        problems.CheckDay(act, plan, command.On, "On", "The supervision");
        if (problems.Found<Guid>() is { } found) return found;
        var note = act.Write.Add(new PlanSupervision
        {
            Id = act.NewId(),
            PlanId = plan.Id,
            On = command.On,
            Note = command.Note.Trim(),
            ChangedForChild = RecordVisitHandler.Clean(command.ChangedForChild),
            ChallengedLength = command.ChallengedLength,
            ByAccountId = act.Actor.AccountId,
            RecordedAt = act.Now,
        });
        act.Touch(plan);
        return note.Id;
    }
}
