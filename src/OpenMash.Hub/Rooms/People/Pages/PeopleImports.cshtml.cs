using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People.Pages;

public sealed record ExtractItem(Guid Id, string FileName, string Agency, NodaTime.Instant At, int Rows, int Added, int Known, int Refused);

/// <summary>Takes an agency's extract of people into the register, and lists those taken in before.</summary>
[Allow(ImportPeopleHandler.Who, "take an agency's extract into the register", hub: true)]
[RequestSizeLimit(TextFile.MostBytes + (1 << 20))]
[RequestFormLimits(MultipartBodyLengthLimit = TextFile.MostBytes + (1 << 20))]
internal sealed class PeopleImportsModel(Rematch rematch) : HubPage
{
    /// <summary>A file of a tenth of the register's people, or more, is large.</summary>
    private const int LargePart = 10;

    [BindProperty]
    public new IFormFile? File { get; set; }

    [BindProperty]
    public Guid? AgencyId { get; set; }

    public IReadOnlyList<SelectListItem> Agencies { get; private set; } = [];

    public IReadOnlyList<ExtractItem> Extracts { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (TextFile.Problem(File, "CSV", "Send it in parts, each with the headings.") is { } problem) ModelState.AddModelError(nameof(File), problem);
        if (AgencyId is null) ModelState.AddModelError(nameof(AgencyId), "Choose the agency whose people these are.");
        if (!ModelState.IsValid) return await AgainAsync();
        var agency = AgencyId!.Value;
        byte[] bytes;
        Extract extract;
        try
        {
            (bytes, var text) = await TextFile.ReadAsync(File!, HttpContext.RequestAborted);
            extract = ExtractFile.Read(text, Today, agency.ToString("N"));
        }
        catch (UnreadableFileException e)
        {
            ModelState.AddModelError(nameof(File), e.Message);
            return await AgainAsync();
        }

        var command = new ImportPeople
        {
            AgencyId = agency,
            FileName = Path.GetFileName(File!.FileName),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Columns = extract.Columns,
            Rows = extract.Rows,
            Problems = extract.Problems,
        };
        var imported = Guid.Empty;
        var answer = await SendAsync(command, id =>
        {
            imported = id;
            TempData.Notify(NoticeKind.Success, $"{Words.Count(extract.Rows.Count, "row was", "rows were")} taken in.");
            return Redirect($"/people/imports/{id}");
        });
        // Whoever sent the file wants to see now who may be known; the next tick would find the same. A file that changes how common names are, and so the weights, has
        // the whole register matched; after a small one what it brought is matched with the whole register, and the rest waits for the night.
        if (imported != Guid.Empty)
        {
            var whole = extract.Rows.Count * LargePart >= await Read.Of<Person>().CountAsync();
            await rematch.RunAsync(Viewer.System(Viewer.AuthorityId, "matching", "match what an extract brought"), Read, whole, whole ? "import" : "changes", HttpContext.RequestAborted);
        }

        return answer;
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Agencies = await Read.Of<Agency>().Where(a => a.ClosedOn == null).OrderBy(a => a.Name).Select(a => new IdChoice(a.Name, a.Id)).ToChoicesAsync();
        Extracts = await (
            from e in Read.Of<PeopleExtract>()
            join a in Read.Of<Agency>() on e.AgencyId equals a.Id
            orderby e.At descending
            select new ExtractItem(e.Id, e.FileName, a.Name, e.At, e.Rows, e.Added, e.Known, e.Refused)).Take(100).ToListAsync();
        return null;
    }
}
