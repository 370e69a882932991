using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.Settings;

/// <summary>An authority's dated, approved value for a setting that ships as a file. The newest approved row valid on a day wins for that day.</summary>
[Entity(Room.Governance, Retention.Accountability, specialCategory: false)]
public sealed class SettingOverride : DomainRow
{
    public required string Name { get; init; }

    /// <summary>JSON of the same shape as the shipped file's section.</summary>
    public required string Value { get; init; }

    public required LocalDate ValidFrom { get; init; }
    public required string Reason { get; init; }
    public required Guid ProposedBy { get; init; }
    public required Instant ProposedAt { get; init; }

    /// <summary>Someone other than the proposer.</summary>
    public Guid? ApprovedBy { get; set; }

    public Instant? ApprovedAt { get; set; }
}

internal sealed class SettingOverrideMap : IEntityTypeConfiguration<SettingOverride>
{
    public void Configure(EntityTypeBuilder<SettingOverride> builder) => builder.HasIndex(s => new { s.AuthorityId, s.Name, s.ValidFrom });
}
