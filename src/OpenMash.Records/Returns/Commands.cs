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

    /// <summary>Where people of the file come from; null for the census of its year.</summary>
    public string? Source { get; init; }
}

/// <summary>Something that a room could not take over from a file, and why.</summary>
public sealed record CensusProblem(int Line, string Element, string? LAchildID, string? Value, string Message);

/// <summary>What a room did with one kind of row: read = added + changed + unchanged + left out.</summary>
public sealed record CensusTally(CensusKind Kind, int Read, int Added, int Changed, int LeftOut);

/// <summary>One row of an Annex A list that gives a plan, as the workbook has it.</summary>
public sealed record AnnexARow
{
    /// <summary>Sheet and row, for messages.</summary>
    public required string Where { get; init; }

    public required int Row { get; init; }

    /// <summary>A code of <c>plan-kinds</c>.</summary>
    public required string Kind { get; init; }

    public required string ChildId { get; init; }
    public NodaTime.LocalDate? BirthDate { get; init; }
    public string? Sex { get; init; }
    public string? Ethnicity { get; init; }
    public required NodaTime.LocalDate StartedOn { get; init; }
    public NodaTime.LocalDate? EndedOn { get; init; }
    public string? InitialCategory { get; init; }
    public string? LatestCategory { get; init; }
    public NodaTime.LocalDate? VisitedOn { get; init; }
    public bool SeenAlone { get; init; }
    public NodaTime.LocalDate? ReviewedOn { get; init; }
    public string? Team { get; init; }
    public string? Worker { get; init; }
}

/// <summary>Takes the plans of an Annex A workbook into the record, in one transaction. The same bytes again change nothing.</summary>
public sealed record ImportAnnexA : ICommand<CensusImported>
{
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }
    public required IReadOnlyList<AnnexARow> Rows { get; init; }

    /// <summary>Every row that could not be placed, and why.</summary>
    public required IReadOnlyList<CensusProblem> Unplaced { get; init; }

    /// <summary>Rows read of each kind of plan, unplaced ones included.</summary>
    public required IReadOnlyDictionary<string, int> Read { get; init; }
}

/// <summary>The children of an Annex A workbook are in the register; the plans take over what is theirs.</summary>
public sealed record AnnexARead(Guid ImportId, string Issuer, IReadOnlyList<AnnexARow> Rows, IReadOnlyDictionary<string, int> Read) : IEvent;
