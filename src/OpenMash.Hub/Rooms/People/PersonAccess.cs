using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.Accounts;
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
        if (viewer.Kind != ViewerKind.Person || !viewer.IsHub || !(viewer.WorksInHub || viewer.Has(Readers))) return p => 0;
        var open = Verdict.Code(viewer.WorksInHub ? AccessLevel.Work : AccessLevel.Read, AccessReason.HubStaff);
        const int cleared = VerdictCode.ClearedWork,
            glass = VerdictCode.BreakGlassRead,
            pointer = VerdictCode.SealedPointer,
            conflict = VerdictCode.Conflict;
        var seals = viewer.NeedSeals().Direct;
        if (seals.IsEmpty) return p => open;
        var (barred, shut, secret, uncleared, allSealed) = (seals.InConflict, seals.Shut, seals.Secret, seals.Uncleared, seals.Sealed);
        return p =>
            EF.Parameter(barred).Contains(p.Id) ? conflict
            : EF.Parameter(shut).Contains(p.Id) ? (EF.Parameter(secret).Contains(p.Id) ? 0 : pointer)
            : EF.Parameter(uncleared).Contains(p.Id) ? glass
            : EF.Parameter(allSealed).Contains(p.Id) ? cleared
            : open;
    }
}
