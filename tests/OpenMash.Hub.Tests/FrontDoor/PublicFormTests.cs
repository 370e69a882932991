using System.Net;
using Microsoft.EntityFrameworkCore;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;

namespace OpenMash.HubTests.FrontDoor;

public class PublicFormTests
{
    private const string Words = "The children next door are alone every evening.";

    [Theory, EachDatabase]
    public async Task Anyone_can_report_in_five_pages_without_a_name_and_gets_a_reference(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();

        var page = await browser.GetAsync("/report");
        Assert.Contains("href=\"tel:999\"", page.Html, StringComparison.Ordinal);
        page = await page.PostAsync(new() { ["Report.Words"] = Words, ["go"] = "next" });
        page = await page.PostAsync(new() { ["Report.People[0].GivenName"] = "Alfie", ["Report.People[0].Age"] = "about 8", ["go"] = "next" });
        page = await page.PostAsync(new() { ["Report.WithWhom"] = "Nobody", ["Report.Things[1].Value"] = "wx12 abz", ["go"] = "next" });
        page = await page.PostAsync(new() { ["Report.Who"] = "anonymous", ["Report.Safe"] = "no", ["go"] = "next" });
        Assert.Contains(Words, page.Text, StringComparison.Ordinal);
        page = await page.PostAsync(new() { ["go"] = "send" });

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("R-2026-000001", page.Text, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        var contact = await db.Set<Contact>().SingleAsync();
        Assert.Equal((Words, Way.PublicForm, ReferrerIdentity.Anonymous, false), (contact.Words, contact.Way, contact.Identity, contact.SafeToContact));
        var mention = await db.Set<Mention>().SingleAsync();
        Assert.Equal(("Alfie", "about 8"), (mention.GivenName, mention.BirthAsReported));
        Assert.Equal("WX12ABZ", (await db.Set<MentionedThing>().SingleAsync()).Normal);
        Assert.Empty(await db.Set<Telling>().ToListAsync());
    }

    [Theory, EachDatabase]
    public async Task The_form_sets_no_cookie_is_not_kept_and_sending_twice_is_one_report(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();

        var page = await browser.GetAsync("/report");
        var last = await page.PostAsync(new() { ["Report.Words"] = Words, ["go"] = "step-5" });
        var first = await last.PostAsync(new() { ["go"] = "send" });
        var again = await last.PostAsync(new() { ["go"] = "send" });

        Assert.Equal(0, browser.Cookies.Count);
        Assert.Contains("no-store", page.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("R-2026-000001", first.Text, StringComparison.Ordinal);
        Assert.Contains("R-2026-000001", again.Text, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(1, await db.Set<Contact>().CountAsync());
    }

    [Theory, EachDatabase]
    public async Task Without_words_it_says_what_is_missing_and_keeps_the_rest(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();

        var page = await (await browser.GetAsync("/report")).PostAsync(new() { ["Report.WhenHappened"] = "last night", ["go"] = "next" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("Tell us what you are worried about", page.Text, StringComparison.Ordinal);
        Assert.Contains("last night", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_the_rate_reports_are_still_taken_and_marked()
    {
        await using var hub = await TestHub.StartAsync(TestDatabase.Sqlite);
        using var browser = hub.Browser();
        var last = await (await browser.GetAsync("/report")).PostAsync(new() { ["Report.Words"] = Words, ["go"] = "step-5" });

        for (var i = 0; i < 22; i++) await last.PostAsync(new() { ["go"] = "send", ["CommandId"] = Guid.CreateVersion7().ToString() });

        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal((22, 2), (await db.Set<Contact>().CountAsync(), await db.Set<Contact>().CountAsync(c => c.BeyondRateLimit)));
    }
}
