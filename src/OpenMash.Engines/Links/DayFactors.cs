using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Links;

/// <summary>
/// How much likelier than usual an onset is on a day in a school (or in a year group), seen from the onsets of the others there. The factor of a day is taken to
/// come from a mixture of gamma laws with mean 1: most days are ordinary (a narrow law), few are waves, late buses or registers not taken (wide ones). The
/// weights of the laws are fitted to the borough's own counts, so that a quiet borough is believed to be quiet and a restless one to be restless.
/// </summary>
internal sealed class DayFactors
{
    /// <summary>Counts at or above this are all treated as a wave.</summary>
    public const int MostSeen = 48;

    private const int BinsAnOctave = 8;
    private const int LeastExponent = -12;
    private const int Octaves = 24;
    private const int Bins = BinsAnOctave * Octaves;
    private const int Rounds = 40;

    // Shape parameters of the gamma laws: 1/shape is the variance of the day's factor.
    private static readonly double[] LawShapes = [64, 16, 4, 1, 0.25];

    // Believed of every borough before its counts are seen, in cells: no law is ever ruled out.
    private static readonly double[] Before = [60, 60, 60, 60, 60];

    private readonly float[] _table = new float[Bins * MostSeen];

    /// <summary>Fits the weights by expectation and maximisation.</summary>
    /// <param name="seen">How many cells have each expectation (by <see cref="Bin"/>) and count: [bin * MostSeen + count].</param>
    public DayFactors(long[] seen)
    {
        var laws = LawShapes.Length;
        var chance = new double[Bins * MostSeen * laws];
        for (var bin = 0; bin < Bins; bin++)
        {
            var expected = Centre(bin);
            for (var j = 0; j < laws; j++)
            {
                var shape = LawShapes[j];
                var p = Math.Pow(shape / (shape + expected), shape);
                for (var n = 0; n < MostSeen; n++)
                {
                    chance[(((bin * MostSeen) + n) * laws) + j] = Math.Max(p, 1e-300);
                    p *= (n + shape) / (n + 1) * (expected / (expected + shape));
                }
            }
        }

        var weight = new double[laws];
        Array.Fill(weight, 1.0 / laws);
        var share = new double[laws];
        for (var round = 0; round < Rounds; round++)
        {
            Before.CopyTo(share, 0);
            for (var at = 0; at < seen.Length; at++)
            {
                if (seen[at] == 0) continue;
                var sum = 0.0;
                for (var j = 0; j < laws; j++) sum += weight[j] * chance[(at * laws) + j];
                for (var j = 0; j < laws; j++) share[j] += seen[at] * weight[j] * chance[(at * laws) + j] / sum;
            }

            var total = share.Sum();
            for (var j = 0; j < laws; j++) weight[j] = share[j] / total;
        }

        Weights = weight;
        for (var bin = 0; bin < Bins; bin++)
        {
            var expected = Centre(bin);
            for (var n = 0; n < MostSeen; n++)
            {
                var (sum, mean) = (0.0, 0.0);
                for (var j = 0; j < laws; j++)
                {
                    var w = weight[j] * chance[(((bin * MostSeen) + n) * laws) + j];
                    sum += w;
                    mean += w * (n + LawShapes[j]) / (expected + LawShapes[j]);
                }

                _table[(bin * MostSeen) + n] = (float)(mean / sum);
            }
        }
    }

    /// <summary>Size of the table of cells seen.</summary>
    public static int Cells => Bins * MostSeen;

    /// <summary>The fitted weights, narrowest law first.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>The bin of an expectation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bin(double expected)
    {
        // Exponent and three bits of the mantissa.
        var bits = (int)(BitConverter.DoubleToInt64Bits(expected) >> 49) - ((1023 + LeastExponent) * BinsAnOctave);
        return Math.Clamp(bits, 0, Bins - 1);
    }

    /// <summary>The factor to expect of a day on which <paramref name="others"/> onsets were seen where <paramref name="expected"/> would be usual.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Factor(int others, double expected)
    {
        if (others < MostSeen) return _table[(Bin(expected) * MostSeen) + Math.Max(0, others)];
        return (others + LawShapes[^1]) / (expected + LawShapes[^1]);
    }

    private static double Centre(int bin) => Math.ScaleB(1 + (((bin % BinsAnOctave) + 0.5) / BinsAnOctave), (bin / BinsAnOctave) + LeastExponent);
}
