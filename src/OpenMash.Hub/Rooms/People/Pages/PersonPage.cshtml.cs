using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;
using Person = OpenMash.Records.People.Person;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>A contact in which the person was identified.</summary>
public sealed record PersonContact(Guid ContactId, string Reference, Instant ReceivedAt, MentionRole Role, string Agency, LineState? State, LineOutcome? Outcome, Rating? Rating);

/// <summary>Someone related, as recorded.</summary>
public sealed record Related(Guid PersonId, string Name, string Kind, string Confidence, string Source);

/// <summary>A person of the register: names and identifiers with source, contacts, relationships, what other rooms hold, and who knows them.</summary>
[Allow(Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam | Roles.SocialWorker | Roles.TeamManager | Roles.ReviewingOfficer | Roles.ExploitationCoordinator | Roles.DesignatedOfficer, "open a person's page", hub: true)]
[Witnessed]
public sealed class PersonPageModel(IEnumerable<IPersonPanel> panels, IEnumerable<IChronologySource> chronologies) : HubPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public Guid SeenVersion { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public string? GivenName { get; set; }

    [BindProperty]
    public string? FamilyName { get; set; }

    [BindProperty]
    public LocalDate? BirthDate { get; set; }

    [BindProperty]
    public string? NewAddress { get; set; }

    [BindProperty]
    public string? NewPostcode { get; set; }

    public Person Person { get; private set; } = null!;

    public Verdict Verdict { get; private set; }

    public IReadOnlyList<PersonName> Names { get; private set; } = [];

    public IReadOnlyList<PersonIdentifier> Identifiers { get; private set; } = [];

    public IReadOnlyList<PersonPlace> Places { get; private set; } = [];

    public IReadOnlyList<PersonContact> Contacts { get; private set; } = [];

    public IReadOnlyList<Related> Relations { get; private set; } = [];

    /// <summary>By which a child without a name is shown.</summary>
    public string? LocalId => Identifiers.FirstOrDefault(i => i.Kind == IdentifierKind.LocalAuthorityChildId)?.Value;

    public IReadOnlyList<SlotPart> Parts { get; private set; } = [];

    public IReadOnlyList<ChronologyEntry> Chronology { get; private set; } = [];

    public int? Age => Person.BirthDate is { } b ? Period.Between(b, Today, PeriodUnits.Years).Years : null;

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } instead) return instead;
        (GivenName, FamilyName, BirthDate, SeenVersion) = (Person.GivenName, Person.FamilyName, Person.BirthDate, Person.Version);
        return Page();
    }

    public Task<IActionResult> OnPostAsync() => SendAsync(
        new AmendPerson
        {
            PersonId = Id,
            SeenVersion = SeenVersion,
            Reason = Reason ?? "",
            GivenName = string.IsNullOrWhiteSpace(GivenName) ? null : GivenName.Trim(),
            FamilyName = string.IsNullOrWhiteSpace(FamilyName) ? null : FamilyName.Trim(),
            BirthDate = BirthDate,
            NewPlace = string.IsNullOrWhiteSpace(NewAddress) ? null : new PlaceEntry("home", NewAddress.Trim(), NewPostcode, Today),
        },
        _ =>
        {
            TempData.Notify(NoticeKind.Success, "What is known of this person was changed; what it was before is kept.");
            return Redirect($"/people/{Id}");
        });

    protected override async Task<IActionResult?> LoadAsync()
    {
        Verdict = await Read.VerdictAsync<Person>(Viewer, Id);
        if (Verdict.Level == AccessLevel.None) return Verdict.Reason == AccessReason.Conflict ? Deny(Verdict) : NotFound();
        if (Verdict.Level < AccessLevel.Read) return new RefusedResult(Verdict.Words + " If a child is in danger now, you may open it with a reason.", $"/break-glass/Person/{Id}", "Open it with a reason");
        await ViewedAsync("Person", Id);
        Person = await Read.Of<Person>().SingleAsync(p => p.Id == Id);
        if (ConflictMessage is not null)
        {
            SeenVersion = Person.Version;
            ModelState.Remove(nameof(SeenVersion));
        }

        Names = await Read.Of<PersonName>().Where(n => n.PersonId == Id).OrderBy(n => n.RecordedAt).ToListAsync();
        Identifiers = await Read.Of<PersonIdentifier>().Where(n => n.PersonId == Id && n.EndedAt == null).OrderBy(n => n.Kind).ToListAsync();
        Places = await Read.Of<PersonPlace>().Where(n => n.PersonId == Id).OrderByDescending(n => n.RecordedAt).ToListAsync();
        await LoadContactsAsync();
        await LoadRelationsAsync();
        var parts = new List<SlotPart>();
        foreach (var panel in panels.OrderBy(p => p.Order))
        {
            if (await panel.DrawAsync(Viewer, Id, HttpContext.RequestAborted) is { } part) parts.Add(part);
        }

        Parts = parts;
        var entries = new List<ChronologyEntry>();
        foreach (var source in chronologies) entries.AddRange(await source.ReadAsync(Viewer, [Id], HttpContext.RequestAborted));
        Chronology = [.. entries.OrderBy(e => e.HappenedOn).ThenBy(e => e.KnownAt)];
        return null;
    }

    private async Task LoadContactsAsync()
    {
        var visible = Read.Visible<Contact>(Viewer);
        Contacts = await (
            from i in Read.Of<Identification>()
            join m in Read.Of<Mention>() on i.MentionId equals m.Id
            join c in visible on m.ContactId equals c.Id
            join l in Read.Of<ContactLine>() on m.Id equals l.MentionId into lines
            from l in lines.DefaultIfEmpty()
            join a in Read.Of<Agency>() on c.AgencyId equals a.Id into agencies
            from a in agencies.DefaultIfEmpty()
            where i.PersonId == Id && i.UndoneAt == null
            orderby c.ReceivedAt descending
            select new PersonContact(c.Id, c.Reference, c.ReceivedAt, m.Role, a == null ? "Public" : a.Name, l == null ? null : l.State, l == null ? null : l.Outcome, l == null ? null : l.Rating)).ToListAsync();
    }

    private async Task LoadRelationsAsync()
    {
        var visible = Read.Visible<Person>(Viewer);
        var forward = await (
            from r in Read.Of<Relationship>()
            join p in visible on r.OtherId equals p.Id
            where r.PersonId == Id && r.EndedAt == null
            select new { p, r.Kind, r.Confidence, r.Source }).ToListAsync();
        var backward = await (
            from r in Read.Of<Relationship>()
            join p in visible on r.PersonId equals p.Id
            where r.OtherId == Id && r.EndedAt == null
            select new { p, r.Kind, r.Confidence, r.Source }).ToListAsync();
        Relations =
        [
            .. forward.Select(r => new Related(r.p.Id, PersonNames.Show(r.p), r.Kind, r.Confidence, r.Source)),
            .. backward.Select(r => new Related(r.p.Id, PersonNames.Show(r.p), r.Kind is "mother" or "father" or "carer" ? "child" : r.Kind, r.Confidence, r.Source)),
        ];
        Relations = [.. Relations.DistinctBy(r => (r.PersonId, r.Kind))];
    }
}
