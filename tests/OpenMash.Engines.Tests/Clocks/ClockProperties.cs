using CsCheck;
using NodaTime;
using OpenMash.Engines.Clocks;

namespace OpenMash.EnginesTests.Clocks;

public class ClockProperties
{
    private static readonly LocalDate Origin = new(2014, 1, 1);
    private static readonly OpeningHours Office = OpeningHours.Weekdays(new LocalTime(9, 0), new LocalTime(17, 0));
    private static readonly HubCalendar Calendar = new(WorkingCalendar.EnglandAndWales, Office);

    // Twelve years of starts in the shipped calendar, leaving room for the limits below.
    private static readonly Gen<LocalDate> Dates = Gen.Int[0, 12 * 365].Select(Origin.PlusDays);
    private static readonly Gen<Instant> Instants = Gen.Int[0, 12 * 365 * 24 * 60].Select(m => London.StartOf(Origin) + Duration.FromMinutes(m));
    private static readonly Gen<int> Limits = Gen.Int[0, 200];
    private static readonly Gen<ClockUnit> DayUnits = OneOf(ClockUnit.WorkingDays, ClockUnit.CalendarDays, ClockUnit.Weeks);

    private static readonly Gen<ClockUnit> AnyUnit = OneOf([.. Enum.GetValues<ClockUnit>().Where(u => u != ClockUnit.SchoolDays)]);

    [Fact]
    public void Working_days_agree_with_counting_one_day_at_a_time() =>
        Gen.Select(Dates, Gen.Int[1, 200], Gen.Bool).Sample((start, limit, first) =>
        {
            var date = first ? start.PlusDays(-1) : start;
            for (var left = limit; left > 0;)
            {
                date = date.PlusDays(1);
                if (Calendar.Working.IsWorkingDay(date))
                    left--;
            }

            Assert.Equal(date, Calendar.Working.Add(start, limit, first));
        });

    [Fact]
    public void Adding_a_holiday_never_brings_a_date_nearer() =>
        Gen.Select(Dates, Limits, Dates).Sample((start, limit, holiday) =>
        {
            var more = new WorkingCalendar(Calendar.Working.BankHolidays.Append(holiday));

            Assert.True(more.Add(start, limit) >= Calendar.Working.Add(start, limit));
        });

    [Fact]
    public void A_later_start_is_never_due_earlier() =>
        Gen.Select(Instants, Gen.Int[0, 100_000], Limits, AnyUnit)
            .Sample((start, minutes, limit, unit) =>
                Assert.True(Calendar.Due(start + Duration.FromMinutes(minutes), limit, unit).Deadline >= Calendar.Due(start, limit, unit).Deadline));

    [Fact]
    public void A_longer_limit_is_never_due_earlier() =>
        Gen.Select(Instants, Limits, AnyUnit)
            .Sample((start, limit, unit) => Assert.True(Calendar.Due(start, limit + 1, unit).Deadline > Calendar.Due(start, limit, unit).Deadline));

    [Fact]
    public void Counting_the_first_day_is_never_later_and_saves_at_most_one_day_of_the_kind() =>
        Gen.Select(Dates, Gen.Int[1, 200], DayUnits).Sample((start, limit, unit) =>
        {
            var counted = Calendar.DueDate(start, limit, unit, firstDayCounts: true);
            var plain = Calendar.DueDate(start, limit, unit);

            Assert.True(counted <= plain);
            Assert.True(unit == ClockUnit.WorkingDays ? counted >= Calendar.Working.Add(start, limit - 1) : counted == plain.PlusDays(-1));
        });

    [Fact]
    public void Two_limits_in_a_row_are_one_limit() =>
        Gen.Select(Dates, Gen.Int[1, 100], Gen.Int[1, 100], DayUnits).Sample((start, one, two, unit) =>
            Assert.Equal(Calendar.DueDate(start, one + two, unit), Calendar.DueDate(Calendar.DueDate(start, one, unit), two, unit)));

    [Fact]
    public void Working_days_between_undoes_adding_them() =>
        Gen.Select(Dates, Gen.Int[1, 200]).Sample((start, limit) =>
            Assert.Equal(limit, Calendar.Working.Between(start, Calendar.Working.Add(start, limit))));

    [Fact]
    public void Months_never_leave_the_month_they_reach() =>
        Gen.Select(Dates, Gen.Int[0, 60]).Sample((start, months) =>
        {
            var due = Calendar.DueDate(start, months, ClockUnit.Months);

            Assert.Equal((start.Year * 12) + start.Month + months, (due.Year * 12) + due.Month);
            Assert.True(due.Day == start.Day || due == due.With(DateAdjusters.EndOfMonth));
        });

    [Fact]
    public void Hours_are_elapsed_through_every_clock_change() =>
        Gen.Select(Instants, Limits).Sample((start, limit) =>
            Assert.Equal(Duration.FromHours(limit), Calendar.Due(start, limit, ClockUnit.Hours).Time - start));

    [Fact]
    public void Open_time_until_an_open_limit_is_the_limit() =>
        Gen.Select(Instants, Gen.Int[0, 60]).Sample((start, limit) =>
        {
            var due = Office.Add(start, Duration.FromHours(limit), Calendar.Working);

            Assert.Equal(Duration.FromHours(limit), Office.Between(start, due, Calendar.Working));
        });

    [Fact]
    public void Open_time_adds_up() =>
        Gen.Select(Instants, Gen.Int[0, 30_000], Gen.Int[0, 30_000]).Sample((from, one, two) =>
        {
            var middle = from + Duration.FromMinutes(one);
            var to = middle + Duration.FromMinutes(two);

            Assert.Equal(
                Office.Between(from, to, Calendar.Working),
                Office.Between(from, middle, Calendar.Working) + Office.Between(middle, to, Calendar.Working));
        });

    [Fact]
    public void A_hub_that_never_closes_counts_elapsed_hours() =>
        Gen.Select(Instants, Gen.Int[0, 100]).Sample((start, limit) =>
        {
            using var stream = new MemoryStream(
                """{"weeks":[{"validFrom":"2012-01-01","openOnBankHolidays":true,"monday":"00:00-24:00","tuesday":"00:00-24:00","wednesday":"00:00-24:00","thursday":"00:00-24:00","friday":"00:00-24:00","saturday":"00:00-24:00","sunday":"00:00-24:00"}]}"""u8.ToArray());

            Assert.Equal(start + Duration.FromHours(limit), OpeningHours.Parse(stream).Add(start, Duration.FromHours(limit), Calendar.Working));
        });

    [Fact]
    public void The_order_of_facts_does_not_matter()
    {
        var rule = ClockRuleSet.Shipped.Find("assessment.complete", Origin)!;
        var fact = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 120], Gen.Int[0, 90]).Select((kind, day, extra) =>
        {
            var at = London.StartOf(Origin.PlusDays(day));
            return kind switch
            {
                0 or 1 => new ClockStarted(at),
                2 => new ClockMet(at),
                3 => (ClockFact)new ClockNoLongerDue(at, $"reason {extra % 3}"),
                _ => new ClockExtended(at, DueMoment.OnDay(Origin.PlusDays(day + extra)), $"reason {extra % 3}", "Team manager"),
            };
        });
        Gen.Select(fact.Array[0, 8], Gen.Int[0, 200], Gen.Int).Sample((facts, day, seed) =>
        {
            var now = London.StartOf(Origin.PlusDays(day));
            var shuffled = facts.ToArray();
            new Random(seed).Shuffle(shuffled);

            var one = Clock.Judge(rule, facts, Calendar, now);
            var two = Clock.Judge(rule, shuffled, Calendar, now);

            Assert.Equal(one.Ignored, two.Ignored);
            Assert.Equal(one with { Ignored = [] }, two with { Ignored = [] });
        });
    }

    [Fact]
    public void A_breach_never_heals()
    {
        var rule = ClockRuleSet.Shipped.Find("assessment.complete", Origin)!;
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int[0, 100]).Sample((fell, extended, now, more) =>
        {
            ClockFact[] facts =
            [
                new ClockStarted(London.StartOf(Origin)),
                new ClockNoLongerDue(London.StartOf(Origin.PlusDays(fell)), "Closed"),
                new ClockExtended(London.StartOf(Origin.PlusDays(extended)), DueMoment.OnDay(Origin.PlusDays(300)), "Waiting", "Manager"),
            ];
            var early = Clock.Judge(rule, facts, Calendar, London.StartOf(Origin.PlusDays(now)));
            var later = Clock.Judge(rule, facts, Calendar, London.StartOf(Origin.PlusDays(now + more)));

            Assert.True(later.Breached || !early.Breached);
        });
    }

    private static Gen<ClockUnit> OneOf(params ClockUnit[] units) => Gen.Int[0, units.Length - 1].Select(i => units[i]);
}
