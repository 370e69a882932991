using System.CommandLine;
using OpenMash.Hub.Verbs;

var root = new RootCommand("OpenMASH: the multi-agency safeguarding hub.");
foreach (var verb in AllVerbs.Create())
    root.Subcommands.Add(verb);

// Without a verb a developer's checkout shows the demonstration; an installed hub prints help, so that nobody starts a demonstration by mistake.
root.SetAction((_, ct) =>
{
    if (HubLocation.EnvironmentName == "Development") return DemoVerbs.RunDefaultAsync(ct);
    return root.Parse(["--help"]).InvokeAsync(cancellationToken: ct);
});

// The demonstration's options work without its verb too, where the demonstration is what no verb means.
var showsDemo = HubLocation.EnvironmentName == "Development" && args is [var first, ..] && (first.Split('=')[0] is "--data" or "--urls" or "--scale");
string[] asked = showsDemo ? ["demo", .. args] : args;
return await root.Parse(asked).InvokeAsync();
