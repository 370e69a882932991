namespace OpenMash.Engines.Returns.Cin;

/// <summary>What kind of thing was not understood.</summary>
public enum CinFindingKind
{
    /// <summary>An element that no census has at this place; it and what is in it was passed over.</summary>
    UnknownElement,

    /// <summary>A code that is in no list of its element; the value was left out.</summary>
    UnknownCode,

    /// <summary>A code or element that the file's census year does not have; the value was kept.</summary>
    NotInThisYear,

    /// <summary>A date that is not of the form 2026-03-31, or does not exist; the value was left out.</summary>
    BadDate,

    /// <summary>A value of another shape than its element has; the value was left out.</summary>
    BadValue,

    /// <summary>A value that the census always has is missing.</summary>
    Missing,

    /// <summary>An element that may stand once stands again; the first was kept.</summary>
    Repeated,

    /// <summary>Words between elements; passed over.</summary>
    StrayText,

    /// <summary>A group without anything in it.</summary>
    EmptyGroup,

    /// <summary>Parts of the header disagree, or it lacks something; the message says what was assumed.</summary>
    Header,
}

/// <summary>Something in a census file that was not understood, with its place. Row checks of the census are not made here.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Position">Position in the line, from 1.</param>
/// <param name="Element">Name of the element.</param>
/// <param name="LAchildID">The child concerned, where there is one and it has an identifier.</param>
/// <param name="Value">What the file has there, at most 100 characters; null when it has nothing.</param>
/// <param name="Message">In words: what is wrong and what was done.</param>
public sealed record CinFinding(CinFindingKind Kind, int Line, int Position, string Element, string? LAchildID, string? Value, string Message);

/// <summary>Why a file as a whole was refused. Nothing of it was read.</summary>
/// <param name="Line">Line, from 1; 0 when no place can be named.</param>
/// <param name="Position">Position in the line, from 1; 0 when no place can be named.</param>
/// <param name="Message">In words: what is wrong and what to do.</param>
public sealed record CinRefusal(int Line, int Position, string Message);

/// <summary>Either the rows of a file with findings, or a refusal of the whole.</summary>
public sealed record CinReadResult
{
    /// <summary>The rows; null when the file was refused.</summary>
    public CinReturn? Return { get; init; }

    /// <summary>Why the file was refused; null when it was read.</summary>
    public CinRefusal? Refusal { get; init; }

    /// <summary>What was not understood, in the file's order.</summary>
    public IReadOnlyList<CinFinding> Findings { get; init; } = [];

    /// <summary>Findings beyond the limit of <see cref="CinReadOptions.MaxFindings"/>: counted, not kept.</summary>
    public int FindingsLeftOut { get; init; }
}

/// <summary>Bounds and choices for reading.</summary>
public sealed record CinReadOptions
{
    /// <summary>The largest file read; larger ones are refused. The largest authority's yearly file is some tens of megabytes.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How many findings are kept.</summary>
    public int MaxFindings { get; init; } = 10_000;

    /// <summary>Census year to read the file by, whatever its header says; null to take the header's.</summary>
    public int? Year { get; init; }
}
