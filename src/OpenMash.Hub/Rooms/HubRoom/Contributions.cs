using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>Handling marks of an item.</summary>
internal static class Marks
{
    public static async Task CheckAsync(Act act, Problems problems, Guid enquiryId, MaySee maySee, IReadOnlyList<Guid> named)
    {
        if (maySee != MaySee.NamedAgencies) return;
        if (named.Count == 0)
        {
            problems.Add("NamedAgencies", "Choose at least one agency that may see it.");
            return;
        }

        var inRoom = await act.AgenciesAsync(enquiryId);
        if (named.Any(a => !inRoom.Contains(a))) problems.Add("NamedAgencies", "An agency chosen does not take part in this room.");
    }

    public static List<Guid> Named(MaySee maySee, IReadOnlyList<Guid> named) => maySee == MaySee.NamedAgencies ? [.. named.Distinct()] : [];
}

/// <summary>What an agency brings into the room. A correction annotates the earlier item, which stays.</summary>
internal sealed class ContributeHandler : Handler<Contribute, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(Contribute command, Act act) => RoomActs.InRoomAsync(act, command.EnquiryId);

    public override async ValueTask CheckAsync(Contribute command, Problems problems, Act act)
    {
        problems.Require(command.Words, "Words", "Say what your agency knows.");
        problems.MaxLength(command.Words, RoomActs.MostWords, "Words", "What your agency knows");
        problems.MaxLength(command.GivenBy, 400, "GivenBy", "Who gave it");
        problems.MaxLength(command.ThirdParties, 2000, "ThirdParties", "Third parties");
        problems.MaxLength(command.HappenedWhen, 400, "HappenedWhen", "When it happened");
        if (command.HappenedOn is { } on && on > act.Today) problems.Add("HappenedOn", "The day it happened lies in the future.");
        if (command.KnownAt is { } known && known > act.Now + Duration.FromMinutes(1)) problems.Add("KnownAt", "The time at which you came to know lies in the future.");
        await Marks.CheckAsync(act, problems, command.EnquiryId, command.MaySee, command.NamedAgencies);
        if (command.Concerns.Count > 0)
        {
            var contact = await act.Read.Of<Enquiry>().Where(e => e.Id == command.EnquiryId).Select(e => e.ContactId).SingleOrDefaultAsync();
            var named = await act.Read.Of<Mention>().Where(m => m.ContactId == contact).Select(m => m.Id).ToListAsync();
            if (command.Concerns.Any(c => !named.Contains(c))) problems.Add("Concerns", "A person chosen is not named in this enquiry.");
        }

        if (command.CorrectsId is { } corrects)
        {
            var earlier = await act.Read.Of<Contribution>().Where(c => c.Id == corrects && c.EnquiryId == command.EnquiryId).Select(c => (Guid?)c.AgencyId).SingleOrDefaultAsync();
            if (earlier is null || earlier != act.Actor.AgencyId) problems.Add("CorrectsId", "An agency corrects what it brought itself. Add yours as an item of its own.");
        }
    }

    public override async Task<Outcome<Guid>> HandleAsync(Contribute command, Act act)
    {
        var enquiry = await act.TouchAsync(command.EnquiryId);
        var item = act.Write.Add(new Contribution
        {
            Id = act.NewId(),
            EnquiryId = enquiry.Id,
            AgencyId = act.Actor.AgencyId!.Value,
            ByAccountId = act.Actor.AccountId!.Value,
            Words = command.Words.Trim(),
            Nature = command.Nature,
            Concerns = [.. command.Concerns.Distinct()],
            GivenBy = RoomActs.Tidy(command.GivenBy),
            ThirdParties = RoomActs.Tidy(command.ThirdParties),
            HappenedOn = command.HappenedOn,
            HappenedWhen = RoomActs.Tidy(command.HappenedWhen),
            KnownAt = command.KnownAt is { } known && known < act.Now ? known : act.Now,
            RecordedAt = act.Now,
            MaySee = command.MaySee,
            NamedAgencies = Marks.Named(command.MaySee, command.NamedAgencies),
            MayTellFamily = command.MayTellFamily,
            MayLeaveRoom = command.MayLeaveRoom,
            CorrectsId = command.CorrectsId,
            Sequence = enquiry.Sequence,
        });
        act.AttachFiles(command.Files, item.Id);
        await act.CloseDraftAsync(command.DraftId, enquiry.Reference);
        act.TellMarked(enquiry, "contribution", item.Id, item.AgencyId, item.MaySee, item.NamedAgencies);
        await act.LookAgainAsync(enquiry, "contribution", item.Id);
        return item.Id;
    }
}

/// <summary>Immediate danger: the mark yields, the minimum is passed on with the reason, and its owner is told at once (practice rule 2).</summary>
internal sealed class ShareInDangerHandler : Handler<ShareInDanger, Guid>
{
    public override async ValueTask<string?> AuthoriseAsync(ShareInDanger command, Act act)
    {
        var enquiry = await act.Read.Of<Contribution>().Where(c => c.Id == command.ContributionId).Select(c => (Guid?)c.EnquiryId).SingleOrDefaultAsync();
        if (await RoomActs.HubInRoomAsync(act, enquiry, RoomActs.HubTeam, "pass on an item against its mark") is { } refusal) return refusal;
        var verdict = await act.Read.VerdictAsync<Contribution>(act.Actor, command.ContributionId);
        return verdict.Level >= Platform.Access.AccessLevel.Read ? null : verdict.Words;
    }

    public override async ValueTask CheckAsync(ShareInDanger command, Problems problems, Act act)
    {
        problems.Require(command.Minimum, "Minimum", "Give the least that keeps the child safe, in your own words.");
        problems.MaxLength(command.Minimum, 4000, "Minimum", "What is passed on");
        problems.Require(command.Reason, "Reason", "Say what the immediate danger is.");
        problems.MaxLength(command.Reason, 2000, "Reason", "The reason");
        var enquiry = await act.Read.Of<Contribution>().Where(c => c.Id == command.ContributionId).Select(c => c.EnquiryId).SingleOrDefaultAsync();
        await Marks.CheckAsync(act, problems, enquiry, MaySee.NamedAgencies, command.ToAgencyIds);
    }

    public override async Task<Outcome<Guid>> HandleAsync(ShareInDanger command, Act act)
    {
        if (await act.Read.Of<Contribution>().SingleOrDefaultAsync(c => c.Id == command.ContributionId) is not { } source) return new Outcome<Guid>.NotFound();
        var enquiry = await act.TouchAsync(source.EnquiryId);
        var item = act.Write.Add(new Contribution
        {
            Id = act.NewId(),
            EnquiryId = enquiry.Id,
            AgencyId = act.Actor.AgencyId!.Value,
            ByAccountId = act.Actor.AccountId!.Value,
            Words = command.Minimum.Trim(),
            Nature = source.Nature,
            Concerns = [.. source.Concerns],
            HappenedOn = source.HappenedOn,
            KnownAt = source.KnownAt,
            RecordedAt = act.Now,
            MaySee = MaySee.NamedAgencies,
            // The owner sees what was made of its item.
            NamedAgencies = [.. command.ToAgencyIds.Append(source.AgencyId).Distinct()],
            MayTellFamily = MayDo.No,
            MayLeaveRoom = MayDo.AskFirst,
            SharedFromId = source.Id,
            SharedBecause = command.Reason.Trim(),
            Sequence = enquiry.Sequence,
        });
        act.Because(command.Reason);
        act.Notify(
            "mark-overridden", nameof(Enquiry), enquiry.Id, $"{enquiry.Reference}: because of immediate danger the hub passed on the minimum of an item of your agency against its mark. The reason stands in the room.",
            toRoles: Roles.Researcher, toAgency: source.AgencyId, climbsAt: act.Now + Duration.FromHours(1));
        act.TellMarked(enquiry, "contribution", item.Id, item.AgencyId, item.MaySee, item.NamedAgencies);
        return item.Id;
    }
}

internal sealed class PostMessageHandler : Handler<PostMessage, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(PostMessage command, Act act) => RoomActs.InRoomAsync(act, command.EnquiryId);

    public override ValueTask CheckAsync(PostMessage command, Problems problems, Act act)
    {
        problems.Require(command.Words, "Words", "Write something to say.");
        problems.MaxLength(command.Words, 10_000, "Words", "A message");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Guid>> HandleAsync(PostMessage command, Act act)
    {
        var enquiry = await act.TouchAsync(command.EnquiryId);
        var message = act.Write.Add(new RoomMessage
        {
            Id = act.NewId(),
            EnquiryId = enquiry.Id,
            AgencyId = act.Actor.AgencyId!.Value,
            ByAccountId = act.Actor.AccountId!.Value,
            Words = command.Words.Trim(),
            At = act.Now,
            Sequence = enquiry.Sequence,
        });
        await act.CloseDraftAsync(command.DraftId, enquiry.Reference);
        act.TellRoom(enquiry, "message", message.Id);
        return message.Id;
    }
}

/// <summary>How far one has read. It changes nothing for anyone else, and wakes nobody.</summary>
internal sealed class MarkRoomSeenHandler : Handler<MarkRoomSeen, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(MarkRoomSeen command, Act act)
    {
        act.About(nameof(Enquiry), command.EnquiryId);
        var verdict = await act.Read.VerdictAsync<Enquiry>(act.Actor, command.EnquiryId);
        return verdict.Level >= Platform.Access.AccessLevel.Read && act.Actor.AccountId is not null ? null : verdict.Words;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(MarkRoomSeen command, Act act)
    {
        var account = act.Actor.AccountId!.Value;
        var newest = await act.Read.Of<Enquiry>().Where(e => e.Id == command.EnquiryId).Select(e => e.Sequence).SingleAsync();
        var to = Math.Clamp(command.Sequence, 0, newest);
        var seen = (await act.Write.LoadAsync<RoomSeen>(s => s.AccountId == account && s.EnquiryId == command.EnquiryId)).SingleOrDefault();
        if (seen is null)
        {
            act.Write.Add(new RoomSeen { Id = act.NewId(), EnquiryId = command.EnquiryId, AccountId = account, Sequence = to, At = act.Now });
        }
        else if (to > seen.Sequence)
        {
            seen.Sequence = to;
            seen.At = act.Now;
        }

        return Nothing.Value;
    }
}
