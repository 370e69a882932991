namespace OpenMash.Engines.Clocks;

/// <summary>Why a due date was refused.</summary>
public enum ClockRefusal
{
    /// <summary>The count begins before the first day that the calendar knows.</summary>
    BeforeCalendar,

    /// <summary>The count begins or ends after the last day that the calendar knows.</summary>
    AfterCalendar,

    /// <summary>School days were asked for and no terms are known.</summary>
    NoSchoolTerms,

    /// <summary>Open hours were asked for and no opening hours are known.</summary>
    NoOpeningHours,

    /// <summary>Hours were asked for from a date without a time.</summary>
    NeedsTime,

    /// <summary>The limit is negative, or nought where the first day counts.</summary>
    Limit,
}

/// <summary>
/// A due date cannot be counted honestly, so none is given. The message says what was asked, what is known, and what to do.
/// </summary>
public sealed class ClockRefusedException : Exception
{
    /// <summary>A refusal of one kind, with words for people.</summary>
    public ClockRefusedException(ClockRefusal refusal, string message) : base(message) => Refusal = refusal;

    /// <summary>The kind of refusal.</summary>
    public ClockRefusal Refusal { get; }
}

/// <summary>A file of holidays, terms, opening hours or rules cannot be used. The message says where and why.</summary>
public sealed class ClockDataException : Exception
{
    /// <summary>A refusal of a whole file, with words for people.</summary>
    public ClockDataException(string message) : base(message)
    {
    }

    /// <summary>A refusal of a whole file, with words for people and the parser's own error.</summary>
    public ClockDataException(string message, Exception inner) : base(message, inner)
    {
    }
}
