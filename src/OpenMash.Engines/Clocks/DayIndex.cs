using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>Days of one kind in a covered span, numbered, so that counting any number of them is two look-ups.</summary>
internal sealed class DayIndex
{
    private readonly int firstDay;
    private readonly int[] countThrough;
    private readonly int[] nth;

    public DayIndex(LocalDate first, LocalDate last, Func<LocalDate, bool> counts)
    {
        First = first;
        Last = last;
        firstDay = DayNumber(first);
        var length = DayNumber(last) - firstDay + 1;
        countThrough = new int[length];
        var days = new List<int>(length);
        for (var i = 0; i < length; i++)
        {
            if (counts(FromDayNumber(firstDay + i)))
                days.Add(firstDay + i);
            countThrough[i] = days.Count;
        }

        nth = [.. days];
    }

    /// <summary>First day covered.</summary>
    public LocalDate First { get; }

    /// <summary>Last day covered.</summary>
    public LocalDate Last { get; }

    public static int DayNumber(LocalDate date) => date.ToDateOnly().DayNumber;

    public static LocalDate FromDayNumber(int day) => LocalDate.FromDateOnly(DateOnly.FromDayNumber(day));

    public bool Covers(int day) => (uint)(day - firstDay) < (uint)countThrough.Length;

    public bool Counts(int day)
    {
        var i = day - firstDay;
        return countThrough[i] != (i == 0 ? 0 : countThrough[i - 1]);
    }

    /// <summary>The limit-th counting day after <paramref name="start"/>, or from it on; null past the end. The start must be covered.</summary>
    public int? Add(int start, int limit, bool firstDayCounts)
    {
        if (limit == 0)
            return start;
        var i = start - firstDay;
        var before = firstDayCounts ? (i == 0 ? 0 : countThrough[i - 1]) : countThrough[i];
        // In long: a limit near the largest integer must be refused, not wrapped round to an early day.
        var index = (long)before + limit - 1;
        return index < nth.Length ? nth[index] : null;
    }

    /// <summary>Counting days after <paramref name="from"/> up to and including <paramref name="to"/>; negative if to is earlier. Both covered.</summary>
    public int Between(int from, int to) => countThrough[to - firstDay] - countThrough[from - firstDay];
}
