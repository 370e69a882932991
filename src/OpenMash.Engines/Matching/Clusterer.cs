namespace OpenMash.Engines.Matching;

/// <summary>
/// Average-linkage agglomeration under contradictions: pairs are taken from the strongest down (ties by id); two clusters join when the mean weight of
/// all pairs across them is at least the threshold's and nothing contradicts. A chain of lookalikes therefore does not join two strangers: the pairs
/// across must hold on average, not only at one link.
/// </summary>
internal static class Clusterer
{
    private const float Low = -10;
    private const float High = 20;

    public static (int[] Clusters, List<HeldApart> Held) Cluster(PeopleTable table, Scorer scorer, List<MatchedPair> pairs, double threshold)
    {
        var n = table.Count;
        var bar = (float)Math.Log2(threshold / Math.Max(1 - threshold, 1e-12));
        var held = new List<HeldApart>();
        var strong = pairs.Where(p => p.Weight >= bar).ToArray();
        Array.Sort(strong, (p, q) =>
        {
            var byWeight = q.Weight.CompareTo(p.Weight);
            if (byWeight != 0)
                return byWeight;
            var byLeft = table.IdBytes(p.Left).SequenceCompareTo(table.IdBytes(q.Left));
            return byLeft != 0 ? byLeft : table.IdBytes(p.Right).SequenceCompareTo(table.IdBytes(q.Right));
        });
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
            if (Contradiction(table, p.Left, p.Right) is { } reason)
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

    private static bool Holds(PeopleTable table, Scorer scorer, List<int> inA, List<int> inB, float bar)
    {
        double sum = 0;
        foreach (var x in inA)
        {
            foreach (var y in inB)
            {
                if (Contradiction(table, x, y) is not null)
                    return false;
                var pattern = Comparer.Compare(table.Rows[x], table.Rows[y], table.Texts);
                sum += Math.Clamp(scorer.Weight(pattern, table.Rows[x], table.Rows[y]), Low, High);
            }
        }

        return sum / ((double)inA.Count * inB.Count) >= bar;
    }

    private static string? Contradiction(PeopleTable table, int a, int b)
    {
        ref readonly var x = ref table.Rows[a];
        ref readonly var y = ref table.Rows[b];
        if (x.Nhs == 0 && x.Upn == 0 && (x.Birth == 0 || x.Given == 0))
            return null;
        var pattern = Comparer.Compare(x, y, table.Texts);
        var nhs = x.Nhs != 0 && y.Nhs != 0 && RowBuilder.NhsHolds(x.Nhs) && RowBuilder.NhsHolds(y.Nhs);
        var found = Explainer.Contradictions(pattern, nhs);
        return found.Count == 0 ? null : found[0];
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
