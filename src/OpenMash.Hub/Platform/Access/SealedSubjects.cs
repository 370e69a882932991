using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Platform.Access;

/// <summary>
/// What access rules on records of children share, as sets of ids: what is sealed, what is shut to this viewer, what they are in conflict with. A subject is a person,
/// a contact, an enquiry or a contribution. A seal covers the identity on which it was set, and what a merge joins to it stays what it was; a conflict is with the person
/// under every identity. Found once for a request or an act (inside its
/// transaction) and handed to every statement: seals are few, and to find them anew in each statement took longer than the statement itself, on PostgreSQL to plan it too.
/// </summary>
public sealed class SealedSubjects
{
    private SealedSubjects(SubjectSet direct, SubjectSet reached) => (Direct, Reached) = (direct, reached);

    /// <summary>Nothing is sealed and nobody in conflict.</summary>
    public static SealedSubjects None { get; } = new(SubjectSet.Empty, SubjectSet.Empty);

    /// <summary>The subjects themselves: for the rule of persons.</summary>
    public SubjectSet Direct { get; }

    /// <summary>The subjects and the contacts in which one of them is identified: for all other rules.</summary>
    public SubjectSet Reached { get; }

    /// <summary>As it stands in the record now, for one viewer. The hub's own work and the public have no need of it.</summary>
    public static async Task<SealedSubjects> LoadAsync(RecordContext db, Viewer viewer, Instant now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(viewer);
        if (viewer.AgencyId is null) return None;
        var account = viewer.AccountId ?? Guid.Empty;
        var found = await db.Set<Seal>().AsNoTracking().Where(s => s.EndedAt == null)
            .Select(s => new { s.SubjectId, Kind = "seal", Secret = s.SecretExistence, Cleared = db.Set<Clearance>().Any(c => c.SealId == s.Id && c.AccountId == account && c.EndedAt == null) })
            .Concat(db.Set<BreakGlass>().AsNoTracking().Where(b => b.AccountId == account && b.From <= now && b.Until > now).Select(b => new { b.SubjectId, Kind = "glass", Secret = false, Cleared = false }))
            .Concat(db.Set<ConflictOfInterest>().AsNoTracking().Where(c => c.AccountId == account && c.EndedAt == null).Select(c => new { c.SubjectId, Kind = "conflict", Secret = false, Cleared = false }))
            .ToListAsync(ct);
        if (found.Count == 0) return None;

        Guid[] conflicts = [.. found.Where(f => f.Kind == "conflict").Select(f => f.SubjectId)];
        var barred = conflicts.Length == 0 ? [] : (await Identities.ResolveAsync(db, conflicts, ct)).Everyone.ToHashSet();
        var opened = found.Where(f => f.Kind == "glass").Select(f => f.SubjectId).ToHashSet();
        var seals = found.Where(f => f.Kind == "seal").ToList();
        var uncleared = seals.Where(s => !s.Cleared).ToList();
        var shut = uncleared.Where(s => !opened.Contains(s.SubjectId)).ToList();
        var sets = new SubjectSet(
            [.. seals.Select(s => s.SubjectId).Distinct()],
            [.. uncleared.Select(s => s.SubjectId).Distinct()],
            [.. shut.Select(s => s.SubjectId).Distinct()],
            [.. shut.Where(s => s.Secret).Select(s => s.SubjectId).Distinct()],
            [.. opened],
            [.. barred]);

        Guid[] persons = [.. sets.Sealed.Union(sets.InConflict)];
        var identified = await (
            from i in db.Set<Identification>().AsNoTracking()
            join m in db.Set<Mention>().AsNoTracking() on i.MentionId equals m.Id
            where i.UndoneAt == null && EF.Parameter(persons).Contains(i.PersonId)
            select new { i.PersonId, m.ContactId }).ToListAsync(ct);
        var contacts = identified.ToLookup(r => r.PersonId, r => r.ContactId);
        Guid[] Reach(Guid[] subjects) => [.. subjects.Union(subjects.SelectMany(s => contacts[s]))];
        return new SealedSubjects(
            sets,
            sets with { Sealed = Reach(sets.Sealed), Uncleared = Reach(sets.Uncleared), Shut = Reach(sets.Shut), Secret = Reach(sets.Secret), InConflict = Reach(sets.InConflict) });
    }
}

/// <summary>The sets of one viewer.</summary>
/// <param name="Sealed">Under a seal that holds.</param>
/// <param name="Uncleared">Under a seal for which the viewer is not cleared, whether they broke glass or not.</param>
/// <param name="Shut">Under a seal for which the viewer is neither cleared nor broke glass on what it seals.</param>
/// <param name="Secret">Those of <paramref name="Shut"/> whose very existence is secret.</param>
/// <param name="Opened">What the viewer broke glass on, and may open for now whatever shuts it.</param>
/// <param name="InConflict">What the viewer has a conflict of interest with.</param>
public sealed record SubjectSet(Guid[] Sealed, Guid[] Uncleared, Guid[] Shut, Guid[] Secret, Guid[] Opened, Guid[] InConflict)
{
    public static SubjectSet Empty { get; } = new([], [], [], [], [], []);

    /// <summary>Neither seal nor conflict touches this viewer: rules leave that part out.</summary>
    public bool IsEmpty => Sealed.Length == 0 && InConflict.Length == 0;
}
