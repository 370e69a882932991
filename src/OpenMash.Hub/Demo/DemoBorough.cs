using System.Globalization;
using System.Text.Json;
using NodaTime;
using OpenMash.Hub.Platform.Time;
using OpenMash.Records.People;

namespace OpenMash.Hub.Demo;

/// <summary>A child of the invented borough, as the demo's stories need them.</summary>
internal sealed record DemoChild(Guid Id, string Given, string Family, LocalDate Born, bool Girl, int Household, string Address, string Postcode, string School);

/// <summary>The invented borough: its lists and, by a fixed seed, its people. The same seed gives the same borough.</summary>
internal sealed class DemoBorough
{
    private readonly Random _chance;

    public DemoBorough(int seed)
    {
        _chance = new Random(seed);
        using var stream = typeof(DemoBorough).Assembly.GetManifestResourceStream("OpenMash.Hub.Demo.borough.json")!;
        Lists = JsonSerializer.Deserialize<DemoLists>(stream, JsonSerializerOptions.Web)!;
    }

    public DemoLists Lists { get; }

    public Random Chance => _chance;

    public T Pick<T>(IReadOnlyList<T> list) => list[_chance.Next(list.Count)];

    public string Vehicle() => string.Create(CultureInfo.InvariantCulture, $"WX{_chance.Next(12, 26):00} {(char)('A' + _chance.Next(26))}{(char)('A' + _chance.Next(26))}Z");

    /// <summary>Households with their children, mothers and sometimes fathers, as entries for the register.</summary>
    public (List<PersonEntry> Entries, List<DemoChild> Children) People(int children, Instant now)
    {
        var today = Engines.Clocks.London.Date(now);
        var entries = new List<PersonEntry>();
        var made = new List<DemoChild>();
        for (var household = 1; made.Count < children; household++)
        {
            var family = Pick(Lists.Families);
            var address = string.Create(CultureInfo.InvariantCulture, $"{_chance.Next(1, 160)} {Pick(Lists.Streets)}");
            var postcode = string.Create(CultureInfo.InvariantCulture, $"WX{_chance.Next(1, 15)} {_chance.Next(1, 10)}{(char)('A' + _chance.Next(20))}{(char)('A' + _chance.Next(20))}");
            var mother = Ids.New(now);
            var phone = string.Create(CultureInfo.InvariantCulture, $"07700 900{_chance.Next(0, 1000):000}");
            var places = new[] { new PlaceEntry("home", address, postcode) };
            entries.Add(new PersonEntry
            {
                Id = mother,
                GivenName = Pick(Lists.Women),
                FamilyName = _chance.Next(6) == 0 ? Pick(Lists.Families) : family,
                BirthDate = today.PlusDays(-_chance.Next(24 * 365, 46 * 365)),
                Sex = "F",
                IsAdult = true,
                Places = [.. places, new PlaceEntry("phone", phone)],
            });
            Guid? father = null;
            if (_chance.Next(3) > 0)
            {
                father = Ids.New(now);
                entries.Add(new PersonEntry
                {
                    Id = father,
                    GivenName = Pick(Lists.Men),
                    FamilyName = family,
                    BirthDate = today.PlusDays(-_chance.Next(25 * 365, 50 * 365)),
                    Sex = "M",
                    IsAdult = true,
                    Places = _chance.Next(3) > 0 ? places : [],
                });
            }

            var siblings = new List<Guid>();
            for (var n = 1 + _chance.Next(4); n > 0 && made.Count < children; n--)
            {
                var girl = _chance.Next(2) == 0;
                var born = today.PlusDays(-_chance.Next(30, 17 * 365));
                var child = new DemoChild(Ids.New(now), Pick(girl ? Lists.Girls : Lists.Boys), family, born, girl, household, address, postcode, Pick(Lists.Schools));
                made.Add(child);
                var relations = new List<RelationEntry> { new(mother, "mother", "known") };
                if (father is { } f) relations.Add(new RelationEntry(f, "father", "said"));
                relations.AddRange(siblings.Select(s => new RelationEntry(s, "sibling", "known")));
                siblings.Add(child.Id);
                entries.Add(new PersonEntry
                {
                    Id = child.Id,
                    GivenName = child.Given,
                    FamilyName = child.Family,
                    BirthDate = born,
                    Sex = girl ? "F" : "M",
                    Places = [.. places, new PlaceEntry("school", child.School)],
                    Identifiers = [new IdentifierEntry(IdentifierKind.LocalAuthorityChildId, string.Create(CultureInfo.InvariantCulture, $"WX{made.Count:00000}"))],
                    Relations = relations,
                });
            }
        }

        return (entries, made);
    }

    /// <summary>How a busy person writes a name: mostly right, sometimes as heard.</summary>
    public string AsHeard(string name)
    {
        if (name.Length < 4 || _chance.Next(7) > 0) return name;
        var at = 1 + _chance.Next(name.Length - 2);
        return _chance.Next(3) switch
        {
            0 => name.Remove(at, 1),
            1 => name[..at] + name[at + 1] + name[at] + name[(at + 2)..],
            _ => name[..at] + name[at] + name[at..],
        };
    }
}

/// <summary>The lists of borough.json.</summary>
internal sealed record DemoLists
{
    public required DemoAuthority Authority { get; init; }
    public required IReadOnlyList<string> Girls { get; init; }
    public required IReadOnlyList<string> Boys { get; init; }
    public required IReadOnlyList<string> Women { get; init; }
    public required IReadOnlyList<string> Men { get; init; }
    public required IReadOnlyList<string> Families { get; init; }
    public required IReadOnlyList<string> Streets { get; init; }
    public required IReadOnlyList<string> Schools { get; init; }
    public required IReadOnlyList<string> Places { get; init; }
    public required IReadOnlyList<DemoConcern> Concerns { get; init; }
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Answers { get; init; }
}

internal sealed record DemoAuthority(string Code, string Name, string Hub, string Telephone);

internal sealed record DemoConcern(string Kind, string Source, int Weight, string Rating, string Words, string? Child);
