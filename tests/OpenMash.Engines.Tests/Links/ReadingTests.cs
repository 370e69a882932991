using System.Text;
using OpenMash.Engines.Links;

namespace OpenMash.EnginesTests.Links;

public class ReadingTests
{
    private const string People = "person_id,school_id,year_group,household_id,dob,home_id\nA,S1,9,H1,2011-01-01,\nB,S1,Year 9,H1,,\nC,S2,10,,,HOME\n";

    [Fact]
    public void Marks_are_reported_with_their_lines_and_the_rest_is_read()
    {
        var data = Data();
        data.ReadMarks(Bytes("person_id,date,session,code\nA,2024-09-10,AM,O\nA,2024-09-10,AM,O\nA,2024-09-10,PM,ZZ\nNOBODY,2024-09-10,AM,N\nA,2024-02-30,AM,N\nA,2024-09-11,XX,N\nA,2024-09-10,AM,I\n\nB,2024-09-10,PM,\\\n"));

        Assert.Equal([("duplicate", 3L), ("unknown-code", 4L), ("nobody", 5L), ("bad-date", 6L), ("bad-session", 7L), ("conflict", 8L)], data.Problems.Details.Select(p => (p.Kind, p.Line)));
        Assert.Equal((byte)MarkClass.Unauthorised, data.Register.Page(Day(2024, 9, 10))[0]);
        Assert.Equal((byte)MarkClass.Present << 4, data.Register.Page(Day(2024, 9, 10))[1]);
    }

    [Theory]
    [InlineData("upn;UPN", "UPN,Session Date,am/pm,Mark\r\nA,10/09/2024,am,o\r\n")]
    [InlineData("quoted", "\uFEFF\"Pupil ID\",\"date\",\"session\",\"code\"\n\"A\",\"2024-09-10\",\"1\",\"O\"\n")]
    [InlineData("order", "code,session,date,child_id,extra\nO,AM,2024-09-10,A,x\n")]
    [InlineData("no line end", "person_id,date,session,code\nA,20240910,A,O")]
    public void Usual_headers_and_spellings_are_understood(string what, string text)
    {
        var data = Data();
        data.ReadMarks(Bytes(text), what == "upn;UPN" ? new Dictionary<string, string> { ["session"] = "am/pm" } : null);

        Assert.Empty(data.Problems.Details);
        Assert.Equal((byte)MarkClass.Unauthorised, data.Register.Page(Day(2024, 9, 10))[0]);
    }

    [Theory]
    [InlineData("Afternoon")]
    [InlineData("aft")]
    [InlineData("PM")]
    [InlineData("2")]
    public void An_afternoon_is_not_taken_for_a_morning(string session)
    {
        var data = Data();
        data.ReadMarks(Bytes($"person_id,date,session,code\nA,2024-09-10,{session},O\n"));

        Assert.Equal((byte)((int)MarkClass.Unauthorised << 4), data.Register.Page(Day(2024, 9, 10))[0]);
    }

    [Fact]
    public void A_file_without_a_needed_column_is_refused_and_says_what_was_found()
    {
        var e = Assert.Throws<LinksInputException>(() => Data().ReadMarks(Bytes("person_id,date,session\nA,2024-09-10,AM\n")));

        Assert.Contains("no column for code", e.Message, StringComparison.Ordinal);
        Assert.Contains("person_id, date, session", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("H", MarkClass.Authorised)]
    [InlineData("J", MarkClass.Authorised)]
    [InlineData("Y", MarkClass.NotPossible)]
    [InlineData("y4", MarkClass.NotPossible)]
    [InlineData("I", MarkClass.Illness)]
    [InlineData("M", MarkClass.Illness)]
    [InlineData("C2", MarkClass.Authorised)]
    [InlineData("U", MarkClass.Late)]
    [InlineData("G", MarkClass.Unauthorised)]
    [InlineData("K", MarkClass.Elsewhere)]
    [InlineData("#", MarkClass.NotPossible)]
    public void Codes_of_2024_and_the_withdrawn_ones_are_classed(string code, MarkClass expected)
    {
        Assert.True(AttendanceCodes.Shipped.TryClassify(Encoding.UTF8.GetBytes(code), out var found));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Many_threads_read_the_same_as_one_and_report_the_same()
    {
        var text = new StringBuilder("person_id,date,session,code\n");
        for (var k = 0; k < 220_000; k++)
            text.Append(k % 9973 == 0 ? "NOBODY" : k % 2 == 0 ? "A" : "C").Append(k % 50_000 == 7 ? ",2024-13-01" : ",2024-").Append(k % 50_000 == 7 ? "" : (9 + (k % 3)).ToString("00", null) + "-" + (1 + (k / 4 % 28)).ToString("00", null)).Append(k % 4 < 2 ? ",AM," : ",PM,").Append(k % 7 == 0 ? "O\n" : "/\n");
        var one = Data();
        one.ReadMarks(Bytes(text.ToString()), threads: 1);
        var four = Data();
        four.ReadMarks(Bytes(text.ToString()), threads: 4);

        Assert.Equal(220_000, one.MarkRows);
        Assert.Equal(one.Problems.Total, four.Problems.Total);
        Assert.Equal(one.Problems.Details, four.Problems.Details);
        Assert.Equal(one.Register.Pages, four.Register.Pages);
    }

    [Fact]
    public void Missing_episodes_that_cannot_be_are_left_out_and_overlapping_ones_joined()
    {
        var data = Data();
        data.ReadMissing(Bytes("episode_id,person_id,start,end,place_found\n1,A,2024-10-01 20:00,2024-10-02 08:00,Park\n2,A,2024-10-02 01:00,2024-10-02 12:00,\n3,B,2024-10-05 20:00,2024-10-04 20:00,\n4,X,2024-10-05 20:00,,\n5,C,yesterday,,\n6,C,2024-10-01 20:00,2024-10-02 08:00,\n6,C,2024-10-01 20:00,2024-10-02 08:00,\n7,C,2024-12-01T20:00:00Z,,\n"));

        Assert.Equal(3, data.EpisodeCount);
        Assert.Equal(Day(2024, 10, 2) * 1440L + 720, data.Episodes[0].End);
        Assert.Contains(data.Problems.Details, p => p is { Line: 3, Kind: "overlap" });
        Assert.Contains(data.Problems.Details, p => p is { Line: 4, Kind: "end-before-start" });
        Assert.Contains(data.Problems.Details, p => p is { Line: 5, Kind: "nobody" });
        Assert.Contains(data.Problems.Details, p => p is { Line: 6, Kind: "bad-time" });
        Assert.Contains(data.Problems.Details, p => p is { Line: 8, Kind: "duplicate" });
    }

    [Fact]
    public void The_hours_of_a_clock_change_are_told_apart()
    {
        var data = Data();
        data.ReadMissing(Bytes("person_id,start,end\nA,2025-03-30 01:30,2025-03-30 04:00\nB,2024-10-27 01:50,2024-10-27 01:10\nC,2024-07-01T22:30:00Z,2024-07-02T01:00:00+01:00\n"));

        Assert.Equal(3, data.EpisodeCount);
        Assert.Equal(2, data.Problems.Details.Count(p => p.Kind == "clock-change"));
        Assert.Equal(Day(2025, 3, 30) * 1440L + 150, data.Episodes[0].Start);
        Assert.Equal(20, data.Episodes[1].End - data.Episodes[1].Start);
        Assert.Equal(Day(2024, 7, 1) * 1440L + (23 * 60) + 30, data.Episodes[2].Start);
    }

    [Theory]
    [InlineData("vehicle", "ab12 cde", "AB12CDE")]
    [InlineData("vehicle", "AB12-CDE", "AB12CDE")]
    [InlineData("phone", "+44 7700 900123", "07700900123")]
    [InlineData("phone", "07700 900 123", "07700900123")]
    [InlineData("phone", "0044 (0)7700 900123", "07700900123")]
    [InlineData("phone", "7700900123", "07700900123")]
    [InlineData("address", "12, Alder Row, zz1 1aa", "12 ALDER ROW ZZ11AA")]
    [InlineData("address", "12 Alder Row ZZ11AA", "12 ALDER ROW ZZ11AA")]
    [InlineData("adult", " john  o'Example ", "JOHN OEXAMPLE")]
    [InlineData("adult", "Unknown", "")]
    public void Values_that_mean_the_same_meet(string kind, string value, string expected) => Assert.Equal(expected, ValueNormaliser.Value(kind, value));

    [Fact]
    public void Associations_are_normalised_and_repeats_counted_once()
    {
        var data = Data();
        data.ReadAssociations(Bytes("person_id,kind,value,date\nA,Car,ab12 cde,2024-10-01\nA,vehicle,AB12CDE,2024-10-09\nB,VRM,AB12 CDE,\nB,phone,,\nZ,phone,07700900123,\n"));

        Assert.Equal(2, data.MentionCount);
        Assert.Equal(["repeat", "no-value", "nobody"], data.Problems.Details.Select(p => p.Kind));
        Assert.Equal(["vehicle"], data.Kinds);
    }

    [Fact]
    public void A_quotation_mark_never_closed_is_refused_with_its_line()
    {
        var e = Assert.Throws<LinksInputException>(() => new LinksData().ReadPeople(Bytes("person_id,school_id\nA,1\n\"B,1\nC,1\n")));

        Assert.Contains("people, line 3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_utf_16_is_refused_and_told_what_to_do()
    {
        byte[] text = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("person_id,date,code\nA,2025-01-06,O\n")];

        Assert.Contains("UTF-8", Assert.Throws<LinksInputException>(() => new LinksData().ReadPeople(new MemoryStream(text))).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", Assert.Throws<LinksInputException>(() => new LinksData().ReadMarks(new MemoryStream(text))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_episode_in_a_mistyped_year_is_left_out_with_its_line()
    {
        var data = new LinksData();
        data.ReadPeople(Bytes("person_id\nA\nB\n"));
        data.ReadMissing(Bytes("person_id,start,end\nA,2025-01-06 20:00,2025-01-07 02:00\nB,2025-02-06 20:00,2025-02-07 02:00\nA,2052-03-06 20:00,2052-03-07 02:00\nA,2025-04-06 20:00,2025-04-07 02:00\n"));

        Assert.Equal(3, data.EpisodeCount);
        Assert.Equal(("far-date", 4), data.Problems.Details.Select(p => (p.Kind, (int)p.Line)).Single());
    }

    [Fact]
    public void Every_file_keeps_its_own_first_problems()
    {
        var data = new LinksData();
        data.ReadPeople(Bytes("person_id\nA\n"));
        data.ReadMarks(Bytes("person_id,date,session,code\n" + string.Concat(Enumerable.Repeat("NOBODY,2025-01-06,AM,O\n", LinksProblems.DetailLimit + 5))));
        data.ReadMissing(Bytes("person_id,start,end\nNOBODY,2025-01-06 20:00,\n"));

        Assert.Equal(LinksProblems.DetailLimit + 1, data.Problems.Details.Count);
        Assert.Equal(("missing", 2L), (data.Problems.Details[^1].File, data.Problems.Details[^1].Line));
        Assert.Equal(LinksProblems.DetailLimit + 6, data.Problems.Total);
    }

    [Fact]
    public void A_person_given_twice_is_reported_and_families_and_homes_are_known_links()
    {
        var data = new LinksData();
        data.ReadPeople(Bytes(People + "A,S2,7,H9,,\nD,S2,10,,not a date,HOME\n"));

        Assert.Equal(4, data.PeopleCount);
        Assert.Equal([("duplicate", 5L), ("bad-date", 6L)], data.Problems.Details.Select(p => (p.Kind, p.Line)));
        Assert.True(data.Known(0, 1));
        Assert.True(data.Known(2, 3));
        Assert.False(data.Known(0, 2));
    }

    internal static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static int Day(int year, int month, int day) => new DateOnly(year, month, day).DayNumber;

    private static LinksData Data()
    {
        var data = new LinksData();
        data.ReadPeople(Bytes(People));
        return data;
    }
}
