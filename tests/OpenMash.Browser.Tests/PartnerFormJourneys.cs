using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OpenMash.BrowserTests.House;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;

namespace OpenMash.BrowserTests;

/// <summary>A teacher reports between two lessons.</summary>
public sealed class PartnerFormJourneys(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Words = "He said he sleeps in the car when his uncle is there.";

    [Fact]
    public async Task A_draft_outlives_the_browser_and_is_sent_from_another()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var before = await stage.SignInAsync("teacher");
        await before.VisitAsync("/contacts/new");
        await before.Page.GetByLabel("What are you worried about?").FillAsync(Words);
        await before.Page.GetByLabel("Where is the child now?").FillAsync("In class until half past three");
        await Assertions.Expect(before.Page.Locator("[data-autosave-state]")).ToContainTextAsync("Saved", new() { Timeout = 20_000 });
        await before.CloseAsync();

        var after = await stage.SignInAsync("teacher", 390, 844);
        await after.VisitAsync("/contacts/new");
        await after.GoAsync(() => after.Page.GetByRole(AriaRole.Link, new() { Name = "He said he sleeps" }).ClickAsync());
        Assert.Equal(Words, await after.Page.GetByLabel("What are you worried about?").InputValueAsync());
        Assert.Equal("In class until half past three", await after.Page.GetByLabel("Where is the child now?").InputValueAsync());
        Assert.True(await after.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The form is wider than a telephone.");
        await after.PressAsync("Send");
        await after.SeesAsync("Received");
        var reference = Acts.Reference().Match(await after.Page.Locator("main").InnerTextAsync()).Value;

        await using (var db = stage.Hub.Store.Open(stage.Hub.Authority))
        {
            var kept = await db.Set<Contact>().SingleAsync(TestContext.Current.CancellationToken);
            Assert.Equal((reference, Words, Way.PartnerForm), (kept.Reference, kept.Words, kept.Way));
        }

        await after.VisitAsync("/contacts/new");
        await after.SeesAsync("What you type is kept here as you type");
        stage.AssertNothingWentWrong();
    }

    [Fact]
    public async Task A_cut_connection_is_said_and_the_draft_is_saved_when_it_is_back()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var teacher = await stage.SignInAsync("teacher");
        await teacher.VisitAsync("/contacts/new");
        var state = teacher.Page.Locator("[data-autosave-state]");
        await teacher.ExpectingTroubleAsync(async () =>
        {
            await teacher.Context.SetOfflineAsync(true);
            await teacher.Page.GetByLabel("What are you worried about?").FillAsync(Words);
            await Assertions.Expect(state).ToContainTextAsync("Not saved: no connection", new() { Timeout = 20_000 });
        });
        Assert.Equal(Words, await teacher.Page.GetByLabel("What are you worried about?").InputValueAsync());
        await teacher.Context.SetOfflineAsync(false);
        await Assertions.Expect(state).ToContainTextAsync("Saved", new() { Timeout = 20_000 });
        await teacher.VisitAsync("/contacts/new");
        await teacher.SeesAsync("He said he sleeps");
        stage.AssertNothingWentWrong();
    }
}
