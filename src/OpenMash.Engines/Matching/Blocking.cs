using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenMash.Engines.Matching;

/// <summary>
/// Which pairs of a table are compared: the union of several rules, no pair twice. Sixteen rules at most are active; each record's sixteen 32-bit keys
/// stand in one cache line, so that one vector comparison tells whether an earlier rule holds a pair already. A block too large for its rule's share of
/// the work is closed: its records' keys become 0 for that rule, and wider knowledge must bring them together.
/// </summary>
internal sealed class Blocking
{
    public const int Slots = 16;
    private const int Segment = 1 << 14;

    private readonly PeopleTable _table;
    private readonly List<(int Rule, int Cap, long Pairs)> _plan = [];
    private readonly uint[] _keys;
    private readonly List<ulong[]> _sorted = [];
    private readonly bool _all;

    public Blocking(PeopleTable table, int threads)
    {
        _table = table;
        var n = table.Count;
        TotalPairs = table.Linking ? (double)table.FirstFile * (n - table.FirstFile) : n * (n - 1.0) / 2;
        _all = TotalPairs <= AllPairs;
        _keys = new uint[_all ? 0 : (long)n * Slots];
        if (!_all)
            Plan(threads);
    }

    /// <summary>Up to this many pairs, all are compared and no rule is needed.</summary>
    public const double AllPairs = 3_000_000;

    public double TotalPairs { get; }

    public bool ComparesAll => _all;

    /// <summary>The active rules, the largest block each takes and the pairs it holds (before pairs of earlier rules are left out).</summary>
    public IReadOnlyList<(int Rule, int Cap, long Pairs)> Rules => _plan;

    public long PlannedPairs => _all ? (long)TotalPairs : _plan.Sum(p => p.Pairs);

    private void Plan(int threads)
    {
        var n = _table.Count;
        var rules = BlockKeys.Count;
        var byRule = new uint[rules][];
        for (var r = 0; r < rules; r++)
            byRule[r] = new uint[n];
        Parallel.For(0, (n + Segment - 1) / Segment, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            Span<ulong> keys = stackalloc ulong[BlockKeys.Count];
            for (var i = part * Segment; i < Math.Min(n, (part + 1) * Segment); i++)
            {
                BlockKeys.Write(_table.Rows[i], _table.Texts, keys);
                for (var r = 0; r < rules; r++)
                    byRule[r][i] = (uint)(keys[r] >> 32) | (keys[r] == 0 ? 0 : 1u);
            }
        });

        // More rules than there are slots: the widest, which stand last, are left.
        var usable = Enumerable.Range(0, rules).Where(r => byRule[r].AsSpan().ContainsAnyExcept(0u)).Take(Slots).ToArray();
        foreach (var r in Enumerable.Range(0, rules).Except(usable))
            byRule[r] = [];
        var budget = Math.Max(4_000_000L, 6L * n);
        var sorted = new ulong[rules][];
        var sizes = new long[rules][];
        Parallel.ForEach(usable, new ParallelOptions { MaxDegreeOfParallelism = threads }, r =>
        {
            var keys = byRule[r];
            var used = n - keys.AsSpan().Count(0u);
            if (used < 2)
                return;
            var items = new ulong[used];
            var at = 0;
            for (var i = 0; i < n; i++)
            {
                if (keys[i] != 0)
                    items[at++] = ((ulong)keys[i] << 32) | (uint)i;
            }

            byRule[r] = [];
            Radix.SortByHigh(items, new ulong[used]);
            sorted[r] = items;
            sizes[r] = PairsByBlockSize(items);
        });

        var remaining = budget;
        var candidates = Enumerable.Range(0, rules).Where(r => sorted[r] is not null && sizes[r].Sum() > 0).ToList();
        for (var k = 0; k < candidates.Count && _plan.Count < Slots; k++)
        {
            var r = candidates[k];
            var left = Math.Min(candidates.Count - k, Slots - _plan.Count);
            var share = Math.Min(remaining, Math.Max(remaining * 2 / (left + 1), budget / 20));
            long pairs = 0;
            var cap = 0;
            var most = r < 5 ? 6 : 11;
            for (var size = 1; size <= most && pairs + sizes[r][size] <= share; size++)
            {
                pairs += sizes[r][size];
                cap = 1 << size;
            }

            if (pairs == 0)
                continue;
            _plan.Add((r, cap, pairs));
            remaining -= pairs;
        }

        for (var slot = 0; slot < _plan.Count; slot++)
            _sorted.Add(Open(sorted[_plan[slot].Rule], _plan[slot].Cap));
        for (var slot = 0; slot < _plan.Count; slot++)
        {
            var items = _sorted[slot];
            foreach (var item in items)
                _keys[((long)(uint)item * Slots) + slot] = (uint)(item >> 32);
        }
    }

    /// <summary>Pairs by the power of two that bounds the block: index 1 holds blocks of two, 2 up to four, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long[] PairsByBlockSize(ulong[] items)
    {
        var sums = new long[33];
        for (var start = 0; start < items.Length;)
        {
            var end = BlockEnd(items, start);
            var size = end - start;
            if (size > 1)
                sums[BitOperations.Log2((uint)(size - 1)) + 1] += Pairs(items, start, end);
            start = end;
        }

        return sums;
    }

    private long Pairs(ulong[] items, int start, int end)
    {
        long size = end - start;
        if (!_table.Linking)
            return size * (size - 1) / 2;
        long left = 0;
        for (var i = start; i < end && (uint)items[i] < _table.FirstFile; i++)
            left++;
        return left * (size - left);
    }

    private static int BlockEnd(ulong[] items, int start)
    {
        var key = items[start] >> 32;
        var end = start + 1;
        while (end < items.Length && items[end] >> 32 == key)
            end++;
        return end;
    }

    /// <summary>The blocks of two up to the cap, in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong[] Open(ulong[] items, int cap)
    {
        var kept = 0;
        for (var start = 0; start < items.Length;)
        {
            var end = BlockEnd(items, start);
            if (end - start > 1 && end - start <= cap)
            {
                Array.Copy(items, start, items, kept, end - start);
                kept += end - start;
            }

            start = end;
        }

        return items[..kept];
    }

    /// <summary>Leaves a rule out of what is visited from now on.</summary>
    public void Close(int slot)
    {
        foreach (var item in _sorted[slot])
            _keys[((long)(uint)item * Slots) + slot] = 0;
        _sorted[slot] = [];
        _plan[slot] = (_plan[slot].Rule, 0, 0);
    }

    /// <summary>The slots whose rule both records share, as bits.</summary>
    public uint SharedSlots(int a, int b)
    {
        if (_all)
            return 0;
        ref var keys = ref MemoryMarshal.GetArrayDataReference(_keys);
        var x = Vector512.LoadUnsafe(ref keys, (nuint)a * Slots);
        var y = Vector512.LoadUnsafe(ref keys, (nuint)b * Slots);
        return (uint)(Vector512.Equals(x, y).ExtractMostSignificantBits() & ~Vector512.Equals(x, Vector512<uint>.Zero).ExtractMostSignificantBits());
    }

    /// <summary>
    /// Visits every pair once, in parts that do not depend on the number of threads. <paramref name="visit"/> gets the part's own state; the states come
    /// back in order.
    /// </summary>
    /// <param name="threads">Threads to use.</param>
    /// <param name="state">Makes the state of a part.</param>
    /// <param name="visit">Sees a pair.</param>
    /// <param name="rate">Share of the blocks, or of the records where all pairs are compared, that are visited; chosen by a hash.</param>
    public List<T> Visit<T>(int threads, Func<T> state, Action<T, int, int> visit, double rate = 1)
    {
        var limit = rate >= 1 ? ulong.MaxValue : (ulong)(rate * ulong.MaxValue);
        var parts = Parts();
        var results = new T[parts.Count];
        Parallel.For(0, parts.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, p =>
        {
            var own = state();
            var (slot, start, end) = parts[p];
            if (slot < 0)
                VisitAll(own, start, end, limit, visit);
            else
                VisitBlocks(own, slot, start, end, limit, visit);
            results[p] = own;
        });
        return [.. results];
    }

    private List<(int Slot, int Start, int End)> Parts()
    {
        var parts = new List<(int, int, int)>();
        if (_all)
        {
            var firsts = _table.Linking ? _table.FirstFile : _table.Count;
            for (var i = 0; i < firsts; i += 64)
                parts.Add((-1, i, Math.Min(i + 64, firsts)));
            return parts;
        }

        for (var slot = 0; slot < _sorted.Count; slot++)
        {
            var items = _sorted[slot];
            for (var start = 0; start < items.Length;)
            {
                var end = Math.Min(start + Segment, items.Length);
                while (end < items.Length && items[end] >> 32 == items[end - 1] >> 32)
                    end++;
                parts.Add((slot, start, end));
                start = end;
            }
        }

        return parts;
    }

    private void VisitAll<T>(T own, int start, int end, ulong limit, Action<T, int, int> visit)
    {
        for (var i = start; i < end; i++)
        {
            if (Scatter((uint)i) > limit)
                continue;
            for (var j = _table.Linking ? _table.FirstFile : i + 1; j < _table.Count; j++)
                visit(own, i, j);
        }
    }

    private static ulong Scatter(ulong x)
    {
        x = (x + 0x9E3779B97F4A7C15UL) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 29)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void VisitBlocks<T>(T own, int slot, int start, int end, ulong limit, Action<T, int, int> visit)
    {
        const int ahead = 12;
        var items = _sorted[slot];
        var earlier = (1u << slot) - 1;
        fixed (PersonRow* rows = _table.Rows)
        fixed (uint* keys = _keys)
        {
            var fetched = start;
            for (var s = start; s < end;)
            {
                var e = BlockEnd(items, s);
                if (limit != ulong.MaxValue && Scatter(items[s] >> 32 ^ (ulong)slot << 40) > limit)
                {
                    s = e;
                    fetched = Math.Max(fetched, s);
                    continue;
                }

                if (Sse.IsSupported)
                {
                    // Records of a block lie anywhere in memory: ask for them before they are needed.
                    for (; fetched < Math.Min(e + ahead, end); fetched++)
                    {
                        var record = (int)(uint)items[fetched];
                        Sse.Prefetch0(rows + record);
                        Sse.Prefetch0((byte*)(rows + record) + 64);
                        Sse.Prefetch0(keys + ((long)record * Slots));
                    }
                }

                for (var i = s; i < e; i++)
                {
                    var a = (int)(uint)items[i];
                    if (_table.Linking && a >= _table.FirstFile)
                        break;
                    for (var j = i + 1; j < e; j++)
                    {
                        var b = (int)(uint)items[j];
                        if (_table.Linking && b < _table.FirstFile)
                            continue;
                        if ((SharedSlots(a, b) & earlier) == 0)
                            visit(own, a, b);
                    }
                }

                s = e;
            }
        }
    }
}
