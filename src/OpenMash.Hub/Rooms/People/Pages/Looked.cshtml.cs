using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;
using Person = OpenMash.Records.People.Person;

namespace OpenMash.Hub.Rooms.People.Pages;

/// <summary>Who opened, printed or changed a record, in one row a person and kind of act.</summary>
public sealed record Looker(string Who, string? Agency, string What, int Times, Instant Last);

/// <summary>Who looked at a person's record: for everyone who may open that record themselves. What was looked for stays in the trail's reading room.</summary>
[Allow(Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam | Roles.SocialWorker | Roles.TeamManager | Roles.ReviewingOfficer | Roles.ExploitationCoordinator | Roles.DesignatedOfficer, "see who looked at a person's record", hub: true)]
[Witnessed]
public sealed class LookedModel : HubPage
{
    private static readonly TrailKind[] Looks = [TrailKind.View, TrailKind.Print, TrailKind.Export, TrailKind.Command];

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public string Reference { get; private set; } = "";

    public IReadOnlyList<Looker> Lookers { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var verdict = await Read.VerdictAsync<Person>(Viewer, Id);
        if (verdict.Level == AccessLevel.None) return verdict.Reason == AccessReason.Conflict ? Deny(verdict) : NotFound();
        if (verdict.Level < AccessLevel.Read) return new RefusedResult(verdict.Words);
        await ViewedAsync("Person", Id, "view who looked");
        Reference = await Read.Of<Person>().Where(p => p.Id == Id).Select(p => p.Reference).SingleAsync();
        var authority = Read.AuthorityId;
        var groups = await Read.Of<TrailEntry>()
            .Where(e => e.AuthorityId == authority && e.SubjectKind == "Person" && e.SubjectId == Id && Looks.Contains(e.Kind))
            .GroupBy(e => new { e.AccountId, e.AgencyId, e.Kind })
            .Select(g => new { g.Key.AccountId, g.Key.AgencyId, g.Key.Kind, Times = g.Count(), Last = g.Max(e => e.At) })
            .ToListAsync();
        var accounts = groups.Select(g => g.AccountId).Distinct().ToArray();
        var names = await Read.Of<Account>().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName);
        var agencies = await Read.Of<Agency>().ToDictionaryAsync(a => a.Id, a => a.Name);
        Lookers =
        [
            .. groups.OrderByDescending(g => g.Last).Select(g => new Looker(
                g.AccountId is { } account ? names.GetValueOrDefault(account, "an account of another time") : "the hub itself",
                g.AgencyId is { } agency ? agencies.GetValueOrDefault(agency) : null,
                g.Kind switch { TrailKind.View => "opened it", TrailKind.Print => "printed it", TrailKind.Export => "exported it", _ => "changed it" },
                g.Times,
                g.Last)),
        ];
        return Page();
    }
}
