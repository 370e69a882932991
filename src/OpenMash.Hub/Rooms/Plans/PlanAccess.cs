using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>
/// A plan is read by whoever may read its child in the register, never by more; it is worked on by the worker who holds it, the managers, the reviewing officers and
/// the hub. A seal or a conflict of interest on the child comes before all of that.
/// </summary>
internal sealed class PlanAccess : AccessRule<Plan>
{
    internal const Roles Readers = Roles.SocialWorker | Roles.TeamManager | Roles.ReviewingOfficer | Roles.ExploitationCoordinator | Roles.DesignatedOfficer | Roles.HubManager | Roles.ScreeningOfficer | Roles.BusinessSupport | Roles.DutyTeam;

    /// <summary>Visit, meet, write: those who work with children, a colleague's included.</summary>
    internal const Roles Workers = Roles.SocialWorker | Roles.TeamManager | Roles.ReviewingOfficer | Roles.ExploitationCoordinator | Roles.HubManager | Roles.DutyTeam;

    internal const Roles Managers = Roles.TeamManager | Roles.HubManager;

    /// <summary>Figures of the authority without the rows behind them.</summary>
    internal const Roles FiguresOnly = Roles.PerformanceAnalyst | Roles.Auditor | Roles.Leader;

    internal static bool Reads(Viewer viewer) => viewer.IsSystem || (viewer.Kind == ViewerKind.Person && viewer.IsHub && viewer.Has(Readers));

    public override Expression<Func<Plan, int>> For(Viewer viewer, RecordContext db, Instant now)
    {
        if (viewer.IsSystem) return p => Verdict.Code(AccessLevel.Work, AccessReason.SystemActor);
        if (!Reads(viewer)) return p => 0;
        var account = viewer.AccountId ?? Guid.Empty;
        var open = Verdict.Code(viewer.WorksInHub || viewer.Has(Managers | Roles.ReviewingOfficer) ? AccessLevel.Work : AccessLevel.Read, AccessReason.HubStaff);
        const int allocated = VerdictCode.AllocatedWork, cleared = VerdictCode.ClearedWork, glass = VerdictCode.BreakGlassRead, pointer = VerdictCode.SealedPointer, conflict = VerdictCode.Conflict;
        var seals = viewer.NeedSeals().Direct;
        if (seals.IsEmpty) return p => p.WorkerId == account ? allocated : open;
        var (barred, shut, secret, uncleared, allSealed) = (seals.InConflict, seals.Shut, seals.Secret, seals.Uncleared, seals.Sealed);
        return p =>
            EF.Parameter(barred).Contains(p.PersonId) ? conflict
            : EF.Parameter(shut).Contains(p.PersonId) ? (EF.Parameter(secret).Contains(p.PersonId) ? 0 : pointer)
            : EF.Parameter(uncleared).Contains(p.PersonId) ? glass
            : EF.Parameter(allSealed).Contains(p.PersonId) ? cleared
            : p.WorkerId == account ? allocated
            : open;
    }
}

/// <summary>What every command on a plan shares: found, allowed, open, in a possible order.</summary>
internal static class PlanDesk
{
    /// <summary>The plan, handed out for writing; null where the actor may not read it, as if it did not exist.</summary>
    public static async Task<Plan?> PlanAsync(this Act act, Guid id)
    {
        if ((await act.Read.VerdictAsync<Plan>(act.Actor, id)).Level < AccessLevel.Read) return null;
        var plan = await act.Write.FindAsync<Plan>(id);
        if (plan is not null) act.About(nameof(Plan), id);
        return plan;
    }

    /// <summary>Says that something of the plan was recorded: its alarms are looked at again in this act.</summary>
    public static void Touch(this Act act, Plan plan)
    {
        plan.ChangedAt = act.Now;
        act.Raise(new PlanTouched(plan.Id));
    }

    /// <summary>What happened on a plan cannot lie in the future, before the plan or after its end.</summary>
    public static void CheckDay(this Problems problems, Act act, Plan plan, LocalDate on, string field, string what)
    {
        if (on > act.Today) problems.Add(field, $"{what} lies in the future. Enter the day on which it happened.");
        else if (on < plan.StartedOn) problems.Add(field, $"{what} lies before the plan, which started on {Day(plan.StartedOn)}.");
        else if (plan.EndedOn is { } end && on > end) problems.Add(field, $"{what} lies after the plan, which ended on {Day(end)}.");
    }

    public static string Day(LocalDate date) => Platform.Furniture.RelativeTime.Date(date);

    /// <summary>Invalid with what was found, or null.</summary>
    public static Outcome<T>? Found<T>(this Problems problems) => problems.Any ? new Outcome<T>.Invalid(problems.Items) : null;

    public static Outcome<T> Ended<T>(Plan plan) => new Outcome<T>.Conflict($"This plan ended on {Day(plan.EndedOn!.Value)}. What happened before can still be recorded; nothing new can be planned on it.");

    public static async Task<PlanKindSetting> KindAsync(this Act act, Plan plan) => (await act.Settings.GetAsync<PlanKindSettings>("plan-kinds")).Of(plan.Kind);

    public static async Task<bool> IsHubMemberAsync(this Act act, Guid account)
    {
        var today = act.Today;
        return await (from m in act.Read.Of<Membership>() join a in act.Read.Of<Agency>() on m.AgencyId equals a.Id where m.AccountId == account && a.IsHub && m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today) select m.Id).AnyAsync();
    }
}
