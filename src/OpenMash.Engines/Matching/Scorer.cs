using System.Numerics;
using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>
/// Weighs a pattern of levels. The weight in bits is log2 of the odds that two records are one person:
/// lm * prod(m/u) / (1 + lh * prod(h/u)), where lm and lh are the shares of pairs that are one person, or one household, before anything is compared.
/// The frequency of a shared value replaces the average u where a level says so.
/// </summary>
internal sealed class Scorer
{
    private readonly float[] _m = new float[Levels.Count * 16];
    private readonly float[] _h = new float[Levels.Count * 16];
    private readonly float[] _u = new float[Levels.Count * 16];
    private readonly byte[] _frequency = new byte[Levels.Count * 16];
    private readonly TextTable _texts;
    private readonly Counts _counts;

    private const byte One = 1, SlipRule = 2, Exchange = 3, Single = 4;

    public Scorer(MatchModel model, TextTable texts, Counts counts, double priorMatch, double priorHousehold, double recordsPerPerson)
    {
        Model = model;
        _texts = texts;
        _counts = counts;
        PriorMatch = (float)Math.Log2(priorMatch);
        PriorHousehold = (float)Math.Log2(Math.Max(priorHousehold, 1e-30));
        RecordsPerPerson = (float)recordsPerPerson;
        for (var c = 0; c < Levels.Count; c++)
        {
            var levels = model.Comparisons[c].Levels;
            for (var l = 0; l < levels.Count; l++)
            {
                var level = levels[l];
                var at = (c * 16) + l + 1;
                _m[at] = (float)Math.Log2(level.M / level.U);
                _h[at] = (float)Math.Log2(level.H / level.U);
                _u[at] = (float)level.U;
                _frequency[at] = level.Frequency switch
                {
                    "one" or "town" => One,
                    "slip" or "townSlip" => SlipRule,
                    "exchange" => Exchange,
                    "family" => Single,
                    _ => 0,
                };
            }
        }
    }

    public MatchModel Model { get; }

    /// <summary>log2 of the share of pairs that are one person.</summary>
    public float PriorMatch { get; }

    public float PriorHousehold { get; }

    public float RecordsPerPerson { get; }

    public TextTable Texts => _texts;

    /// <summary>The same weights over a table that lies above the one this scorer was made with.</summary>
    public Scorer Over(TextTable texts, double priorMatch, double priorHousehold) =>
        new(this, texts, (float)Math.Log2(priorMatch), (float)Math.Log2(Math.Max(priorHousehold, 1e-30)));

    private Scorer(Scorer other, TextTable texts, float priorMatch, float priorHousehold)
    {
        (_m, _h, _u, _frequency, _counts) = (other._m, other._h, other._u, other._frequency, other._counts);
        _texts = texts;
        Model = other.Model;
        (PriorMatch, PriorHousehold, RecordsPerPerson) = (priorMatch, priorHousehold, other.RecordsPerPerson);
    }

    /// <summary>Final weight in bits of single rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Weight(ulong pattern, in PersonRow a, in PersonRow b)
    {
        float m = 0, h = 0;
        pattern &= (1UL << (Levels.Count * 4)) - 1;
        while (pattern != 0)
        {
            var c = BitOperations.TrailingZeroCount(pattern) / 4;
            Add(c, (int)(pattern >> (c * 4)) & 15, a, b, ref m, ref h);
            pattern &= ~(15UL << (c * 4));
        }

        return Combine(m, h);
    }

    /// <summary>The bits that the frequency of shared values adds, for a match and for a household.</summary>
    public (float M, float H) Frequencies(ulong pattern, in PersonRow a, in PersonRow b)
    {
        float m = 0, h = 0;
        for (var c = 0; c < Levels.Count; c++)
        {
            var at = (c * 16) + Levels.Get(pattern, c);
            if (_frequency[at] == 0)
                continue;
            var tf = Frequency(c, at, a, b);
            m += tf;
            if (c is Levels.Family or Levels.Home or Levels.BirthPlace)
                h += tf;
        }

        return (m, h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Combine(float m, float h) => PriorMatch + m - Household(h);

    /// <summary>True when two people of one household explain the pair at least a fiftieth as well as one person does.</summary>
    public bool HouseholdRivals(ulong pattern, in PersonRow a, in PersonRow b)
    {
        float m = 0, h = 0;
        for (var c = 0; c < Levels.Count; c++)
        {
            var level = Levels.Get(pattern, c);
            if (level != 0)
                Add(c, level, a, b, ref m, ref h);
        }

        return PriorHousehold + h >= PriorMatch + m - 5.64f;
    }

    /// <summary>Bits taken off because people of one household share what agrees.</summary>
    public float Household(float h)
    {
        var x = PriorHousehold + h;
        return x < -12 ? 0 : x > 24 ? x : MathF.Log2(1 + MathF.Pow(2, x));
    }

    public static double Probability(double weight) => weight > 60 ? 1 : weight < -60 ? 0 : 1 / (1 + Math.Pow(2, -weight));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int c, int level, in PersonRow a, in PersonRow b, ref float m, ref float h)
    {
        var at = (c * 16) + level;
        var tf = _frequency[at] == 0 ? 0 : Frequency(c, at, a, b);
        m += _m[at] + tf;
        // What a household shares, it shares whatever its rarity; what its members do not share, strangers' rarity says nothing about.
        h += _h[at] + (c is Levels.Family or Levels.Home or Levels.BirthPlace ? tf : 0);
    }

    /// <summary>Bits by which the shared value is rarer (above 0) or commoner (below 0) than the average that u stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Frequency(int c, int at, in PersonRow a, in PersonRow b)
    {
        var u = _u[at];
        switch (_frequency[at])
        {
            case One:
                if (c == Levels.Birth)
                    return Math.Clamp(MathF.Log2(u / _counts.BirthShare(a.Birth, u, RecordsPerPerson)), -8, 3);
                var id = c switch
                {
                    Levels.Given => a.Given,
                    Levels.Middle => a.Middle,
                    Levels.Family => a.Family,
                    Levels.Home => a.Town,
                    Levels.BirthPlace => a.BirthPlace,
                    _ => a.Occupation,
                };
                return Math.Clamp(MathF.Log2(u / Share(c, id, u)), -9, 9);
            case SlipRule:
                var (x, y) = c switch { Levels.Given => (a.Given, b.Given), Levels.Family => (a.Family, b.Family), _ => (a.Town, b.Town) };
                var sx = _counts.Of(_texts, c, x);
                var sy = _counts.Of(_texts, c, y);
                var more = Math.Max(sx, sy);
                var less = Math.Max(Math.Min(sx, sy) - RecordsPerPerson, 0);
                var n = Math.Max(_counts.Total(c), 1);
                // A slip from a name that many bear says little; nor does one that ends at a name in its own right (Smith, Smyth).
                var share = (Math.Max(more - RecordsPerPerson, 0) + (0.5f * RecordsPerPerson * _counts.Unseen(n)) + (30 * less) + (_counts.Strength * u)) / (n + _counts.Strength);
                return Math.Clamp(MathF.Log2(u / share), -5, 5);
            case Exchange:
                var g = Share(Levels.Given, a.Given, 0.006f) + Share(Levels.Family, a.Given, 0.0001f);
                var f = Share(Levels.Given, a.Family, 0.0002f) + Share(Levels.Family, a.Family, 0.0012f);
                return Math.Clamp(MathF.Log2(u / (g * f)), -6, 3);
            case Single:
                var name = a.Family == 0 ? a.Given : b.Family == 0 ? b.Given : a.Given == 0 ? a.Family : b.Family;
                return Math.Clamp(MathF.Log2(u / (Share(Levels.Given, name, 0.002f) + Share(Levels.Family, name, 0.0012f))), -6, 6);
            default:
                return 0;
        }
    }

    private float Share(int c, int id, float average) => _counts.Share(_texts, c, id, average, RecordsPerPerson);

    /// <summary>Weighs people of several rows: for each comparison the pair of rows that speaks most for a match. Returns the final weight; fills
    /// <c>bits</c> (thirteen places) with the bits of each comparison.</summary>
    public float Evaluate(ReadOnlySpan<PersonRow> a, ReadOnlySpan<PersonRow> b, Span<float> bits, out ulong pattern, out float household)
    {
        bits.Clear();
        float m = 0, h = 0;
        if (a.Length == 1 && b.Length == 1)
        {
            pattern = Comparer.Compare(a[0], b[0], _texts);
            for (var c = 0; c < Levels.Count; c++)
            {
                var level = Levels.Get(pattern, c);
                if (level == 0)
                    continue;
                var before = m;
                Add(c, level, a[0], b[0], ref m, ref h);
                bits[c] = m - before;
            }
        }
        else
        {
            pattern = EvaluateMany(a, b, bits, ref m, ref h);
        }

        household = Household(h);
        return PriorMatch + m - household;
    }

    private ulong EvaluateMany(ReadOnlySpan<PersonRow> a, ReadOnlySpan<PersonRow> b, Span<float> bits, ref float m, ref float h)
    {
        Span<float> best = stackalloc float[Levels.Count];
        Span<float> bestH = stackalloc float[Levels.Count];
        Span<byte> level = stackalloc byte[Levels.Count];
        Span<float> one = stackalloc float[3];
        Span<float> oneH = stackalloc float[3];
        var bestName = float.NegativeInfinity;
        foreach (ref readonly var x in a)
        {
            foreach (ref readonly var y in b)
            {
                var p = Comparer.Compare(x, y, _texts);
                float nameM = 0;
                one.Clear();
                oneH.Clear();
                for (var c = 0; c < 3; c++)
                {
                    var l = Levels.Get(p, c);
                    if (l == 0)
                        continue;
                    float bm = 0, bh = 0;
                    Add(c, l, x, y, ref bm, ref bh);
                    (one[c], oneH[c]) = (bm, bh);
                    nameM += bm;
                }

                if ((p & 0xFFF) != 0 && nameM > bestName)
                {
                    bestName = nameM;
                    for (var c = 0; c < 3; c++)
                        (best[c], bestH[c], level[c]) = (one[c], oneH[c], (byte)Levels.Get(p, c));
                }

                for (var c = 3; c < Levels.Count; c++)
                {
                    var l = Levels.Get(p, c);
                    if (l == 0 || c == Levels.Sex)
                        continue;
                    float bm = 0, bh = 0;
                    Add(c, l, x, y, ref bm, ref bh);
                    if (level[c] == 0 || bm > best[c])
                        (best[c], bestH[c], level[c]) = (bm, bh, (byte)l);
                }
            }
        }

        ulong pattern = 0;
        for (var c = 0; c < Levels.Count; c++)
            pattern |= (ulong)level[c] << (c * 4);
        pattern = Comparer.WithSex(pattern, a[0].Sex, b[0].Sex);
        var sex = Levels.Get(pattern, Levels.Sex);
        if (sex != 0)
            (best[Levels.Sex], bestH[Levels.Sex]) = (_m[(Levels.Sex * 16) + sex], _h[(Levels.Sex * 16) + sex]);
        for (var c = 0; c < Levels.Count; c++)
        {
            bits[c] = best[c];
            m += best[c];
            h += bestH[c];
        }

        return pattern;
    }
}
