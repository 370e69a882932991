using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn.Pages;

/// <summary>A row of the report: the words are not shown here, only what became of the row.</summary>
public sealed record BatchLine(int Row, Guid ContactId, string Reference, string? SenderReference, bool NeedsReading, bool Repeat);

/// <summary>The report of one file, row by row.</summary>
[Allow(Roles.Referrer | Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam, "see what became of a file")]
public sealed class ImportModel : HubPage
{
    public ImportBatch Batch { get; private set; } = null!;

    public IReadOnlyList<BatchLine> Rows { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        var hub = Viewer.WorksInHub;
        var batch = await Read.Of<ImportBatch>().SingleOrDefaultAsync(b => b.Id == id && (hub || b.AgencyId == Viewer.AgencyId));
        if (batch is null) return NotFound();
        Batch = batch;
        var rows = await Read.Of<Contact>().Where(c => c.BatchId == id).OrderBy(c => c.BatchRow)
            .Select(c => new { c.BatchRow, c.Id, c.Reference, c.SenderReference, c.NeedsReading }).ToListAsync();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Rows = [.. rows.Select(r => new BatchLine(r.BatchRow ?? 0, r.Id, r.Reference, r.SenderReference, r.NeedsReading, r.SenderReference is { } s && !seen.Add(s)))];
        return Page();
    }
}
