using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Trail;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.HubRoom;

/// <summary>The room over HTTP, without JavaScript.</summary>
public class RoomPages
{
    private const string Contribute = "form[action*='handler=Contribute']";
    private const string Decide = "form#decide";

    [Theory, EachDatabase]
    public async Task An_act_that_no_handler_knows_is_not_found_and_never_looks_like_one_that_was_done(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        using var police = await hub.SignInAsync("police");
        var page = await police.GetAsync(scene.Url);
        var token = page.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

        var posted = await police.PostFormAsync(scene.Url + "?handler=Nothing", [new("__RequestVerificationToken", token), new("Talk.Words", "Does anyone hear this?")]);

        Assert.Equal(HttpStatusCode.NotFound, posted.Status);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Empty(await db.Set<RoomMessage>().ToListAsync());
    }

    [Theory, EachDatabase]
    public async Task An_enquiry_is_opened_asked_answered_discussed_and_decided_without_script(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        var other = await hub.DoAsync("teacher", new SubmitContact { Way = Way.PartnerForm, Words = "He is out all night.", Original = "{}", People = [new PersonIntake { GivenName = "Kit", FamilyName = "Marker" }] });
        using var screener = await hub.SignInAsync("screener");
        using var police = await hub.SignInAsync("police");

        var open = await screener.GetAsync($"/enquiries/open?contact={other.ContactId}");
        Assert.Contains("He is out all night.", open.Text, StringComparison.Ordinal);
        var bad = await open.PostAsync(new() { ["Rating"] = "Amber", ["Purpose"] = "" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.Status);
        Assert.Contains("Give the lawful basis for sharing.", bad.Text, StringComparison.Ordinal);
        var opened = await bad.PostAsync(new() { ["Purpose"] = "Where is he at night?", ["LawfulBasis"] = "s11", ["ConsentNote"] = "Sought, given", ["Checks"] = hub.Agencies["police"].ToString() });
        var url = opened.Location!;
        Assert.StartsWith("/enquiries/", url, StringComparison.Ordinal);

        var checks = await police.GetAsync("/checks");
        Assert.Contains("E-2026-000002", checks.Text, StringComparison.Ordinal);
        var check = await police.GetAsync(checks.Document.QuerySelectorAll("main td a").Single(a => a.TextContent == "E-2026-000002").GetAttribute("href")!);
        Assert.Contains("Kit Marker", check.Text, StringComparison.Ordinal);
        // The report itself and its sender are not shared by asking.
        Assert.DoesNotContain("out all night", check.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Tess", check.Html, StringComparison.Ordinal);
        var unsaid = await check.PostAsync(new() { ["As"] = "HeldNotShared", ["NotSharedBecause"] = "" });
        Assert.Contains("say because of what", unsaid.Text, StringComparison.Ordinal);
        var answered = await unsaid.SubmitAsync(new() { ["As"] = "Answered", ["Answer"] = "Stopped twice in a car.\nAt night." });
        Assert.Contains("Your answer is signed", answered.Text, StringComparison.Ordinal);

        var room = await screener.GetAsync(url);
        Assert.Contains("Stopped twice in a car.", room.Text, StringComparison.Ordinal);
        Assert.Contains("new since you looked", room.Text, StringComparison.Ordinal);
        var said = await room.SubmitAsync(new() { ["Talk.Words"] = "Does anyone know the car?" }, "form[action*='handler=Talk']");
        Assert.Contains("Does anyone know the car?", said.Text, StringComparison.Ordinal);
        // What one has read is no longer new.
        Assert.DoesNotContain("new since you looked", (await screener.GetAsync(url)).Text, StringComparison.Ordinal);
        Assert.Contains("new since you looked", (await police.GetAsync(url)).Text, StringComparison.Ordinal);

        var added = await (await police.GetAsync(url)).SubmitAsync(new() { ["Item.Words"] = "The car is his uncle's", ["Item.MaySee"] = "HubOnly", ["Item.Nature"] = "Opinion" }, Contribute);
        Assert.Contains("The car is his uncle's", added.Text, StringComparison.Ordinal);
        var decided = await (await screener.GetAsync(url)).SubmitAsync(
            new() { ["Decide.Outcome"] = "Assessment", ["Decide.Level"] = "3", ["Decide.Rationale"] = "Out at night with an adult", ["Decide.OptionsRejected"] = "Advice: tried before" }, Decide);
        Assert.Contains("Decision 1: Referral for assessment", decided.Text, StringComparison.Ordinal);
        var disagreed = await (await police.GetAsync(url)).PostAsync(new() { ["Position.PositionWords"] = "He needs protection tonight", ["agrees"] = "false" }, "form[action*='handler=Position']");
        Assert.Equal(HttpStatusCode.Redirect, disagreed.Status);
        var after = await screener.GetAsync(url);
        Assert.Contains("Police does not agree", after.Text, StringComparison.Ordinal);
        Assert.Contains("He needs protection tonight", after.Text, StringComparison.Ordinal);
        Assert.NotNull(scene.Reference);
    }

    [Theory, EachDatabase]
    public async Task Each_person_gets_the_page_or_the_reason_they_do_not(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        await hub.DoAsync("police", scene.Item("for the hub alone", MaySee.HubOnly));
        await hub.DoAsync("police", scene.Item("for health alone", MaySee.NamedAgencies, "health"));
        await hub.DoAsync("police", new RecordAgencyView(scene.EnquiryId, 4, "we fear the worst"));

        foreach (var (person, status, sees, not) in new (string, HttpStatusCode, string[], string[])[]
                 {
                     ("manager", HttpStatusCode.OK, ["for the hub alone", "for health alone"], ["we fear the worst"]),
                     ("support", HttpStatusCode.OK, ["for the hub alone"], ["we fear the worst"]),
                     ("police2", HttpStatusCode.OK, ["for the hub alone", "for health alone", "we fear the worst"], []),
                     ("health", HttpStatusCode.OK, ["for health alone", "1 of 4 in"], ["for the hub alone", "we fear the worst", "She came without shoes"]),
                     ("housing", HttpStatusCode.OK, ["Mira Testley"], ["for health alone", "for the hub alone", "we fear the worst"]),
                     ("education", HttpStatusCode.NotFound, [], ["Testley"]),
                     ("teacher", HttpStatusCode.Forbidden, ["You are Tess Teacher"], ["Testley"]),
                     ("leader", HttpStatusCode.Forbidden, [], ["Testley"]),
                     ("admin", HttpStatusCode.Forbidden, [], ["Testley"]),
                 })
        {
            using var browser = await hub.SignInAsync(person);
            foreach (var url in new[] { scene.Url, scene.Url + "?handler=Part&part=known", scene.Url + "?handler=Part&part=think", scene.Url + "/print" })
            {
                var page = await browser.GetAsync(url);
                Assert.Equal(status, page.Status);
                Assert.All(not, n => Assert.DoesNotContain(n, page.Html, StringComparison.Ordinal));
                if (url == scene.Url) Assert.All(sees, s => Assert.Contains(s, page.Html, StringComparison.Ordinal));
            }
        }

        using var nobody = hub.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await nobody.GetAsync(scene.Url)).Status);
        // Each view is in the trail before its content left.
        await using var db = hub.Store.Open(hub.Authority);
        Assert.True(await db.Set<TrailEntry>().AnyAsync(t => t.Kind == TrailKind.View && t.SubjectId == scene.EnquiryId && t.AccountId == hub.Account("housing")));
        Assert.True(await db.Set<TrailEntry>().AnyAsync(t => t.Kind == TrailKind.Refusal && t.AccountId == hub.Account("teacher")));
    }

    [Theory, EachDatabase]
    public async Task A_decision_on_a_stale_page_keeps_the_typed_words_and_shows_what_is_new(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        using var manager = await hub.SignInAsync("manager");
        var page = await manager.GetAsync(scene.Url);
        await hub.DoAsync("police", scene.Item("A weapon was found"));

        var typed = new Dictionary<string, string> { ["Decide.Outcome"] = "Assessment", ["Decide.Level"] = "3", ["Decide.Rationale"] = "Long reasons of mine", ["Decide.OptionsRejected"] = "None fit" };
        var stale = await page.PostAsync(typed, Decide);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stale.Status);
        Assert.Contains("new in the room: one contribution", stale.Text, StringComparison.Ordinal);
        Assert.Contains("A weapon was found", stale.Text, StringComparison.Ordinal);
        Assert.Equal("Long reasons of mine", stale.Document.QuerySelector("textarea[name='Decide.Rationale']")!.TextContent.Trim());
        Assert.NotNull(stale.Document.QuerySelector("details[open] form#decide"));

        var done = await stale.SubmitAsync([], Decide);
        Assert.Contains("Decision 1: Referral for assessment", done.Text, StringComparison.Ordinal);
        var evidence = await manager.GetAsync(done.Document.QuerySelector("a[href*='/evidence/']")!.GetAttribute("href")!);
        Assert.Contains("as it was when the decision was made", evidence.Text, StringComparison.Ordinal);
        Assert.Contains("asked and not got", evidence.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Two_people_answering_one_check_lose_nobodys_words(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        using var second = await hub.SignInAsync("police2");
        var page = await second.GetAsync($"/checks/{scene.Checks["police"]}");
        await scene.AnswerAsync("police", "police");

        var late = await page.PostAsync(new() { ["As"] = "Answered", ["Answer"] = "My long search", ["SignedAs"] = "Pip" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.Status);
        Assert.Contains("Pat has answered meanwhile", late.Text, StringComparison.Ordinal);
        Assert.Contains("My long search", late.Document.QuerySelector("textarea[name=Answer]")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Files_are_downloads_for_those_who_may_see_the_item(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        using var police = await hub.SignInAsync("police");
        var page = await police.GetAsync(scene.Url);
        var sent = await page.PostAsync(new() { ["Item.Words"] = "See the note", ["Item.MaySee"] = "HubOnly" }, Contribute, [("Item.Files", "note.html", "<script>alert(1)</script>"u8.ToArray())]);
        Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        var link = (await police.GetAsync(scene.Url)).Document.QuerySelector("a[href^='/files/']")!.GetAttribute("href")!;

        using var manager = await hub.SignInAsync("manager");
        var file = await manager.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, file.Status);
        Assert.Equal("<script>alert(1)</script>", file.Html);
        Assert.Equal("attachment", file.Response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("text/plain", file.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", file.Response.Headers.GetValues("X-Content-Type-Options").Single());
        using var health = await hub.SignInAsync("health");
        Assert.Equal(HttpStatusCode.NotFound, (await health.GetAsync(link)).Status);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(1, await db.Set<TrailEntry>().CountAsync(t => t.Act == "download File"));
        await db.Set<OpenMash.Records.Files.StoredFile>().ExecuteUpdateAsync(s => s.SetProperty(f => f.Scan, OpenMash.Records.Files.ScanState.Quarantined));
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.GetAsync(link)).Status);
    }

    [Theory, EachDatabase]
    public async Task Every_figure_agrees_with_the_list_behind_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var first = await RoomScene.OpenAsync(hub);
        var second = await RoomScene.OpenAsync(hub, Rating.Red, "police");
        var third = await RoomScene.OpenAsync(hub, Rating.Blue, "health");
        var decided = await hub.DoAsync("manager", await third.DecisionAsync());
        await hub.DoAsync("health", new TakePosition(decided.DecisionId, false, "no"));
        await third.AnswerAsync("health", "health");
        hub.Clock.Advance(Duration.FromHours(7));
        Assert.NotEqual(first.EnquiryId, second.EnquiryId);

        foreach (var person in new[] { "manager", "screener", "police", "health", "housing" })
        {
            using var browser = await hub.SignInAsync(person);
            var page = await browser.GetAsync("/enquiries");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            var links = page.Document.QuerySelectorAll("nav[aria-label='Enquiries by what they wait for'] a").ToList();
            Assert.NotEmpty(links);
            foreach (var link in links) await AgreesAsync(browser, link);
            foreach (var link in page.Document.QuerySelectorAll("#late-by ~ ul a")) await AgreesAsync(browser, link);
        }

        using var officer = await hub.SignInAsync("police");
        foreach (var link in (await officer.GetAsync("/checks")).Document.QuerySelectorAll("nav[aria-label='Checks by state'] a")) await AgreesAsync(officer, link);
        using var manager = await hub.SignInAsync("manager");
        var late = await manager.GetAsync("/enquiries");
        Assert.Contains("Police: 2", late.Text, StringComparison.Ordinal);
        Assert.Contains("Housing: 1", late.Text, StringComparison.Ordinal);

        static async Task AgreesAsync(TestBrowser browser, IElement link)
        {
            var digits = new string([.. link.TextContent.Where(char.IsDigit)]);
            var list = await browser.GetAsync(link.GetAttribute("href")!);
            var rows = list.Document.QuerySelectorAll("main table tbody tr").Length;
            Assert.Equal(digits.Length == 0 ? 0 : int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture), rows);
        }
    }

    [Theory, EachDatabase]
    public async Task A_print_is_for_one_recipient_omits_what_they_may_not_have_and_is_in_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        await hub.DoAsync("police", scene.Item("may leave") with { MayLeaveRoom = MayDo.Yes });
        await hub.DoAsync("police", scene.Item("ask first"));
        await hub.DoAsync("police", scene.Item("hub only words", MaySee.HubOnly) with { MayLeaveRoom = MayDo.Yes });
        using var manager = await hub.SignInAsync("manager");

        var choose = await manager.GetAsync(scene.Url + "/print");
        Assert.Contains("Hal Health, Health", choose.Text, StringComparison.Ordinal);
        var forHealth = await manager.GetAsync($"{scene.Url}/print?to={hub.Account("health")}");
        Assert.Contains("may leave", forHealth.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ask first", forHealth.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hub only words", forHealth.Html, StringComparison.Ordinal);
        Assert.Contains("One item is left out", forHealth.Text, StringComparison.Ordinal);
        Assert.Contains("For Hal Health, Health only", forHealth.Html, StringComparison.Ordinal);
        var forHub = await manager.GetAsync($"{scene.Url}/print?to={hub.Account("manager")}");
        Assert.Contains("hub only words", forHub.Text, StringComparison.Ordinal);
        // Health prints for others: still nothing that health itself may not see, neither items nor reasons nor views that are blind.
        await hub.DoAsync("police", new AnswerCheck { CheckId = scene.Checks["police"], As = CheckState.HeldNotShared, NotSharedBecause = "a live operation", SignedAs = "Pat" });
        await hub.DoAsync("police", new RecordAgencyView(scene.EnquiryId, 4, "we fear the worst"));
        using var health = await hub.SignInAsync("health");
        var byHealth = await health.GetAsync($"{scene.Url}/print?to={hub.Account("manager")}");
        Assert.DoesNotContain("hub only words", byHealth.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("a live operation", byHealth.Html, StringComparison.Ordinal);
        var forPolice = await health.GetAsync($"{scene.Url}/print?to={hub.Account("police")}");
        Assert.DoesNotContain("we fear the worst", forPolice.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("a live operation", forPolice.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.GetAsync($"{scene.Url}/print?to={hub.Account("teacher")}")).Status);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(4, await db.Set<TrailEntry>().CountAsync(t => t.Kind == TrailKind.Print && t.SubjectId == scene.EnquiryId));
    }

    [Fact]
    public async Task A_pdf_is_made_where_chromium_is_found_and_the_page_says_where_not()
    {
        await using (var hub = await TestHub.StartAsync(TestDatabase.Sqlite))
        {
            var scene = await RoomScene.OpenAsync(hub);
            using var manager = await hub.SignInAsync("manager");
            var answer = await manager.Client.GetAsync(new Uri($"{scene.Url}/pdf?to={hub.Account("manager")}", UriKind.Relative));
            Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
            using var document = UglyToad.PdfPig.PdfDocument.Open(await answer.Content.ReadAsByteArrayAsync());
            var text = string.Join(' ', document.GetPages().Select(p => p.Text));
            Assert.Contains("E-2026-000001", text, StringComparison.Ordinal);
        }

        await using (var hub = await TestHub.StartAsync(TestDatabase.Sqlite, configuration: new Dictionary<string, string?> { ["Pdf:Chromium"] = "/nowhere/chromium" }))
        {
            var scene = await RoomScene.OpenAsync(hub);
            using var manager = await hub.SignInAsync("manager");
            Assert.Contains("no Chromium was found", (await manager.GetAsync(scene.Url + "/print")).Text, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Redirect, (await manager.GetAsync($"{scene.Url}/pdf?to={hub.Account("manager")}")).Status);
        }
    }

    [Theory, EachDatabase]
    public async Task Words_typed_into_the_room_are_kept_and_closed_when_sent(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        using var police = await hub.SignInAsync("police");
        var page = await police.GetAsync(scene.Url);
        var form = page.Document.QuerySelector("form[action*='handler=Talk']")!;
        var token = form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var kept = await police.PostFormAsync(form.GetAttribute("data-autosave-url")!, [new("Talk.Words", "Half a sen"), new("__RequestVerificationToken", token)]);
        Assert.Equal(HttpStatusCode.OK, kept.Status);

        var again = await police.GetAsync(scene.Url);
        Assert.Equal("Half a sen", again.Document.QuerySelector("textarea[name='Talk.Words']")!.TextContent.Trim());
        using var colleague = await hub.SignInAsync("police2");
        Assert.DoesNotContain("Half a sen", (await colleague.GetAsync(scene.Url)).Html, StringComparison.Ordinal);
        await again.SubmitAsync(new() { ["Talk.Words"] = "Half a sentence more" }, "form[action*='handler=Talk']");
        var after = await police.GetAsync(scene.Url);
        Assert.Equal("", after.Document.QuerySelector("textarea[name='Talk.Words']")!.TextContent.Trim());
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(scene.Reference, await db.Set<Draft>().Select(d => d.SentAs).SingleAsync());
    }
}
