using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Time;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Web;

/// <summary>A page that shows personal content. It must have recorded the view before it answers; the filter throws if it has not.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WitnessedAttribute : Attribute
{
}

/// <summary>The base of every page of the hub.</summary>
public abstract class HubPage : PageModel
{
    private static readonly object WitnessedKey = new();

    public Viewer Viewer => HttpContext.Viewer();

    public RecordReader Read => HttpContext.RequestServices.GetRequiredService<RecordReader>();

    public CommandRunner Runner => HttpContext.RequestServices.GetRequiredService<CommandRunner>();

    public Instant Now => HttpContext.RequestServices.GetRequiredService<IClock>().GetCurrentInstant();

    public LocalDate Today => London.Date(Now);

    /// <summary>Given when the form is shown and sent back with it, so that a double click is one act.</summary>
    [BindProperty]
    public Guid CommandId { get; set; }

    /// <summary>What someone else changed meanwhile, for the page to show beside what was typed.</summary>
    public string? ConflictMessage { get; private set; }

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (CommandId == Guid.Empty) CommandId = Ids.New(Now);
        base.OnPageHandlerExecuting(context);
    }

    /// <summary>Loads what the page shows; called again when a post is not done, so that nothing typed is lost.</summary>
    protected virtual Task<IActionResult?> LoadAsync() => Task.FromResult<IActionResult?>(null);

    /// <summary>Sends a command and turns its outcome into an answer: done by <paramref name="done"/>, invalid and conflict by the page itself with what was typed.</summary>
    protected async Task<IActionResult> SendAsync<T>(ICommand<T> command, Func<T, IActionResult> done)
    {
        var outcome = await Runner.RunAsync(command, Viewer, CommandId, HttpContext.RequestAborted);
        switch (outcome)
        {
            case Outcome<T>.Done d:
                return done(d.Value);
            case Outcome<T>.Invalid invalid:
                foreach (var problem in invalid.Problems) ModelState.AddModelError(problem.Field, problem.Message);
                break;
            case Outcome<T>.Refused refused:
                return new RefusedResult(refused.Reason);
            case Outcome<T>.NotFound:
                return NotFound();
            case Outcome<T>.Conflict conflict:
                ConflictMessage = conflict.Message;
                ModelState.AddModelError("", conflict.Message);
                break;
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome}.");
        }

        return await AgainAsync();
    }

    /// <summary>Shows the page again with what was typed and the problems found.</summary>
    protected async Task<IActionResult> AgainAsync()
    {
        // The next attempt is a new act with what was corrected.
        CommandId = Ids.New(Now);
        ModelState.Remove(nameof(CommandId));
        if (await LoadAsync() is { } instead) return instead;
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    /// <summary>Commits that this person saw this, before the content leaves.</summary>
    protected async Task ViewedAsync(string kind, Guid id, string? act = null)
    {
        await Runner.WitnessAsync(Viewer, TrailKind.View, act ?? "view " + kind, kind, id, ct: HttpContext.RequestAborted);
        HttpContext.Items[WitnessedKey] = true;
    }

    /// <summary>Commits that this person saw a list, with how many rows and by which filter.</summary>
    protected async Task ListedAsync(string list, int rows, object? filter = null)
    {
        await Runner.WitnessAsync(Viewer, TrailKind.View, "list " + list, detail: new { rows, filter }, ct: HttpContext.RequestAborted);
        HttpContext.Items[WitnessedKey] = true;
    }

    /// <summary>Commits a search with its terms, which go to the trail's disposable content.</summary>
    protected async Task SearchedAsync(string what, object terms)
    {
        await Runner.WitnessAsync(Viewer, TrailKind.Search, "search " + what, detail: terms, ct: HttpContext.RequestAborted);
        HttpContext.Items[WitnessedKey] = true;
    }

    protected async Task PrintedAsync(string kind, Guid id, object? detail = null)
    {
        await Runner.WitnessAsync(Viewer, TrailKind.Print, "print " + kind, kind, id, detail, HttpContext.RequestAborted);
        HttpContext.Items[WitnessedKey] = true;
    }

    /// <summary>404 where even existence may not be told, else 403 with the reason.</summary>
    protected IActionResult Deny(Verdict verdict) => verdict.Level == AccessLevel.None && verdict.Reason == AccessReason.NotYours ? NotFound() : new RefusedResult(verdict.Words);

    internal static bool WasWitnessed(HttpContext http) => http.Items.ContainsKey(WitnessedKey);
}

/// <summary>A 403 with its reason.</summary>
public sealed class RefusedResult(string reason, string? url = null, string? link = null) : ActionResult
{
    public override Task ExecuteResultAsync(ActionContext context)
    {
        if (url is not null) context.HttpContext.Items[Refusals.WayOutKey] = (url, link ?? "Go on");
        return Refusals.WriteAsync(context.HttpContext, reason);
    }
}

/// <summary>
/// The framework draws a page even where none of its handlers answers to the form that was sent; an act that nobody carried out must not look like one that was.
/// </summary>
internal sealed class KnownHandlerFilter : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is not null) return;
        var request = context.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method) && !request.Query.ContainsKey("handler") && !context.ActionDescriptor.HandlerTypeInfo.IsDefined(typeof(WitnessedAttribute), true)) return;
        context.Result = new NotFoundResult();
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}

/// <summary>Stops a page that shows personal content without having recorded the view.</summary>
internal sealed class WitnessFilter : IAsyncResultFilter
{
    public Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        var page = (context.ActionDescriptor as CompiledPageActionDescriptor)?.HandlerTypeInfo;
        var shows = context.Result is PageResult or PartialViewResult or ContentResult or FileResult;
        if (page is not null && shows && page.IsDefined(typeof(WitnessedAttribute), true) && !HubPage.WasWitnessed(context.HttpContext))
            throw new InvalidOperationException($"{page.Name} shows personal content and recorded no view.");
        return next();
    }
}
