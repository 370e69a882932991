using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.People;

/// <summary>What the handlers of a pair share: who may see it, what it means to join, and to undo that.</summary>
internal static class Matches
{
    public const string ByHand = "by hand";

    /// <summary>Who opens the review; who decides is a setting and never more than these.</summary>
    public const Roles Readers = Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager;

    /// <summary>Pairs of which the viewer may read both. Of others neither content nor number (practice rule 17).</summary>
    public static IQueryable<MatchPair> Visible(RecordReader read, Viewer viewer) =>
        from p in read.Of<MatchPair>()
        join a in read.Visible<Person>(viewer) on p.FirstId equals a.Id
        join b in read.Visible<Person>(viewer) on p.SecondId equals b.Id
        select p;

    public static IQueryable<MatchPair> Waiting(RecordReader read, Viewer viewer) =>
        Visible(read, viewer).Where(p => p.State == MatchState.Open || p.State == MatchState.AwaitsSecond);

    /// <summary>The order of the queue: what waits for a second person, then the most alike.</summary>
    public static IQueryable<MatchPair> InOrder(this IQueryable<MatchPair> pairs) =>
        pairs.OrderByDescending(p => p.State == MatchState.AwaitsSecond).ThenByDescending(p => p.Probability).ThenBy(p => p.Id);

    /// <summary>True where one of them, under any identity, has a plan that has not ended.</summary>
    public static async Task<bool> HasOpenPlanAsync(RecordReader read, params Guid[] persons)
    {
        var all = (await read.ResolveAsync(persons)).Everyone;
        return await read.Of<Plan>().AnyAsync(p => all.Contains(p.PersonId) && p.EndedOn == null);
    }

    /// <summary>A pair to act on; null where the actor may not read both.</summary>
    public static async Task<MatchPair?> FindAsync(Act act, Guid id) =>
        await Visible(act.Read, act.Actor).AnyAsync(p => p.Id == id) ? await act.Write.FindAsync<MatchPair>(id) : null;

    /// <summary>What was said of a pair is in the trail of its first person, and whoever has the list open sees it.</summary>
    public static void Settled(Act act, MatchPair pair, string reason)
    {
        act.About("Person", pair.FirstId);
        act.Because(reason);
        act.Live("matches", "matches", pair.Id, 0);
    }

    public static async Task<Outcome<MatchState>?> JoinAsync(Act act, MatchPair pair)
    {
        var map = await act.Read.ResolveAsync([pair.FirstId, pair.SecondId]);
        if (map.AreOne(pair.FirstId, pair.SecondId)) return new Outcome<MatchState>.Conflict("These two were joined meanwhile, through another pair.");
        var into = map.Standing(pair.KeepId!.Value);
        var from = map.Standing(pair.KeepId == pair.FirstId ? pair.SecondId : pair.FirstId);
        var resolution = act.Write.Add(new Resolution
        {
            Id = act.NewId(),
            FromId = from,
            ToId = into,
            Reason = pair.Reason!,
            ByAccountId = pair.ByAccountId ?? Guid.Empty,
            At = act.Now,
        });
        pair.State = MatchState.Same;
        pair.ResolutionId = resolution.Id;
        act.About("Person", into);
        act.Raise(new PeopleResolved(from, into, Ended: false));
        return null;
    }
}

internal sealed class ProposeMatchHandler : Handler<ProposeMatch, Guid>
{
    public override async ValueTask<string?> AuthoriseAsync(ProposeMatch command, Act act) =>
        act.NeedsHub((await act.Settings.GetAsync<MatchSettings>("matching")).Deciders, "say that two people of the register are one");

    public override ValueTask CheckAsync(ProposeMatch command, Problems problems, Act act)
    {
        problems.Require(command.OtherReference, "OtherReference", "Give the reference of the other record, for example P-0000418.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Guid>> HandleAsync(ProposeMatch command, Act act)
    {
        var reference = command.OtherReference.Trim().ToUpperInvariant();
        var visible = act.Read.Visible<Person>(act.Actor);
        if (await visible.SingleOrDefaultAsync(p => p.Id == command.PersonId) is not { } person) return new Outcome<Guid>.NotFound();
        if (await visible.SingleOrDefaultAsync(p => p.Reference == reference) is not { } other)
            return Problem($"There is no person {reference} whose record you may open.");
        var map = await act.Read.ResolveAsync([person.Id, other.Id]);
        if (map.AreOne(person.Id, other.Id)) return Problem("These two are one record already.");
        var (first, second) = PeopleFinder.Ordered(map.Standing(person.Id), map.Standing(other.Id));
        act.About("Person", person.Id);
        if (await act.Read.Of<MatchPair>().FirstOrDefaultAsync(p => p.FirstId == first && p.SecondId == second && (p.State == MatchState.Open || p.State == MatchState.AwaitsSecond)) is { } known)
            return known.Id;
        var changed = await act.Read.Of<Person>().Where(p => p.Id == first || p.Id == second).ToDictionaryAsync(p => p.Id, p => p.ChangedAt);
        return act.Write.Add(new MatchPair
        {
            Id = act.NewId(),
            FirstId = first,
            SecondId = second,
            Probability = 1,
            Source = Matches.ByHand,
            FiledAt = act.Now,
            FirstChangedAt = changed[first],
            SecondChangedAt = changed[second],
        }).Id;

        static Outcome<Guid> Problem(string message) => new Outcome<Guid>.Invalid([new Problem("OtherReference", message)]);
    }
}

internal sealed class DecideMatchHandler : Handler<DecideMatch, MatchState>
{
    public override async ValueTask<string?> AuthoriseAsync(DecideMatch command, Act act) =>
        act.NeedsHub((await act.Settings.GetAsync<MatchSettings>("matching")).Deciders, "decide whether two people are one");

    public override ValueTask CheckAsync(DecideMatch command, Problems problems, Act act)
    {
        if (command.Verdict is not (MatchState.Same or MatchState.Different or MatchState.CannotTell)) problems.Add("Verdict", "Say whether they are the same, different, or whether you cannot tell.");
        problems.Require(command.Reason, "Reason", "Say why, in a few words: the next person to wonder reads it.");
        problems.MaxLength(command.Reason, 2000, "Reason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<MatchState>> HandleAsync(DecideMatch command, Act act)
    {
        if (await Matches.FindAsync(act, command.PairId) is not { } pair) return new Outcome<MatchState>.NotFound();
        if (pair.State != MatchState.Open) return new Outcome<MatchState>.Conflict("Someone else has decided this pair meanwhile. It is shown below as it stands now.");
        var people = await act.Read.Of<Person>().Where(p => p.Id == pair.FirstId || p.Id == pair.SecondId).ToDictionaryAsync(p => p.Id);
        var (first, second) = (people[pair.FirstId], people[pair.SecondId]);
        if (first.Version != command.SeenFirst || second.Version != command.SeenSecond)
            return new Outcome<MatchState>.Conflict($"The record of {(first.Version != command.SeenFirst ? first : second).Reference} was changed while you looked. Both are shown below as they are now; check and decide again.");
        pair.Reason = command.Reason.Trim();
        pair.ByAccountId = act.Actor.AccountId;
        pair.DecidedAt = act.Now;
        pair.SecondAccountId = null;
        pair.SecondAt = null;
        pair.SecondReason = null;
        pair.FirstChangedAt = first.ChangedAt;
        pair.SecondChangedAt = second.ChangedAt;
        Matches.Settled(act, pair, command.Reason);
        if (command.Verdict != MatchState.Same)
        {
            pair.State = command.Verdict;
            return pair.State;
        }

        if (await act.Read.Of<Relationship>().FirstOrDefaultAsync(r => r.EndedAt == null && ((r.PersonId == first.Id && r.OtherId == second.Id) || (r.PersonId == second.Id && r.OtherId == first.Id))) is { } relation)
            return new Outcome<MatchState>.Invalid([new Problem("Verdict", $"The register says that one is the other's {relation.Kind}. If that is wrong, end the relationship on the person's page first.")]);
        pair.KeepId = command.KeepId is { } keep && (keep == first.Id || keep == second.Id) ? keep : (first.CreatedAt, first.Reference).CompareTo((second.CreatedAt, second.Reference)) <= 0 ? first.Id : second.Id;
        if (await Matches.HasOpenPlanAsync(act.Read, first.Id, second.Id))
        {
            pair.State = MatchState.AwaitsSecond;
            act.Notify("merge-second", "MatchPair", pair.Id, $"{first.Reference} and {second.Reference} were found to be one person, and a plan is open: a second person must agree.", toRoles: (await act.Settings.GetAsync<MatchSettings>("matching")).Seconds);
            return pair.State;
        }

        return await Matches.JoinAsync(act, pair) ?? pair.State;
    }
}

internal sealed class AgreeMergeHandler : Handler<AgreeMerge, MatchState>
{
    public override async ValueTask<string?> AuthoriseAsync(AgreeMerge command, Act act) =>
        act.NeedsHub((await act.Settings.GetAsync<MatchSettings>("matching")).Seconds, "be the second person of a merge");

    public override ValueTask CheckAsync(AgreeMerge command, Problems problems, Act act)
    {
        if (!command.Agree) problems.Require(command.Reason, "SecondReason", "Say why you do not agree.");
        problems.MaxLength(command.Reason, 2000, "SecondReason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<MatchState>> HandleAsync(AgreeMerge command, Act act)
    {
        if (await Matches.FindAsync(act, command.PairId) is not { } pair) return new Outcome<MatchState>.NotFound();
        if (pair.State != MatchState.AwaitsSecond) return new Outcome<MatchState>.Conflict("It no longer waits for a second person.");
        if (pair.ByAccountId == act.Actor.AccountId) return new Outcome<MatchState>.Refused("You proposed this merge yourself. The second person must be someone else.");
        pair.SecondAccountId = act.Actor.AccountId;
        pair.SecondAt = act.Now;
        pair.SecondReason = command.Reason.Trim();
        Matches.Settled(act, pair, command.Reason);
        foreach (var notice in await act.Platform.LoadAsync<Records.Work.Notice>(n => n.SubjectId == pair.Id && n.ClosedAt == null)) notice.ClosedAt = act.Now;
        if (!command.Agree)
        {
            pair.State = MatchState.Open;
            return pair.State;
        }

        return await Matches.JoinAsync(act, pair) ?? pair.State;
    }
}

internal sealed class UnmergePeopleHandler : Handler<UnmergePeople, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(UnmergePeople command, Act act) =>
        act.NeedsHub((await act.Settings.GetAsync<MatchSettings>("matching")).Seconds, "undo a merge");

    public override ValueTask CheckAsync(UnmergePeople command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "UnmergeReason", "Say why they are two people after all.");
        problems.MaxLength(command.Reason, 2000, "UnmergeReason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(UnmergePeople command, Act act)
    {
        if (await act.Write.FindAsync<Resolution>(command.ResolutionId) is not { } resolution) return new Outcome<Nothing>.NotFound();
        if (await act.Read.Visible<Person>(act.Actor).CountAsync(p => p.Id == resolution.FromId || p.Id == resolution.ToId) < 2) return new Outcome<Nothing>.NotFound();
        if (resolution.EndedAt is not null) return new Outcome<Nothing>.Conflict("This merge was undone already.");
        resolution.EndedAt = act.Now;
        resolution.EndedBy = act.Actor.AccountId;
        resolution.EndedReason = command.Reason.Trim();
        foreach (var pair in await act.Write.LoadAsync<MatchPair>(p => p.ResolutionId == resolution.Id)) pair.State = MatchState.Different;
        act.About("Person", resolution.ToId);
        act.Because(command.Reason);
        act.Raise(new PeopleResolved(resolution.FromId, resolution.ToId, Ended: true));
        return Nothing.Value;
    }
}
