using Microsoft.EntityFrameworkCore;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Platform.Access;

/// <summary>
/// The resolution map: a person's identities are all the records that merges in force have joined. References keep the person they were made to; every read that
/// follows a person asks here first.
/// </summary>
public static class Identities
{
    /// <summary>Asks the map for these persons once: under whom each stands, and what stands with each.</summary>
    public static async Task<IdentityMap> ResolveAsync(this RecordReader read, IReadOnlyCollection<Guid> persons, CancellationToken ct = default) => new(persons, await LinksAsync(read.Of<Resolution>(), persons, ct));

    internal static async Task<IdentityMap> ResolveAsync(RecordContext db, IReadOnlyCollection<Guid> persons, CancellationToken ct) => new(persons, await LinksAsync(db.Set<Resolution>().AsNoTracking(), persons, ct));

    /// <summary>All identities of one person, itself first.</summary>
    public static async Task<IReadOnlyList<Guid>> IdentitiesAsync(this RecordReader read, Guid person, CancellationToken ct = default) =>
        (await read.ResolveAsync([person], ct)).ItselfFirst(person);

    private static async Task<Dictionary<Guid, Guid>> LinksAsync(IQueryable<Resolution> resolutions, IReadOnlyCollection<Guid> persons, CancellationToken ct)
    {
        var links = new Dictionary<Guid, Guid>();
        var known = persons.ToHashSet();
        var asked = known.ToArray();
        while (asked.Length > 0)
        {
            // One parameter however many are asked about: a night's matches ask for tens of thousands, and SQLite takes 32,766 parameters and is slow long before.
            var found = await resolutions
                .Where(r => r.EndedAt == null && (EF.Parameter(asked).Contains(r.FromId) || EF.Parameter(asked).Contains(r.ToId)))
                .Select(r => new { r.FromId, r.ToId })
                .ToListAsync(ct);
            foreach (var link in found) links[link.FromId] = link.ToId;
            asked = [.. found.SelectMany(l => new[] { l.FromId, l.ToId }).Where(known.Add)];
        }

        return links;
    }
}

/// <summary>The resolution map as far as some persons reach in it.</summary>
public sealed class IdentityMap
{
    private readonly IReadOnlyDictionary<Guid, Guid> _merges;
    private readonly Dictionary<Guid, HashSet<Guid>> _groups;

    internal IdentityMap(IReadOnlyCollection<Guid> persons, IReadOnlyDictionary<Guid, Guid> merges)
    {
        _merges = merges;
        _groups = persons.Concat(merges.Keys).Concat(merges.Values).Distinct().GroupBy(Standing).ToDictionary(g => g.Key, g => g.ToHashSet());
    }

    /// <summary>All the persons asked about, under every identity.</summary>
    public IReadOnlyCollection<Guid> Everyone => [.. _groups.Values.SelectMany(g => g)];

    /// <summary>Under whom a person stands: themselves, or whom they were merged into in the end.</summary>
    public Guid Standing(Guid person) => Follow(_merges, person);

    /// <summary>All identities of a person, itself included: merges followed in both directions.</summary>
    public IReadOnlyCollection<Guid> Of(Guid person) => _groups[Standing(person)];

    public IReadOnlyList<Guid> ItselfFirst(Guid person) => [person, .. Of(person).Where(p => p != person).Order()];

    public bool AreOne(Guid first, Guid second) => Standing(first) == Standing(second);

    /// <summary>Follows merges (from, into) from a person to the end.</summary>
    internal static Guid Follow(IReadOnlyDictionary<Guid, Guid> merges, Guid person)
    {
        while (merges.TryGetValue(person, out var into)) person = into;
        return person;
    }
}
