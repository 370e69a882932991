using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed record GovernanceFigure(string Label, int Value, string Url, string Note);

/// <summary>The queries that figure and list share.</summary>
internal static class GovernanceLists
{
    public static IQueryable<BreakGlass> ToReview(RecordReader read) => read.Of<BreakGlass>().Where(b => b.ReviewedAt == null);

    /// <summary>Seals in force that this viewer may know of: all for information governance, else those for which they are cleared.</summary>
    public static IQueryable<Seal> Seals(RecordReader read, Viewer viewer)
    {
        var all = read.Of<Seal>().Where(s => s.EndedAt == null);
        if (viewer.Has(Roles.InformationGovernance)) return all;
        var account = viewer.AccountId;
        var mine = read.Of<Clearance>().Where(c => c.AccountId == account && c.EndedAt == null);
        return all.Where(s => mine.Any(c => c.SealId == s.Id));
    }

    public static IQueryable<ConflictOfInterest> Conflicts(RecordReader read) => read.Of<ConflictOfInterest>().Where(c => c.EndedAt == null);

    public static IQueryable<Embargo> Embargoes(RecordReader read, Instant now) => read.Of<Embargo>().Where(e => e.EndedAt == null && e.ExpiresAt > now);

    public static IQueryable<Hold> Holds(RecordReader read) => read.Of<Hold>().Where(h => h.EndedAt == null);

    public static IQueryable<Breach> Breaches(RecordReader read) => read.Of<Breach>().Where(b => b.ClosedAt == null);
}

[Allow(Roles, "see the hub's governance")]
internal sealed class GovernanceModel : HubPage
{
    public const Roles Roles = Records.Accounts.Roles.InformationGovernance | Records.Accounts.Roles.HubManager | Records.Accounts.Roles.DesignatedOfficer;

    public IReadOnlyList<GovernanceFigure> Figures { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var figures = new List<GovernanceFigure>();
        if (Viewer.Has(Glass.Reviewers))
        {
            var now = Now;
            var late = await GovernanceLists.ToReview(Read).CountAsync(b => b.ReviewDueAt < now);
            figures.Add(new("break-glass to review", await GovernanceLists.ToReview(Read).CountAsync(), "/governance/break-glass", late == 0 ? "none late" : $"{late} late"));
            figures.Add(new("conflicts of interest", await GovernanceLists.Conflicts(Read).CountAsync(), "/governance/conflicts", ""));
        }

        figures.Add(new("seals that you may know of", await GovernanceLists.Seals(Read, Viewer).CountAsync(), "/governance/seals", ""));
        figures.Add(new("embargoes on telling", await GovernanceLists.Embargoes(Read, Now).CountAsync(), "/governance/embargoes", ""));
        if (Viewer.Has(Records.Accounts.Roles.InformationGovernance))
        {
            figures.Add(new("holds", await GovernanceLists.Holds(Read).CountAsync(), "/governance/holds", ""));
            figures.Add(new("breaches open", await GovernanceLists.Breaches(Read).CountAsync(), "/governance/breaches", ""));
        }

        Figures = figures;
    }
}
