using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using NodaTime;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Rooms;
using OpenMash.Records.Accounts;

namespace OpenMash.BrowserTests.Accounts;

/// <summary>Passkeys in a real browser with a virtual device: made in one's account, then used to sign in, then removed.</summary>
public class PasskeyTests
{
    [Fact]
    public async Task A_passkey_made_in_the_account_signs_in_and_once_removed_no_longer_does()
    {
        var folder = Directory.CreateTempSubdirectory("openmash-passkey-").FullName;
        var location = RecordLocation.Sqlite(folder);
        await RecordSetup.MigrateAsync(location, CancellationToken.None);
        await using (var app = HubHost.Build(
            new HubOptions { Location = location, Mode = HubMode.Demo, Urls = ["http://127.0.0.1:0"], RunsWork = false, Environment = "Development", LogLevel = LogLevel.Warning },
            AllRooms.Create()))
        {
            await ArrangeAsync(app);
            await app.StartAsync();
            // By name: an address of numbers is not a name that a passkey may belong to.
            await JourneyAsync($"http://localhost:{new Uri(app.Urls.First()).Port}");
            await app.StopAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, true);
    }

    private static async Task JourneyAsync(string hub)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var violations = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)) violations.Add(message.Text);
        };
        var device = await context.NewCDPSessionAsync(page);
        await device.SendAsync("WebAuthn.enable");
        await device.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });

        await page.GotoAsync(hub + "/account/personas?next=/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pia Passkey" }).ClickAsync();
        await page.GetByLabel("Name of the new passkey").FillAsync("work laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The passkey was added")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "work laptop", Exact = true })).ToBeVisibleAsync();

        await SignOutAsync(page, hub);
        await page.GotoAsync(hub + "/account/sign-in?next=/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your account" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove work laptop" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The passkey was removed")).ToBeVisibleAsync();
        await SignOutAsync(page, hub);
        await page.GotoAsync(hub + "/account/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This passkey was not accepted")).ToBeVisibleAsync();
        Assert.Empty(violations);
    }

    private static async Task SignOutAsync(IPage page, string hub)
    {
        await page.GotoAsync(hub + "/account/sign-out");
        await page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You are signed out")).ToBeVisibleAsync();
    }

    private static async Task ArrangeAsync(WebApplication app)
    {
        var store = app.Services.GetRequiredService<RecordStore>();
        await Bootstrap.AddAuthorityAsync(store, new Authority { Id = 1, Code = "999", Name = "Test Borough", HubName = "Test hub", Telephone = "01632 960 000", IsDemo = true }, CancellationToken.None);
        var runner = app.Services.GetRequiredService<CommandRunner>();
        var system = Viewer.System(1, "test set-up", "arrange a test");
        var agency = (await runner.RunAsync(new AddAgency("Police", AgencyKind.Police, "01632 960 100", null, false, true), system)).Expect();
        await using var scope = app.Services.CreateAsyncScope();
        var account = await Bootstrap.AddAccountAsync(scope.ServiceProvider.GetRequiredService<UserManager<Account>>(), Guid.CreateVersion7(), "Pia Passkey", "pia@example.test", null, demoPersona: true);
        (await runner.RunAsync(new GrantMembership(account.Id, agency, Roles.Referrer, "Constable", new LocalDate(2020, 1, 1), null), system)).Expect();
    }
}
