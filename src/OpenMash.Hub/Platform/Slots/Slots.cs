using NodaTime;
using OpenMash.Hub.Platform.Access;

namespace OpenMash.Hub.Platform.Slots;

/// <summary>A slot that rooms fill. Platform defines them and knows no room.</summary>
public interface ISlot
{
}

/// <summary>A tile of the first page after sign-in. Returns null where the viewer has no use for it.</summary>
public interface IFrontPageTile : ISlot
{
    /// <summary>Below 100: above the work. From 100 on: below it.</summary>
    int Order { get; }

    /// <summary>Path of the partial that draws it and its model.</summary>
    Task<SlotPart?> DrawAsync(Viewer viewer, CancellationToken ct);
}

/// <summary>A panel on a person's page.</summary>
public interface IPersonPanel : ISlot
{
    int Order { get; }

    Task<SlotPart?> DrawAsync(Viewer viewer, Guid personId, CancellationToken ct);
}

/// <summary>Draws what a room has to say of one mention: who this may be, for example.</summary>
public interface IMentionPanel : ISlot
{
    int Order { get; }

    Task<SlotPart?> DrawAsync(Viewer viewer, Guid mentionId, CancellationToken ct);
}

/// <summary>A partial view and its model.</summary>
public sealed record SlotPart(string Title, string Partial, object Model);

/// <summary>An entry of a child's chronology, with both times.</summary>
public sealed record ChronologyEntry(
    LocalDate HappenedOn, string? HappenedWhen, Instant KnownAt, string Kind, string Agency, string Words, string? Url, bool Significant);

/// <summary>Gives the chronology entries of persons that a viewer may see.</summary>
public interface IChronologySource : ISlot
{
    Task<IReadOnlyList<ChronologyEntry>> ReadAsync(Viewer viewer, IReadOnlyCollection<Guid> personIds, CancellationToken ct);
}

/// <summary>Something that waits for this person: what, when due, why it is red in a sentence, what would settle it.</summary>
public sealed record WorkItem(string Kind, string Text, string Url, Instant? DueAt, string? WhyRed, string? WhatSettles, int Order);

public interface IMyWork : ISlot
{
    Task<IReadOnlyList<WorkItem>> ReadAsync(Viewer viewer, CancellationToken ct);
}

/// <summary>The address of a thing, by kind and id: no room writes another room's addresses by hand.</summary>
public interface ILinkSource : ISlot
{
    /// <summary>Null where the kind is not this room's.</summary>
    string? UrlOf(string kind, Guid id);
}
