using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>Practice rule 14: when closing needs a second person, in a sentence.</summary>
internal static class SecondPerson
{
    /// <summary>Null where one person may close.</summary>
    public static async Task<string?> NeededAsync(Act act, Contact contact, ContactLine line, LineOutcome outcome)
    {
        var settings = await act.Settings.GetAsync<ScreeningSettings>("screening", contact.ReceivedOn);
        if (!settings.Closings.Contains(outcome)) return null;

        // A rating lowered just before closing would otherwise go round the rule.
        var highest = await act.Read.Of<LineRating>().Where(r => r.LineId == line.Id && (r.Rating == Rating.Red || r.Rating == Rating.Amber)).Select(r => r.Rating).ToListAsync();
        var reasons = new List<string>();
        if (line.Rating is Rating.Red or Rating.Amber) reasons.Add($"it is rated {line.Rating.Value.ToString().ToLowerInvariant()}");
        else if (highest.Count > 0) reasons.Add($"it was rated {(highest.Contains(Rating.Red) ? "red" : "amber")} before");

        // Only what this person may know of counts: a sealed contact whose existence is secret adds nothing (practice rule 17).
        var known = act.Read.Visible<Contact>(act.Actor, AccessLevel.Pointer);
        var earlier = await new EarlierContacts(act.Read).OfAsync([new ContactKey(contact.Id, contact.ReceivedAt, contact.ReceivedOn)], known, settings.LookBackMonths);
        var count = earlier[contact.Id].Count;
        if (count >= settings.EarlierContacts)
            reasons.Add($"there were {count} earlier contacts about this child or the household since {RelativeTime.Date(contact.ReceivedOn.PlusMonths(-settings.LookBackMonths))}");

        return reasons.Count == 0 ? null : $"A second person must agree: {string.Join(", and ", reasons)}.";
    }

    public static async Task<Roles> RolesAsync(Act act) =>
        (await act.Settings.GetAsync<ScreeningSettings>("screening")).SecondPersonRoles.Aggregate(Roles.None, (all, one) => all | one);
}
