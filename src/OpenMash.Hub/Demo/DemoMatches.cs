using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Demo;

/// <summary>
/// What the invented hub did with records that resemble each other: one pair joined, one kept apart, one not to be told; the rest waits. And a few links between people
/// that no register brings: a friend, a carer, an adult about whom there is a concern.
/// </summary>
internal sealed class DemoMatches(RecordStore store, DemoHistory history, DemoPeople people, short authority)
{
    private static readonly (MatchState Verdict, string Reason)[] Decisions =
    [
        (MatchState.Same, "Same school and same mother; the nursery wrote the name as it heard it."),
        (MatchState.Different, "Two cousins. The school has both on its roll."),
        (MatchState.CannotTell, "The reporter could not be reached again."),
    ];

    private static readonly (string Kind, string Confidence, string Source)[] Links =
    [
        ("friend", "said", "her own words in a return interview"),
        ("carer", "known", "the school's contact sheet"),
        ("household", "said", "health visitor"),
        ("associate", "assumed", "seen together by the night-time street worker"),
    ];

    public async Task MakeAsync(CancellationToken ct)
    {
        await using var db = store.Open(authority);
        var pairs = await db.Set<MatchPair>().AsNoTracking().Where(p => p.State == MatchState.Open).OrderByDescending(p => p.Probability).ThenBy(p => p.Id).Take(Decisions.Length).ToListAsync(ct);
        foreach (var (pair, decision) in pairs.Zip(Decisions)) await DecideAsync(db, pair, decision.Verdict, decision.Reason, ct);

        var children = await db.Set<Identification>().AsNoTracking().Where(i => i.UndoneAt == null).OrderByDescending(i => i.At).ThenBy(i => i.Id).Select(i => i.PersonId).Distinct().Take(Links.Length * 2).ToListAsync(ct);
        foreach (var ((kind, confidence, source), two) in Links.Zip(children.Chunk(2)))
        {
            if (two.Length < 2) break;
            var other = await db.Set<Person>().AsNoTracking().Where(p => p.Id == two[1]).Select(p => p.Reference).SingleAsync(ct);
            await history.DoAsync(new AddRelationship { PersonId = two[0], OtherReference = other, Kind = kind, Confidence = confidence, Source = source }, people["screener2"]);
        }
    }

    private async Task DecideAsync(RecordContext db, MatchPair pair, MatchState verdict, string reason, CancellationToken ct)
    {
        var versions = await db.Set<Person>().AsNoTracking().Where(p => p.Id == pair.FirstId || p.Id == pair.SecondId).ToDictionaryAsync(p => p.Id, p => p.Version, ct);
        var decided = await history.DoAsync(
            new DecideMatch { PairId = pair.Id, Verdict = verdict, Reason = reason, SeenFirst = versions[pair.FirstId], SeenSecond = versions[pair.SecondId] }, people["screener1"]);
        if (decided is Outcome<MatchState>.Done { Value: MatchState.AwaitsSecond }) await history.DoAsync(new AgreeMerge(pair.Id, true, ""), people["manager"]);
    }
}
