using System.Collections.Frozen;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Engines.Clocks;

/// <summary>
/// Working days of one division of the United Kingdom: not Saturday, not Sunday, not a bank holiday in the file. It covers whole
/// years, from the first to the last that the file names, and refuses every question outside them (<see cref="ClockRefusedException"/>):
/// a due date counted past the end of its calendar would be a guess.
/// </summary>
public sealed class WorkingCalendar
{
    /// <summary>The division that England's due dates are counted by.</summary>
    public const string EnglandAndWalesDivision = "england-and-wales";

    private static readonly Lazy<WorkingCalendar> LazyShipped = new(ReadShipped);
    private readonly FrozenSet<LocalDate> holidays;

    /// <summary>A calendar of the given bank holidays, covering whole years from the first to the last of them.</summary>
    /// <exception cref="ClockDataException">There is no holiday, or a year between the first and the last has none.</exception>
    public WorkingCalendar(IEnumerable<LocalDate> bankHolidays)
    {
        ArgumentNullException.ThrowIfNull(bankHolidays);
        holidays = bankHolidays.ToFrozenSet();
        if (holidays.Count == 0)
            throw new ClockDataException("The holiday file names no bank holiday, so it covers no year. Give a file with at least one whole year.");

        FirstYear = holidays.Min(h => h.Year);
        LastYear = holidays.Max(h => h.Year);
        for (var year = FirstYear; year <= LastYear; year++)
        {
            if (!holidays.Any(h => h.Year == year))
                throw new ClockDataException($"The holiday file has no bank holiday in {year}, between its first year {FirstYear} and its last {LastYear}. Complete that year.");
        }

        Index = new DayIndex(
            new LocalDate(FirstYear, 1, 1),
            new LocalDate(LastYear, 12, 31),
            d => d.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && !holidays.Contains(d));
    }

    /// <summary>The shipped calendar of England and Wales (GOV.UK bank holidays, Open Government Licence v3.0), 2012 to 2028.</summary>
    public static WorkingCalendar EnglandAndWales => LazyShipped.Value;

    /// <summary>First year covered, from its 1 January.</summary>
    public int FirstYear { get; }

    /// <summary>Last year covered, to its 31 December.</summary>
    public int LastYear { get; }

    /// <summary>The bank holidays, in order.</summary>
    public IEnumerable<LocalDate> BankHolidays => holidays.Order();

    internal DayIndex Index { get; }

    /// <summary>
    /// Reads a bank-holiday file in GOV.UK's shape (<c>{"england-and-wales":{"events":[{"date":"2026-01-01"}]}}</c>), one division of
    /// it (<c>{"events":[...]}</c>), or a bare array of ISO dates. UTF-8.
    /// </summary>
    /// <exception cref="ClockDataException">Not JSON, the division is missing, or a date cannot be read; the message says where.</exception>
    public static WorkingCalendar Parse(Stream json, string division = EnglandAndWalesDivision)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = ClockJson.Read(json, "holiday file");
        return new WorkingCalendar([.. Dates(document.RootElement, division)]);
    }

    /// <summary>Whether the date lies in a covered year.</summary>
    public bool Covers(LocalDate date) => date.Year >= FirstYear && date.Year <= LastYear;

    /// <summary>Whether the date is a bank holiday.</summary>
    /// <exception cref="ClockRefusedException">The date is outside the covered years.</exception>
    public bool IsBankHoliday(LocalDate date)
    {
        Require(date);
        return holidays.Contains(date);
    }

    /// <summary>Whether the date is a working day.</summary>
    /// <exception cref="ClockRefusedException">The date is outside the covered years.</exception>
    public bool IsWorkingDay(LocalDate date)
    {
        Require(date);
        return Index.Counts(DayIndex.DayNumber(date));
    }

    /// <summary>
    /// The last day of a limit in working days. Counting begins the day after the start; with <paramref name="firstDayCounts"/> a
    /// start that is itself a working day is day one. A start on a day off is not moved: Saturday plus one is Monday. Nought gives
    /// the start itself, working or not.
    /// </summary>
    /// <exception cref="ClockRefusedException">Start or result is outside the covered years, or the limit is impossible.</exception>
    public LocalDate Add(LocalDate start, int limit, bool firstDayCounts = false)
    {
        ClockLimits.Require(limit, firstDayCounts);
        Require(start);
        return Index.Add(DayIndex.DayNumber(start), limit, firstDayCounts) is { } day
            ? DayIndex.FromDayNumber(day)
            : throw new ClockRefusedException(
                ClockRefusal.AfterCalendar,
                $"{ClockUnits.Amount(limit, "working day")} from {Iso(start)} would run past the end of the bank-holiday calendar ({FirstYear} to {LastYear}). Supply a calendar with later years.");
    }

    /// <summary>Working days after <paramref name="from"/> up to and including <paramref name="to"/>; negative when <paramref name="to"/> is earlier.</summary>
    /// <exception cref="ClockRefusedException">Either date is outside the covered years.</exception>
    public int Between(LocalDate from, LocalDate to)
    {
        Require(from);
        Require(to);
        return Index.Between(DayIndex.DayNumber(from), DayIndex.DayNumber(to));
    }

    internal void Require(LocalDate date)
    {
        if (date.Year < FirstYear)
        {
            throw new ClockRefusedException(
                ClockRefusal.BeforeCalendar,
                $"{Iso(date)} is before the first year of the bank-holiday calendar ({FirstYear} to {LastYear}). Supply a calendar with earlier years.");
        }

        if (date.Year > LastYear)
        {
            throw new ClockRefusedException(
                ClockRefusal.AfterCalendar,
                $"{Iso(date)} is after the last year of the bank-holiday calendar ({FirstYear} to {LastYear}). Supply a calendar with later years.");
        }
    }

    internal static string Iso(LocalDate date) => LocalDatePattern.Iso.Format(date);

    private static WorkingCalendar ReadShipped()
    {
        using var stream = typeof(WorkingCalendar).Assembly.GetManifestResourceStream("OpenMash.Engines.Clocks.bank-holidays.json")
            ?? throw new InvalidOperationException("The shipped bank-holiday file is not in the assembly.");
        return Parse(stream);
    }

    private static IEnumerable<LocalDate> Dates(JsonElement root, string division)
    {
        var where = "the file";
        if (root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("events", out _))
        {
            if (!root.TryGetProperty(division, out var part))
            {
                var found = string.Join(", ", root.EnumerateObject().Select(p => p.Name));
                throw new ClockDataException($"The holiday file has no division \"{division}\"; it has: {(found.Length == 0 ? "none" : found)}.");
            }

            root = part;
            where = $"\"{division}\"";
        }

        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("events", out var events))
        {
            root = events;
            where += ".events";
        }

        if (root.ValueKind != JsonValueKind.Array)
            throw new ClockDataException($"The holiday file must hold a list of events in {where}; it holds {root.ValueKind}.");

        var position = 0;
        foreach (var item in root.EnumerateArray())
        {
            position++;
            var value = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("date", out var date) ? date : item;
            if (value.ValueKind != JsonValueKind.String || !LocalDatePattern.Iso.Parse(value.GetString()!).TryGetValue(default, out var parsed))
                throw new ClockDataException($"Event {position} in {where} of the holiday file has no date of the form 2026-12-25; it has {item.GetRawText()}.");
            yield return parsed;
        }
    }
}
