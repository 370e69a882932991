using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>Judges one clock from its facts. Pure: the same rule, facts, calendar and moment always give the same judgement.</summary>
public static class Clock
{
    /// <summary>
    /// How a clock stands at <paramref name="now"/>, from the facts that had happened by then, in any order. A clock whose due moment
    /// cannot be counted is <see cref="ClockState.CannotBeCounted"/> with the refusal's words; nothing is thrown, so that one bad
    /// date does not hide a list.
    /// </summary>
    public static ClockJudgement Judge(ClockRule rule, IEnumerable<ClockFact> facts, HubCalendar calendar, Instant now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(calendar);
        var known = facts.Where(f => f.At <= now).ToArray();
        Instant? first = null;
        foreach (var start in known.OfType<ClockStarted>())
            first = first is { } f ? Instant.Min(f, start.At) : start.At;
        if (first is not { } started)
            return new ClockJudgement { Rule = rule, State = ClockState.NotStarted };

        try
        {
            return JudgeStarted(rule, known, calendar, now, started);
        }
        catch (ClockRefusedException e)
        {
            return new ClockJudgement { Rule = rule, State = ClockState.CannotBeCounted, Started = started, Problem = e.Message };
        }
    }

    /// <summary>
    /// Why an extension would not count under the rule, in words to show; null when it would. <paramref name="earlier"/> is how many
    /// extensions already count.
    /// </summary>
    /// <exception cref="ClockRefusedException">The furthest allowed moment cannot be counted.</exception>
    public static string? CheckExtension(ClockRule rule, DueMoment original, DueMoment newDue, int earlier, HubCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(calendar);
        if (rule.Extension is not { } allowed)
            return $"\"{rule.Name}\" may not be extended ({rule.Source})";
        if (earlier >= allowed.Times)
            return $"\"{rule.Name}\" may be extended {allowed.Times} time(s), and has been";
        if (allowed.UpTo is { } upTo)
        {
            var furthest = original.Time is { } time
                ? calendar.Due(time, upTo, rule.Unit)
                : DueMoment.OnDay(calendar.DueDate(original.Date, upTo, rule.Unit));
            if (newDue.Deadline > furthest.Deadline)
                return $"\"{rule.Name}\" may be extended to {furthest} at the latest, not to {newDue}";
        }

        return null;
    }

    private static ClockJudgement JudgeStarted(ClockRule rule, ClockFact[] known, HubCalendar calendar, Instant now, Instant started)
    {
        var due = calendar.Due(started, rule.Limit, rule.Unit, rule.FirstDayCounts);
        List<string>? ignored = null;

        // A duty in days may be met by a fact known only by its date, so the start's whole day counts as after the start.
        var earliest = rule.Unit.GivesTime() ? started : London.StartOf(London.Date(started));
        Instant? met = null;
        ClockNoLongerDue? fell = null;
        foreach (var fact in known)
        {
            switch (fact)
            {
                case ClockMet m when m.At < earliest:
                    (ignored ??= []).Add($"Met at {London.At(m.At):uuuu-MM-dd HH:mm}, before the clock started");
                    break;
                case ClockMet m:
                    met = met is { } other ? Instant.Min(other, m.At) : m.At;
                    break;
                case ClockNoLongerDue n when fell is null || n.At < fell.At || (n.At == fell.At && string.CompareOrdinal(n.Reason, fell.Reason) < 0):
                    fell = n;
                    break;
            }
        }

        // What happened first ends the clock; done wins over fallen away at the same moment.
        if (met is { } done && fell is not null && fell.At < done)
            met = null;
        else if (met is not null)
            fell = null;
        var ended = met ?? (fell is null ? null : Instant.Max(fell.At, started));

        DueMoment? revised = null;
        string? reason = null;
        string? approver = null;
        var extensions = known.OfType<ClockExtended>()
            .OrderBy(e => e.At).ThenBy(e => e.NewDue.Deadline).ThenBy(e => e.Reason, StringComparer.Ordinal).ThenBy(e => e.Approver, StringComparer.Ordinal);
        var counted = 0;
        foreach (var extension in extensions)
        {
            var refusal = extension.At > ended
                ? "the duty had ended"
                : CheckExtension(rule, due, extension.NewDue, counted, calendar);
            if (refusal is not null)
            {
                (ignored ??= []).Add($"Extension to {extension.NewDue} by {extension.Approver}: {refusal}");
                continue;
            }

            counted++;
            revised = extension.NewDue;
            reason = extension.Reason;
            approver = extension.Approver;
        }

        ignored?.Sort(StringComparer.Ordinal);
        var breached = due.IsMissedBy(ended ?? now);
        return new ClockJudgement
        {
            Rule = rule,
            Started = started,
            Due = due,
            RevisedDue = revised,
            Ended = ended,
            State = fell is not null ? ClockState.NoLongerDue
                : met is not null ? (breached ? ClockState.MetLate : ClockState.MetInTime)
                : breached ? ClockState.Overdue : ClockState.Due,
            Reason = fell?.Reason ?? reason,
            Approver = approver,
            Breached = breached,
            RevisedBreached = revised?.IsMissedBy(ended ?? now) ?? false,
            Remaining = ended is null ? Left(calendar, due, rule.Unit, now) : null,
            Ignored = ignored is null ? [] : ignored,
        };
    }

    // A clock that ran out in a year the calendar knows is still overdue when today lies beyond it.
    private static Remaining? Left(HubCalendar calendar, DueMoment due, ClockUnit unit, Instant now)
    {
        try
        {
            return calendar.Left(due, unit, now);
        }
        catch (ClockRefusedException)
        {
            return new Remaining(ClockUnit.CalendarDays, due.Deadline - now, null, Period.DaysBetween(London.Date(now), due.Date), due.IsMissedBy(now));
        }
    }
}
