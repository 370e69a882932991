using System.Collections.Frozen;
using System.Text.Json;

namespace OpenMash.Engines.Returns.Cin;

/// <summary>One code of a census list.</summary>
/// <param name="Code">As files have it; case matters.</param>
/// <param name="Label">DfE's words.</param>
/// <param name="From">First census year that has it; null if the first schema known (2022) already had it.</param>
/// <param name="To">Last census year that has it; null if the last schema known still does.</param>
/// <param name="Withdrawn">Census year from which DfE queries its use, though the schema still takes it.</param>
public sealed record CinCode(string Code, string Label, int? From, int? To, int? Withdrawn)
{
    /// <summary>Whether a census year has the code.</summary>
    public bool IsValidIn(int year) => (From is null || year >= From) && (To is null || year <= To);
}

/// <summary>
/// The lists of codes of the Children in Need census, by element: Ethnicity, Disability, UPNunknown, Sex, GenderCurrent, ReferralSource,
/// PrimaryNeedCode, ReasonForClosure, CategoryOfAbuse, AssessmentFactors. Source and validity are in <c>cin-codes.json</c>.
/// </summary>
public sealed class CinCodes
{
    private static readonly Lazy<CinCodes> LazyShipped = new(ReadShipped);
    private readonly FrozenDictionary<string, FrozenDictionary<string, CinCode>> sets;
    private readonly FrozenDictionary<string, IReadOnlyList<CinCode>> ordered;

    private CinCodes(Dictionary<string, List<CinCode>> lists)
    {
        sets = lists.ToFrozenDictionary(l => l.Key, l => l.Value.ToFrozenDictionary(c => c.Code, StringComparer.Ordinal), StringComparer.Ordinal);
        ordered = lists.ToFrozenDictionary(l => l.Key, l => (IReadOnlyList<CinCode>)l.Value, StringComparer.Ordinal);
    }

    /// <summary>The lists of the census years 2022 to 2026.</summary>
    public static CinCodes Shipped => LazyShipped.Value;

    /// <summary>The names of the lists.</summary>
    public IEnumerable<string> Lists => ordered.Keys.Order(StringComparer.Ordinal);

    /// <summary>One list in DfE's order.</summary>
    /// <exception cref="KeyNotFoundException">There is no such list.</exception>
    public IReadOnlyList<CinCode> List(string list) => ordered[list];

    /// <summary>One code; null when the list does not have it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such list.</exception>
    public CinCode? Find(string list, string code) => sets[list].GetValueOrDefault(code);

    private static CinCodes ReadShipped()
    {
        using var stream = typeof(CinCodes).Assembly.GetManifestResourceStream("OpenMash.Engines.Returns.Cin.cin-codes.json")
            ?? throw new InvalidOperationException("The census code lists are not in the assembly.");
        using var document = JsonDocument.Parse(stream);
        var lists = new Dictionary<string, List<CinCode>>(StringComparer.Ordinal);
        foreach (var list in document.RootElement.GetProperty("sets").EnumerateObject())
        {
            lists[list.Name] =
            [
                .. list.Value.EnumerateArray().Select(c => new CinCode(
                    c.GetProperty("code").GetString()!, c.GetProperty("label").GetString()!, Year(c, "from"), Year(c, "to"), Year(c, "withdrawn"))),
            ];
        }

        return new CinCodes(lists);
    }

    private static int? Year(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt32() : null;
}
