using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Live;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.HubRoom.Pages;

/// <summary>The room: what we asked, what we know, what we think. Its parts are fetched again by themselves when something changes; every form works without script.</summary>
[Allow(RoomPageRoles.Any, "take part in a room")]
[Witnessed]
public sealed class RoomModel(HubSettings settings, LiveBoard board, FileVault vault) : HubPage
{
    public sealed class ItemInput
    {
        public string? Words { get; set; }
        public Nature Nature { get; set; }
        public List<Guid> Concerns { get; set; } = [];
        public string? GivenBy { get; set; }
        public string? ThirdParties { get; set; }
        public LocalDate? HappenedOn { get; set; }
        public string? HappenedWhen { get; set; }
        public MaySee MaySee { get; set; }
        public List<Guid> NamedAgencies { get; set; } = [];
        public MayDo MayTellFamily { get; set; }
        public MayDo MayLeaveRoom { get; set; }
        public Guid? CorrectsId { get; set; }
        public Guid? DraftId { get; set; }
        public List<IFormFile> Files { get; set; } = [];
    }

    public sealed class TalkInput
    {
        public string? Words { get; set; }
        public Guid? DraftId { get; set; }
    }

    public sealed class ViewInput
    {
        public int? Level { get; set; }
        public string? ViewWords { get; set; }
        public Guid? DraftId { get; set; }
    }

    public sealed class OpenInput
    {
        public string? OpenReason { get; set; }
    }

    public sealed class DecideInput
    {
        public LineOutcome? Outcome { get; set; }
        public int? Level { get; set; }
        public string? Rationale { get; set; }
        public string? OptionsRejected { get; set; }
        public Guid? ToAgencyId { get; set; }
        public string? QuorumWaivedBecause { get; set; }
        public string? RevisedBecause { get; set; }
        public Guid? RevisesId { get; set; }
        public long? SeenSequence { get; set; }
        public Guid? DraftId { get; set; }
    }

    public sealed class RaiseInput
    {
        public string? Rationale { get; set; }
    }

    public sealed class SecondInput
    {
        public Guid DecisionId { get; set; }
        public string? SecondWords { get; set; }
    }

    public sealed class PositionInput
    {
        public Guid DecisionId { get; set; }
        public string? PositionWords { get; set; }
    }

    public sealed class LadderInput
    {
        public Guid EscalationId { get; set; }
        public string? ResolveWords { get; set; }
        public string? ClimbReason { get; set; }
    }

    public sealed class AgainInput
    {
        public Guid LookAgainId { get; set; }
        public string? SettleReason { get; set; }
    }

    public sealed class AskInput
    {
        public Guid? AgencyId { get; set; }
        public string? Question { get; set; }
    }

    public sealed class DangerInput
    {
        public Guid ContributionId { get; set; }
        public string? Minimum { get; set; }
        public string? Reason { get; set; }
        public List<Guid> NamedAgencies { get; set; } = [];
    }

    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }

    /// <summary>What this reader had seen when the page was opened: newer items are marked.</summary>
    [BindProperty(SupportsGet = true)] public long? Since { get; set; }

    /// <summary><c>happened</c> orders the chronology by when things happened; otherwise by when they came to be known here.</summary>
    [BindProperty(SupportsGet = true)] public string? Order { get; set; }

    [BindProperty] public ItemInput Item { get; set; } = new();
    [BindProperty] public TalkInput Talk { get; set; } = new();
    [BindProperty] public ViewInput View { get; set; } = new();
    [BindProperty] public OpenInput Open { get; set; } = new();
    [BindProperty] public DecideInput Decide { get; set; } = new();
    [BindProperty] public RaiseInput Raise { get; set; } = new();
    [BindProperty] public SecondInput Second { get; set; } = new();
    [BindProperty] public PositionInput Position { get; set; } = new();
    [BindProperty] public LadderInput Ladder { get; set; } = new();
    [BindProperty] public AgainInput Again { get; set; } = new();
    [BindProperty] public AskInput Ask { get; set; } = new();
    [BindProperty] public DangerInput Danger { get; set; } = new();

    public RoomHead Head { get; private set; } = null!;
    public IReadOnlyList<CheckRow> Checks { get; private set; } = [];
    public IReadOnlyList<KnownRow> Known { get; private set; } = [];
    public IReadOnlyList<MessageRow> Messages { get; private set; } = [];
    public Thoughts Thoughts { get; private set; } = null!;
    public IReadOnlyList<Presence> Present { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Outcomes { get; private set; } = [];
    public IReadOnlyList<SelectListItem> Levels { get; private set; } = [];
    public IReadOnlyList<SelectListItem> AskableAgencies { get; private set; } = [];
    public IReadOnlyList<string> MissingQuorum { get; private set; } = [];
    public string ContactUrl { get; private set; } = "";

    /// <summary>Which form was sent last and could not be done: it is shown open.</summary>
    public string? Failed { get; private set; }

    public Instant Moment => Now;

    /// <summary>An id for one of the small forms of a part; each is an act of its own.</summary>
    public Guid NewCommandId() => Ids.New(Now);

    public long Mark => Since ?? 0;

    public string Groups => string.Join(' ', new[] { $"enquiry:{Id}", Head.IsHub ? $"enquiry:{Id}:hub" : null, Viewer.AgencyId is { } a ? $"enquiry:{Id}:{a}" : null }.OfType<string>());

    public bool MayDecide => Viewer.IsHub && Viewer.Has(RoomActs.Deciders);

    public bool MayRaise => Viewer.WorksInHub;

    public bool MayOpenViews => Viewer.IsHub && (Viewer.Has(Roles.HubManager | Roles.DutyTeam) || Head.Enquiry.ChairAccountId == Viewer.AccountId);

    public bool TakesPart => Head.MayAct && Head.Agencies.Any(a => a.Id == Viewer.AgencyId && a.TakesPart);

    public IEnumerable<PersonInRoom> Children => Head.People.Where(p => p.HasLine);

    public IEnumerable<PersonInRoom> Household => Head.People.Where(p => !p.HasLine);

    public IReadOnlyList<SelectListItem> OtherAgencies => [.. Head.Agencies.Where(a => a.TakesPart && a.Id != Viewer.AgencyId).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];

    public IReadOnlyList<SelectListItem> PeopleItems => [.. Head.People.Select(p => new SelectListItem(p.Name, p.MentionId.ToString()))];

    /// <summary>What this agency brought, to choose what a correction annotates.</summary>
    public IReadOnlyList<SelectListItem> OwnItems => [.. Known.Where(k => k.Mine).Select(k => new SelectListItem(k.Words.Length > 60 ? k.Words[..60] + "…" : k.Words, k.Id.ToString()))];

    public IReadOnlyList<SelectListItem> DecisionLevels => [.. Levels.Where(l => l.Value != "0")];

    public int NewThings => Known.Count(k => k.IsNew) + Messages.Count(m => m.IsNew) + Thoughts.Views.Count(v => v.IsNew);

    public string PartUrl(string part) => $"/enquiries/{Id}?handler=Part&part={part}&since={Mark}{(Order is null ? "" : $"&order={Order}")}";

    public string AutosaveUrl(string form, Guid? draft) => DraftEndpoint.UrlOf($"{form}:{Id}", draft);

    public string OutcomeWords(LineOutcome outcome) => Outcomes.FirstOrDefault(o => o.Value == outcome.ToString())?.Text ?? Words.FromPropertyName(outcome.ToString());

    public string LevelWords(int? level) => level is { } l ? Levels.FirstOrDefault(x => x.Value == l.ToString(System.Globalization.CultureInfo.InvariantCulture))?.Text ?? $"Level {l}" : "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } instead) return instead;
        await FillDraftsAsync();
        if (Head.Enquiry.Sequence > Mark) await Runner.RunAsync(new MarkRoomSeen(Id, Head.Enquiry.Sequence), Viewer, HttpContext.RequestAborted);
        return Page();
    }

    /// <summary>A part of the page, fetched again when something changed: authorised and witnessed like the page.</summary>
    public async Task<IActionResult> OnGetPartAsync(string part)
    {
        var reading = Reading();
        if (await HeadAsync(reading) is { } instead) return instead;
        await ViewedAsync(nameof(Enquiry), Id, "view Enquiry part");
        switch (part)
        {
            case "asked":
                Checks = await reading.AskedAsync();
                return Part("_Asked");
            case "known":
                Known = Sorted(await reading.KnownAsync(Mark, Head.People));
                return Part("_Known");
            case "talk":
                Messages = await reading.TalkAsync(Mark);
                return Part("_Talk");
            case "think":
                await LabelsAsync();
                Thoughts = await reading.ThinkAsync(Head.Enquiry, Mark);
                return Part("_Think");
            case "head":
                await LabelsAsync();
                Thoughts = await reading.ThinkAsync(Head.Enquiry, Mark);
                return Part("_Head");
            default:
                return NotFound();
        }

        PartialViewResult Part(string name) => Partial($"/Rooms/HubRoom/Pages/{name}.cshtml", this);
    }

    public async Task<IActionResult> OnPostContributeAsync()
    {
        var files = new List<FileIntake>();
        foreach (var file in Item.Files.Where(f => f.Length > 0))
        {
            await using var content = file.OpenReadStream();
            if (await vault.KeepAsync(content, file.FileName, HttpContext.RequestAborted) is not { } kept)
            {
                ModelState.AddModelError("Item.Files", "A file is larger than 50 MB. Send it another way and say so here.");
                Failed = "item";
                return await AgainAsync();
            }

            files.Add(new FileIntake(kept.Sha256, kept.Length, kept.ContentType, kept.Name, kept.Scan));
        }

        if (Unread("Item.")) return await FailAsync("item");
        return await ActAsync(
            new Contribute
            {
                EnquiryId = Id,
                Words = Item.Words ?? "",
                Nature = Item.Nature,
                Concerns = Item.Concerns,
                GivenBy = Item.GivenBy,
                ThirdParties = Item.ThirdParties,
                HappenedOn = Item.HappenedOn,
                HappenedWhen = Item.HappenedWhen,
                MaySee = Item.MaySee,
                NamedAgencies = Item.NamedAgencies,
                MayTellFamily = Item.MayTellFamily,
                MayLeaveRoom = Item.MayLeaveRoom,
                CorrectsId = Item.CorrectsId,
                Files = files,
                DraftId = Item.DraftId,
            },
            "Item",
            "known");
    }

    public Task<IActionResult> OnPostTalkAsync() => ActAsync(new PostMessage(Id, Talk.Words ?? "", Talk.DraftId), "Talk", "talk");

    public Task<IActionResult> OnPostViewAsync() => ActAsync(new RecordAgencyView(Id, View.Level ?? -1, View.ViewWords ?? "", View.DraftId), "View", "think");

    public Task<IActionResult> OnPostOpenViewsAsync() => ActAsync(new OpenViews(Id, Open.OpenReason ?? ""), "Open", "think");

    public async Task<IActionResult> OnPostDecideAsync()
    {
        if (Decide.Outcome is not { } outcome)
        {
            ModelState.AddModelError("Decide.Outcome", "Choose what is decided.");
            return await FailAsync("decide");
        }

        return await ActAsync(
            new DecideEnquiry
            {
                EnquiryId = Id,
                Outcome = outcome,
                Level = Decide.Level ?? 0,
                Rationale = Decide.Rationale ?? "",
                OptionsRejected = Decide.OptionsRejected ?? "",
                ToAgencyId = Decide.ToAgencyId,
                RevisesId = Decide.RevisesId,
                RevisedBecause = Decide.RevisedBecause,
                QuorumWaivedBecause = Decide.QuorumWaivedBecause,
                SeenSequence = Decide.SeenSequence,
                DraftId = Decide.DraftId,
            },
            "Decide",
            "think");
    }

    /// <summary>One press: protection is raised now, and the record is completed afterwards.</summary>
    public Task<IActionResult> OnPostRaiseAsync(bool now) => ActAsync(
        new DecideEnquiry { EnquiryId = Id, Outcome = now ? LineOutcome.ImmediateProtection : LineOutcome.StrategyDiscussion, Level = 4, Rationale = Raise.Rationale ?? "", OptionsRejected = "" },
        "Raise",
        "think");

    public Task<IActionResult> OnPostSecondAsync(bool agrees) => ActAsync(new SecondRoomDecision(Second.DecisionId, agrees, Second.SecondWords ?? ""), "Second", "think");

    public Task<IActionResult> OnPostPositionAsync(bool agrees) => ActAsync(new TakePosition(Position.DecisionId, agrees, Position.PositionWords ?? ""), "Position", "think");

    public Task<IActionResult> OnPostResolveAsync() => ActAsync(new ResolveEscalation(Ladder.EscalationId, Ladder.ResolveWords ?? ""), "Ladder", "think");

    public Task<IActionResult> OnPostClimbAsync() => ActAsync(new ClimbEscalation(Ladder.EscalationId, Ladder.ClimbReason ?? ""), "Ladder", "think");

    public Task<IActionResult> OnPostSettleAsync() => ActAsync(new SettleLookAgain(Again.LookAgainId, Again.SettleReason ?? ""), "Again", "think");

    public async Task<IActionResult> OnPostAskAsync()
    {
        var enquiry = await Read.Of<Enquiry>().Where(e => e.Id == Id).Select(e => new { e.Purpose, e.LawfulBasis }).SingleOrDefaultAsync();
        return await ActAsync(new AskCheck(Id, Ask.AgencyId ?? Guid.Empty, Ask.Question ?? "", enquiry?.Purpose ?? "", enquiry?.LawfulBasis ?? ""), "Ask", "asked");
    }

    public Task<IActionResult> OnPostInviteAsync() => ActAsync(new AddParticipant(Id, Ask.AgencyId ?? Guid.Empty), "Ask", "asked");

    public Task<IActionResult> OnPostDangerAsync() => ActAsync(new ShareInDanger(Danger.ContributionId, Danger.Minimum ?? "", Danger.NamedAgencies, Danger.Reason ?? ""), "Danger", "known");

    protected override async Task<IActionResult?> LoadAsync()
    {
        var reading = Reading();
        if (await HeadAsync(reading) is { } instead) return instead;
        await ViewedAsync(nameof(Enquiry), Id);
        Since ??= await Read.SeenAsync(Viewer, Id, HttpContext.RequestAborted) ?? 0;
        Checks = await reading.AskedAsync();
        Known = Sorted(await reading.KnownAsync(Mark, Head.People));
        Messages = await reading.TalkAsync(Mark);
        Thoughts = await reading.ThinkAsync(Head.Enquiry, Mark);
        Present = board.PresentIn(Viewer.AuthorityId, $"enquiry:{Id}");
        await LabelsAsync();
        if (MayDecide) MissingQuorum = await DecisionDesk.MissingQuorumAsync(settings, Read, Id);
        // What the person decides on is what this page shows, also when it is shown again with something new.
        Decide.SeenSequence = Head.Enquiry.Sequence;
        ModelState.Remove("Decide.SeenSequence");
        Decide.RevisesId = Thoughts.Decisions.FirstOrDefault(d => d.Decision.State == DecisionState.InForce)?.Decision.Id;
        ModelState.Remove("Decide.RevisesId");
        var links = HttpContext.RequestServices.GetServices<Platform.Slots.ILinkSource>();
        ContactUrl = links.Select(l => l.UrlOf("Contact", Head.Enquiry.ContactId)).FirstOrDefault(u => u is not null) ?? "";
        if (Viewer.IsHub)
        {
            var inRoom = Head.Agencies.Where(a => a.TakesPart).Select(a => a.Id).ToArray();
            AskableAgencies = await Read.Of<Agency>().Where(a => a.ClosedOn == null).OrderBy(a => a.Name)
                .Select(a => new IdChoice(a.Name + (inRoom.Contains(a.Id) ? "" : " (not yet in the room)"), a.Id)).ToChoicesAsync();
        }

        Item.DraftId ??= Ids.New(Now);
        Talk.DraftId ??= Ids.New(Now);
        View.DraftId ??= Ids.New(Now);
        Decide.DraftId ??= Ids.New(Now);
        return null;
    }

    private RoomReading Reading() => new(Read, settings, Viewer, Id, HttpContext.RequestAborted);

    private async Task<IActionResult?> HeadAsync(RoomReading reading)
    {
        var (verdict, head) = await reading.HeadAsync();
        if (head is null) return Deny(verdict);
        Head = head;
        return null;
    }

    private async Task LabelsAsync()
    {
        var outcomes = await settings.GetAsync<OutcomeSettings>("outcomes");
        Outcomes = [.. outcomes.Outcomes.Where(o => !Protection.IsOfTheFrontDoor(o.Outcome)).Select(o => new SelectListItem(o.Label, o.Outcome.ToString()))];
        var room = await settings.GetAsync<RoomSettings>("room");
        Levels = [.. room.Levels.Select(l => new SelectListItem(l.Level == 0 ? l.Label : $"Level {l.Level}: {l.Label}", l.Level.ToString(System.Globalization.CultureInfo.InvariantCulture)))];
    }

    private IReadOnlyList<KnownRow> Sorted(IReadOnlyList<KnownRow> rows) =>
        Order == "happened" ? [.. rows.OrderBy(r => r.HappenedOn ?? Engines.Clocks.London.Date(r.KnownAt)).ThenBy(r => r.Sequence)] : rows;

    /// <summary>Goes on with what was typed and not sent, from any device.</summary>
    private async Task FillDraftsAsync()
    {
        var ct = HttpContext.RequestAborted;
        if (await Read.DraftOfAsync(Viewer, $"item:{Id}", ct) is { } item)
        {
            Item.DraftId = item.Id;
            Item.Words = item.Field("Item.Words");
            Item.GivenBy = item.Field("Item.GivenBy");
            Item.ThirdParties = item.Field("Item.ThirdParties");
            Item.HappenedWhen = item.Field("Item.HappenedWhen");
            Item.HappenedOn = DateParts.Read(item.Field("Item.HappenedOn.day"), item.Field("Item.HappenedOn.month"), item.Field("Item.HappenedOn.year"), "Date").Date;
            Item.Nature = Enum.TryParse<Nature>(item.Field("Item.Nature"), out var nature) ? nature : Nature.Fact;
            Item.MaySee = Enum.TryParse<MaySee>(item.Field("Item.MaySee"), out var maySee) ? maySee : MaySee.EveryAgencyInTheRoom;
            Item.MayTellFamily = Enum.TryParse<MayDo>(item.Field("Item.MayTellFamily"), out var tell) ? tell : MayDo.AskFirst;
            Item.MayLeaveRoom = Enum.TryParse<MayDo>(item.Field("Item.MayLeaveRoom"), out var leave) ? leave : MayDo.AskFirst;
            Item.NamedAgencies = [.. item.Values("Item.NamedAgencies").Select(v => Guid.TryParse(v, out var g) ? g : Guid.Empty).Where(g => g != Guid.Empty)];
            Item.Concerns = [.. item.Values("Item.Concerns").Select(v => Guid.TryParse(v, out var g) ? g : Guid.Empty).Where(g => g != Guid.Empty)];
            if (Item.Words.Length > 0) Failed ??= "item";
        }

        if (await Read.DraftOfAsync(Viewer, $"talk:{Id}", ct) is { } talk)
        {
            Talk.DraftId = talk.Id;
            Talk.Words = talk.Field("Talk.Words");
        }

        if (await Read.DraftOfAsync(Viewer, $"view:{Id}", ct) is { } view)
        {
            View.DraftId = view.Id;
            View.ViewWords = view.Field("View.ViewWords");
            View.Level = int.TryParse(view.Field("View.Level"), System.Globalization.CultureInfo.InvariantCulture, out var viewLevel) ? viewLevel : null;
        }

        if (MayDecide && await Read.DraftOfAsync(Viewer, $"decide:{Id}", ct) is { } decide)
        {
            Decide.DraftId = decide.Id;
            Decide.Outcome = Enum.TryParse<LineOutcome>(decide.Field("Decide.Outcome"), out var outcome) ? outcome : null;
            Decide.Level = int.TryParse(decide.Field("Decide.Level"), System.Globalization.CultureInfo.InvariantCulture, out var level) ? level : null;
            Decide.Rationale = decide.Field("Decide.Rationale");
            Decide.OptionsRejected = decide.Field("Decide.OptionsRejected");
            Decide.QuorumWaivedBecause = decide.Field("Decide.QuorumWaivedBecause");
            Decide.RevisedBecause = decide.Field("Decide.RevisedBecause");
            if (Decide.Rationale.Length > 0) Failed ??= "decide";
        }
    }

    /// <summary>Sends the form's command; on failure the complaint stands at that form's own field and the form is shown open.</summary>
    private async Task<IActionResult> ActAsync<T>(ICommand<T> command, string form, string anchor)
    {
        Failed = form.ToLowerInvariant();
        var result = await SendAsync(command, _ => Redirect($"/enquiries/{Id}#{anchor}"));
        if (result is not PageResult) return result;
        foreach (var (key, entry) in ModelState.Where(e => e.Key.Length > 0 && !e.Key.Contains('.', StringComparison.Ordinal) && e.Value!.Errors.Count > 0).ToList())
        {
            var name = key is "ToAgencyIds" ? "NamedAgencies" : key;
            foreach (var error in entry!.Errors) ModelState.AddModelError($"{form}.{name}", error.ErrorMessage);
            ModelState.Remove(key);
        }

        return result;
    }

    private bool Unread(string prefix) => ModelState.Any(e => e.Key.StartsWith(prefix, StringComparison.Ordinal) && e.Value!.Errors.Count > 0);

    private async Task<IActionResult> FailAsync(string form)
    {
        Failed = form;
        return await AgainAsync();
    }
}

/// <summary>Whose work a room is.</summary>
internal static class RoomPageRoles
{
    public const Roles Any = RoomActs.HubTeam | Roles.Researcher;
}
