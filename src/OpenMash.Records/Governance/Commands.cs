using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Governance;

/// <summary>Seals a person, contact or enquiry: from now on only those cleared see it. Whoever seals is cleared.</summary>
public sealed record SealSubject(string SubjectKind, Guid SubjectId, string Reason, bool SecretExistence, LocalDate ReviewOn, IReadOnlyList<Guid> Cleared) : ICommand<Guid>;

/// <summary>A subject was sealed or its seal ended; rooms that show it live decide anew who may.</summary>
public sealed record SealChanged(string SubjectKind, Guid SubjectId) : IEvent;

public sealed record ClearPerson(Guid SealId, Guid AccountId, string Reason) : ICommand<Guid>;

public sealed record EndClearance(Guid ClearanceId, string Reason) : ICommand<Nothing>;

public sealed record EndSeal(Guid SealId, string Reason) : ICommand<Nothing>;

/// <summary>Opens a sealed record to oneself for a limited time, with a typed reason; governance and the manager are told and it is reviewed.</summary>
public sealed record BreakTheGlass(string SubjectKind, Guid SubjectId, string Reason) : ICommand<GlassBroken>;

public sealed record GlassBroken(Guid BreakGlassId, Instant Until);

/// <summary>Someone else judges whether it was justified.</summary>
public sealed record ReviewBreakGlass(Guid BreakGlassId, bool Justified, string Words) : ICommand<Nothing>;

/// <summary>Says of oneself that one is related, a neighbour, a friend or otherwise not free. One is shut out at once and the manager told.</summary>
public sealed record DeclareConflict(string SubjectKind, Guid SubjectId, string Note) : ICommand<Guid>;

public sealed record EndConflict(Guid ConflictId, string Reason) : ICommand<Nothing>;

public sealed record PlaceEmbargo(string SubjectKind, Guid SubjectId, string Reason, Instant ExpiresAt) : ICommand<Guid>;

public sealed record EndEmbargo(Guid EmbargoId, string Reason) : ICommand<Nothing>;

/// <summary><paramref name="HoldKind"/> is <c>legal hold</c> or <c>criminal investigation</c>.</summary>
public sealed record PlaceHold(string SubjectKind, Guid SubjectId, string HoldKind, string Reason) : ICommand<Guid>;

public sealed record EndHold(Guid HoldId, string Reason) : ICommand<Nothing>;

/// <summary>Opens a breach entry; its 72 hours run from when it became known.</summary>
public sealed record OpenBreach(string What, Instant KnownAt) : ICommand<BreachOpened>;

public sealed record BreachOpened(Guid BreachId, string Reference, Instant ReportDueAt);

/// <summary>The breach was reported to the regulator, or is not reportable and why.</summary>
public sealed record CloseBreach(Guid BreachId, bool Reported, string Result, Guid SeenVersion) : ICommand<Nothing>;

/// <summary>Proposes an authority's own value of a setting from a day on; it holds once someone else has approved it.</summary>
public sealed record ProposeSetting(string Name, string Value, LocalDate ValidFrom, string Reason) : ICommand<Guid>;

public sealed record ApproveSetting(Guid OverrideId) : ICommand<Nothing>;

/// <summary>Disposes of the personal content of one entry of the trail, leaving a tombstone; refused under a hold.</summary>
public sealed record DisposeTrailContent(Guid EntryId, string Reason) : ICommand<Nothing>;

/// <summary>Disposes of the personal content of every entry about a subject; refused under a hold. The result is how many.</summary>
public sealed record DisposeSubjectContent(string SubjectKind, Guid SubjectId, string Reason) : ICommand<int>;
