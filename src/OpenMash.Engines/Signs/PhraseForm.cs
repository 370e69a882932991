using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace OpenMash.Engines.Signs;

internal enum PartKind : byte
{
    /// <summary>Folded characters; a space stands for any run of white space.</summary>
    Literal,

    /// <summary>Between two parts: Min to Max words, with light punctuation, inside one sentence.</summary>
    Gap,

    /// <summary>A whole number from Min to Max, in digits or words.</summary>
    Number,
}

internal sealed record PhrasePart(PartKind Kind, int[] Runes, int Min, int Max);

/// <summary>
/// One concrete form of a phrase: a pattern is expanded into its forms (every choice of alternatives and inflections); gaps and numbers stay as parts.
/// </summary>
internal sealed class PhraseForm
{
    private const int MostForms = 20_000;
    private const int LongestGap = 12;
    private static readonly System.Buffers.SearchValues<char> PatternCharacters = System.Buffers.SearchValues.Create("[]{}|~\\");
    private const char Mark = '\uE000';

    private PhraseForm(PhrasePart[] parts, bool misspelt)
    {
        Parts = parts;
        IsMisspelling = misspelt;
    }

    public PhrasePart[] Parts { get; }

    /// <summary>Written without its apostrophe ("doesnt"): counted among the misspellings.</summary>
    public bool IsMisspelling { get; }

    public bool IsPlain => Parts.Length == 1 && Parts[0].Kind == PartKind.Literal;

    public bool IsOnlyFunctionWords
    {
        get
        {
            foreach (var part in Parts)
            {
                if (part.Kind != PartKind.Literal)
                    continue;
                foreach (var word in ToText(part.Runes).Split(' '))
                {
                    if (!WordList.Shared.IsFunctionWord(word))
                        return false;
                }
            }

            return true;
        }
    }

    public static string ToText(IEnumerable<int> runes)
    {
        var text = new StringBuilder();
        foreach (var rune in runes)
            text.Append(new Rune(rune).ToString());
        return text.ToString();
    }

    /// <summary>Reads a phrase. Plain unless it uses one of the pattern characters <c>[ ] { } | ~ \</c>.</summary>
    public static bool TryParse(string text, bool exact, [NotNullWhen(true)] out SignPhrase? phrase, [NotNullWhen(false)] out string? problem)
    {
        phrase = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            problem = "The phrase is empty: remove it or write the words to look for.";
            return false;
        }

        foreach (var c in text)
        {
            if ((char.IsControl(c) && !char.IsWhiteSpace(c)) || c is >= '\uE000' and <= '\uF8FF')
            {
                problem = $"\"{text.Replace(c, '\uFFFD')}\" contains a character (U+{(int)c:X4}) that no note can contain as text: remove it.";
                return false;
            }
        }

        if (!IsWellFormed(text))
        {
            problem = $"\"{text}\" contains half a character (a lone surrogate): write it again.";
            return false;
        }

        var isPattern = !exact && text.AsSpan().IndexOfAny(PatternCharacters) >= 0;
        if (!exact && !isPattern && UnbalancedBracket(text) is { } bracket)
        {
            problem = $"\"{text}\": the round bracket at character {bracket + 1} has no partner. Alternatives are written [a|b]; for the bracket itself write \\{text[bracket]} or {{\"exact\":\"...\"}}.";
            return false;
        }

        var forms = new List<PhraseForm>();
        if (!isPattern)
        {
            if (!TryBuild(text, [], false, out var form, out problem))
                return false;
            forms.Add(form);
            if (WithoutApostrophe(form.Parts[0].Runes) is { } bare)
                forms.Add(new PhraseForm([new PhrasePart(PartKind.Literal, bare, 0, 0)], misspelt: true));
        }
        else if (!new PatternReader(text).TryRead(forms, out problem))
            return false;

        phrase = new SignPhrase(text, isPattern) { Forms = forms };
        problem = null;
        return true;
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    private static int? UnbalancedBracket(string text)
    {
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(')
                open.Push(i);
            else if (text[i] == ')' && !open.TryPop(out _))
                return i;
        }

        return open.Count > 0 ? open.Peek() : null;
    }

    private static int[]? WithoutApostrophe(int[] runes)
    {
        if (Array.IndexOf(runes, '\'') < 0)
            return null;
        var bare = new List<int>();
        for (var i = 0; i < runes.Length; i++)
        {
            var inside = i > 0 && i + 1 < runes.Length && Utf8Text.IsWord(runes[i - 1]) && Utf8Text.IsWord(runes[i + 1]);
            if (runes[i] != '\'' || !inside)
                bare.Add(runes[i]);
        }

        if (bare.Count == runes.Length)
            return null;

        // "she'll" without its apostrophe is "shell", "we're" is "were": a real word is no misspelling.
        foreach (var word in ToText(runes).Split(' '))
        {
            if (word.Contains('\'', StringComparison.Ordinal) && WordList.Shared.IsKnown(word.Replace("'", "", StringComparison.Ordinal)))
                return null;
        }

        return bare.ToArray();
    }

    /// <summary>Builds a form from expanded text, in which a mark and its number stand for a gap or number part.</summary>
    private static bool TryBuild(string text, List<PhrasePart> specials, bool pattern, [NotNullWhen(true)] out PhraseForm? form, [NotNullWhen(false)] out string? problem)
    {
        form = null;
        var parts = new List<PhrasePart>();
        var runes = new List<int>();
        void Close()
        {
            while (runes.Count > 0 && runes[^1] == Utf8Text.Space)
                runes.RemoveAt(runes.Count - 1);
            if (runes.Count > 0)
                parts.Add(new PhrasePart(PartKind.Literal, runes.ToArray(), 0, 0));
            runes.Clear();
        }

        var enumerated = text.EnumerateRunes().ToArray();
        for (var i = 0; i < enumerated.Length; i++)
        {
            var rune = enumerated[i].Value;
            if (pattern && rune == Mark)
            {
                Close();
                parts.Add(specials[enumerated[++i].Value - Mark - 1]);
            }
            else if (Utf8Text.IsSpace(rune))
            {
                if (runes.Count > 0 && runes[^1] != Utf8Text.Space)
                    runes.Add(Utf8Text.Space);
            }
            else
                runes.Add(Utf8Text.Fold(rune));
        }

        Close();
        if (!parts.Exists(p => p.Kind == PartKind.Literal && Array.Exists(p.Runes, Utf8Text.IsWord)))
        {
            problem = parts.Count == 0
                ? "The phrase is empty: remove it or write the words to look for."
                : pattern
                    ? "The pattern can match without any word of its own, so it would match nearly everything: every choice needs at least one word."
                    : $"\"{text.Trim()}\" has no letter or digit, so it would match nearly everything: write the words to look for.";
            return false;
        }

        if (parts[0].Kind == PartKind.Gap || parts[^1].Kind == PartKind.Gap)
        {
            problem = "A gap {n-m} stands between words, not at the beginning or the end of a phrase.";
            return false;
        }

        for (var i = 1; i < parts.Count; i++)
        {
            if (parts[i].Kind == PartKind.Gap && parts[i - 1].Kind == PartKind.Gap)
            {
                problem = "Two gaps stand side by side: write one gap with the sum.";
                return false;
            }
        }

        problem = null;
        form = new PhraseForm(parts.ToArray(), misspelt: false);
        return true;
    }

    private sealed class PatternReader(string text)
    {
        private readonly List<PhrasePart> specials = [];
        private int at;
        private string? fault;

        public bool TryRead(List<PhraseForm> forms, [NotNullWhen(false)] out string? problem)
        {
            var expansions = ReadChoices(closing: false);
            if (fault is null && at < text.Length)
                Fail("this ] closes nothing");
            if (fault is not null)
            {
                problem = fault;
                return false;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var expansion in expansions)
            {
                foreach (var inflected in Inflected(expansion))
                {
                    if (fault is not null)
                        break;
                    if (!seen.Add(string.Join(' ', inflected.Split(' ', StringSplitOptions.RemoveEmptyEntries))))
                        continue;
                    if (seen.Count > MostForms)
                    {
                        Fail($"the pattern stands for more than {MostForms} forms; split it into several phrases", 0);
                        break;
                    }

                    if (!TryBuild(inflected, specials, true, out var form, out var reason))
                    {
                        problem = $"\"{text}\": {reason}";
                        return false;
                    }

                    forms.Add(form);
                }
            }

            problem = fault;
            return fault is null;
        }

        private void Fail(string message, int? place = null) => fault ??= $"Broken pattern \"{text}\" at character {(place ?? at) + 1}: {message}.";

        /// <summary>Reads alternatives up to ] or the end; every returned text is one choice.</summary>
        private List<string> ReadChoices(bool closing)
        {
            var all = new List<string>();
            while (true)
            {
                all.AddRange(ReadSequence());
                if (fault is not null || at >= text.Length || text[at] != '|')
                    break;
                if (!closing)
                {
                    Fail("alternatives stand in square brackets: [a|b]");
                    break;
                }

                at++;
            }

            return all;
        }

        private List<string> ReadSequence()
        {
            var heads = new List<string> { "" };
            var plain = new StringBuilder();
            void Flush()
            {
                if (plain.Length == 0)
                    return;
                var tail = plain.ToString();
                plain.Clear();
                for (var i = 0; i < heads.Count; i++)
                    heads[i] += tail;
            }

            while (at < text.Length && fault is null)
            {
                var c = text[at];
                if (c is ']' or '|')
                    break;
                if (c == '[')
                {
                    var opened = at++;
                    var choices = ReadChoices(closing: true);
                    if (fault is null && (at >= text.Length || text[at] != ']'))
                        Fail("this [ is never closed", opened);
                    at++;
                    Flush();
                    if ((long)heads.Count * choices.Count > MostForms)
                        Fail($"the pattern stands for more than {MostForms} forms; split it into several phrases", 0);
                    else
                        heads = heads.SelectMany(h => choices.Select(x => h + x)).ToList();
                }
                else if (c == '{')
                    plain.Append(ReadBraces());
                else if (c == '}')
                    Fail("this } closes nothing");
                else if (c == '\\')
                {
                    if (at + 1 >= text.Length)
                        Fail("a \\ at the end has nothing to protect");
                    else
                        plain.Append(text[at + 1] == '~' ? '\uF8F0' : text[at + 1]);
                    at += 2;
                }
                else
                {
                    if (c == '~' && !(at > 0 && (char.IsLetter(text[at - 1]) || text[at - 1] == ']')))
                        Fail("~ stands directly after a word: boyfriend~");
                    plain.Append(c);
                    at++;
                }
            }

            Flush();
            return heads;
        }

        private string ReadBraces()
        {
            var opened = at;
            var end = text.IndexOf('}', at);
            if (end < 0)
            {
                Fail("this { is never closed", opened);
                at = text.Length;
                return "";
            }

            var inside = text[(at + 1)..end].Trim();
            at = end + 1;
            var words = inside.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            PhrasePart? part = null;
            if (words.Length == 1 && TryRange(words[0], out var min, out var max))
            {
                if (max > LongestGap)
                    Fail($"a gap may have at most {LongestGap} words", opened);
                part = new PhrasePart(PartKind.Gap, [], min, max);
            }
            else if (words.Length is 1 or 2 && words[0] is "number" or "age")
            {
                var (low, high) = words[0] == "age" ? (0, 120) : (0, 999_999_999);
                if (words.Length == 1 || TryRange(words[1], out low, out high))
                    part = new PhrasePart(PartKind.Number, [], low, high);
            }

            if (part is null)
            {
                Fail($"{{{inside}}} is not known; use a gap {{0-3}}, {{number}}, {{number 2-9}}, {{age}} or {{age 18-60}}, the smaller first", opened);
                return "";
            }

            specials.Add(part);
            if (specials.Count > 200)
                Fail("too many gaps and numbers", opened);
            return $" {Mark}{(char)(Mark + specials.Count)} ";
        }

        private static bool TryRange(string word, out int min, out int max)
        {
            max = 0;
            var dash = word.IndexOf('-', StringComparison.Ordinal);
            if (dash < 0)
            {
                var ok = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out min);
                max = min;
                return ok;
            }

            return int.TryParse(word.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out min)
                && int.TryParse(word.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out max)
                && min <= max;
        }

        private List<string> Inflected(string expansion)
        {
            var done = new List<string> { "" };
            var place = 0;
            while (place < expansion.Length)
            {
                var tilde = expansion.IndexOf('~', place);
                if (tilde < 0)
                {
                    Append(done, [expansion[place..]]);
                    break;
                }

                var start = tilde;
                while (start > place && char.IsLetter(expansion[start - 1]) && expansion[start - 1] < Mark)
                    start--;
                if (start == tilde)
                {
                    Fail("~ stands directly after a word: boyfriend~", 0);
                    return done;
                }

                Append(done, [expansion[place..start]]);
                Append(done, Inflections.Of(expansion[start..tilde]));
                place = tilde + 1;
            }

            for (var i = 0; i < done.Count; i++)
                done[i] = done[i].Replace('\uF8F0', '~');
            return done;
        }

        private void Append(List<string> heads, IReadOnlyList<string> tails)
        {
            if ((long)heads.Count * tails.Count > MostForms)
            {
                Fail($"the pattern stands for more than {MostForms} forms; split it into several phrases", 0);
                return;
            }

            var next = heads.SelectMany(h => tails.Select(t => h + t)).ToList();
            heads.Clear();
            heads.AddRange(next);
        }
    }
}
