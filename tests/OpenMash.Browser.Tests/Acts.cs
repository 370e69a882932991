using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpenMash.BrowserTests.House;

namespace OpenMash.BrowserTests;

/// <summary>What several journeys have people do.</summary>
internal static partial class Acts
{
    /// <summary>Goes through the five public pages without a mouse and gives the reference shown at the end.</summary>
    public static async Task<string> ReportByKeyboardAsync(Visitor reporter, string words, string givenName, string familyName, string? email = null)
    {
        var page = reporter.Page;
        await reporter.VisitAsync("/report");
        await reporter.SeesAsync("Step 1 of 5");
        await reporter.TypeAsync("Tell us in your own words", words);
        await reporter.TypeAsync("When was this?", "Last night");
        await ContinueAsync("Continue");
        await reporter.SeesAsync("Step 2 of 5");
        await reporter.TypeAsync("First name", givenName);
        await reporter.TypeAsync("Last name", familyName);
        await reporter.TypeAsync("Age or date of birth", "9");
        await reporter.TypeAsync("Where they live", "4 Mill Lane");
        await ContinueAsync("Continue");
        await reporter.SeesAsync("Step 3 of 5");
        await reporter.TypeAsync("Who else is there?", "A man with a grey van");
        await ContinueAsync("Continue");
        await reporter.SeesAsync("Step 4 of 5");
        await reporter.TabToAsync(page.GetByLabel("I do not want to give my name"));
        if (email is null)
        {
            await page.Keyboard.PressAsync("Space");
        }
        else
        {
            // In a group of radios the arrows choose, as the browser has it.
            await page.Keyboard.PressAsync("ArrowDown");
            await page.Keyboard.PressAsync("ArrowDown");
            Assert.True(await page.GetByLabel("You may know my name", new() { Exact = true }).IsCheckedAsync());
            await reporter.TypeAsync("Your name", "Nell Neighbour");
            await reporter.TypeAsync("Your e-mail address", email);
            await reporter.TabToAsync(page.GetByLabel("Yes", new() { Exact = true }));
            await page.Keyboard.PressAsync("Space");
        }

        await ContinueAsync("Continue");
        await reporter.SeesAsync("Step 5 of 5");
        await reporter.SeesAsync(words);
        await reporter.SeesAsync($"{givenName} {familyName}");
        await ContinueAsync("Send");
        await reporter.SeesAsync("We have your report");
        return Reference().Match(await page.Locator("main").InnerTextAsync()).Value;

        Task ContinueAsync(string button) => reporter.GoAsync(async () =>
        {
            await reporter.TabToAsync(page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }));
            await page.Keyboard.PressAsync("Enter");
        });
    }

    [GeneratedRegex(@"\b[RE]-\d{4}-\d{6}\b")]
    public static partial Regex Reference();
}
