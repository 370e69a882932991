using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>Lawful disposal of the trail's personal content. Who did what and when stays; what was said goes; a tombstone says why.</summary>
internal sealed class DisposeTrailContentHandler : Handler<DisposeTrailContent, Nothing>
{
    internal const string Held = "This is held (legal hold or criminal investigation): nothing about it may be disposed of until the hold ends.";

    public override ValueTask<string?> AuthoriseAsync(DisposeTrailContent command, Act act) => ValueTask.FromResult(act.Needs(Roles.InformationGovernance, "dispose of content of the trail"));

    public override ValueTask CheckAsync(DisposeTrailContent command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say by which retention rule or request it is disposed of.");
        problems.MaxLength(command.Reason, 500, "Reason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(DisposeTrailContent command, Act act)
    {
        if (await act.Trail.FindAsync(command.EntryId) is not var (entry, content)) return new Outcome<Nothing>.NotFound();
        act.About("TrailEntry", entry.Id);
        if (content is null) return new Outcome<Nothing>.Conflict("This entry never had personal content.");
        if (content.DisposedAt is not null) return new Outcome<Nothing>.Conflict("Its content was disposed of already.");
        if (content.LegalHold || (entry.SubjectId is { } subject && await act.Read.Of<Hold>().AnyAsync(h => h.SubjectId == subject && h.EndedAt == null)))
            return new Outcome<Nothing>.Refused(Held);
        act.Trail.Dispose(content, command.Reason.Trim());
        act.Because(command.Reason);
        return Nothing.Value;
    }
}

internal sealed class DisposeSubjectContentHandler : Handler<DisposeSubjectContent, int>
{
    public override ValueTask<string?> AuthoriseAsync(DisposeSubjectContent command, Act act) => ValueTask.FromResult(act.Needs(Roles.InformationGovernance, "dispose of content of the trail"));

    public override ValueTask CheckAsync(DisposeSubjectContent command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say by which retention rule or request it is disposed of.");
        problems.MaxLength(command.Reason, 500, "Reason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<int>> HandleAsync(DisposeSubjectContent command, Act act)
    {
        act.About(command.SubjectKind, command.SubjectId);
        if (await act.Read.Of<Hold>().AnyAsync(h => h.SubjectId == command.SubjectId && h.EndedAt == null)) return new Outcome<int>.Refused(DisposeTrailContentHandler.Held);
        var rows = await act.Trail.ContentOfAsync(command.SubjectId);
        if (rows.Any(r => r.LegalHold)) return new Outcome<int>.Refused(DisposeTrailContentHandler.Held);
        foreach (var row in rows) act.Trail.Dispose(row, command.Reason.Trim());
        act.Because(command.Reason);
        return rows.Count;
    }
}
