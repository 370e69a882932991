using NodaTime;
using OpenMash.Hub.Platform.Record;

namespace OpenMash.Hub.Platform;

public enum HubMode
{
    /// <summary>Real use: no demo person, no persona sign-in.</summary>
    Serve,

    /// <summary>The fictional borough, on loopback only.</summary>
    Demo,
}

/// <summary>How a hub is started: from the command line or by a test.</summary>
public sealed record HubOptions
{
    public required RecordLocation Location { get; init; }
    public required HubMode Mode { get; init; }

    /// <summary>Addresses to listen on; port 0 picks a free one.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    public string Environment { get; init; } = "Production";

    /// <summary>Null for the machine's clock.</summary>
    public IClock? Clock { get; init; }

    /// <summary>False in tests that call the ticks, the pump and the sealer themselves.</summary>
    public bool RunsWork { get; init; } = true;

    /// <summary>Configuration values over those of files and environment.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = new Dictionary<string, string?>();

    /// <summary>Replaces services: for fakes of systems outside the process only.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Quieter logs for tests.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
