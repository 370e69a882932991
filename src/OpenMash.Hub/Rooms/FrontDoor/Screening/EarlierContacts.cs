using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>What the search for earlier contacts needs to know of a contact.</summary>
internal sealed record ContactKey(Guid Id, Instant ReceivedAt, LocalDate ReceivedOn);

/// <summary>A contact received before, and why it is one of the earlier ones.</summary>
internal sealed record EarlierContact(Guid ContactId, Instant ReceivedAt);

/// <summary>
/// Earlier contacts about a child or anyone in the household of a contact, by identification. The household is who is identified in the contact as child, sibling,
/// parent, carer or member of the household, and whom the register says lives with or cares for its children. The queue's number, the contact's list and the rule of
/// the second person all come from here.
/// </summary>
internal sealed class EarlierContacts(RecordReader read)
{
    private static readonly string[] HouseholdKinds = ["mother", "father", "parent", "carer", "sibling", "household"];

    /// <summary>For each contact, those received before it within the look-back that name any person of its household, newest first, whatever their outcomes.</summary>
    /// <param name="contacts">The contacts asked about.</param>
    /// <param name="among">The contacts that may count: what the viewer may know of. Consultations are no contacts and never count.</param>
    /// <param name="lookBackMonths">How far back.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<EarlierContact>>> OfAsync(IReadOnlyCollection<ContactKey> contacts, IQueryable<Contact> among, int lookBackMonths, CancellationToken ct = default)
    {
        var none = contacts.ToDictionary(c => c.Id, _ => (IReadOnlyList<EarlierContact>)[]);
        var households = await HouseholdsAsync(contacts, ct);
        var everyone = households.Values.SelectMany(h => h).ToHashSet();
        if (everyone.Count == 0) return none;

        var since = contacts.Min(c => c.ReceivedOn).PlusMonths(-lookBackMonths);
        var found = await (
            from i in read.Of<Identification>()
            join m in read.Of<Mention>() on i.MentionId equals m.Id
            join c in among on m.ContactId equals c.Id
            where i.UndoneAt == null && everyone.Contains(i.PersonId) && !c.Consultation && c.ReceivedOn >= since
            select new { i.PersonId, c.Id, c.ReceivedAt, c.ReceivedOn }).ToListAsync(ct);
        var byPerson = found.ToLookup(f => f.PersonId);
        foreach (var contact in contacts)
        {
            var first = contact.ReceivedOn.PlusMonths(-lookBackMonths);
            none[contact.Id] = [.. households[contact.Id]
                .SelectMany(p => byPerson[p])
                .Where(f => f.Id != contact.Id && f.ReceivedAt < contact.ReceivedAt && f.ReceivedOn >= first)
                .DistinctBy(f => f.Id)
                .OrderByDescending(f => f.ReceivedAt)
                .Select(f => new EarlierContact(f.Id, f.ReceivedAt))];
        }

        return none;
    }

    /// <summary>The persons of each contact's household, each under every identity that a merge has joined.</summary>
    public async Task<IReadOnlyDictionary<Guid, HashSet<Guid>>> HouseholdsAsync(IReadOnlyCollection<ContactKey> contacts, CancellationToken ct = default)
    {
        var ids = contacts.Select(c => c.Id).ToArray();
        var named = await (
            from m in read.Of<Mention>()
            join i in read.Of<Identification>() on m.Id equals i.MentionId
            where ids.Contains(m.ContactId) && i.UndoneAt == null
                && (m.Role == MentionRole.Child || m.Role == MentionRole.Sibling || m.Role == MentionRole.ParentOrCarer || m.Role == MentionRole.HouseholdMember)
            select new { m.ContactId, i.PersonId, m.Role }).ToListAsync(ct);
        var same = await read.ResolveAsync(named.Select(n => n.PersonId).ToHashSet(), ct);
        var children = named.Where(n => n.Role is MentionRole.Child or MentionRole.Sibling).SelectMany(n => same.Of(n.PersonId)).ToHashSet();
        var kin = children.Count == 0
            ? []
            : await read.Of<Relationship>()
                .Where(r => r.EndedAt == null && r.To == null && HouseholdKinds.Contains(r.Kind) && (children.Contains(r.PersonId) || children.Contains(r.OtherId)))
                .Select(r => new { r.PersonId, r.OtherId })
                .ToListAsync(ct);
        var kinSame = await read.ResolveAsync(kin.SelectMany(k => new[] { k.PersonId, k.OtherId }).ToHashSet(), ct);

        var households = contacts.ToDictionary(c => c.Id, _ => new HashSet<Guid>());
        foreach (var n in named)
        {
            var household = households[n.ContactId];
            household.UnionWith(same.Of(n.PersonId));
            if (n.Role is not (MentionRole.Child or MentionRole.Sibling)) continue;
            foreach (var k in kin.Where(k => same.Of(n.PersonId).Contains(k.PersonId) || same.Of(n.PersonId).Contains(k.OtherId)))
            {
                household.UnionWith(kinSame.Of(k.PersonId));
                household.UnionWith(kinSame.Of(k.OtherId));
            }
        }

        return households;
    }
}
