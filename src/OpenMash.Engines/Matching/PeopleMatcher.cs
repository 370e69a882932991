using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Matching;

/// <summary>A pair of records that may be one person.</summary>
/// <param name="Left">Number of the first record in its table.</param>
/// <param name="Right">Number of the second record.</param>
/// <param name="Weight">log2 of the odds.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct MatchedPair(int Left, int Right, float Weight)
{
    /// <summary>Probability that the two are one person.</summary>
    public double Probability => Scorer.Probability(Weight);
}

/// <summary>How a table is to be matched.</summary>
public sealed record MatchOptions
{
    /// <summary>Weights to use; learnt from the table itself when null.</summary>
    public MatchModel? Model { get; init; }

    /// <summary>Smallest probability of a pair that is kept.</summary>
    public double Keep { get; init; } = 0.01;

    /// <summary>Probability from which two records are taken for one person in clusters.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Threads to use; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told what is being done.</summary>
    public IProgress<string>? Progress { get; init; }
}

/// <summary>What matching a table came to.</summary>
public sealed class MatchResult
{
    /// <summary>The weights used, learnt or given.</summary>
    public required MatchModel Model { get; init; }

    /// <summary>Pairs kept, in order of the first and then the second record.</summary>
    public required IReadOnlyList<MatchedPair> Pairs { get; init; }

    /// <summary>For each record the first record of its cluster.</summary>
    public required IReadOnlyList<int> Clusters { get; init; }

    /// <summary>Pairs held apart although their weight would join them, with what contradicts.</summary>
    public required IReadOnlyList<HeldApart> HeldApart { get; init; }

    /// <summary>Pairs compared.</summary>
    public required long Compared { get; init; }

    /// <summary>Seconds of the clock and of all processors by stage, in order.</summary>
    public required IReadOnlyList<(string Stage, double Seconds, double CpuSeconds)> Timings { get; init; }

    /// <summary>The blocking rules used: name, largest block taken, pairs held. Empty when all pairs were compared.</summary>
    public required IReadOnlyList<(string Rule, int LargestBlock, long Pairs)> Rules { get; init; }
}

/// <summary>A pair that a person has to decide.</summary>
/// <param name="Left">Number of the first record.</param>
/// <param name="Right">Number of the second record.</param>
/// <param name="Weight">log2 of the odds before the contradiction is looked at.</param>
/// <param name="Reason">What contradicts, in plain words.</param>
public sealed record HeldApart(int Left, int Right, float Weight, string Reason);

/// <summary>Finds which records of a table are one person.</summary>
public static class PeopleMatcher
{
    /// <summary>Learns (unless a model is given), compares, weighs and clusters. The same table gives the same result on any number of threads.</summary>
    public static MatchResult Match(PeopleTable table, MatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new MatchOptions();
        var timings = new List<(string, double, double)>();
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        void Lap(string stage)
        {
            var used = Environment.CpuUsage.TotalTime;
            timings.Add((stage, clock.Elapsed.TotalSeconds, (used - cpu).TotalSeconds));
            cpu = used;
            clock.Restart();
        }

        if (table.Count < 2 || (table.Linking && (table.FirstFile == 0 || table.FirstFile == table.Count)))
        {
            return new MatchResult
            {
                Model = options.Model ?? MatchModel.Default(),
                Pairs = [],
                Clusters = [.. Enumerable.Range(0, table.Count)],
                HeldApart = [],
                Compared = 0,
                Timings = [],
                Rules = [],
            };
        }

        options.Progress?.Report("Choosing which records to compare");
        var blocking = new Blocking(table, options.Threads);
        Lap("block");
        Scorer scorer;
        if (options.Model is null)
        {
            options.Progress?.Report("Learning the weights");
            scorer = new Trainer(table, blocking, options.Threads).Train(options.Progress is null ? null : options.Progress.Report);
        }
        else
        {
            scorer = Trainer.FromModel(table, blocking, options.Model);
        }

        Lap("learn");
        options.Progress?.Report("Comparing");
        var floor = (float)Math.Log2(options.Keep / (1 - options.Keep));
        var parts = blocking.Visit(
            options.Threads,
            () => new Part(),
            (own, a, b) =>
            {
                own.Compared++;
                ref readonly var x = ref table.Rows[a];
                ref readonly var y = ref table.Rows[b];
                var weight = scorer.Weight(Comparer.Compare(x, y, table.Texts), x, y);
                if (weight >= floor)
                    own.Pairs.Add(a < b ? new MatchedPair(a, b, weight) : new MatchedPair(b, a, weight));
            });
        var pairs = new List<MatchedPair>(parts.Sum(p => p.Pairs.Count));
        long compared = 0;
        foreach (var part in parts)
        {
            pairs.AddRange(part.Pairs);
            compared += part.Compared;
        }

        Lap("compare");
        options.Progress?.Report("Clustering");
        // The probability of a pair must not depend on where the user draws the line: its support always comes from clusters at one half.
        var (clusters, held) = Clusterer.Cluster(table, scorer, pairs, 0.5);
        var supported = Clusterer.Support(table, scorer, pairs, clusters, floor, options.Threads);
        if (options.Threshold is < 0.5 or > 0.5)
            (clusters, held) = Clusterer.Cluster(table, scorer, pairs, options.Threshold);
        pairs = supported;
        pairs = Sorted(pairs);
        Lap("cluster");
        return new MatchResult
        {
            Model = scorer.Model,
            Pairs = pairs,
            Clusters = clusters,
            HeldApart = held,
            Compared = compared,
            Timings = timings,
            Rules = [.. blocking.Rules.Select(r => (BlockKeys.Names[r.Rule], r.Cap, r.Pairs))],
        };
    }

    private static List<MatchedPair> Sorted(List<MatchedPair> pairs)
    {
        var keys = new ulong[pairs.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = ((ulong)(uint)pairs[i].Left << 32) | (uint)pairs[i].Right;
        var items = pairs.ToArray();
        Array.Sort(keys, items);
        return [.. items];
    }

    private sealed class Part
    {
        public List<MatchedPair> Pairs { get; } = [];

        public long Compared { get; set; }
    }
}
