using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Duty;

/// <summary>Puts someone of the hub on the rota.</summary>
public sealed record AddShift(Guid AccountId, DutyKind Kind, Instant Start, Instant End) : ICommand<Guid>;

/// <summary>
/// Ends a shift now. What the person holds (claimed contacts, checks they asked that are open, drafts) is handed to the named person, who acknowledges;
/// without a name it goes back into the queue, marked.
/// </summary>
public sealed record EndShift(Guid ShiftId, Guid? ToAccountId, string? Note) : ICommand<ShiftEnded>;

public sealed record ShiftEnded(int Contacts, int Checks, int Drafts);

/// <summary>Acknowledges everything that one person handed to the actor.</summary>
public sealed record AcceptShift(Guid FromAccountId) : ICommand<int>;

/// <summary>Puts contacts whose owner is off shift back into the queue, marked. By the tick.</summary>
public sealed record ReturnOffShift(Instant At) : ICommand<int>;

/// <summary>Moves unread notices one step up the authority's ladder. By the tick.</summary>
public sealed record ClimbNotices(Instant At) : ICommand<int>;

/// <summary>The person has seen a notice that was for them.</summary>
public sealed record SeeNotice(Guid NoticeId) : ICommand<Nothing>;
