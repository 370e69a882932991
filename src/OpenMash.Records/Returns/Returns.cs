using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Records.Returns;

/// <summary>A census file taken into the record. The same bytes are taken in once only.</summary>
[Entity(Room.Returns, Retention.Operational, specialCategory: false)]
public sealed class CensusImport : DomainRow
{
    public required string FileName { get; init; }

    /// <summary>Of the file's bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary><see cref="AnnexA"/>; null for a Children in Need census.</summary>
    public string? Standard { get; init; }

    /// <summary>Census year: that of its reference date, 31 March. Of an Annex A workbook the year in which it was taken in.</summary>
    public required int Year { get; init; }

    /// <summary>Three-digit code of the authority that made the file; the record's own where the file does not say.</summary>
    public required string Lea { get; init; }

    public required Instant At { get; init; }

    /// <summary>Null where the command line did it.</summary>
    public Guid? ByAccountId { get; init; }

    /// <summary>Findings beyond the reader's limit: counted, not kept.</summary>
    public int FindingsLeftOut { get; init; }

    public const string AnnexA = "annex-a";
}

internal sealed class CensusImportMap : IEntityTypeConfiguration<CensusImport>
{
    public void Configure(EntityTypeBuilder<CensusImport> builder) => builder.HasIndex(b => new { b.AuthorityId, b.Sha256 }).IsUnique();
}

/// <summary>What a census file holds, and its order in a report.</summary>
public enum CensusKind
{
    Child,
    Episode,
    Assessment,
    Section47,
    ChildInNeedPlan,
    ChildProtectionPlan,
    Review,
    LookedAfterPlan,
    CareLeaverPlan,
    Visit,
}

/// <summary>How many of a kind a file held and what became of them: read = added + changed + unchanged + left out.</summary>
[Entity(Room.Returns, Retention.Operational, specialCategory: false)]
public sealed class CensusCount : DomainRow
{
    [RefersTo(typeof(CensusImport))] public required Guid ImportId { get; init; }
    public required CensusKind Kind { get; init; }
    public required int Read { get; init; }
    public required int Added { get; init; }
    public required int Changed { get; init; }

    /// <summary>Each has a finding that says why.</summary>
    public required int LeftOut { get; init; }

    public int Unchanged => Read - Added - Changed - LeftOut;
}

internal sealed class CensusCountMap : IEntityTypeConfiguration<CensusCount>
{
    public void Configure(EntityTypeBuilder<CensusCount> builder) => builder.Ignore(c => c.Unchanged);
}

/// <summary>What became of a child of a file.</summary>
public enum CensusChildState
{
    /// <summary>Added to the register.</summary>
    New,

    /// <summary>Known before; the file added to what is known of the child.</summary>
    Changed,

    /// <summary>Known before; the file said nothing new of the child. Episodes are counted apart.</summary>
    Known,
}

/// <summary>A child of a file and the person it was found or made to be.</summary>
[Entity(Room.Returns, Retention.ChildRecord, specialCategory: true)]
public sealed class CensusImportedChild : DomainRow
{
    [RefersTo(typeof(CensusImport))] public required Guid ImportId { get; init; }
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }
    public required int Line { get; init; }
    public required CensusChildState State { get; init; }
    [Personal] public required string LAchildID { get; init; }

    /// <summary>Rows that the file has for the child, whatever became of each.</summary>
    public required int Episodes { get; init; }

    public required int Assessments { get; init; }
    public required int Section47s { get; init; }
    public required int ChildInNeedPlans { get; init; }
    public required int ChildProtectionPlans { get; init; }
    public required int Reviews { get; init; }
}

/// <summary>Something in a file that could not be read or was not taken over, with its line and why.</summary>
[Entity(Room.Returns, Retention.ChildRecord, specialCategory: true)]
public sealed class CensusFinding : DomainRow
{
    [RefersTo(typeof(CensusImport))] public required Guid ImportId { get; init; }

    /// <summary>Line of the file, from 1; 0 where it concerns the file as a whole.</summary>
    public required int Line { get; init; }

    public required int Position { get; init; }
    public required string Kind { get; init; }
    public required string Element { get; init; }
    [Personal] public string? LAchildID { get; init; }
    [Personal] public string? Value { get; init; }
    [Personal] public required string Message { get; init; }
}
