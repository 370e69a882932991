using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;
using OpenMash.Records.Returns;
using OpenMash.Records.Trail;
using static OpenMash.HubTests.Returns.Census;

namespace OpenMash.HubTests.Returns;

public class ReturnsPagesTests
{
    [Theory, EachDatabase]
    public async Task A_manager_sends_a_file_and_reads_its_report_whose_numbers_agree_with_their_lists(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var earlier = Of(2023, Child("DfEX0000001") with { BirthDate = Day(2015, 3, 27) });
        await hub.TakeInAsync(earlier with { Header = earlier.Header with { Sources = [new CinSource { SourceLevel = "L", Lea = "201" }] } });
        using var manager = await hub.SignInAsync("manager");

        var page = await manager.GetAsync("/returns/import");
        Assert.Contains("Returns", page.Document.QuerySelector("nav, header")!.ParentElement!.TextContent, StringComparison.Ordinal);
        var sent = await page.PostAsync([], files: [("File", "CIN_Census_2026.xml", Sample("CIN_Census_2026.xml"))]);

        Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        var report = await manager.OpenAsync(sent.Location!);
        Assert.Contains("The file was taken in.", report.Html, StringComparison.Ordinal);
        Assert.Contains("census of 2023, made by authority 201", report.Text, StringComparison.Ordinal);
        Assert.Contains("RB", report.Text, StringComparison.Ordinal);
        foreach (var state in Enum.GetValues<CensusChildState>())
        {
            var figure = report.Document.QuerySelectorAll("a").Single(a => a.GetAttribute("href")?.EndsWith($"children?state={state}", StringComparison.Ordinal) == true);
            var list = await manager.GetAsync(figure.GetAttribute("href")!);
            var rows = list.Document.QuerySelectorAll("main tbody tr").Length;
            Assert.Equal(state == CensusChildState.Known ? 0 : 1, rows);
            Assert.Contains($"({rows})", list.Document.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
            Assert.Contains(rows.ToString(System.Globalization.CultureInfo.InvariantCulture), figure.ParentElement!.TextContent + figure.TextContent, StringComparison.Ordinal);
        }

        var again = await (await manager.GetAsync("/returns/import")).PostAsync([], files: [("File", "again.xml", Sample("CIN_Census_2026.xml"))]);
        Assert.Equal(sent.Location, again.Location);
        Assert.Contains("Nothing was changed", (await manager.OpenAsync(again.Location!)).Html, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.True(await db.Set<TrailEntry>().AnyAsync(e => e.Kind == TrailKind.View && e.SubjectKind == "CensusImport"));
        Assert.True(await db.Set<TrailEntry>().AnyAsync(e => e.Kind == TrailKind.View && e.Act == "list children of a census file"));
    }

    [Theory, EachDatabase]
    public async Task A_file_that_cannot_be_read_gives_one_message_and_changes_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var manager = await hub.SignInAsync("manager");
        var good = Encoding.UTF8.GetString(Sample("CIN2rows.xml"));
        var broken = Encoding.UTF8.GetBytes(good[..(good.Length / 2)]);
        byte[] wrong = [.. Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?><Message><Children><Child><!-- "), 0xE9, 0x20, .. Encoding.UTF8.GetBytes("--></Child></Children></Message>")];
        foreach (var file in new[] { broken, wrong, Encoding.UTF8.GetBytes("LAchildID,UPN\n1,2\n"), Encoding.UTF8.GetBytes("<Other/>") })
        {
            var answer = await (await manager.GetAsync("/returns/import")).PostAsync([], files: [("File", "bad.xml", file)]);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
            Assert.Contains("Nothing was taken in.", answer.Text, StringComparison.Ordinal);
            Assert.Single(answer.Document.QuerySelectorAll(".govuk-error-summary__list li"));
        }

        var none = await (await manager.GetAsync("/returns/import")).PostAsync([]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, none.Status);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.False(await db.Set<Person>().AnyAsync());
        Assert.False(await db.Set<CensusImport>().AnyAsync());
    }

    [Theory, EachDatabase]
    public async Task The_pages_open_for_their_roles_only_and_an_analyst_sees_lines_without_identity(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var import = (await hub.DoAsync("manager", Command(Sample("CIN_Census_2026.xml")))).ImportId;
        string[] pages = ["/returns/import", $"/returns/imports/{import}", $"/returns/imports/{import}/children"];
        foreach (var (person, allowed) in new[] { ("manager", true), ("analyst", true), ("admin", true), ("screener", false), ("worker", false), ("police", false), ("leader", false) })
        {
            using var browser = await hub.SignInAsync(person);
            foreach (var url in pages)
            {
                var page = await browser.GetAsync(url);
                Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, page.Status);
                if (!allowed) Assert.Contains("hub manager", page.Text, StringComparison.Ordinal);
                if (person is "analyst" or "admin") Assert.DoesNotContain("DfEX0000001", page.Html, StringComparison.Ordinal);
            }
        }

        using var nobody = hub.Browser();
        Assert.NotEqual(HttpStatusCode.OK, (await nobody.GetAsync(pages[0])).Status);
    }

    [Theory, EachDatabase]
    public async Task A_contact_about_an_imported_child_shows_that_history(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.TakeInAsync(Of(2026, Child("C77", Episode(Day(2025, 5, 1)) with
        {
            ClosureDate = Day(2025, 11, 2),
            ReasonForClosure = "RC8",
            Assessments = [new CinAssessment { StartDate = Day(2025, 5, 2), AuthorisationDate = Day(2025, 6, 10), Factors = ["10A"] }],
            Section47s = [new CinSection47 { StartDate = Day(2025, 5, 9), DateOfInitialCpc = Day(2025, 5, 20), IcpcNotRequired = false }],
            ProtectionPlans = [new CinProtectionPlan { StartDate = Day(2025, 5, 20), InitialCategory = "NEG", LatestCategory = "NEG", NumberOfPreviousPlans = 0, Reviews = [Day(2025, 8, 1)] }],
        }) with
        { Upn = "A123456789012" }));
        await hub.DoAsync("teacher", new SubmitContact { Way = Way.PartnerForm, Words = "Worried.", Original = "{}", People = [new PersonIntake { Upn = "A123456789012", Birth = "2014-05-06" }] });
        Guid mention;
        Guid person;
        await using (var db = hub.Store.Open(hub.Authority))
        {
            mention = (await db.Set<Mention>().SingleAsync()).Id;
            person = (await db.Set<Person>().SingleAsync()).Id;
        }

        await hub.DoAsync("screener", new IdentifyMention(mention, person, "same UPN"));

        using var screener = await hub.SignInAsync("screener");
        var page = await screener.GetAsync($"/people/{person}");
        Assert.Contains("C77 (name not held)", page.Text, StringComparison.Ordinal);
        foreach (var words in new[] { "POLICE", "Section 47 enquiry", "Child protection plan", "Neglect", "Missing", "census 2026, line" })
            Assert.Contains(words, page.Text, StringComparison.OrdinalIgnoreCase);
        var found = await (await screener.GetAsync("/search")).PostAsync(new() { ["Q"] = "C77" }, "main form[role=search]");
        Assert.Contains($"/people/{person}", found.Html, StringComparison.Ordinal);

        await using var scope = hub.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAuthority>().Id = hub.Authority;
        var viewer = await hub.ViewerAsync("screener");
        var panels = scope.ServiceProvider.GetServices<IMentionPanel>();
        var parts = new List<SlotPart>();
        foreach (var panel in panels)
        {
            if (await panel.DrawAsync(viewer, mention, CancellationToken.None) is { } part) parts.Add(part);
        }

        Assert.Contains(parts, p => p.Title == "Referrals, assessments and plans");
        var sources = scope.ServiceProvider.GetServices<IChronologySource>();
        var entries = new List<ChronologyEntry>();
        foreach (var source in sources) entries.AddRange(await source.ReadAsync(viewer, [person], CancellationToken.None));
        var mine = entries.Where(e => e.Agency == "Children's social care").OrderBy(e => e.HappenedOn).ToList();
        Assert.Equal(8, mine.Count);
        Assert.All(mine, e => Assert.Equal(TestHub.Start, e.KnownAt));
        Assert.Equal(Day(2025, 5, 1), mine[0].HappenedOn);
        Assert.Contains(mine, e => e.Kind == "Closure" && e.HappenedOn == Day(2025, 11, 2));
        foreach (var source in sources) Assert.Empty(await source.ReadAsync(await hub.ViewerAsync("police"), [person], CancellationToken.None));
    }
}
