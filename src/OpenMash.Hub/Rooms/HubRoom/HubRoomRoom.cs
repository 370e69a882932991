using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Live;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>The room: several agencies look at one child together, live. What each knows, what each thinks, who disagrees, what was decided and why.</summary>
internal sealed class HubRoomRoom : IRoom
{
    public Room Room => Room.HubRoom;

    public void Register(RoomBuilder room)
    {
        room.Handles<OpenEnquiry, EnquiryOpenedResult, OpenEnquiryHandler>()
            .Handles<AddParticipant, Nothing, AddParticipantHandler>()
            .Handles<AskCheck, Guid, AskCheckHandler>()
            .Handles<WithdrawCheck, Nothing, WithdrawCheckHandler>()
            .Handles<AnswerCheck, Nothing, AnswerCheckHandler>()
            .Handles<RemindChecks, int, RemindChecksHandler>()
            .Handles<Contribute, Guid, ContributeHandler>()
            .Handles<ShareInDanger, Guid, ShareInDangerHandler>()
            .Handles<PostMessage, Guid, PostMessageHandler>()
            .Handles<MarkRoomSeen, Nothing, MarkRoomSeenHandler>()
            .Handles<RecordAgencyView, Guid, RecordAgencyViewHandler>()
            .Handles<OpenViews, Nothing, OpenViewsHandler>()
            .Handles<DecideEnquiry, RoomDecided, DecideEnquiryHandler>()
            .Handles<SecondRoomDecision, Nothing, SecondRoomDecisionHandler>()
            .Handles<SettleLookAgain, Nothing, SettleLookAgainHandler>()
            .Handles<TakePosition, Guid, TakePositionHandler>()
            .Handles<ResolveEscalation, Nothing, ResolveEscalationHandler>()
            .Handles<ClimbEscalation, Nothing, ClimbEscalationHandler>();

        room.Guards(new EnquiryAccess())
            .Guards(new LineAccess())
            .Guards(new ParticipantAccess())
            .Guards(new CheckAccess())
            .Guards(new ContributionAccess())
            .Guards(new MessageAccess())
            .Guards(new ViewAccess())
            .Guards(new DecisionAccess())
            .Guards(new EvidenceAccess())
            .Guards(new PositionAccess())
            .Guards(new EscalationAccess())
            .Guards(new EscalationStepAccess())
            .Guards(new LookAgainAccess())
            .Guards(new SeenAccess());

        room.Ticks<RoomTick>()
            .Fills<IFileOwner, ContributionFiles>()
            .Fills<ILiveGroup, EnquiryGroup>()
            .Fills<ILiveGroup, ChecksGroup>()
            .Fills<ILinkSource, RoomLinks>()
            .Fills<INavCount, ChecksCount>()
            .Fills<IMyWork, RoomWork>()
            .Fills<IFrontPageTile, RoomsTile>()
            .Navigates(new NavLink("Enquiries", "/enquiries", "e", 30, v => EnquiryAccess.IsHubTeam(v) || v.Has(Roles.Researcher)))
            .Navigates(new NavLink("Checks", "/checks", "c", 40, v => v.Has(Roles.Researcher)));
        room.Services.AddSingleton<IOutboxSender, CheckPost>();
    }
}
