using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>The report of one extract: what became of its rows, and what was wrong with which line.</summary>
[Allow(ImportPeopleHandler.Who, "see what became of an extract", hub: true)]
internal sealed class PeopleImportModel : HubPage
{
    public const int Most = 500;

    public PeopleExtract Extract { get; private set; } = null!;

    public string Agency { get; private set; } = "";

    public IReadOnlyList<ExtractProblem> Problems { get; private set; } = [];

    public int AllProblems { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await Read.Of<PeopleExtract>().SingleOrDefaultAsync(e => e.Id == id) is not { } extract) return NotFound();
        Extract = extract;
        Agency = await Read.Of<Agency>().Where(a => a.Id == extract.AgencyId).Select(a => a.Name).SingleAsync();
        var problems = Read.Of<ExtractProblem>().Where(p => p.ExtractId == id);
        AllProblems = await problems.CountAsync();
        Problems = await problems.OrderByDescending(p => p.Refused).ThenBy(p => p.Line).ThenBy(p => p.Id).Take(Most).ToListAsync();
        return Page();
    }
}
