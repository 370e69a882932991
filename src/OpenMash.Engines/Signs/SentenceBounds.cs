namespace OpenMash.Engines.Signs;

/// <summary>Where a sentence, a line and a section begin and end in a note.</summary>
internal static class SentenceBounds
{
    private const int FarthestBack = 900;
    private const int FarthestOn = 600;

    /// <summary>The marks at which a sentence can end, and the first byte of a bullet.</summary>
    private static readonly System.Buffers.SearchValues<byte> MayEnd = System.Buffers.SearchValues.Create([(byte)'.', (byte)'!', (byte)'?', (byte)'\n', 0xE2]);

    /// <summary>Bounds of the sentence (or list item) around a hit; never farther than a fixed reach, so that a note without full stops costs no more.</summary>
    public static (int Start, int End, bool Question) Around(ReadOnlySpan<byte> text, int hitStart, int hitEnd)
    {
        var limit = Math.Max(0, hitStart - FarthestBack);
        var start = limit;
        for (var i = hitStart; (i = text[limit..i].LastIndexOfAny(MayEnd)) >= 0;)
        {
            i += limit;
            var b = text[i];
            if ((b is (byte)'.' or (byte)'!' or (byte)'?' && EndsSentence(text, i)) || (b == '\n' && EndsLine(text, i)) || IsBullet(text, i))
            {
                start = b >= 0x80 ? i + 3 : i + 1;
                break;
            }
        }

        var end = Math.Min(text.Length, hitEnd + FarthestOn);
        var question = false;
        for (int i = hitEnd, next; (next = text[i..end].IndexOfAny(MayEnd)) >= 0; i++)
        {
            i += next;
            var b = text[i];
            if (b is (byte)'.' or (byte)'!' or (byte)'?' && EndsSentence(text, i))
            {
                question = b == '?';
                end = i;
                break;
            }

            if ((b == '\n' && EndsLine(text, i)) || IsBullet(text, i))
            {
                end = i;
                break;
            }
        }

        return (start, end, question);
    }

    /// <summary>A bullet (U+2022) or an open or ticked box (U+2610 to U+2612) begins an item anywhere.</summary>
    private static bool IsBullet(ReadOnlySpan<byte> text, int at) =>
        text[at] == 0xE2 && at + 2 < text.Length && text[at + 1] == 0x80 && text[at + 2] == 0xA2;

    private static bool EndsSentence(ReadOnlySpan<byte> text, int at)
    {
        var mark = text[at];
        var next = at + 1;
        while (next < text.Length && (text[next] is (byte)'"' or (byte)'\'' or (byte)')' || IsCurlyClose(text, next)))
            next += text[next] < 0x80 ? 1 : 3;
        if (next < text.Length && !IsSpace(text, next))
            return false;
        if (mark == '?')
        {
            // "(21?)" is a doubt about the words in the brackets, not a question.
            if (at + 1 < text.Length && text[at + 1] == ')' && text[Math.Max(0, at - 14)..at].Contains((byte)'('))
                return false;
            while (at > 0 && text[at - 1] == '?')
                at--;
            return at > 0 && !IsSpaceByte(text[at - 1]) && text[at - 1] is not ((byte)'\n' or (byte)'(' or (byte)'-' or (byte)':');
        }

        if (mark == '!')
            return true;

        // A full stop: not after an initial ("J. Smith"), a known abbreviation ("Mr.", "approx.") or between the letters of one ("a.m.").
        var from = at;
        while (from > 0 && (char.IsAsciiLetterOrDigit((char)text[from - 1]) || text[from - 1] == '.'))
            from--;
        var word = text[from..at];
        if (next >= text.Length)
            return true;
        if (word.Length == 1 && word[0] is >= (byte)'A' and <= (byte)'Z' && word[0] != 'I')
            return next != at + 1;
        return !IsAbbreviation(word, text, at);
    }

    private static bool IsCurlyClose(ReadOnlySpan<byte> text, int at) =>
        text[at] == 0xE2 && at + 2 < text.Length && text[at + 1] == 0x80 && text[at + 2] is 0x99 or 0x9D;

    private static bool IsAbbreviation(ReadOnlySpan<byte> word, ReadOnlySpan<byte> text, int at)
    {
        Span<byte> lower = stackalloc byte[8];
        if (word.Length is 0 or > 7)
            return false;
        for (var i = 0; i < word.Length; i++)
            lower[i] = (byte)(word[i] | (word[i] is >= (byte)'A' and <= (byte)'Z' ? 0x20 : 0));
        lower = lower[..word.Length];
        if (lower.SequenceEqual("mr"u8) || lower.SequenceEqual("mrs"u8) || lower.SequenceEqual("ms"u8) || lower.SequenceEqual("dr"u8) || lower.SequenceEqual("prof"u8)
            || lower.SequenceEqual("st"u8) || lower.SequenceEqual("e.g"u8) || lower.SequenceEqual("i.e"u8) || lower.SequenceEqual("eg"u8) || lower.SequenceEqual("ie"u8)
            || lower.SequenceEqual("approx"u8) || lower.SequenceEqual("vs"u8) || lower.SequenceEqual("hx"u8) || lower.SequenceEqual("poss"u8) || lower.SequenceEqual("prev"u8)
            || lower.SequenceEqual("incl"u8) || lower.SequenceEqual("re"u8) || lower.SequenceEqual("d.o.b"u8))
            return true;

        // "etc." "a.m." "yrs." end a sentence only before a capital.
        if (lower.SequenceEqual("etc"u8) || lower.SequenceEqual("a.m"u8) || lower.SequenceEqual("p.m"u8) || lower.SequenceEqual("yrs"u8) || lower.SequenceEqual("no"u8))
        {
            var next = at + 1;
            while (next < text.Length && text[next] == ' ')
                next++;
            return next < text.Length && text[next] is not (>= (byte)'A' and <= (byte)'Z') && !(lower.SequenceEqual("no"u8) && !char.IsAsciiDigit((char)text[next]));
        }

        return false;
    }

    private static bool IsSpaceByte(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static bool IsSpace(ReadOnlySpan<byte> text, int at) => IsSpaceByte(text[at]) || (text[at] == 0xC2 && at + 1 < text.Length && text[at + 1] == 0xA0);

    /// <summary>A line break ends the sentence unless the next line plainly goes on with it.</summary>
    private static bool EndsLine(ReadOnlySpan<byte> text, int at)
    {
        var next = at + 1;
        while (next < text.Length && text[next] is (byte)' ' or (byte)'\t' or (byte)'\r')
            next++;
        if (next >= text.Length || text[next] == '\n' || IsItemStart(text, next))
            return true;
        var last = at - 1;
        while (last >= 0 && text[last] is (byte)' ' or (byte)'\t' or (byte)'\r')
            last--;
        if (last < 0 || text[last] is (byte)'\n' or (byte)'.' or (byte)'!' or (byte)'?' or (byte)':')
            return true;
        if (text[last] is (byte)',')
            return false;
        if (char.IsAsciiLetterLower((char)text[next]) || text[next] is (byte)'(' or (byte)',')
            return false;

        // A capital or digit after a long line without a full stop: wrapped by width; after a short one: a new item.
        var floor = Math.Max(0, last - 60);
        var lineStart = floor + text[floor..at].LastIndexOf((byte)'\n') + 1;
        return last + 1 - lineStart < 55;
    }

    /// <summary>"-", "*", "•", "1.", "a)" and boxes open a list item.</summary>
    public static bool IsItemStart(ReadOnlySpan<byte> text, int at)
    {
        var b = text[at];
        if (b is (byte)'-' or (byte)'*' or (byte)'>' or (byte)'+')
            return at + 1 < text.Length && (IsSpaceByte(text[at + 1]) || char.IsAsciiLetter((char)text[at + 1]));
        if (b == '[' && at + 2 < text.Length && text[at + 2] == ']')
            return true;
        if (b == 0xE2 && at + 2 < text.Length)
            return (text[at + 1] == 0x80 && text[at + 2] is 0xA2 or 0x93 or 0x94) || (text[at + 1] == 0x98 && text[at + 2] is 0x90 or 0x91 or 0x92) || text[at + 1] is 0x97 or 0x9C;
        var i = at;
        while (i < text.Length && i - at < 3 && char.IsAsciiDigit((char)text[i]))
            i++;
        if (i == at && char.IsAsciiLetter((char)b))
            i++;
        return i > at && i + 1 < text.Length && (text[i] == ')' || (text[i] == '.' && char.IsAsciiDigit((char)b))) && IsSpaceByte(text[i + 1]);
    }
}
