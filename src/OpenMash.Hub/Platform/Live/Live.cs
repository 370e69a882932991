using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Platform.Live;

/// <summary>A room says who may listen to a group of its own; the prefix before the colon names the kind.</summary>
public interface ILiveGroup : ISlot
{
    string Prefix { get; }

    Task<bool> MayJoinAsync(Viewer viewer, string rest, CancellationToken ct);
}

/// <summary>
/// The browser's end. It carries kind, id and version only; the browser fetches again through the authorised page.
/// Groups are joined by name and checked at each join.
/// </summary>
[Authorize]
public sealed class LiveHub(LiveBoard board) : Microsoft.AspNetCore.SignalR.Hub
{
    public override async Task OnConnectedAsync()
    {
        var viewer = Context.GetHttpContext()!.Viewer();
        if (viewer.Kind != ViewerKind.Person || viewer.AccountId is null)
        {
            Context.Abort();
            return;
        }

        board.Connected(Context.ConnectionId, viewer, Context);
        await Groups.AddToGroupAsync(Context.ConnectionId, LiveBoard.Scoped(viewer.AuthorityId, $"account:{viewer.AccountId}"));
        await base.OnConnectedAsync();
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        await board.DisconnectedAsync(Context.ConnectionId);
        await base.OnDisconnectedAsync(exception);
    }

    /// <summary>Joins a group such as <c>enquiry:ID</c> or <c>queue</c>. False where the viewer may not.</summary>
    public async Task<bool> Join(string group)
    {
        var viewer = Context.GetHttpContext()!.Viewer();
        if (!await board.MayJoinAsync(viewer, group, Context.ConnectionAborted)) return false;
        await Groups.AddToGroupAsync(Context.ConnectionId, LiveBoard.Scoped(viewer.AuthorityId, group));
        await board.JoinedAsync(Context.ConnectionId, viewer, group);
        return true;
    }

    public async Task Leave(string group)
    {
        var viewer = Context.GetHttpContext()!.Viewer();
        await Groups.RemoveFromGroupAsync(Context.ConnectionId, LiveBoard.Scoped(viewer.AuthorityId, group));
        await board.LeftAsync(Context.ConnectionId, group);
    }
}

/// <summary>Someone present in a group.</summary>
public sealed record Presence(Guid AccountId, string Name, Guid AgencyId, string AgencyName);

/// <summary>What travels between nodes.</summary>
public sealed record LiveEnvelope(short AuthorityId, LiveNotice Notice, string Node, Presence? Person = null, bool Here = false, string? Connection = null);

/// <summary>
/// Delivers notices to this node's browsers and keeps who is present. With several nodes on PostgreSQL, envelopes travel by NOTIFY; presence is repeated
/// every fifteen seconds, so that a node that died is forgotten.
/// </summary>
public sealed class LiveBoard(IHubContext<LiveHub> hub, IServiceScopeFactory scopes, RecordStore store, IClock clock)
{
    public const string Channel = "openmash_live";
    private static readonly Duration Forget = Duration.FromSeconds(40);
    private readonly ConcurrentDictionary<string, (Viewer Viewer, HubCallerContext Context)> _connections = new();
    private readonly ConcurrentDictionary<(short Authority, string Group, string Connection), (Presence Person, string Node, Instant At)> _present = new();
    private readonly string _node = Ids();

    public static string Scoped(short authority, string group) => $"{authority}|{group}";

    /// <summary>Who is in a group now, each person once, by agency and name.</summary>
    public IReadOnlyList<Presence> PresentIn(short authority, string group)
    {
        var old = clock.GetCurrentInstant() - Forget;
        return _present
            .Where(p => p.Key.Authority == authority && p.Key.Group == group && (p.Value.Node == _node || p.Value.At > old))
            .Select(p => p.Value.Person)
            .DistinctBy(p => p.AccountId)
            .OrderBy(p => p.AgencyName, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal)
            .ToArray();
    }

    /// <summary>Sends a notice to every node.</summary>
    public Task PublishAsync(short authority, LiveNotice notice, CancellationToken ct) => SpreadAsync(new LiveEnvelope(authority, notice, _node), ct);

    /// <summary>Handles an envelope that arrived (from this node or another).</summary>
    public async Task ReceiveAsync(LiveEnvelope envelope, CancellationToken ct)
    {
        if (envelope.Person is { } person)
        {
            var key = (envelope.AuthorityId, envelope.Notice.Group, envelope.Connection!);
            if (envelope.Here) _present[key] = (person, envelope.Node, clock.GetCurrentInstant());
            else _present.TryRemove(key, out _);
        }

        if (envelope.Notice.Kind == "access") Drop(envelope.AuthorityId, envelope.Notice.Id);
        var group = Scoped(envelope.AuthorityId, envelope.Notice.Group);
        if (envelope.Person is not null)
        {
            // A beat only tells other nodes that someone is still there.
            if (envelope.Notice.Kind == "beat") return;
            var people = PresentIn(envelope.AuthorityId, envelope.Notice.Group).Select(p => new { name = p.Name, agency = p.AgencyName, here = true });
            await hub.Clients.Group(group).SendAsync("presence", new { group = envelope.Notice.Group, people }, ct);
            return;
        }

        await hub.Clients.Group(group)
            .SendAsync("notice", new { kind = envelope.Notice.Kind, id = envelope.Notice.Id, version = envelope.Notice.Version, group = envelope.Notice.Group }, ct);
    }

    /// <summary>Repeats this node's presences and forgets those of nodes that fell silent.</summary>
    public async Task BeatAsync(CancellationToken ct)
    {
        var old = clock.GetCurrentInstant() - Forget;
        foreach (var (key, value) in _present)
        {
            if (value.Node != _node)
            {
                if (value.At <= old) _present.TryRemove(key, out _);
                continue;
            }

            if (!store.IsSqlite)
                await SpreadAsync(new LiveEnvelope(key.Authority, new LiveNotice(key.Group, "beat", Guid.Empty, 0), _node, value.Person, true, key.Connection), ct);
        }
    }

    internal void Connected(string connection, Viewer viewer, HubCallerContext context) => _connections[connection] = (viewer, context);

    internal async Task DisconnectedAsync(string connection)
    {
        _connections.TryRemove(connection, out _);
        foreach (var key in _present.Keys.Where(k => k.Connection == connection).ToArray()) await LeftAsync(connection, key.Group);
    }

    internal async Task<bool> MayJoinAsync(Viewer viewer, string group, CancellationToken ct)
    {
        var colon = group.IndexOf(':', StringComparison.Ordinal);
        var (prefix, rest) = colon < 0 ? (group, "") : (group[..colon], group[(colon + 1)..]);
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAuthority>().Id = viewer.AuthorityId;
        var owner = scope.ServiceProvider.GetServices<ILiveGroup>().FirstOrDefault(g => g.Prefix == prefix);
        if (owner is null) return false;
        // A connection may be hours old.
        var db = scope.ServiceProvider.GetRequiredService<RecordContext>();
        return await owner.MayJoinAsync(await viewer.WithSealsAsync(db, scope.ServiceProvider.GetRequiredService<IClock>().GetCurrentInstant(), ct), rest, ct);
    }

    internal Task JoinedAsync(string connection, Viewer viewer, string group)
    {
        var person = new Presence(viewer.AccountId!.Value, viewer.Name, viewer.AgencyId ?? Guid.Empty, viewer.AgencyName);
        return SpreadAsync(new LiveEnvelope(viewer.AuthorityId, new LiveNotice(group, "presence", Guid.Empty, 0), _node, person, true, connection), CancellationToken.None);
    }

    internal async Task LeftAsync(string connection, string group)
    {
        foreach (var (key, value) in _present.Where(p => p.Key.Connection == connection && p.Key.Group == group).ToArray())
            await SpreadAsync(new LiveEnvelope(key.Authority, new LiveNotice(group, "presence", Guid.Empty, 0), _node, value.Person, false, connection), CancellationToken.None);
    }

    private static string Ids() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    /// <summary>Someone's access changed: their connections end, and what they may still join is decided anew when they come back.</summary>
    private void Drop(short authority, Guid account)
    {
        foreach (var (connection, value) in _connections)
        {
            if (value.Viewer.AuthorityId == authority && value.Viewer.AccountId == account && _connections.TryRemove(connection, out _)) value.Context.Abort();
        }
    }

    private async Task SpreadAsync(LiveEnvelope envelope, CancellationToken ct)
    {
        if (store.IsSqlite)
        {
            await ReceiveAsync(envelope, ct);
            return;
        }

        await using var command = store.DataSource!.CreateCommand("SELECT pg_notify(@channel, @payload)");
        command.Parameters.AddWithValue("channel", Channel);
        command.Parameters.AddWithValue("payload", JsonSerializer.Serialize(envelope, HubJson.Options));
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>Live notices leave through the outbox like everything else.</summary>
public sealed class LiveSender(LiveBoard board) : IOutboxSender
{
    public string Kind => "live";

    /// <summary>A notice older than a few tries is worth nothing: the page is fetched anew anyway.</summary>
    public int MostAttempts => 3;

    public Task SendAsync(short authorityId, OutboxMessage message, CancellationToken ct) =>
        board.PublishAsync(authorityId, JsonSerializer.Deserialize<LiveNotice>(message.Payload, HubJson.Options)!, ct);

    public Task GaveUpAsync(short authorityId, OutboxMessage message, string error, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Listens for other nodes' envelopes and keeps presence fresh.</summary>
public sealed partial class LiveListener(LiveBoard board, RecordStore store, ILogger<LiveListener> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(BeatAsync(stoppingToken), store.IsSqlite ? Task.CompletedTask : ListenAsync(stoppingToken));

    private async Task BeatAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(15));
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await board.BeatAsync(ct);
            }
            catch (Npgsql.NpgsqlException e)
            {
                LogListenFailed(log, e);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await store.DataSource!.OpenConnectionAsync(ct);
                var arrived = System.Threading.Channels.Channel.CreateUnbounded<string>();
                connection.Notification += (_, e) => arrived.Writer.TryWrite(e.Payload);
                await using var listen = connection.CreateCommand();
                listen.CommandText = "LISTEN " + LiveBoard.Channel;
                await listen.ExecuteNonQueryAsync(ct);
                while (!ct.IsCancellationRequested)
                {
                    await connection.WaitAsync(ct);
                    while (arrived.Reader.TryRead(out var payload))
                        await board.ReceiveAsync(JsonSerializer.Deserialize<LiveEnvelope>(payload, HubJson.Options)!, ct);
                }
            }
            catch (Npgsql.NpgsqlException e)
            {
                LogListenFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listening for live notices of other nodes was cut; it starts again.")]
    private static partial void LogListenFailed(ILogger logger, Exception exception);
}
