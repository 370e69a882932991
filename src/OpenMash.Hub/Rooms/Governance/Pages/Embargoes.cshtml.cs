using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(PlaceEmbargoHandler.By, "see and place embargoes")]
[Witnessed]
internal sealed class EmbargoesModel : SubjectPage
{
    [BindProperty]
    public Guid RowId { get; set; }

    [BindProperty, Display(Name = "Ends")]
    public Instant? ExpiresAt { get; set; }

    public IReadOnlyList<Embargo> Rows { get; private set; } = [];

    public Dictionary<Guid, Subject> Found { get; private set; } = [];

    public async Task OnGetAsync(string? kind, Guid? id)
    {
        ExpiresAt = Now + Duration.FromDays(7);
        await TakeSubjectAsync(kind, id);
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid) return await AgainAsync();
        var subject = await SubjectAsync();
        return await SendAsync(new PlaceEmbargo(subject.Kind, subject.Id, Reason ?? "", ExpiresAt ?? Now), _ => Said("The embargo stands."));
    }

    public Task<IActionResult> OnPostEndAsync() => SendAsync(new EndEmbargo(RowId, Reason ?? ""), _ => Said("The embargo has ended."));

    protected override async Task<IActionResult?> LoadAsync()
    {
        Rows = await GovernanceLists.Embargoes(Read, Now).OrderBy(e => e.ExpiresAt).ThenBy(e => e.Id).ToListAsync();
        // What is sealed in secret is no less secret here.
        var found = await SubjectsAsync(Rows.Select(r => (r.SubjectKind, r.SubjectId)));
        var hidden = new HashSet<Guid>();
        foreach (var subject in found.Values)
            if (!Viewer.Has(Records.Accounts.Roles.InformationGovernance) && await Subjects.IsSecretToAsync(Read, subject, Viewer)) hidden.Add(subject.Id);
        Rows = [.. Rows.Where(r => !hidden.Contains(r.SubjectId))];
        Found = found;
        await ListedAsync("embargoes", Rows.Count);
        return null;
    }

    private RedirectResult Said(string what)
    {
        TempData.Notify(NoticeKind.Success, what);
        return Redirect("/governance/embargoes");
    }
}
