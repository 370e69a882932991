using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace OpenMash.Engines.Signs;

/// <summary>What a character is to the scanner: folding, spaces and words over UTF-8 bytes.</summary>
internal static class Utf8Text
{
    /// <summary>In folded phrases: one or more white-space characters.</summary>
    public const int Space = ' ';

    private static readonly byte[] AsciiFold = MakeFold();
    private static readonly bool[] AsciiWord = MakeWord();

    private static byte[] MakeFold()
    {
        var table = new byte[128];
        for (var i = 0; i < 128; i++)
            table[i] = (byte)(i is >= 'A' and <= 'Z' ? i | 0x20 : i is '`' ? '\'' : i);
        return table;
    }

    private static bool[] MakeWord()
    {
        var table = new bool[128];
        for (var i = 0; i < 128; i++)
            table[i] = i is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_';
        return table;
    }

    public static bool IsAsciiWord(int b) => b < 128 && AsciiWord[b];

    public static int FoldAscii(int b) => AsciiFold[b];

    /// <summary>Simple case folding plus typographic variants (apostrophes, double quotes, hyphens). A non-ASCII letter never folds to ASCII.</summary>
    public static int Fold(int rune)
    {
        if ((uint)rune < 128)
            return AsciiFold[rune];
        switch (rune)
        {
            case 0x2018 or 0x2019 or 0x02BC or 0xFF07 or 0x2032 or 0x00B4:
                return '\'';
            case 0x201C or 0x201D:
                return '"';
            case 0x2010 or 0x2011:
                return '-';
        }

        if (!Rune.IsValid(rune))
            return rune;
        var folded = Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(rune))).Value;
        return folded < 128 ? rune : folded;
    }

    public static bool IsSpace(int rune) => rune switch
    {
        ' ' or (>= 9 and <= 13) => true,
        < 0x85 => false,
        0x85 or 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000 => true,
        _ => false,
    };

    public static bool IsWord(int rune)
    {
        if (rune < 128)
            return rune >= 0 && AsciiWord[rune];
        if (!Rune.IsValid(rune))
            return false;
        var value = new Rune(rune);
        return Rune.IsLetterOrDigit(value) || Rune.GetUnicodeCategory(value) is
            System.Globalization.UnicodeCategory.NonSpacingMark or
            System.Globalization.UnicodeCategory.SpacingCombiningMark or
            System.Globalization.UnicodeCategory.EnclosingMark or
            System.Globalization.UnicodeCategory.ConnectorPunctuation;
    }

    /// <summary>The character at <paramref name="at"/> and its length in bytes; -1 past the end or where the bytes are not UTF-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<byte> text, int at, out int length)
    {
        if ((uint)at < (uint)text.Length && text[at] < 128)
        {
            length = 1;
            return text[at];
        }

        return AtSlow(text, at, out length);
    }

    private static int AtSlow(ReadOnlySpan<byte> text, int at, out int length)
    {
        if ((uint)at < (uint)text.Length && Rune.DecodeFromUtf8(text[at..], out var rune, out length) == OperationStatus.Done)
            return rune.Value;
        length = 1;
        return -1;
    }

    /// <summary>The character that ends before <paramref name="end"/>; -1 before the start or where the bytes are not UTF-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Before(ReadOnlySpan<byte> text, int end, out int length)
    {
        if ((uint)(end - 1) < (uint)text.Length && text[end - 1] < 128)
        {
            length = 1;
            return text[end - 1];
        }

        return BeforeSlow(text, end, out length);
    }

    private static int BeforeSlow(ReadOnlySpan<byte> text, int end, out int length)
    {
        if (end > 0 && end <= text.Length && Rune.DecodeLastFromUtf8(text[..end], out var rune, out length) == OperationStatus.Done)
            return rune.Value;
        length = 1;
        return -1;
    }

    /// <summary>Number of code points: bytes that do not continue a character.</summary>
    public static int CountCodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0;
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var limit = Vector256.Create((sbyte)-64);
            for (; i + 32 <= text.Length; i += 32)
            {
                var continued = Vector256.LessThan(Vector256.Create<byte>(text[i..]).AsSByte(), limit);
                count += 32 - BitOperations.PopCount(continued.ExtractMostSignificantBits());
            }
        }

        for (; i < text.Length; i++)
            count += (text[i] & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
}
