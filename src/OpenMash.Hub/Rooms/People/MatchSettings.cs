using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Rooms.People;

/// <summary><c>Settings/matching.json</c>.</summary>
internal sealed record MatchSettings
{
    /// <summary>Pairs from this probability on are put before a person.</summary>
    public required double FileFrom { get; init; }

    /// <summary>From how many people on the nightly matching learns its weights from the register itself; a smaller one keeps those that ship with the engine.</summary>
    public required int LearnFrom { get; init; }

    public required IReadOnlyList<Roles> Decide { get; init; }

    /// <summary>Who may be the second person of a merge with an open plan.</summary>
    public required IReadOnlyList<Roles> SecondPerson { get; init; }

    public Roles Deciders => Decide.Aggregate(Roles.None, (all, one) => all | one);

    public Roles Seconds => SecondPerson.Aggregate(Roles.None, (all, one) => all | one);
}

/// <summary><c>Settings/relationships.json</c>.</summary>
internal sealed record RelationshipSettings
{
    public required IReadOnlyList<RelationshipKind> Kinds { get; init; }

    public required IReadOnlyList<string> Confidences { get; init; }

    /// <summary>What the person is to the other, where the other is <paramref name="kind"/> to the person.</summary>
    public string Inverse(string kind) => Kinds.FirstOrDefault(k => k.Kind == kind)?.Inverse ?? kind;

    public string Group(string kind) => Kinds.FirstOrDefault(k => k.Kind == kind || k.Inverse == kind)?.Group ?? "Others";
}

internal sealed record RelationshipKind(string Kind, string Inverse, string Group);
