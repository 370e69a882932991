using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>
/// Earlier contacts about a child or anyone in the household of a contact, by identification. The household is who is identified in the contact as child, sibling,
/// parent, carer or member of the household, and whom the register says lives with or cares for its children.
/// </summary>
internal sealed class EarlierContacts(RecordReader read)
{
    private static readonly string[] HouseholdKinds = ["mother", "father", "parent", "carer", "sibling", "household"];

    /// <summary>Persons identified in a contact in a role of the household, and those the register puts in the household of its children; merges resolved both ways.</summary>
    public async Task<IReadOnlyCollection<Guid>> HouseholdAsync(Guid contactId, LocalDate today)
    {
        var named = await (
            from m in read.Of<Mention>()
            join i in read.Of<Identification>() on m.Id equals i.MentionId
            where m.ContactId == contactId && i.UndoneAt == null
                && (m.Role == MentionRole.Child || m.Role == MentionRole.Sibling || m.Role == MentionRole.ParentOrCarer || m.Role == MentionRole.HouseholdMember)
            select new { i.PersonId, m.Role }).ToListAsync();
        var persons = named.Select(n => n.PersonId).ToHashSet();
        if (persons.Count == 0) return persons;
        await AddMergedAsync(persons);
        var children = named.Where(n => n.Role is MentionRole.Child or MentionRole.Sibling).Select(n => n.PersonId).ToHashSet();
        await AddMergedAsync(children);
        var kin = await read.Of<Relationship>()
            .Where(r => r.EndedAt == null && (r.To == null || r.To >= today) && HouseholdKinds.Contains(r.Kind) && (children.Contains(r.PersonId) || children.Contains(r.OtherId)))
            .Select(r => new { r.PersonId, r.OtherId })
            .ToListAsync();
        foreach (var k in kin)
        {
            persons.Add(k.PersonId);
            persons.Add(k.OtherId);
        }

        await AddMergedAsync(persons);
        return persons;
    }

    /// <summary>All the identities under which one person may have been recorded: merges followed in both directions.</summary>
    public async Task AddMergedAsync(HashSet<Guid> persons)
    {
        while (true)
        {
            var linked = await read.Of<Resolution>()
                .Where(r => r.EndedAt == null && (persons.Contains(r.FromId) || persons.Contains(r.ToId)))
                .Select(r => new { r.FromId, r.ToId })
                .ToListAsync();
            var before = persons.Count;
            foreach (var l in linked)
            {
                persons.Add(l.FromId);
                persons.Add(l.ToId);
            }

            if (persons.Count == before) return;
        }
    }

    /// <summary>Contacts received before this one within the look-back that name any of the persons, whatever their outcomes. Consultations are no contacts.</summary>
    public IQueryable<Contact> Of(IReadOnlyCollection<Guid> persons, Contact contact, int lookBackMonths)
    {
        var from = contact.ReceivedOn.PlusMonths(-lookBackMonths);
        var received = contact.ReceivedAt;
        var id = contact.Id;
        return read.Of<Contact>().Where(c =>
            c.Id != id && !c.Consultation && c.ReceivedOn >= from && c.ReceivedAt < received
            && read.Of<Mention>().Any(m => m.ContactId == c.Id
                && read.Of<Identification>().Any(i => i.MentionId == m.Id && i.UndoneAt == null && persons.Contains(i.PersonId))));
    }
}
