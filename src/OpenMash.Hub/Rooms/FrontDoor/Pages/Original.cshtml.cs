using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>The whole of what arrived, as it arrived.</summary>
[Allow(LineDesk.AnyHub, "read a report as it arrived", hub: true)]
[Witnessed]
public sealed class OriginalModel : HubPage
{
    [BindProperty(SupportsGet = true, Name = "id")]
    public Guid Id { get; set; }

    internal Contact Item { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        var verdict = await Read.VerdictAsync<Contact>(Viewer, Id, HttpContext.RequestAborted);
        if (verdict.Level < AccessLevel.Read) return Deny(verdict);
        Item = await Read.Visible<Contact>(Viewer).SingleAsync(c => c.Id == Id, HttpContext.RequestAborted);
        await ViewedAsync("Contact", Id, "view original of Contact");
        return Page();
    }
}
