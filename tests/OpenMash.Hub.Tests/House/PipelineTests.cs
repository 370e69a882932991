using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenMash.Hub.Platform.Trail;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.House;

public class PipelineTests
{
    private static SubmitContact Report(string words = "A child came to school hungry and afraid.") => new()
    {
        Way = Way.PartnerForm,
        Words = words,
        Original = "{}",
        People = [new PersonIntake { GivenName = "Test", FamilyName = "Child" }],
    };

    [Theory, EachDatabase]
    public async Task A_report_gets_a_reference_a_line_its_clocks_and_a_trail_entry_in_one_act(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);

        var submitted = await hub.DoAsync("teacher", Report());

        await using var db = hub.Store.Open(hub.Authority);
        var contact = await db.Set<Contact>().SingleAsync();
        Assert.Equal("R-2026-000001", submitted.Reference);
        Assert.Equal("A child came to school hungry and afraid.", contact.Words);
        Assert.Equal(LineState.Waiting, (await db.Set<ContactLine>().SingleAsync()).State);
        Assert.Equal(["contact.decide", "contact.rate"], await db.Set<RunningClock>().OrderBy(c => c.Rule).Select(c => c.Rule).ToArrayAsync());
        var entry = await db.Set<TrailEntry>().SingleAsync(e => e.Act == "SubmitContact");
        Assert.Equal(contact.Id, entry.SubjectId);
        Assert.DoesNotContain("hungry", entry.Payload, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_same_command_again_returns_the_first_result_and_changes_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var teacher = await hub.ViewerAsync("teacher");
        var id = Guid.CreateVersion7();

        var first = (await hub.Runner.RunAsync(Report(), teacher, id)).Expect();
        var again = (await hub.Runner.RunAsync(Report(), teacher, id)).Expect();
        var other = await hub.Runner.RunAsync(Report("Other words."), teacher, id);

        Assert.Equal(first, again);
        Assert.IsType<Outcome<ContactSubmitted>.Conflict>(other);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(1, await db.Set<Contact>().CountAsync());
    }

    [Theory, EachDatabase]
    public async Task Many_at_once_are_all_kept_with_references_of_their_own(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var teacher = await hub.ViewerAsync("teacher");

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => hub.Runner.RunAsync(Report($"Report {i}"), teacher)));

        Assert.Equal(40, results.Select(r => r.Expect().Reference).Distinct().Count());
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(40, await db.Set<Contact>().CountAsync());
    }

    [Theory, EachDatabase]
    public async Task A_refused_act_changes_nothing_and_the_refusal_is_in_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);

        var outcome = await hub.Runner.RunAsync(Report() with { Way = Way.Staff }, await hub.ViewerAsync("police"));

        var refused = Assert.IsType<Outcome<ContactSubmitted>.Refused>(outcome);
        Assert.Contains("You are Pat Police, Police: referrer, agency researcher", refused.Reason, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.False(await db.Set<Contact>().AnyAsync());
        Assert.True(await db.Set<TrailEntry>().AnyAsync(e => e.Kind == TrailKind.Refusal && e.Act == "SubmitContact"));
    }

    [Theory, EachDatabase]
    public async Task Another_authority_sees_none_of_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.DoAsync("teacher", Report());

        await using var other = hub.Store.Open(2);

        Assert.False(await other.Set<Contact>().AnyAsync());
        Assert.False(await other.Set<Mention>().AnyAsync());
    }

    [Theory, EachDatabase]
    public async Task The_trail_is_sealed_and_verifies_and_the_first_altered_entry_is_named(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.DoAsync("teacher", Report());
        await hub.WorkAsync();
        await using var db = hub.Store.Open(0);

        var whole = await TrailVerifier.VerifyAsync(db, hub.Authority, CancellationToken.None);

        Assert.Null(whole.Break);
        Assert.Equal(0, whole.Unsealed);
        Assert.True(whole.Entries > 10);
    }

    [Theory, EachDatabase]
    public async Task The_database_refuses_to_change_the_trail(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.DoAsync("teacher", Report());
        await hub.WorkAsync();

        await OpenMash.Hub.Platform.Record.RecordSetup.ProveGuardsAsync(hub.Store, CancellationToken.None);
        await using var db = hub.Store.Open(0);
        var verbs = new List<string> { "UPDATE \"TrailEntry\" SET \"Act\" = 'x'", "DELETE FROM \"TrailEntry\"", "DELETE FROM \"TrailSeal\"", "UPDATE \"TrailContent\" SET \"Content\" = 'x'", "DELETE FROM \"TrailContent\"" };
        if (database == TestDatabase.Postgres) verbs.AddRange(["TRUNCATE \"TrailEntry\"", "DROP TABLE \"TrailEntry\"", "ALTER TABLE \"TrailEntry\" DISABLE TRIGGER ALL"]);
        foreach (var sql in verbs)
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(sql));
    }
}
