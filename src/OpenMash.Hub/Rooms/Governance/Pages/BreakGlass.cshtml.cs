using Microsoft.AspNetCore.Mvc;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>Break-glass. What does not exist, is not sealed, or is secret to this person answers alike: nothing here.</summary>
[Allow(Glass.By, "open a sealed record", hub: true)]
[Witnessed]
internal sealed class BreakGlassModel(HubSettings settings) : HubPage
{
    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public Subject Subject { get; private set; } = null!;

    public int Hours { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostAsync() => SendAsync(new BreakTheGlass(Kind, Id, Reason ?? ""), opened =>
    {
        TempData.Notify(NoticeKind.Warning, $"Open to you until {RelativeTime.Full(opened.Until)}. It is being reviewed.");
        var kind = Subjects.Kind(Kind)!;
        var url = HttpContext.RequestServices.GetServices<Platform.Slots.ILinkSource>().Select(l => l.UrlOf(kind, Id)).FirstOrDefault(u => u is not null);
        return Redirect(url ?? "/");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (await Glass.FindAsync(Read, Viewer, Kind, Id) is not { } subject) return NotFound();
        Subject = subject;
        Hours = (await settings.GetAsync<BreakGlassLimits>("break-glass")).Hours;
        await ViewedAsync(subject.Kind, subject.Id, "ask for break-glass");
        return null;
    }
}
