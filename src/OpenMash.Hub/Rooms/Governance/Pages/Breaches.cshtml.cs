using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(Roles.InformationGovernance, "see breach entries")]
internal sealed class BreachesModel : HubPage
{
    public IReadOnlyList<Breach> Rows { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var open = await GovernanceLists.Breaches(Read).OrderBy(b => b.ReportDueAt).ThenBy(b => b.Id).ToListAsync();
        var closed = await Read.Of<Breach>().Where(b => b.ClosedAt != null).OrderByDescending(b => b.ClosedAt).Take(100).ToListAsync();
        Rows = [.. open, .. closed];
    }
}
