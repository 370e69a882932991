using OpenMash.BrowserTests.House;
using OpenMash.HubTests.House;

namespace OpenMash.BrowserTests;

/// <summary>The watch on the browsers sees what it is there to see.</summary>
public sealed class WatchTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_fault_in_a_page_its_console_or_an_answer_fails_the_test()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var visitor = await stage.VisitorAsync("visitor");
        await visitor.VisitAsync("/report");
        stage.AssertNothingWentWrong();

        await visitor.Page.EvaluateAsync("() => { console.error('a broken script'); document.querySelector('main').append(document.createElement('img')); document.querySelector('main h1').style.color = '#bbbbbb' }");
        await visitor.LookAsync();
        await visitor.Page.EvaluateAsync("() => { fetch('/api/v1/contacts', { method: 'POST' }); setTimeout(() => { throw new Error('a late fault') }) }");
        await visitor.Page.WaitForTimeoutAsync(1000);

        foreach (var sign in new[] { "console error: a broken script", "axe image-alt", "axe color-contrast", "401 for POST", "script: Error: a late fault" })
            Assert.Contains(sign, string.Join('\n', stage.Problems), StringComparison.Ordinal);
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(stage.AssertNothingWentWrong);
        Assert.Contains("a broken script", failure.Message, StringComparison.Ordinal);
    }
}
