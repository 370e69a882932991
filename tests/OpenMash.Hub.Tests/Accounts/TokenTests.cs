using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenMash.HubTests.House;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.Accounts;

public class TokenTests
{
    [Theory, EachDatabase]
    public async Task A_partner_system_gets_a_token_for_its_secret_and_it_is_in_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var police = await PartnerSystem.RegisterAsync(hub);
        using var browser = hub.Browser();

        var given = await police.AskAsync(browser);
        var wrong = await (police with { Secret = police.Secret + "x" }).AskAsync(browser);
        var more = await police.AskAsync(browser, "everything");
        var stranger = await (police with { Client = "stranger" }).AskAsync(browser);

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
        var first = await PartnerSystem.RegisterAsync(hub);
        using var browser = hub.Browser();
        var second = first with { Secret = await PartnerSystem.RenewAsync(hub, first.Client) };

        var old = await first.AskAsync(browser);
        var renewed = await second.AskAsync(browser);
        await using var db = hub.Store.Open(hub.Authority);
        var row = await db.Set<PartnerClient>().SingleAsync();
        await hub.DoAsync("admin", new ClosePartnerClient(row.Id, "The contract ended."));
        var closed = await second.AskAsync(browser);

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
        for (var i = 0; i < 61; i++) answers.Add((await new PartnerSystem("stranger", "guess").AskAsync(browser)).Status);

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }
}
