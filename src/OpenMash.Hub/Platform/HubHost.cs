using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Live;
using OpenMash.Hub.Platform.Messages;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Print;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Trail;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;
using Quartz;

namespace OpenMash.Hub.Platform;

/// <summary>Builds the hub: one place where the floors meet. Rooms are given from outside; Platform names none.</summary>
public static class HubHost
{
    public static WebApplication Build(HubOptions options, IReadOnlyList<IRoom> rooms)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = options.Environment,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
            ApplicationName = typeof(HubHost).Assembly.GetName().Name,
        });
        builder.Configuration.AddInMemoryCollection(options.Configuration);
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.Logging.SetMinimumLevel(options.LogLevel);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // Every answer is no-store already (SecurityHeaders); that antiforgery says so again is no news.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error);
        builder.Logging.AddFilter("Quartz", LogLevel.Warning);
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseStaticWebAssets();

        AddPlatform(builder, options);
        var catalogue = new RoomCatalogue();
        builder.Services.AddSingleton(catalogue);
        RegisterPlatform(new RoomBuilder(builder.Services, catalogue, Room.Platform));
        catalogue.Navigation.Add(new NavLink("Hub today", "/", "h", 0, _ => true));
        foreach (var room in rooms) room.Register(new RoomBuilder(builder.Services, catalogue, room.Room));
        options.Services?.Invoke(builder.Services);

        var app = builder.Build();
        Use(app, options);
        foreach (var room in rooms) room.Map(app);
        return app;
    }

    /// <summary>Commands on Platform's own rows that no room owns.</summary>
    private static void RegisterPlatform(RoomBuilder platform) => platform
        .Guards(new DraftAccess())
        .Handles<SaveDraft, DraftSaved, SaveDraftHandler>()
        .Handles<DiscardDraft, Nothing, DiscardDraftHandler>();

    private static void AddPlatform(WebApplicationBuilder builder, HubOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(options.Clock ?? new MachineClock());
        services.AddSingleton(_ => new RecordStore(options.Location));
        services.AddSingleton<SettingsShelf>();
        services.AddSingleton<ReferenceNumbers>();
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<AuthorityDirectory>();
        services.AddSingleton<ViewerDirectory>();
        services.AddScoped<CurrentAuthority>();
        services.AddScoped(sp => sp.GetRequiredService<RecordStore>().Open(sp.GetRequiredService<CurrentAuthority>().Id));
        services.AddScoped<RecordReader>();
        services.AddScoped(sp => new HubSettings(sp.GetRequiredService<SettingsShelf>(), sp.GetRequiredService<RecordContext>(), sp.GetRequiredService<IClock>().GetCurrentInstant()));
        services.AddPageFurniture();
        services.AddSingleton<FileVault>();
        services.AddScoped<PaperWriter>();
        services.AddSingleton<PdfPrinter>();

        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxPump>();
        services.AddSingleton<TickRunner>();
        services.AddSingleton<TrailSealer>();
        services.AddSingleton<LiveBoard>();
        services.AddSingleton<IOutboxSender, LiveSender>();
        services.AddSingleton<IPost, Post>();
        if (options.RunsWork)
        {
            services.AddHostedService(sp => sp.GetRequiredService<OutboxPump>());
            services.AddHostedService(sp => sp.GetRequiredService<TrailSealer>());
            services.AddQuartz(q =>
            {
                q.AddJob<TickJob>(j => j.WithIdentity("tick"));
                q.AddTrigger(t => t.ForJob("tick").WithSimpleSchedule(TimeSpan.FromSeconds(15)));
            });
            services.AddQuartzHostedService(q => q.WaitForJobsToComplete = true);
        }

        services.AddHostedService<LiveListener>();
        services.AddSignalR();
        services.AddHttpContextAccessor();
        services.AddOpenApi("v1");
        services.AddProblemDetails();
        services.AddMemoryCache();
        services.ConfigureHttpJsonOptions(o => HubJson.Configure(o.SerializerOptions));
        services.AddDataProtection().SetApplicationName("OpenMASH").PersistKeysToDbContext<RecordContext>();
        HubAccounts.Add(builder, options);

        services.AddSingleton<IAuthorizationPolicyProvider, AllowPolicies>();
        services.AddScoped<IAuthorizationHandler, AllowHandler>();
        services.AddSingleton<Microsoft.AspNetCore.Authorization.IAuthorizationMiddlewareResultHandler, RefusalResultHandler>();
        // A page or endpoint that declares nothing is refused to everybody: forgetting is safe, and a test finds it.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "openmash-form";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.HeaderName = "X-Form-Token";
        });
        services.AddRazorPages(o => o.RootDirectory = "/")
            .AddMvcOptions(o =>
            {
                o.Filters.Add<KnownHandlerFilter>();
                o.Filters.Add<WitnessFilter>();
                o.Filters.Add(new AutoValidateAntiforgeryTokenAttribute());
                o.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
            });
        services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(o => o.MultipartBodyLengthLimit = FileVault.MostBytes + (1 << 20));
    }

    private static void Use(WebApplication app, HubOptions options)
    {
        app.UseExceptionHandler("/error/500");
        app.Use(async (context, next) =>
        {
            ErrorPages.Remember(context, c => next(c));
            if (!await ErrorPages.RefusesNulAsync(context)) await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 400 or 429, ContentLength: null or 0 } && context.Response.ContentType is null && !context.IsApi())
                await ErrorPages.ReExecuteAsync(context, $"/error/{context.Response.StatusCode}");
        });
        SecurityHeaders.Use(app, options);
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = c => c.Context.Response.Headers.CacheControl = "public, max-age=3600" });
        app.UseMiddleware<SetupMiddleware>();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseMiddleware<AuthorityMiddleware>();
        app.UseAuthentication();
        app.UseMiddleware<ViewerMiddleware>();
        app.UseMiddleware<FurnitureMiddleware>();
        // What does not exist is not refused: to someone signed in an address that leads nowhere says so. Others are asked to sign in, as for any page.
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is not null || context.User.Identity?.IsAuthenticated != true) return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.UseAuthorization();
        app.MapRazorPages();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapHub<LiveHub>("/live");
        DraftEndpoint.Map(app);
        KeptEndpoint.Map(app);
        FileDownloads.Map(app);
        TokenEndpoint.Map(app);
        OrganisationEndpoints.Map(app);
        app.MapGet("/health", async (RecordStore store, CancellationToken ct) =>
            await RecordSetup.IsCurrentAsync(store, ct) ? Results.Text("ready") : Results.Text("the record needs migrating", statusCode: 503)).AllowAnonymous().ExcludeFromDescription();
    }
}
