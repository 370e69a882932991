using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OpenMash.BrowserTests.House;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;

namespace OpenMash.BrowserTests;

/// <summary>The public form on a device that others use too.</summary>
public sealed class PublicFormJourneys(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Words = "There was shouting again and the little one stood outside in the cold.";

    [Fact]
    public async Task A_report_by_keyboard_alone_is_sent_and_leaves_nothing_on_the_device()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var neighbour = await stage.VisitorAsync("neighbour");
        var reference = await Acts.ReportByKeyboardAsync(neighbour, Words, "Robin", "Marsh");

        Assert.Empty(await neighbour.Context.CookiesAsync());
        var left = await neighbour.Page.EvaluateAsync<string>(
            """
            async () => JSON.stringify({
              local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookies: document.cookie,
              caches: await caches.keys(), databases: (await indexedDB.databases()).map(d => d.name),
              workers: (await navigator.serviceWorker.getRegistrations()).length
            })
            """);
        Assert.Equal("""{"local":[],"session":[],"cookies":"","caches":[],"databases":[],"workers":0}""", left);
        await using var db = stage.Hub.Store.Open(stage.Hub.Authority);
        var kept = await db.Set<Contact>().SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((reference, Words, Way.PublicForm), (kept.Reference, kept.Words, kept.Way));
        stage.AssertNothingWentWrong();
    }

    [Theory]
    [InlineData("button")]
    [InlineData("keys")]
    public async Task Leaving_takes_the_words_away_and_Back_does_not_bring_them(string way)
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var child = await stage.VisitorAsync("child", 390, 844);
        await child.VisitAsync("/report");
        await child.Page.GetByLabel("Tell us in your own words").FillAsync(Words);
        if (way == "button") await child.Page.GetByRole(AriaRole.Link, new() { Name = "Leave this page" }).ClickAsync();
        else
        {
            for (var press = 0; press < 3; press++) await child.Page.Keyboard.PressAsync("Escape");
        }

        await child.Page.WaitForURLAsync(url => !url.StartsWith(stage.Hub.Address.ToString(), StringComparison.Ordinal));
        Assert.Equal("Elsewhere", await child.Page.TitleAsync());
        await child.ExpectingTroubleAsync(() => child.Page.GoBackAsync(new() { Timeout = 5000 }));
        Assert.DoesNotContain("shouting", await child.Page.ContentAsync(), StringComparison.Ordinal);
        stage.AssertNothingWentWrong();
    }

    [Fact]
    public async Task The_browsers_Back_goes_one_step_back_with_every_word_and_a_lost_connection_costs_none()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var neighbour = await stage.VisitorAsync("neighbour");
        var page = neighbour.Page;
        await neighbour.VisitAsync("/report");
        await page.GetByLabel("Tell us in your own words").FillAsync(Words);
        await neighbour.PressAsync("Continue");
        await neighbour.SeesAsync("Step 2 of 5");
        await page.GetByLabel("First name").FillAsync("Robin");

        await page.GoBackAsync();
        await neighbour.SeesAsync("Step 1 of 5");
        await Assertions.Expect(page.GetByLabel("Tell us in your own words")).ToHaveValueAsync(Words);
        await page.GoForwardAsync();
        await neighbour.SeesAsync("Step 2 of 5");
        await Assertions.Expect(page.GetByLabel("First name")).ToHaveValueAsync("Robin");
        await neighbour.PressAsync("Go to the end and send");
        await neighbour.SeesAsync("Step 5 of 5");

        await neighbour.ExpectingTroubleAsync(async () =>
        {
            await neighbour.Context.SetOfflineAsync(true);
            await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
            await neighbour.SeesAsync("was NOT sent");
            await neighbour.Context.SetOfflineAsync(false);
        });
        await neighbour.SeesAsync(Words);
        // GOV.UK's buttons take no second press within a second.
        await page.WaitForTimeoutAsync(1100);
        await neighbour.PressAsync("Send");
        await neighbour.SeesAsync("We have your report");

        // Nothing of a sent report comes back, and Back sends nothing again.
        await page.GoBackAsync();
        await neighbour.SeesAsync("Step 1 of 5");
        await Assertions.Expect(page.GetByLabel("Tell us in your own words")).ToHaveValueAsync("");
        await using var db = stage.Hub.Store.Open(stage.Hub.Authority);
        Assert.Equal(Words, (await db.Set<Contact>().SingleAsync(TestContext.Current.CancellationToken)).Words);
        stage.AssertNothingWentWrong();
    }

    [Fact]
    public async Task The_form_fits_a_small_telephone_on_every_page()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var child = await stage.VisitorAsync("child", 320, 640);
        await child.VisitAsync("/report");
        await child.Page.GetByLabel("Tell us in your own words").FillAsync(Words);
        for (var step = 1; step <= 5; step++)
        {
            await child.SeesAsync($"Step {step} of 5");
            Assert.True(await child.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"Page {step} is wider than the screen.");
            if (step < 5) await child.PressAsync("Continue");
        }

        stage.AssertNothingWentWrong();
    }
}
