using System.Globalization;
using NodaTime.Text;
using OpenMash.Engines.Clocks;

namespace OpenMash.EnginesTests.Clocks;

/// <summary>worked-examples.csv: each line was counted day by day, apart from the engine, and says how.</summary>
public class WorkedExamples
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Clocks");

    public static TheoryData<string> Lines()
    {
        var data = new TheoryData<string>();
        foreach (var line in File.ReadLines(Path.Combine(Folder, "worked-examples.csv")).Skip(1))
            data.Add(line);
        return data;
    }

    [Fact]
    public void There_are_at_least_150() => Assert.True(Lines().Count >= 150);

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_engine_agrees_with_the_example(string line)
    {
        // id,start,limit,unit,first_day_counts,due,offset_or_refusal,reasoning: no field before the last is quoted.
        var fields = line.Split(',', 8);
        using var terms = File.OpenText(Path.Combine(Folder, "terms.csv"));
        var calendar = new HubCalendar(WorkingCalendar.EnglandAndWales, terms: SchoolTerms.Parse(terms));
        var limit = int.Parse(fields[2], CultureInfo.InvariantCulture);
        Assert.True(ClockUnits.TryParse(fields[3], out var unit));
        var firstDayCounts = bool.Parse(fields[4]);

        if (fields[5] == "refused")
        {
            var refusal = Assert.Throws<ClockRefusedException>(() => calendar.DueDate(LocalDatePattern.Iso.Parse(fields[1]).Value, limit, unit, firstDayCounts));
            Assert.Equal(fields[6], refusal.Refusal.ToString());
        }
        else if (unit == ClockUnit.Hours)
        {
            var local = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(fields[1]).Value;
            Assert.True(London.TryInstant(local, out var start, out _));
            Assert.Equal(fields[5] + fields[6], calendar.Due(start, limit, unit).ToString());
        }
        else
        {
            Assert.Equal(fields[5], LocalDatePattern.Iso.Format(calendar.DueDate(LocalDatePattern.Iso.Parse(fields[1]).Value, limit, unit, firstDayCounts)));
        }
    }
}
