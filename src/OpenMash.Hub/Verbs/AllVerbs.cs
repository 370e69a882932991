using System.CommandLine;

namespace OpenMash.Hub.Verbs;

/// <summary>The verbs of the one executable, listed by hand: one line a file beside this one.</summary>
internal static class AllVerbs
{
    public static IEnumerable<Command> Create() =>
    [
        DemoVerbs.Create(),
        ServeVerbs.Serve(),
        ServeVerbs.Work(),
        ServeVerbs.Migrate(),
        TrailVerbs.Create(),
        ClocksVerbs.Create(),
        PeopleVerbs.Create(),
        ReturnsVerbs.Create(),
        LinksVerbs.Create(),
        SignsVerbs.Create(),
    ];
}
