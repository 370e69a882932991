using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;
using OpenMash.Records.People;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>
/// Telling whoever raised it. The text comes from a template without names; what is said depends on who they are: the public hears "looked at", professionals hear
/// the outcome. It goes out by itself only where that is safe; otherwise it stands in the list until a person has spoken to them.
/// </summary>
internal static class TellDesk
{
    public const string Rule = "contact.tell-referrer";

    /// <summary>One telling a contact when all its lines are settled, and a further one where the outcome says something else later.</summary>
    public static async Task TellWhenSettledAsync(Act act, Guid contactId)
    {
        var lines = await act.Read.Of<ContactLine>().Where(l => l.ContactId == contactId).OrderBy(l => l.Number).ToListAsync();
        if (lines.Any(l => l.State == LineState.Waiting)) return;
        var contact = await act.Read.Of<Contact>().SingleAsync(c => c.Id == contactId);
        var text = await OutcomeTextAsync(act, contact, lines);
        var before = await act.Write.LoadAsync<Telling>(t => t.ContactId == contactId && t.Kind == "outcome");
        if (before.Count > 0 && before[^1].Text == text && before[^1].State != TellingState.NotTold) return;
        foreach (var old in before.Where(t => t.State is TellingState.Due or TellingState.Failed))
        {
            old.State = TellingState.NotTold;
            old.Note = "Replaced: the outcome changed before this could be told.";
        }

        await AddAsync(act, contact, "outcome", text);
    }

    public static async Task AskForConsentAsync(Act act, Contact contact, LocalDate by)
    {
        var texts = (await act.Settings.GetAsync<TellTemplates>("tell-templates")).For(contact.Language);
        await AddAsync(act, contact, "consent", await FillAsync(act, texts.Consent, contact, "", RelativeTime.Date(by)));
    }

    /// <summary>The expiry of the last embargo on telling that holds for a contact: on itself or on anyone identified in it.</summary>
    public static async Task<Instant?> EmbargoedUntilAsync(RecordReader read, Guid contactId, Instant now)
    {
        var named = await (
            from i in read.Of<Identification>()
            join m in read.Of<Mention>() on i.MentionId equals m.Id
            where i.UndoneAt == null && m.ContactId == contactId
            select i.PersonId).Distinct().ToListAsync();
        var persons = (await read.ResolveAsync(named)).Everyone;
        return await read.Of<Embargo>()
            .Where(e => e.EndedAt == null && e.ExpiresAt > now && (e.SubjectId == contactId || persons.Contains(e.SubjectId)
                || read.Of<ContactLine>().Any(l => l.ContactId == contactId && (l.Id == e.SubjectId || l.EnquiryId == e.SubjectId))))
            .MaxAsync(e => (Instant?)e.ExpiresAt);
    }

    private static async Task AddAsync(Act act, Contact contact, string kind, string text)
    {
        var (channel, state, note) = Way(contact);
        var due = (await act.Clocks.DueAsync(Rule, act.Now)).DueAt;
        var embargo = await EmbargoedUntilAsync(act.Read, contact.Id, act.Now);
        if (embargo is { } until && state == TellingState.Due) note = $"An embargo on telling holds until {RelativeTime.Full(until)}.";
        var telling = act.Write.Add(new Telling
        {
            Id = act.NewId(),
            ContactId = contact.Id,
            Kind = kind,
            Channel = channel,
            State = state,
            DueAt = due,
            Note = note,
            Text = text,
        });
        act.Live("queue", "telling", telling.Id, 0);
        if (state == TellingState.NotTold) return;
        if (channel == TellingChannel.Email) act.Send("tell", $"tell:{telling.Id:N}", new TellPayload(telling.Id), embargo);
        if (kind == "outcome" && !await act.Read.Of<RunningClock>().AnyAsync(c => c.SubjectId == contact.Id && c.Rule == Rule && c.MetAt == null && c.EndedAt == null))
            await act.Clocks.StartAsync(Rule, "Contact", contact.Id, contact.Id, act.Now, contact.AgencyId);
    }

    /// <summary>How this referrer can be told. Nothing goes out by itself to whom it may not be safe to write, nor to a child.</summary>
    private static (TellingChannel Channel, TellingState State, string? Note) Way(Contact contact)
    {
        if (contact.Identity == ReferrerIdentity.Anonymous) return (TellingChannel.Telephone, TellingState.NotTold, "They did not say who they are: there is nobody to tell.");
        if (contact.SafeToContact == false) return (TellingChannel.Telephone, TellingState.NotTold, "They said that it is not safe to contact them.");
        if (contact.ReferrerKind == ReferrerKind.Child) return (TellingChannel.Telephone, TellingState.Due, "A child reported for themselves: decide with care who tells them and how. Nothing goes to a parent.");
        if (!string.IsNullOrWhiteSpace(contact.SafeContactHow)) return (TellingChannel.Telephone, TellingState.Due, "They said how they can be contacted safely: read it on the contact first.");
        if (!string.IsNullOrWhiteSpace(contact.ReferrerEmail)) return (TellingChannel.Email, TellingState.Due, null);
        if (contact.Way is Records.Contacts.Way.PartnerForm or Records.Contacts.Way.Api or Records.Contacts.Way.File && contact.AgencyId is not null) return (TellingChannel.InHub, TellingState.Due, null);
        if (!string.IsNullOrWhiteSpace(contact.ReferrerPhone)) return (TellingChannel.Telephone, TellingState.Due, null);
        return contact.AgencyId is null
            ? (TellingChannel.Telephone, TellingState.NotTold, "They left no way to reach them.")
            : (TellingChannel.Telephone, TellingState.Due, "No address was given: telephone the agency.");
    }

    private static async Task<string> OutcomeTextAsync(Act act, Contact contact, IReadOnlyList<ContactLine> lines)
    {
        var texts = (await act.Settings.GetAsync<TellTemplates>("tell-templates")).For(contact.Language);
        if (contact.ReferrerKind != ReferrerKind.Professional || contact.AgencyId is null) return await FillAsync(act, texts.Public, contact, "", "");
        var said = lines
            .Select(l => l.State == LineState.Merged || l.Outcome is null ? "Merged" : l.Outcome.Value.ToString())
            .Select(key => texts.Outcomes.TryGetValue(key, out var found) ? found : texts.Outcomes["Merged"])
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        var outcomes = said.Length == 1 ? said[0] : "It named several children; not all have the same outcome. " + string.Join(' ', said);
        return await FillAsync(act, texts.Professional, contact, outcomes, "");
    }

    private static async Task<string> FillAsync(Act act, string template, Contact contact, string outcomes, string date)
    {
        var authority = await act.Read.Of<Authority>().SingleAsync(a => a.Id == contact.AuthorityId);
        return template
            .Replace("{reference}", contact.Reference, StringComparison.Ordinal)
            .Replace("{outcomes}", outcomes, StringComparison.Ordinal)
            .Replace("{date}", date, StringComparison.Ordinal)
            .Replace("{hub}", authority.HubName, StringComparison.Ordinal)
            .Replace("{telephone}", authority.Telephone, StringComparison.Ordinal);
    }
}

/// <summary>What the outbox carries: an id only.</summary>
internal sealed record TellPayload(Guid TellingId);
