using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.People;

/// <summary>Someone it could be, as far as this viewer may know them.</summary>
public sealed record Candidate(
    Guid PersonId, string Reference, string? Name, LocalDate? BirthDate, int? Age, double Probability, IReadOnlyList<FoundReason> Reasons, IReadOnlyList<string> Contradictions,
    int Contacts, string? Plan, bool IsPointer)
{
    public string Strength => PersonNames.Strength(Probability);
}

/// <summary>Asks the finder and shows what the viewer may know: what they may not is neither shown nor counted.</summary>
public sealed class CandidateReader(IPeopleFinder finder, RecordReader read, IClock clock)
{
    public async Task<IReadOnlyList<Candidate>> FindAsync(Viewer viewer, PersonQuery query, int limit, CancellationToken ct)
    {
        // Twice as many are asked for, since some may be hidden: the number shown must not tell that.
        var answer = await finder.FindAsync(viewer.AuthorityId, query, limit * 2, ct);
        if (answer.Candidates.Count == 0) return [];
        // The index keeps sealed identities apart; whoever may read one is shown the person it stands under, once.
        var found = answer.Candidates.Select(c => c.PersonId).ToArray();
        var map = await read.ResolveAsync(found, ct);
        var ids = map.Everyone;
        var seen = await read.Judged<Person>(viewer).Where(s => ids.Contains(s.Item.Id)).ToListAsync(ct);
        var people = seen.ToDictionary(s => s.Item.Id);
        bool Open(Guid id) => people.TryGetValue(id, out var person) && person.Verdict.Level >= AccessLevel.Read;
        var shown = answer.Candidates
            .Where(c => people.ContainsKey(c.PersonId))
            .Select(c => Open(c.PersonId) && Open(map.Standing(c.PersonId)) ? (Found: c, Id: map.Standing(c.PersonId), All: map.Of(c.PersonId).Where(Open).ToArray()) : (Found: c, Id: c.PersonId, All: [c.PersonId]))
            .DistinctBy(c => c.Id)
            .ToList();
        var localIds = await PersonNames.LocalIdsAsync(read, seen.Select(s => s.Item), ct);
        var contacts = (await (
            from i in read.Of<Identification>()
            join m in read.Of<Mention>() on i.MentionId equals m.Id
            where i.UndoneAt == null && ids.Contains(i.PersonId)
            select new { i.PersonId, m.ContactId }).Distinct().ToListAsync(ct)).ToLookup(x => x.PersonId);
        var plans = (await read.Of<Plan>().Where(p => ids.Contains(p.PersonId) && p.EndedOn == null).Select(p => new { p.PersonId, p.Kind }).ToListAsync(ct)).ToLookup(p => p.PersonId);
        var today = London.Date(clock.GetCurrentInstant());
        return
        [
            .. shown.Take(limit).Select(c =>
            {
                var person = people[c.Id];
                var open = Open(c.Id);
                var kinds = open ? c.All.SelectMany(i => plans[i]).Select(p => PersonNames.Plan(p.Kind)).Distinct().ToList() : [];
                return new Candidate(
                    c.Id,
                    person.Item.Reference,
                    open ? PersonNames.Show(person.Item, localIds.GetValueOrDefault(c.Id)) : null,
                    open ? person.Item.BirthDate : null,
                    open && person.Item.BirthDate is { } b ? Period.Between(b, today, PeriodUnits.Years).Years : null,
                    c.Found.Probability,
                    open ? c.Found.Reasons : [],
                    open ? c.Found.Contradictions : [],
                    open ? c.All.SelectMany(i => contacts[i]).DistinctBy(x => x.ContactId).Count() : 0,
                    kinds.Count > 0 ? string.Join(", ", kinds) : null,
                    !open);
            }),
        ];
    }
}

/// <summary>How people and plans are called on pages.</summary>
public static class PersonNames
{
    /// <summary>How alike, in words: a number would be read as a score.</summary>
    public static string Strength(double probability) => probability >= 0.95 ? "very likely the same" : probability >= 0.5 ? "likely the same" : probability >= 0.1 ? "possibly the same" : "little speaks for it";

    public static string Verdict(MatchState state) => state switch
    {
        MatchState.Open => "To decide",
        MatchState.AwaitsSecond => "The same, waits for a second person",
        MatchState.Same => "The same person",
        MatchState.Different => "Two people",
        MatchState.CannotTell => "Cannot tell",
        _ => "No longer alike",
    };

    /// <summary>A place as whoever has this much of the person may read it: a confidential address only by those who work with the record.</summary>
    public static string Place(PersonPlace place, AccessLevel level) =>
        place.Confidential && level < AccessLevel.Work ? "confidential: ask the duty manager" : place.Postcode is null || place.Value == place.Postcode ? place.Value : $"{place.Value}, {place.Postcode}";

    /// <summary>"4 years old", "1 year old", "5 months old", "under a month old".</summary>
    public static string AgeInWords(LocalDate birth, LocalDate today)
    {
        if (birth > today) return "not born yet";
        var years = Period.Between(birth, today, PeriodUnits.Years).Years;
        if (years > 0) return years == 1 ? "1 year old" : $"{years} years old";
        var months = Period.Between(birth, today, PeriodUnits.Months).Months;
        return months switch { 0 => "under a month old", 1 => "1 month old", _ => $"{months} months old" };
    }

    public static string Show(Person person, string? localId = null)
    {
        var name = $"{person.GivenName} {person.FamilyName}".Trim();
        if (name.Length > 0) return name;
        var called = localId ?? person.Reference;
        return person.ExpectedDate is not null && person.BirthDate is null ? $"Unborn child, {called}" : $"{called} (name not held)";
    }

    /// <summary>The authority's identifiers of people without a name, by which they are shown (practice rule 23).</summary>
    public static async Task<Dictionary<Guid, string>> LocalIdsAsync(RecordReader read, IEnumerable<Person> people, CancellationToken ct)
    {
        var nameless = people.Where(p => p.GivenName is null && p.FamilyName is null).Select(p => p.Id).ToArray();
        if (nameless.Length == 0) return [];
        var found = await read.Of<PersonIdentifier>().Where(i => nameless.Contains(i.PersonId) && i.Kind == IdentifierKind.LocalAuthorityChildId && i.EndedAt == null).OrderBy(i => i.RecordedAt).ToListAsync(ct);
        return found.GroupBy(i => i.PersonId).ToDictionary(g => g.Key, g => g.First().Value);
    }

    public static string Plan(string kind) => kind switch
    {
        PlanKind.EarlyHelp => "early help",
        PlanKind.ChildInNeed => "child in need plan",
        PlanKind.ChildProtection => "child protection plan",
        PlanKind.LookedAfter => "looked after",
        PlanKind.CareLeaver => "care leaver",
        _ => Words.LowerFirst(Words.FromPropertyName(kind)),
    };
}
