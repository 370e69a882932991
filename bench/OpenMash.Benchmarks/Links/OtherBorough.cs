using System.Globalization;
using System.Text;

namespace OpenMash.Benchmarks.Links;

/// <summary>
/// An invented borough made another way, to see whether what was tuned on the first holds: two terms only, all-through and very small schools, absence that comes
/// and goes in states (a child is well for weeks and then away every other day) with heavy tails, bus routes over several schools, snow, a religious community
/// that keeps its own days, children who always come late after breakfast club; many small groups that act often, few long ones that act loosely, some that are
/// only ever missing or only share things; days written dd/mm/yyyy, sessions 1 and 2, numbers for identifiers.
/// </summary>
internal sealed class OtherBorough(BoroughOptions options)
{
    private readonly Random _random = new(options.Seed * 7919);
    private readonly List<DateOnly> _days = [];
    private readonly List<int> _school = [];
    private readonly List<int> _year = [];
    private readonly List<int> _family = [];
    private readonly List<List<int>> _schools = [];
    private readonly List<(int Person, DateTime Start, DateTime End, string Place)> _missing = [];
    private readonly List<(int Person, string Kind, string Value)> _things = [];
    private readonly List<int[]> _groups = [];
    private byte[][] _am = [];
    private byte[][] _pm = [];

    public static int Run(BoroughOptions options, string folder)
    {
        var b = new OtherBorough(options);
        b.Build();
        b.Write(folder);
        Console.WriteLine($"{options.Pupils} pupils of another kind, {b._groups.Count} planted groups, {b._missing.Count} missing episodes, {b._things.Count} associations in {folder}");
        return 0;
    }

    private void Build()
    {
        for (var d = new DateOnly(2025, 1, 6); d <= new DateOnly(2025, 7, 18); d = d.AddDays(1))
        {
            var week = d.DayNumber - new DateOnly(2025, 1, 6).DayNumber;
            if (d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || week / 7 is 6 or 13 or 14 or 20) continue;
            _days.Add(d);
        }

        People();
        _am = new byte[_school.Count][];
        _pm = new byte[_school.Count][];
        for (var i = 0; i < _school.Count; i++)
        {
            _am[i] = new byte[_days.Count];
            _pm[i] = new byte[_days.Count];
        }

        OwnAbsence();
        Confounders();
        MissingAndThings();
        if (!options.Null) Plant();
    }

    private void People()
    {
        var family = 0;
        while (_school.Count < options.Pupils)
        {
            var kind = _random.NextDouble();
            var size = Math.Min(options.Pupils - _school.Count, kind < 0.15 ? 40 + _random.Next(60) : kind < 0.7 ? 150 + _random.Next(300) : 1100 + _random.Next(900));
            var (low, high) = size < 500 ? (0, 6) : kind < 0.85 ? (7, 13) : (0, 13);
            var school = new List<int>();
            for (var k = 0; k < size; k++)
            {
                school.Add(_school.Count);
                _school.Add(_schools.Count);
                _year.Add(low + _random.Next(high - low + 1));
                _family.Add(_random.NextDouble() < 0.3 && _family.Count > 0 ? _family[Math.Max(0, _family.Count - 1 - _random.Next(400))] : family++);
            }

            _schools.Add(school);
        }
    }

    // Two states: mostly there, or for weeks away every few days. How easily a child falls into the second has a heavy tail.
    private void OwnAbsence()
    {
        for (var i = 0; i < _school.Count; i++)
        {
            var older = _year[i] >= 7;
            var calm = options.Absence * (older ? 0.006 : 0.004) * Math.Exp(0.8 * Gauss());
            var bad = Math.Min(0.45, calm * 8);
            var fall = 0.012 * Math.Exp(0.7 * Gauss()) * options.Confounders;
            var late = _random.NextDouble() < 0.02 ? 0.06 : 0.004;
            var inBad = _random.NextDouble() < 0.1;
            var favourite = _random.Next(3);
            for (var k = 0; k < _days.Count; k++)
            {
                if (_random.NextDouble() < (inBad ? 0.05 : fall)) inBad = !inBad;
                var p = (inBad ? bad : calm) * (_days[k].DayOfWeek == DayOfWeek.Monday ? 1.5 : 1) * (k > _days.Count - 10 ? 1.6 : 1);
                if (_random.NextDouble() < p)
                {
                    var length = _random.NextDouble() < 0.5 ? 1 : 1 + _random.Next(9);
                    var shape = length > 1 ? 2 : _random.NextDouble() < 0.6 ? favourite : _random.Next(3);
                    var code = (byte)"OONGU"[_random.Next(5)];
                    for (var d = k; d < Math.Min(_days.Count, k + length); d++) Mark(i, d, shape, code);
                    k += length - 1;
                }
                else if (_random.NextDouble() < late)
                {
                    Mark(i, k, 0, (byte)'U');
                }
                else if (_random.NextDouble() < 0.02)
                {
                    var length = 1 + _random.Next(5);
                    for (var d = k; d < Math.Min(_days.Count, k + length); d++) Mark(i, d, 2, (byte)'I');
                }
            }
        }

        // Brothers and sisters often follow.
        foreach (var family in Enumerable.Range(0, _school.Count).GroupBy(i => _family[i]).Where(f => f.Count() > 1))
        {
            var first = family.First();
            for (var k = 0; k < _days.Count; k++)
            {
                if (_am[first][k] is not ((byte)'O' or (byte)'G') || _random.NextDouble() > 0.5) continue;
                foreach (var other in family.Skip(1)) Mark(other, k, 2, _am[first][k]);
            }
        }
    }

    private void Confounders()
    {
        for (var route = 0; route < _school.Count / 600; route++)
        {
            var at = _random.Next(_schools.Count);
            var riders = new List<int>();
            for (var k = 0; k < 25 + _random.Next(30); k++)
            {
                var school = _schools[Math.Min(_schools.Count - 1, at + _random.Next(3))];
                riders.Add(school[_random.Next(school.Count)]);
            }

            for (var n = 1 + _random.Next(2); n > 0; n--)
            {
                var day = _random.Next(_days.Count);
                foreach (var i in riders)
                {
                    if (_random.NextDouble() < 0.8) Mark(i, day, 0, (byte)'U');
                }
            }
        }

        for (var snow = 0; snow < 2; snow++)
        {
            var day = _random.Next(40);
            for (var i = 0; i < _school.Count; i++)
            {
                if (_school[i] % 5 == snow) (_am[i][day], _pm[i][day]) = ((byte)'#', (byte)'#');
                else if (_random.NextDouble() < 0.05) Mark(i, day, _random.Next(3), (byte)(_random.NextDouble() < 0.5 ? 'N' : 'O'));
            }
        }

        // A community keeps its own two days: some registers say R, others N.
        int[] feasts = [_days.Count / 3, _days.Count * 2 / 3];
        for (var s = 0; s < _schools.Count; s++)
        {
            if (_random.NextDouble() > 0.3) continue;
            foreach (var i in _schools[s])
            {
                if (_random.NextDouble() > 0.25) continue;
                foreach (var day in feasts)
                {
                    if (_random.NextDouble() < 0.85) Mark(i, day, 2, (byte)(_random.NextDouble() < 0.4 ? 'N' : 'R'));
                }
            }
        }

        // A register not taken: a year group without a reason for one half of a day.
        for (var n = 0; n < _schools.Count; n++)
        {
            var school = _schools[_random.Next(_schools.Count)];
            var (day, year, shape) = (_random.Next(_days.Count), _year[school[_random.Next(school.Count)]], _random.Next(2));
            foreach (var i in school)
            {
                if (_year[i] == year && _random.NextDouble() < 0.7) Mark(i, day, shape, (byte)'N');
            }
        }
    }

    private void MissingAndThings()
    {
        for (var i = 0; i < _school.Count; i++)
        {
            if (_year[i] >= 6 && _random.NextDouble() < 0.01)
            {
                var often = (int)Math.Exp(1.5 * Math.Abs(Gauss()));
                for (var n = 0; n < often; n++) AddMissing(i, Night(), _random.NextDouble() < 0.4 ? $"Arcade {_random.Next(40)}" : "");
            }

            if (_random.NextDouble() < 0.03) _things.Add((i, "venue", $"Venue {(int)(300 * Math.Pow(_random.NextDouble(), 3))}"));
            if (_random.NextDouble() < 0.03) _things.Add((i, "handle", $"@user{(int)(Math.Max(400, _school.Count / 10) * _random.NextDouble())}"));
        }
    }

    private void Plant()
    {
        var strength = options.Level switch { "easy" => 1.25, "hard" => 0.7, _ => 1.0 };
        var used = new HashSet<int>();
        var older = Enumerable.Range(0, _school.Count).Where(i => _year[i] >= 8).ToArray();
        if (older.Length < 50) return;
        for (var g = 0; g < (int)Math.Round(_school.Count / 1000.0 * options.GroupsPerThousand); g++)
        {
            var kind = _random.NextDouble();
            var (size, acts, join) = kind switch
            {
                < 0.5 => (3 + _random.Next(2), 12, 0.85),
                < 0.7 => (10 + _random.Next(4), 16, 0.4),
                < 0.85 => (4 + _random.Next(3), 5, 0.85),
                _ => (5 + _random.Next(3), 9, 0.7),
            };
            var spread = _random.NextDouble();
            var lead = older[_random.Next(older.Length)];
            var members = new List<int> { lead };
            for (var attempt = 0; attempt < 20_000 && members.Count < size; attempt++)
            {
                var i = spread < 0.7 ? _schools[_school[lead]][_random.Next(_schools[_school[lead]].Count)] : older[_random.Next(older.Length)];
                if (_year[i] < 7 || Math.Abs(_year[i] - _year[lead]) > (spread < 0.4 ? 0 : 2) || members.Any(j => j == i || _family[j] == _family[i]) || used.Contains(i)) continue;
                members.Add(i);
            }

            if (members.Count < 3 || used.Contains(lead)) continue;
            foreach (var i in members) used.Add(i);
            _groups.Add([.. members]);
            var missingOnly = kind is >= 0.7 and < 0.85;
            var favourite = _random.Next(3);
            var n = Math.Max(3, (int)Math.Round(acts * strength * (0.7 + (0.6 * _random.NextDouble()))));
            for (var a = 0; a < n; a++)
            {
                var night = Night();
                var day = _random.Next(_days.Count);
                foreach (var i in members)
                {
                    if (_random.NextDouble() >= join * Math.Sqrt(strength)) continue;
                    if (missingOnly) AddMissing(i, night.AddMinutes(_random.Next(120)), _random.NextDouble() < 0.5 ? $"Flat {900 + g}" : "");
                    else Mark(i, day, _random.NextDouble() < 0.9 ? favourite : _random.Next(3), (byte)"OOOU"[_random.Next(4)]);
                }
            }

            if (_random.NextDouble() < 0.3)
            {
                foreach (var i in members)
                {
                    if (_random.NextDouble() < 0.6) _things.Add((i, "handle", $"@own{g}"));
                }
            }
        }
    }

    private void Mark(int person, int day, int shape, byte code)
    {
        if (shape is 0 or 2 && _am[person][day] == 0) _am[person][day] = code;
        if (shape is 1 or 2 && _pm[person][day] == 0) _pm[person][day] = code == 'U' ? (byte)'O' : code;
    }

    private DateTime Night() => _days[0].AddDays(_random.Next(190)).ToDateTime(new TimeOnly(18, 0)).AddMinutes(_random.Next(300));

    private void AddMissing(int person, DateTime start, string place) => _missing.Add((person, start, start.AddHours(1 + (30 * Math.Pow(_random.NextDouble(), 3))), place));

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var ids = Enumerable.Range(1_000_001, _school.Count).ToArray();
        _random.Shuffle(ids);
        using (var file = Open("people.csv", "person_id,school_id,year_group,household_id,dob,home_id"))
        {
            for (var i = 0; i < _school.Count; i++) file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ids[i]},{900_000 + _school[i]},Year {_year[i]},{_family[i]},{1 + (i % 28):00}/03/{2024 - 5 - _year[i]},"));
        }

        using (var file = Open("marks.csv", "person_id,date,session,code"))
        {
            for (var k = 0; k < _days.Count; k++)
            {
                var date = _days[k].ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
                for (var i = 0; i < _school.Count; i++)
                {
                    Line(file, ids[i], date, '1', _am[i][k] == 0 && options.EveryMark ? (byte)'/' : _am[i][k]);
                    Line(file, ids[i], date, '2', _pm[i][k] == 0 && options.EveryMark ? (byte)'\\' : _pm[i][k]);
                }
            }
        }

        using (var file = Open("missing.csv", "episode_id,person_id,start,end,place_found"))
        {
            for (var e = 0; e < _missing.Count; e++) file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e + 1},{ids[_missing[e].Person]},{_missing[e].Start:yyyy-MM-ddTHH:mm},{_missing[e].End:yyyy-MM-ddTHH:mm},{_missing[e].Place}"));
        }

        using (var file = Open("assoc.csv", "person_id,kind,value,date"))
        {
            foreach (var (person, kind, value) in _things) file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ids[person]},{kind},{value},"));
        }

        using (var file = Open("truth.csv", "group_id,person_id"))
        {
            for (var g = 0; g < _groups.Count; g++)
            {
                foreach (var i in _groups[g]) file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"T{g + 1},{ids[i]}"));
            }
        }

        StreamWriter Open(string name, string header)
        {
            var file = new StreamWriter(Path.Combine(folder, name), false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
            file.WriteLine(header);
            return file;
        }

        static void Line(StreamWriter file, int id, string date, char session, byte code)
        {
            if (code == 0) return;
            file.Write(id);
            file.Write(',');
            file.Write(date);
            file.Write(',');
            file.Write(session);
            file.Write(',');
            file.Write((char)code);
            file.Write('\n');
        }
    }
}
