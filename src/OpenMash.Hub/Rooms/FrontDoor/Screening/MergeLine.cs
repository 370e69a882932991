using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>A duplicate report: both texts stay as they arrived, and the line that goes on keeps the earliest clock and the more urgent rating.</summary>
internal sealed class MergeLineHandler : Handler<MergeLine, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(MergeLine command, Act act)
    {
        if (await LineDesk.MayWorkAsync(act, await LineDesk.ContactOfAsync(act, command.IntoLineId), LineDesk.Raters, "merge reports") is { } refusal) return refusal;
        return await LineDesk.MayWorkAsync(act, await LineDesk.ContactOfAsync(act, command.LineId), LineDesk.Raters, "merge reports");
    }

    public override ValueTask CheckAsync(MergeLine command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say how you know that both reports are about the same event.");
        if (command.LineId == command.IntoLineId) problems.Add("IntoLineId", "Choose another report to merge into.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(MergeLine command, Act act)
    {
        if (await act.Write.FindAsync<ContactLine>(command.LineId) is not { } line || await act.Write.FindAsync<ContactLine>(command.IntoLineId) is not { } into)
            return new Outcome<Nothing>.NotFound();
        if (line.State != LineState.Waiting) return new Outcome<Nothing>.Conflict("This report was settled meanwhile and can no longer be merged.");
        if (into.State != LineState.Waiting) return new Outcome<Nothing>.Conflict("The report to merge into is settled. Decide this one by itself.");
        if (line.Outcome == LineOutcome.Enquiry) return new Outcome<Nothing>.Conflict("This child is being looked at in an enquiry: merge the other report into this one.");
        if (line.ContactId == into.ContactId && line.MentionId is not null)
            return new Outcome<Nothing>.Invalid([new Problem("IntoLineId", "Two children of one report are not the same report. Choose a line of another contact.")]);
        if (await DifferentChildrenAsync(act, line, into))
            return new Outcome<Nothing>.Invalid([new Problem("IntoLineId", "The two lines are identified as different children: a duplicate report is about the same child.")]);

        var contact = (await act.Write.FindAsync<Contact>(line.ContactId))!;
        var intoContact = (await act.Write.FindAsync<Contact>(into.ContactId))!;
        if (contact.Consultation || intoContact.Consultation) return new Outcome<Nothing>.Conflict("A consultation is not a contact: take it up first.");

        await KeepEarliestAsync(act, line, into);
        if (line.Rating is { } rating && (into.Rating is null || rating < into.Rating))
            await LineDesk.RateAsync(act, into, rating, $"Taken over from {contact.Reference}, merged into this.");
        await LineDesk.SupersedeAsync(act, line.Id);
        line.MergedIntoLineId = into.Id;
        await LineDesk.SettleAsync(act, line, LineState.Merged, line.Outcome ?? LineOutcome.NoFurtherAction, $"merged into {intoContact.Reference}");
        line.Outcome = null;
        LineDesk.Seen(act, contact);
        await LineDesk.AnswerNoticesAsync(act, contact.Id, "new-contact", "danger-now");
        act.Because(command.Reason);
        act.Live("queue", "line", into.Id, 0);
        return Nothing.Value;
    }

    /// <summary>Clocks of the earlier receipt run on under the line that stays; nothing it already owes is taken away.</summary>
    private static async Task KeepEarliestAsync(Act act, ContactLine line, ContactLine into)
    {
        if (line.DecisionDueAt < into.DecisionDueAt) into.DecisionDueAt = line.DecisionDueAt;
        if (line.TargetDueAt is { } target && (into.TargetDueAt is null || target < into.TargetDueAt)) into.TargetDueAt = target;
        if (line.ReceivedAt >= into.ReceivedAt) return;
        foreach (var clock in await LineDesk.OpenClocksAsync(act, line.Id))
        {
            if (clock.Rule.StartsWith("contact.target", StringComparison.Ordinal) || clock.Rule == "contact.decide")
                await act.Clocks.StartAsync(clock.Rule, "ContactLine", into.Id, into.ContactId, line.ReceivedAt);
        }
    }

    private static async Task<bool> DifferentChildrenAsync(Act act, ContactLine line, ContactLine into)
    {
        var mine = await PersonsAsync(act, line.MentionId);
        var others = await PersonsAsync(act, into.MentionId);
        return mine.Count > 0 && others.Count > 0 && !mine.Overlaps(others);
    }

    private static async Task<HashSet<Guid>> PersonsAsync(Act act, Guid? mention)
    {
        var persons = (await act.Read.Of<Identification>().Where(i => i.MentionId == mention && i.UndoneAt == null).Select(i => i.PersonId).ToListAsync()).ToHashSet();
        return persons.Count == 0 ? persons : [.. (await act.Read.ResolveAsync(persons)).Everyone];
    }
}
