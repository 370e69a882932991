using OpenMash.Engines;

namespace OpenMash.EnginesTests;

public class AssemblyRules
{
    [Fact]
    public void The_ground_floor_references_only_the_base_library_and_NodaTime()
    {
        var strangers = typeof(EnginesFloor).Assembly.GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(n => n != "NodaTime" && !n.StartsWith("System", StringComparison.Ordinal))
            .ToArray();

        Assert.Empty(strangers);
    }
}
