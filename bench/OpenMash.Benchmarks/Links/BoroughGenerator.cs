using System.Globalization;
using System.Text;

namespace OpenMash.Benchmarks.Links;

/// <summary>How an invented borough is made. Nothing in it is about anybody.</summary>
internal sealed record BoroughOptions
{
    public int Pupils { get; init; } = 30_000;

    public int Seed { get; init; } = 1;

    /// <summary>easy, standard or hard: how often planted groups act and how surely their members join.</summary>
    public string Level { get; init; } = "standard";

    /// <summary>True for a borough with every confounder and no group.</summary>
    public bool Null { get; init; }

    /// <summary>True for every mark of the year; otherwise only absences are written, as most extracts have it.</summary>
    public bool EveryMark { get; init; }

    /// <summary>How strong the confounders are: 1 as usual, 2 or 3 for Fridays, habits, bursts, waves coded as absence, trips and families that are worse.</summary>
    public double Confounders { get; init; } = 1;

    /// <summary>Multiplies everybody's own absence.</summary>
    public double Absence { get; init; } = 1;

    /// <summary>True for <see cref="OtherBorough"/>: other absence, other confounders, other groups, other ways of writing.</summary>
    public bool Other { get; init; }

    /// <summary>True for <see cref="MixedBorough"/>: strengths drawn from the seed, groups of every kind.</summary>
    public bool Mixed { get; init; }

    /// <summary>Planted groups for each thousand pupils.</summary>
    public double GroupsPerThousand { get; init; } = 1.0;
}

/// <summary>
/// An invented school year: pupils, families, homes, absence with waves, Fridays, habits, bursts, holidays, closures, late buses and trips coded as absence;
/// missing episodes; vehicles, phones, addresses and adults, popular and rare; and planted groups, whose truth is kept.
/// </summary>
internal sealed class BoroughGenerator
{
    private static readonly string[] ThingKinds = ["vehicle", "phone", "address", "adult"];

    private readonly BoroughOptions _options;
    private readonly Random _random;
    private readonly List<DateOnly> _days = [];
    private readonly List<Pupil> _pupils = [];
    private readonly List<School> _schools = [];
    private readonly List<(string Id, int Person, DateTime Start, DateTime? End, string Place)> _missing = [];
    private readonly List<(int Person, string Kind, string Value, DateOnly Date)> _things = [];
    private byte[][] _am = [];
    private byte[][] _pm = [];
    private double[] _dayWeight = [];

    public BoroughGenerator(BoroughOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
    }

    public List<int[]> Groups { get; } = [];

    public static int Run(BoroughOptions options, string folder)
    {
        if (options.Other) return OtherBorough.Run(options, folder);
        if (options.Mixed) return MixedBorough.Run(options, folder);
        var g = new BoroughGenerator(options);
        g.Build();
        g.Write(folder);
        Console.WriteLine($"{options.Pupils} pupils, {g.Groups.Count} planted groups, {g._missing.Count} missing episodes, {g._things.Count} associations in {folder}");
        return 0;
    }

    private void Build()
    {
        Calendar();
        People();
        _am = new byte[_pupils.Count][];
        _pm = new byte[_pupils.Count][];
        for (var i = 0; i < _pupils.Count; i++)
        {
            _am[i] = new byte[_days.Count];
            _pm[i] = new byte[_days.Count];
        }

        Closures();
        OwnAbsence();
        Illness();
        Holidays();
        Shocks();
        Missing();
        Things();
        if (!_options.Null) Plant();
    }

    private void Calendar()
    {
        var (from, to) = (new DateOnly(2024, 9, 4), new DateOnly(2025, 7, 22));
        for (var d = from; d <= to; d = d.AddDays(1))
        {
            if (d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            if (In(d, 2024, 10, 28, 5) || In(d, 2024, 12, 23, 12) || In(d, 2025, 2, 17, 5) || In(d, 2025, 4, 14, 12) || In(d, 2025, 5, 26, 5) || d == new DateOnly(2025, 5, 5)) continue;
            _days.Add(d);
        }

        _dayWeight = new double[_days.Count];
        for (var k = 0; k < _days.Count; k++)
        {
            var w = _days[k].DayOfWeek switch { DayOfWeek.Friday => 1 + (0.45 * _options.Confounders), DayOfWeek.Monday => 1.15, _ => 0.85 };
            _dayWeight[k] = w * (1 + (0.3 * Math.Sin(k / 30.0))) * (0.8 + (0.4 * _random.NextDouble()));
        }

        static bool In(DateOnly d, int y, int m, int day, int length) => d >= new DateOnly(y, m, day) && d < new DateOnly(y, m, day).AddDays(length);
    }

    private void People()
    {
        var left = _options.Pupils;
        var household = 0;
        while (left > 0)
        {
            var secondary = _schools.Count % 4 == 0;
            var size = Math.Min(left, secondary ? 700 + _random.Next(700) : 200 + _random.Next(250));
            var school = new School(_schools.Count, secondary);
            _schools.Add(school);
            for (var k = 0; k < size; k++)
            {
                var year = secondary ? 7 + _random.Next(5) : _random.Next(7);
                var mean = secondary ? 3.2 + (0.5 * (year - 7)) : 1.3;
                var rate = Gamma(0.7) / 0.7 * mean * _options.Absence;
                _pupils.Add(new Pupil(_pupils.Count, school.Number, year, rate) { Household = -1, Home = -1, Habit = _random.NextDouble() < 0.06 * _options.Confounders ? _random.Next(5) : -1, Burst = _random.NextDouble() < 0.12 * _options.Confounders ? _random.Next(190) : -1 });
                school.Pupils.Add(_pupils.Count - 1);
            }

            left -= size;
        }

        // Families: a third of children have a brother or sister in a near school.
        for (var i = 0; i < _pupils.Count; i++)
        {
            if (_pupils[i].Household >= 0) continue;
            _pupils[i].Household = household;
            if (_random.NextDouble() < 0.35)
            {
                var others = 1 + (_random.NextDouble() < 0.25 ? 1 : 0);
                for (var s = 0; s < others; s++)
                {
                    var school = _schools[Math.Clamp(_pupils[i].School + _random.Next(-1, 3), 0, _schools.Count - 1)];
                    var other = school.Pupils[_random.Next(school.Pupils.Count)];
                    if (_pupils[other].Household < 0) _pupils[other].Household = household;
                }
            }

            household++;
        }

        var homes = Math.Max(1, _pupils.Count / 3000);
        for (var h = 0; h < homes; h++)
        {
            for (var k = 0; k < 4 + _random.Next(3); k++)
            {
                var p = _pupils[_random.Next(_pupils.Count)];
                if (!_schools[p.School].Secondary) continue;
                p.Home = h;
                p.Rate += 4;
            }
        }
    }

    private void Closures()
    {
        foreach (var school in _schools)
        {
            for (var c = 0; c < 1 + _random.Next(3); c++)
            {
                var day = _random.Next(_days.Count);
                var code = _random.NextDouble() < 0.5 ? (byte)'#' : (byte)'Y';
                foreach (var i in school.Pupils) (_am[i][day], _pm[i][day]) = (code, code);
            }
        }
    }

    private void OwnAbsence()
    {
        var total = _dayWeight.Sum();
        var byHousehold = new Dictionary<int, List<int>>();
        foreach (var p in _pupils)
        {
            if (!byHousehold.TryGetValue(p.Household, out var list)) byHousehold[p.Household] = list = [];
            list.Add(p.Number);
        }

        foreach (var p in _pupils)
        {
            for (var k = 0; k < _days.Count; k++)
            {
                var w = _dayWeight[k];
                if (p.Habit >= 0) w *= (int)_days[k].DayOfWeek == p.Habit + 1 ? 2 + (1.2 * _options.Confounders) : 0.5;
                if (p.Burst >= 0) w *= Math.Abs(k - p.Burst) < 12 ? 4 * _options.Confounders : 0.7;
                if (_random.NextDouble() >= p.Rate * w / total) continue;
                var shape = Shape(_schools[p.School].Secondary);
                var length = 1;
                while (shape == 2 && length < 6 && _random.NextDouble() < 0.25) length++;
                var code = Code();
                for (var d = k; d < Math.Min(_days.Count, k + length); d++) Mark(p.Number, d, shape, code);
                if (_random.NextDouble() < Math.Min(0.8, 0.25 * _options.Confounders))
                {
                    foreach (var other in byHousehold[p.Household])
                    {
                        if (other != p.Number) Mark(other, k, shape, code);
                    }
                }

                k += length - 1;
            }
        }
    }

    private void Illness()
    {
        foreach (var p in _pupils)
        {
            var spells = Poisson(3.2);
            for (var s = 0; s < spells; s++)
            {
                var day = _random.Next(_days.Count);
                var length = 1 + Poisson(1.2);
                for (var d = day; d < Math.Min(_days.Count, day + length); d++) Mark(p.Number, d, 2, (byte)'I');
            }

            for (var s = Poisson(0.8); s > 0; s--) Mark(p.Number, _random.Next(_days.Count), _random.Next(2), (byte)'M');
        }

        // Outbreaks: a year group or a whole school for a week; a part of it is coded "no reason yet".
        foreach (var school in _schools)
        {
            for (var o = 0; o < 1 + _random.Next(3); o++)
            {
                var day = _random.Next(_days.Count - 6);
                var year = _random.NextDouble() < 0.6 ? _pupils[school.Pupils[_random.Next(school.Pupils.Count)]].Year : -1;
                var attack = 0.1 + (0.25 * _random.NextDouble());
                foreach (var i in school.Pupils)
                {
                    if (year >= 0 && _pupils[i].Year != year) continue;
                    if (_random.NextDouble() >= attack) continue;
                    var start = day + _random.Next(5);
                    var code = _random.NextDouble() < Math.Min(0.9, 0.2 * _options.Confounders) ? (byte)'N' : (byte)'I';
                    var length = 1 + _random.Next(4);
                    for (var d = start; d < Math.Min(_days.Count, start + length); d++) Mark(i, d, 2, code);
                }
            }
        }
    }

    private void Holidays()
    {
        var families = _pupils.GroupBy(p => p.Household).ToList();
        foreach (var family in families)
        {
            if (_random.NextDouble() >= 0.1) continue;
            var edge = new[] { 38, 39, 78, 79, 108, 109, 133, 134, 160, 184 };
            var start = _random.NextDouble() < 0.5 ? Math.Clamp(edge[_random.Next(edge.Length)] - 3 + _random.Next(4), 0, _days.Count - 1) : _random.Next(_days.Count);
            var length = 2 + _random.Next(8);
            foreach (var p in family)
            {
                for (var d = start; d < Math.Min(_days.Count, start + length); d++) Mark(p.Number, d, 2, (byte)'G');
            }
        }
    }

    // A bus that fails, a class trip coded as absence, friends who stay away once.
    private void Shocks()
    {
        foreach (var school in _schools)
        {
            for (var b = 0; b < (1 + _random.Next(3)) * _options.Confounders; b++)
            {
                var day = _random.Next(_days.Count);
                var count = Math.Min(school.Pupils.Count, 8 + _random.Next(25));
                for (var k = 0; k < count; k++) Mark(school.Pupils[_random.Next(school.Pupils.Count)], day, 0, (byte)'U');
            }

            if (_random.NextDouble() < 0.5)
            {
                var day = _random.Next(_days.Count);
                var year = _pupils[school.Pupils[_random.Next(school.Pupils.Count)]].Year;
                var shape = _random.Next(3);
                foreach (var i in school.Pupils.Where(i => _pupils[i].Year == year))
                {
                    if (_random.NextDouble() < 0.25) Mark(i, day, shape, (byte)'N');
                }
            }
        }
    }

    private void Missing()
    {
        var places = Math.Max(20, _pupils.Count / 150);
        foreach (var p in _pupils)
        {
            var secondary = _schools[p.School].Secondary;
            var rate = p.Home >= 0 ? 5 + (4 * _random.NextDouble()) : secondary && _random.NextDouble() < 0.015 ? Gamma(0.8) * 2.5 : 0;
            for (var e = Poisson(rate); e > 0; e--) AddMissing(p.Number, RandomNight(), Place(places));
        }

        // Children of one home leave together; that is a known link.
        foreach (var home in _pupils.Where(p => p.Home >= 0).GroupBy(p => p.Home))
        {
            for (var n = 0; n < 5; n++)
            {
                var night = RandomNight();
                foreach (var p in home)
                {
                    if (_random.NextDouble() < 0.6) AddMissing(p.Number, night, Place(places));
                }
            }
        }
    }

    private void Things()
    {
        var values = Math.Max(60, _pupils.Count / 20);
        foreach (var p in _pupils)
        {
            if (_random.NextDouble() >= 0.06) continue;
            for (var n = 1 + Poisson(0.8); n > 0; n--)
            {
                var kind = ThingKinds[_random.Next(4)];
                _things.Add((p.Number, kind, Value(kind, (int)(values * Math.Pow(_random.NextDouble(), 1.6))), RandomDay()));
            }
        }

        // School taxis, duty phones of homes and social workers, youth workers: known to many.
        foreach (var school in _schools)
        {
            for (var t = 0; t < 2; t++)
            {
                var taxi = Value("vehicle", 500_000 + (school.Number * 10) + t);
                for (var k = 0; k < 6 + _random.Next(14); k++) _things.Add((school.Pupils[_random.Next(school.Pupils.Count)], "vehicle", taxi, RandomDay()));
            }
        }

        for (var d = 0; d < Math.Max(2, _pupils.Count / 6000); d++)
        {
            var (phone, adult) = (Value("phone", 600_000 + d), Value("adult", 600_000 + d));
            for (var k = 0; k < 40; k++)
            {
                _things.Add((_random.Next(_pupils.Count), "phone", phone, RandomDay()));
                if (k % 2 == 0) _things.Add((_random.Next(_pupils.Count), "adult", adult, RandomDay()));
            }
        }

        foreach (var family in _pupils.GroupBy(p => p.Household).Where(f => f.Count() > 1))
        {
            if (_random.NextDouble() >= 0.1) continue;
            var address = Value("address", 700_000 + family.Key);
            foreach (var p in family) _things.Add((p.Number, "address", address, RandomDay()));
        }
    }

    private void Plant()
    {
        var (acts, join) = _options.Level switch
        {
            "easy" => (12, 0.8),
            "hard" => (6, 0.55),
            _ => (9, 0.68),
        };
        var secondaries = _schools.Where(s => s.Secondary && s.Pupils.Count > 100).ToList();
        if (secondaries.Count == 0) return;
        var used = new HashSet<int>();
        var count = (int)Math.Round(_pupils.Count / 1000.0 * _options.GroupsPerThousand);
        for (var g = 0; g < count; g++)
        {
            var size = 3 + _random.Next(6);
            var main = _random.Next(secondaries.Count);
            var many = _random.NextDouble() < 0.5;
            var year = 8 + _random.Next(4);
            var members = new List<int>();
            for (var attempt = 0; attempt < 4000 && members.Count < size; attempt++)
            {
                var school = secondaries[many ? Math.Clamp(main + _random.Next(-1, 2), 0, secondaries.Count - 1) : main];
                var i = school.Pupils[_random.Next(school.Pupils.Count)];
                if (Math.Abs(_pupils[i].Year - year) > 1 || _pupils[i].Home >= 0 || used.Contains(i)) continue;
                if (members.Any(j => _pupils[j].Household == _pupils[i].Household)) continue;
                used.Add(i);
                members.Add(i);
            }

            if (members.Count < 3) continue;
            Groups.Add([.. members]);
            var strength = members.ToDictionary(i => i, _ => Math.Clamp(join + (0.3 * (_random.NextDouble() - 0.5)), 0.2, 0.95));
            var favourite = _random.NextDouble() switch { < 0.5 => 1, < 0.9 => 2, _ => 0 };
            var from = _random.Next(_days.Count / 2);
            var span = 60 + _random.Next(_days.Count - from - 60);
            var n = Math.Max(3, acts + _random.Next(-3, 4));
            for (var a = 0; a < n; a++)
            {
                var day = from + _random.Next(span);
                var shape = _random.NextDouble() < 0.75 ? favourite : 1 + _random.Next(2);
                foreach (var i in members)
                {
                    if (_random.NextDouble() >= strength[i]) continue;
                    Mark(i, day, shape, Code());
                }
            }

            if (_random.NextDouble() < 0.45)
            {
                var place = PlaceName(Math.Max(20, _pupils.Count / 150) + g);
                for (var a = 2 + _random.Next(4); a > 0; a--)
                {
                    var night = RandomNight();
                    foreach (var i in members)
                    {
                        if (_random.NextDouble() < join * 0.8) AddMissing(i, night.AddMinutes(_random.Next(-60, 90)), _random.NextDouble() < 0.3 ? place : "");
                    }
                }
            }

            if (_random.NextDouble() < 0.55)
            {
                for (var t = 1 + _random.Next(2); t > 0; t--)
                {
                    var kind = ThingKinds[_random.Next(4)];
                    var value = Value(kind, 800_000 + (g * 5) + t);
                    foreach (var i in members)
                    {
                        if (_random.NextDouble() < 0.55) _things.Add((i, kind, value, RandomDay()));
                    }
                }
            }
        }
    }

    private void Mark(int person, int day, int shape, byte code)
    {
        if (shape is 0 or 2 && _am[person][day] == 0) _am[person][day] = code;
        if (shape is 1 or 2 && _pm[person][day] == 0) _pm[person][day] = code == 'U' && shape == 2 ? (byte)'O' : code;
    }

    private byte Code() => _random.NextDouble() switch { < 0.55 => (byte)'O', < 0.85 => (byte)'N', _ => (byte)'U' };

    private int Shape(bool secondary) => _random.NextDouble() switch { < 0.18 => 0, < 0.36 when secondary => 1, < 0.24 => 1, _ => 2 };

    private DateTime RandomNight()
    {
        while (true)
        {
            var date = _days[0].AddDays(_random.Next(320));
            var weight = date.DayOfWeek is DayOfWeek.Friday or DayOfWeek.Saturday ? 1 : 0.6;
            if (_random.NextDouble() < weight) return date.ToDateTime(new TimeOnly(17, 0)).AddMinutes(_random.Next(420));
        }
    }

    private void AddMissing(int person, DateTime start, string place)
    {
        var hours = Math.Exp(2.2 + (0.9 * Gauss()));
        _missing.Add((string.Create(CultureInfo.InvariantCulture, $"M{_missing.Count + 1:000000}"), person, start, _random.NextDouble() < 0.01 ? null : start.AddHours(Math.Min(hours, 120)), place));
    }

    private string Place(int places) => _random.NextDouble() < 0.3 ? PlaceName((int)(places * Math.Pow(_random.NextDouble(), 2.5))) : "";

    private static string PlaceName(int number) => string.Create(CultureInfo.InvariantCulture, $"{(number % 3 == 0 ? "Park" : number % 3 == 1 ? "Station" : "Flat")} {number} Elm Street");

    private DateOnly RandomDay() => _days[_random.Next(_days.Count)];

    private string Value(string kind, int number)
    {
        var text = kind switch
        {
            "vehicle" => string.Create(CultureInfo.InvariantCulture, $"ZZ{number % 100:00} {Letters(number)}"),
            "phone" => string.Create(CultureInfo.InvariantCulture, $"07700{number % 1_000_000:000000}"),
            "address" => string.Create(CultureInfo.InvariantCulture, $"{number} Alder Row, ZZ1 1AA"),
            _ => string.Create(CultureInfo.InvariantCulture, $"Adult {number}"),
        };
        return _random.NextDouble() switch
        {
            < 0.15 => text.ToLowerInvariant(),
            < 0.3 when kind == "vehicle" => text.Replace(" ", "", StringComparison.Ordinal),
            < 0.3 when kind == "phone" => "+44 " + text[1..],
            _ => text,
        };
    }

    private static string Letters(int number)
    {
        number /= 100;
        Span<char> c = stackalloc char[4];
        for (var k = 0; k < 4; k++)
        {
            c[k] = (char)('A' + (number % 26));
            number /= 26;
        }

        return new string(c);
    }

    private int Poisson(double mean)
    {
        var limit = Math.Exp(-mean);
        var n = 0;
        for (var p = _random.NextDouble(); p > limit; p *= _random.NextDouble()) n++;
        return n;
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    // Marsaglia and Tsang, with the usual lift for shapes below one.
    private double Gamma(double shape)
    {
        var lift = shape < 1 ? Math.Pow(1 - _random.NextDouble(), 1 / shape) : 1;
        if (shape < 1) shape += 1;
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Gauss();
            var v = Math.Pow(1 + (c * x), 3);
            if (v <= 0) continue;
            if (Math.Log(1 - _random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return lift * d * v;
        }
    }

    private void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var order = Enumerable.Range(0, _pupils.Count).ToArray();
        var ids = new string[_pupils.Count];
        _random.Shuffle(order);
        for (var k = 0; k < order.Length; k++) ids[order[k]] = string.Create(CultureInfo.InvariantCulture, $"P{k + 1:0000000}");
        using (var file = Open("people.csv"))
        {
            file.WriteLine("person_id,school_id,year_group,household_id,dob,home_id");
            foreach (var p in _pupils)
            {
                var dob = new DateOnly(2024 - 5 - p.Year, 9, 1).AddDays(p.Number % 365);
                file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ids[p.Number]},S{p.School + 1:0000},{p.Year},H{p.Household + 1:000000},{dob:yyyy-MM-dd},{(p.Home >= 0 ? $"HOME{p.Home + 1}" : "")}"));
            }
        }

        using (var file = Open("marks.csv"))
        {
            file.WriteLine("person_id,date,session,code");
            var dates = _days.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray();
            foreach (var p in _pupils)
            {
                for (var k = 0; k < _days.Count; k++)
                {
                    Line(file, ids[p.Number], dates[k], "AM", _am[p.Number][k], '/');
                    Line(file, ids[p.Number], dates[k], "PM", _pm[p.Number][k], '\\');
                }
            }
        }

        using (var file = Open("missing.csv"))
        {
            file.WriteLine("episode_id,person_id,start,end,place_found");
            foreach (var (id, person, start, end, place) in _missing)
                file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id},{ids[person]},{start:yyyy-MM-dd HH:mm},{end:yyyy-MM-dd HH:mm},{place}"));
        }

        using (var file = Open("assoc.csv"))
        {
            file.WriteLine("person_id,kind,value,date");
            foreach (var (person, kind, value, date) in _things)
                file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ids[person]},{kind},{(value.Contains(',', StringComparison.Ordinal) ? $"\"{value}\"" : value)},{date:yyyy-MM-dd}"));
        }

        using (var file = Open("truth.csv"))
        {
            file.WriteLine("group_id,person_id");
            for (var g = 0; g < Groups.Count; g++)
            {
                foreach (var i in Groups[g]) file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"T{g + 1:0000},{ids[i]}"));
            }
        }

        StreamWriter Open(string name) => new(Path.Combine(folder, name), false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };

        void Line(StreamWriter file, string id, string date, string session, byte code, char present)
        {
            if (code == 0)
            {
                if (!_options.EveryMark) return;
                code = (byte)present;
            }

            file.Write(id);
            file.Write(',');
            file.Write(date);
            file.Write(',');
            file.Write(session);
            file.Write(',');
            if (code == 'Y') file.Write("Y4");
            else file.Write((char)code);
            file.Write('\n');
        }
    }

    private sealed record Pupil(int Number, int School, int Year, double Rate0)
    {
        public double Rate { get; set; } = Rate0;

        public int Household { get; set; }

        public int Home { get; set; }

        public int Habit { get; init; }

        public int Burst { get; init; }
    }

    private sealed record School(int Number, bool Secondary)
    {
        public List<int> Pupils { get; } = [];
    }
}
