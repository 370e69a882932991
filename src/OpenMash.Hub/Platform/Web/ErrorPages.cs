namespace OpenMash.Hub.Platform.Web;

/// <summary>Runs the error page in place, keeping the status; the address in the browser stays as it was.</summary>
internal static class ErrorPages
{
    private static readonly object Pipeline = new();

    internal static void Remember(HttpContext context, RequestDelegate pipeline) => context.Items[Pipeline] = pipeline;

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
