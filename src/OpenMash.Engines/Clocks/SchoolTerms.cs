using NodaTime;
using NodaTime.Text;

namespace OpenMash.Engines.Clocks;

/// <summary>
/// Term dates of an authority's schools: dates given, first and last day included, apart from each other. Terms say nothing about
/// the time before the first of them and after the last, so nothing is counted there. A first term that begins from August to
/// October is the first of its school year (which begins on 1 August), so the summer holiday before it is known to be free of school.
/// </summary>
public sealed class SchoolTerms
{
    /// <summary>Terms in any order.</summary>
    /// <exception cref="ClockDataException">There is none, one ends before it starts, or two overlap.</exception>
    public SchoolTerms(IEnumerable<DateInterval> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var ordered = terms.OrderBy(t => t.Start).ToArray();
        if (ordered.Length == 0)
            throw new ClockDataException("The terms file names no term. Give at least one line start,end.");
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Start <= ordered[i - 1].End)
                throw new ClockDataException($"The term from {WorkingCalendar.Iso(ordered[i].Start)} overlaps the term that ends on {WorkingCalendar.Iso(ordered[i - 1].End)}.");
        }

        Terms = ordered;
        var first = ordered[0].Start;
        CoveredFrom = first.Month is >= 8 and <= 10 ? new LocalDate(first.Year, 8, 1) : first;
        CoveredTo = ordered[^1].End;
    }

    /// <summary>The terms in order, both ends included.</summary>
    public IReadOnlyList<DateInterval> Terms { get; }

    /// <summary>First day about which the terms tell.</summary>
    public LocalDate CoveredFrom { get; }

    /// <summary>Last day about which the terms tell: the end of the last term.</summary>
    public LocalDate CoveredTo { get; }

    /// <summary>Reads lines <c>start,end</c> of ISO dates, with or without a heading line; blank lines are passed over.</summary>
    /// <exception cref="ClockDataException">A line cannot be read, with its number; or the terms are impossible.</exception>
    public static SchoolTerms Parse(TextReader csv)
    {
        ArgumentNullException.ThrowIfNull(csv);
        var terms = new List<DateInterval>();
        var number = 0;
        while (csv.ReadLine() is { } line)
        {
            number++;
            line = line.Trim().TrimStart('\uFEFF');
            if (line.Length == 0)
                continue;
            var fields = line.Split(',');
            if (terms.Count == 0 && fields.Length >= 2 && Unquote(fields[0]).Equals("start", StringComparison.OrdinalIgnoreCase))
                continue;
            if (fields.Length < 2
                || !LocalDatePattern.Iso.Parse(Unquote(fields[0])).TryGetValue(default, out var start)
                || !LocalDatePattern.Iso.Parse(Unquote(fields[1])).TryGetValue(default, out var end))
            {
                throw new ClockDataException($"Line {number} of the terms file is not start,end with dates of the form 2026-09-01: \"{line}\".");
            }

            if (end < start)
                throw new ClockDataException($"Line {number} of the terms file ends before it starts: \"{line}\".");
            terms.Add(new DateInterval(start, end));
        }

        return new SchoolTerms(terms);
    }

    /// <summary>Whether the date lies in a term.</summary>
    public bool InTerm(LocalDate date) => Terms.Any(t => t.Contains(date));

    private static string Unquote(string field) => field.Trim().Trim('"').Trim();
}
