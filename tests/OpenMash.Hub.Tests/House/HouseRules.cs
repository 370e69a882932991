using Mono.Cecil;

namespace OpenMash.HubTests.House;

/// <summary>The rules of the house as functions from compiled types to breaches, so that a broken fixture can prove each of them able to fail.</summary>
public static class HouseRules
{
    private const string Rooms = "OpenMash.Hub.Rooms.";
    private static readonly string[] Savers = ["SaveChanges", "SaveChangesAsync"];

    /// <summary>Classes of Platform that write rows without a command; each with its reason in docs/adr/0003.</summary>
    private static readonly HashSet<string> Exempt = new(StringComparer.Ordinal)
    {
        "OpenMash.Hub.Platform.Pipeline.CommandRunner",
        "OpenMash.Hub.Platform.Trail.TrailSealer",
        "OpenMash.Hub.Platform.Record.Bootstrap",
    };

    public static string? RoomOf(string fullName) =>
        fullName.StartsWith(Rooms, StringComparison.Ordinal) && fullName.IndexOf('.', Rooms.Length) is var dot and > 0 ? fullName[Rooms.Length..dot] : null;

    /// <summary>A room references no other room.</summary>
    public static IEnumerable<Finding> RoomsKeepToThemselves(IEnumerable<TypeDefinition> types) =>
        from type in types
        let room = RoomOf(type.Outermost().FullName)
        where room is not null
        from mention in type.Mentions()
        let other = RoomOf(mention)
        where other is not null && other != room
        select new Finding(type.FullName, mention);

    /// <summary>Platform mentions no room.</summary>
    public static IEnumerable<Finding> PlatformMentionsNoRoom(IEnumerable<TypeDefinition> types) =>
        from type in types
        where type.Outermost().Namespace.StartsWith("OpenMash.Hub.Platform", StringComparison.Ordinal)
        from mention in type.Mentions()
        where mention.StartsWith(Rooms, StringComparison.Ordinal)
        select new Finding(type.FullName, mention);

    /// <summary>Our own code saves in one place.</summary>
    public static IEnumerable<Finding> OnlyTheRunnerSaves(IEnumerable<TypeDefinition> types) =>
        from type in types
        where !Exempt.Contains(type.Outermost().FullName)
        from call in type.Calls()
        where Savers.Any(s => call.EndsWith("." + s, StringComparison.Ordinal)) && call.Contains("Context", StringComparison.Ordinal)
        select new Finding(type.FullName, call);

    /// <summary>Bulk updates, raw SQL and ignored filters stay in Platform.</summary>
    public static IEnumerable<Finding> NoWayAroundTheWriter(IEnumerable<TypeDefinition> types) =>
        from type in types
        where !type.Outermost().Namespace.StartsWith("OpenMash.Hub.Platform", StringComparison.Ordinal)
        from call in type.Calls()
        let method = call[(call.IndexOf('.', StringComparison.Ordinal) + 1)..]
        where method.StartsWith("ExecuteUpdate", StringComparison.Ordinal) || method.StartsWith("ExecuteDelete", StringComparison.Ordinal)
            || method.StartsWith("ExecuteSql", StringComparison.Ordinal) || method.StartsWith("FromSql", StringComparison.Ordinal)
            || method.StartsWith("SqlQuery", StringComparison.Ordinal) || method is "IgnoreQueryFilters" || method.StartsWith("BulkCopy", StringComparison.Ordinal)
        select new Finding(type.FullName, call);

    /// <summary>The machine clock is read in one place.</summary>
    public static IEnumerable<Finding> OneMachineClock(IEnumerable<TypeDefinition> types) =>
        from type in types
        where type.Outermost().Name != "MachineClock"
        from call in type.Calls()
        where call is "DateTime.get_Now" or "DateTime.get_UtcNow" or "DateTime.get_Today" or "DateTimeOffset.get_Now" or "DateTimeOffset.get_UtcNow" or "SystemClock.get_Instance" or "TimeProvider.get_System"
        select new Finding(type.FullName, call);

    /// <summary>A page of a room derives from the hub's page and declares who may use it.</summary>
    public static IEnumerable<Finding> PagesDeclareTheirUsers(IEnumerable<TypeDefinition> types) =>
        from type in types
        where type is { IsAbstract: false, IsClass: true } && Inherits(type, "PageModel")
        where !type.CustomAttributes.Any(a => a.AttributeType.Name is "AllowAttribute" or "AllowMembersAttribute" or "AllowSignedInAttribute" or "AllowAnonymousAttribute")
        select new Finding(type.FullName, "no declaration of who may use it");

    public static bool Inherits(TypeDefinition type, string name)
    {
        for (var at = type.BaseType; at is not null;)
        {
            if (at.Name == name) return true;
            try
            {
                at = at.Resolve()?.BaseType;
            }
            catch (AssemblyResolutionException)
            {
                return type.BaseType.Name is "HubPage";
            }
        }

        return false;
    }
}
