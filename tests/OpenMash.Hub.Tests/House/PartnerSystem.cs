using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Records.Accounts;

namespace OpenMash.HubTests.House;

/// <summary>A partner's program: its registration, its secret and its tokens.</summary>
internal sealed record PartnerSystem(string Client, string Secret)
{
    public static async Task<PartnerSystem> RegisterAsync(TestHub hub, string agency = "police")
    {
        var client = agency + "-system";
        await hub.DoAsync("admin", new RegisterPartnerClient(client, hub.Agencies[agency], "Crime system"));
        return new PartnerSystem(client, await RenewAsync(hub, client));
    }

    public static async Task<string> RenewAsync(TestHub hub, string client)
    {
        await using var scope = hub.App.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PartnerSecrets>().RenewAsync(client, CancellationToken.None);
    }

    public Task<TestPage> AskAsync(TestBrowser browser, string scope = "contacts.write") => browser.PostFormAsync("/connect/token",
        [new("grant_type", "client_credentials"), new("client_id", Client), new("client_secret", Secret), new("scope", scope)]);

    public async Task<string> TokenAsync(TestBrowser browser)
    {
        var given = await AskAsync(browser);
        Assert.Equal(HttpStatusCode.OK, given.Status);
        using var json = JsonDocument.Parse(given.Html);
        return json.RootElement.GetProperty("access_token").GetString()!;
    }
}
