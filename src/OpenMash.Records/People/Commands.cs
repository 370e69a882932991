using OpenMash.Engines.Returns.Cin;
using OpenMash.Records.Kernel;
using OpenMash.Records.Returns;

namespace OpenMash.Records.People;

/// <summary>Ties a mention to a person of the register. "New person" over a strong candidate needs a reason.</summary>
public sealed record IdentifyMention(Guid MentionId, Guid? PersonId, string Reason) : ICommand<Guid>;

public sealed record UndoIdentification(Guid IdentificationId, string Reason) : ICommand<Nothing>;

/// <summary>A mention is tied to a person, or no longer (<see cref="PersonId"/> null).</summary>
public sealed record MentionIdentified(Guid MentionId, Guid? PersonId) : IEvent;

/// <summary>Someone of the register was added or changed; the index of people follows.</summary>
public sealed record PersonChanged(Guid PersonId) : IEvent;

/// <summary>The children of a census file are in the register: one event for all of them, instead of a <see cref="PersonChanged"/> for each.</summary>
public sealed record CensusChildrenKnown : IEvent
{
    public required Guid ImportId { get; init; }
    public required int Year { get; init; }
    public required bool IsLatest { get; init; }
    public required IReadOnlyList<CensusChildKnown> Children { get; init; }
    public required IReadOnlyList<CensusProblem> Problems { get; init; }
}

/// <summary>A child of a census file and the person it was found or made to be.</summary>
public sealed record CensusChildKnown(Guid PersonId, CensusChildState State, CinChild Child);

/// <summary>A person as an agency's extract or another trusted source describes them.</summary>
public sealed record PersonEntry
{
    public Guid? Id { get; init; }
    public string? GivenName { get; init; }
    public string? FamilyName { get; init; }
    public NodaTime.LocalDate? BirthDate { get; init; }
    public NodaTime.LocalDate? ExpectedDate { get; init; }
    public string? Sex { get; init; }
    public string? Ethnicity { get; init; }
    public IReadOnlyList<string> Disabilities { get; init; } = [];
    public bool IsAdult { get; init; }
    public IReadOnlyList<IdentifierEntry> Identifiers { get; init; } = [];
    public IReadOnlyList<PlaceEntry> Places { get; init; } = [];
    public IReadOnlyList<RelationEntry> Relations { get; init; } = [];
}

public sealed record IdentifierEntry(IdentifierKind Kind, string Value, string? Issuer = null);

public sealed record PlaceEntry(string Kind, string Value, string? Postcode = null, NodaTime.LocalDate? From = null, bool Confidential = false);

/// <summary>What another person is to this one; the other's id may belong to the same batch.</summary>
public sealed record RelationEntry(Guid OtherId, string Kind, string Confidence);

/// <summary>Adds people to the register in one act: an extract's or a set-up's. They are new; who they may already be is for the review of matches.</summary>
public sealed record RegisterPeople(string Source, IReadOnlyList<PersonEntry> People) : ICommand<IReadOnlyList<Guid>>;

/// <summary>Corrects or completes what is known of a person; names and places are added, never overwritten.</summary>
public sealed record AmendPerson : ICommand<Nothing>
{
    public required Guid PersonId { get; init; }
    public required Guid SeenVersion { get; init; }
    public required string Reason { get; init; }
    public string? GivenName { get; init; }
    public string? FamilyName { get; init; }
    public NodaTime.LocalDate? BirthDate { get; init; }
    public string? Sex { get; init; }
    public PlaceEntry? NewPlace { get; init; }
    public IdentifierEntry? NewIdentifier { get; init; }
}
