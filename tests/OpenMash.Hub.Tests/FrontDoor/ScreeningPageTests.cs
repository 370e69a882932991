using System.Net;
using NodaTime;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.FrontDoor;

/// <summary>The staff side over HTTP, without JavaScript.</summary>
public class ScreeningPageTests
{
    [Theory, EachDatabase]
    public async Task A_report_goes_from_the_queue_to_outcome_told(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.DoAsync("teacher", Screens.Report("Ann") with { ChildsWords = [new WordsIntake("I want to stay at school.", "her teacher", "Monday")] });
        var url = $"/contacts/{contact.ContactId}";
        using var sam = await hub.SignInAsync("screener");

        var queue = await sam.GetAsync("/queue");
        Assert.Equal(HttpStatusCode.OK, queue.Status);
        Assert.Contains(contact.Reference, queue.Text, StringComparison.Ordinal);
        Assert.Contains("nobody has seen it", queue.Text, StringComparison.Ordinal);
        var taken = await queue.PostAsync([], "form[action='/queue?handler=Claim']");
        Assert.Equal(url, taken.Location);

        var page = await sam.GetAsync(url);
        Assert.True(page.Text.IndexOf("I want to stay at school.", StringComparison.Ordinal) < page.Text.IndexOf("hungry and afraid", StringComparison.Ordinal), "the child's own words come first");
        var without = await page.PostAsync(new() { ["rating"] = "Green" }, "#rate-1");
        Assert.Equal(url, without.Location);

        page = await sam.GetAsync(url);
        var silent = await page.PostAsync(new() { ["outcome"] = "EarlyHelp", ["Reason"] = "", ["ToTeam"] = "typed words stay" }, "#decide-1");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, silent.Status);
        Assert.Contains("Give the reason for this outcome.", silent.Text, StringComparison.Ordinal);
        Assert.Contains("typed words stay", silent.Html, StringComparison.Ordinal);
        var done = await silent.PostAsync(new() { ["outcome"] = "EarlyHelp", ["Reason"] = "The family wants help." }, "#decide-1");
        Assert.Equal(url, done.Location);
        Assert.Equal(LineState.Decided, (await hub.LineAsync(contact.ContactId)).State);
        Assert.Contains("Early help", (await sam.GetAsync(url)).Text, StringComparison.Ordinal);

        var owed = await sam.GetAsync("/tellings");
        Assert.Contains(contact.Reference, owed.Text, StringComparison.Ordinal);
        using var tess = await hub.SignInAsync("teacher");
        var mine = await tess.GetAsync("/my-reports");
        Assert.Contains("Early help will be offered.", mine.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ann", mine.Text, StringComparison.Ordinal);
        Assert.Equal(TellingState.Told, (await hub.AllAsync<Telling>()).Single(t => t.Kind == "outcome").State);
        Assert.NotNull((await hub.ClockAsync(contact.ContactId, "contact.tell-referrer"))!.MetAt);
        Assert.DoesNotContain(contact.Reference, (await sam.GetAsync("/tellings")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(contact.Reference, (await sam.GetAsync("/queue")).Text, StringComparison.Ordinal);
        Assert.Contains(await hub.AllAsync<TrailEntry>(), e => e.Kind == TrailKind.View && e.SubjectId == contact.ContactId);
    }

    [Theory, EachDatabase]
    public async Task Red_stands_above_every_filter_and_a_proposed_closing_is_settled_by_another_person_on_the_page(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var red = await hub.SubmitAsync("Ann");
        var green = await hub.DoAsync("police", Screens.Report("Ben"));
        await hub.RateAsync("screener", green.ContactId, Rating.Green);
        using var bea = await hub.SignInAsync("support");
        var raised = await (await bea.GetAsync($"/contacts/{red.ContactId}")).PostAsync([], "#red-1");
        Assert.Equal($"/contacts/{red.ContactId}", raised.Location);

        using var sam = await hub.SignInAsync("screener");
        foreach (var filter in new[] { "?rating=green", "?way=File", $"?agency={hub.Agencies["police"]}", "?owner=mine", "?stage=consent", "?sort=arrived&dir=desc" })
        {
            var page = await sam.GetAsync("/queue" + filter);
            Assert.Contains(red.Reference, page.Text, StringComparison.Ordinal);
            Assert.Contains("Red, and nobody has claimed it.", page.Text, StringComparison.Ordinal);
        }

        Assert.Contains(green.Reference, (await sam.GetAsync("/queue?rating=green")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(green.Reference, (await sam.GetAsync("/queue?rating=blue")).Text, StringComparison.Ordinal);
        var fragment = await sam.GetAsync("/queue?handler=Rows");
        Assert.StartsWith("<div id=\"queue-rows\"", fragment.Html.Trim(), StringComparison.Ordinal);

        var url = $"/contacts/{red.ContactId}";
        await (await sam.GetAsync(url)).PostAsync(new() { ["outcome"] = "NoFurtherAction", ["Reason"] = "A misunderstanding." }, "#decide-1");
        Assert.Contains("A second person must agree: it is rated red.", (await sam.GetAsync(url)).Text, StringComparison.Ordinal);
        Assert.Null((await sam.GetAsync(url)).Document.QuerySelector("#second-1"));
        using var mo = await hub.SignInAsync("manager");
        var second = await mo.GetAsync(url);
        var wordless = await second.PostAsync(new() { ["Words"] = "", ["agrees"] = "true" }, "#second-1");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wordless.Status);
        await wordless.PostAsync(new() { ["Words"] = "I spoke with the school.", ["agrees"] = "true" }, "#second-1");
        Assert.Equal(LineState.Decided, (await hub.LineAsync(red.ContactId)).State);
    }

    [Theory, EachDatabase]
    public async Task Two_people_deciding_at_once_lose_no_words(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        var url = $"/contacts/{contact.ContactId}";
        using var sam = await hub.SignInAsync("screener");
        using var sol = await hub.SignInAsync("screener2");
        var first = await sam.GetAsync(url);
        var second = await sol.GetAsync(url);

        await first.PostAsync(new() { ["outcome"] = "EarlyHelp", ["Reason"] = "Help at home." }, "#decide-1");
        var late = await second.PostAsync(new() { ["outcome"] = "Assessment", ["Reason"] = "My own long reasons." }, "#decide-1");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.Status);
        Assert.Contains("was changed by someone else", late.Text, StringComparison.Ordinal);
        Assert.Contains("My own long reasons.", late.Html, StringComparison.Ordinal);
        Assert.Contains("Help at home.", late.Html, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Pages_and_posts_are_refused_to_those_without_the_role_with_the_reason(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        var url = $"/contacts/{contact.ContactId}";
        foreach (var person in new[] { "teacher", "police", "leader", "admin", "analyst", "governance" })
        {
            using var browser = await hub.SignInAsync(person);
            foreach (var page in new[] { "/queue", url, url + "/original", "/tellings", "/duty", "/figures/identity" })
            {
                var answer = await browser.GetAsync(page);
                Assert.True(answer.Status == HttpStatusCode.Forbidden, $"{person} got {answer.Status} at {page}");
                Assert.DoesNotContain("hungry", answer.Html, StringComparison.Ordinal);
                Assert.Contains("You are", answer.Text, StringComparison.Ordinal);
            }
        }

        using var nobody = hub.Browser();
        foreach (var page in new[] { "/queue", url, "/tellings", "/duty", "/figures/identity", "/my-reports", "/hand-overs" })
            Assert.NotEqual(HttpStatusCode.OK, (await nobody.GetAsync(page)).Status);

        // A social worker of the hub's agency reads what is handed to them and nothing else.
        using var wyn = await hub.SignInAsync("worker");
        Assert.Equal(HttpStatusCode.NotFound, (await wyn.GetAsync(url)).Status);
        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.AllocatedWorker, with: c => c with { ToAccountId = hub.Account("worker") })).Expect();
        Assert.Equal(HttpStatusCode.OK, (await wyn.GetAsync(url)).Status);
        var accepted = await (await wyn.GetAsync("/hand-overs")).PostAsync(new() { ["accepts"] = "true" });
        Assert.Equal("/hand-overs", accepted.Location);
        Assert.Equal(LineState.Moved, (await hub.LineAsync(contact.ContactId)).State);
    }

    [Theory, EachDatabase]
    public async Task Who_is_implicated_or_shut_out_sees_nothing_and_an_embargo_holds_the_telling(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.DoAsync("teacher", Screens.Report("Ann") with { ReferrerEmail = "tess@example.test" });
        await hub.WorkAsync();
        var expires = hub.Clock.GetCurrentInstant() + Duration.FromHours(10);
        await hub.InsertAsync(new Embargo { Id = Guid.CreateVersion7(), SubjectKind = "Contact", SubjectId = contact.ContactId, Reason = "Police operation.", At = hub.Clock.GetCurrentInstant(), ByAccountId = hub.Account("manager"), ExpiresAt = expires });
        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.Assessment)).Expect();
        await hub.WorkAsync();

        var telling = (await hub.AllAsync<Telling>()).Single(t => t.Kind == "outcome");
        Assert.Equal(TellingState.Due, telling.State);
        using var tess = await hub.SignInAsync("teacher");
        Assert.DoesNotContain("assessment", (await tess.GetAsync("/my-reports")).Text, StringComparison.Ordinal);
        var spoken = await hub.Runner.RunAsync(new RecordTelling(telling.Id, true, TellingChannel.Telephone, "Spoke."), await hub.ViewerAsync("screener"));
        Assert.Contains("embargo", Assert.IsType<Outcome<Nothing>.Refused>(spoken).Reason, StringComparison.Ordinal);

        hub.Clock.Set(expires + Duration.FromMinutes(1));
        await hub.WorkAsync();
        Assert.Equal(TellingState.Told, (await hub.AllAsync<Telling>()).Single(t => t.Kind == "outcome").State);

        await hub.InsertAsync(new ConflictOfInterest { Id = Guid.CreateVersion7(), AccountId = hub.Account("teacher"), SubjectKind = "Contact", SubjectId = contact.ContactId, Basis = ConflictBasis.Subject, Note = "Named in it.", At = hub.Clock.GetCurrentInstant() });
        Assert.DoesNotContain(contact.Reference, (await tess.GetAsync("/my-reports")).Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_message_that_cannot_be_sent_comes_back_as_not_told_and_a_person_speaks_to_them(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, configuration: new Dictionary<string, string?>
        {
            ["Tell:Transport"] = "smtp",
            ["Tell:SmtpHost"] = "127.0.0.1",
            ["Tell:SmtpPort"] = "9",
            ["Tell:SmtpTls"] = "false",
            ["Tell:SmtpFrom"] = "hub@example.test",
        });
        var contact = await hub.DoAsync("teacher", Screens.Report("Ann") with { ReferrerEmail = "tess@example.test" });
        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.Assessment)).Expect();
        for (var attempt = 0; attempt < 7; attempt++)
        {
            await hub.WorkAsync();
            hub.Clock.Advance(Duration.FromMinutes(20));
        }

        var telling = (await hub.AllAsync<Telling>()).Single(t => t.Kind == "outcome");
        Assert.Equal(TellingState.Failed, telling.State);
        Assert.DoesNotContain("tess@", telling.Note, StringComparison.Ordinal);
        Assert.Contains(await hub.AllAsync<Notice>(), n => n.Kind == "not-told" && n.ClosedAt is null);
        using var sam = await hub.SignInAsync("screener");
        var page = await sam.GetAsync("/tellings");
        Assert.Contains("Failed, not told", page.Text, StringComparison.Ordinal);
        var wordless = await page.PostAsync(new() { ["Note"] = "", ["spoken"] = "false" }, $"#tell-{telling.Id}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wordless.Status);
        var told = await wordless.PostAsync(new() { ["Note"] = "Spoke with her at 11:20.", ["spoken"] = "true", ["Channel"] = "Telephone" }, $"#tell-{telling.Id}");
        Assert.Equal("/tellings", told.Location);
        Assert.Equal(TellingState.Told, (await hub.AllAsync<Telling>()).Single(t => t.Kind == "outcome").State);
    }

    [Theory, EachDatabase]
    public async Task The_public_hears_only_looked_at_and_whom_it_is_not_safe_to_contact_is_not_contacted(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var visitor = OpenMash.Hub.Platform.Access.Viewer.Public(hub.Authority);
        async Task<Telling> ToldAsync(SubmitContact report)
        {
            var contact = (await hub.Runner.RunAsync(report with { Way = Way.PublicForm, ReferrerKind = ReferrerKind.Public }, visitor)).Expect();
            (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.StrategyDiscussion)).Expect();
            return (await hub.AllAsync<Telling>()).Single(t => t.ContactId == contact.ContactId && t.Kind == "outcome");
        }

        var safe = await ToldAsync(Screens.Report("Ann") with { ReferrerEmail = "a@example.test" });
        var unsafely = await ToldAsync(Screens.Report("Ann") with { ReferrerEmail = "b@example.test", SafeToContact = false });
        var anonymous = await ToldAsync(Screens.Report("Ann") with { Identity = ReferrerIdentity.Anonymous });
        var child = await ToldAsync(Screens.Report() with { ReferrerEmail = "c@example.test", SafeContactHow = "Only at school." });

        Assert.Contains("has been looked at", safe.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("police", safe.Text, StringComparison.Ordinal);
        Assert.Equal((TellingState.NotTold, TellingState.NotTold), (unsafely.State, anonymous.State));
        Assert.Equal((TellingState.Due, TellingChannel.Telephone), (child.State, child.Channel));
        await hub.WorkAsync();
        var log = await File.ReadAllTextAsync(Path.Combine(hub.Location.DataDirectory, "told.log"));
        Assert.Contains("a@example.test", log, StringComparison.Ordinal);
        Assert.DoesNotContain("b@example.test", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Example", log, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_rota_the_end_of_a_shift_and_owners_off_shift(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        var other = await hub.SubmitAsync("Ben");
        using var mo = await hub.SignInAsync("manager");
        var page = await mo.GetAsync("/duty");
        Assert.Contains("Nobody is on duty.", page.Text, StringComparison.Ordinal);
        var wrong = await page.PostAsync(new() { ["AccountId"] = "" }, "#add-shift");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        var start = hub.Clock.GetCurrentInstant() - Duration.FromHours(1);
        var added = await page.PostAsync(
            new()
            {
                ["AccountId"] = hub.Account("screener").ToString(),
                ["Kind"] = "Hub",
                ["Start"] = start.ToString("uuuu-MM-dd'T'HH:mm:ss'Z'", null),
                ["End"] = (start + Duration.FromHours(8)).ToString("uuuu-MM-dd'T'HH:mm:ss'Z'", null),
            },
            "#add-shift");
        Assert.Equal("/duty", added.Location);

        using var sam = await hub.SignInAsync("screener");
        Assert.Contains("on duty: Sam Screener", (await sam.GetAsync("/duty")).Html, StringComparison.Ordinal);
        await hub.DoAsync("screener", new AcknowledgeContact(contact.ContactId, true));
        var shift = Assert.Single(await hub.AllAsync<DutyShift>());
        var ended = await (await sam.GetAsync("/duty")).PostAsync(new() { ["ToAccountId"] = hub.Account("screener2").ToString(), ["Note"] = "Ann's school calls back." }, $"#end-{shift.Id}");
        Assert.Equal("/duty", ended.Location);
        Assert.Equal(hub.Account("screener"), (await hub.AllAsync<Contact>()).Single(c => c.Id == contact.ContactId).OwnerAccountId);
        using var sol = await hub.SignInAsync("screener2");
        var waiting = await sol.GetAsync("/hand-overs");
        Assert.Contains("End of shift: Ann's school calls back.", waiting.Text, StringComparison.Ordinal);
        await waiting.PostAsync(new() { ["accepts"] = "true" });
        Assert.Equal(hub.Account("screener2"), (await hub.AllAsync<Contact>()).Single(c => c.Id == contact.ContactId).OwnerAccountId);

        // Nobody handed the other one over: when the shift ends by itself, it is back in the queue, marked.
        await hub.DoAsync("manager", new AddShift(hub.Account("screener2"), DutyKind.Hub, hub.Clock.GetCurrentInstant(), hub.Clock.GetCurrentInstant() + Duration.FromHours(2)));
        await hub.DoAsync("screener2", new AcknowledgeContact(other.ContactId, true));
        hub.Clock.Advance(Duration.FromHours(3));
        await hub.WorkAsync();
        Assert.Null((await hub.AllAsync<Contact>()).Single(c => c.Id == other.ContactId).OwnerAccountId);
        Assert.Contains("owner off shift", (await sam.GetAsync("/queue")).Text, StringComparison.Ordinal);
        await hub.DoAsync("screener", new AcknowledgeContact(other.ContactId, true));
        Assert.DoesNotContain("owner off shift", (await sam.GetAsync("/queue?owner=mine")).Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Red_without_an_owner_is_warned_of_and_what_nobody_reads_climbs(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        await hub.RateAsync("screener", contact.ContactId, Rating.Red);
        await hub.WorkAsync();
        Assert.DoesNotContain(await hub.AllAsync<Notice>(), n => n.Kind == "red-unclaimed");

        hub.Clock.Advance(Duration.FromMinutes(11));
        await hub.WorkAsync();
        await hub.WorkAsync();
        Assert.Single(await hub.AllAsync<Notice>(), n => n.Kind == "red-unclaimed" && n.ClosedAt == null);

        // Night: the ladder goes to the duty team.
        hub.Clock.Set(Instant.FromUtc(2026, 3, 10, 22, 0));
        await hub.WorkAsync();
        var red = (await hub.AllAsync<Notice>()).First(n => n.Kind == "red-contact");
        Assert.True(red.Level > 0);
        Assert.NotEqual(0, red.ToRoles & (int)OpenMash.Records.Accounts.Roles.DutyTeam);

        await hub.DoAsync("duty", new AcknowledgeContact(contact.ContactId, true));
        Assert.DoesNotContain(await hub.AllAsync<Notice>(), n => n.Kind is "red-unclaimed" or "red-contact" && n.ClosedAt == null);
    }

    [Theory, EachDatabase]
    public async Task Every_figure_of_the_identity_opens_a_list_of_that_many_rows(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var one = await hub.SubmitAsync("Ann", "Ben");
        await hub.DoAsync("police", Screens.Report("Cal"));
        (await hub.DecideAsync("screener", one.ContactId, LineOutcome.EarlyHelp)).Expect();
        using var sam = await hub.SignInAsync("screener");

        var page = await sam.GetAsync("/figures/identity?of=lines");

        Assert.Contains("Contacts: received 2 = decided 0 + waiting 2 + moved 0 + merged 0", page.Text, StringComparison.Ordinal);
        Assert.Contains("Children’s lines: received 3 = decided 1 + waiting 2 + moved 0 + merged 0", page.Text, StringComparison.Ordinal);
        var links = page.Document.QuerySelectorAll("main a[href*='term=']").Select(a => (Url: a.GetAttribute("href")!, Count: int.Parse(a.TextContent, null))).Distinct().ToList();
        Assert.True(links.Count >= 15);
        foreach (var (url, count) in links)
        {
            var list = await sam.GetAsync(url.Split('#')[0]);
            Assert.Equal(count, list.Document.QuerySelectorAll("#list tbody tr").Length);
        }

        Assert.Contains("Oldest that nobody has acknowledged", page.Text, StringComparison.Ordinal);
    }
}
