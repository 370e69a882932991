using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>The first administrator of a hub for real use, in one act with the agency: two people who try at once cannot both succeed.</summary>
internal sealed class SetUpHubHandler : Handler<SetUpHub, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(SetUpHub command, Act act) =>
        ValueTask.FromResult(act.Actor.IsSystem ? null : "Set-up is done by whoever starts the hub, with the code of the console.");

    public override async ValueTask CheckAsync(SetUpHub command, Problems problems, Act act)
    {
        problems.Require(command.AgencyName, "AgencyName", "Enter the name of the hub's own agency or team");
        problems.Require(command.FullName, "FullName", "Enter your name");
        if (await act.Accounts.IsTakenAsync(command.Email)) problems.Add("Email", "There is already an account with this e-mail address.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(SetUpHub command, Act act)
    {
        var roles = await act.Read.Of<Membership>().Select(m => m.Roles).Distinct().ToListAsync();
        if (roles.Any(r => r.HasFlag(Roles.Administrator))) return new Outcome<Guid>.Refused("This hub was set up already.");

        var agency = act.Write.Add(new Agency
        {
            Id = act.NewId(),
            Name = command.AgencyName.Trim(),
            Kind = AgencyKind.ChildrensSocialCare,
            Telephone = command.Telephone.Trim(),
            IsHub = true,
            AnswersChecks = true,
        });
        var account = act.Accounts.Add(command.FullName, command.Email, command.PasswordHash);
        act.Write.Add(new Membership
        {
            Id = act.NewId(),
            AccountId = account.Id,
            AgencyId = agency.Id,
            Roles = Roles.Administrator,
            JobTitle = "System administrator",
            ValidFrom = act.Today,
        });
        act.About("Account", account.Id);
        return account.Id;
    }
}

/// <summary>An account was locked after failures: administrators and governance see it, since it may be someone guessing.</summary>
internal sealed class ReportLockoutHandler : Handler<ReportLockout, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(ReportLockout command, Act act) =>
        ValueTask.FromResult(act.Actor.IsSystem ? null : "Only the hub itself reports a locked account.");

    public override Task<Outcome<Nothing>> HandleAsync(ReportLockout command, Act act)
    {
        act.About("Account", command.AccountId);
        act.Notify("account-locked", "Account", command.AccountId, "An account was locked after five failures to sign in. If the person did not do it, someone may be guessing.", toRoles: Roles.Administrator | Roles.InformationGovernance);
        return Task.FromResult<Outcome<Nothing>>(Nothing.Value);
    }
}
