using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Trail;
using OpenMash.HubTests.House;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.Governance;

public class GovernanceTests
{
    private const string Urgent = "The child is with him now and I must know the address.";

    private static Task<ContactSubmitted> ReportAsync(TestHub hub) => hub.DoAsync("teacher", new SubmitContact
    {
        Way = Way.PartnerForm,
        Words = "A child came to school afraid.",
        Original = "{}",
        People = [new PersonIntake { GivenName = "Test", FamilyName = "Child" }],
    });

    private static async Task<Verdict> VerdictAsync(TestHub hub, string person, Guid contact)
    {
        await using var db = hub.Store.Open(hub.Authority);
        var read = new RecordReader(db, hub.App.Services.GetRequiredService<OpenMash.Hub.Platform.Pipeline.RoomCatalogue>(), hub.Clock);
        return await read.VerdictAsync<Contact>(await hub.ViewerAsync(person), contact);
    }

    private static async Task<TestPage> SealAsync(TestHub hub, string by, string reference, bool secret = false, params string[] cleared)
    {
        using var browser = await hub.SignInAsync(by);
        var page = await browser.GetAsync("/governance/seals");
        var fields = new Dictionary<string, string> { ["Reference"] = reference, ["Reason"] = "A relative works in the hub." };
        if (secret) fields["SecretExistence"] = "true";
        return await page.PostAsync(fields, "main form:has([name=Reference])", more: cleared.Select(c => new KeyValuePair<string, string>("Cleared", hub.Account(c).ToString())));
    }

    private static async Task<int> CountAsync(TestHub hub, string act)
    {
        await using var db = hub.Store.Open(hub.Authority);
        return await db.Set<TrailEntry>().CountAsync(e => e.Act == act);
    }

    [Theory, EachDatabase]
    public async Task A_seal_hides_the_record_from_all_but_those_cleared(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        Assert.Equal(AccessLevel.Work, (await VerdictAsync(hub, "screener", contact.ContactId)).Level);

        var unknown = await SealAsync(hub, "manager", "R-1999-000001");
        var done = await SealAsync(hub, "manager", contact.Reference.ToLowerInvariant(), false, "screener");
        var again = await SealAsync(hub, "manager", contact.Reference);

        Assert.Contains("no contact, enquiry or person with this reference", unknown.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, done.Status);
        Assert.Contains("sealed already", again.Text, StringComparison.Ordinal);
        Assert.Equal(AccessReason.ClearedForYou, (await VerdictAsync(hub, "screener", contact.ContactId)).Reason);
        Assert.Equal(AccessReason.ClearedForYou, (await VerdictAsync(hub, "manager", contact.ContactId)).Reason);
        Assert.Equal(new Verdict(AccessLevel.Pointer, AccessReason.SealedFromYou), await VerdictAsync(hub, "screener2", contact.ContactId));

        // Clearing another, ending a clearance, ending the seal.
        using var manager = await hub.SignInAsync("manager");
        var page = await manager.GetAsync(done.Location!);
        await page.PostAsync(new() { ["AccountId"] = hub.Account("screener2").ToString(), ["Reason"] = "Takes it over." }, "form[action*='=Clear']");
        Assert.Equal(AccessLevel.Work, (await VerdictAsync(hub, "screener2", contact.ContactId)).Level);
        await hub.DoAsync("manager", new EndClearance(await ClearanceOfAsync(hub, "screener"), "Handed over."));
        Assert.Equal(AccessLevel.Pointer, (await VerdictAsync(hub, "screener", contact.ContactId)).Level);
        using var designated = await hub.SignInAsync("designated");
        Assert.Equal(HttpStatusCode.NotFound, (await designated.GetAsync(done.Location!)).Status);
        await (await manager.GetAsync(done.Location!)).PostAsync(new() { ["Reason"] = "No longer needed." }, "form[action$='=End']");
        Assert.Equal(AccessReason.HubStaff, (await VerdictAsync(hub, "screener", contact.ContactId)).Reason);
    }

    private static async Task<Guid> ClearanceOfAsync(TestHub hub, string person)
    {
        await using var db = hub.Store.Open(hub.Authority);
        var account = hub.Account(person);
        return await db.Set<Clearance>().Where(c => c.AccountId == account && c.EndedAt == null).Select(c => c.Id).SingleAsync();
    }

    [Theory, EachDatabase]
    public async Task Break_glass_opens_for_a_while_with_a_typed_reason_and_someone_else_judges_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        await SealAsync(hub, "governance", contact.Reference);
        var url = $"/break-glass/contact/{contact.ContactId}";
        using var screener = await hub.SignInAsync("screener");
        using var police = await hub.SignInAsync("police");
        using var manager = await hub.SignInAsync("manager");

        var partner = await police.GetAsync(url);
        var asked = await screener.GetAsync(url);
        var brief = await asked.PostAsync(new() { ["Reason"] = "urgent" });
        var opened = await brief.PostAsync(new() { ["Reason"] = Urgent });

        Assert.Equal(HttpStatusCode.Forbidden, partner.Status);
        Assert.Contains("4 hours", asked.Text, StringComparison.Ordinal);
        Assert.Contains("at least 20 characters", brief.Text, StringComparison.Ordinal);
        Assert.Equal("urgent", brief.Document.QuerySelector("textarea")!.TextContent.Trim());
        Assert.Equal(HttpStatusCode.Redirect, opened.Status);
        Assert.Equal(new Verdict(AccessLevel.Read, AccessReason.BreakGlass).Reason, (await VerdictAsync(hub, "screener", contact.ContactId)).Reason);
        await using (var db = hub.Store.Open(hub.Authority))
        {
            var notice = await db.Set<Notice>().SingleAsync(n => n.Kind == "break-glass");
            Assert.Equal(Roles.InformationGovernance | Roles.HubManager, (Roles)notice.ToRoles);
            Assert.DoesNotContain(contact.Reference, notice.Text, StringComparison.Ordinal);
        }

        var own = await hub.Runner.RunAsync(new ReviewBreakGlass(await GlassAsync(hub), true, "Fine."), (await hub.ViewerAsync("screener")) with { Roles = Roles.HubManager });
        var queue = await manager.GetAsync("/governance/break-glass");
        var wordless = await queue.PostAsync(new() { ["Justified"] = "false", ["Words"] = "" }, "form[data-glass]");
        Assert.IsType<Outcome<Nothing>.Refused>(own);
        Assert.Contains(Urgent, queue.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)422, wordless.Status);
        Assert.Equal(AccessLevel.Read, (await VerdictAsync(hub, "screener", contact.ContactId)).Level);
        var judged = await queue.PostAsync(new() { ["Justified"] = "false", ["Words"] = "The cleared officer sat beside them." }, "form[data-glass]");
        Assert.Equal(HttpStatusCode.Redirect, judged.Status);
        Assert.Equal(AccessLevel.Pointer, (await VerdictAsync(hub, "screener", contact.ContactId)).Level);
        var again = await queue.PostAsync(new() { ["CommandId"] = Guid.CreateVersion7().ToString(), ["Justified"] = "true", ["Words"] = "Other view." }, "form[data-glass]");
        Assert.Contains("reviewed meanwhile: not justified", again.Text, StringComparison.Ordinal);
    }

    private static async Task<Guid> GlassAsync(TestHub hub)
    {
        await using var db = hub.Store.Open(hub.Authority);
        return await db.Set<BreakGlass>().Select(b => b.Id).SingleAsync();
    }

    [Theory, EachDatabase]
    public async Task The_time_box_closes_by_itself_and_an_unreviewed_opening_turns_late(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        await SealAsync(hub, "governance", contact.Reference);
        await hub.DoAsync("screener", new BreakTheGlass("Contact", contact.ContactId, Urgent));
        Assert.Equal(AccessLevel.Read, (await VerdictAsync(hub, "screener", contact.ContactId)).Level);

        hub.Clock.Advance(Duration.FromHours(4));
        Assert.Equal(AccessLevel.Pointer, (await VerdictAsync(hub, "screener", contact.ContactId)).Level);

        hub.Clock.Advance(Duration.FromDays(3));
        using var governance = await hub.SignInAsync("governance");
        Assert.Contains("1 late", (await governance.GetAsync("/governance")).Text, StringComparison.Ordinal);
        Assert.Contains("Nobody has judged", (await governance.GetAsync("/governance/break-glass")).Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task What_is_sealed_in_secret_answers_like_what_does_not_exist(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        var open = await ReportAsync(hub);
        await SealAsync(hub, "governance", contact.Reference, secret: true);
        using var screener = await hub.SignInAsync("screener");
        using var duty = await hub.SignInAsync("duty");

        var secret = await screener.GetAsync($"/break-glass/contact/{contact.ContactId}");
        var nothing = await screener.GetAsync($"/break-glass/contact/{Guid.CreateVersion7()}");
        var unsealed = await screener.GetAsync($"/break-glass/contact/{open.ContactId}");
        var command = await hub.Runner.RunAsync(new BreakTheGlass("Contact", contact.ContactId, Urgent), await hub.ViewerAsync("screener"));
        var declared = await (await screener.GetAsync("/conflicts")).PostAsync(new() { ["Reference"] = contact.Reference, ["Note"] = "My cousin" });
        var unknown = await (await screener.GetAsync("/conflicts")).PostAsync(new() { ["Reference"] = "R-1999-000001", ["Note"] = "My cousin" });

        Assert.Equal(HttpStatusCode.NotFound, secret.Status);
        Assert.Equal(nothing.Text, secret.Text);
        Assert.Equal(nothing.Text, unsealed.Text);
        Assert.IsType<Outcome<GlassBroken>.NotFound>(command);
        Assert.Equal(unknown.Document.QuerySelector(".govuk-error-summary")!.TextContent, declared.Document.QuerySelector(".govuk-error-summary")!.TextContent);
        Assert.Equal(AccessLevel.None, (await VerdictAsync(hub, "screener", contact.ContactId)).Level);
        Assert.Equal(HttpStatusCode.OK, (await duty.GetAsync($"/break-glass/contact/{contact.ContactId}")).Status);
    }

    [Theory, EachDatabase]
    public async Task A_declared_conflict_shuts_out_at_once_and_the_manager_is_told_and_ends_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        using var screener = await hub.SignInAsync("screener");

        var page = await screener.GetAsync($"/conflicts?kind=contact&id={contact.ContactId}");
        var empty = await page.PostAsync(new() { ["Note"] = "" });
        var done = await page.PostAsync(new() { ["Note"] = "The mother is my neighbour." });
        var verdict = await VerdictAsync(hub, "screener", contact.ContactId);
        var glass = await hub.Runner.RunAsync(new BreakTheGlass("Contact", contact.ContactId, Urgent), await hub.ViewerAsync("screener"));

        Assert.Equal(contact.Reference, page.Document.QuerySelector("[name=Reference]")!.GetAttribute("value"));
        Assert.Equal((HttpStatusCode)422, empty.Status);
        Assert.Equal("/conflicts", done.Location);
        Assert.Equal(new Verdict(AccessLevel.None, AccessReason.Conflict), verdict);
        Assert.False(glass.IsDone);
        await using (var db = hub.Store.Open(hub.Authority))
        {
            var notice = await db.Set<Notice>().SingleAsync(n => n.Kind == "conflict");
            Assert.Equal((int)Roles.HubManager, notice.ToRoles);
            Assert.Contains(contact.Reference, notice.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Sam", notice.Text, StringComparison.Ordinal);
        }

        using var manager = await hub.SignInAsync("manager");
        var list = await manager.GetAsync("/governance/conflicts");
        Assert.Contains("Sam Screener", list.Text, StringComparison.Ordinal);
        await list.PostAsync(new() { ["Reason"] = "Moved away a year ago." });
        Assert.Equal(AccessLevel.Work, (await VerdictAsync(hub, "screener", contact.ContactId)).Level);
    }

    [Theory, EachDatabase]
    public async Task An_embargo_has_a_reason_and_an_end(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        using var manager = await hub.SignInAsync("manager");
        var page = await manager.GetAsync($"/governance/embargoes?kind=contact&id={contact.ContactId}");

        var empty = await page.PostAsync(new() { ["Reason"] = "" });
        var late = await page.PostAsync(new() { ["Reason"] = "Operation", ["ExpiresAt.year"] = "2027" });
        var done = await page.PostAsync(new() { ["Reason"] = "Police-led operation until the arrest." });
        var list = await manager.GetAsync("/governance/embargoes");
        hub.Clock.Advance(Duration.FromDays(8));
        var after = await manager.GetAsync("/governance/embargoes");

        Assert.Equal((HttpStatusCode)422, empty.Status);
        Assert.Contains("within three months", late.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, done.Status);
        Assert.Contains("until the arrest", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("until the arrest", after.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Content_of_the_trail_is_disposed_of_with_a_tombstone_but_never_under_a_hold(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        await hub.WorkAsync();
        Guid entry;
        await using (var db = hub.Store.Open(hub.Authority)) entry = await db.Set<TrailEntry>().Where(e => e.Act == "SubmitContact").Select(e => e.Id).SingleAsync();
        using var governance = await hub.SignInAsync("governance");

        // Held: refused by the hub, and by the database itself.
        var held = await (await governance.GetAsync($"/governance/holds?kind=contact&id={contact.ContactId}")).PostAsync(new() { ["HoldKind"] = "legal hold", ["Reason"] = "Inquiry" });
        var refused = await hub.Runner.RunAsync(new DisposeTrailContent(entry, "Retention"), await hub.ViewerAsync("governance"));
        var all = await hub.Runner.RunAsync(new DisposeSubjectContent("Contact", contact.ContactId, "Retention"), await hub.ViewerAsync("governance"));
        var shown = await governance.GetAsync($"/trail/entry/{entry}");
        Assert.Equal(HttpStatusCode.Redirect, held.Status);
        Assert.Contains("held", Assert.IsType<Outcome<Nothing>.Refused>(refused).Reason, StringComparison.Ordinal);
        Assert.IsType<Outcome<int>.Refused>(all);
        Assert.Contains("Held: it may not be disposed of", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Tess Teacher", shown.Text, StringComparison.Ordinal);
        await using (var db = hub.Store.Open(hub.Authority))
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync($"UPDATE \"TrailContent\" SET \"Content\" = NULL, \"Salt\" = NULL, \"DisposedAt\" = {(database == TestDatabase.Sqlite ? "1" : "now()")}, \"DisposalReason\" = 'x' WHERE \"LegalHold\" = {(database == TestDatabase.Sqlite ? "1" : "true")}"));

        // The hold ends: disposed of through the page, the tombstone shown, the chain whole.
        await (await governance.GetAsync("/governance/holds")).PostAsync(new() { ["Reason"] = "The inquiry wrote." }, "form[action*='=End']");
        var done = await (await governance.GetAsync($"/trail/entry/{entry}")).PostAsync(new() { ["Reason"] = "Retention rule 4." });
        var tomb = await governance.GetAsync($"/trail/entry/{entry}");
        Assert.Equal(HttpStatusCode.Redirect, done.Status);
        Assert.Contains("Retention rule 4.", tomb.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Tess Teacher\"", tomb.Html, StringComparison.Ordinal);
        await hub.WorkAsync();
        await using (var db = hub.Store.Open(0))
        {
            var verdict = await TrailVerifier.VerifyAsync(db, hub.Authority, CancellationToken.None);
            Assert.Null(verdict.Break);
            Assert.Equal(1, verdict.Disposed);
        }

        // The act of disposal did not copy what it disposed of.
        await using (var db = hub.Store.Open(hub.Authority))
        {
            var act = await db.Set<TrailEntry>().SingleAsync(e => e.Act == "DisposeTrailContent" && e.Kind == TrailKind.Command);
            var content = (await db.Set<TrailContent>().SingleAsync(c => c.EntryId == act.Id)).Content!;
            Assert.DoesNotContain("Tess Teacher", content, StringComparison.Ordinal);
        }
    }

    [Theory, EachDatabase]
    public async Task A_breach_entry_runs_seventy_two_hours_and_is_closed_with_a_result(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var teacher = await hub.SignInAsync("teacher");
        using var governance = await hub.SignInAsync("governance");

        var empty = await (await teacher.GetAsync("/breach")).PostAsync(new() { ["What"] = "" });
        var done = await (await teacher.GetAsync("/breach")).PostAsync(new() { ["What"] = "A letter went to the wrong house." });
        await using var db = hub.Store.Open(hub.Authority);
        var breach = await db.Set<Breach>().AsNoTracking().SingleAsync();
        var clock = await db.Set<RunningClock>().AsNoTracking().SingleAsync(c => c.Rule == "breach.report");
        var list = await governance.GetAsync("/governance/breaches");
        hub.Clock.Advance(Duration.FromHours(73));
        // A session ends after ten hours: three days later the officer signs in again.
        using var later = await hub.SignInAsync("governance");
        var late = await later.GetAsync($"/governance/breaches/{breach.Id}");
        var chosen = await late.PostAsync(new() { ["Result"] = "x" });
        var closed = await late.PostAsync(new() { ["Reported"] = "true", ["Result"] = "Reported by telephone." });
        var twice = await late.PostAsync(new() { ["CommandId"] = Guid.CreateVersion7().ToString(), ["Reported"] = "false", ["Result"] = "Not reportable." });

        Assert.Equal((HttpStatusCode)422, empty.Status);
        Assert.Equal("/breach", done.Location);
        Assert.Equal(breach.KnownAt + Duration.FromHours(72), breach.ReportDueAt);
        Assert.Equal(breach.ReportDueAt, clock.DueAt);
        Assert.Contains(breach.Reference, list.Text, StringComparison.Ordinal);
        Assert.Contains("neither reported nor found not reportable", late.Text, StringComparison.Ordinal);
        Assert.Contains("Choose whether it was reported", chosen.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, closed.Status);
        Assert.Contains("They wrote: Reported by telephone.", twice.Text, StringComparison.Ordinal);
        Assert.NotNull((await db.Set<RunningClock>().AsNoTracking().SingleAsync(c => c.Rule == "breach.report")).MetAt);
    }

    [Theory, EachDatabase]
    public async Task The_reading_room_finds_by_person_act_and_day_and_each_look_is_itself_in_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        using var governance = await hub.SignInAsync("governance");

        var found = await (await governance.GetAsync("/trail")).PostAsync(new() { ["AccountId"] = hub.Account("teacher").ToString(), ["Act"] = "submit" });
        var otherDay = await (await governance.GetAsync("/trail")).PostAsync(new() { ["Act"] = "submit", ["From.day"] = "1", ["From.month"] = "1", ["To.day"] = "2", ["To.month"] = "1", ["To.year"] = "2026" });
        var wrongDay = await (await governance.GetAsync("/trail")).PostAsync(new() { ["From.day"] = "31", ["From.month"] = "2" });
        var about = await (await governance.GetAsync("/trail")).PostAsync(new() { ["Reference"] = contact.Reference });
        var who = await governance.GetAsync($"/trail/subject/Contact/{contact.ContactId}");
        var again = await governance.GetAsync($"/trail/subject/Contact/{contact.ContactId}");

        Assert.Contains("Submit contact", found.Text, StringComparison.Ordinal);
        Assert.Contains("Tess Teacher, Education", found.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing like that", otherDay.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)422, wrongDay.Status);
        Assert.Contains("Submit contact", about.Text, StringComparison.Ordinal);
        Assert.Contains("Gil Governance", again.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, who.Status);
        Assert.Equal(4, await CountAsync(hub, "search the trail"));
        Assert.Equal(2, await CountAsync(hub, "view who looked"));
        await using var db = hub.Store.Open(hub.Authority);
        // The terms are content, apart from the hashed payload.
        Assert.False(await db.Set<TrailEntry>().AnyAsync(e => e.Act == "search the trail" && e.Payload.Contains("submit")));
    }

    [Theory, EachDatabase]
    public async Task The_figures_of_the_overview_are_the_rows_behind_them(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await ReportAsync(hub);
        await SealAsync(hub, "governance", contact.Reference);
        await hub.DoAsync("screener", new BreakTheGlass("Contact", contact.ContactId, Urgent));
        await hub.DoAsync("teacher", new OpenBreach("A letter went astray.", hub.Clock.GetCurrentInstant()));
        await hub.DoAsync("governance", new PlaceHold("Contact", contact.ContactId, "legal hold", "Inquiry"));
        using var governance = await hub.SignInAsync("governance");

        var overview = await governance.GetAsync("/governance");

        foreach (var figure in overview.Document.QuerySelectorAll(".hub-figure"))
        {
            var link = figure.QuerySelector("a")!.GetAttribute("href")!;
            var rows = link == "/governance/break-glass"
                ? (await governance.GetAsync(link)).Document.QuerySelectorAll("form[data-glass]").Length
                : (await governance.GetAsync(link)).Document.QuerySelectorAll("main table tbody tr").Length;
            Assert.Equal(figure.QuerySelector(".hub-figure__value")!.TextContent, rows.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
