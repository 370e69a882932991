using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Work;

/// <summary>
/// Keeps what a signed-in person has typed so far. With a <see cref="DraftId"/> that draft (made if there is none of that id), without one the
/// person's only open draft of the form, or a new one.
/// </summary>
public sealed record SaveDraft : ICommand<DraftSaved>
{
    public Guid? DraftId { get; init; }

    /// <summary>The form, for example <c>contact</c> or <c>contribution:{enquiry}</c>.</summary>
    public required string Form { get; init; }

    /// <summary>The fields as JSON: names to lists of values, exactly as typed.</summary>
    public required string Fields { get; init; }

    /// <summary>When the draft that this window shows was last saved; null where the window does not know. Another time is a conflict.</summary>
    public Instant? SeenSavedAt { get; init; }
}

public sealed record DraftSaved(Guid DraftId, Instant SavedAt);

/// <summary>Throws away a draft of one's own that was not sent.</summary>
public sealed record DiscardDraft(Guid DraftId) : ICommand<Nothing>;
