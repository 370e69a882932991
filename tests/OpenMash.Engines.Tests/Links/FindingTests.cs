using System.Globalization;
using System.Text;
using OpenMash.Engines.Links;

namespace OpenMash.EnginesTests.Links;

public class FindingTests
{
    [Fact]
    public void A_group_that_stays_away_together_is_found_and_nobody_else()
    {
        var town = new Town(seed: 1).Everyday();
        town.Together([100, 101, 700, 1300], occasions: 9, code: "O");

        var result = LinksEngine.Find(town.Read());

        var group = Assert.Single(result.Groups);
        Assert.Equal(["P0100", "P0101", "P0700", "P1300"], group.Members.Select(m => m.PersonId).Order(StringComparer.Ordinal));
        Assert.Equal(6, result.Links.Count);
        Assert.All(result.Links, l => Assert.InRange(l.QValue, 0, 0.05));
        Assert.True(group.SwapShare <= 0.05);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Where_nothing_is_planted_nothing_is_claimed(int seed)
    {
        var result = LinksEngine.Find(new Town(seed).Everyday().Wave().Closure().Read());

        Assert.Empty(result.Links);
        Assert.Empty(result.Groups);
    }

    [Theory]
    [InlineData("I")]
    [InlineData("M")]
    [InlineData("C")]
    [InlineData("Y4")]
    public void Illness_leave_and_closure_are_never_evidence(string code)
    {
        var town = new Town(seed: 2).Everyday();
        town.Together([100, 101, 700, 1300], occasions: 12, code: code);

        Assert.Empty(LinksEngine.Find(town.Read()).Links);
    }

    [Fact]
    public void Brothers_and_sisters_and_children_of_one_home_are_known_and_never_a_finding()
    {
        var town = new Town(seed: 3).Everyday();
        town.Households[100] = town.Households[700] = "FAMILY";
        town.Homes[800] = town.Homes[1300] = town.Homes[1301] = "HOME";
        town.Together([100, 700], occasions: 14, code: "O");
        town.Together([800, 1300, 1301], occasions: 14, code: "N");

        var result = LinksEngine.Find(town.Read());

        Assert.Empty(result.Groups);
        Assert.Empty(result.Links);
    }

    [Fact]
    public void A_long_absence_is_one_onset()
    {
        var town = new Town(seed: 4).Everyday();
        foreach (var i in new[] { 100, 700, 1300 })
        {
            for (var d = 20; d < 45; d++) town.Mark(i, d, 2, "O");
        }

        Assert.Empty(LinksEngine.Find(town.Read()).Groups);
    }

    [Fact]
    public void A_bus_that_is_late_twice_makes_no_group()
    {
        var town = new Town(seed: 7).Everyday();
        foreach (var i in Enumerable.Range(0, 14).Select(k => 5 + (k * 90)))
        {
            town.Mark(i, 31, 0, "U");
            town.Mark(i, 77, 0, "U");
        }

        var result = LinksEngine.Find(town.Read());

        Assert.Empty(result.Groups);
        Assert.Empty(result.Links);
    }

    [Fact]
    public void A_bus_that_is_late_three_times_makes_no_group_and_one_that_is_late_all_year_does()
    {
        var riders = Enumerable.Range(0, 8).Select(k => 5 + (k * 70)).ToArray();
        var three = new Town(seed: 14).Everyday();
        var often = new Town(seed: 14).Everyday();
        for (var n = 0; n < 10; n++)
        {
            foreach (var i in riders)
            {
                if (n < 3) three.Mark(i, 11 + (n * 13), 0, "U");
                often.Mark(i, 11 + (n * 13), 0, "U");
            }
        }

        Assert.Empty(LinksEngine.Find(three.Read()).Groups);
        Assert.Equal(8, Assert.Single(LinksEngine.Find(often.Read()).Groups).Members.Count);
    }

    [Fact]
    public void A_restless_borough_needs_more_than_a_quiet_one()
    {
        var quiet = new Town(seed: 15).Everyday();
        var restless = new Town(seed: 15).Everyday();
        for (var w = 0; w < 25; w++) restless.Wave();
        int[] people = [100, 110, 400];
        quiet.Together(people, occasions: 9, code: "O");
        restless.Together(people, occasions: 9, code: "O");

        double Evidence(Town town) => LinksEngine.Weigh(town.Read(), [[.. people.Select(p => $"P{p:0000}")]])[0].LogFactor;

        Assert.True(Evidence(restless) < Evidence(quiet));
    }

    [Fact]
    public void A_rare_thing_and_nights_away_join_children_and_a_popular_thing_does_not()
    {
        var town = new Town(seed: 5).Everyday();
        foreach (var i in Enumerable.Range(0, 200)) town.Thing(i * 7, "vehicle", "TAXI 1");
        for (var n = 0; n < 400; n++) town.Thing(n * 4, "phone", "07700 9" + n.ToString("00000", CultureInfo.InvariantCulture));
        foreach (var i in new[] { 50, 650, 1250 })
        {
            town.Thing(i, "vehicle", "zz99 abc");
            town.Thing(i, "adult", "Mr Nobody");
            for (var n = 0; n < 5; n++) town.Missing(i, 10 + (n * 31), 20 + (i % 3));
        }

        var result = LinksEngine.Find(town.Read());

        Assert.Equal(["P0050", "P0650", "P1250"], Assert.Single(result.Groups).Members.Select(m => m.PersonId).Order(StringComparer.Ordinal));
        Assert.Contains(result.Links[0].Evidence, e => e is { Kind: "missing", Shared: 5 });
        Assert.Contains(result.Links[0].Evidence, e => e is { Kind: "vehicle", Shared: 1 });
    }

    [Fact]
    public void The_same_data_give_the_same_result_every_time()
    {
        var town = new Town(seed: 6).Everyday();
        town.Together([10, 11, 12, 613], occasions: 8, code: "O");

        var one = LinksEngine.Find(town.Read());
        var two = LinksEngine.Find(town.Read());

        Assert.Equal(one.Links.Select(l => (l.PersonA, l.PersonB, l.QValue, l.Weight, l.Reasons)), two.Links.Select(l => (l.PersonA, l.PersonB, l.QValue, l.Weight, l.Reasons)));
        Assert.Equal(one.Groups.SelectMany(g => g.Members), two.Groups.SelectMany(g => g.Members));
    }

    [Fact]
    public void A_pair_taken_apart_shows_its_days_and_what_chance_would_give()
    {
        var town = new Town(seed: 1).Everyday();
        town.Together([100, 101, 700, 1300], occasions: 9, code: "O");
        var data = town.Read();

        var e = LinksEngine.Explain(data, "P0100", "P0700", LinksEngine.Find(data));

        Assert.NotNull(e.Link);
        var absence = e.Evidence.Single(x => x.Kind == "absence");
        Assert.Equal(absence.Shared, e.Occasions.Count(o => o.Kind == "absence"));
        Assert.True(absence.Shared >= 6);
        Assert.InRange(absence.Expected, 0.001, 2);
        Assert.All(e.Occasions, o => Assert.InRange(o.ChanceA, 1e-4, 0.9));
        Assert.Throws<LinksInputException>(() => LinksEngine.Explain(data, "P0100", "NOBODY"));
    }

    [Fact]
    public void A_group_keeps_its_identity_when_it_gains_a_member_and_the_newcomer_is_reported()
    {
        var town = new Town(seed: 7).Everyday();
        town.Together([100, 101, 700, 1300], occasions: 8, code: "O");
        var state = LinksState.Create(town.Read());
        var id = Assert.Single(state.Result.Groups).GroupId;

        using var saved = new MemoryStream();
        state.Save(saved);
        saved.Position = 0;
        var restored = LinksState.Load(saved);
        Assert.Equal(state.Result.Links.Select(l => (l.PersonA, l.PersonB, l.QValue)), restored.Result.Links.Select(l => (l.PersonA, l.PersonB, l.QValue)));

        var day = new StringBuilder("person_id,date,session,code\n");
        foreach (var d in town.LastOccasions) day.Append(CultureInfo.InvariantCulture, $"P1000,{town.Days[d]:yyyy-MM-dd},AM,O\nP1000,{town.Days[d]:yyyy-MM-dd},PM,O\n");
        var changes = restored.Update(ReadingTests.Bytes(day.ToString()), null, null);

        Assert.Contains(changes, c => c is { Change: "member-joined", PersonId: "P1000" } && c.GroupId == id);
        Assert.Contains(changes, c => c is { Change: "link-new" } && (c.PersonId == "P1000" || c.OtherPersonId == "P1000"));
        Assert.Equal(id, Assert.Single(restored.Result.Groups).GroupId);
        Assert.Equal(5, restored.Result.Groups[0].Members.Count);
    }

    [Fact]
    public void An_update_that_concerns_nobody_changes_nothing()
    {
        var state = LinksState.Create(new Town(seed: 8).Everyday().Read());

        Assert.Empty(state.Update(ReadingTests.Bytes("person_id,date,session,code\nP0001,2025-01-10,AM,/\nNOBODY,2025-01-10,AM,O\n"), null, null));
        Assert.Contains(state.Data.Problems.Details, p => p is { Kind: "nobody", Line: 3 });
    }

    [Fact]
    public void A_state_that_is_not_one_or_is_cut_short_is_refused()
    {
        using var saved = new MemoryStream();
        LinksState.Create(new Town(seed: 9).Read()).Save(saved);

        Assert.Throws<LinksInputException>(() => LinksState.Load(ReadingTests.Bytes("not a state")));
        Assert.Throws<LinksInputException>(() => LinksState.Load(new MemoryStream(saved.ToArray()[..^20])));
    }

    [Fact]
    public void Patterns_tell_what_stands_out_and_against_what()
    {
        var town = new Town(seed: 10).Everyday();
        for (var d = 30; d < 42; d++) town.Mark(5, d, 2, "O");
        for (var k = 0; k < 14; k++) town.Mark(6, 3 + (k * 9), 1, "N");
        foreach (var d in Enumerable.Range(0, town.Days.Count).Where(d => town.Days[d].DayOfWeek == DayOfWeek.Friday).Take(14)) town.Mark(7, d, 2, "O");
        for (var d = town.Days.Count - 18; d < town.Days.Count; d += 2) town.Mark(8, d, 0, "O");
        for (var n = 0; n < 4; n++) town.Missing(9, 40 + (n * 15), 22);

        var patterns = LinksPatterns.Find(town.Read());

        Assert.Contains(patterns, p => p is { PersonId: "P0005", Pattern: "continuous-absence", Observed: >= 12 } && p.From <= town.Days[30]);
        Assert.Contains(patterns, p => p is { PersonId: "P0006", Pattern: "afternoons" });
        Assert.Contains(patterns, p => p is { PersonId: "P0007", Pattern: "weekday" } && p.Reason.Contains("Friday", StringComparison.Ordinal));
        Assert.Contains(patterns, p => p is { PersonId: "P0008", Pattern: "sudden-change", Against: "own past" });
        Assert.Contains(patterns, p => p is { PersonId: "P0009", Pattern: "repeat-missing", Observed: 4 });
        Assert.All(patterns.Where(p => p.QValue is not null), p => Assert.InRange(p.QValue!.Value, 0, 0.05));
    }

    /// <summary>Three schools of six hundred, a year of marks (absences alone).</summary>
    private sealed class Town
    {
        private readonly Random _random;
        private readonly Dictionary<(int Person, int Day, int Half), string> _marks = [];
        private readonly StringBuilder _missing = new("episode_id,person_id,start,end,place_found\n");
        private readonly StringBuilder _things = new("person_id,kind,value,date\n");

        public Town(int seed)
        {
            _random = new Random(seed);
            for (var d = new DateOnly(2024, 9, 4); Days.Count < 150; d = d.AddDays(1))
            {
                if (d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) Days.Add(d);
            }
        }

        public List<DateOnly> Days { get; } = [];

        public Dictionary<int, string> Households { get; } = [];

        public Dictionary<int, string> Homes { get; } = [];

        public List<int> LastOccasions { get; } = [];

        public Town Everyday()
        {
            for (var i = 0; i < 1800; i++)
            {
                var rate = 3 * -Math.Log(1 - _random.NextDouble());
                for (var d = 0; d < Days.Count; d++)
                {
                    if (_random.NextDouble() < rate / Days.Count) Mark(i, d, _random.NextDouble() < 0.6 ? 2 : _random.Next(2), _random.NextDouble() < 0.6 ? "O" : "N");
                    if (_random.NextDouble() < 0.02) Mark(i, d, 2, "I");
                }
            }

            return this;
        }

        public Town Wave()
        {
            for (var w = 0; w < 4; w++)
            {
                var (school, day) = (_random.Next(3), _random.Next(140));
                for (var i = school * 600; i < (school + 1) * 600; i++)
                {
                    if (_random.NextDouble() < 0.25) Mark(i, day + _random.Next(4), 2, _random.NextDouble() < 0.3 ? "N" : "I");
                }
            }

            return this;
        }

        public Town Closure()
        {
            for (var i = 0; i < 600; i++) Mark(i, 60, 2, "N");
            return this;
        }

        public void Together(int[] people, int occasions, string code)
        {
            LastOccasions.Clear();
            for (var k = 0; k < occasions; k++)
            {
                var day = 4 + (k * (140 / occasions)) + _random.Next(6);
                LastOccasions.Add(day);
                foreach (var i in people)
                {
                    if (_random.NextDouble() < 0.93)
                    {
                        _marks.Remove((i, day, 0));
                        _marks.Remove((i, day, 1));
                        Mark(i, day, 2, code);
                    }
                }
            }
        }

        public void Mark(int person, int day, int shape, string code)
        {
            if (shape != 1) _marks.TryAdd((person, day, 0), code);
            if (shape != 0) _marks.TryAdd((person, day, 1), code);
        }

        public void Missing(int person, int day, int hour)
        {
            var start = Days[0].AddDays(day).ToDateTime(new TimeOnly(hour, 0));
            _missing.Append(CultureInfo.InvariantCulture, $",P{person:0000},{start:yyyy-MM-dd HH:mm},{start.AddHours(9):yyyy-MM-dd HH:mm},\n");
        }

        public void Thing(int person, string kind, string value) => _things.Append(CultureInfo.InvariantCulture, $"P{person:0000},{kind},{value},\n");

        public LinksData Read()
        {
            var people = new StringBuilder("person_id,school_id,year_group,household_id,dob,home_id\n");
            for (var i = 0; i < 1800; i++) people.Append(CultureInfo.InvariantCulture, $"P{i:0000},S{i / 600},{7 + (i % 600 / 120)},{Households.GetValueOrDefault(i, "")},,{Homes.GetValueOrDefault(i, "")}\n");
            var marks = new StringBuilder("person_id,date,session,code\n");
            foreach (var ((person, day, half), code) in _marks) marks.Append(CultureInfo.InvariantCulture, $"P{person:0000},{Days[day]:yyyy-MM-dd},{(half == 0 ? "AM" : "PM")},{code}\n");
            var data = new LinksData();
            data.ReadPeople(ReadingTests.Bytes(people.ToString()));
            data.ReadMarks(ReadingTests.Bytes(marks.ToString()));
            data.ReadMissing(ReadingTests.Bytes(_missing.ToString()));
            data.ReadAssociations(ReadingTests.Bytes(_things.ToString()));
            return data;
        }
    }
}
