using System.Diagnostics;
using OpenMash.Hub.Platform.Record;

namespace OpenMash.HubTests.House;

/// <summary>The program itself as a process of its own, on a record of either database.</summary>
internal static class HubProcess
{
    /// <summary>Begins a verb; with a record, on that record.</summary>
    public static Process Begin(RecordLocation? location, string environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "openmash.dll"), .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment.Remove("OPENMASH_CONNECTION");
        if (location is not null)
        {
            start.ArgumentList.Add("--data");
            start.ArgumentList.Add(location.DataDirectory);
            if (location.Database == RecordDatabase.Postgres)
            {
                start.Environment["OPENMASH_CONNECTION"] = location.ConnectionString;
                start.Environment["OPENMASH_OWNER_CONNECTION"] = location.OwnerConnectionString;
            }
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(RecordLocation? location, params string[] arguments)
    {
        using var process = Begin(location, "Production", arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
