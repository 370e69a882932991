using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Engines.Clocks;

/// <summary>Reading of the engine's data files, with errors that say which entry and which property.</summary>
internal static class ClockJson
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static JsonDocument Read(Stream json, string what)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException e)
        {
            throw new ClockDataException($"The {what} is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.", e);
        }
    }

    public static void RequireObject(JsonElement element, string where)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new ClockDataException($"{where} must be an object; it is {element.ValueKind}.");
    }

    public static void RefuseUnknown(JsonElement element, string where, params ReadOnlySpan<string> known)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
                throw new ClockDataException($"{where}: unknown property \"{property.Name}\"; known are {string.Join(", ", known.ToArray())}.");
        }
    }

    public static string Text(JsonElement element, string name, string where) =>
        OptionalText(element, name, where) ?? throw new ClockDataException($"{where}: \"{name}\" is missing or empty.");

    public static string? OptionalText(JsonElement element, string name, string where)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw new ClockDataException($"{where}: \"{name}\" must be text; it is {value.GetRawText()}.");
        var text = value.GetString()!.Trim();
        return text.Length == 0 ? null : text;
    }

    public static IReadOnlyList<string> Texts(JsonElement element, string name, string where)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind == JsonValueKind.String)
            return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(v.GetString())))
            throw new ClockDataException($"{where}: \"{name}\" must be text or a list of texts; it is {value.GetRawText()}.");
        return [.. value.EnumerateArray().Select(v => v.GetString()!)];
    }

    public static int? OptionalNumber(JsonElement element, string name, string where)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number) || number < 0)
            throw new ClockDataException($"{where}: \"{name}\" must be a whole number, nought or more; it is {value.GetRawText()}.");
        return number;
    }

    public static bool Flag(JsonElement element, string name, string where)
    {
        if (!element.TryGetProperty(name, out var value))
            return false;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new ClockDataException($"{where}: \"{name}\" must be true or false; it is {value.GetRawText()}."),
        };
    }

    public static LocalDate Date(JsonElement element, string name, string where) =>
        OptionalDate(element, name, where) ?? throw new ClockDataException($"{where}: \"{name}\" is missing; give a date such as 2026-04-01.");

    public static LocalDate? OptionalDate(JsonElement element, string name, string where)
    {
        var text = OptionalText(element, name, where);
        if (text is null)
            return null;
        return LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date)
            ? date
            : throw new ClockDataException($"{where}: \"{name}\" is not a date of the form 2026-04-01: \"{text}\".");
    }
}
