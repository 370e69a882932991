using System.Net;
using NodaTime;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.HubTests.Plans;

public class PlanTests
{
    [Theory, EachDatabase]
    public async Task An_overdue_visit_says_why_and_what_settles_it_and_a_visit_settles_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var plan = await scene.PlanAsync(PlanKind.ChildInNeed);
        scene.On(new LocalDate(2026, 5, 1));
        using var worker = await hub.SignInAsync("worker");

        var before = await worker.GetAsync($"/plans/{plan}");
        Assert.Contains("No visit is recorded since the plan started on 10 March 2026; one was due by 21 April 2026.", before.Text, StringComparison.Ordinal);
        Assert.Contains("Record a visit at which the child was seen", before.Text, StringComparison.Ordinal);
        var today = await worker.GetAsync("/");
        Assert.Contains("No visit is recorded since the plan started", today.Text, StringComparison.Ordinal);

        var form = await worker.GetAsync($"/plans/{plan}/visit");
        var after = await form.SubmitAsync(new() { ["Meeting"] = "Seen", ["SeenAlone"] = "true", ["ChildsWords"] = "I like the new house." });

        Assert.Equal($"/plans/{plan}", after.Url);
        Assert.Contains("I like the new house.", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("No visit is recorded since", after.Text, StringComparison.Ordinal);
        Assert.Contains("done late", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("visit-overdue", await scene.OpenAlarmsAsync(plan));
    }

    [Theory, EachDatabase]
    public async Task A_visit_sent_twice_is_one_visit(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var plan = await scene.PlanAsync(PlanKind.ChildInNeed);
        var id = Guid.CreateVersion7();
        var command = PlanScene.Visit(plan, new LocalDate(2026, 3, 10));

        var first = await hub.Runner.RunAsync(command, await hub.ViewerAsync("worker"), id);
        var again = await hub.Runner.RunAsync(command, await hub.ViewerAsync("worker"), id);

        Assert.Equal(first.Expect(), again.Expect());
        Assert.Single(await scene.AllAsync<PlanVisit>());
    }

    [Theory, EachDatabase]
    public async Task An_attempt_settles_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var plan = await scene.PlanAsync(PlanKind.ChildInNeed);
        scene.On(new LocalDate(2026, 5, 1));

        Assert.IsType<Outcome<Guid>.Invalid>(await scene.TryAsync("worker", new RecordVisit { PlanId = plan, On = new LocalDate(2026, 5, 1), Meeting = VisitMeeting.NotSeen }));
        await hub.DoAsync("worker", new RecordVisit { PlanId = plan, On = new LocalDate(2026, 5, 1), Meeting = VisitMeeting.NotSeen, NotSeenBecause = "Nobody opened." });

        using var worker = await hub.SignInAsync("worker");
        var page = await worker.GetAsync($"/plans/{plan}");
        Assert.Contains("One attempt since: the child was not seen.", page.Text, StringComparison.Ordinal);
        Assert.Contains("visit-overdue", await scene.OpenAlarmsAsync(plan));
    }

    [Theory, EachDatabase]
    public async Task Bad_dates_and_impossible_sequences_change_nothing_and_say_what_to_do(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var child = await scene.ChildAsync();
        var plan = await scene.PlanAsync(PlanKind.ChildInNeed, person: child);
        var unborn = (await hub.DoAsync("manager", new RegisterPeople("test", [new PersonEntry { FamilyName = "Prestwood", ExpectedDate = new LocalDate(2026, 6, 1) }])))[0];
        var bump = await scene.PlanAsync(PlanKind.ChildProtection, person: unborn);

        Assert.Contains("in the future", Said(await scene.TryAsync("worker", PlanScene.Visit(plan, new LocalDate(2026, 3, 11)))), StringComparison.Ordinal);
        Assert.Contains("before the plan, which started on 10 March 2026", Said(await scene.TryAsync("worker", PlanScene.Visit(plan, new LocalDate(2026, 3, 9)))), StringComparison.Ordinal);
        Assert.Contains("has an open plan of this kind", Said(await scene.TryAsync("worker", scene.Start(child, PlanKind.ChildInNeed, new LocalDate(2026, 3, 10)))), StringComparison.Ordinal);
        Assert.Contains("cannot start before the child", Said(await scene.TryAsync("worker", scene.Start(await scene.ChildAsync("Bo"), PlanKind.ChildInNeed, new LocalDate(2001, 3, 10)))), StringComparison.Ordinal);
        Assert.Contains("not \"seen\"", Said(await scene.TryAsync("worker", PlanScene.Visit(bump, new LocalDate(2026, 3, 10)))), StringComparison.Ordinal);
        Assert.Contains("does not protect less", Said(await scene.TryAsync("worker", new StepPlan { PlanId = plan, Kind = StepKind.Down, ToKind = PlanKind.ChildProtection, On = new LocalDate(2026, 3, 10), Reason = "x", FamilysView = "x", AuditAnswer = "x" })), StringComparison.Ordinal);
        Assert.Contains("lies in the past", Said(await scene.TryAsync("worker", new MoveReview(plan, new LocalDate(2026, 3, 1), "x"))), StringComparison.Ordinal);
        Assert.Empty(await scene.AllAsync<PlanVisit>());
        Assert.Equal(2, (await scene.AllAsync<Plan>()).Count);
        Assert.Empty(await scene.AllAsync<PlanStep>());

        using var worker = await hub.SignInAsync("worker");
        var form = await worker.GetAsync($"/plans/{plan}/visit");
        var answer = await form.PostAsync(new() { ["On.day"] = "31", ["On.month"] = "2", ["On.year"] = "2026", ["Meeting"] = "Seen", ["Note"] = "Words that must not be lost." });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("Words that must not be lost.", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await scene.AllAsync<PlanVisit>());
    }

    [Theory, EachDatabase]
    public async Task A_step_up_takes_one_person_and_a_step_down_two(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var need = await scene.PlanAsync(PlanKind.ChildInNeed);
        var up = await hub.DoAsync("worker", new StepPlan { PlanId = need, Kind = StepKind.Up, ToKind = PlanKind.ChildProtection, Category = "NEG", On = new LocalDate(2026, 3, 10), Reason = "The conference decided." });
        var protection = Assert.NotNull(up.NewPlanId);
        scene.On(new LocalDate(2026, 4, 7));
        await hub.DoAsync("worker", PlanScene.Visit(protection, new LocalDate(2026, 4, 7)));

        var down = new StepPlan { PlanId = protection, Kind = StepKind.Down, ToKind = PlanKind.ChildInNeed, On = new LocalDate(2026, 4, 7), Reason = "Safe at home now.", FamilysView = "We are glad." };
        Assert.Contains("something open", Said(await scene.TryAsync("worker", down)), StringComparison.Ordinal);
        var proposed = await hub.DoAsync("worker", down with { AuditAnswer = "The core group met and is recorded today." });
        Assert.Null(proposed.NewPlanId);
        Assert.Null((await scene.AllAsync<Plan>()).Single(p => p.Id == protection).EndedOn);
        Assert.IsType<Outcome<PlanStepped>.Refused>(await scene.TryAsync("worker", new DecideStep(proposed.StepId, true, "I agree.")));
        Assert.IsType<Outcome<PlanStepped>.Refused>(await scene.TryAsync("team", new DecideStep(proposed.StepId, true, "I agree.")));
        using (var reviewing = await hub.SignInAsync("reviewing"))
        {
            Assert.Contains("waits for a second person", (await reviewing.GetAsync("/")).Text, StringComparison.Ordinal);
            var page = await reviewing.GetAsync($"/plans/{protection}");
            var done = await page.SubmitAsync(new() { ["StepNote"] = "Read the record; I agree.", ["Agrees"] = "true" }, "form[action$='handler=Step']");
            Assert.Contains("Agreed and done.", done.Text, StringComparison.Ordinal);
        }

        var plans = await scene.AllAsync<Plan>();
        Assert.Equal(new LocalDate(2026, 4, 7), plans.Single(p => p.Id == protection).EndedOn);
        var follows = plans.Single(p => p.FollowsId == protection);
        Assert.Equal((PlanKind.ChildInNeed, hub.Account("worker")), (follows.Kind, follows.WorkerId));
    }

    [Theory, EachDatabase]
    public async Task A_review_is_held_by_whom_the_kind_asks_for(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var protection = await scene.PlanAsync(PlanKind.ChildProtection);
        var need = await scene.PlanAsync(PlanKind.ChildInNeed, person: await scene.ChildAsync("Bo"));
        var on = new LocalDate(2026, 3, 10);

        Assert.IsType<Outcome<Guid>.Refused>(await scene.TryAsync("worker", PlanScene.Review(protection, on)));
        await hub.DoAsync("reviewing", PlanScene.Review(protection, on));
        await hub.DoAsync("worker", PlanScene.Review(need, on));
        Assert.Contains("recorded already", Said(await scene.TryAsync("worker", PlanScene.Review(need, on))), StringComparison.Ordinal);
        Assert.Contains("not quorate", Said(await scene.TryAsync("reviewing", PlanScene.Review(protection, on) with { Attended = ["Social care"] })), StringComparison.Ordinal);
        Assert.IsType<Outcome<Guid>.Refused>(await scene.TryAsync("screener", PlanScene.Visit(need, on)));
    }

    [Theory, EachDatabase]
    public async Task An_exception_counts_only_when_another_person_approves_it_and_hides_no_breach(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var started = new LocalDate(2026, 3, 10);
        var plan = await scene.PlanAsync(PlanKind.ChildInNeed, started);
        var late = await scene.PlanAsync(PlanKind.ChildInNeed, started, await scene.ChildAsync("Bo"));
        var ask = new AskException(plan, "child-in-need.visit", started, ExceptionKind.NotThisTime, null, "Abroad with the grandparents until May.");
        scene.On(new LocalDate(2026, 4, 14));
        var asked = await hub.DoAsync("worker", ask);
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("worker", new DecideException(asked, true, null)));
        await hub.DoAsync("team", new DecideException(asked, true, "Seen the tickets."));
        // A later date is not what this rule allows.
        Assert.IsType<Outcome<Guid>.Refused>(await scene.TryAsync("worker", new AskException(late, "child-in-need.visit", started, ExceptionKind.LaterDate, new LocalDate(2026, 6, 1), "x")));
        scene.On(new LocalDate(2026, 4, 30));
        await hub.DoAsync("team", new DecideException(await hub.DoAsync("worker", ask with { PlanId = late }), true, "Too late, but so be it."));

        using var worker = await hub.SignInAsync("worker");
        Assert.Contains("not this time, approved", (await worker.GetAsync($"/plans/{plan}")).Text, StringComparison.Ordinal);
        var breached = await worker.GetAsync($"/plans/{late}");
        Assert.Contains("done late", breached.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("not this time, approved", breached.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_sealed_child_s_plan_is_not_there_for_the_uncleared(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var child = await scene.ChildAsync();
        var plan = await scene.PlanAsync(PlanKind.ChildProtection, person: child);
        using var worker = await hub.SignInAsync("worker");
        using var leader = await hub.SignInAsync("leader");
        Assert.Equal(HttpStatusCode.OK, (await worker.GetAsync($"/plans/{plan}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await leader.GetAsync($"/plans/{plan}")).Status);

        await hub.InsertAsync(new OpenMash.Records.Governance.Seal
        {
            Id = Guid.CreateVersion7(),
            SubjectKind = "Person",
            SubjectId = child,
            Reason = "A relative works here.",
            SecretExistence = true,
            ReviewOn = new LocalDate(2026, 9, 10),
            ByAccountId = hub.Account("governance"),
            At = hub.Clock.GetCurrentInstant(),
        });

        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync($"/plans/{plan}")).Status);
        Assert.DoesNotContain("Prestwood", (await worker.GetAsync("/plans?show=all")).Text, StringComparison.Ordinal);
        Assert.IsType<Outcome<Guid>.NotFound>(await scene.TryAsync("worker", PlanScene.Visit(plan, new LocalDate(2026, 3, 10))));
    }

    [Theory, EachDatabase]
    public async Task Versions_are_kept_compared_and_printed_for_the_family_in_plain_words(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var plan = await scene.PlanAsync(PlanKind.ChildInNeed);
        using var worker = await hub.SignInAsync("worker");
        var form = await worker.GetAsync($"/plans/{plan}/update");
        var done = await form.SubmitAsync(new() { ["Why"] = "Nia often misses school.", ["Outcomes[0].What"] = "Nia goes to school", ["Outcomes[0].Measure"] = "nine days in ten", ["Contingency"] = "We meet within a week." });
        Assert.Contains("nine days in ten", done.Text, StringComparison.Ordinal);
        await hub.DoAsync("worker", new AddAction(plan, "call the school", "Nia's mother", null, new LocalDate(2026, 3, 20)));

        var compared = await worker.GetAsync($"/plans/{plan}/compare");
        Assert.Contains("Home has not been safe, and we want it to be.", compared.Text, StringComparison.Ordinal);
        Assert.Contains("Nia often misses school.", compared.Text, StringComparison.Ordinal);
        var copy = await worker.GetAsync($"/plans/{plan}/family?for=Nia%E2%80%99s+mother");
        Assert.Contains("We will know by this: nine days in ten.", copy.Html, StringComparison.Ordinal);
        Assert.Contains("call the school", copy.Html, StringComparison.Ordinal);
        Assert.Equal([1, 2], (await scene.AllAsync<PlanVersion>()).Select(v => v.Number).Order());
    }

    private static string Said<T>(Outcome<T> outcome) => string.Join(' ', Assert.IsType<Outcome<T>.Invalid>(outcome).Problems.Select(p => p.Message));
}
