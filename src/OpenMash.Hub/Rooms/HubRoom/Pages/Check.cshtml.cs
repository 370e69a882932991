using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;

namespace OpenMash.Hub.Rooms.HubRoom.Pages;

/// <summary>One check: its agency answers and signs; the hub can withdraw it.</summary>
[Allow(RoomPageRoles.Any, "open a check")]
[Witnessed]
public sealed class CheckModel(HubSettings settings, FileVault vault) : HubPage
{
    [BindProperty(SupportsGet = true)] public Guid Id { get; set; }

    [BindProperty] public CheckState As { get; set; } = CheckState.Answered;
    [BindProperty] public string? Answer { get; set; }
    [BindProperty] public string? NotSharedBecause { get; set; }
    [BindProperty] public string? SignedAs { get; set; }
    [BindProperty] public Nature Nature { get; set; }
    [BindProperty] public LocalDate? HappenedOn { get; set; }
    [BindProperty] public MaySee MaySee { get; set; }
    [BindProperty] public List<Guid> NamedAgencies { get; set; } = [];
    [BindProperty] public MayDo MayTellFamily { get; set; }
    [BindProperty] public MayDo MayLeaveRoom { get; set; }
    [BindProperty] public List<IFormFile> Files { get; set; } = [];
    [BindProperty] public Guid? DraftId { get; set; }
    [BindProperty] public string? Reason { get; set; }

    public CheckRow Check { get; private set; } = null!;

    public RoomHead Head { get; private set; } = null!;

    public string Purpose { get; private set; } = "";

    public string LawfulBasis { get; private set; } = "";

    public bool MayWithdraw => Viewer.IsHub && Viewer.Has(RoomActs.Deciders) && Head.MayAct;

    public Instant Moment => Now;

    public string AutosaveUrl => DraftEndpoint.UrlOf($"answer:{Id}", DraftId);

    public IReadOnlyList<SelectListItem> OtherAgencies => [.. Head.Agencies.Where(a => a.TakesPart && a.Id != Viewer.AgencyId && !a.IsHub).Select(a => new SelectListItem(a.Name, a.Id.ToString()))];

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } instead) return instead;
        SignedAs = Viewer.Name;
        if (await Read.DraftOfAsync(Viewer, $"answer:{Id}", HttpContext.RequestAborted) is { } draft)
        {
            DraftId = draft.Id;
            Answer = draft.Field("Answer");
            NotSharedBecause = draft.Field("NotSharedBecause");
            As = Enum.TryParse<CheckState>(draft.Field("As"), out var state) ? state : CheckState.Answered;
            Nature = Enum.TryParse<Nature>(draft.Field("Nature"), out var nature) ? nature : Nature.Fact;
            MaySee = Enum.TryParse<MaySee>(draft.Field("MaySee"), out var maySee) ? maySee : MaySee.EveryAgencyInTheRoom;
            HappenedOn = DateParts.Read(draft.Field("HappenedOn.day"), draft.Field("HappenedOn.month"), draft.Field("HappenedOn.year"), "Date").Date;
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAnswerAsync()
    {
        if (!ModelState.IsValid) return await AgainAsync();
        var files = new List<FileIntake>();
        foreach (var file in Files.Where(f => f.Length > 0))
        {
            await using var content = file.OpenReadStream();
            if (await vault.KeepAsync(content, file.FileName, HttpContext.RequestAborted) is not { } kept)
            {
                ModelState.AddModelError(nameof(Files), "A file is larger than 50 MB. Send it another way and say so here.");
                return await AgainAsync();
            }

            files.Add(new FileIntake(kept.Sha256, kept.Length, kept.ContentType, kept.Name, kept.Scan));
        }

        return await SendAsync(
            new AnswerCheck
            {
                CheckId = Id,
                As = As,
                Answer = Answer,
                NotSharedBecause = NotSharedBecause,
                SignedAs = SignedAs ?? "",
                MaySee = MaySee,
                NamedAgencies = NamedAgencies,
                MayTellFamily = MayTellFamily,
                MayLeaveRoom = MayLeaveRoom,
                Nature = Nature,
                HappenedOn = HappenedOn,
                Files = files,
                DraftId = DraftId,
            },
            _ =>
            {
                TempData.Notify(NoticeKind.Success, "Your answer is signed and in the room. The hub and the other agencies see that it has come back.", "Go to the room", $"/checks/{Id}");
                return Redirect($"/checks/{Id}");
            });
    }

    public Task<IActionResult> OnPostWithdrawAsync() => SendAsync(new WithdrawCheck(Id, Reason ?? ""), _ => Redirect($"/checks/{Id}"));

    protected override async Task<IActionResult?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var verdict = await Read.VerdictAsync<AgencyCheck>(Viewer, Id, ct);
        if (verdict.Level < AccessLevel.Part) return Deny(verdict);
        var check = await Read.Of<AgencyCheck>().SingleAsync(c => c.Id == Id, ct);
        var reading = new RoomReading(Read, settings, Viewer, check.EnquiryId, ct);
        var (inRoom, head) = await reading.HeadAsync();
        if (head is null) return Deny(inRoom);
        Head = head;
        Check = (await reading.AskedAsync()).Single(c => c.Id == Id);
        (Purpose, LawfulBasis) = (check.Purpose, check.LawfulBasis);
        DraftId ??= Ids.New(Now);
        await ViewedAsync(nameof(AgencyCheck), Id);
        return null;
    }
}
