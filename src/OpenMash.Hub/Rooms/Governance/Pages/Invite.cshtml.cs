using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>Choices that several pages of administration offer.</summary>
internal static class Choices
{
    public static IReadOnlyList<SelectListItem> RoleItems { get; } =
        [.. RoleNames.All.Select(r => new SelectListItem(Words.UpperFirst(r.Value), ((int)r.Key).ToString(CultureInfo.InvariantCulture)))];

    public static IReadOnlyList<SelectListItem> KindItems { get; } = [.. Enum.GetValues<AgencyKind>().Select(k => new SelectListItem(Kind(k), k.ToString()))];

    public static string Kind(AgencyKind kind) => kind == AgencyKind.ChildrensSocialCare ? "Children's social care" : Words.FromPropertyName(kind.ToString());

    public static Roles Combine(IEnumerable<int> numbers) => (Roles)(numbers.Aggregate(0, (all, one) => all | one) & RoleNames.All.Keys.Aggregate(0, (all, one) => all | (int)one));

    public static Task<IReadOnlyList<SelectListItem>> AgenciesAsync(RecordReader read) =>
        read.Of<Agency>().Where(a => a.ClosedOn == null).OrderBy(a => a.Name).Select(a => new IdChoice(a.Name, a.Id)).ToChoicesAsync();

    /// <summary>People with an open account, by name.</summary>
    public static Task<IReadOnlyList<SelectListItem>> PeopleAsync(RecordReader read) =>
        read.Of<Account>().Where(a => a.ClosedAt == null).OrderBy(a => a.FullName).ThenBy(a => a.Id).Select(a => new IdChoice(a.FullName, a.Id)).ToChoicesAsync();
}

[Allow(Roles.Administrator, "invite someone")]
internal sealed class InviteModel(OneTimeLinks links, UserManager<Account> users) : HubPage
{
    [BindProperty, Display(Name = "Name")]
    public string? FullName { get; set; }

    [BindProperty, Display(Name = "E-mail address")]
    public string? Email { get; set; }

    [BindProperty, Display(Name = "Agency")]
    public Guid? AgencyId { get; set; }

    [BindProperty, Display(Name = "Job title")]
    public string? JobTitle { get; set; }

    [BindProperty, Display(Name = "Roles")]
    public List<int> RoleNumbers { get; set; } = [];

    [BindProperty, Display(Name = "First day")]
    public LocalDate? ValidFrom { get; set; }

    [BindProperty, Display(Name = "Last day")]
    public LocalDate? ValidTo { get; set; }

    public IReadOnlyList<SelectListItem> Agencies { get; private set; } = [];

    public IReadOnlyList<SelectListItem> RoleItems => Choices.RoleItems;

    public async Task OnGetAsync()
    {
        ValidFrom = Today;
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid) return await AgainAsync();
        Guid? made = null;
        var answer = await SendAsync(
            new InviteAccount(FullName ?? "", Email ?? "", AgencyId ?? Guid.Empty, Choices.Combine(RoleNumbers), JobTitle ?? "", ValidFrom ?? Today, ValidTo),
            id => Redirect($"/admin/accounts/{made = id}"));
        if (made is { } account) TempData[AccountModel.LinkKey] = await links.MakeAsync((await users.FindByIdAsync(account.ToString()))!);
        return answer;
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Agencies = await Choices.AgenciesAsync(Read);
        return null;
    }
}
