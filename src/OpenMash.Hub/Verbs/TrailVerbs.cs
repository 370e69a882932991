using System.CommandLine;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Trail;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Verbs;

/// <summary><c>trail verify</c>: proves the chain, names the first break, reports what is unsealed.</summary>
internal static class TrailVerbs
{
    public static Command Create()
    {
        var data = ServeVerbs.Data();
        var json = new Option<bool>("--json") { Description = "Print a machine-readable summary." };
        var verify = new Command("verify", "Proves the trail's chain of every authority, or names the first broken link.") { data, json };
        verify.SetAction((parsed, ct) => VerifyAsync(parsed.GetRequiredValue(data), parsed.GetValue(json), ct));
        return new Command("trail", "The trail of every act, view and search.") { verify };
    }

    private static async Task<int> VerifyAsync(DirectoryInfo data, bool json, CancellationToken ct)
    {
        RecordLocation location;
        try
        {
            location = HubLocation.Read(data);
        }
        catch (RecordSetupException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }

        if (location.Database == RecordDatabase.Sqlite && !File.Exists(Path.Combine(location.DataDirectory, "openmash.db")))
        {
            Console.Error.WriteLine($"There is no record in {location.DataDirectory}. Say where it lives with --data.");
            return 2;
        }

        using var store = new RecordStore(location);
        await using var db = store.Open(0);
        var verdicts = new List<TrailVerdict>();
        var authorities = await db.Set<Authority>().AsNoTracking().OrderBy(a => a.Id).ToListAsync(ct);
        verdicts.Add(await TrailVerifier.VerifyAsync(db, 0, ct));
        foreach (var authority in authorities) verdicts.Add(await TrailVerifier.VerifyAsync(db, authority.Id, ct));
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(verdicts, HubJson.Options));
        }
        else
        {
            foreach (var v in verdicts)
            {
                var name = authorities.FirstOrDefault(a => a.Id == v.Authority)?.Name ?? "The installation";
                if (v.Break is not null) Console.WriteLine($"{name}: BROKEN. {v.Break} The {v.Seals} seals before it ({v.Entries} entries) hold.");
                else Console.WriteLine($"{name}: whole. {v.Seals} seals over {v.Entries} entries{(v.Disposed > 0 ? $", {v.Disposed} with content lawfully disposed of" : "")}; {v.Unsealed} not yet sealed{(v.OldestUnsealed is { } at ? $", the oldest of {at}" : "")}.");
            }
        }

        return verdicts.Any(v => v.Break is not null) ? 1 : 0;
    }
}
