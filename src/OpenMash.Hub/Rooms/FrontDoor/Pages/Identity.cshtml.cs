using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>The accounting identity with the list behind each of its terms.</summary>
[Allow(LineDesk.AnyHub, "see what became of what was received", hub: true)]
[Witnessed]
public sealed class IdentityModel : HubPage
{
    internal const int MostRows = 500;

    [BindProperty(SupportsGet = true)]
    public LocalDate? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public LocalDate? To { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? Agency { get; set; }

    /// <summary>lines or contacts.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Of { get; set; }

    /// <summary>received, decided, waiting, moved or merged: the list to show.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Term { get; set; }

    internal IdentitySlice Slice { get; private set; } = null!;

    internal Counting Counting => string.Equals(Of, "lines", StringComparison.OrdinalIgnoreCase) ? Counting.Lines : Counting.Contacts;

    internal IdentityTotals Contacts { get; private set; } = null!;

    internal IdentityTotals Lines { get; private set; } = null!;

    internal IReadOnlyList<IdentityCell> Cells { get; private set; } = [];

    internal IReadOnlyDictionary<(LocalDate Day, Guid? Agency), int> Received { get; private set; } = new Dictionary<(LocalDate, Guid?), int>();

    internal IReadOnlyList<IdentityRow>? Rows { get; private set; }

    internal int RowCount { get; private set; }

    internal IReadOnlyDictionary<Guid, string> Agencies { get; private set; } = new Dictionary<Guid, string>();

    internal Contact? Oldest { get; private set; }

    internal string Link(string of, string? term, LocalDate? day = null, Guid? agency = null)
    {
        var from = (day ?? Slice.From).ToString("uuuu-MM-dd", null);
        var to = (day ?? Slice.To).ToString("uuuu-MM-dd", null);
        var chosen = agency ?? Slice.Agency;
        return $"/figures/identity?of={of}&from={from}&to={to}{(chosen is { } a ? $"&agency={a}" : "")}{(term is null ? "" : $"&term={term}")}#list";
    }

    public async Task<IActionResult> OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        if (From is { } f && To is { } t && t < f) ModelState.AddModelError(nameof(To), "The last day lies before the first.");
        var from = From ?? Today;
        var to = To is { } last && last >= from ? last : From is null ? Today : from > Today ? from : Today;
        if (Period.DaysBetween(from, to) > 366)
        {
            ModelState.AddModelError(nameof(From), "Choose at most a year.");
            from = to.PlusDays(-366);
        }

        Slice = new IdentitySlice(from, to, Agency);
        var identity = new AccountingIdentity(Read);
        Contacts = await identity.TotalsAsync(Viewer, Counting.Contacts, Slice, ct);
        Lines = await identity.TotalsAsync(Viewer, Counting.Lines, Slice, ct);
        Cells = await identity.CellsAsync(Viewer, Counting, Slice, ct);
        Received = await identity.ReceivedAsync(Viewer, Counting, Slice, ct);
        Agencies = await identity.AgencyNamesAsync(ct);
        Oldest = await identity.OldestUnacknowledgedAsync(Viewer, ct);
        if (Term is not null)
        {
            var state = Enum.TryParse<LineState>(Term, ignoreCase: true, out var parsed) ? parsed : (LineState?)null;
            var rows = identity.Rows(Viewer, Counting, Slice, state);
            RowCount = await rows.CountAsync(ct);
            Rows = await rows.OrderBy(r => r.ReceivedAt).ThenBy(r => r.Number).Take(MostRows).ToListAsync(ct);
        }

        await ListedAsync("identity", Rows?.Count ?? 0, new { Slice, Counting, Term });
        return Page();
    }
}
