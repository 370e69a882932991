using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using Person = OpenMash.Records.People.Person;

namespace OpenMash.Hub.Rooms.People;

/// <summary>A pair in the list.</summary>
public sealed record PairRow(Guid Id, string FirstReference, string FirstName, LocalDate? FirstBorn, string SecondReference, string SecondName, LocalDate? SecondBorn, string Strength, MatchState State, string Source, Instant FiledAt, string? DecidedBy, Instant? DecidedAt, string? Reason);

/// <summary>One line of the comparison: what each holds, and whether that is the same.</summary>
public sealed record PairLine(string Title, IReadOnlyList<string> First, IReadOnlyList<string> Second)
{
    /// <summary>In words, since a colour alone says nothing.</summary>
    public string Verdict =>
        First.Count == 0 && Second.Count == 0 ? "neither has it"
        : First.Count == 0 || Second.Count == 0 ? "only one has it"
        : First.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(Second) ? "same"
        : First.Intersect(Second, StringComparer.OrdinalIgnoreCase).Any() ? "partly the same"
        : "differs";

    public bool Differs => Verdict is "differs" or "partly the same";

    public bool IsEmpty => First.Count == 0 && Second.Count == 0;
}

/// <summary>A pair side by side.</summary>
public sealed record PairView(
    MatchPair Pair, Person First, string FirstName, Person Second, string SecondName, IReadOnlyList<PairLine> Lines, FoundPerson Compared,
    bool PlanOpen, string? DecidedBy, string? SecondBy, Guid? NextId, int Waiting);

/// <summary>Reads the review of uncertain matches for one viewer: only pairs of which they may read both.</summary>
internal sealed class MatchReader(RecordReader read, IPeopleFinder finder)
{
    public const int Most = 100;

    public async Task<IReadOnlyList<PairRow>> ListAsync(Viewer viewer, bool decided, CancellationToken ct)
    {
        var pairs = decided
            ? await Matches.Visible(read, viewer).Where(p => p.DecidedAt != null && p.State != MatchState.Open && p.State != MatchState.AwaitsSecond).OrderByDescending(p => p.DecidedAt).ThenBy(p => p.Id).Take(Most).ToListAsync(ct)
            : await Matches.Waiting(read, viewer).InOrder().Take(Most).ToListAsync(ct);
        var ids = pairs.SelectMany(p => new[] { p.FirstId, p.SecondId }).Distinct().ToArray();
        var people = await read.Of<Person>().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, ct);
        var local = await PersonNames.LocalIdsAsync(read, people.Values, ct);
        var accounts = pairs.Select(p => p.ByAccountId).OfType<Guid>().Distinct().ToArray();
        var names = await read.Of<Account>().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName, ct);
        string Name(Guid id) => PersonNames.Show(people[id], local.GetValueOrDefault(id));
        return [.. pairs.Select(p => new PairRow(
            p.Id, people[p.FirstId].Reference, Name(p.FirstId), people[p.FirstId].BirthDate, people[p.SecondId].Reference, Name(p.SecondId), people[p.SecondId].BirthDate,
            PersonNames.Strength(p.Probability), p.State, p.Source, p.FiledAt, p.ByAccountId is { } by ? names.GetValueOrDefault(by) : null, p.DecidedAt, p.Reason))];
    }

    public async Task<PairView?> PairAsync(Viewer viewer, Guid id, CancellationToken ct)
    {
        if (await Matches.Visible(read, viewer).SingleOrDefaultAsync(p => p.Id == id, ct) is not { } pair) return null;
        var people = await read.Of<Person>().Where(p => p.Id == pair.FirstId || p.Id == pair.SecondId).ToDictionaryAsync(p => p.Id, ct);
        var local = await PersonNames.LocalIdsAsync(read, people.Values, ct);
        var first = await IdentitiesOfAsync(viewer, pair.FirstId, ct);
        var second = await IdentitiesOfAsync(viewer, pair.SecondId, ct);
        var left = await CardAsync(viewer, first, ct);
        var right = await CardAsync(viewer, second, ct);
        var waiting = await Matches.Waiting(read, viewer).InOrder().Select(p => p.Id).ToListAsync(ct);
        var here = waiting.IndexOf(id);
        var next = waiting.Count == 0 ? (Guid?)null : waiting[(here + 1) % waiting.Count];
        var accounts = new[] { pair.ByAccountId, pair.SecondAccountId };
        var names = await read.Of<Account>().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName, ct);
        return new PairView(
            pair,
            people[pair.FirstId],
            PersonNames.Show(people[pair.FirstId], local.GetValueOrDefault(pair.FirstId)),
            people[pair.SecondId],
            PersonNames.Show(people[pair.SecondId], local.GetValueOrDefault(pair.SecondId)),
            [.. left.Zip(right, (l, r) => new PairLine(l.Title, l.Values, r.Values)).Where(l => !l.IsEmpty)],
            await finder.CompareAsync(viewer.AuthorityId, first, second, ct),
            await Matches.HasOpenPlanAsync(read, pair.FirstId, pair.SecondId),
            pair.ByAccountId is { } by ? names.GetValueOrDefault(by) : null,
            pair.SecondAccountId is { } agreed ? names.GetValueOrDefault(agreed) : null,
            next == id ? null : next,
            waiting.Count);
    }

    /// <summary>A person's identities, as far as the viewer may read them.</summary>
    public async Task<IReadOnlyList<Guid>> IdentitiesOfAsync(Viewer viewer, Guid personId, CancellationToken ct) =>
        await ReadableAsync(viewer, await read.IdentitiesAsync(personId, ct), ct);

    /// <summary>Of a person's identities, itself first, those that the viewer may read.</summary>
    public async Task<IReadOnlyList<Guid>> ReadableAsync(Viewer viewer, IReadOnlyList<Guid> all, CancellationToken ct)
    {
        if (all.Count == 1) return all;
        var readable = await read.Visible<Person>(viewer).Where(p => all.Contains(p.Id)).Select(p => p.Id).ToListAsync(ct);
        return [.. all.Where(p => p == all[0] || readable.Contains(p))];
    }

    private async Task<IReadOnlyList<(string Title, IReadOnlyList<string> Values)>> CardAsync(Viewer viewer, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var people = await read.Of<Person>().Where(p => ids.Contains(p.Id)).OrderBy(p => p.CreatedAt).ToListAsync(ct);
        var names = await read.Of<PersonName>().Where(n => ids.Contains(n.PersonId) && n.EndedAt == null).OrderBy(n => n.RecordedAt).ToListAsync(ct);
        var identifiers = await read.Of<PersonIdentifier>().Where(n => ids.Contains(n.PersonId) && n.EndedAt == null).OrderBy(n => n.RecordedAt).ToListAsync(ct);
        var places = await read.Of<PersonPlace>().Where(n => ids.Contains(n.PersonId)).OrderByDescending(n => n.RecordedAt).ToListAsync(ct);
        var level = (await read.VerdictAsync<Person>(viewer, ids[0], ct)).Level;
        var visible = read.Visible<Person>(viewer);
        var kin = await (
            from r in read.Of<Relationship>()
            join p in visible on r.OtherId equals p.Id
            where ids.Contains(r.PersonId) && r.EndedAt == null
            orderby r.RecordedAt
            select new { r.Kind, p.GivenName, p.FamilyName, p.Reference }).Take(12).ToListAsync(ct);
        var contacts = await (
            from i in read.Of<Identification>()
            join m in read.Of<Mention>() on i.MentionId equals m.Id
            join c in read.Visible<Contact>(viewer) on m.ContactId equals c.Id
            where ids.Contains(i.PersonId) && i.UndoneAt == null
            orderby c.ReceivedAt descending
            select c.Reference).Distinct().Take(12).ToListAsync(ct);
        var plans = await read.Of<Plan>().Where(p => ids.Contains(p.PersonId) && p.EndedOn == null).Select(p => p.Kind).Distinct().ToListAsync(ct);
        string[] Numbers(IdentifierKind kind) => [.. identifiers.Where(i => i.Kind == kind).Select(i => i.Value).Distinct(StringComparer.OrdinalIgnoreCase)];
        string[] Places(Func<PersonPlace, bool> which) => [.. places.Where(which).Select(p => PersonNames.Place(p, level)).Distinct(StringComparer.OrdinalIgnoreCase)];
        return
        [
            ("Given name", [.. people.Select(p => p.GivenName).Concat(names.Select(n => n.GivenName)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)]),
            ("Family name", [.. people.Select(p => p.FamilyName).Concat(names.Select(n => n.FamilyName)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)]),
            ("Born", [.. people.Select(p => p.BirthDate).OfType<LocalDate>().Distinct().Select(RelativeTime.Date)]),
            ("Expected", [.. people.Where(p => p.BirthDate is null).Select(p => p.ExpectedDate).OfType<LocalDate>().Distinct().Select(RelativeTime.Date)]),
            ("Sex", [.. people.Select(p => p.Sex switch { "F" => "female", "M" => "male", _ => null }).OfType<string>().Distinct()]),
            ("Address", Places(p => p.Kind is "home" or "placement")),
            ("Telephone", Places(p => p.Kind == "phone")),
            ("School", Places(p => p.Kind == "school")),
            ("NHS number", Numbers(IdentifierKind.NhsNumber)),
            ("UPN", [.. Numbers(IdentifierKind.Upn), .. Numbers(IdentifierKind.FormerUpn)]),
            ("Local identifier", Numbers(IdentifierKind.LocalAuthorityChildId)),
            ("Other number", Numbers(IdentifierKind.Other)),
            ("Family and others", [.. kin.Select(k => $"{k.Kind}: {($"{k.GivenName} {k.FamilyName}".Trim() is { Length: > 0 } name ? name : k.Reference)}")]),
            ("Contacts", contacts),
            ("Plan now", [.. plans.Select(PersonNames.Plan)]),
            ("Source", [.. people.Select(p => $"{p.Source}, {RelativeTime.Date(London.Date(p.CreatedAt))}").Distinct()]),
        ];
    }
}
