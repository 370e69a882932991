using System.Text;
using NodaTime;
using OpenMash.Engines.Clocks;

namespace OpenMash.EnginesTests.Clocks;

public class ClockJudgementTests
{
    private static readonly HubCalendar Calendar = new(WorkingCalendar.EnglandAndWales, OpeningHours.Weekdays(new LocalTime(9, 0), new LocalTime(17, 0)));

    private static readonly ClockRule Assessment = ClockRuleSet.Shipped.Find("assessment.complete", new LocalDate(2026, 3, 2))!;
    private static readonly ClockRule Decision = ClockRuleSet.Shipped.Find("contact.decide", new LocalDate(2026, 3, 2))!;
    private static readonly ClockRule RedTarget = ClockRuleSet.Shipped.Find("contact.target.red", new LocalDate(2026, 3, 2))!;

    private static Instant At(int month, int day, int hour = 12, int minute = 0) =>
        London.Zone.AtStrictly(new LocalDateTime(2026, month, day, hour, minute)).ToInstant();

    [Fact]
    public void A_clock_without_a_start_has_not_started()
    {
        var judgement = Clock.Judge(Decision, [], Calendar, At(3, 2));

        Assert.Equal(ClockState.NotStarted, judgement.State);
        Assert.Null(judgement.Due);
    }

    [Fact]
    public void A_contact_on_Friday_is_due_to_the_end_of_Monday_and_overdue_from_Tuesday()
    {
        ClockFact[] facts = [new ClockStarted(At(3, 6, 16, 50))];

        var monday = Clock.Judge(Decision, facts, Calendar, At(3, 9, 23, 59));
        var tuesday = Clock.Judge(Decision, facts, Calendar, At(3, 10, 0));

        Assert.Equal(ClockState.Due, monday.State);
        Assert.Equal(DueMoment.OnDay(new LocalDate(2026, 3, 9)), monday.Due);
        Assert.Equal("due today", monday.Remaining.ToString());
        Assert.Equal(ClockState.Overdue, tuesday.State);
        Assert.Equal("1 working day late", tuesday.Remaining.ToString());
    }

    [Fact]
    public void A_red_target_says_how_many_minutes_are_left()
    {
        var judgement = Clock.Judge(RedTarget, [new ClockStarted(At(3, 7, 22, 0))], Calendar, At(3, 8, 1, 42));

        Assert.Equal(ClockState.Due, judgement.State);
        Assert.Equal(At(3, 8, 2, 0), judgement.Due!.Value.Time);
        Assert.Equal(Duration.FromMinutes(18), judgement.Remaining!.Value.Time);
        Assert.Equal("18 min left", judgement.Remaining.ToString());
    }

    [Fact]
    public void A_limit_in_open_hours_gives_the_due_time_and_the_open_time_left()
    {
        var rule = RedTarget with { Unit = ClockUnit.OpenHours };

        // Friday 16:00: one hour on Friday, three on Monday.
        var judgement = Clock.Judge(rule, [new ClockStarted(At(3, 6, 16))], Calendar, At(3, 7, 10));

        Assert.Equal(At(3, 9, 12), judgement.Due!.Value.Time);
        Assert.Equal(Duration.FromHours(3), judgement.Remaining!.Value.OpenTime);
        Assert.Equal(Duration.FromHours(50), judgement.Remaining.Value.Time);
        Assert.Equal("3 h 0 min left", judgement.Remaining.ToString());
    }

    [Fact]
    public void Met_on_the_due_day_is_in_time_and_the_next_day_is_late()
    {
        var start = new ClockStarted(At(3, 2));

        Assert.Equal(ClockState.MetInTime, Clock.Judge(Decision, [start, new ClockMet(At(3, 3, 23, 59))], Calendar, At(4, 1)).State);
        Assert.Equal(ClockState.MetLate, Clock.Judge(Decision, [start, new ClockMet(At(3, 4, 0))], Calendar, At(4, 1)).State);
    }

    [Fact]
    public void A_time_is_met_in_time_at_its_very_instant()
    {
        ClockFact[] facts = [new ClockStarted(At(3, 2, 8)), new ClockMet(At(3, 2, 12))];

        Assert.Equal(ClockState.MetInTime, Clock.Judge(RedTarget, facts, Calendar, At(3, 2, 13)).State);
    }

    [Fact]
    public void An_extension_stands_beside_the_original_and_does_not_make_it_in_time()
    {
        var start = At(3, 2);
        var due = Calendar.Due(start, 45, ClockUnit.WorkingDays);
        var extension = new ClockExtended(At(4, 20), DueMoment.OnDay(due.Date.PlusDays(14)), "Waiting for the paediatric report", "Team manager");
        var afterOriginal = London.StartOf(due.Date.PlusDays(3));

        var running = Clock.Judge(Assessment, [new ClockStarted(start), extension], Calendar, afterOriginal);
        var met = Clock.Judge(Assessment, [new ClockStarted(start), extension, new ClockMet(afterOriginal)], Calendar, afterOriginal);

        Assert.Equal(due, running.Due);
        Assert.Equal(extension.NewDue, running.RevisedDue);
        Assert.Equal(ClockState.Overdue, running.State);
        Assert.False(running.RevisedBreached);
        Assert.Equal(ClockState.MetLate, met.State);
        Assert.Equal("Waiting for the paediatric report", met.Reason);
    }

    [Fact]
    public void An_extension_the_rule_does_not_allow_is_ignored_and_said()
    {
        var extension = new ClockExtended(At(3, 2, 13), DueMoment.OnDay(new LocalDate(2026, 3, 20)), "Busy", "Hub manager");

        var judgement = Clock.Judge(Decision, [new ClockStarted(At(3, 2)), extension], Calendar, At(3, 3));

        Assert.Null(judgement.RevisedDue);
        Assert.Contains("may not be extended", Assert.Single(judgement.Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void An_emergency_order_is_extended_once_and_by_seven_days_at_most()
    {
        var rule = ClockRuleSet.Shipped.Find("emergency-order.end", new LocalDate(2026, 3, 2))!;
        var start = new ClockStarted(At(3, 2));
        var toFar = new ClockExtended(At(3, 4), DueMoment.OnDay(new LocalDate(2026, 3, 17)), "x", "Court");
        var allowed = new ClockExtended(At(3, 5), DueMoment.OnDay(new LocalDate(2026, 3, 16)), "x", "Court");
        var second = new ClockExtended(At(3, 6), DueMoment.OnDay(new LocalDate(2026, 3, 12)), "x", "Court");

        var judgement = Clock.Judge(rule, [start, toFar, allowed, second], Calendar, At(3, 8));

        Assert.Equal(new LocalDate(2026, 3, 9), judgement.Due!.Value.Date);
        Assert.Equal(new LocalDate(2026, 3, 16), judgement.RevisedDue!.Value.Date);
        Assert.Equal(2, judgement.Ignored.Count);
    }

    [Fact]
    public void A_later_start_never_resets_a_clock()
    {
        ClockFact[] facts = [new ClockStarted(At(3, 20)), new ClockStarted(At(3, 2))];

        Assert.Equal(new LocalDate(2026, 3, 3), Clock.Judge(Decision, facts, Calendar, At(4, 1)).Due!.Value.Date);
    }

    [Fact]
    public void A_downgrade_keeps_the_breach_of_the_red_target()
    {
        ClockFact[] facts = [new ClockStarted(At(3, 2, 8)), new ClockNoLongerDue(At(3, 2, 13), "Re-rated amber")];

        var judgement = Clock.Judge(RedTarget, facts, Calendar, At(3, 3));

        Assert.Equal(ClockState.NoLongerDue, judgement.State);
        Assert.True(judgement.Breached);
        Assert.Equal("Re-rated amber", judgement.Reason);
    }

    [Fact]
    public void A_clock_that_cannot_be_counted_says_so_and_throws_nothing()
    {
        var start = London.StartOf(new LocalDate(2028, 12, 20));

        var judgement = Clock.Judge(Assessment, [new ClockStarted(start)], Calendar, start);

        Assert.Equal(ClockState.CannotBeCounted, judgement.State);
        Assert.Contains("2012 to 2028", judgement.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_judgement_as_of_an_earlier_moment_knows_nothing_later()
    {
        ClockFact[] facts = [new ClockStarted(At(3, 2)), new ClockMet(At(3, 10))];

        Assert.Equal(ClockState.Overdue, Clock.Judge(Decision, facts, Calendar, At(3, 9)).State);
        Assert.Equal(ClockState.NotStarted, Clock.Judge(Decision, facts, Calendar, At(3, 1)).State);
    }

    [Fact]
    public void A_visit_known_only_by_the_date_of_the_start_counts_as_done()
    {
        ClockFact[] facts = [new ClockStarted(At(3, 2, 15)), new ClockMet(London.StartOf(new LocalDate(2026, 3, 2)))];

        Assert.Equal(ClockState.MetInTime, Clock.Judge(Decision, facts, Calendar, At(3, 9)).State);
    }

    [Fact]
    public void Blank_reasons_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ClockNoLongerDue(At(3, 2), " "));
        Assert.Throws<ArgumentException>(() => new ClockExtended(At(3, 2), DueMoment.At(At(3, 3)), "reason", ""));
    }

    [Fact]
    public void Every_shipped_rule_can_be_counted_and_names_its_source()
    {
        using var terms = new StringReader("start,end\n2025-09-03,2025-12-19\n2026-01-05,2026-03-27\n2026-04-13,2026-07-20");
        var calendar = new HubCalendar(WorkingCalendar.EnglandAndWales, Calendar.Opening, SchoolTerms.Parse(terms));
        var rules = ClockRuleSet.Shipped.RulesAt(new LocalDate(2026, 3, 2));

        Assert.True(rules.Count >= 60);
        Assert.All(rules, rule =>
        {
            Assert.NotEmpty(rule.Source);
            Assert.Equal(ClockState.Due, Clock.Judge(rule, [new ClockStarted(At(3, 2, 10))], calendar, At(3, 2, 10)).State);
        });
    }

    [Fact]
    public void An_authoritys_own_version_holds_from_its_day_and_changes_no_past_judgement()
    {
        var own = Rules("""{"rules":[{"id":"child-in-need.visit","name":"Visit the child","appliesTo":"child-in-need","startedBy":["plan-started","visit"],"metBy":["visit"],"limit":4,"unit":"weeks","force":"local","source":"Own","validFrom":"2026-04-01","validTo":"2026-12-31"}]}""");

        var rules = ClockRuleSet.Shipped.With(own);

        Assert.Equal(6, rules.Find("child-in-need.visit", new LocalDate(2026, 3, 31))!.Limit);
        Assert.Equal(4, rules.Find("child-in-need.visit", new LocalDate(2026, 4, 1))!.Limit);
        Assert.Equal(4, rules.Find("child-in-need.visit", new LocalDate(2026, 12, 31))!.Limit);
        Assert.Equal(6, rules.Find("child-in-need.visit", new LocalDate(2027, 1, 1))!.Limit);
        Assert.Equal(ClockRuleSet.Shipped.Rules.Count + 2, rules.Rules.Count);
    }

    [Fact]
    public void An_authority_may_shorten_a_statutory_limit_and_not_lengthen_it()
    {
        static string Version(int limit, string unit) =>
            $$"""{"rules":[{"id":"assessment.complete","name":"A","appliesTo":"assessment","startedBy":"referral-received","limit":{{limit}},"unit":"{{unit}}","force":"local","source":"Own","validFrom":"2026-04-01"}]}""";

        Assert.Equal(35, ClockRuleSet.Shipped.With(Rules(Version(35, "working-days"))).Find("assessment.complete", new LocalDate(2026, 5, 1))!.Limit);
        Assert.Throws<ClockDataException>(() => ClockRuleSet.Shipped.With(Rules(Version(46, "working-days"))));
        Assert.Throws<ClockDataException>(() => ClockRuleSet.Shipped.With(Rules(Version(45, "calendar-days"))));
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"rules":[{"id":"a"}]}""", "\"unit\" is missing")]
    [InlineData("""{"rules":[{"id":"a","unit":"fortnights"}]}""", "\"fortnights\" is not a unit")]
    [InlineData("""{"rules":[{"id":"a","unti":"weeks"}]}""", "unknown property \"unti\"")]
    public void A_rules_file_that_cannot_be_used_says_where(string json, string expected)
    {
        Assert.Contains(expected, Assert.Throws<ClockDataException>(() => Rules(json)).Message, StringComparison.Ordinal);
    }

    private static ClockRuleSet Rules(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return ClockRuleSet.Parse(stream);
    }
}
