using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Platform.Access;

/// <summary>
/// What access rules on records of children share, as sets of ids: what is sealed, what is shut to this viewer, what they are in conflict with. Each set holds the
/// subjects themselves (persons, contacts, enquiries, contributions) and the contacts in which such a person is identified. None depends on the row that is judged,
/// so that a database finds each once for a statement, however many rows and seals there are.
/// </summary>
public sealed class SealedSubjects
{
    /// <param name="viewer">Who asks.</param>
    /// <param name="db">The record.</param>
    /// <param name="now">The moment.</param>
    /// <param name="throughContacts">Whether the contacts in which a subject is identified are reached too; the persons' own rule needs them not.</param>
    public SealedSubjects(Viewer viewer, RecordContext db, NodaTime.Instant now, bool throughContacts = true)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        ArgumentNullException.ThrowIfNull(db);
        var account = viewer.AccountId ?? Guid.Empty;
        var clearances = db.Set<Clearance>().Where(c => c.AccountId == account && c.EndedAt == null);
        var glasses = db.Set<BreakGlass>().Where(b => b.AccountId == account && b.From <= now && b.Until > now);
        var seals = db.Set<Seal>().Where(s => s.EndedAt == null);
        var uncleared = seals.Where(s => !clearances.Any(c => c.SealId == s.Id));
        var shut = uncleared.Where(s => !glasses.Any(g => g.SubjectId == s.SubjectId));
        IQueryable<Guid> Reached(IQueryable<Guid> subjects) => throughContacts ? ReachedThroughContacts(db, subjects) : subjects;
        Opened = glasses.Select(g => g.SubjectId);
        Sealed = Reached(seals.Select(s => s.SubjectId));
        Uncleared = Reached(uncleared.Select(s => s.SubjectId));
        Shut = Reached(shut.Select(s => s.SubjectId));
        Secret = Reached(shut.Where(s => s.SecretExistence).Select(s => s.SubjectId));
        // A merge that came after the conflict was declared shuts out of what it joined too; two steps reach everyone under one standing record.
        var declared = db.Set<ConflictOfInterest>().Where(c => c.AccountId == account && c.EndedAt == null).Select(c => c.SubjectId);
        InConflict = Reached(WithJoined(db, WithJoined(db, declared)));
    }

    /// <summary>Under a seal that holds.</summary>
    public IQueryable<Guid> Sealed { get; }

    /// <summary>Under a seal for which the viewer is not cleared, whether they broke glass or not.</summary>
    public IQueryable<Guid> Uncleared { get; }

    /// <summary>Under a seal for which the viewer is neither cleared nor broke glass on what it seals.</summary>
    public IQueryable<Guid> Shut { get; }

    /// <summary>Those of <see cref="Shut"/> whose very existence is secret.</summary>
    public IQueryable<Guid> Secret { get; }

    /// <summary>What the viewer broke glass on, and may open for now whatever shuts it.</summary>
    public IQueryable<Guid> Opened { get; }

    /// <summary>What the viewer has a conflict of interest with.</summary>
    public IQueryable<Guid> InConflict { get; }

    private static IQueryable<Guid> WithJoined(RecordContext db, IQueryable<Guid> subjects)
    {
        var merges = db.Set<Resolution>().Where(r => r.EndedAt == null);
        return subjects
            .Concat(merges.Where(r => subjects.Contains(r.FromId)).Select(r => r.ToId))
            .Concat(merges.Where(r => subjects.Contains(r.ToId)).Select(r => r.FromId));
    }

    private static IQueryable<Guid> ReachedThroughContacts(RecordContext db, IQueryable<Guid> subjects) => subjects.Concat(
        from i in db.Set<Identification>()
        join m in db.Set<Mention>() on i.MentionId equals m.Id
        where i.UndoneAt == null && subjects.Contains(i.PersonId)
        select m.ContactId);
}
