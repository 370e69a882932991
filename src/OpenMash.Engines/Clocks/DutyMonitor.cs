using System.Buffers;
using System.Runtime.InteropServices;
using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>A kind of fact, numbered by the <see cref="DutyMonitor"/> that gave it.</summary>
/// <param name="Number">The number; meaningless to another monitor.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FactKind(int Number);

/// <summary>Something that happened to a plan, contact or other thing with duties.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When; a fact known only by date stands at the start of its London day.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DutyFact(FactKind Kind, Instant At);

/// <summary>One round of one duty: from the fact that started it to the fact that ended it, judged against its original due moment.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Duty
{
    private const long Running = long.MinValue;
    private readonly long started;
    private readonly long due;
    private readonly long ended;

    // Times are Unix ticks: a whole history is millions of these. A due day is its day number.
    internal Duty(ClockRule rule, long started, long due, long? ended, ClockState state, bool breached)
    {
        Rule = rule;
        this.started = started;
        this.due = due;
        this.ended = ended ?? Running;
        State = state;
        Breached = breached;
    }

    /// <summary>The version of the rule it is judged by: the one in force on the day it started.</summary>
    public ClockRule Rule { get; }

    /// <summary>When it started, to 100 nanoseconds.</summary>
    public Instant Started => Instant.FromUnixTimeTicks(started);

    /// <summary>When it is or was due; null if that cannot be counted.</summary>
    public DueMoment? Due => State == ClockState.CannotBeCounted ? null
        : Rule.Unit.GivesTime() ? DueMoment.At(Instant.FromUnixTimeTicks(due)) : DueMoment.OnDay(DayIndex.FromDayNumber((int)due));

    /// <summary>When it was met or fell away, to 100 nanoseconds; null while it runs.</summary>
    public Instant? Ended => ended == Running ? null : Instant.FromUnixTimeTicks(ended);

    /// <summary>How it stands.</summary>
    public ClockState State { get; }

    /// <summary>Whether the original due moment was missed.</summary>
    public bool Breached { get; }
}

/// <summary>
/// Derives every duty of a thing from what happened to it, by the rules of its kind: a starting fact opens a round, a meeting fact
/// closes it in time or late and may open the next, an ending fact ends it. While a round runs nothing restarts it. Made once for a
/// set of rules and a calendar, then used for any number of plans; safe to use from several threads.
/// </summary>
/// <remarks>
/// A kind that both meets and starts (a visit) opens a round by itself only where nothing else in the rule can: a visit before the
/// plan began, or after it closed, starts no clock. For limits in days all facts of one London day count as simultaneous, starts
/// first, endings last. Extensions are not looked at, since performance is measured against the original date; to show one, give
/// <see cref="Clock.Judge"/> the round's start and its extensions.
/// </remarks>
public sealed class DutyMonitor
{
    private const byte Starts = 1;
    private const byte Meets = 2;
    private const byte Ends = 4;
    private readonly HubCalendar calendar;
    private readonly Dictionary<string, FactKind> kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<(string AppliesTo, string? Variant), Programme> programmes = [];

    /// <summary>A monitor of the rules, counting by the calendar.</summary>
    public DutyMonitor(ClockRuleSet rules, HubCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(calendar);
        this.calendar = calendar;
        foreach (var name in rules.Rules.SelectMany(r => r.StartedBy.Concat(r.MetBy).Concat(r.EndedBy)))
            kinds.TryAdd(name, new FactKind(kinds.Count));
        foreach (var group in rules.Rules.GroupBy(r => r.AppliesTo, StringComparer.Ordinal))
        {
            foreach (var variant in group.Select(r => r.Variant).Append(null).Distinct(StringComparer.Ordinal))
                programmes[(group.Key, variant)] = new Programme(group.Where(r => r.Variant is null || r.Variant == variant), kinds);
        }
    }

    /// <summary>The number of a kind of fact by its name in the rules; one that no rule mentions is counted by none.</summary>
    public FactKind Kind(string name) => kinds.TryGetValue(name, out var kind) ? kind : new FactKind(kinds.Count);

    /// <summary>
    /// Adds every duty of one thing to <paramref name="into"/>: those that ended in order of ending, then those that run in order of
    /// the rule's id. Facts in any order; those after <paramref name="now"/> are not known yet.
    /// </summary>
    /// <param name="appliesTo">The kind of thing, as in the rules; one without rules has no duties.</param>
    /// <param name="variant">Its variant; rules of other variants do not apply.</param>
    /// <param name="facts">What happened to it.</param>
    /// <param name="now">The moment of judgement.</param>
    /// <param name="into">Receives the duties; not cleared.</param>
    public void Judge(string appliesTo, string? variant, ReadOnlySpan<DutyFact> facts, Instant now, List<Duty> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (!programmes.TryGetValue((appliesTo, variant), out var programme) && !programmes.TryGetValue((appliesTo, null), out programme))
            return;
        var entryBuffer = ArrayPool<Entry>.Shared.Rent(facts.Length);
        var roundBuffer = ArrayPool<Round>.Shared.Rent(programme.Rules.Length);
        try
        {
            var rounds = roundBuffer.AsSpan(0, programme.Rules.Length);
            rounds.Clear();
            var entries = Order(programme, facts, now, entryBuffer);
            var moment = new Moment(now.ToUnixTimeTicks(), London.DayNumber(now));
            for (var i = 0; i < entries.Length;)
            {
                var end = i + 1;
                while (end < entries.Length && entries[end].Day == entries[i].Day)
                    end++;
                if (end == i + 1)
                {
                    foreach (var rule in programme.Concerned[entries[i].Kind])
                        Step(programme.Rules[rule], entries[i], ref rounds[rule], Starts | Meets | Ends, moment, into);
                }
                else
                {
                    OneDay(programme, entries[i..end], rounds, moment, into);
                }

                i = end;
            }

            for (var rule = 0; rule < rounds.Length; rule++)
            {
                if (rounds[rule].Running)
                    into.Add(Judged(programme.Rules[rule], rounds[rule], null, met: false, moment));
            }
        }
        finally
        {
            ArrayPool<Entry>.Shared.Return(entryBuffer);
            ArrayPool<Round>.Shared.Return(roundBuffer);
        }
    }

    private static ReadOnlySpan<Entry> Order(Programme programme, ReadOnlySpan<DutyFact> facts, Instant now, Entry[] buffer)
    {
        var count = 0;
        var sorted = true;
        var last = now.ToUnixTimeTicks();
        var (from, to, offset) = (0L, 0L, 0L);
        foreach (ref readonly var fact in facts)
        {
            var at = fact.At.ToUnixTimeTicks();
            if (at > last || (uint)fact.Kind.Number >= (uint)programme.Concerned.Length || programme.Concerned[fact.Kind.Number].Length == 0)
                continue;
            // Facts mostly come in order, so the offset from UTC is looked up only when a clock change lies between.
            if (at < from || at >= to)
            {
                var interval = London.Zone.GetZoneInterval(fact.At);
                from = interval.HasStart ? interval.Start.ToUnixTimeTicks() : long.MinValue;
                to = interval.HasEnd ? interval.End.ToUnixTimeTicks() : long.MaxValue;
                offset = interval.WallOffset.Ticks;
            }

            sorted &= count == 0 || buffer[count - 1].At <= at;
            buffer[count++] = new Entry(at, London.DayOfTicks(at + offset), fact.Kind.Number);
        }

        var entries = buffer.AsSpan(0, count);
        if (!sorted)
            entries.Sort(static (a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Kind.CompareTo(b.Kind));
        return entries;
    }

    // Limits in days see the facts of a day as simultaneous, limits in hours those of an instant: starts first, endings last.
    private void OneDay(Programme programme, ReadOnlySpan<Entry> day, Span<Round> rounds, Moment moment, List<Duty> into)
    {
        for (var rule = 0; rule < programme.Rules.Length; rule++)
        {
            var versions = programme.Rules[rule];
            var byDay = versions[0].ByDay;
            for (var i = 0; i < day.Length;)
            {
                var end = i + 1;
                while (end < day.Length && (byDay || day[end].At == day[i].At))
                    end++;
                foreach (var phase in (ReadOnlySpan<byte>)[Starts, Meets, Ends])
                {
                    for (var j = i; j < end; j++)
                        Step(versions, day[j], ref rounds[rule], phase, moment, into);
                }

                i = end;
            }
        }
    }

    private void Step(Version[] versions, in Entry entry, ref Round round, int phase, Moment moment, List<Duty> into)
    {
        if (round.Running)
        {
            var open = versions[round.Version];
            var role = open.Role(entry.Kind);
            if ((role & Meets & phase) != 0)
            {
                // Two visits on one day are one visit.
                if (open.ByDay && round.StartedByMeeting && round.StartDay == entry.Day)
                    return;
                into.Add(Judged(versions, round, entry, met: true, moment));
                round.Running = false;
                if ((role & Starts) != 0 && InForce(versions, entry.Day) is { } next)
                    round = new Round(next, entry, byMeeting: true);
            }
            else if ((role & Ends & phase) != 0)
            {
                into.Add(Judged(versions, round, entry, met: false, moment));
                round.Running = false;
                round.Over = true;
            }
        }
        else if (InForce(versions, entry.Day) is { } index)
        {
            var version = versions[index];
            var role = version.Role(entry.Kind);
            if ((role & Starts) != 0)
            {
                var meets = (role & Meets) != 0;
                if (meets ? version.OnlyMeetingsStart && !round.Over && (phase & Meets) != 0 : (phase & Starts) != 0)
                    round = new Round(index, entry, meets);
            }
            else if ((role & Ends & phase) != 0)
            {
                round.Over = true;
            }
        }
    }

    private static int? InForce(Version[] versions, int day)
    {
        for (var i = 0; i < versions.Length; i++)
        {
            if (versions[i].IsValidOn(day))
                return i;
        }

        return null;
    }

    private Duty Judged(Version[] versions, in Round round, Entry? end, bool met, Moment moment)
    {
        var version = versions[round.Version];
        var rule = version.Rule;
        if ((version.ByDay ? DueDay(rule, round.StartDay) : DueTime(rule, round.Started)) is not { } due)
            return new Duty(rule, round.Started, 0, end?.At, ClockState.CannotBeCounted, breached: false);
        var judgedAt = version.ByDay ? end?.Day ?? moment.Day : end?.At ?? moment.Ticks;
        var breached = judgedAt > due;
        var state = met ? (breached ? ClockState.MetLate : ClockState.MetInTime)
            : end is not null ? ClockState.NoLongerDue
            : breached ? ClockState.Overdue : ClockState.Due;
        return new Duty(rule, round.Started, due, end?.At, state, breached);
    }

    private long? DueDay(ClockRule rule, int start)
    {
        switch (rule.Unit)
        {
            case ClockUnit.WorkingDays:
                return calendar.Working.Index.Covers(start) ? calendar.Working.Index.Add(start, rule.Limit, rule.FirstDayCounts) : null;
            case ClockUnit.SchoolDays:
                return calendar.School?.Covers(start) == true ? calendar.School.Add(start, rule.Limit, rule.FirstDayCounts) : null;
            case ClockUnit.CalendarDays when rule.Limit < PlainDays:
                return start + rule.Limit - (rule.FirstDayCounts ? 1 : 0);
            case ClockUnit.Weeks when rule.Limit < PlainDays:
                return start + (7 * rule.Limit) - (rule.FirstDayCounts ? 1 : 0);
            default:
                try
                {
                    return DayIndex.DayNumber(calendar.DueDate(DayIndex.FromDayNumber(start), rule.Limit, rule.Unit, rule.FirstDayCounts));
                }
                catch (ClockRefusedException)
                {
                    return null;
                }
        }
    }

    private long? DueTime(ClockRule rule, long start)
    {
        try
        {
            return calendar.Due(Instant.FromUnixTimeTicks(start), rule.Limit, rule.Unit).Deadline.ToUnixTimeTicks();
        }
        catch (ClockRefusedException)
        {
            return null;
        }
    }

    // Below this many days or weeks no date of our time leaves the range of dates.
    private const int PlainDays = 10_000;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(long At, int Day, int Kind);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Moment(long Ticks, int Day);

    [StructLayout(LayoutKind.Auto)]
    private struct Round
    {
        public readonly long Started;
        public readonly int StartDay;
        public readonly int Version;
        public readonly bool StartedByMeeting;
        public bool Running;
        public bool Over;

        public Round(int version, in Entry entry, bool byMeeting)
        {
            Started = entry.At;
            StartDay = entry.Day;
            Version = version;
            StartedByMeeting = byMeeting;
            Running = true;
        }
    }

    /// <summary>The rules of one kind of thing, each with its versions, and which of them each kind of fact concerns.</summary>
    private sealed class Programme
    {
        public Programme(IEnumerable<ClockRule> rules, Dictionary<string, FactKind> kinds)
        {
            Rules =
            [
                .. rules.GroupBy(r => r.Id, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => g.Select(r => new Version(r, kinds)).ToArray()),
            ];
            Concerned = new int[kinds.Count][];
            for (var kind = 0; kind < Concerned.Length; kind++)
                Concerned[kind] = [.. Enumerable.Range(0, Rules.Length).Where(i => Rules[i].Any(v => v.Role(kind) != 0))];
        }

        public Version[][] Rules { get; }

        public int[][] Concerned { get; }
    }

    private sealed class Version
    {
        private readonly byte[] roles;
        private readonly int validFrom;
        private readonly int validTo;

        public Version(ClockRule rule, Dictionary<string, FactKind> kinds)
        {
            Rule = rule;
            ByDay = !rule.Unit.GivesTime();
            validFrom = DayIndex.DayNumber(rule.ValidFrom);
            validTo = rule.ValidTo is { } to ? DayIndex.DayNumber(to) : int.MaxValue;
            OnlyMeetingsStart = rule.StartedBy.All(rule.MetBy.Contains);
            roles = new byte[kinds.Count];
            foreach (var name in rule.StartedBy)
                roles[kinds[name].Number] |= Starts;
            foreach (var name in rule.MetBy)
                roles[kinds[name].Number] |= Meets;
            foreach (var name in rule.EndedBy)
                roles[kinds[name].Number] |= Ends;
        }

        public ClockRule Rule { get; }

        public bool ByDay { get; }

        public bool OnlyMeetingsStart { get; }

        public byte Role(int kind) => roles[kind];

        public bool IsValidOn(int day) => day >= validFrom && day <= validTo;
    }
}
