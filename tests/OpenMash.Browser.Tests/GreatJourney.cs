using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OpenMash.BrowserTests.House;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Trail;
using static Microsoft.Playwright.Assertions;

namespace OpenMash.BrowserTests;

/// <summary>From a worried neighbour to "outcome told": six people of five agencies, each in a browser of their own, nobody loading a page again to see the others.</summary>
public sealed class GreatJourney(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    private const string Report = "The little one stood outside in the cold again, a man was shouting.";

    [Theory]
    [EachDatabase]
    public async Task A_public_report_goes_through_the_room_to_outcome_told(TestDatabase database)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stage = await Stage.OpenAsync(chromium, database);
        var screener = await stage.SignInAsync("screener");
        await screener.VisitAsync("/queue");
        await screener.SeesAsync("Nothing is waiting here");
        await screener.StayAsync();

        // The public form, without a mouse; the queue shows it by itself.
        var neighbour = await stage.VisitorAsync("neighbour", 390, 844);
        var reference = await Acts.ReportByKeyboardAsync(neighbour, Report, "Robin", "Marsh", "nell@example.test");
        await LiveAsync("the report in the queue", () => Expect(screener.Page.Locator("#queue-rows [data-item]")).ToContainTextAsync(reference, Wait));
        await screener.AssertSameDocumentAsync();

        // Screening: claim, identify, rate, open an enquiry.
        await screener.PressAsync($"Take {reference}");
        await screener.SeesAsync(Report);
        var contactUrl = screener.Path;
        await screener.PressAsync("New person");
        await screener.SeesAsync("In the register");
        await screener.Page.Locator("form[id^='rate-'] input[value='Amber']").CheckAsync();
        await screener.PressAsync("Rate");
        await screener.SeesAsync("amber");
        await screener.FollowAsync("Open an enquiry");
        await screener.Page.GetByLabel("Purpose").FillAsync("Is Robin safe at home tonight, and who is the man?");
        await screener.Page.GetByLabel("Lawful basis for sharing").FillAsync("Children Act 2004, section 11.");
        await screener.Page.GetByLabel("The family’s consent").FillAsync("Not sought yet: asking may add risk.");
        foreach (var agency in new[] { "police", "health", "education" }) await screener.Page.Locator($"#check-{stage.Hub.Agencies[agency]}").CheckAsync();
        await screener.PressAsync("Open the enquiry");
        await screener.SeesAsync("Police");
        var roomUrl = screener.Path;
        Assert.StartsWith("/enquiries/", roomUrl, StringComparison.Ordinal);
        await screener.StayAsync();

        // The agencies come in: presence is seen by those who are there.
        var police = await stage.SignInAsync("police");
        await police.VisitAsync("/checks");
        await police.Page.Locator("#checks [data-item] a").First.ClickAsync();
        await police.SeesAsync("Is Robin safe at home tonight");
        await police.LookAsync();
        var policeCheck = police.Path;
        await police.VisitAsync(roomUrl);
        await police.StayAsync();
        var health = await stage.SignInAsync("health");
        await health.VisitAsync(roomUrl);
        await health.StayAsync();
        await LiveAsync("health's presence at the police", () => Expect(police.Page.Locator("[data-presence-list]")).ToContainTextAsync("Hal Health", Wait));
        await LiveAsync("police presence at health", () => Expect(health.Page.Locator("[data-presence-list]")).ToContainTextAsync("Pat Police", Wait));

        // Checks come back while the others look on.
        var atDesk = await stage.SignInAsync("police");
        await AnswerAsync(atDesk, policeCheck, "Two calls to the address in October; a man was asked to leave.", "Pat Police");
        await LiveAsync("the police answer at health", () => Expect(health.Page.Locator("#room-known")).ToContainTextAsync("a man was asked to leave", Wait));
        await LiveAsync("the answered check in the hub", () => Expect(screener.Page.Locator("#room-asked")).ToContainTextAsync("Pat Police", Wait));
        var education = await stage.SignInAsync("education");
        await education.VisitAsync("/checks");
        await education.Page.Locator("#checks [data-item] a").First.ClickAsync();
        await education.Page.GetByLabel("nothing is held").CheckAsync();
        await education.Page.GetByLabel("Signed").FillAsync("Eve Education");
        await education.PressAsync("Sign and send");
        await LiveAsync("the answer of education at the police", () => Expect(police.Page.Locator("#room-asked")).ToContainTextAsync("Eve Education", Wait));
        await health.VisitAsync("/checks");
        await health.Page.Locator("#checks [data-item] a").First.ClickAsync();
        await AnswerAsync(health, null, "Missed two appointments since the summer.", "Hal Health");
        await LiveAsync("health's answer at the police", () => Expect(police.Page.Locator("#room-known")).ToContainTextAsync("Missed two appointments", Wait));
        await health.VisitAsync(roomUrl);
        await health.StayAsync();

        // A contribution and a message arrive; neither page is loaded again.
        await screener.AssertSameDocumentAsync();
        await screener.Page.GetByText("Add what Children's social care hub knows").Or(screener.Page.GetByText("Add what Children’s social care hub knows")).First.ClickAsync();
        await screener.Page.Locator("[name='Item.Words']").FillAsync("A cousin was on a plan in 2021.");
        await screener.PressAsync("Add it");
        await LiveAsync("the hub's contribution at the police", () => Expect(police.Page.Locator("#room-known")).ToContainTextAsync("A cousin was on a plan in 2021.", Wait));
        await LiveAsync("the hub's contribution at health", () => Expect(health.Page.Locator("#room-known")).ToContainTextAsync("A cousin was on a plan in 2021.", Wait));
        await screener.Page.GetByLabel("Say something to the room").FillAsync("Can anyone name the man?");
        await screener.PressAsync("Say it");
        await LiveAsync("a message at the police", () => Expect(police.Page.Locator("#room-talk")).ToContainTextAsync("Can anyone name the man?", Wait));

        // Views, blind until all are in.
        await police.AssertSameDocumentAsync();
        await ViewAsync(police, "Level 3", "Likely more than it looks.");
        await Expect(health.Page.Locator("#room-think")).Not.ToContainTextAsync("Likely more than it looks.");
        await ViewAsync(health, "Level 3", "Neglect is building up.");
        await education.VisitAsync(roomUrl);
        await ViewAsync(education, "Level 2", "We see a quiet, tidy child.");
        await police.StayAsync();
        await health.StayAsync();
        await ViewAsync(screener, "Level 3", "An assessment is needed.");
        await LiveAsync("the views open at the police", () => Expect(police.Page.Locator("#room-think")).ToContainTextAsync("Neglect is building up.", Wait));

        // The manager decides; the agencies say where they stand.
        var manager = await stage.SignInAsync("manager");
        await manager.VisitAsync(roomUrl);
        var decide = manager.Page.Locator("form#decide");
        await manager.Page.Locator("summary", new() { HasTextRegex = new("^\\s*Decide\\s*$") }).ClickAsync();
        await decide.GetByLabel("What is decided").SelectOptionAsync(nameof(LineOutcome.Assessment));
        await decide.GetByLabel("Level of need").SelectOptionAsync("3");
        await decide.GetByLabel("Why", new() { Exact = true }).FillAsync("Three agencies see a pattern; the man is unknown.");
        await decide.GetByLabel("What else was thought of").FillAsync("Early help: not enough, with an unknown adult at home.");
        await manager.GoAsync(() => decide.GetByRole(AriaRole.Button, new() { Name = "Decide and sign" }).ClickAsync());
        await LiveAsync("the decision at the police", () => Expect(police.Page.Locator("#room-think")).ToContainTextAsync("Three agencies see a pattern", Wait));
        await LiveAsync("the decision at health", () => Expect(health.Page.Locator("#room-think")).ToContainTextAsync("Three agencies see a pattern", Wait));
        await police.AssertSameDocumentAsync();
        await health.AssertSameDocumentAsync();
        await PositionAsync(police, "We agree", "We take part in the strategy.");
        await LiveAsync("the position of the police at health", () => Expect(health.Page.Locator("#room-think")).ToContainTextAsync("We take part in the strategy.", Wait));
        await PositionAsync(health, "We do not agree", "We think that this is significant harm.");
        await LiveAsync("the disagreement at the police", () => Expect(police.Page.Locator("#room-head")).ToContainTextAsync("does not agree", Wait));

        // Whoever raised it is told.
        await manager.VisitAsync(contactUrl);
        await manager.SeesAsync(reference);
        await using var db = stage.Hub.Store.Open(stage.Hub.Authority);
        for (var wait = Stopwatch.StartNew(); wait.Elapsed < TimeSpan.FromSeconds(30);)
        {
            if (await db.Set<Telling>().AsNoTracking().AnyAsync(t => t.Kind == "outcome" && t.State == TellingState.Told, ct)) break;
            await Task.Delay(200, ct);
        }

        Assert.All(await db.Set<ContactLine>().AsNoTracking().ToListAsync(ct), l => Assert.Equal((LineState.Decided, LineOutcome.Assessment), (l.State, l.Outcome)));
        var tellings = await db.Set<Telling>().AsNoTracking().ToListAsync(ct);
        Assert.Contains(tellings, t => t.Kind == "outcome");
        Assert.All(tellings, t => Assert.True(t.State is TellingState.Told or TellingState.Sent, $"{t.Kind} is {t.State}: {t.Note}"));
        Assert.Equal(EnquiryState.Decided, (await db.Set<Enquiry>().AsNoTracking().SingleAsync(ct)).State);
        Assert.All(await db.Set<AgencyCheck>().AsNoTracking().ToListAsync(ct), c => Assert.True(c.State is CheckState.Answered or CheckState.NothingHeld));
        Assert.Equal(2, await db.Set<DecisionPosition>().CountAsync(ct));
        Assert.True(await db.Set<TrailEntry>().AnyAsync(ct));
        await manager.VisitAsync(contactUrl);
        await Expect(manager.Page.Locator("main")).ToContainTextAsync("told", Wait);
        stage.AssertNothingWentWrong();
    }

    private static LocatorAssertionsToContainTextOptions Wait => new() { Timeout = 30_000 };

    private async Task LiveAsync(string what, Func<Task> seen)
    {
        var watch = Stopwatch.StartNew();
        await seen();
        output.WriteLine($"{what}: {watch.ElapsedMilliseconds} ms after the sender's next page");
    }

    private static async Task AnswerAsync(Visitor visitor, string? url, string words, string signed)
    {
        if (url is not null) await visitor.VisitAsync(url);
        await visitor.Page.GetByLabel("this is what we hold").CheckAsync();
        await visitor.Page.GetByLabel("What we hold", new() { Exact = true }).FillAsync(words);
        await visitor.LookAsync();
        await visitor.Page.GetByLabel("Signed").FillAsync(signed);
        await visitor.PressAsync("Sign and send");
        await visitor.SeesAsync(signed);
    }

    private static async Task ViewAsync(Visitor visitor, string level, string words)
    {
        var form = visitor.Page.Locator("form[action*='handler=View'], form:has([name='View.ViewWords'])").First;
        await form.GetByLabel(level).CheckAsync();
        await form.GetByLabel("What we think, and why").FillAsync(words);
        await visitor.GoAsync(() => form.GetByRole(AriaRole.Button, new() { Name = "Record our view" }).ClickAsync());
        await visitor.SeesAsync(words);
        await visitor.StayAsync();
    }

    private static async Task PositionAsync(Visitor visitor, string button, string words)
    {
        await visitor.Page.GetByLabel("agree? In your own words").FillAsync(words);
        await visitor.PressAsync(button);
        await visitor.SeesAsync(words);
        await visitor.StayAsync();
    }
}
