using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed record AgencyRow(Agency Row, int Members);

[Allow(Roles.Administrator, "administer agencies")]
internal sealed class AgenciesModel : HubPage
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public AgencyKind Kind { get; set; }

    [BindProperty]
    public string? Telephone { get; set; }

    [BindProperty, Display(Name = "E-mail address")]
    public string? Email { get; set; }

    [BindProperty, Display(Name = "It is the hub's own team: its people see the whole of a room")]
    public bool IsHub { get; set; }

    [BindProperty, Display(Name = "It sits in the hub and can be asked for checks")]
    public bool AnswersChecks { get; set; }

    public IReadOnlyList<AgencyRow> Agencies { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostAsync() => SendAsync(new AddAgency(Name ?? "", Kind, Telephone ?? "", Email, IsHub, AnswersChecks), _ =>
    {
        TempData.Notify(NoticeKind.Success, "The agency was added.");
        return Redirect("/admin/agencies");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        var today = Today;
        var members = await Read.Of<Membership>().Where(m => m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today))
            .GroupBy(m => m.AgencyId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        Agencies = [.. (await Read.Of<Agency>().OrderByDescending(a => a.IsHub).ThenBy(a => a.Name).ToListAsync()).Select(a => new AgencyRow(a, members.GetValueOrDefault(a.Id)))];
        return null;
    }
}
