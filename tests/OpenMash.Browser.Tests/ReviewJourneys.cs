using Microsoft.Playwright;
using OpenMash.BrowserTests.House;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.HubTests.People;
using OpenMash.Records.People;

namespace OpenMash.BrowserTests;

/// <summary>The review of uncertain matches worked by the keys alone, and what a merge and its end look like to whoever did them.</summary>
public sealed class ReviewJourneys(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Pairs_are_decided_one_after_the_other_without_a_mouse_and_a_merge_is_undone()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var hub = stage.Hub;
        var ids = await hub.RegisterAsync([.. Registered.Misspelt(), Registered.Entry("Zofia", "Kaczmarczyk", new NodaTime.LocalDate(2012, 3, 9), "5 Mill Lane", "WX2 9AB"), Registered.Entry("Sofia", "Kaczmarczyk", new NodaTime.LocalDate(2012, 9, 3), "5 Mill Lane", "WX2 9AB")]);
        await hub.WorkAsync();
        Assert.Equal(2, (await hub.AllAsync<MatchPair>()).Count);
        var screener = await stage.SignInAsync("screener");
        var page = screener.Page;
        var keys = page.Keyboard;
        await screener.VisitAsync("/");

        await keys.PressAsync("g");
        await keys.PressAsync("p");
        await page.WaitForURLAsync("**/people/review", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Assertions.Expect(page.Locator("[data-keys-link]")).ToBeVisibleAsync();
        await keys.PressAsync("j");
        await keys.PressAsync("Enter");
        await page.WaitForURLAsync("**/people/review/*-*", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await screener.LookAsync();
        await Assertions.Expect(page.Locator("[data-keys-link]")).ToBeVisibleAsync();
        var first = page.Url;

        await keys.PressAsync("s");
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "The same person" })).ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("#Reason")).ToBeFocusedAsync();
        await keys.TypeAsync("Same school, same mother.");
        await keys.PressAsync("Enter");
        await page.WaitForURLAsync(url => url.Contains("/people/review/", StringComparison.Ordinal) && url != first, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await screener.SeesAsync("read as one record from now on");
        await Assertions.Expect(page.Locator("[data-keys-link]")).ToBeVisibleAsync();
        await keys.PressAsync("d");
        await Assertions.Expect(page.Locator("#Reason")).ToBeFocusedAsync();
        await keys.TypeAsync("Two sisters.");
        await keys.PressAsync("Enter");
        await page.WaitForURLAsync("**/people/review", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await screener.SeesAsync("No pair waits");

        var merge = Assert.Single(await hub.AllAsync<Resolution>());
        await screener.VisitAsync($"/people/{merge.FromId}");
        await screener.LookAsync();
        await screener.SeesAsync("Records joined here");
        await page.GetByText("They are two people").ClickAsync();
        await page.FillAsync($"#unmerge-{merge.Id}", "The school has both on its roll.");
        await screener.GoAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Take them apart" }).ClickAsync());
        await screener.SeesAsync("The records stand apart again");
        var ended = Assert.Single(await hub.AllAsync<Resolution>());
        Assert.True(ended.EndedAt is { } at && at >= ended.At, "The merge has not ended, or before it began.");
        Assert.Equal("The school has both on its roll.", ended.EndedReason);
        Assert.Equal(5, ids.Count);
        stage.AssertNothingWentWrong();
    }
}
