using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>A person spoke to whoever raised it, or could not.</summary>
internal sealed class RecordTellingHandler : Handler<RecordTelling, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(RecordTelling command, Act act) =>
        await LineDesk.MayWorkAsync(act, await act.Read.Of<Telling>().Where(t => t.Id == command.TellingId).Select(t => (Guid?)t.ContactId).SingleOrDefaultAsync(), LineDesk.AnyHub, "record that a referrer was told");

    public override ValueTask CheckAsync(RecordTelling command, Problems problems, Act act)
    {
        if (!command.Spoken) problems.Require(command.Note, "Note", "Say what was tried and what stands in the way.");
        problems.MaxLength(command.Note, 2000, "Note", "The note");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(RecordTelling command, Act act)
    {
        if (await act.Write.FindAsync<Telling>(command.TellingId) is not { } telling) return new Outcome<Nothing>.NotFound();
        if (telling.State == TellingState.Told) return new Outcome<Nothing>.Conflict("They have been told already.");
        if (command.Spoken && telling.Kind != "acknowledgement" && await TellDesk.EmbargoedUntilAsync(act.Read, telling.ContactId, act.Now) is { } until)
            return new Outcome<Nothing>.Refused($"An embargo on telling holds until {RelativeTime.Full(until)}. Nobody is told before; ask the duty manager.");

        telling.Attempts++;
        telling.Channel = command.Channel;
        telling.Note = string.IsNullOrWhiteSpace(command.Note) ? telling.Note : command.Note.Trim();
        if (command.Spoken) await ToldAsync(act, telling);
        else telling.State = TellingState.Failed;
        act.Live("queue", "telling", telling.Id, 0);
        return Nothing.Value;
    }

    internal static async Task ToldAsync(Act act, Telling telling)
    {
        telling.State = TellingState.Told;
        telling.ToldAt = act.Now;
        telling.ToldBy = act.Actor.AccountId;
        if (telling.Kind != "outcome") return;
        await act.Clocks.MeetAsync(TellDesk.Rule, telling.ContactId, act.Now);
        await LineDesk.AnswerNoticesAsync(act, telling.ContactId, "not-told");
    }
}

/// <summary>What became of a message, as the sender found out. Failure brings it back into the list, visibly.</summary>
internal sealed class ReportDeliveryHandler : Handler<ReportDelivery, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(ReportDelivery command, Act act) =>
        ValueTask.FromResult(act.Actor.IsSystem ? null : "The hub's own sender reports deliveries.");

    public override async Task<Outcome<Nothing>> HandleAsync(ReportDelivery command, Act act)
    {
        if (await act.Write.FindAsync<Telling>(command.TellingId) is not { } telling) return new Outcome<Nothing>.NotFound();
        act.About("Contact", telling.ContactId);
        if (telling.State is TellingState.Told or TellingState.NotTold) return Nothing.Value;
        telling.Note = command.Note;
        switch (command.State)
        {
            case TellingState.Due:
                break;
            case TellingState.Sent:
                telling.Attempts++;
                telling.SentAt ??= act.Now;
                telling.State = TellingState.Sent;
                break;
            case TellingState.Told:
                telling.SentAt ??= act.Now;
                await RecordTellingHandler.ToldAsync(act, telling);
                break;
            case TellingState.Failed:
                telling.State = TellingState.Failed;
                var reference = await act.Read.Of<Contact>().Where(c => c.Id == telling.ContactId).Select(c => c.Reference).SingleAsync();
                act.Notify("not-told", "Contact", telling.ContactId, $"{reference}: a message to whoever raised it could not be delivered.", toRoles: LineDesk.AnyHub, climbsAt: act.Now + Duration.FromHours(4));
                break;
            default:
                return new Outcome<Nothing>.Invalid([new Problem("State", "A sender reports sent, told or failed.")]);
        }

        act.Live("queue", "telling", telling.Id, 0);
        return Nothing.Value;
    }
}

/// <summary>Opening one's own reports in the hub is being told, where nothing forbids it.</summary>
internal sealed class OpenMyReportsHandler : Handler<OpenMyReports, int>
{
    public override ValueTask<string?> AuthoriseAsync(OpenMyReports command, Act act) =>
        ValueTask.FromResult(act.Actor.Kind == ViewerKind.Person && act.Actor.Roles != Roles.None ? null : "To see your reports you need a membership of an agency that holds today.");

    public override async Task<Outcome<int>> HandleAsync(OpenMyReports command, Act act)
    {
        var told = 0;
        foreach (var id in command.TellingIds.Take(500))
        {
            if (await act.Write.FindAsync<Telling>(id) is not { State: TellingState.Due or TellingState.Sent or TellingState.Failed } telling) continue;
            var verdict = await act.Read.VerdictAsync<Contact>(act.Actor, telling.ContactId);
            if (verdict.Level != AccessLevel.Part || verdict.Reason is not (AccessReason.YouReported or AccessReason.YourAgencyReported)) continue;
            if (telling.Kind != "acknowledgement" && await TellDesk.EmbargoedUntilAsync(act.Read, telling.ContactId, act.Now) is not null) continue;
            telling.Channel = TellingChannel.InHub;
            await RecordTellingHandler.ToldAsync(act, telling);
            told++;
        }

        return told;
    }
}
