using NodaTime;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>Gives the framework's own time checks the hub's clock.</summary>
public sealed class ClockTimeProvider(IClock clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetCurrentInstant().ToDateTimeOffset();
}
