using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn.Pages;

/// <summary>A batch taken in before.</summary>
public sealed record BatchRow(Guid Id, string FileName, string Agency, NodaTime.Instant At, int Rows, int NeedReading, int Repeats);

/// <summary>Bulk files of notifications: send one, see those taken in.</summary>
[Allow(Roles.Referrer | Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam, "send a file of notifications")]
public sealed class ImportsModel : HubPage
{
    [BindProperty]
    public new IFormFile? File { get; set; }

    [BindProperty]
    public Guid AgencyId { get; set; }

    public IReadOnlyList<SelectListItem> Agencies { get; private set; } = [];

    public IReadOnlyList<BatchRow> Batches { get; private set; } = [];

    public async Task OnGetAsync() => await LoadAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Viewer.WorksInHub && Viewer.AgencyId is { } own) AgencyId = own;
        if (TextFile.Problem(File, "CSV or JSON", "Send it in parts.") is { } problem) ModelState.AddModelError(nameof(File), problem);
        if (!ModelState.IsValid) return await AgainAsync();

        byte[] bytes;
        string text;
        try
        {
            (bytes, text) = await TextFile.ReadAsync(File!, HttpContext.RequestAborted);
        }
        catch (UnreadableFileException e)
        {
            ModelState.AddModelError(nameof(File), e.Message);
            return await AgainAsync();
        }

        var command = new ImportContacts
        {
            FileName = Path.GetFileName(File!.FileName),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Text = text,
            AgencyId = AgencyId,
        };
        return await SendAsync(command, imported =>
        {
            TempData.Notify(NoticeKind.Success, imported.Rows.Count(r => r.NeedsReading) is var unread && unread == 0
                ? $"{Words.Count(imported.Rows.Count, "row was", "rows were")} taken in."
                : $"{Words.Count(imported.Rows.Count, "row was", "rows were")} taken in; {Words.Count(unread, "row needs", "rows need")} reading.");
            return Redirect($"/imports/{imported.BatchId}");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        var hub = Viewer.WorksInHub;
        Agencies = await Read.Of<Agency>().Where(a => hub || a.Id == Viewer.AgencyId).OrderBy(a => a.Name).Select(a => new IdChoice(a.Name, a.Id)).ToChoicesAsync();
        Batches = await (
            from b in Read.Of<ImportBatch>()
            join a in Read.Of<Agency>() on b.AgencyId equals a.Id
            where hub || b.AgencyId == Viewer.AgencyId
            orderby b.At descending
            select new BatchRow(b.Id, b.FileName, a.Name, b.At, b.Rows, b.NeedReading, b.Repeats)).Take(100).ToListAsync();
        return null;
    }
}
