using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(Sealing.By, "see and place seals")]
[Witnessed]
internal sealed class SealsModel : SubjectPage
{
    [BindProperty, Display(Name = "Even its existence is secret")]
    public bool SecretExistence { get; set; }

    [BindProperty, Display(Name = "Looked at again on")]
    public LocalDate? ReviewOn { get; set; }

    [BindProperty, Display(Name = "Cleared for it")]
    public List<Guid> Cleared { get; set; } = [];

    public IReadOnlyList<Seal> Rows { get; private set; } = [];

    public Dictionary<Guid, Subject> Found { get; private set; } = [];

    public IReadOnlyList<SelectListItem> People { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string? kind, Guid? id)
    {
        ReviewOn = Today.PlusMonths(3);
        await TakeSubjectAsync(kind, id);
        await LoadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid) return await AgainAsync();
        var subject = await SubjectAsync();
        return await SendAsync(new SealSubject(subject.Kind, subject.Id, Reason ?? "", SecretExistence, ReviewOn ?? Today, Cleared), id =>
        {
            TempData.Notify(NoticeKind.Success, "Sealed. Only those cleared see it from now on.");
            return Redirect($"/governance/seals/{id}");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Rows = await GovernanceLists.Seals(Read, Viewer).OrderBy(s => s.ReviewOn).ThenBy(s => s.Id).ToListAsync();
        Found = await SubjectsAsync(Rows.Select(r => (r.SubjectKind, r.SubjectId)));
        People = await Choices.PeopleAsync(Read);
        await ListedAsync("seals", Rows.Count);
        return null;
    }
}
