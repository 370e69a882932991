namespace OpenMash.Engines.Signs;

/// <summary>
/// The forms of an English word behind <c>word~</c>: irregular ones from the shipped table, the rest by the regular spelling rules for nouns and verbs.
/// Forms that are not English words do no harm: no note contains them.
/// </summary>
internal static class Inflections
{
    private static readonly Dictionary<string, string[]> Irregular = Load();

    private static Dictionary<string, string[]> Load()
    {
        var table = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Resource.Lines("irregular.txt"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            table[words[0]] = words;
        }

        return table;
    }

    public static IReadOnlyList<string> Of(string word)
    {
        var forms = new List<string>();
        void Add(string form)
        {
            if (!forms.Contains(form, StringComparer.OrdinalIgnoreCase))
                forms.Add(form);
        }

        Add(word);
        if (Irregular.TryGetValue(word, out var known))
        {
            foreach (var form in known)
                Add(form);
        }

        var lower = word.ToLowerInvariant();
        var last = lower[^1];
        var beforeLast = lower.Length > 1 ? lower[^2] : ' ';
        var sibilant = last is 's' or 'x' or 'z' || lower.EndsWith("ch", StringComparison.Ordinal) || lower.EndsWith("sh", StringComparison.Ordinal);
        var consonantY = last == 'y' && !IsVowel(beforeLast);

        Add(consonantY ? word[..^1] + "ies" : word + (sibilant || (last == 'o' && !IsVowel(beforeLast)) ? "es" : "s"));
        Add(word + "'s");
        Add((last == 's' ? word : consonantY ? word[..^1] + "ies" : word + "s") + "'");
        if (known is null)
            Add(last == 'e' ? word + "d" : consonantY ? word[..^1] + "ied" : word + "ed");
        Add(last == 'e' && beforeLast is not ('e' or 'o' or 'y') ? word[..^1] + "ing" : word + "ing");

        // One vowel then one consonant doubles it when stressed (stopping); "visiting" shows that both must be looked for.
        if (lower.Length >= 3 && !IsVowel(last) && last is not ('w' or 'x' or 'y') && IsVowel(beforeLast) && !IsVowel(lower[^3]))
        {
            if (known is null)
                Add(word + last + "ed");
            Add(word + last + "ing");
        }

        return forms;
    }

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';
}
