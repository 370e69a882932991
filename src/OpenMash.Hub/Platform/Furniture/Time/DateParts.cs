using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>Which boxes of a date a complaint is about.</summary>
[Flags]
public enum DateBoxes
{
    None = 0,
    Day = 1,
    Month = 2,
    Year = 4,
    Time = 8,
    Date = Day | Month | Year,
}

/// <summary>What a date typed in three boxes, or as one text, means: a date, nothing at all, or a complaint and the boxes it is about.</summary>
public readonly record struct DateAnswer(LocalDate? Date, string? Problem, DateBoxes Wrong)
{
    public bool IsEmpty => Date is null && Problem is null;
}

/// <summary>Reads dates and times as people type them. Pure.</summary>
public static class DateParts
{
    private static readonly string[] MonthNames =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly LocalDatePattern[] OneText =
    [
        LocalDatePattern.Iso,
        LocalDatePattern.Create("d'/'M'/'uuuu", CultureInfo.InvariantCulture),
        LocalDatePattern.Create("d MMMM uuuu", CultureInfo.InvariantCulture),
        LocalDatePattern.Create("d MMM uuuu", CultureInfo.InvariantCulture),
    ];

    private static readonly LocalTimePattern[] Times =
    [
        LocalTimePattern.Create("H':'mm", CultureInfo.InvariantCulture),
        LocalTimePattern.Create("H'.'mm", CultureInfo.InvariantCulture),
        LocalTimePattern.Create("HHmm", CultureInfo.InvariantCulture),
        LocalTimePattern.Create("h':'mmtt", CultureInfo.InvariantCulture),
        LocalTimePattern.Create("htt", CultureInfo.InvariantCulture),
        LocalTimePattern.Create("H':'mm':'ss", CultureInfo.InvariantCulture),
    ];

    /// <summary>Reads three boxes. A month may be a number or a name ("nov", "November"). A year has four digits.
    /// <paramref name="name"/> begins the message: "Date of birth".</summary>
    public static DateAnswer Read(string? day, string? month, string? year, string name)
    {
        day = day?.Trim();
        month = month?.Trim();
        year = year?.Trim();
        var missing = (string.IsNullOrEmpty(day) ? DateBoxes.Day : DateBoxes.None) | (string.IsNullOrEmpty(month) ? DateBoxes.Month : DateBoxes.None)
            | (string.IsNullOrEmpty(year) ? DateBoxes.Year : DateBoxes.None);
        if (missing == DateBoxes.Date) return default;
        if (missing != DateBoxes.None) return new(null, $"{name} must include a {Name(missing)}", missing);

        if (!int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out var d) || d is < 1 or > 31)
            return new(null, $"{name}: the day must be a number from 1 to 31", DateBoxes.Day);
        if (MonthNumber(month!) is not { } m)
            return new(null, $"{name}: the month must be a number from 1 to 12, or its name", DateBoxes.Month);
        if (year!.Length != 4 || !int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var y) || y < 1850)
            return new(null, $"{name}: the year must have 4 numbers, such as 2014", DateBoxes.Year);
        if (d > CalendarSystem.Iso.GetDaysInMonth(y, m))
            return new(null, $"{name} must be a real date: {Words.UpperFirst(MonthNames[m - 1])} {y} has {CalendarSystem.Iso.GetDaysInMonth(y, m)} days", DateBoxes.Day);
        return new(new LocalDate(y, m, d), null, DateBoxes.None);
    }

    /// <summary>Reads one text: 2014-11-27, 27/11/2014, 27 November 2014.</summary>
    public static DateAnswer Read(string? text, string name)
    {
        if (string.IsNullOrWhiteSpace(text)) return default;
        foreach (var pattern in OneText)
        {
            if (pattern.Parse(text.Trim()) is { Success: true } read && read.Value.Year >= 1850) return new(read.Value, null, DateBoxes.None);
        }

        return new(null, $"{name} must be a real date, such as 27 11 2014", DateBoxes.Date);
    }

    /// <summary>Reads 14:05, 14.05, 1405, 2:05pm, 2pm.</summary>
    public static LocalTime? ReadTime(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var tidy = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        foreach (var pattern in Times)
        {
            if (pattern.Parse(tidy) is { Success: true } read) return read.Value;
        }

        return null;
    }

    private static int? MonthNumber(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number is >= 1 and <= 12 ? number : null;
        if (text.Length < 3) return null;
        for (var i = 0; i < MonthNames.Length; i++)
        {
            if (MonthNames[i].StartsWith(text, StringComparison.OrdinalIgnoreCase)) return i + 1;
        }

        return null;
    }

    private static string Name(DateBoxes boxes)
    {
        var names = new List<string>(3);
        if (boxes.HasFlag(DateBoxes.Day)) names.Add("day");
        if (boxes.HasFlag(DateBoxes.Month)) names.Add("month");
        if (boxes.HasFlag(DateBoxes.Year)) names.Add("year");
        return string.Join(" and ", names);
    }
}
