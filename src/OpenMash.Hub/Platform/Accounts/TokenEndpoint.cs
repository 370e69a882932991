using System.Security.Claims;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>
/// <c>POST /connect/token</c>: a partner system shows its client id and secret (checked before this runs) and gets a token for half an hour.
/// A client whose registration was closed gets none.
/// </summary>
internal static class TokenEndpoint
{
    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/connect/token", HandleAsync).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(HubAccounts.TokenLimit).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(HttpContext http, ViewerDirectory viewers, AuthorityDirectory authorities, CommandRunner runner)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The token endpoint was reached past OpenIddict.");
        if (!request.IsClientCredentialsGrantType()) return Refuse(OpenIddictConstants.Errors.UnsupportedGrantType, "Only client_credentials is served.");
        var viewer = await viewers.ForClientAsync(request.ClientId!, authorities, http.RequestAborted);
        if (viewer is null) return Refuse(OpenIddictConstants.Errors.InvalidClient, "This client is not registered with an agency, or its registration was closed.");

        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, OpenIddictConstants.Claims.Name, OpenIddictConstants.Claims.Role);
        identity.SetClaim(OpenIddictConstants.Claims.Subject, request.ClientId);
        identity.SetClaim(OpenIddictConstants.Claims.ClientId, request.ClientId);
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(static _ => [OpenIddictConstants.Destinations.AccessToken]);
        await runner.WitnessAsync(viewer, TrailKind.SignIn, "token given", ct: http.RequestAborted);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static IResult Refuse(string error, string description) => Results.Forbid(
        new Microsoft.AspNetCore.Authentication.AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}

/// <summary>The secrets of partner systems: made here, shown once, kept as a hash by OpenIddict.</summary>
public sealed class PartnerSecrets(IOpenIddictApplicationManager applications)
{
    /// <summary>Gives the client a new secret and forgets the old one. Also makes the application where it is missing.</summary>
    public async Task<string> RenewAsync(string clientId, CancellationToken ct)
    {
        var secret = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = clientId,
            ClientSecret = secret,
            ClientType = OpenIddictConstants.ClientTypes.Confidential,
            Permissions =
            {
                OpenIddictConstants.Permissions.Endpoints.Token,
                OpenIddictConstants.Permissions.GrantTypes.ClientCredentials,
                OpenIddictConstants.Permissions.Prefixes.Scope + HubAccounts.ContactsScope,
            },
        };
        if (await applications.FindByClientIdAsync(clientId, ct) is { } known) await applications.UpdateAsync(known, descriptor, ct);
        else await applications.CreateAsync(descriptor, ct);
        return secret;
    }

    /// <summary>After this no token is given; tokens given before open nothing either, since the client is no longer anybody's.</summary>
    public async Task RemoveAsync(string clientId, CancellationToken ct)
    {
        if (await applications.FindByClientIdAsync(clientId, ct) is { } known) await applications.DeleteAsync(known, ct);
    }
}
