using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;

namespace OpenMash.Hub.Pages.Errors;

/// <summary>What went wrong, in words, with the number to call. A failure is never shown as an empty list.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class ErrorModel(PageFurniture furniture) : PageModel
{
    public string Heading { get; private set; } = "";

    public string Text { get; private set; } = "";

    /// <summary>What the person may do all the same: open a sealed record with a reason.</summary>
    public (string Url, string Text)? WayOut => HttpContext.Items[Refusals.WayOutKey] is (string url, string text) ? (url, text) : null;

    public string? Telephone => furniture.Telephone;

    public void OnGet(int status)
    {
        (Heading, Text) = status switch
        {
            403 => ("You cannot open this", HttpContext.Items[Refusals.ReasonKey] as string ?? "Your role does not open this page."),
            404 => ("There is nothing here", "The page does not exist, or you may not know whether it does. There may be more: ask the duty manager."),
            400 when HttpContext.Items[Refusals.ReasonKey] is string reason => ("That could not be read", reason),
            400 => ("The form could not be read", "It may have been open too long. Go back, copy what you typed, load the page again and send it again. Nothing was changed."),
            429 => ("Too many at once", "Wait a minute and try again. Nothing you sent was lost."),
            _ => ("We could not do that", "Something failed on our side, and it has been logged. This is not the same as nothing found. Nothing was changed; try again in a minute."),
        };
        // What failed may be the record itself: this page must not ask it anything.
        if (status is not (>= 400 and < 500)) furniture.Filling = null;
        Response.StatusCode = status is >= 400 and < 600 ? status : 500;
    }

    public void OnPost(int status) => OnGet(status);
}
