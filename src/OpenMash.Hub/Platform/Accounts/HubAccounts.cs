using System.Globalization;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Tokens;
using NodaTime;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>Sign-in of people (the framework's identity: password with TOTP, passkeys, an organisation's own OpenID Connect) and of partner systems (OpenIddict).</summary>
internal static class HubAccounts
{
    /// <summary>Scope of partner systems that send contacts.</summary>
    internal const string ContactsScope = "contacts.write";

    /// <summary>Policy of <c>/api</c>: a partner system's token.</summary>
    internal const string ApiPolicy = "api";

    /// <summary>Rate limit of the token endpoint.</summary>
    internal const string TokenLimit = "token";

    /// <summary>Rate limit of attempts to sign in.</summary>
    internal const string SignInLimit = "sign-in";

    /// <summary>The scheme of the organisation's own sign-in, where one is configured.</summary>
    internal const string Organisation = "organisation";

    internal static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    internal static readonly Duration Longest = Duration.FromHours(10);
    internal const string SignedInAt = "openmash:signed-in";

    internal static void Add(WebApplicationBuilder builder, HubOptions options)
    {
        var services = builder.Services;
        services.AddIdentityCore<Account>(o =>
            {
                o.Password.RequiredLength = 12;
                o.Password.RequireNonAlphanumeric = false;
                o.Password.RequireUppercase = false;
                o.Password.RequireLowercase = false;
                o.Password.RequireDigit = false;
                o.Password.RequiredUniqueChars = 5;
                o.Lockout.MaxFailedAccessAttempts = 5;
                o.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
                o.Lockout.AllowedForNewUsers = true;
                o.User.RequireUniqueEmail = true;
                o.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            })
            .AddSignInManager<HubSignInManager>()
            .AddEntityFrameworkStores<RecordContext>()
            .AddDefaultTokenProviders();

        services.AddScoped<SignInDesk>();
        services.AddSingleton<SetupGate>();
        services.AddScoped<PartnerSecrets>();
        services.AddScoped<OneTimeLinks>();
        services.Configure<DataProtectionTokenProviderOptions>(o => o.TokenLifespan = TimeSpan.FromHours(72));
        // A passkey stands for both factors, so the device must have checked who holds it.
        services.Configure<IdentityPasskeyOptions>(o =>
        {
            o.UserVerificationRequirement = "required";
            o.ResidentKeyRequirement = "required";
        });
        var authentication = services.AddAuthentication(IdentityConstants.ApplicationScheme);
        authentication.AddIdentityCookies();
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme, o =>
        {
            o.Cookie.Name = "openmash-second";
            o.Cookie.SameSite = SameSiteMode.Strict;
            // Long enough to install an authenticator app.
            o.ExpireTimeSpan = TimeSpan.FromMinutes(20);
        });
        OrganisationSignIn.Add(authentication, builder.Configuration);
        AddLimits(services);
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.Cookie.Name = "openmash";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = "/account/sign-in";
            cookie.ReturnUrlParameter = "next";
            cookie.ExpireTimeSpan = Idle;
            cookie.SlidingExpiration = true;
            cookie.Events.OnSigningIn = context =>
            {
                // Signing in afresh after a change of password keeps the time of the first: the absolute limit does not start again.
                if (!context.Properties.Items.ContainsKey(SignedInAt))
                    context.Properties.Items[SignedInAt] = Clock(context.HttpContext).GetCurrentInstant().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
                return Task.CompletedTask;
            };
            cookie.Events.OnValidatePrincipal = async context =>
            {
                var now = Clock(context.HttpContext).GetCurrentInstant();
                if (context.Properties.Items.TryGetValue(SignedInAt, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var seconds)
                    && now - Instant.FromUnixTimeSeconds(seconds) > Longest)
                {
                    context.RejectPrincipal();
                    return;
                }

                await SecurityStampValidator.ValidatePrincipalAsync(context);
            };
        });
        services.Configure<SecurityStampValidatorOptions>(o => o.ValidationInterval = TimeSpan.FromMinutes(1));

        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<RecordContext>())
            .AddServer(server =>
            {
                server.SetTokenEndpointUris("connect/token");
                server.AllowClientCredentialsFlow();
                server.RegisterScopes(ContactsScope);
                server.SetAccessTokenLifetime(TimeSpan.FromMinutes(30));
                // Tokens are protected by the keys in the record, so that every node reads them and a restart does not end them.
                // The protocol's own keys are never used for them; small ones, since making large ones costs seconds at each start.
                server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
                server.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)));
                server.UseDataProtection();
                var aspNetCore = server.UseAspNetCore().EnableTokenEndpointPassthrough();
                // Behind a balancer that ends TLS, and on loopback, the hub itself hears plain http.
                aspNetCore.DisableTransportSecurityRequirement();
            })
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.UseDataProtection();
                validation.UseAspNetCore();
            });
        services.AddAuthorizationBuilder().AddPolicy(ApiPolicy, policy => policy
            .AddAuthenticationSchemes(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme)
            .RequireAuthenticatedUser()
            .RequireAssertion(context => context.User.HasScope(ContactsScope)));
    }

    /// <summary>By address, per minute. A whole council may come from one address in the morning, so these stop machines, not people; the lock stops guessing.</summary>
    private static void AddLimits(IServiceCollection services) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.AddPolicy(TokenLimit, http => ByAddress(http, 60));
        limits.AddPolicy(SignInLimit, http => HttpMethods.IsPost(http.Request.Method) ? ByAddress(http, 120) : RateLimitPartition.GetNoLimiter(""));
    });

    private static RateLimitPartition<string> ByAddress(HttpContext http, int perMinute) => RateLimitPartition.GetFixedWindowLimiter(
        http.Connection.RemoteIpAddress?.ToString() ?? "",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });

    private static IClock Clock(HttpContext http) => http.RequestServices.GetRequiredService<IClock>();
}
