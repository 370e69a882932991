using System.Numerics;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Matching;

/// <summary>
/// Which people stand under a blocking key: a table of buckets, each a single person or a short run in one pool. Keys themselves are not kept; two keys
/// that share a bucket merely show each other's people, whom the scoring then turns away.
/// </summary>
internal sealed class Postings
{
    // A head is 0 (empty), person + 1 (one person), or -(position + 1) of a run in the pool: capacity, count, people.
    private int[] _heads;
    private int[] _pool;
    private int _poolUsed;
    private readonly List<int>[] _free;
    private int _entries;

    public Postings(int expectedEntries)
    {
        _heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(expectedEntries, 1024))];
        _pool = new int[Math.Max(expectedEntries / 2, 256)];
        _free = [.. Enumerable.Range(0, 31).Select(_ => new List<int>())];
    }

    private Postings(int[] heads, int[] pool, int poolUsed, int entries)
        : this(0)
    {
        (_heads, _pool, _poolUsed, _entries) = (heads, pool, poolUsed, entries);
    }

    /// <summary>True when buckets are so full that the owner should build a larger table from the rows.</summary>
    public bool Crowded => _entries > _heads.Length * 2L;

    public int Entries => _entries;

    private int Bucket(ulong key) => (int)(key >> 20) & (_heads.Length - 1);

    public void Add(ulong key, int person)
    {
        ref var head = ref _heads[Bucket(key)];
        _entries++;
        if (head == 0)
        {
            head = person + 1;
            return;
        }

        if (head > 0)
        {
            var at = Take(4);
            _pool[at + 1] = 2;
            _pool[at + 2] = head - 1;
            _pool[at + 3] = person;
            head = -(at + 1);
            return;
        }

        var run = -head - 1;
        var count = _pool[run + 1];
        if (count == _pool[run])
        {
            var larger = Take(count * 2);
            Array.Copy(_pool, run + 2, _pool, larger + 2, count);
            _free[BitOperations.Log2((uint)count)].Add(run);
            run = larger;
            head = -(run + 1);
        }

        _pool[run + 2 + count] = person;
        _pool[run + 1] = count + 1;
    }

    public void Remove(ulong key, int person)
    {
        ref var head = ref _heads[Bucket(key)];
        if (head == person + 1)
        {
            head = 0;
            _entries--;
            return;
        }

        if (head >= 0)
            return;
        var run = -head - 1;
        var people = _pool.AsSpan(run + 2, _pool[run + 1]);
        var at = people.IndexOf(person);
        if (at < 0)
            return;
        people[(at + 1)..].CopyTo(people[at..]);
        _pool[run + 1]--;
        _entries--;
    }

    public ReadOnlySpan<int> Find(ulong key, Span<int> one)
    {
        var head = _heads[Bucket(key)];
        if (head == 0)
            return [];
        if (head > 0)
        {
            one[0] = head - 1;
            return one[..1];
        }

        var run = -head - 1;
        return new ReadOnlySpan<int>(_pool, run + 2, _pool[run + 1]);
    }

    private int Take(int capacity)
    {
        var size = BitOperations.Log2((uint)capacity);
        var free = _free[size];
        int at;
        if (free.Count > 0)
        {
            at = free[^1];
            free.RemoveAt(free.Count - 1);
        }
        else
        {
            var need = capacity + 2;
            if (_poolUsed + need > _pool.Length)
                Array.Resize(ref _pool, Math.Max(_pool.Length * 2, _poolUsed + need));
            at = _poolUsed;
            _poolUsed += need;
        }

        _pool[at] = capacity;
        _pool[at + 1] = 0;
        return at;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_heads.Length);
        writer.Write(_poolUsed);
        writer.Write(_entries);
        writer.Flush();
        writer.BaseStream.Write(MemoryMarshal.AsBytes(_heads.AsSpan()));
        writer.BaseStream.Write(MemoryMarshal.AsBytes(_pool.AsSpan(0, _poolUsed)));
    }

    public static Postings Load(BinaryReader reader)
    {
        var heads = reader.ReadInt32();
        var used = reader.ReadInt32();
        var entries = reader.ReadInt32();
        if (heads < 1024 || !BitOperations.IsPow2(heads) || used < 0)
            throw new InvalidDataException("The snapshot of the people index is damaged (postings).");
        var h = new int[heads];
        var p = new int[Math.Max(used, 256)];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(h.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(p.AsSpan(0, used)));
        return new Postings(h, p, used, entries);
    }
}
