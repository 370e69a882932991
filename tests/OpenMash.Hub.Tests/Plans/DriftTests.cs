using NodaTime;
using OpenMash.HubTests.House;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.HubTests.Plans;

public class DriftTests
{
    public static TheoryData<TestDatabase, string> Kinds()
    {
        var data = new TheoryData<TestDatabase, string>();
        foreach (var database in new[] { TestDatabase.Sqlite, TestDatabase.Postgres })
            foreach (var kind in new[] { PlanKind.EarlyHelp, PlanKind.ChildInNeed, PlanKind.ChildProtection, PlanKind.LookedAfter, PlanKind.CareLeaver }) data.Add(database, kind);
        return data;
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_same_rules_watch_every_kind_and_close_themselves_with_a_trace(TestDatabase database, string kind)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var plan = await scene.PlanAsync(kind);
        Assert.Empty(await scene.OpenAlarmsAsync(plan));

        scene.On(new LocalDate(2026, 12, 10));
        await hub.WorkAsync();
        Assert.Superset(new HashSet<string> { "visit-overdue", "no-management-note", "missed-meeting", "silent", "no-measure" }, (await scene.OpenAlarmsAsync(plan)).ToHashSet());

        await hub.DoAsync("worker", PlanScene.Visit(plan, new LocalDate(2026, 12, 9), alone: false));
        await hub.DoAsync("team", new Supervise(plan, new LocalDate(2026, 12, 9), "Read the file together.", null, true));
        await hub.DoAsync("worker", new HoldMeeting(plan, new LocalDate(2026, 12, 9), false, ["Social care"], true, "Agreed."));
        await hub.DoAsync("worker", new UpdatePlan { PlanId = plan, MadeOn = new LocalDate(2026, 12, 9), Why = "Anew.", Outcomes = [new OutcomeEntry("School", null, "nine days in ten", null)] });

        Assert.DoesNotContain(await scene.OpenAlarmsAsync(plan), a => a is "visit-overdue" or "no-management-note" or "silent" or "no-measure" or "over-length");
        Assert.Contains(await scene.AllAsync<PlanAlarm>(), a => a.Rule == "visit-overdue" && a.ClosedAt == hub.Clock.GetCurrentInstant());
    }

    [Theory, EachDatabase]
    public async Task Not_alone_twice_moved_twice_open_through_two_reviews_and_three_workers_are_each_seen(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var plan = await scene.PlanAsync(PlanKind.ChildInNeed);
        await hub.DoAsync("worker", new AddAction(plan, "see the GP", "Her mother", null, new LocalDate(2026, 4, 1)));
        await hub.DoAsync("worker", PlanScene.Visit(plan, new LocalDate(2026, 3, 10), alone: false));
        Assert.DoesNotContain("not-alone", await scene.OpenAlarmsAsync(plan));
        scene.On(new LocalDate(2026, 4, 10));
        await hub.DoAsync("worker", PlanScene.Visit(plan, new LocalDate(2026, 4, 10), alone: false));
        await hub.DoAsync("worker", PlanScene.Review(plan, new LocalDate(2026, 4, 10)));
        scene.On(new LocalDate(2026, 4, 20));
        await hub.DoAsync("worker", PlanScene.Review(plan, new LocalDate(2026, 4, 20)));
        await hub.DoAsync("worker", new MoveReview(plan, new LocalDate(2026, 5, 20), "Set."));
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("worker", new MoveReview(plan, new LocalDate(2026, 5, 25), "Ill.")));
        await hub.DoAsync("team", new MoveReview(plan, new LocalDate(2026, 5, 25), "Ill."));
        Assert.DoesNotContain("review-moved", await scene.OpenAlarmsAsync(plan));
        await hub.DoAsync("team", new MoveReview(plan, new LocalDate(2026, 5, 28), "Ill again."));
        foreach (var next in new[] { "worker2", "worker", "worker2" })
        {
            hub.Clock.Advance(Duration.FromMinutes(1));
            await hub.DoAsync("team", new AllocatePlan(plan, scene.Team, hub.Account(next), new LocalDate(2026, 4, 20), "Left."));
        }

        Assert.Equal(["actions-through-reviews", "not-alone", "review-moved", "worker-changes"], (await scene.OpenAlarmsAsync(plan)).Where(a => a is "actions-through-reviews" or "not-alone" or "review-moved" or "worker-changes"));
        await hub.DoAsync("worker", PlanScene.Visit(plan, new LocalDate(2026, 4, 20), alone: true));
        Assert.DoesNotContain("not-alone", await scene.OpenAlarmsAsync(plan));
    }

    [Theory, EachDatabase]
    public async Task An_unread_alarm_climbs_and_one_that_was_looked_at_does_not(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var plan = await scene.PlanAsync(PlanKind.ChildInNeed);
        scene.On(new LocalDate(2026, 4, 22));
        await hub.WorkAsync();
        var visit = (await scene.AllAsync<PlanAlarm>()).Single(a => a.Rule == "visit-overdue");
        var note = (await scene.AllAsync<PlanAlarm>()).Single(a => a.Rule == "no-management-note");
        Assert.Equal(0, visit.Level);
        await hub.DoAsync("worker", new SeeAlarm(note.Id, "Asked for a date."));
        using (var team = await hub.SignInAsync("team")) Assert.DoesNotContain("visit overdue", (await team.GetAsync("/")).Text, StringComparison.Ordinal);

        hub.Clock.Advance(Duration.FromHours(73));
        await hub.WorkAsync();

        var after = await scene.AllAsync<PlanAlarm>();
        Assert.Equal((1, 0), (after.Single(a => a.Id == visit.Id).Level, after.Single(a => a.Id == note.Id).Level));
        using (var team = await hub.SignInAsync("team")) Assert.Contains("visit overdue", (await team.GetAsync("/")).Text, StringComparison.Ordinal);
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("worker", new SeeAlarm(visit.Id, "I will go.")));
        await hub.DoAsync("team", new SeeAlarm(visit.Id, "Asked the worker to go tomorrow."));
        hub.Clock.Advance(Duration.FromHours(200));
        await hub.WorkAsync();
        Assert.Equal(1, (await scene.AllAsync<PlanAlarm>()).Single(a => a.Id == visit.Id).Level);
    }
}
