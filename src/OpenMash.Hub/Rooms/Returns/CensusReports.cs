using Microsoft.EntityFrameworkCore;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.People;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Returns;

/// <summary>A child of a file as listed: identity only for those who may read the person.</summary>
public sealed record ReportedChild(Guid? PersonId, string? Reference, string? LAchildID, CensusImportedChild Row);

/// <summary>What a file became.</summary>
public sealed record CensusReport(CensusImport Import, IReadOnlyList<CensusCount> Counts, IReadOnlyList<CensusFinding> Findings);

/// <summary>Reads reports of imports. Numbers of children and the lists behind them come from <see cref="Children"/> both.</summary>
internal sealed class CensusReports(RecordReader read)
{
    /// <summary>Findings that tell of a value or row left out of the record; the others tell how something was understood.</summary>
    private static readonly HashSet<string> Lossy =
    [
        Findings.NotTaken, nameof(CinFindingKind.UnknownElement), nameof(CinFindingKind.UnknownCode), nameof(CinFindingKind.BadDate),
        nameof(CinFindingKind.BadValue), nameof(CinFindingKind.Missing), nameof(CinFindingKind.Repeated),
    ];

    public static bool IsLoss(CensusFinding finding) => Lossy.Contains(finding.Kind);

    public async Task<CensusReport?> FindAsync(Guid importId, CancellationToken ct)
    {
        if (await read.Of<CensusImport>().SingleOrDefaultAsync(i => i.Id == importId, ct) is not { } import) return null;
        var counts = await read.Of<CensusCount>().Where(c => c.ImportId == importId).ToListAsync(ct);
        var findings = await read.Of<CensusFinding>().Where(f => f.ImportId == importId).ToListAsync(ct);
        return new CensusReport(import, [.. counts.OrderBy(c => c.Kind)], [.. findings.OrderBy(f => f.Line).ThenBy(f => f.Position).ThenBy(f => f.Id)]);
    }

    /// <summary>The children of a file that the viewer may know of. Who does not read the register gets lines and counts without identity.</summary>
    public IQueryable<CensusImportedChild> Children(Viewer viewer, Guid importId, CensusChildState? state = null)
    {
        var rows = read.Of<CensusImportedChild>().Where(c => c.ImportId == importId && (state == null || c.State == state));
        if (!SeesPeople(viewer)) return rows;
        var people = read.Visible<Person>(viewer);
        return from c in rows join p in people on c.PersonId equals p.Id select c;
    }

    public async Task<IReadOnlyList<ReportedChild>> ListAsync(Viewer viewer, Guid importId, CensusChildState? state, int skip, int take, CancellationToken ct)
    {
        var rows = await Children(viewer, importId, state).OrderBy(c => c.Line).ThenBy(c => c.Id).Skip(skip).Take(take).ToListAsync(ct);
        if (!SeesPeople(viewer)) return [.. rows.Select(r => new ReportedChild(null, null, null, r))];
        var ids = rows.Select(r => r.PersonId).ToArray();
        var references = await read.Of<Person>().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Reference, ct);
        return [.. rows.Select(r => new ReportedChild(r.PersonId, references[r.PersonId], r.LAchildID, r))];
    }

    public static bool SeesPeople(Viewer viewer) => viewer.IsSystem || viewer.WorksInHub;
}
