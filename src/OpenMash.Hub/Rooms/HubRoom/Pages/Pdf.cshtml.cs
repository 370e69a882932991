using Microsoft.AspNetCore.Mvc;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Print;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;

namespace OpenMash.Hub.Rooms.HubRoom.Pages;

/// <summary>The same report as a PDF, where Chromium is found; otherwise back to the page for printing, which says so.</summary>
[Allow(RoomPageRoles.Any, "print an enquiry")]
[Witnessed]
public sealed class PdfModel(HubSettings settings, ViewerDirectory viewers, PaperWriter paper, PdfPrinter pdf, PageFurniture furniture) : PrintModel(settings, viewers, pdf)
{
    public override async Task<IActionResult> OnGetAsync()
    {
        if (To is null) return Redirect($"/enquiries/{Id}/print");
        if (await LoadReportAsync() is { } instead) return instead;
        var body = await paper.DrawAsync(PageContext, "/Rooms/HubRoom/Pages/_Report.cshtml", Report!);
        var head = $"<header class=\"hub-paper__head\"><span>{Encode(furniture.HubName)}, {Encode(furniture.AuthorityName)}</span></header>";
        var foot = $"<footer class=\"hub-paper__foot\"><p>For {Encode(Report!.PrintedFor)} only. Not to be passed on without asking the hub.</p><p>Printed {Encode(RelativeTime.Full(Now))} by {Encode(Viewer.Name)}, {Encode(Viewer.AgencyName)}. This printing is recorded.</p></footer>";
        var printer = HttpContext.RequestServices.GetRequiredService<PdfPrinter>();
        if (await printer.MakeAsync(Reference, $"{head}<main>{body}</main>{foot}", HttpContext.RequestAborted) is { } bytes)
            return File(bytes, "application/pdf", $"{Reference}.pdf");
        TempData.Notify(NoticeKind.Warning, "No PDF could be made on this machine. Print this page with your browser instead.");
        return Redirect($"/enquiries/{Id}/print?to={To}");
    }

    private static string Encode(string text) => System.Net.WebUtility.HtmlEncode(text);
}
