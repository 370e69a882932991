namespace OpenMash.Engines.Signs;

/// <summary>English words by commonness, from the shipped list (its source stands in the file).</summary>
internal sealed class WordList
{
    private static readonly Lazy<WordList> Lazily = new(() => new WordList());

    private readonly Dictionary<string, byte> levels = new(StringComparer.Ordinal);
    private readonly HashSet<string> function = new(StringComparer.Ordinal);

    private WordList()
    {
        byte level = 0;
        foreach (var line in Resource.Lines("words.txt"))
        {
            if (line[0] == '@')
                level = byte.Parse(line.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            else
                levels[line] = level;
        }

        foreach (var line in Resource.Lines("function-words.txt"))
        {
            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                function.Add(word);
                levels[word] = 1;
            }
        }
    }

    public static WordList Shared => Lazily.Value;

    public IEnumerable<string> Words => levels.Keys;

    public bool IsFunctionWord(string word) => function.Contains(word);

    public bool IsKnown(string word) => levels.ContainsKey(word);

    /// <summary>A rough cost of looking at every occurrence of the word: large for common words.</summary>
    public int Commonness(string word)
    {
        if (function.Contains(word))
            return 10_000;
        var byLevel = levels.TryGetValue(word, out var level) ? level switch { <= 10 => 300, 20 => 60, 35 => 12, 40 => 6, _ => 3 } : 2;
        return word.Length <= 2 ? byLevel + 500 : byLevel;
    }
}
