using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Links;

/// <summary>A set of children with its weight: log Bayes factor plus log prior weight.</summary>
internal sealed record CandidateSet(int[] Members, double LogFactor, double Score)
{
    public string Key => string.Join(',', Members);
}

/// <summary>
/// Finds sets worth weighing: pairs whose shared occasions and things are most surprising are seeds; each seed is grown by the child that adds most, then
/// pruned by leaving out each member in turn. The weighing itself (<see cref="GroupEvidence"/>) does not depend on how a set was found.
/// </summary>
internal sealed class GroupSearch
{
    private const float NearBar = 5f;
    private const float FarBar = 9f;
    private const int SeedsAPerson = 5;
    private const int Screened = 6;

    private readonly LinkModel _model;
    private readonly SearchPenalty _penalty;
    private readonly float[] _slotConstant;

    public GroupSearch(LinkModel model, SearchPenalty penalty)
    {
        _model = model;
        _penalty = penalty;

        // What one shared occasion adds to a pair beyond the two children's own improbability: the log of how often groups act.
        _slotConstant = new float[model.Slots];
        var perDay = (float)Math.Log(Math.Min(0.3, 6.0 / Math.Max(30, model.Days.Length)));
        var perNight = (float)Math.Log(Math.Min(0.3, 4.0 / Math.Max(30, model.Nights)));
        for (var s = 0; s < model.Slots; s++) _slotConstant[s] = s < model.AbsenceSlots ? perDay : perNight;
    }

    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Seed(int A, int B, float Score);

    public int SeedPairs { get; private set; }

    /// <summary>The most surprising pairs, best first. With <paramref name="touching"/>, only pairs with one of those people.</summary>
    public List<Seed> Seeds(int most, IReadOnlyCollection<int>? touching = null)
    {
        var order = touching is null ? null : touching.Order().ToArray();
        var count = order?.Length ?? _model.People;
        const int Block = 1024;
        var blocks = (count + Block - 1) / Block;
        var found = new List<Seed>[blocks];
        Parallel.For(0, blocks, () => new PairScratch(_model.People), (b, _, scratch) =>
        {
            var seeds = new List<Seed>();
            for (var x = b * Block; x < Math.Min(count, (b + 1) * Block); x++)
            {
                var i = order is null ? x : order[x];
                if (_penalty.MayBelong(i)) Partners(i, order is null, scratch, seeds);
            }

            found[b] = seeds;
            return scratch;
        }, _ => { });
        var all = new List<Seed>();
        foreach (var part in found) all.AddRange(part);
        SeedPairs = all.Count;
        all.Sort((a, b) =>
        {
            var c = b.Score.CompareTo(a.Score);
            if (c == 0) c = a.A.CompareTo(b.A);
            return c == 0 ? a.B.CompareTo(b.B) : c;
        });
        var taken = new byte[_model.People];
        var kept = new List<Seed>(most);
        foreach (var seed in all)
        {
            if (kept.Count >= most) break;
            if (taken[seed.A] >= SeedsAPerson && taken[seed.B] >= SeedsAPerson) continue;
            taken[seed.A]++;
            taken[seed.B]++;
            kept.Add(seed);
        }

        return kept;
    }

    /// <summary>Grows every seed. The outcome is ordered by score and does not depend on the number of threads.</summary>
    public List<CandidateSet> Grow(IReadOnlyList<int[]> starts, int mostMembers = 14)
    {
        const int Block = 16;
        var blocks = (starts.Count + Block - 1) / Block;
        var grown = new CandidateSet[starts.Count];
        Parallel.For(0, blocks, () => new Growth(_model, _penalty, _slotConstant), (b, _, growth) =>
        {
            for (var k = b * Block; k < Math.Min(starts.Count, (b + 1) * Block); k++) grown[k] = growth.Run(starts[k], mostMembers);
            return growth;
        }, _ => { });
        var unique = new Dictionary<string, CandidateSet>(StringComparer.Ordinal);
        foreach (var set in grown) unique.TryAdd(set.Key, set);
        var sets = unique.Values.ToList();
        sets.Sort((a, b) =>
        {
            var c = b.Score.CompareTo(a.Score);
            return c == 0 ? string.CompareOrdinal(a.Key, b.Key) : c;
        });
        return sets;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Partners(int i, bool laterOnly, PairScratch scratch, List<Seed> seeds)
    {
        var model = _model;
        var sums = scratch.Sums;
        var school = model.School;
        var mySchool = school[i];
        scratch.Count = 0;
        for (var k = model.PersonStart[i]; k < model.PersonStart[i + 1]; k++)
        {
            var slot = model.IncidentSlot[k];
            var gain = model.IncidentNlp[k] + _slotConstant[slot];
            var from = laterOnly ? model.IncidentPosition[k] + 1 : model.SlotStart[slot];
            var to = model.SlotStart[slot + 1];
            var people = model.SlotPerson.AsSpan(from, to - from);
            var nlps = model.SlotNlp.AsSpan(from, to - from);
            for (var x = 0; x < people.Length; x++)
            {
                var w = gain + nlps[x];
                if (w <= 0) continue;
                var j = people[x];
                var before = sums[j];
                var after = before + w;
                sums[j] = after;
                if (after < NearBar) continue;
                if (before < NearBar && school[j] == mySchool) scratch.Add(j);
                else if (before < FarBar && after >= FarBar && school[j] != mySchool) scratch.Add(j);
            }
        }

        for (var k = model.ThingsStart[i]; k < model.ThingsStart[i + 1]; k++)
        {
            var thing = model.Things[k];
            var from = model.HoldersStart[thing];
            var to = model.HoldersStart[thing + 1];
            if (to - from > 60) continue;
            for (var x = from; x < to; x++)
            {
                var j = model.Holders[x];
                if (laterOnly ? j <= i : j == i) continue;
                var w = (float)Math.Max(0, -Math.Log(Math.Max(model.ThingChance[k], (to - from - 1.0) / model.KindMentions[model.Data.ThingKind[thing]])) - 2);
                var before = sums[j];
                var after = before + w;
                sums[j] = after;
                if (after < NearBar) continue;
                if (before < NearBar && school[j] == mySchool) scratch.Add(j);
                else if (before < FarBar && after >= FarBar && school[j] != mySchool) scratch.Add(j);
            }
        }

        for (var c = 0; c < scratch.Count; c++)
        {
            var j = scratch.Found[c];
            if (j == i || model.Data.Known(i, j)) continue;
            Span<int> one = [i];
            var score = (float)(sums[j] - _penalty.Price(one, j));
            if (laterOnly || j > i) seeds.Add(new Seed(i, j, score));
            else seeds.Add(new Seed(j, i, score));
        }

        // Going through the lists again is cheaper than clearing a place for everybody.
        for (var k = model.PersonStart[i]; k < model.PersonStart[i + 1]; k++)
        {
            var from = laterOnly ? model.IncidentPosition[k] + 1 : model.SlotStart[model.IncidentSlot[k]];
            foreach (var j in model.SlotPerson.AsSpan(from, model.SlotStart[model.IncidentSlot[k] + 1] - from)) sums[j] = 0;
        }

        for (var k = model.ThingsStart[i]; k < model.ThingsStart[i + 1]; k++)
        {
            var thing = model.Things[k];
            var from = model.HoldersStart[thing];
            foreach (var j in model.Holders.AsSpan(from, model.HoldersStart[thing + 1] - from)) sums[j] = 0;
        }
    }

    private sealed class PairScratch(int people)
    {
        public readonly float[] Sums = new float[people];
        public int[] Found = new int[256];
        public int Count;

        public void Add(int person)
        {
            if (Count == Found.Length) Array.Resize(ref Found, Count * 2);
            Found[Count++] = person;
        }
    }

    /// <summary>One thread's tools for growing.</summary>
    internal sealed class Growth
    {
        private readonly LinkModel _model;
        private readonly SearchPenalty _penalty;
        private readonly float[] _slotConstant;
        private readonly GroupEvidence _evidence;
        private readonly float[] _gain;
        private readonly byte[] _slotCount;
        private readonly float[] _slotNlp;
        private readonly List<int> _slots = [];
        private int[] _touched = new int[4096];

        public Growth(LinkModel model, SearchPenalty penalty, float[] slotConstant)
        {
            _model = model;
            _penalty = penalty;
            _slotConstant = slotConstant;
            _evidence = new GroupEvidence(model);
            _gain = new float[model.People];
            _slotCount = new byte[model.Slots];
            _slotNlp = new float[model.Slots];
        }

        public GroupEvidence Evidence => _evidence;

        public double Score(ReadOnlySpan<int> members) => _evidence.Evaluate(members) + _penalty.LogWeight(members);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public CandidateSet Run(int[] start, int mostMembers)
        {
            var members = new int[GroupEvidence.MostMembers];
            var best = new int[GroupEvidence.MostMembers];
            start.CopyTo(members, 0);
            var m = start.Length;
            var score = Score(members.AsSpan(0, m));
            var bestScore = score;
            var bestCount = m;
            members.CopyTo(best, 0);
            Span<int> candidates = stackalloc int[Screened];
            while (m < Math.Min(mostMembers, GroupEvidence.MostMembers - 1))
            {
                var n = Screen(members.AsSpan(0, m), candidates);
                var top = double.NegativeInfinity;
                var who = -1;
                for (var c = 0; c < n; c++)
                {
                    members[m] = candidates[c];
                    var s = Score(members.AsSpan(0, m + 1));
                    if (s > top)
                    {
                        top = s;
                        who = candidates[c];
                    }
                }

                // A small group may first have to lose a little before its evidence shows.
                if (who < 0 || top < score - (m <= 3 ? 5 : 1)) break;
                members[m++] = who;
                score = top;
                if (score > bestScore)
                {
                    bestScore = score;
                    bestCount = m;
                    members.CopyTo(best, 0);
                }
                else if (m > bestCount + 2)
                {
                    break;
                }
            }

            Prune(best, ref bestCount, ref bestScore);
            var final = best.AsSpan(0, bestCount).ToArray();
            Array.Sort(final);
            bestScore = Score(final);
            return new CandidateSet(final, bestScore - _penalty.LogWeight(final), bestScore);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Prune(int[] members, ref int count, ref double score)
        {
            Span<int> rest = stackalloc int[GroupEvidence.MostMembers];
            while (count > 2)
            {
                var top = double.NegativeInfinity;
                var worst = -1;
                for (var i = 0; i < count; i++)
                {
                    var n = 0;
                    for (var j = 0; j < count; j++)
                    {
                        if (j != i) rest[n++] = members[j];
                    }

                    var s = Score(rest[..n]);
                    if (s > top)
                    {
                        top = s;
                        worst = i;
                    }
                }

                if (top <= score) return;
                members[worst] = members[--count];
                score = top;
            }
        }

        // Adds up, for everybody, how surprising it is that they were away on the set's occasions or hold its things.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Screen(ReadOnlySpan<int> members, Span<int> candidates)
        {
            var model = _model;
            var m = members.Length;
            _slots.Clear();
            foreach (var person in members)
            {
                for (var k = model.PersonStart[person]; k < model.PersonStart[person + 1]; k++)
                {
                    var slot = model.IncidentSlot[k];
                    if (_slotCount[slot]++ == 0)
                    {
                        _slots.Add(slot);
                        _slotNlp[slot] = 0;
                    }

                    _slotNlp[slot] += model.IncidentNlp[k];
                }
            }

            var touched = 0;
            foreach (var slot in _slots)
            {
                int count = _slotCount[slot];
                _slotCount[slot] = 0;
                if (count < 2 && m > 3) continue;

                // The chance that the occasion is the group's, should the candidate have been away too.
                var log = _slotNlp[slot] + _slotConstant[slot] + 3.5 - (0.5 * (count + 1)) - (0.9 * (m - count));
                var active = 1 / (1 + Math.Exp(-log));
                if (active < 0.1) continue;
                var weight = (float)active;
                var add = (float)(count == 1 ? _slotNlp[slot] + _slotConstant[slot] : -0.5);
                for (var x = model.SlotStart[slot]; x < model.SlotStart[slot + 1]; x++)
                {
                    var w = weight * (model.SlotNlp[x] + add);
                    if (w <= 0) continue;
                    var j = model.SlotPerson[x];
                    if (_gain[j] == 0)
                    {
                        if (touched == _touched.Length) Array.Resize(ref _touched, touched * 2);
                        _touched[touched++] = j;
                    }

                    _gain[j] += w;
                }
            }

            foreach (var person in members)
            {
                for (var k = model.ThingsStart[person]; k < model.ThingsStart[person + 1]; k++)
                {
                    var thing = model.Things[k];
                    var from = model.HoldersStart[thing];
                    var to = model.HoldersStart[thing + 1];
                    if (to - from > 200) continue;
                    var w = (float)(-Math.Log(model.ThingChance[k]) - 1.5) / m * 1.5f;
                    if (w <= 0) continue;
                    for (var x = from; x < to; x++)
                    {
                        var j = model.Holders[x];
                        if (_gain[j] == 0)
                        {
                            if (touched == _touched.Length) Array.Resize(ref _touched, touched * 2);
                            _touched[touched++] = j;
                        }

                        _gain[j] += w;
                    }
                }
            }

            foreach (var person in members) _gain[person] = -1;
            Span<float> values = stackalloc float[candidates.Length];
            values.Fill(float.NegativeInfinity);
            var n = 0;
            for (var t = 0; t < touched; t++)
            {
                var j = _touched[t];
                var gain = _gain[j];
                _gain[j] = 0;
                if (gain < 3) continue;
                var value = gain - (float)_penalty.Price(members, j);
                if (n == candidates.Length && value <= values[n - 1]) continue;
                if (!_penalty.MayBelong(j)) continue;
                var at = n < candidates.Length ? n++ : n - 1;
                while (at > 0 && (values[at - 1] < value || (values[at - 1] == value && candidates[at - 1] > j)))
                {
                    values[at] = values[at - 1];
                    candidates[at] = candidates[at - 1];
                    at--;
                }

                values[at] = value;
                candidates[at] = j;
            }

            foreach (var person in members) _gain[person] = 0;
            return n;
        }
    }
}
