using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.People;
using Person = OpenMash.Records.People.Person;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>Something found by its reference or by what it is called.</summary>
public sealed record FoundThing(string Kind, string Reference, string? Url, string? Note);

/// <summary>
/// The search box: people by name (by sound and by part), date, address, number; reports and enquiries by reference; vehicles, phones and places. The words come by
/// POST, so that no name stands in an address. A search that fails says that it failed.
/// </summary>
[AllowMembers]
[Witnessed]
public sealed class SearchModel(CandidateReader candidates, IEnumerable<ILinkSource> links) : HubPage
{
    [BindProperty]
    public string? Q { get; set; }

    public IReadOnlyList<Candidate> People { get; private set; } = [];

    public IReadOnlyList<FoundThing> Things { get; private set; } = [];

    public bool SearchesPeople => Viewer.WorksInHub || (Viewer.IsHub && Viewer.Has(Roles.SocialWorker | Roles.TeamManager | Roles.ReviewingOfficer | Roles.ExploitationCoordinator | Roles.DesignatedOfficer));

    public async Task<IActionResult> OnGetAsync()
    {
        await SearchedAsync("page", new { opened = true });
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var text = (Q ?? "").Trim();
        await SearchedAsync("everything", new { text });
        if (text.Length == 0) return Page();
        var things = new List<FoundThing>();
        await ByReferenceAsync(text, things);
        if (SearchesPeople)
        {
            var query = Understand(text) with { Broad = true };
            var found = await candidates.FindAsync(Viewer, query, 10, HttpContext.RequestAborted);
            // One word may be either name.
            if (query is { GivenName: null, FamilyName: { } only })
                found = [.. found.Concat(await candidates.FindAsync(Viewer, query with { GivenName = only, FamilyName = null }, 10, HttpContext.RequestAborted)).DistinctBy(c => c.PersonId)];
            People = found;
            await ByPartAsync(text, query, things);
            await ByThingAsync(text, things);
        }

        Things = things;
        return Page();
    }

    /// <summary>Reads free text as a query: a date, a number or a postcode is taken for one; the rest is a name.</summary>
    internal static PersonQuery Understand(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToList();
        string? Take(Func<string, bool> which)
        {
            var found = words.FirstOrDefault(which);
            if (found is not null) words.Remove(found);
            return found;
        }

        var birth = Take(w => w.Any(char.IsDigit) && w.Count(c => c is '/' or '-' or '.') == 2);
        var compact = new string([.. text.Where(char.IsLetterOrDigit)]);
        var digits = new string([.. text.Where(char.IsDigit)]);
        if (birth is null && compact.Length == 13 && char.IsLetter(compact[0]) && compact[1..12].All(char.IsDigit)) return new PersonQuery { Upn = compact.ToUpperInvariant() };
        if (birth is null && digits.Length == 10 && digits.Length == compact.Length && digits[0] != '0') return new PersonQuery { NhsNumber = digits };
        if (birth is null && digits.Length >= 10 && digits.Length == compact.Length) return new PersonQuery { Phone = digits };
        if (Engines.Identifiers.Postcode.TryParse(text, out _, out _)) return new PersonQuery { Postcode = text };
        if (words.Any(w => char.IsDigit(w[0]))) return new PersonQuery { Address = string.Join(' ', words), Birth = birth };
        return words.Count switch
        {
            0 => new PersonQuery { Birth = birth },
            1 => new PersonQuery { FamilyName = words[0], Birth = birth },
            _ => new PersonQuery { GivenName = string.Join(' ', words[..^1]), FamilyName = words[^1], Birth = birth },
        };
    }

    private async Task ByReferenceAsync(string text, List<FoundThing> things)
    {
        var reference = text.ToUpperInvariant();
        foreach (var c in await Read.Visible<Contact>(Viewer, AccessLevel.Part).Where(c => c.Reference == reference || c.SenderReference == text).OrderBy(c => c.Reference).Take(20).ToListAsync())
            things.Add(new FoundThing("Contact", c.Reference, Viewer.WorksInHub ? Url("Contact", c.Id) : "/my-reports", c.SenderReference == text ? $"sender's reference {text}" : null));
        if (reference.StartsWith("E-", StringComparison.Ordinal))
        {
            foreach (var e in await Read.Visible<Enquiry>(Viewer).Where(e => e.Reference == reference).ToListAsync())
                things.Add(new FoundThing("Enquiry", e.Reference, Url("Enquiry", e.Id), null));
        }

        if (SearchesPeople)
        {
            var visible = Read.Visible<Person>(Viewer);
            var found = await (
                from i in Read.Of<PersonIdentifier>()
                join p in visible on i.PersonId equals p.Id
                where i.Kind == IdentifierKind.LocalAuthorityChildId && i.Value == text && i.EndedAt == null
                orderby p.Reference
                select p).Take(20).ToListAsync();
            things.AddRange(found.Select(p => new FoundThing("Person", p.Reference, Url("Person", p.Id), $"local identifier {text}")));
        }

        if (SearchesPeople && reference.StartsWith("P-", StringComparison.Ordinal))
        {
            foreach (var p in await Read.Visible<Person>(Viewer).Where(p => p.Reference == reference).ToListAsync())
                things.Add(new FoundThing("Person", p.Reference, Url("Person", p.Id), PersonNames.Show(p)));
        }
    }

#pragma warning disable CA1304, CA1311, CA1862 // Translated to the database's lower(): cultures and comparisons have no meaning there.
    /// <summary>What the index does not look for, since it compares whole people: a part of a name or address, a birth date alone, the end of a number.</summary>
    private async Task ByPartAsync(string text, PersonQuery query, List<FoundThing> things)
    {
        const int most = 20;
        var shown = People.Select(p => p.PersonId).ToHashSet();
        var visible = Read.Visible<Person>(Viewer);
        var found = new List<(Person Person, string Why)>();
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length >= 3 && w.Any(char.IsLetter)).Select(w => w.ToLowerInvariant()).ToList();
        if (words.Count > 0)
        {
            var byName = visible;
            foreach (var word in words)
            {
                byName = byName.Where(p => (p.GivenName ?? "").ToLower().Contains(word) || (p.FamilyName ?? "").ToLower().Contains(word)
                    || Read.Of<PersonName>().Any(n => n.PersonId == p.Id && n.EndedAt == null && ((n.GivenName ?? "").ToLower().Contains(word) || (n.FamilyName ?? "").ToLower().Contains(word))));
            }

            found.AddRange((await byName.OrderBy(p => p.FamilyName).ThenBy(p => p.GivenName).ThenBy(p => p.Id).Take(most).ToListAsync()).Select(p => (p, "part of a name")));
        }

        if (query.Birth is { } birth && BirthDates.Select(p => p.Parse(birth)).FirstOrDefault(p => p.Success) is { } day)
        {
            var on = day.Value;
            found.AddRange((await visible.Where(p => p.BirthDate == on).OrderBy(p => p.FamilyName).ThenBy(p => p.Id).Take(most).ToListAsync()).Select(p => (p, "born that day")));
        }

        var compact = new string([.. text.Where(char.IsLetterOrDigit)]).ToLowerInvariant();
        if (compact.Length >= 5)
        {
            var lower = text.ToLowerInvariant();
            var byPlace =
                from pl in Read.Of<PersonPlace>()
                join p in visible on pl.PersonId equals p.Id
                where !pl.Confidential && (pl.Value.ToLower().Contains(lower) || pl.Value.Replace(" ", "").ToLower() == compact || (pl.Postcode != null && pl.Postcode.Replace(" ", "").ToLower() == compact))
                select p;
            found.AddRange((await byPlace.Distinct().OrderBy(p => p.FamilyName).ThenBy(p => p.Id).Take(most).ToListAsync()).Select(p => (p, "an address or telephone")));
            var byNumber =
                from i in Read.Of<PersonIdentifier>()
                join p in visible on i.PersonId equals p.Id
                where i.EndedAt == null && i.Value.Replace(" ", "").ToLower() == compact
                select p;
            found.AddRange((await byNumber.Distinct().OrderBy(p => p.FamilyName).ThenBy(p => p.Id).Take(most).ToListAsync()).Select(p => (p, "a number")));
        }

        foreach (var (person, why) in found.Where(f => shown.Add(f.Person.Id)))
            things.Add(new FoundThing("Person", person.Reference, Url("Person", person.Id), $"{PersonNames.Show(person)}{(person.BirthDate is { } b ? $", born {RelativeTime.Date(b)}" : "")}: {why}"));
    }
#pragma warning restore CA1304, CA1311, CA1862

    private static readonly IPattern<LocalDate>[] BirthDates = [LocalDatePattern.CreateWithInvariantCulture("d/M/uuuu"), LocalDatePattern.CreateWithInvariantCulture("d-M-uuuu"), LocalDatePattern.CreateWithInvariantCulture("d.M.uuuu"), LocalDatePattern.Iso];

    private async Task ByThingAsync(string text, List<FoundThing> things)
    {
        var normal = new string([.. text.Where(char.IsLetterOrDigit).Select(char.ToUpperInvariant)]);
        if (normal.Length < 3) return;
        var visible = Read.Visible<Contact>(Viewer);
        var found = await (
            from t in Read.Of<MentionedThing>()
            join c in visible on t.ContactId equals c.Id
            where t.Normal != null && t.Normal.Contains(normal)
            orderby c.ReceivedAt descending
            select new { c.Id, c.Reference, t.Kind, t.AsReported }).Take(20).ToListAsync();
        things.AddRange(found.Select(f => new FoundThing(f.Kind.ToString(), f.Reference, Url("Contact", f.Id), f.AsReported)));
    }

    private new string? Url(string kind, Guid id) => links.Select(l => l.UrlOf(kind, id)).FirstOrDefault(u => u is not null);
}
