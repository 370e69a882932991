using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OpenMash.Engines.Links;

/// <summary>A spell of being missing. Minutes are of local time since 0001-01-01.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Episode(int Person, long Start, long End, int Thing)
{
    public const long OpenEnd = long.MaxValue;
}

/// <summary>One mention: a child and a thing (a value of a kind).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Mention(int Person, int Thing, int Day);

/// <summary>
/// What the engine works on: people, the register, missing episodes, and things that children share. Fill it with the <c>Read</c> methods,
/// people first. Nothing here is a name: identifiers are the caller's own and ought to be pseudonyms.
/// </summary>
public sealed partial class LinksData
{
    internal const int NoYear = short.MinValue;

    private readonly Dictionary<string, int> _schoolIds = new(StringComparer.Ordinal);
    private readonly Dictionary<(int School, int Year), int> _strata = [];
    private readonly Dictionary<(int Kind, string Value), int> _thingIds = [];
    private readonly Dictionary<string, int> _kindIds = new(StringComparer.Ordinal);

    /// <summary>Makes an empty one.</summary>
    public LinksData() => Register = new Register(0);

    /// <summary>What could not be used.</summary>
    public LinksProblems Problems { get; } = new();

    /// <summary>How many people.</summary>
    public int PeopleCount => Ids.Count;

    /// <summary>Rows of marks read, good and bad.</summary>
    public long MarkRows { get; internal set; }

    /// <summary>Missing episodes held.</summary>
    public int EpisodeCount => Episodes.Count;

    /// <summary>Mentions of shared things held, duplicates left out.</summary>
    public int MentionCount => Mentions.Count;

    /// <summary>The kinds of things present, sorted.</summary>
    public IReadOnlyList<string> Kinds => [.. KindNames.Order(StringComparer.Ordinal)];

    internal IdTable Ids { get; } = new();

    internal List<string> SchoolNames { get; } = [];

    internal List<int> StratumSchool { get; } = [];

    internal List<int> StratumYear { get; } = [];

    internal List<int> School { get; } = [];

    internal List<int> Stratum { get; } = [];

    internal List<int> Household { get; } = [];

    internal List<int> Home { get; } = [];

    internal IdTable Households { get; } = new();

    internal IdTable Homes { get; } = new();

    internal Register Register { get; set; }

    internal List<Episode> Episodes { get; } = [];

    internal List<Mention> Mentions { get; } = [];

    internal List<string> KindNames { get; } = [];

    internal List<int> ThingKind { get; } = [];

    internal List<string> ThingValue { get; } = [];

    private HashSet<long> MentionKeys { get; } = [];

    /// <summary>The identifier of a person by number.</summary>
    public string PersonId(int person) => Ids.Text(person);

    /// <summary>The number of a person, or -1.</summary>
    public int FindPerson(string personId)
    {
        ArgumentNullException.ThrowIfNull(personId);
        return Ids.Find(Encoding.UTF8.GetBytes(personId.Trim()));
    }

    internal int YearOf(int person) => StratumYear[Stratum[person]];

    /// <summary>Brothers, sisters and children of one home are known links: never a finding.</summary>
    internal bool Known(int a, int b) => (Household[a] >= 0 && Household[a] == Household[b]) || (Home[a] >= 0 && Home[a] == Home[b]);

    internal bool AddPerson(ReadOnlySpan<byte> id, string school, string year, ReadOnlySpan<byte> household, ReadOnlySpan<byte> home)
    {
        Ids.Add(id, out var added);
        if (!added) return false;
        AddPersonRow(school, ParseYear(year), household, home);
        return true;
    }

    internal void AddPersonRow(string school, int year, ReadOnlySpan<byte> household, ReadOnlySpan<byte> home)
    {
        if (!_schoolIds.TryGetValue(school, out var schoolId))
        {
            schoolId = SchoolNames.Count;
            _schoolIds.Add(school, schoolId);
            SchoolNames.Add(school);
        }

        if (!_strata.TryGetValue((schoolId, year), out var stratum))
        {
            stratum = StratumSchool.Count;
            _strata.Add((schoolId, year), stratum);
            StratumSchool.Add(schoolId);
            StratumYear.Add(year);
        }

        School.Add(schoolId);
        Stratum.Add(stratum);
        Household.Add(household.Length == 0 ? -1 : Households.Add(household, out _));
        Home.Add(home.Length == 0 ? -1 : Homes.Add(home, out _));
    }

    internal int ThingId(string kind, string value)
    {
        if (!_kindIds.TryGetValue(kind, out var kindId))
        {
            kindId = KindNames.Count;
            _kindIds.Add(kind, kindId);
            KindNames.Add(kind);
        }

        if (_thingIds.TryGetValue((kindId, value), out var thing)) return thing;
        thing = ThingKind.Count;
        _thingIds.Add((kindId, value), thing);
        ThingKind.Add(kindId);
        ThingValue.Add(value);
        return thing;
    }

    /// <summary>False when the child already has the thing.</summary>
    internal bool AddMention(int person, int thing, int day)
    {
        if (!MentionKeys.Add(((long)person << 32) | (uint)thing)) return false;
        Mentions.Add(new Mention(person, thing, day));
        return true;
    }

    // "7", "Year 7", "Y7", "07"; Reception and nursery sit just below year 1.
    private static int ParseYear(string text)
    {
        if (text.Length == 0) return NoYear;
        var digits = text.AsSpan().TrimStart("YyearEAR ".AsSpan());
        if (int.TryParse(digits, NumberStyles.Integer, CultureInfo.InvariantCulture, out var year)) return year is >= -5 and <= 30 ? year : NoYear;
        return text.ToUpperInvariant() switch
        {
            "R" or "RECEPTION" => 0,
            "N" or "N1" or "N2" or "NURSERY" => -1,
            _ => NoYear - 1 - Sum(text),
        };
    }

    // Other names of groups keep apart from each other without a number line between them.
    private static int Sum(string text)
    {
        var h = 17;
        foreach (var c in text) h = unchecked((h * 31) + c) & 0xFFFFFF;
        return h;
    }
}
