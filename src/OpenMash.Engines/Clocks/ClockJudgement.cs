using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>How a clock stands, always against its original due moment.</summary>
public enum ClockState
{
    /// <summary>No start is known yet.</summary>
    NotStarted,

    /// <summary>Running, and in time.</summary>
    Due,

    /// <summary>Running, and past the original due moment, whatever has been agreed since.</summary>
    Overdue,

    /// <summary>Done in time.</summary>
    MetInTime,

    /// <summary>Done after the original due moment.</summary>
    MetLate,

    /// <summary>Fell away, with a reason.</summary>
    NoLongerDue,

    /// <summary>The due moment cannot be counted honestly; <see cref="ClockJudgement.Problem"/> says why.</summary>
    CannotBeCounted,
}

/// <summary>One clock as it stood at one moment: computed, never stored.</summary>
public sealed record ClockJudgement
{
    /// <summary>The version of the rule it was judged by.</summary>
    public required ClockRule Rule { get; init; }

    /// <summary>How it stands.</summary>
    public required ClockState State { get; init; }

    /// <summary>When it started; null before.</summary>
    public Instant? Started { get; init; }

    /// <summary>The original due moment.</summary>
    public DueMoment? Due { get; init; }

    /// <summary>The latest allowed extension's due moment; null when not extended.</summary>
    public DueMoment? RevisedDue { get; init; }

    /// <summary>When it was met or fell away; null while it runs.</summary>
    public Instant? Ended { get; init; }

    /// <summary>Why it was last extended, or why it fell away.</summary>
    public string? Reason { get; init; }

    /// <summary>Who approved the last extension.</summary>
    public string? Approver { get; init; }

    /// <summary>Whether the original due moment was missed, even if the duty was met or fell away afterwards.</summary>
    public bool Breached { get; init; }

    /// <summary>Whether the revised due moment was missed too; false when there is none.</summary>
    public bool RevisedBreached { get; init; }

    /// <summary>What is left until the original due moment, while the clock runs.</summary>
    public Remaining? Remaining { get; init; }

    /// <summary>Why the due moment cannot be counted.</summary>
    public string? Problem { get; init; }

    /// <summary>Facts that count for nothing, each with the reason in words: an extension that the rule does not allow, a duty met before its start.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether the clock still runs.</summary>
    public bool IsRunning => State is ClockState.Due or ClockState.Overdue;
}
