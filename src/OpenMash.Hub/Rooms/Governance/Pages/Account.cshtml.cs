using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed record MembershipRow(Membership Row, string Agency, bool Holds);

/// <summary>One account: link, reset, close, memberships.</summary>
[Allow(Roles.Administrator, "administer accounts")]
internal sealed class AccountModel(OneTimeLinks links, UserManager<Account> users) : HubPage
{
    internal const string LinkKey = "one-time-link";

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public Guid? MembershipId { get; set; }

    [BindProperty]
    public Guid SeenVersion { get; set; }

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

    [BindProperty, Display(Name = "Last day")]
    public LocalDate? LastDay { get; set; }

    [BindProperty, Display(Name = "Reason")]
    public string? Reason { get; set; }

    public Account Account { get; private set; } = null!;

    public IReadOnlyList<MembershipRow> Memberships { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Agencies { get; private set; } = [];

    public string? Link { get; private set; }

    public string SignsInWith { get; private set; } = "";

    public bool IsOwn => Id == Viewer.AccountId;

    public async Task<IActionResult> OnGetAsync()
    {
        LastDay = ValidFrom = Today;
        if (await LoadAsync() is { } nothing) return nothing;
        JobTitle = Memberships.FirstOrDefault(m => m.Holds)?.Row.JobTitle;
        if (TempData[LinkKey] is string link) Link = $"{Request.Scheme}://{Request.Host}{link}";
        return Page();
    }

    public async Task<IActionResult> OnPostLinkAsync()
    {
        if (await users.FindByIdAsync(Id.ToString()) is not { ClosedAt: null, PasswordHash: null } account || IsOwn) return NotFound();
        // The stamp changes, so that an older link no longer works.
        await users.UpdateSecurityStampAsync(account);
        await Runner.WitnessAsync(Viewer, TrailKind.System, "made a one-time link", "Account", account.Id, ct: HttpContext.RequestAborted);
        TempData[LinkKey] = await links.MakeAsync(account);
        return Redirect($"/admin/accounts/{Id}");
    }

    public async Task<IActionResult> OnPostResetAsync()
    {
        var reset = false;
        var answer = await SendAsync(new ResetAccount(Id, Reason ?? ""), _ =>
        {
            reset = true;
            return Redirect($"/admin/accounts/{Id}");
        });
        if (!reset) return answer;
        var account = (await users.FindByIdAsync(Id.ToString()))!;
        foreach (var passkey in await users.GetPasskeysAsync(account)) await users.RemovePasskeyAsync(account, passkey.CredentialId);
        await users.ResetAuthenticatorKeyAsync(account);
        TempData[LinkKey] = await links.MakeAsync(account);
        return answer;
    }

    public Task<IActionResult> OnPostCloseAsync() => SendAsync(new CloseAccount(Id, Reason ?? ""), _ => Said("The account is closed: it never signs in again."));

    public Task<IActionResult> OnPostRolesAsync() =>
        SendAsync(new ChangeRoles(MembershipId ?? Guid.Empty, Choices.Combine(RoleNumbers), JobTitle ?? "", Reason ?? "", SeenVersion), _ => Said("The roles are changed, from now on."));

    public async Task<IActionResult> OnPostEndAsync() => !ModelState.IsValid
        ? await AgainAsync()
        : await SendAsync(new EndMembership(MembershipId ?? Guid.Empty, LastDay ?? Today, Reason ?? ""), _ => Said("The membership ends."));

    public async Task<IActionResult> OnPostGrantAsync() => !ModelState.IsValid
        ? await AgainAsync()
        : await SendAsync(new GrantMembership(Id, AgencyId ?? Guid.Empty, Choices.Combine(RoleNumbers), JobTitle ?? "", ValidFrom ?? Today, ValidTo), _ => Said("The membership is given."));

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (await users.FindByIdAsync(Id.ToString()) is not { } account) return NotFound();
        Account = account;
        var today = Today;
        Memberships = [.. (await (
            from m in Read.Of<Membership>()
            join g in Read.Of<Agency>() on m.AgencyId equals g.Id
            where m.AccountId == Id
            orderby m.ValidFrom descending, m.Id
            select new { m, g.Name }).ToListAsync()).Select(x => new MembershipRow(x.m, x.Name, x.m.ValidTo is null || x.m.ValidTo >= today))];
        Agencies = await Choices.AgenciesAsync(Read);
        var passkeys = (await users.GetPasskeysAsync(account)).Count;
        var ways = new List<string>();
        if (account.PasswordHash is not null) ways.Add(account.TwoFactorEnabled ? "password and authenticator" : "password; the authenticator is yet to be set up");
        if (passkeys > 0) ways.Add(passkeys == 1 ? "a passkey" : $"{passkeys} passkeys");
        if ((await users.GetLoginsAsync(account)).Count > 0) ways.Add("the organisation's own sign-in");
        SignsInWith = ways.Count == 0 ? "nothing yet" : string.Join(", ", ways);
        return null;
    }

    private RedirectResult Said(string what)
    {
        TempData.Notify(NoticeKind.Success, what);
        return Redirect($"/admin/accounts/{Id}");
    }
}
