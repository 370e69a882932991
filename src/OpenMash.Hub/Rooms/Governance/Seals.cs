using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>Who seals: the manager, information governance, and the designated officer (allegations are sealed from the person and their line).</summary>
internal static class Sealing
{
    public const Roles By = Roles.HubManager | Roles.InformationGovernance | Roles.DesignatedOfficer;
}

internal sealed class SealSubjectHandler : Handler<SealSubject, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(SealSubject command, Act act) => ValueTask.FromResult(act.Needs(Sealing.By, "seal a record"));

    public override async ValueTask CheckAsync(SealSubject command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it is sealed. The reason itself is shown only to those cleared.");
        problems.MaxLength(command.Reason, 2000, "Reason", "The reason");
        if (command.ReviewOn <= act.Today) problems.Add("ReviewOn", "The day on which the seal is looked at again must lie ahead.");
        if (command.ReviewOn > act.Today.PlusYears(1)) problems.Add("ReviewOn", "A seal is looked at again within a year.");
        if (await Subjects.FindAsync(act.Read, command.SubjectKind, command.SubjectId) is null)
            problems.Add("Reference", "There is no contact, enquiry or person with this reference.");
        else if (await act.Read.Of<Seal>().AnyAsync(s => s.SubjectId == command.SubjectId && s.EndedAt == null))
            problems.Add("Reference", "It is sealed already. Clear more people for that seal, or end it first.");
        foreach (var account in command.Cleared.Distinct())
            if (!await act.Read.Of<Account>().AnyAsync(a => a.Id == account && a.ClosedAt == null)) problems.Add("Cleared", "One of those chosen has no open account.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(SealSubject command, Act act)
    {
        if (act.Actor.AccountId is not { } by) return new Outcome<Guid>.Refused("A seal is placed by a person.");
        var kind = Subjects.Kind(command.SubjectKind)!;
        var seal = Place(command, act, kind, command.SubjectId, by);
        if (kind == "Person")
        {
            // References keep the identity they were made to: what a merge has joined is sealed with it, or half the child's record would stay open.
            var joined = (await act.Read.IdentitiesAsync(command.SubjectId)).Where(p => p != command.SubjectId).ToArray();
            var already = await act.Read.Of<Seal>().Where(s => s.EndedAt == null && joined.Contains(s.SubjectId)).Select(s => s.SubjectId).ToListAsync();
            foreach (var other in joined.Except(already)) Place(command, act, kind, other, by);
        }

        act.About(kind, command.SubjectId);
        act.Because(command.Reason);
        return seal;
    }

    private static Guid Place(SealSubject command, Act act, string kind, Guid subject, Guid by)
    {
        var seal = act.Write.Add(new Seal
        {
            Id = act.NewId(),
            SubjectKind = kind,
            SubjectId = subject,
            Reason = command.Reason.Trim(),
            SecretExistence = command.SecretExistence,
            At = act.Now,
            ByAccountId = by,
            ReviewOn = command.ReviewOn,
        });
        foreach (var account in command.Cleared.Append(by).Distinct())
            act.Write.Add(new Clearance { Id = act.NewId(), SealId = seal.Id, SubjectId = subject, AccountId = account, At = act.Now, ByAccountId = by });
        act.Raise(new SealChanged(kind, subject));
        // Whoever has it open fetches again and is told that it is sealed.
        act.Live($"{kind.ToLowerInvariant()}:{subject}", "sealed", subject, 0);
        return seal.Id;
    }
}

internal sealed class ClearPersonHandler : Handler<ClearPerson, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(ClearPerson command, Act act) => ValueTask.FromResult(act.Needs(Sealing.By, "clear someone for a sealed record"));

    public override async ValueTask CheckAsync(ClearPerson command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why this person needs it.");
        if (!await act.Read.Of<Account>().AnyAsync(a => a.Id == command.AccountId && a.ClosedAt == null)) problems.Add("AccountId", "Choose a person with an open account.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(ClearPerson command, Act act)
    {
        var seal = await act.Read.Of<Seal>().SingleOrDefaultAsync(s => s.Id == command.SealId && s.EndedAt == null);
        if (seal is null || act.Actor.AccountId is not { } by) return new Outcome<Guid>.NotFound();
        if (!await MayAsync(act, seal)) return new Outcome<Guid>.NotFound();
        if (await act.Read.Of<ConflictOfInterest>().AnyAsync(c => c.AccountId == command.AccountId && c.SubjectId == seal.SubjectId && c.EndedAt == null))
            return new Outcome<Guid>.Refused("This person has a recorded conflict of interest with it and cannot be cleared while that stands.");
        var known = await act.Read.Of<Clearance>().SingleOrDefaultAsync(c => c.SealId == seal.Id && c.AccountId == command.AccountId && c.EndedAt == null);
        if (known is not null) return known.Id;
        var clearance = act.Write.Add(new Clearance { Id = act.NewId(), SealId = seal.Id, SubjectId = seal.SubjectId, AccountId = command.AccountId, At = act.Now, ByAccountId = by });
        act.About(seal.SubjectKind, seal.SubjectId);
        act.Because(command.Reason);
        return clearance.Id;
    }

    /// <summary>Who is not cleared themselves cannot clear others, save information governance, which keeps the list.</summary>
    internal static async Task<bool> MayAsync(Act act, Seal seal) =>
        act.Actor.Has(Roles.InformationGovernance)
        || await act.Read.Of<Clearance>().AnyAsync(c => c.SealId == seal.Id && c.AccountId == act.Actor.AccountId && c.EndedAt == null);
}

internal sealed class EndClearanceHandler : Handler<EndClearance, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(EndClearance command, Act act) => ValueTask.FromResult(act.Needs(Sealing.By, "end a clearance"));

    public override ValueTask CheckAsync(EndClearance command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it ends.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(EndClearance command, Act act)
    {
        if (await act.Write.FindAsync<Clearance>(command.ClearanceId) is not { } clearance) return new Outcome<Nothing>.NotFound();
        var seal = await act.Read.Of<Seal>().SingleAsync(s => s.Id == clearance.SealId);
        if (!await ClearPersonHandler.MayAsync(act, seal)) return new Outcome<Nothing>.NotFound();
        clearance.EndedAt ??= act.Now;
        act.About(seal.SubjectKind, seal.SubjectId);
        act.Because(command.Reason);
        act.Live($"account:{clearance.AccountId}", "access", clearance.AccountId, 0);
        return Nothing.Value;
    }
}

internal sealed class EndSealHandler : Handler<EndSeal, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(EndSeal command, Act act) => ValueTask.FromResult(act.Needs(Sealing.By, "end a seal"));

    public override ValueTask CheckAsync(EndSeal command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why the seal ends.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(EndSeal command, Act act)
    {
        if (await act.Write.FindAsync<Seal>(command.SealId) is not { } seal) return new Outcome<Nothing>.NotFound();
        if (!await ClearPersonHandler.MayAsync(act, seal)) return new Outcome<Nothing>.NotFound();
        if (seal.EndedAt is not null) return new Outcome<Nothing>.Conflict("Someone else has ended this seal meanwhile.");
        seal.EndedAt = act.Now;
        seal.EndedBy = act.Actor.AccountId;
        seal.EndedReason = command.Reason.Trim();
        act.About(seal.SubjectKind, seal.SubjectId);
        act.Because(command.Reason);
        act.Raise(new SealChanged(seal.SubjectKind, seal.SubjectId));
        return Nothing.Value;
    }
}
