namespace OpenMash.Records.Kernel;

/// <summary>A command: what someone asks the hub to do. A plain record that stands beside its subject; the runner finds the handler.</summary>
public interface ICommand<TResult>
{
}

/// <summary>An event: what has happened in the same transaction, for other rooms to act on.</summary>
public interface IEvent
{
}

/// <summary>The result of a command without one of its own.</summary>
public sealed record Nothing
{
    public static readonly Nothing Value = new();
}

/// <summary>One thing wrong with a command: the field as the form names it, what is wrong and what to do.</summary>
public sealed record Problem(string Field, string Message);

/// <summary>Collects what is wrong with a command, so that the person is told everything at once.</summary>
public sealed class Problems
{
    private readonly List<Problem> _items = [];

    public IReadOnlyList<Problem> Items => _items;

    public bool Any => _items.Count > 0;

    public void Add(string field, string message) => _items.Add(new Problem(field, message));

    /// <summary>Adds the problem unless the text is there.</summary>
    public void Require(string? value, string field, string message)
    {
        if (string.IsNullOrWhiteSpace(value)) Add(field, message);
    }

    public void MaxLength(string? value, int length, string field, string what)
    {
        if (value is not null && value.Length > length)
            Add(field, $"{what} must be {length} characters or fewer; it has {value.Length}.");
    }
}

/// <summary>What came of a command: a closed set. Pages, API, jobs and verbs each translate it; bugs throw instead.</summary>
public abstract record Outcome<T>
{
    private Outcome()
    {
    }

    public sealed record Done(T Value) : Outcome<T>;

    public sealed record Invalid(IReadOnlyList<Problem> Problems) : Outcome<T>;

    /// <summary>Not allowed; the reason is shown to the person refused.</summary>
    public sealed record Refused(string Reason) : Outcome<T>;

    public sealed record NotFound : Outcome<T>;

    /// <summary>Someone else changed the same thing first; what they wrote is shown so that nobody's words are lost.</summary>
    public sealed record Conflict(string Message) : Outcome<T>;

    public bool IsDone => this is Done;

    /// <summary>The value; throws with the outcome's words where the command was not done (for callers that may not fail).</summary>
    public T Expect() => this switch
    {
        Done d => d.Value,
        Invalid i => throw new InvalidOperationException("Invalid: " + string.Join("; ", i.Problems.Select(p => p.Field + ": " + p.Message))),
        Refused r => throw new InvalidOperationException("Refused: " + r.Reason),
        NotFound => throw new InvalidOperationException("Not found."),
        Conflict c => throw new InvalidOperationException("Conflict: " + c.Message),
        _ => throw new InvalidOperationException("Unknown outcome."),
    };

    public static implicit operator Outcome<T>(T value) => new Done(value);
}
