using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>Asks the engine for pairs, outside any transaction since a whole register takes a while, and files them for a person's decision.</summary>
internal sealed class Rematch(IPeopleFinder finder, CommandRunner runner)
{
    /// <summary>The engine is asked a little lower than pairs are filed, so that a pair just below the line is not lost for good when the line is moved.</summary>
    private const double Floor = 0.1;

    public async Task<Outcome<MatchesFiled>> RunAsync(Viewer actor, RecordReader read, bool whole, string source, CancellationToken ct)
    {
        var reached = whole ? null : await ReachedAsync(read, ct);
        var found = reached is { } after
            ? await finder.PairsAsync(actor.AuthorityId, after, Floor, ct)
            : await finder.AllPairsAsync(actor.AuthorityId, Floor, ct);
        return await runner.RunAsync(new FileMatches(found.Pairs, reached is null, source, found.People, found.ReachedAt, found.Model), actor, ct);
    }

    /// <summary>The latest change that a run has seen; null before the first.</summary>
    public static Task<Instant?> ReachedAsync(RecordReader read, CancellationToken ct) => read.Of<MatchRun>().MaxAsync(r => (Instant?)r.ReachedAt, ct);
}

/// <summary>
/// What changed since the last run is matched at every tick, imports included; the whole register once a night, or at once where many nights were missed. The ticks
/// also keep the index warm, so that nobody waits for it to be read after a start.
/// </summary>
internal sealed class RematchTick(Rematch rematch, IPeopleFinder finder, IClock clock) : ITick
{
    private const int NightEndsAt = 7;

    /// <summary>What changed is matched all the time; the whole finds only what shifts slowly, as names become commoner. A hub that is switched off at night still gets it.</summary>
    private static readonly Duration TooLong = Duration.FromDays(30);

    public (string Name, string Purpose) Actor => ("matching", "find people of the register who may be one, for a person to decide");

    public async Task TickAsync(Viewer actor, CommandRunner runner, RecordReader read, CancellationToken ct)
    {
        await finder.FindAsync(actor.AuthorityId, new PersonQuery(), 1, ct);
        var whole = await read.Of<MatchRun>().Where(r => r.Whole).MaxAsync(r => (Instant?)r.At, ct);
        var now = clock.GetCurrentInstant();
        if (whole is not { } last || now - last > TooLong || (London.Date(last) < London.Date(now) && now.InZone(London.Zone).Hour < NightEndsAt))
        {
            if (await read.Of<Person>().AnyAsync(ct)) (await rematch.RunAsync(actor, read, whole: true, "nightly", ct)).Expect();
            return;
        }

        var reached = await Rematch.ReachedAsync(read, ct);
        if (await read.Of<Person>().AnyAsync(p => p.ChangedAt > reached, ct)) (await rematch.RunAsync(actor, read, whole: false, "changes", ct)).Expect();
    }
}

internal sealed class FileMatchesHandler : Handler<FileMatches, MatchesFiled>
{
    private const int Chunk = 400;

    public override ValueTask<string?> AuthoriseAsync(FileMatches command, Act act) => ValueTask.FromResult(act.NeedsHub(Roles.HubManager, "re-match the register"));

    public override async Task<Outcome<MatchesFiled>> HandleAsync(FileMatches command, Act act)
    {
        var settings = await act.Settings.GetAsync<MatchSettings>("matching");
        var found = command.Pairs.Where(p => p.Probability >= settings.FileFrom).DistinctBy(p => (p.FirstId, p.SecondId)).ToList();
        var ids = found.SelectMany(p => new[] { p.FirstId, p.SecondId }).Distinct().ToArray();
        var changed = new Dictionary<Guid, Instant>();
        var related = new HashSet<(Guid, Guid)>();
        var before = new Dictionary<(Guid, Guid), List<(MatchState State, Instant First, Instant Second)>>();
        foreach (var chunk in ids.Chunk(Chunk))
        {
            foreach (var p in await act.Read.Of<Person>().Where(p => chunk.Contains(p.Id)).Select(p => new { p.Id, p.ChangedAt }).ToListAsync()) changed[p.Id] = p.ChangedAt;
            foreach (var r in await act.Read.Of<Relationship>().Where(r => r.EndedAt == null && chunk.Contains(r.PersonId)).Select(r => new { r.PersonId, r.OtherId }).ToListAsync())
                related.Add(PeopleFinder.Ordered(r.PersonId, r.OtherId));
            foreach (var p in await act.Read.Of<MatchPair>().Where(p => chunk.Contains(p.FirstId)).Select(p => new { p.FirstId, p.SecondId, p.State, p.FirstChangedAt, p.SecondChangedAt }).ToListAsync())
            {
                if (!before.TryGetValue((p.FirstId, p.SecondId), out var list)) before[(p.FirstId, p.SecondId)] = list = [];
                list.Add((p.State, p.FirstChangedAt, p.SecondChangedAt));
            }
        }

        var map = await act.Read.ResolveAsync(ids);
        var filed = 0;
        foreach (var pair in found)
        {
            // The register itself says that they are two: a mother and her daughter, two brothers.
            if (related.Contains((pair.FirstId, pair.SecondId)) || !changed.TryGetValue(pair.FirstId, out var first) || !changed.TryGetValue(pair.SecondId, out var second)) continue;
            // Merged between the matching and now.
            if (map.AreOne(pair.FirstId, pair.SecondId)) continue;
            if (before.TryGetValue((pair.FirstId, pair.SecondId), out var known)
                && known.Any(k => k.State is MatchState.Open or MatchState.AwaitsSecond || (k.State != MatchState.Lapsed && k.First == first && k.Second == second)))
                continue;
            act.Write.Add(new MatchPair
            {
                Id = act.NewId(),
                FirstId = pair.FirstId,
                SecondId = pair.SecondId,
                Probability = pair.Probability,
                Source = command.Source,
                FiledAt = act.Now,
                FirstChangedAt = first,
                SecondChangedAt = second,
            });
            filed++;
        }

        var lapsed = command.Whole ? await LapseAsync(found, act) : 0;
        act.Write.Add(new MatchRun { Id = act.NewId(), At = act.Now, Whole = command.Whole, Source = command.Source, People = command.People, Filed = filed, ReachedAt = command.ReachedAt, Model = command.Model });
        if (filed + lapsed > 0) act.Live("matches", "matches", Guid.Empty, 0);
        return new MatchesFiled(filed, lapsed, command.People);
    }

    /// <summary>What waits and is no longer found alike is put away; what a person filed waits for a person.</summary>
    private static async Task<int> LapseAsync(List<FoundPair> found, Act act)
    {
        var still = found.ToDictionary(p => (p.FirstId, p.SecondId), p => p.Probability);
        var lapsed = 0;
        foreach (var open in await act.Write.LoadAsync<MatchPair>(p => p.State == MatchState.Open && p.Source != Matches.ByHand))
        {
            if (still.TryGetValue((open.FirstId, open.SecondId), out var probability))
            {
                if (Math.Abs(open.Probability - probability) > 0.001) open.Probability = probability;
                continue;
            }

            open.State = MatchState.Lapsed;
            lapsed++;
        }

        return lapsed;
    }
}
