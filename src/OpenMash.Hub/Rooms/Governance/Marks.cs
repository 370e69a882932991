using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed class PlaceEmbargoHandler : Handler<PlaceEmbargo, Guid>
{
    public const Roles By = Roles.HubManager | Roles.InformationGovernance | Roles.DesignatedOfficer;

    private static readonly Duration Longest = Duration.FromDays(92);

    public override ValueTask<string?> AuthoriseAsync(PlaceEmbargo command, Act act) => ValueTask.FromResult(act.Needs(By, "forbid telling"));

    public override async ValueTask CheckAsync(PlaceEmbargo command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why nobody may be told yet.");
        problems.MaxLength(command.Reason, 2000, "Reason", "The reason");
        if (command.ExpiresAt <= act.Now) problems.Add("ExpiresAt", "The end must lie ahead.");
        else if (command.ExpiresAt > act.Now + Longest) problems.Add("ExpiresAt", "An embargo ends within three months; place another then if it is still needed.");
        if (await Subjects.FindAsync(act.Read, command.SubjectKind, command.SubjectId) is null) problems.Add("Reference", "There is no contact, enquiry or person with this reference.");
    }

    public override Task<Outcome<Guid>> HandleAsync(PlaceEmbargo command, Act act)
    {
        if (act.Actor.AccountId is not { } by) return Task.FromResult<Outcome<Guid>>(new Outcome<Guid>.Refused("An embargo is placed by a person."));
        var kind = Subjects.Kind(command.SubjectKind)!;
        var embargo = act.Write.Add(new Embargo
        {
            Id = act.NewId(),
            SubjectKind = kind,
            SubjectId = command.SubjectId,
            Reason = command.Reason.Trim(),
            At = act.Now,
            ByAccountId = by,
            ExpiresAt = command.ExpiresAt,
        });
        act.About(kind, command.SubjectId);
        act.Because(command.Reason);
        return Task.FromResult<Outcome<Guid>>(embargo.Id);
    }
}

internal sealed class EndEmbargoHandler : Handler<EndEmbargo, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(EndEmbargo command, Act act) => ValueTask.FromResult(act.Needs(PlaceEmbargoHandler.By, "end an embargo"));

    public override ValueTask CheckAsync(EndEmbargo command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it ends.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(EndEmbargo command, Act act)
    {
        if (await act.Write.FindAsync<Embargo>(command.EmbargoId) is not { } embargo) return new Outcome<Nothing>.NotFound();
        embargo.EndedAt ??= act.Now;
        act.About(embargo.SubjectKind, embargo.SubjectId);
        act.Because(command.Reason);
        return Nothing.Value;
    }
}

internal sealed class PlaceHoldHandler : Handler<PlaceHold, Guid>
{
    public static readonly IReadOnlyList<string> Kinds = ["legal hold", "criminal investigation"];

    public override ValueTask<string?> AuthoriseAsync(PlaceHold command, Act act) => ValueTask.FromResult(act.Needs(Roles.InformationGovernance, "place a hold"));

    public override async ValueTask CheckAsync(PlaceHold command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say for which proceedings or investigation.");
        problems.MaxLength(command.Reason, 2000, "Reason", "The reason");
        if (!Kinds.Contains(command.HoldKind)) problems.Add("HoldKind", "Choose legal hold or criminal investigation.");
        if (await Subjects.FindAsync(act.Read, command.SubjectKind, command.SubjectId) is null) problems.Add("Reference", "There is no contact, enquiry or person with this reference.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(PlaceHold command, Act act)
    {
        if (act.Actor.AccountId is not { } by) return new Outcome<Guid>.Refused("A hold is placed by a person.");
        var kind = Subjects.Kind(command.SubjectKind)!;
        var hold = act.Write.Add(new Hold
        {
            Id = act.NewId(),
            SubjectKind = kind,
            SubjectId = command.SubjectId,
            Kind = command.HoldKind,
            Reason = command.Reason.Trim(),
            At = act.Now,
            ByAccountId = by,
        });
        await act.Trail.HoldAsync(command.SubjectId, true);
        act.About(kind, command.SubjectId);
        act.Because(command.Reason);
        return hold.Id;
    }
}

internal sealed class EndHoldHandler : Handler<EndHold, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(EndHold command, Act act) => ValueTask.FromResult(act.Needs(Roles.InformationGovernance, "end a hold"));

    public override ValueTask CheckAsync(EndHold command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say on whose word it ends.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(EndHold command, Act act)
    {
        if (await act.Write.FindAsync<Hold>(command.HoldId) is not { } hold) return new Outcome<Nothing>.NotFound();
        if (hold.EndedAt is not null) return new Outcome<Nothing>.Conflict("Someone else has ended it meanwhile.");
        hold.EndedAt = act.Now;
        hold.EndedReason = command.Reason.Trim();
        if (!await act.Read.Of<Hold>().AnyAsync(h => h.SubjectId == hold.SubjectId && h.Id != hold.Id && h.EndedAt == null)) await act.Trail.HoldAsync(hold.SubjectId, false);
        act.About(hold.SubjectKind, hold.SubjectId);
        act.Because(command.Reason);
        return Nothing.Value;
    }
}
