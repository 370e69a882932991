using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>
/// Decides a child's line. Raising protection takes one person and one action and never waits, not even for words: they are asked for afterwards. Everything else
/// needs a reason and the line as the person saw it; closing may need a second person and is then a proposal while the clock runs.
/// </summary>
internal sealed class DecideLineHandler : Handler<DecideLine, LineDecided>
{
    private const string ReasonToFollow = "Raised at once; the reason is to be recorded.";

    public override async ValueTask<string?> AuthoriseAsync(DecideLine command, Act act)
    {
        var contact = await LineDesk.ContactOfAsync(act, command.LineId);
        return LineDesk.Raises(command.Outcome)
            ? await LineDesk.MayWorkAsync(act, contact, LineDesk.AnyHub, "raise protection", AccessLevel.Pointer)
            : await LineDesk.MayWorkAsync(act, contact, LineDesk.Raters, "decide a contact");
    }

    public override async ValueTask CheckAsync(DecideLine command, Problems problems, Act act)
    {
        problems.MaxLength(command.Reason, 20_000, "Reason", "The reason");
        if (LineDesk.Raises(command.Outcome)) return;

        problems.Require(command.Reason, "Reason", "Give the reason for this outcome.");
        if (command.SeenVersion is null) problems.Add("SeenVersion", "Decide from the contact as you see it: open it again and decide there.");
        switch (command.Outcome)
        {
            case LineOutcome.Enquiry:
                problems.Add("Outcome", "An enquiry is opened in the room, with its purpose and the agencies that are asked; the line then waits in it.");
                break;
            case LineOutcome.ReturnForConsent:
                await CheckConsentAsync(command, problems, act);
                break;
            case LineOutcome.AllocatedWorker when command.ToAccountId is null && string.IsNullOrWhiteSpace(command.ToTeam):
                problems.Add("ToTeam", "Name the worker or the team it goes to.");
                break;
            case LineOutcome.AnotherAuthority when command.ToAgencyId is null && string.IsNullOrWhiteSpace(command.ToTeam):
                problems.Add("ToTeam", "Name the authority it goes to.");
                break;
            default:
                break;
        }
    }

    public override async Task<Outcome<LineDecided>> HandleAsync(DecideLine command, Act act)
    {
        if (await act.Write.FindAsync<ContactLine>(command.LineId) is not { } line) return new Outcome<LineDecided>.NotFound();
        var contact = (await act.Write.FindAsync<Contact>(line.ContactId))!;
        var raises = LineDesk.Raises(command.Outcome);
        if (!raises)
        {
            if (line.Version != command.SeenVersion)
                return new Outcome<LineDecided>.Conflict($"Child {line.Number} of {contact.Reference} was changed by someone else after you opened it. Your words are kept below; read what changed and decide again.");
            if (line.State == LineState.Merged)
                return new Outcome<LineDecided>.Conflict("This report was merged into another: decide there.");
            if (contact.Consultation)
                return new Outcome<LineDecided>.Invalid([new Problem("Outcome", "This is a consultation without names. Take it up as a contact first, or leave it as it is.")]);
            if (line.EnquiryId is not null && line.Outcome == LineOutcome.Enquiry)
                return new Outcome<LineDecided>.Invalid([new Problem("Outcome", "This child is being looked at in an enquiry: the room decides. Red, a strategy discussion and immediate protection can be raised here at any time.")]);
        }

        if (!raises && await ClosingProblemAsync(command, contact, line, act) is { } problem) return new Outcome<LineDecided>.Invalid([problem]);
        var second = raises ? null : await SecondPerson.NeededAsync(act, contact, line, command.Outcome);
        if (line.State != LineState.Waiting) await LineDesk.ReopenAsync(act, line, clockRuns: second is not null || LineDesk.SendsOn(command.Outcome) || command.Outcome == LineOutcome.ReturnForConsent);
        else await LineDesk.SupersedeAsync(act, line.Id);

        var reason = string.IsNullOrWhiteSpace(command.Reason) ? ReasonToFollow : command.Reason.Trim();
        var recallOn = command.Outcome == LineOutcome.ReturnForConsent
            ? command.RecallOn ?? London.Date((await act.Clocks.DueAsync("contact.consent-recall", act.Now)).DueAt)
            : (LocalDate?)null;
        var decision = act.Write.Add(new LineDecision
        {
            Id = act.NewId(),
            LineId = line.Id,
            Outcome = command.Outcome,
            Reason = reason,
            At = act.Now,
            ByAccountId = act.Actor.AccountId ?? Guid.Empty,
            State = second is null ? DecisionState.InForce : DecisionState.Proposed,
            SecondNeededBecause = second,
            ToAgencyId = command.ToAgencyId,
            ToTeam = command.ToTeam,
            RecallOn = recallOn,
        });
        act.Because(reason);
        contact.Consultation = false;
        LineDesk.Seen(act, contact);
        await LineDesk.AnswerNoticesAsync(act, contact.Id, "new-contact", "danger-now", "consent-recall");
        act.Live("queue", "line", line.Id, 0);

        if (second is not null)
        {
            line.Outcome = null;
            // Whoever has the contact open meanwhile must see this proposal before deciding otherwise.
            act.Write.Touch(line);
            act.Notify("second-person", "Contact", contact.Id, $"{contact.Reference}: a closing waits for a second person.", toRoles: Roles.HubManager, climbsAt: act.Now + Duration.FromMinutes(60));
            return new LineDecided(decision.Id, DecisionState.Proposed, second);
        }

        if (command.Outcome == LineOutcome.ReturnForConsent) await ReturnForConsentAsync(contact, line, recallOn!.Value, act);
        else if (LineDesk.SendsOn(command.Outcome)) SendOn(command, contact, line, act);
        else await SettleAsync(command, contact, line, reason, act);
        return new LineDecided(decision.Id, DecisionState.InForce, null);
    }

    private static async Task CheckConsentAsync(DecideLine command, Problems problems, Act act)
    {
        var found = await (
            from l in act.Read.Of<ContactLine>()
            join c in act.Read.Of<Contact>() on l.ContactId equals c.Id
            where l.Id == command.LineId
            select new { c.SignificantHarmAlleged, c.InDangerNow, l.Rating }).SingleOrDefaultAsync();
        if (found is null) return;
        if (found.SignificantHarmAlleged) problems.Add("Outcome", "Significant harm is alleged: this is not returned for consent. Consent is not needed to protect a child.");
        else if (found.InDangerNow || found.Rating == Rating.Red) problems.Add("Outcome", "Someone may be in danger now: this is not returned for consent.");
        if (command.AskingAddsRisk) problems.Add("Outcome", "Asking the family could put someone at risk: this is not returned for consent.");
        if (command.RecallOn is { } recall && recall <= act.Today) problems.Add("RecallOn", "The recall date must lie after today.");
        if (command.RecallOn is { } far && far > act.Today.PlusDays(28)) problems.Add("RecallOn", "The recall date must lie within four weeks.");
    }

    /// <summary>Closing needs a first rating: without one nobody has looked at the urgency, and the rule of the second person could be gone round.</summary>
    private static async Task<Problem?> ClosingProblemAsync(DecideLine command, Contact contact, ContactLine line, Act act)
    {
        var settings = await act.Settings.GetAsync<ScreeningSettings>("screening", contact.ReceivedOn);
        return settings.Closings.Contains(command.Outcome) && line.Rating is null ? new Problem("Outcome", "Rate this child before you close: nobody has looked at the urgency yet.") : null;
    }

    /// <summary>Open, with an owner and a date; counted as waiting; its statutory clock runs on.</summary>
    private static async Task ReturnForConsentAsync(Contact contact, ContactLine line, LocalDate recallOn, Act act)
    {
        line.Outcome = LineOutcome.ReturnForConsent;
        line.RecallOn = recallOn;
        line.RecallOwnerId = act.Actor.AccountId;
        await act.Clocks.StartAsync("contact.consent-recall", "ContactLine", line.Id, contact.Id, act.Now);
        await TellDesk.AskForConsentAsync(act, contact, recallOn);
    }

    /// <summary>Waits until the receiver accepts: the sender owns it and the clock runs (practice rule 5).</summary>
    private static void SendOn(DecideLine command, Contact contact, ContactLine line, Act act)
    {
        line.Outcome = command.Outcome;
        contact.OwnerAccountId ??= act.Actor.AccountId;
        contact.OwnedSince ??= act.Now;
        var handOver = act.Write.Add(new HandOver
        {
            Id = act.NewId(),
            SubjectKind = "ContactLine",
            SubjectId = line.Id,
            FromAccountId = act.Actor.AccountId ?? Guid.Empty,
            ToAccountId = command.ToAccountId,
            ToAgencyId = command.ToAgencyId,
            ToTeam = command.ToTeam,
            Reason = command.Reason.Trim(),
            At = act.Now,
        });
        act.Notify(
            "hand-over",
            "HandOver",
            handOver.Id,
            $"{contact.Reference}: a child is handed over and waits to be acknowledged.",
            toAccount: command.ToAccountId,
            toRoles: command.ToAccountId is null && command.ToAgencyId is null ? Roles.HubManager : Roles.None,
            toAgency: command.ToAgencyId,
            climbsAt: act.Now + Duration.FromMinutes(60));
    }

    private static async Task SettleAsync(DecideLine command, Contact contact, ContactLine line, string reason, Act act)
    {
        await LineDesk.SettleAsync(act, line, LineState.Decided, command.Outcome, "decided");
        switch (command.Outcome)
        {
            case LineOutcome.AllegationAgainstProfessional:
                await act.Clocks.StartAsync("lado.contact", "ContactLine", line.Id, contact.Id, contact.ReceivedAt);
                act.Notify("allegation", "Contact", contact.Id, $"{contact.Reference}: an allegation against a person who works with children.", toRoles: Roles.DesignatedOfficer, climbsAt: act.Now + Duration.FromMinutes(120));
                act.Raise(new AllegationMade(contact.Id, line.Id, command.ImplicatedAccountIds, command.ImplicatedAgencyId, act.Actor.AccountId ?? Guid.Empty));
                break;
            case LineOutcome.ImmediateProtection or LineOutcome.StrategyDiscussion:
                act.Notify("protection", "Contact", contact.Id, $"{contact.Reference}: protection was raised.", toRoles: Roles.HubManager | Roles.DutyTeam, climbsAt: act.Now + Duration.FromMinutes(20));
                if (reason == ReasonToFollow)
                    act.Notify("reason-to-follow", "Contact", contact.Id, $"{contact.Reference}: record the reason for raising protection.", toAccount: act.Actor.AccountId);
                break;
            default:
                break;
        }
    }
}

/// <summary>The second person agrees to a closing or does not; nobody is their own second person.</summary>
internal sealed class SecondDecisionHandler : Handler<SecondDecision, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(SecondDecision command, Act act)
    {
        var found = await (
            from d in act.Read.Of<LineDecision>()
            join l in act.Read.Of<ContactLine>() on d.LineId equals l.Id
            where d.Id == command.DecisionId
            select new { d.ByAccountId, l.ContactId }).SingleOrDefaultAsync();
        if (await LineDesk.MayWorkAsync(act, found?.ContactId, await SecondPerson.RolesAsync(act), "be the second person for a closing") is { } refusal) return refusal;
        return found is not null && found.ByAccountId == act.Actor.AccountId ? "You proposed this closing: the second person must be somebody else." : null;
    }

    public override ValueTask CheckAsync(SecondDecision command, Problems problems, Act act)
    {
        problems.Require(command.Words, "Words", command.Agrees ? "Say in your own words why you agree." : "Say in your own words why you do not agree.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(SecondDecision command, Act act)
    {
        if (await act.Write.FindAsync<LineDecision>(command.DecisionId) is not { } decision) return new Outcome<Nothing>.NotFound();
        if (decision.State != DecisionState.Proposed) return new Outcome<Nothing>.Conflict("This proposal is no longer open: it was answered, or something changed about the child.");
        var line = (await act.Write.FindAsync<ContactLine>(decision.LineId))!;
        var contact = (await act.Write.FindAsync<Contact>(line.ContactId))!;
        decision.SecondAccountId = act.Actor.AccountId;
        decision.SecondAt = act.Now;
        decision.SecondWords = command.Words.Trim();
        act.Because(command.Words);
        await LineDesk.AnswerNoticesAsync(act, contact.Id, "second-person");
        if (command.Agrees)
        {
            decision.State = DecisionState.InForce;
            await LineDesk.SettleAsync(act, line, LineState.Decided, decision.Outcome, "decided");
        }
        else
        {
            decision.State = DecisionState.NotAgreed;
            act.Notify("not-agreed", "Contact", contact.Id, $"{contact.Reference}: the second person did not agree to the closing.", toAccount: decision.ByAccountId);
        }

        act.Live("queue", "line", line.Id, 0);
        return Nothing.Value;
    }
}

/// <summary>The designated officer takes note of an allegation; that meets the one-working-day clock.</summary>
internal sealed class AcknowledgeAllegationHandler : Handler<AcknowledgeAllegation, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(AcknowledgeAllegation command, Act act) =>
        await LineDesk.MayWorkAsync(act, await LineDesk.ContactOfAsync(act, command.LineId), Roles.DesignatedOfficer, "acknowledge an allegation", AccessLevel.Read);

    public override ValueTask CheckAsync(AcknowledgeAllegation command, Problems problems, Act act)
    {
        problems.Require(command.Words, "Words", "Say what happens next.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(AcknowledgeAllegation command, Act act)
    {
        if (await LineDesk.ContactOfAsync(act, command.LineId) is not { } contactId) return new Outcome<Nothing>.NotFound();
        act.Because(command.Words);
        await act.Clocks.MeetAsync("lado.contact", command.LineId, act.Now);
        await LineDesk.AnswerNoticesAsync(act, contactId, "allegation");
        return Nothing.Value;
    }
}
