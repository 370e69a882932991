using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>At each tick: consents whose date has come, red without an owner, owners off shift, notices nobody has read. Nothing due, nothing written.</summary>
internal sealed class ScreeningTick(IClock clock) : ITick
{
    public (string Name, string Purpose) Actor => ("screening watch", "recall, warn and climb so that nothing waits unseen");

    public async Task TickAsync(Viewer actor, CommandRunner runner, RecordReader read, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        if (await Due.Consents(read, London.Date(now)).AnyAsync(ct)) await runner.RunAsync(new RecallConsents(now), actor, ct);
        if (await Due.OffShift(read, now).AnyAsync(ct)) await runner.RunAsync(new ReturnOffShift(now), actor, ct);
        if (await Due.RedWithoutOwner(read).AnyAsync(ct)) await runner.RunAsync(new WatchRed(now), actor, ct);
        if (await Due.Climbing(read, now).AnyAsync(ct)) await runner.RunAsync(new ClimbNotices(now), actor, ct);
    }
}

/// <summary>What is due, asked the same way by the tick and by its commands.</summary>
internal static class Due
{
    public static IQueryable<ContactLine> Consents(RecordReader read, LocalDate today) =>
        read.Of<ContactLine>().Where(l => l.State == LineState.Waiting && l.Outcome == LineOutcome.ReturnForConsent && l.RecallOn <= today);

    public static IQueryable<Notice> Climbing(RecordReader read, Instant now) =>
        read.Of<Notice>().Where(n => n.ClimbsAt <= now && n.SeenAt == null && n.ClosedAt == null);

    /// <summary>Owners who have worked a shift that is over and work none now. Who is on no rota at all is left alone.</summary>
    public static IQueryable<Contact> OffShift(RecordReader read, Instant now) =>
        ScreeningQueue.WithWaitingLine(read, read.Of<Contact>()).Where(c => c.OwnerAccountId != null
            && !read.Of<HandOver>().Any(h => h.SubjectId == c.Id && h.ClosedAt == null)
            && read.Of<DutyShift>().Any(s => s.AccountId == c.OwnerAccountId && s.Start <= now && ((s.EndedAt == null && s.End <= now && s.End >= c.OwnedSince) || s.EndedAt >= c.OwnedSince))
            && !read.Of<DutyShift>().Any(s => s.AccountId == c.OwnerAccountId && s.Start <= now && s.End > now && s.EndedAt == null));

    public static IQueryable<Contact> RedWithoutOwner(RecordReader read) =>
        ScreeningQueue.WithWaitingLine(read, read.Of<Contact>()).Where(c => c.OwnerAccountId == null && read.Of<ContactLine>().Any(l => l.ContactId == c.Id && l.State == LineState.Waiting && l.Rating == Rating.Red && l.Outcome != LineOutcome.Enquiry));
}

/// <summary>A command that only the hub's own work sends.</summary>
internal abstract class WatchHandler<TCommand> : Handler<TCommand, int>
    where TCommand : ICommand<int>
{
    public override ValueTask<string?> AuthoriseAsync(TCommand command, Act act) =>
        ValueTask.FromResult(act.Actor.IsSystem ? null : "This is the hub's own work.");
}

/// <summary>Unanswered by its date, a consent is asked about again: the line is back in the queue.</summary>
internal sealed class RecallConsentsHandler : WatchHandler<RecallConsents>
{
    public override async Task<Outcome<int>> HandleAsync(RecallConsents command, Act act)
    {
        var today = act.Today;
        var lines = await act.Write.LoadAsync<ContactLine>(l => l.State == LineState.Waiting && l.Outcome == LineOutcome.ReturnForConsent && l.RecallOn <= today);
        foreach (var line in lines)
        {
            var reference = await act.Read.Of<Contact>().Where(c => c.Id == line.ContactId).Select(c => c.Reference).SingleAsync();
            act.Notify(
                "consent-recall",
                "Contact",
                line.ContactId,
                $"{reference}: the date to ask again about consent has come.",
                toAccount: line.RecallOwnerId,
                toRoles: line.RecallOwnerId is null ? LineDesk.Raters : Roles.None,
                climbsAt: act.Now + Duration.FromHours(2));
            await LineDesk.SupersedeAsync(act, line.Id);
            await act.Clocks.EndAsync("contact.consent-recall", line.Id, "not answered; back in the queue");
            line.Outcome = null;
            line.RecallOn = null;
            line.RecallOwnerId = null;
            act.Live("queue", "line", line.Id, 0);
        }

        return lines.Count;
    }
}

internal sealed class ReturnOffShiftHandler : WatchHandler<ReturnOffShift>
{
    public override async Task<Outcome<int>> HandleAsync(ReturnOffShift command, Act act)
    {
        var ids = await Due.OffShift(act.Read, act.Now).Select(c => c.Id).ToListAsync();
        foreach (var contact in await act.Write.LoadAsync<Contact>(c => ids.Contains(c.Id))) Held.Return(act, contact);
        return ids.Count;
    }
}

internal sealed class WatchRedHandler : WatchHandler<WatchRed>
{
    public override async Task<Outcome<int>> HandleAsync(WatchRed command, Act act)
    {
        var minutes = (await act.Settings.GetAsync<ScreeningSettings>("screening")).RedUnclaimedMinutes;
        var since = act.Now - Duration.FromMinutes(minutes);
        var open = await Ladder.IsOpenAsync(act.Settings, act.Now);
        var warned = 0;
        var unclaimed = await Due.RedWithoutOwner(act.Read)
            .Where(c => act.Read.Of<ContactLine>().Any(l => l.ContactId == c.Id && l.State == LineState.Waiting && l.Rating == Rating.Red && l.RatedAt <= since)
                && !act.Read.Of<Notice>().Any(n => n.SubjectId == c.Id && n.Kind == "red-unclaimed" && n.ClosedAt == null && n.RaisedAt > since))
            .Select(c => new { c.Id, c.Reference })
            .ToListAsync();
        foreach (var contact in unclaimed)
        {
            // One standing warning a contact: the one before gives way to this.
            foreach (var before in await act.Platform.LoadAsync<Notice>(n => n.SubjectId == contact.Id && n.Kind == "red-unclaimed" && n.ClosedAt == null)) before.ClosedAt = act.Now;
            act.Notify(
                "red-unclaimed",
                "Contact",
                contact.Id,
                $"{contact.Reference} is red and nobody has claimed it.",
                toRoles: open ? LineDesk.Raters : Roles.DutyTeam,
                climbsAt: act.Now + Duration.FromMinutes(minutes));
            act.Live("queue", "contact", contact.Id, 0);
            warned++;
        }

        return warned;
    }
}

/// <summary>Unread climbs: owner, deputy, manager, duty head; out of hours it starts with the duty team.</summary>
internal sealed class ClimbNoticesHandler : WatchHandler<ClimbNotices>
{
    public override async Task<Outcome<int>> HandleAsync(ClimbNotices command, Act act)
    {
        var ladder = await act.Settings.GetAsync<LadderSettings>("ladder");
        var open = await Ladder.IsOpenAsync(act.Settings, act.Now);
        var now = act.Now;
        var due = await act.Platform.LoadAsync<Notice>(n => n.ClimbsAt <= now && n.SeenAt == null && n.ClosedAt == null);
        foreach (var notice in due)
        {
            // The first step out of hours is the duty team, whatever step it had reached by day.
            var reached = open ? notice.Level + 1 : (notice.ToRoles & (int)Roles.DutyTeam) == 0 ? 0 : notice.Level + 1;
            var step = Ladder.Step(ladder, open, reached);
            notice.Level++;
            notice.ToRoles |= (int)step.AnyOf;
            notice.ClimbsAt = now + Duration.FromMinutes(step.Minutes);
            act.Live("notices", "notice", notice.Id, notice.Level);
        }

        return due.Count;
    }
}
