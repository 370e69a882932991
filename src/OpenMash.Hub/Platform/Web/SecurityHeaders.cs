namespace OpenMash.Hub.Platform.Web;

/// <summary>Headers of every answer: no inline script or style, no framing, no caching of records, no referrer.</summary>
internal static class SecurityHeaders
{
    private const string Csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

    internal static void Use(WebApplication app, HubOptions options)
    {
        if (options.Mode == HubMode.Serve && options.Urls.Any(u => u.StartsWith("https:", StringComparison.OrdinalIgnoreCase))) app.UseHsts();
        app.Use(async (context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Csp;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            headers.CacheControl = "no-store";
            await next(context);
        });
    }
}
