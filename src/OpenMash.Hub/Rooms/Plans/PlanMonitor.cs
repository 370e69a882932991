using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>How one round of a duty stands. Always against the original date.</summary>
public enum DutyState
{
    Due,
    Overdue,
    InTime,
    Late,

    /// <summary>The plan ended before it was due.</summary>
    FellAway,

    /// <summary>A reasoned, approved exception: not done this time.</summary>
    Excused,

    /// <summary>The file that the plan came from does not carry this: we could not look, which is not "late".</summary>
    NotHeld,

    CannotBeCounted,
}

/// <summary>One round of one duty of a plan.</summary>
public sealed record PlanDuty
{
    public required Guid PlanId { get; init; }
    public required PlanMeasure Measure { get; init; }
    public required ClockRule Rule { get; init; }
    public required LocalDate StartedOn { get; init; }
    public required LocalDate? DueOn { get; init; }

    /// <summary>The later date that was approved, beside the original.</summary>
    public LocalDate? RevisedOn { get; init; }

    public required LocalDate? EndedOn { get; init; }
    public required DutyState State { get; init; }

    /// <summary>Runs still: nothing has settled it.</summary>
    public bool IsOpen => EndedOn is null;

    /// <summary>The day on which its outcome was certain: done in time, or the day after it was due.</summary>
    public LocalDate? DecidedOn => State switch
    {
        DutyState.InTime or DutyState.Excused or DutyState.FellAway => EndedOn,
        DutyState.Late or DutyState.Overdue or DutyState.NotHeld => DueOn?.PlusDays(1),
        _ => null,
    };
}

/// <summary>What a plan's clocks and alarms are judged by: facts as they are in the record.</summary>
public sealed class PlanFile
{
    public required Plan Plan { get; init; }
    public List<VisitFact> Visits { get; } = [];
    public List<LocalDate> Reviews { get; } = [];
    public List<MeetingFact> Meetings { get; } = [];
    public List<SupervisionFact> Supervisions { get; } = [];
    public List<LocalDate> Versions { get; } = [];
    public List<DutyException> Exceptions { get; } = [];

    /// <summary>The day from which things are recorded here as they happen.</summary>
    public LocalDate KnownFrom => London.Date(Plan.RecordedAt);

    public bool IsImported => PlanSources.Of(Plan.Source) != PlanSources.Hub;

    public IEnumerable<LocalDate> DaysOf(PlanMeasure measure) => measure.Key switch
    {
        "visits" => Visits.Where(v => v.Meeting != VisitMeeting.NotSeen).Select(v => v.On),
        "reviews" => Reviews,
        "supervision" => Supervisions.Select(s => s.On),
        "updates" => Versions,
        _ => Meetings.Select(m => m.On),
    };
}

public readonly record struct VisitFact(LocalDate On, VisitMeeting Meeting, bool Alone);

public readonly record struct MeetingFact(LocalDate On, bool IsPlanning);

public readonly record struct SupervisionFact(LocalDate On, bool Challenged);

/// <summary>Reads the facts of plans.</summary>
internal static class PlanFiles
{
    /// <summary>Up to so many plans are asked for by name; of more, whole tables are read once.</summary>
    private const int Few = 300;

    public static async Task<IReadOnlyList<PlanFile>> LoadAsync(RecordReader read, IReadOnlyCollection<Plan> plans, CancellationToken ct)
    {
        var files = plans.ToDictionary(p => p.Id, p => new PlanFile { Plan = p });
        if (files.Count == 0) return [];
        var ids = files.Count <= Few ? files.Keys.ToArray() : null;
        foreach (var v in await (from v in read.Of<PlanVisit>() where ids == null || ids.Contains(v.PlanId) select new { v.PlanId, v.On, v.Meeting, v.SeenAlone }).ToListAsync(ct))
            if (files.TryGetValue(v.PlanId, out var f)) f.Visits.Add(new VisitFact(v.On, v.Meeting, v.SeenAlone));
        foreach (var r in await (from r in read.Of<PlanReview>() where ids == null || ids.Contains(r.PlanId) select new { r.PlanId, r.HeldOn }).ToListAsync(ct))
            if (files.TryGetValue(r.PlanId, out var f)) f.Reviews.Add(r.HeldOn);
        foreach (var m in await (from m in read.Of<PlanMeeting>() where ids == null || ids.Contains(m.PlanId) select new { m.PlanId, m.HeldOn, m.IsPlanning }).ToListAsync(ct))
            if (files.TryGetValue(m.PlanId, out var f)) f.Meetings.Add(new MeetingFact(m.HeldOn, m.IsPlanning));
        foreach (var s in await (from s in read.Of<PlanSupervision>() where ids == null || ids.Contains(s.PlanId) select new { s.PlanId, s.On, s.ChallengedLength }).ToListAsync(ct))
            if (files.TryGetValue(s.PlanId, out var f)) f.Supervisions.Add(new SupervisionFact(s.On, s.ChallengedLength));
        foreach (var v in await (from v in read.Of<PlanVersion>() where ids == null || ids.Contains(v.PlanId) select new { v.PlanId, v.MadeOn, v.Number }).ToListAsync(ct))
            if (files.TryGetValue(v.PlanId, out var f)) f.Versions.Add(v.MadeOn);
        foreach (var e in await (from e in read.Of<DutyException>() where ids == null || ids.Contains(e.PlanId) select e).ToListAsync(ct))
            if (files.TryGetValue(e.PlanId, out var f)) f.Exceptions.Add(e);
        foreach (var file in files.Values)
        {
            file.Visits.Sort((a, b) => a.On.CompareTo(b.On));
            file.Reviews.Sort();
            file.Meetings.Sort((a, b) => a.On.CompareTo(b.On));
            file.Supervisions.Sort((a, b) => a.On.CompareTo(b.On));
            file.Versions.Sort();
        }

        return [.. plans.Select(p => files[p.Id])];
    }
}

/// <summary>
/// All duties of plans of every kind, by the clock engine, from the authority's dated rules: what differs between kinds is data. An approved "not this time" ends the
/// round and starts the next, and is told from a fact by its own kind.
/// </summary>
internal sealed class PlanMonitor
{
    private const string Exception = "exception:";
    private readonly DutyMonitor _monitor;
    private readonly PlanKindSettings _settings;
    private readonly FactKind _started, _closed, _visit, _review, _firstReview, _secondReview, _supervision, _updated, _planning;
    private readonly Dictionary<string, FactKind> _meetings;
    private readonly List<Duty> _duties = [];
    private readonly List<DutyFact> _facts = [];

    private PlanMonitor(ClockRuleSet rules, HubCalendar calendar, PlanKindSettings settings)
    {
        _settings = settings;
        var kinds = settings.Kinds.Select(k => k.Rules).ToHashSet(StringComparer.Ordinal);
        _monitor = new DutyMonitor(new ClockRuleSet(rules.Rules.Where(r => kinds.Contains(r.AppliesTo)).Select(WithExceptions)), calendar);
        _started = _monitor.Kind("plan-started");
        _closed = _monitor.Kind("plan-closed");
        _visit = _monitor.Kind("visit");
        _review = _monitor.Kind("review");
        _firstReview = _monitor.Kind("first-review-held");
        _secondReview = _monitor.Kind("second-review-held");
        _supervision = _monitor.Kind("supervision");
        _updated = _monitor.Kind("plan-updated");
        _planning = _monitor.Kind("plan-meeting");
        _meetings = settings.Kinds.Select(k => k.MeetingFact).Distinct(StringComparer.Ordinal).ToDictionary(f => f, f => _monitor.Kind(f), StringComparer.Ordinal);
    }

    public PlanKindSettings Settings => _settings;

    public static async Task<PlanMonitor> OpenAsync(HubSettings settings, LocalDate on) =>
        new(await settings.ClockRulesAsync(on), await settings.CalendarAsync(on), await settings.GetAsync<PlanKindSettings>("plan-kinds", on));

    private static ClockRule WithExceptions(ClockRule rule)
    {
        var own = Exception + rule.Id;
        var goesOn = rule.StartedBy.Any(s => rule.MetBy.Contains(s));
        return rule with { MetBy = [.. rule.MetBy, own], StartedBy = goesOn ? [.. rule.StartedBy, own] : rule.StartedBy };
    }

    /// <summary>Every round of every duty of one plan as it stood on a day, the running ones last.</summary>
    public IReadOnlyList<PlanDuty> Judge(PlanFile file, LocalDate on)
    {
        var kind = _settings.Of(file.Plan.Kind);
        if (kind.Rules.Length == 0 || file.Plan.StartedOn > on) return [];
        var now = London.StartOf(on.PlusDays(1)) - Duration.FromTicks(1);
        _facts.Clear();
        _duties.Clear();
        _facts.Add(At(_started, file.Plan.StartedOn));
        if (file.Plan.EndedOn is { } ended) _facts.Add(At(_closed, ended));
        foreach (var v in file.Visits)
            if (v.Meeting != VisitMeeting.NotSeen) _facts.Add(At(_visit, v.On));
        for (var i = 0; i < file.Reviews.Count; i++)
        {
            _facts.Add(At(_review, file.Reviews[i]));
            if (i == 0) _facts.Add(At(_firstReview, file.Reviews[i]));
            if (i == 1) _facts.Add(At(_secondReview, file.Reviews[i]));
        }

        foreach (var m in file.Meetings)
        {
            _facts.Add(At(_meetings[kind.MeetingFact], m.On));
            if (m.IsPlanning) _facts.Add(At(_planning, m.On));
        }

        foreach (var s in file.Supervisions) _facts.Add(At(_supervision, s.On));
        foreach (var v in file.Versions) _facts.Add(At(_updated, v));
        foreach (var e in file.Exceptions)
            if (e is { Approved: true, Kind: ExceptionKind.NotThisTime, DecidedAt: { } at }) _facts.Add(At(_monitor.Kind(Exception + e.Rule), London.Date(at)));
        _monitor.Judge(kind.Rules, null, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_facts), now, _duties);
        var duties = new List<PlanDuty>(_duties.Count);
        foreach (var duty in _duties)
            if (_settings.MeasureOf(duty.Rule.Id) is { } measure) duties.Add(Make(file, duty, measure, on));
        return duties;
    }

    private static DutyFact At(FactKind kind, LocalDate on) => new(kind, London.StartOf(on));

    private PlanDuty Make(PlanFile file, in Duty duty, PlanMeasure measure, LocalDate on)
    {
        var started = London.Date(duty.Started);
        LocalDate? ended = duty.Ended is { } end ? London.Date(end) : null;
        var rule = duty.Rule;
        var exception = file.Exceptions.LastOrDefault(e => e is { Approved: true, DecidedAt: { } at } && e.Rule == rule.Id && e.RoundStartedOn == started && London.Date(at) <= on);
        var excused = exception is { Kind: ExceptionKind.NotThisTime, DecidedAt: { } decided } && ended == London.Date(decided) && !file.DaysOf(measure).Contains(ended.Value);
        var state = duty.State switch
        {
            ClockState.Due => DutyState.Due,
            ClockState.Overdue => DutyState.Overdue,
            ClockState.MetInTime => excused ? DutyState.Excused : DutyState.InTime,
            ClockState.MetLate => DutyState.Late,
            // A breach that had happened when the plan ended stays one.
            ClockState.NoLongerDue => duty.Breached ? DutyState.Late : DutyState.FellAway,
            _ => DutyState.CannotBeCounted,
        };
        if (state is DutyState.Overdue or DutyState.Late or DutyState.InTime && IsNotHeld(file, measure, started, ended)) state = DutyState.NotHeld;
        return new PlanDuty
        {
            PlanId = file.Plan.Id,
            Measure = measure,
            Rule = rule,
            StartedOn = started,
            DueOn = duty.Due?.Date,
            RevisedOn = exception is { Kind: ExceptionKind.LaterDate } ? exception.NewDueOn : null,
            EndedOn = ended,
            State = state,
        };
    }

    /// <summary>
    /// A file gives a plan's start and, at best, the last visit. The first round of such a plan is not judged by what the file could not say; it runs all the same, and
    /// the next one, from the first fact known here, is judged like any other.
    /// </summary>
    private bool IsNotHeld(PlanFile file, PlanMeasure measure, LocalDate started, LocalDate? ended)
    {
        if (!file.IsImported || started != file.Plan.StartedOn || started >= file.KnownFrom) return false;
        var known = file.KnownFrom;
        return _settings.CarriedBy(PlanSources.Of(file.Plan.Source), file.Plan.Kind, measure.Key) switch
        {
            "all" => false,
            // Only the last is known: whether the rounds before it were kept is not; that there was none at all is.
            "last" => ended is not null && file.DaysOf(measure).Any(d => d <= known),
            _ => !file.DaysOf(measure).Any(d => d < known) || ended is not null,
        };
    }

    /// <summary>One sentence: why it is red. Null where it is not.</summary>
    public string? WhyRed(PlanFile file, PlanDuty duty)
    {
        if (!duty.IsOpen || duty.State is not (DutyState.Overdue or DutyState.NotHeld) || duty.DueOn is not { } due) return null;
        var noun = duty.Measure.Noun;
        LocalDate? last = file.DaysOf(duty.Measure).Where(d => d >= file.Plan.StartedOn).Select(d => (LocalDate?)d).Max();
        var limit = $"{duty.Rule.Limit} {Platform.Furniture.Words.FromPropertyName(duty.Rule.Unit.ToString()).ToLowerInvariant()}";
        var since = last is { } day
            ? $"The last {noun} was on {PlanDesk.Day(day)}; the next was due by {PlanDesk.Day(due)}, {limit} later."
            : $"No {noun} is recorded since the plan started on {PlanDesk.Day(file.Plan.StartedOn)}; one was due by {PlanDesk.Day(due)}.";
        if (duty.State == DutyState.NotHeld) since += $" The file that this plan came from does not carry {duty.Measure.Label.ToLowerInvariant()}: it may have happened and is not held here.";
        if (duty.RevisedOn is { } revised) since += $" A later date, {PlanDesk.Day(revised)}, was approved; the original counts.";
        var attempts = duty.Measure.Key == "visits" ? file.Visits.Count(v => v.Meeting == VisitMeeting.NotSeen && v.On > (last ?? duty.StartedOn)) : 0;
        if (attempts > 0) since += attempts == 1 ? " One attempt since: the child was not seen." : $" {attempts} attempts since: the child was not seen.";
        return since;
    }
}
