using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mono.Cecil;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Kernel;

namespace OpenMash.HubTests.House;

public class HouseRuleTests
{
    private static readonly Lazy<IReadOnlyList<TypeDefinition>> Hub = new(() => HouseReader.TypesOf(typeof(HubHost).Assembly));
    private static readonly Lazy<IReadOnlyList<TypeDefinition>> Fixtures = new(() => [.. HouseReader.TypesOf(typeof(HouseRuleTests).Assembly).Where(t => t.Outermost().Namespace.Contains("Broken", StringComparison.Ordinal) || t.Outermost().FullName.StartsWith("OpenMash.Hub.", StringComparison.Ordinal))]);

    public static TheoryData<string> Rules => [.. Named.Keys];

    private static readonly Dictionary<string, Func<IEnumerable<TypeDefinition>, IEnumerable<Finding>>> Named = new()
    {
        ["rooms keep to themselves"] = HouseRules.RoomsKeepToThemselves,
        ["platform mentions no room"] = HouseRules.PlatformMentionsNoRoom,
        ["only the runner saves"] = HouseRules.OnlyTheRunnerSaves,
        ["no way around the writer"] = HouseRules.NoWayAroundTheWriter,
        ["one machine clock"] = HouseRules.OneMachineClock,
        ["pages declare their users"] = HouseRules.PagesDeclareTheirUsers,
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_house_keeps_the_rule(string rule) => Assert.Empty(Named[rule](Hub.Value).Select(b => b.ToString()));

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_broken_fixture_is_caught_by_the_rule(string rule) => Assert.NotEmpty(Named[rule](Fixtures.Value));

    [Fact]
    public void Nothing_looks_up()
    {
        var engines = typeof(Engines.EnginesFloor).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => !n.StartsWith("System", StringComparison.Ordinal)).ToArray();
        var records = typeof(RecordContext).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToArray();

        Assert.Equal(["NodaTime"], engines);
        Assert.DoesNotContain("openmash", records);
    }

    [Fact]
    public async Task Every_entity_states_its_room_its_retention_and_its_key()
    {
        await using var hub = await TestHub.StartAsync(TestDatabase.Sqlite, people: false);
        await using var db = hub.Store.Open(1);
        string[] installation = ["Account", "Authority", "FileBlob", "ReferenceCounter", "TrailContent", "TrailEntry", "TrailSeal"];
        var ours = db.Model.GetEntityTypes().Where(e => e.ClrType.Namespace!.StartsWith("OpenMash", StringComparison.Ordinal)).ToArray();

        Assert.Empty(ours.Where(e => e.ClrType.GetCustomAttribute<EntityAttribute>() is null).Select(e => e.ClrType.Name));
        Assert.Equal(installation, ours.Where(e => e.ClrType.GetCustomAttribute<EntityAttribute>()!.Installation).Select(e => e.ClrType.Name).Order(StringComparer.Ordinal));
        foreach (var entity in ours.Where(e => !e.ClrType.GetCustomAttribute<EntityAttribute>()!.Installation))
        {
            Assert.Equal(["AuthorityId", "Id"], entity.FindPrimaryKey()!.Properties.Select(p => p.Name));
            Assert.NotEmpty(entity.GetDeclaredQueryFilters());
        }
    }

    [Fact]
    public async Task Every_command_has_one_handler_in_the_room_that_registers_it()
    {
        await using var hub = await TestHub.StartAsync(TestDatabase.Sqlite, people: false);
        var catalogue = hub.App.Services.GetRequiredService<RoomCatalogue>();
        var commands = typeof(RecordContext).Assembly.GetTypes().Where(t => t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICommand<>))).ToArray();

        Assert.Empty(commands.Where(c => !catalogue.AllHandlers.ContainsKey(c)).Select(c => c.Name));
        foreach (var (command, (room, handler)) in catalogue.AllHandlers)
        {
            if (room != Room.Platform) Assert.Equal((command.Name, room.ToString()), (command.Name, HouseRules.RoomOf(handler.FullName!)));
        }
    }

    [Fact]
    public async Task Every_endpoint_declares_who_may_use_it()
    {
        await using var hub = await TestHub.StartAsync(TestDatabase.Sqlite, people: false);
        var silent = hub.App.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Concat(((IEndpointRouteBuilder)hub.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
            .Where(e => e.Metadata.GetMetadata<IAuthorizeData>() is null && e.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(e => e.RoutePattern.RawText)
            .Distinct()
            .ToArray();

        Assert.Empty(silent);
    }

    [Fact]
    public void Program_stays_short()
    {
        var program = File.ReadAllLines(Path.Combine(Repository.Root, "src/OpenMash.Hub/Program.cs"));

        Assert.True(program.Length <= 80, $"Program.cs has {program.Length} lines; 80 are allowed.");
    }
}

/// <summary>Where the checkout lies, found upwards from the test's own folder.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "OpenMash.slnx"))) return at.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}
