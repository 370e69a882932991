using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenMash.Engines.Matching;

/// <summary>One outcome of one comparison and how often it is seen.</summary>
public sealed record MatchLevel
{
    /// <summary>Short name of the level, stable across versions.</summary>
    public required string Key { get; init; }

    /// <summary>What a screening officer reads.</summary>
    public required string Words { get; init; }

    /// <summary>Said instead when the shared value is rare.</summary>
    public string? WordsRare { get; init; }

    /// <summary>Said instead when the shared value is common.</summary>
    public string? WordsCommon { get; init; }

    /// <summary>Share of pairs of records of one person that stand here, both values known.</summary>
    public required double M { get; set; }

    /// <summary>Share of pairs of strangers that stand here, both values known.</summary>
    public required double U { get; set; }

    /// <summary>Share of pairs of different people of one household that stand here, both values known.</summary>
    public required double H { get; set; }

    /// <summary>How the frequency of the shared value enters the weight; null when it does not.</summary>
    public string? Frequency { get; init; }

    /// <summary>Levels of one comparison with the same group add up to one; groups are conditions seen before comparing.</summary>
    public int Group { get; init; }
}

/// <summary>One comparison: its levels from strongest agreement to disagreement. A missing value is no level and carries no weight.</summary>
public sealed record MatchComparison
{
    /// <summary>Short name of the comparison, stable across versions.</summary>
    public required string Key { get; init; }

    /// <summary>What a screening officer reads as the heading.</summary>
    public required string Title { get; init; }

    /// <summary>Levels in order; level 1 is the first.</summary>
    public required IReadOnlyList<MatchLevel> Levels { get; init; }
}

/// <summary>
/// The weights: for each comparison and level the shares among pairs of one person (m), strangers (u) and different people of one household (h), after
/// Fellegi and Sunter (1969) with a third class, so that what siblings share (family name, home, telephone) is not taken as evidence three times.
/// Read and written as JSON; <see cref="Default"/> ships with the engine and works on any register before training.
/// </summary>
public sealed class MatchModel
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where the weights come from, in words.</summary>
    public string Source { get; set; } = "";

    /// <summary>Records the weights were learnt from; 0 for the shipped ones.</summary>
    public long Records { get; set; }

    /// <summary>Expected number of other records of the same person, for a record taken at random.</summary>
    public double MatchesPerRecord { get; set; }

    /// <summary>Expected number of records of other people of the same household, for a record taken at random.</summary>
    public double HouseholdPerRecord { get; set; }

    /// <summary>The comparisons, in the engine's order.</summary>
    public IReadOnlyList<MatchComparison> Comparisons { get; set; } = [];

    /// <summary>A fresh copy of the weights that ship with the engine (Data/people-model.json).</summary>
    public static MatchModel Default()
    {
        using var stream = EmbeddedData.Open("people-model.json");
        return Read(stream);
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The text is no model, or its comparisons and levels are not those this version knows; says which.</exception>
    public static MatchModel Read(Stream json)
    {
        MatchModel model;
        try
        {
            model = JsonSerializer.Deserialize<MatchModel>(json, Json) ?? throw new InvalidDataException("The model file is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The model file cannot be read as JSON: {e.Message}", e);
        }

        model.Check();
        return model;
    }

    /// <summary>Writes the model as indented JSON. The same model gives the same bytes.</summary>
    public void Write(Stream json) => JsonSerializer.Serialize(json, this, Json);

    private void Check()
    {
        var expected = Levels.Expected;
        if (Comparisons.Count != expected.Length)
            throw new InvalidDataException($"The model has {Comparisons.Count} comparisons; this version knows {expected.Length}.");
        for (var c = 0; c < expected.Length; c++)
        {
            var comparison = Comparisons[c];
            if (comparison.Key != expected[c].Key || comparison.Levels.Count != expected[c].Levels)
            {
                throw new InvalidDataException(
                    $"Comparison {c + 1} of the model is \"{comparison.Key}\" with {comparison.Levels.Count} levels; expected \"{expected[c].Key}\" with {expected[c].Levels}.");
            }

            foreach (var level in comparison.Levels)
            {
                if (!(level.M > 0 && level.M <= 1 && level.U > 0 && level.U <= 1 && level.H > 0 && level.H <= 1))
                    throw new InvalidDataException($"Level \"{level.Key}\" of comparison \"{comparison.Key}\" has a share that is not above 0 and at most 1.");
            }
        }

        if (!(MatchesPerRecord > 0) || !(HouseholdPerRecord >= 0))
            throw new InvalidDataException("matchesPerRecord must be above 0 and householdPerRecord not below 0.");
    }
}
