using NodaTime;
using OpenMash.Records.People;

namespace OpenMash.Hub.Platform.Seams;

/// <summary>Who is asked about: everything optional, as typed.</summary>
public sealed record PersonQuery
{
    public string? GivenName { get; init; }
    public string? FamilyName { get; init; }
    public string? OtherNames { get; init; }
    public string? Birth { get; init; }
    public string? Sex { get; init; }
    public string? Address { get; init; }
    public string? Postcode { get; init; }
    public string? Phone { get; init; }
    public string? NhsNumber { get; init; }
    public string? Upn { get; init; }

    /// <summary>A search rather than a person being typed: whoever resembles, however little speaks for it.</summary>
    public bool Broad { get; init; }

    public bool IsEmpty => new[] { GivenName, FamilyName, OtherNames, Birth, Address, Postcode, Phone, NhsNumber, Upn }.All(string.IsNullOrWhiteSpace);
}

/// <summary>One reason for or against, in words; bits of evidence, positive for. The first says where the comparison starts from.</summary>
public sealed record FoundReason(string Title, string Words, double Bits, bool IsStart = false)
{
    /// <summary>In words: a number would be read as a score.</summary>
    public string Speaks => IsStart ? "the starting point" : Bits >= 4 ? "speaks strongly for" : Bits > 0.5 ? "speaks for" : Bits > -0.5 ? "says little" : Bits > -4 ? "speaks against" : "speaks strongly against";
}

/// <summary>Someone of the register who it could be. Not yet filtered by what the asker may know.</summary>
public sealed record FoundPerson(Guid PersonId, double Probability, double Weight, IReadOnlyList<FoundReason> Reasons, IReadOnlyList<string> Contradictions);

/// <summary>An answer and how far the index had caught up (ticks of the last change it saw).</summary>
public sealed record PeopleAnswer(IReadOnlyList<FoundPerson> Candidates, long Sequence);

/// <summary>Pairs of a re-matching: how many people were asked about, the latest change that was seen, and the weights if they were learnt anew.</summary>
public sealed record PairsAnswer(IReadOnlyList<FoundPair> Pairs, int People, Instant ReachedAt, string? Model = null);

/// <summary>
/// "Who could this be?", by authority. Asynchronous and with serialisable records only, so that the index can move out of the process without a change in any
/// room. Callers filter the answer by what the viewer may see, before anything of it is shown or counted.
/// </summary>
public interface IPeopleFinder
{
    Task<PeopleAnswer> FindAsync(short authorityId, PersonQuery query, int limit, CancellationToken ct);

    /// <summary>Re-matches whoever changed at a moment or after against the whole register. Pairs stand under the identities that merges have left.</summary>
    Task<PairsAnswer> PairsAsync(short authorityId, Instant changedAfter, double atLeast, CancellationToken ct);

    /// <summary>Re-matches everyone. Where the register is large enough, the weights are learnt from it first; answers go by them from then on.</summary>
    Task<PairsAnswer> AllPairsAsync(short authorityId, double atLeast, CancellationToken ct);

    /// <summary>Two people compared, each with all that the given identities hold: what speaks for and against.</summary>
    Task<FoundPerson> CompareAsync(short authorityId, IReadOnlyList<Guid> first, IReadOnlyList<Guid> second, CancellationToken ct);
}
