using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>
/// Agglomeration by mean supported weight, under contradictions. Pairs are taken from the strongest down (ties by id). Two clusters join when the mean
/// over all pairs across them of the supported weight reaches the threshold and nothing contradicts. The supported weight of a pair is its own weight
/// or, where that is more, the weight of the best link of either record into the other cluster plus whatever the pair's own evidence says against: a
/// poor record is carried by its companions, but two strangers are not joined through a third, because their own disagreement counts in the mean.
/// </summary>
internal static class Clusterer
{
    private const float Low = -25;
    private const float High = 25;

    /// <summary>Clusters above this size take only the plain mean, so that time stays near linear.</summary>
    private const int Large = 400;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (int[] Clusters, List<HeldApart> Held) Cluster(PeopleTable table, Scorer scorer, List<MatchedPair> pairs, double threshold)
    {
        var n = table.Count;
        var bar = (float)Math.Log2(threshold / Math.Max(1 - threshold, 1e-12));
        var held = new List<HeldApart>();
        var strong = Strongest(table, pairs, bar);
        var parent = new int[n];
        var members = new List<int>?[n];
        for (var i = 0; i < n; i++)
            parent[i] = i;
        foreach (var p in strong)
        {
            var a = Root(parent, p.Left);
            var b = Root(parent, p.Right);
            if (a == b)
                continue;
            if (Contradiction(table, scorer, p.Left, p.Right) is { } reason)
            {
                held.Add(new HeldApart(p.Left, p.Right, p.Weight, reason));
                continue;
            }

            var inA = members[a] ?? [a];
            var inB = members[b] ?? [b];
            if (inA.Count + inB.Count > 2 && !Holds(table, scorer, inA, inB, bar))
                continue;
            if (inA.Count < inB.Count)
                (a, b, inA, inB) = (b, a, inB, inA);
            inA.AddRange(inB);
            members[a] = inA;
            members[b] = null;
            parent[b] = a;
        }

        var first = new int[n];
        Array.Fill(first, -1);
        var clusters = new int[n];
        for (var i = 0; i < n; i++)
        {
            var root = Root(parent, i);
            if (first[root] < 0)
                first[root] = i;
            clusters[i] = first[root];
        }

        return (clusters, held);
    }

    private static MatchedPair[] Strongest(PeopleTable table, List<MatchedPair> pairs, float bar)
    {
        var strong = pairs.Where(p => p.Weight >= bar).ToArray();
        var keys = new float[strong.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = -strong[i].Weight;
        Array.Sort(keys, strong);
        for (var from = 0; from < strong.Length;)
        {
            var to = from + 1;
            while (to < strong.Length && keys[to] == keys[from])
                to++;
            if (to - from > 1)
            {
                strong.AsSpan(from, to - from).Sort((p, q) =>
                {
                    var byLeft = table.IdBytes(p.Left).SequenceCompareTo(table.IdBytes(q.Left));
                    return byLeft != 0 ? byLeft : table.IdBytes(p.Right).SequenceCompareTo(table.IdBytes(q.Right));
                });
            }

            from = to;
        }

        return strong;
    }

    private static bool Holds(PeopleTable table, Scorer scorer, List<int> inA, List<int> inB, float bar)
    {
        var weights = new float[inA.Count * inB.Count];
        var bestA = new float[inA.Count];
        var bestB = new float[inB.Count];
        Array.Fill(bestA, Low);
        Array.Fill(bestB, Low);
        for (var i = 0; i < inA.Count; i++)
        {
            for (var j = 0; j < inB.Count; j++)
            {
                var (x, y) = (inA[i], inB[j]);
                if (Contradiction(table, scorer, x, y) is not null)
                    return false;
                var pattern = Comparer.Compare(table.Rows[x], table.Rows[y], table.Texts);
                var weight = Math.Clamp(scorer.Weight(pattern, table.Rows[x], table.Rows[y]), Low, High);
                weights[(i * inB.Count) + j] = weight;
                bestA[i] = Math.Max(bestA[i], weight);
                bestB[j] = Math.Max(bestB[j], weight);
            }
        }

        double sum = 0;
        for (var i = 0; i < inA.Count; i++)
        {
            for (var j = 0; j < inB.Count; j++)
                sum += Supported(scorer, weights[(i * inB.Count) + j], Math.Max(bestA[i], bestB[j]));
        }

        return sum / weights.Length >= bar;
    }

    /// <summary>A pair's weight when a third record, linked to both with at least <paramref name="through"/>, stands between them.</summary>
    private static float Supported(Scorer scorer, float weight, float through)
    {
        // Without the starting odds: what the pair's own comparison says. Only what it says against is added, since what it says for has been heard.
        var own = Math.Min(weight - scorer.PriorMatch, 0);
        return Math.Max(weight, through + own);
    }

    /// <summary>Gives the pairs inside clusters their supported weight and adds those that no blocking rule had brought together.</summary>
    public static List<MatchedPair> Support(PeopleTable table, Scorer scorer, List<MatchedPair> pairs, int[] clusters, float floor, int threads)
    {
        var sizes = new int[table.Count];
        foreach (var c in clusters)
            sizes[c]++;
        var starts = new int[table.Count + 1];
        for (var i = 0; i < table.Count; i++)
            starts[i + 1] = starts[i] + (sizes[i] is > 2 and <= Large ? sizes[i] : 0);
        var members = new int[starts[^1]];
        var filled = new int[table.Count];
        for (var i = 0; i < table.Count; i++)
        {
            var c = clusters[i];
            if (sizes[c] is > 2 and <= Large)
                members[starts[c] + filled[c]++] = i;
        }

        var roots = Enumerable.Range(0, table.Count).Where(i => sizes[i] is > 2 and <= Large).ToArray();
        if (roots.Length == 0)
            return pairs;
        const int batch = 256;
        var found = new List<MatchedPair>[(roots.Length + batch - 1) / batch];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var own = new List<MatchedPair>();
            for (var r = part * batch; r < Math.Min(roots.Length, (part + 1) * batch); r++)
                SupportOne(table, scorer, members.AsSpan(starts[roots[r]], sizes[roots[r]]), floor, own);
            found[part] = own;
        });
        var result = new List<MatchedPair>(pairs.Count + found.Sum(f => f.Count));
        foreach (var p in pairs)
        {
            if (clusters[p.Left] != clusters[p.Right] || sizes[clusters[p.Left]] is <= 2 or > Large)
                result.Add(p);
        }

        foreach (var own in found)
            result.AddRange(own);
        return result;
    }

    private static void SupportOne(PeopleTable table, Scorer scorer, ReadOnlySpan<int> members, float floor, List<MatchedPair> found)
    {
        var n = members.Length;
        var direct = new float[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                var pattern = Comparer.Compare(table.Rows[members[i]], table.Rows[members[j]], table.Texts);
                var weight = scorer.Weight(pattern, table.Rows[members[i]], table.Rows[members[j]]);
                direct[(i * n) + j] = direct[(j * n) + i] = weight;
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                if (table.Linking && (members[i] < table.FirstFile) == (members[j] < table.FirstFile))
                    continue;
                var through = float.NegativeInfinity;
                for (var k = 0; k < n; k++)
                {
                    if (k != i && k != j)
                        through = Math.Max(through, Math.Min(direct[(i * n) + k], direct[(k * n) + j]));
                }

                var weight = Supported(scorer, direct[(i * n) + j], through);
                if (weight >= floor)
                    found.Add(new MatchedPair(members[i], members[j], weight));
            }
        }
    }

    private static string? Contradiction(PeopleTable table, Scorer scorer, int a, int b)
    {
        ref readonly var x = ref table.Rows[a];
        ref readonly var y = ref table.Rows[b];
        // Nothing can contradict where the names agree and no numbers are there to differ.
        if ((x.Nhs == y.Nhs || x.Nhs == 0 || y.Nhs == 0) && (x.Upn == y.Upn || x.Upn == 0 || y.Upn == 0) && (x.Given == y.Given || x.Given == 0 || y.Given == 0))
            return null;
        var pattern = Comparer.Compare(x, y, table.Texts);
        var nhs = x.Nhs != 0 && y.Nhs != 0 && RowBuilder.NhsHolds(x.Nhs) && RowBuilder.NhsHolds(y.Nhs);
        var found = Explainer.Contradictions(pattern, nhs);
        if (found.Count == 0)
            return null;
        if (!Explainer.Numbers(pattern, nhs) && !scorer.HouseholdRivals(pattern, x, y))
            return null;
        return found[0];
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i)
        {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }

        return i;
    }
}
