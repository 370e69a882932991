using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Pipeline;

/// <summary>A room of the house: registers what it offers. To delete a room is to delete its folder and its line in Program.</summary>
public interface IRoom
{
    Room Room { get; }

    void Register(RoomBuilder room);

    /// <summary>Maps endpoints that are not pages.</summary>
    void Map(IEndpointRouteBuilder app)
    {
    }
}

/// <summary>What rooms registered: handlers by command, listeners by event, access by entity, slots.</summary>
public sealed class RoomCatalogue
{
    internal Dictionary<Type, (Room Room, Type Handler)> Handlers { get; } = [];

    internal Dictionary<Type, List<(Room Room, Type Listener)>> Listeners { get; } = [];

    internal Dictionary<Type, object> Access { get; } = [];

    internal List<Type> Ticks { get; } = [];

    internal List<NavLink> Navigation { get; } = [];

    public IReadOnlyDictionary<Type, (Room Room, Type Handler)> AllHandlers => Handlers;

    public IReadOnlyDictionary<Type, List<(Room Room, Type Listener)>> AllListeners => Listeners;

    public IReadOnlyCollection<Type> EntitiesWithAccess => Access.Keys;

    public IReadOnlyList<NavLink> AllNavigation => Navigation;

    public AccessRule<T> AccessOf<T>()
        where T : DomainRow =>
        Access.TryGetValue(typeof(T), out var rule)
            ? (AccessRule<T>)rule
            : throw new InvalidOperationException($"{typeof(T).Name} has no access rule: its room must register one before it is read for a viewer.");
}

/// <summary>A link of the main navigation, shown to those whose roles allow it.</summary>
public sealed record NavLink(string Text, string Url, string Key, int Order, Func<Viewer, bool> ShownTo);

/// <summary>Collects what one room registers.</summary>
public sealed class RoomBuilder(IServiceCollection services, RoomCatalogue catalogue, Room room)
{
    public IServiceCollection Services => services;

    public RoomBuilder Handles<TCommand, TResult, THandler>()
        where TCommand : ICommand<TResult>
        where THandler : Handler<TCommand, TResult>
    {
        if (!catalogue.Handlers.TryAdd(typeof(TCommand), (room, typeof(THandler))))
            throw new InvalidOperationException($"{typeof(TCommand).Name} has two handlers.");
        services.AddScoped<THandler>();
        return this;
    }

    public RoomBuilder Listens<TEvent, TListener>()
        where TEvent : IEvent
        where TListener : Listener<TEvent>
    {
        if (!catalogue.Listeners.TryGetValue(typeof(TEvent), out var list)) catalogue.Listeners[typeof(TEvent)] = list = [];
        list.Add((room, typeof(TListener)));
        services.AddScoped<TListener>();
        return this;
    }

    public RoomBuilder Guards<TEntity>(AccessRule<TEntity> rule)
        where TEntity : DomainRow
    {
        catalogue.Access.Add(typeof(TEntity), rule);
        return this;
    }

    /// <summary>Durable work done at each tick of the clock, one authority at a time, as a named system actor.</summary>
    public RoomBuilder Ticks<TTick>()
        where TTick : class, ITick
    {
        catalogue.Ticks.Add(typeof(TTick));
        services.AddScoped<TTick>();
        return this;
    }

    public RoomBuilder Navigates(NavLink link)
    {
        catalogue.Navigation.Add(link);
        return this;
    }

    /// <summary>Fills a slot of Platform's (tile, person panel, chronology, my-work, link).</summary>
    public RoomBuilder Fills<TSlot, TFiller>()
        where TSlot : class, ISlot
        where TFiller : class, TSlot
    {
        services.AddScoped<TSlot, TFiller>();
        return this;
    }
}
