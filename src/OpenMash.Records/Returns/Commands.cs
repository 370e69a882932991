using OpenMash.Engines.Returns.Cin;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Returns;

/// <summary>Takes a Children in Need census file into the record, in one transaction. The same bytes again change nothing.</summary>
public sealed record ImportCensus : ICommand<CensusImported>
{
    public required string FileName { get; init; }

    /// <summary>Of the file's bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required CinReturn Return { get; init; }
    public IReadOnlyList<CinFinding> Findings { get; init; } = [];
    public int FindingsLeftOut { get; init; }
}

/// <summary>The import that holds the file; <paramref name="Repeated"/> where it was taken in before and nothing changed.</summary>
public sealed record CensusImported(Guid ImportId, bool Repeated);

/// <summary>A census file was accepted; the register and the plans take over what is theirs.</summary>
public sealed record CensusRead : IEvent
{
    public required Guid ImportId { get; init; }

    /// <summary>The authority whose local identifiers these are.</summary>
    public required string Issuer { get; init; }

    /// <summary>No later year of this authority was imported before: what the file says replaces what an earlier file said. Else it only fills gaps.</summary>
    public required bool IsLatest { get; init; }

    public required CinReturn Return { get; init; }
}

/// <summary>Something that a room could not take over from a file, and why.</summary>
public sealed record CensusProblem(int Line, string Element, string? LAchildID, string? Value, string Message);

/// <summary>What a room did with one kind of row: read = added + changed + unchanged + left out.</summary>
public sealed record CensusTally(CensusKind Kind, int Read, int Added, int Changed, int LeftOut);
