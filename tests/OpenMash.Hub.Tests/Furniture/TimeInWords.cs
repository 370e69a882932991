using NodaTime;
using OpenMash.Hub.Platform.Furniture;

namespace OpenMash.HubTests.Furniture;

public sealed class TimeInWords
{
    // A Tuesday, 14:02 in London (winter).
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 14, 2);

    [Theory]
    [InlineData(0, "now")]
    [InlineData(59, "now")]
    [InlineData(-59, "now")]
    [InlineData(60, "in 1 min")]
    [InlineData(-719, "11 min ago")]
    [InlineData(4800, "in 1 h 20 min")]
    [InlineData(7200, "in 2 h")]
    [InlineData(-97200, "1 day 3 h ago")]
    [InlineData(172800, "in 2 days")]
    public void A_time_is_told_from_now(int seconds, string words) =>
        Assert.Equal(words, RelativeTime.Describe(Now + Duration.FromSeconds(seconds), Now));

    [Fact]
    public void Days_are_counted_by_the_calendar_of_London()
    {
        // 49 hours before 00:30 on Thursday is 23:30 on Monday: three calendar days, though little more than two times 24 hours.
        var thursday = Instant.FromUtc(2026, 11, 26, 0, 30);
        Assert.Equal("3 days ago", RelativeTime.Describe(thursday - Duration.FromHours(49), thursday));
    }

    [Fact]
    public void The_time_itself_is_as_short_as_is_unmistakable()
    {
        Assert.Equal("14:05", RelativeTime.Absolute(Instant.FromUtc(2026, 11, 24, 14, 5), Now));
        Assert.Equal("Wed 25 Nov 14:05", RelativeTime.Absolute(Instant.FromUtc(2026, 11, 25, 14, 5), Now));
        Assert.Equal("1 Jun 2025 15:05", RelativeTime.Absolute(Instant.FromUtc(2025, 6, 1, 14, 5), Now));
        Assert.Equal("Tuesday 24 November 2026, 14:02", RelativeTime.Full(Now));
    }

    [Fact]
    public void Today_is_the_day_in_London_in_summer_too()
    {
        // 23:30 UTC on 30 June is half past midnight on 1 July.
        var now = Instant.FromUtc(2026, 6, 30, 23, 30);
        Assert.Equal("today", RelativeTime.Describe(new LocalDate(2026, 7, 1), now));
        Assert.Equal("00:30", RelativeTime.Absolute(now, now));
    }

    [Fact]
    public void A_clock_is_late_one_tick_after_it_is_due_and_not_at_the_due_time()
    {
        Assert.Equal(ClockState.DueSoon, ClockReading.Read(Now, Now).State);
        Assert.Equal(ClockState.Late, ClockReading.Read(Now - Duration.FromTicks(1), Now).State);
    }

    [Fact]
    public void A_clock_is_due_soon_in_the_last_fifth_of_its_length()
    {
        var length = Duration.FromHours(5);
        Assert.Equal(ClockState.Running, ClockReading.Read(Now + Duration.FromMinutes(61), Now, length: length).State);
        Assert.Equal(ClockState.DueSoon, ClockReading.Read(Now + Duration.FromMinutes(60), Now, length: length).State);
    }

    [Fact]
    public void What_was_done_is_judged_by_when_it_was_done_and_not_by_now()
    {
        Assert.Equal(ClockState.Done, ClockReading.Read(Now - Duration.FromHours(2), Now, ended: Now - Duration.FromHours(2)).State);
        Assert.Equal(ClockState.DoneLate, ClockReading.Read(Now - Duration.FromHours(2), Now, ended: Now - Duration.FromHours(1)).State);
    }

    [Fact]
    public void Every_reading_has_a_word_and_a_sentence()
    {
        ClockReading[] all =
        [
            ClockReading.Read(null, Now), ClockReading.Read(Now + Duration.FromHours(9), Now), ClockReading.Read(Now, Now), ClockReading.Read(Now - Duration.FromHours(1), Now),
            ClockReading.Read(Now, Now, stopped: true), ClockReading.Read(Now, Now, ended: Now), ClockReading.Read(Now, Now, ended: Now + Duration.FromHours(1)),
        ];
        Assert.Equal(Enum.GetValues<ClockState>().Order(), all.Select(r => r.State).Order());
        Assert.All(all, r => Assert.EndsWith(".", r.Sentence, StringComparison.Ordinal));
        Assert.All(all, r => Assert.NotEmpty(r.Word));
    }

    [Theory]
    [InlineData("27", "11", "2014", "2014-11-27")]
    [InlineData(" 7 ", "nov", "2014", "2014-11-07")]
    [InlineData("29", "February", "2016", "2016-02-29")]
    public void A_date_is_read_from_three_boxes(string day, string month, string year, string iso) =>
        Assert.Equal(iso, DateParts.Read(day, month, year, "Date").Date?.ToString("uuuu'-'MM'-'dd", null));

    [Theory]
    [InlineData("", "11", "2014", "Date of birth must include a day", DateBoxes.Day)]
    [InlineData("27", "", "", "Date of birth must include a month and year", DateBoxes.Month | DateBoxes.Year)]
    [InlineData("32", "11", "2014", "Date of birth: the day must be a number from 1 to 31", DateBoxes.Day)]
    [InlineData("27", "13", "2014", "Date of birth: the month must be a number from 1 to 12, or its name", DateBoxes.Month)]
    [InlineData("27", "ju", "2014", "Date of birth: the month must be a number from 1 to 12, or its name", DateBoxes.Month)]
    [InlineData("27", "11", "14", "Date of birth: the year must have 4 numbers, such as 2014", DateBoxes.Year)]
    [InlineData("31", "2", "2014", "Date of birth must be a real date: February 2014 has 28 days", DateBoxes.Day)]
    public void A_wrong_date_says_what_is_wrong_and_in_which_box(string day, string month, string year, string problem, DateBoxes boxes)
    {
        var answer = DateParts.Read(day, month, year, "Date of birth");
        Assert.Null(answer.Date);
        Assert.Equal(problem, answer.Problem);
        Assert.Equal(boxes, answer.Wrong);
    }

    [Fact]
    public void Three_empty_boxes_are_no_answer_and_no_mistake() => Assert.True(DateParts.Read("", " ", null, "Date").IsEmpty);

    [Theory]
    [InlineData("14:05", "14:05")]
    [InlineData("14.05", "14:05")]
    [InlineData("1405", "14:05")]
    [InlineData("2:05 pm", "14:05")]
    [InlineData("12am", "00:00")]
    public void A_time_is_read_as_people_write_it(string typed, string time) => Assert.Equal(time, RelativeTime.TimeOfDay(DateParts.ReadTime(typed)!.Value));

    [Theory]
    [InlineData("25:99")]
    [InlineData("soon")]
    [InlineData("14")]
    public void What_is_no_time_is_not_read(string typed) => Assert.Null(DateParts.ReadTime(typed));
}
