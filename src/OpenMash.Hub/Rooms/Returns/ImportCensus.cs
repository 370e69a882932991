using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Returns;

/// <summary>Takes a census file in, in one transaction: the register and the plans listen and take over what is theirs.</summary>
internal sealed class ImportCensusHandler : Handler<ImportCensus, CensusImported>
{
    internal const Roles Who = Roles.HubManager | Roles.PerformanceAnalyst | Roles.Administrator;

    public override ValueTask<string?> AuthoriseAsync(ImportCensus command, Act act) => ValueTask.FromResult(act.NeedsHub(Who, "take in a census file"));

    public override ValueTask CheckAsync(ImportCensus command, Problems problems, Act act)
    {
        problems.Require(command.FileName, "File", "Give the file's name.");
        problems.MaxLength(command.FileName, 300, "File", "The file's name");
        if (command.Sha256.Length != 64) problems.Add("File", "The file's SHA-256 must have 64 hexadecimal digits.");
        if (command.Return.Children.Count == 0) problems.Add("File", "The file has no child that could be read. Check that it is the whole census file.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<CensusImported>> HandleAsync(ImportCensus command, Act act)
    {
        if (await act.Read.Of<CensusImport>().FirstOrDefaultAsync(i => i.Sha256 == command.Sha256) is { } before)
        {
            act.About("CensusImport", before.Id);
            return new CensusImported(before.Id, Repeated: true);
        }

        var own = (await act.Read.Of<Authority>().SingleAsync(a => a.Id == act.Actor.AuthorityId)).Code;
        var lea = command.Return.Header.Sources.Select(s => s.Lea).FirstOrDefault(l => l is not null) ?? own;
        var latest = await act.Read.Of<CensusImport>().Where(i => i.Lea == lea && i.Standard == null).MaxAsync(i => (int?)i.Year) ?? 0;
        var import = act.Write.Add(new CensusImport
        {
            Id = act.NewId(),
            FileName = command.FileName,
            Sha256 = command.Sha256,
            Year = command.Return.Year,
            Lea = lea,
            At = act.Now,
            ByAccountId = act.Actor.AccountId,
            FindingsLeftOut = command.FindingsLeftOut,
        });
        if (lea != own)
            Findings.Add(act, import.Id, new CensusProblem(0, "LEA", null, lea, $"The file was made by authority {lea}, and this record is that of {own}. It was taken in; its local identifiers are kept apart from this authority's own."));
        foreach (var finding in command.Findings)
        {
            act.Write.Add(new CensusFinding
            {
                Id = act.NewId(),
                ImportId = import.Id,
                Line = finding.Line,
                Position = finding.Position,
                Kind = finding.Kind.ToString(),
                Element = finding.Element,
                LAchildID = finding.LAchildID,
                Value = finding.Value,
                Message = finding.Message,
            });
        }

        act.About("CensusImport", import.Id);
        act.Raise(new CensusRead { ImportId = import.Id, Issuer = lea, IsLatest = command.Return.Year >= latest, Return = command.Return });
        return new CensusImported(import.Id, Repeated: false);
    }
}

/// <summary>Keeps which person each child of the file is.</summary>
internal sealed class CensusChildrenReported : Listener<CensusChildrenKnown>
{
    public override Task HandleAsync(CensusChildrenKnown happened, Act act)
    {
        foreach (var (personId, state, child) in happened.Children)
        {
            act.Write.Add(new CensusImportedChild
            {
                Id = act.NewId(),
                ImportId = happened.ImportId,
                PersonId = personId,
                Line = child.Line,
                State = state,
                LAchildID = child.LAchildID,
                Episodes = child.Episodes.Count,
                Assessments = child.Episodes.Sum(e => e.Assessments.Count),
                Section47s = child.Episodes.Sum(e => e.Section47s.Count),
                ChildInNeedPlans = child.Episodes.Sum(e => e.CinPlans.Count),
                ChildProtectionPlans = child.Episodes.Sum(e => e.ProtectionPlans.Count),
                Reviews = child.Episodes.Sum(e => e.ProtectionPlans.Sum(p => p.Reviews.Count)),
            });
        }

        var (added, changed) = (happened.Children.Count(c => c.State == CensusChildState.New), happened.Children.Count(c => c.State == CensusChildState.Changed));
        Findings.Count(act, happened.ImportId, new CensusTally(CensusKind.Child, happened.Children.Count, added, changed, 0));
        foreach (var problem in happened.Problems) Findings.Add(act, happened.ImportId, problem);
        return Task.CompletedTask;
    }
}

/// <summary>Keeps what became of the rows of each kind.</summary>
internal sealed class CensusHistoryReported : Listener<CensusHistoryKept>
{
    public override Task HandleAsync(CensusHistoryKept happened, Act act)
    {
        foreach (var tally in happened.Tallies) Findings.Count(act, happened.ImportId, tally);
        foreach (var problem in happened.Problems) Findings.Add(act, happened.ImportId, problem);
        return Task.CompletedTask;
    }
}

internal static class Findings
{
    /// <summary>Kind of a finding that came when the file was taken over, not when it was read.</summary>
    public const string NotTaken = "NotTaken";

    public static void Add(Act act, Guid importId, CensusProblem problem) => act.Write.Add(new CensusFinding
    {
        Id = act.NewId(),
        ImportId = importId,
        Line = problem.Line,
        Position = 0,
        Kind = NotTaken,
        Element = problem.Element,
        LAchildID = problem.LAchildID,
        Value = problem.Value,
        Message = problem.Message,
    });

    public static void Count(Act act, Guid importId, CensusTally tally) => act.Write.Add(new CensusCount
    {
        Id = act.NewId(),
        ImportId = importId,
        Kind = tally.Kind,
        Read = tally.Read,
        Added = tally.Added,
        Changed = tally.Changed,
        LeftOut = tally.LeftOut,
    });
}
