using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed class DeclareConflictHandler(RoomCatalogue rooms) : Handler<DeclareConflict, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(DeclareConflict command, Act act) =>
        ValueTask.FromResult(act.Actor.Kind == ViewerKind.Person && act.Actor.Roles != Roles.None ? null : "A conflict of interest is declared by a signed-in person with a membership.");

    public override async ValueTask CheckAsync(DeclareConflict command, Problems problems, Act act)
    {
        problems.Require(command.Note, "Note", "Say in a few words how you are connected. Your manager reads it.");
        problems.MaxLength(command.Note, 2000, "Note", "What you say");
        var subject = await Subjects.FindAsync(act.Read, command.SubjectKind, command.SubjectId);
        if (subject is null || !await Subjects.IsKnownToAsync(act.Read, rooms, subject, act.Actor))
            problems.Add("Reference", "There is no contact, enquiry or person with this reference that you could open. Check it, or tell the duty manager.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(DeclareConflict command, Act act)
    {
        var account = act.Actor.AccountId!.Value;
        var kind = Subjects.Kind(command.SubjectKind)!;
        act.About(kind, command.SubjectId);
        if (await act.Read.Of<ConflictOfInterest>().FirstOrDefaultAsync(c => c.AccountId == account && c.SubjectId == command.SubjectId && c.EndedAt == null) is { } known) return known.Id;
        ConflictOfInterest Over(Guid id) => act.Write.Add(new ConflictOfInterest
        {
            Id = act.NewId(),
            AccountId = account,
            SubjectKind = kind,
            SubjectId = id,
            Basis = ConflictBasis.SelfDeclared,
            Note = command.Note.Trim(),
            At = act.Now,
        });
        var conflict = Over(command.SubjectId);
        // As with seals: whoever is shut out of a person is shut out of every identity that a merge has joined.
        if (kind == "Person")
        {
            foreach (var joined in (await act.Read.IdentitiesAsync(command.SubjectId)).Where(p => p != command.SubjectId)) Over(joined);
        }

        var subject = (await Subjects.FindAsync(act.Read, kind, command.SubjectId))!;
        act.Because(command.Note);
        act.Notify("conflict", "ConflictOfInterest", conflict.Id, $"A conflict of interest was declared for {subject.Words}: whoever declared it is shut out. If they were working on it, it needs someone else.", toRoles: Roles.HubManager);
        act.Live($"account:{account}", "access", account, 0);
        return conflict.Id;
    }
}

internal sealed class EndConflictHandler : Handler<EndConflict, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(EndConflict command, Act act) =>
        ValueTask.FromResult(act.Needs(Roles.HubManager | Roles.InformationGovernance, "end a conflict of interest"));

    public override ValueTask CheckAsync(EndConflict command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it no longer stands.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(EndConflict command, Act act)
    {
        if (await act.Write.FindAsync<ConflictOfInterest>(command.ConflictId) is not { } conflict) return new Outcome<Nothing>.NotFound();
        act.About(conflict.SubjectKind, conflict.SubjectId);
        if (conflict.AccountId == act.Actor.AccountId) return new Outcome<Nothing>.Refused("This is your own conflict of interest. Someone else has to end it.");
        if (conflict.EndedAt is not null) return new Outcome<Nothing>.Conflict("Someone else has ended it meanwhile.");
        conflict.EndedAt = act.Now;
        act.Because(command.Reason);
        return Nothing.Value;
    }
}
