using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>
/// Sign-in through an organisation's own OpenID Connect provider, where <c>OpenIdConnect:Authority</c>, <c>:ClientId</c> and <c>:ClientSecret</c> are set.
/// It opens an account that exists here already, never makes one.
/// </summary>
internal static class OrganisationSignIn
{
    internal static bool IsConfigured(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["OpenIdConnect:Authority"]);

    internal static string Name(IConfiguration configuration) => configuration["OpenIdConnect:Name"] ?? "your organisation";

    internal static void Add(AuthenticationBuilder authentication, IConfiguration configuration)
    {
        if (!IsConfigured(configuration)) return;
        var authority = configuration["OpenIdConnect:Authority"]!;
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback))
            throw new InvalidOperationException($"OpenIdConnect:Authority '{authority}' must be an https address.");
        var client = configuration["OpenIdConnect:ClientId"];
        if (string.IsNullOrWhiteSpace(client))
            throw new InvalidOperationException("OpenIdConnect:Authority is set but OpenIdConnect:ClientId is not. Set both, or neither.");

        authentication.AddOpenIdConnect(HubAccounts.Organisation, Name(configuration), o =>
        {
            o.SignInScheme = IdentityConstants.ExternalScheme;
            o.Authority = authority;
            o.RequireHttpsMetadata = address.Scheme == Uri.UriSchemeHttps;
            o.ClientId = client;
            o.ClientSecret = configuration["OpenIdConnect:ClientSecret"];
            o.ResponseType = OpenIdConnectResponseType.Code;
            // By query and with lax cookies, so that the way back works behind a balancer that ends TLS.
            o.ResponseMode = OpenIdConnectResponseMode.Query;
            o.UsePkce = true;
            o.MapInboundClaims = false;
            o.GetClaimsFromUserInfoEndpoint = true;
            o.SaveTokens = false;
            o.CallbackPath = "/account/organisation/callback";
            o.Scope.Clear();
            o.Scope.Add("openid");
            o.Scope.Add("email");
            o.Scope.Add("profile");
            o.CorrelationCookie.SameSite = SameSiteMode.Lax;
            o.NonceCookie.SameSite = SameSiteMode.Lax;
            o.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.ClaimActions.MapUniqueJsonKey("email", "email");
            o.ClaimActions.MapUniqueJsonKey("email_verified", "email_verified");
            o.Events.OnRemoteFailure = context =>
            {
                context.HandleResponse();
                context.Response.Redirect("/account/sign-in?organisation=failed");
                return Task.CompletedTask;
            };
        });
    }
}
