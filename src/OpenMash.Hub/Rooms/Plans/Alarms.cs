using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>A sign of drift that is true now.</summary>
internal sealed record AlarmSeen(string Rule, string Anchor, string Saw);

/// <summary>Everything that the rules of drift look at in one plan.</summary>
internal sealed record DriftFile
{
    public required PlanFile File { get; init; }
    public required IReadOnlyList<PlanDuty> Duties { get; init; }
    public required Person? Child { get; init; }
    public IReadOnlyList<PlanAction> Actions { get; init; } = [];
    public IReadOnlyList<ReviewMove> Moves { get; init; } = [];
    public IReadOnlyList<PlanAllocation> Hands { get; init; } = [];
    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    /// <summary>Whether any outcome of the latest version says how anyone would know; null where no version was written here.</summary>
    public bool? Measurable { get; init; }

    /// <summary>Days on which a red or amber contact about the child came, or a section 47 enquiry started.</summary>
    public IReadOnlyList<LocalDate> Incidents { get; init; } = [];
}

/// <summary>The rules of drift: the same for every kind of plan, over facts. Numbers are settings.</summary>
internal static class DriftRules
{
    public static IEnumerable<AlarmSeen> Of(DriftFile drift, PlanKindSetting kind, AlarmSettings settings, LocalDate today)
    {
        var plan = drift.File.Plan;
        foreach (var rule in settings.Rules)
        {
            var saw = plan.EndedOn is null || rule.Key == "early-step-down" ? Saw(rule, drift, kind, today) : null;
            if (saw is not null) yield return new AlarmSeen(rule.Key, rule.Anchor, saw);
        }
    }

    private static string? Saw(AlarmRule rule, DriftFile drift, PlanKindSetting kind, LocalDate today)
    {
        var (file, plan) = (drift.File, drift.File.Plan);
        switch (rule.Key)
        {
            case "visit-overdue":
                return Overdue(drift, "visits") is { } visit ? $"A visit was due by {PlanDesk.Day(visit.DueOn!.Value)} and is not recorded." : null;
            case "no-management-note":
                return Overdue(drift, "supervision") is { } note ? $"Supervision was due by {PlanDesk.Day(note.DueOn!.Value)}; there is no management note." : null;
            case "missed-meeting":
                return Overdue(drift, "meetings") is { } meeting ? $"{kind.Meeting}: due by {PlanDesk.Day(meeting.DueOn!.Value)}, none is recorded." : null;
            case "not-alone":
                var last = file.Visits.Where(v => v.Meeting == VisitMeeting.Seen).TakeLast(rule.Times).ToArray();
                if (last.Length < rule.Times || last.Any(v => v.Alone) || drift.Child?.BirthDate is not { } born || born.PlusYears(rule.FromAge) > today) return null;
                return $"At the last {rule.Times} visits, {string.Join(" and ", last.Select(v => PlanDesk.Day(v.On)))}, the child was not seen alone.";
            case "actions-through-reviews":
                if (file.Reviews.Count < rule.Times) return null;
                var before = file.Reviews[^rule.Times];
                var through = drift.Actions.Count(a => a.DoneOn is null && a.DroppedOn is null && a.AddedOn < before);
                return through == 0 ? null : $"{Platform.Furniture.Words.Count(through, "action is", "actions are")} open through the last {rule.Times} reviews.";
            case "review-moved":
                var moves = drift.Moves.Count(m => m.From is not null && London.Date(m.RecordedAt) >= (file.Reviews.Count == 0 ? plan.StartedOn : file.Reviews[^1]));
                return moves >= rule.Times ? $"The next review was moved {moves} times." : null;
            case "silent":
                var latest = new[] { file.Visits.Select(v => v.On), file.Reviews, file.Meetings.Select(m => m.On), file.Supervisions.Select(s => s.On), file.Versions }
                    .SelectMany(d => d).Append(plan.StartedOn).Append(file.IsImported ? file.KnownFrom : plan.StartedOn).Max();
                return latest.PlusWeeks(rule.Weeks) < today ? $"Nothing is recorded on this plan since {PlanDesk.Day(latest)}." : null;
            case "over-length":
                var months = drift.Child?.Disabilities.Any(d => d != "NONE") == true && kind.ExpectedMonthsDisability > 0 ? kind.ExpectedMonthsDisability : kind.ExpectedMonths;
                if (months == 0 || plan.StartedOn.PlusMonths(months) >= today) return null;
                return file.Supervisions.Any(s => s.Challenged && s.On > today.PlusMonths(-rule.Months))
                    ? null
                    : $"It runs since {PlanDesk.Day(plan.StartedOn)}; {months} months were expected, and nobody has asked in the last {rule.Months} whether it is still right.";
            case "worker-changes":
                var changes = drift.Hands.OrderBy(h => h.RecordedAt).ThenBy(h => h.Id).Select(h => h.WorkerId).Where(w => w is not null).ToList();
                var changed = changes.Zip(changes.Skip(1)).Count(p => p.First != p.Second);
                return changed >= rule.Times ? $"The worker changed {changed} times." : null;
            case "risk-up":
                var version = file.Versions.Count == 0 ? plan.StartedOn : file.Versions[^1];
                var since = drift.Incidents.Where(i => i > version && i > today.PlusWeeks(-rule.Weeks)).Order().ToArray();
                return since.Length == 0 ? null : $"{Platform.Furniture.Words.Count(since.Length, "incident", "incidents")} since {PlanDesk.Day(since[0])}, and the plan is still that of {PlanDesk.Day(version)}.";
            case "early-step-down":
                foreach (var step in drift.Steps.Where(s => s.Kind != StepKind.Up && s.State != StepState.NotAgreed && s.On.PlusWeeks(rule.Weeks) > today))
                {
                    var incidents = drift.Incidents.Where(i => i <= step.On && i > step.On.PlusWeeks(-rule.Weeks)).ToArray();
                    if (incidents.Length > 0) return $"The step of {PlanDesk.Day(step.On)} came within {rule.Weeks} weeks of an incident on {PlanDesk.Day(incidents.Max())}.";
                }

                return null;
            case "no-measure":
                return drift.Measurable == false && plan.StartedOn.PlusWeeks(rule.Weeks) < today ? "No outcome of the plan says how anyone would know that it was reached." : null;
            case "too-many-actions":
                var open = drift.Actions.Count(a => a.DoneOn is null && a.DroppedOn is null);
                return open > rule.Times ? $"{open} actions are open at once." : null;
            default:
                return null;
        }
    }

    private static PlanDuty? Overdue(DriftFile drift, string measure) =>
        drift.Duties.Where(d => d.IsOpen && d.State == DutyState.Overdue && d.Measure.Key == measure).MinBy(d => d.DueOn);
}

/// <summary>Looks at plans by the rules of drift and keeps the alarms in step with what is true.</summary>
internal static class AlarmDesk
{
    private const int Chunk = 300;

    /// <summary>After its end a plan is looked at for so long: a step down may turn out to have been early.</summary>
    private const int WeeksAfterEnd = 8;

    public static IQueryable<Plan> Watched(RecordReader read, LocalDate today)
    {
        var since = today.PlusWeeks(-WeeksAfterEnd);
        return read.Of<Plan>().Where(p => p.EndedOn == null || p.EndedOn > since);
    }

    /// <summary>What is true of each of these plans today.</summary>
    public static async Task<Dictionary<Guid, IReadOnlyList<AlarmSeen>>> EvaluateAsync(RecordReader read, HubSettings settings, IReadOnlyCollection<Plan> plans, LocalDate today, CancellationToken ct)
    {
        var monitor = await PlanMonitor.OpenAsync(settings, today);
        var rules = await settings.GetAsync<AlarmSettings>("plan-alarms");
        var found = new Dictionary<Guid, IReadOnlyList<AlarmSeen>>();
        foreach (var chunk in plans.Chunk(Chunk))
        {
            var files = await PlanFiles.LoadAsync(read, chunk, ct);
            var ids = chunk.Select(p => p.Id).ToArray();
            var people = chunk.Select(p => p.PersonId).Distinct().ToArray();
            var children = await read.Of<Person>().Where(p => people.Contains(p.Id)).ToDictionaryAsync(p => p.Id, ct);
            var actions = (await read.Of<PlanAction>().Where(a => ids.Contains(a.PlanId)).ToListAsync(ct)).ToLookup(a => a.PlanId);
            var moves = (await read.Of<ReviewMove>().Where(m => ids.Contains(m.PlanId)).ToListAsync(ct)).ToLookup(m => m.PlanId);
            var hands = (await read.Of<PlanAllocation>().Where(h => ids.Contains(h.PlanId)).ToListAsync(ct)).ToLookup(h => h.PlanId);
            var steps = (await read.Of<PlanStep>().Where(s => ids.Contains(s.PlanId)).ToListAsync(ct)).ToLookup(s => s.PlanId);
            var versions = await read.Of<PlanVersion>().Where(v => ids.Contains(v.PlanId)).Select(v => new { v.PlanId, v.Id, v.Number }).ToListAsync(ct);
            var measured = (await (from o in read.Of<PlanOutcome>() join v in read.Of<PlanVersion>() on o.VersionId equals v.Id where ids.Contains(v.PlanId) && o.Measure != null select o.VersionId).Distinct().ToListAsync(ct)).ToHashSet();
            var latest = versions.GroupBy(v => v.PlanId).ToDictionary(g => g.Key, g => g.MaxBy(v => v.Number)!.Id);
            var incidents = (await IncidentsAsync(read, people, today, ct)).ToLookup(i => i.PersonId, i => i.On);
            foreach (var file in files)
            {
                var plan = file.Plan;
                found[plan.Id] =
                [
                    .. DriftRules.Of(
                        new DriftFile
                        {
                            File = file,
                            Duties = monitor.Judge(file, today),
                            Child = children.GetValueOrDefault(plan.PersonId),
                            Actions = [.. actions[plan.Id]],
                            Moves = [.. moves[plan.Id]],
                            Hands = [.. hands[plan.Id]],
                            Steps = [.. steps[plan.Id]],
                            Measurable = latest.TryGetValue(plan.Id, out var version) ? measured.Contains(version) : null,
                            Incidents = [.. incidents[plan.PersonId]],
                        },
                        monitor.Settings.Of(plan.Kind),
                        rules,
                        today),
                ];
            }
        }

        return found;
    }

    /// <summary>Red and amber contacts and section 47 enquiries of the last year. What is sealed is left out: an alarm is read by more people than a seal lets in.</summary>
    private static async Task<List<Incident>> IncidentsAsync(RecordReader read, Guid[] people, LocalDate today, CancellationToken ct)
    {
        var since = today.PlusYears(-1);
        var seals = read.Of<Seal>().Where(s => s.EndedAt == null).Select(s => s.SubjectId);
        var contacts = await (
            from i in read.Of<Identification>()
            join l in read.Of<ContactLine>() on i.MentionId equals l.MentionId
            where i.UndoneAt == null && people.Contains(i.PersonId) && l.ReceivedOn > since && (l.Rating == Rating.Red || l.Rating == Rating.Amber) && l.State != LineState.Merged && !seals.Contains(l.ContactId)
            select new Incident(i.PersonId, l.ReceivedOn)).ToListAsync(ct);
        var enquiries = await (
            from s in read.Of<Section47>()
            join e in read.Of<ReferralEpisode>() on s.EpisodeId equals e.Id
            where people.Contains(e.PersonId) && s.StartedOn > since
            select new Incident(e.PersonId, s.StartedOn)).ToListAsync(ct);
        return [.. contacts, .. enquiries];
    }

    /// <summary>Raises, words anew, closes and climbs the alarms of some plans. The number of alarms that changed.</summary>
    public static async Task<int> RefreshAsync(Act act, IReadOnlyCollection<Guid> ids)
    {
        var asked = ids.ToArray();
        var plans = await act.Read.Of<Plan>().Where(p => asked.Contains(p.Id)).ToListAsync();
        var settings = await act.Settings.GetAsync<AlarmSettings>("plan-alarms");
        var climb = Duration.FromHours(settings.ClimbAfterHours);
        var now = await EvaluateAsync(act.Read, act.Settings, plans, act.Today, CancellationToken.None);
        var open = (await act.Write.LoadAsync<PlanAlarm>(a => asked.Contains(a.PlanId) && a.ClosedAt == null)).ToLookup(a => a.PlanId);
        var changes = 0;
        foreach (var plan in plans)
        {
            var (seen, standing) = (now[plan.Id], open[plan.Id].ToList());
            foreach (var alarm in standing)
            {
                if (seen.FirstOrDefault(s => s.Rule == alarm.Rule) is not { } still)
                {
                    alarm.ClosedAt = act.Now;
                    changes++;
                    continue;
                }

                if (alarm.Saw != still.Saw)
                {
                    alarm.Saw = still.Saw;
                    changes++;
                }

                if (alarm.SeenAt is not null || alarm.ClimbsAt is not { } at || at > act.Now || alarm.Level >= settings.Levels.Count - 1) continue;
                alarm.Level++;
                alarm.ClimbsAt = act.Now + climb;
                changes++;
            }

            foreach (var fresh in seen.Where(s => standing.All(a => a.Rule != s.Rule)))
            {
                act.Write.Add(new PlanAlarm
                {
                    Id = act.NewId(),
                    PlanId = plan.Id,
                    Rule = fresh.Rule,
                    Saw = fresh.Saw,
                    Anchor = fresh.Anchor,
                    RaisedAt = act.Now,
                    // Nobody holds it: the manager must look at once.
                    Level = plan.WorkerId is null ? 1 : 0,
                    ClimbsAt = act.Now + climb,
                });
                changes++;
            }
        }

        return changes;
    }

    private sealed record Incident(Guid PersonId, LocalDate On);
}

internal sealed class RefreshAlarmsHandler : Handler<RefreshAlarms, int>
{
    public override ValueTask<string?> AuthoriseAsync(RefreshAlarms command, Act act) => ValueTask.FromResult(act.Actor.IsSystem ? null : "Alarms are raised and closed by the hub itself, from facts.");

    public override async Task<Outcome<int>> HandleAsync(RefreshAlarms command, Act act) => await AlarmDesk.RefreshAsync(act, command.PlanIds);
}

/// <summary>Plans that came in bulk.</summary>
internal sealed class AlarmsOfImported : Listener<PlansBrought>
{
    private const int Batch = 300;

    public override async Task HandleAsync(PlansBrought happened, Act act)
    {
        foreach (var chunk in happened.PlanIds.Chunk(Batch)) await AlarmDesk.RefreshAsync(act, chunk);
    }
}

/// <summary>Whatever was recorded on a plan, its alarms are looked at in the same act: one that is no longer true is closed before the page is drawn again.</summary>
internal sealed class AlarmsOfTouched : Listener<PlanTouched>
{
    public override async Task HandleAsync(PlanTouched happened, Act act) => await AlarmDesk.RefreshAsync(act, [happened.PlanId]);
}

internal sealed class SeeAlarmHandler : Handler<SeeAlarm, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(SeeAlarm command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "say that you have looked at an alarm"));

    public override ValueTask CheckAsync(SeeAlarm command, Problems problems, Act act)
    {
        problems.Require(command.Note, "AlarmNote", "Say what you will do. The alarm stays until it is no longer true.");
        problems.MaxLength(command.Note, 2000, "AlarmNote", "The note");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(SeeAlarm command, Act act)
    {
        if (await act.Write.FindAsync<PlanAlarm>(command.AlarmId) is not { } alarm || await act.PlanAsync(alarm.PlanId) is not { } plan) return new Outcome<Nothing>.NotFound();
        if (alarm.ClosedAt is not null) return new Outcome<Nothing>.Conflict("This alarm has closed itself meanwhile: it is no longer true.");
        // What has climbed is for whom it climbed to; the worker's look does not stop it there.
        if (alarm.Level > 0 && !act.Actor.Has(PlanAccess.Managers | Roles.ReviewingOfficer)) return new Outcome<Nothing>.Refused("This alarm has climbed: a manager must look at it.");
        alarm.SeenAt ??= act.Now;
        alarm.SeenBy ??= act.Actor.AccountId;
        alarm.SeenNote = command.Note.Trim();
        alarm.ClimbsAt = null;
        plan.ChangedAt = act.Now;
        act.Because(command.Note);
        return Nothing.Value;
    }
}

/// <summary>On which London day the plans of an authority were last looked at by this process.</summary>
internal sealed class AlarmRuns
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<short, LocalDate> _runs = new();

    public bool WasOn(short authority, LocalDate day) => _runs.TryGetValue(authority, out var last) && last == day;

    public void Done(short authority, LocalDate day) => _runs[authority] = day;
}

/// <summary>Once a day every plan is looked at, since time alone makes a sign of drift true; unread alarms climb at each tick.</summary>
internal sealed class PlanTick(AlarmRuns runs) : ITick
{
    private const int Batch = 200;

    public (string Name, string Purpose) Actor => ("plan monitor", "raise and close alarms of drift, and pass unread ones on");

    public async Task TickAsync(Viewer actor, CommandRunner runner, RecordReader read, CancellationToken ct)
    {
        var (now, today) = (read.Now, London.Date(read.Now));
        var daily = !runs.WasOn(actor.AuthorityId, today);
        var ids = daily
            ? await AlarmDesk.Watched(read, today).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(ct)
            : await read.Of<PlanAlarm>().Where(a => a.ClosedAt == null && a.SeenAt == null && a.Level < 2 && a.ClimbsAt <= now).Select(a => a.PlanId).Distinct().ToListAsync(ct);
        foreach (var chunk in ids.Chunk(Batch)) (await runner.RunAsync(new RefreshAlarms(chunk), actor, ct)).Expect();
        if (daily) runs.Done(actor.AuthorityId, today);
    }
}
