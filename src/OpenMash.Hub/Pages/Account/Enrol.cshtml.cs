using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using QRCoder;

namespace OpenMash.Hub.Pages.Account;

/// <summary>Sets up the authenticator app at the first sign-in with a password. Nothing else opens until it is done.</summary>
[AllowAnonymous]
[EnableRateLimiting(HubAccounts.SignInLimit)]
internal sealed class EnrolModel(SignInDesk desk, UserManager<Records.Accounts.Account> users, PageFurniture furniture) : HubPage
{
    private Records.Accounts.Account? _account;

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true, Name = "next")]
    public string? Next { get; set; }

    public string Onward => Url.IsLocalUrl(Next) ? Next! : "/";

    public IHtmlContent Square { get; private set; } = HtmlString.Empty;

    public string KeyInGroups { get; private set; } = "";

    /// <summary>Shown once, after the app was proved.</summary>
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await LoadAsync() is { } elsewhere) return elsewhere;
        if (string.IsNullOrWhiteSpace(Code))
        {
            ModelState.AddModelError(nameof(Code), "Enter the six digits that the app shows");
            return await AgainAsync();
        }

        if (await desk.EnrolAsync(_account!, Code) is { } codes)
        {
            // No redirect: the codes must not lie anywhere between this answer and the person.
            Codes = codes;
            return Page();
        }

        ModelState.AddModelError(nameof(Code), SignInDesk.WrongCode);
        return await AgainAsync();
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        _account = await desk.AwaitingAsync();
        if (_account is null) return Redirect("/account/sign-in");
        if (_account.TwoFactorEnabled) return Redirect("/account/two-factor");
        var key = await users.GetAuthenticatorKeyAsync(_account);
        if (string.IsNullOrEmpty(key))
        {
            await users.ResetAuthenticatorKeyAsync(_account);
            key = (await users.GetAuthenticatorKeyAsync(_account))!;
        }

        KeyInGroups = string.Join(' ', key.Chunk(4).Select(c => new string(c))).ToLowerInvariant();
        Square = Draw($"otpauth://totp/{Uri.EscapeDataString(furniture.HubName)}:{Uri.EscapeDataString(_account.Email!)}?secret={key}&issuer={Uri.EscapeDataString(furniture.HubName)}&digits=6");
        return null;
    }

    /// <summary>One path with attributes only: the security policy allows no style within the page.</summary>
    private static HtmlString Draw(string content)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(content, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
            for (var x = 0; x < rows[y].Length; x++)
                if (rows[y][x]) path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        return new HtmlString(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"<svg class=\"hub-qr\" viewBox=\"0 0 {rows.Count} {rows.Count}\" width=\"220\" height=\"220\" role=\"img\" aria-label=\"Square code for the authenticator app\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>"));
    }
}
