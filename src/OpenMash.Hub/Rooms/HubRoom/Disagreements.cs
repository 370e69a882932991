using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>
/// An agency agrees with a decision or does not, in its own words. "Not" starts the ladder. It does not suspend the decision: the more protective option applies
/// meanwhile (practice rule 2).
/// </summary>
internal sealed class TakePositionHandler : Handler<TakePosition, Guid>
{
    public override async ValueTask<string?> AuthoriseAsync(TakePosition command, Act act) =>
        await RoomActs.InRoomAsync(act, await act.Read.Of<RoomDecision>().Where(d => d.Id == command.DecisionId).Select(d => (Guid?)d.EnquiryId).SingleOrDefaultAsync());

    public override async ValueTask CheckAsync(TakePosition command, Problems problems, Act act)
    {
        if (!command.Agrees) problems.Require(command.Words, "PositionWords", "Say in your own words why your agency does not agree.");
        problems.MaxLength(command.Words, 20_000, "PositionWords", "Your words");
        var state = await act.Read.Of<RoomDecision>().Where(d => d.Id == command.DecisionId).Select(d => (DecisionState?)d.State).SingleOrDefaultAsync();
        if (state is DecisionState.Superseded or DecisionState.NotAgreed) problems.Add("PositionWords", "This decision no longer stands. Look at the one that does.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(TakePosition command, Act act)
    {
        var enquiryId = await act.Read.Of<RoomDecision>().Where(d => d.Id == command.DecisionId).Select(d => (Guid?)d.EnquiryId).SingleOrDefaultAsync();
        if (enquiryId is not { } id) return new Outcome<Guid>.NotFound();
        var enquiry = await act.TouchAsync(id);
        var agency = act.Actor.AgencyId!.Value;
        var position = act.Write.Add(new DecisionPosition
        {
            Id = act.NewId(),
            DecisionId = command.DecisionId,
            AgencyId = agency,
            ByAccountId = act.Actor.AccountId!.Value,
            Agrees = command.Agrees,
            Words = command.Words?.Trim() ?? "",
            At = act.Now,
        });
        act.TellRoom(enquiry, "position", position.Id);
        if (command.Agrees) return position.Id;
        // One ladder for an agency's disagreement; saying it again adds words, not a second ladder.
        if (await act.Read.Of<Escalation>().AnyAsync(e => e.EnquiryId == enquiry.Id && e.RaisedByAgencyId == agency && e.ResolvedAt == null)) return position.Id;
        var ladder = await act.Settings.GetAsync<EscalationSettings>("escalation");
        var first = ladder.At(1);
        var due = (await act.Clocks.DueAsync(first.Rule, act.Now)).DueAt;
        var escalation = act.Write.Add(new Escalation
        {
            Id = act.NewId(),
            EnquiryId = enquiry.Id,
            PositionId = position.Id,
            RaisedByAgencyId = agency,
            RaisedAt = act.Now,
            Level = 1,
            LevelDueAt = due,
        });
        act.Write.Add(new EscalationStep { Id = act.NewId(), EscalationId = escalation.Id, Level = 1, At = act.Now, ByAccountId = act.Actor.AccountId, Reason = "Raised.", DueAt = due });
        await act.Clocks.StartAsync(first.Rule, nameof(Escalation), escalation.Id, enquiry.Id, act.Now, agency);
        await LadderDesk.NotifyAsync(act, enquiry, escalation, first);
        act.TellRoom(enquiry, "escalation", escalation.Id);
        return position.Id;
    }
}

internal static class LadderDesk
{
    public static async Task NotifyAsync(Act act, Enquiry enquiry, Escalation escalation, EscalationLevel level)
    {
        var text = $"{enquiry.Reference}: a disagreement stands with {level.Name} ({level.Who}), to be settled by {RelativeTime.Full(escalation.LevelDueAt)}.";
        // Every ladder starts, out of hours, with the duty team (practice rule 4).
        var roles = await act.IsOpenAsync(act.Now) ? level.Hub : level.Hub | Roles.DutyTeam;
        act.Notify("disagreement", nameof(Enquiry), enquiry.Id, text, toRoles: roles, climbsAt: escalation.LevelDueAt);
        act.Notify("disagreement", nameof(Enquiry), enquiry.Id, text, toRoles: Roles.Researcher | Roles.TeamManager, toAgency: escalation.RaisedByAgencyId);
    }

    public static Task<Guid?> EnquiryOfAsync(Act act, Guid escalationId) =>
        act.Read.Of<Escalation>().Where(e => e.Id == escalationId).Select(e => (Guid?)e.EnquiryId).SingleOrDefaultAsync();
}

/// <summary>
/// One side says the disagreement is resolved. It closes when both have: a manager of the hub, and the agency that raised it. Nobody can be both sides.
/// </summary>
internal sealed class ResolveEscalationHandler : Handler<ResolveEscalation, Nothing>
{
    private const Roles HubSide = Roles.HubManager | Roles.DutyTeam;

    public override async ValueTask<string?> AuthoriseAsync(ResolveEscalation command, Act act)
    {
        if (await RoomActs.InRoomAsync(act, await LadderDesk.EnquiryOfAsync(act, command.EscalationId)) is { } refusal) return refusal;
        var escalation = await act.Read.Of<Escalation>().SingleAsync(e => e.Id == command.EscalationId);
        return await IsRaiserAsync(act, escalation) || IsHubSide(act.Actor) ? null
            : "A disagreement is resolved by the agency that raised it and by the hub manager, both. Your agency is neither.";
    }

    public override ValueTask CheckAsync(ResolveEscalation command, Problems problems, Act act)
    {
        problems.Require(command.Words, "ResolveWords", "Say how it was resolved.");
        problems.MaxLength(command.Words, 10_000, "ResolveWords", "Your words");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(ResolveEscalation command, Act act)
    {
        if (await act.Write.FindAsync<Escalation>(command.EscalationId) is not { } escalation) return new Outcome<Nothing>.NotFound();
        if (escalation.ResolvedAt is not null) return new Outcome<Nothing>.Conflict("This disagreement is resolved already.");
        var enquiry = await act.TouchAsync(escalation.EnquiryId);
        var account = act.Actor.AccountId!.Value;
        if (await IsRaiserAsync(act, escalation))
        {
            if (escalation.ResolvedByHub == account) return new Outcome<Nothing>.Refused("You have already spoken for the hub; the agency that raised it must say so itself.");
            escalation.ResolvedByRaiser = account;
            escalation.RaiserSays = command.Words.Trim();
        }
        else
        {
            escalation.ResolvedByHub = account;
            escalation.HubSays = command.Words.Trim();
        }

        if (escalation is { ResolvedByHub: not null, ResolvedByRaiser: not null })
        {
            escalation.ResolvedAt = act.Now;
            var ladder = await act.Settings.GetAsync<EscalationSettings>("escalation");
            await act.Clocks.MeetAsync(ladder.At(escalation.Level).Rule, escalation.Id, act.Now);
        }
        else
        {
            var waitsFor = escalation.ResolvedByHub is null ? "the hub manager" : "the agency that raised it";
            act.Notify(
                "disagreement", nameof(Enquiry), enquiry.Id, $"{enquiry.Reference}: one side says the disagreement is resolved; {waitsFor} must say so too.",
                toRoles: escalation.ResolvedByHub is null ? HubSide : Roles.Researcher, toAgency: escalation.ResolvedByHub is null ? null : escalation.RaisedByAgencyId);
        }

        act.TellRoom(enquiry, "escalation", escalation.Id);
        return Nothing.Value;
    }

    private static bool IsHubSide(Viewer actor) => actor.IsHub && actor.Has(HubSide);

    /// <summary>The raising side: people of the agency. Where the hub's own agency disagrees, it is the person who did, not their colleagues.</summary>
    private static async Task<bool> IsRaiserAsync(Act act, Escalation escalation)
    {
        if (act.Actor.AgencyId != escalation.RaisedByAgencyId) return false;
        if (!act.Actor.IsHub) return true;
        var by = await act.Read.Of<DecisionPosition>().Where(p => p.Id == escalation.PositionId).Select(p => p.ByAccountId).SingleAsync();
        return by == act.Actor.AccountId;
    }
}

/// <summary>Up one step: by a person who will not wait, or by the clock. At the top it is repeated to the same people, since it never falls off.</summary>
internal sealed class ClimbEscalationHandler : Handler<ClimbEscalation, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(ClimbEscalation command, Act act) =>
        act.Actor.IsSystem ? null : await RoomActs.InRoomAsync(act, await LadderDesk.EnquiryOfAsync(act, command.EscalationId));

    public override ValueTask CheckAsync(ClimbEscalation command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "ClimbReason", "Say why it goes up now.");
        problems.MaxLength(command.Reason, 2000, "ClimbReason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(ClimbEscalation command, Act act)
    {
        if (await act.Write.FindAsync<Escalation>(command.EscalationId) is not { } escalation) return new Outcome<Nothing>.NotFound();
        if (escalation.ResolvedAt is not null) return new Outcome<Nothing>.Conflict("This disagreement is resolved already.");
        // The tick looked before this act began: someone may have climbed or settled it meanwhile.
        if (act.Actor.IsSystem && escalation.LevelDueAt > act.Now) return Nothing.Value;
        var enquiry = await act.TouchAsync(escalation.EnquiryId);
        act.About(nameof(Enquiry), enquiry.Id);
        var ladder = await act.Settings.GetAsync<EscalationSettings>("escalation");
        await act.Clocks.EndAsync(ladder.At(escalation.Level).Rule, escalation.Id, "went up a step");
        escalation.Level = Math.Min(escalation.Level + 1, ladder.Levels.Count);
        var level = ladder.At(escalation.Level);
        escalation.LevelDueAt = (await act.Clocks.DueAsync(level.Rule, act.Now)).DueAt;
        // What one side said at a lower step does not carry over: it was not resolved.
        escalation.ResolvedByHub = escalation.ResolvedByRaiser = null;
        act.Write.Add(new EscalationStep { Id = act.NewId(), EscalationId = escalation.Id, Level = escalation.Level, At = act.Now, ByAccountId = act.Actor.AccountId, Reason = command.Reason.Trim(), DueAt = escalation.LevelDueAt });
        await act.Clocks.StartAsync(level.Rule, nameof(Escalation), escalation.Id, enquiry.Id, act.Now, escalation.RaisedByAgencyId);
        await LadderDesk.NotifyAsync(act, enquiry, escalation, level);
        act.TellRoom(enquiry, "escalation", escalation.Id);
        return Nothing.Value;
    }
}
