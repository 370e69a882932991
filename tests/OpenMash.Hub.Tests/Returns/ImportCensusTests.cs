using Microsoft.EntityFrameworkCore;
using OpenMash.Engines.Returns.Cin;
using OpenMash.HubTests.House;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using OpenMash.Records.Returns;
using OpenMash.Records.Trail;
using static OpenMash.HubTests.Returns.Census;

namespace OpenMash.HubTests.Returns;

public class ImportCensusTests
{
    [Theory, EachDatabase]
    public async Task Every_sample_file_is_taken_in_one_after_the_other_and_their_children_are_the_same(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);

        foreach (var file in Directory.EnumerateFiles(Folder, "*.xml").Order(StringComparer.Ordinal))
        {
            var command = Command(File.ReadAllBytes(file), Path.GetFileName(file));
            var imported = await hub.DoAsync("manager", command);

            Assert.False(imported.Repeated);
            await using var read = hub.Store.Open(hub.Authority);
            var counts = await read.Set<CensusCount>().Where(c => c.ImportId == imported.ImportId).ToDictionaryAsync(c => c.Kind);
            Assert.Equal([CensusKind.Child, CensusKind.Episode, CensusKind.Assessment, CensusKind.Section47, CensusKind.ChildInNeedPlan, CensusKind.ChildProtectionPlan, CensusKind.Review], counts.Keys.Order());
            Assert.Equal(command.Return.Children.Count, counts[CensusKind.Child].Read);
            Assert.Equal(command.Return.Children.SelectMany(c => c.Episodes).SelectMany(e => e.Assessments).Count(), counts[CensusKind.Assessment].Read);
            Assert.All(counts.Values, c => Assert.True(c.Unchanged >= 0));
        }

        await using var db = hub.Store.Open(hub.Authority);
        var child = await db.Set<PersonIdentifier>().SingleAsync(i => i.Kind == IdentifierKind.LocalAuthorityChildId && i.Value == "DfEX0000001");
        var person = await db.Set<Person>().SingleAsync(p => p.Id == child.PersonId);
        Assert.Null(person.GivenName);
        Assert.Null(person.FamilyName);
        var referrals = await db.Set<ReferralEpisode>().Where(e => e.PersonId == person.Id).Select(e => e.ReferralDate).ToListAsync();
        Assert.Equal(referrals.Distinct().Count(), referrals.Count);
        Assert.True(await db.Set<Plan>().AnyAsync(p => p.PersonId == person.Id && p.Kind == PlanKind.ChildProtection && p.LatestCategory == "PHY"));
    }

    [Theory, EachDatabase]
    public async Task The_2026_sample_comes_in_row_by_row(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);

        var imported = await hub.DoAsync("analyst", Command(Sample("CIN_Census_2026.xml")));

        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(2, await db.Set<Person>().CountAsync());
        Assert.Equal(2, await db.Set<ReferralEpisode>().CountAsync());
        Assert.Equal(2, await db.Set<Assessment>().CountAsync());
        var enquiry = await db.Set<Section47>().SingleAsync();
        Assert.Equal(Day(2022, 6, 2), enquiry.StartedOn);
        Assert.Equal(Day(2022, 6, 17), enquiry.ConferenceOn);
        Assert.Equal([PlanKind.ChildInNeed, PlanKind.ChildProtection], await db.Set<Plan>().OrderBy(p => p.Kind).Select(p => p.Kind).ToArrayAsync());
        Assert.Equal(Day(2023, 2, 15), (await db.Set<PlanReview>().SingleAsync()).HeldOn);
        var findings = await db.Set<CensusFinding>().Where(f => f.ImportId == imported.ImportId).ToListAsync();
        Assert.Contains(findings, f => f is { Element: "AssessmentFactors", Value: "RB", Line: > 0 });
        Assert.Contains(findings, f => f.Element == "PreProceedingsandFGDM" && f.Message.Contains("not kept", StringComparison.Ordinal));
        Assert.Contains(findings, f => f is { Element: "LEA", Value: "201" });
        Assert.Equal(["1C", "6B"], (await db.Set<Assessment>().SingleAsync(a => a.StartedOn == Day(2028, 4, 28))).Factors);
        var entry = await db.Set<TrailEntry>().SingleAsync(e => e.Act == "ImportCensus");
        Assert.Equal(imported.ImportId, entry.SubjectId);
        Assert.DoesNotContain("DfEX0000001", entry.Payload, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_same_file_again_changes_nothing_and_says_so(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var command = Command(Sample("CIN_Census_2026.xml"));
        var first = await hub.DoAsync("manager", command);
        var before = await RowsAsync(hub);

        var again = await hub.DoAsync("manager", command with { FileName = "the same under another name.xml" });

        Assert.Equal(new CensusImported(first.ImportId, true), again);
        Assert.Equal(before, await RowsAsync(hub));
    }

    [Theory, EachDatabase]
    public async Task A_later_year_brings_the_same_children_up_to_date_without_doubling(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var referred = Day(2025, 2, 3);
        await hub.TakeInAsync(Of(2025, Child("C1", Episode(referred) with
        {
            Assessments = [new CinAssessment { StartDate = Day(2025, 2, 4) }],
            ProtectionPlans = [new CinProtectionPlan { StartDate = Day(2025, 3, 1), InitialCategory = "NEG", LatestCategory = "NEG", NumberOfPreviousPlans = 0 }],
        }), Child("C2")));
        var early = hub.Clock.GetCurrentInstant();
        hub.Clock.Advance(NodaTime.Duration.FromDays(20));

        var second = await hub.TakeInAsync(Of(2026, Child("C1", Episode(referred) with
        {
            ClosureDate = Day(2025, 9, 1),
            ReasonForClosure = "RC7",
            Assessments = [new CinAssessment { StartDate = Day(2025, 2, 4), AuthorisationDate = Day(2025, 3, 20), Factors = ["3B"] }, new CinAssessment { StartDate = Day(2025, 6, 1) }],
            ProtectionPlans = [new CinProtectionPlan { StartDate = Day(2025, 3, 1), EndDate = Day(2025, 8, 1), InitialCategory = "NEG", LatestCategory = "EMO", NumberOfPreviousPlans = 0, Reviews = [Day(2025, 6, 1)] }],
        }, Episode(Day(2025, 12, 1))) with
        { Upn = "A123456789012" }, Child("C3")));

        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(3, await db.Set<Person>().CountAsync());
        var c1 = (await db.Set<PersonIdentifier>().SingleAsync(i => i.Value == "C1")).PersonId;
        Assert.Equal(c1, (await db.Set<PersonIdentifier>().SingleAsync(i => i.Kind == IdentifierKind.Upn)).PersonId);
        var episodes = await db.Set<ReferralEpisode>().Where(e => e.PersonId == c1).OrderBy(e => e.ReferralDate).ToListAsync();
        Assert.Equal([referred, Day(2025, 12, 1)], episodes.Select(e => e.ReferralDate));
        Assert.Equal((Day(2025, 9, 1), "RC7"), (episodes[0].ClosedOn!.Value, episodes[0].ReasonForClosure));
        Assert.Equal(early, episodes[0].RecordedAt);
        Assert.True(episodes[0].ClosureRecordedAt > early);
        var assessments = await db.Set<Assessment>().OrderBy(a => a.StartedOn).ToListAsync();
        Assert.Equal(2, assessments.Count);
        Assert.Equal(Day(2025, 3, 20), assessments[0].AuthorisedOn);
        Assert.Equal(["3B"], assessments[0].Factors);
        var plan = await db.Set<Plan>().SingleAsync();
        Assert.Equal((Day(2025, 8, 1), "NEG", "EMO"), (plan.EndedOn!.Value, plan.InitialCategory, plan.LatestCategory));
        Assert.Single(await db.Set<PlanReview>().ToListAsync());
        var count = await db.Set<CensusCount>().SingleAsync(c => c.ImportId == second.ImportId && c.Kind == CensusKind.Child);
        Assert.Equal((2, 1, 1, 0), (count.Read, count.Added, count.Changed, count.Unchanged));
    }

    [Theory, EachDatabase]
    public async Task An_earlier_year_taken_in_late_fills_gaps_and_replaces_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var referred = Day(2024, 2, 3);
        await hub.TakeInAsync(Of(2026, Child("C1", Episode(referred) with { PrimaryNeedCode = "N4", ClosureDate = Day(2025, 9, 1) })));

        await hub.TakeInAsync(Of(2025, Child("C1", Episode(referred) with { PrimaryNeedCode = "N1", ClosureDate = Day(2024, 9, 1), DateOfInitialCpc = Day(2024, 3, 1) }) with { Ethnicity = "BAFR" }));

        await using var db = hub.Store.Open(hub.Authority);
        var episode = await db.Set<ReferralEpisode>().SingleAsync();
        Assert.Equal(("N4", Day(2025, 9, 1), Day(2024, 3, 1)), (episode.PrimaryNeed, episode.ClosedOn!.Value, episode.InitialConferenceDate!.Value));
        Assert.Equal("WBRI", (await db.Set<Person>().SingleAsync()).Ethnicity);
    }

    [Theory, EachDatabase]
    public async Task An_unborn_child_becomes_the_same_record_at_birth_and_siblings_stay_two(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        CinChild Unborn(string id) => Child(id) with { BirthDate = null, ExpectedBirthDate = Day(2025, 6, 1), Sex = "U" };
        await hub.TakeInAsync(Of(2025, Unborn("TWIN1"), Unborn("TWIN2")));
        await using (var db = hub.Store.Open(hub.Authority))
        {
            var twins = await db.Set<Person>().ToListAsync();
            Assert.Equal(2, twins.Count);
            Assert.All(twins, t => Assert.Equal((null, Day(2025, 6, 1)), (t.BirthDate, t.ExpectedDate!.Value)));
        }

        await hub.TakeInAsync(Of(2026, Child("TWIN1") with { BirthDate = Day(2025, 5, 20), Sex = "F" }));

        await using var after = hub.Store.Open(hub.Authority);
        var people = await after.Set<Person>().OrderBy(p => p.Reference).ToListAsync();
        Assert.Equal(2, people.Count);
        Assert.Equal((Day(2025, 5, 20), "F"), (people[0].BirthDate!.Value, people[0].Sex));
        Assert.Null(people[1].BirthDate);
    }

    [Theory, EachDatabase]
    public async Task A_child_joins_a_named_person_by_UPN_and_never_by_a_birth_date(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        PersonEntry Named(string family, string? upn) => new()
        {
            GivenName = "Invented",
            FamilyName = family,
            BirthDate = Day(2014, 5, 6),
            Identifiers = upn is null ? [] : [new IdentifierEntry(IdentifierKind.Upn, upn)],
        };
        var ids = await hub.DoAsync("manager", new RegisterPeople("test", [Named("Upnson", "A123456789012"), Named("Datesdaughter", null), Named("Elder", "B123456789012") with { BirthDate = Day(2001, 1, 1) }]));

        var imported = await hub.TakeInAsync(Of(
            2026,
            Child("C1") with { Upn = "A123456789012", Ethnicity = "BAFR" },
            Child("C2"),
            Child("C3") with { Upn = "B123456789012" },
            Child("C4") with { Upn = "A123456789012" }));

        await using var db = hub.Store.Open(hub.Authority);
        var children = await db.Set<CensusImportedChild>().Where(c => c.ImportId == imported.ImportId).OrderBy(c => c.Line).ToListAsync();
        Assert.Equal([CensusChildState.Changed, CensusChildState.New, CensusChildState.New, CensusChildState.New], children.Select(c => c.State));
        Assert.Equal(ids[0], children[0].PersonId);
        Assert.Equal(4, children.Select(c => c.PersonId).Distinct().Count());
        Assert.DoesNotContain(ids[1], children.Select(c => c.PersonId));
        var joined = await db.Set<Person>().SingleAsync(p => p.Id == ids[0]);
        Assert.Equal(("Upnson", "BAFR"), (joined.FamilyName, joined.Ethnicity));
        var findings = await db.Set<CensusFinding>().Where(f => f.Element == "UPN").OrderBy(f => f.Line).ToListAsync();
        Assert.Equal(["C3", "C4"], findings.Select(f => f.LAchildID));
        Assert.All(findings, f => Assert.Contains("not joined", f.Message, StringComparison.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task Another_authoritys_local_identifiers_are_not_this_authoritys(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.TakeInAsync(Of(2026, Child("C1")));
        var other = Of(2026, Child("C1") with { BirthDate = Day(2010, 1, 1) });

        await hub.TakeInAsync(other with { Header = other.Header with { Sources = [new CinSource { SourceLevel = "L", Lea = "201" }] } });

        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(2, await db.Set<Person>().CountAsync());
        Assert.Contains(await db.Set<CensusFinding>().ToListAsync(), f => f is { Element: "LEA", Value: "201", Line: 0 });
    }

    [Theory, EachDatabase]
    public async Task What_is_in_a_file_twice_or_without_its_date_is_reported_with_its_line_and_not_doubled(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var day = Day(2025, 5, 1);
        var plan = new CinProtectionPlan { StartDate = day, InitialCategory = "NEG", LatestCategory = "NEG", NumberOfPreviousPlans = 0 };
        var bytes = Bytes(Of(2026, Child("C1", Episode(day) with { ProtectionPlans = [plan, plan], Assessments = [new CinAssessment { StartDate = day }, new CinAssessment { StartDate = day }] }, Episode(day)), Child("C1")));
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        var at = text.LastIndexOf("2025-05-01", StringComparison.Ordinal);
        text = text[..at] + "2025-13-01" + text[(at + 10)..];

        await hub.DoAsync("manager", Command(System.Text.Encoding.UTF8.GetBytes(text)));

        await using var db = hub.Store.Open(hub.Authority);
        Assert.Single(await db.Set<Person>().ToListAsync());
        Assert.Single(await db.Set<ReferralEpisode>().ToListAsync());
        Assert.Single(await db.Set<Plan>().ToListAsync());
        Assert.Single(await db.Set<Assessment>().ToListAsync());
        var findings = await db.Set<CensusFinding>().ToListAsync();
        Assert.Contains(findings, f => f is { Element: "CINreferralDate", Kind: "BadDate", Line: > 0 });
        Assert.Contains(findings, f => f.Element == "CINreferralDate" && f.Message.Contains("left out", StringComparison.Ordinal) && f.Line > 0);
        Assert.Contains(findings, f => f is { Element: "CPPstartDate", Line: > 0 });
        Assert.Contains(findings, f => f is { Element: "AssessmentActualStartDate", Line: > 0 });
        Assert.Contains(findings, f => f is { Element: "LAchildID", LAchildID: "C1" });
    }

    [Theory, EachDatabase]
    public async Task Children_without_local_identifier_and_unknown_codes_are_reported_and_the_rest_is_taken(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var text = System.Text.Encoding.UTF8.GetString(Bytes(Of(2026, Child("C1"), Child("C2"))))
            .Replace("<LAchildID>C2</LAchildID>", "", StringComparison.Ordinal)
            .Replace("<ReferralSource>6</ReferralSource>", "<ReferralSource>6X</ReferralSource>", StringComparison.Ordinal);

        var imported = await hub.DoAsync("manager", Command(System.Text.Encoding.UTF8.GetBytes(text)));

        await using var db = hub.Store.Open(hub.Authority);
        Assert.Single(await db.Set<Person>().ToListAsync());
        Assert.Null((await db.Set<ReferralEpisode>().SingleAsync()).SourceCode);
        var findings = await db.Set<CensusFinding>().Where(f => f.ImportId == imported.ImportId).ToListAsync();
        Assert.Contains(findings, f => f is { Element: "ReferralSource", Kind: "UnknownCode", Value: "6X", LAchildID: "C1", Line: > 0 });
        Assert.Contains(findings, f => f.Message.Contains("LAchildID", StringComparison.Ordinal) && f.Line > 0);
    }

    [Theory, EachDatabase]
    public async Task A_sealed_record_is_never_joined_by_UPN_and_nothing_is_said_of_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var hidden = (await hub.DoAsync("manager", new RegisterPeople("test", [new PersonEntry { FamilyName = "Hidden", BirthDate = Day(2014, 5, 6), Identifiers = [new IdentifierEntry(IdentifierKind.Upn, "A123456789012")] }])))[0];
        await using (var db = hub.Store.Open(hub.Authority))
        {
            db.Add(new Seal { Id = Guid.CreateVersion7(), SubjectKind = "Person", SubjectId = hidden, Reason = "test", SecretExistence = true, At = hub.Clock.GetCurrentInstant(), ByAccountId = hub.Account("manager"), ReviewOn = Day(2027, 1, 1) });
            foreach (var entry in db.ChangeTracker.Entries<Seal>()) entry.Property(nameof(DomainRow.AuthorityId)).CurrentValue = hub.Authority;
            await db.SaveChangesAsync();
        }

        var imported = await hub.TakeInAsync(Of(2026, Child("C1") with { Upn = "A123456789012" }));

        await using var after = hub.Store.Open(hub.Authority);
        Assert.NotEqual(hidden, (await after.Set<CensusImportedChild>().SingleAsync(c => c.ImportId == imported.ImportId)).PersonId);
        Assert.DoesNotContain(await after.Set<CensusFinding>().ToListAsync(), f => f.Element == "UPN");
    }

    [Theory, EachDatabase]
    public async Task A_partner_and_a_screening_officer_are_refused(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);

        foreach (var person in new[] { "police", "screener", "worker" })
        {
            var outcome = await hub.Runner.RunAsync(Command(Sample("CIN2rows.xml")), await hub.ViewerAsync(person));
            Assert.Contains("hub manager", Assert.IsType<Outcome<CensusImported>.Refused>(outcome).Reason, StringComparison.Ordinal);
        }

        await using var db = hub.Store.Open(hub.Authority);
        Assert.False(await db.Set<Person>().AnyAsync());
    }

    private static async Task<string> RowsAsync(TestHub hub)
    {
        await using var db = hub.Store.Open(hub.Authority);
        var versions = new List<Guid>();
        versions.AddRange(await db.Set<Person>().OrderBy(r => r.Id).Select(r => r.Version).ToListAsync());
        versions.AddRange(await db.Set<ReferralEpisode>().OrderBy(r => r.Id).Select(r => r.Version).ToListAsync());
        versions.AddRange(await db.Set<Assessment>().OrderBy(r => r.Id).Select(r => r.Version).ToListAsync());
        versions.AddRange(await db.Set<Section47>().OrderBy(r => r.Id).Select(r => r.Version).ToListAsync());
        versions.AddRange(await db.Set<Plan>().OrderBy(r => r.Id).Select(r => r.Version).ToListAsync());
        versions.AddRange(await db.Set<CensusImport>().OrderBy(r => r.Id).Select(r => r.Version).ToListAsync());
        versions.AddRange(await db.Set<CensusFinding>().OrderBy(r => r.Id).Select(r => r.Version).ToListAsync());
        return string.Join(' ', versions);
    }
}
