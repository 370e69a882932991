using System.Diagnostics;
using System.Globalization;
using System.Net;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Web;
using OpenMash.Hub.Rooms;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;

namespace OpenMash.Benchmarks.Hub;

/// <summary>
/// The hub under load: open loop, N signed-in sessions with one act every two seconds each, latency from the intended start, client in the same process. Beside it,
/// in the same run, the same acts against the bare record: the SQL that the page or command sends, with its trail write, without page, access or pipeline.
/// <c>hub [--people N] [--contacts N] [--sessions N] [--seconds N]</c>; SQLite in a temporary folder, or PostgreSQL by OPENMASH_CONNECTION and OPENMASH_OWNER_CONNECTION.
/// </summary>
internal static class HubMeasurement
{
    public static async Task<int> RunAsync(string[] args)
    {
        int Option(string name, int otherwise) => Array.IndexOf(args, name) is var at and >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
        var (people, contacts, sessions, seconds) = (Option("--people", 100_000), Option("--contacts", 25_000), Option("--sessions", 100), Option("--seconds", 30));
        var connection = Environment.GetEnvironmentVariable("OPENMASH_CONNECTION");
        var folder = Path.Combine(Path.GetTempPath(), "openmash-bench-" + Environment.ProcessId);
        var location = connection is null ? RecordLocation.Sqlite(folder) : new RecordLocation(RecordDatabase.Postgres, connection, Environment.GetEnvironmentVariable("OPENMASH_OWNER_CONNECTION"), folder);
        Directory.CreateDirectory(folder);
        try
        {
            await MeasureAsync(location, people, contacts, sessions, seconds);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static async Task MeasureAsync(RecordLocation location, int people, int contacts, int sessions, int seconds)
    {
        await RecordSetup.MigrateAsync(location, CancellationToken.None);
        var app = HubHost.Build(
            new HubOptions { Location = location, Mode = HubMode.Demo, Urls = ["http://127.0.0.1:0"], LogLevel = LogLevel.Error },
            AllRooms.Create());
        await using (app)
        {
            await app.StartAsync();
            var made = await ArrangeAsync(app, location, people, contacts, sessions);
            Console.WriteLine($"{location.Database}, {Environment.ProcessorCount} cores, {people:N0} people, {contacts:N0} contacts, {sessions} sessions, one act each two seconds, {seconds} s");
            await WarmAsync(made);
            var hub = await LoadAsync(made, seconds);
            Console.WriteLine("  act                      n      p50 ms     p95 ms     p99 ms     bare p50   bare p95   p95 ratio");
            foreach (var (act, times) in hub.OrderBy(h => h.Key, StringComparer.Ordinal))
            {
                var bare = await BareAsync(app, made, act, Math.Min(300, Math.Max(60, times.Count)));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {act,-20} {times.Count,6} {At(times, .5),11:0.0} {At(times, .95),10:0.0} {At(times, .99),10:0.0} {At(bare, .5),12:0.00} {At(bare, .95),10:0.00} {At(times, .95) / At(bare, .95),11:0.0}"));
            }

            await app.StopAsync();
        }
    }

    private static double At(List<double> times, double share)
    {
        times.Sort();
        return times.Count == 0 ? double.NaN : times[Math.Min(times.Count - 1, (int)(share * times.Count))];
    }

    private static async Task<Made> ArrangeAsync(WebApplication app, RecordLocation location, int people, int contacts, int sessions)
    {
        const short authority = 1;
        var store = app.Services.GetRequiredService<RecordStore>();
        var runner = app.Services.GetRequiredService<CommandRunner>();
        var clock = app.Services.GetRequiredService<IClock>();
        await Bootstrap.AddAuthorityAsync(store, new Authority { Id = authority, Code = "998", Name = "Bench", HubName = "Bench hub", Telephone = "01632 960000", IsDemo = true }, CancellationToken.None);
        app.Services.GetRequiredService<AuthorityDirectory>().Forget();
        var system = Viewer.System(authority, "bench", "measure");
        var hub = (await runner.RunAsync(new AddAgency("Hub", AgencyKind.ChildrensSocialCare, "1", null, true, true), system)).Expect();
        var police = (await runner.RunAsync(new AddAgency("Police", AgencyKind.Police, "1", null, false, true), system)).Expect();
        var accounts = new List<Guid>();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<CurrentAuthority>().Id = authority;
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
            for (var i = 0; i < sessions; i++)
            {
                var account = await Bootstrap.AddAccountAsync(users, Ids.New(clock.GetCurrentInstant()), $"Bench {i}", $"b{i}@example.test", null, true);
                (await runner.RunAsync(new GrantMembership(account.Id, hub, Roles.ScreeningOfficer | Roles.HubManager, "Bench", new LocalDate(2020, 1, 1), null), system)).Expect();
                accounts.Add(account.Id);
            }
        }

        var filler = new RecordFiller(location, 7);
        var watch = Stopwatch.StartNew();
        await filler.FillAsync(authority, hub, police, people, contacts, clock.GetCurrentInstant());
        Console.WriteLine($"filled in {watch.Elapsed.TotalSeconds:0.0} s");
        var viewer = (await app.Services.GetRequiredService<ViewerDirectory>().ForAccountAsync(authority, accounts[0], CancellationToken.None))!;
        var contact = (await runner.RunAsync(new SubmitContact { Way = Way.Staff, Words = "For the room", Original = "", People = [new PersonIntake { GivenName = "A" }] }, viewer)).Expect();
        Guid line;
        await using (var db = store.Open(authority)) line = await db.Set<ContactLine>().Where(l => l.ContactId == contact.ContactId).Select(l => l.Id).SingleAsync();
        var enquiry = (await runner.RunAsync(new OpenEnquiry { ContactId = contact.ContactId, LineIds = [line], Rating = Rating.Amber, Purpose = "Measure", LawfulBasis = "Public task", ConsentNote = "Bench", AgencyIds = [police] }, viewer)).Expect();

        var clients = new List<HttpClient>();
        foreach (var account in accounts)
        {
            var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), MaxConnectionsPerServer = 4 }) { BaseAddress = new Uri(app.Urls.First()) };
            var page = await client.GetStringAsync(new Uri("/account/personas", UriKind.Relative));
            using var answer = await client.PostAsync(new Uri("/account/personas", UriKind.Relative), new FormUrlEncodedContent([new("account", account.ToString()), new("__RequestVerificationToken", Token(page))]));
            clients.Add(client);
        }

        var tokens = new List<string>();
        foreach (var client in clients) tokens.Add(Token(await client.GetStringAsync(new Uri("/contacts/new", UriKind.Relative))));
        return new Made(clients, tokens, filler.SomePeople, enquiry.EnquiryId, viewer);
    }

    private static string Token(string html) =>
        new HtmlParser().ParseDocument(html).QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value") ?? throw new InvalidOperationException("The page shows no form.");

    private static async Task WarmAsync(Made made)
    {
        foreach (var act in Acts)
        {
            for (var i = 0; i < 12; i++) await ActAsync(made, i % made.Clients.Count, act, i);
        }
    }

    private static readonly string[] Acts = ["queue", "person page", "submit", "post in room"];

    private static async Task<Dictionary<string, List<double>>> LoadAsync(Made made, int seconds)
    {
        var times = Acts.ToDictionary(a => a, _ => new List<double>());
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 2);
        var perSession = seconds / 2;
        await Task.WhenAll(Enumerable.Range(0, made.Clients.Count).Select(async session =>
        {
            for (var n = 0; n < perSession; n++)
            {
                // Sessions are spread evenly over the two seconds; the intended start does not wait for the act before.
                var intended = start + (long)(Stopwatch.Frequency * ((2.0 * n) + (2.0 * session / made.Clients.Count)));
                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), intended);
                if (wait > TimeSpan.Zero) await Task.Delay(wait);
                var act = ((n + session) % 10) switch { < 4 => "queue", < 7 => "person page", < 9 => "post in room", _ => "submit" };
                await ActAsync(made, session, act, n);
                var took = Stopwatch.GetElapsedTime(intended).TotalMilliseconds;
                lock (times) times[act].Add(took);
            }
        }));
        return times;
    }

    private static async Task ActAsync(Made made, int session, string act, int n)
    {
        var client = made.Clients[session];
        using var answer = act switch
        {
            "queue" => await client.GetAsync(new Uri("/queue", UriKind.Relative)),
            "person page" => await client.GetAsync(new Uri($"/people/{made.People[((session * 31) + n) % made.People.Count]}", UriKind.Relative)),
            "submit" => await client.PostAsync(
                new Uri("/contacts/new", UriKind.Relative),
                new FormUrlEncodedContent([new("__RequestVerificationToken", made.Tokens[session]), new("Report.Words", "A worry"), new("Report.People[0].GivenName", "Ada"), new("go", "send")])),
            _ => await client.PostAsync(
                new Uri($"/enquiries/{made.EnquiryId}?handler=Message", UriKind.Relative),
                new FormUrlEncodedContent([new("__RequestVerificationToken", made.Tokens[session]), new("Words", "A message " + n)])),
        };
        if ((int)answer.StatusCode >= 400) throw new InvalidOperationException($"{act} gave {answer.StatusCode}: {(await answer.Content.ReadAsStringAsync())[..300]}");
        await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Replays the SQL of one act on plain connections: every command that the act sent, with its parameters, in one transaction where it wrote.</summary>
    private static async Task<List<double>> BareAsync(WebApplication app, Made made, string act, int times)
    {
        var seen = new List<(string Sql, (string Name, object? Value)[] Parameters)>();
        using (var listening = new SqlListener(seen))
            await ActAsync(made, 0, act, 1);
        var store = app.Services.GetRequiredService<RecordStore>();
        var results = new List<double>(times);
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.GetTimestamp();
            await using var db = store.Open(1);
            await db.Database.OpenConnectionAsync();
            var connection = db.Database.GetDbConnection();
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var (sql, parameters) in seen)
            {
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                // Rows written by the act itself exist already: they are read back where they were inserted, and the trail entry is written anew.
                command.CommandText = sql;
                foreach (var (name, value) in parameters)
                {
                    var p = command.CreateParameter();
                    p.ParameterName = name;
                    p.Value = value ?? DBNull.Value;
                    command.Parameters.Add(p);
                }

                if (sql.Contains("INSERT", StringComparison.Ordinal) || sql.Contains("UPDATE", StringComparison.Ordinal))
                {
                    continue;
                }

                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    for (var f = 0; f < reader.FieldCount; f++) _ = reader.GetValue(f);
                }
            }

            await transaction.RollbackAsync();
            // The writes of the act as one trail entry each, committed: what any version must pay.
            if (seen.Any(s => s.Sql.Contains("INSERT", StringComparison.Ordinal)))
                await app.Services.GetRequiredService<CommandRunner>().WitnessAsync(made.Viewer, OpenMash.Records.Trail.TrailKind.View, "bare");
            results.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
        }

        return results;
    }

    private sealed record Made(List<HttpClient> Clients, List<string> Tokens, IReadOnlyList<Guid> People, Guid EnquiryId, Viewer Viewer);

    /// <summary>Hears the commands that EF sends in this process.</summary>
    private sealed class SqlListener : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<(string, (string, object?)[])> _seen;
        private readonly List<IDisposable> _subscriptions = [];

        public SqlListener(List<(string, (string, object?)[])> seen)
        {
            _seen = seen;
            _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name) _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key != RelationalEventId.CommandExecuted.Name || value.Value is not CommandExecutedEventData e) return;
            lock (_seen) _seen.Add((e.Command.CommandText, [.. e.Command.Parameters.Cast<System.Data.Common.DbParameter>().Select(p => (p.ParameterName, p.Value))]));
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            foreach (var subscription in _subscriptions) subscription.Dispose();
        }
    }
}
