using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OpenMash.HubTests.House;

namespace OpenMash.BrowserTests.House;

/// <summary>
/// A hub that works (outbox, live notices, seals) and the people at it, each in a browser of their own. Whatever goes wrong unseen, such as an error in a
/// console, a request that failed or a page that axe objects to, is collected and fails the test at its end.
/// </summary>
public sealed class Stage(TestHub hub, IBrowser browser) : IAsyncDisposable
{
    private readonly List<Visitor> _visitors = [];

    public TestHub Hub => hub;

    public ConcurrentQueue<string> Problems { get; } = new();

    /// <summary>Pages, by address and content, that axe has looked at: the same page is not looked at twice.</summary>
    internal ConcurrentDictionary<string, bool> LookedAt { get; } = new();

    public static async Task<Stage> OpenAsync(Chromium chromium, TestDatabase database) => new(await TestHub.StartAsync(database, runsWork: true), chromium.Browser);

    /// <summary>A browser without a session.</summary>
    public async Task<Visitor> VisitorAsync(string name, int width = 1280, int height = 900)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = hub.Address.ToString(), ViewportSize = new() { Width = width, Height = height }, Locale = "en-GB", TimezoneId = "Europe/London" });
        context.SetDefaultTimeout(30_000);
        var visitor = new Visitor(this, name, context, await context.NewPageAsync());
        await visitor.WatchAsync();
        _visitors.Add(visitor);
        return visitor;
    }

    /// <summary>A browser signed in as one of the people of the hub.</summary>
    public async Task<Visitor> SignInAsync(string person, int width = 1280, int height = 900)
    {
        var visitor = await VisitorAsync(person, width, height);
        await visitor.VisitAsync("/account/personas");
        await visitor.GoAsync(() => visitor.Page.ClickAsync($"button[value='{hub.Account(person)}']"));
        return visitor;
    }

    public void AssertNothingWentWrong() => Assert.True(Problems.IsEmpty, "In the browsers:\n" + string.Join('\n', Problems));

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in _visitors) await visitor.CloseAsync();
        await hub.DisposeAsync();
    }
}

/// <summary>One person's browser.</summary>
public sealed class Visitor(Stage stage, string name, IBrowserContext context, IPage page)
{
    private static readonly AxeRunOptions Standards = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    private bool _expectsTrouble;
    private int _expectedStatus;

    public IPage Page => page;

    public IBrowserContext Context => context;

    public string Path => new Uri(page.Url).AbsolutePath;

    internal async Task WatchAsync()
    {
        // Nothing leaves this machine: the page that "Leave this page" goes to is made up.
        await context.RouteAsync(
            url => !url.StartsWith(stage.Hub.Address.ToString(), StringComparison.Ordinal) && url.StartsWith("http", StringComparison.Ordinal),
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!DOCTYPE html><html lang=en><link rel=icon href=data:,><title>Elsewhere</title><h1>Elsewhere</h1></html>" }));
        page.Console += (_, message) =>
        {
            if (_expectedStatus != 0 && message.Text.Contains($"status of {_expectedStatus}", StringComparison.Ordinal)) return;
            if (message.Type is "error" or "warning") Problem($"console {message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => Problem("script: " + error);
        page.RequestFailed += (_, request) =>
        {
            // A fetch that a navigation cuts off has not failed.
            if (request.Failure != "net::ERR_ABORTED") Problem($"request failed: {request.Method} {request.Url} {request.Failure}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && response.Status != _expectedStatus) Problem($"{response.Status} for {response.Request.Method} {response.Url}");
        };
    }

    private void Problem(string what)
    {
        if (!_expectsTrouble) stage.Problems.Enqueue($"{name} at {page.Url}: {what}");
    }

    /// <summary>Goes to a page and has axe look at it.</summary>
    public async Task VisitAsync(string url)
    {
        await page.GotoAsync(url);
        await LookAsync();
    }

    /// <summary>Goes to a page that answers with a refusal or the like, and has axe look at what it says.</summary>
    public async Task VisitAsync(string url, int status)
    {
        _expectedStatus = status;
        var answer = await page.GotoAsync(url);
        Assert.Equal(status, answer!.Status);
        await LookAsync();
        _expectedStatus = 0;
    }

    /// <summary>Does what leads to another page and has axe look at that.</summary>
    public async Task GoAsync(Func<Task> act)
    {
        // A POST comes back by a redirect to the same address: the new page's main part, not the address, tells that it is there.
        await page.EvaluateAsync("document.querySelector('main').dataset.left = ''");
        await act();
        await Assertions.Expect(page.Locator("main:not([data-left])")).ToBeAttachedAsync(new() { Timeout = 30_000 });
        await page.WaitForLoadStateAsync(LoadState.Load);
        await LookAsync();
    }

    public Task PressAsync(string button) => GoAsync(() => page.GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync());

    public Task FollowAsync(string link) => GoAsync(() => page.GetByRole(AriaRole.Link, new() { Name = link }).First.ClickAsync());

    /// <summary>Has axe look at what the page shows now.</summary>
    public async Task LookAsync()
    {
        var path = Path;
        if (path == "/account/personas" && !stage.LookedAt.TryAdd(path, true)) return;
        var result = await page.RunAxe(Standards);
        foreach (var violation in result.Violations)
        {
            foreach (var node in violation.Nodes.Take(3)) Problem($"axe {violation.Id}: {violation.Help}; {node.Html}");
        }
    }

    /// <summary>While this lasts, trouble is what the test makes: a connection that is cut, a request that fails.</summary>
    public async Task ExpectingTroubleAsync(Func<Task> act)
    {
        _expectsTrouble = true;
        await act();
        _expectsTrouble = false;
    }

    /// <summary>Presses Tab until the element has the focus, as someone without a mouse does.</summary>
    public async Task TabToAsync(ILocator target)
    {
        for (var press = 0; press < 120; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await target.EvaluateAsync<bool>("e => e === document.activeElement")) return;
        }

        Assert.Fail($"{target} cannot be reached with the Tab key at {page.Url}.");
    }

    public async Task TypeAsync(string label, string words)
    {
        await TabToAsync(page.GetByLabel(label).First);
        await page.Keyboard.TypeAsync(words);
    }

    /// <summary>Marks the document, so that <see cref="AssertSameDocumentAsync"/> can tell that it was never loaded again.</summary>
    public Task StayAsync() => page.EvaluateAsync("window.stayed = true");

    public async Task AssertSameDocumentAsync() => Assert.True(await page.EvaluateAsync<bool>("window.stayed === true"), $"{name}'s page was loaded again at {page.Url}.");

    public Task SeesAsync(string text, float seconds = 15) => Assertions.Expect(page.Locator("main")).ToContainTextAsync(text, new() { Timeout = seconds * 1000 });

    public async Task CloseAsync()
    {
        try
        {
            await context.CloseAsync();
        }
        catch (PlaywrightException)
        {
            // The browser has gone before: what the test itself found must not be hidden by that.
        }
    }
}
