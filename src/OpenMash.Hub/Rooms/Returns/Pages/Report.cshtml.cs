using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Returns.Pages;

/// <summary>The report of one census file: counts by kind, who was new and who was known, what could not be read and why.</summary>
[Allow(ImportCensusHandler.Who, "read the report of a census file", hub: true)]
[Witnessed]
public sealed class ReportModel : HubPage
{
    public const int MostFindings = 1000;

    public CensusReport Report { get; private set; } = null!;

    public IReadOnlyList<(CensusChildState State, int Count)> States { get; private set; } = [];

    public IReadOnlyList<CensusFinding> Shown { get; private set; } = [];

    /// <summary>Identifiers in findings are for those who read the register.</summary>
    public bool ShowsIdentifiers => CensusReports.SeesPeople(Viewer);

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        var reports = HttpContext.RequestServices.GetRequiredService<CensusReports>();
        if (await reports.FindAsync(id, HttpContext.RequestAborted) is not { } report) return NotFound();
        Report = report;
        Shown = [.. report.Findings.Take(MostFindings)];
        var states = new List<(CensusChildState, int)>();
        foreach (var state in Enum.GetValues<CensusChildState>()) states.Add((state, await reports.Children(Viewer, id, state).CountAsync(HttpContext.RequestAborted)));
        States = states;
        await ViewedAsync("CensusImport", id);
        return Page();
    }
}
