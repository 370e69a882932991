using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>The kinds of thing that can be handed over.</summary>
internal static class HandOverKinds
{
    public const string Contact = nameof(Contact);
    public const string Line = "ContactLine";
    public const string Check = "AgencyCheck";
    public const string Draft = nameof(Draft);

    public static string Word(string kind) => kind switch
    {
        Contact => "contact",
        Line => "child of a contact",
        Check => "check asked of an agency",
        Draft => "draft",
        _ => kind,
    };
}

/// <summary>Hands something over. Until a named receiver acknowledges, the sender owns it and its clocks run (practice rule 5).</summary>
internal sealed class HandOverItemHandler : Handler<HandOverItem, Guid>
{
    public override async ValueTask<string?> AuthoriseAsync(HandOverItem command, Act act)
    {
        switch (command.SubjectKind)
        {
            case HandOverKinds.Contact:
                return await LineDesk.MayWorkAsync(act, command.SubjectId, LineDesk.AnyHub, "hand over a contact");
            case HandOverKinds.Line:
                return await LineDesk.MayWorkAsync(act, await LineDesk.ContactOfAsync(act, command.SubjectId), LineDesk.Raters, "hand over a child's line");
            case HandOverKinds.Check:
                act.About(command.SubjectKind, command.SubjectId);
                return act.NeedsHub(LineDesk.AnyHub, "hand over a check");
            case HandOverKinds.Draft:
                act.About(command.SubjectKind, command.SubjectId);
                if (act.NeedsHub(LineDesk.AnyHub, "hand over a draft") is { } refusal) return refusal;
                var account = act.Actor.AccountId;
                return await act.Read.Of<Draft>().AnyAsync(d => d.Id == command.SubjectId && d.AccountId != account) ? "A draft is handed over by whoever writes it." : null;
            default:
                return null;
        }
    }

    public override async ValueTask CheckAsync(HandOverItem command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say what the receiver needs to know.");
        if (command.SubjectKind is not (HandOverKinds.Contact or HandOverKinds.Line or HandOverKinds.Check or HandOverKinds.Draft))
            problems.Add("SubjectKind", "Only contacts, children's lines, checks and drafts are handed over.");
        var receivers = (command.ToAccountId is null ? 0 : 1) + (command.ToAgencyId is null ? 0 : 1) + (string.IsNullOrWhiteSpace(command.ToTeam) ? 0 : 1);
        if (receivers != 1) problems.Add("ToAccountId", "Choose one receiver: a person, a team or an agency.");
        if (command.ToAccountId == act.Actor.AccountId && command.ToAccountId is not null) problems.Add("ToAccountId", "Choose somebody else: it is yours already.");
        if (command.ToAccountId is { } account && command.SubjectKind != HandOverKinds.Line && !await HubPeople.Of(act.Read, act.Today).AnyAsync(p => p.AccountId == account))
            problems.Add("ToAccountId", "The receiver must be a person of the hub's own team today.");
        if (command.SubjectKind != HandOverKinds.Line && (command.ToAgencyId is not null || !string.IsNullOrWhiteSpace(command.ToTeam)))
            problems.Add("ToAccountId", "Name a person of the hub who takes it. A child goes to a team or an agency by its outcome.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(HandOverItem command, Act act)
    {
        if (await act.Read.Of<HandOver>().AnyAsync(h => h.SubjectId == command.SubjectId && h.ClosedAt == null))
            return new Outcome<Guid>.Conflict("It is already being handed over and waits to be acknowledged.");
        string reference;
        switch (command.SubjectKind)
        {
            case HandOverKinds.Contact:
                if (await act.Write.FindAsync<Contact>(command.SubjectId) is not { } contact) return new Outcome<Guid>.NotFound();
                if (contact.OwnerAccountId is { } owner && owner != act.Actor.AccountId && !act.Actor.Has(Roles.HubManager))
                    return new Outcome<Guid>.Conflict("It belongs to somebody else now. Take it over first, or ask them or the manager.");
                if (contact.OwnerAccountId is null)
                {
                    contact.OwnerAccountId = act.Actor.AccountId;
                    contact.OwnedSince = act.Now;
                }

                LineDesk.Seen(act, contact);
                reference = contact.Reference;
                break;
            case HandOverKinds.Line:
                if (await act.Write.FindAsync<ContactLine>(command.SubjectId) is not { } line) return new Outcome<Guid>.NotFound();
                if (line.State != LineState.Waiting || line.Outcome is not { } outcome || !LineDesk.SendsOn(outcome))
                    return new Outcome<Guid>.Conflict("Only a child whose outcome goes to another team or authority is handed over. Decide that first.");
                reference = await act.Read.Of<Contact>().Where(c => c.Id == line.ContactId).Select(c => c.Reference).SingleAsync();
                break;
            case HandOverKinds.Check:
                if (!await act.Read.Of<AgencyCheck>().AnyAsync(c => c.Id == command.SubjectId && c.State == CheckState.Asked)) return new Outcome<Guid>.NotFound();
                reference = "A check";
                break;
            default:
                if (await act.Platform.FindAsync<Draft>(command.SubjectId) is not { SentAt: null } draft) return new Outcome<Guid>.NotFound();
                draft.HandedToAccountId = command.ToAccountId;
                draft.HandedAt = act.Now;
                reference = "A draft";
                break;
        }

        act.Because(command.Reason);
        var handOver = act.Write.Add(new HandOver
        {
            Id = act.NewId(),
            SubjectKind = command.SubjectKind,
            SubjectId = command.SubjectId,
            FromAccountId = act.Actor.AccountId ?? Guid.Empty,
            ToAccountId = command.ToAccountId,
            ToAgencyId = command.ToAgencyId,
            ToTeam = command.ToTeam,
            Reason = command.Reason.Trim(),
            At = act.Now,
        });
        act.Notify(
            "hand-over",
            "HandOver",
            handOver.Id,
            $"{reference} is handed to you and waits to be acknowledged.",
            toAccount: command.ToAccountId,
            toRoles: command.ToAccountId is null && command.ToAgencyId is null ? Roles.HubManager : Roles.None,
            toAgency: command.ToAgencyId,
            climbsAt: act.Now + Duration.FromMinutes(30));
        act.Live("queue", "hand-over", handOver.Id, 0);
        return handOver.Id;
    }
}

/// <summary>The receiver acknowledges, or gives it back with a reason. For an authority or team that does not sign in here, the hub records who acknowledged.</summary>
internal sealed class AnswerHandOverHandler : Handler<AnswerHandOver, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(AnswerHandOver command, Act act)
    {
        if (await act.Read.Of<HandOver>().SingleOrDefaultAsync(h => h.Id == command.HandOverId) is not { } handOver) return null;
        act.About("HandOver", handOver.Id);
        return MayAnswer(act.Actor, handOver) ? null : "A hand-over is acknowledged by the person or agency it was made to.";
    }

    public override async ValueTask CheckAsync(AnswerHandOver command, Problems problems, Act act)
    {
        if (!command.Accepts) problems.Require(command.Reason, "Reason", "Say why you give it back.");
        var handOver = await act.Read.Of<HandOver>().SingleOrDefaultAsync(h => h.Id == command.HandOverId);
        if (handOver is not null && command.Accepts && IsOnBehalf(act.Actor, handOver))
            problems.Require(command.Reason, "Reason", "Name the person who acknowledged it there, how and when.");
    }

    public override async Task<Outcome<Nothing>> HandleAsync(AnswerHandOver command, Act act)
    {
        if (await act.Write.FindAsync<HandOver>(command.HandOverId) is not { } handOver) return new Outcome<Nothing>.NotFound();
        if (handOver.ClosedAt is not null) return new Outcome<Nothing>.Conflict("This hand-over was answered or withdrawn meanwhile.");
        if (command.Accepts) await AcceptAsync(act, handOver, command.Reason);
        else await GiveBackAsync(act, handOver, command.Reason!.Trim());
        return Nothing.Value;
    }

    internal static bool MayAnswer(Viewer viewer, HandOver handOver)
    {
        if (handOver.ToAccountId is { } account) return viewer.AccountId == account;
        if (handOver.ToAgencyId is { } agency && viewer.AgencyId == agency && viewer.Kind == ViewerKind.Person && viewer.Roles != Roles.None) return true;
        return viewer.IsHub && viewer.Has(LineDesk.Raters);
    }

    internal static bool IsOnBehalf(Viewer viewer, HandOver handOver) => handOver.ToAccountId is null && handOver.ToAgencyId != viewer.AgencyId;

    internal static async Task AcceptAsync(Act act, HandOver handOver, string? words)
    {
        handOver.AcknowledgedAt = act.Now;
        handOver.AcknowledgedBy = act.Actor.AccountId;
        handOver.ClosedAt = act.Now;
        act.Because(words);
        await LineDesk.AnswerNoticesAsync(act, handOver.Id, "hand-over");
        if (handOver.SubjectKind == HandOverKinds.Draft && act.Actor.AccountId is { } receiver && await act.Platform.FindAsync<Draft>(handOver.SubjectId) is { SentAt: null } draft)
        {
            draft.AccountId = receiver;
            draft.HandedToAccountId = null;
        }

        act.Live("queue", "hand-over", handOver.Id, 0);
        act.Raise(new HandedOver(handOver.SubjectKind, handOver.SubjectId, handOver.ToAccountId ?? act.Actor.AccountId, handOver.ToAgencyId));
    }

    private static async Task GiveBackAsync(Act act, HandOver handOver, string reason)
    {
        handOver.RefusedBecause = reason;
        handOver.ClosedAt = act.Now;
        act.Because(reason);
        await LineDesk.AnswerNoticesAsync(act, handOver.Id, "hand-over");
        if (handOver.SubjectKind == HandOverKinds.Line && await act.Write.FindAsync<ContactLine>(handOver.SubjectId) is { State: LineState.Waiting } line)
        {
            // It never left: back in the queue, undecided, its clock as it was.
            line.Outcome = null;
            await LineDesk.SupersedeAsync(act, line.Id);
        }

        if (handOver.SubjectKind == HandOverKinds.Draft && await act.Platform.FindAsync<Draft>(handOver.SubjectId) is { } draft) draft.HandedToAccountId = null;
        act.Notify("given-back", "HandOver", handOver.Id, "Something you handed over was given back.", toAccount: handOver.FromAccountId, climbsAt: act.Now + Duration.FromMinutes(30));
        act.Live("queue", "hand-over", handOver.Id, 0);
    }
}

/// <summary>People who work in the hub on a day.</summary>
internal sealed record HubPerson
{
    public required Guid AccountId { get; init; }
    public required string Name { get; init; }
    public required string JobTitle { get; init; }
}

internal static class HubPeople
{
    public static IQueryable<HubPerson> Of(RecordReader read, LocalDate day) =>
        from m in read.Of<Membership>()
        join g in read.Of<Agency>() on m.AgencyId equals g.Id
        join a in read.Of<Account>() on m.AccountId equals a.Id
        where g.IsHub && m.ValidFrom <= day && (m.ValidTo == null || m.ValidTo >= day) && a.ClosedAt == null
            && (m.Roles & (Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam)) != 0
        select new HubPerson { AccountId = a.Id, Name = a.FullName, JobTitle = m.JobTitle };

    /// <summary>Everyone of the authority with a membership on a day.</summary>
    public static IQueryable<HubPerson> Everyone(RecordReader read, LocalDate day) =>
        from m in read.Of<Membership>()
        join g in read.Of<Agency>() on m.AgencyId equals g.Id
        join a in read.Of<Account>() on m.AccountId equals a.Id
        where m.ValidFrom <= day && (m.ValidTo == null || m.ValidTo >= day) && a.ClosedAt == null
        select new HubPerson { AccountId = a.Id, Name = a.FullName, JobTitle = m.JobTitle };

    /// <summary>Names by account, for pages.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(RecordReader read, IEnumerable<Guid?> accounts, CancellationToken ct)
    {
        var ids = accounts.Where(a => a is not null).Select(a => a!.Value).Distinct().ToArray();
        return await read.Of<Account>().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName, ct);
    }
}
