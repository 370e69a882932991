using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>
/// What is stored about one clock. Facts are only ever added; what is due, late or met is computed from them, in any order of
/// storing. <see cref="At"/> is when it happened, not when it was typed: late entry resets nothing. A fact known only by date stands
/// at the start of its London day (<see cref="London.StartOf"/>).
/// </summary>
/// <param name="At">When it happened.</param>
public abstract record ClockFact(Instant At);

/// <summary>The clock started. Of several, the earliest counts: nothing restarts a clock.</summary>
/// <param name="At">When any part of the hub first had what starts it.</param>
public sealed record ClockStarted(Instant At) : ClockFact(At);

/// <summary>The duty was done. Of several, the earliest counts.</summary>
/// <param name="At">When it was done.</param>
public sealed record ClockMet(Instant At) : ClockFact(At);

/// <summary>The due moment was moved. The original stays beside it and is what lateness is measured against.</summary>
public sealed record ClockExtended : ClockFact
{
    /// <summary>An extension as approved.</summary>
    /// <exception cref="ArgumentException">Reason or approver is blank.</exception>
    public ClockExtended(Instant at, DueMoment newDue, string reason, string approver) : base(at)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentException.ThrowIfNullOrWhiteSpace(approver);
        NewDue = newDue;
        Reason = reason;
        Approver = approver;
    }

    /// <summary>The due moment approved; it may be earlier than the original.</summary>
    public DueMoment NewDue { get; }

    /// <summary>Why, in the approver's words.</summary>
    public string Reason { get; }

    /// <summary>Who approved.</summary>
    public string Approver { get; }
}

/// <summary>The duty fell away. A breach that had happened by then stays a breach.</summary>
public sealed record ClockNoLongerDue : ClockFact
{
    /// <summary>The end of a duty with its reason.</summary>
    /// <exception cref="ArgumentException">The reason is blank.</exception>
    public ClockNoLongerDue(Instant at, string reason) : base(at)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Reason = reason;
    }

    /// <summary>Why it is no longer due.</summary>
    public string Reason { get; }
}
