using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>Anyone may say that something went to the wrong person; the sooner the better.</summary>
internal sealed class OpenBreachHandler : Handler<OpenBreach, BreachOpened>
{
    public const string Rule = "breach.report";

    public override ValueTask<string?> AuthoriseAsync(OpenBreach command, Act act) =>
        ValueTask.FromResult(act.Actor.IsSystem || (act.Actor.Kind == ViewerKind.Person && act.Actor.Roles != Roles.None) ? null : "A breach is reported by a signed-in person with a membership.");

    public override ValueTask CheckAsync(OpenBreach command, Problems problems, Act act)
    {
        problems.Require(command.What, "What", "Say what went where, and how you know.");
        problems.MaxLength(command.What, 10_000, "What", "What happened");
        if (command.KnownAt > act.Now + Duration.FromMinutes(1)) problems.Add("KnownAt", "The time at which it became known lies in the future.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<BreachOpened>> HandleAsync(OpenBreach command, Act act)
    {
        var id = act.NewId();
        var clock = await act.Clocks.StartAsync(Rule, "Breach", id, id, command.KnownAt);
        var breach = act.Write.Add(new Breach
        {
            Id = id,
            Reference = await act.NextReferenceAsync("B"),
            What = command.What.Trim(),
            KnownAt = command.KnownAt,
            ReportDueAt = clock.DueAt,
            OpenedBy = act.Actor.AccountId ?? Guid.Empty,
        });
        act.About("Breach", id);
        act.Notify("breach", "Breach", id, $"{breach.Reference}: a possible breach of personal data. The 72 hours in which it may have to be reported run.", toRoles: Roles.InformationGovernance, climbsAt: act.Now + Duration.FromHours(4));
        return new BreachOpened(id, breach.Reference, breach.ReportDueAt);
    }
}

internal sealed class CloseBreachHandler : Handler<CloseBreach, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(CloseBreach command, Act act) => ValueTask.FromResult(act.Needs(Roles.InformationGovernance, "close a breach entry"));

    public override ValueTask CheckAsync(CloseBreach command, Problems problems, Act act)
    {
        problems.Require(command.Result, "Result", command.Reported ? "Say when and how it was reported, and the reference given." : "Say why it is not reportable.");
        problems.MaxLength(command.Result, 10_000, "Result", "The result");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(CloseBreach command, Act act)
    {
        if (await act.Write.FindAsync<Breach>(command.BreachId) is not { } breach) return new Outcome<Nothing>.NotFound();
        act.About("Breach", breach.Id);
        if (breach.ClosedAt is not null || breach.Version != command.SeenVersion) return new Outcome<Nothing>.Conflict($"Someone else has closed {breach.Reference} meanwhile. They wrote: {breach.Result}");
        breach.ClosedAt = act.Now;
        breach.Result = command.Result.Trim();
        if (command.Reported) await act.Clocks.MeetAsync(OpenBreachHandler.Rule, breach.Id, act.Now);
        else await act.Clocks.EndAsync(OpenBreachHandler.Rule, breach.Id, "not reportable");
        foreach (var notice in await act.Platform.LoadAsync<Records.Work.Notice>(n => n.SubjectId == breach.Id && n.ClosedAt == null)) notice.ClosedAt = act.Now;
        return Nothing.Value;
    }
}
