using NodaTime;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>How a clock stands. Lights are for clocks, never for a child.</summary>
public enum ClockState
{
    NotStarted,
    Running,
    DueSoon,
    Late,
    Stopped,
    Done,
    DoneLate,
}

/// <summary>A due time read at one moment: the state, its word and the sentence that goes with it.</summary>
public sealed record ClockReading(ClockState State, string Word, string Sentence)
{
    /// <summary>Reads a clock.</summary>
    /// <param name="due">When the thing is due; null: the clock has not started.</param>
    /// <param name="now">The moment of reading.</param>
    /// <param name="soon">How long before the due time "due soon" begins; null: one fifth of <paramref name="length"/>, or half an hour.</param>
    /// <param name="length">How long the clock runs altogether ("of 6 h"), or null.</param>
    /// <param name="ended">When the thing was done, or null.</param>
    /// <param name="stopped">Whether the clock is stopped (the due time then says nothing).</param>
    public static ClockReading Read(Instant? due, Instant now, Duration? soon = null, Duration? length = null, Instant? ended = null, bool stopped = false)
    {
        if (stopped) return new(ClockState.Stopped, "Stopped", "The clock is stopped.");
        if (due is not { } at) return new(ClockState.NotStarted, "Not started", "The clock has not started.");
        if (ended is { } end)
        {
            return end <= at
                ? new(ClockState.Done, "Done in time", $"Done {RelativeTime.Absolute(end, now)}, due {RelativeTime.Due(at, now)}.")
                : new(ClockState.DoneLate, "Done late", $"Done {RelativeTime.Absolute(end, now)}, {RelativeTime.Span(at, end)} after it was due.");
        }

        var span = RelativeTime.Span(at, now);
        var by = RelativeTime.Due(at, now);
        if (at < now) return new(ClockState.Late, "Late", $"by {span}, was due {by}.");
        var limit = soon ?? (length is { } whole ? whole / 5 : Duration.FromMinutes(30));
        var left = length is { } total ? $"{span} left of {RelativeTime.Length(total)}, due {by}." : $"{span} left, due {by}.";
        return at - now <= limit ? new(ClockState.DueSoon, "Due soon", left) : new(ClockState.Running, "In time", left);
    }

    internal string CssName => State switch
    {
        ClockState.NotStarted => "not-started",
        ClockState.Running => "running",
        ClockState.DueSoon => "soon",
        ClockState.Late => "late",
        ClockState.Stopped => "stopped",
        ClockState.Done => "done",
        ClockState.DoneLate => "done-late",
        _ => throw new InvalidOperationException($"No such clock state: {State}."),
    };
}
