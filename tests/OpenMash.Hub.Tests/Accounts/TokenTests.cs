using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.HubTests.House;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.Accounts;

public class TokenTests
{
    private static async Task<(string Client, string Secret)> RegisterAsync(TestHub hub)
    {
        const string client = "police-system";
        await hub.DoAsync("admin", new RegisterPartnerClient(client, hub.Agencies["police"], "Crime system"));
        await using var scope = hub.App.Services.CreateAsyncScope();
        return (client, await scope.ServiceProvider.GetRequiredService<PartnerSecrets>().RenewAsync(client, CancellationToken.None));
    }

    private static Task<TestPage> AskAsync(TestBrowser browser, string client, string secret, string scope = "contacts.write") => browser.PostFormAsync("/connect/token",
        [new("grant_type", "client_credentials"), new("client_id", client), new("client_secret", secret), new("scope", scope)]);

    [Theory, EachDatabase]
    public async Task A_partner_system_gets_a_token_for_its_secret_and_it_is_in_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (client, secret) = await RegisterAsync(hub);
        using var browser = hub.Browser();

        var given = await AskAsync(browser, client, secret);
        var wrong = await AskAsync(browser, client, secret + "x");
        var more = await AskAsync(browser, client, secret, "everything");
        var stranger = await AskAsync(browser, "stranger", secret);

        using var json = JsonDocument.Parse(given.Html);
        Assert.Equal("Bearer", json.RootElement.GetProperty("token_type").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Equal(HttpStatusCode.BadRequest, more.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.Status);
        Assert.DoesNotContain("access_token", wrong.Html, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        var entry = await db.Set<TrailEntry>().SingleAsync(e => e.Act == "token given");
        Assert.Equal(hub.Agencies["police"], entry.AgencyId);
    }

    [Theory, EachDatabase]
    public async Task A_closed_registration_gives_no_token_and_a_new_secret_ends_the_old(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (client, first) = await RegisterAsync(hub);
        using var browser = hub.Browser();
        string second;
        await using (var scope = hub.App.Services.CreateAsyncScope())
            second = await scope.ServiceProvider.GetRequiredService<PartnerSecrets>().RenewAsync(client, CancellationToken.None);

        var old = await AskAsync(browser, client, first);
        var renewed = await AskAsync(browser, client, second);
        await using var db = hub.Store.Open(hub.Authority);
        var row = await db.Set<PartnerClient>().SingleAsync();
        await hub.DoAsync("admin", new ClosePartnerClient(row.Id, "The contract ended."));
        var closed = await AskAsync(browser, client, second);

        Assert.Equal(HttpStatusCode.Unauthorized, old.Status);
        Assert.Equal(HttpStatusCode.OK, renewed.Status);
        Assert.NotEqual(HttpStatusCode.OK, closed.Status);
    }

    [Theory, EachDatabase]
    public async Task Asking_too_often_is_refused(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 61; i++) answers.Add((await AskAsync(browser, "stranger", "guess")).Status);

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }
}
