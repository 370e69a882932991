using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>How much of the monitoring picture a viewer has (practice rule 20).</summary>
public enum MonitoringFace
{
    None,

    /// <summary>Leaders, councillors and partner systems: the authority's figures with small numbers withheld; no teams, no workers, no rows.</summary>
    Suppressed,

    /// <summary>Analysts and auditors: figures of the authority and its teams; no workers, no rows.</summary>
    Figures,

    /// <summary>Those who read plans: the rows too; workers for themselves and their managers.</summary>
    Rows,
}

/// <summary>Which part of the picture is asked for.</summary>
public sealed record MonitoringFilter(Guid? TeamId = null, Guid? WorkerId = null, int Months = 3)
{
    public const int MostMonths = 12;
}

/// <summary>One round of a duty with the plan it belongs to.</summary>
public sealed record MonitoredDuty(Plan Plan, PlanDuty Duty);

/// <summary>How the rounds of some duties ended in a period. In time = of those that were done or became overdue in it, or were overdue at its start.</summary>
public sealed record MonitoringCell(int InTime, int Late, int Overdue, int Excused, int NotHeld, bool Withheld = false)
{
    public int N => InTime + Late + Overdue;

    /// <summary>Whole per cent; null where nothing was due or the figure is withheld.</summary>
    public int? Percent => N == 0 || Withheld ? null : (int)Math.Round(100.0 * InTime / N, MidpointRounding.AwayFromZero);
}

/// <summary>Open plans and alarms of one kind.</summary>
public sealed record MonitoringAlarms(int OpenPlans, int OpenAlarms, double? MedianDaysUnread, bool Withheld = false)
{
    public int? Per100 => OpenPlans == 0 || Withheld ? null : (int)Math.Round(100.0 * OpenAlarms / OpenPlans, MidpointRounding.AwayFromZero);
}

/// <summary>The rows of the period and every figure made from them. A figure is the count of exactly the rows that its list shows.</summary>
public sealed class MonitoringPicture
{
    internal MonitoringPicture(MonitoringFace face, PlanKindSettings settings, LocalDate from, LocalDate to, IReadOnlyList<MonitoredDuty> duties, IReadOnlyList<Plan> open, IReadOnlyList<PlanAlarm> alarms)
    {
        (Face, Settings, From, To, All, Open, Alarms) = (face, settings, from, to, duties, open, alarms);
        var there = open.Select(p => p.Kind).Concat(duties.Select(d => d.Plan.Kind)).ToHashSet(StringComparer.Ordinal);
        Kinds = [.. settings.Kinds.Where(k => !k.Further || there.Contains(k.Code)), .. there.Where(c => settings.Find(c) is null).Order(StringComparer.Ordinal).Select(settings.Of)];
    }

    public MonitoringFace Face { get; }

    public PlanKindSettings Settings { get; }

    /// <summary>First day that counts.</summary>
    public LocalDate From { get; }

    public LocalDate To { get; }

    /// <summary>The five kinds that stand side by side, and any other there is.</summary>
    public IReadOnlyList<PlanKindSetting> Kinds { get; }

    public IReadOnlyList<Plan> Open { get; }

    internal IReadOnlyList<MonitoredDuty> All { get; }

    internal IReadOnlyList<PlanAlarm> Alarms { get; }

    /// <summary>The rows behind a figure: of a kind and a measure, those that count in the period; of a state, those that stood so at its end.</summary>
    public IEnumerable<MonitoredDuty> Rows(string kind, string measure, DutyState? state = null) => Rows(kind, measure, From, To, state);

    public MonitoringCell Cell(string kind, string measure) => Cell(Rows(kind, measure), To);

    /// <summary>The figure as it stood so many months ago, over a period of the same length.</summary>
    public MonitoringCell CellBefore(string kind, string measure, int monthsAgo) =>
        Cell(Rows(kind, measure, From.PlusMonths(-monthsAgo), To.PlusMonths(-monthsAgo), null), To.PlusMonths(-monthsAgo));

    /// <summary>One month's figure, for the trend.</summary>
    public MonitoringCell CellOf(string kind, string measure, LocalDate firstOfMonth)
    {
        var end = firstOfMonth.PlusMonths(1).PlusDays(-1);
        if (end > To) end = To;
        return Cell(Rows(kind, measure, firstOfMonth, end, null), end);
    }

    /// <summary>The figure of a team's or a worker's plans.</summary>
    public MonitoringCell CellOf(string kind, string measure, Func<Plan, bool> whose) => Cell(Rows(kind, measure).Where(r => whose(r.Plan)), To);

    /// <summary>Percentage points by which the one kind lags behind the other; null where either figure is missing or withheld.</summary>
    public int? Gap(string measure) => Cell(Settings.Gap.To, measure).Percent - Cell(Settings.Gap.From, measure).Percent;

    public int? GapBefore(string measure, int monthsAgo) => CellBefore(Settings.Gap.To, measure, monthsAgo).Percent - CellBefore(Settings.Gap.From, measure, monthsAgo).Percent;

    public IEnumerable<PlanAlarm> AlarmRows(string kind)
    {
        var plans = Open.Where(p => p.Kind == kind).Select(p => p.Id).ToHashSet();
        return Alarms.Where(a => a.ClosedAt is null && plans.Contains(a.PlanId));
    }

    public MonitoringAlarms AlarmsOf(string kind, Instant now)
    {
        var plans = Open.Count(p => p.Kind == kind);
        var open = AlarmRows(kind).ToList();
        var days = open.Select(a => ((a.SeenAt ?? now) - a.RaisedAt).TotalDays).Order().ToArray();
        double? median = days.Length == 0 ? null : days.Length % 2 == 1 ? days[days.Length / 2] : (days[(days.Length / 2) - 1] + days[days.Length / 2]) / 2;
        return new MonitoringAlarms(plans, open.Count, median is { } m ? Math.Round(m, 1) : null, Face == MonitoringFace.Suppressed && (Small(plans) || Small(open.Count)));
    }

    private IEnumerable<MonitoredDuty> Rows(string kind, string measure, LocalDate from, LocalDate to, DutyState? state) =>
        All.Where(r => r.Plan.Kind == kind && r.Duty.Measure.Key == measure && Counts(r.Duty, from, to) && (state is null || StateAt(r.Duty, to) == state));

    private static bool Counts(PlanDuty duty, LocalDate from, LocalDate to)
    {
        if (duty.State == DutyState.FellAway || duty.DecidedOn is not { } decided || decided > to) return false;
        if (decided >= from) return true;
        // What was overdue before the period and nobody had settled when it began is overdue in it: leaving a visit long enough may not drop it from the figure.
        return duty.State is DutyState.Overdue or DutyState.Late or DutyState.NotHeld && (duty.EndedOn is not { } ended || ended >= from);
    }

    private static DutyState StateAt(PlanDuty duty, LocalDate on) => duty.State == DutyState.Late && duty.EndedOn > on ? DutyState.Overdue : duty.State;

    private MonitoringCell Cell(IEnumerable<MonitoredDuty> rows, LocalDate on)
    {
        var states = rows.CountBy(r => StateAt(r.Duty, on)).ToDictionary();
        int Of(DutyState state) => states.GetValueOrDefault(state);
        var cell = new MonitoringCell(Of(DutyState.InTime), Of(DutyState.Late), Of(DutyState.Overdue), Of(DutyState.Excused), Of(DutyState.NotHeld));
        // Primary: one to five on either side of the share. Secondary: the parts of a withheld figure are withheld with it, and no totals across kinds are shown.
        return Face == MonitoringFace.Suppressed && (Small(cell.InTime) || Small(cell.Late + cell.Overdue) || Small(cell.Excused) || Small(cell.NotHeld)) ? cell with { Withheld = true } : cell;
    }

    private static bool Small(int count) => count is > 0 and < 6;
}

/// <summary>Makes the picture for a viewer: from the plans that they may read, or, for those who get figures only, from all but those whose existence is secret.</summary>
internal sealed class MonitoringReader(RecordReader read, HubSettings settings)
{
    private const int MonthsBack = 15;

    public static MonitoringFace FaceOf(Viewer viewer) =>
        viewer.Kind == ViewerKind.Client ? MonitoringFace.Suppressed
        : viewer.Kind != ViewerKind.Person || !viewer.IsHub ? MonitoringFace.None
        : PlanAccess.Reads(viewer) ? MonitoringFace.Rows
        : viewer.Has(Roles.PerformanceAnalyst | Roles.Auditor) ? MonitoringFace.Figures
        : viewer.Has(Roles.Leader) ? MonitoringFace.Suppressed
        : MonitoringFace.None;

    public async Task<MonitoringPicture> ReadAsync(Viewer viewer, MonitoringFilter filter, CancellationToken ct)
    {
        var face = FaceOf(viewer);
        var today = London.Date(read.Now);
        var monitor = await PlanMonitor.OpenAsync(settings, today);
        var months = Math.Clamp(filter.Months, 1, MonitoringFilter.MostMonths);
        var (from, since) = (today.PlusMonths(-months).PlusDays(1), today.PlusMonths(-MonthsBack));
        var query = Plans(viewer, face).Where(p => p.EndedOn == null || p.EndedOn > since);
        if (filter.TeamId is { } team && face != MonitoringFace.Suppressed) query = query.Where(p => p.TeamId == team);
        if (filter.WorkerId is { } worker && face == MonitoringFace.Rows) query = query.Where(p => p.WorkerId == worker);
        var plans = face == MonitoringFace.None ? [] : await query.ToListAsync(ct);
        var duties = new List<MonitoredDuty>(plans.Count * 8);
        foreach (var file in await PlanFiles.LoadAsync(read, plans, ct))
            foreach (var duty in monitor.Judge(file, today)) duties.Add(new MonitoredDuty(file.Plan, duty));
        List<Plan> open = [.. plans.Where(p => p.EndedOn is null && p.StartedOn <= today)];
        var ids = open.Select(p => p.Id).ToHashSet();
        var alarms = (await read.Of<PlanAlarm>().Where(a => a.ClosedAt == null).ToListAsync(ct)).Where(a => ids.Contains(a.PlanId)).ToList();
        return new MonitoringPicture(face, monitor.Settings, from, today, duties, open, alarms);
    }

    /// <summary>Which plans a viewer's figures are made of.</summary>
    private IQueryable<Plan> Plans(Viewer viewer, MonitoringFace face)
    {
        if (face == MonitoringFace.Rows) return read.Visible<Plan>(viewer);
        var secret = read.Of<Seal>().Where(s => s.EndedAt == null && s.SecretExistence).Select(s => s.SubjectId);
        return read.Of<Plan>().Where(p => !secret.Contains(p.PersonId));
    }

    /// <summary>The teams of the authority, by name.</summary>
    public Task<List<PlanTeam>> TeamsAsync(CancellationToken ct) => read.Of<PlanTeam>().Where(t => t.ClosedOn == null).OrderBy(t => t.Name).ToListAsync(ct);

    /// <summary>Whose own figures this viewer may have: their own, and those of the teams they manage; the hub's manager everyone's. For support, never for ranking.</summary>
    public static bool SeesWorker(Viewer viewer, Guid worker, Guid? teamId, IReadOnlyCollection<PlanTeam> teams) =>
        viewer.AccountId == worker || viewer.Has(Roles.HubManager) || (viewer.Has(Roles.TeamManager) && teams.Any(t => t.Id == teamId && t.ManagerId == viewer.AccountId));
}
