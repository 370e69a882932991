using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Trail;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Platform.Pipeline;

/// <summary>
/// The write pipeline: page, API, import, job and verb send the same command here. One transaction (immediate on SQLite, serialisable on
/// PostgreSQL): authorise, check, handle, listeners, trail and outbox, save, commit. All of it is run again on a serialisation failure.
/// </summary>
public sealed class CommandRunner(RecordStore store, IServiceScopeFactory scopes, IClock clock, RoomCatalogue rooms, OutboxSignal signal, ReferenceNumbers references, SettingsShelf shelf)
{
    private const int Attempts = 40;

    /// <summary>Carries out a command. The same <paramref name="commandId"/> again returns the first result and changes nothing.</summary>
    public async Task<Outcome<TResult>> RunAsync<TResult>(ICommand<TResult> command, Viewer actor, Guid commandId, CancellationToken ct = default)
    {
        if (!rooms.Handlers.TryGetValue(command.GetType(), out var registered))
            throw new InvalidOperationException($"{command.GetType().Name} has no handler.");
        if (commandId == Guid.Empty)
            throw new ArgumentException("A command carries an id.", nameof(commandId));

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(command, actor, commandId, registered.Room, registered.Handler, ct);
            }
            catch (Exception e) when (attempt < Attempts && CanRunAgain(e))
            {
                // Full jitter: those that collided must not meet again in step.
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, Math.Min(250, 8 << Math.Min(attempt, 5)))), ct);
            }
        }
    }

    /// <summary>As above with an id of its own: for jobs and verbs whose own bookkeeping prevents repeats.</summary>
    public Task<Outcome<TResult>> RunAsync<TResult>(ICommand<TResult> command, Viewer actor, CancellationToken ct = default) =>
        RunAsync(command, actor, Ids.New(clock.GetCurrentInstant()), ct);

    /// <summary>
    /// Records that someone saw, searched, printed or signed in, committed before this returns: a view's entry is in the record before its content leaves.
    /// </summary>
    public async Task WitnessAsync(Viewer actor, TrailKind kind, string act, string? subjectKind = null, Guid? subjectId = null, object? detail = null, CancellationToken ct = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var db = store.Open(actor.AuthorityId);
                var subject = subjectId is { } id ? (subjectKind ?? "", id) : ((string, Guid)?)null;
                var (entry, content) = TrailWriter.Make(actor, clock.GetCurrentInstant(), kind, act, null, subject, null, [], detail);
                db.Add(entry);
                if (content is not null) db.Add(content);
                using var turn = await store.TurnAsync(null, ct);
                await SaveAsync(db, ct);
                return;
            }
            catch (Exception e) when (attempt < Attempts && CanRunAgain(e))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2 * attempt), ct);
            }
        }
    }

    private async Task<Outcome<TResult>> OnceAsync<TResult>(ICommand<TResult> command, Viewer actor, Guid commandId, Room room, Type handlerType, CancellationToken ct)
    {
        var name = command.GetType().Name;
        await using var scope = scopes.CreateAsyncScope();
        await using var db = store.Open(actor.AuthorityId);
        var fingerprint = Fingerprint(command, actor);
        // Looked up before the transaction: two of the same command that race meet at the receipt's key, and the loser runs again and finds it here.
        // Inside, this read would make every pair of concurrent commands a serialisation conflict.
        var receipt = await db.Set<CommandReceipt>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == commandId, ct);
        if (receipt is not null)
        {
            if (!receipt.Fingerprint.AsSpan().SequenceEqual(fingerprint))
                return new Outcome<TResult>.Conflict("This identifier was used before for something else. Send the new content with an identifier of its own.");
            return new Outcome<TResult>.Done(JsonSerializer.Deserialize<TResult>(receipt.Result, HubJson.Options)!);
        }

        var isolation = store.IsSqlite ? System.Data.IsolationLevel.Unspecified : System.Data.IsolationLevel.Serializable;
        // Given back before a refusal is witnessed, which takes a turn of its own.
        using var turn = await store.TurnAsync(name, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(isolation, ct);

        var now = clock.GetCurrentInstant();
        var settings = await shelf.OpenAsync(db, now, ct);
        // Read in this transaction: a seal set a moment ago shuts the act too.
        actor = await actor.WithSealsAsync(db, now, ct);
        var act = new Act(db, new RecordReader(db, rooms, clock), actor, commandId, now, settings, references);

        var handler = (IHandler<TResult>)scope.ServiceProvider.GetRequiredService(handlerType);
        Outcome<TResult> outcome;
        using (act.Enter(room))
        {
            if (await handler.AuthoriseAsync(command, act) is { } refusal)
            {
                await transaction.RollbackAsync(ct);
                turn.Dispose();
                await WitnessAsync(actor, TrailKind.Refusal, name, act.Subject?.Kind, act.Subject?.Id, new { reason = refusal }, ct);
                return new Outcome<TResult>.Refused(refusal);
            }

            var problems = new Problems();
            await handler.CheckAsync(command, problems, act);
            if (problems.Any) return new Outcome<TResult>.Invalid(problems.Items);
            outcome = await handler.HandleAsync(command, act);
        }

        if (outcome is not Outcome<TResult>.Done done)
        {
            // A handler that turns out to refuse, conflict or find nothing changes nothing: what it began is rolled back.
            await transaction.RollbackAsync(ct);
            turn.Dispose();
            if (outcome is Outcome<TResult>.Refused refused)
                await WitnessAsync(actor, TrailKind.Refusal, name, act.Subject?.Kind, act.Subject?.Id, new { reason = refused.Reason }, ct);
            return outcome;
        }

        // What waits is saved before a listener reads, and otherwise together with the trail: each save is a round trip. From here on changes are searched for
        // in one place only: each search asks every tracked row, and an import tracks hundreds of thousands.
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var changes = new List<TrailChange>();
        var waiting = Collect(act, db, changes);
        while (act.Raised.TryDequeue(out var happened))
        {
            if (!rooms.Listeners.TryGetValue(happened.GetType(), out var listeners)) continue;
            foreach (var (listenerRoom, listenerType) in listeners)
            {
                if (waiting) await SaveAsync(db, ct);
                using var inRoom = act.Enter(listenerRoom);
                await ((IListener)scope.ServiceProvider.GetRequiredService(listenerType)).HandleAsync(happened, act);
                waiting = Collect(act, db, changes);
            }
        }

        foreach (var notice in act.LiveNotices.Distinct())
            act.Send("live", $"live:{commandId:N}:{notice.Group}:{notice.Kind}:{notice.Id:N}", notice);

        act.Platform.Add(new CommandReceipt
        {
            Id = commandId,
            Command = name,
            Fingerprint = fingerprint,
            Result = JsonSerializer.Serialize(done.Value, HubJson.Options),
            At = now,
        });
        var (entry, content) = TrailWriter.Make(actor, now, TrailKind.Command, name, commandId, act.Subject, act.Reason, changes);
        db.Add(entry);
        if (content is not null) db.Add(content);
        Stamp(act, db);
        await SaveAsync(db, ct);
        await transaction.CommitAsync(ct);
        signal.Ring();
        return done;
    }

    /// <summary>Notes what was changed since the last save and stamps it. True if anything waits to be saved.</summary>
    private static bool Collect(Act act, RecordContext db, List<TrailChange> changes)
    {
        db.ChangeTracker.DetectChanges();
        var any = false;
        foreach (var entry in db.ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted)) continue;
            any = true;
            if (EntityFacts.Of(entry.Metadata.ClrType).Retention != Retention.Transient) changes.Add(TrailWriter.Read(entry));
        }

        Stamp(act, db);
        return any;
    }

    /// <summary>Every changed row must have been handed out by a writer of its own room; a stranger is a bug and stops the act.</summary>
    private static void Stamp(Act act, RecordContext db)
    {
        foreach (var entry in db.ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted)) continue;
            if (entry.Entity is TrailEntry or TrailContent) continue;
            if (!act.Admitted.Contains(entry.Entity))
                throw new StrangerException($"A {entry.Metadata.ClrType.Name} was changed that no writer handed out.");
            if (entry.Entity is not DomainRow row) continue;
            if (row.AuthorityId != act.Actor.AuthorityId)
                throw new StrangerException($"A {entry.Metadata.ClrType.Name} of another authority was changed.");
            // Through the entry, so that it counts without another search for changes.
            if (entry.State != EntityState.Deleted) entry.Property(nameof(DomainRow.Version)).CurrentValue = Ids.New(act.Now);
        }
    }

    private static Task SaveAsync(RecordContext db, CancellationToken ct)
    {
#pragma warning disable RS0030 // this is the one place where our own code saves
        return db.SaveChangesAsync(ct);
#pragma warning restore RS0030
    }

    private static byte[] Fingerprint<TResult>(ICommand<TResult> command, Viewer actor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), HubJson.Options));
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"|{command.GetType().FullName}|{actor.Kind}|{actor.AccountId}|{actor.AgencyId}"));
        return hash.GetHashAndReset();
    }

    /// <summary>Serialisation failure, deadlock, a busy database, or two of the same command racing for one receipt.</summary>
    private static bool CanRunAgain(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is PostgresException { SqlState: "40001" or "40P01" or "23505" }) return true;
            if (inner is SqliteException { SqliteErrorCode: 5 or 6 }) return true;
            if (inner is SqliteException { SqliteErrorCode: 19, SqliteExtendedErrorCode: 1555 or 2067 }) return true;
            if (inner is DbUpdateConcurrencyException) return true;
        }

        return false;
    }
}
