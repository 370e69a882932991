using System.Globalization;

namespace OpenMash.Engines.Links;

/// <summary>Settings of the patterns; the statutory and the local figures of an authority belong here.</summary>
public sealed record PatternOptions
{
    /// <summary>False-discovery bar of the patterns that are tests.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>Continuous school days of unauthorised absence that a school must report.</summary>
    public int ContinuousDays { get; init; } = 10;

    /// <summary>Missing spells within <see cref="MissingWindowDays"/> that count as repeat missing.</summary>
    public int MissingSpells { get; init; } = 3;

    /// <summary>The window of repeat missing, in days.</summary>
    public int MissingWindowDays { get; init; } = 90;

    /// <summary>The last so many school days are set against the child's own past.</summary>
    public int RecentDays { get; init; } = 20;
}

/// <summary>Something that stands out about one child, as data with its reason. It says what the record holds, not what the child is.</summary>
public sealed record PersonPattern
{
    /// <summary>The person.</summary>
    public required string PersonId { get; init; }

    /// <summary>sudden-change, weekday, afternoons, leaving-after-registration, continuous-absence or repeat-missing.</summary>
    public required string Pattern { get; init; }

    /// <summary>First day, inclusive.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, inclusive.</summary>
    public required DateOnly To { get; init; }

    /// <summary>What was counted.</summary>
    public required int Observed { get; init; }

    /// <summary>What the child's own past, or peers, would have led one to expect; null for a rule that is a fact.</summary>
    public double? Expected { get; init; }

    /// <summary>False-discovery q-value among all children for this pattern; null for a rule that is a fact.</summary>
    public double? QValue { get; init; }

    /// <summary>own past, peers or rule.</summary>
    public required string Against { get; init; }

    /// <summary>One sentence.</summary>
    public required string Reason { get; init; }
}

/// <summary>Finds what stands out against the child's own past and against peers of the same school and year group.</summary>
public static class LinksPatterns
{
    /// <summary>All patterns, ordered by person as in the people file, then by name and date.</summary>
    public static IReadOnlyList<PersonPattern> Find(LinksData data, PatternOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new PatternOptions();
        var model = new LinkModel(data);
        var facts = new List<(int Person, PersonPattern Pattern)>();
        var tests = new List<(int Person, double P, PersonPattern Pattern)>();
        if (model.Days.Length > 0) Absence(model, options, facts, tests);
        RepeatMissing(model, options, facts);
        foreach (var byPattern in tests.GroupBy(t => t.Pattern.Pattern, StringComparer.Ordinal))
        {
            // Children with nothing to test count too: their p-value is one.
            var ordered = byPattern.OrderBy(t => t.P).ThenBy(t => t.Person).ToList();
            var q = 1.0;
            for (var k = ordered.Count - 1; k >= 0; k--)
            {
                q = Math.Min(q, ordered[k].P * model.People / (k + 1));
                if (q <= options.Level) facts.Add((ordered[k].Person, ordered[k].Pattern with { QValue = q }));
            }
        }

        return [.. facts.OrderBy(f => f.Person).ThenBy(f => f.Pattern.Pattern, StringComparer.Ordinal).ThenBy(f => f.Pattern.From).Select(f => f.Pattern)];
    }

    private static void Absence(LinkModel model, PatternOptions options, List<(int, PersonPattern)> facts, List<(int, double, PersonPattern)> tests)
    {
        var days = model.Days.Length;
        var first = DateOnly.FromDayNumber(model.Days[0]);
        var last = DateOnly.FromDayNumber(model.Days[^1]);
        var strata = model.Data.StratumSchool.Count;
        var weekdays = new double[strata][];
        var afternoons = new double[strata];
        var leaving = new double[strata];
        var onsets = new double[strata];
        for (var g = 0; g < strata; g++) weekdays[g] = new double[7];
        var leavingOf = new int[model.People];
        for (var i = 0; i < model.People; i++)
        {
            var g = model.Stratum[i];
            for (var k = model.PersonStart[i]; k < model.PersonStart[i + 1]; k++)
            {
                var slot = model.IncidentSlot[k];
                if (slot >= model.AbsenceSlots) break;
                weekdays[g][model.Weekday[slot / 3]]++;
                onsets[g]++;
                if (slot % 3 != 1) continue;
                afternoons[g]++;
                if ((model.Pages[slot / 3][i] & 15) == (int)MarkClass.Present)
                {
                    leaving[g]++;
                    leavingOf[i]++;
                }
            }
        }

        var all = Math.Max(1, onsets.Sum());
        var allWeekdays = new double[7];
        for (var g = 0; g < strata; g++)
        {
            for (var w = 0; w < 7; w++) allWeekdays[w] += weekdays[g][w];
        }

        var (allAfternoons, allLeaving) = (afternoons.Sum(), leaving.Sum());
        var recentFrom = Math.Max(0, days - options.RecentDays);
        Span<int> byWeekday = stackalloc int[7];
        var run = new int[model.People];
        var runStart = new int[model.People];
        Continuous(model, options, facts, run, runStart);
        for (var i = 0; i < model.People; i++)
        {
            var g = model.Stratum[i];
            byWeekday.Clear();
            int total = 0, afternoon = 0, recent = 0;
            for (var k = model.PersonStart[i]; k < model.PersonStart[i + 1]; k++)
            {
                var slot = model.IncidentSlot[k];
                if (slot >= model.AbsenceSlots) break;
                total++;
                byWeekday[model.Weekday[slot / 3]]++;
                if (slot % 3 == 1) afternoon++;
                if (slot / 3 >= recentFrom) recent++;
            }

            if (total < 4) continue;
            var id = model.Data.PersonId(i);
            var top = 0;
            for (var w = 1; w < 7; w++)
            {
                if (byWeekday[w] > byWeekday[top]) top = w;
            }

            var share = (weekdays[g][top] + (50 * allWeekdays[top] / all)) / (onsets[g] + 50);
            var p = Math.Min(1, 5 * Tails.BinomialAtLeast(byWeekday[top], total, share));
            tests.Add((i, p, New("weekday", byWeekday[top], total * share, "peers", $"{byWeekday[top]} of {total} unauthorised absences began on a {(DayOfWeek)top}; peers would give {LinksEngine.Number(total * share)}")));
            share = (afternoons[g] + (50 * allAfternoons / all)) / (onsets[g] + 50);
            if (afternoon >= 3)
                tests.Add((i, Tails.BinomialAtLeast(afternoon, total, share), New("afternoons", afternoon, total * share, "peers", $"{afternoon} of {total} unauthorised absences were afternoons alone; peers would give {LinksEngine.Number(total * share)}")));
            share = (leaving[g] + (50 * allLeaving / all)) / (onsets[g] + 50);
            if (leavingOf[i] >= 3)
                tests.Add((i, Tails.BinomialAtLeast(leavingOf[i], total, share), New("leaving-after-registration", leavingOf[i], total * share, "peers", $"{leavingOf[i]} of {total} times the child was present in the morning and gone in the afternoon; peers would give {LinksEngine.Number(total * share)}")));
            if (days < options.RecentDays * 3 || recent < 3) continue;
            var pastDays = days - options.RecentDays;
            var expected = (total - recent + model.StratumMean[g]) / (pastDays + (double)days) * options.RecentDays;
            if (total - recent == 0) expected = Math.Max(expected, 0.3);
            tests.Add((i, Tails.PoissonAtLeast(recent, expected), New("sudden-change", recent, expected, "own past", $"{recent} unauthorised absences began in the last {options.RecentDays} school days; the child's own past would give {LinksEngine.Number(expected)}") with { From = DateOnly.FromDayNumber(model.Days[recentFrom]) }));

            PersonPattern New(string pattern, int observed, double expectation, string against, string reason) => new()
            {
                PersonId = id,
                Pattern = pattern,
                From = first,
                To = last,
                Observed = observed,
                Expected = expectation,
                Against = against,
                Reason = reason,
            };
        }
    }

    private static void Continuous(LinkModel model, PatternOptions options, List<(int, PersonPattern)> facts, int[] run, int[] runStart)
    {
        var open = new bool[model.Data.SchoolNames.Count];
        var lastDay = new int[model.People];
        for (var d = 0; d <= model.Days.Length; d++)
        {
            var page = d < model.Days.Length ? model.Pages[d] : null;
            Array.Clear(open);
            for (var i = 0; page is not null && i < page.Length; i++)
            {
                if (page[i] != 0 && page[i] != 0x33) open[model.School[i]] = true;
            }

            for (var i = 0; i < model.People; i++)
            {
                if (page is not null && (page[i] == 0x33 || (page[i] == 0 && !open[model.School[i]]))) continue;
                if (page is not null && Register.UnauthorisedMask(page[i]) == 3)
                {
                    if (run[i]++ == 0) runStart[i] = d;
                    lastDay[i] = d;
                    continue;
                }

                if (run[i] >= options.ContinuousDays)
                {
                    facts.Add((i, new PersonPattern
                    {
                        PersonId = model.Data.PersonId(i),
                        Pattern = "continuous-absence",
                        From = DateOnly.FromDayNumber(model.Days[runStart[i]]),
                        To = DateOnly.FromDayNumber(model.Days[lastDay[i]]),
                        Observed = run[i],
                        Against = "rule",
                        Reason = string.Create(CultureInfo.InvariantCulture, $"{run[i]} continuous school days of unauthorised absence; the school must tell the authority at {options.ContinuousDays}"),
                    }));
                }

                run[i] = 0;
            }
        }
    }

    private static void RepeatMissing(LinkModel model, PatternOptions options, List<(int, PersonPattern)> facts)
    {
        var episodes = model.Data.Episodes;
        for (var from = 0; from < episodes.Count;)
        {
            var to = from;
            while (to < episodes.Count && episodes[to].Person == episodes[from].Person) to++;
            var best = 0;
            var bestStart = from;
            for (int a = from, b = from; a < to; a++)
            {
                while (b < to && episodes[b].Start - episodes[a].Start < options.MissingWindowDays * 1440L) b++;
                if (b - a <= best) continue;
                best = b - a;
                bestStart = a;
            }

            if (best >= options.MissingSpells)
            {
                facts.Add((episodes[from].Person, new PersonPattern
                {
                    PersonId = model.Data.PersonId(episodes[from].Person),
                    Pattern = "repeat-missing",
                    From = Day(episodes[bestStart].Start),
                    To = Day(episodes[bestStart + best - 1].Start),
                    Observed = best,
                    Against = "rule",
                    Reason = string.Create(CultureInfo.InvariantCulture, $"{best} missing spells began within {options.MissingWindowDays} days; {options.MissingSpells} or more are counted"),
                }));
            }

            from = to;
        }

        static DateOnly Day(long minutes) => DateOnly.FromDayNumber((int)(minutes / 1440));
    }
}

/// <summary>Upper tails of the two counting distributions.</summary>
internal static class Tails
{
    public static double PoissonAtLeast(int count, double mean)
    {
        if (count <= 0) return 1;
        if (mean <= 0) return 0;
        double below = 0;
        var term = Math.Exp(-mean);
        for (var k = 0; k < count; k++)
        {
            below += term;
            term *= mean / (k + 1);
        }

        if (below < 0.999999) return Math.Max(0, 1 - below);
        double sum = 0;
        for (var k = count; k < count + 200 && term > 0; k++)
        {
            sum += term;
            term *= mean / (k + 1);
            if (term < sum * 1e-12) break;
        }

        return sum;
    }

    public static double BinomialAtLeast(int count, int trials, double share)
    {
        if (count <= 0) return 1;
        if (share >= 1) return 1;
        if (share <= 0) return 0;
        var logTerm = 0.0;
        for (var k = 0; k < count; k++) logTerm += Math.Log((trials - k) / (double)(count - k));
        logTerm += (count * Math.Log(share)) + ((trials - count) * Math.Log(1 - share));
        var term = Math.Exp(logTerm);
        double sum = 0;
        for (var k = count; k <= trials; k++)
        {
            sum += term;
            term *= (trials - k) / (double)(k + 1) * share / (1 - share);
        }

        return Math.Min(1, sum);
    }
}
