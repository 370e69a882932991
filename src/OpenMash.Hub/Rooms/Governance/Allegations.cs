using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>
/// An allegation against a person who works with children is kept from that person, their line and, if need be, everyone of their agency (practice rule 15).
/// Whoever decided it and the designated officer are not shut out by the agency.
/// </summary>
internal sealed class AllegationShutsOut : Listener<AllegationMade>
{
    public override async Task HandleAsync(AllegationMade happened, Act act)
    {
        var accounts = happened.ImplicatedAccountIds.ToHashSet();
        if (happened.ImplicatedAgencyId is { } agency)
        {
            var today = act.Today;
            accounts.UnionWith(await act.Read.Of<Membership>()
                .Where(m => m.AgencyId == agency && m.ValidFrom <= today && (m.ValidTo == null || m.ValidTo >= today)
                    && m.AccountId != happened.ByAccountId && (m.Roles & Roles.DesignatedOfficer) == 0)
                .Select(m => m.AccountId)
                .ToListAsync());
        }

        foreach (var account in accounts.Order())
        {
            if (await act.Read.Of<ConflictOfInterest>().AnyAsync(c => c.AccountId == account && c.SubjectId == happened.ContactId && c.EndedAt == null)) continue;
            act.Write.Add(new ConflictOfInterest
            {
                Id = act.NewId(),
                AccountId = account,
                SubjectKind = "Contact",
                SubjectId = happened.ContactId,
                Basis = ConflictBasis.Subject,
                Note = "Implicated in an allegation, or in the line or agency of the person it is about.",
                At = act.Now,
            });
            // Whoever loses sight of it loses the live connection in the same breath.
            act.Live($"account:{account}", "access", account, 0);
        }
    }
}
