namespace OpenMash.Records.Kernel;

/// <summary>A row that belongs to one authority. Its key is (AuthorityId, Id); the id is a UUIDv7 made in Platform.</summary>
public abstract class DomainRow
{
    /// <summary>Stamped by the writer; the query filter of <see cref="RecordContext"/> shows one authority's rows only.</summary>
    public short AuthorityId { get; internal set; }

    public required Guid Id { get; init; }

    /// <summary>Concurrency token, stamped afresh by the runner at each change.</summary>
    public Guid Version { get; internal set; }
}
