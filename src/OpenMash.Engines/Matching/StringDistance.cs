using System.Numerics;
using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>Likeness of two folded strings, bit-parallel in one machine word; only the first 64 bytes are read.</summary>
internal static class StringDistance
{
    /// <summary>Jaro-Winkler likeness, 0 to 1, with Winkler's prefix of four and weight 0.1 (Winkler 1990).</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe float JaroWinkler(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length > 64)
            a = a[..64];
        if (b.Length > 64)
            b = b[..64];
        if (a.Length == 0 || b.Length == 0)
            return 0;
        if (a.Length > b.Length)
        {
            var t = a;
            a = b;
            b = t;
        }

        // For each byte of the shorter string take the first unused equal byte of the longer one within the window.
        var window = Math.Max((b.Length / 2) - 1, 0);
        ulong usedB = 0;
        Span<byte> matchedA = stackalloc byte[64];
        var matches = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var lo = Math.Max(i - window, 0);
            var hi = Math.Min(i + window, b.Length - 1);
            var c = a[i];
            for (var j = lo; j <= hi; j++)
            {
                if (b[j] == c && (usedB >> j & 1) == 0)
                {
                    usedB |= 1UL << j;
                    matchedA[matches++] = c;
                    break;
                }
            }
        }

        if (matches == 0)
            return 0;
        var transposed = 0;
        var k = 0;
        for (var u = usedB; u != 0; u &= u - 1)
        {
            if (b[BitOperations.TrailingZeroCount(u)] != matchedA[k++])
                transposed++;
        }

        float m = matches;
        var jaro = ((m / a.Length) + (m / b.Length) + ((m - (transposed / 2)) / m)) / 3f;
        var prefix = 0;
        while (prefix < 4 && prefix < a.Length && a[prefix] == b[prefix])
            prefix++;
        return jaro + (prefix * 0.1f * (1 - jaro));
    }

    /// <summary>
    /// Optimal string alignment distance: insertions, deletions, substitutions and exchanges of neighbours, counted up to
    /// <paramref name="limit"/>; anything beyond returns <paramref name="limit"/> + 1. Bit-parallel after Hyyrö (2003).
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Edits(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int limit)
    {
        if (a.Length > 64)
            a = a[..64];
        if (b.Length > 64)
            b = b[..64];
        while (a.Length > 0 && b.Length > 0 && a[0] == b[0])
        {
            a = a[1..];
            b = b[1..];
        }

        while (a.Length > 0 && b.Length > 0 && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }

        if (Math.Abs(a.Length - b.Length) > limit)
            return limit + 1;
        if (a.Length == 0 || b.Length == 0)
            return Math.Max(a.Length, b.Length);

        ulong vp = ~0UL, vn = 0, d0 = 0, pmOld = 0;
        var score = a.Length;
        var top = 1UL << (a.Length - 1);
        foreach (var c in b)
        {
            ulong pm = 0;
            for (var i = 0; i < a.Length; i++)
            {
                if (a[i] == c)
                    pm |= 1UL << i;
            }

            var tr = ((~d0 & pm) << 1) & pmOld;
            d0 = (((pm & vp) + vp) ^ vp) | pm | vn | tr;
            var hp = vn | ~(d0 | vp);
            var hn = d0 & vp;
            if ((hp & top) != 0)
                score++;
            else if ((hn & top) != 0)
                score--;
            hp = (hp << 1) | 1;
            hn <<= 1;
            vp = hn | ~(d0 | hp);
            vn = hp & d0;
            pmOld = pm;
        }

        return Math.Min(score, limit + 1);
    }
}
