using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Links;

/// <summary>
/// The chance model: for every child and every occasion, how likely the child was to be absent (or missing) then with no group at work. Occasions are
/// slots: a day in one of three shapes (morning, afternoon, whole day), or a night of being missing. A child's own rate (shrunk towards school and year
/// group), own weekdays and own season, and the day's factor for borough, school and year group make the probability. Only onsets count.
/// </summary>
internal sealed class LinkModel
{
    public const int Shapes = 3;
    public const int MissingStream = 3;
    public const int Streams = 4;

    private const double WeekdayStrength = 10;
    private const double SeasonStrength = 8;
    private const int SeasonHalfWidth = 10;
    private const double ThingFloor = 0.0003;
    private const int FewMentions = 60;
    private const int LongestSpellNights = 3;

    public LinkModel(LinksData data)
    {
        Data = data;
        People = data.PeopleCount;
        Days = [.. data.Register.Days];
        Pages = [.. data.Register.Pages];
        Weekday = new byte[Days.Length];
        for (var d = 0; d < Days.Length; d++) Weekday[d] = (byte)((Days[d] + 1) % 7);
        FirstNight = int.MaxValue;
        var lastNight = int.MinValue;
        foreach (var e in data.Episodes)
        {
            FirstNight = Math.Min(FirstNight, Night(e.Start));
            lastNight = Math.Max(lastNight, Night(e.Start));
        }

        Nights = data.Episodes.Count == 0 ? 0 : lastNight - FirstNight + 1 + LongestSpellNights;
        if (data.Episodes.Count == 0) FirstNight = 0;
        AbsenceSlots = Days.Length * Shapes;
        Slots = AbsenceSlots + Nights;
        School = [.. data.School];
        Stratum = [.. data.Stratum];
        Parallel.Invoke(
            BuildThings,
            () =>
            {
                BuildIncidents();
                BuildRates();
                BuildCells();
                BuildProbabilities();
            });
    }

    public LinksData Data { get; }

    public int People { get; }

    public int[] Days { get; }

    public byte[] Weekday { get; }

    public byte[][] Pages { get; }

    public int FirstNight { get; }

    public int Nights { get; }

    public int AbsenceSlots { get; }

    public int Slots { get; }

    public int[] School { get; }

    public int[] Stratum { get; }

    /// <summary>Incidents of a person: [PersonStart[i], PersonStart[i+1]) in the arrays below, sorted by slot.</summary>
    public int[] PersonStart { get; private set; } = [];

    public int[] IncidentSlot { get; private set; } = [];

    /// <summary>-log of the chance of the incident.</summary>
    public float[] IncidentNlp { get; private set; } = [];

    /// <summary>Position of the incident in the list of its slot.</summary>
    public int[] IncidentPosition { get; private set; } = [];

    /// <summary>False for the later nights of a spell of being missing.</summary>
    public bool[] IncidentIsStart { get; private set; } = [];

    public int[] SlotStart { get; private set; } = [];

    public int[] SlotPerson { get; private set; } = [];

    public float[] SlotNlp { get; private set; } = [];

    /// <summary>Onsets by person and shape; at index 3 spells of being missing.</summary>
    public ushort[] Counts { get; private set; } = [];

    /// <summary>Days on which the child could have begun an absence: neither away already nor away with leave, and the school not closed. At least 20.</summary>
    public int[] Exposure { get; private set; } = [];

    public float[] StratumMean { get; private set; } = [];

    public int[] ThingsStart { get; private set; } = [];

    public int[] Things { get; private set; } = [];

    public float[] ThingChance { get; private set; } = [];

    /// <summary>For each entry of <see cref="Things"/>: how many things of that kind the child has, how many children of its school have this one, and how many mentions of the kind the school has.</summary>
    public (int Own, int Here, int HereAll)[] ThingCounts { get; private set; } = [];

    public int[] HoldersStart { get; private set; } = [];

    public int[] Holders { get; private set; } = [];

    public int[] KindMentions { get; private set; } = [];

    private int[] BoroughCell { get; set; } = [];

    private ushort[] SchoolCell { get; set; } = [];

    private ushort[] StratumCell { get; set; } = [];

    private double[] BoroughExpected { get; } = new double[Shapes];

    private double[] SchoolExpected { get; set; } = [];

    private double[] StratumExpected { get; set; } = [];

    private DayFactors SchoolDays { get; set; } = null!;

    private DayFactors StratumDays { get; set; } = null!;

    private double[] WeekdayShare { get; } = new double[7];

    private double[] NightFactor { get; set; } = [];

    private double[] NightMean { get; set; } = [];

    private double NightsPerSpell { get; set; } = 1;

    public static int StreamOf(int slot, int absenceSlots) => slot < absenceSlots ? slot % Shapes : MissingStream;

    public int Night(int slot) => FirstNight + slot - AbsenceSlots;

    /// <summary>A night runs from six in the morning to the next, so that what happens after midnight belongs to the evening before.</summary>
    public static int Night(long minutes) => (int)((minutes - 360) / 1440);

    /// <summary>
    /// Log gain from dealing with several shared occasions of one child together. The child's own number of onsets is taken as given, so the second shared
    /// occasion has one onset fewer to draw from and one day fewer to fall on, the third two fewer: n(n-1)(n-2)... over d(d-1)(d-2)... in place of powers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double OwnRateGain(int person, int stream, int used)
    {
        int n = Counts[(person * Streams) + stream];
        if (used < 2 || n < 2) return 0;
        var ratio = 1.0;
        double days = stream == MissingStream ? Math.Max(30, Nights) : Exposure[person];
        for (var l = 1; l < used && l < n; l++) ratio *= (n - l) / (double)n * (days / (days - l));
        return Math.Max(0, -Math.Log(ratio));
    }

    /// <summary>Factor of the slot for a stratum, everybody counted: 1 when nothing is special.</summary>
    public double CellFactor(int stratum, int slot) => CellFactor(stratum, slot, 0, 0);

    /// <summary>
    /// Factor of the slot for a stratum as the others have it: <paramref name="mineInSchool"/> onsets of the school, <paramref name="mineInStratum"/> of them in the
    /// stratum, are those of the children weighed and not counted. Dealt with one after another, each child counted once it is dealt with, the factors multiply to
    /// the predictive chance of a gamma-Poisson mixture (Polya's urn): what has been seen of the others, and of the set itself so far, is all that explains the next.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double CellFactor(int stratum, int slot, int mineInSchool, int mineInStratum)
    {
        if (slot >= AbsenceSlots) return NightFactor[slot - AbsenceSlots];
        var shape = slot % Shapes;
        var borough = (Math.Max(0, BoroughCell[slot] - mineInSchool) + 5) / (BoroughExpected[shape] + 5);
        var school = Data.StratumSchool[stratum];
        var inStratum = StratumCell[((long)stratum * AbsenceSlots) + slot];
        var stratumExpected = StratumExpected[(stratum * Shapes) + shape];

        // The school's other year groups speak for the school, the year group for itself.
        var elsewhere = SchoolCell[((long)school * AbsenceSlots) + slot] - inStratum - (mineInSchool - mineInStratum);
        var factor = borough * SchoolDays.Factor(elsewhere, (SchoolExpected[(school * Shapes) + shape] - stratumExpected) * borough);
        return factor * StratumDays.Factor(inStratum - mineInStratum, stratumExpected * factor);
    }

    // How restless the days of this borough's schools and year groups are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FitDays()
    {
        var strata = Data.StratumSchool.Count;
        var borough = new double[AbsenceSlots];
        for (var s = 0; s < AbsenceSlots; s++) borough[s] = (BoroughCell[s] + 5) / (BoroughExpected[s % Shapes] + 5);
        SchoolDays = new DayFactors(Seen((g, seen) =>
        {
            var school = Data.StratumSchool[g];
            for (var s = 0; s < AbsenceSlots; s++)
            {
                var others = SchoolCell[((long)school * AbsenceSlots) + s] - StratumCell[((long)g * AbsenceSlots) + s];
                var expected = (SchoolExpected[(school * Shapes) + (s % Shapes)] - StratumExpected[(g * Shapes) + (s % Shapes)]) * borough[s];
                if (expected > 1e-3) seen[(DayFactors.Bin(expected) * DayFactors.MostSeen) + Math.Min(others, DayFactors.MostSeen - 1)]++;
            }
        }));
        StratumDays = new DayFactors(Seen((g, seen) =>
        {
            var school = Data.StratumSchool[g];
            for (var s = 0; s < AbsenceSlots; s++)
            {
                int mine = StratumCell[((long)g * AbsenceSlots) + s];
                var own = StratumExpected[(g * Shapes) + (s % Shapes)];
                var factor = borough[s] * SchoolDays.Factor(SchoolCell[((long)school * AbsenceSlots) + s] - mine, (SchoolExpected[(school * Shapes) + (s % Shapes)] - own) * borough[s]);
                if (own * factor > 1e-3) seen[(DayFactors.Bin(own * factor) * DayFactors.MostSeen) + Math.Min(mine, DayFactors.MostSeen - 1)]++;
            }
        }));

        long[] Seen(Action<int, long[]> stratum)
        {
            var all = new long[DayFactors.Cells];
            Parallel.For(0, (strata + 63) / 64, () => new long[DayFactors.Cells], (block, _, seen) =>
            {
                for (var g = block * 64; g < Math.Min(strata, (block + 1) * 64); g++) stratum(g, seen);
                return seen;
            }, seen =>
            {
                lock (all)
                {
                    for (var k = 0; k < all.Length; k++) all[k] += seen[k];
                }
            });
            return all;
        }
    }

    /// <summary>Chance that the child has an incident in the slot.</summary>
    public double Chance(int person, int slot)
    {
        if (slot >= AbsenceSlots) return Math.Min(0.9, Counts[(person * Streams) + MissingStream] * NightsPerSpell / Math.Max(30, Nights) * NightFactor[slot - AbsenceSlots]);
        var own = Array.BinarySearch(IncidentSlot, PersonStart[person], PersonStart[person + 1] - PersonStart[person], slot) >= 0;
        return AbsenceChance(person, slot, own);
    }

    /// <summary>Whether a member who has no incident in the slot could have had one: false when away for another reason, or already absent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool CouldBe(int person, int slot)
    {
        if (slot >= AbsenceSlots) return true;
        var marks = Pages[slot / Shapes][person];
        if (marks == 0) return true;
        return marks is (byte)MarkClass.Present or ((byte)MarkClass.Present << 4) or ((byte)MarkClass.Present | ((byte)MarkClass.Present << 4));
    }

    private static double Shrunk(double observed, double expected, double strength, double few)
    {
        // A wave or a closure is no small fluctuation: then the day's own figure is believed.
        if (observed - expected > few + (3 * Math.Sqrt(expected + 0.5))) strength = 0.3;
        return (Math.Max(0, observed) + strength) / (expected + strength);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BuildIncidents()
    {
        var people = People;
        const int Ranges = 4;
        var size = ((people / Ranges) + 8) & ~7;
        var parts = new List<(int Person, int Slot)>[Ranges];
        Exposure = new int[people];
        Parallel.For(0, Ranges, r => parts[r] = Onsets(Math.Min(people, r * size), Math.Min(people, (r + 1) * size)));
        var nights = new List<(int Person, int Slot, bool Start)>();
        foreach (var e in Data.Episodes)
        {
            var first = Night(e.Start);
            var last = first + NightsOf(e) - 1;
            for (var n = first; n <= last; n++)
            {
                if (nights.Count > 0 && nights[^1].Person == e.Person && nights[^1].Slot >= AbsenceSlots + n - FirstNight) continue;
                nights.Add((e.Person, AbsenceSlots + n - FirstNight, n == first));
            }
        }

        PersonStart = new int[people + 1];
        Counts = new ushort[people * Streams];
        SlotStart = new int[Slots + 1];
        foreach (var part in parts)
        {
            foreach (var (person, slot) in part)
            {
                PersonStart[person + 1]++;
                SlotStart[slot + 1]++;
                Counts[(person * Streams) + (slot % Shapes)]++;
            }
        }

        foreach (var (person, slot, start) in nights)
        {
            PersonStart[person + 1]++;
            SlotStart[slot + 1]++;
            if (start) Counts[(person * Streams) + MissingStream]++;
        }

        for (var i = 0; i < people; i++) PersonStart[i + 1] += PersonStart[i];
        for (var s = 0; s < Slots; s++) SlotStart[s + 1] += SlotStart[s];
        var total = PersonStart[people];
        IncidentSlot = new int[total];
        IncidentNlp = new float[total];
        IncidentPosition = new int[total];
        IncidentIsStart = new bool[total];
        SlotPerson = new int[total];
        SlotNlp = new float[total];
        var next = new int[people];
        Array.Copy(PersonStart, next, people);
        foreach (var part in parts)
        {
            foreach (var (person, slot) in part)
            {
                IncidentIsStart[next[person]] = true;
                IncidentSlot[next[person]++] = slot;
            }
        }

        foreach (var (person, slot, start) in nights)
        {
            IncidentIsStart[next[person]] = start;
            IncidentSlot[next[person]++] = slot;
        }

        var nextInSlot = new int[Slots];
        Array.Copy(SlotStart, nextInSlot, Slots);
        for (var i = 0; i < people; i++)
        {
            for (var k = PersonStart[i]; k < PersonStart[i + 1]; k++)
            {
                var position = nextInSlot[IncidentSlot[k]]++;
                IncidentPosition[k] = position;
                SlotPerson[position] = i;
            }
        }
    }

    // An onset is an unauthorised absence on a day when the child had not been absent, in that half of the day, on the school day before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private List<(int Person, int Slot)> Onsets(int from, int to)
    {
        var found = new List<(int Person, int Slot)>((to - from) * 4);
        if (from >= to) return found;
        var before = new byte[to - from];
        var schools = Data.SchoolNames.Count;
        var open = new bool[schools];
        var school = School;
        var blocked = Exposure;
        for (var d = 0; d < Pages.Length; d++)
        {
            var page = Pages[d];
            Array.Clear(open);
            for (var i = 0; i < page.Length; i++)
            {
                if (page[i] != 0 && !open[school[i]] && page[i] != 0x33) open[school[i]] = true;
            }

            for (var i = from; i < to; i++)
            {
                var marks = page[i];
                if (marks == 0)
                {
                    if (before[i - from] != 0 && open[school[i]])
                    {
                        before[i - from] = 0;
                        blocked[i]++;
                    }

                    continue;
                }

                if (marks == 0x33)
                {
                    blocked[i]++;
                    continue;
                }

                var mask = Register.UnauthorisedMask(marks);
                var absent = Register.AbsentMask(marks);
                if (mask != 0 && (before[i - from] & mask) == 0) found.Add((i, (d * Shapes) + mask - 1));
                else if ((before[i - from] | absent) != 0) blocked[i]++;
                before[i - from] = (byte)absent;
            }
        }

        for (var i = from; i < to; i++) blocked[i] = Math.Max(20, Pages.Length - blocked[i]);

        return found;
    }

    // A spell that ends in the morning has not reached the next night.
    private static int NightsOf(Episode e) => e.End == Episode.OpenEnd ? LongestSpellNights : Math.Min(LongestSpellNights, Math.Max(0, Night(e.End - 360) - Night(e.Start)) + 1);

    private void BuildRates()
    {
        var strata = Data.StratumSchool.Count;
        var size = new int[strata];
        var sum = new double[strata];
        double all = 0;
        for (var i = 0; i < People; i++)
        {
            size[Stratum[i]]++;
            for (var s = 0; s < Shapes; s++)
            {
                double n = Counts[(i * Streams) + s];
                sum[Stratum[i]] += n;
                all += n;
            }
        }

        var mean = Math.Max(1e-3, all / Math.Max(1, People));
        StratumMean = new float[strata];
        for (var g = 0; g < strata; g++)
            StratumMean[g] = (float)((sum[g] + (10 * mean)) / (size[g] + 10));

        foreach (var e in Data.Episodes)
        {
            NightsPerSpell += NightsOf(e);
        }

        NightsPerSpell = Data.Episodes.Count == 0 ? 1 : (NightsPerSpell - 1) / Data.Episodes.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BuildCells()
    {
        var strata = Data.StratumSchool.Count;
        var schools = Data.SchoolNames.Count;
        BoroughCell = new int[AbsenceSlots];
        SchoolCell = new ushort[(long)schools * AbsenceSlots];
        StratumCell = new ushort[(long)strata * AbsenceSlots];
        SchoolExpected = new double[schools * Shapes];
        StratumExpected = new double[strata * Shapes];
        double all = 0;
        for (var i = 0; i < People; i++)
        {
            long schoolRow = (long)School[i] * AbsenceSlots;
            long stratumRow = (long)Stratum[i] * AbsenceSlots;
            for (var k = PersonStart[i]; k < PersonStart[i + 1]; k++)
            {
                var slot = IncidentSlot[k];
                if (slot >= AbsenceSlots) break;
                BoroughCell[slot]++;
                SchoolCell[schoolRow + slot]++;
                StratumCell[stratumRow + slot]++;
                WeekdayShare[Weekday[slot / Shapes]]++;
                all++;
            }
        }

        var days = Math.Max(1, Days.Length);
        for (var i = 0; i < People; i++)
        {
            for (var s = 0; s < Shapes; s++)
            {
                var perDay = Counts[(i * Streams) + s] / (double)days;
                BoroughExpected[s] += perDay;
                SchoolExpected[(School[i] * Shapes) + s] += perDay;
                StratumExpected[(Stratum[i] * Shapes) + s] += perDay;
            }
        }

        for (var w = 0; w < 7; w++) WeekdayShare[w] = (WeekdayShare[w] + 1) / (all + 7);
        FitDays();
        NightFactor = new double[Nights];
        NightMean = new double[7];
        if (Nights == 0) return;
        var nightWeekdays = new double[7];
        double nightTotal = 0;
        for (var n = 0; n < Nights; n++)
        {
            var w = (FirstNight + n + 1) % 7;
            nightWeekdays[w]++;
            var count = SlotStart[AbsenceSlots + n + 1] - SlotStart[AbsenceSlots + n];
            NightMean[w] += count;
            nightTotal += count;
        }

        for (var n = 0; n < Nights; n++)
        {
            var w = (FirstNight + n + 1) % 7;
            var expected = nightTotal / Nights;
            var weekday = (NightMean[w] + 20) / ((nightWeekdays[w] * expected) + 20);
            var count = SlotStart[AbsenceSlots + n + 1] - SlotStart[AbsenceSlots + n];
            NightFactor[n] = weekday * Shrunk(count, expected * weekday, 4, 8);
        }
    }

    private void BuildProbabilities()
    {
        Parallel.For(0, (People + 4095) / 4096, block =>
        {
            var last = Math.Min(People, (block + 1) * 4096);
            for (var i = block * 4096; i < last; i++)
            {
                for (var k = PersonStart[i]; k < PersonStart[i + 1]; k++)
                {
                    var slot = IncidentSlot[k];
                    var p = slot >= AbsenceSlots ? Chance(i, slot) : AbsenceChance(i, slot, true);
                    var nlp = (float)-Math.Log(p);
                    IncidentNlp[k] = nlp;
                    SlotNlp[IncidentPosition[k]] = nlp;
                }
            }
        });
    }

    private double AbsenceChance(int person, int slot, bool own)
    {
        var left = own ? 1 : 0;
        return Math.Clamp(OwnChance(person, slot, own) * CellFactor(Stratum[person], slot, left, left), 1e-4, 0.9);
    }

    // The child's own rate on such a day, before what the day did to others.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double OwnChance(int person, int slot, bool own)
    {
        var left = own ? 1 : 0;
        var day = slot / Shapes;
        var shape = slot % Shapes;
        double total = 0;
        double sameWeekday = -left;
        double nearby = -left;
        var from = Math.Max(0, day - SeasonHalfWidth);
        var to = Math.Min(Days.Length - 1, day + SeasonHalfWidth);
        var weekday = Weekday[day];
        for (var k = PersonStart[person]; k < PersonStart[person + 1]; k++)
        {
            var s = IncidentSlot[k];
            if (s >= AbsenceSlots) break;
            var d = s / Shapes;
            total++;
            if (Weekday[d] == weekday) sameWeekday++;
            if (d >= from && d <= to) nearby++;
        }

        total -= left;
        var share = WeekdayShare[weekday];
        var weekdayFactor = (Math.Max(0, sameWeekday) + (WeekdayStrength * share)) / ((total + WeekdayStrength) * share);
        var window = (to - from + 1) / (double)Days.Length;
        var seasonFactor = (Math.Max(0, nearby) + SeasonStrength) / ((total * window) + SeasonStrength);
        var habit = Math.Clamp(weekdayFactor * seasonFactor, 0.7, 8);
        return Counts[(person * Streams) + shape] / (double)Exposure[person] * habit;
    }

    /// <summary>
    /// Chance that a child has a thing, from how many others have it in the borough or in its own school, whichever makes it likelier. <paramref name="left"/> of
    /// the holders, <paramref name="leftHere"/> of them in the school, are those weighed and not counted: dealt with one after another like onsets (Polya's urn).
    /// </summary>
    public double ChanceOfThing(int entry, int holders, int kindMentions, int left, int leftHere)
    {
        var (own, here, hereAll) = ThingCounts[entry];
        var popularity = Math.Max((holders - left) / (double)kindMentions, (here - leftHere) / (double)Math.Max(FewMentions, hereAll));
        return Math.Clamp(own * popularity, ThingFloor, 0.9);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BuildThings()
    {
        var mentions = Data.Mentions;
        var kinds = Data.ThingKind;
        var things = kinds.Count;
        ThingsStart = new int[People + 1];
        HoldersStart = new int[things + 1];
        KindMentions = new int[Data.KindNames.Count];
        var schoolKind = new Dictionary<(int, int), int>();
        var schoolThing = new Dictionary<(int, int), int>();
        var personKind = new Dictionary<(int, int), int>();
        foreach (var m in mentions)
        {
            ThingsStart[m.Person + 1]++;
            HoldersStart[m.Thing + 1]++;
            KindMentions[kinds[m.Thing]]++;
            Bump(schoolKind, (School[m.Person], kinds[m.Thing]));
            Bump(schoolThing, (School[m.Person], m.Thing));
            Bump(personKind, (m.Person, kinds[m.Thing]));
        }

        for (var i = 0; i < People; i++) ThingsStart[i + 1] += ThingsStart[i];
        for (var t = 0; t < things; t++) HoldersStart[t + 1] += HoldersStart[t];
        Things = new int[mentions.Count];
        ThingChance = new float[mentions.Count];
        ThingCounts = new (int, int, int)[mentions.Count];
        Holders = new int[mentions.Count];
        var next = (int[])ThingsStart.Clone();
        var nextHolder = (int[])HoldersStart.Clone();
        foreach (var m in mentions)
        {
            Things[next[m.Person]++] = m.Thing;
            Holders[nextHolder[m.Thing]++] = m.Person;
        }

        for (var i = 0; i < People; i++)
        {
            Array.Sort(Things, ThingsStart[i], ThingsStart[i + 1] - ThingsStart[i]);
            for (var k = ThingsStart[i]; k < ThingsStart[i + 1]; k++)
            {
                var thing = Things[k];
                var kind = kinds[thing];
                ThingCounts[k] = (personKind[(i, kind)], schoolThing[(School[i], thing)], schoolKind[(School[i], kind)]);
                ThingChance[k] = (float)ChanceOfThing(k, HoldersStart[thing + 1] - HoldersStart[thing], KindMentions[kind], 1, 1);
            }
        }

        for (var t = 0; t < things; t++) Array.Sort(Holders, HoldersStart[t], HoldersStart[t + 1] - HoldersStart[t]);

        static void Bump(Dictionary<(int, int), int> counts, (int, int) key) => counts[key] = counts.GetValueOrDefault(key) + 1;
    }
}
