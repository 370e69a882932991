using NodaTime;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Files;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Live;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
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
        room.Handles<RaiseContact, int, RaiseContactHandler>();
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
        room.Ticks<DeliveryTick>();
        room.Services.AddSingleton(sp => TellOptions.Read(sp.GetRequiredService<IConfiguration>(), sp.GetRequiredService<HubOptions>()));
        room.Services.AddSingleton<ITellTransport>(sp => sp.GetRequiredService<TellOptions>() switch
        {
            { Transport: "notify" } options => new NotifyTransport(options),
            { Transport: "smtp" } options => new SmtpTransport(options),
            { Transport: "log" } => new LogTransport(sp.GetRequiredService<RecordStore>(), sp.GetRequiredService<IClock>()),
            _ => new NoTransport(),
        });
        room.Services.AddSingleton<IOutboxSender, TellSender>();
        room.Fills<IFrontPageTile, IdentityTile>();
        room.Fills<IFrontPageTile, ReporterTile>();
        room.Fills<IFrontPageTile, NotToldTile>();
        room.Fills<INavCount, QueueCount>();
        room.Fills<INavCount, TellingCount>();
        room.Fills<INavCount, HandOverCount>();
        room.Fills<IDutyLine, DutyLine>();
        room.Fills<IMyWork, ScreeningWork>();
        room.Fills<ILinkSource, ContactLinks>();
        room.Fills<ILiveGroup, QueueGroup>();
        room.Fills<IFileOwner, ContactFiles>();
        room.Navigates(new NavLink("Queue", "/queue", "q", 20, v => v.WorksInHub));
        room.Navigates(new NavLink("Not told yet", "/tellings", "t", 60, v => v.WorksInHub));
        room.Navigates(new NavLink("Duty", "/duty", "d", 70, v => v.WorksInHub));
        room.Navigates(new NavLink("Hand-overs", "/hand-overs", "o", 75, v => v.Roles != Roles.None));
        room.Navigates(new NavLink("My reports", "/my-reports", "m", 80, v => v.Has(Roles.Referrer)));
        room.Listens<EnquiryOpened, LinesWaitInEnquiry>();
        room.Listens<EnquiryDecided, EnquirySettlesLines>();
        room.Listens<LineSettled, TellWhenSettled>();
        room.Listens<HandedOver, HandedOverMoves>();
    }
}
