using System.Text;
using CsCheck;
using NodaTime;
using OpenMash.Engines.Clocks;

namespace OpenMash.EnginesTests.Clocks;

public class DutyMonitorTests
{
    private static readonly LocalDate Origin = new(2024, 1, 1);
    private static readonly HubCalendar Calendar = new(WorkingCalendar.EnglandAndWales, OpeningHours.Weekdays(new LocalTime(9, 0), new LocalTime(17, 0)));
    private static readonly DutyMonitor Monitor = new(ClockRuleSet.Shipped, Calendar);

    [Fact]
    public void Each_visit_meets_one_round_and_starts_the_next()
    {
        var visits = Visits("child-in-need", 100, ("plan-started", 0), ("visit", 42), ("visit", 85));

        Assert.Equal([ClockState.MetInTime, ClockState.MetLate, ClockState.Due], visits.Select(v => v.State));
        Assert.Equal([42, 84, 127], visits.Select(v => Period.DaysBetween(Origin, v.Due!.Value.Date)));
    }

    [Fact]
    public void Visits_before_the_plan_and_after_its_close_start_no_clock()
    {
        var visits = Visits("child-in-need", 400, ("visit", -10), ("plan-started", 0), ("plan-closed", 20), ("visit", 25));

        Assert.Equal(ClockState.NoLongerDue, Assert.Single(visits).State);
    }

    [Fact]
    public void Two_visits_on_one_day_are_one_visit() =>
        Assert.Equal(2, Visits("child-in-need", 50, ("plan-started", 0), ("visit", 30), ("visit", 30)).Count);

    [Fact]
    public void A_visit_on_the_day_the_plan_starts_meets_the_first_round() =>
        Assert.Equal([ClockState.MetInTime, ClockState.Due], Visits("child-in-need", 10, ("visit", 0), ("plan-started", 0)).Select(v => v.State));

    [Fact]
    public void A_second_strategy_discussion_does_not_reset_the_conference()
    {
        var duties = Judge("section-47", 30, ("s47-strategy-held", 0), ("s47-strategy-held", 14));

        var conference = Assert.Single(duties, d => d.Rule.Id == "s47.conference");
        Assert.Equal(Calendar.Working.Add(Origin, 15), conference.Due!.Value.Date);
    }

    [Fact]
    public void Later_reviews_are_due_from_the_review_before()
    {
        var duties = Judge("child-protection", 200, ("plan-started", 0), ("review", 80));

        Assert.Equal(ClockState.MetInTime, Assert.Single(duties, d => d.Rule.Id == "child-protection.first-review").State);
        Assert.Equal(Origin.PlusDays(80).PlusMonths(6), Assert.Single(duties, d => d.Rule.Id == "child-protection.review").Due!.Value.Date);
    }

    [Fact]
    public void A_new_limit_judges_only_rounds_that_start_under_it()
    {
        using var own = new MemoryStream(Encoding.UTF8.GetBytes(
            """{"rules":[{"id":"child-in-need.visit","name":"Visit","appliesTo":"child-in-need","startedBy":["plan-started","visit"],"metBy":["visit"],"endedBy":["plan-closed"],"limit":4,"unit":"weeks","force":"local","source":"Own","validFrom":"2024-02-01"}]}"""));
        var monitor = new DutyMonitor(ClockRuleSet.Shipped.With(ClockRuleSet.Parse(own)), Calendar);
        var duties = new List<Duty>();

        monitor.Judge("child-in-need", null, Facts(monitor, [("plan-started", 0), ("visit", 40), ("visit", 75)]), Day(90), duties);

        Assert.Equal([6, 4, 4], duties.Where(d => d.Rule.Id == "child-in-need.visit").Select(d => d.Rule.Limit));
        Assert.Equal([ClockState.MetInTime, ClockState.MetLate, ClockState.Due], duties.Where(d => d.Rule.Id == "child-in-need.visit").Select(d => d.State));
    }

    [Fact]
    public void Ratings_have_their_own_targets_beside_the_common_ones()
    {
        var duties = new List<Duty>();

        Monitor.Judge("contact", "red", Facts(Monitor, [("received", 0)]), Day(1), duties);

        Assert.Equal(["contact.decide", "contact.rate", "contact.target.red"], duties.Select(d => d.Rule.Id));
    }

    [Fact]
    public void A_round_past_the_calendar_is_kept_and_says_so()
    {
        var duties = new List<Duty>();
        var at = London.StartOf(new LocalDate(2028, 12, 28));

        Monitor.Judge("assessment", null, [new DutyFact(Monitor.Kind("referral-received"), at)], at, duties);

        Assert.Equal(ClockState.CannotBeCounted, Assert.Single(duties).State);
        Assert.Null(duties[0].Due);
    }

    [Fact]
    public void The_order_of_facts_does_not_matter() =>
        Histories.Sample((facts, day, seed) =>
        {
            var shuffled = facts.ToArray();
            new Random(seed).Shuffle(shuffled);

            Assert.Equal(Judge("child-protection", day, facts), Judge("child-protection", day, shuffled));
        });

    [Fact]
    public void Facts_that_no_rule_of_the_plan_names_change_nothing() =>
        Histories.Sample((facts, day, seed) =>
        {
            var more = facts.Append(("licence-granted", seed & 0xFF)).Append(("received", seed & 0x7F)).ToArray();

            Assert.Equal(Judge("child-protection", day, facts), Judge("child-protection", day, more));
        });

    [Fact]
    public void Every_round_is_judged_as_a_single_clock_would_be() =>
        Histories.Sample((facts, day, _) =>
        {
            foreach (var duty in Judge("child-protection", day, facts))
            {
                var single = new List<ClockFact> { new ClockStarted(duty.Started) };
                if (duty.State is ClockState.MetInTime or ClockState.MetLate)
                    single.Add(new ClockMet(duty.Ended!.Value));
                else if (duty.Ended is { } ended)
                    single.Add(new ClockNoLongerDue(ended, "Closed"));
                var judgement = Clock.Judge(duty.Rule, single, Calendar, Day(day));

                Assert.Equal((duty.State, duty.Breached, duty.Due, duty.Ended), (judgement.State, judgement.Breached, judgement.Due, judgement.Ended));
            }
        });

    [Fact]
    public void At_most_one_round_of_a_rule_runs_at_a_time() =>
        Histories.Sample((facts, day, _) =>
            Assert.All(
                Judge("child-protection", day, facts).GroupBy(d => d.Rule.Id),
                rounds => Assert.True(rounds.Count(r => r.State is ClockState.Due or ClockState.Overdue) <= 1)));

    private static Gen<((string Kind, int Day)[], int, int)> Histories
    {
        get
        {
            string[] kinds = ["plan-started", "visit", "visit", "review", "core-group", "supervision", "plan-updated", "plan-closed"];
            var fact = Gen.Select(Gen.Int[0, kinds.Length - 1], Gen.Int[0, 500]).Select((kind, day) => (kinds[kind], day));
            return Gen.Select(fact.Array[0, 30], Gen.Int[0, 600], Gen.Int[0, int.MaxValue]);
        }
    }

    private static Instant Day(int day) => London.StartOf(Origin.PlusDays(day));

    private static DutyFact[] Facts(DutyMonitor monitor, (string Kind, int Day)[] facts) =>
        [.. facts.Select(f => new DutyFact(monitor.Kind(f.Kind), Day(f.Day)))];

    private static List<Duty> Judge(string appliesTo, int now, params (string Kind, int Day)[] facts)
    {
        var duties = new List<Duty>();
        Monitor.Judge(appliesTo, null, Facts(Monitor, facts), Day(now), duties);
        return duties;
    }

    private static List<Duty> Visits(string appliesTo, int now, params (string Kind, int Day)[] facts) =>
        Judge(appliesTo, now, facts).FindAll(d => d.Rule.Id == appliesTo + ".visit");
}
