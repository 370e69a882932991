using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>A person, contact or enquiry, by its reference.</summary>
internal sealed record Subject(string Kind, Guid Id, string Reference)
{
    /// <summary>"contact R-2026-000418": a reference and never a name.</summary>
    public string Words => $"{Kind.ToLowerInvariant()} {Reference}";
}

/// <summary>Finds what can be sealed, held or embargoed, and says which seals bear on it.</summary>
internal static class Subjects
{
    public static readonly IReadOnlyList<string> Kinds = ["Contact", "Enquiry", "Person"];

    /// <summary>"contact" of an address becomes "Contact"; null where it is none of the three.</summary>
    public static string? Kind(string? typed) => Kinds.FirstOrDefault(k => string.Equals(k, typed, StringComparison.OrdinalIgnoreCase));

    public static async Task<Subject?> FindAsync(RecordReader read, string? kind, Guid id)
    {
        var reference = Kind(kind) switch
        {
            "Contact" => await read.Of<Contact>().Where(c => c.Id == id).Select(c => c.Reference).SingleOrDefaultAsync(),
            "Enquiry" => await read.Of<Enquiry>().Where(c => c.Id == id).Select(c => c.Reference).SingleOrDefaultAsync(),
            "Person" => await read.Of<Person>().Where(c => c.Id == id).Select(c => c.Reference).SingleOrDefaultAsync(),
            _ => null,
        };
        return reference is null ? null : new Subject(Kind(kind)!, id, reference);
    }

    /// <summary>By the reference that people read out.</summary>
    public static async Task<Subject?> ByReferenceAsync(RecordReader read, string? typed)
    {
        var reference = (typed ?? "").Trim().ToUpperInvariant();
        if (reference.Length == 0) return null;
        if (await read.Of<Contact>().Where(c => c.Reference == reference).Select(c => (Guid?)c.Id).SingleOrDefaultAsync() is { } contact) return new Subject("Contact", contact, reference);
        if (await read.Of<Enquiry>().Where(c => c.Reference == reference).Select(c => (Guid?)c.Id).SingleOrDefaultAsync() is { } enquiry) return new Subject("Enquiry", enquiry, reference);
        if (await read.Of<Person>().Where(c => c.Reference == reference).Select(c => (Guid?)c.Id).SingleOrDefaultAsync() is { } person) return new Subject("Person", person, reference);
        return null;
    }

    /// <summary>The seals that hide a subject: its own, its contact's, and those of the persons identified in it.</summary>
    public static async Task<List<Seal>> SealsOnAsync(RecordReader read, Subject subject)
    {
        var ids = new List<Guid> { subject.Id };
        Guid? contact = subject.Kind switch
        {
            "Contact" => subject.Id,
            "Enquiry" => await read.Of<Enquiry>().Where(e => e.Id == subject.Id).Select(e => (Guid?)e.ContactId).SingleOrDefaultAsync(),
            _ => null,
        };
        if (contact is { } c)
        {
            ids.Add(c);
            ids.AddRange(await (
                from i in read.Of<Identification>()
                join m in read.Of<Mention>() on i.MentionId equals m.Id
                where i.UndoneAt == null && m.ContactId == c
                select i.PersonId).Distinct().ToListAsync());
        }

        return await read.Of<Seal>().Where(s => s.EndedAt == null && ids.Contains(s.SubjectId)).ToListAsync();
    }

    /// <summary>True where a secret seal that does not clear this account bears on the subject: to them it does not exist.</summary>
    public static async Task<bool> IsSecretToAsync(RecordReader read, Subject subject, Viewer viewer)
    {
        var secret = (await SealsOnAsync(read, subject)).Where(s => s.SecretExistence).Select(s => s.Id).ToList();
        if (secret.Count == 0) return false;
        var cleared = await read.Of<Clearance>().Where(c => c.AccountId == viewer.AccountId && c.EndedAt == null && secret.Contains(c.SealId)).Select(c => c.SealId).Distinct().CountAsync();
        return cleared < secret.Count;
    }

    /// <summary>
    /// Whether the viewer knows of the subject: by its room's access rule, or at least not hidden by a secret seal where no rule is registered.
    /// </summary>
    public static async Task<bool> IsKnownToAsync(RecordReader read, RoomCatalogue rooms, Subject subject, Viewer viewer)
    {
        if (await IsSecretToAsync(read, subject, viewer)) return false;
        return subject.Kind switch
        {
            "Contact" when rooms.EntitiesWithAccess.Contains(typeof(Contact)) => await AtLeastPointerAsync<Contact>(read, subject, viewer),
            "Enquiry" when rooms.EntitiesWithAccess.Contains(typeof(Enquiry)) => await AtLeastPointerAsync<Enquiry>(read, subject, viewer),
            "Person" when rooms.EntitiesWithAccess.Contains(typeof(Person)) => await AtLeastPointerAsync<Person>(read, subject, viewer),
            _ => true,
        };
    }

    private static async Task<bool> AtLeastPointerAsync<T>(RecordReader read, Subject subject, Viewer viewer)
        where T : DomainRow
    {
        var verdict = await read.VerdictAsync<T>(viewer, subject.Id);
        return verdict.Level > AccessLevel.None || verdict.Reason == AccessReason.Conflict;
    }
}
