using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Governance;
using OpenMash.Records.Settings;

namespace OpenMash.Hub.Rooms.Governance;

[Allow(SettingRoles.Propose, "see and change settings")]
internal sealed class SettingModel(SettingsShelf shelf, HubSettings settings) : HubPage
{
    [BindProperty(SupportsGet = true)]
    public string Name { get; set; } = "";

    [BindProperty, Display(Name = "The new value")]
    public string? Value { get; set; }

    [BindProperty, Display(Name = "Holds from")]
    public LocalDate? ValidFrom { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public string InForce { get; private set; } = "";

    public IReadOnlyList<SettingOverride> History { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is { } nothing) return nothing;
        (Value, ValidFrom) = (InForce, Today);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() => !ModelState.IsValid
        ? await AgainAsync()
        : await SendAsync(new ProposeSetting(Name, Value ?? "", ValidFrom ?? Today, Reason ?? ""), _ =>
        {
            TempData.Notify(NoticeKind.Success, "Proposed. It holds once someone else has approved it.");
            return Redirect("/admin/settings");
        });

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (!SettingCheck.Names(shelf).Contains(Name)) return NotFound();
        InForce = Name == SettingCheck.ClockRules
            ? await settings.OverrideAsync(Name, Today) ?? "{\"rules\": []}"
            : await settings.TextAsync(Name, Today);
        History = await Read.Of<SettingOverride>().Where(o => o.Name == Name).OrderByDescending(o => o.ValidFrom).ThenByDescending(o => o.ProposedAt).ToListAsync();
        return null;
    }
}
