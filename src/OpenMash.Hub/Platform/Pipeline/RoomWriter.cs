using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Pipeline;

/// <summary>The write face of one room, for the length of one act. It hands out tracked rows of its own room's entities only.</summary>
public sealed class RoomWriter
{
    private readonly RecordContext _db;
    private readonly Room _room;
    private readonly HashSet<object> _admitted;

    internal RoomWriter(RecordContext db, Room room, HashSet<object> admitted)
    {
        _db = db;
        _room = room;
        _admitted = admitted;
    }

    public T Add<T>(T row)
        where T : DomainRow
    {
        Own(typeof(T));
        row.AuthorityId = _db.AuthorityId;
        _db.Add(row);
        _admitted.Add(row);
        return row;
    }

    public async Task<T?> FindAsync<T>(Guid id)
        where T : DomainRow
    {
        Own(typeof(T));
        var row = await _db.Set<T>().SingleOrDefaultAsync(r => r.Id == id);
        if (row is not null) _admitted.Add(row);
        return row;
    }

    /// <summary>Gives a row that was found a new version although no field of its own changes: what belongs to it changed, and who has it open must see that first.</summary>
    public void Touch<T>(T row)
        where T : DomainRow
    {
        Own(typeof(T));
        if (!_admitted.Contains(row)) throw new InvalidOperationException($"This {typeof(T).Name} was not handed out by this writer.");
        _db.Entry(row).Property(r => r.Version).IsModified = true;
    }

    /// <summary>Tracked rows, in the order of their ids.</summary>
    public async Task<List<T>> LoadAsync<T>(Expression<Func<T, bool>> where)
        where T : DomainRow
    {
        Own(typeof(T));
        var rows = await _db.Set<T>().Where(where).OrderBy(r => r.Id).ToListAsync();
        foreach (var row in rows) _admitted.Add(row);
        return rows;
    }

    /// <summary>Removes a row that has no meaning after use. Anything else is ended or disposed of, never removed.</summary>
    public void Remove<T>(T row)
        where T : DomainRow
    {
        Own(typeof(T));
        if (EntityFacts.Of(typeof(T)).Retention != Retention.Transient)
            throw new InvalidOperationException($"{typeof(T).Name} is not transient: it may be ended, not removed.");
        _db.Remove(row);
        _admitted.Add(row);
    }

    private void Own(Type entity)
    {
        var owner = EntityFacts.Of(entity).Owner;
        if (owner != _room)
            throw new StrangerException($"{_room} may not write {entity.Name}, which belongs to {owner}. Send a command or raise an event instead.");
    }
}

/// <summary>A room touched what is not its own: always a bug.</summary>
public sealed class StrangerException(string message) : InvalidOperationException(message);

/// <summary>What an entity states of itself.</summary>
public static class EntityFacts
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, EntityAttribute> Cache = new();

    public static EntityAttribute Of(Type entity) => Cache.GetOrAdd(entity, static t =>
        t.GetCustomAttribute<EntityAttribute>() ?? throw new StrangerException($"{t.Name} states no owning room."));
}
