using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Live;
using OpenMash.Records.Accounts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>
/// Who may have an enquiry: the hub's team works it; people who answer for an agency that takes part read it. Seals (on the enquiry, its contact or any person
/// identified in it) and conflicts of interest come before everything else. What an agency may have of each item in it is decided by that item's own mark.
/// </summary>
internal sealed class EnquiryAccess : AccessRule<Enquiry>
{
    /// <summary>The hub's own team sees the whole of a room.</summary>
    internal static bool IsHubTeam(Viewer viewer) => viewer.Kind == ViewerKind.Person && viewer.IsHub && (viewer.WorksInHub || viewer.Has(Roles.Researcher));

    public override Expression<Func<Enquiry, int>> For(Viewer viewer, RecordContext db, Instant now)
    {
        if (viewer.IsSystem) return e => Verdict.Code(AccessLevel.Work, AccessReason.SystemActor);
        if (viewer.Kind != ViewerKind.Person || viewer.AgencyId is not { } agency) return e => 0;
        var hub = IsHubTeam(viewer);
        if (!hub && !viewer.Has(Roles.Researcher)) return e => 0;

        const int work = VerdictCode.HubWork, cleared = VerdictCode.ClearedWork,
            glass = VerdictCode.BreakGlassRead, pointer = VerdictCode.SealedPointer,
            conflict = VerdictCode.Conflict, inside = VerdictCode.RoomRead;
        var mine = db.Set<Participant>().Where(p => p.AgencyId == agency && p.LeftAt == null);
        var seals = viewer.NeedSeals().Reached;
        if (seals.IsEmpty)
        {
            if (hub) return e => work;
            return e => mine.Any(p => p.EnquiryId == e.Id) ? inside : 0;
        }

        var (barred, shut, secret, opened, uncleared, allSealed) = (seals.InConflict, seals.Shut, seals.Secret, seals.Opened, seals.Uncleared, seals.Sealed);
        return e =>
            !hub && !mine.Any(p => p.EnquiryId == e.Id) ? 0
            : EF.Parameter(barred).Contains(e.Id) || EF.Parameter(barred).Contains(e.ContactId) ? conflict
            : (EF.Parameter(shut).Contains(e.Id) || EF.Parameter(shut).Contains(e.ContactId)) && !EF.Parameter(opened).Contains(e.Id) && !EF.Parameter(opened).Contains(e.ContactId)
                ? (EF.Parameter(secret).Contains(e.Id) || EF.Parameter(secret).Contains(e.ContactId) ? 0 : pointer)
            : EF.Parameter(uncleared).Contains(e.Id) || EF.Parameter(uncleared).Contains(e.ContactId) ? glass
            : EF.Parameter(allSealed).Contains(e.Id) || EF.Parameter(allSealed).Contains(e.ContactId) ? cleared
            : hub ? work : inside;
    }
}

/// <summary>An enquiry's verdict, to which the rules of what lies in it refer.</summary>
internal sealed class EnquiryCode
{
    public Guid Id { get; init; }

    public int Code { get; init; }

    public bool ViewsOpen { get; init; }
}

/// <summary>Base of the rules on what lies in a room: nobody has more of it than of the enquiry itself.</summary>
internal abstract class InRoomAccess<T> : AccessRule<T>
    where T : DomainRow
{
    internal const int Read = (int)AccessLevel.Read * 100;

    public override Expression<Func<T, int>> For(Viewer viewer, RecordContext db, Instant now)
    {
        if (viewer.IsSystem) return r => Verdict.Code(AccessLevel.Work, AccessReason.SystemActor);
        if (viewer.Kind != ViewerKind.Person || viewer.AgencyId is not { } agency) return r => 0;
        return Rule(new Face(viewer, agency, EnquiryAccess.IsHubTeam(viewer)), Codes(viewer, db, now), db, now);
    }

    protected abstract Expression<Func<T, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now);

    protected sealed record Face(Viewer Viewer, Guid Agency, bool Hub);

    private static IQueryable<EnquiryCode> Codes(Viewer viewer, RecordContext db, Instant now)
    {
        var rule = new EnquiryAccess().For(viewer, db, now);
        var e = rule.Parameters[0];
        var made = Expression.MemberInit(
            Expression.New(typeof(EnquiryCode)),
            Expression.Bind(typeof(EnquiryCode).GetProperty(nameof(EnquiryCode.Id))!, Expression.Property(e, nameof(Enquiry.Id))),
            Expression.Bind(typeof(EnquiryCode).GetProperty(nameof(EnquiryCode.Code))!, rule.Body),
            Expression.Bind(
                typeof(EnquiryCode).GetProperty(nameof(EnquiryCode.ViewsOpen))!,
                Expression.NotEqual(Expression.Property(e, nameof(Enquiry.ViewsOpenedAt)), Expression.Constant(null, typeof(Instant?)))));
        return db.Set<Enquiry>().Select(Expression.Lambda<Func<Enquiry, EnquiryCode>>(made, e));
    }
}

/// <summary>What everyone in the room has alike.</summary>
internal sealed class LineAccess : InRoomAccess<EnquiryLine>
{
    protected override Expression<Func<EnquiryLine, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now) =>
        r => enquiries.Where(e => e.Id == r.EnquiryId && e.Code >= Read).Select(e => e.Code).FirstOrDefault();
}

/// <summary>Who takes part is known to all who do.</summary>
internal sealed class ParticipantAccess : InRoomAccess<Participant>
{
    protected override Expression<Func<Participant, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now) =>
        r => enquiries.Where(e => e.Id == r.EnquiryId && e.Code >= Read).Select(e => e.Code).FirstOrDefault();
}

/// <summary>
/// Who was asked, by when, and how it stands is visible to every agency in the room (<see cref="AccessLevel.Part"/>); the words asked and answered to the hub and the
/// agency asked, and to others only as a contribution by its mark.
/// </summary>
internal sealed class CheckAccess : InRoomAccess<AgencyCheck>
{
    protected override Expression<Func<AgencyCheck, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now)
    {
        var (agency, hub) = (face.Agency, face.Hub);
        const int part = VerdictCode.RoomPart;
        return c => enquiries.Where(e => e.Id == c.EnquiryId && e.Code >= Read).Select(e => hub || c.AgencyId == agency ? e.Code : part).FirstOrDefault();
    }
}

/// <summary>The mark that the owning agency set decides: its own always, the hub the whole except what is sealed from it, others as marked.</summary>
internal sealed class ContributionAccess : InRoomAccess<Contribution>
{
    protected override Expression<Func<Contribution, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now)
    {
        var (agency, hub) = (face.Agency, face.Hub);
        const int pointer = VerdictCode.SealedPointer, inside = VerdictCode.RoomRead;
        var (shut, secret) = (face.Viewer.NeedSeals().Reached.Shut, face.Viewer.NeedSeals().Reached.Secret);
        return c =>
            !enquiries.Any(e => e.Id == c.EnquiryId && e.Code >= Read) ? 0
            : c.AgencyId == agency ? inside
            : EF.Parameter(shut).Contains(c.Id) ? (hub && !EF.Parameter(secret).Contains(c.Id) ? pointer : 0)
            : hub ? enquiries.Where(e => e.Id == c.EnquiryId).Select(e => e.Code).FirstOrDefault()
            : c.MaySee == MaySee.EveryAgencyInTheRoom || (c.MaySee == MaySee.NamedAgencies && c.NamedAgencies.Contains(agency)) ? inside
            : 0;
    }
}

/// <summary>The discussion is heard by all who take part.</summary>
internal sealed class MessageAccess : InRoomAccess<RoomMessage>
{
    protected override Expression<Func<RoomMessage, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now) =>
        r => enquiries.Where(e => e.Id == r.EnquiryId && e.Code >= Read).Select(e => e.Code).FirstOrDefault();
}

/// <summary>
/// Blind until opened: before that, an agency has its own view, and of the others' (the hub's people too) only that they are in.
/// </summary>
internal sealed class ViewAccess : InRoomAccess<AgencyView>
{
    protected override Expression<Func<AgencyView, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now)
    {
        var agency = face.Agency;
        const int pointer = VerdictCode.RoomPointer;
        return v => enquiries.Where(e => e.Id == v.EnquiryId && e.Code >= Read).Select(e => e.ViewsOpen || v.AgencyId == agency ? e.Code : pointer).FirstOrDefault();
    }
}

internal sealed class DecisionAccess : InRoomAccess<RoomDecision>
{
    protected override Expression<Func<RoomDecision, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now) =>
        r => enquiries.Where(e => e.Id == r.EnquiryId && e.Code >= Read).Select(e => e.Code).FirstOrDefault();
}

/// <summary>Frozen evidence names items that some agencies may not see: the hub only.</summary>
internal sealed class EvidenceAccess : InRoomAccess<DecisionEvidence>
{
    protected override Expression<Func<DecisionEvidence, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now)
    {
        if (!face.Hub) return r => 0;
        var decisions = db.Set<RoomDecision>();
        return r => enquiries.Where(e => e.Code >= Read && decisions.Any(d => d.Id == r.DecisionId && d.EnquiryId == e.Id)).Select(e => e.Code).FirstOrDefault();
    }
}

internal sealed class PositionAccess : InRoomAccess<DecisionPosition>
{
    protected override Expression<Func<DecisionPosition, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now)
    {
        var decisions = db.Set<RoomDecision>();
        return r => enquiries.Where(e => e.Code >= Read && decisions.Any(d => d.Id == r.DecisionId && d.EnquiryId == e.Id)).Select(e => e.Code).FirstOrDefault();
    }
}

internal sealed class EscalationAccess : InRoomAccess<Escalation>
{
    protected override Expression<Func<Escalation, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now) =>
        r => enquiries.Where(e => e.Id == r.EnquiryId && e.Code >= Read).Select(e => e.Code).FirstOrDefault();
}

internal sealed class EscalationStepAccess : InRoomAccess<EscalationStep>
{
    protected override Expression<Func<EscalationStep, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now)
    {
        var escalations = db.Set<Escalation>();
        return r => enquiries.Where(e => e.Code >= Read && escalations.Any(x => x.Id == r.EscalationId && x.EnquiryId == e.Id)).Select(e => e.Code).FirstOrDefault();
    }
}

/// <summary>The short queue of decisions to look at again is the hub's.</summary>
internal sealed class LookAgainAccess : InRoomAccess<LookAgain>
{
    protected override Expression<Func<LookAgain, int>> Rule(Face face, IQueryable<EnquiryCode> enquiries, RecordContext db, Instant now)
    {
        if (!face.Hub) return r => 0;
        return r => enquiries.Where(e => e.Id == r.EnquiryId && e.Code >= Read).Select(e => e.Code).FirstOrDefault();
    }
}

/// <summary>How far one has read is one's own.</summary>
internal sealed class SeenAccess : AccessRule<RoomSeen>
{
    public override Expression<Func<RoomSeen, int>> For(Viewer viewer, RecordContext db, Instant now)
    {
        if (viewer.AccountId is not { } account) return r => 0;
        const int own = VerdictCode.OwnWork;
        return r => r.AccountId == account ? own : 0;
    }
}

/// <summary>Who may see a contribution may have its files.</summary>
internal sealed class ContributionFiles(RecordReader read) : IFileOwner
{
    public string Kind => nameof(Contribution);

    public Task<Verdict> VerdictAsync(Viewer viewer, Guid ownerId, CancellationToken ct) => read.VerdictAsync<Contribution>(viewer, ownerId, ct);
}

/// <summary>
/// Groups of a room: <c>enquiry:ID</c> for what everyone in it may know, <c>enquiry:ID:hub</c> and <c>enquiry:ID:AGENCY</c> for items marked for fewer, so that not
/// even the moment of such an item tells the others of it.
/// </summary>
internal sealed class EnquiryGroup(RecordReader read) : ILiveGroup
{
    public string Prefix => "enquiry";

    public async Task<bool> MayJoinAsync(Viewer viewer, string rest, CancellationToken ct)
    {
        var parts = rest.Split(':');
        if (parts.Length > 2 || !Guid.TryParse(parts[0], out var id)) return false;
        if ((await read.VerdictAsync<Enquiry>(viewer, id, ct)).Level < AccessLevel.Read) return false;
        if (parts.Length == 1) return true;
        return parts[1] == "hub" ? EnquiryAccess.IsHubTeam(viewer) : Guid.TryParse(parts[1], out var agency) && agency == viewer.AgencyId;
    }
}

/// <summary>Checks asked of an agency: <c>checks:AGENCY</c>.</summary>
internal sealed class ChecksGroup : ILiveGroup
{
    public string Prefix => "checks";

    public Task<bool> MayJoinAsync(Viewer viewer, string rest, CancellationToken ct) =>
        Task.FromResult(viewer.Has(Roles.Researcher) && Guid.TryParse(rest, out var agency) && agency == viewer.AgencyId);
}
