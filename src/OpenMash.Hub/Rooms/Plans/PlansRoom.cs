using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>One monitor for every plan: referrals, assessments, plans of every kind, their duties, their drift and the figure of how equally they are looked after.</summary>
internal sealed class PlansRoom : IRoom
{
    public Room Room => Room.Plans;

    public void Register(RoomBuilder room)
    {
        room.Services.AddScoped<HistoryReader>();
        room.Services.AddScoped<PlanReader>();
        room.Services.AddScoped<MonitoringReader>();
        room.Services.AddSingleton<AlarmRuns>();
        room.Handles<SetTeam, Guid, SetTeamHandler>()
            .Handles<StartPlan, Guid, StartPlanHandler>()
            .Handles<AllocatePlan, Nothing, AllocatePlanHandler>()
            .Handles<AllocatePlans, int, AllocatePlansHandler>()
            .Handles<RecordVisit, Guid, RecordVisitHandler>()
            .Handles<HoldReview, Guid, HoldReviewHandler>()
            .Handles<MoveReview, Nothing, MoveReviewHandler>()
            .Handles<HoldMeeting, Guid, HoldMeetingHandler>()
            .Handles<Supervise, Guid, SuperviseHandler>()
            .Handles<UpdatePlan, int, UpdatePlanHandler>()
            .Handles<AddAction, Guid, AddActionHandler>()
            .Handles<EndAction, Nothing, EndActionHandler>()
            .Handles<AskException, Guid, AskExceptionHandler>()
            .Handles<DecideException, Nothing, DecideExceptionHandler>()
            .Handles<StepPlan, PlanStepped, StepPlanHandler>()
            .Handles<DecideStep, PlanStepped, DecideStepHandler>()
            .Handles<SeeAlarm, Nothing, SeeAlarmHandler>()
            .Handles<RefreshAlarms, int, RefreshAlarmsHandler>()
            .Handles<OpenReferral, Guid, OpenReferralHandler>()
            .Handles<StartAssessment, Guid, StartAssessmentHandler>()
            .Handles<AdvanceAssessment, Nothing, AdvanceAssessmentHandler>()
            .Handles<HoldStrategy, Guid, HoldStrategyHandler>()
            .Handles<AdvanceSection47, Nothing, AdvanceSection47Handler>()
            .Handles<CloseReferral, Nothing, CloseReferralHandler>();
        room.Guards(new PlanAccess());
        room.Listens<CensusChildrenKnown, CensusHistory>()
            .Listens<PlanTouched, AlarmsOfTouched>()
            .Listens<PlansBrought, AlarmsOfImported>()
            .Listens<AnnexARead, AnnexAPlans>()
            .Listens<LineSettled, ReferralOfLine>()
            .Listens<MentionIdentified, ReferralOfIdentified>();
        room.Ticks<PlanTick>();
        room.Fills<ILinkSource, PlanLinks>()
            .Fills<IMyWork, PlanWork>()
            .Fills<IFrontPageTile, ParityTile>()
            .Navigates(new NavLink("Plans", "/plans", "l", 45, v => v.Kind == ViewerKind.Person && PlanAccess.Reads(v)))
            .Navigates(new NavLink("Parity", "/plans/monitoring", "y", 46, v => MonitoringReader.FaceOf(v) is MonitoringFace.Figures or MonitoringFace.Suppressed));
        room.Fills<IPersonPanel, PersonHistoryPanel>();
        room.Fills<IMentionPanel, MentionHistoryPanel>();
        room.Fills<IChronologySource, PlansChronology>();
    }

    public void Map(IEndpointRouteBuilder app)
    {
        MonitoringApi.Map(app);
    }
}
