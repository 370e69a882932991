using System.Globalization;
using System.Text;

namespace OpenMash.Benchmarks.Matching;

/// <summary>
/// Four agencies that write the same people down each in its own way, with slips that <see cref="Generator"/> does not make: neighbouring keys, letters
/// doubled and undoubled, names cut off, known by another name, dates turned round or only the year, moves within the district, telephone and postcode in
/// other forms. Written after the engine's weights and rules were settled, to see whether they hold; never tuned against.
/// </summary>
internal sealed class OtherHabits(ulong seed)
{
    public const string Name = "other";
    private static readonly string[] Keys = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    private static readonly System.Buffers.SearchValues<char> Vowels = System.Buffers.SearchValues.Create("aeiouy");
    private readonly Random _chance = new((int)(seed * 7919 + 13));

    private bool Under(double p) => _chance.NextDouble() < p;

    /// <summary>The record as one of the agencies has it, taken from one without errors. A first record has a third of the slips.</summary>
    public Written Rewrite(Written r, IReadOnlyList<Written> names, bool first)
    {
        var s = first ? .35 : 1;
        if (Under(.02 * s))
            r.Given = names[_chance.Next(names.Count)] is { } other && other.Sex == r.Sex && other.Given.Length > 0 ? other.Given : r.Given;
        if (Under(.03 * s))
            r.Family = names[_chance.Next(names.Count)] is { Family.Length: > 0 } step ? step.Family : r.Family;
        r.Given = Slip(r.Given, s);
        r.Family = Slip(r.Family, s);
        if (Under(.12 * s) && r.Postcode.Length > 3)
        {
            r.Address = string.Create(CultureInfo.InvariantCulture, $"{_chance.Next(1, 200)} {names[_chance.Next(names.Count)].Address.TrimStart("0123456789/ ".ToCharArray())}");
            r.Postcode = string.Create(CultureInfo.InvariantCulture, $"{r.Postcode[..^3]}{_chance.Next(0, 10)}{(char)('A' + _chance.Next(20))}{(char)('A' + _chance.Next(20))}");
        }

        if (Under(.2 * s) && r.Phone.Length > 0)
            r.Phone = "07" + _chance.Next(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture);
        if (r.Birth.Length == 10 && Under(.09 * s))
            r.Birth = Misdated(r.Birth);
        if (r.Nhs.Length == 10 && Under(.015 * s))
            r.Nhs = Swapped(r.Nhs, _chance.Next(9));
        r = _chance.Next(4) switch
        {
            0 => Police(r),
            1 => School(r),
            2 => Health(r),
            _ => Voluntary(r),
        };
        if (Under(.06 * s))
            r.Birth = "";
        if (Under(.10 * s))
            (r.Address, r.Postcode) = ("", "");
        if (Under(.08 * s))
            r.Sex = "";
        return r;
    }

    private static Written Police(Written r)
    {
        (r.Given, r.Family, r.Address) = (r.Given.ToUpperInvariant(), r.Family.ToUpperInvariant(), r.Address.ToUpperInvariant());
        r.Postcode = r.Postcode.Replace(" ", "", StringComparison.Ordinal);
        r.Sex = r.Sex switch { "F" => "Female", "M" => "Male", _ => "" };
        r.Nhs = "";
        return r;
    }

    private Written School(Written r)
    {
        if (r.Phone.Length == 11)
            r.Phone = Under(.5) ? $"+44 {r.Phone[1..5]} {r.Phone[5..]}" : $"{r.Phone[..5]} {r.Phone[5..8]} {r.Phone[8..]}";
        r.Nhs = Under(.7) ? "" : r.Nhs;
        return r;
    }

    private static Written Health(Written r)
    {
        r.Given = Cut(r.Given, 12);
        r.Family = Cut(r.Family.Replace('-', ' '), 14);
        if (r.Nhs.Length == 10)
            r.Nhs = $"{r.Nhs[..3]} {r.Nhs[3..6]} {r.Nhs[6..]}";
        return r;
    }

    private Written Voluntary(Written r)
    {
        if (Under(.12) && r.Given.Length > 0)
            r.Given = r.Given[..1];
        else if (Under(.08) && r.Given.Length > 5)
            r.Given = r.Given[.._chance.Next(3, 5)];
        if (Under(.15) && r.Birth.Length == 10)
            r.Birth = Under(.5) ? r.Birth[..4] + "-01-01" : r.Birth[..4];
        if (Under(.2))
            r.Address = r.Address.TrimStart("0123456789/ ".ToCharArray());
        r.Nhs = "";
        return r;
    }

    private string Slip(string name, double s)
    {
        if (name.Length < 3)
            return name;
        var at = _chance.Next(1, name.Length);
        if (Under(.05 * s))
        {
            foreach (var row in Keys)
            {
                var k = row.IndexOf(char.ToLowerInvariant(name[at]), StringComparison.Ordinal);
                if (k >= 0)
                    return string.Concat(name.AsSpan(0, at), row[k == 0 ? 1 : k - 1].ToString(), name.AsSpan(at + 1));
            }
        }

        if (Under(.03 * s))
            return name[at] == name[at - 1] ? name.Remove(at, 1) : name.Insert(at, name[at].ToString());
        if (Under(.04 * s))
        {
            var vowel = name.AsSpan(1).IndexOfAny(Vowels) + 1;
            if (vowel > 0)
                return string.Concat(name.AsSpan(0, vowel), "aeiouy"[_chance.Next(6)].ToString(), name.AsSpan(vowel + 1));
        }

        return name;
    }

    private string Misdated(string birth)
    {
        var (y, m, d) = (birth[..4], birth[5..7], birth[8..]);
        return _chance.Next(5) switch
        {
            0 when string.CompareOrdinal(d, "12") <= 0 => $"{y}-{d}-{m}",
            1 => $"{y}-{m}-{Swapped(d, 0)}",
            2 => $"{Swapped(y, 2)}-{m}-{d}",
            3 => string.Create(CultureInfo.InvariantCulture, $"{y}-{m}-{_chance.Next(1, 29):D2}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{int.Parse(y, CultureInfo.InvariantCulture) + (Under(.5) ? 1 : -1)}-{m}-{d}"),
        };
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private static string Swapped(string text, int at) => new StringBuilder(text) { [at] = text[at + 1], [at + 1] = text[at] }.ToString();

    /// <summary>All records of a run of the generator without errors, each person's first with few slips and later ones with many.</summary>
    public static List<Written> Write(ulong seed, int rows, double duplicates)
    {
        var clean = new Generator(seed, ErrorRates.None).Write(rows, duplicates);
        var habits = new OtherHabits(seed);
        var seen = new HashSet<int>();
        var written = new List<Written>(clean.Count);
        foreach (var r in clean)
            written.Add(habits.Rewrite(r, clean, seen.Add(r.Person)));
        return written;
    }
}
