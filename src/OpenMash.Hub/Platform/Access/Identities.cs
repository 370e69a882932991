using Microsoft.EntityFrameworkCore;
using OpenMash.Records.People;

namespace OpenMash.Hub.Platform.Access;

/// <summary>
/// The resolution map: a person's identities are all the records that merges in force have joined. References keep the person they were made to; every read that
/// follows a person asks here first.
/// </summary>
public static class Identities
{
    /// <summary>All identities of each person, itself included: merges followed in both directions.</summary>
    public static async Task<IReadOnlyDictionary<Guid, HashSet<Guid>>> IdentitiesAsync(this RecordReader read, IReadOnlyCollection<Guid> persons, CancellationToken ct = default)
    {
        var links = await LinksAsync(read, persons, ct);
        var groups = persons.Concat(links.Keys).Concat(links.Values).Distinct().GroupBy(p => Standing(links, p)).ToDictionary(g => g.Key, g => g.ToHashSet());
        return persons.Distinct().ToDictionary(p => p, p => groups[Standing(links, p)]);
    }

    /// <summary>All identities of one person, itself first.</summary>
    public static async Task<IReadOnlyList<Guid>> IdentitiesAsync(this RecordReader read, Guid person, CancellationToken ct = default) =>
        [person, .. (await read.IdentitiesAsync([person], ct))[person].Where(p => p != person).Order()];

    /// <summary>Under whom each person stands: themselves, or whom they were merged into in the end.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Guid>> StandingAsync(this RecordReader read, IReadOnlyCollection<Guid> persons, CancellationToken ct = default)
    {
        var links = await LinksAsync(read, persons, ct);
        return persons.Distinct().ToDictionary(p => p, p => Standing(links, p));
    }

    /// <summary>Follows merges (from, into) from a person to the end.</summary>
    internal static Guid Standing(IReadOnlyDictionary<Guid, Guid> merges, Guid person)
    {
        while (merges.TryGetValue(person, out var into)) person = into;
        return person;
    }

    private static async Task<Dictionary<Guid, Guid>> LinksAsync(RecordReader read, IReadOnlyCollection<Guid> persons, CancellationToken ct)
    {
        var links = new Dictionary<Guid, Guid>();
        var known = persons.ToHashSet();
        var asked = known.ToArray();
        while (asked.Length > 0)
        {
            var found = await read.Of<Resolution>()
                .Where(r => r.EndedAt == null && (asked.Contains(r.FromId) || asked.Contains(r.ToId)))
                .Select(r => new { r.FromId, r.ToId })
                .ToListAsync(ct);
            foreach (var link in found) links[link.FromId] = link.ToId;
            asked = [.. found.SelectMany(l => new[] { l.FromId, l.ToId }).Where(known.Add)];
        }

        return links;
    }
}
