using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>Least-significant-digit radix sort of (key, record) pairs packed in one number, key above; stable, so records of a key stay in order.</summary>
internal static class Radix
{
    /// <summary>Sorts by the upper 32 bits. <paramref name="spare"/> is as long as <paramref name="items"/>; the result is in <paramref name="items"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SortByHigh(Span<ulong> items, Span<ulong> spare)
    {
        const int bits = 11;
        Span<int> counts = new int[3 << bits];
        foreach (var item in items)
        {
            counts[(int)(item >> 32) & 0x7FF]++;
            counts[(1 << bits) + ((int)(item >> 43) & 0x7FF)]++;
            counts[(2 << bits) + (int)(item >> 54)]++;
        }

        var from = items;
        var to = spare;
        for (var pass = 0; pass < 3; pass++)
        {
            var c = counts.Slice(pass << bits, 1 << bits);
            var sum = 0;
            for (var i = 0; i < c.Length; i++)
                (c[i], sum) = (sum, sum + c[i]);
            var shift = 32 + (pass * bits);
            foreach (var item in from)
                to[c[(int)(item >> shift) & 0x7FF]++] = item;
            var t = from;
            from = to;
            to = t;
        }

        from.CopyTo(items);
    }
}
