namespace OpenMash.HubTests.Verbs;

/// <summary><c>clocks due</c> through the executable's own entry point: exit codes and files.</summary>
public sealed class ClocksVerbsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("openmash-clocks-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Good_rows_are_counted_and_bad_ones_do_not_stop_them()
    {
        var exit = Due(
            """
            id,start,limit,unit,first_day_counts
            a,2026-03-28T09:00,24,hours,
            b,2026-10-24T10:00,24,hours,false
            c,2026-03-28,1,working-days,
            d,2026-03-27,1,working-days,true
            e,2026-01-31,1,months,
            f,2026-03-28,24,hours,
            g,2028-12-29,1,working-days,
            h,2011-12-30,1,working-days,
            i,2026-01-05,3,school-days,
            j,2026-03-29T01:30,1,hours,
            k,2026-10-25T01:30,1,hours,
            l,2026-10-25T01:30+00:00,1,hours,
            "m,1",2026-03-02,6,weeks,
            n,2026-03-02,10,calendar-days,TRUE
            """);

        Assert.Equal(1, exit);
        Assert.Equal(
            """
            id,due,offset
            a,2026-03-29T10:00,+01:00
            b,2026-10-25T09:00,+00:00
            c,2026-03-30,
            d,2026-03-27,
            e,2026-02-28,
            k,2026-10-25T01:30,+00:00
            l,2026-10-25T02:30,+00:00
            "m,1",2026-04-13,
            n,2026-03-11,

            """,
            Output());
    }

    [Fact]
    public void Other_holidays_and_terms_are_used()
    {
        File.WriteAllText(Path.Combine(folder, "holidays.csv"), "date,title\n2031-01-01,New Year\n2031-06-02,Fair\n");
        File.WriteAllText(Path.Combine(folder, "terms.csv"), "start,end\n2031-05-01,2031-06-20\n");

        var exit = Due(
            "Reference,Received,limit,unit\na,2031-05-30,1,working-days\nb,2031-05-30,1,school-days\n",
            "--holidays", Path.Combine(folder, "holidays.csv"), "--terms", Path.Combine(folder, "terms.csv"));

        Assert.Equal(0, exit);
        Assert.Equal("id,due,offset\na,2031-06-03,\nb,2031-06-03,\n", Output());
    }

    [Fact]
    public void A_heading_can_be_mapped()
    {
        Assert.Equal(0, Due("case,when,limit,unit\na,2026-03-02,1,weeks\n", "--column", "id=case", "--column", "start=when"));
        Assert.Equal("id,due,offset\na,2026-03-09,\n", Output());
    }

    [Theory]
    [InlineData("id,start,limit\na,2026-01-01,1\n")]
    [InlineData("")]
    [InlineData("id,start,limit,unit\na,\"2026-01-01,1,weeks\nb,2026\"x,1,weeks\n")]
    public void A_file_that_cannot_be_used_is_refused_and_leaves_nothing(string text)
    {
        Assert.Equal(2, Due(text));
        Assert.Equal(["in.csv"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_refused_run_leaves_an_earlier_output_as_it_was()
    {
        File.WriteAllText(Path.Combine(folder, "out.csv"), "earlier");

        Assert.Equal(2, Due("id,start,limit,unit\n", "--holidays", Path.Combine(folder, "none.json")));
        Assert.Equal("earlier", Output());
    }

    private int Due(string input, params string[] more)
    {
        var file = Path.Combine(folder, "in.csv");
        File.WriteAllText(file, input);
        string[] args = ["clocks", "due", "--input", file, "--output", Path.Combine(folder, "out.csv"), .. more];
        return (int)typeof(Program).Assembly.EntryPoint!.Invoke(null, [args])!;
    }

    private string Output() => File.ReadAllText(Path.Combine(folder, "out.csv"));
}
