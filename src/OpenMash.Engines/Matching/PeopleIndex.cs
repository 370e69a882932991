using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;

namespace OpenMash.Engines.Matching;

/// <summary>
/// The people of a register in memory: answers "who could this be?" for one new record. Many threads may ask at once; changes wait for the answers under
/// way and the other way round. The same people put in the same order answer alike in every run; equal candidates stand by id (ordinal).
/// </summary>
public sealed class PeopleIndex : IDisposable
{
    private const uint Magic = 0x31504D4F; // "OMP1"

    /// <summary>People looked at before the narrow keys' best is judged; a convincing one ends the search, otherwise it goes on to <see cref="Enough"/>.</summary>
    private const int AtFirst = 200;
    private const int Enough = 1200;

    /// <summary>Bits that convince (probability .99): wider keys would cost time and find weaker people only.</summary>
    private const float Convincing = 6.64f;

    /// <summary>A young register is no picture of its area's names: the shipped averages count as this many people.</summary>
    private const float CountsStrength = 2000;

    /// <summary>A register that holds few people is still asked about everyone of the area: the starting odds never exceed those of this many.</summary>
    private const double SmallestArea = 20_000;

    private readonly ReaderWriterLockSlim _gate = new(LockRecursionPolicy.NoRecursion);
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<int, PersonRow[]> _joined = [];
    private Scorer _scorer;
    private readonly TextTable _texts;
    private readonly RowBuilder _builder;
    private readonly Counts _counts;
    private Postings _postings;
    private Slot[] _people;
    private string?[] _ids;
    private PersonRow[] _rows;
    private int _peopleUsed;
    private int _rowsUsed;
    private int _live;

    /// <summary>An empty index.</summary>
    /// <param name="model">Weights; the shipped ones when null. They are not changed by use.</param>
    /// <param name="expectedPeople">Room to set aside; any number of people may be put.</param>
    public PeopleIndex(MatchModel? model = null, int expectedPeople = 0)
        : this(model ?? MatchModel.Default(), new TextTable(Math.Max(expectedPeople / 4, 1024)), new Counts(CountsStrength), new Postings((int)Math.Min(expectedPeople * 12L, 1 << 28)), expectedPeople)
    {
    }

    private PeopleIndex(MatchModel model, TextTable texts, Counts counts, Postings postings, int expectedPeople)
    {
        _texts = texts;
        _counts = counts;
        _postings = postings;
        _builder = new RowBuilder(_texts);
        _people = new Slot[Math.Max(expectedPeople, 64)];
        _ids = new string?[_people.Length];
        _rows = new PersonRow[Math.Max(expectedPeople, 64)];
        _scorer = MakeScorer(model, texts, counts);
    }

    private static Scorer MakeScorer(MatchModel model, TextTable texts, Counts counts) => new(model, texts, counts, 0.5 / SmallestArea, 1.0 / SmallestArea, 1);

    /// <summary>People in the index, merged ones counted once.</summary>
    public int Count => _live;

    /// <summary>A number of the caller's (the outbox sequence the index has seen), kept in snapshots.</summary>
    public long Sequence { get; set; }

    /// <summary>Adds a person, or replaces all that is known of the person with that id. Merges the person takes part in stay.</summary>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public void Put(PersonDescription person)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentException.ThrowIfNullOrEmpty(person.Id, nameof(person));
        _gate.EnterWriteLock();
        try
        {
            var rows = _builder.Rows(person);
            if (_slots.TryGetValue(person.Id, out var slot))
            {
                Unpost(slot);
            }
            else
            {
                slot = _peopleUsed++;
                if (slot == _people.Length)
                {
                    Array.Resize(ref _people, slot * 2);
                    Array.Resize(ref _ids, slot * 2);
                }

                _people[slot].Into = -1;
                _ids[slot] = person.Id;
                _slots[person.Id] = slot;
                _live++;
            }

            ref var p = ref _people[slot];
            if (rows.Length > p.Count)
            {
                if (_rowsUsed + rows.Length > _rows.Length)
                    Array.Resize(ref _rows, Math.Max(_rows.Length * 2, _rowsUsed + rows.Length));
                p.Start = _rowsUsed;
                _rowsUsed += rows.Length;
            }

            p.Count = rows.Length;
            rows.CopyTo(_rows, p.Start);
            foreach (ref readonly var r in rows.AsSpan())
                _counts.Add(r, _texts, 1);
            Post(slot, add: true);
            Rejoin(slot);
            if (_postings.Crowded)
                Repost();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Forgets a person. People merged into them stand alone again. Returns false when the id is not known.</summary>
    public bool Remove(string id)
    {
        _gate.EnterWriteLock();
        try
        {
            if (!_slots.TryGetValue(id, out var slot))
                return false;
            for (var other = 0; other < _peopleUsed && _joined.Count > 0; other++)
            {
                if (_people[other].Into == slot && other != slot)
                {
                    _people[other].Into = -1;
                    _live++;
                    Rejoin(other);
                }
            }

            var into = _people[slot].Into;
            if (into < 0)
                _live--;
            _people[slot].Into = -1;
            Unpost(slot);
            _people[slot].Count = 0;
            _slots.Remove(id);
            _ids[slot] = null;
            _joined.Remove(slot);
            if (into >= 0)
                Rejoin(into);
            return true;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>From now on all that is known of <paramref name="from"/> answers as <paramref name="into"/>. Undone by <see cref="Unmerge"/>.</summary>
    /// <exception cref="KeyNotFoundException">One of the ids is not in the index.</exception>
    /// <exception cref="InvalidOperationException">The merge would join a person with itself, or <paramref name="from"/> is merged already.</exception>
    public void Merge(string from, string into)
    {
        _gate.EnterWriteLock();
        try
        {
            var f = SlotOf(from);
            var i = SlotOf(into);
            if (_people[f].Into >= 0)
                throw new InvalidOperationException($"{from} is merged already, into {_ids[_people[f].Into]}; unmerge it first.");
            if (Resolve(i) == f)
                throw new InvalidOperationException($"{from} cannot be merged into {into}, which already stands under it.");
            _people[f].Into = i;
            _live--;
            Rejoin(i);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Ends a merge: <paramref name="id"/> answers for itself again, with everyone who had been merged into it.</summary>
    /// <exception cref="KeyNotFoundException">The id is not in the index.</exception>
    /// <exception cref="InvalidOperationException">The person is not merged.</exception>
    public void Unmerge(string id)
    {
        _gate.EnterWriteLock();
        try
        {
            var slot = SlotOf(id);
            var into = _people[slot].Into;
            if (into < 0)
                throw new InvalidOperationException($"{id} is not merged into anyone.");
            _people[slot].Into = -1;
            _live++;
            Rejoin(into);
            Rejoin(slot);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>The weights in use.</summary>
    public MatchModel Model => _scorer.Model;

    /// <summary>Answers by other weights from now on, for example those that <see cref="MatchAll"/> learnt.</summary>
    public void Use(MatchModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _gate.EnterWriteLock();
        try
        {
            _scorer = MakeScorer(model, _texts, _counts);
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>
    /// Matches everyone of the index with everyone as <see cref="PeopleMatcher"/> does a file, weights learnt from the register itself unless the options give
    /// some. It works on a copy: answers and changes go on meanwhile. A person is one record, described by the first of each of their names, addresses and
    /// numbers; whoever was merged is a record of their own.
    /// </summary>
    /// <param name="options">Options; null for the usual.</param>
    public RegisterMatches MatchAll(MatchOptions? options = null)
    {
        PeopleTable table;
        string[] ids;
        var manifold = new List<string>();
        _gate.EnterReadLock();
        try
        {
            table = new PeopleTable(_texts.Clone());
            ids = new string[_slots.Count];
            table.Rows = new PersonRow[_slots.Count];
            for (var slot = 0; slot < _peopleUsed; slot++)
            {
                if (_ids[slot] is not { } id)
                    continue;
                if (RowsOf(slot).Length > 1)
                    manifold.Add(id);
                ids[table.Count] = id;
                table.Rows[table.Count++] = OwnRows(slot)[0];
            }
        }
        finally
        {
            _gate.ExitReadLock();
        }

        // The order in which people were put must not show in the result.
        Array.Sort(ids, table.Rows, 0, table.Count, StringComparer.Ordinal);
        table.FirstFile = table.Count;
        table.Name(ids.AsSpan(0, table.Count));
        foreach (ref readonly var row in table.Rows.AsSpan(0, table.Count))
            table.Counts.Add(row, table.Texts, 1);
        var result = PeopleMatcher.Match(table, options);
        return new RegisterMatches(
            result.Model,
            [.. result.Pairs.Select(p => new RegisterPair(ids[p.Left], ids[p.Right], p.Probability))],
            [.. result.HeldApart.Select(h => new RegisterPair(ids[h.Left], ids[h.Right], Scorer.Probability(h.Weight)))],
            [.. manifold.Order(StringComparer.Ordinal)]);
    }

    /// <summary>True when the id has been put and not removed, merged or not.</summary>
    public bool Contains(string id)
    {
        _gate.EnterReadLock();
        try
        {
            return _slots.ContainsKey(id);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Who the description could be, most probable first, equal ones by id. The description's own id is not evidence and is not looked for.</summary>
    /// <param name="asked">What is known; anything may be missing.</param>
    /// <param name="limit">At most this many candidates.</param>
    /// <param name="atLeast">Smallest probability worth showing.</param>
    public IReadOnlyList<PersonCandidate> Find(PersonDescription asked, int limit = 10, double atLeast = 0.01)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _gate.EnterReadLock();
        try
        {
            var texts = new TextTable(_texts);
            return Ask(new RowBuilder(texts).Rows(asked), texts, limit, atLeast, exhaustive: false);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Who else of the index a person of it could be: asked with all that is known of them, merges included, most probable first, without themselves.</summary>
    /// <param name="id">A person of the index; one merged into another is asked about as that other.</param>
    /// <param name="limit">At most this many candidates.</param>
    /// <param name="atLeast">Smallest probability worth showing.</param>
    /// <exception cref="KeyNotFoundException">The id is not in the index.</exception>
    public IReadOnlyList<PersonCandidate> FindOthers(string id, int limit = 10, double atLeast = 0.01)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _gate.EnterReadLock();
        try
        {
            var slot = Resolve(SlotOf(id));
            var found = Ask(RowsOf(slot).ToArray(), _texts, limit + 1, atLeast, exhaustive: true);
            found.RemoveAll(c => c.Id == _ids[slot]);
            return found.Count > limit ? found.GetRange(0, limit) : found;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private List<PersonCandidate> Ask(PersonRow[] rows, TextTable texts, int limit, double atLeast, bool exhaustive)
    {
        var area = Math.Max(_live, SmallestArea);
        var scorer = _scorer.Over(texts, 0.5 / area, 1.0 / area);
        var found = ArrayPool<int>.Shared.Rent(8192);
        var seen = ArrayPool<int>.Shared.Rent(16384);
        seen.AsSpan(0, 16384).Clear();
        try
        {
            var floor = atLeast <= 0 ? float.NegativeInfinity : (float)Math.Log2(atLeast / Math.Max(1 - atLeast, 1e-18));
            var best = new List<(float Weight, int Slot)>(Math.Min(limit, 32) + 1);
            Span<ulong> all = stackalloc ulong[MaxComposites * KeysEach];
            var keys = Keys(rows, texts, all);
            Span<int> sizes = stackalloc int[keys.Length];
            Span<int> one = stackalloc int[1];
            for (var i = 0; i < keys.Length; i++)
                sizes[i] = _postings.Find(keys[i], one).Length;
            MemoryExtensions.Sort(sizes, keys);
            int next = 0, looked = 0, n = 0;
            if (!exhaustive)
            {
                Gather(keys, sizes, AtFirst, found, seen, ref next, ref looked, ref n);
                Rank(rows, scorer, found.AsSpan(0, n), limit, floor, best);
            }

            if (best.Count == 0 || best[0].Weight < Convincing)
            {
                var ranked = n;
                Gather(keys, sizes, Enough, found, seen, ref next, ref looked, ref n);
                Rank(rows, scorer, found.AsSpan(ranked, n - ranked), limit, floor, best);
            }

            var candidates = new List<PersonCandidate>(best.Count);
            foreach (var (_, slot) in best)
                candidates.Add(Candidate(scorer, rows, RowsOf(slot), _ids[slot]!));
            return candidates;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(seen);
            ArrayPool<int>.Shared.Return(found);
        }
    }

    /// <summary>Compares two descriptions as if one were asked about and the other stood in this register: the waterfall for a side-by-side page.</summary>
    public PersonCandidate Explain(PersonDescription asked, PersonDescription known)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(known);
        _gate.EnterReadLock();
        try
        {
            var texts = new TextTable(_texts);
            var builder = new RowBuilder(texts);
            var area = Math.Max(_live, SmallestArea);
            var scorer = _scorer.Over(texts, 0.5 / area, 1.0 / area);
            return Candidate(scorer, builder.Rows(asked), builder.Rows(known), known.Id);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private static PersonCandidate Candidate(Scorer scorer, ReadOnlySpan<PersonRow> asked, ReadOnlySpan<PersonRow> known, string id)
    {
        Span<float> bits = stackalloc float[Levels.Count];
        var weight = scorer.Evaluate(asked, known, bits, out var pattern, out var household);
        return new PersonCandidate(
            id,
            Scorer.Probability(weight),
            weight,
            Explainer.Reasons(scorer, pattern, bits, household),
            Explainer.Contradictions(pattern, NhsHold(asked) && NhsHold(known)));
    }

    private static bool NhsHold(ReadOnlySpan<PersonRow> rows)
    {
        foreach (ref readonly var r in rows)
        {
            if (r.Nhs != 0 && RowBuilder.NhsHolds(r.Nhs))
                return true;
        }

        return false;
    }

    /// <summary>Puts those of <paramref name="found"/> that weigh enough among the best so far.</summary>
    private unsafe void Rank(ReadOnlySpan<PersonRow> rows, Scorer scorer, ReadOnlySpan<int> found, int limit, float floor, List<(float Weight, int Slot)> best)
    {
        Span<float> bits = stackalloc float[Levels.Count];
        fixed (Slot* people = _people)
        fixed (PersonRow* all = _rows)
        {
            for (var i = 0; i < found.Length; i++)
            {
                if (Sse.IsSupported)
                {
                    // People who share a key lie anywhere in memory: ask for them before they are needed.
                    if (i + 12 < found.Length)
                        Sse.Prefetch0(people + found[i + 12]);
                    if (i + 6 < found.Length)
                    {
                        var row = (byte*)(all + people[found[i + 6]].Start);
                        Sse.Prefetch0(row);
                        Sse.Prefetch0(row + 64);
                    }
                }

                var slot = found[i];
                var weight = scorer.Evaluate(rows, RowsOf(slot), bits, out _, out _);
                if (weight < floor)
                    continue;
                if (best.Count == limit && !Before(weight, slot, best[^1]))
                    continue;
                var at = best.Count;
                while (at > 0 && Before(weight, slot, best[at - 1]))
                    at--;
                best.Insert(at, (weight, slot));
                if (best.Count > limit)
                    best.RemoveAt(limit);
            }
        }
    }

    private bool Before(float weight, int slot, (float Weight, int Slot) other) =>
        weight > other.Weight || (weight == other.Weight && string.CompareOrdinal(_ids[slot], _ids[other.Slot]) < 0);

    /// <summary>
    /// Goes on filling <paramref name="found"/> with distinct people who share a key, narrow keys first, until about <paramref name="enough"/> were looked at.
    /// Keys that many share are walked only while little has been found; then in part, so that an answer always comes in time.
    /// </summary>
    private void Gather(ReadOnlySpan<ulong> keys, ReadOnlySpan<int> sizes, int enough, int[] found, int[] seen, ref int next, ref int looked, ref int n)
    {
        Span<int> one = stackalloc int[1];
        for (; next < keys.Length; next++)
        {
            if (looked > 0 && looked + sizes[next] > enough && n >= 20)
                break;
            foreach (var person in _postings.Find(keys[next], one))
            {
                if (looked++ > 6000 || n >= 6000)
                    break;
                var slot = Resolve(person);
                var h = (int)((uint)slot * 0x9E3779B1u >> 18);
                while (seen[h] != 0 && seen[h] != slot + 1)
                    h = (h + 1) & 16383;
                if (seen[h] != 0)
                    continue;
                seen[h] = slot + 1;
                found[n++] = slot;
            }
        }
    }

    private const int MaxComposites = 24;
    private const int KeysEach = 26;

    /// <summary>Distinct keys of a person: every name with every address and birth date, within reason.</summary>
    private static Span<ulong> Keys(ReadOnlySpan<PersonRow> rows, TextTable texts, Span<ulong> keys)
    {
        var n = 0;
        Span<ulong> some = stackalloc ulong[BlockKeys.Count];
        var composites = 0;
        for (var name = 0; name < rows.Length; name++)
        {
            if (name > 0 && rows[name].Given == 0 && rows[name].Family == 0)
                continue;
            for (var rest = 0; rest < rows.Length && composites < MaxComposites; rest++)
            {
                var r = rows[rest];
                (r.Given, r.Middle, r.Family) = (rows[name].Given, rows[name].Middle, rows[name].Family);
                r.Derive(texts);
                if (r.Birth == 0)
                    r.Birth = rows[0].Birth;
                if (r.BirthPlace == 0)
                    r.BirthPlace = rows[0].BirthPlace;
                if (r.Postcode == 0 && r.Street == 0 && r.Town == 0)
                    (r.Postcode, r.Street, r.Number, r.Town) = (rows[0].Postcode, rows[0].Street, rows[0].Number, rows[0].Town);
                composites++;
                BlockKeys.Write(r, texts, some);
                for (var rule = 0; rule < some.Length; rule++)
                {
                    var key = some[rule];
                    if (key != 0 && BlockKeys.Live(rule) && !keys[..n].Contains(key))
                        keys[n++] = key;
                }

                BlockKeys.WriteLiveOnly(r, texts, some);
                foreach (var key in some[..BlockKeys.LiveOnly])
                {
                    if (key != 0 && !keys[..n].Contains(key))
                        keys[n++] = key;
                }
            }
        }

        return keys[..n];
    }

    private void Post(int slot, bool add)
    {
        Span<ulong> all = stackalloc ulong[MaxComposites * KeysEach];
        foreach (var key in Keys(OwnRows(slot), _texts, all))
        {
            if (add)
                _postings.Add(key, slot);
            else
                _postings.Remove(key, slot);
        }
    }

    private void Unpost(int slot)
    {
        Post(slot, add: false);
        foreach (ref readonly var r in OwnRows(slot))
            _counts.Add(r, _texts, -1);
    }

    private void Repost()
    {
        _postings = new Postings(_postings.Entries * 2);
        for (var slot = 0; slot < _peopleUsed; slot++)
        {
            if (_ids[slot] is not null)
                Post(slot, add: true);
        }
    }

    private int SlotOf(string id) => _slots.TryGetValue(id, out var slot) ? slot : throw new KeyNotFoundException($"{id} is not in the index.");

    private int Resolve(int slot)
    {
        while (_people[slot].Into >= 0)
            slot = _people[slot].Into;
        return slot;
    }

    private ReadOnlySpan<PersonRow> OwnRows(int slot) => _rows.AsSpan(_people[slot].Start, _people[slot].Count);

    private ReadOnlySpan<PersonRow> RowsOf(int slot) =>
        _joined.Count > 0 && _joined.TryGetValue(slot, out var rows) ? rows : OwnRows(slot);

    /// <summary>Puts together the rows of everyone who stands under the person's root.</summary>
    private void Rejoin(int slot)
    {
        var root = Resolve(slot);
        List<PersonRow>? rows = null;
        if (_live < _slots.Count)
        {
            for (var other = 0; other < _peopleUsed; other++)
            {
                if (other != root && _ids[other] is not null && _people[other].Into >= 0 && Resolve(other) == root)
                    (rows ??= [.. OwnRows(root)]).AddRange(OwnRows(other));
            }
        }

        if (rows is null)
            _joined.Remove(root);
        else
            _joined[root] = [.. rows];
        if (root != slot)
            _joined.Remove(slot);
    }

    /// <summary>Writes a snapshot, closed by a checksum. Same people put in the same order give the same bytes.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _gate.EnterReadLock();
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var hashing = new HashingStream(stream, hash, writing: true);
            using var writer = new BinaryWriter(hashing, Encoding.UTF8, leaveOpen: true);
            writer.Write(Magic);
            writer.Write(Marshal.SizeOf<PersonRow>());
            writer.Write(Sequence);
            using (var model = new MemoryStream())
            {
                _scorer.Model.Write(model);
                writer.Write((int)model.Length);
                writer.Write(model.ToArray());
            }

            _texts.Save(writer);
            _counts.Save(writer);
            writer.Write(_peopleUsed);
            for (var slot = 0; slot < _peopleUsed; slot++)
            {
                writer.Write(_ids[slot] ?? "");
                writer.Write(_people[slot].Start);
                writer.Write(_people[slot].Count);
                writer.Write(_people[slot].Into);
            }

            writer.Write(_rowsUsed);
            writer.Flush();
            hashing.Write(MemoryMarshal.AsBytes(_rows.AsSpan(0, _rowsUsed)));
            _postings.Save(writer);
            writer.Flush();
            stream.Write(hash.GetHashAndReset());
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="InvalidDataException">The stream is no snapshot of this version, ends too early, or its checksum does not hold; build the index anew.</exception>
    public static PeopleIndex Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return Restore(stream);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The snapshot of the people index ends too early; build the index anew.", e);
        }
    }

    private static PeopleIndex Restore(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hashing = new HashingStream(stream, hash, writing: false);
        using var reader = new BinaryReader(hashing, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadUInt32() != Magic || reader.ReadInt32() != Marshal.SizeOf<PersonRow>())
            throw new InvalidDataException("This is not a snapshot of the people index, or one of another version; build the index anew.");
        var sequence = reader.ReadInt64();
        var modelLength = reader.ReadInt32();
        if (modelLength is < 0 or > 1 << 24)
            throw new InvalidDataException("The snapshot of the people index is damaged (model).");
        MatchModel model;
        using (var json = new MemoryStream(reader.ReadBytes(modelLength)))
            model = MatchModel.Read(json);
        var texts = TextTable.Load(reader);
        var counts = new Counts(CountsStrength);
        counts.Load(reader);
        var used = reader.ReadInt32();
        if (used < 0)
            throw new InvalidDataException("The snapshot of the people index is damaged (people).");
        var ids = new string?[used];
        var people = new Slot[used];
        for (var slot = 0; slot < used; slot++)
        {
            var id = reader.ReadString();
            ids[slot] = id.Length == 0 ? null : id;
            people[slot] = new Slot { Start = reader.ReadInt32(), Count = reader.ReadInt32(), Into = reader.ReadInt32() };
        }

        var rowsUsed = reader.ReadInt32();
        if (rowsUsed < 0)
            throw new InvalidDataException("The snapshot of the people index is damaged (rows).");
        var rows = new PersonRow[Math.Max(rowsUsed, 64)];
        hashing.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan(0, rowsUsed)));
        var postings = Postings.Load(reader);
        Span<byte> expected = stackalloc byte[32];
        stream.ReadExactly(expected);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected))
            throw new InvalidDataException("The checksum of the people index's snapshot does not hold; build the index anew.");

        var index = new PeopleIndex(model, texts, counts, postings, 0) { Sequence = sequence, _rows = rows, _rowsUsed = rowsUsed, _peopleUsed = used };
        if (used > 0)
            (index._people, index._ids) = (people, ids);
        for (var slot = 0; slot < used; slot++)
        {
            if (ids[slot] is not { } id)
                continue;
            index._slots[id] = slot;
            if (people[slot].Into < 0)
                index._live++;
        }

        foreach (var root in Enumerable.Range(0, used).Where(s => people[s].Into >= 0).Select(index.Resolve).Distinct().ToArray())
            index.Rejoin(root);
        return index;
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    [StructLayout(LayoutKind.Sequential)]
    private struct Slot
    {
        public int Start;
        public int Count;
        public int Into;
    }
}
