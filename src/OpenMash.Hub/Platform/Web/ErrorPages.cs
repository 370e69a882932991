namespace OpenMash.Hub.Platform.Web;

/// <summary>Runs the error page in place, keeping the status; the address in the browser stays as it was.</summary>
internal static class ErrorPages
{
    private static readonly object Pipeline = new();

    internal static void Remember(HttpContext context, RequestDelegate pipeline) => context.Items[Pipeline] = pipeline;

    /// <summary>PostgreSQL's text cannot hold U+0000, SQLite's can: it is refused before either is asked, so that a search fails in the same words on both. True if refused.</summary>
    internal static async Task<bool> RefusesNulAsync(HttpContext context)
    {
        if (!context.Request.QueryString.HasValue || !context.Request.QueryString.Value!.Contains("%00", StringComparison.Ordinal)) return false;
        const string Reason = "What was asked for holds a character that no text can hold (U+0000). Take it out and try again. Nothing was looked up or changed.";
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Items[Refusals.ReasonKey] = Reason;
        if (context.IsApi()) await Results.Problem(statusCode: 400, title: "Cannot be read", detail: Reason).ExecuteAsync(context);
        return true;
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
        }
    }
}
