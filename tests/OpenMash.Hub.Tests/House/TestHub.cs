using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Trail;
using OpenMash.Hub.Platform.Web;
using OpenMash.Hub.Rooms;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.HubTests.House;

/// <summary>
/// The real hub in this process, listening on a free loopback port, on a fresh record of either database, with a clock the test sets. It has one invented
/// authority with nine agencies and a person of each kind; tests sign in as them and act over HTTP.
/// </summary>
public sealed class TestHub : IAsyncDisposable
{
    /// <summary>Tuesday 10 March 2026, 10:00 in London: open hours, no bank holiday near.</summary>
    public static readonly Instant Start = Instant.FromUtc(2026, 3, 10, 10, 0);

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly Dictionary<(TestDatabase, bool), RecordLocation> Templates = [];
    private static readonly Dictionary<TestDatabase, (Dictionary<string, Guid> Agencies, Dictionary<string, Guid> Accounts)> Arranged = [];
    private readonly ConcurrentDictionary<string, Guid> _accounts = new();
    private readonly string _folder;

    private TestHub(WebApplication app, SimulatedClock clock, string folder, RecordLocation location)
    {
        App = app;
        Clock = clock;
        _folder = folder;
        Location = location;
    }

    public WebApplication App { get; }

    public SimulatedClock Clock { get; }

    public RecordLocation Location { get; }

    public Uri Address => new(App.Urls.First());

    public RecordStore Store => App.Services.GetRequiredService<RecordStore>();

    public CommandRunner Runner => App.Services.GetRequiredService<CommandRunner>();

    public short Authority => 1;

    public Viewer System => Viewer.System(Authority, "test set-up", "arrange a test");

    /// <summary>Agency ids by short name: hub, police, health, education, housing, probation, licensing, youth, voluntary.</summary>
    public Dictionary<string, Guid> Agencies { get; } = [];

    public static async Task<TestHub> StartAsync(TestDatabase database, Instant? at = null, Action<IServiceCollection>? services = null, bool runsWork = false, HubMode mode = HubMode.Demo, bool people = true, IReadOnlyDictionary<string, string?>? configuration = null)
    {
        var folder = Path.Combine(Path.GetTempPath(), "openmash-test-" + Convert.ToHexStringLower(global::System.Security.Cryptography.RandomNumberGenerator.GetBytes(6)));
        Directory.CreateDirectory(folder);
        var location = await NewRecordAsync(database, folder, people);
        var clock = new SimulatedClock(at ?? Start);
        var app = Build(location, clock, mode, runsWork, services, configuration);
        await app.StartAsync();
        var hub = new TestHub(app, clock, folder, location);
        if (people)
        {
            foreach (var (name, id) in Arranged[database].Agencies) hub.Agencies[name] = id;
            foreach (var (name, id) in Arranged[database].Accounts) hub._accounts[name] = id;
        }

        return hub;
    }

    private static WebApplication Build(RecordLocation location, SimulatedClock clock, HubMode mode, bool runsWork, Action<IServiceCollection>? services, IReadOnlyDictionary<string, string?>? configuration) =>
        HubHost.Build(
            new HubOptions
            {
                Location = location,
                Mode = mode,
                Urls = ["http://127.0.0.1:0"],
                Clock = clock,
                RunsWork = runsWork,
                LogLevel = LogLevel.Warning,
                Services = services,
                Environment = "Development",
                Configuration = configuration ?? new Dictionary<string, string?>(),
            },
            AllRooms.Create());

    /// <summary>Does all due work: outbox, ticks, outbox again, sealing.</summary>
    public async Task WorkAsync()
    {
        await App.Services.GetRequiredService<OutboxPump>().DrainAsync(CancellationToken.None);
        await App.Services.GetRequiredService<TickRunner>().TickAllAsync(CancellationToken.None);
        await App.Services.GetRequiredService<OutboxPump>().DrainAsync(CancellationToken.None);
        await App.Services.GetRequiredService<TrailSealer>().SealAllAsync(CancellationToken.None);
    }

    /// <summary>A browser without a session.</summary>
    public TestBrowser Browser() => new(Address);

    /// <summary>A browser signed in as one of the people, by short name such as <c>screener</c> or <c>police</c>.</summary>
    public async Task<TestBrowser> SignInAsync(string person)
    {
        var browser = Browser();
        var page = await browser.GetAsync("/account/personas");
        var answer = await page.PostAsync(new() { ["account"] = Account(person).ToString() });
        if (answer.Status != HttpStatusCode.Redirect) throw new InvalidOperationException($"Signing in as {person} gave {answer.Status}: {answer.Text}");
        return browser;
    }

    public Guid Account(string person) => _accounts[person];

    /// <summary>The viewer of a person, for arranging through commands.</summary>
    public async Task<Viewer> ViewerAsync(string person) =>
        (await App.Services.GetRequiredService<ViewerDirectory>().ForAccountAsync(Authority, Account(person), CancellationToken.None))!;

    /// <summary>Sends a command as a person and expects it done.</summary>
    public async Task<T> DoAsync<T>(string person, ICommand<T> command) => (await Runner.RunAsync(command, await ViewerAsync(person))).Expect();

    public async Task<Guid> AddPersonAsync(string shortName, string fullName, string agency, Roles roles, string jobTitle)
    {
        await using var scope = App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = await Bootstrap.AddAccountAsync(users, Ids.New(Clock.GetCurrentInstant()), fullName, $"{shortName}@example.test", null, demoPersona: true);
        (await Runner.RunAsync(new GrantMembership(account.Id, Agencies[agency], roles, jobTitle, new LocalDate(2020, 1, 1), null), System)).Expect();
        _accounts[shortName] = account.Id;
        return account.Id;
    }

    /// <summary>An account without a membership: may sign in and do nothing.</summary>
    public async Task<Guid> AddAccountAsync(string shortName, string fullName)
    {
        await using var scope = App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = await Bootstrap.AddAccountAsync(users, Ids.New(Clock.GetCurrentInstant()), fullName, $"{shortName}@example.test", null, demoPersona: true);
        _accounts[shortName] = account.Id;
        return account.Id;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, true);
    }

    /// <summary>A copy of a template that is made once a process: migrated, and with the invented people if they are wanted.</summary>
    private static async Task<RecordLocation> NewRecordAsync(TestDatabase database, string folder, bool people)
    {
        await Gate.WaitAsync();
        try
        {
            if (!Templates.TryGetValue((database, people), out var template)) Templates[(database, people)] = template = await MakeTemplateAsync(database, people);
            if (database == TestDatabase.Sqlite)
            {
                foreach (var file in Directory.EnumerateFiles(template.DataDirectory, "openmash.db*")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
                return RecordLocation.Sqlite(folder);
            }

            var (fresh, freshOwner) = await PostgresCluster.NewDatabaseAsync(new Npgsql.NpgsqlConnectionStringBuilder(template.OwnerConnectionString).Database!);
            return new RecordLocation(RecordDatabase.Postgres, fresh, freshOwner, folder);
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<RecordLocation> MakeTemplateAsync(TestDatabase database, bool people)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"openmash-template-{Environment.ProcessId}-{people}");
        Directory.CreateDirectory(folder);
        var location = RecordLocation.Sqlite(folder);
        if (database == TestDatabase.Postgres)
        {
            var (runtime, owner) = await PostgresCluster.NewDatabaseAsync();
            location = new RecordLocation(RecordDatabase.Postgres, runtime + ";Pooling=false", owner, folder);
        }

        await RecordSetup.MigrateAsync(location, CancellationToken.None);
        if (people)
        {
            var clock = new SimulatedClock(Start);
            var app = Build(location, clock, HubMode.Demo, false, null, null);
            var hub = new TestHub(app, clock, folder, location);
            await hub.ArrangeAsync();
            Arranged[database] = (hub.Agencies, hub._accounts.ToDictionary());
            await app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        return location;
    }

    private async Task ArrangeAsync()
    {
        await Bootstrap.AddAuthorityAsync(
            Store,
            new Authority { Id = Authority, Code = "999", Name = "Test Borough", HubName = "Test hub", Telephone = "01632 960 000", IsDemo = true },
            CancellationToken.None);
        App.Services.GetRequiredService<AuthorityDirectory>().Forget();
        foreach (var (name, title, kind, isHub, checks) in new[]
                 {
                     ("hub", "Children's social care hub", AgencyKind.ChildrensSocialCare, true, true),
                     ("police", "Police", AgencyKind.Police, false, true),
                     ("health", "Health", AgencyKind.Health, false, true),
                     ("education", "Education", AgencyKind.Education, false, true),
                     ("housing", "Housing", AgencyKind.Housing, false, true),
                     ("probation", "Probation", AgencyKind.Probation, false, true),
                     ("licensing", "Licensing", AgencyKind.Licensing, false, true),
                     ("youth", "Youth justice", AgencyKind.YouthJustice, false, true),
                     ("voluntary", "Helping Hands charity", AgencyKind.Voluntary, false, false),
                 })
            Agencies[name] = (await Runner.RunAsync(new AddAgency(title, kind, "01632 960 100", $"{name}@example.test", isHub, checks), System)).Expect();

        await AddPersonAsync("support", "Bea Support", "hub", Roles.BusinessSupport, "Business support");
        await AddPersonAsync("screener", "Sam Screener", "hub", Roles.ScreeningOfficer, "Screening officer");
        await AddPersonAsync("screener2", "Sol Screener", "hub", Roles.ScreeningOfficer, "Screening officer");
        await AddPersonAsync("manager", "Mo Manager", "hub", Roles.HubManager, "Hub manager");
        await AddPersonAsync("duty", "Dee Duty", "hub", Roles.DutyTeam, "Emergency duty team");
        await AddPersonAsync("worker", "Wyn Worker", "hub", Roles.SocialWorker, "Social worker");
        await AddPersonAsync("police", "Pat Police", "police", Roles.Referrer | Roles.Researcher, "Police researcher");
        await AddPersonAsync("police2", "Pip Police", "police", Roles.Referrer | Roles.Researcher, "Police researcher");
        await AddPersonAsync("health", "Hal Health", "health", Roles.Referrer | Roles.Researcher, "Health researcher");
        await AddPersonAsync("education", "Eve Education", "education", Roles.Referrer | Roles.Researcher, "Education researcher");
        await AddPersonAsync("housing", "Hope Housing", "housing", Roles.Referrer | Roles.Researcher, "Housing researcher");
        await AddPersonAsync("teacher", "Tess Teacher", "education", Roles.Referrer, "Designated safeguarding lead");
        await AddPersonAsync("charity", "Cher Charity", "voluntary", Roles.Referrer, "Youth worker");
        await AddPersonAsync("licensing", "Lee Licensing", "licensing", Roles.Referrer | Roles.Researcher | Roles.LicensingOfficer, "Licensing officer");
        await AddPersonAsync("leader", "Lou Leader", "hub", Roles.Leader, "Councillor");
        await AddPersonAsync("governance", "Gil Governance", "hub", Roles.InformationGovernance, "Information governance officer");
        await AddPersonAsync("admin", "Ada Admin", "hub", Roles.Administrator, "System administrator");
        await AddPersonAsync("analyst", "Ana Analyst", "hub", Roles.PerformanceAnalyst, "Performance analyst");
        await AddPersonAsync("designated", "Des Designated", "hub", Roles.DesignatedOfficer, "Designated officer");
    }
}

/// <summary>The two databases every test runs on.</summary>
public enum TestDatabase
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory once on each database.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachDatabaseAttribute : Xunit.v3.DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(global::System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
        new([new TheoryDataRow(TestDatabase.Sqlite), new TheoryDataRow(TestDatabase.Postgres)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
