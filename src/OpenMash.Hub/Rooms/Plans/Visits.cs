using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

internal sealed class RecordVisitHandler : Handler<RecordVisit, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(RecordVisit command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "record a visit"));

    public override ValueTask CheckAsync(RecordVisit command, Problems problems, Act act)
    {
        if (command.Meeting == VisitMeeting.NotSeen)
        {
            problems.Require(command.NotSeenBecause, "NotSeenBecause", "Say why the child was not seen. An attempt is kept, and the visit stays due.");
            if (command.SeenAlone) problems.Add("SeenAlone", "A child who was not seen cannot have been seen alone.");
        }

        problems.MaxLength(command.Note, 20000, "Note", "The note");
        problems.MaxLength(command.ChildsWords, 8000, "ChildsWords", "The child's words");
        problems.MaxLength(command.NotSeenBecause, 2000, "NotSeenBecause", "The reason");
        problems.MaxLength(command.WhoseWords, 200, "WhoseWords", "Whose words they are");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Guid>> HandleAsync(RecordVisit command, Act act)
    {
        if (await act.PlanAsync(command.PlanId) is not { } plan) return new Outcome<Guid>.NotFound();
        var problems = new Problems();
        problems.CheckDay(act, plan, command.On, "On", "The visit");
        var person = await act.Read.Of<Person>().SingleAsync(p => p.Id == plan.PersonId);
        var unborn = person.BirthDate is null ? person.ExpectedDate is not null : command.On < person.BirthDate;
        if (unborn && command.Meeting is VisitMeeting.Seen or VisitMeeting.Observed) problems.Add("Meeting", "An unborn child is not \"seen\". Choose that the mother was seen.");
        if (!unborn && command.Meeting == VisitMeeting.MotherSeen) problems.Add("Meeting", "The child is born: say how the child was seen.");
        if (problems.Found<Guid>() is { } found) return found;
        var visit = act.Write.Add(new PlanVisit
        {
            Id = act.NewId(),
            PlanId = plan.Id,
            On = command.On,
            At = command.At,
            Meeting = command.Meeting,
            SeenAlone = command.SeenAlone,
            BedroomSeen = command.BedroomSeen,
            ChildsWords = Clean(command.ChildsWords),
            WhoseWords = Clean(command.WhoseWords),
            Note = Clean(command.Note),
            NotSeenBecause = Clean(command.NotSeenBecause),
            ByAccountId = act.Actor.AccountId,
            WrittenAt = command.WrittenAt is { } at && at <= act.Now ? at : null,
            RecordedAt = act.Now,
        });
        await act.CloseDraftAsync(command.DraftId, "a visit");
        act.Touch(plan);
        return visit.Id;
    }

    internal static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
