using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Links;

/// <summary>One occasion or thing that supports a set of children, as the evaluation saw it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Support(int Slot, int Thing, int Count, double LogRatio);

/// <summary>
/// Weighs a set of children: the logarithm of a Bayes factor whose expectation under chance is at most one (an e-value), so that a bar of 1/alpha over the
/// prior weight of the set bounds false claims however many sets are tried. Not safe for use by several threads at once; make one each.
/// </summary>
internal sealed class GroupEvidence
{
    public const int MostMembers = 24;

    // How often a group acts, in days a year, and how many of its members then join: averaged over, not fitted.
    private static readonly double[] Joining = [0.4, 0.65, 0.88];
    private static readonly double[] ActsADay = [3, 10];
    private static readonly double[] ActsANight = [2, 7];
    private const double Slack = 6;
    private const double NoStream = 0.4;
    private const double ThingShared = 0.12;

    private readonly LinkModel _model;
    private readonly byte[] _slotCount;
    private readonly byte[] _slotStarts;
    private readonly float[] _slotNlp;
    private readonly uint[] _slotMask;
    private readonly int[] _touched;
    private readonly byte[] _thingCount;
    private readonly uint[] _thingMask;
    private readonly double[] _logJoin = new double[3];
    private readonly double[] _logStay = new double[3];
    private readonly double[] _streamSlots = new double[LinkModel.Streams];
    private int[] _touchedThings = new int[256];

    public GroupEvidence(LinkModel model)
    {
        _model = model;
        _slotCount = new byte[model.Slots];
        _slotStarts = new byte[model.Slots];
        _slotNlp = new float[model.Slots];
        _slotMask = new uint[model.Slots];
        _touched = new int[model.Slots];
        var things = model.HoldersStart.Length - 1;
        _thingCount = new byte[things];
        _thingMask = new uint[things];
        for (var j = 0; j < 3; j++)
        {
            _logJoin[j] = Math.Log(Joining[j]);
            _logStay[j] = Math.Log(1 - Joining[j]);
        }

        for (var s = 0; s < LinkModel.Shapes; s++) _streamSlots[s] = model.Days.Length;
        _streamSlots[LinkModel.MissingStream] = model.Nights;
    }

    /// <summary>What supported the last set weighed, when asked for.</summary>
    public List<Support> Supports { get; } = [];

    /// <summary>How many occasions, and how many things, of the last set weighed had at least two members and spoke for the set.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>Log Bayes factor of the set. At most <see cref="MostMembers"/> members.</summary>
    public double Evaluate(ReadOnlySpan<int> members, bool withSupports = false) => Evaluate(members, null, null, withSupports);

    /// <summary>The same with other incidents in place of the members' own: for the swap check. Null arrays mean the members' own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Evaluate(ReadOnlySpan<int> members, int[][]? slots, float[][]? nlps, bool withSupports)
    {
        var model = _model;
        var m = members.Length;
        var touched = 0;
        var touchedThings = 0;
        var anyKnown = AnyKnown(members);
        var anySchool = AnySchool(members);
        for (var i = 0; i < m; i++)
        {
            var person = members[i];
            var bit = 1u << i;
            if (slots is not null)
            {
                var own = slots[i];
                var ownNlp = nlps![i];
                for (var k = 0; k < own.Length; k++) Touch(own[k], ownNlp[k], bit, true, ref touched);
            }
            else
            {
                for (var k = model.PersonStart[person]; k < model.PersonStart[person + 1]; k++)
                    Touch(model.IncidentSlot[k], model.IncidentNlp[k], bit, model.IncidentIsStart[k], ref touched);
            }

            for (var k = model.ThingsStart[person]; k < model.ThingsStart[person + 1]; k++)
            {
                var thing = model.Things[k];
                if (_thingCount[thing]++ == 0)
                {
                    if (touchedThings == _touchedThings.Length) Array.Resize(ref _touchedThings, touchedThings * 2);
                    _touchedThings[touchedThings++] = thing;
                    _thingMask[thing] = bit;
                }
                else
                {
                    _thingMask[thing] |= bit;
                }
            }
        }

        // Per way of joining, per stream, two rates of acting: products kept as logs once they grow.
        Span<double> log = stackalloc double[3 * LinkModel.Streams * 2];
        Span<double> product = stackalloc double[3 * LinkModel.Streams * 2];
        Span<double> things = stackalloc double[3];
        Span<float> used = stackalloc float[m * LinkModel.Streams];
        Span<double> rate = stackalloc double[LinkModel.Streams * 2];
        Span<int> coincidences = stackalloc int[LinkModel.Streams];
        log.Clear();
        things.Clear();
        used.Clear();
        coincidences.Clear();
        product.Fill(1);
        for (var s = 0; s < LinkModel.Streams; s++)
        {
            var span = Math.Max(30, _streamSlots[s]);
            var acts = s == LinkModel.MissingStream ? ActsANight : ActsADay;
            rate[s * 2] = Math.Min(0.3, acts[0] / span);
            rate[(s * 2) + 1] = Math.Min(0.3, acts[1] / span);
        }

        Span<double> logAtLeastTwo = stackalloc double[3];
        Span<double> logAnother = stackalloc double[3];
        for (var j = 0; j < 3; j++)
        {
            var stay = Math.Pow(1 - Joining[j], m - 1);
            logAtLeastTwo[j] = Math.Log(1 - (stay * (1 - Joining[j])) - (m * Joining[j] * stay));
            logAnother[j] = Math.Log(1 - stay);
        }

        ActiveCount = 0;
        Span<double> strongest = stackalloc double[4];
        Span<bool> strongestIsNight = stackalloc bool[4];
        strongest.Fill(1);
        strongestIsNight.Clear();
        if (withSupports) Supports.Clear();
        for (var k = 0; k < touched; k++)
        {
            var slot = _touched[k];
            int count = _slotCount[slot];
            double nlp = _slotNlp[slot];
            var mask = _slotMask[slot];
            var starts = _slotStarts[slot];
            _slotCount[slot] = 0;
            _slotStarts[slot] = 0;
            if (count < 2 || starts == 0) continue;
            if (anySchool && slot < model.AbsenceSlots) nlp += SchoolGain(members, mask, slot);
            if (anyKnown)
            {
                (count, nlp) = WithoutKnown(members, mask, slot, slots is null);
                if (count < 2) continue;
            }

            var stream = LinkModel.StreamOf(slot, model.AbsenceSlots);
            var absent = m - BitOperations.PopCount(mask);
            if (stream != LinkModel.MissingStream && absent > 0)
            {
                for (var i = 0; i < m; i++)
                {
                    if ((mask & (1u << i)) == 0 && !model.CouldBe(members[i], slot)) absent--;
                }
            }

            coincidences[stream]++;
            var best = 0.0;
            var middle = 0.0;
            for (var j = 0; j < 3; j++)
            {
                var ratio = Math.Exp(Math.Min(600, nlp + (count * _logJoin[j]) + (absent * _logStay[j]) - logAtLeastTwo[j]));
                for (var r = 0; r < 2; r++)
                {
                    var rho = rate[(stream * 2) + r];
                    var factor = 1 - rho + (rho * ratio);
                    var at = (((j * LinkModel.Streams) + stream) * 2) + r;
                    product[at] *= factor;
                    if (product[at] > 1e200)
                    {
                        log[at] += Math.Log(product[at]);
                        product[at] = 1;
                    }

                    best = Math.Max(best, factor);
                    if (j == 1) middle += factor / 2;
                }
            }

            // The occasion is the group's own with probability 1 - 1/factor; so much of it each child's own number has already paid for.
            if (middle > 4)
            {
                var belongs = (float)(1 - (1 / middle));
                for (var i = 0; i < m; i++)
                {
                    if ((mask & (1u << i)) != 0) used[(i * LinkModel.Streams) + stream] += belongs;
                }
            }

            if (best > 2)
            {
                ActiveCount++;
                var place = 4;
                while (place > 0 && middle > strongest[place - 1]) place--;
                for (var k2 = 3; k2 > place; k2--) (strongest[k2], strongestIsNight[k2]) = (strongest[k2 - 1], strongestIsNight[k2 - 1]);
                if (place < 4) (strongest[place], strongestIsNight[place]) = (middle, stream == LinkModel.MissingStream);
            }

            if (withSupports) Supports.Add(new Support(slot, -1, count, Math.Log(best)));
        }

        var alone = 0;
        for (var k = 0; k < touchedThings; k++)
        {
            var thing = _touchedThings[k];
            int count = _thingCount[thing];
            var mask = _thingMask[thing];
            _thingCount[thing] = 0;
            var nlp = 0.0;
            if (count >= 2) (count, nlp) = ThingSurprise(members, mask, thing);
            if (count < 2)
            {
                alone++;
                continue;
            }

            var best = 0.0;
            var holders = BitOperations.PopCount(mask);
            for (var j = 0; j < 3; j++)
            {
                var ratio = Math.Exp(nlp + ((count - 1) * _logJoin[j]) + ((m - holders) * _logStay[j]) - logAnother[j]);
                var factor = 1 - ThingShared + (ThingShared * ratio);
                things[j] += Math.Log(factor);
                best = Math.Max(best, factor);
            }

            if (best > 2) ActiveCount++;
            if (withSupports) Supports.Add(new Support(-1, thing, count, Math.Log(best)));
        }

        var sum = double.NegativeInfinity;
        for (var j = 0; j < 3; j++)
        {
            var total = 0.0;
            for (var s = 0; s < LinkModel.Streams; s++)
            {
                if (coincidences[s] == 0 && _streamSlots[s] == 0) continue;
                var at = ((j * LinkModel.Streams) + s) * 2;
                var slotsLeft = _streamSlots[s] - coincidences[s];
                var slow = log[at] + Math.Log(product[at]) + (slotsLeft * Math.Log(1 - rate[s * 2]));
                var fast = log[at + 1] + Math.Log(product[at + 1]) + (slotsLeft * Math.Log(1 - rate[(s * 2) + 1]));
                total += LogAdd(Math.Log(NoStream), LogAdd(Math.Log((1 - NoStream) / 2) + slow, Math.Log((1 - NoStream) / 2) + fast));
            }

            if (touchedThings > 0) total += LogAdd(Math.Log(0.5), Math.Log(0.5) + things[j] + (alone * Math.Log(1 - ThingShared)));
            sum = LogAdd(sum, total);
        }

        sum -= Math.Log(3);
        for (var i = 0; i < m; i++)
        {
            for (var s = 0; s < LinkModel.Streams; s++) sum += model.OwnRateGain(members[i], s, (int)used[(i * LinkModel.Streams) + s]);
        }

        // No day counts for much more than the fourth strongest, no night for more than the third: what happened two or three times to many, a late bus or a trip, is no group.
        for (var k = 0; k < 3; k++) sum -= Math.Max(0, Math.Log(strongest[k] / strongest[strongestIsNight[k] ? 2 : 3]) - Slack);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(int slot, float nlp, uint bit, bool start, ref int touched)
    {
        if (_slotCount[slot]++ == 0)
        {
            _touched[touched++] = slot;
            _slotNlp[slot] = nlp;
            _slotMask[slot] = bit;
        }
        else
        {
            _slotNlp[slot] += nlp;
            _slotMask[slot] |= bit;
        }

        if (start) _slotStarts[slot] = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool AnySchool(ReadOnlySpan<int> members)
    {
        for (var i = 0; i < members.Length; i++)
        {
            for (var j = i + 1; j < members.Length; j++)
            {
                if (_model.School[members[i]] == _model.School[members[j]]) return true;
            }
        }

        return false;
    }

    // Each child's chance was reckoned with the other members among the day's absences. Dealt with one after another they count only once they have been dealt with.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SchoolGain(ReadOnlySpan<int> members, uint mask, int slot)
    {
        var gain = 1.0;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var person = members[BitOperations.TrailingZeroCount(rest)];
            var school = _model.School[person];
            var stratum = _model.Stratum[person];
            var (inSchool, inStratum) = (0, 0);
            for (var later = rest; later != 0; later &= later - 1)
            {
                var other = members[BitOperations.TrailingZeroCount(later)];
                if (_model.School[other] != school) continue;
                inSchool++;
                if (_model.Stratum[other] == stratum) inStratum++;
            }

            if (inSchool > 1) gain *= _model.CellFactor(stratum, slot, 1, 1) / _model.CellFactor(stratum, slot, inSchool, inStratum);
        }

        return Math.Log(gain);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool AnyKnown(ReadOnlySpan<int> members)
    {
        for (var i = 0; i < members.Length; i++)
        {
            for (var j = i + 1; j < members.Length; j++)
            {
                if (_model.Data.Known(members[i], members[j])) return true;
            }
        }

        return false;
    }

    // Of brothers and sisters, or children of one home, away together, only the one least surprising counts.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int Count, double Nlp) WithoutKnown(ReadOnlySpan<int> members, uint mask, int slot, bool own)
    {
        var count = 0;
        var sum = 0.0;
        for (var i = 0; i < members.Length; i++)
        {
            if ((mask & (1u << i)) == 0) continue;
            var skip = false;
            for (var j = 0; j < i && !skip; j++) skip = (mask & (1u << j)) != 0 && _model.Data.Known(members[i], members[j]);
            if (skip) continue;
            count++;
            var least = double.MaxValue;
            for (var j = i; j < members.Length; j++)
            {
                if ((mask & (1u << j)) == 0 || (j != i && !_model.Data.Known(members[i], members[j]))) continue;
                least = Math.Min(least, own ? Nlp(members[j], slot) : -Math.Log(_model.Chance(members[j], slot)));
            }

            sum += least;
        }

        return (count, sum);
    }

    private double Nlp(int person, int slot)
    {
        var start = _model.PersonStart[person];
        var at = Array.BinarySearch(_model.IncidentSlot, start, _model.PersonStart[person + 1] - start, slot);
        return at >= 0 ? _model.IncidentNlp[at] : 0;
    }

    // Somebody holds the thing: the holder with most things of the kind counts for nothing, the others for how unlikely they were, each seeing only those dealt with
    // before and the holders outside the set. Of brothers, sisters and children of one home only one counts.
    private (int Count, double Nlp) ThingSurprise(ReadOnlySpan<int> members, uint mask, int thing)
    {
        var model = _model;
        var holders = model.HoldersStart[thing + 1] - model.HoldersStart[thing];
        var mentions = model.KindMentions[model.Data.ThingKind[thing]];
        Span<int> entry = stackalloc int[MostMembers];
        Span<int> who = stackalloc int[MostMembers];
        var count = 0;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var person = members[BitOperations.TrailingZeroCount(rest)];
            var known = false;
            for (var j = 0; j < count && !known; j++) known = model.Data.Known(who[j], person);
            if (known) continue;
            var start = model.ThingsStart[person];
            entry[count] = Array.BinarySearch(model.Things, start, model.ThingsStart[person + 1] - start, thing);
            who[count++] = person;
        }

        if (count < 2) return (count, 0);
        var first = 0;
        for (var i = 1; i < count; i++)
        {
            if (model.ThingCounts[entry[i]].Own > model.ThingCounts[entry[first]].Own) first = i;
        }

        (entry[0], entry[first]) = (entry[first], entry[0]);
        (who[0], who[first]) = (who[first], who[0]);
        var all = BitOperations.PopCount(mask);
        var sum = 0.0;
        for (var i = 1; i < count; i++)
        {
            var leftHere = 0;
            for (var j = i; j < count; j++)
            {
                if (model.School[who[j]] == model.School[who[i]]) leftHere++;
            }

            sum -= Math.Log(model.ChanceOfThing(entry[i], holders, mentions, all - i, leftHere));
        }

        return (count, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double LogAdd(double a, double b)
    {
        if (double.IsNegativeInfinity(a)) return b;
        if (double.IsNegativeInfinity(b)) return a;
        return a > b ? a + Math.Log(1 + Math.Exp(b - a)) : b + Math.Log(1 + Math.Exp(a - b));
    }
}
