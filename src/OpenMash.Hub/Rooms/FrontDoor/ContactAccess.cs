using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>
/// Who may have a contact: the hub's people work it; whoever sent it sees their own report and its state; a seal on the contact or on any person identified in
/// it hides it from the uncleared; a conflict of interest shuts out. Seals and conflicts come before everything else. Who is handed a contact or a child of it
/// reads it, and the designated officer reads allegations against people who work with children.
/// </summary>
internal sealed class ContactAccess : AccessRule<Contact>
{
    public override Expression<Func<Contact, int>> For(Viewer viewer, RecordContext db, Instant now)
    {
        if (viewer.IsSystem) return c => Verdict.Code(AccessLevel.Work, AccessReason.SystemActor);
        if (viewer.Kind == ViewerKind.Public || viewer.AgencyId is null) return c => 0;

        var account = viewer.AccountId ?? Guid.Empty;
        var agency = viewer.AgencyId.Value;
        var hub = viewer.WorksInHub;
        var isPerson = viewer.Kind == ViewerKind.Person;
        const int work = VerdictCode.HubWork, cleared = VerdictCode.ClearedWork,
            glass = VerdictCode.BreakGlassRead, pointer = VerdictCode.SealedPointer,
            conflict = VerdictCode.Conflict, own = VerdictCode.OwnReport,
            agencys = VerdictCode.AgencysReport, none = VerdictCode.NotYours;
        const int handed = VerdictCode.AllocatedRead;
        var designated = viewer.IsHub && viewer.Has(Roles.DesignatedOfficer);
        var lines = db.Set<ContactLine>();
        var handOvers = db.Set<HandOver>().Where(h => h.ToAccountId == account && (h.ClosedAt == null || h.AcknowledgedAt != null));
        var allegations = db.Set<LineDecision>().Where(d => d.Outcome == LineOutcome.AllegationAgainstProfessional);
        var seals = viewer.NeedSeals().Reached;
        if (hub)
        {
            if (seals.IsEmpty) return c => work;
            var (barred, shut, secret, opened, uncleared, allSealed) = (seals.InConflict, seals.Shut, seals.Secret, seals.Opened, seals.Uncleared, seals.Sealed);
            return c =>
                EF.Parameter(barred).Contains(c.Id) ? conflict
                : EF.Parameter(shut).Contains(c.Id) && !EF.Parameter(opened).Contains(c.Id) ? (EF.Parameter(secret).Contains(c.Id) ? none : pointer)
                : EF.Parameter(uncleared).Contains(c.Id) ? glass
                : EF.Parameter(allSealed).Contains(c.Id) ? cleared
                : work;
        }

        var (conflicts, closed, open) = (seals.InConflict, seals.Shut, seals.Opened);
        return c =>
            EF.Parameter(conflicts).Contains(c.Id) ? conflict
            : EF.Parameter(closed).Contains(c.Id) && !EF.Parameter(open).Contains(c.Id) ? (isPerson && c.EnteredByAccountId == account ? own : none)
            : isPerson && handOvers.Any(h => h.SubjectId == c.Id || lines.Any(l => l.ContactId == c.Id && l.Id == h.SubjectId)) ? handed
            : designated && lines.Any(l => l.ContactId == c.Id && allegations.Any(a => a.LineId == l.Id)) ? handed
            : isPerson && c.EnteredByAccountId == account ? own
            : c.AgencyId == agency ? agencys
            : none;
    }
}
