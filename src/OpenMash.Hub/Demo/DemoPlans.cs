using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Demo;

/// <summary>
/// A year of plans of every kind, through the real commands. Child protection and looked-after plans are kept up better than child-in-need plans, as the inspection
/// behind this project found: the gap is there to be seen. Its own chance, so that the rest of the borough stays as it was.
/// </summary>
internal sealed class DemoPlans(DemoHistory history, DemoPeople people, RecordStore store, short authority, int seed)
{
    private static readonly string[] Agencies = ["Social care", "Police", "Health", "Education"];

    private static readonly Sort[] Sorts =
    [
        new(PlanKind.EarlyHelp, 10, 28, 42, 56, 42, 0.80, ["adviser"], "Early help team"),
        new(PlanKind.ChildInNeed, 30, 42, 42, 28, 42, 0.66, ["worker1", "worker2"], "Family support team"),
        new(PlanKind.ChildProtection, 14, 21, 150, 28, 28, 0.94, ["worker1", "worker2"], "Family support team"),
        new(PlanKind.LookedAfter, 10, 42, 150, 42, 170, 0.92, ["worker2"], "Children in care team"),
        new(PlanKind.CareLeaver, 8, 56, 170, 56, 170, 0.86, ["adviser"], "Children in care team"),
    ];

    private static readonly string[] Whys =
    [
        "There were fights at home, and the children heard them.",
        "School was missed often, and nobody at home was well enough to help.",
        "The flat was cold and unsafe, and there was no money for food at the end of the month.",
        "A parent drinks, and the children looked after one another.",
    ];

    private static readonly (string What, string Baseline, string Measure, string Now)[] Goals =
    [
        ("The children go to school every day", "six days in ten", "nine days in ten for a term", "eight days in ten"),
        ("Nobody shouts or hits at home", "police called twice in a month", "no call for three months", "one call since the summer"),
        ("There is food and heating every week", "none in the last week of the month", "the worker sees both at each visit", "seen at the last two visits"),
        ("Somebody safe is there after school", "alone until seven", "the aunt collects them each day", "three days in five"),
    ];

    private static readonly string[] Words = ["It is quieter now.", "I like it when gran comes.", "Nobody asked me before.", "I want to stay at my school.", "He has not been back.", "I am tired of people asking."];

    private static readonly string[] Notes =
    [
        "At home with the mother. Kitchen clean, food in the fridge; talked about mornings.",
        "After school, in the bedroom. Showed drawings; spoke about the father's visits.",
        "Met at school. Quiet at first; said more when walking.",
        "At home. The landlord has mended the heating; benefits are sorted out.",
    ];

    private readonly Random _chance = new(seed);
    private readonly Dictionary<string, Guid> _teams = new(StringComparer.Ordinal);

    public void Plan(IReadOnlyList<DemoChild> children, Instant start, Instant end, Action<Instant, Func<Task>> at)
    {
        at(start, async () =>
        {
            foreach (var (name, manager) in new[] { ("Early help team", "team1"), ("Family support team", "team1"), ("Children in care team", "deputy") })
                if (await history.DoAsync(new SetTeam(null, name, people[manager].AccountId), people["manager"]) is Outcome<Guid>.Done done) _teams[name] = done.Value;
        });
        var taken = new HashSet<Guid>();
        foreach (var sort in Sorts)
        {
            for (var n = 0; n < sort.Count; n++)
            {
                var child = Pick(children, taken, sort.Kind, London.Date(end));
                // Most began in the last half year; some run since the year's beginning.
                var days = n % 4 == 0 ? _chance.Next(240, 350) : _chance.Next(35, 210);
                PlanOne(sort, child, end - Duration.FromDays(days), end, n, at);
            }
        }
    }

    private DemoChild Pick(IReadOnlyList<DemoChild> children, HashSet<Guid> taken, string kind, LocalDate today)
    {
        while (true)
        {
            var child = children[_chance.Next(children.Count)];
            var age = Period.Between(child.Born, today, PeriodUnits.Years).Years;
            if ((kind == PlanKind.CareLeaver) == (age >= 16) && child.Born.PlusYears(5) < today && taken.Add(child.Id)) return child;
        }
    }

    private void PlanOne(Sort sort, DemoChild child, Instant begins, Instant end, int number, Action<Instant, Func<Task>> at)
    {
        begins = Working(begins);
        var worker = people[sort.Workers[number % sort.Workers.Length]];
        var (manager, chair) = (people["team1"], people["reviewing"]);
        var independent = sort.Kind is PlanKind.ChildProtection or PlanKind.LookedAfter;
        var why = Whys[number % Whys.Length];
        var goal = Goals[number % Goals.Length];
        Guid plan = default;
        // A few are past their end; what they lead to is a closure or a step down, seconded.
        var closes = number % 5 == 3 && end - begins > Duration.FromDays(150) ? end - Duration.FromDays(_chance.Next(10, 60)) : (Instant?)null;
        var until = closes ?? end;
        at(begins, async () =>
        {
            var done = await history.DoAsync(
                new StartPlan
                {
                    PersonId = child.Id,
                    Kind = sort.Kind,
                    StartedOn = London.Date(begins),
                    TeamId = _teams.GetValueOrDefault(sort.Team),
                    WorkerId = worker.AccountId,
                    Category = sort.Kind == PlanKind.ChildProtection ? (number % 2 == 0 ? "NEG" : "EMO") : null,
                    Why = why,
                },
                worker);
            if (done is Outcome<Guid>.Done made) plan = made.Value;
        });
        at(begins + Duration.FromDays(6), () => Do(plan, id => new UpdatePlan { PlanId = id, MadeOn = Day(begins, 6), Why = why, Contingency = "We meet within a week and look at it again.", Outcomes = number % 7 == 5 ? [new OutcomeEntry(goal.What, null, null, null)] : [new OutcomeEntry(goal.What, goal.Baseline, goal.Measure, goal.Now)] }, worker));
        at(begins + Duration.FromDays(7), () => Do(plan, id => new AddAction(id, "see the GP about sleep", "Mother", null, Day(begins, 60)), worker));
        if (sort.Kind == PlanKind.ChildInNeed) at(begins + Duration.FromDays(9), () => Do(plan, id => new HoldMeeting(id, Day(begins, 9), IsPlanning: true, Agencies, FamilyCame: true, "Agreed what shall be different and who does what."), worker));
        if (sort.Kind == PlanKind.LookedAfter)
        {
            at(begins + Duration.FromDays(5), () => Do(plan, id => Visit(id, Day(begins, 5), number), worker));
            foreach (var days in new[] { 24, 105 })
                if (begins + Duration.FromDays(days) < until) at(begins + Duration.FromDays(days), () => Do(plan, id => Review(id, Day(begins, days), number, independent), chair));
        }

        // The plan is written anew before each review that the kind has every half year; early help and child in need once, later.
        for (var days = 150; begins + Duration.FromDays(days) < until - Duration.FromDays(1) && number % 3 != 1; days += 150)
        {
            var on = Day(begins, days);
            at(begins + Duration.FromDays(days), () => Do(plan, id => new UpdatePlan { PlanId = id, MadeOn = on, Why = why, Contingency = "We meet within a week and look at it again.", AssessmentUpdated = true, Outcomes = [new OutcomeEntry(goal.What, goal.Baseline, goal.Measure, goal.Now)] }, worker));
        }

        // A worker who lets one slip lets it slip for long; the others keep within the limit.
        Series(begins, until, sort.Visit, sort.InTime, (when, i) => at(when, () => Do(plan, id => Visit(id, London.Date(when), number + i), worker)));
        Series(begins, until, sort.Supervision, Math.Min(0.95, sort.InTime + 0.05), (when, i) => at(when, () => Do(plan, id => new Supervise(id, London.Date(when), "Went through the visits and the actions; what is left is clear.", i % 2 == 0 ? "Calmer at school." : "Nothing yet.", i % 3 == 2), manager)));
        Series(begins, until, sort.Meeting, sort.InTime, (when, _) => at(when, () => Do(plan, id => new HoldMeeting(id, London.Date(when), IsPlanning: false, Agencies[..(2 + (number % 3))], FamilyCame: number % 4 != 1, "Actions gone through; two done, one goes on."), worker)));
        Series(begins, until, sort.Kind == PlanKind.ChildProtection ? 85 : sort.Review, sort.InTime + 0.02, (when, i) => at(when, () => Do(
            plan,
            id => Review(id, London.Date(when), number + i, independent),
            independent ? chair : manager)));
        if (closes is { } last)
        {
            at(last, async () =>
            {
                if (plan == default) return;
                var down = sort.Kind == PlanKind.ChildProtection;
                var step = await history.DoAsync(
                    new StepPlan { PlanId = plan, Kind = down ? StepKind.Down : StepKind.Close, ToKind = down ? PlanKind.ChildInNeed : null, On = London.Date(last), Reason = "What the plan was for has changed for the child, and the family knows whom to call.", FamilysView = Words[number % Words.Length], AuditAnswer = "Looked at each open point; none of them asks for a plan." },
                    worker);
                if (step is Outcome<PlanStepped>.Done { Value.StepId: var id }) at(last + Duration.FromHours(20), async () => await history.DoAsync(new DecideStep(id, Agrees: true, "Read the record and spoke with the worker."), independent ? chair : manager));
            });
        }

        if (number % 6 == 1) at(begins + Duration.FromDays(25), () => Do(plan, id => new MoveReview(id, Day(begins, 80), "The school could not come."), independent ? chair : manager));
    }

    /// <summary>Weeks later: managers look at part of what drifts, and decide what waits for them.</summary>
    public async Task CatchUpAsync(Instant before)
    {
        await using var db = store.Open(authority);
        var waiting = await (from a in db.Set<PlanAlarm>().AsNoTracking() where a.ClosedAt == null && a.SeenAt == null && a.RaisedAt < before orderby a.Id select a).ToListAsync();
        foreach (var alarm in waiting.Where((_, i) => i % 3 == 0)) await history.DoAsync(new SeeAlarm(alarm.Id, "Spoke with the worker; a day is set."), people["team1"]);
    }

    private async Task Do<T>(Guid plan, Func<Guid, ICommand<T>> command, Viewer who)
    {
        // A plan that could not be started has no facts; that it was not is noted once.
        if (plan != default) await history.DoAsync(command(plan), who);
    }

    private RecordVisit Visit(Guid plan, LocalDate on, int number) => new()
    {
        PlanId = plan,
        On = on,
        Meeting = VisitMeeting.Seen,
        SeenAlone = number % 5 != 2,
        BedroomSeen = number % 3 == 0,
        ChildsWords = number % 2 == 0 ? Words[number % Words.Length] : null,
        WhoseWords = number % 2 == 0 ? "The child, to the worker" : null,
        Note = Notes[number % Notes.Length],
    };

    private static HoldReview Review(Guid plan, LocalDate on, int number, bool independent) => new()
    {
        PlanId = plan,
        HeldOn = on,
        ChairedBy = independent ? "Gareth Hughes" : "Claire Robinson",
        Attended = [.. Agencies[..3]],
        ChildsView = Words[number % Words.Length],
        Decision = ReviewDecision.Continue,
        Reason = "Some things are better and not yet safe without the plan.",
    };

    private void Series(Instant from, Instant until, int days, double inTime, Action<Instant, int> each)
    {
        var at = from;
        for (var i = 0; ; i++)
        {
            at += Duration.FromDays(_chance.NextDouble() < inTime ? days * (0.72 + (0.24 * _chance.NextDouble())) : days * (1.15 + (0.9 * _chance.NextDouble())));
            var when = Working(at);
            if (when >= until - Duration.FromHours(12)) return;
            each(when, i);
        }
    }

    /// <summary>Within working hours of a weekday before it.</summary>
    private Instant Working(Instant at)
    {
        var local = at.InZone(London.Zone);
        var back = local.DayOfWeek switch { IsoDayOfWeek.Saturday => 1, IsoDayOfWeek.Sunday => 2, _ => 0 };
        return London.StartOf(local.Date.PlusDays(-back)) + Duration.FromMinutes(_chance.Next(9 * 60, 17 * 60));
    }

    private static LocalDate Day(Instant from, int days) => London.Date(from + Duration.FromDays(days));

    /// <summary>How many plans of a kind there are, and how often what is done on them, in days, by whom, and how much of it in time.</summary>
    private sealed record Sort(string Kind, int Count, int Visit, int Review, int Supervision, int Meeting, double InTime, string[] Workers, string Team);
}
