using Microsoft.EntityFrameworkCore;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.Accounts;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

internal sealed class PlanLinks : ILinkSource
{
    public string? UrlOf(string kind, Guid id) => kind == nameof(Plan) ? $"/plans/{id}" : null;
}

/// <summary>What of plans waits for a person: their own duties that are red or near, alarms, and what a second person must decide.</summary>
internal sealed class PlanWork(RecordReader read, PlanReader plans) : IMyWork
{
    private const int Most = 60;
    private const int DaysAhead = 7;

    public async Task<IReadOnlyList<WorkItem>> ReadAsync(Viewer viewer, CancellationToken ct)
    {
        if (!PlanAccess.Reads(viewer) || !viewer.Has(PlanAccess.Workers)) return [];
        var today = London.Date(read.Now);
        var work = new List<WorkItem>();
        var mine = await plans.Query(viewer, "mine", null, null).ToListAsync(ct);
        var rows = mine.Count == 0 ? [] : await plans.RowsAsync(viewer, mine, ct);
        foreach (var row in rows)
        {
            foreach (var duty in row.Open.Where(d => d.Duty.DueOn <= today.PlusDays(DaysAhead)))
                work.Add(new WorkItem("plan-duty", $"{row.Child.Reference}, {row.Kind.Short.ToLowerInvariant()}: {Platform.Furniture.Words.LowerFirst(duty.Duty.Rule.Name)}", duty.Url, duty.DueAt, duty.Why, duty.Settles + ".", 30));
        }

        var account = viewer.AccountId ?? Guid.Empty;
        var manages = viewer.Has(PlanAccess.Managers);
        var hub = viewer.Has(Roles.HubManager);
        var visible = read.Visible<Plan>(viewer);
        var alarms = await (
            from a in read.Of<PlanAlarm>()
            join p in visible on a.PlanId equals p.Id
            where a.ClosedAt == null && a.SeenAt == null
                && ((a.Level == 0 && p.WorkerId == account)
                    || (manages && a.Level == 1 && read.Of<PlanTeam>().Any(t => t.Id == p.TeamId && t.ManagerId == account))
                    || (hub && a.Level >= 2))
            orderby a.RaisedAt
            select new { a.PlanId, a.Rule, a.Saw, p.PersonId }).Take(Most).ToListAsync(ct);
        if (alarms.Count > 0)
        {
            var settings = await plans.AlarmSettingsAsync();
            var children = await plans.ChildrenAsync([.. alarms.Select(a => a.PersonId).Distinct()], ct);
            work.AddRange(alarms.Select(a => new WorkItem("plan-alarm", $"{children[a.PersonId].Reference}: {Platform.Furniture.Words.LowerFirst(settings.LabelOf(a.Rule))}", $"/plans/{a.PlanId}#alarms", null, a.Saw, "Look, and say what you will do.", 31)));
        }

        if (!viewer.Has(PlanAccess.Managers | Roles.ReviewingOfficer)) return work;
        var steps = await (from s in read.Of<PlanStep>() join p in visible on s.PlanId equals p.Id where s.State == StepState.Proposed && s.ByAccountId != account && (hub || p.TeamId == null || !manages || read.Of<PlanTeam>().Any(t => t.Id == p.TeamId && t.ManagerId == account)) orderby s.At select new { s.PlanId, s.Kind, p.PersonId }).Take(Most).ToListAsync(ct);
        var asked = await (from e in read.Of<DutyException>() join p in visible on e.PlanId equals p.Id where e.Approved == null && e.AskedBy != account && (hub || p.TeamId == null || !manages || read.Of<PlanTeam>().Any(t => t.Id == p.TeamId && t.ManagerId == account)) orderby e.AskedAt select new { e.PlanId, p.PersonId }).Take(Most).ToListAsync(ct);
        var who = await plans.ChildrenAsync([.. steps.Select(s => s.PersonId).Concat(asked.Select(a => a.PersonId)).Distinct()], ct);
        work.AddRange(steps.Select(s => new WorkItem("plan-step", $"{who[s.PersonId].Reference}: {(s.Kind == StepKind.Close ? "closing" : "stepping down")} waits for a second person", $"/plans/{s.PlanId}#steps", null, null, "Agree or not, with the reason.", 12)));
        work.AddRange(asked.Select(a => new WorkItem("plan-exception", $"{who[a.PersonId].Reference}: an exception is asked for", $"/plans/{a.PlanId}#duties", null, null, "Approve it or not.", 13)));
        return work;
    }
}

/// <summary>The strip of the first page: the visits of each kind in time, and the gap.</summary>
internal sealed class ParityTile(MonitoringReader monitoring) : IFrontPageTile
{
    public int Order => 101;

    public async Task<SlotPart?> DrawAsync(Viewer viewer, CancellationToken ct)
    {
        if (MonitoringReader.FaceOf(viewer) == MonitoringFace.None) return null;
        var picture = await monitoring.ReadAsync(viewer, new MonitoringFilter(), ct);
        return new SlotPart("Monitoring parity", "/Rooms/Plans/Pages/_ParityTile.cshtml", picture);
    }
}
