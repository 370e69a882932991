using System.Linq.Expressions;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>
/// The register is the hub's: its people and the authority's social workers read it. To the uncleared a sealed person is a pointer at most, and one of secret
/// existence nothing at all. A person in conflict is shut out. Partners see people through the enquiries they take part in, not here.
/// </summary>
internal sealed class PersonAccess : AccessRule<Person>
{
    private const Roles Readers = Roles.SocialWorker | Roles.TeamManager | Roles.ReviewingOfficer | Roles.ExploitationCoordinator | Roles.DesignatedOfficer;

    public override Expression<Func<Person, int>> For(Viewer viewer, RecordContext db, Instant now)
    {
        if (viewer.IsSystem) return p => Verdict.Code(AccessLevel.Work, AccessReason.SystemActor);
        var account = viewer.AccountId ?? Guid.Empty;
        if (viewer.Kind != ViewerKind.Person || !viewer.IsHub || !(viewer.WorksInHub || viewer.Has(Readers))) return p => 0;
        var open = Verdict.Code(viewer.WorksInHub ? AccessLevel.Work : AccessLevel.Read, AccessReason.HubStaff);
        const int cleared = VerdictCode.ClearedWork,
            glass = VerdictCode.BreakGlassRead,
            pointer = VerdictCode.SealedPointer,
            conflict = VerdictCode.Conflict;
        var seals = db.Set<Seal>().Where(s => s.EndedAt == null);
        var clearances = db.Set<Clearance>().Where(c => c.AccountId == account && c.EndedAt == null);
        var glasses = db.Set<BreakGlass>().Where(b => b.AccountId == account && b.From <= now && b.Until > now);
        var conflicts = db.Set<ConflictOfInterest>().Where(c => c.AccountId == account && c.EndedAt == null);
        return p =>
            conflicts.Any(c => c.SubjectId == p.Id) ? conflict
            : !seals.Any(s => s.SubjectId == p.Id) ? open
            : clearances.Any(c => c.SubjectId == p.Id) ? cleared
            : glasses.Any(g => g.SubjectId == p.Id) ? glass
            : seals.Any(s => s.SubjectId == p.Id && s.SecretExistence) ? 0
            : pointer;
    }
}
