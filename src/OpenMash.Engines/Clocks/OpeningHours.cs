using System.Runtime.InteropServices;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Engines.Clocks;

/// <summary>One opening of a day, London time.</summary>
/// <param name="From">First moment open.</param>
/// <param name="To">First moment closed again; midnight means the end of the day.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Opening(LocalTime From, LocalTime To);

/// <summary>
/// When the hub is open: dated weeks (so that a change alters no earlier judgement), closed on bank holidays unless a week says
/// otherwise, and single dates that differ. Closed days have no opening.
/// </summary>
public sealed class OpeningHours
{
    private readonly Week[] weeks;
    private readonly Dictionary<LocalDate, Opening[]> dates;

    private OpeningHours(Week[] weeks, Dictionary<LocalDate, Opening[]> dates)
    {
        this.weeks = weeks;
        this.dates = dates;
    }

    /// <summary>The same opening every Monday to Friday, closed on bank holidays, for all time.</summary>
    public static OpeningHours Weekdays(LocalTime from, LocalTime to)
    {
        var opening = new[] { Checked(new Opening(from, to), "Monday to Friday") };
        var days = new Opening[8][];
        for (var day = 1; day <= 7; day++)
            days[day] = day <= 5 ? opening : [];
        return new OpeningHours([new Week(LocalDate.MinIsoValue, LocalDate.MaxIsoValue, days, OpenOnBankHolidays: false)], []);
    }

    /// <summary>
    /// Reads <c>{"weeks":[{"validFrom":"2026-01-01","validTo":null,"openOnBankHolidays":false,"monday":["09:00-17:00"],...}],
    /// "dates":[{"date":"2026-12-24","hours":["09:00-12:00"]}]}</c>. A weekday left out is closed; <c>24:00</c> ends a day.
    /// </summary>
    /// <exception cref="ClockDataException">Not readable, weeks overlap, or a week never opens; the message says where.</exception>
    public static OpeningHours Parse(Stream json)
    {
        using var document = ClockJson.Read(json, "opening-hours file");
        var root = document.RootElement;
        ClockJson.RequireObject(root, "The opening-hours file");
        ClockJson.RefuseUnknown(root, "The opening-hours file", "weeks", "dates", "source");
        if (!root.TryGetProperty("weeks", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new ClockDataException("The opening-hours file must have a list \"weeks\" with at least one week.");

        var read = list.EnumerateArray().Select((w, i) => ReadWeek(w, $"Week {i + 1} of the opening-hours file")).OrderBy(w => w.From).ToArray();
        for (var i = 1; i < read.Length; i++)
        {
            if (read[i].From <= read[i - 1].To)
                throw new ClockDataException($"Two weeks of the opening-hours file are both valid on {WorkingCalendar.Iso(read[i].From)}.");
        }

        var single = new Dictionary<LocalDate, Opening[]>();
        if (root.TryGetProperty("dates", out var special))
        {
            if (special.ValueKind != JsonValueKind.Array)
                throw new ClockDataException("\"dates\" of the opening-hours file must be a list.");
            var position = 0;
            foreach (var item in special.EnumerateArray())
            {
                var where = $"Date {++position} of the opening-hours file";
                ClockJson.RequireObject(item, where);
                ClockJson.RefuseUnknown(item, where, "date", "hours", "reason");
                if (!single.TryAdd(ClockJson.Date(item, "date", where), ReadOpenings(item, "hours", where)))
                    throw new ClockDataException($"{where} is given twice.");
            }
        }

        return new OpeningHours(read, single);
    }

    /// <summary>The openings of one day, in order; none when closed. A date given singly wins over bank holiday and week.</summary>
    /// <exception cref="ClockRefusedException">No week is valid on that date, or a bank holiday must be known and the calendar does not cover it.</exception>
    public IReadOnlyList<Opening> On(LocalDate date, WorkingCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (dates.TryGetValue(date, out var special))
            return special;
        foreach (var week in weeks)
        {
            if (date < week.From || date > week.To)
                continue;
            if (!week.OpenOnBankHolidays && calendar.IsBankHoliday(date))
                return [];
            return week.Days[(int)date.DayOfWeek];
        }

        throw new ClockRefusedException(ClockRefusal.NoOpeningHours, $"No opening hours are valid on {WorkingCalendar.Iso(date)}. Add a week that covers it.");
    }

    /// <summary>
    /// The instant at which the hub has been open for <paramref name="open"/> since <paramref name="start"/>. Ending exactly at closing
    /// time gives closing time, not the next opening.
    /// </summary>
    /// <exception cref="ClockRefusedException">The count leaves the calendar or the weeks that are known.</exception>
    public Instant Add(Instant start, Duration open, WorkingCalendar calendar)
    {
        if (open <= Duration.Zero)
            return start;
        for (var date = London.Date(start); ; date = date.PlusDays(1))
        {
            foreach (var opening in On(date, calendar))
            {
                var (from, to) = Instants(date, opening);
                if (to <= start)
                    continue;
                if (from < start)
                    from = start;
                var length = to - from;
                if (open <= length)
                    return from + open;
                open -= length;
            }
        }
    }

    /// <summary>Open time from one instant to another; negative when <paramref name="to"/> is earlier.</summary>
    /// <exception cref="ClockRefusedException">The span leaves the calendar or the weeks that are known.</exception>
    public Duration Between(Instant from, Instant to, WorkingCalendar calendar)
    {
        if (to < from)
            return -Between(to, from, calendar);
        var total = Duration.Zero;
        var last = London.Date(to);
        for (var date = London.Date(from); date <= last; date = date.PlusDays(1))
        {
            foreach (var opening in On(date, calendar))
            {
                var (start, end) = Instants(date, opening);
                start = Instant.Max(start, from);
                end = Instant.Min(end, to);
                if (end > start)
                    total += end - start;
            }
        }

        return total;
    }

    private static (Instant From, Instant To) Instants(LocalDate date, Opening opening) =>
        (London.Lenient(date + opening.From), opening.To == LocalTime.Midnight ? London.StartOf(date.PlusDays(1)) : London.Lenient(date + opening.To));

    private static Week ReadWeek(JsonElement element, string where)
    {
        ClockJson.RequireObject(element, where);
        ClockJson.RefuseUnknown(
            element, where, "validFrom", "validTo", "openOnBankHolidays", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");
        var from = ClockJson.Date(element, "validFrom", where);
        var to = ClockJson.OptionalDate(element, "validTo", where) ?? LocalDate.MaxIsoValue;
        if (to < from)
            throw new ClockDataException($"{where}: \"validTo\" is before \"validFrom\".");
        string[] names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        var days = new Opening[8][];
        days[0] = [];
        for (var day = 1; day <= 7; day++)
            days[day] = ReadOpenings(element, names[day - 1], where);
        if (days.All(d => d.Length == 0))
            throw new ClockDataException($"{where} never opens; a limit in open hours would never end.");
        return new Week(from, to, days, ClockJson.Flag(element, "openOnBankHolidays", where));
    }

    private static Opening[] ReadOpenings(JsonElement element, string name, string where)
    {
        var openings = ClockJson.Texts(element, name, where).Select(t => ReadOpening(t, $"{where}, {name}")).OrderBy(o => o.From).ToArray();
        for (var i = 1; i < openings.Length; i++)
        {
            if (openings[i - 1].To == LocalTime.Midnight || openings[i].From < openings[i - 1].To)
                throw new ClockDataException($"{where}, {name}: two openings overlap.");
        }

        return openings;
    }

    private static Opening ReadOpening(string text, string where)
    {
        var pattern = LocalTimePattern.CreateWithInvariantCulture("HH:mm");
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        var endsDay = parts.Length == 2 && parts[1] == "24:00";
        if (parts.Length != 2
            || !pattern.Parse(parts[0]).TryGetValue(default, out var from)
            || !pattern.Parse(endsDay ? "00:00" : parts[1]).TryGetValue(default, out var to)
            || (to == LocalTime.Midnight && !endsDay))
        {
            throw new ClockDataException($"{where}: \"{text}\" is not an opening of the form 09:00-17:00.");
        }

        return Checked(new Opening(from, to), where);
    }

    private static Opening Checked(Opening opening, string where) =>
        opening.To == LocalTime.Midnight || opening.From < opening.To
            ? opening
            : throw new ClockDataException($"{where}: the opening from {opening.From:HH:mm} must end after it begins.");

    private sealed record Week(LocalDate From, LocalDate To, Opening[][] Days, bool OpenOnBankHolidays);
}
