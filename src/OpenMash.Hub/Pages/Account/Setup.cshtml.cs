using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Pages.Account;

/// <summary>First-run set-up. Answers 404 once anyone was an administrator.</summary>
[AllowAnonymous]
[EnableRateLimiting(HubAccounts.SignInLimit)]
internal sealed class SetupModel(SetupGate gate, RecordStore store, AuthorityDirectory authorities, UserManager<Records.Accounts.Account> users, SignInDesk desk) : HubPage
{
    private const short First = 1;

    [BindProperty, Display(Name = "Code from the console")]
    public string? Code { get; set; }

    [BindProperty, Display(Name = "Name of the authority")]
    public string? AuthorityName { get; set; }

    [BindProperty, Display(Name = "Code of the authority")]
    public string? AuthorityCode { get; set; }

    [BindProperty, Display(Name = "Name of the hub")]
    public string? HubName { get; set; }

    [BindProperty, Display(Name = "Telephone of the hub")]
    public string? Telephone { get; set; }

    [BindProperty, Display(Name = "Name of the hub's own agency or team")]
    public string? AgencyName { get; set; }

    [BindProperty, Display(Name = "Your name")]
    public string? FullName { get; set; }

    [BindProperty, Display(Name = "Your e-mail address")]
    public string? Email { get; set; }

    [BindProperty, Display(Name = "Password")]
    public string? Password { get; set; }

    [BindProperty, Display(Name = "The same password again")]
    public string? PasswordAgain { get; set; }

    public async Task<IActionResult> OnGetAsync() => await gate.IsOpenAsync(HttpContext.RequestAborted) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        var ct = HttpContext.RequestAborted;
        if (!await gate.IsOpenAsync(ct)) return NotFound();
        if (!gate.IsCode(Code))
        {
            ModelState.AddModelError(nameof(Code), "This is not the code that the console shows. It changes at each start of the hub.");
            return await AgainAsync();
        }

        await CheckAsync();
        if (!ModelState.IsValid) return await AgainAsync();

        await Bootstrap.SaveAuthorityAsync(
            store,
            new Authority { Id = First, Code = AuthorityCode!.Trim(), Name = AuthorityName!.Trim(), HubName = HubName!.Trim(), Telephone = Telephone!.Trim() },
            ct);
        authorities.Forget();
        var command = new SetUpHub(AgencyName!, Telephone!, FullName!, Email!, users.PasswordHasher.HashPassword(null!, Password!));
        var outcome = await Runner.RunAsync(command, Viewer.System(First, "set-up", "make the first administrator"), CommandId, ct);
        switch (outcome)
        {
            case Outcome<Guid>.Done:
                // On to the sign-in, which asks for a second factor before anything opens.
                HttpContext.RequestServices.GetRequiredService<CurrentAuthority>().Id = First;
                return await desk.PasswordAsync(Email!, Password!) == SignInStep.Enrol ? Redirect("/account/two-factor/enrol") : Redirect("/account/sign-in");
            case Outcome<Guid>.Invalid invalid:
                foreach (var problem in invalid.Problems) ModelState.AddModelError(problem.Field, problem.Message);
                return await AgainAsync();
            default:
                return NotFound();
        }
    }

    private async Task CheckAsync()
    {
        Require(AuthorityName, nameof(AuthorityName), "Enter the name of the authority");
        if (AuthorityCode?.Trim() is not { Length: 3 } code || !code.All(char.IsAsciiDigit))
            ModelState.AddModelError(nameof(AuthorityCode), "Enter the three digits of the authority's code");
        Require(HubName, nameof(HubName), "Enter the name of the hub");
        Require(Telephone, nameof(Telephone), "Enter the telephone number of the hub");
        Require(AgencyName, nameof(AgencyName), "Enter the name of the hub's own agency or team");
        Require(FullName, nameof(FullName), "Enter your name");
        if (!new EmailAddressAttribute().IsValid(Email?.Trim()) || string.IsNullOrWhiteSpace(Email)) ModelState.AddModelError(nameof(Email), "Enter your e-mail address, such as name@example.org");
        await Passwords.CheckAsync(users, Password, PasswordAgain, ModelState);
    }

    private void Require(string? value, string field, string message)
    {
        if (string.IsNullOrWhiteSpace(value)) ModelState.AddModelError(field, message);
    }
}
