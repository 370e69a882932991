namespace OpenMash.Benchmarks.Links;

/// <summary>Precision, recall and F1 of pairs and of groups against the truth of an invented borough.</summary>
internal sealed class LinksMeasure
{
    private readonly HashSet<(string, string)> _pairs = [];
    private readonly List<HashSet<string>> _groups = [];

    public LinksMeasure(string truthFile)
    {
        foreach (var members in ReadGroups(truthFile))
        {
            _groups.Add(members);
            var list = members.Order(StringComparer.Ordinal).ToList();
            for (var i = 0; i < list.Count; i++)
            {
                for (var j = i + 1; j < list.Count; j++) _pairs.Add((list[i], list[j]));
            }
        }
    }

    public int TruePairs => _pairs.Count;

    public static List<HashSet<string>> ReadGroups(string file)
    {
        var groups = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var at = line.IndexOf(',', StringComparison.Ordinal);
            if (at < 0) continue;
            if (!groups.TryGetValue(line[..at], out var members)) groups[line[..at]] = members = new HashSet<string>(StringComparer.Ordinal);
            members.Add(line[(at + 1)..].Trim());
        }

        return [.. groups.Values];
    }

    public (int Found, double Precision, double Recall, double F1) Pairs(IEnumerable<(string A, string B)> found)
    {
        var set = found.Select(p => string.CompareOrdinal(p.A, p.B) < 0 ? p : (p.B, p.A)).ToHashSet();
        var right = set.Count(_pairs.Contains);
        return Scores(set.Count, right, _pairs.Count);
    }

    /// <summary>A found group is right when it and a planted one share at least half of both together (Jaccard), each planted group counting once.</summary>
    public (int Found, double Precision, double Recall, double F1) Groups(IReadOnlyList<HashSet<string>> found)
    {
        var matches = new List<(double Jaccard, int Found, int Truth)>();
        for (var f = 0; f < found.Count; f++)
        {
            for (var t = 0; t < _groups.Count; t++)
            {
                var shared = _groups[t].Count(found[f].Contains);
                var jaccard = shared / (double)(_groups[t].Count + found[f].Count - shared);
                if (jaccard >= 0.5) matches.Add((jaccard, f, t));
            }
        }

        var usedFound = new HashSet<int>();
        var usedTruth = new HashSet<int>();
        foreach (var (_, f, t) in matches.OrderByDescending(m => m.Jaccard))
        {
            if (usedFound.Contains(f) || usedTruth.Contains(t)) continue;
            usedFound.Add(f);
            usedTruth.Add(t);
        }

        return Scores(found.Count, usedTruth.Count, _groups.Count);
    }

    private static (int, double, double, double) Scores(int found, int right, int truth)
    {
        var precision = found == 0 ? 1 : right / (double)found;
        var recall = truth == 0 ? 1 : right / (double)truth;
        return (found, precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }
}
