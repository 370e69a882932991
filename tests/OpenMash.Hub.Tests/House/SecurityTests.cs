using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Contacts;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.House;

public class SecurityTests
{
    [Theory, EachDatabase]
    public async Task Every_answer_forbids_inline_script_caching_sniffing_and_framing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = await hub.SignInAsync("police");

        foreach (var url in new[] { "/account", "/account/sign-in", "/admin/accounts", "/nowhere", "/error/500" })
        {
            var answer = await browser.GetAsync(url);
            var csp = string.Join(' ', answer.Response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", csp, StringComparison.Ordinal);
            Assert.Contains("script-src 'self'", csp, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", csp, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", csp, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Response.Headers.GetValues("Referrer-Policy").Single());
            Assert.Contains("no-store", answer.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.False(answer.Response.Headers.Contains("Server"));
            // What the policy forbids would silently not work: nothing of it may be in a page.
            Assert.Empty(answer.Document.QuerySelectorAll("[style], style, script:not([src])"));
            Assert.DoesNotContain(answer.Document.All, e => e.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.Ordinal)));
        }
    }

    [Theory, EachDatabase]
    public async Task The_session_cookie_is_out_of_reach_of_scripts(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();
        var page = await browser.GetAsync("/account/personas");

        var answer = await page.PostAsync(new() { ["account"] = hub.Account("police").ToString() });

        var cookie = answer.Response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("openmash=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, EachDatabase]
    public async Task A_post_without_the_forms_token_changes_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var admin = await hub.SignInAsync("admin");
        using var other = await hub.SignInAsync("police");
        var foreign = (await other.GetAsync("/conflicts")).Document.QuerySelector("main [name=__RequestVerificationToken]")!.GetAttribute("value")!;

        foreach (var url in new[] { "/admin/agencies", "/account/sign-out", "/breach", "/account/password" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostFormAsync(url, [new("Name", "Intruders")])).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostFormAsync(url, [new("Name", "Intruders"), new("__RequestVerificationToken", foreign)])).Status);
        }

        await using var db = hub.Store.Open(hub.Authority);
        Assert.False(await db.Set<Records.Accounts.Agency>().AnyAsync(a => a.Name == "Intruders"));
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/account")).Status);
    }

    [Theory, EachDatabase]
    public async Task A_refusal_says_the_level_and_the_reason_and_is_in_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = await hub.SignInAsync("police");

        var answer = await browser.GetAsync("/trail");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("you need the role information governance officer. You are Pat Police, Police: referrer, agency researcher", answer.Text, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.True(await db.Set<TrailEntry>().AnyAsync(e => e.Kind == TrailKind.Refusal && e.Act == "open trail" && e.AccountId == hub.Account("police")));
    }

    [Theory, EachDatabase]
    public async Task A_childs_name_is_in_no_log_line_message_or_notice(TestDatabase database)
    {
        using var log = new LogCapture();
        await using var hub = await TestHub.StartAsync(database, services: log.Listen);

        var contact = await hub.DoAsync("teacher", new SubmitContact
        {
            Way = Way.PartnerForm,
            Words = "Zzyzxmarker told me that Qwertmarker hurts her.",
            Original = "{\"words\":\"Zzyzxmarker\"}",
            People = [new PersonIntake { GivenName = "Zzyzxmarker", FamilyName = "Plughmarker" }],
        });
        using var governance = await hub.SignInAsync("governance");
        await (await governance.GetAsync("/governance/seals")).PostAsync(new() { ["Reference"] = contact.Reference, ["Reason"] = "Zzyzxmarker is at risk from staff" });
        using var screener = await hub.SignInAsync("screener");
        await (await screener.GetAsync($"/break-glass/contact/{contact.ContactId}")).PostAsync(new() { ["Reason"] = "Zzyzxmarker has been seen at the station with him just now" });
        await (await governance.GetAsync("/trail")).PostAsync(new() { ["Act"] = "Zzyzxmarker" });

        await log.AssertNowhereAsync(hub, "Zzyzxmarker", "Qwertmarker", "Plughmarker");
    }
}

/// <summary>The guards on the trail after every migration from every earlier one, on both databases.</summary>
public class MigrationTests
{
    private static async Task<RecordLocation> EmptyAsync(TestDatabase database, string folder)
    {
        if (database == TestDatabase.Sqlite) return RecordLocation.Sqlite(folder);
        var (runtime, owner) = await PostgresCluster.NewDatabaseAsync();
        return new RecordLocation(RecordDatabase.Postgres, runtime, owner, folder);
    }

    [Theory, EachDatabase]
    public async Task The_trails_guards_bite_after_migrating_from_every_earlier_migration(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("openmash-migrate-").FullName;
        string[] all;
        await using (var db = RecordStore.OpenAsOwner(await EmptyAsync(database, Path.Combine(folder, "list")))) all = [.. db.Database.GetMigrations()];
        Assert.NotEmpty(all);

        for (var from = 0; from < all.Length; from++)
        {
            var location = await EmptyAsync(database, Directory.CreateDirectory(Path.Combine(folder, from.ToString(System.Globalization.CultureInfo.InvariantCulture))).FullName);
            await using (var db = RecordStore.OpenAsOwner(location))
            {
                // The record as that version left it, its guards with it.
                await db.GetInfrastructure().GetRequiredService<Microsoft.EntityFrameworkCore.Migrations.IMigrator>().MigrateAsync(all[from]);
                await RecordSetup.GuardTrailAsync(db, CancellationToken.None);
            }

            await RecordSetup.MigrateAsync(location, CancellationToken.None);
            using (var store = new RecordStore(location))
            {
                Assert.True(await RecordSetup.IsCurrentAsync(store, CancellationToken.None));
                await RecordSetup.ProveGuardsAsync(store, CancellationToken.None);
            }

            // Migrating what is current renews the guards and changes nothing.
            await RecordSetup.MigrateAsync(location, CancellationToken.None);
            using (var store = new RecordStore(location)) await RecordSetup.ProveGuardsAsync(store, CancellationToken.None);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, true);
    }

    [Theory, EachDatabase]
    public async Task A_lost_guard_is_found_at_start_and_renewed_by_migrate(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("openmash-guard-").FullName;
        var location = await EmptyAsync(database, folder);
        await RecordSetup.MigrateAsync(location, CancellationToken.None);
        await using (var owner = RecordStore.OpenAsOwner(location))
        {
            await owner.Database.ExecuteSqlRawAsync(database == TestDatabase.Sqlite ? "DROP TRIGGER \"guard_TrailContent_DELETE\"" : "DROP TRIGGER guard_rows ON \"TrailContent\"");
            if (database == TestDatabase.Postgres) await owner.Database.ExecuteSqlRawAsync("GRANT DELETE ON \"TrailContent\" TO mash_runtime");
        }

        using (var store = new RecordStore(location))
        {
            var found = await Assert.ThrowsAsync<InvalidOperationException>(() => RecordSetup.ProveGuardsAsync(store, CancellationToken.None));
            Assert.Contains("DELETE FROM TrailContent", found.Message, StringComparison.Ordinal);
        }

        await RecordSetup.MigrateAsync(location, CancellationToken.None);
        using (var store = new RecordStore(location)) await RecordSetup.ProveGuardsAsync(store, CancellationToken.None);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task On_PostgreSQL_the_role_of_the_hub_at_work_owns_nothing()
    {
        await using var hub = await TestHub.StartAsync(TestDatabase.Postgres);
        await using var db = hub.Store.Open(0);

        var owned = await db.Database.SqlQuery<string>($"""
            SELECT c.relname::text AS "Value" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema' AND pg_get_userbyid(c.relowner) = current_user
            UNION ALL SELECT p.proname::text FROM pg_proc p WHERE pg_get_userbyid(p.proowner) = current_user
            UNION ALL SELECT d.datname::text FROM pg_database d WHERE d.datname = current_database() AND pg_get_userbyid(d.datdba) = current_user
            """).ToListAsync();
        var powers = await db.Database.SqlQuery<bool>($"""SELECT (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls) AS "Value" FROM pg_roles WHERE rolname = current_user""").SingleAsync();
        var creates = await db.Database.SqlQuery<bool>($"""SELECT has_schema_privilege(current_user, 'public', 'CREATE') AS "Value" """).SingleAsync();

        Assert.Empty(owned);
        Assert.False(powers);
        Assert.False(creates);
        Assert.True(await db.Database.SqlQuery<bool>($"""SELECT has_table_privilege(current_user, '"TrailEntry"', 'INSERT') AS "Value" """).SingleAsync());
    }
}
