using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace OpenMash.Engines.Matching;

/// <summary>
/// Reduces written text to the lower-case Latin bytes on which names and addresses are compared: accents fall away, Arabic, Cyrillic, Greek and
/// Hebrew letters take their common Latin spelling (Data/fold.tsv), apostrophes vanish, other punctuation becomes one space. A letter of any other
/// script becomes one byte of 0x80 or more, so that equal letters stay equal and edit distances stay meaningful.
/// </summary>
internal static class TextFold
{
    private static readonly FrozenDictionary<char, string> Letters = LoadLetters();

    /// <summary>Folds <paramref name="text"/> into <paramref name="target"/> and returns the bytes written; text beyond the target's length is cut.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Fold(ReadOnlySpan<char> text, Span<byte> target)
    {
        var n = 0;
        var gap = false;
        foreach (var c in text)
        {
            if (n >= target.Length)
                break;
            if (c < 128)
            {
                var lower = c is >= 'A' and <= 'Z' ? (byte)(c | 0x20) : (byte)c;
                if (lower is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9')
                    Put(target, ref n, ref gap, lower);
                else if (lower is not ((byte)'\'' or (byte)'`'))
                    gap = true;
                continue;
            }

            FoldOther(c, target, ref n, ref gap);
        }

        return n;
    }

    private static void FoldOther(char c, Span<byte> target, ref int n, ref bool gap)
    {
        c = char.ToLowerInvariant(c);
        if (Letters.TryGetValue(c, out var latin))
        {
            foreach (var l in latin)
            {
                if (n < target.Length)
                    Put(target, ref n, ref gap, (byte)l);
            }

            return;
        }

        if (c is '’' or '‘' or 'ʼ' or 'ʻ')
            return;
        if (char.IsSurrogate(c))
        {
            if (char.IsHighSurrogate(c))
                return;
            Put(target, ref n, ref gap, Hash(c));
            return;
        }

        if (!char.IsLetterOrDigit(c))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format))
                gap = true;
            return;
        }

        var parts = c.ToString().Normalize(NormalizationForm.FormKD);
        foreach (var p in parts)
        {
            if (n >= target.Length)
                return;
            var lower = char.ToLowerInvariant(p);
            if (char.IsAsciiLetterOrDigit(lower))
            {
                Put(target, ref n, ref gap, (byte)lower);
            }
            else if (Letters.TryGetValue(lower, out var spelling))
            {
                foreach (var l in spelling)
                {
                    if (n < target.Length)
                        Put(target, ref n, ref gap, (byte)l);
                }
            }
            else if (char.IsLetterOrDigit(lower))
            {
                Put(target, ref n, ref gap, Hash(lower));
            }
        }
    }

    private static byte Hash(char c) => (byte)(0x80 | ((c * 0x9E37u >> 9) & 0x7F));

    private static void Put(Span<byte> target, ref int n, ref bool gap, byte value)
    {
        if (gap && n > 0)
        {
            target[n++] = (byte)' ';
            if (n >= target.Length)
                return;
        }

        gap = false;
        target[n++] = value;
    }

    private static FrozenDictionary<char, string> LoadLetters()
    {
        var map = new Dictionary<char, string>();
        foreach (var line in EmbeddedData.Lines("fold.tsv"))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            map[line[0]] = tab < 0 ? "" : line[(tab + 1)..];
        }

        return map.ToFrozenDictionary();
    }
}
