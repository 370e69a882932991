using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenMash.Engines.Signs;

/// <summary>One bit a byte: is it a letter, digit or underscore of ASCII? 64 bytes a step where the machine has vectors.</summary>
internal static unsafe class TokenMasks
{
    /// <summary>Fills <paramref name="masks"/> with one word for each 64 bytes; bytes past the end are no word. Returns true if every byte was ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Fill(byte* text, int length, ulong* masks)
    {
        var blocks = length >> 6;
        ulong high = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (var i = 0; i < blocks; i++)
                masks[i] = Mask512(text + ((nint)i << 6), ref high);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (var i = 0; i < blocks; i++)
                masks[i] = Mask256(text + ((nint)i << 6), ref high);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (var i = 0; i < blocks; i++)
                masks[i] = Mask128(text + ((nint)i << 6), ref high);
        }
        else
        {
            for (var i = 0; i < blocks; i++)
                masks[i] = MaskScalar(text + ((nint)i << 6), 64, ref high);
        }

        if ((length & 63) != 0)
            masks[blocks++] = MaskScalar(text + (length & ~63), length & 63, ref high);
        return high == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask512(byte* p, ref ulong high)
    {
        var v = Vector512.Load(p);
        high |= v.ExtractMostSignificantBits();
        var letter = Vector512.LessThan((v | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)26));
        var digit = Vector512.LessThan(v - Vector512.Create((byte)'0'), Vector512.Create((byte)10));
        var underscore = Vector512.Equals(v, Vector512.Create((byte)'_'));
        return letter.ExtractMostSignificantBits() | digit.ExtractMostSignificantBits() | underscore.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Half256(byte* p, ref ulong high)
    {
        var v = Vector256.Load(p);
        high |= v.ExtractMostSignificantBits();
        var letter = Vector256.LessThan((v | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
        var digit = Vector256.LessThan(v - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
        return (letter | digit | Vector256.Equals(v, Vector256.Create((byte)'_'))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask256(byte* p, ref ulong high) => Half256(p, ref high) | ((ulong)Half256(p + 32, ref high) << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Quarter128(byte* p, ref ulong high)
    {
        var v = Vector128.Load(p);
        high |= v.ExtractMostSignificantBits();
        var letter = Vector128.LessThan((v | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
        var digit = Vector128.LessThan(v - Vector128.Create((byte)'0'), Vector128.Create((byte)10));
        return (letter | digit | Vector128.Equals(v, Vector128.Create((byte)'_'))).ExtractMostSignificantBits();
    }

    private static ulong Mask128(byte* p, ref ulong high) =>
        Quarter128(p, ref high) | ((ulong)Quarter128(p + 16, ref high) << 16) | ((ulong)Quarter128(p + 32, ref high) << 32) | ((ulong)Quarter128(p + 48, ref high) << 48);

    public static ulong MaskScalar(byte* p, int count, ref ulong high)
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
