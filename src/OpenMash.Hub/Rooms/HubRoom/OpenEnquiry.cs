using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>Opens an enquiry from a contact's waiting lines. It pauses no clock (practice rule 3).</summary>
internal sealed class OpenEnquiryHandler : Handler<OpenEnquiry, EnquiryOpenedResult>
{
    public override async ValueTask<string?> AuthoriseAsync(OpenEnquiry command, Act act)
    {
        if (act.NeedsHub(RoomActs.Deciders, "open an enquiry") is { } refusal) return refusal;
        if (act.Actor.IsSystem) return null;
        act.About(nameof(Contact), command.ContactId);
        var verdict = await act.Read.VerdictAsync<Contact>(act.Actor, command.ContactId);
        return verdict.Level == AccessLevel.Work ? null : verdict.Words;
    }

    public override async ValueTask CheckAsync(OpenEnquiry command, Problems problems, Act act)
    {
        problems.Require(command.Purpose, "Purpose", "Say what the agencies are asked to find out, and why.");
        problems.MaxLength(command.Purpose, 4000, "Purpose", "The purpose");
        problems.Require(command.LawfulBasis, "LawfulBasis", "Give the lawful basis for sharing.");
        problems.MaxLength(command.LawfulBasis, 2000, "LawfulBasis", "The lawful basis");
        problems.Require(command.ConsentNote, "ConsentNote", "Say whether the family's consent was sought, and why or why not.");
        problems.MaxLength(command.ConsentNote, 4000, "ConsentNote", "The note on consent");
        await CheckLinesAsync(command, problems, act);
        await CheckAgenciesAsync(command, problems, act);
    }

    public override async Task<Outcome<EnquiryOpenedResult>> HandleAsync(OpenEnquiry command, Act act)
    {
        if (!await act.Read.Of<Contact>().AnyAsync(c => c.Id == command.ContactId)) return new Outcome<EnquiryOpenedResult>.NotFound();
        var enquiry = act.Write.Add(new Enquiry
        {
            Id = act.NewId(),
            Reference = await act.NextReferenceAsync("E"),
            ContactId = command.ContactId,
            OpenedAt = act.Now,
            OpenedBy = act.Actor.AccountId ?? Guid.Empty,
            Purpose = command.Purpose.Trim(),
            LawfulBasis = command.LawfulBasis.Trim(),
            ConsentNote = command.ConsentNote.Trim(),
            Rating = command.Rating,
            ChairAccountId = act.Actor.AccountId ?? Guid.Empty,
            Sequence = 1,
        });
        act.About(nameof(Enquiry), enquiry.Id);
        foreach (var line in command.LineIds.Distinct())
            act.Write.Add(new EnquiryLine { Id = act.NewId(), EnquiryId = enquiry.Id, LineId = line });

        // The hub's own agency always takes part: it has a view of its own to record.
        var hub = act.Actor.IsHub && act.Actor.AgencyId is { } own
            ? own
            : await act.Read.Of<Agency>().Where(a => a.IsHub && a.ClosedOn == null).OrderBy(a => a.Id).Select(a => a.Id).FirstAsync();
        foreach (var agency in command.AgencyIds.Concat(command.Checks.Select(c => c.AgencyId)).Prepend(hub).Distinct())
            act.Write.Add(new Participant { Id = act.NewId(), EnquiryId = enquiry.Id, AgencyId = agency, JoinedAt = act.Now, AddedBy = enquiry.OpenedBy });
        foreach (var check in command.Checks)
            await CheckDesk.AskAsync(act, enquiry, check.AgencyId, check.Question.Trim(), enquiry.Purpose, enquiry.LawfulBasis);

        act.TellRoom(enquiry, "enquiry", enquiry.Id);
        act.Raise(new EnquiryOpened(enquiry.Id, enquiry.ContactId, [.. command.LineIds.Distinct()]));
        return new EnquiryOpenedResult(enquiry.Id, enquiry.Reference);
    }

    private static async Task CheckLinesAsync(OpenEnquiry command, Problems problems, Act act)
    {
        if (command.LineIds.Count == 0)
        {
            problems.Add("LineIds", "Choose at least one child's line.");
            return;
        }

        var ids = command.LineIds.Distinct().ToArray();
        var lines = await act.Read.Of<ContactLine>().Where(l => ids.Contains(l.Id)).ToListAsync();
        if (lines.Count != ids.Length || lines.Any(l => l.ContactId != command.ContactId))
            problems.Add("LineIds", "A line chosen does not belong to this contact. Open the contact again.");
        foreach (var line in lines.Where(l => l.State != LineState.Waiting))
            problems.Add("LineIds", $"Line {line.Number} is no longer waiting: it is {line.State.ToString().ToLowerInvariant()}.");
        var open = await (
            from l in act.Read.Of<EnquiryLine>()
            join e in act.Read.Of<Enquiry>() on l.EnquiryId equals e.Id
            where ids.Contains(l.LineId) && e.State == EnquiryState.Open
            select e.Reference).Distinct().ToListAsync();
        foreach (var reference in open)
            problems.Add("LineIds", $"A line chosen is already being looked at in {reference}.");
    }

    private static async Task CheckAgenciesAsync(OpenEnquiry command, Problems problems, Act act)
    {
        var asked = command.Checks.Select(c => c.AgencyId).ToArray();
        if (asked.Length != asked.Distinct().Count()) problems.Add("Checks", "Ask each agency once; further questions can be asked in the room.");
        foreach (var check in command.Checks.Where(c => string.IsNullOrWhiteSpace(c.Question)))
            problems.Add("Checks", "Say exactly what is asked of each agency.");
        foreach (var check in command.Checks) problems.MaxLength(check.Question, 4000, "Checks", "A question");
        var all = command.AgencyIds.Concat(asked).Distinct().ToArray();
        var known = await act.Read.Of<Agency>().Where(a => all.Contains(a.Id) && a.ClosedOn == null).Select(a => new { a.Id, a.Name, a.AnswersChecks }).ToListAsync();
        if (known.Count != all.Length) problems.Add("AgencyIds", "An agency chosen does not exist or has closed.");
        foreach (var silent in known.Where(a => !a.AnswersChecks && asked.Contains(a.Id)))
            problems.Add("Checks", $"{silent.Name} does not answer checks. It can take part without being asked for one.");
    }
}

/// <summary>Brings another agency in. From then on it sees what is marked for every agency.</summary>
internal sealed class AddParticipantHandler : Handler<AddParticipant, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(AddParticipant command, Act act) => RoomActs.HubInRoomAsync(act, command.EnquiryId, RoomActs.HubTeam, "bring an agency into a room");

    public override async ValueTask CheckAsync(AddParticipant command, Problems problems, Act act)
    {
        if (!await act.Read.Of<Agency>().AnyAsync(a => a.Id == command.AgencyId && a.ClosedOn == null)) problems.Add("AgencyId", "Choose an agency.");
        if (await act.Read.Of<Participant>().AnyAsync(p => p.EnquiryId == command.EnquiryId && p.AgencyId == command.AgencyId && p.LeftAt == null))
            problems.Add("AgencyId", "This agency already takes part.");
    }

    public override async Task<Outcome<Nothing>> HandleAsync(AddParticipant command, Act act)
    {
        var enquiry = await act.TouchAsync(command.EnquiryId);
        await ParticipantDesk.EnsureAsync(act, enquiry, command.AgencyId);
        return Nothing.Value;
    }
}

internal static class ParticipantDesk
{
    public static async Task EnsureAsync(Act act, Enquiry enquiry, Guid agencyId)
    {
        if (await act.Read.Of<Participant>().AnyAsync(p => p.EnquiryId == enquiry.Id && p.AgencyId == agencyId && p.LeftAt == null)) return;
        var row = act.Write.Add(new Participant { Id = act.NewId(), EnquiryId = enquiry.Id, AgencyId = agencyId, JoinedAt = act.Now, AddedBy = act.Actor.AccountId ?? Guid.Empty });
        act.Notify("room-joined", nameof(Enquiry), enquiry.Id, $"{enquiry.Reference}: your agency was asked into this room.", toRoles: Roles.Researcher, toAgency: agencyId);
        act.TellRoom(enquiry, "participant", row.Id);
    }
}
