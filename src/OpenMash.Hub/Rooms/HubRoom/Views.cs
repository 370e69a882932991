using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>
/// An agency's own view and level of concern, before it sees the others'. They open when every agency that takes part has recorded one. A later view stands beside the
/// earlier, which is never changed.
/// </summary>
internal sealed class RecordAgencyViewHandler : Handler<RecordAgencyView, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(RecordAgencyView command, Act act) => RoomActs.InRoomAsync(act, command.EnquiryId);

    public override async ValueTask CheckAsync(RecordAgencyView command, Problems problems, Act act)
    {
        if (command.Level is < 0 or > 4) problems.Add("Level", "Choose a level from 1 to 4, or that your agency cannot say yet.");
        problems.Require(command.Words, "ViewWords", "Say what your agency thinks, and why.");
        problems.MaxLength(command.Words, 20_000, "ViewWords", "The view");
        if (act.Actor.AgencyId is { } agency && !(await act.AgenciesAsync(command.EnquiryId)).Contains(agency))
            problems.Add("ViewWords", "Your agency does not take part in this room.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(RecordAgencyView command, Act act)
    {
        var enquiry = await act.TouchAsync(command.EnquiryId);
        var agency = act.Actor.AgencyId!.Value;
        var view = act.Write.Add(new AgencyView
        {
            Id = act.NewId(),
            EnquiryId = enquiry.Id,
            AgencyId = agency,
            ByAccountId = act.Actor.AccountId!.Value,
            Level = command.Level,
            Words = command.Words.Trim(),
            At = act.Now,
            Blind = enquiry.ViewsOpenedAt is null,
            Sequence = enquiry.Sequence,
        });
        await act.CloseDraftAsync(command.DraftId, enquiry.Reference);
        if (enquiry.ViewsOpenedAt is null)
        {
            var recorded = await act.Read.Of<AgencyView>().Where(v => v.EnquiryId == enquiry.Id).Select(v => v.AgencyId).Distinct().ToListAsync();
            var agencies = await act.AgenciesAsync(enquiry.Id);
            if (agencies.All(a => a == agency || recorded.Contains(a)))
            {
                enquiry.ViewsOpenedAt = act.Now;
                act.TellRoom(enquiry, "views-open", enquiry.Id);
            }
        }

        act.TellRoom(enquiry, "view", view.Id);
        return view.Id;
    }
}

/// <summary>The chair, or the manager, opens the views before all are in; everybody sees the reason.</summary>
internal sealed class OpenViewsHandler : Handler<OpenViews, Nothing>
{
    public override async ValueTask<string?> AuthoriseAsync(OpenViews command, Act act)
    {
        if (await RoomActs.HubInRoomAsync(act, command.EnquiryId, RoomActs.Deciders, "open the views early") is { } refusal) return refusal;
        if (act.Actor.IsSystem || act.Actor.Has(Roles.HubManager | Roles.DutyTeam)) return null;
        var chair = await act.Read.Of<Enquiry>().Where(e => e.Id == command.EnquiryId).Select(e => e.ChairAccountId).SingleAsync();
        return chair == act.Actor.AccountId ? null : "The chair of this room, the hub manager or the duty team opens the views early.";
    }

    public override ValueTask CheckAsync(OpenViews command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "OpenReason", "Say why the views open before all are in; everyone in the room sees it.");
        problems.MaxLength(command.Reason, 2000, "OpenReason", "The reason");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(OpenViews command, Act act)
    {
        var enquiry = await act.TouchAsync(command.EnquiryId);
        if (enquiry.ViewsOpenedAt is not null) return new Outcome<Nothing>.Conflict("The views have opened meanwhile.");
        enquiry.ViewsOpenedAt = act.Now;
        enquiry.ViewsOpenedBy = act.Actor.AccountId;
        enquiry.ViewsOpenedReason = command.Reason.Trim();
        act.Because(command.Reason);
        act.TellRoom(enquiry, "views-open", enquiry.Id);
        return Nothing.Value;
    }
}
