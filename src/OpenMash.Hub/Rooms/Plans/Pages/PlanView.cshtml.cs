using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>One plan: what is due and why it is red, what drifts, visits, reviews, meetings, supervision, actions, versions, hands and steps.</summary>
[Allow(PlanRoles.Readers, "open a plan", hub: true)]
[Witnessed]
public sealed class PlanViewModel : PlanPage
{
    public IReadOnlyList<DutyLine> Duties { get; private set; } = [];

    public IReadOnlyList<PlanDuty> Past { get; private set; } = [];

    public IReadOnlyList<DutyException> Exceptions { get; private set; } = [];

    public IReadOnlyList<PlanAlarm> Alarms { get; private set; } = [];

    public IReadOnlyList<PlanAlarm> ClosedAlarms { get; private set; } = [];

    public AlarmSettings AlarmSettings { get; private set; } = null!;

    public IReadOnlyList<PlanVisit> Visits { get; private set; } = [];

    public IReadOnlyList<PlanReview> Reviews { get; private set; } = [];

    public IReadOnlyList<ReviewMove> Moves { get; private set; } = [];

    public IReadOnlyList<PlanMeeting> Meetings { get; private set; } = [];

    public IReadOnlyList<PlanSupervision> Supervisions { get; private set; } = [];

    public IReadOnlyList<PlanVersion> Versions { get; private set; } = [];

    public IReadOnlyList<PlanOutcome> Outcomes { get; private set; } = [];

    public IReadOnlyList<PlanAction> Actions { get; private set; } = [];

    public IReadOnlyList<PlanAllocation> Hands { get; private set; } = [];

    public IReadOnlyList<PlanStep> Steps { get; private set; } = [];

    public Plan? Before { get; private set; }

    public Plan? After { get; private set; }

    public Dictionary<Guid, string> Names { get; private set; } = [];

    public Dictionary<Guid, string> TeamNames { get; private set; } = [];

    public Dictionary<Guid, string> AgencyNames { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Teams { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Workers { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Agencies { get; private set; } = [];

    public bool Decides => Viewer.Has(PlanAccess.Managers | Roles.ReviewingOfficer);

    [BindProperty] public string? ActionWhat { get; set; }
    [BindProperty] public string? ActionOwner { get; set; }
    [BindProperty] public Guid? ActionAgency { get; set; }
    [BindProperty] public LocalDate? ActionDue { get; set; }
    [BindProperty] public Guid ActionId { get; set; }
    [BindProperty] public LocalDate? ActionOn { get; set; }
    [BindProperty] public string? ActionNote { get; set; }
    [BindProperty] public string? Rule { get; set; }
    [BindProperty] public LocalDate? RoundStartedOn { get; set; }
    [BindProperty] public ExceptionKind ExceptionKind { get; set; }
    [BindProperty] public LocalDate? NewDueOn { get; set; }
    [BindProperty] public string? ExceptionReason { get; set; }
    [BindProperty] public Guid ExceptionId { get; set; }
    [BindProperty] public string? DecisionNote { get; set; }
    [BindProperty] public Guid AlarmId { get; set; }
    [BindProperty] public string? AlarmNote { get; set; }
    [BindProperty] public LocalDate? MoveTo { get; set; }
    [BindProperty] public string? MoveReason { get; set; }
    [BindProperty] public Guid? TeamId { get; set; }
    [BindProperty] public Guid? WorkerId { get; set; }
    [BindProperty] public LocalDate? HandsFrom { get; set; }
    [BindProperty] public string? HandsReason { get; set; }
    [BindProperty] public Guid StepId { get; set; }
    [BindProperty] public string? StepNote { get; set; }
    [BindProperty] public bool Agrees { get; set; }

    public Task<IActionResult> OnPostActionAsync()
    {
        Needs(ActionDue, nameof(ActionDue), "Enter the day by which it is to be done.");
        return ActAsync(new AddAction(Id, ActionWhat ?? "", ActionOwner ?? "", ActionAgency, Or(ActionDue)), "The action is on the plan.", "#actions");
    }

    public Task<IActionResult> OnPostDoneAsync() => ActAsync(new EndAction(ActionId, ActionOn ?? Today, ActionNote ?? "", Dropped: false), "The action is done.", "#actions");

    public Task<IActionResult> OnPostDropAsync() => ActAsync(new EndAction(ActionId, ActionOn ?? Today, ActionNote ?? "", Dropped: true), "The action is no longer wanted; it stays in the record.", "#actions");

    public Task<IActionResult> OnPostExceptionAsync() => ActAsync(
        new AskException(Id, Rule ?? "", Or(RoundStartedOn), ExceptionKind, NewDueOn, ExceptionReason ?? ""), "Asked. Until someone else approves it, the duty stays as it is.", "#duties");

    public Task<IActionResult> OnPostApproveAsync() => ActAsync(new DecideException(ExceptionId, Approve: true, DecisionNote), "Approved. It is counted among the exceptions.", "#duties");

    public Task<IActionResult> OnPostDeclineAsync() => ActAsync(new DecideException(ExceptionId, Approve: false, DecisionNote), "Not approved. The duty stays as it is.", "#duties");

    public Task<IActionResult> OnPostSeenAsync() => ActAsync(new SeeAlarm(AlarmId, AlarmNote ?? ""), "Noted. The alarm closes itself when it is no longer true.", "#alarms");

    public Task<IActionResult> OnPostMoveAsync()
    {
        Needs(MoveTo, nameof(MoveTo), "Enter the day of the review.");
        return ActAsync(new MoveReview(Id, Or(MoveTo), MoveReason ?? ""), "The review has its date. Lateness is still counted against the rule.", "#reviews");
    }

    public Task<IActionResult> OnPostAllocateAsync() => ActAsync(new AllocatePlan(Id, TeamId, WorkerId, HandsFrom ?? Today, HandsReason ?? ""), "The plan has changed hands.", "#hands");

    public Task<IActionResult> OnPostStepAsync() => ActAsync(new DecideStep(StepId, Agrees, StepNote ?? ""), Agrees ? "Agreed and done." : "Not agreed. The plan goes on.", "#steps");

    public string Name(Guid? account) => account is { } id && Names.TryGetValue(id, out var name) ? name : "the hub";

    public ReviewMove? NextReview => Reviews.Count == 0 ? (Moves.Count > 0 ? Moves[^1] : null) : Moves.LastOrDefault(m => m.RecordedAt >= Reviews[^1].RecordedAt);

    protected override async Task FillAsync()
    {
        var today = Today;
        var monitor = await Plans.MonitorAsync();
        AlarmSettings = await Plans.AlarmSettingsAsync();
        var file = (await PlanFiles.LoadAsync(Read, [Plan], Ct))[0];
        Duties = PlanReader.Lines(Viewer, monitor, file, today);
        Past = [.. monitor.Judge(file, today).Where(d => !d.IsOpen).OrderByDescending(d => d.EndedOn).ThenBy(d => d.Rule.Id, StringComparer.Ordinal)];
        Exceptions = [.. file.Exceptions.OrderByDescending(e => e.AskedAt)];
        var alarms = await Read.Of<PlanAlarm>().Where(a => a.PlanId == Id).OrderByDescending(a => a.RaisedAt).ToListAsync(Ct);
        Alarms = [.. alarms.Where(a => a.ClosedAt is null)];
        ClosedAlarms = [.. alarms.Where(a => a.ClosedAt is not null)];
        Visits = await Read.Of<PlanVisit>().Where(v => v.PlanId == Id).OrderByDescending(v => v.On).ThenByDescending(v => v.Id).ToListAsync(Ct);
        Reviews = await Read.Of<PlanReview>().Where(r => r.PlanId == Id).OrderBy(r => r.HeldOn).ToListAsync(Ct);
        Moves = await Read.Of<ReviewMove>().Where(m => m.PlanId == Id).OrderBy(m => m.RecordedAt).ThenBy(m => m.Id).ToListAsync(Ct);
        Meetings = await Read.Of<PlanMeeting>().Where(m => m.PlanId == Id).OrderByDescending(m => m.HeldOn).ToListAsync(Ct);
        Supervisions = await Read.Of<PlanSupervision>().Where(s => s.PlanId == Id).OrderByDescending(s => s.On).ToListAsync(Ct);
        Versions = await Read.Of<PlanVersion>().Where(v => v.PlanId == Id).OrderByDescending(v => v.Number).ToListAsync(Ct);
        if (Versions.Count > 0)
        {
            var latest = Versions[0].Id;
            Outcomes = await Read.Of<PlanOutcome>().Where(o => o.VersionId == latest).OrderBy(o => o.Number).ToListAsync(Ct);
        }

        Actions = await Read.Of<PlanAction>().Where(a => a.PlanId == Id).OrderBy(a => a.DueOn).ThenBy(a => a.Id).ToListAsync(Ct);
        Hands = await Read.Of<PlanAllocation>().Where(h => h.PlanId == Id).OrderByDescending(h => h.RecordedAt).ThenByDescending(h => h.Id).ToListAsync(Ct);
        Steps = await Read.Of<PlanStep>().Where(s => s.PlanId == Id).OrderByDescending(s => s.At).ToListAsync(Ct);
        Before = Plan.FollowsId is { } before ? await Read.Visible<Plan>(Viewer).SingleOrDefaultAsync(p => p.Id == before, Ct) : null;
        After = await Read.Visible<Plan>(Viewer).FirstOrDefaultAsync(p => p.FollowsId == Id, Ct);
        Names = await Plans.NamesAsync(
            [
                Plan.WorkerId, .. Visits.Select(v => v.ByAccountId), .. Supervisions.Select(s => s.ByAccountId), .. Hands.Select(h => h.WorkerId), .. Alarms.Select(a => a.SeenBy),
                .. Exceptions.SelectMany(e => new[] { e.AskedBy, e.DecidedBy }), .. Steps.SelectMany(s => new[] { s.ByAccountId, s.DecidedBy }), .. Versions.Select(v => v.ByAccountId),
            ],
            Ct);
        TeamNames = await Read.Of<PlanTeam>().ToDictionaryAsync(t => t.Id, t => t.Name, Ct);
        var agencies = await Read.Of<Agency>().Where(a => a.ClosedOn == null).OrderBy(a => a.Name).ToListAsync(Ct);
        AgencyNames = agencies.ToDictionary(a => a.Id, a => a.Name);
        Agencies = [.. agencies.Select(a => new SelectListItem(a.Name, a.Id.ToString()))];
        if (Manages)
        {
            Teams = await Plans.TeamsAsync(Ct);
            Workers = await Plans.WorkersAsync(Ct);
        }

        if (Request.Method == "GET") (TeamId, WorkerId) = (Plan.TeamId, Plan.WorkerId);
    }
}
