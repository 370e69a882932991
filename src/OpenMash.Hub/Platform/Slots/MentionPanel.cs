using OpenMash.Hub.Platform.Access;

namespace OpenMash.Hub.Platform.Slots;

/// <summary>A panel about one person named in a contact: who they may be, and why. For people who may work on the contact; the page asks that before.</summary>
public interface IMentionPanel : ISlot
{
    int Order { get; }

    /// <summary>Null where there is nothing to draw for this viewer.</summary>
    Task<SlotPart?> DrawAsync(Viewer viewer, Guid mentionId, CancellationToken ct);
}
