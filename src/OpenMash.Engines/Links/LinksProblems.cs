namespace OpenMash.Engines.Links;

/// <summary>One row, or one fact about a file, that could not be used as it stood.</summary>
/// <param name="File">Which input: people, absence, missing or associations.</param>
/// <param name="Line">Line number from 1, or 0 when the remark is about the whole file.</param>
/// <param name="Kind">A short fixed name, such as <c>unknown-code</c>.</param>
/// <param name="Message">What is wrong and what was done about it.</param>
public readonly record struct LinksProblem(string File, long Line, string Kind, string Message);

/// <summary>Collects what could not be used. All are counted by kind; the first <see cref="DetailLimit"/> of each file are kept in full.</summary>
public sealed class LinksProblems
{
    /// <summary>How many problems of each file are kept with line and message; the rest are only counted.</summary>
    public const int DetailLimit = 10_000;

    private readonly List<string> _files = [];
    private readonly Dictionary<string, List<LinksProblem>> _details = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>The first problems, by line within each file.</summary>
    public IReadOnlyList<LinksProblem> Details => [.. _files.SelectMany(file => _details[file].OrderBy(p => p.Line))];

    /// <summary>How many of each kind, keyed <c>file: kind</c>.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>How many in all.</summary>
    public long Total { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(string file, long line, string kind, string message)
    {
        Total++;
        var key = file + ": " + kind;
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
        if (!_details.TryGetValue(file, out var details))
        {
            _files.Add(file);
            _details[file] = details = [];
        }

        if (details.Count < DetailLimit) details.Add(new LinksProblem(file, line, kind, message));
    }
}

/// <summary>A file that cannot be read at all: no header, a column missing. The message says which file, which column, and what is accepted.</summary>
public sealed class LinksInputException : Exception
{
    /// <summary>Makes one with a message for the person at the keyboard.</summary>
    public LinksInputException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public LinksInputException()
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public LinksInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
