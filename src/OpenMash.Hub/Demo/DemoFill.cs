using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Web;
using OpenMash.Hub.Rooms;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Demo;

/// <summary>Fills an empty record with the invented borough. A record that holds anything is left as it is.</summary>
internal static class DemoFill
{
    private const short Authority = 1;
    private const int Seed = 20260310;

    /// <summary>True if it was filled now; false if the demo's borough was there already. A record of real use is refused.</summary>
    public static async Task<bool> FillAsync(RecordLocation location, int scale, Action<string> progress, CancellationToken ct)
    {
        using (var store = new RecordStore(location))
        {
            await using var db = store.Open(0);
            var there = await db.Set<Authority>().AsNoTracking().OrderBy(a => a.Id).FirstOrDefaultAsync(ct);
            if (there is { IsDemo: true }) return false;
            if (there is not null)
                throw new RecordSetupException($"The record in {location.DataDirectory} is of real use ({there.Name}). The demonstration never touches it: give another folder with --data.");
        }

        var clock = new SimulatedClock(new MachineClock().GetCurrentInstant() - Duration.FromDays(366));
        var end = new MachineClock().GetCurrentInstant();
        var app = HubHost.Build(
            new HubOptions { Location = location with { Hasty = true }, Mode = HubMode.Demo, Urls = ["http://127.0.0.1:0"], Clock = clock, RunsWork = false, LogLevel = LogLevel.Error },
            AllRooms.Create());
        await using (app)
        {
            var borough = new DemoBorough(Seed);
            var a = borough.Lists.Authority;
            await Bootstrap.AddAuthorityAsync(
                app.Services.GetRequiredService<RecordStore>(),
                new Authority { Id = Authority, Code = a.Code, Name = a.Name, HubName = a.Hub, Telephone = a.Telephone, IsDemo = true },
                ct);
            app.Services.GetRequiredService<AuthorityDirectory>().Forget();
            var people = new DemoPeople(app.Services, clock);
            await people.MakeAsync(Authority, app.Services.GetRequiredService<CommandRunner>(), ct);
            progress("forty people of nine agencies");
            var history = new DemoHistory(app.Services, clock, borough, people, Authority);
            await history.TellAsync(3000 * scale, 460 * scale, end, progress, ct);
            await new DemoMatches(app.Services.GetRequiredService<RecordStore>(), history, people, Authority).MakeAsync(ct);
            progress("records that resemble each other reviewed");
            foreach (var (what, times) in history.NotDone) progress($"not done {times} times: {what}");
        }

        return true;
    }
}
