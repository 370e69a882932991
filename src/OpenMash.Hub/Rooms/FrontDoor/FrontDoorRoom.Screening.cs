using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>The staff side: screening, tellings, rota.</summary>
internal sealed partial class FrontDoorRoom
{
    private static void RegisterScreening(RoomBuilder room)
    {
        room.Handles<AcknowledgeContact, Nothing, AcknowledgeContactHandler>();
        room.Handles<ReleaseContact, Nothing, ReleaseContactHandler>();
        room.Handles<TakeUpConsultation, Nothing, TakeUpConsultationHandler>();
        room.Handles<RateLine, Nothing, RateLineHandler>();
        room.Handles<DecideLine, LineDecided, DecideLineHandler>();
        room.Handles<SecondDecision, Nothing, SecondDecisionHandler>();
        room.Handles<AcknowledgeAllegation, Nothing, AcknowledgeAllegationHandler>();
        room.Handles<MergeLine, Nothing, MergeLineHandler>();
        room.Handles<AddLine, Guid, AddLineHandler>();
        room.Handles<RecordTelling, Nothing, RecordTellingHandler>();
        room.Handles<ReportDelivery, Nothing, ReportDeliveryHandler>();
        room.Handles<OpenMyReports, int, OpenMyReportsHandler>();
        room.Handles<HandOverItem, Guid, HandOverItemHandler>();
        room.Handles<AnswerHandOver, Nothing, AnswerHandOverHandler>();
        room.Handles<AddShift, Guid, AddShiftHandler>();
        room.Handles<EndShift, ShiftEnded, EndShiftHandler>();
        room.Handles<AcceptShift, int, AcceptShiftHandler>();
        room.Handles<SeeNotice, Nothing, SeeNoticeHandler>();
        room.Handles<RecallConsents, int, RecallConsentsHandler>();
        room.Handles<ReturnOffShift, int, ReturnOffShiftHandler>();
        room.Handles<WatchRed, int, WatchRedHandler>();
        room.Handles<ClimbNotices, int, ClimbNoticesHandler>();
        room.Ticks<ScreeningTick>();
        room.Listens<EnquiryOpened, LinesWaitInEnquiry>();
        room.Listens<EnquiryDecided, EnquirySettlesLines>();
        room.Listens<LineSettled, TellWhenSettled>();
        room.Listens<HandedOver, HandedOverMoves>();
    }
}
