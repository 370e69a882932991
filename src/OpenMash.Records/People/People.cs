using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;

namespace OpenMash.Records.People;

/// <summary>A person of the register. References keep the person they were made to for ever; a merge adds a <see cref="Resolution"/>.</summary>
[Entity(Room.People, Retention.ChildRecord, specialCategory: true)]
public sealed class Person : DomainRow
{
    /// <summary>For example P-0000418: spoken on the telephone, never a name in an address.</summary>
    public required string Reference { get; init; }

    /// <summary>The name in use; null for an imported child without names, who is shown by local identifier and birth date.</summary>
    [Personal] public string? GivenName { get; set; }

    [Personal] public string? FamilyName { get; set; }
    [Personal] public LocalDate? BirthDate { get; set; }

    /// <summary>For an unborn child; the record stays the same at birth.</summary>
    [Personal] public LocalDate? ExpectedDate { get; set; }

    public LocalDate? DeathDate { get; set; }

    /// <summary>M, F or U, as the census has it.</summary>
    public string? Sex { get; set; }

    /// <summary>Census code, said by child or family, never ascribed.</summary>
    public string? Ethnicity { get; set; }

    /// <summary>Census codes.</summary>
    public List<string> Disabilities { get; set; } = [];

    public string? Language { get; set; }

    /// <summary>Known to be an adult though the birth date is not known.</summary>
    public bool IsAdult { get; set; }

    /// <summary>Where the record came from: <c>contact</c>, <c>census 2026</c>, …</summary>
    public required string Source { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>When anything that helps to recognise them last changed, names and addresses included; the index of people catches up by it.</summary>
    public required Instant ChangedAt { get; set; }
}

internal sealed class PersonMap : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.HasIndex(p => new { p.AuthorityId, p.Reference }).IsUnique();
        builder.HasIndex(p => new { p.AuthorityId, p.BirthDate });
        builder.HasIndex(p => new { p.AuthorityId, p.ChangedAt });
        builder.HasIndex(p => new { p.AuthorityId, p.FamilyName, p.GivenName });
    }
}

/// <summary>A name someone has or had.</summary>
[Entity(Room.People, Retention.ChildRecord, specialCategory: true)]
public sealed class PersonName : DomainRow
{
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }
    [Personal] public string? GivenName { get; init; }
    [Personal] public string? FamilyName { get; init; }

    /// <summary><c>used</c>, <c>birth</c>, <c>known as</c>, <c>former</c>.</summary>
    public required string Kind { get; init; }

    public required string Source { get; init; }
    public required Instant RecordedAt { get; init; }
    public Instant? EndedAt { get; set; }
}

public enum IdentifierKind
{
    LocalAuthorityChildId,
    Upn,
    FormerUpn,
    NhsNumber,
    AgencyId,

    /// <summary>A number of another register that names one person wherever it stands.</summary>
    Other,
}

[Entity(Room.People, Retention.ChildRecord, specialCategory: true)]
public sealed class PersonIdentifier : DomainRow
{
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }
    public required IdentifierKind Kind { get; init; }
    [Personal] public required string Value { get; init; }

    /// <summary>Who gave a local identifier: the authority's three-digit code, or for an agency's the agency's id. Null for its own and for national numbers.</summary>
    public string? Issuer { get; init; }

    public required string Source { get; init; }
    public required Instant RecordedAt { get; init; }
    public Instant? EndedAt { get; set; }
}

internal sealed class PersonIdentifierMap : IEntityTypeConfiguration<PersonIdentifier>
{
    public void Configure(EntityTypeBuilder<PersonIdentifier> builder) => builder.HasIndex(i => new { i.AuthorityId, i.Kind, i.Value });
}

/// <summary>An address or a telephone of a person, dated. A confidential address is hidden from all but those cleared.</summary>
[Entity(Room.People, Retention.ChildRecord, specialCategory: true)]
public sealed class PersonPlace : DomainRow
{
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }

    /// <summary><c>home</c>, <c>placement</c>, <c>phone</c>, <c>school</c>, <c>work</c>.</summary>
    public required string Kind { get; init; }

    [Personal] public required string Value { get; init; }
    [Personal] public string? Postcode { get; init; }
    public LocalDate? From { get; init; }
    public LocalDate? To { get; set; }
    public bool Confidential { get; set; }
    public required string Source { get; init; }
    public required Instant RecordedAt { get; init; }
}

internal sealed class PersonPlaceMap : IEntityTypeConfiguration<PersonPlace>
{
    public void Configure(EntityTypeBuilder<PersonPlace> builder) => builder.HasIndex(p => new { p.AuthorityId, p.Postcode });
}

/// <summary>Kin, household, carer, associate: dated, with source and confidence. Never carries an event's role.</summary>
[Entity(Room.People, Retention.ChildRecord, specialCategory: true)]
public sealed class Relationship : DomainRow
{
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }
    [RefersTo(typeof(Person))] public required Guid OtherId { get; init; }

    /// <summary>What the other is to the person: <c>mother</c>, <c>father</c>, <c>sibling</c>, <c>carer</c>, <c>household</c>, <c>associate</c>, … (<c>Settings/relationships.json</c>).</summary>
    public required string Kind { get; init; }

    public LocalDate? From { get; init; }
    public LocalDate? To { get; set; }
    public required string Source { get; init; }

    /// <summary><c>known</c>, <c>said</c> or <c>assumed</c>.</summary>
    public required string Confidence { get; init; }

    public required Instant RecordedAt { get; init; }

    /// <summary>When it was found never to have been so; a relationship that was so and is over has <see cref="To"/>.</summary>
    public Instant? EndedAt { get; set; }
}

/// <summary>A mention tied to a person: with author and reason, undoable. At most one in force for a mention.</summary>
[Entity(Room.People, Retention.ChildRecord, specialCategory: true)]
public sealed class Identification : DomainRow
{
    [RefersTo(typeof(Mention))] public required Guid MentionId { get; init; }
    [RefersTo(typeof(Person))] public required Guid PersonId { get; init; }
    public required Guid ByAccountId { get; init; }
    public required Instant At { get; init; }
    [Personal] public required string Reason { get; init; }

    /// <summary>"New person" over a strong candidate: the reason is then required.</summary>
    public bool NewPerson { get; init; }

    public Instant? UndoneAt { get; set; }
    public Guid? UndoneBy { get; set; }
    [Personal] public string? UndoneReason { get; set; }
}

internal sealed class IdentificationMap : IEntityTypeConfiguration<Identification>
{
    public void Configure(EntityTypeBuilder<Identification> builder)
    {
        builder.HasIndex(i => new { i.AuthorityId, i.MentionId, i.UndoneAt });
        builder.HasIndex(i => new { i.AuthorityId, i.PersonId, i.UndoneAt });
    }
}

/// <summary>A merge: reads of <see cref="FromId"/> show <see cref="ToId"/>. Unmerge ends the row; nothing else is rewritten.</summary>
[Entity(Room.People, Retention.ChildRecord, specialCategory: false)]
public sealed class Resolution : DomainRow
{
    [RefersTo(typeof(Person))] public required Guid FromId { get; init; }
    [RefersTo(typeof(Person))] public required Guid ToId { get; init; }
    public required string Reason { get; init; }
    public required Guid ByAccountId { get; init; }
    public required Instant At { get; init; }
    public Instant? EndedAt { get; set; }
    public Guid? EndedBy { get; set; }
    public string? EndedReason { get; set; }
}
