using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Settings;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>What people call a setting; its name is that of a file.</summary>
internal static class SettingWords
{
    public static string Of(string name) => name switch
    {
        "break-glass" => "Break-glass: opening a sealed record",
        "clock-rules" => "Clocks: limits and what starts them",
        "escalation" => "Escalation of disagreements",
        "ladder" => "Ladder of unread notices",
        "matching" => "Matching: which pairs are put before a person, and who decides",
        "opening-hours" => "Opening hours of the hub",
        "outcomes" => "Outcomes of a report",
        "ratings" => "Ratings: their words and colours",
        "relationships" => "Words for relationships",
        "room" => "The room: quorum, reminders, levels of need",
        "screening" => "Screening: look-back and second person",
        "tell-templates" => "Texts that tell people the outcome",
        _ => Words.UpperFirst(name.Replace('-', ' ')),
    };
}

internal sealed record SettingRow(string Name, string Source, LocalDate? OwnFrom);

internal sealed record WaitingSetting(SettingOverride Row, string Proposer);

[Allow(SettingRoles.Propose, "see and change settings")]
internal sealed class SettingsModel(SettingsShelf shelf) : HubPage
{
    [BindProperty]
    public Guid OverrideId { get; set; }

    public IReadOnlyList<SettingRow> Rows { get; private set; } = [];

    public IReadOnlyList<WaitingSetting> Waiting { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostApproveAsync() => SendAsync(new ApproveSetting(OverrideId), _ =>
    {
        TempData.Notify(NoticeKind.Success, "Approved. The new value holds from its day on.");
        return Redirect("/admin/settings");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        var today = Today;
        var own = await Read.Of<SettingOverride>().Where(o => o.ApprovedAt != null && o.ValidFrom <= today)
            .GroupBy(o => o.Name).Select(g => new { g.Key, From = g.Max(o => o.ValidFrom) }).ToDictionaryAsync(g => g.Key, g => g.From);
        Rows = [.. SettingCheck.Names(shelf).Select(n => new SettingRow(n, Source(n), own.TryGetValue(n, out var from) ? from : null))];
        Waiting = [.. (await (
            from o in Read.Of<SettingOverride>()
            join a in Read.Of<Account>() on o.ProposedBy equals a.Id
            where o.ApprovedAt == null && o.ValidFrom >= today
            orderby o.ProposedAt
            select new { o, a.FullName }).ToListAsync()).Select(x => new WaitingSetting(x.o, x.FullName))];
        return null;
    }

    private string Source(string name)
    {
        if (name == SettingCheck.ClockRules) return "Each rule names its own source; an authority's value replaces the rules that it names.";
        using var file = JsonDocument.Parse(shelf.Shipped(name));
        return file.RootElement.ValueKind == JsonValueKind.Object && file.RootElement.TryGetProperty("source", out var source) ? source.GetString() ?? "" : "";
    }
}
