using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Messages;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>Asking an agency and keeping time over its answer.</summary>
internal static class CheckDesk
{
    /// <summary>The clock rule of a rating; null for blue, which has no limit.</summary>
    public static string? RuleOf(Rating rating) => rating switch
    {
        Rating.Red => "check.answer.red",
        Rating.Amber => "check.answer.amber",
        Rating.Green => "check.answer.green",
        _ => null,
    };

    public static async Task<AgencyCheck> AskAsync(Act act, Enquiry enquiry, Guid agencyId, string question, string purpose, string lawfulBasis)
    {
        var id = act.NewId();
        Instant? due = null, remind = null;
        if (RuleOf(enquiry.Rating) is { } rule)
        {
            var clock = await act.Clocks.StartAsync(rule, nameof(AgencyCheck), id, enquiry.Id, act.Now, agencyId);
            due = clock.DueAt;
            var settings = await act.Settings.GetAsync<RoomSettings>("room");
            var before = Duration.FromTicks((long)((clock.DueAt - act.Now).TotalTicks * (1 - settings.RemindAtPartOfLimit)));
            remind = Instant.Max(act.Now, clock.DueAt - Duration.Max(before, Duration.FromMinutes(settings.RemindAtLeastMinutes)));
            // An overnight limit would remind in the night; the last hour before it lapses is then the better moment.
            if (!await act.IsOpenAsync(remind.Value) && await act.IsOpenAsync(clock.DueAt - Duration.FromHours(1))) remind = clock.DueAt - Duration.FromHours(1);
        }

        var check = act.Write.Add(new AgencyCheck
        {
            Id = id,
            EnquiryId = enquiry.Id,
            AgencyId = agencyId,
            Question = question,
            Purpose = purpose,
            LawfulBasis = lawfulBasis,
            AskedAt = act.Now,
            AskedBy = act.Actor.AccountId ?? Guid.Empty,
            DueAt = due,
            RemindAt = remind,
        });
        var by = due is { } d ? $", due {RelativeTime.Full(d)}" : "";
        act.Notify("check-asked", nameof(AgencyCheck), check.Id, $"{enquiry.Reference}: a check is asked of your agency{by}.", toRoles: Roles.Researcher, toAgency: agencyId, climbsAt: remind);
        act.Send(CheckPost.MessageKind, $"check-asked:{check.Id:N}", new CheckMessage(check.Id, "asked"));
        act.Live($"checks:{agencyId}", "check", check.Id, enquiry.Sequence);
        act.TellRoom(enquiry, "check", check.Id);
        return check;
    }

    public static Task<Guid?> EnquiryOfAsync(Act act, Guid checkId) =>
        act.Read.Of<AgencyCheck>().Where(c => c.Id == checkId).Select(c => (Guid?)c.EnquiryId).SingleOrDefaultAsync();

    public static string Words(CheckState state) => state switch
    {
        CheckState.Asked => "not answered",
        CheckState.Answered => "answered",
        CheckState.NothingHeld => "nothing held",
        CheckState.HeldNotShared => "held, not shared",
        CheckState.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };
}

internal sealed class AskCheckHandler : Handler<AskCheck, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(AskCheck command, Act act) => RoomActs.HubInRoomAsync(act, command.EnquiryId, RoomActs.HubTeam, "ask an agency for a check");

    public override async ValueTask CheckAsync(AskCheck command, Problems problems, Act act)
    {
        problems.Require(command.Question, "Question", "Say exactly what is asked.");
        problems.MaxLength(command.Question, 4000, "Question", "The question");
        problems.Require(command.Purpose, "Purpose", "Say why it is asked.");
        problems.Require(command.LawfulBasis, "LawfulBasis", "Give the lawful basis for sharing.");
        if (!await act.Read.Of<Agency>().AnyAsync(a => a.Id == command.AgencyId && a.ClosedOn == null && a.AnswersChecks))
            problems.Add("AgencyId", "Choose an agency that answers checks.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(AskCheck command, Act act)
    {
        var enquiry = await act.TouchAsync(command.EnquiryId);
        await ParticipantDesk.EnsureAsync(act, enquiry, command.AgencyId);
        return (await CheckDesk.AskAsync(act, enquiry, command.AgencyId, command.Question.Trim(), command.Purpose.Trim(), command.LawfulBasis.Trim())).Id;
    }
}

internal sealed class WithdrawCheckHandler : Handler<WithdrawCheck, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(WithdrawCheck command, Act act) =>
        await RoomActs.HubInRoomAsync(act, await CheckDesk.EnquiryOfAsync(act, command.CheckId), RoomActs.Deciders, "withdraw a check");

    public override ValueTask CheckAsync(WithdrawCheck command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say why the check is withdrawn.");
        problems.MaxLength(command.Reason, 2000, "Reason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(WithdrawCheck command, Act act)
    {
        if (await act.Write.FindAsync<AgencyCheck>(command.CheckId) is not { } check) return new Outcome<Nothing>.NotFound();
        if (check.State != CheckState.Asked) return new Outcome<Nothing>.Conflict($"This check is {CheckDesk.Words(check.State)} already; it cannot be withdrawn.");
        var enquiry = await act.TouchAsync(check.EnquiryId);
        check.State = CheckState.Withdrawn;
        check.WithdrawnBecause = command.Reason.Trim();
        act.Because(command.Reason);
        if (CheckDesk.RuleOf(enquiry.Rating) is { } rule) await act.Clocks.EndAsync(rule, check.Id, "withdrawn");
        await NoticeDesk.CloseAsync(act, check.Id, "check-asked", "check-reminder", "check-late");
        act.TellRoom(enquiry, "check", check.Id);
        act.Live($"checks:{check.AgencyId}", "check", check.Id, enquiry.Sequence);
        return Nothing.Value;
    }
}

/// <summary>An agency's signed answer. What it holds becomes a contribution under its marks; a late answer puts the decision into the queue to look at again.</summary>
internal sealed class AnswerCheckHandler : Handler<AnswerCheck, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(AnswerCheck command, Act act)
    {
        var check = await act.Read.Of<AgencyCheck>().Where(c => c.Id == command.CheckId).Select(c => new { c.EnquiryId, c.AgencyId }).SingleOrDefaultAsync();
        if (await RoomActs.InRoomAsync(act, check?.EnquiryId) is { } refusal) return refusal;
        return act.Actor.AgencyId == check!.AgencyId ? null : $"Only the agency asked can sign the answer. You are {act.Actor.Describe()}.";
    }

    public override async ValueTask CheckAsync(AnswerCheck command, Problems problems, Act act)
    {
        switch (command.As)
        {
            case CheckState.Answered:
                problems.Require(command.Answer, "Answer", "Give what your agency holds.");
                break;
            case CheckState.HeldNotShared:
                problems.Require(command.NotSharedBecause, "NotSharedBecause", "Something is held and not shared: say because of what.");
                break;
            case CheckState.NothingHeld:
                break;
            default:
                problems.Add("As", "Choose: this is what we hold, nothing is held, or held and not shared.");
                break;
        }

        problems.Require(command.SignedAs, "SignedAs", "Type your name to sign: you have looked.");
        problems.MaxLength(command.Answer, RoomActs.MostWords, "Answer", "The answer");
        problems.MaxLength(command.NotSharedBecause, 4000, "NotSharedBecause", "The reason");
        problems.MaxLength(command.SignedAs, 200, "SignedAs", "The name");
        if (command.HappenedOn is { } on && on > act.Today) problems.Add("HappenedOn", "The day it happened lies in the future.");
        if (await CheckDesk.EnquiryOfAsync(act, command.CheckId) is { } enquiry)
            await Marks.CheckAsync(act, problems, enquiry, command.MaySee, command.NamedAgencies);
    }

    public override async Task<Outcome<Nothing>> HandleAsync(AnswerCheck command, Act act)
    {
        if (await act.Write.FindAsync<AgencyCheck>(command.CheckId) is not { } check) return new Outcome<Nothing>.NotFound();
        if (check.State == CheckState.Withdrawn)
            return new Outcome<Nothing>.Conflict("The hub withdrew this check meanwhile. What you hold can still be added to the room as a contribution.");
        if (check.State != CheckState.Asked)
        {
            return new Outcome<Nothing>.Conflict(
                $"{check.SignedAs} has answered meanwhile ({CheckDesk.Words(check.State)}). Your words are kept below: add what is missing to the room as a contribution.");
        }

        var enquiry = await act.TouchAsync(check.EnquiryId);
        check.State = command.As;
        check.AnsweredAt = act.Now;
        check.AnsweredBy = act.Actor.AccountId;
        check.SignedAs = command.SignedAs.Trim();
        check.Answer = command.As == CheckState.Answered ? command.Answer!.Trim() : null;
        check.NotSharedBecause = command.As == CheckState.HeldNotShared ? command.NotSharedBecause!.Trim() : null;
        if (CheckDesk.RuleOf(enquiry.Rating) is { } rule) await act.Clocks.MeetAsync(rule, check.Id, act.Now);
        await NoticeDesk.CloseAsync(act, check.Id, "check-asked", "check-reminder", "check-late");
        await act.CloseDraftAsync(command.DraftId, enquiry.Reference);
        if (command.As == CheckState.Answered)
        {
            var contribution = act.Write.Add(new Contribution
            {
                Id = act.NewId(),
                EnquiryId = enquiry.Id,
                AgencyId = check.AgencyId,
                ByAccountId = act.Actor.AccountId ?? Guid.Empty,
                CheckId = check.Id,
                Words = check.Answer!,
                Nature = command.Nature,
                GivenBy = check.SignedAs,
                HappenedOn = command.HappenedOn,
                KnownAt = act.Now,
                RecordedAt = act.Now,
                MaySee = command.MaySee,
                NamedAgencies = Marks.Named(command.MaySee, command.NamedAgencies),
                MayTellFamily = command.MayTellFamily,
                MayLeaveRoom = command.MayLeaveRoom,
                Sequence = enquiry.Sequence,
            });
            act.AttachFiles(command.Files, contribution.Id);
            act.TellMarked(enquiry, "contribution", contribution.Id, contribution.AgencyId, contribution.MaySee, contribution.NamedAgencies);
        }

        act.Notify("check-answered", nameof(Enquiry), enquiry.Id, $"{enquiry.Reference}: a check has come back.", toAccount: enquiry.ChairAccountId);
        act.TellRoom(enquiry, "check", check.Id);
        act.Live($"checks:{check.AgencyId}", "check", check.Id, enquiry.Sequence);
        await act.LookAgainAsync(enquiry, "answer", check.Id);
        return Nothing.Value;
    }
}

/// <summary>Notices about a thing that is no longer open close by themselves.</summary>
internal static class NoticeDesk
{
    public static async Task CloseAsync(Act act, Guid subjectId, params string[] kinds)
    {
        foreach (var notice in await act.Platform.LoadAsync<Records.Work.Notice>(n => n.SubjectId == subjectId && n.ClosedAt == null && n.SeenAt == null))
        {
            if (kinds.Contains(notice.Kind, StringComparer.Ordinal)) notice.ClosedAt = act.Now;
        }
    }
}

/// <summary>Reminds before a check lapses, and tells the agency and the hub once when it has.</summary>
internal sealed class RemindChecksHandler : Handler<RemindChecks, int>
{
    public override ValueTask<string?> AuthoriseAsync(RemindChecks command, Act act) =>
        ValueTask.FromResult(act.Actor.IsSystem ? null : "Reminders go out by themselves.");

    public override async Task<Outcome<int>> HandleAsync(RemindChecks command, Act act)
    {
        var now = act.Now;
        var due = await act.Write.LoadAsync<AgencyCheck>(c =>
            c.State == CheckState.Asked && ((c.RemindAt <= now && c.RemindedAt == null) || (c.DueAt <= now && c.LateToldAt == null)));
        var ids = due.Select(c => c.EnquiryId).Distinct().ToArray();
        var references = await act.Read.Of<Enquiry>().Where(e => ids.Contains(e.Id)).ToDictionaryAsync(e => e.Id, e => e.Reference);
        var agencyIds = due.Select(c => c.AgencyId).Distinct().ToArray();
        var agencies = await act.Read.Of<Agency>().Where(a => agencyIds.Contains(a.Id)).ToDictionaryAsync(a => a.Id);
        var told = 0;
        foreach (var check in due)
        {
            var reference = references[check.EnquiryId];
            var agency = agencies[check.AgencyId];
            if (check.DueAt is { } dueAt && dueAt <= now)
            {
                if (check.LateToldAt is not null) continue;
                check.LateToldAt = now;
                check.RemindedAt ??= now;
                act.Notify("check-late", nameof(AgencyCheck), check.Id, $"{reference}: the check asked of your agency is late. Answer it or telephone the hub.", toRoles: Roles.Researcher, toAgency: agency.Id);
                act.Notify(
                    "check-late", nameof(AgencyCheck), check.Id, $"{reference}: the check asked of {agency.Name} is late. Telephone {agency.Telephone}.",
                    toRoles: Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam, climbsAt: now + Duration.FromHours(1));
                act.Send(CheckPost.MessageKind, $"check-late:{check.Id:N}", new CheckMessage(check.Id, "late"));
            }
            else
            {
                check.RemindedAt = now;
                act.Notify("check-reminder", nameof(AgencyCheck), check.Id, $"{reference}: the check asked of your agency is due soon.", toRoles: Roles.Researcher, toAgency: agency.Id);
                act.Send(CheckPost.MessageKind, $"check-reminder:{check.Id:N}", new CheckMessage(check.Id, "reminder"));
            }

            act.Live($"checks:{agency.Id}", "check", check.Id, 0);
            act.Live($"enquiry:{check.EnquiryId}", "check", check.Id, 0);
            told++;
        }

        return told;
    }
}

internal sealed record CheckMessage(Guid CheckId, string About);

/// <summary>Sends an agency a message about a check: a reference, a time and a telephone number, never a name.</summary>
internal sealed class CheckPost(IServiceScopeFactory scopes) : IOutboxSender
{
    public const string MessageKind = "check";

    public string Kind => MessageKind;

    public int MostAttempts => 6;

    public async Task SendAsync(short authorityId, OutboxMessage message, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Platform.Web.CurrentAuthority>().Id = authorityId;
        var read = scope.ServiceProvider.GetRequiredService<RecordReader>();
        var content = System.Text.Json.JsonSerializer.Deserialize<CheckMessage>(message.Payload, HubJson.Options)!;
        var found = await (
            from c in read.Of<AgencyCheck>()
            join a in read.Of<Agency>() on c.AgencyId equals a.Id
            join e in read.Of<Enquiry>() on c.EnquiryId equals e.Id
            where c.Id == content.CheckId
            select new { c.State, c.DueAt, a.Email, e.Reference }).SingleAsync(ct);
        // Answered or withdrawn meanwhile: a reminder would only confuse. Without an address the notice in the hub and the telephone remain.
        if (found.State != CheckState.Asked || string.IsNullOrWhiteSpace(found.Email)) return;
        var hub = await scope.ServiceProvider.GetRequiredService<Platform.Web.AuthorityDirectory>().GetAsync(authorityId, ct);
        var due = found.DueAt is { } d ? $" It is due {RelativeTime.Full(d)}." : "";
        var what = content.About switch
        {
            "asked" => "The hub asks your agency for a check.",
            "late" => "The check the hub asked of your agency is late.",
            _ => "The check the hub asked of your agency is due soon.",
        };
        await scope.ServiceProvider.GetRequiredService<IPost>().SendAsync(
            new Letter(message.Key, found.Email, $"{found.Reference}: check", $"{what} Reference {found.Reference}.{due} Sign in to the hub to answer. If you cannot, telephone {hub.Telephone}."), ct);
    }

    public Task GaveUpAsync(short authorityId, OutboxMessage message, string error, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Reminders and ladders of the room.</summary>
internal sealed class RoomTick : ITick
{
    public (string Name, string Purpose) Actor => ("room keeper", "remind agencies of checks and let disagreements climb");

    public async Task TickAsync(Viewer actor, CommandRunner runner, RecordReader read, CancellationToken ct)
    {
        var now = read.Now;
        if (await read.Of<AgencyCheck>().AnyAsync(c => c.State == CheckState.Asked && ((c.RemindAt <= now && c.RemindedAt == null) || (c.DueAt <= now && c.LateToldAt == null)), ct))
            (await runner.RunAsync(new RemindChecks(now), actor, ct)).Expect();
        var due = await read.Of<Escalation>().Where(e => e.ResolvedAt == null && e.LevelDueAt <= now).OrderBy(e => e.LevelDueAt).Select(e => e.Id).ToListAsync(ct);
        foreach (var id in due) (await runner.RunAsync(new ClimbEscalation(id, "Its time at this step was over."), actor, ct)).Expect();
    }
}
