using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>
/// Rates a child's line. Red is one press by any person of the hub at any hour: no reason, view, form or identification is asked, and a settled line is opened
/// again. Lowering needs a reason and takes nothing back: the earlier target and its breach stand.
/// </summary>
internal sealed class RateLineHandler : Handler<RateLine, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(RateLine command, Act act)
    {
        var contact = await LineDesk.ContactOfAsync(act, command.LineId);
        return command.Rating == Rating.Red
            ? await LineDesk.MayWorkAsync(act, contact, LineDesk.AnyHub, "raise a contact to red", AccessLevel.Pointer)
            : await LineDesk.MayWorkAsync(act, contact, LineDesk.Raters, "rate a contact");
    }

    public override ValueTask CheckAsync(RateLine command, Problems problems, Act act)
    {
        problems.MaxLength(command.Reason, 4000, "Reason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(RateLine command, Act act)
    {
        if (await act.Write.FindAsync<ContactLine>(command.LineId) is not { } line) return new Outcome<Nothing>.NotFound();
        var red = command.Rating == Rating.Red;
        for (var hops = 0; red && line is { State: LineState.Merged, MergedIntoLineId: { } into } && hops < 100; hops++)
            line = await act.Write.FindAsync<ContactLine>(into) ?? line;
        var contact = (await act.Write.FindAsync<Contact>(line.ContactId))!;

        if (line.State != LineState.Waiting)
        {
            if (!red)
                return new Outcome<Nothing>.Conflict($"Child {line.Number} of {contact.Reference} was settled meanwhile. Only red opens it again.");
            await LineDesk.ReopenAsync(act, line, clockRuns: true);
        }
        else if (line.Rating == command.Rating && line.Outcome != LineOutcome.ReturnForConsent)
        {
            // Two people pressing at once is one rating.
            return Nothing.Value;
        }

        var raises = line.Rating is null || command.Rating < line.Rating;
        var lowers = line.Rating is { } before && command.Rating > before;
        if (lowers && string.IsNullOrWhiteSpace(command.Reason))
            return new Outcome<Nothing>.Invalid([new Problem("Reason", "Say why the rating is lowered. The earlier target stays as it is.")]);

        var reason = string.IsNullOrWhiteSpace(command.Reason) ? (red ? "Raised to red." : lowers ? "" : "First rating.") : command.Reason.Trim();
        await LineDesk.RateAsync(act, line, command.Rating, reason);
        act.Because(reason);
        contact.Consultation = false;
        LineDesk.Seen(act, contact);
        await LineDesk.AnswerNoticesAsync(act, contact.Id, "new-contact", "danger-now");

        // A closing that was proposed under a lower rating was proposed about another picture.
        if (raises) await SupersedeProposalsAsync(act, line);
        if (red)
        {
            if (line.Outcome == LineOutcome.ReturnForConsent) await BackFromConsentAsync(act, line);
            await LineDesk.CallForRedAsync(act, contact);
            act.Raise(new LineTurnedRed(contact.Id, line.Id, act.Actor.AccountId ?? Guid.Empty));
        }

        act.Live("queue", "line", line.Id, 0);
        return Nothing.Value;
    }

    internal static async Task SupersedeProposalsAsync(Act act, ContactLine line)
    {
        foreach (var decision in await act.Write.LoadAsync<LineDecision>(d => d.LineId == line.Id && d.State == DecisionState.Proposed))
            decision.State = DecisionState.Superseded;
    }

    /// <summary>What is red is not left with the referrer.</summary>
    internal static async Task BackFromConsentAsync(Act act, ContactLine line)
    {
        await LineDesk.SupersedeAsync(act, line.Id);
        line.Outcome = null;
        line.RecallOn = null;
        line.RecallOwnerId = null;
        await act.Clocks.EndAsync("contact.consent-recall", line.Id, "rated red");
    }
}

/// <summary>The whole contact in one press, where nobody can yet say which child: every child that waits.</summary>
internal sealed class RaiseContactHandler : Handler<RaiseContact, int>
{
    public override async ValueTask<string?> AuthoriseAsync(RaiseContact command, Act act) =>
        await LineDesk.MayWorkAsync(act, command.ContactId, LineDesk.AnyHub, "raise a contact to red", AccessLevel.Pointer);

    public override async Task<Outcome<int>> HandleAsync(RaiseContact command, Act act)
    {
        if (await act.Write.FindAsync<Contact>(command.ContactId) is not { } contact) return new Outcome<int>.NotFound();
        var lines = await act.Write.LoadAsync<ContactLine>(l => l.ContactId == contact.Id);
        var raised = lines.Where(l => l.State == LineState.Waiting && l.Rating != Rating.Red).ToList();
        if (raised.Count == 0 && lines.All(l => l.State != LineState.Waiting))
        {
            raised = [.. lines.OrderBy(l => l.Number).Take(1)];
            await LineDesk.ReopenAsync(act, raised[0], clockRuns: true);
        }

        if (raised.Count == 0) return 0;
        foreach (var line in raised)
        {
            await LineDesk.RateAsync(act, line, Rating.Red, "Raised to red.");
            await RateLineHandler.SupersedeProposalsAsync(act, line);
            if (line.Outcome == LineOutcome.ReturnForConsent) await RateLineHandler.BackFromConsentAsync(act, line);
            act.Raise(new LineTurnedRed(contact.Id, line.Id, act.Actor.AccountId ?? Guid.Empty));
            act.Live("queue", "line", line.Id, 0);
        }

        contact.Consultation = false;
        LineDesk.Seen(act, contact);
        await LineDesk.AnswerNoticesAsync(act, contact.Id, "new-contact", "danger-now");
        await LineDesk.CallForRedAsync(act, contact);
        return raised.Count;
    }
}
