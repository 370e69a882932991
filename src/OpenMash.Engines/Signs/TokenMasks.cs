using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenMash.Engines.Signs;

/// <summary>
/// For 64 bytes at a time, two words of bits: which bytes are letters, digits or underscores of ASCII, and where an anchor word could begin.
/// </summary>
/// <remarks>
/// The second is the idea of Teddy (G. Langdale, Hyperscan): anchors are put in eight buckets; for each of the first three letters a table gives the
/// buckets that have an anchor with that letter there; a place where the three answers share no bucket begins no anchor. With AVX-512 VBMI one
/// permutation looks up a letter, otherwise two shuffles by nibble do. Both tables may say yes too often, never no wrongly.
/// </remarks>
internal sealed unsafe class TokenMasks
{
    private const int Letters = 3;

    /// <summary>By the low six bits of a byte: exact for letters of either case.</summary>
    private readonly byte[] bySix = new byte[Letters * 64];

    /// <summary>By low and by high nibble of the byte with its case bit set.</summary>
    private readonly byte[] byLow = new byte[Letters * 16];
    private readonly byte[] byHigh = new byte[Letters * 16];

    /// <summary>False when the anchors are so many that nearly every place would pass.</summary>
    public bool Filters { get; }

    public TokenMasks(IReadOnlyList<ulong> keys, bool filter)
    {
        Filters = filter && keys.Count is > 0 and <= 3000;
        if (!Filters)
            return;
        var ordered = keys.Select(k => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(k)).Order().ToArray();
        for (var i = 0; i < ordered.Length; i++)
        {
            var key = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(ordered[i]);
            var bucket = (byte)(1 << (int)((long)i * 8 / ordered.Length));
            for (var p = 0; p < Letters; p++)
            {
                var b = (byte)(key >> (8 * p));
                if (b == 0)
                {
                    // The word ends before: any byte may follow.
                    for (var k = 0; k < 64; k++)
                        bySix[(p * 64) + k] |= bucket;
                    for (var k = 0; k < 16; k++)
                    {
                        byLow[(p * 16) + k] |= bucket;
                        byHigh[(p * 16) + k] |= bucket;
                    }

                    continue;
                }

                bySix[(p * 64) + (b & 0x3F)] |= bucket;
                bySix[(p * 64) + ((b & ~0x20) & 0x3F)] |= bucket;
                byLow[(p * 16) + (b & 15)] |= bucket;
                byHigh[(p * 16) + (b >> 4)] |= bucket;
            }
        }
    }

    /// <summary>
    /// Fills <paramref name="words"/> and <paramref name="starts"/> with one word for each 64 bytes; bytes past the end are no word. <paramref name="readable"/>
    /// (at least <paramref name="length"/>) bytes may be read. Returns true if every byte was ASCII.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Fill(byte* text, int length, int readable, ulong* words, ulong* starts)
    {
        ulong high = 0;
        var blocks = length >> 6;
        var i = 0;
        fixed (byte* six = bySix, low = byLow, top = byHigh)
        {
            if (Vector512.IsHardwareAccelerated && Avx512Vbmi.IsSupported)
            {
                var t0 = Vector512.Load(six);
                var t1 = Vector512.Load(six + 64);
                var t2 = Vector512.Load(six + 128);
                for (; i < blocks; i++)
                {
                    var p = text + ((nint)i << 6);
                    var v = Vector512.Load(p);
                    high |= v.ExtractMostSignificantBits();
                    words[i] = Words512(v);
                    if (Filters && (i << 6) + 66 <= readable)
                    {
                        var found = Avx512Vbmi.PermuteVar64x8(t0, v) & Avx512Vbmi.PermuteVar64x8(t1, Vector512.Load(p + 1)) & Avx512Vbmi.PermuteVar64x8(t2, Vector512.Load(p + 2));
                        starts[i] = ~Vector512.Equals(found, Vector512<byte>.Zero).ExtractMostSignificantBits();
                    }
                    else
                        starts[i] = ulong.MaxValue;
                }
            }
            else if (Avx2.IsSupported)
            {
                for (; i < blocks; i++)
                {
                    var p = text + ((nint)i << 6);
                    words[i] = Words256(p, ref high) | ((ulong)Words256(p + 32, ref high) << 32);
                    starts[i] = Filters && (i << 6) + 66 <= readable ? Starts256(p, low, top) | ((ulong)Starts256(p + 32, low, top) << 32) : ulong.MaxValue;
                }
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                for (; i < blocks; i++)
                {
                    var p = text + ((nint)i << 6);
                    var filters = Filters && (i << 6) + 66 <= readable;
                    ulong word = 0;
                    ulong start = 0;
                    for (var q = 0; q < 64; q += 16)
                    {
                        word |= (ulong)Words128(p + q, ref high) << q;
                        if (filters)
                            start |= (ulong)Starts128(p + q, low, top) << q;
                    }

                    words[i] = word;
                    starts[i] = filters ? start : ulong.MaxValue;
                }
            }
            else
            {
                for (; i < blocks; i++)
                {
                    words[i] = MaskScalar(text + ((nint)i << 6), 64, ref high);
                    starts[i] = ulong.MaxValue;
                }
            }
        }

        if ((length & 63) != 0)
        {
            words[i] = MaskScalar(text + (length & ~63), length & 63, ref high);
            starts[i] = ulong.MaxValue;
        }

        return high == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Words512(Vector512<byte> v)
    {
        var letter = Vector512.LessThan((v | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)26));
        var digit = Vector512.LessThan(v - Vector512.Create((byte)'0'), Vector512.Create((byte)10));
        var underscore = Vector512.Equals(v, Vector512.Create((byte)'_'));
        return letter.ExtractMostSignificantBits() | digit.ExtractMostSignificantBits() | underscore.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Words256(byte* p, ref ulong high)
    {
        var v = Vector256.Load(p);
        high |= v.ExtractMostSignificantBits();
        var letter = Vector256.LessThan((v | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
        var digit = Vector256.LessThan(v - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
        return (letter | digit | Vector256.Equals(v, Vector256.Create((byte)'_'))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Starts256(byte* p, byte* low, byte* top)
    {
        var found = Vector256<byte>.AllBitsSet;
        for (var k = 0; k < Letters; k++)
        {
            var v = Vector256.Load(p + k) | Vector256.Create((byte)0x20);
            var lowTable = Vector256.Create(Vector128.Load(low + (16 * k)), Vector128.Load(low + (16 * k)));
            var topTable = Vector256.Create(Vector128.Load(top + (16 * k)), Vector128.Load(top + (16 * k)));
            found &= Avx2.Shuffle(lowTable, v & Vector256.Create((byte)15)) & Avx2.Shuffle(topTable, Vector256.ShiftRightLogical(v.AsUInt16(), 4).AsByte() & Vector256.Create((byte)15));
        }

        return ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Words128(byte* p, ref ulong high)
    {
        var v = Vector128.Load(p);
        high |= v.ExtractMostSignificantBits();
        var letter = Vector128.LessThan((v | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
        var digit = Vector128.LessThan(v - Vector128.Create((byte)'0'), Vector128.Create((byte)10));
        return (letter | digit | Vector128.Equals(v, Vector128.Create((byte)'_'))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Starts128(byte* p, byte* low, byte* top)
    {
        var found = Vector128<byte>.AllBitsSet;
        for (var k = 0; k < Letters; k++)
        {
            var v = Vector128.Load(p + k) | Vector128.Create((byte)0x20);
            found &= Vector128.Shuffle(Vector128.Load(low + (16 * k)), v & Vector128.Create((byte)15))
                & Vector128.Shuffle(Vector128.Load(top + (16 * k)), Vector128.ShiftRightLogical(v.AsUInt16(), 4).AsByte() & Vector128.Create((byte)15));
        }

        return ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    private static ulong MaskScalar(byte* p, int count, ref ulong high)
    {
        ulong mask = 0;
        for (var i = 0; i < count; i++)
        {
            high |= (uint)p[i] >> 7;
            mask |= (Utf8Text.IsAsciiWord(p[i]) ? 1UL : 0) << i;
        }

        return mask;
    }
}
