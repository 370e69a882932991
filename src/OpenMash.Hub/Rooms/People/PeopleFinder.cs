using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Matching;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>
/// Each node's copy of an authority's register in the matching engine's index. Before each answer it catches up with what changed since, so that a person added a
/// moment ago is found.
/// </summary>
internal sealed class PeopleFinder(RecordStore store) : IPeopleFinder, IDisposable
{
    /// <summary>A transaction that began earlier may commit later: look back this far each time; putting a person twice does no harm.</summary>
    private static readonly Duration Overlap = Duration.FromSeconds(15);

    private readonly ConcurrentDictionary<short, Shelf> _shelves = new();

    public async Task<PeopleAnswer> FindAsync(short authorityId, PersonQuery query, int limit, CancellationToken ct)
    {
        var shelf = _shelves.GetOrAdd(authorityId, _ => new Shelf());
        await CatchUpAsync(shelf, authorityId, ct);
        if (query.IsEmpty) return new PeopleAnswer([], shelf.Index.Sequence);
        var found = shelf.Index.Find(Describe(query), limit, 0.01);
        return new PeopleAnswer(
            [.. found.Select(c => new FoundPerson(
                Guid.Parse(c.Id),
                c.Probability,
                c.Weight,
                [.. c.Reasons.Select(r => new FoundReason(r.Title, r.Words, r.Bits))],
                [.. c.Contradictions.Select(x => x.ToString()!)]))],
            shelf.Index.Sequence);
    }

    public void Dispose()
    {
        foreach (var shelf in _shelves.Values) shelf.Dispose();
    }

    private async Task CatchUpAsync(Shelf shelf, short authorityId, CancellationToken ct)
    {
        await shelf.Gate.WaitAsync(ct);
        try
        {
            await using var db = store.Open(authorityId);
            var from = Instant.FromUnixTimeTicks(Math.Max(0, shelf.Index.Sequence)) - (shelf.Index.Sequence == 0 ? Duration.Zero : Overlap);
            var changed = await db.Set<Person>().AsNoTracking().Where(p => p.ChangedAt >= from).OrderBy(p => p.ChangedAt).ToListAsync(ct);
            var fresh = changed.Where(p => !shelf.Seen.TryGetValue(p.Id, out var version) || version != p.Version).ToList();
            foreach (var chunk in fresh.Chunk(400)) await PutAsync(shelf, db, chunk, ct);
            if (changed.Count > 0) shelf.Index.Sequence = Math.Max(shelf.Index.Sequence, changed[^1].ChangedAt.ToUnixTimeTicks());
        }
        finally
        {
            shelf.Gate.Release();
        }
    }

    private static async Task PutAsync(Shelf shelf, RecordContext db, Person[] people, CancellationToken ct)
    {
        var ids = people.Select(p => p.Id).ToArray();
        var names = (await db.Set<OpenMash.Records.People.PersonName>().AsNoTracking().Where(n => ids.Contains(n.PersonId) && n.EndedAt == null).ToListAsync(ct)).ToLookup(n => n.PersonId);
        var identifiers = (await db.Set<PersonIdentifier>().AsNoTracking().Where(i => ids.Contains(i.PersonId) && i.EndedAt == null).ToListAsync(ct)).ToLookup(i => i.PersonId);
        var places = (await db.Set<PersonPlace>().AsNoTracking().Where(p => ids.Contains(p.PersonId)).ToListAsync(ct)).ToLookup(p => p.PersonId);
        foreach (var person in people)
        {
            shelf.Index.Put(new PersonDescription(person.Id.ToString())
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
                NhsNumbers = [.. identifiers[person.Id].Where(i => i.Kind == IdentifierKind.NhsNumber).Select(i => i.Value)],
                Upns = [.. identifiers[person.Id].Where(i => i.Kind is IdentifierKind.Upn or IdentifierKind.FormerUpn).Select(i => i.Value)],
                OtherIds = [.. identifiers[person.Id].Where(i => i.Kind is IdentifierKind.LocalAuthorityChildId or IdentifierKind.AgencyId).Select(i => i.Value)],
            });
            shelf.Seen[person.Id] = person.Version;
        }
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

        public Dictionary<Guid, Guid> Seen { get; } = [];

        public void Dispose()
        {
            Gate.Dispose();
            Index.Dispose();
        }
    }
}
