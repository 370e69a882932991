using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace OpenMash.Engines.Signs;

/// <summary>
/// A catalogue compiled to one scanner over UTF-8 bytes. Thread-safe; each thread brings its own <see cref="SignScanBuffer"/>.
/// </summary>
/// <remarks>
/// Method: vectors mark the letters and digits of 64 bytes at a time, which gives the beginning and length of every word. A word is hashed from its
/// first eight folded bytes and looked up in a bit table that holds one anchor word of every phrase, its rarest. Only where the table says "perhaps"
/// is the phrase compared in full, outward from the anchor. The cost a word is the same for ten phrases and for ten thousand.
/// </remarks>
public sealed unsafe class SignScanner
{
    /// <summary>Between the notes of a batch: NUL, which is neither space nor part of any phrase. (A note may contain it all the same.)</summary>
    public const byte NoteSeparator = 0;

    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private static readonly ulong[] PrefixMask = [0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, ulong.MaxValue];

    private readonly SignScanOptions options;
    private readonly Form[] forms;
    private readonly AnchorRef[] refs;
    private readonly KeyTable anchors;

    /// <summary>Forms of several parts, found by their anchor and one more word that stands near it: however many forms share an anchor, only those whose second word is there are compared.</summary>
    private readonly AnchorRef[] pairRefs;
    private readonly KeyTable pairs;
    private readonly ulong[] pairBits = new ulong[1 << 12];
    private readonly Reach[] reaches;
    private readonly KeyTable reachOf;
    private readonly Dictionary<int, List<int>> byFirstRune;
    private readonly ulong[] bits;
    private readonly int bitShift;
    private readonly TokenMasks tokens;
    private readonly MisspellingIndex? misspellings;
    private readonly ContextRules? context;

    /// <summary>Compiles a catalogue.</summary>
    public SignScanner(SignCatalogue catalogue, SignScanOptions? options = null)
        : this(catalogue, options ?? new SignScanOptions(), null, null)
    {
    }

    private SignScanner(SignCatalogue catalogue, SignScanOptions options, Dictionary<ulong, int>? sampled, SignScanner? like)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        Catalogue = catalogue;
        this.options = options;
        context = options.Context ? ContextRules.Shared : null;
        forms = like?.forms ?? Compile(catalogue, options.Misspellings);
        var chosen = new List<(ulong Key, AnchorRef Ref)>();
        var paired = new List<(ulong Key, ulong Pair, AnchorRef Ref)>();
        var widths = new Dictionary<ulong, Reach>();
        byFirstRune = [];
        for (var f = 0; f < forms.Length; f++)
        {
            if (Choose(forms[f], sampled) is not { } anchor)
            {
                var first = forms[f].Parts.First(p => p.Kind == PartKind.Literal).Runes[0];
                if (!byFirstRune.TryGetValue(first, out var list))
                    byFirstRune[first] = list = [];
                list.Add(f);
                continue;
            }

            var reference = anchor.Ref with { Form = f };
            if (Partner(forms[f], reference, sampled) is not { } partner)
            {
                chosen.Add((anchor.Key, reference));
                continue;
            }

            paired.Add((anchor.Key, PairKey(anchor.Key, partner), reference with { NextKey = 0 }));
            var reach = ReachOf(forms[f].Parts, reference.Part);
            var known = widths.GetValueOrDefault(anchor.Key);
            widths[anchor.Key] = new Reach(Math.Max(known.Before, reach.Before), Math.Max(known.After, reach.After), known.Crosses || reach.Crosses);
        }

        chosen.Sort((a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Ref.NextKey != b.Ref.NextKey ? a.Ref.NextKey.CompareTo(b.Ref.NextKey) : a.Ref.Form.CompareTo(b.Ref.Form));
        refs = chosen.Select(c => c.Ref).ToArray();
        anchors = new KeyTable(chosen.Select(c => c.Key).Distinct().Count());
        for (int i = 0, from = 0; i < chosen.Count; i++)
        {
            if (i + 1 < chosen.Count && chosen[i + 1].Key == chosen[i].Key)
                continue;
            anchors.Add(chosen[from].Key, from, i + 1 - from);
            from = i + 1;
        }

        paired.Sort((a, b) => a.Pair != b.Pair ? a.Pair.CompareTo(b.Pair) : a.Ref.Form.CompareTo(b.Ref.Form));
        pairRefs = paired.Select(c => c.Ref).ToArray();
        pairs = new KeyTable(paired.Select(c => c.Pair).Distinct().Count());
        for (int i = 0, from = 0; i < paired.Count; i++)
        {
            if (i + 1 < paired.Count && paired[i + 1].Pair == paired[i].Pair)
                continue;
            pairs.Add(paired[from].Pair, from, i + 1 - from);
            pairBits[PairSlot(paired[from].Pair) >> 6] |= 1UL << (int)(PairSlot(paired[from].Pair) & 63);
            from = i + 1;
        }

        reaches = widths.Values.ToArray();
        reachOf = new KeyTable(widths.Count);
        var order = 0;
        foreach (var key in widths.Keys)
            reachOf.Add(key, order++, 1);

        var anchorKeys = chosen.Select(c => c.Key).Concat(widths.Keys).Distinct().ToArray();
        if (options.Misspellings)
        {
            misspellings = like is null ? new MisspellingIndex(forms) : like.misspellings;
            if (misspellings is { IsEmpty: true })
                misspellings = null;
        }

        tokens = new TokenMasks(anchorKeys, filter: misspellings is null);

        // With misspellings the table marks every word that is not a known word, or is an anchor; without, the anchors only.
        var size = misspellings is null ? Math.Max(1 << 16, (int)BitOperations.RoundUpToPowerOf2((uint)anchorKeys.Length * (anchorKeys.Length > 4000 ? 16u : 32u))) : 1 << 22;
        bits = new ulong[size / 64];
        bitShift = 64 - BitOperations.Log2((uint)size);
        if (misspellings is not null)
        {
            Array.Fill(bits, ulong.MaxValue);
            foreach (var key in misspellings.OrdinaryKeys)
                bits[Slot(key) >> 6] &= ~(1UL << (int)(Slot(key) & 63));
            foreach (var key in misspellings.LongBeginnings)
                bits[Slot(key) >> 6] |= 1UL << (int)(Slot(key) & 63);
        }

        foreach (var key in anchorKeys)
            bits[Slot(key) >> 6] |= 1UL << (int)(Slot(key) & 63);
    }

    /// <summary>The catalogue this scanner was compiled from.</summary>
    public SignCatalogue Catalogue { get; }

    /// <summary>Number of concrete forms after expansion of patterns.</summary>
    public int FormCount => forms.Length;

    /// <summary>The same scanner with anchors chosen to be rare in a sample of the text to come. Results are the same; only the speed differs.</summary>
    public SignScanner TunedTo(ReadOnlySpan<byte> sample)
    {
        var counts = new Dictionary<ulong, int>();
        sample = sample[..Math.Min(sample.Length, 1 << 20)];
        var at = 0;
        while (at < sample.Length)
        {
            while (at < sample.Length && !Utf8Text.IsAsciiWord(sample[at]))
                at++;
            var start = at;
            while (at < sample.Length && Utf8Text.IsAsciiWord(sample[at]))
                at++;
            if (at > start)
            {
                var key = KeyOf(sample[start..at]);
                counts.TryGetValue(key, out var n);
                counts[key] = n + 1;
            }
        }

        return new SignScanner(Catalogue, options, counts, this);
    }

    /// <summary>Finds every sign in one note.</summary>
    /// <param name="utf8">The note. Bytes that are not UTF-8 count one code point for each byte that is not a continuation byte; decode first to be exact.</param>
    /// <param name="buffer">Working memory; its <see cref="SignScanBuffer.Hits"/> hold the result.</param>
    public void Scan(ReadOnlySpan<byte> utf8, SignScanBuffer buffer) => ScanBatch(utf8, [utf8.Length], buffer);

    /// <summary>Finds every sign in one note given as text. Offsets in bytes refer to its UTF-8 form.</summary>
    public IReadOnlyList<SignHit> Scan(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = new SignScanBuffer();
        Scan(Encoding.UTF8.GetBytes(text), buffer);
        return buffer.Hits.ToArray();
    }

    /// <summary>Finds every sign in many notes laid end to end.</summary>
    /// <param name="utf8">The notes, each followed by one <see cref="NoteSeparator"/> (the last may go without).</param>
    /// <param name="ends">For each note, the position after its last byte (that of its separator), ascending.</param>
    /// <param name="buffer">Working memory; its <see cref="SignScanBuffer.Hits"/> hold the result.</param>
    public void ScanBatch(ReadOnlySpan<byte> utf8, ReadOnlySpan<int> ends, SignScanBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.RawCount = 0;
        buffer.FinalCount = 0;
        fixed (byte* text = utf8)
        {
            if (utf8.Length > 0)
                ScanRaw(text, utf8.Length, buffer);
        }

        if (buffer.RawCount > 0)
            Finish(utf8, ends, buffer);
    }

    /// <summary>Says for each hit of the last batch in <paramref name="buffer"/> why it got its context. For one note at a time.</summary>
    public IReadOnlyList<ContextExplanation> Explain(ReadOnlySpan<byte> utf8, SignScanBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var rules = context ?? ContextRules.Shared;
        Scan(utf8, buffer);
        var work = new ContextWork();
        work.BeginNote();
        var explanations = new List<ContextExplanation>();
        foreach (ref readonly var hit in buffer.Hits)
            explanations.Add(rules.Explain(utf8, hit.ByteStart, hit.ByteEnd, work));
        return explanations;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Hash(ulong key) => key * Multiplier;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Slot(ulong key) => (long)(Hash(key) >> bitShift);

    /// <summary>First eight bytes of an ASCII word, letters folded. Underscore folds to 0x7F, consistently in phrase and text.</summary>
    internal static ulong KeyOf(ReadOnlySpan<byte> word)
    {
        Span<byte> eight = stackalloc byte[8];
        eight.Clear();
        var n = Math.Min(word.Length, 8);
        word[..n].CopyTo(eight);
        return (BinaryPrimitives.ReadUInt64LittleEndian(eight) | 0x2020202020202020) & PrefixMask[n];
    }

    private static Form[] Compile(SignCatalogue catalogue, bool misspellings)
    {
        var compiled = new List<Form>();
        for (var s = 0; s < catalogue.Signs.Count; s++)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var p = 0; p < catalogue.Signs[s].Phrases.Count; p++)
            {
                var phrase = catalogue.Signs[s].Phrases[p];
                foreach (var form in phrase.Forms)
                {
                    if (form.IsMisspelling && !misspellings)
                        continue;
                    if (form.IsPlain && !seen.Add(PhraseForm.ToText(form.Parts[0].Runes)))
                        continue;
                    compiled.Add(new Form(s, p, form.Parts, form.IsMisspelling ? SignMatch.Misspelling : phrase.IsPattern ? SignMatch.Pattern : SignMatch.Exact));
                }
            }
        }

        return compiled.ToArray();
    }

    /// <summary>The ASCII words of a literal: (first rune, length).</summary>
    internal static List<(int At, int Length)> AsciiWords(int[] runes)
    {
        var words = new List<(int, int)>();
        for (var i = 0; i < runes.Length;)
        {
            if (!Utf8Text.IsAsciiWord(runes[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < runes.Length && Utf8Text.IsAsciiWord(runes[i]))
                i++;
            words.Add((start, i - start));
        }

        return words;
    }

    internal static ulong KeyOf(int[] runes, int at, int length)
    {
        Span<byte> bytes = stackalloc byte[8];
        var n = Math.Min(length, 8);
        for (var i = 0; i < n; i++)
            bytes[i] = (byte)runes[at + i];
        return KeyOf(bytes[..n]);
    }

    private static (ulong Key, AnchorRef Ref)? Choose(Form form, Dictionary<ulong, int>? sampled)
    {
        (ulong, AnchorRef)? best = null;
        var bestCost = long.MaxValue;
        for (var p = 0; p < form.Parts.Length; p++)
        {
            var part = form.Parts[p];
            if (part.Kind != PartKind.Literal)
                continue;
            var words = AsciiWords(part.Runes);
            for (var w = 0; w < words.Count; w++)
            {
                var (at, length) = words[w];
                var key = KeyOf(part.Runes, at, length);
                var next = w + 1 < words.Count ? KeyOf(part.Runes, words[w + 1].At, words[w + 1].Length) : 0;
                var cost = (long)WordList.Shared.Commonness(PhraseForm.ToText(part.Runes.AsSpan(at, length).ToArray()));
                if (sampled is not null)
                    cost += sampled.GetValueOrDefault(key) * 1000L;

                // A known next word makes the second test sharp: without it every phrase with this anchor is compared.
                if (next == 0 && words.Count > 1)
                    cost *= 4;
                if (cost < bestCost)
                {
                    bestCost = cost;
                    best = (key, new AnchorRef(0, p, at, next));
                }
            }
        }

        return best;
    }

    private void ScanRaw(byte* text, int length, SignScanBuffer buffer)
    {
        var ascii = true;
        fixed (ulong* masks = buffer.Masks)
        fixed (ulong* starts = buffer.Starts)
        fixed (ulong* table = bits)
        fixed (ulong* prefix = PrefixMask)
        {
            ulong carry = 0;
            for (var window = 0; window < length; window += SignScanBuffer.Window)
            {
                // One block of look-ahead lets a word cross the edge of the window.
                var count = Math.Min(length - window, SignScanBuffer.Window + 64);
                var blocks = (Math.Min(length - window, SignScanBuffer.Window) + 63) >> 6;
                var have = (count + 63) >> 6;
                ascii &= tokens.Fill(text + window, count, length - window, masks, starts);
                masks[have] = 0;
                carry = Probe(text, window, length, blocks, masks, starts, table, prefix, carry, buffer);
            }
        }

        buffer.Ascii = ascii;
        if (!ascii && byFirstRune.Count > 0)
            ScanNonAscii(new ReadOnlySpan<byte>(text, length), buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Probe(byte* text, int window, int length, int blocks, ulong* masks, ulong* possible, ulong* table, ulong* prefix, ulong carry, SignScanBuffer buffer)
    {
        var shift = bitShift;
        var safe = length - 8;
        for (var i = 0; i < blocks; i++)
        {
            var mask = masks[i];
            var next = masks[i + 1];
            var starts = mask & ~((mask << 1) | carry) & possible[i];
            carry = mask >> 63;
            var position = window + (i << 6);
            while (starts != 0)
            {
                var bit = BitOperations.TrailingZeroCount(starts);
                starts &= starts - 1;
                var run = (mask >> bit) | ((next << 1) << (63 - bit));
                var size = BitOperations.TrailingZeroCount(~run);
                var at = position + bit;
                var raw = at <= safe ? *(ulong*)(text + at) : Tail(text, at, length);
                var key = (raw | 0x2020202020202020) & prefix[Math.Min(size, 8)];
                var slot = Hash(key) >> shift;
                if ((table[slot >> 6] >> (int)(slot & 63) & 1) != 0)
                    Candidate(new ReadOnlySpan<byte>(text, length), at, size, key, buffer);
            }
        }

        return carry;
    }

    private static ulong Tail(byte* text, int at, int length)
    {
        ulong value = 0;
        for (var i = 0; at + i < length && i < 8; i++)
            value |= (ulong)text[at + i] << (8 * i);
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Candidate(ReadOnlySpan<byte> text, int at, int size, ulong key, SignScanBuffer buffer)
    {
        if (anchors.TryFind(key, out var from, out var count))
            Anchored(text, at, size, from, count, buffer);
        if (reaches.Length > 0 && reachOf.TryFind(key, out var reach, out _))
            Paired(text, at, key, reaches[reach], buffer);
        if (misspellings is not null && size >= 2)
            misspellings.Look(text, at, size, key, buffer);
    }

    private void Anchored(ReadOnlySpan<byte> text, int at, int size, int from, int count, SignScanBuffer buffer)
    {
        ulong nextKey = 0;
        var haveNext = false;
        for (var i = from; i < from + count; i++)
        {
            ref readonly var anchor = ref refs[i];
            if (anchor.NextKey != 0)
            {
                if (!haveNext)
                {
                    nextKey = NextKey(text, at + size);
                    haveNext = true;
                    if (count > 12)
                    {
                        // References are ordered by the key of their next word: go straight to ours.
                        i = LowerBound(i, from + count, nextKey) - 1;
                        continue;
                    }
                }

                if (anchor.NextKey != nextKey)
                {
                    if (anchor.NextKey > nextKey)
                        return;
                    continue;
                }
            }

            ref readonly var form = ref forms[anchor.Form];
            if (TryMatch(form.Parts, anchor.Part, anchor.Rune, text, at, out var start, out var end))
                buffer.Add(anchor.Form, start, end, form.Match);
        }
    }

    /// <summary>
    /// Looks at the words that stand close enough to belong to a form anchored here. Counted in runs between white space, of which a form spans no more than
    /// it has words; so no word that could belong is left out.
    /// </summary>
    private void Paired(ReadOnlySpan<byte> text, int at, ulong anchor, Reach reach, SignScanBuffer buffer)
    {
        var i = at;
        for (var left = reach.After + 1; i < text.Length && text[i] != NoteSeparator;)
        {
            if (Utf8Text.IsAsciiWord(text[i]))
            {
                var start = i;
                var key = WordKey(text, ref i);
                if (start != at)
                    Try(text, at, PairKey(anchor, key), buffer);
                continue;
            }

            if (text[i] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
            {
                if (Utf8Text.IsAsciiWord(text[i - 1]) && --left == 0)
                    break;
            }
            else if (!reach.Crosses && PartMatcher.EndsGap(text[i]))
                break;
            i++;
        }

        var j = at;
        for (var left = reach.Before + 1; j > 0 && text[j - 1] != NoteSeparator;)
        {
            if (Utf8Text.IsAsciiWord(text[j - 1]))
            {
                var end = j;
                while (j > 0 && Utf8Text.IsAsciiWord(text[j - 1]))
                    j--;
                var word = j;
                Try(text, at, PairKey(anchor, WordKey(text[..end], ref word)), buffer);
                continue;
            }

            if (text[j - 1] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
            {
                if (j < text.Length && Utf8Text.IsAsciiWord(text[j]) && --left == 0)
                    break;
            }
            else if (!reach.Crosses && PartMatcher.EndsGap(text[j - 1]))
                break;
            j--;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Try(ReadOnlySpan<byte> text, int at, ulong pair, SignScanBuffer buffer)
    {
        var slot = PairSlot(pair);
        if ((pairBits[slot >> 6] >> (int)(slot & 63) & 1) != 0)
            TryPairs(text, at, pair, buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TryPairs(ReadOnlySpan<byte> text, int at, ulong pair, SignScanBuffer buffer)
    {
        if (!pairs.TryFind(pair, out var from, out var count))
            return;
        for (var i = from; i < from + count; i++)
        {
            ref readonly var anchor = ref pairRefs[i];
            ref readonly var form = ref forms[anchor.Form];
            if (TryMatch(form.Parts, anchor.Part, anchor.Rune, text, at, out var start, out var end))
                buffer.Add(anchor.Form, start, end, form.Match);
        }
    }

    /// <summary>The rarest word of a form of several parts beside its anchor, as a key; null where there is none, or all stand in one part.</summary>
    private static ulong? Partner(in Form form, AnchorRef anchor, Dictionary<ulong, int>? sampled)
    {
        if (form.Parts.Length == 1)
            return null;
        ulong? best = null;
        var bestCost = long.MaxValue;
        for (var p = 0; p < form.Parts.Length; p++)
        {
            if (form.Parts[p].Kind != PartKind.Literal)
                continue;
            foreach (var (at, length) in AsciiWords(form.Parts[p].Runes))
            {
                if (p == anchor.Part && at == anchor.Rune)
                    continue;
                var key = KeyOf(form.Parts[p].Runes, at, length);
                var cost = (long)WordList.Shared.Commonness(PhraseForm.ToText(form.Parts[p].Runes.AsSpan(at, length).ToArray())) + ((sampled?.GetValueOrDefault(key) ?? 0) * 1000L);
                if (cost < bestCost)
                {
                    bestCost = cost;
                    best = key;
                }
            }
        }

        return best;
    }

    /// <summary>How many words a form may have before and after the part of its anchor, that part counted on both sides; and whether its words hold a mark that no gap crosses.</summary>
    private static Reach ReachOf(PhrasePart[] parts, int anchor)
    {
        var before = 0;
        var after = 0;
        for (var p = 0; p < parts.Length; p++)
        {
            var words = parts[p].Kind switch
            {
                PartKind.Literal => AsciiWords(parts[p].Runes).Count + parts[p].Runes.Count(r => r >= 128),
                PartKind.Gap => parts[p].Max,
                _ => 2,
            };
            before += p <= anchor ? words : 0;
            after += p >= anchor ? words : 0;
        }

        return new Reach(before, after, parts.Any(p => p.Runes.Any(r => r < 128 && PartMatcher.EndsGap((byte)r))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PairKey(ulong anchor, ulong partner) => Hash(anchor ^ (Hash(partner) >> 7)) | 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PairSlot(ulong pair) => (int)(Hash(pair ^ (pair >> 29)) >> 46);

    private static ulong WordKey(ReadOnlySpan<byte> text, ref int at)
    {
        ulong key = 0;
        for (var shift = 0; (uint)at < (uint)text.Length && Utf8Text.IsAsciiWord(text[at]); at++, shift += 8)
        {
            if (shift < 64)
                key |= (ulong)(text[at] | 0x20u) << shift;
        }

        return key;
    }

    private int LowerBound(int low, int high, ulong key)
    {
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (refs[middle].NextKey < key)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Key of the first ASCII word at or after a place.</summary>
    internal static ulong NextKey(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && Utf8Text.IsAsciiWord(text[at]))
            at++;
        while ((uint)at < (uint)text.Length && !Utf8Text.IsAsciiWord(text[at]))
        {
            if (text[at] == NoteSeparator)
                return ulong.MaxValue;
            at++;
        }

        ulong key = 0;
        for (var shift = 0; shift < 64 && (uint)at < (uint)text.Length && Utf8Text.IsAsciiWord(text[at]); shift += 8)
            key |= (ulong)(text[at++] | 0x20u) << shift;
        return key;
    }

    private void ScanNonAscii(ReadOnlySpan<byte> text, SignScanBuffer buffer)
    {
        for (var at = 0; at < text.Length;)
        {
            var rune = Utf8Text.At(text, at, out var size);
            if (rune >= 0 && byFirstRune.TryGetValue(Utf8Text.Fold(rune), out var list))
            {
                foreach (var f in list)
                {
                    var part = Array.FindIndex(forms[f].Parts, p => p.Kind == PartKind.Literal);
                    if (TryMatch(forms[f].Parts, part, 0, text, at, out var start, out var end))
                        buffer.Add(f, start, end, forms[f].Match);
                }
            }

            at += size;
        }
    }

    private static bool TryMatch(PhrasePart[] parts, int part, int rune, ReadOnlySpan<byte> text, int at, out int start, out int end)
    {
        start = at;
        end = at;
        return PartMatcher.Forward(parts[part].Runes, rune, text, ref end)
            && PartMatcher.Backward(parts[part].Runes, rune, text, ref start)
            && (parts.Length == 1
                ? PartMatcher.EdgeBefore(parts[part].Runes, text, start) && PartMatcher.EdgeAfter(parts[part].Runes, text, end)
                : PartMatcher.RestAfter(parts, part, text, ref end) && PartMatcher.RestBefore(parts, part, text, ref start));
    }

    /// <summary>Orders the raw hits, drops doubles, counts code points and decides context.</summary>
    private void Finish(ReadOnlySpan<byte> utf8, ReadOnlySpan<int> ends, SignScanBuffer buffer)
    {
        var raw = buffer.Raw.AsSpan(0, buffer.RawCount);
        if (byFirstRune.Count > 0)
            raw.Sort(static (a, b) => Compare(a, b));
        else
            Order(raw);
        var note = 0;
        var noteStart = 0;
        for (var i = 0; i < raw.Length;)
        {
            while (ends[note] <= raw[i].Start)
            {
                noteStart = ends[note] + 1;
                note++;
            }

            var j = i;
            while (j < raw.Length && raw[j].Start < ends[note])
                j++;
            FinishNote(utf8[noteStart..ends[note]], noteStart, note, raw[i..j], buffer);
            i = j;
        }
    }

    private void FinishNote(ReadOnlySpan<byte> text, int offset, int note, Span<RawHit> raw, SignScanBuffer buffer)
    {
        var countedBytes = 0;
        var counted = 0;
        var work = context is null ? null : buffer.Work ??= new ContextWork();
        work?.BeginNote();
        for (var i = 0; i < raw.Length; i++)
        {
            ref readonly var hit = ref raw[i];
            if (raw.Length > 1 && IsRedundant(raw, i))
                continue;
            ref readonly var form = ref forms[hit.Form];
            var byteStart = hit.Start - offset;
            var byteEnd = hit.End - offset;
            counted = buffer.Ascii ? byteStart : counted + Utf8Text.CountCodePoints(text[countedBytes..byteStart]);
            countedBytes = byteStart;
            var end = buffer.Ascii ? byteEnd : counted + Utf8Text.CountCodePoints(text[byteStart..byteEnd]);
            var label = SignContext.Affirmed;
            var cue = -1;
            if (work is not null)
                label = context!.Decide(text, byteStart, byteEnd, work, out cue);
            buffer.AddFinal(new SignHit(note, form.Sign, form.Phrase, hit.Match, byteStart, byteEnd, counted, end, label, cue));
        }
    }

    /// <summary>
    /// A double of the same sign and place; a misspelling over an exact hit of its sign; a form of a pattern inside a longer form of the same pattern.
    /// </summary>
    private bool IsRedundant(Span<RawHit> raw, int index)
    {
        ref readonly var hit = ref raw[index];
        ref readonly var form = ref forms[hit.Form];
        for (var i = index - 1; i >= 0 && index - i < 64; i--)
        {
            if (Beats(raw[i], hit, form, earlier: true))
                return true;
        }

        for (var i = index + 1; i < raw.Length && raw[i].Start < hit.End; i++)
        {
            if (Beats(raw[i], hit, form, earlier: false))
                return true;
        }

        return false;
    }

    private bool Beats(in RawHit other, in RawHit hit, in Form form, bool earlier)
    {
        if (other.End <= hit.Start || forms[other.Form].Sign != form.Sign)
            return false;
        if (other.Start == hit.Start && other.End == hit.End)
            return other.Match < hit.Match || (other.Match == hit.Match && earlier);
        if (hit.Match == SignMatch.Misspelling)
        {
            return other.Match != SignMatch.Misspelling
                || (forms[other.Form].Phrase == form.Phrase && form.Match == SignMatch.Pattern && other.Start <= hit.Start && other.End >= hit.End);
        }

        return hit.Match == SignMatch.Pattern && other.Match == SignMatch.Pattern && forms[other.Form].Phrase == form.Phrase
            && other.Start <= hit.Start && other.End >= hit.End;
    }

    /// <summary>Insertion sort: the hits come nearly in order, out of place only within the length of a phrase (save those of a second pass over letters outside ASCII).</summary>
    private static void Order(Span<RawHit> raw)
    {
        for (var i = 1; i < raw.Length; i++)
        {
            var hit = raw[i];
            var j = i - 1;
            while (j >= 0 && Compare(raw[j], hit) > 0)
            {
                raw[j + 1] = raw[j];
                j--;
            }

            raw[j + 1] = hit;
        }
    }

    private static int Compare(in RawHit a, in RawHit b) =>
        a.Start != b.Start ? a.Start.CompareTo(b.Start)
        : a.End != b.End ? a.End.CompareTo(b.End)
        : a.Match != b.Match ? a.Match.CompareTo(b.Match)
        : a.Form.CompareTo(b.Form);

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Form(int Sign, int Phrase, PhrasePart[] Parts, SignMatch Match);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct AnchorRef(int Form, int Part, int Rune, ulong NextKey);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Reach(int Before, int After, bool Crosses);
}
