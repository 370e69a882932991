using System.Runtime.InteropServices;
using System.Text;

namespace OpenMash.Engines.Signs;

/// <summary>
/// Finds plain phrases, and forms of patterns without a gap or a number, in which one word has one letter wrong: one letter added, missing or another, or two neighbours swapped.
/// </summary>
/// <remarks>
/// Only a word that is no English word of the shipped list (and no word of the catalogue) is looked at. Candidates come from the symmetric deletion
/// method (W. Garbe, SymSpell, 2012): the words of the phrases with each letter left out, against the strange word with each letter left out; the
/// distance (optimal string alignment, at most 1) is then computed exactly. The rules that keep precision stand in docs/engines/signs.md.
/// </remarks>
internal sealed class MisspellingIndex
{
    private const int LongestWord = 24;

    private readonly SignScanner.Form[] forms;
    private readonly byte[][] words;
    private readonly int[] occurrenceFrom;
    private readonly Occurrence[] occurrences;
    private readonly Dictionary<ulong, int[]> byDeletion;
    private readonly HashSet<ulong> known;
    private readonly ulong[] deletionBits = new ulong[1 << 12];

    public MisspellingIndex(SignScanner.Form[] forms)
    {
        this.forms = forms;
        var ids = new Dictionary<string, List<Occurrence>>(StringComparer.Ordinal);
        var catalogueWords = new HashSet<string>(StringComparer.Ordinal);
        for (var f = 0; f < forms.Length; f++)
        {
            foreach (var part in forms[f].Parts)
            {
                if (part.Kind == PartKind.Literal)
                {
                    foreach (var (at, length) in SignScanner.AsciiWords(part.Runes))
                        catalogueWords.Add(PhraseForm.ToText(part.Runes.AsSpan(at, length).ToArray()));
                }
            }

            if (forms[f].Match == SignMatch.Exact || (forms[f].Match == SignMatch.Pattern && forms[f].Parts is [{ Kind: PartKind.Literal }]))
                AddForm(f, ids);
        }

        var ordered = ids.OrderBy(p => p.Key, StringComparer.Ordinal).ToArray();
        words = ordered.Select(p => Encoding.ASCII.GetBytes(p.Key)).ToArray();
        occurrences = ordered.SelectMany(p => p.Value).ToArray();
        occurrenceFrom = new int[words.Length + 1];
        for (var i = 0; i < words.Length; i++)
            occurrenceFrom[i + 1] = occurrenceFrom[i] + ordered[i].Value.Count;

        var table = new Dictionary<ulong, List<int>>();
        Span<ulong> hashes = stackalloc ulong[LongestWord + 1];
        for (var i = 0; i < words.Length; i++)
        {
            var n = Deletions(words[i], hashes);
            for (var k = 0; k < n; k++)
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(table, hashes[k], out _);
                list ??= [];
                if (list.Count == 0 || list[^1] != i)
                    list.Add(i);
            }
        }

        byDeletion = table.ToDictionary(p => p.Key, p => p.Value.ToArray());

        foreach (var hash in byDeletion.Keys)
            deletionBits[hash >> 52] |= 1UL << (int)(hash >> 46 & 63);
        known = [];
        var ordinary = new HashSet<ulong>();
        foreach (var word in WordList.Shared.Words)
        {
            var bytes = Encoding.ASCII.GetBytes(word);
            known.Add(FullHash(bytes));
            ordinary.Add(SignScanner.KeyOf(bytes));
        }

        foreach (var word in catalogueWords)
            known.Add(FullHash(Encoding.ASCII.GetBytes(word)));
        AddShortWords(ordinary);
        OrdinaryKeys = ordinary;
    }

    public bool IsEmpty => words.Length == 0;

    /// <summary>
    /// First eight letters of the longer words of phrases: a slip past the eighth letter ("exploitatoin") leaves them as they are, so every word that begins so is looked at.
    /// </summary>
    public IEnumerable<ulong> LongBeginnings => words.Where(w => w.Length >= 8).Select(w => SignScanner.KeyOf(w)).Distinct();

    /// <summary>Keys of words that cannot be misspellings worth a look: known words, one or two letters, short numbers, years.</summary>
    public IReadOnlyCollection<ulong> OrdinaryKeys { get; }

    private static void AddShortWords(HashSet<ulong> ordinary)
    {
        const string Characters = "abcdefghijklmnopqrstuvwxyz0123456789_";
        Span<byte> two = stackalloc byte[2];
        foreach (var a in Characters)
        {
            two[0] = (byte)a;
            ordinary.Add(SignScanner.KeyOf(two[..1]));
            foreach (var b in Characters)
            {
                two[1] = (byte)b;
                ordinary.Add(SignScanner.KeyOf(two));
            }
        }

        Span<byte> digits = stackalloc byte[4];
        for (var i = 0; i < 10_000; i++)
        {
            if (i is >= 1000 and (< 1900 or >= 2100))
                continue;
            System.Buffers.Text.Utf8Formatter.TryFormat(i, digits, out var n, i < 1000 ? new System.Buffers.StandardFormat('D', 3) : default);
            ordinary.Add(SignScanner.KeyOf(digits[..n]));
        }
    }

    private void AddForm(int f, Dictionary<string, List<Occurrence>> ids)
    {
        var runes = forms[f].Parts[0].Runes;
        var found = SignScanner.AsciiWords(runes);
        var letters = runes.Count(Utf8Text.IsWord);
        var single = found.Count == 1;
        if (letters < (single ? 5 : 6))
            return;
        for (var w = 0; w < found.Count; w++)
        {
            var (at, length) = found[w];
            if (length < (single ? 5 : 3) || length > LongestWord - 2 || !AllLetters(runes, at, length))
                continue;

            // A word glued to a letter outside ASCII ("café") is not the whole word.
            if ((at > 0 && Utf8Text.IsWord(runes[at - 1])) || (at + length < runes.Length && Utf8Text.IsWord(runes[at + length])))
                continue;
            var word = PhraseForm.ToText(runes.AsSpan(at, length).ToArray());
            var next = w + 1 < found.Count ? SignScanner.KeyOf(runes, found[w + 1].At, found[w + 1].Length) : 0;
            if (!ids.TryGetValue(word, out var list))
                ids[word] = list = [];
            list.Add(new Occurrence(f, at, at + length, next, single));
        }
    }

    private static bool AllLetters(int[] runes, int at, int length)
    {
        for (var i = 0; i < length; i++)
        {
            if (runes[at + i] is not (>= 'a' and <= 'z'))
                return false;
        }

        return true;
    }

    /// <summary>Looks at a word that is not ordinary. <paramref name="size"/> may be 64 for longer words.</summary>
    public void Look(ReadOnlySpan<byte> text, int at, int size, ulong key, SignScanBuffer buffer)
    {
        if (size is < 2 or > LongestWord - 1)
            return;
        Span<byte> word = stackalloc byte[LongestWord];
        word = word[..size];
        for (var i = 0; i < size; i++)
        {
            var c = text[at + i] | 0x20;
            if (c is < 'a' or > 'z')
                return;
            word[i] = (byte)c;
        }

        var hash = FullHash(word);
        ref var seen = ref buffer.UnknownSeen[hash >> 51];
        if (seen == hash)
            return;
        Span<ulong> hashes = stackalloc ulong[LongestWord + 1];
        var n = Deletions(word, hashes);
        var any = false;
        Span<int> tried = stackalloc int[48];
        var triedCount = 0;
        ulong nextKey = 0;
        for (var k = 0; k < n; k++)
        {
            var slot = hashes[k] >> 46;
            if ((deletionBits[slot >> 6] >> (int)(slot & 63) & 1) == 0 || !byDeletion.TryGetValue(hashes[k], out var candidates))
                continue;
            foreach (var candidate in candidates)
            {
                if (tried[..triedCount].Contains(candidate))
                    continue;
                if (triedCount < tried.Length)
                    tried[triedCount++] = candidate;
                if (!IsOneEdit(words[candidate], word, out var edit))
                    continue;
                if (!any && known.Contains(hash))
                {
                    seen = hash;
                    return;
                }

                any = true;
                if (nextKey == 0)
                    nextKey = SignScanner.NextKey(text, at + size);
                Verify(text, at, size, candidate, edit, nextKey, buffer);
            }
        }

        if (!any)
            seen = hash;
    }

    private void Verify(ReadOnlySpan<byte> text, int at, int size, int candidate, Edit edit, ulong nextKey, SignScanBuffer buffer)
    {
        for (var o = occurrenceFrom[candidate]; o < occurrenceFrom[candidate + 1]; o++)
        {
            ref readonly var occurrence = ref occurrences[o];
            if (occurrence.NextKey != 0 && occurrence.NextKey != nextKey)
                continue;
            var runes = forms[occurrence.Form].Parts[0].Runes;
            var end = at + size;
            var start = at;
            if (!PartMatcher.Forward(runes, occurrence.End, text, ref end) || !PartMatcher.Backward(runes, occurrence.At, text, ref start))
                continue;
            if (Utf8Text.IsWord(Utf8Text.Before(text, at, out _)) || Utf8Text.IsWord(Utf8Text.At(text, at + size, out _)))
                continue;
            if (!PartMatcher.EdgeBefore(runes, text, start) || !PartMatcher.EdgeAfter(runes, text, end))
                continue;
            var first = occurrence.At == 0;
            var last = occurrence.End == runes.Length;
            if (!IsLikelySlip(edit, words[candidate], text.Slice(at, size), first, last) || (occurrence.IsSingle && LooksLikeAName(text, at, size)))
                continue;
            buffer.Add(occurrence.Form, start, end, SignMatch.Misspelling);
        }
    }

    /// <summary>Refuses what is rather another word: an ending (s, d, r) added or dropped, or a letter glued to the outside of the phrase.</summary>
    private static bool IsLikelySlip(Edit edit, byte[] right, ReadOnlySpan<byte> written, bool first, bool last)
    {
        var tail = edit.At >= Math.Min(right.Length, written.Length);
        switch (edit.Kind)
        {
            case EditKind.Added:
                if (tail)
                {
                    var added = written[^1] | 0x20;
                    if (added is 's' or 'd' or 'r' or 'y')
                        return false;
                    return !last || added == (written[^2] | 0x20);
                }

                return edit.At != 0 || !first || (written[0] | 0x20) == (written[1] | 0x20);
            case EditKind.Missing:
                return !(tail && right[^1] == (byte)'s');
            default:
                return true;
        }
    }

    /// <summary>Capital first letter in the middle of a sentence: a name, for a phrase of one word.</summary>
    private static bool LooksLikeAName(ReadOnlySpan<byte> text, int at, int size)
    {
        if (text[at] is < (byte)'A' or > (byte)'Z' || size < 2 || text[at + 1] is < (byte)'a')
            return false;
        var before = at - 1;
        while (before >= 0 && text[before] == ' ')
            before--;
        return before >= 0 && before < at - 1 && text[before] is not ((byte)'.' or (byte)'!' or (byte)'?' or (byte)':' or (byte)'\n' or (byte)'-' or (byte)'"' or SignScanner.NoteSeparator);
    }

    /// <summary>Exact test for one edit: an insertion, a deletion, a substitution or a swap of two neighbours.</summary>
    private static bool IsOneEdit(ReadOnlySpan<byte> right, ReadOnlySpan<byte> written, out Edit edit)
    {
        edit = default;
        var same = right.CommonPrefixLength(written);
        var difference = written.Length - right.Length;
        switch (difference)
        {
            case 1:
                edit = new Edit(EditKind.Added, same);
                return right[same..].SequenceEqual(written[(same + 1)..]);
            case -1:
                edit = new Edit(EditKind.Missing, same);
                return right[(same + 1)..].SequenceEqual(written[same..]);
            case 0 when same < right.Length:
                edit = new Edit(EditKind.Other, same);
                return right[(same + 1)..].SequenceEqual(written[(same + 1)..])
                    || (same + 1 < right.Length && right[same] == written[same + 1] && right[same + 1] == written[same] && right[(same + 2)..].SequenceEqual(written[(same + 2)..]));
            default:
                return false;
        }
    }

    private static ulong FullHash(ReadOnlySpan<byte> word)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var b in word)
            hash = (hash ^ b) * 0x100000001B3;
        return SignScanner.Hash(hash ^ (hash >> 29));
    }

    /// <summary>Hash of the word and of the word with each letter left out (equal neighbours once). Returns their number.</summary>
    private static int Deletions(ReadOnlySpan<byte> word, Span<ulong> hashes)
    {
        var n = 0;
        hashes[n++] = FullHash(word);
        Span<byte> shorter = stackalloc byte[LongestWord];
        for (var i = 0; i < word.Length; i++)
        {
            if (i > 0 && word[i] == word[i - 1])
                continue;
            word[..i].CopyTo(shorter);
            word[(i + 1)..].CopyTo(shorter[i..]);
            hashes[n++] = FullHash(shorter[..(word.Length - 1)]);
        }

        return n;
    }

    private enum EditKind : byte
    {
        Added,
        Missing,
        Other,
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Edit(EditKind Kind, int At);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Occurrence(int Form, int At, int End, ulong NextKey, bool IsSingle);
}
