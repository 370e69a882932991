using OpenMash.Records.Kernel;

namespace OpenMash.Records.People;

/// <summary>Ties a mention to a person of the register. "New person" over a strong candidate needs a reason.</summary>
public sealed record IdentifyMention(Guid MentionId, Guid? PersonId, string Reason) : ICommand<Guid>;

public sealed record UndoIdentification(Guid IdentificationId, string Reason) : ICommand<Nothing>;

/// <summary>A mention is tied to a person, or no longer (<see cref="PersonId"/> null).</summary>
public sealed record MentionIdentified(Guid MentionId, Guid? PersonId) : IEvent;

/// <summary>Someone of the register was added or changed; the index of people follows.</summary>
public sealed record PersonChanged(Guid PersonId) : IEvent;

/// <summary>A child of a census file, with a person chosen or to be made.</summary>
public sealed record CensusChildRead : IEvent
{
    public required Guid PersonId { get; init; }
    public required bool IsNew { get; init; }
    public required int Year { get; init; }
    public required string Source { get; init; }

    /// <summary>Index into the file's children, as the engine read them.</summary>
    public required int ChildIndex { get; init; }
}
