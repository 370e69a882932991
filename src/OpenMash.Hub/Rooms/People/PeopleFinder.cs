using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Matching;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>
/// Each node's copy of an authority's register in the matching engine's index. Before each answer it catches up with what changed since, merges included, so that a
/// person added a moment ago is found.
/// </summary>
internal sealed class PeopleFinder(RecordStore store) : IPeopleFinder, IDisposable
{
    private const int Chunk = 400;

    /// <summary>How many others one person is put beside in a re-matching; who resembles more than these is a family or a common name.</summary>
    private const int PairsEach = 6;

    /// <summary>A transaction that began earlier may commit later: look back this far each time; putting a person twice does no harm.</summary>
    private static readonly Duration Overlap = Duration.FromSeconds(15);

    private readonly ConcurrentDictionary<short, Shelf> _shelves = new();

    public async Task<PeopleAnswer> FindAsync(short authorityId, PersonQuery query, int limit, CancellationToken ct)
    {
        var shelf = await ShelfAsync(authorityId, ct);
        if (query.IsEmpty) return new PeopleAnswer([], shelf.Index.Sequence);
        return new PeopleAnswer([.. shelf.Index.Find(Describe(query), limit, query.Broad ? 0 : 0.01).Select(Found)], shelf.Index.Sequence);
    }

    public async Task<PairsAnswer> PairsAsync(short authorityId, Instant? changedAfter, double atLeast, CancellationToken ct)
    {
        var shelf = await ShelfAsync(authorityId, ct);
        await using var db = store.Open(authorityId);
        var asked = db.Set<Person>().AsNoTracking();
        if (changedAfter is { } after) asked = asked.Where(p => p.ChangedAt >= after);
        var merges = await db.Set<Resolution>().AsNoTracking().Where(r => r.EndedAt == null).ToDictionaryAsync(r => r.FromId, r => r.ToId, ct);
        var best = new Dictionary<(Guid, Guid), double>();
        var (people, reached) = (0, changedAfter ?? Instant.MinValue);
        foreach (var person in await asked.OrderBy(p => p.Id).Select(p => new { p.Id, p.ChangedAt }).ToListAsync(ct))
        {
            ct.ThrowIfCancellationRequested();
            // Added since the index was asked to catch up: the next run has them.
            if (!shelf.Seen.ContainsKey(person.Id)) continue;
            people++;
            reached = Instant.Max(reached, person.ChangedAt);
            var standing = IdentityMap.Follow(merges, person.Id);
            foreach (var candidate in shelf.Index.FindOthers(person.Id.ToString(), PairsEach, atLeast))
            {
                var other = IdentityMap.Follow(merges, Guid.Parse(candidate.Id));
                if (other == standing) continue;
                var pair = Ordered(standing, other);
                if (!best.TryGetValue(pair, out var known) || known < candidate.Probability) best[pair] = candidate.Probability;
            }
        }

        return new PairsAnswer([.. best.OrderBy(b => b.Key.Item1).ThenBy(b => b.Key.Item2).Select(b => new FoundPair(b.Key.Item1, b.Key.Item2, b.Value))], people, reached);
    }

    public async Task<FoundPerson> CompareAsync(short authorityId, IReadOnlyList<Guid> first, IReadOnlyList<Guid> second, CancellationToken ct)
    {
        var shelf = await ShelfAsync(authorityId, ct);
        await using var db = store.Open(authorityId);
        async Task<PersonDescription> JoinedAsync(IReadOnlyList<Guid> ids)
        {
            var people = await db.Set<Person>().AsNoTracking().Where(p => ids.Contains(p.Id)).OrderBy(p => p.Id).ToListAsync(ct);
            return (await DescribeAsync(db, people, ct)).Select(d => d.Description).Aggregate((a, b) => a with
            {
                Names = [.. a.Names, .. b.Names],
                BirthDates = [.. a.BirthDates, .. b.BirthDates],
                Sex = a.Sex ?? b.Sex,
                Addresses = [.. a.Addresses, .. b.Addresses],
                Phones = [.. a.Phones, .. b.Phones],
                NhsNumbers = [.. a.NhsNumbers, .. b.NhsNumbers],
                Upns = [.. a.Upns, .. b.Upns],
                OtherIds = [.. a.OtherIds, .. b.OtherIds],
            });
        }

        var found = Found(shelf.Index.Explain(await JoinedAsync(first), await JoinedAsync(second)));
        return found with { PersonId = second[0] };
    }

    public void Dispose()
    {
        foreach (var shelf in _shelves.Values) shelf.Dispose();
    }

    /// <summary>The smaller id first.</summary>
    internal static (Guid First, Guid Second) Ordered(Guid a, Guid b) => a.CompareTo(b) < 0 ? (a, b) : (b, a);

    private static FoundPerson Found(PersonCandidate c) => new(
        Guid.Parse(c.Id),
        c.Probability,
        c.Weight,
        [.. c.Reasons.Select(r => new FoundReason(r.Title, r.Words, r.Bits, r.Comparison == "before"))],
        c.Contradictions);

    private async Task<Shelf> ShelfAsync(short authorityId, CancellationToken ct)
    {
        var shelf = _shelves.GetOrAdd(authorityId, _ => new Shelf());
        await shelf.Gate.WaitAsync(ct);
        try
        {
            await using var db = store.Open(authorityId);
            var from = Instant.FromUnixTimeTicks(Math.Max(0, shelf.Index.Sequence)) - (shelf.Index.Sequence == 0 ? Duration.Zero : Overlap);
            var changed = await db.Set<Person>().AsNoTracking().Where(p => p.ChangedAt >= from).OrderBy(p => p.ChangedAt).ToListAsync(ct);
            var fresh = changed.Where(p => !shelf.Seen.TryGetValue(p.Id, out var version) || version != p.Version).ToList();
            foreach (var chunk in fresh.Chunk(Chunk))
            {
                foreach (var (person, description) in await DescribeAsync(db, chunk, ct))
                {
                    shelf.Index.Put(description);
                    shelf.Seen[person.Id] = person.Version;
                }
            }

            await FollowMergesAsync(shelf, db, ct);
            if (changed.Count > 0) shelf.Index.Sequence = Math.Max(shelf.Index.Sequence, changed[^1].ChangedAt.ToUnixTimeTicks());
        }
        finally
        {
            shelf.Gate.Release();
        }

        return shelf;
    }

    /// <summary>Joins in the index what merges have joined. A sealed identity stays apart: joined, its name would answer under one that everybody may open.</summary>
    private static async Task FollowMergesAsync(Shelf shelf, RecordContext db, CancellationToken ct)
    {
        var wanted = await db.Set<Resolution>().AsNoTracking().Where(r => r.EndedAt == null).ToDictionaryAsync(r => r.FromId, r => r.ToId, ct);
        if (wanted.Count == 0 && shelf.Merged.Count == 0) return;
        var seals = (await db.Set<Seal>().AsNoTracking().Where(s => s.EndedAt == null && s.SubjectKind == "Person").Select(s => s.SubjectId).ToListAsync(ct)).ToHashSet();
        foreach (var (from, into) in wanted.ToList())
        {
            if (seals.Contains(from) || seals.Contains(into)) wanted.Remove(from);
        }

        foreach (var (from, into) in shelf.Merged.ToList())
        {
            if (wanted.TryGetValue(from, out var now) && now == into) continue;
            shelf.Index.Unmerge(from.ToString());
            shelf.Merged.Remove(from);
        }

        foreach (var (from, into) in wanted)
        {
            if (shelf.Merged.ContainsKey(from) || !shelf.Seen.ContainsKey(from) || !shelf.Seen.ContainsKey(into)) continue;
            shelf.Index.Merge(from.ToString(), into.ToString());
            shelf.Merged[from] = into;
        }
    }

    private static async Task<List<(Person Person, PersonDescription Description)>> DescribeAsync(RecordContext db, IReadOnlyCollection<Person> people, CancellationToken ct)
    {
        var ids = people.Select(p => p.Id).ToArray();
        var names = (await db.Set<Records.People.PersonName>().AsNoTracking().Where(n => ids.Contains(n.PersonId) && n.EndedAt == null).OrderBy(n => n.Id).ToListAsync(ct)).ToLookup(n => n.PersonId);
        var identifiers = (await db.Set<PersonIdentifier>().AsNoTracking().Where(i => ids.Contains(i.PersonId) && i.EndedAt == null).OrderBy(i => i.Id).ToListAsync(ct)).ToLookup(i => i.PersonId);
        var places = (await db.Set<PersonPlace>().AsNoTracking().Where(p => ids.Contains(p.PersonId)).OrderBy(p => p.Id).ToListAsync(ct)).ToLookup(p => p.PersonId);
        string[] Numbers(Person person, params IdentifierKind[] kinds) => [.. identifiers[person.Id].Where(i => kinds.Contains(i.Kind)).Select(i => i.Value)];
        return [.. people.Select(person => (person, new PersonDescription(person.Id.ToString())
        {
            Names =
            [
                .. (person.GivenName is null && person.FamilyName is null ? [] : new[] { new Engines.Matching.PersonName(person.GivenName, person.FamilyName) }),
                .. names[person.Id].Select(n => new Engines.Matching.PersonName(n.GivenName, n.FamilyName)),
            ],
            BirthDates = person.BirthDate is { } birth ? [LocalDatePattern.Iso.Format(birth)] : [],
            Sex = person.Sex is "U" ? null : person.Sex,
            Addresses = [.. places[person.Id].Where(p => p.Kind is "home" or "placement").Select(p => new PersonAddress(p.Value, null, p.Postcode))],
            Phones = [.. places[person.Id].Where(p => p.Kind == "phone").Select(p => p.Value)],
            NhsNumbers = Numbers(person, IdentifierKind.NhsNumber),
            Upns = Numbers(person, IdentifierKind.Upn, IdentifierKind.FormerUpn),
            // An agency's own number is none of these: two agencies number the same child differently.
            OtherIds = Numbers(person, IdentifierKind.LocalAuthorityChildId, IdentifierKind.Other),
        }))];
    }

    private static PersonDescription Describe(PersonQuery query) => new("asked")
    {
        Names = string.IsNullOrWhiteSpace(query.GivenName) && string.IsNullOrWhiteSpace(query.FamilyName)
            ? []
            : [new Engines.Matching.PersonName(query.GivenName, query.FamilyName), .. (string.IsNullOrWhiteSpace(query.OtherNames) ? [] : new[] { new Engines.Matching.PersonName(query.OtherNames, query.FamilyName) })],
        BirthDates = string.IsNullOrWhiteSpace(query.Birth) ? [] : [query.Birth],
        Sex = query.Sex,
        Addresses = string.IsNullOrWhiteSpace(query.Address) && string.IsNullOrWhiteSpace(query.Postcode) ? [] : [new PersonAddress(query.Address, null, query.Postcode)],
        Phones = string.IsNullOrWhiteSpace(query.Phone) ? [] : [query.Phone],
        NhsNumbers = string.IsNullOrWhiteSpace(query.NhsNumber) ? [] : [query.NhsNumber],
        Upns = string.IsNullOrWhiteSpace(query.Upn) ? [] : [query.Upn],
    };

    private sealed class Shelf : IDisposable
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public PeopleIndex Index { get; } = new();

        /// <summary>Versions put; read outside the gate while others put.</summary>
        public ConcurrentDictionary<Guid, Guid> Seen { get; } = [];

        /// <summary>Merges as the index has them, from whom into whom.</summary>
        public Dictionary<Guid, Guid> Merged { get; } = [];

        public void Dispose()
        {
            Gate.Dispose();
            Index.Dispose();
        }
    }
}
