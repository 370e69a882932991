using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed record ClientRow(Guid Id, string Name, string ClientId, string Agency, Instant? ClosedAt);

[Allow(Roles.Administrator, "administer partners' systems")]
internal sealed class ClientsModel(PartnerSecrets secrets) : HubPage
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty, Display(Name = "Client id")]
    public string? ClientId { get; set; }

    [BindProperty, Display(Name = "Agency")]
    public Guid? AgencyId { get; set; }

    [BindProperty]
    public Guid? ClientRow { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public IReadOnlyList<ClientRow> Clients { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Agencies { get; private set; } = [];

    /// <summary>Shown once, in the answer to the request that made it.</summary>
    public (string Client, string Secret)? Secret { get; private set; }

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostRegisterAsync()
    {
        Guid? made = null;
        var answer = await SendAsync(new RegisterPartnerClient(ClientId ?? "", AgencyId ?? Guid.Empty, Name ?? ""), id =>
        {
            made = id;
            return Page();
        });
        return made is { } row ? await ShowSecretAsync(row) : answer;
    }

    public async Task<IActionResult> OnPostRenewAsync()
    {
        var renewed = false;
        var answer = await SendAsync(new RenewPartnerSecret(ClientRow ?? Guid.Empty, Reason ?? ""), _ =>
        {
            renewed = true;
            return Page();
        });
        return renewed ? await ShowSecretAsync(ClientRow!.Value) : answer;
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        var closed = false;
        var answer = await SendAsync(new ClosePartnerClient(ClientRow ?? Guid.Empty, Reason ?? ""), _ =>
        {
            closed = true;
            TempData.Notify(NoticeKind.Success, "The registration is closed: the system gets no more tokens.");
            return Redirect("/admin/clients");
        });
        if (closed)
        {
            var client = await Read.Of<PartnerClient>().SingleAsync(c => c.Id == ClientRow);
            await secrets.RemoveAsync(client.ClientId, HttpContext.RequestAborted);
        }

        return answer;
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        Agencies = await Choices.AgenciesAsync(Read);
        Clients = await (
            from c in Read.Of<PartnerClient>()
            join g in Read.Of<Agency>() on c.AgencyId equals g.Id
            orderby c.Name, c.Id
            select new ClientRow(c.Id, c.Name, c.ClientId, g.Name, c.ClosedAt)).ToListAsync();
        return null;
    }

    private async Task<IActionResult> ShowSecretAsync(Guid row)
    {
        var client = await Read.Of<PartnerClient>().SingleAsync(c => c.Id == row);
        Secret = (client.Name, await secrets.RenewAsync(client.ClientId, HttpContext.RequestAborted));
        (Name, ClientId, AgencyId, Reason) = (null, null, null, null);
        ModelState.Clear();
        CommandId = Platform.Time.Ids.New(Now);
        await LoadAsync();
        // No redirect: the secret must not lie anywhere between this answer and the person.
        return Page();
    }
}
