using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

internal sealed class AddShiftHandler : Handler<AddShift, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(AddShift command, Act act) =>
        ValueTask.FromResult(act.NeedsHub(Roles.HubManager | Roles.BusinessSupport | Roles.DutyTeam, "keep the duty rota"));

    public override async ValueTask CheckAsync(AddShift command, Problems problems, Act act)
    {
        if (!await HubPeople.Of(act.Read, act.Today).AnyAsync(p => p.AccountId == command.AccountId)) problems.Add("AccountId", "Choose a person of the hub's own team.");
        if (command.End <= command.Start) problems.Add("End", "The shift must end after it starts.");
        else if (command.End - command.Start > Duration.FromHours(24)) problems.Add("End", "A shift is at most 24 hours long.");
        if (command.End <= act.Now) problems.Add("End", "This shift is already over.");
        if (await act.Read.Of<DutyShift>().AnyAsync(s => s.AccountId == command.AccountId && s.EndedAt == null && s.Start < command.End && s.End > command.Start))
            problems.Add("Start", "This person already has a shift at that time.");
    }

    public override Task<Outcome<Guid>> HandleAsync(AddShift command, Act act)
    {
        var shift = act.Write.Add(new DutyShift { Id = act.NewId(), AccountId = command.AccountId, Kind = command.Kind, Start = command.Start, End = command.End });
        act.About("DutyShift", shift.Id);
        act.Live("queue", "duty", shift.Id, 0);
        return Task.FromResult<Outcome<Guid>>(shift.Id);
    }
}

/// <summary>The end of a shift: everything the person holds goes to a named person who acknowledges, or back into the queue, marked (practice rule 4).</summary>
internal sealed class EndShiftHandler : Handler<EndShift, ShiftEnded>
{
    public override async ValueTask<string?> AuthoriseAsync(EndShift command, Act act)
    {
        act.About("DutyShift", command.ShiftId);
        if (act.NeedsHub(LineDesk.AnyHub, "end a shift") is { } refusal) return refusal;
        var account = act.Actor.AccountId;
        var others = await act.Read.Of<DutyShift>().AnyAsync(s => s.Id == command.ShiftId && s.AccountId != account);
        return others && !act.Actor.Has(Roles.HubManager) ? "A shift is ended by whoever works it, or by the hub manager." : null;
    }

    public override async ValueTask CheckAsync(EndShift command, Problems problems, Act act)
    {
        if (command.ToAccountId is not { } to) return;
        if (!await HubPeople.Of(act.Read, act.Today).AnyAsync(p => p.AccountId == to)) problems.Add("ToAccountId", "Choose a person of the hub's own team.");
        if (await act.Read.Of<DutyShift>().AnyAsync(s => s.Id == command.ShiftId && s.AccountId == to)) problems.Add("ToAccountId", "Hand over to somebody else.");
    }

    public override async Task<Outcome<ShiftEnded>> HandleAsync(EndShift command, Act act)
    {
        if (await act.Write.FindAsync<DutyShift>(command.ShiftId) is not { } shift) return new Outcome<ShiftEnded>.NotFound();
        if (shift.EndedAt is not null) return new Outcome<ShiftEnded>.Conflict("This shift has been ended already.");
        shift.EndedAt = act.Now;
        act.Because(command.Note);
        var who = shift.AccountId;
        var contacts = await Held.ContactsAsync(act, who);
        var checks = await act.Read.Of<AgencyCheck>().Where(c => c.AskedBy == who && c.State == CheckState.Asked).Select(c => c.Id).ToListAsync();
        var drafts = await act.Platform.LoadAsync<Draft>(d => d.AccountId == who && d.SentAt == null);
        if (command.ToAccountId is { } to)
        {
            var pending = (await act.Read.Of<HandOver>().Where(h => h.FromAccountId == who && h.ClosedAt == null).Select(h => h.SubjectId).ToListAsync()).ToHashSet();
            var note = string.IsNullOrWhiteSpace(command.Note) ? "End of shift." : "End of shift: " + command.Note.Trim();
            foreach (var contact in contacts.Where(c => !pending.Contains(c.Id))) Add(act, HandOverKinds.Contact, contact.Id, who, to, note);
            foreach (var check in checks.Where(c => !pending.Contains(c))) Add(act, HandOverKinds.Check, check, who, to, note);
            foreach (var draft in drafts.Where(d => !pending.Contains(d.Id)))
            {
                draft.HandedToAccountId = to;
                draft.HandedAt = act.Now;
                Add(act, HandOverKinds.Draft, draft.Id, who, to, note);
            }

            if (contacts.Count + checks.Count + drafts.Count > 0)
                act.Notify("shift-handed", "DutyShift", shift.Id, $"A shift ended: {Platform.Furniture.Words.Count(contacts.Count, "contact", "contacts")}, {Platform.Furniture.Words.Count(checks.Count, "check", "checks")} and {Platform.Furniture.Words.Count(drafts.Count, "draft", "drafts")} wait for you to acknowledge.", toAccount: to, climbsAt: act.Now + Duration.FromMinutes(30));
        }
        else
        {
            foreach (var contact in contacts) Held.Return(act, contact);
        }

        act.Live("queue", "duty", shift.Id, 0);
        return new ShiftEnded(contacts.Count, checks.Count, drafts.Count);
    }

    private static void Add(Act act, string kind, Guid id, Guid from, Guid to, string note) =>
        act.Write.Add(new HandOver { Id = act.NewId(), SubjectKind = kind, SubjectId = id, FromAccountId = from, ToAccountId = to, Reason = note, At = act.Now });
}

/// <summary>What a person holds of the queue.</summary>
internal static class Held
{
    /// <summary>Claimed contacts with a line that waits.</summary>
    public static Task<List<Contact>> ContactsAsync(Act act, Guid owner) =>
        act.Write.LoadAsync<Contact>(c => c.OwnerAccountId == owner && act.Read.Of<ContactLine>().Any(l => l.ContactId == c.Id && l.State == LineState.Waiting));

    /// <summary>Back into the queue, marked by a notice that stands until someone claims it.</summary>
    public static void Return(Act act, Contact contact)
    {
        contact.OwnerAccountId = null;
        contact.OwnedSince = null;
        act.Notify("off-shift", "Contact", contact.Id, $"{contact.Reference} is back in the queue: its owner is off shift.", toRoles: LineDesk.AnyHub, climbsAt: act.Now + Duration.FromMinutes(30));
        act.Live("queue", "contact", contact.Id, 0);
    }
}

/// <summary>The receiver of a shift acknowledges all of it; each item then changes hands by itself.</summary>
internal sealed class AcceptShiftHandler : Handler<AcceptShift, int>
{
    public override ValueTask<string?> AuthoriseAsync(AcceptShift command, Act act) => ValueTask.FromResult(act.NeedsHub(LineDesk.AnyHub, "take over a shift"));

    public override async Task<Outcome<int>> HandleAsync(AcceptShift command, Act act)
    {
        var account = act.Actor.AccountId;
        var all = await act.Write.LoadAsync<HandOver>(h => h.FromAccountId == command.FromAccountId && h.ToAccountId == account && h.ClosedAt == null);
        if (all.Count == 0) return new Outcome<int>.Conflict("Nothing from this person waits for you any more.");
        foreach (var handOver in all) await AnswerHandOverHandler.AcceptAsync(act, handOver, null);
        foreach (var notice in await act.Platform.LoadAsync<Notice>(n => n.Kind == "shift-handed" && n.ToAccountId == account && n.ClosedAt == null))
        {
            notice.SeenAt ??= act.Now;
            notice.SeenBy ??= account;
            notice.ClosedAt = act.Now;
        }

        return all.Count;
    }
}

/// <summary>Seen is an event: a notice for me, for my role or for my agency.</summary>
internal sealed class SeeNoticeHandler : Handler<SeeNotice, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(SeeNotice command, Act act)
    {
        var notice = await act.Read.Of<Notice>().SingleOrDefaultAsync(n => n.Id == command.NoticeId);
        if (notice is null) return null;
        act.About(notice.SubjectKind, notice.SubjectId);
        return IsFor(act.Actor, notice) ? null : "This notice is for somebody else.";
    }

    public override async Task<Outcome<Nothing>> HandleAsync(SeeNotice command, Act act)
    {
        if (await act.Platform.FindAsync<Notice>(command.NoticeId) is not { } notice) return new Outcome<Nothing>.NotFound();
        notice.SeenAt ??= act.Now;
        notice.SeenBy ??= act.Actor.AccountId;
        return Nothing.Value;
    }

    internal static bool IsFor(Platform.Access.Viewer viewer, Notice notice) =>
        notice.ToAccountId == viewer.AccountId && viewer.AccountId is not null
        || viewer.IsHub && viewer.Has((Roles)notice.ToRoles)
        || notice.ToAgencyId is { } agency && viewer.AgencyId == agency;
}
