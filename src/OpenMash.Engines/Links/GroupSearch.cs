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
    private const float NearBar = 7;
    private const int SeedsAPerson = 5;
    private const int TriedASeed = 24;

    // Of a child with very many occasions only the most surprising are taken in twos; above this many places the twos share places.
    private const int MostOccasions = 48;
    private const int MostPlaces = 1 << 22;
    private const int TakenLess = 4;

    // Across schools two must have met in three twos, which is on three occasions.
    private const byte FarMeetings = 3;
    private const int Screened = 6;
    private const int MostHolders = 60;
    private const double WorthAll = -12;
    private const double Standing = 0;
    private const int FirstWave = 128;

    // An occasion on which the child was as good as expected to be away says nothing and is not counted among pairs.
    private const float LeastNlp = 1.6f;

    private readonly LinkModel _model;
    private readonly SearchPenalty _penalty;
    private readonly float[] _slotConstant;
    private readonly float _farBar;

    // Slot lists of those who may belong, and only of incidents that say something.
    private int[] _neighbourStart = [];
    private int[] _neighbour = [];
    private float[] _neighbourEvidence = [];
    private int[] _listStart = [];
    private int[] _listPerson = [];
    private float[] _listNlp = [];

    // Everybody by the occasions they have in twos: [_twoStart[t], _twoStart[t + 1]) for each two of occasions. People stand there by rank, school after school.
    private int[] _twoStart = [];
    private int[] _twoRank = [];
    private readonly int[] _rank;
    private readonly int[] _byRank;
    private readonly int[] _schoolEnd;

    public GroupSearch(LinkModel model, SearchPenalty penalty)
    {
        _model = model;
        _penalty = penalty;

        // The bar across schools rises with the borough, so that a child has about as many surprising partners in any.
        _farBar = Math.Max(6.5f, (float)(10.5 + Math.Log(Math.Max(1, model.People) / 30_000.0)));

        // What one shared occasion adds to a pair beyond the two children's own improbability: the log of how often groups act.
        _slotConstant = new float[model.Slots];
        var perDay = (float)Math.Log(Math.Min(0.3, 12.0 / Math.Max(30, model.Days.Length)));
        var perNight = (float)Math.Log(Math.Min(0.3, 4.0 / Math.Max(30, model.Nights)));
        for (var s = 0; s < model.Slots; s++) _slotConstant[s] = s < model.AbsenceSlots ? perDay : perNight;
        _byRank = new int[model.People];
        _rank = new int[model.People];
        var schools = model.Data.SchoolNames.Count;
        _schoolEnd = new int[schools + 1];
        foreach (var school in model.School) _schoolEnd[school + 1]++;
        for (var s = 0; s < schools; s++) _schoolEnd[s + 1] += _schoolEnd[s];
        for (var i = 0; i < model.People; i++)
        {
            _rank[i] = _schoolEnd[model.School[i]]++;
            _byRank[_rank[i]] = i;
        }

        BuildLists();
    }

    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Seed(int A, int B, float Score, float Evidence);

    public int SeedPairs { get; private set; }

    /// <summary>The most surprising pairs, each with the third child who goes best with it, best first. With <paramref name="touching"/>, only pairs with one of those people.</summary>
    public List<int[]> Starts(int most, IReadOnlyCollection<int>? touching = null)
    {
        var order = touching is null ? null : touching.Order().ToArray();
        var count = order?.Length ?? _model.People;
        const int Block = 1024;
        var blocks = (count + Block - 1) / Block;
        var found = new List<Seed>[blocks];
        BuildTwos();
        Parallel.For(0, blocks, () => new Meetings(_model.People), (b, _, met) =>
        {
            var seeds = new List<Seed>();
            for (var x = b * Block; x < Math.Min(count, (b + 1) * Block); x++)
            {
                var i = order is null ? x : order[x];
                if (_penalty.MayBelong(i)) Partners(i, order is null, met, seeds);
            }

            found[b] = seeds;
            return met;
        }, _ => { });
        (_twoStart, _twoRank) = ([], []);
        var all = new List<Seed>();
        foreach (var part in found) all.AddRange(part);
        SeedPairs = all.Count;
        BuildNeighbours(all);
        var bar = Worth(all, most * TriedASeed);
        var triples = new List<int[]>[blocks];
        Parallel.For(0, blocks, () => new float[_model.People], (b, _, mine) =>
        {
            triples[b] = Triples(found[b], bar, mine);
            return mine;
        }, _ => { });
        var seen = new HashSet<(int, int, int)>();
        var starts = new List<int[]>();
        foreach (var part in triples)
        {
            foreach (var members in part)
            {
                if (seen.Add((members[0], members[1], members.Length > 2 ? members[2] : -1))) starts.Add(members);
            }
        }

        var ranks = new double[starts.Count];
        const int Share = 256;
        Parallel.For(0, (starts.Count + Share - 1) / Share, () => new Growth(this), (b, _, growth) =>
        {
            for (var k = b * Share; k < Math.Min(starts.Count, (b + 1) * Share); k++) ranks[k] = -growth.Score(starts[k]);
            return growth;
        }, _ => { });
        var ranked = Enumerable.Range(0, starts.Count).ToArray();
        Array.Sort(ranks, ranked);
        var taken = new byte[_model.People];
        var kept = new List<int[]>(most);
        foreach (var at in ranked)
        {
            if (kept.Count >= most) break;
            var members = starts[at];
            if (members.All(m => taken[m] >= SeedsAPerson)) continue;
            foreach (var m in members) taken[m]++;
            kept.Add(members);
        }

        return kept;
    }

    // The score of the pair that stands at the place given, best first; anything when there are fewer.
    private static float Worth(List<Seed> all, int place)
    {
        if (all.Count <= place) return float.NegativeInfinity;
        var scores = new float[all.Count];
        for (var k = 0; k < scores.Length; k++) scores[k] = all[k].Score;
        Array.Sort(scores);
        return scores[scores.Length - place];
    }

    // A pair is worth as much as it is with the third child who goes best with both: a group shows in its triangles before it shows in its pairs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private List<int[]> Triples(List<Seed> pairs, float bar, float[] mine)
    {
        var starts = new List<int[]>();
        var marked = -1;
        Span<int> two = stackalloc int[2];
        foreach (var pair in pairs)
        {
            if (pair.Score < bar) continue;
            if (marked != pair.A)
            {
                if (marked >= 0) Mark(marked, mine, clear: true);
                Mark(pair.A, mine, clear: false);
                marked = pair.A;
            }

            (two[0], two[1]) = (pair.A, pair.B);
            var best = 0f;
            var third = -1;
            for (var k = _neighbourStart[pair.B]; k < _neighbourStart[pair.B + 1]; k++)
            {
                var other = _neighbour[k];
                var gain = mine[other];
                if (gain == 0) continue;
                gain += _neighbourEvidence[k];
                if (gain <= best) continue;
                gain -= (float)_penalty.Price(two, other);
                if (gain <= best) continue;
                best = gain;
                third = other;
            }

            int[] members = third < 0 ? [pair.A, pair.B] : [pair.A, pair.B, third];
            Array.Sort(members);
            starts.Add(members);
        }

        if (marked >= 0) Mark(marked, mine, clear: true);
        return starts;
    }

    private void Mark(int person, float[] mine, bool clear)
    {
        for (var k = _neighbourStart[person]; k < _neighbourStart[person + 1]; k++) mine[_neighbour[k]] = clear ? 0 : _neighbourEvidence[k];
    }

    // Everybody's surprising partners, for growing.
    private void BuildNeighbours(List<Seed> all)
    {
        _neighbourStart = new int[_model.People + 1];
        foreach (var s in all)
        {
            _neighbourStart[s.A + 1]++;
            _neighbourStart[s.B + 1]++;
        }

        for (var i = 0; i < _model.People; i++) _neighbourStart[i + 1] += _neighbourStart[i];
        _neighbour = new int[all.Count * 2];
        _neighbourEvidence = new float[all.Count * 2];
        var next = _neighbourStart[..^1].ToArray();
        foreach (var s in all)
        {
            _neighbour[next[s.A]] = s.B;
            _neighbourEvidence[next[s.A]++] = s.Evidence;
            _neighbour[next[s.B]] = s.A;
            _neighbourEvidence[next[s.B]++] = s.Evidence;
        }
    }

    /// <summary>Grows every start; others may be given to be weighed as they are. The outcome is ordered by score and does not depend on the number of threads.</summary>
    public List<CandidateSet> Grow(IReadOnlyList<int[]> starts, int mostMembers = 14, IReadOnlyList<int[]>? asTheyAre = null)
    {
        const int Block = 16;
        var grown = new CandidateSet?[starts.Count];
        var standing = new Dictionary<int, List<int[]>>();

        // In waves, each twice as long as what came before: a start that lies within a group which already stands would only find it again.
        for (var (from, to) = (0, Math.Min(starts.Count, FirstWave)); from < starts.Count; (from, to) = (to, Math.Min(starts.Count, to * 2)))
        {
            var first = from;
            var last = to;
            Parallel.For(0, (last - first + Block - 1) / Block, () => new Growth(this), (b, _, growth) =>
            {
                for (var k = first + (b * Block); k < Math.Min(last, first + ((b + 1) * Block)); k++)
                {
                    if (!Stands(starts[k])) grown[k] = growth.Run(starts[k], mostMembers);
                }

                return growth;
            }, _ => { });
            for (var k = first; k < last; k++)
            {
                if (grown[k] is not { Score: > Standing } set) continue;
                foreach (var person in set.Members)
                {
                    if (!standing.TryGetValue(person, out var sets)) standing[person] = sets = [];
                    sets.Add(set.Members);
                }
            }
        }

        bool Stands(int[] start) => standing.TryGetValue(start[0], out var sets) && sets.Exists(set => Array.TrueForAll(start, p => Array.BinarySearch(set, p) >= 0));
        var kept = new CandidateSet[asTheyAre?.Count ?? 0];
        Parallel.For(0, (kept.Length + Block - 1) / Block, () => new Growth(this), (b, _, growth) =>
        {
            for (var k = b * Block; k < Math.Min(kept.Length, (b + 1) * Block); k++)
            {
                var members = asTheyAre![k];
                var score = growth.Score(members);
                kept[k] = new CandidateSet(members, score - _penalty.LogWeight(members), score);
            }

            return growth;
        }, _ => { });
        var unique = new Dictionary<string, CandidateSet>(StringComparer.Ordinal);
        foreach (var set in kept) unique.TryAdd(set.Key, set);
        foreach (var set in grown)
        {
            if (set is not null) unique.TryAdd(set.Key, set);
        }

        var found = unique.Values.ToList();
        found.Sort((a, b) =>
        {
            var c = b.Score.CompareTo(a.Score);
            return c == 0 ? string.CompareOrdinal(a.Key, b.Key) : c;
        });
        return found;
    }

    private void BuildLists()
    {
        var model = _model;
        _listStart = new int[model.Slots + 1];
        for (var i = 0; i < model.People; i++)
        {
            if (!_penalty.MayBelong(i)) continue;
            for (var k = model.PersonStart[i]; k < model.PersonStart[i + 1]; k++)
            {
                if (model.IncidentNlp[k] >= LeastNlp) _listStart[model.IncidentSlot[k] + 1]++;
            }
        }

        for (var s = 0; s < model.Slots; s++) _listStart[s + 1] += _listStart[s];
        _listPerson = new int[_listStart[model.Slots]];
        _listNlp = new float[_listStart[model.Slots]];
        var next = _listStart[..^1].ToArray();
        for (var i = 0; i < model.People; i++)
        {
            var may = _penalty.MayBelong(i);
            for (var k = model.PersonStart[i]; k < model.PersonStart[i + 1]; k++)
            {
                if (!may || model.IncidentNlp[k] < LeastNlp) continue;
                var at = next[model.IncidentSlot[k]]++;
                _listPerson[at] = i;
                _listNlp[at] = model.IncidentNlp[k];
            }
        }
    }

    // Two children who have nothing but one day in common are no start. Lists of those who share two occasions are short where those who share one are long, so
    // that the work grows with the number of children nearly in proportion.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BuildTwos()
    {
        var model = _model;
        var places = (int)Math.Min(MostPlaces, (long)model.Slots * (model.Slots - 1) / 2);
        _twoStart = new int[places + 2];
        var starts = _twoStart;
        var chosen = new int[MostOccasions];
        foreach (var i in _byRank)
        {
            if (!_penalty.MayBelong(i)) continue;
            var n = Choose(i, chosen);
            for (var y = 1; y < n; y++)
            {
                var row = Row(chosen[y]);
                for (var x = 0; x < y; x++) starts[Place(row, chosen[x], places) + 2]++;
            }
        }

        for (var t = 0; t < places; t++) starts[t + 2] += starts[t + 1];
        _twoRank = new int[starts[places + 1]];
        for (var rank = 0; rank < _byRank.Length; rank++)
        {
            if (!_penalty.MayBelong(_byRank[rank])) continue;
            var n = Choose(_byRank[rank], chosen);
            for (var y = 1; y < n; y++)
            {
                var row = Row(chosen[y]);
                for (var x = 0; x < y; x++) _twoRank[starts[Place(row, chosen[x], places) + 1]++] = rank;
            }
        }
    }

    private static long Row(int slot) => (long)slot * (slot - 1) / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Place(long row, int slot, int places)
    {
        var place = row + slot;
        return (int)(place < places ? place : place % places);
    }

    // The child's occasions that say something, in order.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Choose(int i, int[] chosen)
    {
        var model = _model;
        var (from, to) = (model.PersonStart[i], model.PersonStart[i + 1]);
        var bar = LeastNlp;
        if (to - from > MostOccasions)
        {
            var all = model.IncidentNlp.AsSpan(from, to - from).ToArray();
            Array.Sort(all);
            bar = Math.Max(bar, all[^MostOccasions]);
        }

        var n = 0;
        for (var k = from; k < to && n < MostOccasions; k++)
        {
            if (model.IncidentNlp[k] >= bar) chosen[n++] = model.IncidentSlot[k];
        }

        // The occasions on which most others were away too bring the longest lists and the least news: a quarter of them goes.
        for (var drop = n / TakenLess; drop > 0; drop--)
        {
            var longest = 0;
            for (var x = 1; x < n; x++)
            {
                if (ListLength(chosen[x]) > ListLength(chosen[longest])) longest = x;
            }

            chosen.AsSpan(longest + 1, n - longest - 1).CopyTo(chosen.AsSpan(longest));
            n--;
        }

        return n;

        int ListLength(int slot) => _listStart[slot + 1] - _listStart[slot];
    }

    // Counts in how many twos the child meets others, then weighs those met often enough. Two passes over the lists: the second reads the counts and clears them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Partners(int i, bool laterOnly, Meetings met, List<Seed> seeds)
    {
        var model = _model;
        var rank = _rank[i];
        var places = _twoStart.Length - 2;
        var chosen = met.Chosen;
        var n = Choose(i, chosen);
        ref var counts = ref MemoryMarshal.GetArrayDataReference(met.Counts);
        ref var ranks = ref MemoryMarshal.GetArrayDataReference(_twoRank);
        var last = laterOnly ? rank : -1;
        for (var y = 1; y < n; y++)
        {
            var row = Row(chosen[y]);
            for (var x = 0; x < y; x++)
            {
                var place = Place(row, chosen[x], places);
                for (var k = _twoStart[place + 1] - 1; k >= _twoStart[place]; k--)
                {
                    var other = Unsafe.Add(ref ranks, k);
                    if (other <= last) break;
                    ref var count = ref Unsafe.Add(ref counts, other);
                    count = (byte)Math.Min(count + 1, FarMeetings);
                }
            }
        }

        var (schoolFrom, schoolTo) = (model.School[i] == 0 ? 0 : _schoolEnd[model.School[i] - 1], _schoolEnd[model.School[i]]);
        met.Found.Clear();
        for (var y = 1; y < n; y++)
        {
            var row = Row(chosen[y]);
            for (var x = 0; x < y; x++)
            {
                var place = Place(row, chosen[x], places);
                for (var k = _twoStart[place + 1] - 1; k >= _twoStart[place]; k--)
                {
                    var other = Unsafe.Add(ref ranks, k);
                    if (other <= last) break;
                    ref var count = ref Unsafe.Add(ref counts, other);
                    if (count >= FarMeetings || (count > 0 && other < schoolTo && other >= schoolFrom)) met.Found.Add(_byRank[other]);
                    count = 0;
                }
            }
        }

        for (var k = model.ThingsStart[i]; k < model.ThingsStart[i + 1]; k++)
        {
            var thing = model.Things[k];
            var (from, to) = (model.HoldersStart[thing], model.HoldersStart[thing + 1]);
            if (to - from > MostHolders) continue;
            var w = (float)Math.Max(0, -Math.Log(Math.Max(model.ThingChance[k], (to - from - 1.0) / model.KindMentions[model.Data.ThingKind[thing]])) - 2);
            for (var x = from; x < to; x++)
            {
                if (_rank[model.Holders[x]] > last) met.Things[model.Holders[x]] = met.Things.GetValueOrDefault(model.Holders[x]) + w;
            }
        }

        foreach (var j in met.Found)
        {
            if (met.Things.Count == 0 || !met.Things.Remove(j, out var things)) things = 0;
            Weigh(j, things);
        }

        foreach (var (j, w) in met.Things) Weigh(j, w);
        met.Things.Clear();

        void Weigh(int j, float value)
        {
            if (j == i) return;
            value += Shared(i, j);
            if (value < NearBar || (value < _farBar && model.School[i] != model.School[j]) || model.Data.Known(i, j)) return;
            Span<int> one = [i];
            seeds.Add(new Seed(Math.Min(i, j), Math.Max(i, j), (float)(value - _penalty.Price(one, j)), value));
        }
    }

    // What the occasions say that two have in common.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Shared(int i, int j)
    {
        var model = _model;
        var (x, y) = (model.PersonStart[i], model.PersonStart[j]);
        var (xEnd, yEnd) = (model.PersonStart[i + 1], model.PersonStart[j + 1]);
        var sum = 0f;
        while (x < xEnd && y < yEnd)
        {
            var (s, t) = (model.IncidentSlot[x], model.IncidentSlot[y]);
            if (s == t && model.IncidentNlp[x] >= LeastNlp && model.IncidentNlp[y] >= LeastNlp) sum += Math.Max(0, model.IncidentNlp[x] + model.IncidentNlp[y] + _slotConstant[s]);
            if (s <= t) x++;
            if (t <= s) y++;
        }

        return sum;
    }

    // One thread's counts over everybody.
    private sealed class Meetings(int people)
    {
        public byte[] Counts { get; } = new byte[people];

        public List<int> Found { get; } = [];

        public Dictionary<int, float> Things { get; } = [];

        public int[] Chosen { get; } = new int[MostOccasions];
    }

    /// <summary>One thread's tools for growing.</summary>
    internal sealed class Growth
    {
        private readonly GroupSearch _search;
        private readonly LinkModel _model;
        private readonly SearchPenalty _penalty;
        private readonly float[] _slotConstant;
        private readonly GroupEvidence _evidence;
        private readonly float[] _gain;
        private readonly byte[] _slotCount;
        private readonly float[] _slotNlp;
        private readonly List<int> _slots = [];
        private int[] _touched = new int[4096];

        public Growth(GroupSearch search)
        {
            _search = search;
            _model = search._model;
            _penalty = search._penalty;
            _slotConstant = search._slotConstant;
            _evidence = new GroupEvidence(_model);
            _gain = new float[_model.People];
            _slotCount = new byte[_model.Slots];
            _slotNlp = new float[_model.Slots];
        }

        public GroupEvidence Evidence => _evidence;

        public double Score(ReadOnlySpan<int> members) => _evidence.Evaluate(members) + _penalty.LogWeight(members);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public CandidateSet Run(int[] start, int mostMembers)
        {
            var members = new int[GroupEvidence.MostMembers];
            start.CopyTo(members, 0);
            var count = start.Length;
            var score = Score(members.AsSpan(0, count));
            if (_search._neighbour.Length > 0) Extend(members, ref count, ref score, mostMembers, everybody: false);

            // Only what is near to standing is tried against everybody.
            if (score > WorthAll || _search._neighbour.Length == 0) Extend(members, ref count, ref score, mostMembers, everybody: true);
            Prune(members, ref count, ref score);
            var final = members.AsSpan(0, count).ToArray();
            Array.Sort(final);
            score = Score(final);
            return new CandidateSet(final, score - _penalty.LogWeight(final), score);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Extend(int[] best, ref int bestCount, ref double bestScore, int mostMembers, bool everybody)
        {
            Span<int> members = stackalloc int[GroupEvidence.MostMembers];
            best.CopyTo(members);
            var m = bestCount;
            var score = bestScore;
            Span<int> candidates = stackalloc int[Screened];
            while (m < Math.Min(mostMembers, GroupEvidence.MostMembers - 1))
            {
                var n = everybody ? Screen(members[..m], candidates) : Partners(members[..m], candidates);
                var top = double.NegativeInfinity;
                var who = -1;
                for (var c = 0; c < n; c++)
                {
                    members[m] = candidates[c];
                    var s = Score(members[..(m + 1)]);
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
                    members.CopyTo(best);
                }
                else if (m > bestCount + 2)
                {
                    break;
                }
            }
        }

        // The members' own surprising partners, by the sum of what they share with each.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Partners(ReadOnlySpan<int> members, Span<int> candidates)
        {
            var search = _search;
            var touched = 0;
            foreach (var person in members)
            {
                for (var k = search._neighbourStart[person]; k < search._neighbourStart[person + 1]; k++)
                {
                    var j = search._neighbour[k];
                    if (_gain[j] == 0) Touch(j, ref touched);
                    _gain[j] += search._neighbourEvidence[k];
                }
            }

            return Best(members, candidates, touched);
        }

        private void Touch(int person, ref int touched)
        {
            if (touched == _touched.Length) Array.Resize(ref _touched, touched * 2);
            _touched[touched++] = person;
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
                for (var x = _search._listStart[slot]; x < _search._listStart[slot + 1]; x++)
                {
                    var w = weight * (_search._listNlp[x] + add);
                    if (w <= 0) continue;
                    var j = _search._listPerson[x];
                    if (_gain[j] == 0) Touch(j, ref touched);
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
                        if (_gain[j] == 0) Touch(j, ref touched);
                        _gain[j] += w;
                    }
                }
            }

            return Best(members, candidates, touched);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Best(ReadOnlySpan<int> members, Span<int> candidates, int touched)
        {
            foreach (var person in members) _gain[person] = -1;
            Span<float> values = stackalloc float[candidates.Length];
            values.Fill(float.NegativeInfinity);
            var least = (float)_penalty.LeastPrice;
            var n = 0;
            for (var t = 0; t < touched; t++)
            {
                var j = _touched[t];
                var gain = _gain[j];
                _gain[j] = 0;
                if (gain < 3 || (n == candidates.Length && gain - least <= values[n - 1])) continue;
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
