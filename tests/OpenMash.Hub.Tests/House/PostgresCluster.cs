using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OpenMash.HubTests.House;

/// <summary>A throw-away PostgreSQL on loopback, started once a test process and stopped with it. Two roles: the owner of the tables and the hub at work.</summary>
public static class PostgresCluster
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static int _port;
    private static string? _folder;

    public static async Task<(string Runtime, string Owner)> NewDatabaseAsync(string? template = null)
    {
        await StartAsync();
        var name = "t" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
        await using var admin = new NpgsqlConnection(Connection("postgres", "postgres"));
        await admin.OpenAsync();
        await using var create = admin.CreateCommand();
        create.CommandText = $"CREATE DATABASE {name} OWNER mash_owner" + (template is null ? "" : $" TEMPLATE {template}");
        await create.ExecuteNonQueryAsync();
        // The owner migrates and leaves no session behind, so that a migrated database can be a template.
        return (Connection("mash_runtime", name), Connection("mash_owner", name) + ";Pooling=false");
    }

    public static string Connection(string user, string database) =>
        $"Host=127.0.0.1;Port={_port};Username={user};Database={database};Maximum Pool Size=60;Include Error Detail=true";

    private static async Task StartAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (_folder is not null) return;
            var bin = Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin")).First();
            var folder = Path.Combine(Path.GetTempPath(), "openmash-pg-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(5)));
            Directory.CreateDirectory(folder);
            _port = FreePort();
            var root = Environment.UserName == "root";
            if (root) Run("chown", ["postgres", folder]);
            Run(root, Path.Combine(bin, "initdb"), ["-D", folder + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
            Run(root, Path.Combine(bin, "pg_ctl"), ["-D", folder + "/data", "-w", "-l", folder + "/log", "-o", $"-p {_port} -h 127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300", "start"]);
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            {
                Run(root, Path.Combine(bin, "pg_ctl"), ["-D", folder + "/data", "-m", "immediate", "stop"]);
                if (Directory.Exists(folder)) Directory.Delete(folder, true);
            };
            await using var admin = new NpgsqlConnection(Connection("postgres", "postgres"));
            await admin.OpenAsync();
            await using var roles = admin.CreateCommand();
            roles.CommandText = "CREATE ROLE mash_owner LOGIN; CREATE ROLE mash_runtime LOGIN;";
            await roles.ExecuteNonQueryAsync();
            _folder = folder;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Run(bool asPostgres, string program, string[] arguments)
    {
        if (asPostgres) Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]);
        else Run(program, arguments);
    }

    private static void Run(string program, string[] arguments)
    {
        // Output goes nowhere: the server that pg_ctl starts would otherwise hold the pipes open.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$0\" \"$@\" >/dev/null 2>&1");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}. Is PostgreSQL installed? ./test installs it.");
    }
}
