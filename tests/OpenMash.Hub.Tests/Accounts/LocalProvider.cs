using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace OpenMash.HubTests.Accounts;

/// <summary>
/// An organisation's OpenID Connect provider in this process, on a free loopback port: real discovery, code flow with PKCE, signed tokens. It signs in
/// whoever <see cref="Person"/> says, without asking.
/// </summary>
internal sealed class LocalProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalProvider(WebApplication app) => _app = app;

    public string Address => _app.Urls.First().TrimEnd('/') + "/";

    /// <summary>Who is signed in at the organisation: subject, address, and whether the organisation vouches for the address.</summary>
    public (string Subject, string Email, bool Verified) Person { get; set; }

    public int Asked { get; private set; }

    public static async Task<LocalProvider> StartAsync(string redirectPath = "/account/organisation/callback")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        LocalProvider? provider = null;
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes("openid", "email", "profile");
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption();
            server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
            // Without a store of its own: the two checks of the client that degraded mode leaves to us.
            server.EnableDegradedMode();
            server.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != "hub") context.Reject(OpenIddictConstants.Errors.InvalidClient, "Unknown client.");
                else if (context.RedirectUri is null || !new Uri(context.RedirectUri).AbsolutePath.Equals(redirectPath, StringComparison.Ordinal)) context.Reject(OpenIddictConstants.Errors.InvalidRequest, "Unknown address to come back to.");
                return default;
            }));
            server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != "hub" || context.ClientSecret != "hub-secret") context.Reject(OpenIddictConstants.Errors.InvalidClient, "Wrong client or secret.");
                return default;
            }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        app.MapGet("/authorize", (HttpContext http) =>
        {
            provider!.Asked++;
            var request = http.GetOpenIddictServerRequest()!;
            var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
            identity.SetClaim(OpenIddictConstants.Claims.Subject, provider.Person.Subject);
            identity.SetClaim(OpenIddictConstants.Claims.Email, provider.Person.Email);
            identity.SetClaim(OpenIddictConstants.Claims.EmailVerified, provider.Person.Verified);
            identity.SetScopes(request.GetScopes());
            identity.SetDestinations(static _ => [OpenIddictConstants.Destinations.IdentityToken]);
            return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        });
        await app.StartAsync();
        provider = new LocalProvider(app);
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
