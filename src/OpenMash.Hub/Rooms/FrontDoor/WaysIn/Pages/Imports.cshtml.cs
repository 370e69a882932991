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
    public const long MostBytes = 20L << 20;

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
        if (File is null || File.Length == 0) ModelState.AddModelError(nameof(File), "Choose a file: CSV or JSON, at most 20 MB.");
        else if (File.Length > MostBytes) ModelState.AddModelError(nameof(File), $"The file has {File.Length / 1048576.0:0.0} MB; at most 20 MB are taken at once. Send it in parts.");
        if (!ModelState.IsValid) return await AgainAsync();

        using var buffer = new MemoryStream();
        await File!.CopyToAsync(buffer, HttpContext.RequestAborted);
        string text;
        try
        {
            text = TextFile.Decode(buffer.ToArray());
        }
        catch (UnreadableFileException e)
        {
            ModelState.AddModelError(nameof(File), e.Message);
            return await AgainAsync();
        }

        var command = new ImportContacts
        {
            FileName = Path.GetFileName(File.FileName),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray())),
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
