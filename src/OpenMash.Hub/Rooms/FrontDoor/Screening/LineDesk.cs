using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>What the handlers of screening share: who may act on a contact, how a line is rated and settled, whom red reaches.</summary>
internal static class LineDesk
{
    public const Roles Raters = Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam;
    public const Roles AnyHub = Roles.BusinessSupport | Raters;

    /// <summary>Clocks by rating; blue has none.</summary>
    public static string? TargetRule(Rating rating) => rating switch
    {
        Rating.Red => "contact.target.red",
        Rating.Amber => "contact.target.amber",
        Rating.Green => "contact.target.green",
        Rating.Blue => null,
        _ => throw new ArgumentOutOfRangeException(nameof(rating)),
    };

    /// <summary>Acts that raise protection: one person, one action, without anything else (practice rule 1).</summary>
    public static bool Raises(LineOutcome outcome) => outcome is LineOutcome.StrategyDiscussion or LineOutcome.ImmediateProtection;

    public static bool SendsOn(LineOutcome outcome) => outcome is LineOutcome.AllocatedWorker or LineOutcome.AnotherAuthority;

    /// <summary>Null where the actor may work on this contact; a seal or a conflict of interest gives its own words. Unknown contacts pass: the handler says "not found".</summary>
    public static async Task<string?> MayWorkAsync(Act act, Guid? contactId, Roles roles, string whatFor, AccessLevel least = AccessLevel.Work)
    {
        if (contactId is { } id) act.About("Contact", id);
        if (act.NeedsHub(roles, whatFor) is { } refusal) return refusal;
        if (contactId is not { } known) return null;
        if (!await act.Read.Of<Contact>().AnyAsync(c => c.Id == known)) return null;
        var verdict = await act.Read.VerdictAsync<Contact>(act.Actor, known);
        return verdict.Level >= least ? null : verdict.Words;
    }

    public static async Task<Guid?> ContactOfAsync(Act act, Guid lineId) =>
        await act.Read.Of<ContactLine>().Where(l => l.Id == lineId).Select(l => (Guid?)l.ContactId).SingleOrDefaultAsync();

    /// <summary>A hub person who acts on a contact has seen it; a consultation on which someone acts is a contact from then on.</summary>
    public static void Seen(Act act, Contact contact)
    {
        if (contact.AcknowledgedAt is not null || act.Actor.AccountId is not { } account) return;
        contact.AcknowledgedAt = act.Now;
        contact.AcknowledgedBy = account;
    }

    /// <summary>Notices about a contact that the act has answered.</summary>
    public static async Task AnswerNoticesAsync(Act act, Guid contactId, params string[] kinds)
    {
        foreach (var notice in await act.Platform.LoadAsync<Notice>(n => n.SubjectId == contactId && n.ClosedAt == null && kinds.Contains(n.Kind)))
        {
            notice.SeenAt ??= act.Now;
            notice.SeenBy ??= act.Actor.AccountId;
            notice.ClosedAt = act.Now;
        }
    }

    /// <summary>Writes a rating. The target counts from receipt; the earliest target ever given stays on the line, and every target's clock keeps running.</summary>
    public static async Task RateAsync(Act act, ContactLine line, Rating rating, string reason)
    {
        Instant? due = null;
        if (TargetRule(rating) is { } rule)
        {
            due = (await act.Clocks.DueAsync(rule, line.ReceivedAt)).DueAt;
            var running = await act.Read.Of<RunningClock>().AnyAsync(c => c.SubjectId == line.Id && c.Rule == rule && c.MetAt == null && c.EndedAt == null);
            if (!running) await act.Clocks.StartAsync(rule, "ContactLine", line.Id, line.ContactId, line.ReceivedAt);
        }

        act.Write.Add(new LineRating
        {
            Id = act.NewId(),
            LineId = line.Id,
            Rating = rating,
            Reason = reason,
            At = act.Now,
            ByAccountId = act.Actor.AccountId ?? Guid.Empty,
            TargetDueAt = due,
        });
        if (line.Rating is null) await act.Clocks.MeetAsync("contact.rate", line.Id, act.Now);
        line.Rating = rating;
        line.RatedAt = act.Now;
        if (due is { } target && (line.TargetDueAt is null || target < line.TargetDueAt)) line.TargetDueAt = target;
    }

    /// <summary>Red goes to whoever is on duty now, and climbs for the roles behind them until someone has seen it.</summary>
    public static async Task CallForRedAsync(Act act, Contact contact)
    {
        var text = $"{contact.Reference} is red.";
        var open = await Ladder.IsOpenAsync(act.Settings, act.Now);
        var minutes = await Ladder.FirstMinutesAsync(act.Settings, open);
        act.Notify("red-contact", "Contact", contact.Id, text, toRoles: open ? Raters : Roles.DutyTeam, climbsAt: act.Now + Duration.FromMinutes(minutes));
        foreach (var account in await Rota.OnDutyAsync(act.Read, act.Now))
        {
            if (account != act.Actor.AccountId) act.Notify("red-contact", "Contact", contact.Id, text, toAccount: account);
        }
    }

    /// <summary>A line gets its outcome: its clocks are met or end, and everything that waits for it hears of it.</summary>
    public static async Task SettleAsync(Act act, ContactLine line, LineState state, LineOutcome outcome, string ended)
    {
        line.State = state;
        line.Outcome = outcome;
        line.SettledAt = act.Now;
        line.RecallOn = null;
        line.RecallOwnerId = null;
        foreach (var clock in await OpenClocksAsync(act, line.Id))
        {
            // An allegation's and a consent's clocks are about other duties than the outcome.
            if (!clock.Rule.StartsWith("contact.", StringComparison.Ordinal)) continue;
            if (state == LineState.Decided && clock.Rule != "contact.rate")
            {
                clock.MetAt = act.Now;
            }
            else
            {
                clock.EndedAt = act.Now;
                clock.EndedReason = ended;
            }
        }

        act.Live("queue", "line", line.Id, 0);
        act.Raise(new LineSettled(line.ContactId, line.Id, outcome, state));
    }

    /// <summary>A settled line is opened again (new harm, a hand-over given back): its clocks run on from receipt as if they had never been met.</summary>
    /// <param name="act">The act.</param>
    /// <param name="line">The line.</param>
    /// <param name="clockRuns">False where the same act settles it again at once.</param>
    public static async Task ReopenAsync(Act act, ContactLine line, bool clockRuns)
    {
        line.State = LineState.Waiting;
        line.Outcome = null;
        line.SettledAt = null;
        line.RecallOn = null;
        line.RecallOwnerId = null;
        await SupersedeAsync(act, line.Id);
        if (clockRuns && !await act.Read.Of<RunningClock>().AnyAsync(c => c.SubjectId == line.Id && c.Rule == "contact.decide" && c.MetAt == null && c.EndedAt == null))
            await act.Clocks.StartAsync("contact.decide", "ContactLine", line.Id, line.ContactId, line.ReceivedAt);
        act.Live("queue", "line", line.Id, 0);
    }

    /// <summary>Earlier decisions and proposals of a line give way to what is done now; none is erased.</summary>
    public static async Task SupersedeAsync(Act act, Guid lineId)
    {
        foreach (var decision in await act.Write.LoadAsync<LineDecision>(d => d.LineId == lineId && (d.State == DecisionState.InForce || d.State == DecisionState.Proposed)))
            decision.State = DecisionState.Superseded;
        foreach (var handOver in await act.Write.LoadAsync<HandOver>(h => h.SubjectId == lineId && h.ClosedAt == null))
            handOver.ClosedAt = act.Now;
    }

    public static Task<List<RunningClock>> OpenClocksAsync(Act act, Guid lineId) =>
        act.Platform.LoadAsync<RunningClock>(c => c.SubjectId == lineId && c.MetAt == null && c.EndedAt == null);

    public static string Name(this IReadOnlyDictionary<Guid, string> names, Guid? account) =>
        account is { } id && names.TryGetValue(id, out var name) ? name : "nobody";
}
