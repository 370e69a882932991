using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>The lines wait in the enquiry; no clock stops.</summary>
internal sealed class LinesWaitInEnquiry : Listener<EnquiryOpened>
{
    public override async Task HandleAsync(EnquiryOpened happened, Act act)
    {
        if (await act.Write.FindAsync<Contact>(happened.ContactId) is { } contact)
        {
            contact.Consultation = false;
            LineDesk.Seen(act, contact);
            await LineDesk.AnswerNoticesAsync(act, contact.Id, "new-contact", "danger-now");
        }

        foreach (var id in happened.LineIds)
        {
            if (await act.Write.FindAsync<ContactLine>(id) is not { } line || line.State == LineState.Merged) continue;
            if (line.State != LineState.Waiting) await LineDesk.ReopenAsync(act, line, clockRuns: true);
            else await LineDesk.SupersedeAsync(act, line.Id);
            await act.Clocks.EndAsync("contact.consent-recall", line.Id, "an enquiry was opened");
            line.EnquiryId = happened.EnquiryId;
            line.Outcome = LineOutcome.Enquiry;
            line.RecallOn = null;
            line.RecallOwnerId = null;
            act.Live("queue", "line", line.Id, 0);
        }
    }
}

/// <summary>The room decided, or revised its decision: the lines get that outcome, and whoever raised it is to be told.</summary>
internal sealed class EnquirySettlesLines : Listener<EnquiryDecided>
{
    public override async Task HandleAsync(EnquiryDecided happened, Act act)
    {
        foreach (var id in happened.LineIds)
        {
            if (await act.Write.FindAsync<ContactLine>(id) is not { } line || line.State == LineState.Merged) continue;
            if (line.State != LineState.Waiting && line.Outcome == happened.Outcome) continue;
            await LineDesk.SupersedeAsync(act, line.Id);
            act.Write.Add(new LineDecision
            {
                Id = act.NewId(),
                LineId = line.Id,
                Outcome = happened.Outcome,
                Reason = happened.Reason,
                At = act.Now,
                ByAccountId = happened.ByAccountId,
                State = DecisionState.InForce,
            });
            await LineDesk.SettleAsync(act, line, LineState.Decided, happened.Outcome, "decided in the room");
            if (happened.Outcome == LineOutcome.AllegationAgainstProfessional)
                await act.Clocks.StartAsync("lado.contact", "ContactLine", line.Id, line.ContactId, line.ReceivedAt);
        }
    }
}

/// <summary>When the last line of a contact is settled, whoever raised it is to be told.</summary>
internal sealed class TellWhenSettled : Listener<LineSettled>
{
    public override Task HandleAsync(LineSettled happened, Act act) => TellDesk.TellWhenSettledAsync(act, happened.ContactId);
}

/// <summary>A hand-over was acknowledged: a contact has its new owner, a child's line has moved.</summary>
internal sealed class HandedOverMoves : Listener<HandedOver>
{
    public override async Task HandleAsync(HandedOver happened, Act act)
    {
        if (happened.SubjectKind == "Contact" && await act.Write.FindAsync<Contact>(happened.SubjectId) is { } contact)
        {
            contact.OwnerAccountId = happened.AccountId ?? act.Actor.AccountId;
            contact.OwnedSince = act.Now;
            await LineDesk.AnswerNoticesAsync(act, contact.Id, "off-shift", "red-unclaimed");
            act.Live("queue", "contact", contact.Id, 0);
        }

        if (happened.SubjectKind == "ContactLine" && await act.Write.FindAsync<ContactLine>(happened.SubjectId) is { State: LineState.Waiting, Outcome: { } outcome } line)
            await LineDesk.SettleAsync(act, line, LineState.Moved, outcome, "accepted by the receiver");
    }
}
