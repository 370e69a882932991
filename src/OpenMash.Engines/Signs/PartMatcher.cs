namespace OpenMash.Engines.Signs;

/// <summary>Compares the parts of a phrase with the text, outward from the anchor word.</summary>
internal static class PartMatcher
{
    /// <summary>Matches runes[index..] at <paramref name="at"/>, which moves past them.</summary>
    public static bool Forward(int[] runes, int index, ReadOnlySpan<byte> text, ref int at)
    {
        var i = at;
        for (var r = index; r < runes.Length; r++)
        {
            var rune = Utf8Text.At(text, i, out var size);
            if (runes[r] == Utf8Text.Space)
            {
                if (!Utf8Text.IsSpace(rune))
                    return false;
                do
                {
                    i += size;
                    rune = Utf8Text.At(text, i, out size);
                }
                while (Utf8Text.IsSpace(rune));
            }
            else
            {
                if (Utf8Text.Fold(rune) != runes[r])
                    return false;
                i += size;
            }
        }

        at = i;
        return true;
    }

    /// <summary>Matches runes[..index] so that they end at <paramref name="at"/>, which moves before them.</summary>
    public static bool Backward(int[] runes, int index, ReadOnlySpan<byte> text, ref int at)
    {
        var i = at;
        for (var r = index - 1; r >= 0; r--)
        {
            var rune = Utf8Text.Before(text, i, out var size);
            if (runes[r] == Utf8Text.Space)
            {
                if (!Utf8Text.IsSpace(rune))
                    return false;
                do
                {
                    i -= size;
                    rune = Utf8Text.Before(text, i, out size);
                }
                while (Utf8Text.IsSpace(rune));
            }
            else
            {
                if (Utf8Text.Fold(rune) != runes[r])
                    return false;
                i -= size;
            }
        }

        at = i;
        return true;
    }

    public static bool EdgeBefore(int[] runes, ReadOnlySpan<byte> text, int start) =>
        !Utf8Text.IsWord(runes[0]) || !Utf8Text.IsWord(Utf8Text.Before(text, start, out _));

    public static bool EdgeAfter(int[] runes, ReadOnlySpan<byte> text, int end) =>
        !Utf8Text.IsWord(runes[^1]) || !Utf8Text.IsWord(Utf8Text.At(text, end, out _));

    /// <summary>Matches the parts after <paramref name="part"/>; the shortest reading wins.</summary>
    public static bool RestAfter(PhrasePart[] parts, int part, ReadOnlySpan<byte> text, ref int end)
    {
        var next = part + 1;
        if (next == parts.Length)
            return parts[part].Kind != PartKind.Literal ? !Utf8Text.IsWord(Utf8Text.At(text, end, out _)) : EdgeAfter(parts[part].Runes, text, end);

        var at = end;
        if (!SkipLoose(text, ref at))
            return false;
        if (parts[next].Kind != PartKind.Gap)
            return TryPart(parts, next, text, at, ref end);

        // A gap is followed by a literal or a number: try it after Min, Min + 1, ... words.
        for (var words = 0; words <= parts[next].Max; words++)
        {
            if (words >= parts[next].Min && TryPart(parts, next + 1, text, at, ref end))
                return true;
            if (words == parts[next].Max || !SkipWord(text, ref at) || !SkipLoose(text, ref at))
                return false;
        }

        return false;
    }

    private static bool TryPart(PhrasePart[] parts, int part, ReadOnlySpan<byte> text, int at, ref int end)
    {
        var to = at;
        var ok = parts[part].Kind == PartKind.Number
            ? NumberForward(parts[part], text, ref to)
            : Forward(parts[part].Runes, 0, text, ref to) && EdgeAfter(parts[part].Runes, text, to);
        if (!ok || !RestAfter(parts, part, text, ref to))
            return false;
        end = to;
        return true;
    }

    /// <summary>Matches the parts before <paramref name="part"/>; the shortest reading wins.</summary>
    public static bool RestBefore(PhrasePart[] parts, int part, ReadOnlySpan<byte> text, ref int start)
    {
        if (part == 0)
            return parts[0].Kind != PartKind.Literal ? !Utf8Text.IsWord(Utf8Text.Before(text, start, out _)) : EdgeBefore(parts[0].Runes, text, start);

        var previous = part - 1;
        var at = start;
        if (!SkipLooseBack(text, ref at))
            return false;
        if (parts[previous].Kind != PartKind.Gap)
            return TryPartBack(parts, previous, text, at, ref start);
        for (var words = 0; words <= parts[previous].Max; words++)
        {
            if (words >= parts[previous].Min && TryPartBack(parts, previous - 1, text, at, ref start))
                return true;
            if (words == parts[previous].Max || !SkipWordBack(text, ref at) || !SkipLooseBack(text, ref at))
                return false;
        }

        return false;
    }

    private static bool TryPartBack(PhrasePart[] parts, int part, ReadOnlySpan<byte> text, int at, ref int start)
    {
        var to = at;
        var ok = parts[part].Kind == PartKind.Number
            ? NumberBack(parts[part], text, ref to)
            : Backward(parts[part].Runes, parts[part].Runes.Length, text, ref to) && EdgeBefore(parts[part].Runes, text, to);
        if (!ok || !RestBefore(parts, part, text, ref to))
            return false;
        start = to;
        return true;
    }

    /// <summary>Between words of a pattern: white space and light punctuation, never the end of a sentence or a paragraph.</summary>
    private static bool IsLoose(int rune) => Utf8Text.IsSpace(rune) || rune is ',' or '(' or ')' or '[' or ']' or '"' or '\'' or '-' or '/' or '&'
        or 0x2013 or 0x2014 or 0x2018 or 0x2019 or 0x201C or 0x201D;

    /// <summary>An ASCII mark that can stand neither in a gap nor between the parts of a pattern: no form without it in its own words goes over it.</summary>
    public static bool EndsGap(byte b) => b < 128 && !IsLoose(b) && !Utf8Text.IsAsciiWord(b) && Utf8Text.FoldAscii(b) != '\'';

    private static bool SkipLoose(ReadOnlySpan<byte> text, ref int at)
    {
        var i = at;
        var lines = 0;
        while (true)
        {
            var rune = Utf8Text.At(text, i, out var size);
            if (!IsLoose(rune))
                break;
            if (rune == '\n' && ++lines > 1)
                return false;
            i += size;
        }

        var moved = i > at;
        at = i;
        return moved;
    }

    private static bool SkipLooseBack(ReadOnlySpan<byte> text, ref int at)
    {
        var i = at;
        var lines = 0;
        while (true)
        {
            var rune = Utf8Text.Before(text, i, out var size);
            if (!IsLoose(rune))
                break;
            if (rune == '\n' && ++lines > 1)
                return false;
            i -= size;
        }

        var moved = i < at;
        at = i;
        return moved;
    }

    private static bool SkipWord(ReadOnlySpan<byte> text, ref int at)
    {
        var i = at;
        while (true)
        {
            var rune = Utf8Text.At(text, i, out var size);
            if (!Utf8Text.IsWord(rune) && !(i > at && Utf8Text.Fold(rune) is '\'' or '-' && Utf8Text.IsWord(Utf8Text.At(text, i + size, out _))))
                break;
            i += size;
        }

        var moved = i > at;
        at = i;
        return moved;
    }

    private static bool SkipWordBack(ReadOnlySpan<byte> text, ref int at)
    {
        var i = at;
        while (true)
        {
            var rune = Utf8Text.Before(text, i, out var size);
            if (!Utf8Text.IsWord(rune) && !(i < at && Utf8Text.Fold(rune) is '\'' or '-' && Utf8Text.IsWord(Utf8Text.Before(text, i - size, out _))))
                break;
            i -= size;
        }

        var moved = i < at;
        at = i;
        return moved;
    }

    private static readonly string[] Units =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <summary>Digits ("27", "27yo", "27-year-old" up to the digits) or words ("twenty-seven").</summary>
    private static bool NumberForward(PhrasePart part, ReadOnlySpan<byte> text, ref int at)
    {
        var i = at;
        if (i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9')
        {
            long value = 0;
            while (i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9' && i - at < 10)
                value = (value * 10) + (text[i++] - '0');
            if (value < part.Min || value > part.Max || (i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9'))
                return false;
            return TakeAgeSuffix(text, ref i) && Set(ref at, i);
        }

        return WordNumber(text, ref i, out var number) && number >= part.Min && number <= part.Max && Set(ref at, i);
    }

    private static bool Set(ref int at, int value)
    {
        at = value;
        return true;
    }

    /// <summary>"yo", "yr", "yrs", "y" glued to the digits belong to the number; any other letter means it is none.</summary>
    private static bool TakeAgeSuffix(ReadOnlySpan<byte> text, ref int at)
    {
        if (!Utf8Text.IsWord(Utf8Text.At(text, at, out _)))
            return true;
        foreach (var suffix in (ReadOnlySpan<string>)["yrs", "yr", "yo", "y"])
        {
            var i = at;
            var ok = true;
            foreach (var c in suffix)
                ok &= i < text.Length && Utf8Text.FoldAscii(text[i] & 0x7F) == c && text[i++] < 128;
            if (ok && !Utf8Text.IsWord(Utf8Text.At(text, i, out _)))
            {
                at = i;
                return true;
            }
        }

        return false;
    }

    private static bool WordNumber(ReadOnlySpan<byte> text, ref int at, out int value)
    {
        value = 0;
        var i = at;
        var word = AsciiWord(text, ref i);
        var unit = Array.IndexOf(Units, word);
        if (unit >= 0)
        {
            value = unit;
            at = i;
            return true;
        }

        var ten = word.Length > 0 ? Array.IndexOf(Tens, word) : -1;
        if (ten < 2)
            return false;
        value = ten * 10;
        at = i;
        if (i < text.Length && text[i] is (byte)' ' or (byte)'-')
        {
            var j = i + 1;
            unit = Array.IndexOf(Units, AsciiWord(text, ref j));
            if (unit is >= 1 and <= 9)
            {
                value += unit;
                at = j;
            }
        }

        return true;
    }

    private static string AsciiWord(ReadOnlySpan<byte> text, ref int at)
    {
        Span<char> word = stackalloc char[12];
        var n = 0;
        while (at < text.Length && n < 12 && text[at] < 128 && char.IsAsciiLetter((char)text[at]))
            word[n++] = (char)(text[at++] | 0x20);
        return Utf8Text.IsWord(Utf8Text.At(text, at, out _)) ? "" : word[..n].ToString();
    }

    /// <summary>A number that ends at <paramref name="at"/>: found by trying the one or two words before it.</summary>
    private static bool NumberBack(PhrasePart part, ReadOnlySpan<byte> text, ref int at)
    {
        var one = LastWordStart(text, at);
        var two = one > 0 && text[one - 1] is (byte)' ' or (byte)'-' ? LastWordStart(text, one - 1) : one;

        // Two words first ("twenty seven"), then one.
        foreach (var candidate in (ReadOnlySpan<int>)[two, one])
        {
            var to = candidate;
            if (candidate < at && !Utf8Text.IsWord(Utf8Text.Before(text, candidate, out _)) && NumberForward(part, text, ref to) && to == at)
                return Set(ref at, candidate);
        }

        return false;
    }

    private static int LastWordStart(ReadOnlySpan<byte> text, int at)
    {
        while (at > 0 && text[at - 1] < 128 && char.IsAsciiLetterOrDigit((char)text[at - 1]))
            at--;
        return at;
    }
}
