using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.HubTests.House;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.Accounts;

public class SignInTests
{
    [Theory, EachDatabase]
    public async Task A_password_alone_opens_nothing_until_the_authenticator_is_set_up(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.GivePasswordAsync("police");
        using var browser = hub.Browser();

        var answer = await browser.PasswordAsync("police", query: "?next=/account/password");
        var closed = await browser.GetAsync("/account");
        var skipped = await browser.GetAsync("/account/two-factor");
        var enrol = await browser.GetAsync(answer.Location!);
        var wrong = await enrol.PostAsync(new() { ["Code"] = "000000" });
        var kept = await wrong.PostAsync(new() { ["Code"] = Authenticator.Code(SignInJourney.KeyOn(wrong)) });
        var open = await browser.GetAsync("/account");

        Assert.Equal("/account/two-factor/enrol?next=%2Faccount%2Fpassword", answer.Location);
        Assert.StartsWith("/account/sign-in", new Uri(hub.Address, closed.Location).AbsolutePath, StringComparison.Ordinal);
        Assert.StartsWith("/account/two-factor/enrol", skipped.Location, StringComparison.Ordinal);
        Assert.NotNull(enrol.Document.QuerySelector("svg.hub-qr path"));
        Assert.Equal((HttpStatusCode)422, wrong.Status);
        Assert.Equal(10, SignInJourney.CodesOn(kept).Length);
        Assert.Equal("/account/password", kept.Document.QuerySelector("a.govuk-button")!.GetAttribute("href"));
        Assert.Equal(HttpStatusCode.OK, open.Status);
        Assert.Contains("Pat Police", open.Text, StringComparison.Ordinal);
        Assert.Equal(["second factor failed", "set up authenticator", "sign in with password and code"], await hub.SignInActsAsync());
    }

    [Theory, EachDatabase]
    public async Task The_second_sign_in_asks_for_a_code_and_takes_each_only_once(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (first, key, _) = await hub.EnrolledAsync("police");
        first.Dispose();
        using var browser = hub.Browser();

        var answer = await browser.PasswordAsync("police");
        var page = await browser.GetAsync(answer.Location!);
        var code = Authenticator.Code(key, 1);
        var done = await page.PostAsync(new() { ["Code"] = code });
        using var other = hub.Browser();
        var second = await (await other.GetAsync((await other.PasswordAsync("police")).Location!)).PostAsync(new() { ["Code"] = code });

        Assert.Equal("/account/two-factor", answer.Location);
        Assert.Equal("/", done.Location);
        Assert.Equal((HttpStatusCode)422, second.Status);
        Assert.Contains("used before", second.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_recovery_code_opens_the_account_once(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (first, _, codes) = await hub.EnrolledAsync("police");
        first.Dispose();
        using var browser = hub.Browser();

        await browser.PasswordAsync("police");
        var done = await (await browser.GetAsync("/account/two-factor?recovery=true")).PostAsync(new() { ["Code"] = codes[0] });
        using var other = hub.Browser();
        await other.PasswordAsync("police");
        var again = await (await other.GetAsync("/account/two-factor?recovery=true")).PostAsync(new() { ["Code"] = codes[0] });
        var account = await browser.GetAsync("/account");

        Assert.Equal("/", done.Location);
        Assert.Equal((HttpStatusCode)422, again.Status);
        Assert.Contains("9 left of 10", account.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Five_failures_lock_the_account_and_the_administrators_are_told(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.GivePasswordAsync("police");
        using var browser = hub.Browser();

        for (var i = 0; i < 5; i++) Assert.Equal((HttpStatusCode)422, (await browser.PasswordAsync("police", "wrong wrong wrong")).Status);
        var right = await browser.PasswordAsync("police");
        var unknown = await browser.PasswordAsync("nobody");

        Assert.Equal((HttpStatusCode)422, right.Status);
        Assert.Equal(unknown.Text, right.Text);
        var acts = await hub.SignInActsAsync();
        Assert.Equal(7, acts.Count(a => a == "sign-in failed"));
        Assert.Equal(1, acts.Count(a => a == "account locked"));
        await using var db = hub.Store.Open(hub.Authority);
        var notice = await db.Set<Notice>().SingleAsync(n => n.Kind == "account-locked");
        Assert.Equal(hub.Account("police"), notice.SubjectId);
        Assert.DoesNotContain("Police", notice.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_session_ends_after_half_an_hour_without_use_and_after_ten_hours_in_any_case(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, services: s => s
            .AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).Configure<IClock>((o, clock) => o.TimeProvider = new ClockTimeProvider(clock)));
        using var idle = await hub.SignInAsync("police");
        using var busy = await hub.SignInAsync("health");

        hub.Clock.Advance(Duration.FromMinutes(29));
        var still = await idle.GetAsync("/account");
        hub.Clock.Advance(Duration.FromMinutes(31));
        var gone = await idle.GetAsync("/account");
        Assert.Equal(HttpStatusCode.OK, still.Status);
        Assert.Equal(HttpStatusCode.Redirect, gone.Status);

        busy.Dispose();
        using var worker = await hub.SignInAsync("health");
        for (var minutes = 0; minutes < 600; minutes += 20)
        {
            Assert.Equal(HttpStatusCode.OK, (await worker.GetAsync("/account")).Status);
            hub.Clock.Advance(Duration.FromMinutes(20));
        }

        hub.Clock.Advance(Duration.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Redirect, (await worker.GetAsync("/account")).Status);
    }

    [Theory, EachDatabase]
    public async Task Sign_out_everywhere_ends_every_session_in_the_same_breath(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var here = await hub.SignInAsync("police");
        using var there = await hub.SignInAsync("police");
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).Status);

        await (await here.GetAsync("/account")).PostAsync([], "form[action*=Everywhere]");

        Assert.Equal(HttpStatusCode.Redirect, (await here.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/account")).Status);
    }

    [Theory, EachDatabase]
    public async Task Signing_out_ends_the_session_and_is_in_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = await hub.SignInAsync("police");

        var answer = await (await browser.GetAsync("/account/sign-out")).PostAsync([]);

        Assert.Equal("/account/sign-in", answer.Location);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).Status);
        Assert.Contains("sign out", await hub.SignInActsAsync());
    }

    [Theory, EachDatabase]
    public async Task A_changed_password_ends_the_other_sessions_and_the_old_one_no_longer_works(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (browser, _, _) = await hub.EnrolledAsync("police");
        using var other = await hub.SignInAsync("police");
        const string changed = "seven quiet herons waiting";

        var page = await browser.GetAsync("/account/password");
        var shortOne = await page.PostAsync(new() { ["Current"] = SignInJourney.Password, ["Password"] = "short", ["PasswordAgain"] = "short" });
        var wrong = await page.PostAsync(new() { ["Current"] = "not my password", ["Password"] = changed, ["PasswordAgain"] = changed });
        var done = await page.PostAsync(new() { ["Current"] = SignInJourney.Password, ["Password"] = changed, ["PasswordAgain"] = changed });

        Assert.Contains("at least 12 characters; this one has 5", shortOne.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)422, wrong.Status);
        Assert.Equal("/account", done.Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/account")).Status);
        using var later = hub.Browser();
        Assert.Equal((HttpStatusCode)422, (await later.PasswordAsync("police")).Status);
        Assert.Equal("/account/two-factor", (await later.PasswordAsync("police", changed)).Location);
        browser.Dispose();
    }

    [Theory, EachDatabase]
    public async Task Another_app_needs_the_password_and_has_to_be_set_up_at_once(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (browser, key, _) = await hub.EnrolledAsync("police");

        var page = await browser.GetAsync("/account");
        var wrong = await page.PostAsync(new() { ["Password"] = "not my password" }, "form[action*='=App']");
        var begun = await page.PostAsync(new() { ["Password"] = SignInJourney.Password }, "form[action*='=App']");
        var closed = await browser.GetAsync("/account");
        var enrol = await browser.GetAsync(begun.Location!);
        var newKey = SignInJourney.KeyOn(enrol);
        await enrol.PostAsync(new() { ["Code"] = Authenticator.Code(newKey) });

        Assert.Equal((HttpStatusCode)422, wrong.Status);
        Assert.Equal(HttpStatusCode.Redirect, closed.Status);
        Assert.NotEqual(key, newKey);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        browser.Dispose();
    }

    [Theory, EachDatabase]
    public async Task New_recovery_codes_need_a_code_of_the_app_and_replace_the_old(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (browser, key, old) = await hub.EnrolledAsync("police");

        var page = await browser.GetAsync("/account");
        var wrong = await page.PostAsync(new() { ["Code"] = "123456" }, "form[action*='=Codes']");
        var made = await page.PostAsync(new() { ["Code"] = Authenticator.Code(key, 1) }, "form[action*='=Codes']");

        Assert.Equal((HttpStatusCode)422, wrong.Status);
        Assert.Empty(SignInJourney.CodesOn(made).Intersect(old));
        Assert.Equal(10, SignInJourney.CodesOn(made).Length);
        browser.Dispose();
    }

    [Theory, EachDatabase]
    public async Task Personas_exist_in_the_demonstration_only(TestDatabase database)
    {
        await using (var demo = await TestHub.StartAsync(database))
        {
            using var browser = demo.Browser();
            var page = await browser.GetAsync("/account/personas");
            Assert.Contains("Pat Police", page.Text, StringComparison.Ordinal);
            Assert.NotNull((await browser.GetAsync("/account/sign-in")).Document.QuerySelector("a[href='/account/personas']"));
        }

        await using var hub = await TestHub.StartAsync(database, mode: HubMode.Serve);
        using var real = hub.Browser();
        var token = (await real.GetAsync("/account/sign-in")).Document.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        Assert.Equal(HttpStatusCode.NotFound, (await real.GetAsync("/account/personas")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await real.PostFormAsync("/account/personas", [new("account", hub.Account("police").ToString()), new("__RequestVerificationToken", token)])).Status);
        Assert.Null((await real.GetAsync("/account/sign-in")).Document.QuerySelector("a[href='/account/personas']"));
    }

    [Theory, EachDatabase]
    public async Task Signing_in_never_leads_off_the_hub(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var (first, key, _) = await hub.EnrolledAsync("police");
        first.Dispose();
        using var browser = hub.Browser();

        var answer = await browser.PasswordAsync("police", query: "?next=https://example.org/");
        var page = await browser.GetAsync("/account/two-factor?next=//example.org/");
        var done = await page.PostAsync(new() { ["Code"] = Authenticator.Code(key, 1) });

        Assert.Equal("/account/two-factor", answer.Location);
        Assert.Equal("/", done.Location);
    }
}
