using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn.Pages;

/// <summary>What happens next, and who will see it.</summary>
[AllowMembers]
public sealed class SentModel : HubPage
{
    public string Reference { get; private set; } = "";

    public Guid ContactId { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        var contact = await Read.Visible<Contact>(Viewer, AccessLevel.Part).Where(c => c.Id == id && c.EnteredByAccountId == Viewer.AccountId)
            .Select(c => new { c.Id, c.Reference }).SingleOrDefaultAsync();
        if (contact is null) return NotFound();
        (ContactId, Reference) = (contact.Id, contact.Reference);
        return Page();
    }
}
