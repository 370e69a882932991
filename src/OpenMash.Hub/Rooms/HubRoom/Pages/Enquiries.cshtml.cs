using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Enquiries;

namespace OpenMash.Hub.Rooms.HubRoom.Pages;

public sealed record EnquiryRow(Enquiry Enquiry, string Chair, int Children, int Asked, int Answered, int LateChecks, bool HasNews, NodaTime.Instant? DecideBy);

/// <summary>Enquiries, by what they wait for. Each figure is the count of the list it links to.</summary>
[Allow(RoomPageRoles.Any, "see enquiries")]
[Witnessed]
public sealed class EnquiriesModel : HubPage
{
    private const int Size = 50;

    [BindProperty(SupportsGet = true)] public string Show { get; set; } = EnquiryLists.Open;

    [BindProperty(SupportsGet = true)] public Guid? Agency { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")] public int PageNumber { get; set; } = 1;

    public IReadOnlyList<(string Key, string Label, int Count)> Lists { get; private set; } = [];

    public IReadOnlyList<EnquiryRow> Rows { get; private set; } = [];

    public IReadOnlyList<LateAgency> LateBy { get; private set; } = [];

    /// <summary>Decided enquiries have no clock left: the column stands where one can run.</summary>
    public bool ShowsClocks => Rows.Any(r => r.DecideBy is not null);

    public int Total { get; private set; }

    public int PageSize => Size;

    public async Task<IActionResult> OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        if (EnquiryLists.All.All(l => l.Key != Show)) return NotFound();
        PageNumber = Math.Max(1, PageNumber);
        var lists = new EnquiryLists(Read, Viewer);
        var counts = new List<(string, string, int)>();
        foreach (var (key, label) in EnquiryLists.All)
        {
            if (key is "look-again" or "second" && !Viewer.IsHub) continue;
            counts.Add((key, label, await lists.Query(key).CountAsync(ct)));
        }

        Lists = counts;
        LateBy = await lists.LateByAsync(ct);
        var query = lists.Query(Show, Agency);
        Total = await query.CountAsync(ct);
        var found = await query.OrderByDescending(e => e.OpenedAt).ThenByDescending(e => e.Id).Skip((PageNumber - 1) * Size).Take(Size).ToListAsync(ct);
        await FillAsync(lists, found, ct);
        await ListedAsync("enquiries", Rows.Count, new { Show, Agency, PageNumber });
        return Page();
    }

    private async Task FillAsync(EnquiryLists lists, List<Enquiry> found, CancellationToken ct)
    {
        var now = Now;
        var ids = found.Select(e => e.Id).ToArray();
        var checks = await Read.Of<AgencyCheck>().Where(c => ids.Contains(c.EnquiryId) && c.State != CheckState.Withdrawn).Select(c => new { c.EnquiryId, c.State, c.DueAt }).ToListAsync(ct);
        var lines = await Read.Of<EnquiryLine>().Where(l => ids.Contains(l.EnquiryId)).GroupBy(l => l.EnquiryId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        var clocks = await (
            from l in Read.Of<EnquiryLine>()
            join c in Read.Of<OpenMash.Records.Contacts.ContactLine>() on l.LineId equals c.Id
            where ids.Contains(l.EnquiryId) && c.State == OpenMash.Records.Contacts.LineState.Waiting
            select new { l.EnquiryId, c.DecisionDueAt }).ToListAsync(ct);
        var chairs = found.Select(e => e.ChairAccountId).Distinct().ToArray();
        var names = await Read.Of<Account>().Where(a => chairs.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName, ct);
        var news = await lists.News(Show).Where(e => ids.Contains(e.Id)).Select(e => e.Id).ToListAsync(ct);
        Rows = [.. found.Select(e => new EnquiryRow(
            e, names.GetValueOrDefault(e.ChairAccountId, "the hub"), lines.FirstOrDefault(l => l.Key == e.Id)?.Count ?? 0,
            checks.Count(c => c.EnquiryId == e.Id), checks.Count(c => c.EnquiryId == e.Id && c.State != CheckState.Asked),
            checks.Count(c => c.EnquiryId == e.Id && c.State == CheckState.Asked && c.DueAt <= now), news.Contains(e.Id),
            e.State == EnquiryState.Open ? clocks.Where(c => c.EnquiryId == e.Id).Min(c => (NodaTime.Instant?)c.DecisionDueAt) : null))];
    }
}
