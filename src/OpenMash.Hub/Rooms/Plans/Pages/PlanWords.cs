using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans.Pages;

/// <summary>The words of this room's states.</summary>
internal static class PlanWords
{
    public static string Of(DutyState state) => state switch
    {
        DutyState.Due => "due",
        DutyState.Overdue => "overdue",
        DutyState.InTime => "done in time",
        DutyState.Late => "done late",
        DutyState.FellAway => "the plan ended first",
        DutyState.Excused => "not this time, approved",
        DutyState.NotHeld => "not held: the file does not carry it",
        _ => "could not be counted",
    };

    public static string Of(ReviewDecision decision) => decision switch
    {
        ReviewDecision.Continue => "the plan goes on",
        ReviewDecision.StepUp => "step up",
        ReviewDecision.StepDown => "step down",
        _ => "close",
    };

    public static string Of(StepKind kind) => kind switch
    {
        StepKind.Up => "Step up",
        StepKind.Down => "Step down",
        _ => "Closing",
    };

    public static string Of(StepState state) => state switch
    {
        StepState.Proposed => "waits for a second person",
        StepState.Done => "done",
        _ => "not agreed",
    };

    public static string Of(PlanVisit visit)
    {
        var seen = visit.Meeting switch
        {
            VisitMeeting.Seen => "Seen",
            VisitMeeting.Observed => "Observed",
            VisitMeeting.MotherSeen => "Mother seen",
            _ => "Not seen",
        };
        if (visit.Meeting is VisitMeeting.NotSeen or VisitMeeting.MotherSeen) return seen;
        return seen + (visit.SeenAlone ? ", alone" : ", not alone") + (visit.BedroomSeen ? ", bedroom seen" : "");
    }
}
