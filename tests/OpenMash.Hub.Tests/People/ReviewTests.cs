using System.Net;
using System.Text;
using NodaTime;
using OpenMash.Engines.Matching;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Rooms.People;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Trail;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.People;

/// <summary>The review of uncertain matches: how it is filled, who may see and decide, and what comes back.</summary>
public class ReviewTests
{
    [Theory, EachDatabase]
    public async Task What_changed_is_matched_at_the_next_tick_and_joins_nobody(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());

        await hub.WorkAsync();

        var pair = await hub.PairAsync();
        Assert.Equal(new[] { ids[0], ids[1] }.Order(), new[] { pair.FirstId, pair.SecondId });
        Assert.True(pair.Probability > 0.95);
        Assert.Empty(await hub.AllAsync<Resolution>());
        // Nothing changed since: nothing is written again.
        var runs = (await hub.AllAsync<MatchRun>()).Count;
        await hub.WorkAsync();
        Assert.Equal(runs, (await hub.AllAsync<MatchRun>()).Count);
    }

    [Theory, EachDatabase]
    public async Task The_whole_register_is_matched_at_night_and_when_a_manager_asks_and_nobody_else_may_ask(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.RegisterAsync(Registered.Misspelt());
        await hub.WorkAsync();
        hub.Clock.Advance(Duration.FromHours(20));
        await hub.WorkAsync();

        using var manager = await hub.SignInAsync("manager");
        var asked = await (await manager.GetAsync("/people/review")).SubmitAsync([]);
        using var screener = await hub.SignInAsync("screener");
        var list = await screener.GetAsync("/people/review");
        var refused = await manager.PostFormAsync("/people/review", []);

        Assert.Equal(["asked", "nightly", "nightly"], (await hub.AllAsync<MatchRun>()).Where(r => r.Whole).Select(r => r.Source).Order(StringComparer.Ordinal));
        Assert.Contains("3 records: 0 new pairs", asked.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Match the whole register", list.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.IsType<Outcome<MatchesFiled>.Refused>(await hub.Runner.RunAsync(new FileMatches([], true, "asked", 0, hub.Clock.GetCurrentInstant()), await hub.ViewerAsync("screener")));
    }

    [Theory, EachDatabase]
    public async Task A_large_extract_has_the_whole_register_matched_by_weights_learnt_from_it_that_outlive_the_process(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var manager = await hub.SignInAsync("manager");
        var (health, school) = Registered.TwoExtracts(900, 300);
        async Task SendAsync(string agency, string content)
        {
            var page = await manager.GetAsync("/people/imports");
            var sent = await page.PostAsync(new() { ["AgencyId"] = hub.Agencies[agency].ToString() }, files: [("File", $"{agency}.csv", Encoding.UTF8.GetBytes(content))]);
            Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        }

        await SendAsync("health", health);
        Assert.All(await hub.AllAsync<MatchRun>(), r => Assert.Null(r.Model));
        await SendAsync("education", school);

        var run = (await hub.AllAsync<MatchRun>()).Single(r => r.Model is not null);
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(run.Model!));
        Assert.Equal((true, "import", 1200, 1200L), (run.Whole, run.Source, run.People, MatchModel.Read(text).Records));
        Assert.DoesNotContain("Larkspur", run.Model, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(await hub.AllAsync<Resolution>());
        // The rows of the second file are the first 300 of the first, misspelt or with a birthday wrong: by their agencies' own numbers it is known who is whom.
        var numbers = (await hub.AllAsync<PersonIdentifier>()).Where(i => i.Kind == IdentifierKind.AgencyId).ToDictionary(i => i.PersonId, i => i.Value);
        var pairs = (await hub.AllAsync<MatchPair>()).Where(p => p.State == MatchState.Open).ToList();
        var right = pairs.Count(p => numbers[p.FirstId] == numbers[p.SecondId]);
        Assert.True(right >= 290, $"{right} of 300 found");
        Assert.True(pairs.Count - right <= 5, $"{pairs.Count - right} wrong");
        // Another process, and the weights as they ship: the first answers as this one does.
        var asked = new PersonQuery { GivenName = "Oluwasehun", FamilyName = "Fergusson", Birth = "2013-04-17" };
        await hub.RegisterAsync(Registered.Misspelt());
        using var later = new PeopleFinder(hub.Store, new SettingsShelf(), hub.Clock);
        var here = (await hub.WhoAsync(asked)).Candidates[0];
        var there = (await later.FindAsync(hub.Authority, asked, 10, CancellationToken.None)).Candidates[0];
        Assert.Equal((here.PersonId, here.Weight), (there.PersonId, there.Weight));
        Assert.NotEqual(MatchModel.Default().Comparisons[0].Levels[0].M, MatchModel.Read(new MemoryStream(Encoding.UTF8.GetBytes(run.Model!))).Comparisons[0].Levels[0].M);
    }

    [Theory, EachDatabase]
    public async Task A_decided_pair_comes_back_only_when_one_of_the_two_changed(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        await hub.WorkAsync();
        (await hub.DecideMatchAsync("screener", (await hub.PairAsync()).Id, MatchState.Different, "Cousins of one name; both were seen.")).Expect();
        hub.Clock.Advance(Duration.FromDays(1));
        await hub.WorkAsync();
        Assert.DoesNotContain(await hub.AllAsync<MatchPair>(), p => p.State == MatchState.Open);

        var seen = (await hub.AllAsync<Person>()).Single(p => p.Id == ids[1]);
        await hub.DoAsync("screener", new AmendPerson { PersonId = seen.Id, SeenVersion = seen.Version, Reason = "the school", NewIdentifier = new IdentifierEntry(IdentifierKind.Upn, "A123456789012") });
        await hub.WorkAsync();

        Assert.NotEqual(seen.ChangedAt, (await hub.PairAsync()).FiledAt);
        Assert.Equal(2, (await hub.AllAsync<MatchPair>()).Count);
    }

    [Theory, EachDatabase]
    public async Task A_report_that_says_nothing_new_does_not_bring_a_decided_pair_back(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        await hub.ReportedAsync(ids[0]);
        await hub.WorkAsync();
        (await hub.DecideMatchAsync("support", (await hub.PairAsync()).Id, MatchState.CannotTell, "Nobody answers the telephone.")).Expect();

        hub.Clock.Advance(Duration.FromHours(1));
        await hub.ReportedAsync(ids[0]);
        await hub.WorkAsync();

        Assert.Equal(MatchState.CannotTell, Assert.Single(await hub.AllAsync<MatchPair>()).State);
    }

    [Theory, EachDatabase]
    public async Task Who_the_register_says_are_related_are_not_put_before_anybody_and_cannot_be_joined(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var twin = Registered.Misspelt();
        var one = Guid.CreateVersion7();
        var ids = await hub.RegisterAsync(twin[0] with { Id = one }, twin[1] with { Relations = [new RelationEntry(one, "sibling", "known")] });

        await hub.WorkAsync();
        Assert.Empty(await hub.AllAsync<MatchPair>());
        var joined = await hub.DecideMatchAsync("screener", await hub.ProposeAsync("screener", ids[0], ids[1]), MatchState.Same);

        Assert.Contains("sibling", Assert.Single(Assert.IsType<Outcome<MatchState>.Invalid>(joined).Problems).Message, StringComparison.Ordinal);
        Assert.Empty(await hub.AllAsync<Resolution>());
    }

    [Theory, EachDatabase]
    public async Task Where_a_plan_is_open_a_second_person_must_agree_and_may_not_be_the_first(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        await hub.PlanAsync(ids[1]);
        await hub.WorkAsync();
        var pair = (await hub.PairAsync()).Id;

        Assert.Equal(MatchState.AwaitsSecond, (await hub.DecideMatchAsync("screener", pair, MatchState.Same)).Expect());
        Assert.Empty(await hub.AllAsync<Resolution>());
        Assert.Contains(await hub.AllAsync<Notice>(), n => n.Kind == "merge-second");
        Assert.IsType<Outcome<MatchState>.Refused>(await hub.Runner.RunAsync(new AgreeMerge(pair, true, ""), await hub.ViewerAsync("screener")));
        Assert.IsType<Outcome<MatchState>.Refused>(await hub.Runner.RunAsync(new AgreeMerge(pair, true, ""), await hub.ViewerAsync("support")));
        Assert.IsType<Outcome<MatchState>.Invalid>(await hub.Runner.RunAsync(new AgreeMerge(pair, false, " "), await hub.ViewerAsync("manager")));

        using var manager = await hub.SignInAsync("manager");
        Assert.Contains("waits for a second person", (await manager.GetAsync("/")).Document.Body!.TextContent, StringComparison.Ordinal);
        var page = await manager.GetAsync($"/people/review/{pair}");
        var disagreed = await page.PostAsync(new() { ["SecondReason"] = "Their mothers differ." }, "form[action*=Agree]");
        Assert.Equal(HttpStatusCode.Redirect, disagreed.Status);
        var resolution = Assert.Single(await hub.AllAsync<Resolution>());

        Assert.Equal(MatchState.Same, Assert.Single(await hub.AllAsync<MatchPair>()).State);
        Assert.All(await hub.AllAsync<Notice>(), n => Assert.True(n.Kind != "merge-second" || n.ClosedAt is not null));
        Assert.Contains(await hub.AllAsync<TrailEntry>(), e => e.Act == nameof(AgreeMerge) && e.SubjectId == resolution.ToId);
    }

    [Theory, EachDatabase]
    public async Task A_pair_is_decided_on_the_records_as_they_were_seen_and_only_once(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.RegisterAsync(Registered.Misspelt());
        await hub.WorkAsync();
        var pair = await hub.PairAsync();
        var stale = new DecideMatch { PairId = pair.Id, Verdict = MatchState.Same, Reason = "alike", SeenFirst = Guid.CreateVersion7(), SeenSecond = Guid.CreateVersion7() };

        var changed = await hub.Runner.RunAsync(stale, await hub.ViewerAsync("screener"));
        var silent = await hub.DecideMatchAsync("screener", pair.Id, MatchState.Same, " ");
        var none = await hub.DecideMatchAsync("screener", pair.Id, MatchState.Open);
        (await hub.DecideMatchAsync("screener", pair.Id, MatchState.Same)).Expect();
        var late = await hub.DecideMatchAsync("screener2", pair.Id, MatchState.Different);

        Assert.Contains("changed while you looked", Assert.IsType<Outcome<MatchState>.Conflict>(changed).Message, StringComparison.Ordinal);
        Assert.Equal("Reason", Assert.Single(Assert.IsType<Outcome<MatchState>.Invalid>(silent).Problems).Field);
        Assert.Equal("Verdict", Assert.Single(Assert.IsType<Outcome<MatchState>.Invalid>(none).Problems).Field);
        Assert.IsType<Outcome<MatchState>.Conflict>(late);
    }

    [Theory, EachDatabase]
    public async Task Of_a_pair_with_a_sealed_record_the_uncleared_learn_nothing_and_may_not_decide(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        await hub.WorkAsync();
        var pair = (await hub.PairAsync()).Id;
        await hub.DoAsync("manager", new SealSubject("Person", ids[1], "protected", true, new LocalDate(2026, 6, 1), []));
        using var screener = await hub.SignInAsync("screener");
        using var manager = await hub.SignInAsync("manager");

        var list = await screener.GetAsync("/people/review");
        var page = await screener.GetAsync($"/people/review/{pair}");
        var decided = await hub.DecideMatchAsync("screener", pair, MatchState.Same);
        var proposed = await hub.Runner.RunAsync(new ProposeMatch(ids[0], await hub.ReferenceAsync(ids[1])), await hub.ViewerAsync("screener"));

        Assert.Contains("0 pairs wait", list.Text, StringComparison.Ordinal);
        Assert.Contains("There may be more", list.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.IsType<Outcome<MatchState>.NotFound>(decided);
        Assert.IsType<Outcome<Guid>.Invalid>(proposed);
        Assert.Contains("1 pair waits", (await manager.GetAsync("/people/review")).Text, StringComparison.Ordinal);
        Assert.IsType<Outcome<MatchState>.Refused>(await hub.DecideMatchAsync("worker", pair, MatchState.Same));
        Assert.IsType<Outcome<MatchState>.Refused>(await hub.DecideMatchAsync("police", pair, MatchState.Same));
    }

    [Theory, EachDatabase]
    public async Task The_page_marks_what_differs_says_why_in_words_and_leads_on_to_the_next_pair(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync([.. Registered.Misspelt(), Registered.Entry("Zofia", "Kaczmarczyk", new LocalDate(2012, 3, 9), null, "WX2 9AB"), Registered.Entry("Sofia", "Kaczmarczyk", new LocalDate(2012, 9, 3), null, "WX2 9AB")]);
        await hub.WorkAsync();
        using var screener = await hub.SignInAsync("screener");

        var list = await screener.GetAsync("/people/review");
        var first = list.Document.QuerySelectorAll("main table a").Select(a => a.GetAttribute("href")!).ToList();
        var page = await screener.GetAsync(first[0]);
        var answer = await page.PostAsync(new() { ["Verdict"] = "Different", ["Reason"] = "Both were seen in one room." });
        var empty = await page.PostAsync(new() { ["Verdict"] = "", ["Reason"] = "" });

        Assert.Equal(2, first.Count);
        Assert.All(page.Document.QuerySelectorAll("tr.hub-differs"), row => Assert.Contains("differs", row.TextContent, StringComparison.Ordinal));
        Assert.NotEmpty(page.Document.QuerySelectorAll("tr.hub-differs"));
        Assert.Contains("speaks", page.Text, StringComparison.Ordinal);
        Assert.Equal(first[1], answer.Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.Status);
        var looked = (await hub.AllAsync<TrailEntry>()).Where(e => e.Act == "compare two records").Select(e => e.SubjectId).Distinct();
        Assert.True(looked.Count() >= 2);
        Assert.Contains("Both were seen in one room.", (await screener.GetAsync("/people/review?show=decided")).Text, StringComparison.Ordinal);
        Assert.True(ids.Count == 5);
    }
}
