using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OpenMash.BrowserTests.House;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;

namespace OpenMash.BrowserTests;

/// <summary>A screening officer whose mouse has gone: the queue and a contact, worked with the keys alone.</summary>
public sealed class KeyboardJourneys(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_contact_is_found_taken_rated_and_decided_without_a_mouse()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var hub = stage.Hub;
        var sent = await hub.DoAsync("teacher", new SubmitContact { Way = Way.PartnerForm, Words = "She came without shoes.", Original = "{}", People = [new PersonIntake { GivenName = "Mira", FamilyName = "Testley", Birth = "9/3/2012" }] });
        var screener = await stage.SignInAsync("screener");
        var page = screener.Page;
        var keys = page.Keyboard;
        await screener.VisitAsync("/");

        // The first stop leads past the head of the page, and can be seen.
        await keys.PressAsync("Tab");
        await Assertions.Expect(page.Locator(".govuk-skip-link")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".govuk-skip-link")).ToBeInViewportAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#main")).ToBeFocusedAsync();

        // The list of keys opens and closes by key; so does one's own menu.
        await keys.PressAsync("?");
        await Assertions.Expect(page.Locator("#hub-keys")).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#hub-keys")).ToBeHiddenAsync();
        await keys.PressAsync("/");
        await Assertions.Expect(page.Locator("#hub-search")).ToBeFocusedAsync();
        await page.Locator(".hub-person > summary").FocusAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".hub-person__panel")).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".hub-person__panel")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".hub-person > summary")).ToBeFocusedAsync();

        await keys.PressAsync("g");
        await keys.PressAsync("q");
        await page.WaitForURLAsync("**/queue", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Assertions.Expect(page.Locator("[data-keys-link]")).ToBeVisibleAsync();
        await keys.PressAsync("j");
        await Assertions.Expect(page.Locator("tr.hub-row--here")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await page.WaitForURLAsync($"**/contacts/{sent.ContactId}", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await screener.LookAsync();

        await PressOnAsync(page.GetByRole(AriaRole.Button, new() { Name = "Take it", Exact = true }));
        await screener.SeesAsync("Owner: Sam Screener");
        await screener.TabToAsync(page.GetByRole(AriaRole.Radio, new() { Name = "Red" }));
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Space");
        await PressOnAsync(page.GetByRole(AriaRole.Button, new() { Name = "Rate", Exact = true }));
        await screener.TabToAsync(page.Locator("[name=outcome]").First);
        while (!await page.Locator("[name=outcome][value=Assessment]").IsCheckedAsync()) await keys.PressAsync("ArrowDown");
        await screener.TypeAsync("Reason for this outcome", "She needs to be seen at home.");
        await PressOnAsync(page.GetByRole(AriaRole.Button, new() { Name = "Decide for child 1" }));

        await using var db = hub.Store.Open(hub.Authority);
        var line = await db.Set<ContactLine>().SingleAsync(l => l.ContactId == sent.ContactId, TestContext.Current.CancellationToken);
        Assert.Equal((Rating.Amber, LineState.Decided, LineOutcome.Assessment), (line.Rating!.Value, line.State, line.Outcome!.Value));
        stage.AssertNothingWentWrong();

        Task PressOnAsync(ILocator button) => screener.GoAsync(async () =>
        {
            await screener.TabToAsync(button);
            await keys.PressAsync("Enter");
        });
    }

    /// <summary>Every act is a form of its own: nothing on these pages waits for a script.</summary>
    [Fact]
    public async Task The_same_works_in_a_browser_without_scripts()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var hub = stage.Hub;
        var sent = await hub.DoAsync("teacher", new SubmitContact { Way = Way.PartnerForm, Words = "She came without shoes.", Original = "{}", People = [new PersonIntake { GivenName = "Mira", FamilyName = "Testley", Birth = "9/3/2012" }] });
        var context = await chromium.Browser.NewContextAsync(new() { BaseURL = hub.Address.ToString(), JavaScriptEnabled = false, Locale = "en-GB" });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/account/personas");
        await page.ClickAsync($"button[value='{hub.Account("screener")}']");
        await page.GotoAsync("/queue");
        await page.ClickAsync("tr:has-text('R-') button:has-text('Take')");
        await page.WaitForURLAsync($"**/contacts/{sent.ContactId}");
        await page.CheckAsync("[name=rating][value=Amber]");
        await page.ClickAsync("#rate-1 button");
        await page.CheckAsync("[name=outcome][value=Assessment]");
        await page.FillAsync("#decide-1 [name=reason], #decide-1 [name=Reason]", "She needs to be seen at home.");
        await page.ClickAsync("#decide-1 button");
        await Assertions.Expect(page.Locator("#line-1")).ToContainTextAsync("Decide again");
        await context.CloseAsync();

        await using var db = hub.Store.Open(hub.Authority);
        var line = await db.Set<ContactLine>().SingleAsync(l => l.ContactId == sent.ContactId, TestContext.Current.CancellationToken);
        Assert.Equal((Rating.Amber, LineState.Decided), (line.Rating!.Value, line.State));
    }
}
