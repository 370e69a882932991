using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Pipeline;

/// <summary>Handles one command: authorise, check, handle, in this order, inside the runner's transaction; all of it can be run again.</summary>
public abstract class Handler<TCommand, TResult> : IHandler<TResult>
    where TCommand : ICommand<TResult>
{
    /// <summary>Null where the actor may do this; else the reason, in words for the person refused.</summary>
    public abstract ValueTask<string?> AuthoriseAsync(TCommand command, Act act);

    /// <summary>Adds every problem of the command's own content.</summary>
    public virtual ValueTask CheckAsync(TCommand command, Problems problems, Act act) => ValueTask.CompletedTask;

    public abstract Task<Outcome<TResult>> HandleAsync(TCommand command, Act act);

    ValueTask<string?> IHandler<TResult>.AuthoriseAsync(ICommand<TResult> command, Act act) => AuthoriseAsync((TCommand)command, act);

    ValueTask IHandler<TResult>.CheckAsync(ICommand<TResult> command, Problems problems, Act act) => CheckAsync((TCommand)command, problems, act);

    Task<Outcome<TResult>> IHandler<TResult>.HandleAsync(ICommand<TResult> command, Act act) => HandleAsync((TCommand)command, act);
}

/// <summary>The runner's view of a handler.</summary>
public interface IHandler<TResult>
{
    ValueTask<string?> AuthoriseAsync(ICommand<TResult> command, Act act);

    ValueTask CheckAsync(ICommand<TResult> command, Problems problems, Act act);

    Task<Outcome<TResult>> HandleAsync(ICommand<TResult> command, Act act);
}

/// <summary>Acts on an event of another room inside the same transaction: the database only, nothing leaves.</summary>
public abstract class Listener<TEvent> : IListener
    where TEvent : IEvent
{
    public abstract Task HandleAsync(TEvent happened, Act act);

    Task IListener.HandleAsync(IEvent happened, Act act) => HandleAsync((TEvent)happened, act);
}

/// <summary>The runner's view of a listener.</summary>
public interface IListener
{
    Task HandleAsync(IEvent happened, Act act);
}
