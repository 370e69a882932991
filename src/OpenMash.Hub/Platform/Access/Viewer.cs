using NodaTime;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Access;

public enum ViewerKind
{
    /// <summary>A signed-in person.</summary>
    Person,

    /// <summary>A partner system with a token.</summary>
    Client,

    /// <summary>The hub's own work, as a named system actor with a purpose.</summary>
    System,

    /// <summary>Someone who is not signed in.</summary>
    Public,
}

/// <summary>Who looks or acts: one membership of one authority, fixed for the length of a request or a job.</summary>
public sealed record Viewer
{
    public required ViewerKind Kind { get; init; }
    public required short AuthorityId { get; init; }
    public Guid? AccountId { get; init; }
    public Guid? AgencyId { get; init; }
    public string AgencyName { get; init; } = "";
    public AgencyKind? AgencyKind { get; init; }
    public bool IsHub { get; init; }
    public Roles Roles { get; init; }

    /// <summary>The person's name, the client's name, or the system actor's.</summary>
    public required string Name { get; init; }

    /// <summary>Why the system acts; for jobs.</summary>
    public string? Purpose { get; init; }

    /// <summary>What is sealed and what they are in conflict with, as of the beginning of the request or the act. Null where it was not asked for, which no rule takes for "nothing".</summary>
    public SealedSubjects? Seals { get; init; }

    /// <summary>The hub's people who work its queue: support, screening, manager, duty team.</summary>
    public bool WorksInHub => IsHub && (Roles & HubRoles) != 0;

    public bool IsSystem => Kind == ViewerKind.System;

    private const Roles HubRoles = Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam;

    /// <summary>The same viewer with <see cref="Seals"/> as they stand in the record now.</summary>
    public async Task<Viewer> WithSealsAsync(RecordContext db, Instant now, CancellationToken ct) => this with { Seals = await SealedSubjects.LoadAsync(db, this, now, ct) };

    /// <summary>The sets by which a rule judges.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked for them.</exception>
    internal SealedSubjects NeedSeals() => Seals ?? throw new InvalidOperationException("What is sealed was not asked for before this viewer's records were read.");

    public bool Has(Roles any) => (Roles & any) != 0;

    public static Viewer System(short authorityId, string actor, string purpose) =>
        new() { Kind = ViewerKind.System, AuthorityId = authorityId, Name = actor, Purpose = purpose };

    public static Viewer Public(short authorityId) =>
        new() { Kind = ViewerKind.Public, AuthorityId = authorityId, Name = "Public" };

    /// <summary>What the person is, in words, for refusals: "Amina Shah, Police: researcher".</summary>
    public string Describe() => Kind switch
    {
        ViewerKind.Person => $"{Name}, {AgencyName}: {RoleNames.Of(Roles)}",
        ViewerKind.Client => $"the system {Name} of {AgencyName}",
        ViewerKind.System => $"the hub's {Name}",
        _ => "not signed in",
    };
}

/// <summary>Roles as people say them.</summary>
public static class RoleNames
{
    private static readonly Dictionary<Roles, string> Names = new()
    {
        [Roles.Referrer] = "referrer",
        [Roles.BusinessSupport] = "business support",
        [Roles.ScreeningOfficer] = "screening officer",
        [Roles.Researcher] = "agency researcher",
        [Roles.HubManager] = "hub manager",
        [Roles.SocialWorker] = "social worker",
        [Roles.TeamManager] = "team manager",
        [Roles.ReviewingOfficer] = "reviewing officer",
        [Roles.ExploitationCoordinator] = "exploitation coordinator",
        [Roles.LicensingOfficer] = "licensing officer",
        [Roles.Auditor] = "auditor",
        [Roles.TrainingLead] = "training lead",
        [Roles.PerformanceAnalyst] = "performance analyst",
        [Roles.Leader] = "leader",
        [Roles.InformationGovernance] = "information governance officer",
        [Roles.Administrator] = "system administrator",
        [Roles.DutyTeam] = "emergency duty team",
        [Roles.DesignatedOfficer] = "designated officer for allegations",
    };

    public static IReadOnlyDictionary<Roles, string> All => Names;

    public static string Of(Roles roles)
    {
        var names = Names.Where(n => (roles & n.Key) != 0).Select(n => n.Value).ToArray();
        return names.Length == 0 ? "no role" : string.Join(", ", names);
    }

    public static string AnyOf(Roles roles)
    {
        var names = Names.Where(n => (roles & n.Key) != 0).Select(n => n.Value).ToArray();
        return names.Length < 2 ? names.FirstOrDefault("nobody") : string.Join(", ", names[..^1]) + " or " + names[^1];
    }
}
