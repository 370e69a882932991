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

return await root.Parse(args).InvokeAsync();
