using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Platform.Access;

/// <summary>A person identified in a contact: by them, too, a contact and its enquiries can be sealed or in conflict.</summary>
public sealed class ContactSubject
{
    public Guid ContactId { get; init; }

    public Guid PersonId { get; init; }
}

/// <summary>The parts that access rules on records of children share: what is sealed, who is cleared, who broke glass, who is in conflict. All of them translatable.</summary>
public sealed class SealedSubjects
{
    public SealedSubjects(Viewer viewer, RecordContext db, NodaTime.Instant now)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        ArgumentNullException.ThrowIfNull(db);
        var account = viewer.AccountId ?? Guid.Empty;
        Seals = db.Set<Seal>().Where(s => s.EndedAt == null);
        var clearances = db.Set<Clearance>().Where(c => c.AccountId == account && c.EndedAt == null);
        Shut = Seals.Where(s => !clearances.Any(c => c.SealId == s.Id));
        Glasses = db.Set<BreakGlass>().Where(b => b.AccountId == account && b.From <= now && b.Until > now);
        Conflicts = db.Set<ConflictOfInterest>().Where(c => c.AccountId == account && c.EndedAt == null);
        Subjects =
            from i in db.Set<Identification>()
            join m in db.Set<Mention>() on i.MentionId equals m.Id
            where i.UndoneAt == null
            select new ContactSubject { ContactId = m.ContactId, PersonId = i.PersonId };
    }

    /// <summary>Seals that hold.</summary>
    public IQueryable<Seal> Seals { get; }

    /// <summary>Seals that hold and for which the viewer is not cleared.</summary>
    public IQueryable<Seal> Shut { get; }

    /// <summary>The viewer's break-glass that holds now.</summary>
    public IQueryable<BreakGlass> Glasses { get; }

    /// <summary>Conflicts of interest of the viewer.</summary>
    public IQueryable<ConflictOfInterest> Conflicts { get; }

    /// <summary>Persons identified in contacts.</summary>
    public IQueryable<ContactSubject> Subjects { get; }
}
