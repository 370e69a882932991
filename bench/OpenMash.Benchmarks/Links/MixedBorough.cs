using System.Globalization;
using System.Text;

namespace OpenMash.Benchmarks.Links;

/// <summary>
/// A third kind of invented borough, whose strengths are themselves drawn from the seed: how much absence and how unequally, how restless schools' days are, how
/// many truants, waves, trips, taxis; groups of three to twelve in one school, several, or anywhere, who are away together (not always in the same half of the
/// day), missing together, or only share things, or all of these. Nothing in it is about anybody.
/// </summary>
internal sealed class MixedBorough(BoroughOptions options)
{
    private static readonly string[] ThingKinds = ["vehicle", "phone", "address", "adult"];

    private readonly Random _random = new((options.Seed * 104_729) + 17);
    private readonly List<DateOnly> _days = [];
    private readonly List<Child> _children = [];
    private readonly List<List<int>> _schools = [];
    private readonly List<(int Person, DateTime Start, DateTime? End, string Place)> _missing = [];
    private readonly List<(int Person, string Kind, string Value, DateOnly Date)> _things = [];
    private readonly List<(int[] Members, string Kind)> _groups = [];
    private byte[][] _am = [];
    private byte[][] _pm = [];

    public static int Run(BoroughOptions options, string folder)
    {
        var b = new MixedBorough(options);
        b.Build();
        b.Write(folder);
        Console.WriteLine($"{options.Pupils} pupils of a mixed kind, {b._groups.Count} planted groups, {b._missing.Count} missing episodes, {b._things.Count} associations in {folder}");
        return 0;
    }

    private void Build()
    {
        for (var d = new DateOnly(2023, 9, 5); d <= new DateOnly(2024, 7, 19); d = d.AddDays(1))
        {
            if (d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            if (Between(d, 10, 23, 27, 2023) || Between(d, 2, 12, 16, 2024) || Between(d, 5, 27, 31, 2024) || (d >= new DateOnly(2023, 12, 21) && d <= new DateOnly(2024, 1, 3)) || (d >= new DateOnly(2024, 3, 29) && d <= new DateOnly(2024, 4, 12)) || d == new DateOnly(2024, 5, 6)) continue;
            _days.Add(d);
        }

        People();
        _am = [.. _children.Select(_ => new byte[_days.Count])];
        _pm = [.. _children.Select(_ => new byte[_days.Count])];
        Closures();
        Absence();
        Waves();
        Events();
        Missing();
        Things();
        if (!options.Null) Plant();

        static bool Between(DateOnly d, int month, int first, int last, int year) => d.Year == year && d.Month == month && d.Day >= first && d.Day <= last;
    }

    private void People()
    {
        var (mean, unequal) = (Range(1.2, 4.2) * options.Absence, Range(0.4, 1.3));
        var family = 0;
        while (_children.Count < options.Pupils)
        {
            var secondary = _random.NextDouble() < 0.25;
            var size = Math.Min(options.Pupils - _children.Count, (int)((secondary ? 1000 : 320) * Math.Exp(0.35 * Gauss())) + 30);
            var climate = Math.Exp(0.35 * Gauss());
            var school = new List<int>();
            for (var k = 0; k < size; k++)
            {
                var year = secondary ? 7 + _random.Next(5) : _random.Next(7);
                var rate = Gamma(unequal) / unequal * mean * climate * (secondary ? 1.4 : 0.6) * (1 + (0.06 * Math.Max(0, year - 7)));
                if (_random.NextDouble() < 0.015 * options.Confounders) rate += Range(8, 40);
                school.Add(_children.Count);
                _children.Add(new Child(_schools.Count, year, secondary, rate) { Family = -1, Shape = _random.NextDouble() switch { < 0.6 => 2, < 0.8 => 0, _ => 1 } });
            }

            _schools.Add(school);
        }

        for (var i = 0; i < _children.Count; i++)
        {
            if (_children[i].Family >= 0) continue;
            _children[i].Family = family;
            for (var more = _random.NextDouble() < 0.3 ? 1 + _random.Next(2) : 0; more > 0; more--)
            {
                var near = _schools[Math.Clamp(_children[i].School + _random.Next(-2, 3), 0, _schools.Count - 1)];
                var other = near[_random.Next(near.Count)];
                if (_children[other].Family < 0) _children[other].Family = family;
            }

            family++;
        }

        for (var h = 0; h < Math.Max(1, _children.Count / 4000); h++)
        {
            for (var k = 3 + _random.Next(4); k > 0; k--)
            {
                var i = _random.Next(_children.Count);
                if (_children[i].Secondary) _children[i].Home = h + 1;
            }
        }
    }

    private void Closures()
    {
        foreach (var school in _schools)
        {
            for (var n = _random.Next(4); n > 0; n--)
            {
                var day = _random.Next(_days.Count);
                foreach (var i in school) (_am[i][day], _pm[i][day]) = ((byte)'Y', (byte)'Y');
            }
        }
    }

    private void Absence()
    {
        var (friday, edge, follow, restless) = (1 + (Range(0.1, 0.8) * options.Confounders), 1 + (Range(0.2, 1.5) * options.Confounders), Range(0.2, 0.6), Range(0.05, 0.45) * options.Confounders);
        var day = new double[_days.Count];
        for (var k = 0; k < day.Length; k++)
        {
            day[k] = Math.Exp(0.2 * Gauss()) * (_days[k].DayOfWeek == DayOfWeek.Friday ? friday : 1);
            if (k + 1 < day.Length && _days[k + 1].DayNumber - _days[k].DayNumber > 4) day[k] *= edge;
            if (k > 0 && _days[k].DayNumber - _days[k - 1].DayNumber > 4) day[k] *= edge;
        }

        var families = Enumerable.Range(0, _children.Count).GroupBy(i => _children[i].Family).ToDictionary(f => f.Key, f => f.ToArray());
        foreach (var school in _schools)
        {
            var mood = day.Select(w => w * Math.Exp(restless * Gauss())).ToArray();
            var total = mood.Sum();
            foreach (var i in school)
            {
                var c = _children[i];
                var (low, high) = _random.NextDouble() < 0.15 * options.Confounders ? (_random.Next(_days.Count), 10 + _random.Next(25)) : (0, 0);
                for (var k = 0; k < _days.Count; k++)
                {
                    var p = c.Rate * mood[k] / total * (high == 0 ? 1 : k >= low && k < low + high ? 4 : 0.6);
                    if (_random.NextDouble() >= p) continue;
                    var shape = _random.NextDouble() < 0.7 ? c.Shape : _random.Next(3);
                    var length = 1;
                    while (shape == 2 && length < 15 && _random.NextDouble() < 0.3) length++;
                    var code = Code();
                    for (var d = k; d < Math.Min(_days.Count, k + length); d++) Mark(i, d, shape, code);
                    if (families[c.Family].Length > 1)
                    {
                        foreach (var other in families[c.Family])
                        {
                            if (other != i && _random.NextDouble() < follow) Mark(other, k, shape, code);
                        }
                    }

                    k += length;
                }

                for (var n = Poisson(3.5); n > 0; n--)
                {
                    var start = _random.Next(_days.Count);
                    for (var d = start; d < Math.Min(_days.Count, start + 1 + Poisson(1.3)); d++) Mark(i, d, 2, (byte)'I');
                }
            }
        }

        foreach (var family in families.Values)
        {
            if (_random.NextDouble() >= 0.12) continue;
            var start = _random.Next(_days.Count - 10);
            var length = 1 + _random.Next(10);
            var code = (byte)(_random.NextDouble() < 0.8 ? 'G' : 'C');
            foreach (var i in family)
            {
                for (var d = start; d < start + length; d++) Mark(i, d, 2, code);
            }
        }
    }

    private void Waves()
    {
        var coded = Math.Min(0.8, Range(0.05, 0.3) * options.Confounders);
        foreach (var school in _schools)
        {
            for (var n = _random.Next(4); n > 0; n--)
            {
                var (start, attack, year) = (_random.Next(_days.Count - 8), Range(0.08, 0.4), _random.NextDouble() < 0.5 ? _children[school[_random.Next(school.Count)]].Year : -1);
                foreach (var i in school)
                {
                    if ((year >= 0 && _children[i].Year != year) || _random.NextDouble() >= attack) continue;
                    var (first, code) = (start + _random.Next(6), _random.NextDouble() < coded ? (byte)'N' : (byte)'I');
                    for (var d = first; d < Math.Min(_days.Count, first + 2 + _random.Next(3)); d++) Mark(i, d, 2, code);
                }
            }
        }
    }

    private void Events()
    {
        foreach (var school in _schools)
        {
            for (var n = (int)(_random.Next(4) * options.Confounders); n > 0; n--)
            {
                var (day, size) = (_random.Next(_days.Count), 6 + _random.Next(30));
                for (var k = 0; k < size; k++) Mark(school[_random.Next(school.Count)], day, 0, (byte)'U');
            }

            for (var n = _random.Next(2); n > 0; n--)
            {
                var (day, year, shape) = (_random.Next(_days.Count), _children[school[_random.Next(school.Count)]].Year, _random.Next(3));
                foreach (var i in school)
                {
                    if (_children[i].Year == year && _random.NextDouble() < 0.35) Mark(i, day, shape, (byte)'N');
                }
            }

            // The same riders, late twice.
            if (_random.NextDouble() < 0.3 * options.Confounders)
            {
                var riders = Enumerable.Range(0, 8 + _random.Next(15)).Select(_ => school[_random.Next(school.Count)]).ToArray();
                for (var n = 0; n < 2; n++)
                {
                    var day = _random.Next(_days.Count);
                    foreach (var i in riders)
                    {
                        if (_random.NextDouble() < 0.8) Mark(i, day, 0, (byte)'U');
                    }
                }
            }
        }
    }

    private void Missing()
    {
        var (share, mean) = (Range(0.006, 0.02), Range(1.5, 4));
        foreach (var (c, i) in _children.Select((c, i) => (c, i)))
        {
            var rate = c.Home > 0 ? Range(4, 12) : c.Secondary && _random.NextDouble() < share ? Gamma(0.7) / 0.7 * mean : 0;
            for (var n = Poisson(rate); n > 0; n--) Go(i, Night(), Place());
        }

        foreach (var home in Enumerable.Range(0, _children.Count).Where(i => _children[i].Home > 0).GroupBy(i => _children[i].Home))
        {
            for (var n = 0; n < 4; n++)
            {
                var night = Night();
                foreach (var i in home)
                {
                    if (_random.NextDouble() < 0.6) Go(i, night, Place());
                }
            }
        }

        // A concert, a fair: many are out on one night.
        for (var n = 0; n < 2; n++)
        {
            var night = Night();
            foreach (var i in Enumerable.Range(0, Math.Max(5, _children.Count / 3000)).Select(_ => _random.Next(_children.Count)).Where(i => _children[i].Secondary)) Go(i, night.AddMinutes(_random.Next(120)), "Fairground");
        }
    }

    private void Things()
    {
        var (share, values) = (Range(0.02, 0.07), Math.Max(80, _children.Count / 15));
        for (var i = 0; i < _children.Count; i++)
        {
            if (_random.NextDouble() >= share) continue;
            for (var n = 1 + Poisson(1); n > 0; n--)
            {
                var kind = ThingKinds[_random.Next(4)];
                Have(i, kind, (int)(values * Math.Pow(_random.NextDouble(), 2)));
            }
        }

        for (var s = 0; s < _schools.Count; s++)
        {
            for (var t = 0; t < 2; t++)
            {
                for (var k = 5 + _random.Next(20); k > 0; k--) Have(_schools[s][_random.Next(_schools[s].Count)], "vehicle", 100_000 + (s * 2) + t);
            }
        }

        for (var d = 0; d < Math.Max(2, _children.Count / 5000); d++)
        {
            for (var k = 0; k < 30; k++) Have(_random.Next(_children.Count), _random.NextDouble() < 0.7 ? "phone" : "adult", 200_000 + d);
        }
    }

    private void Plant()
    {
        var (more, surer) = options.Level switch { "easy" => (1.3, 0.08), "hard" => (0.7, -0.1), _ => (1.0, 0.0) };
        var older = Enumerable.Range(0, _children.Count).Where(i => _children[i].Year >= 7 && _children[i].Home == 0).ToArray();
        if (older.Length < 200) return;
        var used = new HashSet<int>();
        for (var g = 0; g < (int)Math.Round(_children.Count / 1000.0 * options.GroupsPerThousand); g++)
        {
            var size = 3;
            while (size < 12 && _random.NextDouble() < 0.68) size++;
            var lead = older[_random.Next(older.Length)];
            var home = _children[lead].School;
            var reach = _random.NextDouble() switch { < 0.5 => 0, < 0.85 => 12, _ => int.MaxValue };
            var members = new List<int>();
            for (var attempt = 0; attempt < 50_000 && members.Count < size; attempt++)
            {
                var i = reach == 0 ? _schools[home][_random.Next(_schools[home].Count)] : older[_random.Next(older.Length)];
                var c = _children[i];
                if (c.Year < 7 || c.Home > 0 || Math.Abs(c.Year - _children[lead].Year) > 2 || Math.Abs(c.School - home) > reach || used.Contains(i) || members.Any(j => _children[j].Family == c.Family)) continue;
                used.Add(i);
                members.Add(i);
            }

            if (members.Count < 3) continue;
            var (away, gone, share, name) = _random.NextDouble() switch
            {
                < 0.35 => (true, false, false, "absence"),
                < 0.5 => (false, true, false, "missing"),
                < 0.6 => (false, false, true, "things"),
                < 0.8 => (true, true, false, "absence+missing"),
                _ => (true, true, true, "all"),
            };
            _groups.Add(([.. members], name));
            var join = members.ToDictionary(i => i, _ => Math.Clamp(Range(0.5, 0.9) + surer, 0.3, 0.97));
            if (away)
            {
                var main = _random.NextDouble() switch { < 0.5 => 1, < 0.85 => 2, _ => 0 };
                var from = _random.Next(_days.Count - 80);
                var span = 80 + _random.Next(_days.Count - from - 80 + 1);
                for (var n = (int)Math.Round(Range(6, 16) * more * (gone ? 0.8 : 1)); n > 0; n--)
                {
                    var day = from + _random.Next(Math.Min(span, _days.Count - from));
                    foreach (var i in members)
                    {
                        if (_random.NextDouble() < join[i]) Mark(i, day, _random.NextDouble() < 0.85 ? main : main == 2 ? 1 : 2, Code());
                    }
                }
            }

            if (gone)
            {
                for (var n = (int)Math.Round(Range(3, 8) * more * (away ? 0.6 : 1)); n > 0; n--)
                {
                    var night = Night();
                    foreach (var i in members)
                    {
                        if (_random.NextDouble() < join[i]) Go(i, night.AddMinutes(_random.Next(240)), _random.NextDouble() < 0.3 ? string.Create(CultureInfo.InvariantCulture, $"Flat {g} Mill Lane") : "");
                    }
                }
            }

            if (share)
            {
                for (var t = (away ? 1 : 2) + _random.Next(2); t > 0; t--)
                {
                    var kind = ThingKinds[_random.Next(4)];
                    foreach (var i in members)
                    {
                        if (_random.NextDouble() < Math.Min(0.9, join[i])) Have(i, kind, 300_000 + (g * 4) + t);
                    }
                }
            }
        }
    }

    private void Have(int person, string kind, int number)
    {
        var text = kind switch
        {
            "vehicle" => string.Create(CultureInfo.InvariantCulture, $"QX{number % 90:00} {(char)('A' + (number % 26))}{(char)('A' + (number / 26 % 26))}{(char)('A' + (number / 676 % 26))}{(number / 17576) + 1}"),
            "phone" => string.Create(CultureInfo.InvariantCulture, $"07700 {number % 1_000_000:000000}"),
            "address" => string.Create(CultureInfo.InvariantCulture, $"{number} Mill Lane"),
            _ => string.Create(CultureInfo.InvariantCulture, $"A. Person {number}"),
        };
        _things.Add((person, kind, text, _days[_random.Next(_days.Count)]));
    }

    private void Go(int person, DateTime start, string place) => _missing.Add((person, start, _random.NextDouble() < 0.01 ? null : start.AddHours(Math.Min(140, Math.Exp(1.8 + (1.1 * Gauss())))), place));

    private string Place() => _random.NextDouble() < 0.4 ? string.Create(CultureInfo.InvariantCulture, $"Park {(int)(60 * Math.Pow(_random.NextDouble(), 2))}") : "";

    private DateTime Night()
    {
        var date = _days[0].AddDays(_random.Next(315));
        while (date.DayOfWeek is not (DayOfWeek.Friday or DayOfWeek.Saturday) && _random.NextDouble() < 0.3) date = _days[0].AddDays(_random.Next(315));
        return date.ToDateTime(new TimeOnly(16, 0)).AddMinutes(_random.Next(420));
    }

    private byte Code() => _random.NextDouble() switch { < 0.5 => (byte)'O', < 0.85 => (byte)'N', _ => (byte)'U' };

    private void Mark(int person, int day, int shape, byte code)
    {
        if (shape is 0 or 2 && _am[person][day] == 0) _am[person][day] = code;
        if (shape is 1 or 2 && _pm[person][day] == 0) _pm[person][day] = code == 'U' ? (byte)'O' : code;
    }

    private double Range(double low, double high) => low + ((high - low) * _random.NextDouble());

    private int Poisson(double mean)
    {
        var (limit, n) = (Math.Exp(-mean), 0);
        for (var p = _random.NextDouble(); p > limit; p *= _random.NextDouble()) n++;
        return n;
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    // Ahrens and Dieter for shapes below one; above, a sum.
    private double Gamma(double shape)
    {
        var sum = 0.0;
        for (; shape >= 1; shape--) sum -= Math.Log(1 - _random.NextDouble());
        if (shape < 1e-9) return sum;
        while (true)
        {
            var (u, e) = (_random.NextDouble() * ((Math.E + shape) / Math.E), -Math.Log(1 - _random.NextDouble()));
            var x = u <= 1 ? Math.Pow(u, 1 / shape) : -Math.Log((((Math.E + shape) / Math.E) - u) / shape);
            if (u <= 1 ? x <= e : (1 - shape) * Math.Log(x) <= e) return sum + x;
        }
    }

    private void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var number = Enumerable.Range(1, _children.Count).ToArray();
        _random.Shuffle(number);
        string[] ids = [.. number.Select(n => string.Create(CultureInfo.InvariantCulture, $"C{n:000000}"))];
        Lines("people.csv", "person_id,school_id,year_group,household_id,dob,home_id", _children.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{ids[i]},{100_000 + c.School},{c.Year},F{c.Family},{2018 - c.Year}-{1 + (i % 12):00}-{1 + (i % 28):00},{(c.Home > 0 ? $"H{c.Home}" : "")}")));
        Lines("missing.csv", "episode_id,person_id,start,end,place_found", _missing.Select((e, k) => string.Create(CultureInfo.InvariantCulture, $"E{k + 1},{ids[e.Person]},{e.Start:yyyy-MM-dd HH:mm},{e.End:yyyy-MM-dd HH:mm},{e.Place}")));
        Lines("assoc.csv", "person_id,kind,value,date", _things.Select(t => string.Create(CultureInfo.InvariantCulture, $"{ids[t.Person]},{t.Kind},{t.Value},{t.Date:yyyy-MM-dd}")));
        Lines("marks.csv", "person_id,date,session,code", Marks(ids));
        Lines("kinds.csv", "kind", _groups.Select(g => g.Kind));
        Lines("truth.csv", "group_id,person_id", _groups.SelectMany((g, k) => g.Members.Select(i => string.Create(CultureInfo.InvariantCulture, $"T{k + 1},{ids[i]}"))));

        void Lines(string name, string header, IEnumerable<string> lines)
        {
            using var file = new StreamWriter(Path.Combine(folder, name), false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
            file.WriteLine(header);
            foreach (var line in lines) file.WriteLine(line);
        }
    }

    private IEnumerable<string> Marks(string[] ids)
    {
        var dates = _days.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray();
        for (var i = 0; i < ids.Length; i++)
        {
            for (var k = 0; k < dates.Length; k++)
            {
                if (_am[i][k] != 0 || options.EveryMark) yield return $"{ids[i]},{dates[k]},AM,{(_am[i][k] == 0 ? '/' : (char)_am[i][k])}";
                if (_pm[i][k] != 0 || options.EveryMark) yield return $"{ids[i]},{dates[k]},PM,{(_pm[i][k] == 0 ? '\\' : (char)_pm[i][k])}";
            }
        }
    }

    private sealed record Child(int School, int Year, bool Secondary, double Rate)
    {
        public int Family { get; set; }

        public int Home { get; set; }

        public int Shape { get; init; }
    }
}
