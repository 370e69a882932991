using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>In my work: merges with an open plan that wait for a second person.</summary>
internal sealed class MergesToAgree(RecordReader read, HubSettings settings) : IMyWork
{
    private const int Most = 5;

    public async Task<IReadOnlyList<WorkItem>> ReadAsync(Viewer viewer, CancellationToken ct)
    {
        if (!viewer.IsHub || !viewer.Has((await settings.GetAsync<MatchSettings>("matching")).Seconds)) return [];
        var account = viewer.AccountId;
        var pairs = await (
            from p in Matches.Visible(read, viewer)
            join a in read.Of<Person>() on p.FirstId equals a.Id
            join b in read.Of<Person>() on p.SecondId equals b.Id
            where p.State == MatchState.AwaitsSecond && p.ByAccountId != account
            orderby p.DecidedAt
            select new { p.Id, First = a.Reference, Second = b.Reference }).Take(Most).ToListAsync(ct);
        return [.. pairs.Select(p => new WorkItem("merge-second", $"{p.First} and {p.Second}: one person? It waits for a second person.", $"/people/review/{p.Id}", null, null, "Agree or disagree", 16))];
    }
}
