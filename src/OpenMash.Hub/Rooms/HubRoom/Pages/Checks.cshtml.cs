using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Enquiries;

namespace OpenMash.Hub.Rooms.HubRoom.Pages;

public sealed record AskedRow(AgencyCheck Check, string Reference, Records.Contacts.Rating Rating);

/// <summary>An agency researcher's work: what the hub has asked of my agency.</summary>
[Allow(Roles.Researcher, "answer checks for your agency")]
[Witnessed]
public sealed class ChecksModel : HubPage
{
    private const int Most = 200;

    [BindProperty(SupportsGet = true)] public string Show { get; set; } = "waiting";

    public IReadOnlyList<(string Key, string Label, int Count)> Lists { get; private set; } = [];

    public IReadOnlyList<AskedRow> Rows { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        (string Key, string Label)[] all = [("waiting", "To answer"), ("late", "Late"), ("not-got", "Decided without"), ("answered", "Answered")];
        if (all.All(l => l.Key != Show)) return NotFound();
        var lists = new EnquiryLists(Read, Viewer);
        var counts = new List<(string, string, int)>();
        foreach (var (key, label) in all) counts.Add((key, label, await lists.Checks(key).CountAsync(ct)));
        Lists = counts;
        var query = lists.Checks(Show);
        var found = await (Show == "answered" ? query.OrderByDescending(c => c.AnsweredAt) : query.OrderBy(c => c.DueAt == null).ThenBy(c => c.DueAt)).ThenBy(c => c.Id).Take(Most).ToListAsync(ct);
        var ids = found.Select(c => c.EnquiryId).Distinct().ToArray();
        var enquiries = await Read.Of<Enquiry>().Where(e => ids.Contains(e.Id)).ToDictionaryAsync(e => e.Id, ct);
        Rows = [.. found.Select(c => new AskedRow(c, enquiries[c.EnquiryId].Reference, enquiries[c.EnquiryId].Rating))];
        await ListedAsync("checks", Rows.Count, new { Show });
        return Page();
    }
}
