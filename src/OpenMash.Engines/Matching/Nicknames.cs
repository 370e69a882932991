namespace OpenMash.Engines.Matching;

/// <summary>
/// Which given names are short forms of which (Data/nicknames.csv, from the pseudopeople project, BSD-3, see Data/nicknames.LICENSE).
/// Two names agree when one is listed as a short form of the other, or both as short forms of one name.
/// </summary>
internal static class Nicknames
{
    private static readonly Dictionary<string, int> Index;
    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ByChars;
    private static readonly int[][] Roots;

    static Nicknames()
    {
        Index = new Dictionary<string, int>(StringComparer.Ordinal);
        var roots = new List<SortedSet<int>> { new() };
        var row = 0;
        foreach (var line in EmbeddedData.Lines("nicknames.csv"))
        {
            if (row++ == 0)
                continue;
            foreach (var name in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!Index.TryGetValue(name, out var id))
                {
                    id = roots.Count;
                    Index[name] = id;
                    roots.Add([]);
                }

                roots[id].Add(row);
            }
        }

        Roots = [.. roots.Select(r => r.ToArray())];
        ByChars = Index.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The number under which a folded name's short forms are kept; 0 when it has none.</summary>
    public static int Group(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 2 or > 16)
            return 0;
        Span<char> chars = stackalloc char[name.Length];
        for (var i = 0; i < name.Length; i++)
            chars[i] = (char)name[i];
        return ByChars.TryGetValue(chars, out var id) ? id : 0;
    }

    public static bool Related(int a, int b)
    {
        if (a == 0 || b == 0)
            return false;
        var x = Roots[a];
        var y = Roots[b];
        for (int i = 0, j = 0; i < x.Length && j < y.Length;)
        {
            if (x[i] == y[j])
                return true;
            if (x[i] < y[j])
                i++;
            else
                j++;
        }

        return false;
    }
}
