using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.House;

/// <summary>
/// Keeps every log line of a hub, down to the finest level, to prove that no personal data stands in them.
/// <code>
/// var log = new LogCapture();
/// await using var hub = await TestHub.StartAsync(database, services: log.Listen);
/// … take a name such as "Zzyzx Marker" through the journey …
/// await log.AssertNowhereAsync(hub, "Zzyzx");
/// </code>
/// It searches the log lines, the outbox (payloads and errors) and the notices.
/// </summary>
public sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Give this to <c>TestHub.StartAsync(services: …)</c>.</summary>
    public void Listen(IServiceCollection services) => services.AddLogging(logging =>
    {
        logging.AddProvider(this);
        // Everything that an operator could ever turn on.
        logging.AddFilter<LogCapture>(null, LogLevel.Trace);
    });

    public ILogger CreateLogger(string categoryName) => new Line(categoryName, _lines);

    public async Task AssertNowhereAsync(TestHub hub, params string[] markers)
    {
        await hub.WorkAsync();
        Assert.NotEmpty(_lines);
        await using var db = hub.Store.Open(hub.Authority);
        var messages = await db.Set<OutboxMessage>().Select(m => m.Kind + " " + m.Key + " " + m.Payload + " " + m.LastError).ToListAsync();
        var notices = await db.Set<Notice>().Select(n => n.Text).ToListAsync();
        foreach (var marker in markers)
        {
            AssertNone("log line", _lines, marker);
            AssertNone("message of the outbox", messages, marker);
            AssertNone("notice", notices, marker);
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private static void AssertNone(string what, IEnumerable<string> texts, string marker)
    {
        if (texts.FirstOrDefault(t => t.Contains(marker, StringComparison.OrdinalIgnoreCase)) is { } found)
            Assert.Fail($"A {what} contains the marker {marker}: {found}");
    }

    private sealed class Line(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue($"{category} scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new StringBuilder($"{category} {logLevel} {formatter(state, exception)}");
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
                foreach (var (key, value) in values) line.Append(' ').Append(key).Append('=').Append(value);
            lines.Enqueue(line.Append(exception).ToString());
        }
    }
}
