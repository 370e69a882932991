using System.CommandLine;
using OpenMash.Hub.Verbs;

var root = new RootCommand("OpenMASH: the multi-agency safeguarding hub.");
foreach (var verb in AllVerbs.Create())
    root.Subcommands.Add(verb);

return await root.Parse(args).InvokeAsync();
