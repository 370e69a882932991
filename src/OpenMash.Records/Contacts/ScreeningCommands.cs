using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Contacts;

/// <summary>A no-names consultation becomes a contact because someone of the hub decided so; its clocks run from receipt.</summary>
public sealed record TakeUpConsultation(Guid ContactId, string Reason) : ICommand<Nothing>;

/// <summary>Raises a whole contact to red in one press: every child that waits, or the first where none does.</summary>
public sealed record RaiseContact(Guid ContactId) : ICommand<int>;

/// <summary>A child's line was added after receipt (a sibling, confirmed by a person).</summary>
public sealed record LineAdded(Guid ContactId, Guid LineId, Guid MentionId) : IEvent;

/// <summary>
/// A line was rated red. Raised once for each raising; other rooms may act on it, none may delay it.
/// </summary>
public sealed record LineTurnedRed(Guid ContactId, Guid LineId, Guid ByAccountId) : IEvent;

/// <summary>
/// An allegation against a person who works with children was decided on. Whoever keeps seals shuts out those named here (the person and their line) and, if need
/// be, their agency.
/// </summary>
public sealed record AllegationMade(Guid ContactId, Guid LineId, IReadOnlyList<Guid> ImplicatedAccountIds, Guid? ImplicatedAgencyId, Guid ByAccountId) : IEvent;

/// <summary>The designated officer has been told of the allegation, which meets its one-working-day clock.</summary>
public sealed record AcknowledgeAllegation(Guid LineId, string Words) : ICommand<Nothing>;

/// <summary>What the sender of messages reports: handed over to the carrier, delivered, or failed.</summary>
public sealed record ReportDelivery(Guid TellingId, TellingState State, string Note) : ICommand<Nothing>;

/// <summary>Someone who may know opened their reports in the hub: the tellings shown there are told.</summary>
public sealed record OpenMyReports(IReadOnlyList<Guid> TellingIds) : ICommand<int>;

/// <summary>Puts "returned for consent" back into the queue where the recall date has come. By the tick.</summary>
public sealed record RecallConsents(Instant At) : ICommand<int>;

/// <summary>Tells the duty people again of red contacts that nobody has claimed. By the tick.</summary>
public sealed record WatchRed(Instant At) : ICommand<int>;
