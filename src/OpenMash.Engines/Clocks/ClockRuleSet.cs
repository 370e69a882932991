using System.Text.Json;
using NodaTime;

namespace OpenMash.Engines.Clocks;

/// <summary>
/// Dated rules. A clock is judged by the version in force on the London date on which it started, so that a new version alters no
/// past judgement.
/// </summary>
public sealed class ClockRuleSet
{
    private static readonly Lazy<ClockRuleSet> LazyShipped = new(ReadShipped);
    private readonly Dictionary<string, ClockRule[]> byId;

    /// <summary>A set of rules in any order.</summary>
    /// <exception cref="ClockDataException">Two versions of one rule are valid on the same day, or a version ends before it begins.</exception>
    public ClockRuleSet(IEnumerable<ClockRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Rules = [.. rules.OrderBy(r => r.Id, StringComparer.Ordinal).ThenBy(r => r.ValidFrom)];
        foreach (var rule in Rules)
        {
            if (rule.ValidTo < rule.ValidFrom)
                throw new ClockDataException($"Rule \"{rule.Id}\" of {WorkingCalendar.Iso(rule.ValidFrom)} ends before it begins.");
        }

        byId = Rules.GroupBy(r => r.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        foreach (var versions in byId.Values)
        {
            for (var i = 1; i < versions.Length; i++)
            {
                if (versions[i - 1].ValidTo is not { } end || end >= versions[i].ValidFrom)
                    throw new ClockDataException($"Two versions of rule \"{versions[i].Id}\" are valid on {WorkingCalendar.Iso(versions[i].ValidFrom)}.");
            }
        }
    }

    /// <summary>
    /// The shipped rules: statutory limits, and commonly used local ones to start from. Each has its source. An authority puts its own
    /// dated values over them with <see cref="With"/>.
    /// </summary>
    public static ClockRuleSet Shipped => LazyShipped.Value;

    /// <summary>Every version of every rule, by id and then by first day of validity.</summary>
    public IReadOnlyList<ClockRule> Rules { get; }

    /// <summary>Reads <c>{"rules":[...]}</c>, UTF-8; the properties are those of <see cref="ClockRule"/> in camel case.</summary>
    /// <exception cref="ClockDataException">Not readable; the message names rule and property.</exception>
    public static ClockRuleSet Parse(Stream json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = ClockJson.Read(json, "rules file");
        var root = document.RootElement;
        ClockJson.RequireObject(root, "The rules file");
        ClockJson.RefuseUnknown(root, "The rules file", "source", "rules");
        if (!root.TryGetProperty("rules", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new ClockDataException("The rules file must have a list \"rules\".");
        return new ClockRuleSet([.. list.EnumerateArray().Select(ReadRule)]);
    }

    /// <summary>The rules in force for clocks that start on a London date, by id.</summary>
    public IReadOnlyList<ClockRule> RulesAt(LocalDate date) => [.. Rules.Where(r => r.IsValidOn(date))];

    /// <summary>The rules in force on a date for one kind of thing: those without variant, and those of the variant given.</summary>
    public IReadOnlyList<ClockRule> RulesAt(LocalDate date, string appliesTo, string? variant = null) =>
        [.. Rules.Where(r => r.AppliesTo == appliesTo && (r.Variant is null || r.Variant == variant) && r.IsValidOn(date))];

    /// <summary>The version of one rule in force on a date; null when there is none.</summary>
    public ClockRule? Find(string id, LocalDate date) =>
        byId.TryGetValue(id, out var versions) ? Array.Find(versions, v => v.IsValidOn(date)) : null;

    /// <summary>
    /// These rules with an authority's own over them: where an own version is valid it wins, before and after it the earlier ones
    /// still hold.
    /// </summary>
    /// <exception cref="ClockDataException">An own version lengthens a statutory limit, or counts it in another unit.</exception>
    public ClockRuleSet With(ClockRuleSet own)
    {
        ArgumentNullException.ThrowIfNull(own);
        var combined = new List<ClockRule>(own.Rules);
        foreach (var rule in own.Rules)
        {
            foreach (var law in Rules.Where(r => r.Id == rule.Id && r.Force == ClockForce.Statutory && Overlap(r, rule)))
            {
                if (rule.Unit != law.Unit || rule.Limit > law.Limit || (rule.Limit == law.Limit && law.FirstDayCounts && !rule.FirstDayCounts))
                {
                    throw new ClockDataException(
                        $"Rule \"{rule.Id}\" is statutory: {law.Limit} {law.Unit.Name()} ({law.Source}). An authority may shorten it in the same unit, not make it {rule.Limit} {rule.Unit.Name()}.");
                }
            }
        }

        foreach (var rule in Rules)
        {
            var from = rule.ValidFrom;
            foreach (var mine in own.byId.GetValueOrDefault(rule.Id, []).Where(m => Overlap(m, rule)))
            {
                if (mine.ValidFrom > from)
                    combined.Add(rule with { ValidFrom = from, ValidTo = mine.ValidFrom.PlusDays(-1) });
                from = mine.ValidTo is { } end ? end.PlusDays(1) : LocalDate.MaxIsoValue;
            }

            if (from < LocalDate.MaxIsoValue && (rule.ValidTo is null || from <= rule.ValidTo))
                combined.Add(rule with { ValidFrom = from });
        }

        return new ClockRuleSet(combined);
    }

    private static bool Overlap(ClockRule a, ClockRule b) =>
        (a.ValidTo is null || b.ValidFrom <= a.ValidTo) && (b.ValidTo is null || a.ValidFrom <= b.ValidTo);

    private static ClockRuleSet ReadShipped()
    {
        using var stream = typeof(ClockRuleSet).Assembly.GetManifestResourceStream("OpenMash.Engines.Clocks.clock-rules.json")
            ?? throw new InvalidOperationException("The shipped clock rules are not in the assembly.");
        return Parse(stream);
    }

    private static ClockRule ReadRule(JsonElement element, int index)
    {
        var where = $"Rule {index + 1} of the rules file";
        ClockJson.RequireObject(element, where);
        var id = ClockJson.Text(element, "id", where);
        where = $"Rule {index + 1} (\"{id}\") of the rules file";
        ClockJson.RefuseUnknown(
            element, where, "id", "name", "appliesTo", "variant", "startedBy", "metBy", "endedBy", "limit", "unit", "firstDayCounts", "extension", "force", "source", "validFrom", "validTo");
        var unitName = ClockJson.Text(element, "unit", where);
        if (!ClockUnits.TryParse(unitName, out var unit))
            throw new ClockDataException($"{where}: \"{unitName}\" is not a unit; known are {string.Join(", ", ClockUnits.AllNames)}.");
        var force = ClockJson.Text(element, "force", where) switch
        {
            "statutory" => ClockForce.Statutory,
            "local" => ClockForce.Local,
            var other => throw new ClockDataException($"{where}: \"force\" must be statutory or local, not \"{other}\"."),
        };
        var startedBy = ClockJson.Texts(element, "startedBy", where);
        if (startedBy.Count == 0)
            throw new ClockDataException($"{where}: \"startedBy\" must name at least one kind of fact.");
        var limit = ClockJson.OptionalNumber(element, "limit", where) ?? throw new ClockDataException($"{where}: \"limit\" is missing.");
        var firstDayCounts = ClockJson.Flag(element, "firstDayCounts", where);
        if (limit == 0 && firstDayCounts)
            throw new ClockDataException($"{where}: a limit of nought cannot count its first day.");
        return new ClockRule
        {
            Id = id,
            Name = ClockJson.Text(element, "name", where),
            AppliesTo = ClockJson.Text(element, "appliesTo", where),
            Variant = ClockJson.OptionalText(element, "variant", where),
            StartedBy = startedBy,
            MetBy = ClockJson.Texts(element, "metBy", where),
            EndedBy = ClockJson.Texts(element, "endedBy", where),
            Limit = limit,
            Unit = unit,
            FirstDayCounts = firstDayCounts,
            Extension = ReadExtension(element, where),
            Force = force,
            Source = ClockJson.Text(element, "source", where),
            ValidFrom = ClockJson.Date(element, "validFrom", where),
            ValidTo = ClockJson.OptionalDate(element, "validTo", where),
        };
    }

    private static ExtensionRule? ReadExtension(JsonElement element, string where)
    {
        if (!element.TryGetProperty("extension", out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        where += ", extension";
        ClockJson.RequireObject(value, where);
        ClockJson.RefuseUnknown(value, where, "approver", "times", "upTo");
        return new ExtensionRule(ClockJson.Text(value, "approver", where), ClockJson.OptionalNumber(value, "times", where), ClockJson.OptionalNumber(value, "upTo", where));
    }
}
