using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

[AllowMembers]
internal sealed class BreachNewModel : HubPage
{
    [BindProperty, Display(Name = "What happened")]
    public string? What { get; set; }

    [BindProperty, Display(Name = "When it became known to anyone here")]
    public Instant? KnownAt { get; set; }

    public void OnGet() => KnownAt = Now;

    public async Task<IActionResult> OnPostAsync() => !ModelState.IsValid
        ? await AgainAsync()
        : await SendAsync(new OpenBreach(What ?? "", KnownAt ?? Now), opened =>
        {
            TempData.Notify(NoticeKind.Success, $"{opened.Reference} is open, and information governance is told.");
            return Redirect(Viewer.Has(Roles.InformationGovernance) ? $"/governance/breaches/{opened.BreachId}" : "/breach");
        });
}
