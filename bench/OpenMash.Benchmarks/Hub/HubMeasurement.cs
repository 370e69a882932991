using System.Diagnostics;
using System.Globalization;
using System.Net;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR.Client;
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
using OpenMash.Records.Work;

namespace OpenMash.Benchmarks.Hub;

/// <summary>
/// The hub under load: open loop, N signed-in sessions with one act every two seconds each, latency from the intended start, client in the same process. Beside it,
/// in the same run and under the same load, a bare endpoint (<see cref="BareEndpoint"/>): the same SQL with the same writes and trail, without page, access or pipeline.
/// Someone else in the room listens meanwhile: the time from sending a message to its notice there.
/// <c>hub [--people N] [--contacts N] [--sessions N] [--seconds N] [--statements [--alone N]]</c>; SQLite in a temporary folder, or PostgreSQL by OPENMASH_CONNECTION and OPENMASH_OWNER_CONNECTION.
/// </summary>
internal static class HubMeasurement
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (people, contacts, sessions, seconds) = (Option(args, "--people", 100_000), Option(args, "--contacts", 25_000), Option(args, "--sessions", 100), Option(args, "--seconds", 30));
        var connection = Environment.GetEnvironmentVariable("OPENMASH_CONNECTION");
        var folder = Path.Combine(Path.GetTempPath(), "openmash-bench-" + Environment.ProcessId);
        var location = connection is null ? RecordLocation.Sqlite(folder) : new RecordLocation(RecordDatabase.Postgres, connection, Environment.GetEnvironmentVariable("OPENMASH_OWNER_CONNECTION"), folder);
        Directory.CreateDirectory(folder);
        try
        {
            await MeasureAsync(location, people, contacts, sessions, seconds, args);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static int Option(string[] args, string name, int otherwise) => Array.IndexOf(args, name) is var at and >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

    private static async Task MeasureAsync(RecordLocation location, int people, int contacts, int sessions, int seconds, string[] args)
    {
        await RecordSetup.MigrateAsync(location, CancellationToken.None);
        var app = HubHost.Build(
            new HubOptions { Location = location, Mode = HubMode.Demo, Urls = ["http://127.0.0.1:0"], LogLevel = LogLevel.Error },
            AllRooms.Create());
        await using (app)
        {
            await app.StartAsync();
            var store = app.Services.GetRequiredService<RecordStore>();
            var made = await ArrangeAsync(app, location, people, contacts, sessions);
            Console.WriteLine($"{location.Database}, {Environment.ProcessorCount} cores, {people:N0} people, {contacts:N0} contacts, {sessions} sessions, one act each two seconds, {seconds} s");
            // As a hub does at its start.
            await store.LearnShapesAsync(CancellationToken.None);
            await RecordFiller.AnalyseAsync(location);
            var clock = app.Services.GetRequiredService<IClock>();
            var began = clock.GetCurrentInstant();
            await WarmAsync((session, act, n) => ActAsync(made, session, act, n), made.Clients.Count);
            await SettleAsync(store, began, clock.GetCurrentInstant());
            if (args.Contains("--statements")) await ExplainAsync(made, args);
            var recorded = new Dictionary<string, IReadOnlyList<SeenSql>>();
            foreach (var act in Acts)
            {
                var seen = new List<SeenSql>();
                using (var listening = await SqlListener.StartAsync(seen)) await ActAsync(made, 0, act, 1);
                recorded[act] = seen;
            }

            await using var bare = await BareEndpoint.StartAsync(store, recorded);
            using var bareClient = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 400 }) { BaseAddress = bare.Address };
            Task BareActAsync(int session, string act, int n) => BareActOnAsync(bareClient, act);
            await WarmAsync(BareActAsync, made.Clients.Count);
            await SettleAsync(store, began, clock.GetCurrentInstant());

            // Alternated, so that neither has the quieter half of the machine.
            var hub = Acts.ToDictionary(a => a, _ => new List<double>());
            var plain = Acts.ToDictionary(a => a, _ => new List<double>());
            var heard = new List<double>();
            for (var round = 0; round < 2; round++)
            {
                var (paused, young, old) = (GC.GetTotalPauseDuration(), GC.CollectionCount(0), GC.CollectionCount(2));
                await using (var ear = await ListenAsync(made, heard)) await LoadAsync(hub, (session, act, n) => ActAsync(made, session, act, n), made.Clients.Count, seconds / 2);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  half {round + 1}: {(GC.GetTotalPauseDuration() - paused).TotalMilliseconds:0} ms paused in {GC.CollectionCount(0) - young} collections, {GC.CollectionCount(2) - old} of them full"));
                await LoadAsync(plain, BareActAsync, made.Clients.Count, seconds / 2);
            }

            Console.WriteLine("  act                      n     p50 ms     p95 ms     p99 ms   bare p50   bare p95   p95 ratio");
            foreach (var act in Acts.Order(StringComparer.Ordinal))
            {
                var (times, bares) = (hub[act], plain[act]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {act,-20} {times.Count,6} {At(times, .5),10:0.0} {At(times, .95),10:0.0} {At(times, .99),10:0.0} {At(bares, .5),10:0.0} {At(bares, .95),10:0.0} {At(times, .95) / At(bares, .95),11:0.0}"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  message sent to notice in another browser: n {heard.Count}, p50 {At(heard, .5):0.0} ms, p95 {At(heard, .95):0.0} ms, p99 {At(heard, .99):0.0} ms"));
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
        // One room for the load, and a quiet one where a message and its notice can be told apart from all others.
        var rooms = new List<Guid>();
        for (var i = 0; i < 2; i++)
        {
            var contact = (await runner.RunAsync(new SubmitContact { Way = Way.Staff, Words = "For the room", Original = "", People = [new PersonIntake { GivenName = "A" }] }, viewer)).Expect();
            Guid line;
            await using (var db = store.Open(authority)) line = await db.Set<ContactLine>().Where(l => l.ContactId == contact.ContactId).Select(l => l.Id).SingleAsync();
            var opened = new OpenEnquiry { ContactId = contact.ContactId, LineIds = [line], Rating = Rating.Amber, Purpose = "Measure", LawfulBasis = "Public task", ConsentNote = "Bench", AgencyIds = [police] };
            rooms.Add((await runner.RunAsync(opened, viewer)).Expect().EnquiryId);
        }

        var (clients, cookies) = (new List<HttpClient>(), new List<CookieContainer>());
        foreach (var account in accounts)
        {
            var jar = new CookieContainer();
            cookies.Add(jar);
            var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = jar, MaxConnectionsPerServer = 4 }) { BaseAddress = new Uri(app.Urls.First()) };
            var page = await client.GetStringAsync(new Uri("/account/personas", UriKind.Relative));
            using var answer = await client.PostAsync(new Uri("/account/personas", UriKind.Relative), new FormUrlEncodedContent([new("account", account.ToString()), new("__RequestVerificationToken", Token(page))]));
            clients.Add(client);
        }

        var tokens = new List<string>();
        foreach (var client in clients) tokens.Add(Token(await client.GetStringAsync(new Uri("/contacts/new", UriKind.Relative))));
        return new Made(clients, cookies, tokens, filler.SomePeople, rooms[0], rooms[1]);
    }

    private static string Token(string html) =>
        new HtmlParser().ParseDocument(html).QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value") ?? throw new InvalidOperationException("The page shows no form.");

    /// <summary>Each act once, warm, with the time of each of its statements: where to look first.</summary>
    private static async Task ExplainAsync(Made made, string[] args)
    {
        var alone = Option(args, "--alone", 60);
        foreach (var act in Acts)
        {
            // One after another, nobody else: what an act costs by itself, the client's part included.
            using var self = Process.GetCurrentProcess();
            var (cpu, bytes, young, old, began) = (self.TotalProcessorTime, GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), GC.CollectionCount(2), Stopwatch.GetTimestamp());
            for (var i = 0; i < alone; i++) await ActAsync(made, i % made.Clients.Count, act, i);
            var wall = Stopwatch.GetElapsedTime(began);
            self.Refresh();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{act}, alone: {wall.TotalMilliseconds / alone:0.0} ms, {(self.TotalProcessorTime - cpu).TotalMilliseconds / alone:0.0} ms of processor, {(GC.GetTotalAllocatedBytes() - bytes) / 1024.0 / alone:0} KiB allocated, {(GC.CollectionCount(0) - young) / (double)alone:0.00} collections, {(GC.CollectionCount(2) - old) / (double)alone:0.00} full"));
            var (seen, took) = (new List<SeenSql>(), TimeSpan.Zero);
            using (var listening = await SqlListener.StartAsync(seen))
            {
                var watch = Stopwatch.StartNew();
                await ActAsync(made, 0, act, 3);
                took = watch.Elapsed;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{act}: {took.TotalMilliseconds:0.0} ms, {seen.Count} statements, {seen.Sum(s => s.Took.TotalMilliseconds):0.0} ms in the record"));
            foreach (var slow in seen.OrderByDescending(s => s.Took).Take(6)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"--- {slow.Took.TotalMilliseconds:0.00} ms\n{slow.Sql}"));
        }
    }

    /// <summary>
    /// Decides what was reported in the warm-up, or the queue would be ten times as long as the filled record has it, and how long would hang on the machine.
    /// PostgreSQL is told of the new shape, as its autovacuum does within a minute of such a change.
    /// </summary>
    private static async Task SettleAsync(RecordStore store, Instant began, Instant now)
    {
        await using var db = store.Open(1);
        var lines = db.Set<ContactLine>().Where(l => l.ReceivedAt >= began && l.State == LineState.Waiting);
        await db.Set<RunningClock>().Where(c => c.MetAt == null && lines.Any(l => l.ContactId == c.ParentId)).ExecuteUpdateAsync(s => s.SetProperty(c => c.MetAt, now));
        var decided = await lines.ExecuteUpdateAsync(s => s.SetProperty(l => l.State, LineState.Decided));
        var waiting = await db.Set<ContactLine>().CountAsync(l => l.State == LineState.Waiting);
        await RecordFiller.AnalyseAsync(store.Location);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {decided:N0} contacts of the warm-up decided, {waiting:N0} lines wait"));
    }

    private static async Task WarmAsync(Func<int, string, int, Task> actAsync, int sessions)
    {
        // Until what is hot has been compiled for good, and compiling takes less than a fiftieth of the time: a hub runs for weeks.
        for (var round = 0; round < 60; round++)
        {
            var (began, compiling) = (Stopwatch.GetTimestamp(), System.Runtime.JitInfo.GetCompilationTime());
            // Several at once, so that the connections they will share have seen the statements too.
            await Task.WhenAll(Enumerable.Range(0, Math.Min(10, sessions)).Select(async lane =>
            {
                for (var i = 0; i < 5; i++)
                {
                    foreach (var act in Acts) await actAsync(((lane * 7) + i) % sessions, act, i);
                }
            }));

            if (System.Runtime.JitInfo.GetCompilationTime() - compiling < Stopwatch.GetElapsedTime(began) / 50)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  warm after {round + 1} rounds"));
                return;
            }
        }

        Console.WriteLine("  (still compiling after the warm-up)");
    }

    private static readonly string[] Acts = ["queue", "person page", "submit", "post in room"];

    private static async Task LoadAsync(Dictionary<string, List<double>> times, Func<int, string, int, Task> actAsync, int sessions, int seconds)
    {
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 2);
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(async session =>
        {
            var started = new List<Task>();
            for (var n = 0; n < seconds / 2; n++)
            {
                // Sessions are spread evenly over the two seconds; the intended start does not wait for the act before.
                var intended = start + (long)(Stopwatch.Frequency * ((2.0 * n) + (2.0 * session / sessions)));
                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), intended);
                if (wait > TimeSpan.Zero) await Task.Delay(wait);
                var act = ((n + session) % 10) switch { < 4 => "queue", < 7 => "person page", < 9 => "post in room", _ => "submit" };
                started.Add(TimedAsync(session, act, n, intended));
            }

            await Task.WhenAll(started);
        }));

        async Task TimedAsync(int session, string act, int n, long intended)
        {
            await actAsync(session, act, n);
            var took = Stopwatch.GetElapsedTime(intended).TotalMilliseconds;
            lock (times) times[act].Add(took);
        }
    }

    private static async Task BareActOnAsync(HttpClient client, string act)
    {
        using var answer = await client.PostAsync(new Uri("/bare?act=" + Uri.EscapeDataString(act), UriKind.Relative), null);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"bare {act}: {await answer.Content.ReadAsStringAsync()}");
        await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Another person's browser in the room: a message is sent each quarter of a second, and the time until its notice arrives is kept.</summary>
    private static async Task<Ear> ListenAsync(Made made, List<double> heard)
    {
        var other = made.Clients.Count - 1;
        var address = made.Clients[other].BaseAddress!;
        var connection = new HubConnectionBuilder().WithUrl(new Uri(address, "/live"), o => o.Headers["Cookie"] = made.Cookies[other].GetCookieHeader(address)).Build();
        await connection.StartAsync();
        if (!await connection.InvokeAsync<bool>("Join", $"enquiry:{made.QuietId}")) throw new InvalidOperationException("The listener was not let into the room.");
        return new Ear(connection, made, heard);
    }

    private sealed class Ear : IAsyncDisposable
    {
        private readonly HubConnection _connection;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _talking;

        public Ear(HubConnection connection, Made made, List<double> heard)
        {
            _connection = connection;
            _talking = TalkAsync(made, heard);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _talking;
            await _connection.DisposeAsync();
            _stop.Dispose();
        }

        private async Task TalkAsync(Made made, List<double> heard)
        {
            using var rung = new SemaphoreSlim(0);
            using var subscription = _connection.On<System.Text.Json.JsonElement>("notice", _ => rung.Release());
            while (!_stop.IsCancellationRequested)
            {
                while (await rung.WaitAsync(0))
                {
                    // A message may ring more than once.
                }

                var sent = Stopwatch.GetTimestamp();
                await ActAsync(made, 0, "post in the quiet room", 0);
                if (await rung.WaitAsync(TimeSpan.FromSeconds(5))) heard.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                else heard.Add(5000);
                await Task.Delay(250);
            }
        }
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
                new Uri($"/enquiries/{(act == "post in room" ? made.EnquiryId : made.QuietId)}?handler=Talk", UriKind.Relative),
                new FormUrlEncodedContent([new("__RequestVerificationToken", made.Tokens[session]), new("Talk.Words", "A message " + n)])),
        };
        if ((int)answer.StatusCode >= 400 || (act is "submit" or "post in room" && answer.StatusCode == HttpStatusCode.OK)) throw new InvalidOperationException($"{act} gave {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        await answer.Content.ReadAsByteArrayAsync();
    }

    private sealed record Made(List<HttpClient> Clients, List<CookieContainer> Cookies, List<string> Tokens, IReadOnlyList<Guid> People, Guid EnquiryId, Guid QuietId);

    /// <summary>Hears the commands that EF sends in this process.</summary>
    private sealed class SqlListener : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly List<SeenSql> _seen;
        private readonly List<IDisposable> _subscriptions = [];

        /// <summary>EF remembers for a second whether anybody listens.</summary>
        public static async Task<SqlListener> StartAsync(List<SeenSql> seen)
        {
            var listener = new SqlListener(seen);
            await Task.Delay(1500);
            lock (seen) seen.Clear();
            return listener;
        }

        private SqlListener(List<SeenSql> seen)
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
            lock (_seen) _seen.Add(new SeenSql(e.Command.CommandText, [.. e.Command.Parameters.Cast<System.Data.Common.DbParameter>()], e.Duration, e.Command.Transaction is not null));
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
