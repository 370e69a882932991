using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Governance;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using Person = OpenMash.Records.People.Person;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>A contact in which the person was identified.</summary>
public sealed record PersonContact(Guid ContactId, string Reference, Instant ReceivedAt, MentionRole Role, string Agency, LineState? State, LineOutcome? Outcome, Rating? Rating);

/// <summary>Someone related, as recorded: from when, until when, known how and from where.</summary>
public sealed record Related(Guid RelationshipId, Guid PersonId, string Name, string Kind, string Group, LocalDate? From, LocalDate? To, string Confidence, string Source, Instant RecordedAt)
{
    public bool IsOver => To is not null;
}

/// <summary>A name with where it comes from and since when it is known here.</summary>
public sealed record KnownName(string Name, string Kind, string Source, Instant RecordedAt);

/// <summary>A record that a merge has joined to this one.</summary>
public sealed record JoinedRecord(Guid ResolutionId, string Reference, string Name, string Into, Instant At, string By, string Reason);

/// <summary>An agency that knows the person: how, and whom to call.</summary>
public sealed record KnowingAgency(string Name, string Telephone, string How, Instant? Last);

/// <summary>A person of the register: names and identifiers with source, contacts, relationships, what other rooms hold, and who knows them.</summary>
[Allow(Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam | Roles.SocialWorker | Roles.TeamManager | Roles.ReviewingOfficer | Roles.ExploitationCoordinator | Roles.DesignatedOfficer, "open a person's page", hub: true)]
[Witnessed]
internal sealed class PersonPageModel(IEnumerable<IPersonPanel> panels, IEnumerable<IChronologySource> chronologies, MatchReader matches, HubSettings settings) : HubPage
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

    [BindProperty]
    public string? OtherReference { get; set; }

    [BindProperty]
    public string? RelationKind { get; set; }

    [BindProperty]
    public string? Confidence { get; set; }

    [BindProperty]
    public string? RelationSource { get; set; }

    [BindProperty]
    public LocalDate? RelationFrom { get; set; }

    [BindProperty]
    public Guid RelationshipId { get; set; }

    [BindProperty]
    public LocalDate? EndedOn { get; set; }

    [BindProperty]
    public bool Wrong { get; set; }

    [BindProperty]
    public string? EndReason { get; set; }

    [BindProperty]
    public Guid ResolutionId { get; set; }

    [BindProperty]
    public string? UnmergeReason { get; set; }

    public Person Person { get; private set; } = null!;

    /// <summary>The person under every identity that this viewer may read.</summary>
    public IReadOnlyList<Guid> Ids { get; private set; } = [];

    public IReadOnlyList<JoinedRecord> Joined { get; private set; } = [];

    public IReadOnlyList<KnowingAgency> Agencies { get; private set; } = [];

    /// <summary>Contacts of which the viewer may know only that there are some.</summary>
    public int ShutContacts { get; private set; }

    /// <summary>What must be known before anything else: plans that are open, red that waits, an embargo on telling.</summary>
    public IReadOnlyList<string> Alerts { get; private set; } = [];

    internal RelationshipSettings Relationships { get; private set; } = null!;

    public bool MayRelate => Viewer.Has(AddRelationshipHandler.Who);

    public bool MayDecide { get; private set; }

    public bool MayUnmerge { get; private set; }

    public Verdict Verdict { get; private set; }

    public IReadOnlyList<KnownName> Names { get; private set; } = [];

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

    public Task<IActionResult> OnPostRelateAsync() => SendAsync(
        new AddRelationship { PersonId = Id, OtherReference = OtherReference ?? "", Kind = RelationKind ?? "", Confidence = Confidence ?? "", Source = RelationSource ?? "", From = RelationFrom },
        _ => Told("The relationship was recorded."));

    public Task<IActionResult> OnPostEndRelationAsync() => SendAsync(
        new EndRelationship(RelationshipId, EndedOn, Wrong, EndReason ?? ""),
        _ => Told(Wrong ? "The relationship was taken back; the trail keeps that it was recorded." : "The relationship is shown as over."));

    public Task<IActionResult> OnPostProposeAsync() => SendAsync(new ProposeMatch(Id, OtherReference ?? ""), pair => Redirect($"/people/review/{pair}"));

    public Task<IActionResult> OnPostUnmergeAsync() => SendAsync(
        new UnmergePeople(ResolutionId, UnmergeReason ?? ""),
        _ => Told("The records stand apart again, each with what it had."));

    private RedirectResult Told(string message)
    {
        TempData.Notify(NoticeKind.Success, message);
        return Redirect($"/people/{Id}");
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Verdict = await Read.VerdictAsync<Person>(Viewer, Id);
        if (Verdict.Level == AccessLevel.None) return Verdict.Reason == AccessReason.Conflict ? Deny(Verdict) : NotFound();
        if (Verdict.Level < AccessLevel.Read) return new RefusedResult(Verdict.Words + " If a child is in danger now, you may open it with a reason.", $"/break-glass/Person/{Id}", "Open it with a reason");
        // A record that was joined to another is read as that one; where only this one is open to the viewer, it is shown by itself.
        var map = await Read.ResolveAsync([Id], HttpContext.RequestAborted);
        var standing = map.Standing(Id);
        if (standing != Id && HttpMethods.IsGet(Request.Method) && (await Read.VerdictAsync<Person>(Viewer, standing)).Level >= AccessLevel.Read) return Redirect($"/people/{standing}");
        Ids = standing == Id ? await matches.ReadableAsync(Viewer, map.ItselfFirst(Id), HttpContext.RequestAborted) : [Id];
        await ViewedAsync("Person", Id);
        Person = await Read.Of<Person>().SingleAsync(p => p.Id == Id);
        if (ConflictMessage is not null)
        {
            SeenVersion = Person.Version;
            ModelState.Remove(nameof(SeenVersion));
        }

        Names = await NamesAsync();
        Identifiers = await Read.Of<PersonIdentifier>().Where(n => Ids.Contains(n.PersonId) && n.EndedAt == null).OrderBy(n => n.Kind).ThenBy(n => n.RecordedAt).ToListAsync();
        Places = [.. (await Read.Of<PersonPlace>().Where(n => Ids.Contains(n.PersonId)).OrderByDescending(n => n.RecordedAt).ThenBy(n => n.Id).ToListAsync()).DistinctBy(n => (n.Kind, n.Value.ToUpperInvariant(), n.Source, n.To, n.Confidential))];
        Relationships = await settings.GetAsync<RelationshipSettings>("relationships");
        var matching = await settings.GetAsync<MatchSettings>("matching");
        (MayDecide, MayUnmerge) = (Viewer.Has(matching.Deciders), Viewer.Has(matching.Seconds));
        await LoadJoinedAsync();
        await LoadContactsAsync();
        await LoadRelationsAsync();
        var plans = await Read.Of<Plan>().Where(p => Ids.Contains(p.PersonId) && p.EndedOn == null).Select(p => p.Kind).Distinct().ToListAsync();
        await LoadAgenciesAsync(plans.Count > 0);
        await LoadAlertsAsync(plans);
        var parts = new List<SlotPart>();
        foreach (var panel in panels.OrderBy(p => p.Order))
        {
            if (await panel.DrawAsync(Viewer, Id, HttpContext.RequestAborted) is { } part) parts.Add(part);
        }

        Parts = parts;
        var entries = new List<ChronologyEntry>();
        foreach (var source in chronologies) entries.AddRange(await source.ReadAsync(Viewer, Ids, HttpContext.RequestAborted));
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
            where Ids.Contains(i.PersonId) && i.UndoneAt == null
            orderby c.ReceivedAt descending
            select new PersonContact(c.Id, c.Reference, c.ReceivedAt, m.Role, a == null ? "Public" : a.Name, l == null ? null : l.State, l == null ? null : l.Outcome, l == null ? null : l.Rating)).ToListAsync();
        var all = await (
            from i in Read.Of<Identification>()
            join m in Read.Of<Mention>() on i.MentionId equals m.Id
            join c in Read.Visible<Contact>(Viewer, AccessLevel.Pointer) on m.ContactId equals c.Id
            where Ids.Contains(i.PersonId) && i.UndoneAt == null
            select c.Id).Distinct().ToListAsync();
        ShutContacts = all.Except(Contacts.Select(c => c.ContactId)).Count();
    }

    private async Task<IReadOnlyList<KnownName>> NamesAsync()
    {
        var others = await Read.Of<Person>().Where(p => Ids.Contains(p.Id) && p.Id != Id).OrderBy(p => p.CreatedAt).ToListAsync();
        var names = await Read.Of<PersonName>().Where(n => Ids.Contains(n.PersonId)).OrderBy(n => n.RecordedAt).ToListAsync();
        var own = $"{Person.GivenName} {Person.FamilyName}".Trim();
        return
        [
            .. others.Select(p => new KnownName(PersonNames.Show(p) + (p.BirthDate is { } born && born != Person.BirthDate ? $", born {RelativeTime.Date(born)}" : ""), "as " + p.Reference, p.Source, p.CreatedAt)),
            .. names.Select(n => new KnownName($"{n.GivenName} {n.FamilyName}".Trim(), n.Kind, n.Source, n.RecordedAt)).Where(n => n.Name != own).DistinctBy(n => (n.Name.ToUpperInvariant(), n.Source)),
        ];
    }

    private async Task LoadJoinedAsync()
    {
        if (Ids.Count == 1) return;
        Joined = await (
            from r in Read.Of<Resolution>()
            join f in Read.Of<Person>() on r.FromId equals f.Id
            join t in Read.Of<Person>() on r.ToId equals t.Id
            join a in Read.Of<Account>() on r.ByAccountId equals a.Id into accounts
            from a in accounts.DefaultIfEmpty()
            where r.EndedAt == null && Ids.Contains(r.FromId) && Ids.Contains(r.ToId)
            orderby r.At, r.FromId
            select new JoinedRecord(r.Id, f.Reference, (f.GivenName + " " + f.FamilyName).Trim(), t.Reference, r.At, a == null ? "the hub itself" : a.FullName, r.Reason)).ToListAsync();
    }

    private async Task LoadRelationsAsync()
    {
        var visible = Read.Visible<Person>(Viewer);
        var forward = await (
            from r in Read.Of<Relationship>()
            join p in visible on r.OtherId equals p.Id
            where Ids.Contains(r.PersonId) && r.EndedAt == null
            select new { p, r }).ToListAsync();
        var backward = await (
            from r in Read.Of<Relationship>()
            join p in visible on r.PersonId equals p.Id
            where Ids.Contains(r.OtherId) && r.EndedAt == null
            select new { p, r }).ToListAsync();
        Related Of(Person other, Relationship r, string kind) => new(r.Id, other.Id, PersonNames.Show(other), kind, Relationships.Group(kind), r.From, r.To, r.Confidence, r.Source, r.RecordedAt);
        Relations =
        [
            .. forward.Select(x => Of(x.p, x.r, x.r.Kind)).Concat(backward.Select(x => Of(x.p, x.r, Relationships.Inverse(x.r.Kind))))
                .Where(r => !Ids.Contains(r.PersonId))
                .OrderBy(r => r.IsOver).ThenBy(r => r.RecordedAt)
                .DistinctBy(r => (r.PersonId, r.Kind, r.IsOver)),
        ];
    }

    /// <summary>Who knows the person and whom to call; what they know is theirs to tell. Agencies known only from what the viewer may not open are not named.</summary>
    private async Task LoadAgenciesAsync(bool planned)
    {
        var contacts = Contacts.Select(c => c.ContactId).ToArray();
        var reported = await (
            from c in Read.Of<Contact>()
            where contacts.Contains(c.Id) && c.AgencyId != null
            select new { AgencyId = c.AgencyId!.Value, c.ReceivedAt }).ToListAsync();
        var held = await (
            from k in Read.Visible<AgencyCheck>(Viewer)
            join e in Read.Visible<Enquiry>(Viewer) on k.EnquiryId equals e.Id
            where contacts.Contains(e.ContactId)
            select new { k.AgencyId, k.AskedAt }).ToListAsync();
        var sent = Identifiers.Where(i => i.Kind == IdentifierKind.AgencyId && Guid.TryParse(i.Issuer, out _)).ToLookup(i => Guid.Parse(i.Issuer!));
        var agencies = await Read.Of<Agency>().OrderBy(a => a.Name).ToListAsync();
        Agencies =
        [
            .. from a in agencies
               let mine = reported.Where(r => r.AgencyId == a.Id).ToList()
               let asked = held.Where(h => h.AgencyId == a.Id).ToList()
               let how = new[]
               {
                   a.IsHub && planned ? "has an open plan" : null,
                   mine.Count > 0 ? $"reported {Words.Count(mine.Count, "time", "times")}" : null,
                   asked.Count > 0 ? "was asked in an enquiry" : null,
                   sent[a.Id].Any() ? $"holds a record, their number {string.Join(", ", sent[a.Id].Select(i => i.Value).Distinct())}" : null,
               }.OfType<string>().ToList()
               where how.Count > 0
               select new KnowingAgency(a.Name, a.Telephone, Words.UpperFirst(string.Join("; ", how)), mine.Select(m => (Instant?)m.ReceivedAt).Concat(asked.Select(h => (Instant?)h.AskedAt)).Max()),
        ];
    }

    private async Task LoadAlertsAsync(IEnumerable<string> plans)
    {
        var now = Now;
        var alerts = new List<string>();
        alerts.AddRange(plans.Order().Select(p => $"Plan open: {PersonNames.Plan(p)}"));
        var red = Contacts.Where(c => c.State == LineState.Waiting && c.Rating == Rating.Red).Select(c => c.Reference).Distinct().ToList();
        if (red.Count > 0) alerts.Add($"Red and not decided: {string.Join(", ", red)}");
        if (await Read.Of<Embargo>().Where(e => e.EndedAt == null && e.ExpiresAt > now && Ids.Contains(e.SubjectId)).MaxAsync(e => (Instant?)e.ExpiresAt) is { } until)
            alerts.Add($"Do not tell the family before {RelativeTime.Full(until)} without asking the duty manager");
        if (Places.Any(p => p.Confidential)) alerts.Add("An address is confidential: never say it, print it or send it");
        Alerts = alerts;
    }
}
