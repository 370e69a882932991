namespace OpenMash.Engines.Links;

/// <summary>
/// Splits a network of accepted associations into communities by modularity (Newman and Girvan 2004), found by local moving on ever coarser networks
/// (Blondel and others 2008) with a final round of single moves, from several fixed orders, the best kept. People who share events are joined by how rare the
/// events are. It describes a network; it tests nothing: whether a group is more than chance is the business of <see cref="LinksEngine"/>.
/// </summary>
public static class Communities
{
    private const int Orders = 12;

    /// <summary>Communities of a weighted network.</summary>
    /// <param name="nodes">How many nodes, numbered from 0.</param>
    /// <param name="edges">Undirected edges; several between the same two add up; loops are ignored; weights above zero.</param>
    /// <param name="most">At most so many communities: the pair whose joining costs least is joined until it holds. 0 for as many as modularity likes.</param>
    /// <returns>For each node the number of its community, numbered from 0 in order of their least node.</returns>
    /// <exception cref="ArgumentException">An edge names a node outside the network or has a weight that is not above zero.</exception>
    public static int[] Find(int nodes, IReadOnlyCollection<(int A, int B, double Weight)> edges, int most = 0)
    {
        ArgumentNullException.ThrowIfNull(edges);
        var links = new Dictionary<int, double>[nodes];
        for (var i = 0; i < nodes; i++) links[i] = [];
        double total = 0;
        foreach (var (a, b, weight) in edges)
        {
            if ((uint)a >= (uint)nodes || (uint)b >= (uint)nodes) throw new ArgumentException($"An edge names node {Math.Max(a, b)}; there are {nodes}.", nameof(edges));
            if (weight is not > 0) throw new ArgumentException($"The edge between {a} and {b} has weight {weight}; it must be above zero.", nameof(edges));
            if (a == b) continue;
            links[a][b] = links[a].GetValueOrDefault(b) + weight;
            links[b][a] = links[b].GetValueOrDefault(a) + weight;
            total += weight;
        }

        var best = Renumber([.. Enumerable.Range(0, nodes)]);
        if (total == 0) return best;
        var bestQ = double.NegativeInfinity;
        for (var order = 0; order < Orders; order++)
        {
            var found = Coarsen(links, total, order);
            var q = Modularity(links, total, found);
            if (q > bestQ + 1e-12)
            {
                bestQ = q;
                best = found;
            }
        }

        if (most > 0) best = Join(links, total, best, most);
        return Renumber(best);
    }

    /// <summary>Communities of people by the events (things, days) they share: each shared event joins two people by the log of how rare it is.</summary>
    /// <param name="people">How many people.</param>
    /// <param name="memberships">Who was at what; repeated rows count once.</param>
    /// <param name="most">As in <see cref="Find"/>.</param>
    public static int[] FindByShared(int people, IEnumerable<(int Person, int Event)> memberships, int most = 0)
    {
        ArgumentNullException.ThrowIfNull(memberships);
        var edges = new Dictionary<(int, int), double>();
        foreach (var e in memberships.Distinct().GroupBy(m => m.Event).OrderBy(g => g.Key))
        {
            var there = e.Select(m => m.Person).Order().ToArray();
            var weight = Math.Log(people / (double)there.Length);
            if (weight <= 0) continue;
            for (var i = 0; i < there.Length; i++)
            {
                for (var j = i + 1; j < there.Length; j++) edges[(there[i], there[j])] = edges.GetValueOrDefault((there[i], there[j])) + weight;
            }
        }

        return Find(people, [.. edges.Select(e => (e.Key.Item1, e.Key.Item2, e.Value))], most);
    }

    /// <summary>Modularity of a division, between -1 and 1.</summary>
    public static double Modularity(int nodes, IReadOnlyCollection<(int A, int B, double Weight)> edges, IReadOnlyList<int> communities)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentNullException.ThrowIfNull(communities);
        var inside = new Dictionary<int, double>();
        var degree = new Dictionary<int, double>();
        double total = 0;
        foreach (var (a, b, weight) in edges)
        {
            if (a == b) continue;
            total += weight;
            degree[communities[a]] = degree.GetValueOrDefault(communities[a]) + weight;
            degree[communities[b]] = degree.GetValueOrDefault(communities[b]) + weight;
            if (communities[a] == communities[b]) inside[communities[a]] = inside.GetValueOrDefault(communities[a]) + weight;
        }

        if (total == 0 || nodes == 0) return 0;
        return degree.Sum(d => (inside.GetValueOrDefault(d.Key) / total) - Math.Pow(d.Value / (2 * total), 2));
    }

    private static int[] Coarsen(Dictionary<int, double>[] links, double total, int order)
    {
        var membership = Enumerable.Range(0, links.Length).ToArray();
        var level = links;
        var loops = new double[links.Length];
        while (true)
        {
            var found = Renumber(Move(level, loops, total, [.. Enumerable.Range(0, level.Length)], order));
            var count = found.Length == 0 ? 0 : found.Max() + 1;
            for (var i = 0; i < membership.Length; i++) membership[i] = found[membership[i]];
            if (count == level.Length) break;
            var next = new Dictionary<int, double>[count];
            var nextLoops = new double[count];
            for (var c = 0; c < count; c++) next[c] = [];
            for (var i = 0; i < level.Length; i++)
            {
                nextLoops[found[i]] += loops[i];
                foreach (var (j, w) in level[i])
                {
                    if (found[i] == found[j]) nextLoops[found[i]] += w / 2;
                    else next[found[i]][found[j]] = next[found[i]].GetValueOrDefault(found[j]) + w;
                }
            }

            level = next;
            loops = nextLoops;
        }

        return Move(links, new double[links.Length], total, membership, order);
    }

    private static int[] Move(Dictionary<int, double>[] links, double[] loops, double total, int[] communities, int order)
    {
        var n = links.Length;
        var degree = new double[n];
        var sum = new double[n];
        for (var i = 0; i < n; i++)
        {
            degree[i] = links[i].Values.Sum() + (2 * loops[i]);
            sum[communities[i]] += degree[i];
        }

        var sequence = Enumerable.Range(0, n).OrderBy(i => (((uint)i * 2654435761u) ^ ((uint)order * 40503u * 65537u)) * 2246822519u).ToArray();
        if (order == 0) sequence = [.. Enumerable.Range(0, n)];
        for (var round = 0; round < 100; round++)
        {
            var moved = false;
            foreach (var i in sequence)
            {
                var to = new SortedDictionary<int, double> { [communities[i]] = 0 };
                foreach (var (j, w) in links[i]) to[communities[j]] = to.GetValueOrDefault(communities[j]) + w;
                var own = communities[i];
                sum[own] -= degree[i];
                var best = own;
                var bestGain = to[own] - (degree[i] * sum[own] / (2 * total));
                foreach (var (c, w) in to)
                {
                    var gain = w - (degree[i] * sum[c] / (2 * total));
                    if (gain > bestGain + 1e-12)
                    {
                        bestGain = gain;
                        best = c;
                    }
                }

                sum[best] += degree[i];
                if (best == own) continue;
                communities[i] = best;
                moved = true;
            }

            if (!moved) break;
        }

        return communities;
    }

    private static double Modularity(Dictionary<int, double>[] links, double total, int[] communities)
    {
        var inside = new double[links.Length];
        var degree = new double[links.Length];
        for (var i = 0; i < links.Length; i++)
        {
            foreach (var (j, w) in links[i])
            {
                degree[communities[i]] += w;
                if (communities[i] == communities[j]) inside[communities[i]] += w;
            }
        }

        double q = 0;
        for (var c = 0; c < links.Length; c++) q += (inside[c] / (2 * total)) - Math.Pow(degree[c] / (2 * total), 2);
        return q;
    }

    private static int[] Join(Dictionary<int, double>[] links, double total, int[] communities, int most)
    {
        while (true)
        {
            var present = communities.Distinct().Order().ToArray();
            if (present.Length <= most) return communities;
            int[]? best = null;
            var bestQ = double.NegativeInfinity;
            foreach (var a in present)
            {
                foreach (var b in present)
                {
                    if (b <= a) continue;
                    var joined = communities.Select(c => c == b ? a : c).ToArray();
                    var q = Modularity(links, total, joined);
                    if (q <= bestQ) continue;
                    bestQ = q;
                    best = joined;
                }
            }

            communities = Move(links, new double[links.Length], total, best!, 0);
        }
    }

    private static int[] Renumber(int[] communities)
    {
        var numbers = new Dictionary<int, int>();
        var result = new int[communities.Length];
        for (var i = 0; i < result.Length; i++)
        {
            if (!numbers.TryGetValue(communities[i], out var number)) numbers[communities[i]] = number = numbers.Count;
            result[i] = number;
        }

        return result;
    }
}
