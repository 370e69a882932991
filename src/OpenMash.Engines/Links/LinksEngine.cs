using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace OpenMash.Engines.Links;

/// <summary>Settings of a search. The defaults are those whose error rates are measured in the documentation.</summary>
public sealed record LinksOptions
{
    /// <summary>False-discovery bar for groups and for pairs.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>Pairs with a larger q-value are not given. At <see cref="Level"/> unless widened to look at candidates.</summary>
    public double MostQ { get; init; } = 0.05;

    /// <summary>Draws of the swap check of each reported group; 0 turns it off.</summary>
    public int SwapDraws { get; init; } = 99;

    /// <summary>Seed of the swap check, the only use of chance.</summary>
    public ulong ChanceSeed { get; init; } = 20260401;

    /// <summary>The largest set tried, 2 to 20.</summary>
    public int MostMembers { get; init; } = 14;

    /// <summary>How many seed pairs are grown, or 0 for a number by the size of the borough.</summary>
    public int MostSeeds { get; init; }
}

/// <summary>What one kind of evidence says about a pair: how often the two coincided, and how often chance would have had it.</summary>
/// <param name="Kind">absence, missing, or a kind of thing.</param>
/// <param name="Shared">Occasions or things in common.</param>
/// <param name="Expected">The number expected by chance, given both children's own rates, school, year group and day, or the popularity of the things.</param>
public sealed record LinkEvidence(string Kind, int Shared, double Expected);

/// <summary>Two children whom the evidence connects.</summary>
public sealed record PersonLink
{
    /// <summary>The first person's identifier, the lesser in ordinal order.</summary>
    public required string PersonA { get; init; }

    /// <summary>The second person's identifier.</summary>
    public required string PersonB { get; init; }

    /// <summary>Expected share of false links among all those at least as well supported as this one.</summary>
    public required double QValue { get; init; }

    /// <summary>Decimal log of the odds that the pair belongs together, prior included. Larger is stronger.</summary>
    public required double Weight { get; init; }

    /// <summary>The group through which the pair is connected, or null when the two stand alone.</summary>
    public string? GroupId { get; init; }

    /// <summary>One sentence for a reader.</summary>
    public required string Reasons { get; init; }

    /// <summary>The pair's own evidence by kind, only kinds with something in common.</summary>
    public required IReadOnlyList<LinkEvidence> Evidence { get; init; }
}

/// <summary>A member of a group.</summary>
/// <param name="PersonId">The person.</param>
/// <param name="Weight">Decimal log of the odds of belonging, given the others.</param>
public sealed record GroupMember(string PersonId, double Weight);

/// <summary>Three or more children whom the evidence connects.</summary>
public sealed record PersonGroup
{
    /// <summary>Identity, kept from run to run when an earlier result is given.</summary>
    public required string GroupId { get; init; }

    /// <summary>Members in ordinal order.</summary>
    public required IReadOnlyList<GroupMember> Members { get; init; }

    /// <summary>Expected share of false groups among all those at least as well supported.</summary>
    public required double QValue { get; init; }

    /// <summary>Decimal log of the Bayes factor, before the price of searching.</summary>
    public required double Evidence { get; init; }

    /// <summary>Decimal log of the price of searching.</summary>
    public required double SearchPrice { get; init; }

    /// <summary>Share of draws, own rates and the stratum's days kept, in which chance did as well; the smallest value is 1/(draws+1).</summary>
    public required double SwapShare { get; init; }

    /// <summary>Occasions and things that carry the group.</summary>
    public required int Occasions { get; init; }
}

/// <summary>What a search found.</summary>
public sealed record LinksResult
{
    /// <summary>Pairs, strongest first.</summary>
    public required IReadOnlyList<PersonLink> Links { get; init; }

    /// <summary>Groups, strongest first.</summary>
    public required IReadOnlyList<PersonGroup> Groups { get; init; }

    /// <summary>Seconds by stage.</summary>
    public required IReadOnlyDictionary<string, double> Seconds { get; init; }

    /// <summary>Pairs surprising enough to be looked at.</summary>
    public required int SeedPairs { get; init; }

    /// <summary>Onsets of unauthorised absence and nights of being missing weighed.</summary>
    public required int Incidents { get; init; }

    /// <summary>Groups that passed the bar but not the swap check, and were withheld.</summary>
    public required int WithheldBySwapCheck { get; init; }

    /// <summary>Log score of the best set that did not pass, for study of the margin.</summary>
    public double NextScore { get; init; } = double.NegativeInfinity;

    // Numbers of groups that have gone are not given out again.
    internal int LastGroupNumber { get; init; }

    internal IReadOnlyList<int[]> Candidates { get; init; } = [];
}

internal sealed record FoundSet(int[] Members, double[] MemberLogOdds, double LogFactor, double Score, double Q, double SwapShare, int Occasions);

/// <summary>
/// Which children are missing or absent together, and what they share, beyond chance. Every claim is the weighing of a set of children against the chance
/// model by a Bayes factor with expectation at most one under chance, priced for the search, and selected by the e-value form of the Benjamini-Hochberg
/// procedure (Wang and Ramdas 2022). It proposes associations to be judged by a person and labels nobody.
/// </summary>
public static class LinksEngine
{
    /// <summary>Searches the data. Deterministic: the same data and options give the same result on any number of threads.</summary>
    public static LinksResult Find(LinksData data, LinksOptions? options = null, LinksResult? earlier = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new LinksOptions();
        var seconds = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        var model = new LinkModel(data);
        Lap("2 chance model");
        var penalty = new SearchPenalty(model);
        var search = new GroupSearch(model, penalty);
        var most = options.MostSeeds > 0 ? options.MostSeeds : DefaultSeeds(data.PeopleCount);
        var seeds = search.Starts(most);
        Lap("3 pairs");
        var sets = search.Grow(seeds, options.MostMembers);
        Lap("4 groups");
        var result = Select(model, penalty, sets, options, earlier) with { SeedPairs = search.SeedPairs, Incidents = model.IncidentSlot.Length };
        Lap("5 selection");
        return result with { Seconds = seconds };

        void Lap(string stage)
        {
            seconds[stage] = clock.Elapsed.TotalSeconds;
            clock.Restart();
        }
    }

    /// <summary>
    /// Runs a search over a few dozen invented people and throws the result away, so that the code is compiled by the time it is wanted. A command that lives for half a second
    /// calls it on a thread of its own while it reads its files.
    /// </summary>
    public static void Prepare()
    {
        const int Invented = 48;
        const int Group = 4;
        var data = new LinksData();
        for (var i = 0; i < Invented; i++) data.AddPerson(Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)), i % 8 < 6 ? "a" : "b", "9", Encoding.UTF8.GetBytes((i / 2 * 2).ToString(CultureInfo.InvariantCulture)), default);
        data.Register = new Register(Invented);
        var day = new DateOnly(2024, 9, 2).DayNumber;
        for (var d = 0; d < 180; d += d % 7 == 4 ? 3 : 1)
        {
            var page = data.Register.Page(day + d);
            for (var i = 0; i < Invented; i++)
            {
                var away = d % 14 == 1 && i % 2 == 0 && i < 2 * Group ? 3 : ((i * 7) + (d * 13)) % 61 == 0 ? 1 + (d % 3) : 0;
                page[i] = (byte)(((away & 1) * (int)MarkClass.Unauthorised) | ((away >> 1) * (int)MarkClass.Unauthorised << 4));
            }
        }

        for (var i = 0; i < 2 * Group; i += 2)
        {
            data.AddMention(i, data.ThingId("phone", "0"), day);
            for (var n = 0; n < 3; n++) data.Episodes.Add(new Episode(i, ((day + (n * 40)) * 1440L) + 1200, ((day + (n * 40)) * 1440L) + 1500, -1));
        }

        Find(data);
    }

    /// <summary>The occasions and things that carry a group, one line each, strongest first: when or what, how many of the members, and its decimal log ratio.</summary>
    public static IReadOnlyList<string> DescribeGroup(LinksData data, PersonGroup group)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(group);
        var model = new LinkModel(data);
        var evidence = new GroupEvidence(model);
        int[] members = [.. group.Members.Select(m => data.FindPerson(m.PersonId))];
        evidence.Evaluate(members, true);
        return [.. evidence.Supports.OrderByDescending(s => s.LogRatio).ThenBy(s => s.Slot).ThenBy(s => s.Thing).Select(s => string.Create(
            CultureInfo.InvariantCulture,
            $"{(s.Slot >= 0 ? PairReport.SlotText(model, s.Slot) : data.KindNames[data.ThingKind[s.Thing]] + " " + data.ThingValue[s.Thing])}: {s.Count} of {members.Length}, {s.LogRatio / Math.Log(10):0.0}"))];
    }

    /// <summary>How any set of people would be weighed: natural log of the Bayes factor, and of the prior weight (zero or less). For measurement and study.</summary>
    public static IReadOnlyList<(double LogFactor, double LogWeight, int Occasions)> Weigh(LinksData data, IReadOnlyList<IReadOnlyList<string>> sets)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(sets);
        var model = new LinkModel(data);
        var evidence = new GroupEvidence(model);
        var penalty = new SearchPenalty(model);
        var result = new List<(double, double, int)>();
        foreach (var set in sets)
        {
            int[] members = [.. set.Select(data.FindPerson)];
            result.Add((evidence.Evaluate(members), penalty.LogWeight(members), evidence.ActiveCount));
        }

        return result;
    }

    // The e-value bound is not sharp, the less so the larger the borough. This much of the gap is used, in natural logarithms; the documentation gives the error
    // rates that are left.
    private const double CalibrationAtThirtyThousand = 7;
    private const double CalibrationBySize = 0.9;

    // A member was chosen as the best of many: its odds of belonging are taken this much lower when pairs are given their q-values.
    private const double MemberCaution = 1;

    internal static double Calibration(int people) => CalibrationAtThirtyThousand - Math.Max(0, CalibrationBySize * Math.Log(30_000.0 / Math.Max(100, people)));

    internal static int DefaultSeeds(int people) => Math.Clamp(people / 50, 800, 20_000);

    /// <summary>Brings an earlier result up to date: the sets already held and the pairs of the people touched are grown again, all are weighed on the new data.</summary>
    internal static LinksResult Refresh(LinksData data, LinksOptions options, LinksResult earlier, IReadOnlyList<int[]> held, IReadOnlyCollection<int> touched, int seeds)
    {
        var model = new LinkModel(data);
        var penalty = new SearchPenalty(model);
        var search = new GroupSearch(model, penalty);
        var starts = search.Starts(seeds, touched);
        var (near, far) = (touched.ToHashSet(), new List<int[]>());
        foreach (var set in held)
        {
            if (Array.Exists(set, near.Contains)) starts.Add(set);
            else far.Add(set);
        }

        // Sets without anybody touched stay as they are and are only weighed again: the days around them have changed a little.
        var sets = search.Grow(starts, options.MostMembers, far);
        var settled = earlier.Groups
            .Select(g => (Members: g.Members.Select(m => data.FindPerson(m.PersonId)).Order().ToArray(), g.SwapShare))
            .Where(g => !Array.Exists(g.Members, near.Contains))
            .ToDictionary(g => string.Join(',', g.Members), g => g.SwapShare, StringComparer.Ordinal);
        return Select(model, penalty, sets, options, earlier, settled) with { SeedPairs = search.SeedPairs, Incidents = model.IncidentSlot.Length };
    }

    /// <summary>Takes one pair apart.</summary>
    /// <exception cref="LinksInputException">One of the two is not in the data, or both are the same.</exception>
    public static LinkExplanation Explain(LinksData data, string personA, string personB, LinksResult? result = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (a, b) = (data.FindPerson(personA), data.FindPerson(personB));
        if (a < 0) throw new LinksInputException($"person '{personA}' is not in people.");
        if (b < 0) throw new LinksInputException($"person '{personB}' is not in people.");
        if (a == b) throw new LinksInputException("the two people are the same.");
        return PairReport.Explain(new LinkModel(data), a, b, result);
    }

    internal static LinksResult Select(LinkModel model, SearchPenalty penalty, IReadOnlyList<CandidateSet> sets, LinksOptions options, LinksResult? earlier, IReadOnlyDictionary<string, double>? settled = null)
    {
        // One of several versions of the same group is enough: the strongest.
        var accepted = new List<CandidateSet>();
        var byPerson = new Dictionary<int, List<int>>();
        foreach (var set in sets)
        {
            if (set.Score < -12) break;
            if (set.Members.Length == 2 && model.Data.Known(set.Members[0], set.Members[1])) continue;
            var overlap = new Dictionary<int, int>();
            foreach (var person in set.Members)
            {
                if (!byPerson.TryGetValue(person, out var held)) continue;
                foreach (var a in held) overlap[a] = overlap.GetValueOrDefault(a) + 1;
            }

            if (overlap.Values.Any(n => n >= 2)) continue;
            foreach (var person in set.Members)
            {
                if (!byPerson.TryGetValue(person, out var held)) byPerson[person] = held = [];
                held.Add(accepted.Count);
            }

            accepted.Add(set);
        }


        // e-BH: the k-th best must reach k times less than the best alone would have to.
        var calibration = Calibration(model.People);
        var logLevel = Math.Log(1 / options.Level) - calibration;
        var passing = 0;
        for (var k = 1; k <= accepted.Count; k++)
        {
            if (accepted[k - 1].Score >= logLevel - Math.Log(k)) passing = k;
        }

        var found = new FoundSet?[accepted.Count];
        var qs = new double[accepted.Count];
        for (var k = 0; k < accepted.Count; k++) qs[k] = Math.Min(1, Math.Exp(-accepted[k].Score - calibration) / (k + 1));
        for (var k = accepted.Count - 2; k >= 0; k--) qs[k] = Math.Min(qs[k], qs[k + 1]);
        Parallel.For(0, passing, () => new GroupEvidence(model), (k, _, evidence) =>
        {
            found[k] = Examine(model, penalty, evidence, accepted[k], qs[k], options, settled);
            return evidence;
        }, _ => { });
        var withheld = 0;
        var kept = new List<FoundSet>();
        foreach (var set in found)
        {
            if (set is null) continue;
            if (options.SwapDraws > 0 && set.SwapShare > options.Level) withheld++;
            else kept.Add(set);
        }

        return Report(model, kept, options, earlier) with { WithheldBySwapCheck = withheld, NextScore = passing < accepted.Count ? accepted[passing].Score : double.NegativeInfinity, Candidates = [.. accepted.Select(a => a.Members)] };
    }

    private static FoundSet Examine(LinkModel model, SearchPenalty penalty, GroupEvidence evidence, CandidateSet set, double q, LinksOptions options, IReadOnlyDictionary<string, double>? settled)
    {
        var m = set.Members.Length;
        var odds = new double[m];
        var rest = new int[Math.Max(0, m - 1)];
        for (var i = 0; i < m; i++)
        {
            if (m == 2)
            {
                odds[i] = set.Score;
                continue;
            }

            var n = 0;
            for (var j = 0; j < m; j++)
            {
                if (j != i) rest[n++] = set.Members[j];
            }

            odds[i] = set.Score - evidence.Evaluate(rest) - penalty.LogWeight(rest);
        }

        evidence.Evaluate(set.Members);
        var occasions = evidence.ActiveCount;
        var share = 0.0;
        if (options.SwapDraws > 0 && settled?.TryGetValue(set.Key, out share) != true) share = SwapCheck.Share(model, evidence, set.Members, options.SwapDraws, options.ChanceSeed);
        return new FoundSet(set.Members, odds, set.LogFactor, set.Score, q, share, occasions);
    }

    internal static LinksResult Report(LinkModel model, IReadOnlyList<FoundSet> kept, LinksOptions options, LinksResult? earlier)
    {
        var data = model.Data;
        var groups = kept.Where(s => s.Members.Length >= 3).ToList();
        var ids = GroupIdentity.Assign([.. groups.Select(g => (IReadOnlyList<string>)[.. g.Members.Select(data.PersonId)])], earlier);
        var pairs = new Dictionary<(int, int), (double False, double Weight, string? Group, FoundSet Set)>();
        for (var g = 0; g < kept.Count; g++)
        {
            var set = kept[g];
            var at = groups.IndexOf(set);
            var id = at >= 0 ? ids[at] : null;
            var setFalse = 1 / (1 + Math.Exp(set.Score + Calibration(model.People) + Math.Log(kept.Count)));
            for (var i = 0; i < set.Members.Length; i++)
            {
                for (var j = i + 1; j < set.Members.Length; j++)
                {
                    var (a, b) = (set.Members[i], set.Members[j]);
                    if (data.Known(a, b)) continue;
                    var belong = set.Members.Length == 2 ? 1 - setFalse : (1 - setFalse) / ((1 + Math.Exp(MemberCaution - set.MemberLogOdds[i])) * (1 + Math.Exp(MemberCaution - set.MemberLogOdds[j])));
                    var weight = (set.Members.Length == 2 ? set.LogFactor : Math.Min(set.MemberLogOdds[i], set.MemberLogOdds[j])) / Math.Log(10);
                    if (!pairs.TryGetValue((a, b), out var old) || 1 - belong < old.False) pairs[(a, b)] = (1 - belong, weight, id, set);
                }
            }
        }

        var ordered = pairs.ToList();
        ordered.Sort((x, y) =>
        {
            var c = x.Value.False.CompareTo(y.Value.False);
            if (c == 0) c = y.Value.Weight.CompareTo(x.Value.Weight);
            if (c == 0) c = x.Key.Item1.CompareTo(y.Key.Item1);
            return c == 0 ? x.Key.Item2.CompareTo(y.Key.Item2) : c;
        });
        double sum = 0;
        var qs = new List<double>();
        for (var k = 0; k < ordered.Count; k++)
        {
            sum += ordered[k].Value.False;
            if (sum / (k + 1) > options.MostQ) break;
            qs.Add(sum / (k + 1));
        }

        var links = new PersonLink[qs.Count];
        const int Block = 64;
        Parallel.For(0, (links.Length + Block - 1) / Block, b =>
        {
            for (var k = b * Block; k < Math.Min(links.Length, (b + 1) * Block); k++)
            {
                var ((a, c), (_, weight, group, set)) = ordered[k];
                links[k] = PairReport.Link(model, a, c, qs[k], weight, group, set);
            }
        });

        return new LinksResult
        {
            Links = links,
            Groups = [.. groups.Select((g, k) => new PersonGroup
            {
                GroupId = ids[k],
                Members = [.. g.Members.Select((p, i) => new GroupMember(data.PersonId(p), g.MemberLogOdds[i] / Math.Log(10)))],
                QValue = g.Q,
                Evidence = g.LogFactor / Math.Log(10),
                SearchPrice = (g.LogFactor - g.Score) / Math.Log(10),
                SwapShare = g.SwapShare,
                Occasions = g.Occasions,
            })],
            Seconds = new Dictionary<string, double>(StringComparer.Ordinal),
            SeedPairs = 0,
            Incidents = 0,
            WithheldBySwapCheck = 0,
            LastGroupNumber = Math.Max(earlier?.LastGroupNumber ?? 0, ids.Select(GroupIdentity.Number).DefaultIfEmpty().Max()),
        };
    }

    internal static string Number(double value) => value.ToString(value < 0.01 ? "0.0000" : value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
