using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>
/// Learns the weights from a table without being told any truth. Shares among strangers (u) come from pairs taken at random, less the matches expected
/// among them; shares among one person's records (m) by expectation-maximisation over counts of agreement patterns of a sample of the blocked pairs. A
/// comparison learns its m only from pairs that some rule brought together without using it, so that blocking does not flatter it. The third class,
/// different people of one household, is learnt beside.
/// </summary>
internal sealed class Trainer
{
    private const double RandomStrength = 3;
    private const double MatchStrength = 20;
    private const double HouseholdStrength = 300;

    // Which comparisons each blocking rule uses, by rule number: bits of Levels.
    private static readonly int[] Uses = BuildUses();

    private readonly PeopleTable _table;
    private readonly Blocking _blocking;
    private readonly int _threads;
    private readonly MatchModel _model = MatchModel.Default();
    private readonly MatchModel _prior = MatchModel.Default();
    private readonly double[] _randomCounts = new double[Levels.Count * 16];
    private readonly long[] _sampledBySlot = new long[Blocking.Slots];
    private double _rate;
    private Action<string>? _report;

    /// <summary>From this many records on, time counts for more than the last tenth of a per cent of recall.</summary>
    private const int LargeFile = 200_000;

    private const double IdleShare = 900;

    public Trainer(PeopleTable table, Blocking blocking, int threads)
    {
        _table = table;
        _blocking = blocking;
        _threads = threads;
    }

    public double MatchShare { get; private set; }

    public double HouseholdShare { get; private set; }

    public double RecordsPerPerson { get; private set; } = 1;

    public double ExpectedMatches => MatchShare * _blocking.TotalPairs;

    public Scorer Train(Action<string>? say = null)
    {
        _report = say;
        var n = _table.Count;
        // A record may have a partner in every other record of a small file, never more.
        MatchShare = Math.Min(_prior.MatchesPerRecord * n / 2 / _blocking.TotalPairs, 0.05);
        HouseholdShare = Math.Min(_prior.HouseholdPerRecord * n / 2 / _blocking.TotalPairs, 0.05);
        CountRandom();
        SetU();
        var scorer = MakeScorer();
        var pairs = Sample(scorer);
        say?.Invoke($"{pairs.Count:N0} sampled pairs to learn from");
        for (var round = 0; round < (n < LargeFile ? 3 : 2); round++)
        {
            var patterns = Group(pairs, scorer);
            say?.Invoke($"{patterns.Count:N0} patterns of agreement, round {round + 1}");
            for (var i = 0; i < 12; i++)
            {
                var before = MatchShare;
                Step(patterns);
                if (Math.Abs(MatchShare - before) < before * 1e-4)
                    break;
            }

            RecordsPerPerson = 1 + (2 * ExpectedMatches / n);
            SetU();
            scorer = MakeScorer();
        }

        if (_table.Count >= LargeFile)
            DropIdleRules(pairs, scorer);
        _model.Source = "Learnt from the file itself.";
        _model.Records = n;
        _model.MatchesPerRecord = Math.Max(2 * ExpectedMatches / n, 1e-9);
        _model.HouseholdPerRecord = 2 * HouseholdShare * _blocking.TotalPairs / n;
        return scorer;
    }

    /// <summary>
    /// Of a large file the wide rules whose sampled blocks held next to no new match are left out of the full run: below one expected match in
    /// <see cref="IdleShare"/> pairs.
    /// </summary>
    private void DropIdleRules(List<Sampled> pairs, Scorer scorer)
    {
        var matches = new double[Blocking.Slots];
        foreach (var (a, b, pattern) in pairs)
        {
            var weight = scorer.Weight(pattern, _table.Rows[a], _table.Rows[b]);
            matches[System.Numerics.BitOperations.TrailingZeroCount(_blocking.SharedSlots(a, b))] += Scorer.Probability(weight);
        }

        for (var slot = 0; slot < _blocking.Rules.Count; slot++)
        {
            _report?.Invoke($"{BlockKeys.Names[_blocking.Rules[slot].Rule]}: {_sampledBySlot[slot]} pairs, {matches[slot]:F1} matches");
            if (matches[slot] * IdleShare < _sampledBySlot[slot])
                _blocking.Close(slot);
        }
    }

    /// <summary>A scorer with given weights, the priors taken from the model.</summary>
    public static Scorer FromModel(PeopleTable table, Blocking blocking, MatchModel model)
    {
        var n = table.Count;
        var match = Math.Min(model.MatchesPerRecord * n / 2 / blocking.TotalPairs, 0.5);
        var household = Math.Min(model.HouseholdPerRecord * n / 2 / blocking.TotalPairs, 0.5);
        return new Scorer(model, table.Texts, table.Counts, match, household, 1 + model.MatchesPerRecord);
    }

    private Scorer MakeScorer() => new(_model, _table.Texts, _table.Counts, MatchShare, HouseholdShare, RecordsPerPerson);

    private void CountRandom()
    {
        var n = _table.Count;
        var wanted = Math.Clamp(40 * (n / 10), 200_000, 1_000_000);
        if (n >= LargeFile)
            wanted = 200_000;
        const int parts = 32;
        var counts = new long[parts][];
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = _threads }, part =>
        {
            var own = new long[Levels.Count * 16];
            var seed = 0x5DEECE66DUL + ((ulong)part << 32);
            for (var i = 0; i < wanted / parts; i++)
            {
                int a, b;
                if (_table.Linking)
                {
                    a = (int)(Next(ref seed) % (ulong)_table.FirstFile);
                    b = _table.FirstFile + (int)(Next(ref seed) % (ulong)(n - _table.FirstFile));
                }
                else
                {
                    a = (int)(Next(ref seed) % (ulong)n);
                    b = (int)(Next(ref seed) % (ulong)(n - 1));
                    if (b >= a)
                        b++;
                }

                var pattern = Comparer.Compare(_table.Rows[a], _table.Rows[b], _table.Texts);
                for (var c = 0; c < Levels.Count; c++)
                    own[(c * 16) + Levels.Get(pattern, c)]++;
            }

            counts[part] = own;
        });
        foreach (var own in counts)
        {
            for (var i = 0; i < own.Length; i++)
                _randomCounts[i] += own[i];
        }

        // A million draws from a small file know no more than its records do.
        var worth = Math.Min(1, Math.Min(_blocking.TotalPairs, 50.0 * n) / wanted);
        for (var i = 0; i < _randomCounts.Length; i++)
            _randomCounts[i] *= worth;
    }

    private static ulong Next(ref ulong seed)
    {
        seed += 0x9E3779B97F4A7C15UL;
        var z = seed;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private void SetU()
    {
        for (var c = 0; c < Levels.Count; c++)
        {
            var levels = _model.Comparisons[c].Levels;
            var prior = _prior.Comparisons[c].Levels;
            foreach (var group in levels.Select((l, i) => (l, i)).GroupBy(x => x.l.Group))
            {
                double known = 0;
                foreach (var (_, i) in group)
                    known += _randomCounts[(c * 16) + i + 1];
                double sum = 0;
                foreach (var (l, i) in group)
                {
                    var seen = _randomCounts[(c * 16) + i + 1];
                    var others = Math.Max(seen - (known * MatchShare * l.M) - (known * HouseholdShare * l.H), 0);
                    l.U = (others + RandomStrength) / (known + (RandomStrength / prior[i].U));
                    sum += l.U;
                }

                foreach (var (l, _) in group)
                    l.U /= sum;
            }
        }
    }

    private List<Sampled> Sample(Scorer scorer)
    {
        var most = _table.Count < LargeFile ? 2_000_000 : 300_000;
        _rate = Math.Min(1, most / Math.Max(_blocking.PlannedPairs, 1.0));
        var found = _blocking.Visit(_threads, () => new SamplePart(), (own, a, b) =>
        {
            if (!_blocking.ComparesAll)
                own.BySlot[System.Numerics.BitOperations.TrailingZeroCount(_blocking.SharedSlots(a, b))]++;
            var pattern = Comparer.Compare(_table.Rows[a], _table.Rows[b], _table.Texts);
            if (scorer.Weight(pattern, _table.Rows[a], _table.Rows[b]) > -22)
                own.Pairs.Add(new Sampled(a, b, pattern | ((ulong)Allowed(a, b) << 52)));
        }, _rate);
        var all = new List<Sampled>(found.Sum(f => f.Pairs.Count));
        foreach (var own in found)
        {
            all.AddRange(own.Pairs);
            for (var slot = 0; slot < Blocking.Slots; slot++)
                _sampledBySlot[slot] += own.BySlot[slot];
        }

        return all;
    }

    private List<Pattern> Group(List<Sampled> pairs, Scorer scorer)
    {
        const int parts = 32;
        var fine = _table.Count < LargeFile ? 2f : 1f;
        var grouped = new Dictionary<(ulong, short, short), int>[parts];
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = _threads }, part =>
        {
            var own = new Dictionary<(ulong, short, short), int>();
            var from = (int)((long)pairs.Count * part / parts);
            var to = (int)((long)pairs.Count * (part + 1) / parts);
            for (var i = from; i < to; i++)
            {
                var (a, b, pattern) = pairs[i];
                var (m, h) = scorer.Frequencies(pattern, _table.Rows[a], _table.Rows[b]);
                var key = (pattern, (short)(MathF.Round(m * fine) * (2 / fine)), (short)(MathF.Round(h * fine) * (2 / fine)));
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(own, key, out _)++;
            }

            grouped[part] = own;
        });
        var sum = new Dictionary<(ulong, short, short), int>();
        foreach (var own in grouped)
        {
            foreach (var (key, count) in own)
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sum, key, out _) += count;
        }

        return [.. sum.Select(p => new Pattern(p.Key.Item1, p.Key.Item2 / 2f, p.Key.Item3 / 2f, p.Value)).OrderBy(p => p.Levels).ThenBy(p => p.M).ThenBy(p => p.H)];
    }

    /// <summary>Bits of the first eleven comparisons that some rule of the pair did not use.</summary>
    private int Allowed(int a, int b)
    {
        if (_blocking.ComparesAll)
            return 0xFFF;
        var allowed = 0;
        var slots = _blocking.SharedSlots(a, b);
        for (var slot = 0; slot < _blocking.Rules.Count; slot++)
        {
            if ((slots >> slot & 1) != 0)
                allowed |= ~Uses[_blocking.Rules[slot].Rule];
        }

        return allowed & 0xFFF;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(List<Pattern> patterns)
    {
        var m = new double[Levels.Count * 16];
        var h = new double[Levels.Count * 16];
        var logM = new double[Levels.Count * 16];
        var logH = new double[Levels.Count * 16];
        for (var c = 0; c < Levels.Count; c++)
        {
            var levels = _model.Comparisons[c].Levels;
            for (var l = 0; l < levels.Count; l++)
            {
                logM[(c * 16) + l + 1] = Math.Log2(levels[l].M / levels[l].U);
                logH[(c * 16) + l + 1] = Math.Log2(levels[l].H / levels[l].U);
            }
        }

        double matches = 0, households = 0;
        var priorM = Math.Log2(MatchShare);
        var priorH = Math.Log2(HouseholdShare);
        foreach (var p in patterns)
        {
            double lm = priorM + p.M, lh = priorH + p.H;
            for (var c = 0; c < Levels.Count; c++)
            {
                var at = (c * 16) + Levels.Get(p.Levels, c);
                lm += logM[at];
                lh += logH[at];
            }

            var om = Math.Pow(2, Math.Min(lm, 200));
            var oh = Math.Pow(2, Math.Min(lh, 200));
            var pm = om / (1 + om + oh);
            var ph = oh / (1 + om + oh);
            matches += pm * p.Count;
            households += ph * p.Count;
            for (var c = 0; c < Levels.Count; c++)
            {
                var level = Levels.Get(p.Levels, c);
                if (level == 0)
                    continue;
                var allowed = c >= 12 || c == Levels.Sex || (p.Levels >> (52 + c) & 1) != 0;
                if (allowed)
                    m[(c * 16) + level] += pm * p.Count;
                h[(c * 16) + level] += ph * p.Count;
            }
        }

        MatchShare = Math.Max((matches / _rate) + 1, 1) / _blocking.TotalPairs;
        HouseholdShare = Math.Max(households / _rate, 1) / _blocking.TotalPairs;
        for (var c = 0; c < Levels.Count; c++)
        {
            Maximise(c, m, (_, prior) => prior.M, (l, v) => l.M = v, MatchStrength);
            if (c is Levels.Nhs or Levels.Upn or Levels.Other or Levels.Sex)
                continue;
            Maximise(c, h, (_, prior) => prior.H, (l, v) => l.H = v, HouseholdStrength);
            // A class of people who share given name and birthday would be the matches by another name.
            if (c is Levels.Given)
                Bound(c, 0.06);
            else if (c is Levels.Birth)
                Bound(c, 0.04);
        }
    }

    private void Maximise(int c, double[] counts, Func<MatchLevel, MatchLevel, double> priorOf, Action<MatchLevel, double> set, double strength)
    {
        var levels = _model.Comparisons[c].Levels;
        var prior = _prior.Comparisons[c].Levels;
        foreach (var group in levels.Select((l, i) => (l, i)).GroupBy(x => x.l.Group))
        {
            double sum = 0, priorSum = 0;
            foreach (var (l, i) in group)
            {
                sum += counts[(c * 16) + i + 1];
                priorSum += priorOf(l, prior[i]);
            }

            foreach (var (l, i) in group)
                set(l, Math.Max((counts[(c * 16) + i + 1] + (strength * priorOf(l, prior[i]) / priorSum)) / (sum + strength), 1e-12));
        }
    }

    /// <summary>
    /// Holds what a household may share of names and birthdays to what siblings, twins and namesakes in one home come to, near agreement included: what
    /// is over goes to the levels of disagreement.
    /// </summary>
    private void Bound(int c, double most)
    {
        var levels = _model.Comparisons[c].Levels;
        var prior = _prior.Comparisons[c].Levels;
        double agree = 0, disagree = 0;
        for (var i = 0; i < levels.Count; i++)
        {
            if (prior[i].M <= prior[i].U)
            {
                disagree += levels[i].H;
                continue;
            }

            levels[i].H = Math.Min(levels[i].H, i == 0 ? most : Math.Max(prior[i].H, 2 * levels[i].U));
            agree += levels[i].H;
        }

        for (var i = 0; i < levels.Count; i++)
        {
            if (prior[i].M <= prior[i].U)
                levels[i].H *= (1 - agree) / disagree;
        }
    }

    private sealed class SamplePart
    {
        public List<Sampled> Pairs { get; } = [];

        public long[] BySlot { get; } = new long[Blocking.Slots];
    }

    private static int[] BuildUses()
    {
        static int Bits(params int[] c) => c.Aggregate(0, (x, y) => x | 1 << y);
        const int g = Levels.Given, f = Levels.Family, b = Levels.Birth, home = Levels.Home;
        return
        [
            Bits(Levels.Nhs), Bits(Levels.Upn), Bits(Levels.Other), Bits(Levels.Email), Bits(Levels.Phone),
            Bits(b, f), Bits(b, g), Bits(g, f, b), Bits(home, g), Bits(home), Bits(home, b), Bits(g, f, b), Bits(g, f), Bits(f, home),
            Bits(b, f), Bits(b, f), Bits(b), Bits(home, f), Bits(home), Bits(f), Bits(b, g), Bits(g, home, Levels.BirthPlace), Bits(g, b, home, Levels.BirthPlace),
        ];
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)]
    private readonly record struct Sampled(int A, int B, ulong Pattern);

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)]
    private readonly record struct Pattern(ulong Levels, float M, float H, int Count);
}
