using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed class RegisterPartnerClientHandler : Handler<RegisterPartnerClient, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(RegisterPartnerClient command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "register a partner's system"));

    public override async ValueTask CheckAsync(RegisterPartnerClient command, Problems problems, Act act)
    {
        problems.Require(command.Name, "Name", "Give the system's name, as its owner says it.");
        problems.MaxLength(command.Name, 200, "Name", "The name");
        if (command.ClientId.Length is < 4 or > 60 || !command.ClientId.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            problems.Add("ClientId", "The client id has 4 to 60 small letters, digits and hyphens.");
        else if (await act.Read.Of<PartnerClient>().AnyAsync(c => c.ClientId == command.ClientId))
            problems.Add("ClientId", "There is already a system with this client id.");
        if (!await act.Read.Of<Agency>().AnyAsync(a => a.Id == command.AgencyId && a.ClosedOn == null)) problems.Add("AgencyId", "Choose the agency for which the system speaks.");
    }

    public override Task<Outcome<Guid>> HandleAsync(RegisterPartnerClient command, Act act)
    {
        var client = act.Write.Add(new PartnerClient { Id = act.NewId(), ClientId = command.ClientId, AgencyId = command.AgencyId, Name = command.Name.Trim() });
        act.About("PartnerClient", client.Id);
        return Task.FromResult<Outcome<Guid>>(client.Id);
    }
}

/// <summary>The wish for a new secret, in the trail; the secret itself is made by the page and never part of the record of acts.</summary>
internal sealed class RenewPartnerSecretHandler : Handler<RenewPartnerSecret, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(RenewPartnerSecret command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "renew a system's secret"));

    public override ValueTask CheckAsync(RenewPartnerSecret command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why the secret is renewed.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(RenewPartnerSecret command, Act act)
    {
        var client = await act.Read.Of<PartnerClient>().SingleOrDefaultAsync(c => c.Id == command.PartnerClientId);
        if (client is null) return new Outcome<Nothing>.NotFound();
        if (client.ClosedAt is not null) return new Outcome<Nothing>.Conflict("This registration was closed. Register the system anew.");
        act.About("PartnerClient", client.Id);
        act.Because(command.Reason);
        return Nothing.Value;
    }
}

internal sealed class ClosePartnerClientHandler : Handler<ClosePartnerClient, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(ClosePartnerClient command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "close a system's registration"));

    public override ValueTask CheckAsync(ClosePartnerClient command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it is closed.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(ClosePartnerClient command, Act act)
    {
        if (await act.Write.FindAsync<PartnerClient>(command.PartnerClientId) is not { } client) return new Outcome<Nothing>.NotFound();
        client.ClosedAt ??= act.Now;
        act.About("PartnerClient", client.Id);
        act.Because(command.Reason);
        return Nothing.Value;
    }
}
