using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace OpenMash.Engines.Signs;

/// <summary>Why a hit got its context: the rule, the cue that decided and how far that cue reaches. Offsets are bytes in the note.</summary>
/// <param name="Context">The label.</param>
/// <param name="Rule">Name of the rule, as in docs/engines/signs.md.</param>
/// <param name="IsDenial">True when the negation is somebody's denial: never absence of harm.</param>
/// <param name="CueStart">First byte of the cue; -1 without one.</param>
/// <param name="CueEnd">Byte after the cue.</param>
/// <param name="ReachStart">First byte of the words the cue governs.</param>
/// <param name="ReachEnd">Byte after the words the cue governs.</param>
public sealed record ContextExplanation(SignContext Context, string Rule, bool IsDenial, int CueStart, int CueEnd, int ReachStart, int ReachEnd);

/// <summary>
/// Decides what a hit means where it stands, from the words of its sentence, the heading above it and what answers it.
/// </summary>
/// <remarks>
/// The design is that of NegEx (Chapman et al. 2001, doi:10.1006/jbin.2001.1029) and ConText (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002): cues with a
/// direction and a reach, words that end the reach, and pseudo-cues; extended here by clause subjects, answers, headings and lists. Rule by rule in docs/engines/signs.md.
/// </remarks>
public sealed class ContextRules
{
    private const int CueNone = -1;
    private const int FarthestLine = 4_000;
    private const int FarthestHeading = 16_000;
    private static readonly Lazy<ContextRules> Lazily = new(() => new ContextRules());

    private readonly ContextLexicon lexicon = new();

    private readonly int semicolonId;

    private ContextRules() => semicolonId = lexicon.Find(ContextLexicon.HashOf(";"u8));

    /// <summary>The shipped rules.</summary>
    public static ContextRules Shared => Lazily.Value;

    /// <summary>Text of a cue as the lexicon writes it; empty for -1.</summary>
    public string CueText(int cue) => cue >= 0 && cue < lexicon.Cues.Length ? lexicon.Cues[cue].Text : "";

    /// <summary>True when the cue is somebody's denial ("denies", "she said no").</summary>
    public bool IsDenial(int cue) => cue >= 0 && cue < lexicon.Cues.Length && lexicon.Cues[cue].IsDenial;

    internal SignContext Decide(ReadOnlySpan<byte> text, int hitStart, int hitEnd, ContextWork work, out int cue)
    {
        var decision = Evaluate(text, hitStart, hitEnd, work);
        cue = decision.Cue;
        return decision.Label;
    }

    internal ContextExplanation Explain(ReadOnlySpan<byte> text, int hitStart, int hitEnd, ContextWork work)
    {
        var d = Evaluate(text, hitStart, hitEnd, work);
        return new ContextExplanation(d.Label, d.Rule, IsDenial(d.Cue) || d.Denial, d.CueStart, d.CueEnd, d.CueStart < 0 ? hitStart : Math.Min(d.CueStart, hitStart), d.CueStart < 0 ? hitEnd : Math.Max(d.CueEnd, hitEnd));
    }

    private Decision Evaluate(ReadOnlySpan<byte> text, int hitStart, int hitEnd, ContextWork work)
    {
        if (hitStart < work.SentenceStart || hitEnd > work.SentenceEnd || work.SentenceStart < 0)
        {
            (work.SentenceStart, work.SentenceEnd, work.SentenceIsQuestion) = SentenceBounds.Around(text, hitStart, hitEnd);
            Tokenise(text, work.SentenceStart, work.SentenceEnd, work.Sentence);
            work.Sentence.ForwardTo = -1;
        }

        var unit = work.Sentence;
        var first = 0;
        while (first < unit.Count && unit.End[first] <= hitStart)
            first++;
        var last = first;
        while (last < unit.Count && unit.Start[last] < hitEnd)
            last++;
        // Only cues before the hit look forward and only cues after it look back; a second hit in the sentence asks for all.
        if (unit.ForwardTo < 0)
            FindCues(unit, -1, -1, last, first);
        else if (last > unit.ForwardTo)
            FindCues(unit, -1, -1);
        if (CueCrossesHit(unit, first, last))
        {
            CopyMasked(unit, work.Masked, first, last);
            unit = work.Masked;
            FindCues(unit, first, last, last, first);
        }

        if (Answer(text, hitEnd, unit, last, out var decision))
            return decision;
        if (CheckBox(text, work.SentenceStart, hitStart, out decision))
            return decision;

        var sentence = FromSentence(text, unit, first, last, hitStart, work);
        if (sentence.Label is SignContext.Affirmed or SignContext.Possible && DeniedNext(text, work, out decision))
            return decision;
        return FromHeading(text, unit, first, last, hitStart, sentence, work);
    }

    // ---- words and cues -------------------------------------------------------------------------------------------------------------

    private void Tokenise(ReadOnlySpan<byte> text, int start, int end, ContextWork.Unit unit)
    {
        var n = 0;
        var i = start;
        var semicolon = semicolonId;
        while (i < end && n < ContextWork.MostTokens)
        {
            var b = text[i];
            if (b is (byte)' ' or (byte)'\t' or (byte)'\r')
            {
                var from = i++;
                while (i < end && text[i] is (byte)' ' or (byte)'\t' or (byte)'\r')
                    i++;
                if (n > 0 && (i - from >= 3 || b == '\t') && i < end && text[i] != '\n' && from > start && text[from - 1] is not ((byte)'\n' or (byte)':') && n < ContextWork.MostTokens)
                {
                    // Columns of a form: what stands in one says nothing of the next.
                    unit.Start[n] = from;
                    unit.End[n] = i;
                    unit.Mark[n] = (byte)';';
                    unit.Id[n] = semicolon;
                    unit.Class[n++] = lexicon.ClassOf[semicolon];
                }

                continue;
            }

            if (IsWordByte(text, i, out var size))
            {
                i = Word(text, i, end, unit, n++);
                continue;
            }

            byte mark = 0;
            if (b < 128)
            {
                mark = b switch
                {
                    (byte)',' or (byte)';' or (byte)':' or (byte)'.' or (byte)'?' or (byte)'!' or (byte)'(' or (byte)')' or (byte)'"' => b,
                    (byte)'\'' or (byte)'`' => (byte)'"',
                    (byte)'-' => IsGlued(text, i, end) ? (byte)0 : (byte)'-',
                    (byte)'\n' => (byte)0,
                    (byte)'&' => b,
                    (byte)'/' => IsGlued(text, i, end) ? (byte)0 : b,
                    _ => 0,
                };
                size = 1;
            }
            else
            {
                var rune = Utf8Text.At(text, i, out size);
                mark = rune switch { 0x2013 or 0x2014 => (byte)'-', 0x201C or 0x201D or 0x2018 or 0x2019 => (byte)'"', _ => 0 };
            }

            if (mark != 0)
            {
                unit.Start[n] = i;
                unit.End[n] = i + size;
                unit.Mark[n] = mark;
                var id = mark is (byte)'?' or (byte)'&' or (byte)'/' or (byte)';' ? lexicon.Find(ContextLexicon.HashOf([mark])) : 0;
                unit.Id[n] = id;
                unit.Class[n] = lexicon.ClassOf[id];
                n++;
            }

            i += size;
        }

        unit.Count = n;
    }

    private static bool IsGlued(ReadOnlySpan<byte> text, int at, int end) =>
        at > 0 && at + 1 < end && (char.IsAsciiLetterOrDigit((char)text[at - 1]) || text[at - 1] >= 0x80) && (char.IsAsciiLetterOrDigit((char)text[at + 1]) || text[at + 1] >= 0x80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWordByte(ReadOnlySpan<byte> text, int at, out int size)
    {
        size = 1;
        var b = text[at];
        if (b < 128)
            return Utf8Text.IsAsciiWord(b);
        return Utf8Text.IsWord(Utf8Text.At(text, at, out size));
    }

    /// <summary>One word with apostrophes inside ("didn't", "mother's") folded to one spelling.</summary>
    private int Word(ReadOnlySpan<byte> text, int at, int end, ContextWork.Unit unit, int n)
    {
        var i = at;
        while (i < end && Utf8Text.IsAsciiWord(text[i]))
            i++;
        int id;
        WordClass flags;
        if (i > at && i + 8 <= text.Length && (i >= end || (text[i] < 128 && text[i] is not ((byte)'\'' or (byte)'`'))))
        {
            id = lexicon.Find(ContextLexicon.HashOfAscii(ref Unsafe.AsRef(in text[at]), i - at));
            flags = lexicon.ClassOf[id];
        }
        else
            i = OddWord(text, at, end, out id, out flags);

        var digits = 0;
        var value = 0;
        while (digits < i - at && text[at + digits] is >= (byte)'0' and <= (byte)'9')
        {
            value = digits < 4 ? (value * 10) + (text[at + digits] - '0') : value;
            digits++;
        }

        if (digits > 0 && digits == i - at)
            flags |= digits == 4 && value is >= 1950 and < 2100 ? WordClass.Year | WordClass.Number : WordClass.Number;
        if (text[at] is >= (byte)'A' and <= (byte)'Z' && (i - at > 1 ? text[at + 1] is >= (byte)'a' and <= (byte)'z' : id == 0))
            flags |= WordClass.Capital;
        unit.Start[n] = at;
        unit.End[n] = i;
        unit.Id[n] = id;
        unit.Class[n] = flags;
        unit.Mark[n] = 0;
        return i;
    }

    /// <summary>A word with an apostrophe or a letter outside ASCII in it, or one at the end of the text.</summary>
    private int OddWord(ReadOnlySpan<byte> text, int at, int end, out int id, out WordClass flags)
    {
        Span<byte> folded = stackalloc byte[64];
        var n = 0;
        var before = -1;
        var apostrophe = -1;
        var i = at;
        while (i < end)
        {
            var b = text[i];
            var size = 1;
            if (b < 128)
            {
                if (Utf8Text.IsAsciiWord(b))
                {
                    if (n < folded.Length)
                        folded[n++] = (byte)(b | 0x20);
                    i++;
                    continue;
                }

                if (b is not ((byte)'\'' or (byte)'`'))
                    break;
            }
            else
            {
                var rune = Utf8Text.At(text, i, out size);
                if (Utf8Text.IsWord(rune))
                {
                    for (var k = 0; k < size && n < folded.Length; k++)
                        folded[n++] = text[i + k];
                    i += size;
                    continue;
                }

                if (Utf8Text.Fold(rune) != '\'')
                    break;
            }

            if (i + size >= end || !Utf8Text.IsAsciiWord(text[i + size]))
                break;
            before = n;
            apostrophe = i + size;
            if (n < folded.Length)
                folded[n++] = (byte)'\'';
            i += size;
        }

        id = n < folded.Length ? lexicon.Find(ContextLexicon.HashOf(folded[..n])) : 0;
        flags = lexicon.ClassOf[id];
        if (apostrophe >= 0 && id == 0)
        {
            id = lexicon.Find(ContextLexicon.HashOf(folded[..before]));
            flags = lexicon.ClassOf[id];
            if ((flags & WordClass.Pronoun) == WordClass.None && i - apostrophe == 1 && (text[apostrophe] | 0x20) == 's')
                flags |= WordClass.Possessive;
            else if ((flags & WordClass.Pronoun) == WordClass.None && id != 0 && i - apostrophe != 1)
                id = 0;
        }
        else if (i < end && i > at && (text[i - 1] | 0x20) == 's' && text[i] == '\'' && id != 0)
        {
            flags |= WordClass.Possessive;
            i++;
        }

        return i;
    }

    /// <summary>Longest cue at each place, left to right. Tokens of the hit (maskFrom to maskTo, exclusive) belong to no cue.</summary>
    private void FindCues(ContextWork.Unit unit, int maskFrom, int maskTo) => FindCues(unit, maskFrom, maskTo, unit.Count, 0);

    private void FindCues(ContextWork.Unit unit, int maskFrom, int maskTo, int forwardTo, int backwardFrom)
    {
        unit.CueCount = 0;
        unit.ForwardTo = forwardTo;
        FindCues(unit, maskFrom, maskTo, 0, forwardTo, ContextLexicon.ForwardRoot, WordClass.StartsCue | WordClass.Number);
        unit.BackwardFrom = unit.CueCount;
        FindCues(unit, maskFrom, maskTo, backwardFrom, unit.Count, ContextLexicon.BackwardRoot, WordClass.StartsBackwardCue | WordClass.Number);
    }

    private void FindCues(ContextWork.Unit unit, int maskFrom, int maskTo, int from, int to, int root, WordClass begins)
    {
        var count = unit.CueCount;
        for (var i = from; i < to;)
        {
            if ((unit.Class[i] & begins) == WordClass.None || (i >= maskFrom && i < maskTo))
            {
                i++;
                continue;
            }

            var end = 0;
            var terminal = -1;
            if ((lexicon.Wild[root] & 1) != 0 || (lexicon.Wild[root] != 0 && (unit.Class[i] & WordClass.Number) != WordClass.None))
                terminal = Longest(unit, i, root, maskFrom, maskTo, ref end);
            else if (lexicon.First(root, unit.Id[i]) is var start and not 0 && lexicon.MayMatch(start, i + 1 < unit.Count ? unit.Id[i + 1] : 0))
                terminal = Longest(unit, i + 1, start, maskFrom, maskTo, ref end);
            if (terminal < 0)
            {
                i++;
                continue;
            }

            // "the suspect's phone" holds no doubt.
            var owner = (end == i + 1 && (unit.Class[i] & (WordClass.Possessive | WordClass.Person)) == (WordClass.Possessive | WordClass.Person))
                || (end == i + 1 && (unit.Class[i] & WordClass.Person) != WordClass.None && end < unit.Count && (unit.Class[end] & (WordClass.Verb | WordClass.Finite)) != WordClass.None);
            foreach (var cue in lexicon.Terminal[terminal]!)
            {
                if (!owner && count < ContextWork.MostCues)
                {
                    unit.CueIndex[count] = cue;
                    unit.CueStart[count] = i;
                    unit.CueEnd[count] = end;
                    count++;
                }
            }

            i = end;
        }

        unit.CueCount = count;
    }

    /// <summary>Node of the longest cue that begins at a token, -1 if none; wildcards make it a small search.</summary>
    private int Longest(ContextWork.Unit unit, int at, int node, int maskFrom, int maskTo, ref int end)
    {
        var best = -1;
        if (lexicon.Terminal[node] is not null)
        {
            best = node;
            end = at;
        }

        if (at >= unit.Count || (at >= maskFrom && at < maskTo))
            return best;
        var id = unit.Id[at];
        var next = id != 0 && (lexicon.Follows[node] >> (id & 63) & 1) != 0 ? lexicon.Step(node, id) : 0;
        if (next != 0)
            Deeper(next, ref best, ref end);
        if (lexicon.Wild[node] != 0 && unit.Mark[at] == 0)
        {
            if ((unit.Class[at] & WordClass.Year) != WordClass.None && (next = lexicon.StepYear(node)) != 0)
                Deeper(next, ref best, ref end);
            if ((unit.Class[at] & WordClass.Number) != WordClass.None && (next = lexicon.StepNumber(node)) != 0)
                Deeper(next, ref best, ref end);
            if ((next = lexicon.StepAny(node)) != 0)
                Deeper(next, ref best, ref end);
        }

        return best;

        void Deeper(int to, ref int bestNode, ref int bestEnd)
        {
            var e = 0;
            var found = Longest(unit, at + 1, to, maskFrom, maskTo, ref e);
            if (found >= 0 && (bestNode < 0 || e > bestEnd))
            {
                bestNode = found;
                bestEnd = e;
            }
        }
    }

    private static bool CueCrossesHit(ContextWork.Unit unit, int first, int last)
    {
        for (var c = 0; c < unit.CueCount; c++)
        {
            if (unit.CueStart[c] < last && unit.CueEnd[c] > first)
                return true;
        }

        return false;
    }

    private static void CopyMasked(ContextWork.Unit from, ContextWork.Unit to, int first, int last)
    {
        Array.Copy(from.Start, to.Start, from.Count);
        Array.Copy(from.End, to.End, from.Count);
        Array.Copy(from.Id, to.Id, from.Count);
        Array.Copy(from.Class, to.Class, from.Count);
        Array.Copy(from.Mark, to.Mark, from.Count);
        to.Count = from.Count;
    }

    // ---- the sentence -----------------------------------------------------------------------------------------------------------------

    private Decision FromSentence(ReadOnlySpan<byte> text, ContextWork.Unit unit, int first, int last, int hitStart, ContextWork work)
    {
        Span<int> forward = stackalloc int[8];
        Span<int> backward = stackalloc int[8];
        forward.Fill(CueNone);
        backward.Fill(CueNone);
        var currentNear = false;
        for (var c = 0; c < unit.CueCount; c++)
        {
            var cue = lexicon.Cues[unit.CueIndex[c]];
            var category = (int)cue.Category;
            if (category == 0)
                continue;
            if (c < unit.BackwardFrom && unit.CueEnd[c] <= first)
            {
                if (cue.Category == CueCategory.Current)
                    currentNear |= first - unit.CueEnd[c] <= 6 && !HardBetween(unit, unit.CueEnd[c], first, WordClass.Hard | WordClass.Subordinator);
                else if (forward[category] < 0 && Reaches(text, unit, c, cue, first)
                    && !(cue is { Category: CueCategory.Hypothetical, Scope: CueScope.Next } && !Is(text, unit, first, "being"u8) && !Is(text, unit, first, "getting"u8) && !Is(text, unit, first, "having"u8)))
                    forward[category] = c;
            }
            else if (c >= unit.BackwardFrom && unit.CueStart[c] >= last)
            {
                if (cue.Category == CueCategory.Current)
                    currentNear |= unit.CueStart[c] - last <= 4 && !HardBetween(unit, last, unit.CueStart[c], WordClass.Hard | WordClass.Subordinator);
                else if (cue.Scope == CueScope.Answer)
                {
                    if (forward[(int)CueCategory.Hypothetical] >= 0 || work.SentenceIsQuestion)
                        return Made(unit, c, cue.Category == CueCategory.Negated ? SignContext.Negated : SignContext.Affirmed, "answer");
                }
                else if (backward[category] < 0 && ReachesBack(unit, c, cue, last))
                    backward[category] = c;
            }
        }

        if (work.SentenceIsQuestion && Reply(text, work, out var reply))
            return reply;
        if (work.SentenceIsQuestion)
            return new Decision(SignContext.Hypothetical, "question", CueNone, -1, -1, false);

        var n = forward[(int)CueCategory.Negated];
        var p = forward[(int)CueCategory.Possible];
        var h = forward[(int)CueCategory.Hypothetical];
        var nBack = backward[(int)CueCategory.Negated];
        var pBack = backward[(int)CueCategory.Possible];
        var hBack = backward[(int)CueCategory.Hypothetical];

        // The outermost cue governs: "denies that she may" is negated, "may not" is possible. A condition inside a doubt stays a condition.
        if (h >= 0 && lexicon.Cues[unit.CueIndex[h]].IsAsking && Reply(text, work, out reply))
            return reply;
        if (h >= 0 && (n < 0 || unit.CueStart[h] < unit.CueStart[n]))
            return Made(unit, h, SignContext.Hypothetical, "hypothetical");
        // "She does not think the age gap is a problem" denies the judgement, not the gap.
        var judged = backward[(int)CueCategory.Affirmed];
        if (judged >= 0 && lexicon.Cues[unit.CueIndex[judged]].Scope == CueScope.Sentence)
        {
            if (n >= 0 && lexicon.Cues[unit.CueIndex[n]].IsDenial)
                return Made(unit, judged, SignContext.Affirmed, "denial taken back");
        }
        else if (n >= 0 && judged >= 0 && IsOpinion(unit, n))
            return Made(unit, judged, SignContext.Affirmed, "opinion denied");
        // "?CCE, no CSE": a doubt about one thing does not soften the "no" before the next.
        if (n >= 0 && p >= 0 && unit.CueStart[p] < unit.CueStart[n] && JoinBetween(unit, unit.CueEnd[p], unit.CueStart[n]))
            p = CueNone;
        // "claims the drugs weren't his", "believes she is not using": what is claimed or believed is a no.
        if (n >= 0 && p >= 0 && unit.CueStart[p] < unit.CueStart[n] && IsView(text, unit, unit.CueStart[p]))
            p = CueNone;
        if (n >= 0 && (p < 0 || unit.CueStart[n] < unit.CueStart[p]))
            return pBack >= 0 && n < 0 ? Made(unit, pBack, SignContext.Possible, "possible after") : Made(unit, n, SignContext.Negated, "negated");
        if (nBack >= 0 && pBack < 0)
            return Made(unit, nBack, SignContext.Negated, "negated after");
        if (hBack >= 0 && (p >= 0 || unit.CueEnd[hBack] - unit.CueStart[hBack] > 1 || !Is(text, unit, unit.CueStart[hBack], "if"u8)))
            return Made(unit, hBack, SignContext.Hypothetical, "hypothetical after");

        // "not concerned that she is ...": a doubt that is itself denied.
        if (p >= 0 && (unit.Class[unit.CueStart[p]] & WordClass.Subordinator) == WordClass.None && NegatedCue(unit, p) is var negator and >= 0)
            return Made(unit, negator, SignContext.Negated, "negated doubt");

        if (forward[(int)CueCategory.Other] is var family and >= 0)
            return Made(unit, family, SignContext.Other, "other person");
        if (SubjectIsOther(text, unit, first, last, out var who))
            return new Decision(SignContext.Other, "other person", CueNone, unit.Start[who], unit.End[who], false);

        var t = forward[(int)CueCategory.Historic] >= 0 ? forward[(int)CueCategory.Historic] : backward[(int)CueCategory.Historic];
        // "no exclusions this year, three last year": the cue next to the words decides against the one farther off.
        if (t >= unit.BackwardFrom && unit.CueStart[t] == last)
            currentNear = false;
        if (p >= 0 && !(t >= 0 && unit.CueStart[t] < unit.CueStart[p]))
            return Made(unit, p, SignContext.Possible, "possible");
        if (pBack >= 0)
            return Made(unit, pBack, SignContext.Possible, "possible after");
        if (t >= 0 && (!currentNear || lexicon.Cues[unit.CueIndex[t]].IsEnded))
            return Made(unit, t, SignContext.Historic, "historic");
        if (p >= 0)
            return Made(unit, p, SignContext.Possible, "possible");
        return new Decision(SignContext.Affirmed, currentNear ? "current" : "no cue", CueNone, -1, -1, false);
    }

    private static bool IsView(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i) =>
        Is(text, unit, i, "claims"u8) || Is(text, unit, i, "claimed"u8) || Is(text, unit, i, "claiming"u8) || Is(text, unit, i, "believes"u8) || Is(text, unit, i, "believed"u8) || Is(text, unit, i, "believe"u8)
        || Is(text, unit, i, "thinks"u8) || Is(text, unit, i, "thought"u8) || Is(text, unit, i, "think"u8) || Is(text, unit, i, "reckons"u8);

    private bool IsOpinion(ContextWork.Unit unit, int c) =>
        lexicon.Cues[unit.CueIndex[c]].Scope == CueScope.VerbPhrase || lexicon.Cues[unit.CueIndex[c]].Text.Contains("think", StringComparison.Ordinal);

    private int NegatedCue(ContextWork.Unit unit, int doubt)
    {
        for (var c = 0; c < unit.BackwardFrom; c++)
        {
            if (lexicon.Cues[unit.CueIndex[c]].Category == CueCategory.Negated && unit.CueEnd[c] <= unit.CueStart[doubt] && unit.CueStart[doubt] - unit.CueEnd[c] <= 1
                && (unit.CueStart[doubt] == unit.CueEnd[c] || unit.Mark[unit.CueEnd[c]] == 0))
                return c;
        }

        return -1;
    }

    /// <summary>The sentence after a question, where it answers: "Has she been hurt? She said no."</summary>
    private bool Reply(ReadOnlySpan<byte> text, ContextWork work, out Decision decision)
    {
        decision = default;
        var from = work.SentenceEnd;
        while (from < text.Length && text[from] is (byte)'?' or (byte)'.' or (byte)' ' or (byte)'"' or (byte)'\n' or (byte)'\r')
            from++;
        var unit = work.Reply;
        Tokenise(text, from, Math.Min(text.Length, from + 60), unit);
        FindCues(unit, -1, -1);
        // "A. No", "Ans: yes", "Leah: no": who answers.
        var at = 0;
        if (unit.Count > 2 && unit.Mark[0] == 0 && (unit.Mark[1] is (byte)':' or (byte)'-' || (unit.Mark[1] == '.' && unit.End[0] - unit.Start[0] == 1)))
            at = 2;
        for (var c = unit.BackwardFrom; c < unit.CueCount; c++)
        {
            var cue = lexicon.Cues[unit.CueIndex[c]];
            if (cue.Scope != CueScope.Answer || unit.CueStart[c] < at || unit.CueStart[c] > at + 1)
                continue;
            decision = Made(unit, c, cue.Category == CueCategory.Negated ? SignContext.Negated : SignContext.Affirmed, "answer");
            return true;
        }

        if (at >= unit.Count || unit.Mark[at] != 0)
            return false;
        var ends = at + 1 >= unit.Count || unit.Mark[at + 1] != 0;
        if (!ends && (unit.Class[at + 1] & WordClass.Pronoun) == WordClass.None)
            return false;
        if (Answered(unit.Class[at]) is not { } label || (label == SignContext.Possible && !ends))
            return false;
        decision = new Decision(label, "answer", CueNone, unit.Start[at], unit.End[at], false);
        return true;
    }

    /// <summary>"A peer said he was vaping. He denied this.": a short sentence that follows and does nothing but deny.</summary>
    private bool DeniedNext(ReadOnlySpan<byte> text, ContextWork work, out Decision decision)
    {
        decision = default;
        var from = work.SentenceEnd;
        if (from >= text.Length || text[from] != '.')
            return false;
        var end = Math.Min(text.Length, from + 48);
        var deny = text[from..end].IndexOf("eni"u8);
        if (deny < 0)
            return false;
        var unit = work.Reply;
        Tokenise(text, from + 1, end, unit);
        for (var i = 1; i < unit.Count && i <= 3; i++)
        {
            if (unit.Mark[i] != 0)
                return false;
            if (!Is(text, unit, i, "denied"u8) && !Is(text, unit, i, "denies"u8))
                continue;
            var k = i + 1;
            while (k < unit.Count && k < i + 4 && unit.Mark[k] == 0 && (Is(text, unit, k, "this"u8) || Is(text, unit, k, "it"u8) || Is(text, unit, k, "that"u8) || Is(text, unit, k, "all"u8) || Is(text, unit, k, "the"u8) || Is(text, unit, k, "these"u8)
                || Is(text, unit, k, "any"u8) || Is(text, unit, k, "allegation"u8) || Is(text, unit, k, "allegations"u8) || Is(text, unit, k, "involvement"u8) || Is(text, unit, k, "claims"u8)))
                k++;
            if (k < unit.Count && unit.Mark[k] is not ((byte)'.' or (byte)',' or (byte)';' or (byte)'!'))
                return false;
            decision = new Decision(SignContext.Negated, "answer", CueNone, unit.Start[i], unit.End[i], true);
            return true;
        }

        return false;
    }

    private Decision Made(ContextWork.Unit unit, int cue, SignContext label, string rule) =>
        new(label, rule, unit.CueIndex[cue], unit.Start[unit.CueStart[cue]], unit.End[unit.CueEnd[cue] - 1], lexicon.Cues[unit.CueIndex[cue]].IsDenial);

    private static bool JoinBetween(ContextWork.Unit unit, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (unit.Mark[i] == ',' || (unit.Class[i] & WordClass.Conjunction) != WordClass.None)
                return true;
        }

        return false;
    }

    private static bool HardBetween(ContextWork.Unit unit, int from, int to, WordClass breaks)
    {
        for (var i = from; i < to; i++)
        {
            if ((unit.Class[i] & breaks) != WordClass.None)
                return true;
        }

        return false;
    }

    /// <summary>Does a cue before the hit reach it?</summary>
    private static bool Reaches(ReadOnlySpan<byte> text, ContextWork.Unit unit, int c, Cue cue, int first)
    {
        var from = unit.CueEnd[c];
        if (cue.Scope == CueScope.Next && first > from)
            return false;
        if (cue.Scope == CueScope.Bare && first < unit.Count && (unit.Class[first] & (WordClass.Definite | WordClass.Possessive)) != WordClass.None)
            return false;
        for (var i = from; i < first; i++)
        {
            var mark = unit.Mark[i];
            var flags = unit.Class[i];
            if (cue.Scope == CueScope.Bare && (flags & (WordClass.Definite | WordClass.Possessive)) != WordClass.None)
                return false;
            if ((flags & WordClass.Hard) != WordClass.None)
                return cue.Scope == CueScope.Sentence && mark == ';';
            if (cue.Scope == CueScope.Sentence)
                continue;
            if (mark == '-')
                return false;

            // "will be seen weekly because she is hurting herself": the reason is a fact.
            if (cue.Category == CueCategory.Hypothetical && i > from + 1 && (Is(text, unit, i, "because"u8) || Is(text, unit, i, "due"u8) || Is(text, unit, i, "owing"u8) || Is(text, unit, i, "since"u8)))
                return false;

            // "visit to see her today she said that ...": a new report begins, without punctuation.
            if (cue.Category == CueCategory.Hypothetical && i > from + 1 && (flags & WordClass.Speech) != WordClass.None && (unit.Class[i - 1] & WordClass.Pronoun) != WordClass.None)
                return false;
            if (cue.Scope == CueScope.Near && i - from >= 3)
                return false;

            var joined = mark == ',' || (flags & WordClass.Conjunction) != WordClass.None;
            if (joined)
            {
                var k = i + 1;
                while (k < first && (unit.Mark[k] == ',' || (unit.Class[k] & WordClass.Conjunction) != WordClass.None))
                    k++;
                if (k < first || (k == first && k < unit.Count && mark == 0))
                {
                    var following = unit.Class[k];
                    if (k == first && cue.Scope == CueScope.VerbPhrase && (flags & WordClass.Conjunction) != WordClass.None && unit.Mark[k] == 0 && (following & WordClass.Verb) != WordClass.None && (following & WordClass.Person) == WordClass.None && EndsInS(text, unit, k) && IsAnd(text, unit, i))
                        return false;
                    if (k < first && unit.Mark[k] == 0 && (following & (WordClass.Pronoun | WordClass.Finite)) != WordClass.None)
                        return false;
                    if (k < first && (following & WordClass.Subordinator) != WordClass.None)
                        return false;
                    if (k + 1 < first && StartsClause(unit, k, first))
                        return false;
                }

                continue;
            }

            if (cue.Scope is CueScope.NounPhrase or CueScope.Bare)
            {
                if ((flags & (WordClass.Pronoun | WordClass.Subordinator)) != WordClass.None)
                    return false;
                if ((flags & (WordClass.Verb | WordClass.Finite)) != WordClass.None && i > from)
                    return false;
            }
            else if (cue.Scope == CueScope.VerbPhrase)
            {
                if ((flags & WordClass.Factive) != WordClass.None && i - from < 5)
                    return false;
                if ((flags & WordClass.Subordinator) != WordClass.None || ((flags & WordClass.Comparison) != WordClass.None && i + 1 < first && (unit.Class[i + 1] & WordClass.Pronoun) != WordClass.None))
                    return false;
                if ((flags & WordClass.Pronoun) != WordClass.None && i > from)
                    return false;
            }
            else if (i == from && cue.Category == CueCategory.Negated && (flags & WordClass.Factive) != WordClass.None && cue.Text.StartsWith("swears", StringComparison.Ordinal))
                return false;
            else if ((flags & WordClass.Subordinator) != WordClass.None && i > from + 1 && (cue.Category == CueCategory.Negated || (cue.Category == CueCategory.Historic && !Is(text, unit, i, "where"u8))))
                return false;
        }

        return true;
    }

    private static bool EndsInS(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i) => (text[unit.End[i] - 1] | 0x20) == 's';

    private static bool IsAnd(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i) => Is(text, unit, i, "and"u8);

    /// <summary>A subject with its verb: "mum has", "Ella was".</summary>
    private static bool StartsClause(ContextWork.Unit unit, int at, int first)
    {
        for (var i = at; i < first && i < at + 3; i++)
        {
            if (unit.Mark[i] != 0)
                return false;
            if (i > at && (unit.Class[i] & (WordClass.Finite | WordClass.Verb)) != WordClass.None)
                return true;
        }

        return false;
    }

    /// <summary>Does a cue after the hit reach back to it?</summary>
    private static bool ReachesBack(ContextWork.Unit unit, int c, Cue cue, int last)
    {
        var to = unit.CueStart[c];
        if (cue.Scope == CueScope.Next && to != last && !(to == last + 1 && unit.Mark[last] is (byte)'"' or (byte)')' or (byte)',' or (byte)'-' or (byte)'('))
            return false;
        if (cue.Scope == CueScope.Near && to - last > 8)
            return false;
        for (var i = last; i < to; i++)
        {
            var flags = unit.Class[i];
            if ((flags & WordClass.Hard) != WordClass.None)
                return false;
            if (cue.Scope == CueScope.Near && i < to - 2 && (flags & (WordClass.Pronoun | WordClass.Finite | WordClass.Verb | WordClass.Subordinator)) != WordClass.None)
                return false;
        }

        // A participle that goes on ("denied alcohol", "excluded from school") looks forward, not back.
        if (cue.Category != CueCategory.Hypothetical && cue.Scope is CueScope.Near or CueScope.Next && unit.CueEnd[c] < unit.Count && unit.Class[unit.CueEnd[c] - 1] is var lastWord && (lastWord & (WordClass.Number | WordClass.Year)) == WordClass.None && (unit.CueEnd[c] - to == 1 || cue.Category == CueCategory.Historic) && unit.Mark[unit.CueEnd[c]] == 0
            && (unit.Class[unit.CueEnd[c]] & (WordClass.Conjunction | WordClass.Preposition | WordClass.Hard | WordClass.Subordinator)) == WordClass.None)
            return false;
        return true;
    }

    // ---- who is spoken of ---------------------------------------------------------------------------------------------------------------

    private static bool SubjectIsOther(ReadOnlySpan<byte> text, ContextWork.Unit unit, int first, int last, out int who)
    {
        who = -1;

        // "an unknown male is {supplying her}": what is done to the child is the child's.
        for (var i = first; i < last; i++)
        {
            // "hit Amir with a belt": a name inside the words is the child's.
            if (i > first && unit.Mark[i] == 0 && (unit.Class[i] & WordClass.Capital) != WordClass.None && unit.Id[i] == 0 && (unit.Class[i - 1] & (WordClass.Preposition | WordClass.Person)) == WordClass.None && unit.Mark[i - 1] == 0
                && text[unit.Start[first]] is >= (byte)'a' and <= (byte)'z')
                return false;
            if (((unit.Class[i] & WordClass.Object) != WordClass.None && !(i > 0 && Is(text, unit, i - 1, "by"u8)) && !Is(text, unit, i + 1, "own"u8)) || ((unit.Class[i] & WordClass.Youngster) != WordClass.None && !(i > 0 && (Is(text, unit, i - 1, "a"u8) || Is(text, unit, i - 1, "own"u8)))))
                return false;
        }

        if (DoneToChild(text, unit, last))
            return false;

        // "his brother's arrest": the words themselves say whose; "mum's boyfriend" is a person again, of whom the sentence goes on to speak.
        var owner = -1;
        for (var i = first; i < last - 1; i++)
        {
            if ((unit.Class[i] & (WordClass.Family | WordClass.Possessive)) == (WordClass.Family | WordClass.Possessive))
                owner = i;
            else if ((unit.Class[i] & WordClass.Person) != WordClass.None)
                owner = -1;
        }

        if (owner >= 0 && (unit.Class[last - 1] & WordClass.Person) == WordClass.None && !AfterPreposition(unit, owner))
        {
            who = owner;
            return true;
        }

        var other = false;
        var self = false;
        var childSeen = false;
        for (var i = 0; i < first; i++)
        {
            if (unit.Mark[i] != 0)
            {
                if (unit.Mark[i] == ';')
                    other = false;
                continue;
            }

            var f = unit.Class[i];
            if (IsPerson(text, unit, i, first))
            {
                var after = i + 1 < first && unit.Mark[i + 1] == ',' ? i + 2 : i + 1;
                var relative = after < first && IsWho(text, unit, after);
                if ((f & WordClass.Possessive) != WordClass.None)
                {
                    // "mother's (heavy) drinking": the possessor, unless what is possessed is again a person, who then decides.
                    if (first - i <= 3 && NoVerbBetween(unit, i + 1, first) && (first - i == 1 || !AfterPreposition(unit, i)))
                    {
                        who = i;
                        return true;
                    }

                    continue;
                }

                var head = i;
                while (head > 0 && unit.Mark[head - 1] == 0 && (unit.Class[head - 1] & (WordClass.Determiner | WordClass.Different | WordClass.Possessive | WordClass.Youngster)) != WordClass.None)
                    head--;
                var before = head - 1;
                if (before >= 0 && unit.Mark[before] == 0 && !relative)
                {
                    var b = unit.Class[before];
                    if ((b & WordClass.Preposition) != WordClass.None && !(before > 0 && Is(text, unit, before, "of"u8) && (unit.Class[before - 1] & (WordClass.Different | WordClass.Number)) != WordClass.None))
                        continue;
                    if ((b & WordClass.Conjunction) != WordClass.None && childSeen && !other)
                        continue;
                }

                other = true;
                self = false;
                who = i;
                if (i + 1 < first && unit.Mark[i + 1] == 0 && (unit.Class[i + 1] & WordClass.Capital) != WordClass.None && unit.Id[i + 1] == 0)
                    i++;
                continue;
            }

            // ", children wearing dirty clothes": the child is the subject again.
            if (other && (f & WordClass.Youngster) != WordClass.None && i > 0 && (unit.Mark[i - 1] == ',' || (unit.Class[i - 1] & WordClass.Conjunction) != WordClass.None))
            {
                other = false;
                continue;
            }

            if ((f & WordClass.Pronoun) != WordClass.None)
            {
                if (other && self && IsPersonal(text, unit, i) && Fits(text, unit, who, i))
                    continue;
                if (i + 1 < first && IsHimself(text, unit, i + 1))
                    continue;
                if (IsPersonal(text, unit, i))
                    childSeen = true;
                other = false;
                continue;
            }

            if (other && ((!self && i > who + 1 && Is(text, unit, i, "that"u8)) || (Is(text, unit, i, "because"u8) && !Is(text, unit, i + 1, "of"u8))))
            {
                other = false;
                continue;
            }

            if (other && (f & (WordClass.Reporting | WordClass.Factive)) != WordClass.None && (f & WordClass.SelfReporting) == WordClass.None
                && !(i > 0 && (unit.Class[i - 1] & (WordClass.Preposition | WordClass.Determiner)) != WordClass.None && !((f & WordClass.Factive) != WordClass.None && Is(text, unit, i - 1, "to"u8))) && !IsPassive(text, unit, i))
            {
                other = false;
                continue;
            }

            // "Dad is dismissive of the drug use", "Mum was upset about her drinking": a view of what the child does.
            if (other && (f & WordClass.Attitude) != WordClass.None && i + 1 < first && (unit.Class[i + 1] & (WordClass.Preposition | WordClass.Reporting)) != WordClass.None)
            {
                other = false;
                continue;
            }

            // "leaves the children home alone": the child as object.
            if (other && (f & WordClass.Youngster) != WordClass.None && (f & (WordClass.Possessive | WordClass.Person)) == WordClass.None && i > who + 1 && (unit.Class[i - 1] & WordClass.Definite) != WordClass.None
                && i - 2 > who && unit.Mark[i - 2] == 0 && (unit.Class[i - 2] & (WordClass.Preposition | WordClass.Conjunction)) == WordClass.None)
            {
                other = false;
                continue;
            }

            if (other && (f & WordClass.SelfReporting) != WordClass.None)
            {
                self = true;
                continue;
            }

            if (other && (f & WordClass.Perceiving) != WordClass.None && !IsPassive(text, unit, i) && !TakesFor(text, unit, i, first))
            {
                other = false;
                continue;
            }

            if (other && (f & WordClass.Object) != WordClass.None && (f & WordClass.Determiner) == WordClass.None)
            {
                other = false;
                continue;
            }

            if ((f & WordClass.Capital) != WordClass.None && unit.Id[i] == 0 && !(i > 0 && (unit.Class[i - 1] & WordClass.Preposition) != WordClass.None) && !(i > 0 && IsNot(text, unit, i - 1)))
            {
                childSeen = true;
                if (i > 0)
                    other = false;
            }
        }

        if (other && OwnedByTheChild(text, unit, who, first))
            return false;
        if (other && !InListAfterColon(unit, who, first))
            return true;

        // "(mother)" and "by the neighbours" after the hit.
        var k = last;
        if (k < unit.Count && unit.Mark[k] == '(')
        {
            k++;
            while (k < unit.Count && (unit.Class[k] & WordClass.Determiner) != WordClass.None)
                k++;
            if (k < unit.Count && (unit.Class[k] & WordClass.Person) != WordClass.None && (k + 1 >= unit.Count || unit.Mark[k + 1] == ')'))
            {
                who = k;
                return true;
            }
        }
        else if (k + 1 < unit.Count && Is(text, unit, k, "in"u8) && (unit.Class[k + 1] & WordClass.Determiner) != WordClass.None && k + 2 < unit.Count && (unit.Class[k + 2] & WordClass.Person) != WordClass.None
            && (unit.Class[k + 2] & WordClass.Possessive) == WordClass.None)
        {
            who = k + 2;
            return true;
        }
        else if (k < unit.Count && unit.Mark[k] == 0 && Is(text, unit, k, "by"u8) && first < last && !childSeen && !IsHarmDone(text, unit, first, last))
        {
            k++;
            while (k < unit.Count && (unit.Class[k] & WordClass.Determiner) != WordClass.None)
                k++;
            if (k < unit.Count && (unit.Class[k] & WordClass.Person) != WordClass.None)
            {
                who = k;
                return true;
            }
        }

        return false;
    }

    /// <summary>"her stepfather {hits} her", "the boyfriend {threatened} the baby": what is done to the child is the child's.</summary>
    private static bool DoneToChild(ReadOnlySpan<byte> text, ContextWork.Unit unit, int last)
    {
        if (last >= unit.Count || unit.Mark[last] != 0)
            return false;
        if ((unit.Class[last] & WordClass.Object) != WordClass.None)
        {
            if (last + 1 >= unit.Count || unit.Mark[last + 1] != 0)
                return true;
            if (!Is(text, unit, last, "her"u8))
                return true;
            var next = unit.Class[last + 1];
            return (next & (WordClass.Preposition | WordClass.Conjunction | WordClass.Subordinator | WordClass.Hard | WordClass.Finite | WordClass.Pronoun | WordClass.Year)) != WordClass.None
                && (next & WordClass.Person) == WordClass.None;
        }

        var i = last;
        if (Is(text, unit, i, "to"u8) || Is(text, unit, i, "at"u8) || Is(text, unit, i, "against"u8) || Is(text, unit, i, "towards"u8))
        {
            i++;
            if (i < unit.Count && (unit.Class[i] & WordClass.Object) != WordClass.None && (i + 1 >= unit.Count || unit.Mark[i + 1] != 0 || !Is(text, unit, i, "her"u8)))
                return true;
        }

        while (i < unit.Count && (unit.Class[i] & (WordClass.Determiner | WordClass.Different)) != WordClass.None && (unit.Class[i] & WordClass.CertainDifferent) == WordClass.None)
            i++;
        return i > last && i < unit.Count && (unit.Class[i] & WordClass.Youngster) != WordClass.None && (unit.Class[i] & WordClass.Possessive) == WordClass.None;
    }

    /// <summary>A pronoun that can stand for the person named: "Mr K admits that he ..."; not "Mum admits that he ...".</summary>
    private static bool Fits(ReadOnlySpan<byte> text, ContextWork.Unit unit, int who, int pronoun)
    {
        if (Is(text, unit, pronoun, "he"u8))
            return (unit.Class[who] & WordClass.Female) == WordClass.None;
        if (Is(text, unit, pronoun, "she"u8))
            return (unit.Class[who] & WordClass.Male) == WordClass.None;
        return true;
    }

    /// <summary>"Mum worries about his {drinking}": the possessive does not fit the one who speaks, so it is the child's.</summary>
    private static bool OwnedByTheChild(ReadOnlySpan<byte> text, ContextWork.Unit unit, int who, int first)
    {
        for (var i = first - 1; i > who && i >= first - 3; i--)
        {
            if (unit.Mark[i] != 0)
                return false;
            if (Is(text, unit, i, "his"u8))
                return (unit.Class[who] & WordClass.Female) != WordClass.None;
            if (Is(text, unit, i, "her"u8))
                return (unit.Class[who] & WordClass.Male) != WordClass.None;
        }

        return false;
    }

    /// <summary>"Concerns: missing, older peers, ..." names the peers in a list; they are nobody's subject.</summary>
    private static bool InListAfterColon(ContextWork.Unit unit, int who, int first)
    {
        if (who + 1 >= first || unit.Mark[who + 1] != ',')
            return false;
        for (var i = 0; i < who; i++)
        {
            if (unit.Mark[i] == ':')
                return true;
        }

        return false;
    }

    private static bool AfterPreposition(ContextWork.Unit unit, int i)
    {
        var head = i;
        while (head > 0 && unit.Mark[head - 1] == 0 && (unit.Class[head - 1] & (WordClass.Determiner | WordClass.Possessive)) != WordClass.None)
            head--;
        return head > 0 && (unit.Class[head - 1] & WordClass.Preposition) != WordClass.None;
    }

    private static bool IsPerson(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i, int first)
    {
        var f = unit.Class[i];
        if (Is(text, unit, i, "ex"u8) && (i == 0 || (unit.Class[i - 1] & (WordClass.Determiner | WordClass.Possessive)) == WordClass.None))
            return false;
        if (i + 1 < unit.Count && unit.Mark[i + 1] == 0)
        {
            // "Officers suspect he ...", "male juvenile".
            var next = unit.Class[i + 1];
            if (Is(text, unit, i, "suspect"u8) && (next & (WordClass.Pronoun | WordClass.Determiner)) != WordClass.None)
                return false;
            if (Is(text, unit, i, "male"u8) || Is(text, unit, i, "female"u8))
            {
                if ((next & WordClass.Youngster) != WordClass.None)
                    return false;
                var age = Is(text, unit, i + 1, "aged"u8) || Is(text, unit, i + 1, "age"u8) ? i + 2 : i + 1;
                if (age < unit.Count && (unit.Class[age] & WordClass.Number) != WordClass.None && IsUnderEighteen(text, unit, age))
                    return false;
            }

            // "gang rivalry", "partner agency": the first half of a compound.
            if (Is(text, unit, i, "gang"u8) && unit.Id[i + 1] == 0)
                return false;
        }

        if ((f & WordClass.Person) != WordClass.None && (f & WordClass.Youngster) == WordClass.None)
            return true;
        if ((f & (WordClass.Youngster | WordClass.Person)) == WordClass.None)
            return false;
        if (i + 1 < first && IsWho(text, unit, i + 1) && (i == 0 || (unit.Class[i - 1] & (WordClass.Verb | WordClass.Reporting | WordClass.Factive | WordClass.Perceiving | WordClass.Preposition)) != WordClass.None))
            return true;
        for (var k = i - 1; k >= 0 && k >= i - 4; k--)
        {
            if (unit.Mark[k] != 0)
                return false;
            var b = unit.Class[k];
            if ((b & WordClass.CertainDifferent) != WordClass.None)
                return true;
            if ((b & WordClass.Different) != WordClass.None)
            {
                if (Is(text, unit, i, "children"u8) || Is(text, unit, i, "kids"u8) || Is(text, unit, i, "child"u8) || Is(text, unit, i, "baby"u8))
                    return false;
                if (k == 0)
                    return true;
                if (Is(text, unit, k - 1, "all"u8) || Is(text, unit, k - 1, "both"u8))
                    return false;
                var before = unit.Class[k - 1];
                return (before & WordClass.Finite) == WordClass.None && ((before & WordClass.Preposition) == WordClass.None || (i + 1 < first && IsWho(text, unit, i + 1)));
            }
        }

        return false;
    }

    private static bool IsUnderEighteen(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i)
    {
        var word = text[unit.Start[i]..unit.End[i]];
        return word.Length == 1 ? char.IsAsciiDigit((char)word[0]) : word.Length == 2 && word[0] == '1' && word[1] is >= (byte)'0' and < (byte)'8';
    }

    /// <summary>"Mum was observed to be unsteady": the subject stays who she is.</summary>
    private static bool IsPassive(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i) =>
        (unit.Class[i] & WordClass.Participle) != WordClass.None && i > 0
        && (Is(text, unit, i - 1, "was"u8) || Is(text, unit, i - 1, "were"u8) || Is(text, unit, i - 1, "is"u8) || Is(text, unit, i - 1, "are"u8) || Is(text, unit, i - 1, "been"u8) || Is(text, unit, i - 1, "being"u8));

    /// <summary>"Mum takes tablets for her nerves": what she takes them for is hers.</summary>
    private static bool TakesFor(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i, int first)
    {
        if (!Is(text, unit, i, "takes"u8) && !Is(text, unit, i, "took"u8))
            return false;
        for (var k = i + 1; k < first; k++)
        {
            if ((unit.Class[k] & (WordClass.Object | WordClass.Youngster | WordClass.Definite)) != WordClass.None)
                return false;
            if (Is(text, unit, k, "for"u8))
                return true;
        }

        return false;
    }

    private static bool IsWho(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i) => Is(text, unit, i, "who"u8) || Is(text, unit, i, "that"u8);

    private static bool IsNot(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i) => Is(text, unit, i, "not"u8);

    private static bool IsHimself(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i) => Is(text, unit, i, "himself"u8) || Is(text, unit, i, "herself"u8);

    private static bool IsPersonal(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i) =>
        (unit.Class[i] & WordClass.Pronoun) != WordClass.None && (text[unit.Start[i]] | 0x20) is 's' or 'h' or 't' or 'i' or 'w' && !Is(text, unit, i, "it"u8) && !Is(text, unit, i, "there"u8) && !Is(text, unit, i, "this"u8);

    private static bool Is(ReadOnlySpan<byte> text, ContextWork.Unit unit, int i, ReadOnlySpan<byte> word)
    {
        if (i >= unit.Count || unit.End[i] - unit.Start[i] != word.Length)
            return false;
        for (var k = 0; k < word.Length; k++)
        {
            if (Utf8Text.FoldAscii(text[unit.Start[i] + k] & 0x7F) != word[k])
                return false;
        }

        return true;
    }

    private static bool NoVerbBetween(ContextWork.Unit unit, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (unit.Mark[i] != 0 || (unit.Class[i] & (WordClass.Verb | WordClass.Finite | WordClass.Perceiving | WordClass.Pronoun | WordClass.Preposition | WordClass.Person | WordClass.Conjunction)) != WordClass.None)
                return false;
        }

        return true;
    }

    /// <summary>Harm that is done to somebody: "abuse by her uncle" is the child's, "drug use by her uncle" is the uncle's.</summary>
    private static bool IsHarmDone(ReadOnlySpan<byte> text, ContextWork.Unit unit, int first, int last)
    {
        for (var i = first; i < last; i++)
        {
            var word = Encoding.UTF8.GetString(text[unit.Start[i]..unit.End[i]]).ToLowerInvariant();
            if (word.EndsWith("ed", StringComparison.Ordinal) || word.StartsWith("abus", StringComparison.Ordinal) || word.StartsWith("assault", StringComparison.Ordinal) || word.StartsWith("violen", StringComparison.Ordinal)
                || word.StartsWith("exploit", StringComparison.Ordinal) || word.StartsWith("groom", StringComparison.Ordinal) || word.StartsWith("harm", StringComparison.Ordinal) || word.StartsWith("threat", StringComparison.Ordinal)
                || word is "hit" or "beaten" or "raped" or "neglect" or "hurt" or "sold" or "given" or "taken" or "rape" or "control" or "bullying" or "coercion")
                return true;
        }

        return false;
    }

    // ---- answers and boxes ---------------------------------------------------------------------------------------------------------------

    /// <summary>"Self-harm: no", "Gang links - suspected", "Any missing episodes? No."</summary>
    private bool Answer(ReadOnlySpan<byte> text, int hitEnd, ContextWork.Unit unit, int last, out Decision decision)
    {
        decision = default;
        if (BoxAfter(text, hitEnd, out decision))
            return true;
        var i = hitEnd;
        while (i < text.Length && text[i] == ' ')
            i++;
        if (i >= text.Length)
            return false;
        var separator = text[i];
        var size = 1;
        if (separator >= 0x80)
        {
            var rune = Utf8Text.At(text, i, out size);
            if (rune is not (0x2013 or 0x2014 or 0x2026 or 0x2192))
                return false;
            separator = (byte)(rune is 0x2013 or 0x2014 ? '-' : ':');
        }
        else if (separator is (byte)'\t' or (byte)'|' or (byte)'>' || (separator == '.' && i + 1 < text.Length && text[i + 1] == '.'))
        {
            // A cell of a pasted table, or the dotted line of a printed form.
            while (i + 1 < text.Length && text[i + 1] is (byte)'.' or (byte)'\t')
                i++;
            separator = (byte)':';
        }
        else if (i > hitEnd && char.IsAsciiLetter((char)separator))
            return BareAnswer(text, unit, last, i, out decision);

        if (separator is not ((byte)':' or (byte)'-' or (byte)'=' or (byte)'?' or (byte)'('))
            return false;
        i += size;
        while (i < text.Length && text[i] is (byte)' ' or (byte)'-' or (byte)'\t')
            i++;
        if (separator == ':' && i + 1 < text.Length && text[i] == '?' && text[i + 1] is not ((byte)' ' or (byte)'\n'))
        {
            decision = new Decision(SignContext.Possible, "answer", CueNone, i, i + 1, false);
            return true;
        }

        if (IsYesOrNo(text, ref i))
        {
            // "Self-harm (Yes/No): No": the printed choice, then the answer; without one the question was never answered.
            while (i < text.Length && text[i] is (byte)' ' or (byte)':' or (byte)')' or (byte)'-' or (byte)'?')
                i++;
            if (i >= text.Length || !char.IsAsciiLetter((char)text[i]))
            {
                decision = new Decision(SignContext.Hypothetical, "answer", CueNone, hitEnd, i, false);
                return true;
            }

            separator = (byte)':';
        }

        var start = i;
        var id = NextWord(text, ref i);
        var flags = lexicon.ClassOf[id];
        if (i == start)
            return false;
        var afterFirst = i;
        if (SlashAnswer(text, start, i) is { } short2)
        {
            decision = new Decision(short2, "answer", CueNone, start, start + 3, false);
            return true;
        }

        var wordStart = i;
        _ = SecondWord(text, i, out wordStart, out var secondEnd);
        var ends = AnswerEnds(text, afterFirst);
        var span = text[start..afterFirst];

        if (Equal(span, "not"u8) && secondEnd > wordStart)
        {
            var unknown = Equal(text[wordStart..secondEnd], "known"u8) || Equal(text[wordStart..secondEnd], "sure"u8) || Equal(text[wordStart..secondEnd], "clear"u8) || Equal(text[wordStart..secondEnd], "confirmed"u8);
            decision = new Decision(unknown ? SignContext.Possible : SignContext.Negated, "answer", CueNone, start, secondEnd, false);
            return AnswerEnds(text, secondEnd) || Equal(text[wordStart..secondEnd], "seen"u8);
        }

        if ((flags & WordClass.No) != WordClass.None)
        {
            var short1 = Equal(span, "n"u8);
            if (!ends && (short1 || separator == '-') && !AnswerEnds(text, secondEnd))
                return false;
            var denial = (text[start] | 0x20) == 'd';
            decision = new Decision(SignContext.Negated, "answer", CueNone, start, afterFirst, denial);
            return true;
        }

        if (separator == '?' && unit.Count > 0 && last > 0 && !ends && (flags & (WordClass.Yes | WordClass.Unknown | WordClass.Formerly)) == WordClass.None)
            return false;
        if ((flags & WordClass.Yes) != WordClass.None && (ends || (span.Length > 1 && separator != '(')))
        {
            decision = new Decision(SignContext.Affirmed, "answer", CueNone, start, afterFirst, false);
            return true;
        }

        if ((flags & WordClass.Formerly) != WordClass.None && (ends || separator is (byte)':' or (byte)'-' || AnswerEnds(text, secondEnd)))
        {
            decision = new Decision(SignContext.Historic, "answer", CueNone, start, afterFirst, false);
            return true;
        }

        if ((flags & WordClass.Unknown) != WordClass.None && (ends || AnswerEnds(text, secondEnd)))
        {
            decision = new Decision(SignContext.Possible, "answer", CueNone, start, afterFirst, false);
            return true;
        }

        return false;
    }

    /// <summary>What a word says as the answer to a question or a box of a form; null where it is no answer.</summary>
    private static SignContext? Answered(WordClass flags) =>
        (flags & WordClass.No) != WordClass.None ? SignContext.Negated
        : (flags & WordClass.Yes) != WordClass.None ? SignContext.Affirmed
        : (flags & WordClass.Unknown) != WordClass.None ? SignContext.Possible
        : null;

    /// <summary>"n/a", "n/k": not applicable is a no, not known a doubt.</summary>
    private static SignContext? SlashAnswer(ReadOnlySpan<byte> text, int start, int end)
    {
        if (end - start != 1 || (text[start] | 0x20) != 'n' || end + 1 >= text.Length || text[end] is not ((byte)'/' or (byte)'\\'))
            return null;
        if (end + 2 < text.Length && Utf8Text.IsAsciiWord(text[end + 2]))
            return null;
        return (text[end + 1] | 0x20) switch { 'a' => SignContext.Negated, 'k' => SignContext.Possible, _ => null };
    }

    /// <summary>A line of a form without a colon: "Gang association N", "Substance use nil", "Weapons n/a".</summary>
    private bool BareAnswer(ReadOnlySpan<byte> text, ContextWork.Unit unit, int last, int at, out Decision decision)
    {
        decision = default;
        if (last > 8 || last >= unit.Count || ((unit.Class[last] & (WordClass.No | WordClass.Yes | WordClass.Unknown)) == WordClass.None && unit.End[last] - unit.Start[last] != 1))
            return false;
        for (var k = 0; k < last; k++)
        {
            if ((unit.Class[k] & (WordClass.Pronoun | WordClass.Finite)) != WordClass.None)
                return false;
        }

        var end = at;
        var flags = lexicon.ClassOf[NextWord(text, ref end)];
        if (SlashAnswer(text, at, end) is { } slash)
        {
            decision = new Decision(slash, "answer", CueNone, at, at + 3, false);
            return true;
        }

        if (end - at == 1 && text[at] is not ((byte)'N' or (byte)'Y'))
            return false;
        var k2 = end;
        while (k2 < text.Length && text[k2] == ' ')
            k2++;
        if (k2 < text.Length && text[k2] is not ((byte)'\n' or (byte)'\r' or (byte)'.' or (byte)';' or (byte)','))
            return false;
        if (Answered(flags) is not { } label)
            return false;
        decision = new Decision(label, "answer", CueNone, at, end, (text[at] | 0x20) == 'd');
        return true;
    }

    /// <summary>"Yes/No", "Y / N": the choice as printed on the form; moves past it.</summary>
    private static bool IsYesOrNo(ReadOnlySpan<byte> text, ref int at)
    {
        var i = at;
        if (!TakeWord(text, ref i, "yes"u8, "y"u8))
            return false;
        while (i < text.Length && text[i] is (byte)' ')
            i++;
        if (i >= text.Length || text[i] is not ((byte)'/' or (byte)'\\'))
            return false;
        i++;
        while (i < text.Length && text[i] is (byte)' ')
            i++;
        if (!TakeWord(text, ref i, "no"u8, "n"u8))
            return false;
        at = i;
        return true;
    }

    private static bool TakeWord(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<byte> longer, ReadOnlySpan<byte> shorter)
    {
        var i = at;
        while (i < text.Length && Utf8Text.IsAsciiWord(text[i]))
            i++;
        if (!Equal(text[at..i], longer) && !Equal(text[at..i], shorter))
            return false;
        at = i;
        return true;
    }

    /// <summary>"Self-harm  Yes [ ] No [x]", "Weapons: ☒ Yes ☐ No": the ticked one of the printed answers.</summary>
    private bool BoxAfter(ReadOnlySpan<byte> text, int hitEnd, out Decision decision)
    {
        decision = default;
        var from = hitEnd;
        while (from < text.Length && text[from] is (byte)' ' or (byte)'\t')
            from++;
        if (from >= text.Length || (char.IsAsciiLetter((char)text[from]) && (text[from] | 0x20) is not ('y' or 'n' or 'u')) || text[from] is (byte)'.' or (byte)',')
            return false;
        var boxFirst = false;
        var any = false;
        var ticked = false;
        SignContext? word = null;
        SignContext? chosen = null;
        var chosenAt = hitEnd;
        var i = hitEnd;
        for (var end = Math.Min(text.Length, hitEnd + 80); i < end && text[i] != '\n';)
        {
            if (IsBox(text, i, out var size, out var isTicked))
            {
                boxFirst |= !any && word is null;
                any = true;
                if (boxFirst)
                    ticked = isTicked;
                else if (isTicked && word is not null)
                {
                    chosen ??= word;
                    chosenAt = i;
                }

                i += size;
                continue;
            }

            if (!Utf8Text.IsAsciiWord(text[i]))
            {
                if (text[i] is (byte)'.' or (byte)';' or (byte)',' && any)
                    break;
                if (text[i] is not ((byte)' ' or (byte)':' or (byte)'?' or (byte)'-' or (byte)'\t' or (byte)'/' or (byte)'|' or (byte)'\r'))
                    return false;
                i++;
                continue;
            }

            var start = i;
            var flags = lexicon.ClassOf[NextWord(text, ref i)];
            if (i == start)
                return false;
            word = Answered(flags);
            if (word is null)
            {
                if (any && chosen is not null)
                    break;
                return false;
            }

            if (boxFirst && ticked)
            {
                chosen ??= word;
                chosenAt = start;
            }
        }

        if (!any || chosen is null)
            return false;
        decision = new Decision(chosen.Value, "box", CueNone, chosenAt, Math.Min(text.Length, chosenAt + 1), false);
        return true;
    }

    private static bool IsBox(ReadOnlySpan<byte> text, int at, out int size, out bool ticked)
    {
        size = 3;
        ticked = false;
        if (text[at] == '[' && at + 1 < text.Length && text[at + 1] == ']')
        {
            size = 2;
            return true;
        }

        if (text[at] is (byte)'[' or (byte)'(' && at + 2 < text.Length && text[at + 2] == (text[at] == '[' ? ']' : ')') && (text[at + 1] is (byte)' ' or (byte)'_' || (text[at + 1] | 0x20) == 'x'))
        {
            ticked = (text[at + 1] | 0x20) == 'x';
            return true;
        }

        if (text[at] != 0xE2 || at + 2 >= text.Length)
            return false;
        ticked = (text[at + 1] == 0x98 && text[at + 2] is 0x91 or 0x92) || (text[at + 1] == 0x9C && text[at + 2] is 0x93 or 0x94);
        return ticked || (text[at + 1] == 0x98 && text[at + 2] == 0x90);
    }

    private static bool Equal(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        if (text.Length != lower.Length)
            return false;
        for (var i = 0; i < lower.Length; i++)
        {
            if (Utf8Text.FoldAscii(text[i] & 0x7F) != lower[i])
                return false;
        }

        return true;
    }

    private static bool AnswerEnds(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        return at >= text.Length || text[at] is (byte)'.' or (byte)',' or (byte)';' or (byte)'\n' or (byte)'\r' or (byte)')' or (byte)'!' or (byte)'-' or (byte)'"' or (byte)'|' or (byte)'/' || text[at] >= 0x80;
    }

    private int SecondWord(ReadOnlySpan<byte> text, int at, out int start, out int end)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        start = at;
        var id = NextWord(text, ref at);
        end = at;
        return id;
    }

    private int NextWord(ReadOnlySpan<byte> text, ref int at)
    {
        Span<byte> word = stackalloc byte[24];
        var n = 0;
        while (at < text.Length && n < 24 && Utf8Text.IsAsciiWord(text[at]))
            word[n++] = (byte)Utf8Text.FoldAscii(text[at++]);
        return n == 0 ? 0 : lexicon.Find(ContextLexicon.HashOf(word[..n]));
    }

    /// <summary>"[ ] gang links" is a box not ticked; "[x]" is ticked.</summary>
    private static bool CheckBox(ReadOnlySpan<byte> text, int sentenceStart, int hitStart, out Decision decision)
    {
        decision = default;
        var i = sentenceStart;
        while (i < hitStart && text[i] is (byte)' ' or (byte)'-' or (byte)'*' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            i++;
        if (i + 2 >= hitStart)
            return false;
        if (text[i] == '[' && (text[i + 2] == ']' || text[i + 1] == ']'))
        {
            var ticked = text[i + 1] is not ((byte)' ' or (byte)']');
            decision = new Decision(ticked ? SignContext.Affirmed : SignContext.Negated, "box", CueNone, i, i + 3, false);
            return true;
        }

        if (text[i] == 0xE2 && text[i + 1] == 0x98 && text[i + 2] is 0x90 or 0x91 or 0x92)
        {
            decision = new Decision(text[i + 2] == 0x90 ? SignContext.Negated : SignContext.Affirmed, "box", CueNone, i, i + 3, false);
            return true;
        }

        if (text[i] == 0xE2 && text[i + 1] == 0x9C && text[i + 2] is 0x93 or 0x94 or 0x97 or 0x98)
        {
            decision = new Decision(text[i + 2] is 0x97 or 0x98 ? SignContext.Negated : SignContext.Affirmed, "box", CueNone, i, i + 3, false);
            return true;
        }

        return false;
    }

    // ---- headings -----------------------------------------------------------------------------------------------------------------------

    private Decision FromHeading(ReadOnlySpan<byte> text, ContextWork.Unit unit, int first, int last, int hitStart, Decision sentence, ContextWork work)
    {
        if (sentence.Label is SignContext.Hypothetical)
            return sentence;
        if (!FindHeading(text, unit, first, hitStart, work))
            return sentence;

        var heading = work.Heading;
        Tokenise(text, work.HeadingStart, work.HeadingEnd, heading);
        FindCues(heading, -1, -1);

        // A cue of the heading that looks forward governs the items below or after it ("She denied the following:", "No concerns about:").
        SignContext? label = null;
        var from = -1;
        var denial = false;
        var cueIndex = CueNone;
        for (var c = 0; c < heading.CueCount && label is null; c++)
        {
            var cue = lexicon.Cues[heading.CueIndex[c]];
            if ((cue.Direction & CueDirection.Forward) == CueDirection.None || !Reaches(text, heading, c, cue, heading.Count))
                continue;
            label = cue.Category switch
            {
                CueCategory.Negated => SignContext.Negated,
                CueCategory.Possible => SignContext.Possible,
                CueCategory.Hypothetical => SignContext.Hypothetical,
                CueCategory.Historic => SignContext.Historic,
                _ => null,
            };
            if (label is not null)
            {
                from = heading.CueStart[c];
                denial = cue.IsDenial;
                cueIndex = heading.CueIndex[c];
            }
        }

        var person = false;
        var reporter = false;
        for (var i = 0; i < heading.Count; i++)
        {
            reporter |= (heading.Class[i] & (WordClass.Reporting | WordClass.Speech)) != WordClass.None;
            if (heading.Mark[i] != 0)
                continue;
            var category = lexicon.HeadingOf[heading.Id[i]];
            if (category == CueCategory.Other && heading.Count <= 6)
                person = true;
            // "2016: excluded", "March 2017 - assault": a line of a chronology.
            if (category == CueCategory.None && (heading.Class[i] & WordClass.Year) != WordClass.None && heading.Count <= 3 && !HasDay(heading, i))
                category = CueCategory.Historic;
            if (label is null && category is not (CueCategory.None or CueCategory.Other or CueCategory.Current))
            {
                label = category switch
                {
                    CueCategory.Historic => SignContext.Historic,
                    CueCategory.Hypothetical => SignContext.Hypothetical,
                    CueCategory.Negated => SignContext.Negated,
                    CueCategory.Possible => SignContext.Possible,
                    _ => null,
                };
                from = i;
            }
        }

        if (person && !reporter && label is null or SignContext.Historic && !FamilyBackground(text, heading))
        {
            label = SpeaksOfChild(unit, first) ? null : SignContext.Other;
            from = 0;
        }

        if (label is null)
            return sentence;
        var made = new Decision(label.Value, work.HeadingIsInline ? "heading of the line" : "heading above", cueIndex, from >= 0 ? heading.Start[from] : work.HeadingStart, work.HeadingEnd, denial);
        return label switch
        {
            SignContext.Negated => sentence.Label is SignContext.Affirmed or SignContext.Possible && sentence.Rule != "current" ? made : sentence,
            SignContext.Hypothetical => (sentence.Label is SignContext.Negated && !IsGoal(text, heading)) || PastReport(unit, first) ? sentence : made,
            SignContext.Historic => sentence.Label is SignContext.Affirmed or SignContext.Possible && sentence.Rule != "current" && !(PresentReport(text, unit, first) && !work.HeadingIsInline) ? made : sentence,
            SignContext.Other => sentence.Label is SignContext.Negated ? sentence : made,
            _ => sentence.Label is SignContext.Affirmed ? made : sentence,
        };
    }

    /// <summary>"03/10/2023:" is the date of an entry; "2016:" or "March 2017:" looks back.</summary>
    private static bool HasDay(ContextWork.Unit heading, int year)
    {
        for (var i = 0; i < year; i++)
        {
            if ((heading.Class[i] & WordClass.Number) != WordClass.None)
                return true;
        }

        return false;
    }

    /// <summary>"Safety goal: she is not going missing" says what is hoped for.</summary>
    private static bool IsGoal(ReadOnlySpan<byte> text, ContextWork.Unit heading)
    {
        for (var i = 0; i < heading.Count; i++)
        {
            if (Is(text, heading, i, "goal"u8) || Is(text, heading, i, "goals"u8) || Is(text, heading, i, "outcome"u8) || Is(text, heading, i, "outcomes"u8) || Is(text, heading, i, "aim"u8)
                || Is(text, heading, i, "aims"u8) || Is(text, heading, i, "target"u8) || Is(text, heading, i, "targets"u8) || Is(text, heading, i, "objective"u8) || Is(text, heading, i, "objectives"u8))
                return true;
        }

        return false;
    }

    private static bool FamilyBackground(ReadOnlySpan<byte> text, ContextWork.Unit heading)
    {
        for (var i = 0; i < heading.Count; i++)
        {
            if (Is(text, heading, i, "background"u8))
                return true;
        }

        return false;
    }

    /// <summary>"Mother: she is going missing": the person of the heading speaks.</summary>
    private static bool SpeaksOfChild(ContextWork.Unit unit, int first)
    {
        for (var i = 0; i < first; i++)
        {
            if ((unit.Class[i] & (WordClass.Pronoun | WordClass.Reporting)) != WordClass.None)
                return true;
        }

        return false;
    }

    private static bool PastReport(ContextWork.Unit unit, int first)
    {
        for (var i = 0; i + 1 < first; i++)
        {
            if ((unit.Class[i] & WordClass.Pronoun) != WordClass.None && (unit.Class[i + 1] & WordClass.Finite) != WordClass.None && unit.Mark[i + 1] == 0)
                return true;
        }

        return false;
    }

    private static bool PresentReport(ReadOnlySpan<byte> text, ContextWork.Unit unit, int first)
    {
        for (var i = 0; i < first; i++)
        {
            if (Is(text, unit, i, "is"u8) || Is(text, unit, i, "has"u8) || Is(text, unit, i, "are"u8))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The heading that governs the hit: the words before a colon in its own line ("Past history: ..."), or the nearest heading line above.
    /// </summary>
    private static bool FindHeading(ReadOnlySpan<byte> text, ContextWork.Unit unit, int first, int hitStart, ContextWork work)
    {
        // In the line itself: at most eight words, then a colon, before the hit; not "He said: ...".
        for (var i = 0; i < first && i < 9; i++)
        {
            if (unit.Mark[i] != ':' && !(unit.Mark[i] == '-' && i is 1 or 2 && (unit.Class[i - 1] & WordClass.Year) != WordClass.None))
                continue;
            var speech = i == 0;
            for (var k = 0; k < i; k++)
                speech |= (unit.Class[k] & WordClass.Speech) != WordClass.None;
            if (speech)
                break;
            work.HeadingStart = unit.Start[0];
            work.HeadingEnd = unit.Start[i];
            work.HeadingIsInline = true;
            work.SectionFor = -1;
            return true;
        }

        // Never farther than a fixed reach: a note of one line of 50 MB must cost no more for each hit than a short one.
        var floor = Math.Max(0, hitStart - FarthestLine);
        var lineStart = floor + text[floor..hitStart].LastIndexOf((byte)'\n') + 1;
        if (lineStart == floor)
            return false;
        var farthest = Math.Max(0, lineStart - FarthestHeading);
        if (work.SectionFor == lineStart)
            return work.HeadingGoverns;
        work.SectionFor = lineStart;
        work.HeadingIsInline = false;
        work.HeadingGoverns = false;
        var end = lineStart - 1;
        var blanks = 0;
        for (var lines = 0; lines < 60 && end >= farthest; lines++)
        {
            var start = farthest + text[farthest..end].LastIndexOf((byte)'\n') + 1;
            var line = text[start..end].Trim(" \t\r"u8);
            if (line.Length == 0)
                blanks++;
            else if (line.Length <= 120 && !SentenceBounds.IsItemStart(line, 0) && LooksLikeHeading(line, blanks > 0) && (line[^1] == ':' || StandsAsHeading(text, start, end)))
            {
                var at = start + text[start..end].IndexOf(line);
                work.HeadingStart = at;
                work.HeadingEnd = at + line.Length;
                work.HeadingGoverns = true;
                return true;
            }

            if (blanks > 2)
                return false;
            end = start - 1;
        }

        return false;
    }

    /// <summary>A line without a colon is a heading only with nothing above it (the first line, a blank line) or with list items below; a run of short lines is a list.</summary>
    private static bool StandsAsHeading(ReadOnlySpan<byte> text, int start, int end)
    {
        if (start == 0)
            return true;
        var above = text[Math.Max(0, start - 1 - FarthestLine)..(start - 1)];
        if (above[(above.LastIndexOf((byte)'\n') + 1)..].Trim(" \t\r"u8).Length == 0)
            return true;
        var next = end + 1;
        while (next < text.Length && text[next] is (byte)' ' or (byte)'\t')
            next++;
        return next < text.Length && SentenceBounds.IsItemStart(text, next);
    }

    /// <summary>Ends in a colon; or a short line of up to five words without a full stop, in capitals or with a capital first letter.</summary>
    private static bool LooksLikeHeading(ReadOnlySpan<byte> line, bool blankBelow)
    {
        if (line[^1] == ':')
            return true;
        if (line.Length > 40 || line[^1] is (byte)'.' or (byte)',' or (byte)'!' or (byte)'?' or (byte)';' || line.Contains((byte)':') || line.Contains((byte)','))
            return false;
        var words = 1;
        var lower = false;
        foreach (var b in line)
        {
            words += b == ' ' ? 1 : 0;
            lower |= b is >= (byte)'a' and <= (byte)'z';
        }

        return words <= 4 && line[0] is >= (byte)'A' and <= (byte)'Z' && (!lower || !blankBelow || words <= 3);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Decision(SignContext Label, string Rule, int Cue, int CueStart, int CueEnd, bool Denial);
}
