using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed class AddAgencyHandler : Handler<AddAgency, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(AddAgency command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "add an agency"));

    public override async ValueTask CheckAsync(AddAgency command, Problems problems, Act act)
    {
        problems.Require(command.Name, "Name", "Give the agency's name.");
        problems.Require(command.Telephone, "Telephone", "Give a telephone number: every request carries it as the fallback.");
        if (await act.Read.Of<Agency>().AnyAsync(a => a.Name == command.Name))
            problems.Add("Name", "There is already an agency of this name.");
    }

    public override Task<Outcome<Guid>> HandleAsync(AddAgency command, Act act)
    {
        var agency = act.Write.Add(new Agency
        {
            Id = act.NewId(),
            Name = command.Name.Trim(),
            Kind = command.Kind,
            Telephone = command.Telephone.Trim(),
            Email = command.Email,
            IsHub = command.IsHub,
            AnswersChecks = command.AnswersChecks,
        });
        act.About("Agency", agency.Id);
        return Task.FromResult<Outcome<Guid>>(agency.Id);
    }
}

/// <summary>Roles that open the queue and the register: with a partner they would open nothing, and whoever gave them would think that they do.</summary>
internal static class RolesOfTheHub
{
    private const Roles These = Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam | Roles.DesignatedOfficer;

    public static async Task CheckAsync(Roles roles, Guid agencyId, Problems problems, Act act)
    {
        var wrong = roles & These;
        if (wrong == Roles.None) return;
        if (await act.Read.Of<Agency>().Where(a => a.Id == agencyId && !a.IsHub).Select(a => a.Name).FirstOrDefaultAsync() is { } partner)
            problems.Add("Roles", $"{partner} is a partner: {RoleNames.Of(wrong)} works in the hub. Choose the hub, or another role.");
    }
}

internal sealed class GrantMembershipHandler : Handler<GrantMembership, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(GrantMembership command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "give someone a membership"));

    public override async ValueTask CheckAsync(GrantMembership command, Problems problems, Act act)
    {
        if (command.Roles == Roles.None) problems.Add("Roles", "Choose at least one role.");
        if (command.AccountId == act.Actor.AccountId) problems.Add("Roles", Administrators.Own);
        if (command.ValidTo is { } last && last < command.ValidFrom) problems.Add("ValidTo", "The last day lies before the first.");
        problems.Require(command.JobTitle, "JobTitle", "Give the job title.");
        if (!await act.Read.Of<Account>().AnyAsync(a => a.Id == command.AccountId)) problems.Add("AccountId", "There is no such account.");
        if (!await act.Read.Of<Agency>().AnyAsync(a => a.Id == command.AgencyId)) problems.Add("AgencyId", "There is no such agency.");
        await RolesOfTheHub.CheckAsync(command.Roles, command.AgencyId, problems, act);
        if (await act.Read.Of<Membership>().AnyAsync(m => m.AccountId == command.AccountId && (m.ValidTo == null || m.ValidTo >= command.ValidFrom)))
            problems.Add("ValidFrom", "This person already has a membership at that time. End it first.");
    }

    public override Task<Outcome<Guid>> HandleAsync(GrantMembership command, Act act)
    {
        var membership = act.Write.Add(new Membership
        {
            Id = act.NewId(),
            AccountId = command.AccountId,
            AgencyId = command.AgencyId,
            Roles = command.Roles,
            JobTitle = command.JobTitle.Trim(),
            ValidFrom = command.ValidFrom,
            ValidTo = command.ValidTo,
        });
        act.About("Account", command.AccountId);
        return Task.FromResult<Outcome<Guid>>(membership.Id);
    }
}

internal sealed class EndMembershipHandler : Handler<EndMembership, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(EndMembership command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "end a membership"));

    public override ValueTask CheckAsync(EndMembership command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it ends.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(EndMembership command, Act act)
    {
        if (await act.Write.FindAsync<Membership>(command.MembershipId) is not { } membership) return new Outcome<Nothing>.NotFound();
        if (command.LastDay < membership.ValidFrom.PlusDays(-1)) return new Outcome<Nothing>.Invalid([new Problem("LastDay", "The last day lies before the membership began.")]);
        if (await Administrators.WouldBeLeftWithoutAsync(act, membership)) return new Outcome<Nothing>.Refused(Administrators.Last);
        membership.ValidTo = command.LastDay;
        act.About("Account", membership.AccountId);
        act.Because(command.Reason);
        // Whoever loses access loses the live connection in the same breath; what they may still join is decided anew.
        act.Live($"account:{membership.AccountId}", "access", membership.AccountId, 0);
        return Nothing.Value;
    }
}
