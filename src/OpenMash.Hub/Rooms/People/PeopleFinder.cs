using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Matching;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>
/// Each node's copy of an authority's register in the matching engine's index. Before each answer it catches up with what changed since, merges included, so that a
/// person added a moment ago is found.
/// </summary>
internal sealed class PeopleFinder(RecordStore store, SettingsShelf settings, IClock clock) : IPeopleFinder, IDisposable
{
    private const int Chunk = 400;

    /// <summary>How many others one person is put beside in a re-matching; who resembles more than these is a family or a common name.</summary>
    private const int PairsEach = 6;

    /// <summary>
    /// A transaction that began earlier may commit later: look back this far each time; putting a person twice does no harm. What takes longer, a large import, is
    /// seen by the count of the next tick.
    /// </summary>
    private static readonly Duration Overlap = Duration.FromSeconds(15);

    /// <summary>How often it is asked whether another node has learnt new weights.</summary>
    private static readonly Duration ModelEvery = Duration.FromMinutes(5);

    private readonly ConcurrentDictionary<short, Shelf> _shelves = new();

    public async Task<PeopleAnswer> FindAsync(short authorityId, PersonQuery query, int limit, CancellationToken ct)
    {
        // Only the tick that keeps the index warm asks nothing.
        var shelf = await ShelfAsync(authorityId, query.IsEmpty ? Catch.Missed : Catch.Changes, ct);
        if (query.IsEmpty) return new PeopleAnswer([], shelf.Index.Sequence);
        return new PeopleAnswer([.. shelf.Index.Find(Describe(query), limit, query.Broad ? 0 : 0.01).Select(Found)], shelf.Index.Sequence);
    }

    public async Task<PairsAnswer> PairsAsync(short authorityId, Instant changedAfter, double atLeast, CancellationToken ct)
    {
        var shelf = await ShelfAsync(authorityId, Catch.Changes, ct);
        await using var db = store.Open(authorityId);
        var merges = await MergesAsync(db, ct);
        var pairs = new PairsFound(merges);
        var (people, reached) = (0, changedAfter);
        foreach (var person in await db.Set<Person>().AsNoTracking().Where(p => p.ChangedAt >= changedAfter).OrderBy(p => p.Id).Select(p => new { p.Id, p.ChangedAt }).ToListAsync(ct))
        {
            ct.ThrowIfCancellationRequested();
            // Added since the index was asked to catch up: the next run has them.
            if (!shelf.Seen.ContainsKey(person.Id)) continue;
            people++;
            reached = Instant.Max(reached, person.ChangedAt);
            AskFor(person.Id.ToString(), shelf, atLeast, pairs);
        }

        return new PairsAnswer(pairs.InOrder(), people, reached);
    }

    public async Task<PairsAnswer> AllPairsAsync(short authorityId, double atLeast, CancellationToken ct)
    {
        var shelf = await ShelfAsync(authorityId, Catch.Everything, ct);
        await using var db = store.Open(authorityId);
        var pairs = new PairsFound(await MergesAsync(db, ct));
        var reached = await db.Set<Person>().AsNoTracking().Where(p => p.ChangedAt <= shelf.ReachedAt).MaxAsync(p => (Instant?)p.ChangedAt, ct) ?? Instant.MinValue;
        var rules = await (await settings.OpenAsync(db, clock.GetCurrentInstant(), ct)).GetAsync<MatchSettings>("matching");
        var people = shelf.Seen.Count;
        if (people < rules.LearnFrom)
        {
            foreach (var id in shelf.Seen.Keys.Order())
            {
                ct.ThrowIfCancellationRequested();
                AskFor(id.ToString(), shelf, atLeast, pairs);
            }

            return new PairsAnswer(pairs.InOrder(), people, reached);
        }

        // Half the processors: those who work with the hub meanwhile have the others.
        var found = shelf.Index.MatchAll(new MatchOptions { Keep = atLeast, Threads = Math.Max(1, Environment.ProcessorCount / 2) });
        shelf.Index.Use(found.Model);
        foreach (var pair in found.Pairs.Concat(found.HeldApart)) pairs.Add(Guid.Parse(pair.First), Guid.Parse(pair.Second), pair.Probability);
        foreach (var id in found.Manifold)
        {
            ct.ThrowIfCancellationRequested();
            AskFor(id, shelf, atLeast, pairs);
        }

        using var text = new MemoryStream();
        found.Model.Write(text);
        return new PairsAnswer(pairs.InOrder(), people, reached, Encoding.UTF8.GetString(text.ToArray()));
    }

    public async Task<FoundPerson> CompareAsync(short authorityId, IReadOnlyList<Guid> first, IReadOnlyList<Guid> second, CancellationToken ct)
    {
        var shelf = await ShelfAsync(authorityId, Catch.Changes, ct);
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

    private static void AskFor(string id, Shelf shelf, double atLeast, PairsFound pairs)
    {
        foreach (var candidate in shelf.Index.FindOthers(id, PairsEach, atLeast)) pairs.Add(Guid.Parse(id), Guid.Parse(candidate.Id), candidate.Probability);
    }

    private static Task<Dictionary<Guid, Guid>> MergesAsync(RecordContext db, CancellationToken ct) =>
        db.Set<Resolution>().AsNoTracking().Where(r => r.EndedAt == null).ToDictionaryAsync(r => r.FromId, r => r.ToId, ct);

    private async Task<Shelf> ShelfAsync(short authorityId, Catch catching, CancellationToken ct)
    {
        var shelf = _shelves.GetOrAdd(authorityId, _ => new Shelf());
        await shelf.Gate.WaitAsync(ct);
        try
        {
            await using var db = store.Open(authorityId);
            var now = clock.GetCurrentInstant();
            await FollowModelAsync(shelf, db, now, ct);
            var everything = shelf.ReachedAt == Instant.MinValue || catching == Catch.Everything
                || (catching == Catch.Missed && await db.Set<Person>().CountAsync(ct) != shelf.Seen.Count);
            var from = everything ? Instant.MinValue : shelf.ReachedAt - Overlap;
            var asked = db.Set<Person>().AsNoTracking();
            if (!everything) asked = asked.Where(p => p.ChangedAt >= from);
            var changed = await asked.OrderBy(p => p.ChangedAt).ThenBy(p => p.Id).Select(p => new { p.Id, p.Version, p.ChangedAt }).ToListAsync(ct);
            foreach (var chunk in changed.Where(p => !shelf.Seen.TryGetValue(p.Id, out var version) || version != p.Version).Select(p => p.Id).Chunk(Chunk))
            {
                var people = await db.Set<Person>().AsNoTracking().Where(p => chunk.Contains(p.Id)).OrderBy(p => p.Id).ToListAsync(ct);
                foreach (var (person, description) in await DescribeAsync(db, people, ct))
                {
                    shelf.Index.Put(description);
                    shelf.Seen[person.Id] = person.Version;
                }
            }

            await FollowMergesAsync(shelf, db, ct);
            if (changed.Count > 0) shelf.Index.Sequence = Math.Max(shelf.Index.Sequence, changed[^1].ChangedAt.ToUnixTimeTicks());
            shelf.ReachedAt = Instant.Max(shelf.ReachedAt, now);
        }
        finally
        {
            shelf.Gate.Release();
        }

        return shelf;
    }

    /// <summary>Takes up the weights that the latest run over the whole register learnt, in this process, before it started, or on another node.</summary>
    private static async Task FollowModelAsync(Shelf shelf, RecordContext db, Instant now, CancellationToken ct)
    {
        if (shelf.ModelAskedAt is { } last && now - last < ModelEvery && now >= last) return;
        shelf.ModelAskedAt = now;
        var latest = await db.Set<MatchRun>().AsNoTracking().Where(r => r.Model != null).OrderByDescending(r => r.At).ThenByDescending(r => r.Id).Select(r => new { r.Id, r.Model }).FirstOrDefaultAsync(ct);
        if (latest is null || latest.Id == shelf.ModelRun) return;
        shelf.ModelRun = latest.Id;
        try
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(latest.Model!));
            shelf.Index.Use(MatchModel.Read(text));
        }
        catch (InvalidDataException)
        {
            // Learnt by another version of the engine, whose comparisons were others: the shipped weights serve until the next night.
        }
    }

    /// <summary>
    /// Joins in the index what merges have joined. A sealed identity stays apart: joined, its name would answer under one that everybody may open. Neither merges nor
    /// seals are ever deleted and each ends once, so that their numbers tell whether anything has changed.
    /// </summary>
    private static async Task FollowMergesAsync(Shelf shelf, RecordContext db, CancellationToken ct)
    {
        var stamp = (
            await db.Set<Resolution>().CountAsync(ct), await db.Set<Resolution>().CountAsync(r => r.EndedAt != null, ct),
            await db.Set<Seal>().CountAsync(ct), await db.Set<Seal>().CountAsync(s => s.EndedAt != null, ct), shelf.Seen.Count);
        if (stamp == shelf.MergeStamp) return;
        shelf.MergeStamp = stamp;
        var wanted = await MergesAsync(db, ct);
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

    /// <summary>How far the index looks back before it answers.</summary>
    private enum Catch
    {
        Changes,

        /// <summary>Everything if the number of people says that a change was missed.</summary>
        Missed,
        Everything,
    }

    /// <summary>The best that was found of each pair, under the identities that merges have left.</summary>
    private sealed class PairsFound(Dictionary<Guid, Guid> merges)
    {
        private readonly Dictionary<(Guid First, Guid Second), double> _best = [];

        public void Add(Guid one, Guid other, double probability)
        {
            var (a, b) = (IdentityMap.Follow(merges, one), IdentityMap.Follow(merges, other));
            if (a == b) return;
            var pair = Ordered(a, b);
            _best[pair] = Math.Max(probability, _best.GetValueOrDefault(pair));
        }

        public IReadOnlyList<FoundPair> InOrder() => [.. _best.OrderBy(b => b.Key.First).ThenBy(b => b.Key.Second).Select(b => new FoundPair(b.Key.First, b.Key.Second, b.Value))];
    }

    private sealed class Shelf : IDisposable
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public PeopleIndex Index { get; } = new();

        /// <summary>Versions put; read outside the gate while others put.</summary>
        public ConcurrentDictionary<Guid, Guid> Seen { get; } = [];

        /// <summary>When the index last caught up.</summary>
        public Instant ReachedAt { get; set; } = Instant.MinValue;

        public Instant? ModelAskedAt { get; set; }

        /// <summary>The run whose weights are in use.</summary>
        public Guid? ModelRun { get; set; }

        /// <summary>Merges, ended ones, seals, ended ones and people when merges were last followed.</summary>
        public (int Merges, int Unmerged, int Seals, int Unsealed, int People) MergeStamp { get; set; }

        /// <summary>Merges as the index has them, from whom into whom.</summary>
        public Dictionary<Guid, Guid> Merged { get; } = [];

        public void Dispose()
        {
            Gate.Dispose();
            Index.Dispose();
        }
    }
}
