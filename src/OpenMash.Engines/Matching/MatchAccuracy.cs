namespace OpenMash.Engines.Matching;

/// <summary>How well pairs and clusters agree with a known truth. The truth is only read here, never by the matching.</summary>
/// <param name="TruePairs">Pairs of records of one person, by the truth.</param>
/// <param name="BestF1">Best pairwise F1 over all thresholds.</param>
/// <param name="BestThreshold">Probability at which it is reached.</param>
/// <param name="F1">Pairwise F1 at probability 0.5.</param>
/// <param name="Precision">Precision at probability 0.5.</param>
/// <param name="Recall">Recall at probability 0.5.</param>
/// <param name="ClusterF1">Pairwise F1 of the clusters.</param>
/// <param name="ClusterPrecision">Precision of the clusters.</param>
/// <param name="ClusterRecall">Recall of the clusters.</param>
public sealed record MatchAccuracy(
    long TruePairs,
    double BestF1,
    double BestThreshold,
    double F1,
    double Precision,
    double Recall,
    double ClusterF1,
    double ClusterPrecision,
    double ClusterRecall)
{
    /// <summary>Measures a result.</summary>
    /// <param name="result">The result of matching.</param>
    /// <param name="truth">For each record of the table a number of its person.</param>
    /// <param name="firstFile">Records of the first file when two were linked, the number of records otherwise.</param>
    public static MatchAccuracy Of(MatchResult result, IReadOnlyList<int> truth, int firstFile)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(truth);
        var linking = firstFile < truth.Count;
        var total = PairsWithin(truth, truth, linking, firstFile);
        var sorted = result.Pairs.Select(p => (p.Weight, True: truth[p.Left] == truth[p.Right])).OrderByDescending(p => p.Weight).ToArray();
        long right = 0, at50 = 0, right50 = 0;
        double best = 0, bestWeight = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].True)
                right++;
            if (sorted[i].Weight >= 0)
                (at50, right50) = (i + 1, right);
            if (i + 1 < sorted.Length && sorted[i + 1].Weight == sorted[i].Weight)
                continue;
            var f = F(right, i + 1, total);
            if (f > best)
                (best, bestWeight) = (f, sorted[i].Weight);
        }

        var clusterPairs = PairsWithin(result.Clusters, result.Clusters, linking, firstFile);
        var clusterRight = PairsWithin([.. result.Clusters.Zip(truth)], linking, firstFile);
        return new MatchAccuracy(
            total,
            best,
            Scorer.Probability(bestWeight),
            F(right50, at50, total),
            Ratio(right50, at50),
            Ratio(right50, total),
            F(clusterRight, clusterPairs, total),
            Ratio(clusterRight, clusterPairs),
            Ratio(clusterRight, total));
    }

    private static long PairsWithin(IReadOnlyList<int> a, IReadOnlyList<int> b, bool linking, int firstFile) => PairsWithin([.. a.Zip(b)], linking, firstFile);

    private static long PairsWithin((int, int)[] labels, bool linking, int firstFile)
    {
        long pairs = 0;
        foreach (var group in labels.Select((l, i) => (l, i)).GroupBy(x => x.l))
        {
            long left = 0, all = 0;
            foreach (var (_, i) in group)
            {
                all++;
                if (i < firstFile)
                    left++;
            }

            pairs += linking ? left * (all - left) : all * (all - 1) / 2;
        }

        return pairs;
    }

    private static double F(long right, long said, long total) => said + total == 0 ? 0 : 2.0 * right / (said + total);

    private static double Ratio(long a, long b) => b == 0 ? 0 : (double)a / b;
}
