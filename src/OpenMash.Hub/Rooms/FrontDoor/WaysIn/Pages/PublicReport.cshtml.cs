using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn.Pages;

/// <summary>
/// The public form: without sign-in, one thing a page, five pages at most. What was typed travels from page to page inside the form itself, so that nothing is
/// left on the device and nothing is kept before it is sent. It sets no cookie; there is no session to forge, hence no antiforgery token.
/// </summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
public sealed class PublicReportModel : HubPage
{
    public const int Steps = 5;

    [BindProperty]
    public ReportFields Report { get; set; } = new();

    [BindProperty]
    public int Step { get; set; } = 1;

    public string? Reference { get; private set; }

    public IActionResult OnGet()
    {
        if (Viewer.AuthorityId == 0) return NotFound();
        Step = 1;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? go)
    {
        if (Viewer.AuthorityId == 0) return NotFound();
        var shown = Math.Clamp(Step, 1, Steps);
        if (go == "back") return Show(shown - 1);
        if (go == "add-child")
        {
            Report.People.Add(new PersonFields());
            return Show(2);
        }

        if (go is not null && go.StartsWith("step-", StringComparison.Ordinal) && int.TryParse(go.AsSpan(5), out var chosen)) return Show(chosen);
        if (string.IsNullOrWhiteSpace(Report.Words))
        {
            Step = 1;
            ModelState.Clear();
            ModelState.AddModelError("Report.Words", "Tell us what you are worried about. A few words are enough.");
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        if (go != "send") return Show(shown + 1);
        var rate = HttpContext.RequestServices.GetRequiredService<RateOfReports>();
        var beyond = rate.IsBeyond(HttpContext.Connection.RemoteIpAddress?.ToString() ?? "?");
        return await SendAsync(Report.ToCommand(Way.PublicForm, []) with { BeyondRateLimit = beyond }, submitted =>
        {
            Reference = submitted.Reference;
            Report = new ReportFields();
            ModelState.Clear();
            return Page();
        });
    }

    private PageResult Show(int step)
    {
        Step = Math.Clamp(step, 1, Steps);
        if (Step == 2 && Report.People.Count == 0) Report.People.Add(new PersonFields());
        // The fields shown come from what was posted; the step does not.
        ModelState.Clear();
        return Page();
    }
}
