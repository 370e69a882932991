using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>Adds people and what is known of them. Used by the commands below, by identifications and by listeners to imports.</summary>
internal static class Register
{
    public static async Task<Guid> AddAsync(Act act, PersonEntry entry, string source, string? reference = null)
    {
        var id = entry.Id ?? act.NewId();
        act.Write.Add(new Person
        {
            Id = id,
            Reference = reference ?? await act.NextPlainReferenceAsync("P"),
            GivenName = entry.GivenName,
            FamilyName = entry.FamilyName,
            BirthDate = entry.BirthDate,
            ExpectedDate = entry.ExpectedDate,
            Sex = entry.Sex,
            Ethnicity = entry.Ethnicity,
            Disabilities = [.. entry.Disabilities],
            IsAdult = entry.IsAdult,
            Source = source,
            CreatedAt = act.Now,
            ChangedAt = act.Now,
        });
        foreach (var place in entry.Places) AddPlace(act, id, place, source);
        foreach (var identifier in entry.Identifiers) AddIdentifier(act, id, identifier, source);
        act.Raise(new PersonChanged(id));
        return id;
    }

    /// <summary>True if anything was new.</summary>
    public static async Task<bool> AddPlacesAsync(Act act, Guid personId, IEnumerable<PlaceEntry> places, string source)
    {
        var known = await act.Read.Of<PersonPlace>().Where(p => p.PersonId == personId).ToListAsync();
        var fresh = places.Where(p => !known.Any(k => k.Kind == p.Kind && string.Equals(k.Value, p.Value, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var place in fresh) AddPlace(act, personId, place, source);
        return fresh.Count > 0;
    }

    /// <summary>True if anything was new.</summary>
    public static async Task<bool> AddIdentifiersAsync(Act act, Guid personId, IEnumerable<IdentifierEntry> identifiers, string source)
    {
        var known = await act.Read.Of<PersonIdentifier>().Where(p => p.PersonId == personId).ToListAsync();
        var fresh = identifiers.Where(i => !known.Any(k => k.Kind == i.Kind && string.Equals(k.Value, i.Value, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var identifier in fresh) AddIdentifier(act, personId, identifier, source);
        return fresh.Count > 0;
    }

    /// <summary>A further name that a source gives; true if it was new.</summary>
    public static async Task<bool> AddNameAsync(Act act, Person person, string? given, string? family, string source, string kind = "as reported")
    {
        bool Same(string? g, string? f) => string.Equals(g, given, StringComparison.OrdinalIgnoreCase) && string.Equals(f, family, StringComparison.OrdinalIgnoreCase);
        if ((given ?? family) is null || Same(person.GivenName, person.FamilyName)) return false;
        var known = await act.Read.Of<PersonName>().Where(n => n.PersonId == person.Id).ToListAsync();
        if (known.Any(n => Same(n.GivenName, n.FamilyName))) return false;
        act.Write.Add(new PersonName { Id = act.NewId(), PersonId = person.Id, GivenName = given, FamilyName = family, Kind = kind, Source = source, RecordedAt = act.Now });
        return true;
    }

    private static void AddPlace(Act act, Guid personId, PlaceEntry place, string source) => act.Write.Add(new PersonPlace
    {
        Id = act.NewId(),
        PersonId = personId,
        Kind = place.Kind,
        Value = place.Value,
        Postcode = place.Postcode,
        From = place.From,
        Confidential = place.Confidential,
        Source = source,
        RecordedAt = act.Now,
    });

    private static void AddIdentifier(Act act, Guid personId, IdentifierEntry identifier, string source) => act.Write.Add(new PersonIdentifier
    {
        Id = act.NewId(),
        PersonId = personId,
        Kind = identifier.Kind,
        Value = identifier.Value,
        Issuer = identifier.Issuer,
        Source = source,
        RecordedAt = act.Now,
    });
}

internal sealed class RegisterPeopleHandler : Handler<RegisterPeople, IReadOnlyList<Guid>>
{
    public override ValueTask<string?> AuthoriseAsync(RegisterPeople command, Act act) => ValueTask.FromResult(act.NeedsHub(Roles.HubManager, "add people to the register in bulk"));

    public override ValueTask CheckAsync(RegisterPeople command, Problems problems, Act act)
    {
        problems.Require(command.Source, "Source", "Say where these people come from.");
        if (command.People.Count == 0) problems.Add("People", "Nobody is in the list.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<IReadOnlyList<Guid>>> HandleAsync(RegisterPeople command, Act act)
    {
        var ids = new List<Guid>(command.People.Count);
        foreach (var entry in command.People) ids.Add(await Register.AddAsync(act, entry, command.Source));
        foreach (var (entry, id) in command.People.Zip(ids))
        {
            foreach (var relation in entry.Relations)
            {
                act.Write.Add(new Relationship
                {
                    Id = act.NewId(),
                    PersonId = id,
                    OtherId = relation.OtherId,
                    Kind = relation.Kind,
                    Confidence = relation.Confidence,
                    Source = command.Source,
                    RecordedAt = act.Now,
                });
            }
        }

        return ids;
    }
}

internal sealed class AmendPersonHandler : Handler<AmendPerson, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(AmendPerson command, Act act) => ValueTask.FromResult(act.NeedsHub(IdentifyMentionHandler.Who | Roles.SocialWorker, "change what is known of a person"));

    public override ValueTask CheckAsync(AmendPerson command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say where this is known from.");
        if (command.BirthDate is { } birth && birth > act.Today) problems.Add("BirthDate", "The date of birth lies in the future. For an unborn child give the expected date.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(AmendPerson command, Act act)
    {
        var verdict = await act.Read.VerdictAsync<Person>(act.Actor, command.PersonId);
        if (verdict.Level == AccessLevel.None) return new Outcome<Nothing>.NotFound();
        if (verdict.Level < AccessLevel.Read) return new Outcome<Nothing>.Refused(verdict.Words);
        var person = (await act.Write.FindAsync<Person>(command.PersonId))!;
        if (person.Version != command.SeenVersion)
            return new Outcome<Nothing>.Conflict($"Someone changed this person meanwhile: now {PersonNames.Show(person)}, born {person.BirthDate?.ToString() ?? "not known"}. What you typed is kept below; check it against that and send it again.");
        var renamed = (command.GivenName ?? person.GivenName) != person.GivenName || (command.FamilyName ?? person.FamilyName) != person.FamilyName;
        if (renamed && (person.GivenName ?? person.FamilyName) is not null)
            act.Write.Add(new PersonName { Id = act.NewId(), PersonId = person.Id, GivenName = person.GivenName, FamilyName = person.FamilyName, Kind = "former", Source = command.Reason, RecordedAt = act.Now });
        person.GivenName = command.GivenName ?? person.GivenName;
        person.FamilyName = command.FamilyName ?? person.FamilyName;
        person.BirthDate = command.BirthDate ?? person.BirthDate;
        person.Sex = command.Sex ?? person.Sex;
        if (command.NewPlace is { } place) await Register.AddPlacesAsync(act, person.Id, [place], command.Reason);
        if (command.NewIdentifier is { } identifier) await Register.AddIdentifiersAsync(act, person.Id, [identifier], command.Reason);
        person.ChangedAt = act.Now;
        act.About("Person", person.Id);
        act.Because(command.Reason);
        act.Raise(new PersonChanged(person.Id));
        return Nothing.Value;
    }
}
