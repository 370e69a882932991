namespace OpenMash.Records.Kernel;

/// <summary>The rooms of the house, as owners of entities. The name of a room is also its folder under <c>Hub/Rooms</c>.</summary>
public enum Room
{
    /// <summary>Not a room: the hub's own furniture (trail, outbox, settings, files, accounts).</summary>
    Platform,
    FrontDoor,
    HubRoom,
    People,
    Plans,
    Exploitation,
    Missing,
    Links,
    Licensing,
    LookBack,
    Learning,
    Quality,
    Training,
    Recommendations,
    Performance,
    Returns,
    Assurance,
    Governance,
}

/// <summary>How long a row is lawfully kept. The periods are settings of the authority; a legal hold overrides all of them.</summary>
public enum Retention
{
    /// <summary>Part of a child's record: kept as the longest class that the child falls into asks.</summary>
    ChildRecord,

    /// <summary>A contact that led to nothing and concerns no known child.</summary>
    ContactOnly,

    /// <summary>Intelligence about an adult of concern: weeded at its expiry unless supported.</summary>
    Intelligence,

    /// <summary>Who did, saw or searched what.</summary>
    Accountability,

    /// <summary>Running of the hub: rotas, agencies, settings.</summary>
    Operational,

    /// <summary>Technical rows with no meaning after use: drafts, sent messages, receipts.</summary>
    Transient,
}

/// <summary>Every entity states its owning room, its retention class and whether it holds special-category data.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EntityAttribute(Room owner, Retention retention, bool specialCategory) : Attribute
{
    public Room Owner { get; } = owner;
    public Retention Retention { get; } = retention;
    public bool SpecialCategory { get; } = specialCategory;

    /// <summary>Rows that belong to the installation and not to an authority; each such type is listed in the architecture tests.</summary>
    public bool Installation { get; init; }
}

/// <summary>A foreign key inside the same authority: (AuthorityId, this) refers to (AuthorityId, Id) of <paramref name="target"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RefersToAttribute(Type target) : Attribute
{
    public Type Target { get; } = target;
}

/// <summary>Free text or an identifier of a person: its value goes to the trail's disposable content, never to its hashed payload.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalAttribute : Attribute
{
}
