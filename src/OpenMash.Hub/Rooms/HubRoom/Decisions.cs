using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>
/// The room's decision. Raising protection takes one person of the hub and one action, at any hour, whatever is missing. Closing or lowering asks for the quorum's views
/// and, by practice rule 14, a second person. The evidence is frozen with it, and the decision can be revised but never erased.
/// </summary>
internal sealed class DecideEnquiryHandler : Handler<DecideEnquiry, RoomDecided>
{
    public override ValueTask<string?> AuthoriseAsync(DecideEnquiry command, Act act) => Protection.Raises(command.Outcome)
        ? RoomActs.HubInRoomAsync(act, command.EnquiryId, RoomActs.HubTeam, "raise protection in a room")
        : RoomActs.HubInRoomAsync(act, command.EnquiryId, RoomActs.Deciders, "decide in a room");

    public override async ValueTask CheckAsync(DecideEnquiry command, Problems problems, Act act)
    {
        problems.Require(command.Rationale, "Rationale", "Say why this is decided.");
        problems.MaxLength(command.Rationale, 20_000, "Rationale", "The reason");
        problems.MaxLength(command.OptionsRejected, 20_000, "OptionsRejected", "The options not taken");
        if (Protection.IsOfTheFrontDoor(command.Outcome))
            problems.Add("Outcome", "This is decided for a line at the front door, not in the room.");
        if (command.ToAgencyId is { } to && !await act.Read.Of<Agency>().AnyAsync(a => a.Id == to && a.ClosedOn == null))
            problems.Add("ToAgencyId", "Choose the agency it goes to.");
        // Protection waits for no field: the record is completed afterwards.
        if (Protection.Raises(command.Outcome)) return;

        if (command.Level is < 1 or > 4) problems.Add("Level", "Choose the level of need that the decision rests on.");
        problems.Require(command.OptionsRejected, "OptionsRejected", "Say what else was thought of, and why it was not chosen.");
        if (command.SeenSequence is null) problems.Add("SeenSequence", "Open the room again before deciding, so that nothing new is missed.");
        var standing = await act.StandingDecisionAsync(command.EnquiryId);
        if (standing is { State: DecisionState.InForce })
        {
            if (command.RevisesId != standing.Id) problems.Add("RevisesId", $"Decision {standing.Number} holds. Revise it, with the reason.");
            problems.Require(command.RevisedBecause, "RevisedBecause", "Say why the decision is revised.");
            problems.MaxLength(command.RevisedBecause, 4000, "RevisedBecause", "The reason");
        }

        if (await LowersAsync(command, standing, act)) await CheckQuorumAsync(command, problems, act);
    }

    public override async Task<Outcome<RoomDecided>> HandleAsync(DecideEnquiry command, Act act)
    {
        var enquiry = await act.TouchAsync(command.EnquiryId);
        var raises = Protection.Raises(command.Outcome);
        if (!raises && command.SeenSequence != enquiry.Sequence - 1)
            return new Outcome<RoomDecided>.Conflict(await WhatIsNewAsync(act, enquiry, command.SeenSequence ?? 0));

        var standing = await act.StandingDecisionAsync(enquiry.Id);
        var second = raises ? null : await SecondNeededAsync(command, enquiry, standing, act);
        // A reason given for nothing missing would say of the decision what is not so.
        var waived = command.QuorumWaivedBecause is not null && await LowersAsync(command, standing, act) && (await DecisionDesk.MissingQuorumAsync(act.Settings, act.Read, enquiry.Id)).Count > 0;
        var number = 1 + await act.Read.Of<RoomDecision>().CountAsync(d => d.EnquiryId == enquiry.Id);
        var id = act.NewId();
        var (pieces, hash) = await Evidence.FreezeAsync(act, enquiry.Id, id);
        var revises = standing is { State: DecisionState.InForce } ? standing.Id : command.RevisesId;
        var decision = act.Write.Add(new RoomDecision
        {
            Id = id,
            EnquiryId = enquiry.Id,
            Number = number,
            Outcome = command.Outcome,
            Level = command.Level is >= 1 and <= 4 ? command.Level : 4,
            Rationale = command.Rationale.Trim(),
            OptionsRejected = command.OptionsRejected.Trim(),
            At = act.Now,
            ByAccountId = act.Actor.AccountId!.Value,
            ToAgencyId = command.ToAgencyId,
            RevisesId = revises,
            RevisedBecause = revises is null ? null : RoomActs.Tidy(command.RevisedBecause) ?? command.Rationale.Trim(),
            QuorumWaivedBecause = waived ? RoomActs.Tidy(command.QuorumWaivedBecause) : null,
            EvidenceHash = hash,
            State = second is null ? DecisionState.InForce : DecisionState.Proposed,
            SecondNeededBecause = second,
        });
        foreach (var piece in pieces) act.Write.Add(piece);
        foreach (var proposed in await act.Write.LoadAsync<RoomDecision>(d => d.EnquiryId == enquiry.Id && d.State == DecisionState.Proposed))
            proposed.State = DecisionState.Superseded;
        act.Because(command.Rationale);
        await act.CloseDraftAsync(command.DraftId, enquiry.Reference);
        if (second is null)
        {
            await DecisionDesk.BringIntoForceAsync(act, enquiry, decision);
        }
        else
        {
            act.Notify(
                "second-person", nameof(Enquiry), enquiry.Id, $"{enquiry.Reference}: a decision to close or lower waits for a second person.",
                toRoles: RoomActs.Deciders, climbsAt: act.Now + Duration.FromHours(2));
        }

        act.TellRoom(enquiry, "decision", decision.Id);
        return new RoomDecided(decision.Id, number, decision.State, second);
    }

    /// <summary>Whether a decision closes, or asks for less protection than the one it revises or than the rating it came with.</summary>
    private static async Task<bool> LowersAsync(DecideEnquiry command, RoomDecision? standing, Act act)
    {
        var closings = (await act.Settings.GetAsync<ClosingSettings>("screening")).Closings;
        if (closings.Contains(command.Outcome)) return true;
        return standing is { State: DecisionState.InForce } && Protection.Rank(command.Outcome) < Protection.Rank(standing.Outcome);
    }

    private static async Task CheckQuorumAsync(DecideEnquiry command, Problems problems, Act act)
    {
        var missing = await DecisionDesk.MissingQuorumAsync(act.Settings, act.Read, command.EnquiryId);
        if (missing.Count == 0) return;
        if (string.IsNullOrWhiteSpace(command.QuorumWaivedBecause))
        {
            problems.Add("QuorumWaivedBecause", $"To close or lower, the view of {string.Join(" and ", missing)} is needed. Ask for it; the hub manager can go on without it, with a reason that everyone sees.");
        }
        else if (!act.Actor.Has(Roles.HubManager))
        {
            problems.Add("QuorumWaivedBecause", $"Only the hub manager can close or lower without the view of {string.Join(" and ", missing)}.");
        }

        problems.MaxLength(command.QuorumWaivedBecause, 4000, "QuorumWaivedBecause", "The reason");
    }

    /// <summary>Practice rule 14, and the same for a decision that lowers one in force.</summary>
    private static async Task<string?> SecondNeededAsync(DecideEnquiry command, Enquiry enquiry, RoomDecision? standing, Act act)
    {
        if (!await LowersAsync(command, standing, act)) return null;
        var settings = await act.Settings.GetAsync<ClosingSettings>("screening");
        if (standing is { State: DecisionState.InForce } && Protection.Rank(command.Outcome) < Protection.Rank(standing.Outcome))
            return $"It asks for less protection than decision {standing.Number}, which holds.";
        var lines = await act.Read.Of<EnquiryLine>().Where(l => l.EnquiryId == enquiry.Id).Select(l => l.LineId).ToListAsync();
        var ratings = await act.Read.Of<LineRating>().Where(r => lines.Contains(r.LineId)).Select(r => r.Rating).Distinct().ToListAsync();
        if (enquiry.Rating is Rating.Red or Rating.Amber || ratings.Any(r => r is Rating.Red or Rating.Amber))
            return "A contact rated red or amber is being closed.";
        var earlier = await EarlierContactsAsync(act, enquiry.ContactId, settings.LookBackMonths);
        return earlier >= settings.EarlierContacts ? $"There were {earlier} earlier contacts about this child or household in {settings.LookBackMonths} months." : null;
    }

    private static async Task<int> EarlierContactsAsync(Act act, Guid contactId, int months)
    {
        var persons = await (
            from m in act.Read.Of<Mention>()
            join i in act.Read.Of<Identification>() on m.Id equals i.MentionId
            where m.ContactId == contactId && i.UndoneAt == null
                && (m.Role == MentionRole.Child || m.Role == MentionRole.Sibling || m.Role == MentionRole.ParentOrCarer || m.Role == MentionRole.HouseholdMember)
            select i.PersonId).Distinct().ToListAsync();
        if (persons.Count == 0) return 0;
        var all = (await act.Read.ResolveAsync(persons)).Everyone;
        var received = await act.Read.Of<Contact>().Where(c => c.Id == contactId).Select(c => c.ReceivedAt).SingleAsync();
        var since = London.StartOf(London.Date(received).PlusMonths(-months));
        return await (
            from i in act.Read.Of<Identification>()
            join m in act.Read.Of<Mention>() on i.MentionId equals m.Id
            join c in act.Read.Of<Contact>() on m.ContactId equals c.Id
            where i.UndoneAt == null && all.Contains(i.PersonId) && c.Id != contactId && c.ReceivedAt >= since && c.ReceivedAt <= received
            select c.Id).Distinct().CountAsync();
    }

    /// <summary>What came into the room since the person opened the form, in words.</summary>
    private static async Task<string> WhatIsNewAsync(Act act, Enquiry enquiry, long seen)
    {
        var news = new List<string>();
        var contributions = await act.Read.Visible<Contribution>(act.Actor).CountAsync(c => c.EnquiryId == enquiry.Id && c.Sequence > seen);
        var messages = await act.Read.Visible<RoomMessage>(act.Actor).CountAsync(m => m.EnquiryId == enquiry.Id && m.Sequence > seen);
        var views = await act.Read.Visible<AgencyView>(act.Actor, AccessLevel.Pointer).CountAsync(v => v.EnquiryId == enquiry.Id && v.Sequence > seen);
        if (contributions > 0) news.Add(contributions == 1 ? "one contribution" : $"{contributions} contributions");
        if (messages > 0) news.Add(messages == 1 ? "one message" : $"{messages} messages");
        if (views > 0) news.Add(views == 1 ? "one agency's view" : $"{views} agencies' views");
        var what = news.Count == 0 ? "something in the room changed" : "new in the room: " + string.Join(", ", news);
        return $"Not decided yet: since you opened this form, {what}. It is marked in the room. Your words are kept below; read what is new, then decide.";
    }
}

internal static class DecisionDesk
{
    /// <summary>Names of the quorum's kinds of agency whose view is not in.</summary>
    public static async Task<IReadOnlyList<string>> MissingQuorumAsync(Platform.Settings.HubSettings hubSettings, RecordReader read, Guid enquiryId)
    {
        var settings = await hubSettings.GetAsync<RoomSettings>("room");
        var inRoom = await (
            from p in read.Of<Participant>()
            join a in read.Of<Agency>() on p.AgencyId equals a.Id
            where p.EnquiryId == enquiryId && p.LeftAt == null
            select a.Kind).Distinct().ToListAsync();
        var withView = await (
            from v in read.Of<AgencyView>()
            join a in read.Of<Agency>() on v.AgencyId equals a.Id
            where v.EnquiryId == enquiryId
            select a.Kind).Distinct().ToListAsync();
        var needed = settings.Quorum.ToList();
        if (settings.EducationWhereItTakesPart && inRoom.Contains(AgencyKind.Education) && !needed.Contains(AgencyKind.Education)) needed.Add(AgencyKind.Education);
        return [.. needed.Where(k => !withView.Contains(k)).Select(NameOf)];
    }

    public static async Task BringIntoForceAsync(Act act, Enquiry enquiry, RoomDecision decision)
    {
        foreach (var earlier in await act.Write.LoadAsync<RoomDecision>(d => d.EnquiryId == enquiry.Id && d.State == DecisionState.InForce))
        {
            if (earlier.Id != decision.Id) earlier.State = DecisionState.Superseded;
        }

        foreach (var again in await act.Write.LoadAsync<LookAgain>(l => l.EnquiryId == enquiry.Id && l.SettledAt == null))
        {
            if (again.DecisionId == decision.Id) continue;
            again.SettledAt = act.Now;
            again.SettledBy = act.Actor.AccountId;
            again.Result = "revised";
            again.Reason = decision.RevisedBecause;
        }

        enquiry.State = EnquiryState.Decided;
        await NoticeDesk.CloseAsync(act, enquiry.Id, "second-person", "late-answer");
        var lines = await act.Read.Of<EnquiryLine>().Where(l => l.EnquiryId == enquiry.Id).Select(l => l.LineId).ToListAsync();
        act.Raise(new EnquiryDecided(enquiry.Id, enquiry.ContactId, lines, decision.Outcome, decision.Rationale, decision.ByAccountId, decision.RevisesId is not null));
    }

    private static string NameOf(AgencyKind kind) => kind switch
    {
        AgencyKind.ChildrensSocialCare => "children’s social care",
        AgencyKind.Police => "the police",
        AgencyKind.Health => "health",
        AgencyKind.Education => "education",
        _ => Platform.Furniture.Words.FromPropertyName(kind.ToString()).ToLowerInvariant(),
    };
}

/// <summary>The second person agrees, or does not, which leaves the enquiry open (practice rule 14).</summary>
internal sealed class SecondRoomDecisionHandler : Handler<SecondRoomDecision, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(SecondRoomDecision command, Act act)
    {
        var decision = await act.Read.Of<RoomDecision>().Where(d => d.Id == command.DecisionId).Select(d => new { d.EnquiryId, d.ByAccountId }).SingleOrDefaultAsync();
        if (await RoomActs.HubInRoomAsync(act, decision?.EnquiryId, RoomActs.Deciders, "be the second person of a decision") is { } refusal) return refusal;
        return decision!.ByAccountId == act.Actor.AccountId ? "The second person must be someone other than whoever proposed the decision." : null;
    }

    public override ValueTask CheckAsync(SecondRoomDecision command, Problems problems, Act act)
    {
        problems.Require(command.Words, "SecondWords", "Say why you agree, or why not.");
        problems.MaxLength(command.Words, 10_000, "SecondWords", "Your words");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(SecondRoomDecision command, Act act)
    {
        if (await act.Write.FindAsync<RoomDecision>(command.DecisionId) is not { } decision) return new Outcome<Nothing>.NotFound();
        if (decision.State != DecisionState.Proposed) return new Outcome<Nothing>.Conflict("This decision no longer waits for a second person.");
        var enquiry = await act.TouchAsync(decision.EnquiryId);
        decision.SecondAccountId = act.Actor.AccountId;
        decision.SecondAt = act.Now;
        decision.SecondWords = command.Words.Trim();
        decision.State = command.Agrees ? DecisionState.InForce : DecisionState.NotAgreed;
        if (command.Agrees) await DecisionDesk.BringIntoForceAsync(act, enquiry, decision);
        else act.Notify("not-agreed", nameof(Enquiry), enquiry.Id, $"{enquiry.Reference}: the second person did not agree; the enquiry stays open.", toAccount: decision.ByAccountId, climbsAt: act.Now + Duration.FromHours(2));
        act.TellRoom(enquiry, "decision", decision.Id);
        return Nothing.Value;
    }
}

/// <summary>The decision stands although something arrived later, with the reason. Changing it is a revision, which settles it too.</summary>
internal sealed class SettleLookAgainHandler : Handler<SettleLookAgain, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(SettleLookAgain command, Act act) =>
        await RoomActs.HubInRoomAsync(act, await act.Read.Of<LookAgain>().Where(l => l.Id == command.LookAgainId).Select(l => (Guid?)l.EnquiryId).SingleOrDefaultAsync(), RoomActs.Deciders, "settle a decision to look at again");

    public override ValueTask CheckAsync(SettleLookAgain command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "SettleReason", "Say why the decision stands after what arrived.");
        problems.MaxLength(command.Reason, 10_000, "SettleReason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(SettleLookAgain command, Act act)
    {
        if (await act.Write.FindAsync<LookAgain>(command.LookAgainId) is not { } again) return new Outcome<Nothing>.NotFound();
        if (again.SettledAt is not null) return new Outcome<Nothing>.Conflict($"This was settled meanwhile: {again.Result}.");
        var enquiry = await act.TouchAsync(again.EnquiryId);
        again.SettledAt = act.Now;
        again.SettledBy = act.Actor.AccountId;
        again.Result = "stands";
        again.Reason = command.Reason.Trim();
        act.Because(command.Reason);
        if (!await act.Read.Of<LookAgain>().AnyAsync(l => l.EnquiryId == enquiry.Id && l.SettledAt == null && l.Id != again.Id)) await NoticeDesk.CloseAsync(act, enquiry.Id, "late-answer");
        act.TellRoom(enquiry, "look-again", again.Id);
        return Nothing.Value;
    }
}
