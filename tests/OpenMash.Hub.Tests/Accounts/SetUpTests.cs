using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.HubTests.House;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.Accounts;

public class SetUpTests
{
    private static Dictionary<string, string> Answers(string code) => new()
    {
        ["Code"] = code,
        ["AuthorityName"] = "Fenwick Borough Council",
        ["AuthorityCode"] = "987",
        ["HubName"] = "Fenwick hub",
        ["Telephone"] = "01632 960 555",
        ["AgencyName"] = "Children's social care",
        ["FullName"] = "Una First",
        ["Email"] = "una@example.test",
        ["Password"] = SignInJourney.Password,
        ["PasswordAgain"] = SignInJourney.Password,
    };

    [Theory, EachDatabase]
    public async Task While_nobody_administers_the_hub_every_page_leads_to_set_up_which_needs_the_console_code(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, mode: HubMode.Serve, people: false);
        using var browser = hub.Browser();
        var gate = hub.App.Services.GetRequiredService<SetupGate>();

        var front = await browser.GetAsync("/");
        var signIn = await browser.GetAsync("/account/sign-in");
        var api = await browser.GetAsync("/api/v1/contacts");
        var page = await browser.GetAsync("/setup");
        var wrong = await page.PostAsync(Answers("aaaa-bbbb-cccc-dddd"));
        var incomplete = await page.PostAsync(new(Answers(gate.Code)) { ["AuthorityCode"] = "x", ["PasswordAgain"] = "other" });
        await using var db = hub.Store.Open(0);
        var before = await db.Set<Authority>().AnyAsync() || await db.Set<Account>().AnyAsync();
        var done = await incomplete.PostAsync(Answers(gate.Code.ToUpperInvariant()));

        Assert.Equal("/setup", front.Location);
        Assert.Equal("/setup", signIn.Location);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, api.Status);
        Assert.Equal((HttpStatusCode)422, wrong.Status);
        Assert.Contains("not the code", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("three digits", incomplete.Text, StringComparison.Ordinal);
        Assert.Contains("not the same", incomplete.Text, StringComparison.Ordinal);
        Assert.False(before);
        Assert.Equal("/account/two-factor/enrol", done.Location);

        var enrol = await browser.GetAsync(done.Location!);
        await enrol.PostAsync(new() { ["Code"] = Authenticator.Code(SignInJourney.KeyOn(enrol)) });
        var account = await browser.GetAsync("/account");
        Assert.Contains("Una First", account.Text, StringComparison.Ordinal);
        Assert.Contains("system administrator", account.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Set_up_is_refused_afterwards_even_with_the_right_code(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, mode: HubMode.Serve, people: false);
        using var browser = hub.Browser();
        var code = hub.App.Services.GetRequiredService<SetupGate>().Code;
        var page = await browser.GetAsync("/setup");
        var kept = page;
        await page.PostAsync(Answers(code));

        var again = await kept.PostAsync(new(Answers(code)) { ["Email"] = "mallory@example.test" });
        var shown = await browser.GetAsync("/setup");

        Assert.Equal(HttpStatusCode.NotFound, again.Status);
        Assert.Equal(HttpStatusCode.NotFound, shown.Status);
        await using var db = hub.Store.Open(1);
        Assert.Equal(1, await db.Set<Account>().CountAsync());
        Assert.Equal(1, await db.Set<Membership>().CountAsync());
        Assert.Equal(1, await db.Set<Agency>().CountAsync(a => a.IsHub));
    }

    [Theory, EachDatabase]
    public async Task Two_people_who_set_up_at_once_make_one_administrator(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, mode: HubMode.Serve, people: false);
        var code = hub.App.Services.GetRequiredService<SetupGate>().Code;
        using var one = hub.Browser();
        using var two = hub.Browser();
        var pages = new[] { await one.GetAsync("/setup"), await two.GetAsync("/setup") };

        var answers = await Task.WhenAll(pages.Select((p, i) => p.PostAsync(new(Answers(code)) { ["Email"] = $"first{i}@example.test" })));

        await using var db = hub.Store.Open(1);
        Assert.Equal(1, await db.Set<Membership>().CountAsync());
        Assert.Equal(1, answers.Count(a => a.Status == HttpStatusCode.Redirect));
    }

    [Theory, EachDatabase]
    public async Task The_password_of_set_up_is_nowhere_in_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, mode: HubMode.Serve, people: false);
        using var browser = hub.Browser();
        await (await browser.GetAsync("/setup")).PostAsync(Answers(hub.App.Services.GetRequiredService<SetupGate>().Code));

        await using var db = hub.Store.Open(1);
        var hash = (await db.Set<Account>().SingleAsync()).PasswordHash!;
        foreach (var content in await db.Set<TrailContent>().Select(c => c.Content).ToListAsync())
        {
            Assert.DoesNotContain(hash, content ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain(SignInJourney.Password, content ?? "", StringComparison.Ordinal);
        }
    }
}
