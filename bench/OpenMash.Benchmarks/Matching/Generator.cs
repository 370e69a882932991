using System.Globalization;
using System.Text;

namespace OpenMash.Benchmarks.Matching;

/// <summary>How often things go wrong between two records of one person. Three settings are frozen and were not chosen by results.</summary>
internal sealed record ErrorRates(string Name, double Typing, double Hearing, double ShortForm, double Exchange, double Birth, double Omit, double Move, double Marry, double Phone, double Number)
{
    public static readonly ErrorRates Low = new("low", .03, .02, .02, .003, .03, .03, .05, .01, .08, .01);
    public static readonly ErrorRates Middle = new("middle", .08, .06, .05, .01, .08, .10, .12, .03, .20, .02);
    public static readonly ErrorRates High = new("high", .16, .10, .08, .02, .16, .20, .22, .06, .35, .05);

    /// <summary>As people are, for <see cref="OtherHabits"/> to write down in its own way.</summary>
    public static readonly ErrorRates None = new("none", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static ErrorRates Parse(string name) => name switch
    {
        "low" => Low,
        "middle" => Middle,
        "high" => High,
        "none" or OtherHabits.Name => None,
        _ => throw new ArgumentException($"Error rates are low, middle, high or other (other habits), not {name}.", nameof(name)),
    };
}

/// <summary>One written record, with the person it is about.</summary>
internal struct Written
{
    public int Person;
    public string Given, Family, Birth, Sex, Address, Town, Postcode, Phone, Nhs;
}

/// <summary>
/// Invents people of an English borough: households of adults and children (siblings, twins) with one family name, address and telephone or several,
/// names of many communities with common and rare ones, and records of them with errors of typing, hearing, moving, marrying and omitting.
/// Same seed, same people.
/// </summary>
internal sealed class Generator
{
    private static readonly string[] StreetNames = "high,church,mill,park,station,victoria,albert,green,manor,kings,queens,new,grange,springfield,windsor,york,london,school,north,south,west,east,main,chapel,richmond,grove,alexandra,stanley,broad,orchard,the crescent,highfield,mayfield,beech,oak,ash,elm,cedar,maple,willow,rowan,hawthorn,holly,ivy,lime,poplar,sycamore,birch,chestnut,laburnum,meadow,brook,river,bridge,hill,valley,cliff,moor,heath,common,field,farm,barn,cross,castle,abbey,priory,bishop,canal,dock,wharf,market,tower,mount,rose,lily,swan,heron,kestrel,falcon,eagle,lark,robin,fern,bracken,heather,thistle,clover,primrose,daisy,foxglove,bluebell".Split(',');
    private static readonly string[] StreetKinds = "Road,Street,Lane,Avenue,Close,Drive,Crescent,Way,Grove,Place,Terrace,Gardens,Court,Walk,Mews".Split(',');
    private static readonly string[] Towns = "Bradwell,Norbridge,Eastholme,Caldmere,Wexley,Thornaby Vale,Haddon Cross,Marsh End,Oakenford,Silverdale Green".Split(',');
    private readonly List<Community> _communities = [];
    private readonly List<(string From, string To)> _hear = [];
    private readonly Dictionary<string, List<string>> _short = new(StringComparer.Ordinal);
    private readonly ErrorRates _rates;
    private Chance _chance;
    private double _weights;

    public Generator(ulong seed, ErrorRates rates)
    {
        _rates = rates;
        _chance = new Chance(seed);
        Load();
    }

    /// <summary>Writes about <paramref name="rows"/> records, a share of them second, third or fourth records of the same person, in shuffled order.</summary>
    public List<Written> Write(int rows, double duplicates)
    {
        var people = (int)(rows * (1 - duplicates));
        var written = new List<Written>(rows);
        var real = new List<Person>(people);
        var area = Math.Max(people / 12, 20);
        while (real.Count < people)
            Household(real, area);
        for (var i = 0; i < people; i++)
            written.Add(Record(real[i], i, false));
        while (written.Count < rows)
        {
            var i = (int)(_chance.Next() % (ulong)people);
            var more = 1 + (_chance.Under(.25) ? 1 : 0) + (_chance.Under(.08) ? 1 : 0);
            for (var k = 0; k < more && written.Count < rows; k++)
                written.Add(Record(real[i], i, true));
        }

        for (var i = written.Count - 1; i > 0; i--)
        {
            var j = (int)(_chance.Next() % (ulong)(i + 1));
            (written[i], written[j]) = (written[j], written[i]);
        }

        return written;
    }

    /// <summary>Records with errors of the named rates, or with other habits.</summary>
    public static List<Written> Records(ulong seed, string errors, int rows, double duplicates) =>
        errors == OtherHabits.Name ? OtherHabits.Write(seed, rows, duplicates) : new Generator(seed, ErrorRates.Parse(errors)).Write(rows, duplicates);

    /// <summary>Strangers of the same borough: new households, some of them new siblings in known homes.</summary>
    public List<Written> Strangers(int count, IReadOnlyList<Written> known, double siblings)
    {
        var people = new List<Person>();
        while (people.Count < count)
            Household(people, Math.Max(known.Count / 12, 20));
        var written = new List<Written>(count);
        for (var i = 0; i < count; i++)
        {
            var r = Record(people[i], -1, true);
            if (_chance.Under(siblings))
            {
                var host = known[(int)(_chance.Next() % (ulong)known.Count)];
                (r.Family, r.Address, r.Town, r.Postcode, r.Phone) = (host.Family, host.Address, host.Town, host.Postcode, host.Phone);
            }

            written.Add(r);
        }

        return written;
    }

    public static void Csv(TextWriter writer, IEnumerable<Written> rows)
    {
        writer.WriteLine("id,given_name,surname,date_of_birth,sex,address_1,town,postcode,phone,nhs_number,cluster");
        var n = 0;
        foreach (var r in rows)
        {
            writer.Write('r');
            writer.Write(++n);
            foreach (var f in new[] { r.Given, r.Family, r.Birth, r.Sex, r.Address, r.Town, r.Postcode, r.Phone, r.Nhs })
            {
                writer.Write(',');
                writer.Write(f);
            }

            writer.Write(',');
            writer.WriteLine(r.Person);
        }
    }

    private void Household(List<Person> people, int area)
    {
        var community = Pick();
        var family = Family(community);
        var home = Home(area);
        var phone = Phone();
        var adults = _chance.Under(.3) ? 1 : 2;
        var children = _chance.Under(.35) ? 0 : 1 + (int)(_chance.Square() * 5);
        var first = people.Count;
        var parentYear = 1950 + (int)(_chance.Next() % 50);
        for (var a = 0; a < adults; a++)
        {
            var woman = a == 0 ? _chance.Under(.7) : _chance.Under(.2);
            var own = a > 0 && _chance.Under(.25) ? Family(community) : family;
            var year = parentYear + (int)(_chance.Next() % 9) - 4;
            people.Add(new Person(OwnGiven(people, first, community, woman), own, Date(year, year + 1), woman, home, _chance.Under(.7) ? Phone() : phone, Nhs()));
        }

        var born = Math.Max(parentYear + 20 + (int)(_chance.Next() % 12), 1960);
        var childFamily = _chance.Under(.1) ? $"{family}-{Family(community)}" : family;
        for (var c = 0; c < children; c++)
        {
            born = Math.Min(born + 1 + (int)(_chance.Next() % 4), 2026);
            var date = Date(born, born + 1);
            var girl = _chance.Under(.49);
            people.Add(new Person(OwnGiven(people, first, community, girl), childFamily, date, girl, home, phone, Nhs()));
            if (_chance.Under(.015))
            {
                var other = _chance.Under(.6) ? girl : !girl;
                people.Add(new Person(OwnGiven(people, first, community, other), childFamily, date, other, home, phone, Nhs()));
            }
        }
    }

    /// <summary>A given name nobody else of the household has; one in a hundred is named after a parent all the same.</summary>
    private string OwnGiven(List<Person> people, int first, Community community, bool woman)
    {
        var given = Given(community, woman);
        for (var tries = 0; tries < 20 && people.Skip(first).Any(p => p.Given == given) && !_chance.Under(.01); tries++)
            given = Given(community, woman);
        return given;
    }

    private Written Record(Person p, int number, bool withErrors)
    {
        var r = _rates;
        var given = p.Given;
        var family = p.Family;
        var (y, m, d) = p.Birth;
        var home = p.Home;
        var phone = p.Phone;
        var nhs = p.Nhs;
        var scale = withErrors ? 1.0 : .3;
        if (_chance.Under(r.ShortForm * scale) && _short.TryGetValue(given, out var shorts))
            given = shorts[(int)(_chance.Next() % (ulong)shorts.Count)];
        if (_chance.Under(r.Hearing * scale))
            given = Heard(given);
        if (_chance.Under(r.Hearing * scale))
            family = Heard(family);
        if (_chance.Under(r.Typing * scale))
            given = Typed(given);
        if (_chance.Under(r.Typing * scale))
            family = Typed(family);
        if (withErrors && p.Woman && y < 2006 && _chance.Under(r.Marry))
            family = Family(Pick());
        if (_chance.Under(r.Typing * scale / 4) && family.Contains('-', StringComparison.Ordinal))
            family = family.Split('-')[_chance.Under(.5) ? 0 : 1];
        if (_chance.Under(r.Exchange * scale))
            (given, family) = (family, given);
        if (_chance.Under(r.Birth * scale))
        {
            switch (_chance.Next() % 6)
            {
                case 0 when d <= 12:
                    (m, d) = (d, m);
                    break;
                case 1:
                    d = Math.Clamp(d + (_chance.Under(.5) ? 1 : -1), 1, 28);
                    break;
                case 2:
                    y += _chance.Under(.5) ? 1 : -1;
                    break;
                case 3:
                    (m, d) = (1, 1);
                    break;
                case 4:
                    y += _chance.Under(.5) ? 10 : -10;
                    break;
                default:
                    m = 1 + (int)(_chance.Next() % 12);
                    break;
            }
        }

        if (withErrors && _chance.Under(r.Move))
        {
            home = Home(2000);
            if (_chance.Under(.3))
                phone = Phone();
        }

        if (withErrors && _chance.Under(r.Phone))
            phone = Phone();
        if (_chance.Under(r.Typing * scale / 2))
            phone = Digit(phone);
        if (_chance.Under(r.Number * scale))
            nhs = Digit(nhs);
        var address = $"{home.Number} {home.Street}";
        if (home.Flat > 0)
            address = _chance.Under(.5) ? $"Flat {home.Flat} {address}" : $"{home.Flat}/{address}";
        if (_chance.Under(r.Typing * scale))
            address = Typed(address);
        if (_chance.Under(.2))
            address = address.Replace("Road", "Rd", StringComparison.Ordinal).Replace("Street", "St", StringComparison.Ordinal).Replace("Avenue", "Ave", StringComparison.Ordinal);
        var postcode = _chance.Under(r.Typing * scale / 2) ? Typed(home.Postcode) : home.Postcode;
        var o = r.Omit * scale;
        return new Written
        {
            Person = number,
            Given = _chance.Under(o / 4) ? "" : Title(given),
            Family = _chance.Under(o / 6) ? "" : Title(family),
            Birth = _chance.Under(o / 2) ? "" : string.Create(CultureInfo.InvariantCulture, $"{y:D4}-{m:D2}-{d:D2}"),
            Sex = _chance.Under(o) ? "" : p.Woman == !_chance.Under(.005) ? "F" : "M",
            Address = _chance.Under(o) ? "" : address,
            Town = _chance.Under(o) ? "" : home.Town,
            Postcode = _chance.Under(o) ? "" : postcode,
            Phone = _chance.Under(.25 + o) ? "" : phone,
            Nhs = _chance.Under(.35 + o) ? "" : nhs,
        };
    }

    private string Heard(string name)
    {
        var start = (int)(_chance.Next() % (ulong)_hear.Count);
        for (var k = 0; k < _hear.Count; k++)
        {
            var (from, to) = _hear[(start + k) % _hear.Count];
            var at = name.IndexOf(from, StringComparison.Ordinal);
            if (at >= 0)
                return string.Concat(name.AsSpan(0, at), to, name.AsSpan(at + from.Length));
        }

        return name;
    }

    private string Typed(string text)
    {
        if (text.Length < 2)
            return text;
        var at = (int)(_chance.Next() % (ulong)text.Length);
        var letter = (char)('a' + (int)(_chance.Next() % 26));
        switch (_chance.Next() % 4)
        {
            case 0:
                return string.Concat(text.AsSpan(0, at), letter.ToString(), text.AsSpan(at + 1));
            case 1:
                return string.Concat(text.AsSpan(0, at), letter.ToString(), text.AsSpan(at));
            case 2:
                return string.Concat(text.AsSpan(0, at), text.AsSpan(at + 1));
            default:
                if (at == text.Length - 1)
                    at--;
                return string.Concat(text.AsSpan(0, at), text[at + 1].ToString(), text[at].ToString(), text.AsSpan(at + 2));
        }
    }

    private string Digit(string digits)
    {
        if (digits.Length < 4)
            return digits;
        var at = 2 + (int)(_chance.Next() % (ulong)(digits.Length - 2));
        return string.Concat(digits.AsSpan(0, at), ((char)('0' + (int)(_chance.Next() % 10))).ToString(), digits.AsSpan(at + 1));
    }

    private static string Title(string s)
    {
        var b = new StringBuilder(s.Length);
        var up = true;
        foreach (var c in s)
        {
            b.Append(up ? char.ToUpperInvariant(c) : c);
            up = c is ' ' or '-' or '\'';
        }

        return b.ToString();
    }

    private HomeAddress Home(int area)
    {
        var code = (int)(_chance.Next() % (ulong)area);
        var c = code;
        var district = 1 + (c % 39);
        c /= 39;
        var sector = c % 10;
        c /= 10;
        var last = (char)('A' + (c % 20));
        c /= 20;
        var first = (char)('A' + (c % 20));
        c /= 20;
        var town = Towns[code % Towns.Length];
        var streetSeed = (int)((uint)(code / 3 * 2654435761) >> 3);
        var street = Title(StreetNames[streetSeed % StreetNames.Length]) + " " + StreetKinds[streetSeed / StreetNames.Length % StreetKinds.Length];
        return new HomeAddress(
            1 + (int)(_chance.Next() % 180),
            _chance.Under(.15) ? 1 + (int)(_chance.Next() % 20) : 0,
            street,
            town,
            $"{(char)('B' + (c % 20))}D{district} {sector}{first}{last}");
    }

    private string Phone() => "07" + (100000000 + (_chance.Next() % 900000000)).ToString(CultureInfo.InvariantCulture);

    private string Nhs()
    {
        while (true)
        {
            var nine = 400000000 + (_chance.Next() % 300000000);
            var sum = 0;
            var v = nine;
            for (var weight = 2; weight <= 10; weight++, v /= 10)
                sum += (int)(v % 10) * weight;
            var check = (11 - (sum % 11)) % 11;
            if (check != 10)
                return string.Create(CultureInfo.InvariantCulture, $"{nine}{check}");
        }
    }

    private (int Y, int M, int D) Date(int from, int to) =>
        (from + (int)(_chance.Next() % (ulong)Math.Max(to - from, 1)), 1 + (int)(_chance.Next() % 12), 1 + (int)(_chance.Next() % 28));

    private Community Pick()
    {
        var x = _chance.Double() * _weights;
        foreach (var c in _communities)
        {
            x -= c.Share;
            if (x <= 0)
                return c;
        }

        return _communities[0];
    }

    private string Given(Community c, bool woman)
    {
        var list = woman ? c.Girls : c.Boys;
        if (_chance.Under(.04))
        {
            // A rare spelling of the parents' own.
            return Typed(list[(int)(_chance.Square() * list.Length)]);
        }

        return list[(int)(_chance.Square() * list.Length)];
    }

    private string Family(Community c)
    {
        if (_chance.Under(.4))
            return c.Starts[(int)(_chance.Next() % (ulong)c.Starts.Length)] + (_chance.Under(.3) ? c.Starts[(int)(_chance.Next() % (ulong)c.Starts.Length)] : "") + c.Ends[(int)(_chance.Next() % (ulong)c.Ends.Length)];
        return c.Families[(int)(_chance.Square() * c.Families.Length)];
    }

    private void Load()
    {
        Community? current = null;
        foreach (var line in Lines("names.txt"))
        {
            if (line[0] == '[')
            {
                current = new Community { Share = double.Parse(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..^1], CultureInfo.InvariantCulture) };
                _communities.Add(current);
                _weights += current.Share;
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var rest = line[(space + 1)..];
            switch (line[..space])
            {
                case "boys":
                    current!.Boys = rest.Split(',');
                    break;
                case "girls":
                    current!.Girls = rest.Split(',');
                    break;
                case "families":
                    current!.Families = rest.Split(',');
                    break;
                default:
                    var halves = rest.Split('|');
                    (current!.Starts, current.Ends) = (halves[0].Split(','), halves[1].Split(','));
                    break;
            }
        }

        foreach (var line in Lines("slips.txt"))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            foreach (var pair in line[(space + 1)..].Split(','))
            {
                var at = pair.IndexOf('>', StringComparison.Ordinal);
                var (from, to) = (pair[..at], pair[(at + 1)..]);
                if (line.StartsWith("hear", StringComparison.Ordinal))
                {
                    _hear.Add((from, to));
                }
                else
                {
                    if (!_short.TryGetValue(from, out var list))
                        _short[from] = list = [];
                    list.Add(to);
                }
            }
        }
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(Generator).Assembly.GetManifestResourceStream("OpenMash.Benchmarks.Matching." + name)!, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }

    private sealed class Community
    {
        public double Share;
        public string[] Boys = [], Girls = [], Families = [], Starts = [], Ends = [];
    }

    private sealed record HomeAddress(int Number, int Flat, string Street, string Town, string Postcode);

    private sealed record Person(string Given, string Family, (int Y, int M, int D) Birth, bool Woman, HomeAddress Home, string Phone, string Nhs);

    /// <summary>SplitMix64: the same numbers from the same seed on every machine.</summary>
    private struct Chance(ulong seed)
    {
        private ulong _state = seed;

        public ulong Next()
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }

        public double Double() => (Next() >> 11) * (1.0 / (1UL << 53));

        public bool Under(double p) => Double() < p;

        /// <summary>Between 0 and 1, small values often: the commonest names first.</summary>
        public double Square()
        {
            var x = Double();
            return x * x;
        }
    }
}
