using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Trail;

/// <summary>What kind of act an entry records.</summary>
public enum TrailKind
{
    Command,
    View,
    Search,
    Print,
    Export,
    SignIn,
    Refusal,
    System,
}

/// <summary>
/// One act, unchained, inserted in the act's own transaction. <see cref="Payload"/> is the stored canonical text (versioned, identifiers and
/// salted hashes only) and <see cref="Hash"/> its SHA-256; the database refuses update, delete and truncate.
/// </summary>
[Entity(Room.Platform, Retention.Accountability, specialCategory: false, Installation = true)]
public sealed class TrailEntry
{
    /// <summary>Order of insertion, given by the database. Gaps are rolled-back acts.</summary>
    public long Position { get; init; }

    public required short AuthorityId { get; init; }
    public required Guid Id { get; init; }
    public required Instant At { get; init; }
    public required TrailKind Kind { get; init; }

    /// <summary>The command's or the view's name, for example <c>SubmitContact</c>.</summary>
    public required string Act { get; init; }

    /// <summary>The account, null for the public and for the hub's own jobs.</summary>
    public Guid? AccountId { get; init; }

    public Guid? AgencyId { get; init; }

    /// <summary>The main thing acted upon, for the "who looked" lists.</summary>
    public Guid? SubjectId { get; init; }

    public string? SubjectKind { get; init; }
    public required string Payload { get; init; }
    public required byte[] Hash { get; init; }
}

internal sealed class TrailEntryMap : IEntityTypeConfiguration<TrailEntry>
{
    public void Configure(EntityTypeBuilder<TrailEntry> builder)
    {
        builder.HasKey(e => e.Position);
        builder.Property(e => e.Position).ValueGeneratedOnAdd();
        builder.HasIndex(e => new { e.AuthorityId, e.Position });
        builder.HasIndex(e => new { e.AuthorityId, e.SubjectId, e.Position });
        builder.HasIndex(e => new { e.AuthorityId, e.AccountId, e.Position });
        builder.HasIndex(e => e.Id).IsUnique();
    }
}

/// <summary>
/// The personal content of an entry (words, old and new values, search terms). Lawful disposal may empty it and leaves a tombstone;
/// the entry's payload holds only SHA-256 of salt and content, so the chain still verifies.
/// </summary>
[Entity(Room.Platform, Retention.ChildRecord, specialCategory: true, Installation = true)]
public sealed class TrailContent
{
    public required Guid EntryId { get; init; }
    public required short AuthorityId { get; init; }

    /// <summary>JSON; null once disposed of.</summary>
    [Personal] public string? Content { get; set; }

    public byte[]? Salt { get; set; }
    public Instant? DisposedAt { get; set; }
    public string? DisposalReason { get; set; }
    public bool LegalHold { get; set; }
}

internal sealed class TrailContentMap : IEntityTypeConfiguration<TrailContent>
{
    public void Configure(EntityTypeBuilder<TrailContent> builder) => builder.HasKey(e => e.EntryId);
}

/// <summary>
/// A link of an authority's chain: SHA-256 over the previous seal's hash and the (position, hash) of each entry sealed, in order of position.
/// A row that committed late is sealed by a later seal, so <see cref="Positions"/> names each position (ascending, delta varint).
/// </summary>
[Entity(Room.Platform, Retention.Accountability, specialCategory: false, Installation = true)]
public sealed class TrailSeal
{
    public required short AuthorityId { get; init; }

    /// <summary>1, 2, 3 … within the authority, without a gap.</summary>
    public required long Number { get; init; }

    public required Instant At { get; init; }
    public required long FirstPosition { get; init; }
    public required long LastPosition { get; init; }
    public required int Count { get; init; }
    public required byte[] Positions { get; init; }
    public required byte[] PreviousHash { get; init; }
    public required byte[] Hash { get; init; }
}

internal sealed class TrailSealMap : IEntityTypeConfiguration<TrailSeal>
{
    public void Configure(EntityTypeBuilder<TrailSeal> builder) => builder.HasKey(e => new { e.AuthorityId, e.Number });
}
