using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Files;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.FrontDoor;

public class PartnerFormTests
{
    [Theory, EachDatabase]
    public async Task A_teacher_reports_with_a_file_and_sees_what_happens_next(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var teacher = await hub.SignInAsync("teacher");
        var page = await teacher.GetAsync("/contacts/new");

        var answer = await page.PostAsync(
            new()
            {
                ["Report.Words"] = "She came in with a bruise on her cheek.",
                ["Report.People[0].GivenName"] = "Marker",
                ["Report.People[0].FamilyName"] = "Childname",
                ["Report.People[0].Birth"] = "9/3/2014",
                ["Report.ChildsWords"] = "I fell. I don't want to say.",
                ["go"] = "send",
            },
            form: "main form[enctype]",
            files: [("Attachments", "..\\drawing.png", [0x89, 0x50, 0x4E, 0x47, 1, 2, 3])]);

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        var sent = await teacher.OpenAsync(answer.Location!);
        Assert.Contains("R-2026-000001", sent.Text, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        var contact = await db.Set<Contact>().SingleAsync();
        Assert.Equal((Way.PartnerForm, hub.Agencies["education"], "Tess Teacher"), (contact.Way, contact.AgencyId!.Value, contact.ReferrerName));
        Assert.Equal(new NodaTime.LocalDate(2014, 3, 9), (await db.Set<Mention>().SingleAsync(m => m.GivenName == "Marker")).BirthDate);
        var file = await db.Set<StoredFile>().SingleAsync();
        Assert.Equal(("drawing.png", "image/png", ScanState.NotScanned), (file.Name, file.ContentType, file.Scan));
        Assert.Equal("I fell. I don't want to say.", (await db.Set<ChildsWords>().SingleAsync()).Words);
    }

    [Theory, EachDatabase]
    public async Task A_draft_survives_a_closed_browser_and_is_closed_when_sent(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var before = await hub.SignInAsync("support");
        var page = await before.GetAsync("/contacts/new");
        var url = page.Document.QuerySelector("form[data-autosave-url]")!.GetAttribute("data-autosave-url")!;
        var token = page.Document.QuerySelector("main form[enctype] input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var kept = await before.PostFormAsync(url, [new("__RequestVerificationToken", token), new("Report.Words", "Caller says the baby cries all night"), new("Report.Phone", "01632 960 555")]);
        Assert.Equal(HttpStatusCode.OK, kept.Status);

        using var after = await hub.SignInAsync("support");
        var list = await after.GetAsync("/contacts/new");
        var link = list.Document.QuerySelector("aside a[href*='draft=']")!.GetAttribute("href")!;
        var draft = await after.GetAsync(link);
        Assert.Contains("Caller says the baby cries all night", draft.Html, StringComparison.Ordinal);
        Assert.Contains("01632 960 555", draft.Html, StringComparison.Ordinal);
        var answer = await draft.PostAsync(new() { ["go"] = "send" }, form: "main form[enctype]");

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        await using var db = hub.Store.Open(hub.Authority);
        var stored = await db.Set<Draft>().SingleAsync();
        Assert.Equal("R-2026-000001", stored.SentAs);
        using var other = await hub.SignInAsync("screener");
        Assert.DoesNotContain("baby cries", (await other.GetAsync(link)).Html, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Staff_take_a_call_received_earlier_and_its_clock_starts_then(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var support = await hub.SignInAsync("support");
        var page = await support.GetAsync("/contacts/new");

        var answer = await page.PostAsync(
            new()
            {
                ["Report.Words"] = "Grandmother rang the duty line.",
                ["ReceivedOn.day"] = "9",
                ["ReceivedOn.month"] = "3",
                ["ReceivedOn.year"] = "2026",
                ["ReceivedTime"] = "16:30",
                ["go"] = "red",
            },
            form: "main form[enctype]");

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        await using var db = hub.Store.Open(hub.Authority);
        var contact = await db.Set<Contact>().SingleAsync();
        Assert.Equal(NodaTime.Instant.FromUtc(2026, 3, 9, 16, 30), contact.ReceivedAt);
        Assert.Equal(TestHub.Start, contact.EnteredAt);
        Assert.Equal(Rating.Red, (await db.Set<ContactLine>().SingleAsync()).Rating);
    }

    [Theory, EachDatabase]
    public async Task A_partner_learns_nothing_about_who_is_known(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var teacher = await hub.SignInAsync("teacher");

        var page = await teacher.GetAsync("/contacts/new");
        var token = page.Document.QuerySelector("main form[enctype] input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var asked = await teacher.PostFormAsync("/people/candidates", [new("__RequestVerificationToken", token), new("GivenName", "Anyone")]);

        Assert.DoesNotContain("data-candidates-url=\"/people", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, asked.Status);
        Assert.Contains("You are Tess Teacher, Education: referrer", asked.Text, StringComparison.Ordinal);
    }
}

public class BulkFileTests
{
    private const string Csv = "incident_number,narrative,forename,surname,dob,vehicle,date_time\r\n"
        + "WP/1,\"Found at 02:10 with \"\"friends\"\",\r\nwould not say more\",Mia,Stone,2011-05-04,WX12 ABZ,2026-03-10 02:30\r\n"
        + "WP/1,Second notice of the same incident,Mia,Stone,2011-05-04,,2026-03-10 03:00\r\n"
        + "WP/2,,Ben,Hill,2012-01-01,,2026-03-10 04:00\r\n"
        + "WP/3,Shouting heard,too,few\r\n";

    [Theory, EachDatabase]
    public async Task Every_row_becomes_a_contact_and_what_cannot_be_read_waits_for_a_reader(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var police = await hub.SignInAsync("police");

        var page = await police.GetAsync("/imports");
        var answer = await page.PostAsync([], files: [("File", "night.csv", Encoding.UTF8.GetBytes(Csv))]);
        Assert.True(answer.Location is not null, answer.Text);
        var report = await police.OpenAsync(answer.Location!);

        Assert.Contains("4 rows = 2 understood + 2 that need reading", report.Text, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        var contacts = await db.Set<Contact>().OrderBy(c => c.BatchRow).ToListAsync();
        Assert.Equal(4, contacts.Count);
        Assert.Equal("Found at 02:10 with \"friends\",\r\nwould not say more", contacts[0].Words);
        Assert.Equal(NodaTime.Instant.FromUtc(2026, 3, 10, 2, 30), contacts[0].ReceivedAt);
        Assert.Equal([false, false, true, true], contacts.Select(c => c.NeedsReading));
        Assert.Contains("Shouting heard", contacts[3].Words, StringComparison.Ordinal);
        Assert.Equal(4, await db.Set<ContactLine>().CountAsync());
    }

    [Theory, EachDatabase]
    public async Task The_same_file_again_a_wrong_encoding_and_no_column_of_words_are_refused_and_change_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var police = await hub.SignInAsync("police");
        var page = await police.GetAsync("/imports");
        await page.PostAsync([], files: [("File", "night.csv", Encoding.UTF8.GetBytes(Csv))]);

        var again = await (await police.GetAsync("/imports")).PostAsync([], files: [("File", "copy.csv", Encoding.UTF8.GetBytes(Csv))]);
        var latin = await (await police.GetAsync("/imports")).PostAsync([], files: [("File", "latin.csv", Encoding.Latin1.GetBytes("words\r\nRené was seen\r\n"))]);
        var headless = await (await police.GetAsync("/imports")).PostAsync([], files: [("File", "x.csv", "a,b\r\n1,2\r\n"u8.ToArray())]);

        Assert.Contains("taken in before", again.Text, StringComparison.Ordinal);
        Assert.Contains("not UTF-8: it has an invalid byte at position", latin.Text, StringComparison.Ordinal);
        Assert.Contains("No column holds the concern itself", headless.Text, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(4, await db.Set<Contact>().CountAsync());
    }

    [Theory, EachDatabase]
    public async Task Json_is_taken_in_as_well_and_an_agency_may_not_send_for_another(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var police = await hub.SignInAsync("police");
        const string json = """[{"words":"One","reference":"J1","people":[{"givenName":"Ada"}]},{"reference":"J2"},{"words":5}]""";

        var answer = await (await police.GetAsync("/imports")).PostAsync([], files: [("File", "n.json", Encoding.UTF8.GetBytes(json))]);
        var refused = await hub.Runner.RunAsync(
            new ImportContacts { FileName = "x", Sha256 = "x", Text = "words\r\na\r\n", AgencyId = hub.Agencies["health"] },
            await hub.ViewerAsync("police"));

        Assert.NotNull(answer.Location);
        Assert.False(refused.IsDone);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal((3, 2), (await db.Set<Contact>().CountAsync(), await db.Set<Contact>().CountAsync(c => c.NeedsReading)));
    }
}
