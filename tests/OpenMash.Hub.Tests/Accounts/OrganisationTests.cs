using System.Net;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform;
using OpenMash.HubTests.House;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.Accounts;

/// <summary>Sign-in through the organisation's own provider, against a real one on loopback.</summary>
public class OrganisationTests
{
    private static Task<TestHub> StartAsync(TestDatabase database, LocalProvider provider) => TestHub.StartAsync(database, mode: HubMode.Serve, configuration: new Dictionary<string, string?>
    {
        ["OpenIdConnect:Authority"] = provider.Address,
        ["OpenIdConnect:ClientId"] = "hub",
        ["OpenIdConnect:ClientSecret"] = "hub-secret",
        ["OpenIdConnect:Name"] = "Test Council",
    });

    private static async Task<TestPage> SignInAsync(TestHub hub, string query = "")
    {
        var browser = hub.Browser();
        var page = await browser.GetAsync("/account/sign-in" + query);
        var link = page.Document.QuerySelector("a[href^='/account/organisation']")!.GetAttribute("href")!;
        return await browser.OpenAsync(link);
    }

    [Theory, EachDatabase]
    public async Task A_verified_address_opens_the_account_that_has_it(TestDatabase database)
    {
        await using var provider = await LocalProvider.StartAsync();
        await using var hub = await StartAsync(database, provider);
        provider.Person = ("u-17", "Police@Example.test", true);

        var page = await SignInAsync(hub, "?next=/account");

        Assert.Equal("/account", page.Url);
        Assert.Contains("Pat Police", page.Text, StringComparison.Ordinal);
        Assert.Equal(1, provider.Asked);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.True(await db.Set<TrailEntry>().AnyAsync(e => e.Act == "sign in through the organisation" && e.AccountId == hub.Account("police")));
    }

    [Theory, EachDatabase]
    public async Task An_unverified_or_unknown_address_opens_nothing_and_makes_no_account(TestDatabase database)
    {
        await using var provider = await LocalProvider.StartAsync();
        await using var hub = await StartAsync(database, provider);
        await using var db = hub.Store.Open(hub.Authority);
        var before = await db.Set<Account>().CountAsync();

        provider.Person = ("u-17", "police@example.test", false);
        var unverified = await SignInAsync(hub);
        provider.Person = ("u-18", "someone@example.test", true);
        var unknown = await SignInAsync(hub);

        Assert.Contains("no open account of this hub has your verified e-mail address", unverified.Text, StringComparison.Ordinal);
        Assert.Contains("no open account of this hub has your verified e-mail address", unknown.Text, StringComparison.Ordinal);
        Assert.Equal(before, await db.Set<Account>().CountAsync());
        Assert.Equal(2, await db.Set<TrailEntry>().CountAsync(e => e.Act == "organisation sign-in failed"));
    }

    [Theory, EachDatabase]
    public async Task An_address_that_passed_to_someone_else_does_not_open_the_account_and_a_closed_one_stays_closed(TestDatabase database)
    {
        await using var provider = await LocalProvider.StartAsync();
        await using var hub = await StartAsync(database, provider);
        provider.Person = ("u-17", "police@example.test", true);
        await SignInAsync(hub);

        provider.Person = ("u-99", "police@example.test", true);
        var other = await SignInAsync(hub);
        // The same person with a new address is still the same person.
        provider.Person = ("u-17", "new-name@example.test", true);
        var same = await SignInAsync(hub, "?next=/account");
        await hub.DoAsync("admin", new CloseAccount(hub.Account("police"), "Left."));
        var closed = await SignInAsync(hub);

        Assert.Contains("no open account", other.Text, StringComparison.Ordinal);
        Assert.Contains("Pat Police", same.Text, StringComparison.Ordinal);
        Assert.Contains("no open account", closed.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Without_configuration_there_is_no_such_way_in_and_a_forged_answer_opens_nothing(TestDatabase database)
    {
        await using (var plain = await TestHub.StartAsync(database))
        {
            using var browser = plain.Browser();
            Assert.Null((await browser.GetAsync("/account/sign-in")).Document.QuerySelector("a[href^='/account/organisation']"));
            // An address that does not exist asks the unknown to sign in, like every other: it does not even tell that it is not there.
            Assert.StartsWith("/account/sign-in", new Uri(browser.Client.BaseAddress!, (await browser.GetAsync("/account/organisation")).Location!).AbsolutePath, StringComparison.Ordinal);
        }

        await using var provider = await LocalProvider.StartAsync();
        await using var hub = await StartAsync(database, provider);
        using var thief = hub.Browser();
        var forged = await thief.OpenAsync("/account/organisation/callback?code=made-up&state=made-up");
        Assert.Contains("did not finish", forged.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task Settings_that_cannot_work_say_which_and_why()
    {
        var insecure = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHub.StartAsync(TestDatabase.Sqlite, configuration: new Dictionary<string, string?> { ["OpenIdConnect:Authority"] = "http://idp.example.org/", ["OpenIdConnect:ClientId"] = "x" }));
        var half = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHub.StartAsync(TestDatabase.Sqlite, configuration: new Dictionary<string, string?> { ["OpenIdConnect:Authority"] = "https://idp.example.org/" }));

        Assert.Contains("must be an https address", insecure.Message, StringComparison.Ordinal);
        Assert.Contains("OpenIdConnect:ClientId is not", half.Message, StringComparison.Ordinal);
    }
}
