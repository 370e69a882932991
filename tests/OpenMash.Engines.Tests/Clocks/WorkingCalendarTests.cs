using System.Text;
using NodaTime;
using OpenMash.Engines.Clocks;

namespace OpenMash.EnginesTests.Clocks;

public class WorkingCalendarTests
{
    [Fact]
    public void The_shipped_calendar_covers_2012_to_2028_and_knows_the_moved_holidays()
    {
        var calendar = WorkingCalendar.EnglandAndWales;

        Assert.Equal((2012, 2028), (calendar.FirstYear, calendar.LastYear));
        Assert.Equal(140, calendar.BankHolidays.Count());
        Assert.True(calendar.IsBankHoliday(new LocalDate(2022, 9, 19)));
        Assert.False(calendar.IsBankHoliday(new LocalDate(2020, 5, 4)));
    }

    [Fact]
    public void Questions_outside_the_covered_years_are_refused_with_a_kind_and_words()
    {
        var calendar = WorkingCalendar.EnglandAndWales;

        Assert.Equal(ClockRefusal.BeforeCalendar, Assert.Throws<ClockRefusedException>(() => calendar.IsWorkingDay(new LocalDate(2011, 12, 31))).Refusal);
        Assert.Equal(ClockRefusal.AfterCalendar, Assert.Throws<ClockRefusedException>(() => calendar.IsBankHoliday(new LocalDate(2029, 1, 1))).Refusal);
        Assert.Contains("2012 to 2028", Assert.Throws<ClockRefusedException>(() => calendar.Add(new LocalDate(2028, 12, 29), 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["2026-01-01","2026-12-25"]""", 2026, 2026)]
    [InlineData("""{"events":[{"date":"2026-01-01"},{"date":"2027-01-01"}]}""", 2026, 2027)]
    [InlineData("""{"england-and-wales":{"events":[{"date":"2026-01-01"}]},"scotland":{"events":[{"date":"2027-01-02"}]}}""", 2026, 2026)]
    public void Other_calendars_are_read(string json, int first, int last)
    {
        var calendar = Parse(json);

        Assert.Equal((first, last), (calendar.FirstYear, calendar.LastYear));
    }

    [Theory]
    [InlineData("not json", "not JSON")]
    [InlineData("{}", "no division \"england-and-wales\"; it has: none")]
    [InlineData("""{"scotland":{"events":[]}}""", "it has: scotland")]
    [InlineData("""{"events":[]}""", "names no bank holiday")]
    [InlineData("""{"events":[{"date":"2026-01-01"},{"date":"25/12/2026"}]}""", "Event 2")]
    [InlineData("""{"events":[{"date":"2026-01-01"},{"date":"2028-01-01"}]}""", "no bank holiday in 2027")]
    [InlineData("3", "must hold a list of events")]
    public void A_holiday_file_that_cannot_be_used_says_why(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<ClockDataException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("2025-09-03,2025-12-19", 1)]
    [InlineData("\uFEFFstart,end\r\n\"2026-01-05\", \"2026-03-27\"\r\n\r\n2025-09-03,2025-12-19,autumn\r\n", 2)]
    public void Terms_are_read_with_or_without_a_heading(string csv, int count)
    {
        using var reader = new StringReader(csv);

        Assert.Equal(count, SchoolTerms.Parse(reader).Terms.Count);
    }

    [Theory]
    [InlineData("start,end", "names no term")]
    [InlineData("start,end\n2025-09-03", "Line 2")]
    [InlineData("2025-09-03,2025-09-02", "ends before it starts")]
    [InlineData("2025-09-03,2025-12-19\n2025-12-19,2026-03-01", "overlaps")]
    public void Terms_that_cannot_be_used_say_why(string csv, string expected)
    {
        using var reader = new StringReader(csv);

        Assert.Contains(expected, Assert.Throws<ClockDataException>(() => SchoolTerms.Parse(reader)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weeks":[]}""", "at least one week")]
    [InlineData("""{"weeks":[{"validFrom":"2026-01-01"}]}""", "never opens")]
    [InlineData("""{"weeks":[{"validFrom":"2026-01-01","monday":["17:00-09:00"]}]}""", "must end after it begins")]
    [InlineData("""{"weeks":[{"validFrom":"2026-01-01","monday":["9-17"]}]}""", "\"9-17\" is not an opening")]
    [InlineData("""{"weeks":[{"validFrom":"2026-01-01","monday":["09:00-12:00","11:00-17:00"]}]}""", "overlap")]
    [InlineData("""{"weeks":[{"validFrom":"2026-01-01","monday":["09:00-12:00"]},{"validFrom":"2026-02-01","monday":["09:00-12:00"]}]}""", "both valid on 2026-02-01")]
    public void Opening_hours_that_cannot_be_used_say_why(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<ClockDataException>(() => Hours(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Opening_hours_close_on_bank_holidays_change_with_their_date_and_yield_to_single_dates()
    {
        var hours = Hours(
            """
            {"weeks":[{"validFrom":"2026-01-01","validTo":"2026-05-31","monday":"09:00-17:00","friday":["09:00-12:00","13:00-16:00"]},
                      {"validFrom":"2026-06-01","openOnBankHolidays":true,"monday":"08:00-20:00"}],
             "dates":[{"date":"2026-04-06","hours":["10:00-12:00"]},{"date":"2026-03-02","hours":[],"reason":"Training"}]}
            """);
        var calendar = WorkingCalendar.EnglandAndWales;

        Assert.Empty(hours.On(new LocalDate(2026, 5, 4), calendar));
        Assert.Single(hours.On(new LocalDate(2026, 4, 6), calendar));
        Assert.Empty(hours.On(new LocalDate(2026, 3, 2), calendar));
        Assert.Equal(2, hours.On(new LocalDate(2026, 3, 6), calendar).Count);
        Assert.Equal(new LocalTime(8, 0), hours.On(new LocalDate(2026, 8, 31), calendar)[0].From);
        Assert.Equal(ClockRefusal.NoOpeningHours, Assert.Throws<ClockRefusedException>(() => hours.On(new LocalDate(2025, 12, 31), calendar)).Refusal);
    }

    [Fact]
    public void Open_hours_end_at_closing_time_exactly_and_wait_over_the_night()
    {
        var office = OpeningHours.Weekdays(new LocalTime(9, 0), new LocalTime(17, 0));
        static Instant At(int day, int hour) => London.Zone.AtStrictly(new LocalDateTime(2026, 4, day, hour, 0)).ToInstant();

        Assert.Equal(At(1, 17), office.Add(At(1, 15), Duration.FromHours(2), WorkingCalendar.EnglandAndWales));
        Assert.Equal(At(2, 10), office.Add(At(1, 15), Duration.FromHours(3), WorkingCalendar.EnglandAndWales));
        // Thursday before Easter, 16:00: one hour, then Tuesday.
        Assert.Equal(At(7, 10), office.Add(At(2, 16), Duration.FromHours(2), WorkingCalendar.EnglandAndWales));
        Assert.Equal(At(7, 9) + Duration.FromHours(1), office.Add(At(4, 3), Duration.FromHours(1), WorkingCalendar.EnglandAndWales));
    }

    [Fact]
    public void Open_hours_refuse_to_run_past_the_calendar()
    {
        var office = OpeningHours.Weekdays(new LocalTime(9, 0), new LocalTime(17, 0));
        var start = London.StartOf(new LocalDate(2028, 12, 29));

        Assert.Equal(
            ClockRefusal.AfterCalendar,
            Assert.Throws<ClockRefusedException>(() => office.Add(start, Duration.FromHours(9), WorkingCalendar.EnglandAndWales)).Refusal);
    }

    private static WorkingCalendar Parse(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return WorkingCalendar.Parse(stream);
    }

    private static OpeningHours Hours(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return OpeningHours.Parse(stream);
    }
}
