using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>A hub always has someone who administers it, and nobody gives roles to themselves.</summary>
internal static class Administrators
{
    public const string Last = "This is the last administrator. Give someone else the role first.";
    public const string Own = "Your own roles are given by another administrator.";

    /// <summary>True where nobody but this membership's person would be an administrator today.</summary>
    public static async Task<bool> WouldBeLeftWithoutAsync(Act act, Membership leaving)
    {
        if (!leaving.Roles.HasFlag(Roles.Administrator)) return false;
        var today = act.Today;
        var others = await (
            from m in act.Read.Of<Membership>()
            join a in act.Read.Of<Account>() on m.AccountId equals a.Id
            where m.AccountId != leaving.AccountId && m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today) && a.ClosedAt == null
            select m.Roles).Distinct().ToListAsync();
        return !others.Any(r => r.HasFlag(Roles.Administrator));
    }
}

internal sealed class InviteAccountHandler : Handler<InviteAccount, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(InviteAccount command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "invite someone"));

    public override async ValueTask CheckAsync(InviteAccount command, Problems problems, Act act)
    {
        problems.Require(command.FullName, "FullName", "Enter the person's name");
        problems.MaxLength(command.FullName, 200, "FullName", "The name");
        if (string.IsNullOrWhiteSpace(command.Email) || !new EmailAddressAttribute().IsValid(command.Email.Trim()))
            problems.Add("Email", "Enter an e-mail address, such as name@example.org");
        else if (await act.Accounts.IsTakenAsync(command.Email))
            problems.Add("Email", "There is already an account with this e-mail address. Give that one a membership instead.");
        if (!await act.Read.Of<Agency>().AnyAsync(a => a.Id == command.AgencyId && a.ClosedOn == null)) problems.Add("AgencyId", "Choose an agency");
        if (command.Roles == Roles.None) problems.Add("Roles", "Choose at least one role");
        await RolesOfTheHub.CheckAsync(command.Roles, command.AgencyId, problems, act);
        problems.Require(command.JobTitle, "JobTitle", "Enter the job title");
        if (command.ValidTo is { } last && last < command.ValidFrom) problems.Add("ValidTo", "The last day lies before the first.");
    }

    public override Task<Outcome<Guid>> HandleAsync(InviteAccount command, Act act)
    {
        var account = act.Accounts.Add(command.FullName, command.Email, null);
        act.Write.Add(new Membership
        {
            Id = act.NewId(),
            AccountId = account.Id,
            AgencyId = command.AgencyId,
            Roles = command.Roles,
            JobTitle = command.JobTitle.Trim(),
            ValidFrom = command.ValidFrom,
            ValidTo = command.ValidTo,
        });
        act.About("Account", account.Id);
        return Task.FromResult<Outcome<Guid>>(account.Id);
    }
}

internal sealed class ResetAccountHandler : Handler<ResetAccount, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(ResetAccount command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "reset an account"));

    public override ValueTask CheckAsync(ResetAccount command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why, and how you made sure that the person asked for it.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(ResetAccount command, Act act)
    {
        if (await act.Accounts.FindAsync(command.AccountId) is not { } account) return new Outcome<Nothing>.NotFound();
        act.About("Account", account.Id);
        if (account.Id == act.Actor.AccountId) return new Outcome<Nothing>.Refused("Your own account is reset by another administrator.");
        if (account.ClosedAt is not null) return new Outcome<Nothing>.Conflict("This account is closed. Invite the person anew.");
        act.Accounts.Reset(account);
        act.Because(command.Reason);
        // Whoever resets gets the link, and could use it: governance sees every reset.
        act.Notify("account-reset", "Account", account.Id, "An account was reset by an administrator.", toRoles: Roles.InformationGovernance);
        return Nothing.Value;
    }
}

internal sealed class CloseAccountHandler : Handler<CloseAccount, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(CloseAccount command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "close an account"));

    public override ValueTask CheckAsync(CloseAccount command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it is closed.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(CloseAccount command, Act act)
    {
        if (await act.Accounts.FindAsync(command.AccountId) is not { } account) return new Outcome<Nothing>.NotFound();
        act.About("Account", account.Id);
        if (account.Id == act.Actor.AccountId) return new Outcome<Nothing>.Refused("Your own account is closed by another administrator.");
        if (account.ClosedAt is not null) return new Outcome<Nothing>.Conflict("Someone else has closed it meanwhile.");
        foreach (var membership in await act.Write.LoadAsync<Membership>(m => m.AccountId == account.Id && (m.ValidTo == null || m.ValidTo > act.Today)))
        {
            if (await Administrators.WouldBeLeftWithoutAsync(act, membership)) return new Outcome<Nothing>.Refused(Administrators.Last);
            membership.ValidTo = membership.ValidFrom > act.Today ? membership.ValidFrom : act.Today;
        }

        act.Accounts.Close(account, act.Now);
        act.Because(command.Reason);
        return Nothing.Value;
    }
}

internal sealed class ChangeRolesHandler : Handler<ChangeRoles, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(ChangeRoles command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "change someone's roles"));

    public override async ValueTask CheckAsync(ChangeRoles command, Problems problems, Act act)
    {
        if (command.Roles == Roles.None) problems.Add("Roles", "Choose at least one role, or end the membership.");
        problems.Require(command.JobTitle, "JobTitle", "Enter the job title");
        problems.Require(command.Reason, "Reason", "Say why it changes.");
        if (await act.Read.Of<Membership>().FirstOrDefaultAsync(m => m.Id == command.MembershipId) is { } now) await RolesOfTheHub.CheckAsync(command.Roles & ~now.Roles, now.AgencyId, problems, act);
    }

    public override async Task<Outcome<Nothing>> HandleAsync(ChangeRoles command, Act act)
    {
        if (await act.Write.FindAsync<Membership>(command.MembershipId) is not { } membership) return new Outcome<Nothing>.NotFound();
        act.About("Account", membership.AccountId);
        if (membership.AccountId == act.Actor.AccountId) return new Outcome<Nothing>.Refused(Administrators.Own);
        if (membership.Version != command.SeenVersion)
            return new Outcome<Nothing>.Conflict($"Someone else changed this membership meanwhile. It now says: {membership.JobTitle}, {Platform.Access.RoleNames.Of(membership.Roles)}.");
        if (!command.Roles.HasFlag(Roles.Administrator) && await Administrators.WouldBeLeftWithoutAsync(act, membership)) return new Outcome<Nothing>.Refused(Administrators.Last);
        membership.Roles = command.Roles;
        membership.JobTitle = command.JobTitle.Trim();
        act.Because(command.Reason);
        act.Live($"account:{membership.AccountId}", "access", membership.AccountId, 0);
        return Nothing.Value;
    }
}

internal sealed class ChangeAgencyHandler : Handler<ChangeAgency, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(ChangeAgency command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "change an agency"));

    public override async ValueTask CheckAsync(ChangeAgency command, Problems problems, Act act)
    {
        problems.Require(command.Name, "Name", "Give the agency's name.");
        problems.Require(command.Telephone, "Telephone", "Give a telephone number: every request carries it as the fallback.");
        var name = command.Name?.Trim();
        if (await act.Read.Of<Agency>().AnyAsync(a => a.Name == name && a.Id != command.AgencyId)) problems.Add("Name", "There is already an agency of this name.");
    }

    public override async Task<Outcome<Nothing>> HandleAsync(ChangeAgency command, Act act)
    {
        if (await act.Write.FindAsync<Agency>(command.AgencyId) is not { } agency) return new Outcome<Nothing>.NotFound();
        act.About("Agency", agency.Id);
        if (agency.Version != command.SeenVersion)
            return new Outcome<Nothing>.Conflict($"Someone else changed this agency meanwhile. It now says: {agency.Name}, {agency.Telephone}.");
        agency.Name = command.Name.Trim();
        agency.Telephone = command.Telephone.Trim();
        agency.Email = string.IsNullOrWhiteSpace(command.Email) ? null : command.Email.Trim();
        agency.AnswersChecks = command.AnswersChecks;
        return Nothing.Value;
    }
}

internal sealed class CloseAgencyHandler : Handler<CloseAgency, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(CloseAgency command, Act act) => ValueTask.FromResult(act.Needs(Roles.Administrator, "close an agency"));

    public override ValueTask CheckAsync(CloseAgency command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why it no longer takes part.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(CloseAgency command, Act act)
    {
        if (await act.Write.FindAsync<Agency>(command.AgencyId) is not { } agency) return new Outcome<Nothing>.NotFound();
        act.About("Agency", agency.Id);
        var today = act.Today;
        var members = await act.Read.Of<Membership>().CountAsync(m => m.AgencyId == agency.Id && (m.ValidTo == null || m.ValidTo >= today));
        if (members > 0) return new Outcome<Nothing>.Refused($"{members} people are members of this agency. End their memberships first.");
        agency.ClosedOn ??= today;
        act.Because(command.Reason);
        return Nothing.Value;
    }
}
