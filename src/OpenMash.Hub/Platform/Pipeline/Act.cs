using System.Text.Json;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Time;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Platform.Pipeline;

/// <summary>One command being carried out: who, when, and the faces to read, write, tell and record.</summary>
public sealed class Act
{
    private readonly RecordContext _db;
    private readonly HashSet<object> _admitted;
    private readonly RoomWriter _platform;

    internal Act(RecordContext db, RecordReader read, Viewer actor, Guid commandId, Instant now, HubSettings settings, ReferenceNumbers references)
    {
        _db = db;
        _admitted = new HashSet<object>(ReferenceEqualityComparer.Instance);
        _platform = new RoomWriter(db, Room.Platform, _admitted);
        Read = read;
        Actor = actor;
        CommandId = commandId;
        Now = now;
        Settings = settings;
        References = references;
        Write = _platform;
    }

    public Viewer Actor { get; }

    public Guid CommandId { get; }

    public Instant Now { get; }

    public LocalDate Today => London.Date(Now);

    public RecordReader Read { get; }

    /// <summary>The write face of the room whose handler or listener is running.</summary>
    public RoomWriter Write { get; private set; }

    public HubSettings Settings { get; }

    internal ReferenceNumbers References { get; }

    internal Queue<IEvent> Raised { get; } = new();

    internal List<LiveNotice> LiveNotices { get; } = [];

    internal HashSet<object> Admitted => _admitted;

    internal string? Reason { get; private set; }

    internal (string Kind, Guid Id)? Subject { get; private set; }

    internal RecordContext Db => _db;

    /// <summary>Makes, resets and closes accounts.</summary>
    public Accounts.AccountDesk Accounts => new(this);

    /// <summary>Holds and disposes of the trail's personal content.</summary>
    public Trail.TrailDesk Trail => new(this);

    public Guid NewId() => Ids.New(Now);

    /// <summary>The next reference of a kind and the current London year, for example R-2026-000418.</summary>
    public Task<string> NextReferenceAsync(string prefix) => References.NextAsync(_db, prefix, Today.Year);

    /// <summary>The next reference that does not carry a year, for example P-0000418.</summary>
    public Task<string> NextPlainReferenceAsync(string prefix) => References.NextAsync(_db, prefix, 0);

    /// <summary>As above, a run of them at once: for acts that make thousands.</summary>
    public Task<IReadOnlyList<string>> NextPlainReferencesAsync(string prefix, int count) => References.NextAsync(_db, prefix, 0, count);

    /// <summary>Says what has happened; listeners of all rooms act on it in this transaction.</summary>
    public void Raise(IEvent happened) => Raised.Enqueue(happened);

    /// <summary>What the act is chiefly about, for the "who looked and who acted" lists.</summary>
    public void About(string kind, Guid id) => Subject = (kind, id);

    /// <summary>The person's reason; goes to the trail's disposable content.</summary>
    public void Because(string? reason) => Reason = reason;

    /// <summary>A notice for browsers: kind, id and version only; the browser fetches again through the authorised page.</summary>
    public void Live(string group, string kind, Guid id, long version) => LiveNotices.Add(new LiveNotice(group, kind, id, version));

    /// <summary>Leaves the hub after commit, at least once, idempotent by key. The payload holds ids and references only.</summary>
    public OutboxMessage Send(string kind, string key, object payload, Instant? dueAt = null) =>
        _platform.Add(new OutboxMessage
        {
            Id = NewId(),
            Kind = kind,
            Key = key,
            Payload = JsonSerializer.Serialize(payload, HubJson.Options),
            CreatedAt = Now,
            DueAt = dueAt ?? Now,
        });

    /// <summary>Something a person must see; unread, it climbs at <paramref name="climbsAt"/>.</summary>
    public Notice Notify(string kind, string subjectKind, Guid subjectId, string text, Guid? toAccount = null, Roles toRoles = Roles.None, Guid? toAgency = null, Instant? climbsAt = null)
    {
        var notice = _platform.Add(new Notice
        {
            Id = NewId(),
            Kind = kind,
            SubjectKind = subjectKind,
            SubjectId = subjectId,
            Text = text,
            RaisedAt = Now,
            ToAccountId = toAccount,
            ToRoles = (int)toRoles,
            ToAgencyId = toAgency,
            ClimbsAt = climbsAt,
        });
        Live("notices", "notice", notice.Id, 0);
        return notice;
    }

    /// <summary>Platform's own rows that handlers may keep: drafts, notices, clocks, file rows.</summary>
    public RoomWriter Platform => _platform;

    /// <summary>Starts and ends running clocks.</summary>
    public ClockDesk Clocks => new(this);

    /// <summary>Null where the actor has one of the roles; else the reason for the refusal, naming level and role.</summary>
    public string? Needs(Roles any, string whatFor)
    {
        if (Actor.IsSystem || Actor.Has(any)) return null;
        return $"To {whatFor} you need the role {RoleNames.AnyOf(any)}. You are {Actor.Describe()}.";
    }

    /// <summary>As <see cref="Needs"/>, and the person must belong to the hub's own team.</summary>
    public string? NeedsHub(Roles any, string whatFor)
    {
        if (Actor.IsSystem || (Actor.IsHub && Actor.Has(any))) return null;
        return $"To {whatFor} you need the role {RoleNames.AnyOf(any)} in the hub's own team. You are {Actor.Describe()}.";
    }

    internal IDisposable Enter(Room room)
    {
        var before = Write;
        Write = new RoomWriter(_db, room, _admitted);
        return new Leave(() => Write = before);
    }

    private sealed class Leave(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}

/// <summary>What a browser is told: never content.</summary>
public sealed record LiveNotice(string Group, string Kind, Guid Id, long Version);
