using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>"I have seen it", and where asked, "it is mine".</summary>
internal sealed class AcknowledgeContactHandler : Handler<AcknowledgeContact, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(AcknowledgeContact command, Act act) =>
        await LineDesk.MayWorkAsync(act, command.ContactId, LineDesk.AnyHub, "take a contact");

    public override async Task<Outcome<Nothing>> HandleAsync(AcknowledgeContact command, Act act)
    {
        if (await act.Write.FindAsync<Contact>(command.ContactId) is not { } contact) return new Outcome<Nothing>.NotFound();
        if (command.Claim && contact.OwnerAccountId is { } owner && owner != act.Actor.AccountId)
        {
            var name = await act.Read.Of<Account>().Where(a => a.Id == owner).Select(a => a.FullName).SingleOrDefaultAsync() ?? "someone else";
            return new Outcome<Nothing>.Conflict($"{name} has taken {contact.Reference} meanwhile. If you must take it over, give a reason on its page.");
        }

        LineDesk.Seen(act, contact);
        await LineDesk.AnswerNoticesAsync(act, contact.Id, "new-contact", "danger-now");
        if (command.Claim && contact.OwnerAccountId is null)
        {
            contact.OwnerAccountId = act.Actor.AccountId;
            contact.OwnedSince = act.Now;
            await LineDesk.AnswerNoticesAsync(act, contact.Id, "red-contact", "red-unclaimed", "off-shift");
        }

        act.Live("queue", "contact", contact.Id, 0);
        return Nothing.Value;
    }
}

/// <summary>The owner puts a contact back; anyone else of the hub takes it over. Either way with a reason, and the owner before is told.</summary>
internal sealed class ReleaseContactHandler : Handler<ReleaseContact, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(ReleaseContact command, Act act) =>
        await LineDesk.MayWorkAsync(act, command.ContactId, LineDesk.AnyHub, "put a contact back or take it over");

    public override ValueTask CheckAsync(ReleaseContact command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it changes hands.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(ReleaseContact command, Act act)
    {
        if (await act.Write.FindAsync<Contact>(command.ContactId) is not { } contact) return new Outcome<Nothing>.NotFound();
        if (contact.OwnerAccountId is not { } before)
            return new Outcome<Nothing>.Conflict($"{contact.Reference} has no owner now: take it instead.");
        act.Because(command.Reason);
        if (before == act.Actor.AccountId)
        {
            contact.OwnerAccountId = null;
            contact.OwnedSince = null;
        }
        else
        {
            contact.OwnerAccountId = act.Actor.AccountId;
            contact.OwnedSince = act.Now;
            act.Notify("taken-over", "Contact", contact.Id, $"{contact.Reference}, which was yours, was taken over.", toAccount: before);
            await LineDesk.AnswerNoticesAsync(act, contact.Id, "red-unclaimed", "off-shift");
        }

        foreach (var handOver in await act.Write.LoadAsync<HandOver>(h => h.SubjectId == contact.Id && h.ClosedAt == null))
            handOver.ClosedAt = act.Now;
        LineDesk.Seen(act, contact);
        act.Live("queue", "contact", contact.Id, 0);
        return Nothing.Value;
    }
}

/// <summary>A consultation becomes a contact: from then on it is counted, and its clocks have run since receipt.</summary>
internal sealed class TakeUpConsultationHandler : Handler<TakeUpConsultation, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(TakeUpConsultation command, Act act) =>
        await LineDesk.MayWorkAsync(act, command.ContactId, LineDesk.Raters, "take up a consultation as a contact");

    public override ValueTask CheckAsync(TakeUpConsultation command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it becomes a contact.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(TakeUpConsultation command, Act act)
    {
        if (await act.Write.FindAsync<Contact>(command.ContactId) is not { } contact) return new Outcome<Nothing>.NotFound();
        contact.Consultation = false;
        LineDesk.Seen(act, contact);
        act.Because(command.Reason);
        act.Live("queue", "contact", contact.Id, 0);
        return Nothing.Value;
    }
}
