using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Files;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>A contact: what the child said, what was received, who is named, what was before, and per child the decision.</summary>
[Allow(LineDesk.AnyHub | Roles.SocialWorker | Roles.TeamManager | Roles.DesignatedOfficer, "open a contact", hub: true)]
[Witnessed]
public sealed class ContactModel(HubSettings settings, IEnumerable<IMentionPanel> panels, IEnumerable<ILinkSource> links) : HubPage
{
    [BindProperty(SupportsGet = true, Name = "id")]
    public Guid Id { get; set; }

    internal Contact Item { get; private set; } = null!;

    internal Verdict Verdict { get; private set; }

    internal IReadOnlyList<LineView> Lines { get; private set; } = [];

    internal IReadOnlyList<MentionView> Mentions { get; private set; } = [];

    internal IReadOnlyList<MentionedThing> Things { get; private set; } = [];

    internal IReadOnlyList<ChildsWords> Words { get; private set; } = [];

    internal IReadOnlyList<StoredFile> Files { get; private set; } = [];

    internal IReadOnlyList<EarlierView> Earlier { get; private set; } = [];

    internal IReadOnlyList<EarlierView> SameIncident { get; private set; } = [];

    internal IReadOnlyList<ProposedSibling> Siblings { get; private set; } = [];

    internal IReadOnlyList<PlanView> Plans { get; private set; } = [];

    internal IReadOnlyList<Telling> Tellings { get; private set; } = [];

    internal HandOver? OpenHandOver { get; private set; }

    internal IReadOnlyDictionary<Guid, string> Names { get; private set; } = new Dictionary<Guid, string>();

    internal IReadOnlyList<Agency> Agencies { get; private set; } = [];

    internal IReadOnlyList<HubPerson> People { get; private set; } = [];

    /// <summary>People a child can be handed to, or from whom an allegation may have to be kept.</summary>
    internal IReadOnlyList<HubPerson> Workers { get; private set; } = [];

    internal RatingSettings Ratings { get; private set; } = null!;

    internal OutcomeSettings Outcomes { get; private set; } = null!;

    internal ScreeningSettings Screening { get; private set; } = null!;

    internal IReadOnlyList<(ContactLine Line, string Reference)> MergeChoices { get; private set; } = [];

    /// <summary>The form that was sent and not done: it shows what was typed.</summary>
    internal string? PostedForm { get; private set; }

    internal bool MayWork => Verdict.Level >= AccessLevel.Work && Viewer.WorksInHub;

    internal bool MayRate => MayWork && Viewer.Has(LineDesk.Raters);

    internal bool MaySecond => MayWork && Screening.SecondPersonRoles.Any(r => Viewer.Has(r));

    /// <summary>Where an enquiry is opened, if a room offers that.</summary>
    internal string? OpenEnquiryUrl => links.Select(l => l.UrlOf("OpenEnquiry", Id)).FirstOrDefault(u => u is not null);

    internal string? UrlOf(string kind, Guid? id) => id is { } known ? links.Select(l => l.UrlOf(kind, known)).FirstOrDefault(u => u is not null) : null;

    internal Guid FreshId() => Platform.Time.Ids.New(Now);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostTakeAsync() => DoAsync("take", new AcknowledgeContact(Id, true));

    public Task<IActionResult> OnPostSeenAsync() => DoAsync("seen", new AcknowledgeContact(Id, false));

    public Task<IActionResult> OnPostReleaseAsync(string? reason) => DoAsync("release", new ReleaseContact(Id, reason ?? ""));

    public Task<IActionResult> OnPostTakeUpAsync(string? reason) => DoAsync("take-up", new TakeUpConsultation(Id, reason ?? ""));

    public Task<IActionResult> OnPostRedAsync(Guid line) => DoAsync($"red:{line}", new RateLine(line, Rating.Red, null));

    public Task<IActionResult> OnPostRateAsync(Guid line, Rating? rating, string? reason)
    {
        if (rating is not { } chosen)
        {
            ModelState.AddModelError("Rating", "Choose a rating.");
            return AgainWithAsync($"rate:{line}");
        }

        return DoAsync($"rate:{line}", new RateLine(line, chosen, reason));
    }

    public Task<IActionResult> OnPostDecideAsync(Guid line, LineOutcome? outcome, string? reason, Guid? seenVersion, Guid? toAccountId, Guid? toAgencyId, string? toTeam, LocalDate? recallOn, bool askingAddsRisk, Guid[]? implicated, Guid? implicatedAgency)
    {
        if (outcome is not { } chosen)
        {
            ModelState.AddModelError("Outcome", "Choose an outcome.");
            return AgainWithAsync($"decide:{line}");
        }

        var sendsOn = LineDesk.SendsOn(chosen);
        return DoAsync($"decide:{line}", new DecideLine
        {
            LineId = line,
            Outcome = chosen,
            Reason = reason ?? "",
            SeenVersion = seenVersion,
            ToAccountId = chosen == LineOutcome.AllocatedWorker ? toAccountId : null,
            ToAgencyId = chosen == LineOutcome.AnotherAuthority ? toAgencyId : null,
            ToTeam = sendsOn && !string.IsNullOrWhiteSpace(toTeam) ? toTeam : null,
            RecallOn = chosen == LineOutcome.ReturnForConsent ? recallOn : null,
            AskingAddsRisk = chosen == LineOutcome.ReturnForConsent && askingAddsRisk,
            ImplicatedAccountIds = chosen == LineOutcome.AllegationAgainstProfessional ? implicated ?? [] : [],
            ImplicatedAgencyId = chosen == LineOutcome.AllegationAgainstProfessional ? implicatedAgency : null,
        });
    }

    public Task<IActionResult> OnPostSecondAsync(Guid decision, bool agrees, string? words) => DoAsync($"second:{decision}", new SecondDecision(decision, agrees, words ?? ""));

    public Task<IActionResult> OnPostMergeAsync(Guid line, Guid? into, string? reason)
    {
        if (into is not { } target)
        {
            ModelState.AddModelError("Into", "Choose the report it repeats.");
            return AgainWithAsync($"merge:{line}");
        }

        return DoAsync($"merge:{line}", new MergeLine(line, target, reason ?? ""));
    }

    public Task<IActionResult> OnPostAddChildAsync(string? givenName, string? familyName, string? birth, int? age, string? reason) =>
        DoAsync("add-child", new AddLine(Id, new PersonIntake { GivenName = givenName, FamilyName = familyName, Birth = birth, Age = age }, reason ?? ""));

    public Task<IActionResult> OnPostHandOverAsync(Guid? toAccountId, string? reason) => DoAsync("hand-over", new HandOverItem(HandOverKinds.Contact, Id, toAccountId, null, null, reason ?? ""));

    public Task<IActionResult> OnPostAllegationAsync(Guid line, string? words) => DoAsync($"allegation:{line}", new AcknowledgeAllegation(line, words ?? ""));

    internal string Field(string form, string name) => PostedForm == form ? name : $"{name}-{form.Replace(':', '-')}";

    internal string? Typed(string form, string name) => PostedForm == form && Request.HasFormContentType ? Request.Form[name].ToString() : null;

    internal string? Wrong(string form, string name) =>
        PostedForm == form && ModelState.TryGetValue(name, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        Verdict = await Read.VerdictAsync<Contact>(Viewer, Id, ct);
        if (Verdict.Level < AccessLevel.Read) return Deny(Verdict);
        Item = await Read.Visible<Contact>(Viewer).SingleAsync(c => c.Id == Id, ct);
        await ViewedAsync("Contact", Id);

        Ratings = await settings.GetAsync<RatingSettings>("ratings");
        Outcomes = await settings.GetAsync<OutcomeSettings>("outcomes");
        Screening = await settings.GetAsync<ScreeningSettings>("screening");
        await LoadPeopleAsync(ct);
        await LoadLinesAsync(ct);
        Things = await Read.Of<MentionedThing>().Where(t => t.ContactId == Id).OrderBy(t => t.Id).ToListAsync(ct);
        Words = await Read.Of<ChildsWords>().Where(w => w.ContactId == Id).OrderBy(w => w.Id).ToListAsync(ct);
        Files = await Read.Of<StoredFile>().Where(f => f.OwnerKind == "Contact" && f.OwnerId == Id).OrderBy(f => f.Id).ToListAsync(ct);
        Tellings = await Read.Of<Telling>().Where(t => t.ContactId == Id).OrderBy(t => t.Id).ToListAsync(ct);
        OpenHandOver = await Read.Of<HandOver>().Where(h => h.SubjectId == Id && h.ClosedAt == null).FirstOrDefaultAsync(ct);
        await LoadBeforeAsync(ct);
        Agencies = await Read.Of<Agency>().Where(a => a.ClosedOn == null).OrderBy(a => a.Name).ToListAsync(ct);
        People = await HubPeople.Of(Read, Today).OrderBy(p => p.Name).ToListAsync(ct);
        Workers = MayRate ? await HubPeople.Everyone(Read, Today).OrderBy(p => p.Name).ToListAsync(ct) : [];
        var accounts = new List<Guid?> { Item.OwnerAccountId, Item.AcknowledgedBy, Item.EnteredByAccountId, OpenHandOver?.ToAccountId };
        accounts.AddRange(Lines.SelectMany(l => l.Ratings.Select(r => (Guid?)r.ByAccountId)));
        accounts.AddRange(Lines.SelectMany(l => l.Decisions.SelectMany(d => new[] { d.ByAccountId, d.SecondAccountId })));
        accounts.AddRange(Lines.SelectMany(l => new[] { l.Line.RecallOwnerId, l.HandOver?.ToAccountId }));
        Names = await HubPeople.NamesAsync(Read, accounts, ct);
        return null;
    }

    private async Task LoadPeopleAsync(CancellationToken ct)
    {
        var rows = await (
            from m in Read.Of<Mention>()
            join i in Read.Of<Identification>().Where(i => i.UndoneAt == null) on m.Id equals i.MentionId into identified
            from i in identified.DefaultIfEmpty()
            where m.ContactId == Id
            orderby m.Number
            select new { Mention = m, PersonId = (Guid?)i.PersonId }).ToListAsync(ct);
        var views = new List<MentionView>();
        foreach (var row in rows)
        {
            var drawn = new List<SlotPart>();
            foreach (var panel in panels.OrderBy(p => p.Order))
            {
                if (await panel.DrawAsync(Viewer, row.Mention.Id, ct) is { } part) drawn.Add(part);
            }

            views.Add(new MentionView(row.Mention, row.PersonId, drawn));
        }

        Mentions = views;
    }

    private async Task LoadLinesAsync(CancellationToken ct)
    {
        var lines = await Read.Of<ContactLine>().Where(l => l.ContactId == Id).OrderBy(l => l.Number).ToListAsync(ct);
        var ids = lines.Select(l => l.Id).ToArray();
        var ratings = (await Read.Of<LineRating>().Where(r => ids.Contains(r.LineId)).OrderBy(r => r.Id).ToListAsync(ct)).ToLookup(r => r.LineId);
        var decisions = (await Read.Of<LineDecision>().Where(d => ids.Contains(d.LineId)).OrderBy(d => d.Id).ToListAsync(ct)).ToLookup(d => d.LineId);
        var clocks = (await Read.Of<RunningClock>().Where(c => c.ParentId == Id).OrderBy(c => c.DueAt).ToListAsync(ct)).ToLookup(c => c.SubjectId);
        var handOvers = (await Read.Of<HandOver>().Where(h => ids.Contains(h.SubjectId) && h.ClosedAt == null).ToListAsync(ct)).ToLookup(h => h.SubjectId);
        var mergedInto = lines.Where(l => l.MergedIntoLineId != null).Select(l => l.MergedIntoLineId!.Value).ToArray();
        var mergedHere = await (
            from l in Read.Of<ContactLine>()
            join c in Read.Visible<Contact>(Viewer) on l.ContactId equals c.Id
            where l.MergedIntoLineId != null && ids.Contains(l.MergedIntoLineId.Value) || mergedInto.Contains(l.Id)
            select new { l.Id, l.MergedIntoLineId, ContactId = c.Id, c.Reference, c.Words }).ToListAsync(ct);
        Lines = [.. lines.Select(l => new LineView(
            l,
            Mentions.FirstOrDefault(m => m.Mention.Id == l.MentionId),
            [.. ratings[l.Id]],
            [.. decisions[l.Id]],
            [.. clocks[l.Id]],
            handOvers[l.Id].FirstOrDefault(),
            mergedHere.Where(m => m.Id == l.MergedIntoLineId).Select(m => new MergedView(m.ContactId, m.Reference, m.Words)).FirstOrDefault(),
            [.. mergedHere.Where(m => m.MergedIntoLineId == l.Id).Select(m => new MergedView(m.ContactId, m.Reference, m.Words))]))];
    }

    /// <summary>Earlier contacts, the same incident from the same sender, siblings to propose, plans, and what it could be a repeat of.</summary>
    private async Task LoadBeforeAsync(CancellationToken ct)
    {
        var key = new ContactKey(Item.Id, Item.ReceivedAt, Item.ReceivedOn);
        var known = Read.Visible<Contact>(Viewer, AccessLevel.Pointer);
        var search = new EarlierContacts(Read);
        var earlier = (await search.OfAsync([key], known, Screening.LookBackMonths, ct))[Id];
        Earlier = await ViewsAsync(earlier.Select(e => e.ContactId).ToArray(), ct);
        var same = Item.SenderReference is { Length: > 0 } reference
            ? await known.Where(c => c.Id != Id && c.SenderReference == reference && c.AgencyId == Item.AgencyId).Select(c => c.Id).ToListAsync(ct)
            : [];
        SameIncident = await ViewsAsync(same, ct);

        var household = (await search.HouseholdsAsync([key], ct))[Id];
        Plans = await (
            from p in Read.Of<Plan>()
            where household.Contains(p.PersonId)
            orderby p.EndedOn == null descending, p.StartedOn descending
            select new PlanView(p.Kind, p.StartedOn, p.EndedOn, p.LatestCategory, p.PersonId)).Take(50).ToListAsync(ct);
        await LoadSiblingsAsync(ct);

        var candidates = Earlier.Concat(SameIncident).Select(e => e.ContactId).Distinct().ToArray();
        MergeChoices = (await (
            from l in Read.Of<ContactLine>()
            join c in Read.Visible<Contact>(Viewer) on l.ContactId equals c.Id
            where candidates.Contains(l.ContactId) && l.State == LineState.Waiting
            orderby c.ReceivedAt, l.Number
            select new { Line = l, c.Reference }).ToListAsync(ct)).Select(x => (x.Line, x.Reference)).ToList();
    }

    /// <summary>Siblings the register knows of the children identified here, who are not named in the contact: proposed, never added by themselves.</summary>
    private async Task LoadSiblingsAsync(CancellationToken ct)
    {
        var children = Mentions.Where(m => m.PersonId != null && m.Mention.Role is MentionRole.Child).Select(m => m.PersonId!.Value).ToArray();
        var named = Mentions.Where(m => m.PersonId != null).Select(m => m.PersonId!.Value).ToArray();
        if (children.Length == 0) return;
        var kin = await Read.Of<Relationship>()
            .Where(r => r.EndedAt == null && r.Kind == "sibling" && (children.Contains(r.PersonId) || children.Contains(r.OtherId)))
            .Select(r => new { r.PersonId, r.OtherId, r.Source, r.Confidence })
            .ToListAsync(ct);
        var others = kin.SelectMany(k => new[] { (Id: k.PersonId, k.Source, k.Confidence), (Id: k.OtherId, k.Source, k.Confidence) }).Where(k => !named.Contains(k.Id)).DistinctBy(k => k.Id).ToArray();
        var ids = others.Select(o => o.Id).ToArray();
        var people = await Read.Of<Person>().Where(p => ids.Contains(p.Id) && !Read.Of<Records.Governance.Seal>().Any(s => s.SubjectId == p.Id && s.EndedAt == null)).ToListAsync(ct);
        Siblings = [.. people.Select(p => new ProposedSibling(p.Id, p.Reference, p.GivenName, p.FamilyName, p.BirthDate, others.First(o => o.Id == p.Id).Source, others.First(o => o.Id == p.Id).Confidence))];
    }

    private async Task<IReadOnlyList<EarlierView>> ViewsAsync(IReadOnlyCollection<Guid> contacts, CancellationToken ct)
    {
        if (contacts.Count == 0) return [];
        var rows = await (
            from seen in Read.Judged<Contact>(Viewer)
            where contacts.Contains(seen.Item.Id)
            orderby seen.Item.ReceivedAt descending
            select new { seen.Item.Id, seen.Item.Reference, seen.Item.ReceivedAt, seen.Item.AgencyId, Words = seen.Code >= 300 ? seen.Item.Words : null }).ToListAsync(ct);
        var lines = (await Read.Of<ContactLine>().Where(l => contacts.Contains(l.ContactId)).OrderBy(l => l.Number).ToListAsync(ct)).ToLookup(l => l.ContactId);
        var agencies = await new AccountingIdentity(Read).AgencyNamesAsync(ct);
        return [.. rows.Select(r => new EarlierView(
            r.Id,
            r.Reference,
            r.ReceivedAt,
            agencies[r.AgencyId ?? AccountingIdentity.Public],
            r.Words,
            r.Words is null ? [] : [.. lines[r.Id].Select(l => l.State == LineState.Decided && l.Outcome is { } o ? Outcomes.Label(o) : ContactWords.Of(l.State)).Distinct(StringComparer.Ordinal)]))];
    }

    private async Task<IActionResult> DoAsync<T>(string form, ICommand<T> command)
    {
        PostedForm = form;
        return await SendAsync(command, _ => Redirect($"/contacts/{Id}"));
    }

    private async Task<IActionResult> AgainWithAsync(string form)
    {
        PostedForm = form;
        return await AgainAsync();
    }
}

internal sealed record MentionView(Mention Mention, Guid? PersonId, IReadOnlyList<SlotPart> Panels)
{
    public string Name => string.Join(' ', new[] { Mention.GivenName, Mention.FamilyName }.Where(n => !string.IsNullOrWhiteSpace(n))) is { Length: > 0 } name ? name : "Name not given";
}

internal sealed record MergedView(Guid ContactId, string Reference, string Words);

internal sealed record LineView(
    ContactLine Line,
    MentionView? Child,
    IReadOnlyList<LineRating> Ratings,
    IReadOnlyList<LineDecision> Decisions,
    IReadOnlyList<RunningClock> Clocks,
    HandOver? HandOver,
    MergedView? Into,
    IReadOnlyList<MergedView> MergedHere)
{
    public string Name => Child?.Name ?? "A child nobody has identified yet";

    public LineDecision? Proposal => Decisions.FirstOrDefault(d => d.State == DecisionState.Proposed);
}

internal sealed record EarlierView(Guid ContactId, string Reference, Instant ReceivedAt, string From, string? Words, IReadOnlyList<string> Outcomes);

internal sealed record ProposedSibling(Guid PersonId, string Reference, string? GivenName, string? FamilyName, LocalDate? BirthDate, string Source, string Confidence);

internal sealed record PlanView(string Kind, LocalDate StartedOn, LocalDate? EndedOn, string? Category, Guid PersonId);

/// <summary>One child of the contact, for the partial that draws the decision.</summary>
internal sealed record LinePart(ContactModel Page, LineView View);
