using System.CommandLine;
using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Demo;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Rooms;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Verbs;

/// <summary><c>demo</c>: the invented borough, on loopback only.</summary>
internal static class DemoVerbs
{
    public static Command Create()
    {
        var (data, urls) = (ServeVerbs.Data(), ServeVerbs.Urls());
        var scale = new Option<int>("--scale") { Description = "Multiplies the borough: 1 is about 3,000 children.", DefaultValueFactory = _ => 1 };
        var command = new Command("demo", "Starts a hub with an invented borough, on loopback only. A second start keeps the data.") { data, urls, scale };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(data), parsed.GetRequiredValue(urls), parsed.GetRequiredValue(scale), ct));
        return command;
    }

    public static Task<int> RunDefaultAsync(CancellationToken ct) => RunAsync(new DirectoryInfo("data"), ["http://localhost:5080"], 1, ct);

    private static async Task<int> RunAsync(DirectoryInfo data, string[] urls, int scale, CancellationToken ct)
    {
        try
        {
            if (scale is < 1 or > 1000) throw new RecordSetupException("--scale takes a whole number from 1 to 1000.");
            foreach (var url in urls)
            {
                if (!IsLoopback(url))
                    throw new RecordSetupException($"The demonstration has no passwords and listens on loopback only; {url} is something else. Use 'serve' for real use.");
            }

            HubLocation.CheckAddresses(urls);
            var watch = Stopwatch.StartNew();
            var location = HubLocation.Read(data);
            using var only = HubLocation.TakeAlone(location);
            await RecordSetup.MigrateAsync(location, ct);
            var filled = await DemoFill.FillAsync(location, scale, text => Console.Error.WriteLine($"  {watch.Elapsed.TotalSeconds,5:0.0} s  {text}"), ct);
            var app = HubHost.Build(
                new HubOptions { Location = location, Mode = HubMode.Demo, Urls = urls, Environment = HubLocation.EnvironmentName, LogLevel = LogLevel.Warning },
                AllRooms.Create());
            await using (app)
            {
                var store = app.Services.GetRequiredService<RecordStore>();
                await RecordSetup.ProveGuardsAsync(store, ct);
                await store.LearnShapesAsync(ct);
                await app.StartAsync(ct);
                await AnnounceAsync(store, app.Urls.First(), filled, ct);
                await app.WaitForShutdownAsync(ct);
            }

            return 0;
        }
        catch (Exception e) when (e is RecordSetupException or Npgsql.NpgsqlException or Microsoft.Data.Sqlite.SqliteException or IOException or UriFormatException or FormatException)
        {
            Console.Error.WriteLine("The demonstration did not start: " + e.Message);
            return 2;
        }
    }

    private static bool IsLoopback(string url)
    {
        var uri = HubLocation.Address(url);
        return uri.IsLoopback || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address));
    }

    private static async Task AnnounceAsync(RecordStore store, string url, bool filled, CancellationToken ct)
    {
        await using var db = store.Open(1);
        var people = await (
            from m in db.Set<Membership>().AsNoTracking()
            join a in db.Set<Account>().AsNoTracking() on m.AccountId equals a.Id
            join g in db.Set<Agency>().AsNoTracking() on m.AgencyId equals g.Id
            orderby g.IsHub descending, g.Name, a.FullName
            select new { a.FullName, m.JobTitle, Agency = g.Name }).ToListAsync(ct);
        Console.WriteLine(filled ? "The invented borough of Wexmoor is ready. Everybody in it is invented." : "The invented borough of Wexmoor, as you left it.");
        Console.WriteLine();
        foreach (var person in people) Console.WriteLine($"  {person.FullName,-20} {person.JobTitle,-52} {person.Agency}");
        Console.WriteLine();
        Console.WriteLine($"Sign in as one of them:       {url}/account/personas");
        Console.WriteLine($"Report as a member of public: {url}/report");
        Console.WriteLine("Ctrl+C stops it; the next start keeps the data.");
    }
}
