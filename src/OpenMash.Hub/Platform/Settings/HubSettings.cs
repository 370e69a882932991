using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Kernel;
using OpenMash.Records.Settings;

namespace OpenMash.Hub.Platform.Settings;

/// <summary>The settings that ship as files (<c>Settings/NAME.json</c> beside the executable): each with a source note in the file.</summary>
public sealed class SettingsShelf
{
    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.Ordinal);

    public SettingsShelf()
        : this(Path.Combine(AppContext.BaseDirectory, "Settings"))
    {
    }

    public SettingsShelf(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
            _files[Path.GetFileNameWithoutExtension(file)] = File.ReadAllText(file);
    }

    public IReadOnlyCollection<string> Names => _files.Keys.Order(StringComparer.Ordinal).ToArray();

    internal string Shipped(string name) =>
        _files.TryGetValue(name, out var text) ? text : throw new InvalidOperationException($"No settings file Settings/{name}.json is shipped.");

    internal Task<HubSettings> OpenAsync(RecordContext db, Instant now, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(new HubSettings(this, db, now));
    }
}

/// <summary>The settings of one authority on a day: the shipped file, or the newest approved override valid on that day. One service reads both.</summary>
public sealed class HubSettings(SettingsShelf shelf, RecordContext db, Instant now)
{
    private readonly Dictionary<(string, LocalDate), object> _read = [];
    private List<SettingOverride>? _overrides;

    /// <summary>The setting in force today.</summary>
    public Task<T> GetAsync<T>(string name)
        where T : class => GetAsync<T>(name, London.Date(now));

    /// <summary>The setting in force on a day; changing one changes no past judgement.</summary>
    public async Task<T> GetAsync<T>(string name, LocalDate on)
        where T : class
    {
        if (_read.TryGetValue((name, on), out var known)) return (T)known;
        var text = await OverrideAsync(name, on) ?? shelf.Shipped(name);
        var value = JsonSerializer.Deserialize<T>(text, HubJson.Options) ?? throw new InvalidOperationException($"The setting {name} is empty.");
        _read[(name, on)] = value;
        return value;
    }

    /// <summary>The shipped or overriding text of a setting that an engine parses itself.</summary>
    public async Task<string> TextAsync(string name, LocalDate on) => await OverrideAsync(name, on) ?? shelf.Shipped(name);

    /// <summary>The authority's own text valid on a day, or null where the shipped value stands.</summary>
    public async Task<string?> OverrideAsync(string name, LocalDate on)
    {
        _overrides ??= await db.Set<SettingOverride>().AsNoTracking().Where(o => o.ApprovedAt != null).ToListAsync();
        return _overrides
            .Where(o => o.Name == name && o.ValidFrom <= on)
            .OrderByDescending(o => o.ValidFrom).ThenByDescending(o => o.ApprovedAt)
            .Select(o => o.Value)
            .FirstOrDefault();
    }
}
