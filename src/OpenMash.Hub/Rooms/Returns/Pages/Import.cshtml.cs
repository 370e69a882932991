using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Kernel;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Returns.Pages;

/// <summary>Takes a census file in, and shows those taken in before.</summary>
[Allow(ImportCensusHandler.Who, "take in a census file", hub: true)]
[RequestSizeLimit(MostBytes + (1 << 20))]
[RequestFormLimits(MultipartBodyLengthLimit = MostBytes + (1 << 20))]
public sealed class ImportModel : HubPage
{
    public const long MostBytes = 128L << 20;

    [BindProperty]
    public new IFormFile? File { get; set; }

    public IReadOnlyList<CensusImport> Imports { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (File is null || File.Length == 0) ModelState.AddModelError(nameof(File), "Choose a file: the census as XML or Annex A as a workbook, at most 128 MB.");
        else if (File.Length > MostBytes) ModelState.AddModelError(nameof(File), "At most 128 MB are taken here. Use the command openmash returns import for a larger file.");
        if (!ModelState.IsValid) return await AgainAsync();
        ICommand<CensusImported> command;
        try
        {
            await using var stream = File!.OpenReadStream();
            var name = Path.GetFileName(File.FileName);
            command = AnnexAFile.IsWorkbook(stream)
                ? AnnexAFile.Read(stream, name, await HttpContext.RequestServices.GetRequiredService<HubSettings>().GetAsync<AnnexASettings>("annex-a"), Today)
                : CensusFile.Read(stream, name, null);
        }
        catch (CensusRefusedException e)
        {
            ModelState.AddModelError(nameof(File), e.Message);
            return await AgainAsync();
        }

        return await SendAsync(command, imported =>
        {
            TempData.Notify(
                imported.Repeated ? NoticeKind.Information : NoticeKind.Success,
                imported.Repeated ? "This very file was taken in before. Nothing was changed; this is its report." : "The file was taken in.");
            return Redirect($"/returns/imports/{imported.ImportId}");
        });
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Imports = await Read.Of<CensusImport>().OrderByDescending(i => i.At).Take(100).ToListAsync();
        return null;
    }
}
