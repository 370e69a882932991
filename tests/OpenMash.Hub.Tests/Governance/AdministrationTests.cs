using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OpenMash.Hub.Platform.Settings;
using OpenMash.HubTests.Accounts;
using OpenMash.HubTests.House;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.Settings;
using OpenMash.Records.Trail;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.Governance;

public class AdministrationTests
{
    private static async Task<TestPage> InviteAsync(TestHub hub, TestBrowser admin, string email = "nora@example.test", string role = "1")
    {
        var page = await admin.GetAsync("/admin/accounts/invite");
        return await page.SubmitAsync(new()
        {
            ["FullName"] = "Nora New",
            ["Email"] = email,
            ["AgencyId"] = hub.Agencies["police"].ToString(),
            ["JobTitle"] = "Constable",
            ["RoleNumbers"] = role,
        });
    }

    private static string LinkOn(TestPage page) => new Uri(page.Document.QuerySelector("[data-link]")!.TextContent).PathAndQuery;

    [Theory, EachDatabase]
    public async Task An_invited_person_opens_the_account_with_a_link_that_works_once_and_is_shown_once(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var admin = await hub.SignInAsync("admin");

        var made = await InviteAsync(hub, admin);
        var link = LinkOn(made);
        var again = await admin.GetAsync(made.Url);
        using var nora = hub.Browser();
        var page = await nora.GetAsync(link);
        var weak = await page.PostAsync(new() { ["Password"] = "aaaaaaaaaaaaaa", ["PasswordAgain"] = "aaaaaaaaaaaaaa" });
        var chosen = await page.PostAsync(new() { ["Password"] = SignInJourney.Password, ["PasswordAgain"] = SignInJourney.Password });
        var enrol = await nora.GetAsync(chosen.Location!);
        await enrol.PostAsync(new() { ["Code"] = Authenticator.Code(SignInJourney.KeyOn(enrol)) });
        var account = await nora.GetAsync("/account");
        using var thief = hub.Browser();
        var used = await thief.GetAsync(link);

        Assert.Null(again.Document.QuerySelector("[data-link]"));
        Assert.Contains("5 different characters", weak.Text, StringComparison.Ordinal);
        Assert.Equal("/account/two-factor/enrol", chosen.Location);
        Assert.Contains("Nora New", account.Text, StringComparison.Ordinal);
        Assert.Contains("referrer", account.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, used.Status);
    }

    [Theory, EachDatabase]
    public async Task A_new_link_ends_the_older_and_an_invitation_is_refused_for_a_known_address(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var admin = await hub.SignInAsync("admin");
        var made = await InviteAsync(hub, admin);
        var first = LinkOn(made);

        var renewed = await (await admin.GetAsync(made.Url)).SubmitAsync([], "form[action*='=Link']");
        var twice = await InviteAsync(hub, admin, "NORA@example.test");
        using var browser = hub.Browser();

        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(LinkOn(renewed))).Status);
        Assert.Equal((HttpStatusCode)422, twice.Status);
        Assert.Contains("already an account", twice.Text, StringComparison.Ordinal);
        Assert.Equal("Nora New", twice.Document.QuerySelector("[name=FullName]")!.GetAttribute("value"));
    }

    [Theory, EachDatabase]
    public async Task A_reset_ends_password_app_and_sessions_and_governance_is_told(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (police, _, _) = await hub.EnrolledAsync("police");
        using var admin = await hub.SignInAsync("admin");
        var url = $"/admin/accounts/{hub.Account("police")}";

        var without = await (await admin.GetAsync(url)).PostAsync(new() { ["Reason"] = "" }, "form[action*='=Reset']");
        var done = await (await admin.GetAsync(url)).SubmitAsync(new() { ["Reason"] = "Telephone lost; seen in person." }, "form[action*='=Reset']");
        var session = await police.GetAsync("/account");
        using var later = hub.Browser();
        var old = await later.PasswordAsync("police");

        Assert.Equal((HttpStatusCode)422, without.Status);
        Assert.NotNull(done.Document.QuerySelector("[data-link]"));
        Assert.Equal(HttpStatusCode.Redirect, session.Status);
        Assert.Equal((HttpStatusCode)422, old.Status);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.True(await db.Set<Notice>().AnyAsync(n => n.Kind == "account-reset" && n.ToRoles == (int)Roles.InformationGovernance));
        var content = await db.Set<TrailContent>().Join(db.Set<TrailEntry>().Where(e => e.Act == "ResetAccount"), c => c.EntryId, e => e.Id, (c, _) => c.Content).ToListAsync();
        Assert.All(content, c => Assert.DoesNotContain("PasswordHash", c!, StringComparison.Ordinal));
        police.Dispose();
    }

    [Theory, EachDatabase]
    public async Task A_closed_account_never_signs_in_again_and_the_last_administrator_stays(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var police = await hub.SignInAsync("police");
        await hub.GivePasswordAsync("police");
        using var admin = await hub.SignInAsync("admin");

        await (await admin.GetAsync($"/admin/accounts/{hub.Account("police")}")).PostAsync(new() { ["Reason"] = "Left the force." }, "form[action*='=Close']");
        using var later = hub.Browser();

        Assert.Equal(HttpStatusCode.Redirect, (await police.GetAsync("/account")).Status);
        Assert.Equal((HttpStatusCode)422, (await later.PasswordAsync("police")).Status);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(new LocalDate(2026, 3, 10), (await db.Set<Membership>().SingleAsync(m => m.AccountId == hub.Account("police"))).ValidTo);

        var own = await hub.Runner.RunAsync(new CloseAccount(hub.Account("admin"), "x"), await hub.ViewerAsync("admin"));
        var last = await hub.Runner.RunAsync(new CloseAccount(hub.Account("admin"), "x"), hub.System);
        Assert.IsType<Outcome<Nothing>.Refused>(own);
        Assert.Contains("last administrator", Assert.IsType<Outcome<Nothing>.Refused>(last).Reason, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Roles_change_at_once_two_changes_conflict_and_nobody_changes_their_own(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var admin = await hub.SignInAsync("admin");
        using var teacher = await hub.SignInAsync("teacher");
        var url = $"/admin/accounts/{hub.Account("teacher")}";
        var first = await admin.GetAsync(url);
        var second = await admin.GetAsync(url);
        Assert.Equal(HttpStatusCode.Forbidden, (await teacher.GetAsync("/trail")).Status);

        var done = await first.PostAsync(new() { ["JobTitle"] = "Governance", ["RoleNumbers"] = ((int)Roles.InformationGovernance).ToString(System.Globalization.CultureInfo.InvariantCulture), ["Reason"] = "Moved." }, "form[data-membership]");
        var conflict = await second.PostAsync(new() { ["JobTitle"] = "Other", ["RoleNumbers"] = "8", ["Reason"] = "Moved." }, "form[data-membership]");
        var partners = await hub.Runner.RunAsync(new GrantMembership(hub.Account("admin"), hub.Agencies["police"], Roles.Researcher | Roles.HubManager, "x", new LocalDate(2030, 1, 1), null), await hub.ViewerAsync("admin"));
        var own = await hub.Runner.RunAsync(new GrantMembership(hub.Account("admin"), hub.Agencies["hub"], Roles.HubManager, "x", new LocalDate(2030, 1, 1), null), await hub.ViewerAsync("admin"));

        Assert.Equal(HttpStatusCode.Redirect, done.Status);
        Assert.Equal(HttpStatusCode.OK, (await teacher.GetAsync("/trail")).Status);
        Assert.Equal((HttpStatusCode)422, conflict.Status);
        Assert.Contains("It now says: Governance, information governance officer", conflict.Text, StringComparison.Ordinal);
        Assert.IsType<Outcome<Guid>.Invalid>(own);
        Assert.Contains("is a partner: hub manager works in the hub", Assert.Single(Assert.IsType<Outcome<Guid>.Invalid>(partners).Problems, p => p.Message.Contains("is a partner", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_membership_ended_with_yesterday_closes_the_door_at_once_and_another_may_be_given(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var admin = await hub.SignInAsync("admin");
        using var teacher = await hub.SignInAsync("teacher");
        var url = $"/admin/accounts/{hub.Account("teacher")}";

        await (await admin.GetAsync(url)).PostAsync(new() { ["LastDay.day"] = "9", ["LastDay.month"] = "3", ["LastDay.year"] = "2026", ["Reason"] = "Left the school." }, "form[action*='=End']");
        var shut = await teacher.GetAsync("/conflicts");
        var given = await (await admin.GetAsync(url)).PostAsync(new() { ["AgencyId"] = hub.Agencies["health"].ToString(), ["JobTitle"] = "Nurse", ["RoleNumbers"] = "1" }, "form[action*='=Grant']");

        Assert.Equal(HttpStatusCode.Forbidden, shut.Status);
        Assert.Equal(HttpStatusCode.Redirect, given.Status);
        Assert.Equal(HttpStatusCode.OK, (await teacher.GetAsync("/conflicts")).Status);
        await using var db = hub.Store.Open(hub.Authority);
        await hub.WorkAsync();
        Assert.True(await db.Set<OutboxMessage>().AnyAsync(m => m.Kind == "live" && m.Payload.Contains("\"access\"")));
    }

    [Theory, EachDatabase]
    public async Task An_agency_is_added_changed_and_closed_but_not_while_it_has_members(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var admin = await hub.SignInAsync("admin");

        var empty = await (await admin.GetAsync("/admin/agencies")).PostAsync(new() { ["Name"] = "" });
        var twin = await (await admin.GetAsync("/admin/agencies")).PostAsync(new() { ["Name"] = "Police", ["Telephone"] = "1" });
        await (await admin.GetAsync("/admin/agencies")).PostAsync(new() { ["Name"] = "Fire service", ["Kind"] = "Other", ["Telephone"] = "01632 960 700" });
        await using var db = hub.Store.Open(hub.Authority);
        var fire = await db.Set<Agency>().AsNoTracking().SingleAsync(a => a.Name == "Fire service");
        var one = await admin.GetAsync($"/admin/agencies/{fire.Id}");
        var two = await admin.GetAsync($"/admin/agencies/{fire.Id}");
        await one.PostAsync(new() { ["Telephone"] = "01632 960 701" });
        var conflict = await two.PostAsync(new() { ["Telephone"] = "01632 960 702" });
        var closed = await (await admin.GetAsync($"/admin/agencies/{fire.Id}")).PostAsync(new() { ["Reason"] = "Merged." }, "form[action*='=Close']");
        var busy = await (await admin.GetAsync($"/admin/agencies/{hub.Agencies["police"]}")).PostAsync(new() { ["Reason"] = "x" }, "form[action*='=Close']");

        Assert.Equal((HttpStatusCode)422, empty.Status);
        Assert.Contains("already an agency of this name", twin.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)422, conflict.Status);
        Assert.Contains("It now says: Fire service, 01632 960 701", conflict.Text, StringComparison.Ordinal);
        Assert.Equal("01632 960 702", conflict.Document.QuerySelector("[name=Telephone]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.Redirect, closed.Status);
        Assert.Equal(HttpStatusCode.Forbidden, busy.Status);
        Assert.Contains("2 people are members", busy.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_partner_system_is_registered_its_secret_shown_once_and_closed(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var admin = await hub.SignInAsync("admin");
        Task<TestPage> TokenAsync(string secret) => admin.PostFormAsync("/connect/token", [new("grant_type", "client_credentials"), new("client_id", "crime-system"), new("client_secret", secret), new("scope", "contacts.write")]);

        var bad = await (await admin.GetAsync("/admin/clients")).PostAsync(new() { ["Name"] = "Crime system", ["ClientId"] = "Has Spaces", ["AgencyId"] = "" }, "form[action*='=Register']");
        var made = await (await admin.GetAsync("/admin/clients")).PostAsync(new() { ["Name"] = "Crime system", ["ClientId"] = "crime-system", ["AgencyId"] = hub.Agencies["police"].ToString() }, "form[action*='=Register']");
        var secret = made.Document.QuerySelector("[data-secret]")!.TextContent;
        var list = await admin.GetAsync("/admin/clients");
        var given = await TokenAsync(secret);
        var row = list.Document.QuerySelector("[name=ClientRow]")!.GetAttribute("value")!;
        var form = $"form:has([name=ClientRow][value='{row}'])";
        var renewed = await RowAsync(admin, form, "Renew", "Secret was mailed by mistake.");
        var second = renewed.Document.QuerySelector("[data-secret]")!.TextContent;
        var old = await TokenAsync(secret);
        var fresh = await TokenAsync(second);
        await RowAsync(admin, form, "Close", "Contract ended.");
        var closed = await TokenAsync(second);

        Assert.Equal((HttpStatusCode)422, bad.Status);
        Assert.DoesNotContain(secret, list.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, given.Status);
        Assert.NotEqual(secret, second);
        Assert.Equal(HttpStatusCode.Unauthorized, old.Status);
        Assert.Equal(HttpStatusCode.OK, fresh.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, closed.Status);
        await using var db = hub.Store.Open(hub.Authority);
        foreach (var content in await db.Set<TrailContent>().Select(c => c.Content).ToListAsync()) Assert.DoesNotContain(second, content ?? "", StringComparison.Ordinal);
    }

    private static async Task<TestPage> RowAsync(TestBrowser admin, string form, string handler, string reason)
    {
        var page = await admin.GetAsync("/admin/clients");
        var fields = page.Document.QuerySelector(form)!.QuerySelectorAll("input[type=hidden]").Select(i => new KeyValuePair<string, string>(i.GetAttribute("name")!, i.GetAttribute("value") ?? ""));
        return await admin.PostFormAsync("/admin/clients?handler=" + handler, [.. fields, new("Reason", reason)]);
    }

    [Theory, EachDatabase]
    public async Task A_setting_is_read_before_it_is_proposed_and_holds_when_another_has_approved_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var admin = await hub.SignInAsync("admin");
        using var manager = await hub.SignInAsync("manager");
        const string longer = """{"source": "Board of 9 March", "hours": 8, "reviewWorkingDays": 2, "leastCharacters": 20}""";

        var broken = await (await admin.GetAsync("/admin/settings/break-glass")).PostAsync(new() { ["Value"] = "{\"hours\": ", ["Reason"] = "Board" });
        var wide = await (await admin.GetAsync("/admin/settings/break-glass")).PostAsync(new() { ["Value"] = longer.Replace("8", "99", StringComparison.Ordinal), ["Reason"] = "Board" });
        var hours = await (await admin.GetAsync("/admin/settings/opening-hours")).PostAsync(new() { ["Value"] = """{"weeks":[{"validFrom":"2026-01-01","openOnBankHolidays":false,"monday":["17:00-09:00"]}]}""", ["Reason"] = "Board" });
        var past = await (await admin.GetAsync("/admin/settings/break-glass")).PostAsync(new() { ["Value"] = longer, ["Reason"] = "Board", ["ValidFrom.day"] = "9" });
        var proposed = await (await admin.GetAsync("/admin/settings/break-glass")).PostAsync(new() { ["Value"] = longer, ["Reason"] = "Board of 9 March" });
        await using var db = hub.Store.Open(hub.Authority);
        var row = await db.Set<SettingOverride>().AsNoTracking().SingleAsync();
        var own = await hub.Runner.RunAsync(new ApproveSetting(row.Id), await hub.ViewerAsync("admin"));
        var before = await LimitsAsync(hub);
        var approved = await (await manager.GetAsync("/admin/settings")).PostAsync([], "form[action*='=Approve']");
        var after = await LimitsAsync(hub);

        Assert.Contains("This is not JSON: line 1", broken.Text, StringComparison.Ordinal);
        Assert.Contains("must be from 1 to 24", wide.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)422, hours.Status);
        Assert.Contains("changes no past judgement", past.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, proposed.Status);
        Assert.Contains("Someone else has to approve it", Assert.IsType<Outcome<Nothing>.Refused>(own).Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, approved.Status);
        Assert.Contains("\"hours\": 4", before, StringComparison.Ordinal);
        Assert.Contains("\"hours\": 8", after, StringComparison.Ordinal);
        Assert.Null((await (await manager.GetAsync("/admin/settings")).Response.Content.ReadAsStringAsync()).Contains("Waiting for approval", StringComparison.Ordinal) ? "still waiting" : null);
    }

    private static async Task<string> LimitsAsync(TestHub hub)
    {
        await using var scope = hub.App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OpenMash.Hub.Platform.Web.CurrentAuthority>().Id = hub.Authority;
        return await scope.ServiceProvider.GetRequiredService<HubSettings>().TextAsync("break-glass", new LocalDate(2026, 3, 10));
    }
}
