using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Accounts;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>A child as every page of a plan heads it.</summary>
public sealed record PlanChild(Guid Id, string Reference, string Name, string? Age, bool IsUnborn);

/// <summary>A plan as a list shows it: what is red, why, and what would settle it.</summary>
public sealed record PlanRow(Plan Plan, PlanChild Child, PlanKindSetting Kind, string? Team, string? Worker, IReadOnlyList<DutyLine> Open, int Alarms, int Unread)
{
    public DutyLine? Worst => Open.FirstOrDefault(d => d.Why is not null) ?? (Open.Count > 0 ? Open[0] : null);

    public int Overdue => Open.Count(d => d.Why is not null);
}

/// <summary>A running duty with its words.</summary>
public sealed record DutyLine(PlanDuty Duty, string? Why, string Settles, string Url)
{
    public Instant? DueAt => Duty.DueOn is { } due ? London.StartOf(due.PlusDays(1)) : null;
}

/// <summary>Reads plans for pages. Whoever may not read a plan gets nothing of it.</summary>
internal sealed class PlanReader(RecordReader read, HubSettings settings)
{
    public Task<PlanKindSettings> SettingsAsync() => settings.GetAsync<PlanKindSettings>("plan-kinds");

    public Task<AlarmSettings> AlarmSettingsAsync() => settings.GetAsync<AlarmSettings>("plan-alarms");

    public Task<PlanMonitor> MonitorAsync() => PlanMonitor.OpenAsync(settings, London.Date(read.Now));

    /// <summary>Lists of plans, the same for the page and for counts.</summary>
    public IQueryable<Plan> Query(Viewer viewer, string show, Guid? team, string? kind)
    {
        var all = read.Visible<Plan>(viewer);
        var account = viewer.AccountId ?? Guid.Empty;
        all = show switch
        {
            "mine" => all.Where(p => p.EndedOn == null && p.WorkerId == account),
            "team" => all.Where(p => p.EndedOn == null && read.Of<PlanTeam>().Any(t => t.Id == p.TeamId && t.ManagerId == account)),
            "nobody" => all.Where(p => p.EndedOn == null && p.WorkerId == null),
            "ended" => all.Where(p => p.EndedOn != null),
            _ => all.Where(p => p.EndedOn == null),
        };
        if (team is { } one) all = all.Where(p => p.TeamId == one);
        return kind is null ? all : all.Where(p => p.Kind == kind);
    }

    /// <summary>Plans with what runs on each, those with the oldest overdue duty first.</summary>
    public async Task<IReadOnlyList<PlanRow>> RowsAsync(Viewer viewer, IReadOnlyList<Plan> plans, CancellationToken ct)
    {
        var today = London.Date(read.Now);
        var monitor = await MonitorAsync();
        var ids = plans.Select(p => p.Id).ToHashSet();
        var children = await ChildrenAsync([.. plans.Select(p => p.PersonId).Distinct()], ct);
        var teams = await read.Of<PlanTeam>().ToDictionaryAsync(t => t.Id, t => t.Name, ct);
        var names = await NamesAsync(plans.Select(p => p.WorkerId), ct);
        var alarms = (await read.Of<PlanAlarm>().Where(a => a.ClosedAt == null).Select(a => new { a.PlanId, a.SeenAt }).ToListAsync(ct)).Where(a => ids.Contains(a.PlanId)).ToLookup(a => a.PlanId, a => a.SeenAt is null);
        var rows = new List<PlanRow>(plans.Count);
        foreach (var file in await PlanFiles.LoadAsync(read, plans, ct))
        {
            var plan = file.Plan;
            rows.Add(new PlanRow(
                plan, children[plan.PersonId], monitor.Settings.Of(plan.Kind),
                plan.TeamId is { } t ? teams.GetValueOrDefault(t) : null,
                plan.WorkerId is { } w ? names.GetValueOrDefault(w) : null,
                Lines(viewer, monitor, file, today), alarms[plan.Id].Count(), alarms[plan.Id].Count(u => u)));
        }

        return [.. rows.OrderBy(r => r.Overdue == 0).ThenBy(r => r.Worst?.Duty.DueOn ?? LocalDate.MaxIsoValue).ThenBy(r => r.Child.Reference, StringComparer.Ordinal)];
    }

    public static IReadOnlyList<DutyLine> Lines(Viewer viewer, PlanMonitor monitor, PlanFile file, LocalDate today) =>
    [
        .. monitor.Judge(file, today).Where(d => d.IsOpen && d.State != DutyState.CannotBeCounted).OrderBy(d => d.DueOn).ThenBy(d => d.Rule.Id, StringComparer.Ordinal)
            .Select(d => new DutyLine(d, monitor.WhyRed(file, d), d.Measure.Settles, Settles(viewer, d.Measure) ? $"/plans/{file.Plan.Id}/{d.Measure.Page}" : $"/plans/{file.Plan.Id}")),
    ];

    /// <summary>Supervision is recorded by managers: others are led to the plan.</summary>
    private static bool Settles(Viewer viewer, PlanMeasure measure) => viewer.Has(measure.Key == "supervision" ? PlanAccess.Managers : PlanAccess.Workers);

    public async Task<PlanChild> ChildAsync(Guid person, CancellationToken ct) => (await ChildrenAsync([person], ct))[person];

    public async Task<Dictionary<Guid, PlanChild>> ChildrenAsync(IReadOnlyCollection<Guid> people, CancellationToken ct)
    {
        var today = London.Date(read.Now);
        var found = new List<Person>(people.Count);
        foreach (var chunk in people.Chunk(500)) found.AddRange(await read.Of<Person>().Where(p => chunk.Contains(p.Id)).ToListAsync(ct));
        var nameless = found.Where(p => p.GivenName is null && p.FamilyName is null).Select(p => p.Id).ToArray();
        var numbers = new Dictionary<Guid, string>();
        foreach (var chunk in nameless.Chunk(500))
            foreach (var i in await read.Of<PersonIdentifier>().Where(i => chunk.Contains(i.PersonId) && i.Kind == IdentifierKind.LocalAuthorityChildId && i.EndedAt == null).OrderBy(i => i.RecordedAt).ToListAsync(ct))
                numbers.TryAdd(i.PersonId, i.Value);
        return found.ToDictionary(p => p.Id, p => new PlanChild(
            p.Id, p.Reference,
            p.GivenName is null && p.FamilyName is null ? numbers.TryGetValue(p.Id, out var number) ? $"Child {number}" : p.Reference : $"{p.GivenName} {p.FamilyName}".Trim(),
            AgeOf(p, today), p.BirthDate is null && p.ExpectedDate is not null));
    }

    private static string? AgeOf(Person person, LocalDate today)
    {
        if (person.BirthDate is not { } born) return person.ExpectedDate is { } expected ? $"expected {PlanDesk.Day(expected)}" : null;
        var age = Period.Between(born, today, PeriodUnits.Years | PeriodUnits.Months);
        return age.Years >= 2 ? $"{age.Years}" : age.Years == 1 ? $"1 year {age.Months} months" : Platform.Furniture.Words.Count(age.Months, "month", "months");
    }

    public async Task<Dictionary<Guid, string>> NamesAsync(IEnumerable<Guid?> accounts, CancellationToken ct)
    {
        var ids = accounts.OfType<Guid>().Distinct().ToArray();
        return ids.Length == 0 ? [] : await read.Of<Account>().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName, ct);
    }

    /// <summary>People of the hub's own team who can hold a plan.</summary>
    public async Task<IReadOnlyList<SelectListItem>> WorkersAsync(CancellationToken ct)
    {
        var today = London.Date(read.Now);
        var people = await (from m in read.Of<Membership>()
                            join a in read.Of<Agency>() on m.AgencyId equals a.Id
                            join c in read.Of<Account>() on m.AccountId equals c.Id
                            where a.IsHub && m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today)
                            orderby c.FullName
                            select new { c.Id, c.FullName, m.JobTitle, m.Roles }).ToListAsync(ct);
        return [.. people.Where(p => (p.Roles & PlanAccess.Workers) != 0).Select(p => new SelectListItem($"{p.FullName}, {p.JobTitle}", p.Id.ToString()))];
    }

    public async Task<IReadOnlyList<SelectListItem>> TeamsAsync(CancellationToken ct) =>
        [.. (await read.Of<PlanTeam>().Where(t => t.ClosedOn == null).OrderBy(t => t.Name).ToListAsync(ct)).Select(t => new SelectListItem(t.Name, t.Id.ToString()))];
}
