using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.HubTests.House;
using OpenMash.HubTests.People;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Plans;

namespace OpenMash.HubTests.Plans;

/// <summary>A hub with a team, its manager and a reviewing officer, and plans in it. The clock stands at 10 March 2026.</summary>
internal sealed class PlanScene
{
    public required TestHub Hub { get; init; }

    public required Guid Team { get; init; }

    public static LocalDate Day(int year, int month, int day) => new(year, month, day);

    public static async Task<PlanScene> OpenAsync(TestHub hub)
    {
        await hub.AddPersonAsync("team", "Tam Team", "hub", Roles.TeamManager, "Team manager");
        await hub.AddPersonAsync("reviewing", "Rae Reviewing", "hub", Roles.ReviewingOfficer, "Reviewing officer");
        await hub.AddPersonAsync("worker2", "Wes Worker", "hub", Roles.SocialWorker, "Social worker");
        return new PlanScene { Hub = hub, Team = await hub.DoAsync("manager", new SetTeam(null, "North team", hub.Account("team"))) };
    }

    public async Task<Guid> ChildAsync(string given = "Nia", LocalDate? born = null) => (await Hub.RegisterAsync(Registered.Entry(given, "Prestwood", born ?? Day(2014, 5, 6))))[0];

    /// <summary>A plan as it is started today, held by "worker".</summary>
    public async Task<Guid> PlanAsync(string kind, LocalDate? on = null, Guid? person = null, string worker = "worker") => await Hub.DoAsync("worker", Start(person ?? await ChildAsync(), kind, on ?? Day(2026, 3, 10), worker));

    public StartPlan Start(Guid person, string kind, LocalDate on, string worker = "worker") => new()
    {
        PersonId = person,
        Kind = kind,
        StartedOn = on,
        TeamId = Team,
        WorkerId = Hub.Account(worker),
        Category = kind == PlanKind.ChildProtection ? "NEG" : null,
        Why = "Home has not been safe, and we want it to be.",
    };

    public static RecordVisit Visit(Guid plan, LocalDate on, bool alone = true) => new() { PlanId = plan, On = on, Meeting = VisitMeeting.Seen, SeenAlone = alone, BedroomSeen = true, Note = "At home." };

    public static HoldReview Review(Guid plan, LocalDate on, ReviewDecision decision = ReviewDecision.Continue) => new()
    {
        PlanId = plan,
        HeldOn = on,
        ChairedBy = "Rae Reviewing",
        Attended = ["Social care", "Police", "Health"],
        Decision = decision,
        Reason = "Seen and agreed.",
    };

    /// <summary>Moves the clock to a day, at noon.</summary>
    public void On(LocalDate day) => Hub.Clock.Set(Instant.FromUtc(day.Year, day.Month, day.Day, 12, 0));

    public async Task<Outcome<T>> TryAsync<T>(string person, ICommand<T> command) => await Hub.Runner.RunAsync(command, await Hub.ViewerAsync(person));

    public async Task<List<T>> AllAsync<T>()
        where T : DomainRow
    {
        await using var db = Hub.Store.Open(Hub.Authority);
        return await db.Set<T>().AsNoTracking().OrderBy(r => r.Id).ToListAsync();
    }

    public async Task<IReadOnlyList<string>> OpenAlarmsAsync(Guid plan) => [.. (await AllAsync<PlanAlarm>()).Where(a => a.PlanId == plan && a.ClosedAt is null).Select(a => a.Rule).Order(StringComparer.Ordinal)];
}
