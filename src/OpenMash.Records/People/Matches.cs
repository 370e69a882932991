using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.People;

public enum MatchState
{
    /// <summary>Waits for a person's decision.</summary>
    Open,

    /// <summary>Someone said "the same"; one of the two has an open plan, so a second person must agree.</summary>
    AwaitsSecond,
    Same,
    Different,
    CannotTell,

    /// <summary>Nothing to decide any more: no longer alike, or joined in another way.</summary>
    Lapsed,
}

/// <summary>
/// Two people of the register who may be one. Filed by the matching engine or by hand, decided by a person; it stays decided until one of the two changes, and then
/// comes back as a new row.
/// </summary>
[Entity(Room.People, Retention.ChildRecord, specialCategory: false)]
public sealed class MatchPair : DomainRow
{
    /// <summary>The smaller id of the two.</summary>
    [RefersTo(typeof(Person))] public required Guid FirstId { get; init; }

    [RefersTo(typeof(Person))] public required Guid SecondId { get; init; }

    /// <summary>The engine's, 0 to 1; orders the queue and is never shown as a number.</summary>
    public required double Probability { get; set; }

    /// <summary><c>changes</c>, <c>nightly</c>, <c>asked</c> or <c>by hand</c>.</summary>
    public required string Source { get; init; }

    public required Instant FiledAt { get; init; }

    /// <summary>When each was last changed as the pair was filed or decided: decided pairs come back when this is no longer true.</summary>
    public required Instant FirstChangedAt { get; set; }

    public required Instant SecondChangedAt { get; set; }
    public MatchState State { get; set; }

    /// <summary>Under whom both stand once they are joined.</summary>
    public Guid? KeepId { get; set; }

    public Guid? ByAccountId { get; set; }
    public Instant? DecidedAt { get; set; }
    [Personal] public string? Reason { get; set; }
    public Guid? SecondAccountId { get; set; }
    public Instant? SecondAt { get; set; }
    [Personal] public string? SecondReason { get; set; }
    public Guid? ResolutionId { get; set; }
}

internal sealed class MatchPairMap : IEntityTypeConfiguration<MatchPair>
{
    public void Configure(EntityTypeBuilder<MatchPair> builder)
    {
        builder.HasIndex(p => new { p.AuthorityId, p.State, p.Probability });
        builder.HasIndex(p => new { p.AuthorityId, p.FirstId, p.SecondId });
    }
}

internal sealed class ResolutionMap : IEntityTypeConfiguration<Resolution>
{
    public void Configure(EntityTypeBuilder<Resolution> builder)
    {
        builder.HasIndex(r => new { r.AuthorityId, r.FromId, r.EndedAt });
        builder.HasIndex(r => new { r.AuthorityId, r.ToId, r.EndedAt });
    }
}

/// <summary>One re-matching of the register, whole or of what changed.</summary>
[Entity(Room.People, Retention.Operational, specialCategory: false)]
public sealed class MatchRun : DomainRow
{
    public required Instant At { get; init; }
    public required bool Whole { get; init; }
    public required string Source { get; init; }

    /// <summary>People who were asked about.</summary>
    public required int People { get; init; }

    public required int Filed { get; init; }

    /// <summary>The latest change that was seen; the next run of changes goes on from here.</summary>
    public required Instant ReachedAt { get; init; }

    /// <summary>The weights that this run learnt from the register, as the engine writes them; the next start goes on with the latest. Shares only, nobody's values.</summary>
    public string? Model { get; init; }
}

internal sealed class MatchRunMap : IEntityTypeConfiguration<MatchRun>
{
    public void Configure(EntityTypeBuilder<MatchRun> builder) => builder.HasIndex(r => new { r.AuthorityId, r.At });
}

/// <summary>A file of people that an agency sent, taken into the register.</summary>
[Entity(Room.People, Retention.Operational, specialCategory: false)]
public sealed class PeopleExtract : DomainRow
{
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }
    [RefersTo(typeof(Agency))] public required Guid AgencyId { get; init; }
    public required Instant At { get; init; }
    public required Guid ByAccountId { get; init; }

    /// <summary>The columns that were used and for what, in words.</summary>
    public required string Columns { get; init; }

    /// <summary>Rows = added + known + refused.</summary>
    public required int Rows { get; init; }

    public required int Added { get; init; }

    /// <summary>Rows of people whom this agency had sent before under the same identifier.</summary>
    public required int Known { get; init; }

    public required int Refused { get; init; }
}

internal sealed class PeopleExtractMap : IEntityTypeConfiguration<PeopleExtract>
{
    public void Configure(EntityTypeBuilder<PeopleExtract> builder) => builder.HasIndex(e => new { e.AuthorityId, e.Sha256 });
}

/// <summary>A row of an extract that was not taken, or taken with a reservation: where and why, without its content.</summary>
[Entity(Room.People, Retention.Operational, specialCategory: false)]
public sealed class ExtractProblem : DomainRow
{
    [RefersTo(typeof(PeopleExtract))] public required Guid ExtractId { get; init; }

    /// <summary>Line of the file, heading counted.</summary>
    public required int Line { get; init; }

    public required bool Refused { get; init; }
    public required string Problem { get; init; }
}

/// <summary>Two people who may be one, as the engine found them; the smaller id first.</summary>
public sealed record FoundPair(Guid FirstId, Guid SecondId, double Probability);

/// <summary>Puts what a re-matching found before a person. Never joins anybody.</summary>
public sealed record FileMatches(IReadOnlyList<FoundPair> Pairs, bool Whole, string Source, int People, Instant ReachedAt, string? Model = null) : ICommand<MatchesFiled>;

public sealed record MatchesFiled(int Filed, int Lapsed, int People);

/// <summary>Puts two people before the review because a person thinks they may be one.</summary>
public sealed record ProposeMatch(Guid PersonId, string OtherReference) : ICommand<Guid>;

/// <summary>Same, different or cannot tell: what a person decided about a pair, having seen these versions of the two.</summary>
public sealed record DecideMatch : ICommand<MatchState>
{
    public required Guid PairId { get; init; }
    public required MatchState Verdict { get; init; }
    public required string Reason { get; init; }

    /// <summary>Under whom both stand; the one recorded first if not said.</summary>
    public Guid? KeepId { get; init; }

    public required Guid SeenFirst { get; init; }
    public required Guid SeenSecond { get; init; }
}

/// <summary>The second person agrees to a merge with an open plan, or does not and says why.</summary>
public sealed record AgreeMerge(Guid PairId, bool Agree, string Reason) : ICommand<MatchState>;

/// <summary>Ends a merge: everything is read again as it was before.</summary>
public sealed record UnmergePeople(Guid ResolutionId, string Reason) : ICommand<Nothing>;

/// <summary>From now on <see cref="FromId"/> is read as <see cref="ToId"/>, or (<see cref="Ended"/>) no longer.</summary>
public sealed record PeopleResolved(Guid FromId, Guid ToId, bool Ended) : IEvent;

/// <summary>One row of an agency's extract.</summary>
public sealed record ExtractRow(int Line, string? AgencyPersonId, PersonEntry Person);

public sealed record ExtractRowProblem(int Line, bool Refused, string Problem);

/// <summary>Takes an agency's extract of people into the register, each new row as a person of its own: who may already be known is for the review.</summary>
public sealed record ImportPeople : ICommand<Guid>
{
    public required Guid AgencyId { get; init; }
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }
    public required string Columns { get; init; }
    public required IReadOnlyList<ExtractRow> Rows { get; init; }
    public required IReadOnlyList<ExtractRowProblem> Problems { get; init; }
}

/// <summary>Says what another person is to this one, from when, known how.</summary>
public sealed record AddRelationship : ICommand<Guid>
{
    public required Guid PersonId { get; init; }
    public required string OtherReference { get; init; }
    public required string Kind { get; init; }
    public required string Confidence { get; init; }
    public required string Source { get; init; }
    public LocalDate? From { get; init; }
}

/// <summary>Ends a relationship on a day, or (<see cref="Wrong"/>) says that it never was: it is then shown no more, and the trail keeps it.</summary>
public sealed record EndRelationship(Guid RelationshipId, LocalDate? To, bool Wrong, string Reason) : ICommand<Nothing>;
