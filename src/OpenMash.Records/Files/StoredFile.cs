using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Files;

public enum ScanState
{
    /// <summary>No scanner is configured; shown as such, never as "clean".</summary>
    NotScanned,
    Clean,

    /// <summary>The scanner objected: kept as received, not served.</summary>
    Quarantined,
}

/// <summary>A file as it was received: the original, whose content is addressed by its SHA-256. Served only as a download, through access.</summary>
[Entity(Room.Platform, Retention.ChildRecord, specialCategory: true)]
public sealed class StoredFile : DomainRow
{
    /// <summary>What it is attached to: <c>Contact</c>, <c>Contribution</c>, … and that row's id. Who may see that, may see the file.</summary>
    public required string OwnerKind { get; init; }

    public required Guid OwnerId { get; init; }

    /// <summary>The name as sent; never used as a path.</summary>
    [Personal] public required string Name { get; init; }

    /// <summary>The true type by content, not the claimed one.</summary>
    public required string ContentType { get; init; }

    public required long Length { get; init; }
    public required string Sha256 { get; init; }
    public required Instant ReceivedAt { get; init; }
    public Guid? SentByAccountId { get; init; }
    public ScanState Scan { get; set; }
}

internal sealed class StoredFileMap : IEntityTypeConfiguration<StoredFile>
{
    public void Configure(EntityTypeBuilder<StoredFile> builder) => builder.HasIndex(f => new { f.AuthorityId, f.OwnerKind, f.OwnerId });
}

/// <summary>The bytes of files on PostgreSQL; on SQLite they lie in a folder beside the record.</summary>
[Entity(Room.Platform, Retention.ChildRecord, specialCategory: true, Installation = true)]
public sealed class FileBlob
{
    public required string Sha256 { get; init; }
    public required byte[] Content { get; init; }
}

internal sealed class FileBlobMap : IEntityTypeConfiguration<FileBlob>
{
    public void Configure(EntityTypeBuilder<FileBlob> builder) => builder.HasKey(b => b.Sha256);
}
