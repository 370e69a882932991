using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Returns.Pages;

/// <summary>The children of a census file: who was new and who was known.</summary>
[Allow(ImportCensusHandler.Who, "list the children of a census file", hub: true)]
[Witnessed]
public sealed class ChildrenModel : HubPage
{
    public const int PageSize = 200;

    public CensusImport Import { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public CensusChildState? State { get; set; }

    [BindProperty(SupportsGet = true, Name = "from")]
    public int From { get; set; }

    public int Total { get; private set; }

    public IReadOnlyList<ReportedChild> Rows { get; private set; } = [];

    public bool ShowsIdentifiers => CensusReports.SeesPeople(Viewer);

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        var reports = HttpContext.RequestServices.GetRequiredService<CensusReports>();
        if (await Read.Of<CensusImport>().SingleOrDefaultAsync(i => i.Id == id) is not { } import) return NotFound();
        Import = import;
        From = Math.Max(0, From);
        Total = await reports.Children(Viewer, id, State).CountAsync(HttpContext.RequestAborted);
        Rows = await reports.ListAsync(Viewer, id, State, From, PageSize, HttpContext.RequestAborted);
        await ListedAsync("children of a census file", Rows.Count, new { import = id, State, From });
        return Page();
    }
}
