using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Validation.AspNetCore;
using OpenMash.Hub.Platform.Access;

namespace OpenMash.Hub.Platform.Web;

public static class HttpContextExtensions
{
    private static readonly object ViewerKey = new();

    /// <summary>Who looks. Fixed by the middleware before any page or endpoint runs.</summary>
    public static Viewer Viewer(this HttpContext http) =>
        http.Items[ViewerKey] as Viewer ?? throw new InvalidOperationException("The viewer is not known yet.");

    internal static bool HasViewer(this HttpContext http) => http.Items.ContainsKey(ViewerKey);

    internal static void SetViewer(this HttpContext http, Viewer viewer) => http.Items[ViewerKey] = viewer;

    public static bool IsApi(this HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Finds the authority before authentication, since sign-in reads the record.</summary>
public sealed class AuthorityMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http, AuthorityDirectory directory, CurrentAuthority current)
    {
        var authority = await directory.ForHostAsync(http.Request.Host.Host, http.RequestAborted);
        if (authority is not null) current.Id = authority.Id;
        await next(http);
    }
}

/// <summary>Fixes the viewer after authentication.</summary>
public sealed class ViewerMiddleware(RequestDelegate next)
{
    private static readonly string StampClaim = new Microsoft.AspNetCore.Identity.ClaimsIdentityOptions().SecurityStampClaimType;

    public async Task InvokeAsync(HttpContext http, CurrentAuthority current, AuthorityDirectory authorities, ViewerDirectory viewers)
    {
        if (http.IsApi())
        {
            // Partner systems show a token; a browser's cookie counts for nothing there.
            var token = await http.AuthenticateAsync(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
            http.User = token.Principal ?? new ClaimsPrincipal(new ClaimsIdentity());
        }

        var user = http.User;
        Viewer? viewer = null;
        if (user.Identity?.IsAuthenticated == true)
        {
            if (user.FindFirstValue("client_id") is { } client)
            {
                viewer = await viewers.ForClientAsync(client, authorities, http.RequestAborted);
                if (viewer is not null) current.Id = viewer.AuthorityId;
            }
            else if (Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var account) && current.Id != 0)
            {
                // A session ends in the same breath as "sign out everywhere", a reset or a closing: its stamp no longer fits.
                var session = await viewers.ForSessionAsync(current.Id, account, user.FindFirstValue(StampClaim), http.RequestAborted);
                if (!session.Current)
                {
                    http.User = new ClaimsPrincipal(new ClaimsIdentity());
                    http.SetViewer(Viewer.Public(current.Id));
                    await next(http);
                    return;
                }

                viewer = session.Viewer
                    // Signed in, but without a membership today: known by name, may do nothing.
                    ?? new Viewer { Kind = ViewerKind.Person, AuthorityId = current.Id, AccountId = account, Name = user.Identity.Name ?? "Signed in", AgencyName = "no agency" };
            }
        }

        http.SetViewer(viewer ?? Viewer.Public(current.Id));
        await next(http);
    }
}
