using Microsoft.AspNetCore.Mvc;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>Candidates as hub staff type a person, for any form of any room: fields are recognised by the end of their names. For the hub's own people only.</summary>
[Allow(Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam, "see who of the register a person may be", hub: true)]
[Witnessed]
public sealed class CandidatesModel(CandidateReader candidates) : HubPage
{
    public IReadOnlyList<Candidate> Found { get; private set; } = [];

    /// <summary>What is asked comes by POST only, so that no name stands in an address.</summary>
    public IActionResult OnGet() => NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        var form = Request.Form;
        string? Get(string name) => form.Where(f => f.Key == name || f.Key.EndsWith("." + name, StringComparison.Ordinal)).Select(f => f.Value.ToString()).FirstOrDefault(v => v.Length > 0);
        var query = new PersonQuery
        {
            GivenName = Get("GivenName"),
            FamilyName = Get("FamilyName"),
            Birth = Get("Birth"),
            Sex = Get("Sex"),
            Address = Get("Address"),
            Postcode = Get("Postcode"),
            Phone = Get("Phone"),
            NhsNumber = Get("NhsNumber"),
            Upn = Get("Upn"),
        };
        if (!query.IsEmpty) Found = await candidates.FindAsync(Viewer, query, 5, HttpContext.RequestAborted);
        await SearchedAsync("candidates", query);
        return Page();
    }
}
