using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>A visit in a minute, on a telephone. kept.js sends it, or keeps it until there is a connection; without JavaScript it is an ordinary form.</summary>
[Allow(PlanRoles.Workers, "record a visit", hub: true)]
[Witnessed]
public sealed class VisitModel : PlanPage
{
    [BindProperty] public LocalDate? On { get; set; }
    [BindProperty] public LocalTime? At { get; set; }
    [BindProperty] public VisitMeeting? Meeting { get; set; }
    [BindProperty] public bool SeenAlone { get; set; }
    [BindProperty] public bool BedroomSeen { get; set; }
    [BindProperty] public string? ChildsWords { get; set; }
    [BindProperty] public string? WhoseWords { get; set; }
    [BindProperty] public string? Note { get; set; }
    [BindProperty] public string? NotSeenBecause { get; set; }

    /// <summary>Set by the device when the person pressed the button, in ISO form.</summary>
    [BindProperty] public string? WrittenAt { get; set; }

    public override async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } instead) return instead;
        On = Today;
        Meeting = Child.IsUnborn ? VisitMeeting.MotherSeen : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Needs(On, nameof(On), "Enter the day of the visit.");
        if (Meeting is null) ModelState.AddModelError(nameof(Meeting), "Say how the child was met.");
        if (!ModelState.IsValid) return Kept ? Problems() : await AgainAsync();
        var command = new RecordVisit
        {
            PlanId = Id,
            On = On!.Value,
            At = At,
            Meeting = Meeting!.Value,
            SeenAlone = SeenAlone,
            BedroomSeen = BedroomSeen,
            ChildsWords = ChildsWords,
            WhoseWords = WhoseWords,
            Note = Note,
            NotSeenBecause = NotSeenBecause,
            WrittenAt = WrittenAt is { } text && InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var at } ? at : null,
        };
        if (!Kept)
            return await ActAsync(command, Meeting == VisitMeeting.NotSeen ? "The attempt is recorded. The visit stays due." : "The visit is recorded.", "#visits");
        switch (await Runner.RunAsync(command, Viewer, CommandId, Ct))
        {
            case Outcome<Guid>.Done:
                TempData.Notify(NoticeKind.Success, Meeting == VisitMeeting.NotSeen ? "The attempt is recorded. The visit stays due." : "The visit is recorded.");
                return new JsonResult(new { url = $"/plans/{Id}" });
            case Outcome<Guid>.Invalid invalid:
                foreach (var problem in invalid.Problems) ModelState.AddModelError(problem.Field, problem.Message);
                return Problems();
            case Outcome<Guid>.Refused refused:
                ModelState.AddModelError("", refused.Reason);
                return Problems();
            case Outcome<Guid>.Conflict conflict:
                ModelState.AddModelError("", conflict.Message);
                return Problems();
            default:
                return NotFound();
        }
    }

    private bool Kept => Request.Headers.XRequestedWith == "kept";

    private JsonResult Problems() => new(new { problems = ModelState.Values.SelectMany(v => v.Errors).Select(e => e.ErrorMessage).ToArray() }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
}
