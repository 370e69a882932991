using System.Text.Json;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Seams;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.People;

/// <summary>Merge and unmerge: nothing is rewritten, every read follows the map, and what a merge changed is exactly what its end restores.</summary>
public class MergeTests
{
    private sealed record Move(bool Merge, int One, int Other);

    private static readonly Gen<Move> Moves = Gen.Select(Gen.Frequency((3, Gen.Const(true)), (2, Gen.Const(false))), Gen.Int[0, 1000], Gen.Int[0, 1000], (m, a, b) => new Move(m, a, b));

    [Fact]
    public async Task Unmerge_restores_exactly_what_was_seen_over_any_history_on_sqlite() => await RestoresAsync(TestDatabase.Sqlite, 6, 12);

    [Fact]
    public async Task Unmerge_restores_exactly_what_was_seen_over_any_history_on_postgres() => await RestoresAsync(TestDatabase.Postgres, 2, 10);

    private static async Task RestoresAsync(TestDatabase database, int histories, int length)
    {
        await using var hub = await TestHub.StartAsync(database);
        var mother = Guid.CreateVersion7();
        var ids = await hub.RegisterAsync(
            Registered.Entry("Zofia", "Kaczmarczyk", new LocalDate(2012, 3, 9), "5 Mill Lane", "WX2 9AB", new IdentifierEntry(IdentifierKind.NhsNumber, "943 476 5919")),
            Registered.Entry("Sofia", "Kaczmarczyk", new LocalDate(2012, 9, 3), "5 Mill Lane", "WX2 9AB"),
            Registered.Entry("Zosia", "Kaczmarcyk", null, "8 Old Brewery Yard", null, new IdentifierEntry(IdentifierKind.Upn, "A123456789012")),
            Registered.Entry("Sophie", "Carpenter", new LocalDate(2012, 3, 9)) with { Relations = [new RelationEntry(mother, "mother", "said")] },
            Registered.Entry("Agnieszka", "Kaczmarczyk", new LocalDate(1984, 5, 30)) with { Id = mother, IsAdult = true });
        var contacts = new List<Guid>();
        foreach (var id in ids.Take(4)) contacts.Add(await hub.ReportedAsync(id));
        await hub.PlanAsync(ids[2]);
        using var manager = await hub.SignInAsync("manager");
        var before = await RowsAsync(hub);
        var seen = new Dictionary<string, string>();
        var again = 0;

        async Task LookAsync()
        {
            var edges = (await hub.AllAsync<Resolution>()).Where(r => r.EndedAt is null).OrderBy(r => r.FromId).Select(r => $"{r.FromId}>{r.ToId}");
            var (key, now) = (string.Join(' ', edges), await SeenAsync(hub, manager, ids, contacts));
            if (seen.TryAdd(key, now)) return;
            again++;
            Assert.Equal(seen[key], now);
        }

        await LookAsync();
        await Moves.Array[length].SampleAsync(
            async moves =>
            {
                foreach (var move in moves)
                {
                    await MakeAsync(hub, move, ids);
                    await LookAsync();
                }

                // To the beginning again, in whatever order the ends come.
                foreach (var open in (await hub.AllAsync<Resolution>()).Where(r => r.EndedAt is null).OrderBy(r => r.Reason.Length + r.Id.GetHashCode()))
                {
                    await hub.DoAsync("manager", new UnmergePeople(open.Id, "two after all"));
                    await LookAsync();
                }

                return true;
            },
            iter: histories,
            threads: 1);

        Assert.True(again > histories, "no state was ever met again: the test shows nothing");
        Assert.Equal(before, await RowsAsync(hub));
        var resolutions = await hub.AllAsync<Resolution>();
        var trail = await hub.AllAsync<TrailEntry>();
        Assert.Equal(resolutions.Count, trail.Count(e => e.Act == nameof(UnmergePeople)));
        Assert.All(resolutions, r => Assert.Contains(trail, e => e.SubjectId == r.ToId && e.Act is nameof(DecideMatch) or nameof(AgreeMerge)));
    }

    private static async Task MakeAsync(TestHub hub, Move move, IReadOnlyList<Guid> ids)
    {
        if (!move.Merge)
        {
            var open = (await hub.AllAsync<Resolution>()).Where(r => r.EndedAt is null).OrderBy(r => r.Id).ToList();
            if (open.Count > 0) await hub.DoAsync("manager", new UnmergePeople(open[move.One % open.Count].Id, "two after all"));
            return;
        }

        var (one, other) = (ids[move.One % 4], ids[move.Other % 4]);
        if (one == other) return;
        var proposed = await hub.Runner.RunAsync(new ProposeMatch(one, await hub.ReferenceAsync(other)), await hub.ViewerAsync("screener"));
        // Already one record: then the proposal is refused, and nothing changes.
        if (proposed is not Outcome<Guid>.Done pair) return;
        var keep = (await hub.AllAsync<MatchPair>()).Single(p => p.Id == pair.Value);
        var decided = (await hub.DecideMatchAsync("screener", pair.Value, MatchState.Same, keep: move.Other % 2 == 0 ? keep.FirstId : keep.SecondId)).Expect();
        if (decided == MatchState.AwaitsSecond) await hub.DoAsync("manager", new AgreeMerge(pair.Value, true, ""));
    }

    /// <summary>What a manager sees of each person and contact, and who answers to each name.</summary>
    private static async Task<string> SeenAsync(TestHub hub, TestBrowser manager, IReadOnlyList<Guid> ids, IReadOnlyList<Guid> contacts)
    {
        var seen = new List<string>();
        foreach (var id in ids)
        {
            var page = await manager.OpenAsync($"/people/{id}");
            seen.Add(page.Url + " " + page.Text);
        }

        foreach (var id in contacts) seen.Add((await manager.GetAsync($"/contacts/{id}")).Text);
        foreach (var name in new[] { ("Zofia", "Kaczmarczyk"), ("Sophie", "Carpenter"), ("Zosia", "Kaczmarcyk") })
        {
            var answer = await hub.WhoAsync(new PersonQuery { GivenName = name.Item1, FamilyName = name.Item2 });
            seen.Add(string.Join(' ', answer.Candidates.Select(c => $"{c.PersonId}:{c.Probability:R}")));
        }

        return string.Join('\n', seen);
    }

    /// <summary>Every row that refers to a person: none of them may ever change.</summary>
    private static async Task<string> RowsAsync(TestHub hub) => string.Join('\n',
        JsonSerializer.Serialize((await hub.AllAsync<Identification>()).OrderBy(r => r.Id).Select(r => new { r.Id, r.PersonId, r.MentionId, r.UndoneAt, r.Version })),
        JsonSerializer.Serialize((await hub.AllAsync<PersonName>()).OrderBy(r => r.Id).Select(r => new { r.Id, r.PersonId, r.GivenName, r.FamilyName, r.Version })),
        JsonSerializer.Serialize((await hub.AllAsync<PersonIdentifier>()).OrderBy(r => r.Id).Select(r => new { r.Id, r.PersonId, r.Value, r.Version })),
        JsonSerializer.Serialize((await hub.AllAsync<Relationship>()).OrderBy(r => r.Id).Select(r => new { r.Id, r.PersonId, r.OtherId, r.Kind, r.Version })),
        JsonSerializer.Serialize((await hub.AllAsync<Person>()).OrderBy(r => r.Id).Select(r => new { r.Id, r.GivenName, r.FamilyName, r.Version })));

    [Theory, EachDatabase]
    public async Task After_a_merge_both_addresses_lead_to_one_page_with_the_contacts_names_and_plans_of_both(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        var first = await hub.ReportedAsync(ids[0]);
        hub.Clock.Advance(Duration.FromMinutes(5));
        var second = await hub.ReportedAsync(ids[1]);
        await hub.MergeAsync(ids[1], ids[0]);
        await hub.PlanAsync(ids[1]);
        using var screener = await hub.SignInAsync("screener");

        var led = await screener.GetAsync($"/people/{ids[1]}");
        var page = await screener.GetAsync($"/people/{ids[0]}");

        Assert.Equal($"/people/{ids[0]}", led.Location);
        Assert.Contains("Contacts (2)", page.Text, StringComparison.Ordinal);
        Assert.Contains("Oluwasehun Adebayo Fergusson", page.Text, StringComparison.Ordinal);
        Assert.Contains("Plan open: child protection plan", page.Text, StringComparison.Ordinal);
        // Each contact keeps the person it named, and counts the other among the earlier ones.
        Assert.Equal([ids[0], ids[1]], (await hub.AllAsync<Identification>()).OrderBy(i => i.At).Select(i => i.PersonId));
        var earlier = await screener.GetAsync($"/contacts/{second}");
        Assert.Contains((await hub.AllAsync<Contact>()).Single(c => c.Id == first).Reference, earlier.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_index_answers_under_the_joined_record_and_apart_again_after_unmerge(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        var asked = new PersonQuery { GivenName = "Oluwasehun", FamilyName = "Adebayo Fergusson", Birth = "2013-04-17" };
        var apart = await hub.WhoAsync(asked);

        await hub.MergeAsync(ids[1], ids[0]);
        var joined = await hub.WhoAsync(asked);
        await hub.DoAsync("manager", new UnmergePeople((await hub.AllAsync<Resolution>()).Single().Id, "two after all"));
        var restored = await hub.WhoAsync(asked);

        Assert.Equal(ids[1], apart.Candidates[0].PersonId);
        Assert.Equal(ids[0], joined.Candidates[0].PersonId);
        Assert.DoesNotContain(joined.Candidates, c => c.PersonId == ids[1]);
        Assert.Equal(apart.Candidates.Select(c => (c.PersonId, c.Probability)), restored.Candidates.Select(c => (c.PersonId, c.Probability)));
    }

    [Theory, EachDatabase]
    public async Task Sealing_a_joined_person_seals_every_identity_and_the_sealed_name_answers_nobody_uncleared(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        var contact = await hub.ReportedAsync(ids[1]);
        await hub.MergeAsync(ids[1], ids[0]);

        await hub.DoAsync("manager", new SealSubject("Person", ids[0], "protected", true, new LocalDate(2026, 6, 1), []));

        using var screener = await hub.SignInAsync("screener");
        using var manager = await hub.SignInAsync("manager");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await screener.GetAsync($"/people/{ids[0]}")).Status);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await screener.GetAsync($"/people/{ids[1]}")).Status);
        Assert.NotEqual(System.Net.HttpStatusCode.OK, (await screener.GetAsync($"/contacts/{contact}")).Status);
        var search = await (await screener.GetAsync("/search")).SubmitAsync(new() { ["Q"] = "Oluwasehun Adebayo Fergusson" }, "main form.hub-search-page");
        Assert.DoesNotContain("P-00", search.Text, StringComparison.Ordinal);
        Assert.Contains("Contacts (1)", (await manager.OpenAsync($"/people/{ids[1]}")).Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Of_a_joined_identity_that_is_sealed_the_uncleared_see_nothing_on_the_page_of_the_other(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        await hub.ReportedAsync(ids[1]);
        // Sealed first, joined then by someone who is cleared.
        await hub.DoAsync("manager", new SealSubject("Person", ids[1], "protected", true, new LocalDate(2026, 6, 1), []));
        (await hub.DecideMatchAsync("manager", await hub.ProposeAsync("manager", ids[1], ids[0]), MatchState.Same, keep: ids[0])).Expect();
        using var screener = await hub.SignInAsync("screener");
        using var manager = await hub.SignInAsync("manager");

        var page = await screener.GetAsync($"/people/{ids[0]}");
        var search = await (await screener.GetAsync("/search")).SubmitAsync(new() { ["Q"] = "Oluwasehun Adebayo Fergusson" }, "main form.hub-search-page");

        Assert.DoesNotContain("Fergusson", page.Text, StringComparison.Ordinal);
        Assert.Contains("Contacts (0)", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("joined", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Adebayo Fergusson ", search.Text.Replace("Adebayo-Ferguson", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Contacts (1)", (await manager.GetAsync($"/people/{ids[0]}")).Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_merge_shuts_whoever_is_in_conflict_with_one_out_of_the_others_wherever_they_are_read(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync([.. Registered.Misspelt(), Registered.Entry("Seun", "Adebayo", new LocalDate(2013, 4, 17), "2 Harbour View", "WX9 1ZZ")]);
        var contact = await hub.ReportedAsync(ids[0]);
        await hub.DoAsync("screener", new DeclareConflict("Person", ids[1], "My nephew."));
        using var screener = await hub.SignInAsync("screener");
        using var manager = await hub.SignInAsync("manager");
        async Task<string> FoundAsync() => (await (await screener.GetAsync("/search")).SubmitAsync(new() { ["Q"] = "Seun Adebayo" }, "main form.hub-search-page")).Text;

        Assert.Contains("2 Harbour View", (await screener.GetAsync($"/people/{ids[3]}")).Text, StringComparison.Ordinal);
        Assert.Contains("Seun Adebayo", await FoundAsync(), StringComparison.Ordinal);
        // Two others under one record: the second is two steps away.
        (await hub.DecideMatchAsync("manager", await hub.ProposeAsync("manager", ids[1], ids[0]), MatchState.Same, keep: ids[0])).Expect();
        (await hub.DecideMatchAsync("manager", await hub.ProposeAsync("manager", ids[3], ids[0]), MatchState.Same, keep: ids[0])).Expect();

        Assert.DoesNotContain("Seun Adebayo", await FoundAsync(), StringComparison.Ordinal);
        Assert.NotEqual(System.Net.HttpStatusCode.OK, (await screener.GetAsync($"/people/{ids[3]}")).Status);
        Assert.NotEqual(System.Net.HttpStatusCode.OK, (await screener.GetAsync($"/contacts/{contact}")).Status);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await manager.GetAsync($"/people/{ids[0]}")).Status);
        var last = (await hub.AllAsync<Resolution>()).Single(r => r.FromId == ids[3]).Id;
        await hub.DoAsync("manager", new UnmergePeople(last, "two after all"));
        Assert.Contains("Seun Adebayo", await FoundAsync(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Undoing_a_merge_needs_a_role_and_a_reason_and_is_done_once(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        await hub.MergeAsync(ids[1], ids[0]);
        var merge = (await hub.AllAsync<Resolution>()).Single().Id;

        Assert.IsType<Outcome<Nothing>.Refused>(await hub.Runner.RunAsync(new UnmergePeople(merge, "two"), await hub.ViewerAsync("support")));
        Assert.IsType<Outcome<Nothing>.Refused>(await hub.Runner.RunAsync(new UnmergePeople(merge, "two"), await hub.ViewerAsync("worker")));
        Assert.IsType<Outcome<Nothing>.Invalid>(await hub.Runner.RunAsync(new UnmergePeople(merge, " "), await hub.ViewerAsync("screener")));
        using var screener = await hub.SignInAsync("screener");
        var page = await screener.GetAsync($"/people/{ids[0]}");
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await page.PostAsync(new() { ["UnmergeReason"] = "Two children of one class." }, "form[action*=Unmerge]")).Status);
        Assert.IsType<Outcome<Nothing>.Conflict>(await hub.Runner.RunAsync(new UnmergePeople(merge, "two"), await hub.ViewerAsync("screener")));
        Assert.Equal(MatchState.Different, Assert.Single(await hub.AllAsync<MatchPair>()).State);
        // What a person took apart does not come back by itself.
        await hub.WorkAsync();
        Assert.Single(await hub.AllAsync<MatchPair>());
    }
}
