using System.Linq.Expressions;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

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
        var seals = db.Set<Seal>().Where(s => s.EndedAt == null);
        var clearances = db.Set<Clearance>().Where(c => c.AccountId == account && c.EndedAt == null);
        var glasses = db.Set<BreakGlass>().Where(b => b.AccountId == account && b.From <= now && b.Until > now);
        var conflicts = db.Set<ConflictOfInterest>().Where(c => c.AccountId == account && c.EndedAt == null);
        // Everything by which a contact can be sealed or in conflict: itself, and each person identified in it.
        var subjects =
            from i in db.Set<Identification>()
            join m in db.Set<Mention>() on i.MentionId equals m.Id
            where i.UndoneAt == null
            select new { m.ContactId, i.PersonId };

        return c =>
            conflicts.Any(x => x.SubjectId == c.Id || subjects.Any(s => s.ContactId == c.Id && s.PersonId == x.SubjectId)) ? conflict
            : seals.Any(x => (x.SubjectId == c.Id || subjects.Any(s => s.ContactId == c.Id && s.PersonId == x.SubjectId))
                && !clearances.Any(k => k.SealId == x.Id) && !glasses.Any(g => g.SubjectId == x.SubjectId || g.SubjectId == c.Id))
                ? (isPerson && c.EnteredByAccountId == account && !hub ? own
                    : hub && !seals.Any(x => x.SecretExistence && (x.SubjectId == c.Id || subjects.Any(s => s.ContactId == c.Id && s.PersonId == x.SubjectId))) ? pointer : none)
            : hub ? (seals.Any(x => x.SubjectId == c.Id || subjects.Any(s => s.ContactId == c.Id && s.PersonId == x.SubjectId))
                ? (glasses.Any(g => g.SubjectId == c.Id || subjects.Any(s => s.ContactId == c.Id && s.PersonId == g.SubjectId)) ? glass : cleared) : work)
            : isPerson && handOvers.Any(h => h.SubjectId == c.Id || lines.Any(l => l.ContactId == c.Id && l.Id == h.SubjectId)) ? handed
            : designated && lines.Any(l => l.ContactId == c.Id && allegations.Any(a => a.LineId == l.Id)) ? handed
            : isPerson && c.EnteredByAccountId == account ? own
            : c.AgencyId == agency ? agencys
            : none;
    }
}
