using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Accounts;
using Quartz;

namespace OpenMash.Hub.Platform.Jobs;

/// <summary>Work that a room does at each tick (reminders, ladders, recalls). It sends commands as a named system actor; running it twice does no harm.</summary>
public interface ITick
{
    /// <summary>The system actor's name and purpose, as the trail shows them.</summary>
    (string Name, string Purpose) Actor { get; }

    Task TickAsync(Viewer actor, CommandRunner runner, RecordReader read, CancellationToken ct);
}

/// <summary>Runs every room's ticks for every authority. Quartz calls it; tests and the demo call it directly.</summary>
public sealed partial class TickRunner(RecordStore store, RoomCatalogue rooms, IServiceScopeFactory scopes, CommandRunner runner, IClock clock, ILogger<TickRunner> log)
{
    public async Task TickAllAsync(CancellationToken ct)
    {
        short[] authorities;
        await using (var db = store.Open(0))
            authorities = await db.Set<Authority>().AsNoTracking().OrderBy(a => a.Id).Select(a => a.Id).ToArrayAsync(ct);

        foreach (var authority in authorities)
            foreach (var type in rooms.Ticks)
            {
                await using var scope = scopes.CreateAsyncScope();
                await using var db = store.Open(authority);
                var tick = (ITick)scope.ServiceProvider.GetRequiredService(type);
                var (name, purpose) = tick.Actor;
                try
                {
                    await tick.TickAsync(Viewer.System(authority, name, purpose), runner, new RecordReader(db, rooms, clock), ct);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // One room's failing work must not stop another's ladder from climbing; it is logged and tried at the next tick.
                    LogTickFailed(log, type.Name, authority, e);
                }
            }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The work {Tick} of authority {Authority} failed; it is tried again at the next tick.")]
    private static partial void LogTickFailed(ILogger logger, string tick, short authority, Exception exception);
}

/// <summary>Quartz's end of the ticks.</summary>
[DisallowConcurrentExecution]
public sealed class TickJob(TickRunner runner) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await runner.TickAllAsync(cancellationToken);
}
