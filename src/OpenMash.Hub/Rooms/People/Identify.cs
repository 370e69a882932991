using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>Ties a mention to a person: someone known, or a new person of the register. Undoable; the mention itself never changes.</summary>
internal sealed class IdentifyMentionHandler(IPeopleFinder finder) : Handler<IdentifyMention, Guid>
{
    internal const Roles Who = Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam;

    public override ValueTask<string?> AuthoriseAsync(IdentifyMention command, Act act) => ValueTask.FromResult(act.NeedsHub(Who, "say who a person in a report is"));

    public override async ValueTask CheckAsync(IdentifyMention command, Problems problems, Act act)
    {
        problems.MaxLength(command.Reason, 2000, "Reason", "The reason");
        if (command.PersonId is not null || !string.IsNullOrWhiteSpace(command.Reason)) return;
        if (await act.Read.Of<Mention>().SingleOrDefaultAsync(m => m.Id == command.MentionId) is not { } mention) return;
        var strong = await finder.FindAsync(act.Actor.AuthorityId, MentionQuery.Of(mention), 3, CancellationToken.None);
        var ids = strong.Candidates.Where(c => c.Probability >= 0.95).Select(c => c.PersonId).ToArray();
        if (ids.Length > 0 && await act.Read.Visible<Person>(act.Actor, AccessLevel.Pointer).AnyAsync(p => ids.Contains(p.Id)))
            problems.Add("Reason", "Someone in the register is very likely the same. Say why this is a different person.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(IdentifyMention command, Act act)
    {
        if (await act.Read.Of<Mention>().SingleOrDefaultAsync(m => m.Id == command.MentionId) is not { } mention) return new Outcome<Guid>.NotFound();
        var verdict = await act.Read.VerdictAsync<Contact>(act.Actor, mention.ContactId);
        if (verdict.Level < AccessLevel.Work) return new Outcome<Guid>.Refused(verdict.Words);
        var inForce = await act.Write.LoadAsync<Identification>(i => i.MentionId == mention.Id && i.UndoneAt == null);
        if (inForce.Any(i => i.PersonId == command.PersonId)) return command.PersonId!.Value;
        foreach (var old in inForce)
        {
            old.UndoneAt = act.Now;
            old.UndoneBy = act.Actor.AccountId;
            old.UndoneReason = "Replaced: " + command.Reason;
        }

        Guid personId;
        if (command.PersonId is { } chosen)
        {
            // A candidate shown a moment ago may have been joined to someone meanwhile: the reference is made to whom they stand under now.
            chosen = (await act.Read.ResolveAsync([chosen])).Standing(chosen);
            var judged = await act.Read.VerdictAsync<Person>(act.Actor, chosen);
            if (judged.Level == AccessLevel.None) return new Outcome<Guid>.NotFound();
            if (judged.Level < AccessLevel.Read) return new Outcome<Guid>.Refused(judged.Words);
            personId = chosen;
            await CompleteAsync(chosen, mention, act);
        }
        else
        {
            personId = await Register.AddAsync(act, FromMention(mention), "contact");
        }

        act.Write.Add(new Identification
        {
            Id = act.NewId(),
            MentionId = mention.Id,
            PersonId = personId,
            ByAccountId = act.Actor.AccountId ?? Guid.Empty,
            At = act.Now,
            Reason = command.Reason,
            NewPerson = command.PersonId is null,
        });
        act.About("Person", personId);
        act.Because(command.Reason);
        act.Raise(new MentionIdentified(mention.Id, personId));
        act.Live("queue", "contact", mention.ContactId, 0);
        return personId;
    }

    /// <summary>Other names, addresses and numbers that a report brings are added to the person with their source; nothing is overwritten.</summary>
    private static async Task CompleteAsync(Guid personId, Mention mention, Act act)
    {
        var person = (await act.Write.FindAsync<Person>(personId))!;
        var named = await Register.AddNameAsync(act, person, mention.GivenName, mention.FamilyName, "contact");
        var placed = await Register.AddPlacesAsync(act, personId, PlacesOf(mention), "contact");
        var numbered = await Register.AddIdentifiersAsync(act, personId, IdentifiersOf(mention), "contact");
        // A report that says nothing new changes nobody: pairs that were decided must not come back for it.
        if (named || placed || numbered) person.ChangedAt = act.Now;
    }

    private static PersonEntry FromMention(Mention mention) => new()
    {
        GivenName = mention.GivenName,
        FamilyName = mention.FamilyName,
        BirthDate = mention.BirthDate,
        ExpectedDate = mention.BirthDate is null ? mention.ExpectedDate : null,
        Sex = mention.Sex is { Length: > 0 } sex ? char.ToUpperInvariant(sex[0]) switch { 'F' => "F", 'M' or 'B' => "M", 'G' => "F", _ => "U" } : null,
        Ethnicity = null,
        IsAdult = mention.Role is MentionRole.ParentOrCarer or MentionRole.AdultOfConcern,
        Identifiers = [.. IdentifiersOf(mention)],
        Places = [.. PlacesOf(mention)],
    };

    private static IEnumerable<IdentifierEntry> IdentifiersOf(Mention mention)
    {
        if (mention.NhsNumber is not null) yield return new IdentifierEntry(IdentifierKind.NhsNumber, mention.NhsNumber);
        if (mention.Upn is not null) yield return new IdentifierEntry(IdentifierKind.Upn, mention.Upn);
        if (mention.SenderPersonId is not null) yield return new IdentifierEntry(IdentifierKind.AgencyId, mention.SenderPersonId);
    }

    private static IEnumerable<PlaceEntry> PlacesOf(Mention mention)
    {
        if (mention.Address is not null || mention.Postcode is not null) yield return new PlaceEntry("home", mention.Address ?? mention.Postcode!, mention.Postcode);
        if (mention.Phone is not null) yield return new PlaceEntry("phone", mention.Phone);
        if (mention.School is not null) yield return new PlaceEntry("school", mention.School);
    }
}

internal sealed class UndoIdentificationHandler : Handler<UndoIdentification, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(UndoIdentification command, Act act) => ValueTask.FromResult(act.NeedsHub(IdentifyMentionHandler.Who, "undo who a person in a report is"));

    public override ValueTask CheckAsync(UndoIdentification command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it was wrong.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(UndoIdentification command, Act act)
    {
        if (await act.Write.FindAsync<Identification>(command.IdentificationId) is not { } identification) return new Outcome<Nothing>.NotFound();
        if (identification.UndoneAt is not null) return new Outcome<Nothing>.Conflict("It was undone already.");
        identification.UndoneAt = act.Now;
        identification.UndoneBy = act.Actor.AccountId;
        identification.UndoneReason = command.Reason;
        act.About("Person", identification.PersonId);
        act.Because(command.Reason);
        act.Raise(new MentionIdentified(identification.MentionId, null));
        return Nothing.Value;
    }
}

/// <summary>What of a mention can be asked of the register.</summary>
internal static class MentionQuery
{
    public static PersonQuery Of(Mention mention) => new()
    {
        GivenName = mention.GivenName,
        FamilyName = mention.FamilyName,
        OtherNames = mention.OtherNames,
        Birth = mention.BirthDate is { } birth ? NodaTime.Text.LocalDatePattern.Iso.Format(birth) : mention.BirthAsReported,
        Sex = mention.Sex,
        Address = mention.Address,
        Postcode = mention.Postcode,
        Phone = mention.Phone,
        NhsNumber = mention.NhsNumber,
        Upn = mention.Upn,
    };
}
