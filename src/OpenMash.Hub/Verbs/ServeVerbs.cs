using System.CommandLine;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Rooms;

namespace OpenMash.Hub.Verbs;

/// <summary><c>serve</c>, <c>work</c> and <c>migrate</c>: a hub for real use.</summary>
internal static class ServeVerbs
{
    public static Option<DirectoryInfo> Data() => new("--data") { Description = "Where the record lives (SQLite). Default ./data.", DefaultValueFactory = _ => new DirectoryInfo("data") };

    public static Option<string[]> Urls() => new("--urls") { Description = "Addresses to listen on, for example http://127.0.0.1:5080.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["http://localhost:5080"] };

    public static Command Serve()
    {
        var (data, urls) = (Data(), Urls());
        var command = new Command("serve", "Starts an empty hub for real use; first-run set-up makes the first administrator.") { data, urls };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(data), parsed.GetRequiredValue(urls), runsWork: true, ct));
        return command;
    }

    public static Command Work()
    {
        var data = Data();
        var command = new Command("work", "Does the background work only (PostgreSQL): sends messages, climbs ladders, seals the trail.") { data };
        command.SetAction((parsed, ct) =>
        {
            var location = HubLocation.Read(parsed.GetRequiredValue(data));
            if (location.Database == RecordDatabase.Sqlite)
            {
                Console.Error.WriteLine("On SQLite 'serve' does the work itself, and a second process on the same record is refused. Use 'work' with PostgreSQL (OPENMASH_CONNECTION).");
                return Task.FromResult(2);
            }

            return RunAsync(parsed.GetRequiredValue(data), ["http://127.0.0.1:0"], runsWork: true, ct);
        });
        return command;
    }

    public static Command Migrate()
    {
        var data = Data();
        var command = new Command("migrate", "Brings the record to this version's model and renews the guards on the trail.") { data };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                var location = HubLocation.Read(parsed.GetRequiredValue(data));
                await RecordSetup.MigrateAsync(location, ct);
                Console.WriteLine("The record is at this version's model.");
                return 0;
            }
            catch (Exception e) when (e is RecordSetupException or Npgsql.NpgsqlException or Microsoft.Data.Sqlite.SqliteException)
            {
                Console.Error.WriteLine(e.Message);
                return 2;
            }
        });
        return command;
    }

    internal static async Task<int> RunAsync(DirectoryInfo data, string[] urls, bool runsWork, CancellationToken ct)
    {
        try
        {
            HubLocation.CheckAddresses(urls);
            var location = HubLocation.Read(data);
            using var only = HubLocation.TakeAlone(location);
            if (location.Database == RecordDatabase.Sqlite) await RecordSetup.MigrateAsync(location, ct);
            var app = HubHost.Build(
                new HubOptions { Location = location, Mode = HubMode.Serve, Urls = urls, RunsWork = runsWork, Environment = HubLocation.EnvironmentName },
                AllRooms.Create());
            await using (app)
            {
                var store = app.Services.GetRequiredService<RecordStore>();
                if (!await RecordSetup.IsCurrentAsync(store, ct))
                    throw new RecordSetupException("The record is not at this version's model. Run 'openmash migrate' with the owner's connection (OPENMASH_OWNER_CONNECTION).");
                await RecordSetup.ProveGuardsAsync(store, ct);
                await store.LearnShapesAsync(ct);
                await app.StartAsync(ct);
                Console.WriteLine($"OpenMASH listens on {string.Join(", ", app.Urls)}");
                var gate = app.Services.GetRequiredService<SetupGate>();
                if (await gate.IsOpenAsync(ct))
                {
                    Console.WriteLine("Nobody administers this hub yet. Open it in a browser and enter this code, which is good until the hub is stopped:");
                    Console.WriteLine("    " + gate.Code);
                }

                await app.WaitForShutdownAsync(ct);
            }

            return 0;
        }
        catch (Exception e) when (e is RecordSetupException or Npgsql.NpgsqlException or Microsoft.Data.Sqlite.SqliteException or IOException or UriFormatException or FormatException or InvalidOperationException)
        {
            Console.Error.WriteLine("The hub did not start: " + e.Message);
            return 2;
        }
    }
}

/// <summary>Reads where the record lives from the command line and the environment, and takes it for this process alone on SQLite.</summary>
internal static class HubLocation
{
    public static string EnvironmentName =>
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production";

    public static RecordLocation Read(DirectoryInfo data)
    {
        var connection = Environment.GetEnvironmentVariable("OPENMASH_CONNECTION");
        if (string.IsNullOrWhiteSpace(connection))
        {
            if (File.Exists(data.FullName)) throw new RecordSetupException($"--data {data} is a file. Give a folder.");
            return RecordLocation.Sqlite(data.FullName);
        }

        var owner = Environment.GetEnvironmentVariable("OPENMASH_OWNER_CONNECTION");
        return new RecordLocation(RecordDatabase.Postgres, connection, owner, data.FullName);
    }

    /// <summary>An address to listen on. A host of <c>*</c> or <c>+</c> is no host for the parser, and means every address.</summary>
    public static Uri Address(string url) =>
        Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? uri
            : throw new RecordSetupException($"--urls: {url} is no address such as http://localhost:5080.");

    /// <summary>Refuses what is no address and what is taken already, before anything is made on disk.</summary>
    public static void CheckAddresses(IEnumerable<string> urls)
    {
        foreach (var url in urls)
        {
            var uri = Address(url);
            if (uri.Port == 0) continue;
            var address = uri.IsLoopback ? System.Net.IPAddress.Loopback : System.Net.IPAddress.TryParse(uri.Host, out var given) ? given : System.Net.IPAddress.Any;
            try
            {
                using var probe = new System.Net.Sockets.TcpListener(address, uri.Port);
                probe.Start();
                probe.Stop();
            }
            catch (System.Net.Sockets.SocketException e)
            {
                throw new RecordSetupException($"--urls: {url} cannot be listened on: {e.Message}. Another program may have it; give another port.");
            }
        }
    }

    /// <summary>On SQLite a second process on the same record is refused, by a lock that ends with the process.</summary>
    public static IDisposable? TakeAlone(RecordLocation location)
    {
        if (location.Database != RecordDatabase.Sqlite) return null;
        try
        {
            Directory.CreateDirectory(location.DataDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecordSetupException($"The folder of the record, {location.DataDirectory}, cannot be made: {e.Message} Give a folder that may be written with --data.");
        }

        try
        {
            return new FileStream(Path.Combine(location.DataDirectory, "openmash.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw new RecordSetupException($"The folder of the record, {location.DataDirectory}, may not be written by this user. Give another with --data.");
        }
        catch (IOException)
        {
            throw new RecordSetupException($"Another OpenMASH process already works on the record in {location.DataDirectory}. Stop it first, or use PostgreSQL for several.");
        }
    }
}
