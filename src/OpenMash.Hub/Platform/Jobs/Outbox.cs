using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Accounts;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Platform.Jobs;

/// <summary>Rings when a commit left something in the outbox, so that live notices do not wait for the next tick.</summary>
public sealed class OutboxSignal
{
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _bell.Writer.TryWrite(true);

    /// <summary>Waits for a ring, at most <paramref name="most"/>.</summary>
    public async Task WaitAsync(TimeSpan most, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(most);
        try
        {
            await _bell.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time ran out without a ring: look anyway, for what became due meanwhile.
        }
    }
}

/// <summary>Sends one kind of outbox message. A failure is thrown; the pump keeps the message, waits and tries again.</summary>
public interface IOutboxSender
{
    string Kind { get; }

    /// <summary>How often it is tried before people are told that it failed.</summary>
    int MostAttempts { get; }

    Task SendAsync(short authorityId, OutboxMessage message, CancellationToken ct);

    /// <summary>Called once when the last attempt has failed.</summary>
    Task GaveUpAsync(short authorityId, OutboxMessage message, string error, CancellationToken ct);
}

/// <summary>
/// Takes what commands left in the outbox and sends it: at least once, in order of due time. One pump works at a time: the process itself on SQLite,
/// the holder of an advisory lock on PostgreSQL.
/// </summary>
public sealed partial class OutboxPump(RecordStore store, OutboxSignal signal, IServiceScopeFactory scopes, IClock clock, ILogger<OutboxPump> log) : BackgroundService
{
    private const int Batch = 200;
    private const long LockKey = 0x6D617368_01;

    /// <summary>Sends everything that is due now; for tests and verbs.</summary>
    public async Task<int> DrainAsync(CancellationToken ct)
    {
        var sent = 0;
        foreach (var authority in await AuthoritiesAsync(ct))
        {
            int step;
            do
            {
                step = await SendDueAsync(authority, ct);
                sent += step;
            }
            while (step == Batch);
        }

        return sent;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (store.IsSqlite) await PumpAsync(stoppingToken);
                else await PumpUnderLockAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogPumpFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(2), stoppingToken);
            }
        }
    }

    private async Task PumpAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await signal.WaitAsync(TimeSpan.FromSeconds(1), ct);
            await DrainAsync(ct);
        }
    }

    private async Task PumpUnderLockAsync(CancellationToken ct)
    {
        await using var connection = await store.DataSource!.OpenConnectionAsync(ct);
        await using var take = connection.CreateCommand();
        take.CommandText = "SELECT pg_try_advisory_lock(@key)";
        take.Parameters.AddWithValue("key", LockKey);
        if (await take.ExecuteScalarAsync(ct) is not true)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), ct);
            return;
        }

        // Other nodes ring by NOTIFY, since their commits are sent from here.
        connection.Notification += (_, _) => signal.Ring();
        await using var listen = connection.CreateCommand();
        listen.CommandText = "LISTEN openmash_outbox";
        await listen.ExecuteNonQueryAsync(ct);
        while (!ct.IsCancellationRequested)
        {
            using var stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var heard = connection.WaitAsync(stopWaiting.Token);
            var rung = signal.WaitAsync(TimeSpan.FromSeconds(1), ct);
            await Task.WhenAny(heard, rung);
            await stopWaiting.CancelAsync();
            try
            {
                await heard;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                // Waiting ended because this node rang itself or the second was over.
            }

            await DrainAsync(ct);
        }
    }

    private async Task<short[]> AuthoritiesAsync(CancellationToken ct)
    {
        await using var db = store.Open(0);
        return await db.Set<Authority>().AsNoTracking().OrderBy(a => a.Id).Select(a => a.Id).ToArrayAsync(ct);
    }

    private async Task<int> SendDueAsync(short authority, CancellationToken ct)
    {
        await using var db = store.Open(authority);
        var now = clock.GetCurrentInstant();
        var due = await db.Set<OutboxMessage>().AsNoTracking()
            .Where(m => m.State == OutboxState.Waiting && m.DueAt <= now)
            .OrderBy(m => m.DueAt).ThenBy(m => m.Id)
            .Take(Batch)
            .ToListAsync(ct);
        if (due.Count == 0) return 0;

        await using var scope = scopes.CreateAsyncScope();
        var senders = scope.ServiceProvider.GetServices<IOutboxSender>().ToDictionary(s => s.Kind, StringComparer.Ordinal);
        var done = new List<Guid>(due.Count);
        foreach (var message in due)
        {
            try
            {
                if (!senders.TryGetValue(message.Kind, out var sender))
                    throw new InvalidOperationException($"Nobody sends messages of the kind {message.Kind}.");
                await sender.SendAsync(authority, message, ct);
                done.Add(message.Id);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogSendFailed(log, message.Id, message.Kind, e.GetType().Name);
                await PostponeAsync(db, senders.GetValueOrDefault(message.Kind), authority, message, e.GetType().Name + ": " + e.Message, ct);
            }
        }

        if (done.Count > 0)
        {
            var sentAt = clock.GetCurrentInstant();
            await db.Set<OutboxMessage>().Where(m => done.Contains(m.Id))
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.State, OutboxState.Sent).SetProperty(m => m.SentAt, sentAt), ct);
        }

        return due.Count;
    }

    private async Task PostponeAsync(Records.Kernel.RecordContext db, IOutboxSender? sender, short authority, OutboxMessage message, string error, CancellationToken ct)
    {
        var attempts = message.Attempts + 1;
        var gaveUp = attempts >= (sender?.MostAttempts ?? 1);
        var next = clock.GetCurrentInstant() + Duration.FromSeconds(Math.Min(900, 2 * Math.Pow(3, attempts)));
        var state = gaveUp ? OutboxState.Failed : OutboxState.Waiting;
        var shown = error.Length > 500 ? error[..500] : error;
        await db.Set<OutboxMessage>().Where(m => m.Id == message.Id).ExecuteUpdateAsync(
            s => s.SetProperty(m => m.Attempts, attempts).SetProperty(m => m.DueAt, next).SetProperty(m => m.State, state).SetProperty(m => m.LastError, shown), ct);
        if (gaveUp && sender is not null) await sender.GaveUpAsync(authority, message, shown, ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox pump stopped and starts again.")]
    private static partial void LogPumpFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} of kind {Kind} was not sent ({Error}); it stays in the outbox.")]
    private static partial void LogSendFailed(ILogger logger, Guid id, string kind, string error);
}
