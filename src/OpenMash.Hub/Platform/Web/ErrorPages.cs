namespace OpenMash.Hub.Platform.Web;

/// <summary>Runs the error page in place, keeping the status; the address in the browser stays as it was.</summary>
internal static class ErrorPages
{
    private static readonly object Pipeline = new();

    internal static void Remember(HttpContext context, RequestDelegate pipeline) => context.Items[Pipeline] = pipeline;

    /// <summary>
    /// PostgreSQL's text cannot hold U+0000, SQLite's can, and the reader of forms fails at it: it is refused before anything is asked, in the same words everywhere.
    /// True if refused.
    /// </summary>
    internal static async Task<bool> RefusesNulAsync(HttpContext context)
    {
        if (!await HoldsNulAsync(context.Request)) return false;
        const string Reason = "What was sent holds a character that no text can hold (U+0000). Go back, take it out and try again. Nothing was looked up or changed.";
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Items[Refusals.ReasonKey] = Reason;
        if (context.IsApi()) await Results.Problem(statusCode: 400, title: "Cannot be read", detail: Reason).ExecuteAsync(context);
        return true;
    }

    private static async Task<bool> HoldsNulAsync(HttpRequest request)
    {
        if (request.QueryString.HasValue && request.QueryString.Value!.Contains("%00", StringComparison.Ordinal)) return true;
        if (!HttpMethods.IsPost(request.Method) || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return false;
        try
        {
            await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return false;
        }
        catch (InvalidDataException e) when (e.InnerException is InvalidOperationException)
        {
            // The decoder's only answer to an encoded U+0000.
            return true;
        }
    }

    internal static async Task ReExecuteAsync(HttpContext context, string path)
    {
        if (context.Items[Pipeline] is not RequestDelegate pipeline || context.Response.HasStarted) return;
        var (originalPath, originalQuery, method) = (context.Request.Path, context.Request.QueryString, context.Request.Method);
        var status = context.Response.StatusCode;
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        context.Request.Path = path;
        context.Request.QueryString = QueryString.Empty;
        context.Request.Method = HttpMethods.Get;
        // The form may be what cannot be read: the page that says so must not read it.
        var contentType = context.Request.ContentType;
        context.Request.ContentType = null;
        try
        {
            context.Response.StatusCode = status;
            await pipeline(context);
        }
        finally
        {
            context.Request.Path = originalPath;
            context.Request.QueryString = originalQuery;
            context.Request.Method = method;
            context.Request.ContentType = contentType;
        }
    }
}
