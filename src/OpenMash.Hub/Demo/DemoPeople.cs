using Microsoft.AspNetCore.Identity;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Demo;

/// <summary>The forty people of the demonstration's nine agencies, and their viewers.</summary>
internal sealed class DemoPeople(IServiceProvider services, IClock clock)
{
    private static readonly (string Key, string Name, AgencyKind Kind, bool IsHub, bool Checks)[] AgencyList =
    [
        ("hub", "Wexmoor children's services", AgencyKind.ChildrensSocialCare, true, true),
        ("police", "Wexmoor Police", AgencyKind.Police, false, true),
        ("health", "Wexmoor Community Health", AgencyKind.Health, false, true),
        ("education", "Wexmoor Education", AgencyKind.Education, false, true),
        ("housing", "Wexmoor Homes", AgencyKind.Housing, false, true),
        ("probation", "Wexmoor Probation", AgencyKind.Probation, false, true),
        ("licensing", "Wexmoor Licensing", AgencyKind.Licensing, false, true),
        ("youth", "Wexmoor Youth Justice", AgencyKind.YouthJustice, false, true),
        ("voluntary", "Lantern Street Trust", AgencyKind.Voluntary, false, false),
    ];

    private static readonly (string Key, string Agency, Roles Roles, string Title, string Name)[] Staff =
    [
        ("manager", "hub", Roles.HubManager, "Hub manager", "Ruth Hargreave"),
        ("deputy", "hub", Roles.HubManager, "Deputy hub manager", "Daniel Pinnock"),
        ("screener1", "hub", Roles.ScreeningOfficer, "Screening officer", "Amina Osman"),
        ("screener2", "hub", Roles.ScreeningOfficer, "Screening officer", "Tom Marsh"),
        ("screener3", "hub", Roles.ScreeningOfficer, "Screening officer", "Kavita Sharma"),
        ("screener4", "hub", Roles.ScreeningOfficer, "Screening officer", "Bethan Price"),
        ("support1", "hub", Roles.BusinessSupport, "Business support", "Lee Collins"),
        ("support2", "hub", Roles.BusinessSupport, "Business support", "Joanne Cox"),
        ("duty1", "hub", Roles.DutyTeam, "Emergency duty team", "Samuel Danso"),
        ("duty2", "hub", Roles.DutyTeam, "Emergency duty team", "Fiona Kelly"),
        ("worker1", "hub", Roles.SocialWorker, "Social worker", "Grace Mensah"),
        ("worker2", "hub", Roles.SocialWorker, "Social worker", "Piotr Nowak"),
        ("team1", "hub", Roles.TeamManager, "Team manager", "Claire Robinson"),
        ("reviewing", "hub", Roles.ReviewingOfficer, "Reviewing officer", "Gareth Hughes"),
        ("exploitation", "hub", Roles.ExploitationCoordinator, "Exploitation and missing coordinator", "Farah Malik"),
        ("designated", "hub", Roles.DesignatedOfficer, "Designated officer for allegations", "Michelle Stewart"),
        ("auditor", "hub", Roles.Auditor, "Auditor", "David Mitchell"),
        ("training", "hub", Roles.TrainingLead, "Training lead", "Akosua Owusu"),
        ("analyst", "hub", Roles.PerformanceAnalyst, "Performance analyst", "Wei Chen"),
        ("leader", "hub", Roles.Leader, "Councillor, lead member", "Shazia Iqbal"),
        ("director", "hub", Roles.Leader, "Director of children's services", "Paul Turner"),
        ("governance", "hub", Roles.InformationGovernance, "Information governance officer", "Siobhan Murphy"),
        ("admin", "hub", Roles.Administrator, "System administrator", "Rohan Patel"),
        ("police1", "police", Roles.Referrer | Roles.Researcher, "Police researcher in the hub", "Darren Walker"),
        ("police2", "police", Roles.Referrer | Roles.Researcher, "Police sergeant", "Nasreen Akhtar"),
        ("police3", "police", Roles.Referrer, "Response officer", "Ryan Baker"),
        ("health1", "health", Roles.Referrer | Roles.Researcher, "Health practitioner in the hub", "Ngozi Eze"),
        ("health2", "health", Roles.Referrer, "Health visitor", "Emma Wood"),
        ("health3", "health", Roles.Referrer, "Named nurse, emergency department", "Mihaela Ionescu"),
        ("education1", "education", Roles.Referrer | Roles.Researcher, "Education officer in the hub", "Rachel Green"),
        ("education2", "education", Roles.Referrer, "Designated safeguarding lead, Kestrel High", "Imran Hussain"),
        ("education3", "education", Roles.Referrer, "Designated safeguarding lead, Quarry Bank Primary", "Sarah Bailey"),
        ("housing1", "housing", Roles.Referrer | Roles.Researcher, "Housing officer in the hub", "Donna Carter"),
        ("housing2", "housing", Roles.Referrer, "Repairs officer", "Craig Hall"),
        ("probation1", "probation", Roles.Referrer | Roles.Researcher, "Probation officer", "Sean O'Brien"),
        ("licensing1", "licensing", Roles.Referrer | Roles.Researcher | Roles.LicensingOfficer, "Licensing officer", "Gurdeep Singh"),
        ("youth1", "youth", Roles.Referrer | Roles.Researcher, "Youth justice worker", "Blessing Adeyemi"),
        ("voluntary1", "voluntary", Roles.Referrer, "Young carers worker", "Leanne Morgan"),
        ("voluntary2", "voluntary", Roles.Referrer, "Night-time street worker", "Kojo Boateng"),
        ("adviser", "hub", Roles.SocialWorker, "Personal adviser", "Natasha Jackson"),
    ];

    private readonly Dictionary<string, Viewer> _viewers = new(StringComparer.Ordinal);

    public Dictionary<string, Guid> Agencies { get; } = new(StringComparer.Ordinal);

    public Viewer this[string key] => _viewers[key];

    public Viewer? ByAccount(Guid account) => _viewers.Values.FirstOrDefault(v => v.AccountId == account);

    /// <summary>Those who report for an agency.</summary>
    public IReadOnlyList<string> Reporters(string agency) => [.. Staff.Where(s => s.Agency == agency && (s.Roles & Roles.Referrer) != 0).Select(s => s.Key)];

    /// <summary>The one who answers checks for an agency; null where none does.</summary>
    public string? Researcher(string agency) => Staff.Where(s => s.Agency == agency && (s.Roles & Roles.Researcher) != 0).Select(s => s.Key).FirstOrDefault();

    public async Task MakeAsync(short authority, CommandRunner runner, CancellationToken ct)
    {
        var system = Viewer.System(authority, "demonstration", "fill the invented borough");
        foreach (var a in AgencyList)
            Agencies[a.Key] = (await runner.RunAsync(new AddAgency(a.Name, a.Kind, "01632 960 " + (100 + Agencies.Count), a.Key + "@wexmoor.example", a.IsHub, a.Checks), system, ct)).Expect();
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAuthority>().Id = authority;
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var directory = services.GetRequiredService<ViewerDirectory>();
        foreach (var s in Staff)
        {
            var account = await Bootstrap.AddAccountAsync(users, Ids.New(clock.GetCurrentInstant()), s.Name, s.Key + "@wexmoor.example", null, demoPersona: true);
            (await runner.RunAsync(new GrantMembership(account.Id, Agencies[s.Agency], s.Roles, s.Title, new LocalDate(2020, 1, 1), null), system, ct)).Expect();
            _viewers[s.Key] = (await directory.ForAccountAsync(authority, account.Id, ct))!;
        }
    }
}
