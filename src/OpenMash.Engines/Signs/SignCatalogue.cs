using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenMash.Engines.Signs;

/// <summary>What a sign tells about a child. Age bands may change it.</summary>
public enum SignKind
{
    /// <summary>Something to notice and explore; the preset when a file says nothing.</summary>
    Sign,

    /// <summary>A circumstance that makes harm more likely; not itself a sign of it.</summary>
    Vulnerability,

    /// <summary>Evidence that harm may already have happened.</summary>
    EvidenceOfHarm,
}

/// <summary>A kind that holds for an age range; both ends inclusive, in whole years.</summary>
/// <param name="FromAge">Youngest age, inclusive.</param>
/// <param name="ToAge">Oldest age, inclusive.</param>
/// <param name="Kind">The kind that replaces the sign's own.</param>
/// <param name="Note">What a reader should know at this age; may be empty.</param>
public sealed record SignAgeBand(int FromAge, int ToAge, SignKind Kind, string Note);

/// <summary>One sign of a catalogue.</summary>
/// <param name="Id">Unique in its catalogue, compared by ordinal.</param>
/// <param name="Name">Short name for readers.</param>
/// <param name="Group">Heading it stands under; may be empty.</param>
/// <param name="Kind">Kind where no age band applies.</param>
/// <param name="Description">Plain description; may be empty.</param>
/// <param name="Action">What to do; may be empty.</param>
/// <param name="Source">Where the sign comes from; may be empty.</param>
/// <param name="Phrases">The phrases as written in the file.</param>
/// <param name="AgeBands">Kinds by age, in file order; the first that holds wins.</param>
public sealed record Sign(
    string Id,
    string Name,
    string Group,
    SignKind Kind,
    string Description,
    string Action,
    string Source,
    IReadOnlyList<SignPhrase> Phrases,
    IReadOnlyList<SignAgeBand> AgeBands)
{
    /// <summary>The kind of this sign for a child of <paramref name="age"/> whole years.</summary>
    public SignKind KindAt(int age)
    {
        foreach (var band in AgeBands)
        {
            if (age >= band.FromAge && age <= band.ToAge)
                return band.Kind;
        }

        return Kind;
    }
}

/// <summary>A phrase as written, with the forms it stands for.</summary>
/// <param name="Text">The phrase as written in the catalogue.</param>
/// <param name="IsPattern">True when it uses the pattern syntax; a plain phrase is matched word for word.</param>
public sealed record SignPhrase(string Text, bool IsPattern)
{
    internal IReadOnlyList<PhraseForm> Forms { get; init; } = [];
}

/// <summary>A fault of a catalogue file.</summary>
/// <param name="Place">Where: a JSON path such as <c>signs[3].phrases[0]</c>.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record SignCatalogueProblem(string Place, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Place.Length == 0 ? Message : $"{Place}: {Message}";
}

/// <summary>A catalogue that cannot be used; carries every fault found, not only the first.</summary>
public sealed class SignCatalogueException : Exception
{
    /// <summary>Creates the exception for the faults found.</summary>
    public SignCatalogueException(IReadOnlyList<SignCatalogueProblem> problems)
        : base(string.Join(Environment.NewLine, (problems ?? throw new ArgumentNullException(nameof(problems))).Select(p => p.ToString()))) =>
        Problems = problems;

    /// <summary>Creates the exception with a single message.</summary>
    public SignCatalogueException(string message) : base(message) => Problems = [new SignCatalogueProblem("", message)];

    /// <summary>Creates the exception with a single message and its cause.</summary>
    public SignCatalogueException(string message, Exception innerException) : base(message, innerException) =>
        Problems = [new SignCatalogueProblem("", message)];

    /// <summary>Creates an exception that names no fault.</summary>
    public SignCatalogueException() : this("The catalogue cannot be used.")
    {
    }

    /// <summary>Every fault found, in file order.</summary>
    public IReadOnlyList<SignCatalogueProblem> Problems { get; }
}

/// <summary>
/// Signs with their phrases, read from JSON. The simplest file is
/// <c>{"signs":[{"id":"s1","name":"...","phrases":["older boyfriend"]}]}</c>; the whole format stands in <c>docs/engines/signs.md</c>.
/// </summary>
public sealed class SignCatalogue
{
    private const int LongestPhrase = 400;

    private SignCatalogue(string title, string source, string version, string validFrom, string validTo, IReadOnlyList<Sign> signs, IReadOnlyList<SignCatalogueProblem> warnings)
    {
        Title = title;
        Source = source;
        Version = version;
        ValidFrom = validFrom;
        ValidTo = validTo;
        Signs = signs;
        Warnings = warnings;
    }

    /// <summary>Title of the catalogue; empty if the file gives none.</summary>
    public string Title { get; }

    /// <summary>Where the catalogue comes from; empty if the file gives none.</summary>
    public string Source { get; }

    /// <summary>Version of the catalogue; empty if the file gives none.</summary>
    public string Version { get; }

    /// <summary>First day of validity as written (ISO date), inclusive; empty if the file gives none.</summary>
    public string ValidFrom { get; }

    /// <summary>Last day of validity as written (ISO date), inclusive; empty means open.</summary>
    public string ValidTo { get; }

    /// <summary>The signs in file order.</summary>
    public IReadOnlyList<Sign> Signs { get; }

    /// <summary>What is allowed but probably not meant (a phrase of function words only, a phrase given twice).</summary>
    public IReadOnlyList<SignCatalogueProblem> Warnings { get; }

    /// <summary>The catalogue that ships with the engine.</summary>
    public static SignCatalogue Shipped()
    {
        using var stream = OpenShipped();
        return Read(stream);
    }

    /// <summary>The shipped catalogue as its JSON file, to begin a local one from.</summary>
    public static Stream OpenShipped() => Resource.Open("catalogue.json");

    /// <summary>Reads a catalogue from UTF-8 JSON.</summary>
    /// <exception cref="SignCatalogueException">The file is not a usable catalogue; every fault is listed.</exception>
    public static SignCatalogue Read(Stream json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return new Reader().Read(document.RootElement);
        }
        catch (JsonException e)
        {
            var line = (e.LineNumber ?? 0) + 1;
            throw new SignCatalogueException($"The catalogue is not valid JSON (line {line}, byte {(e.BytePositionInLine ?? 0) + 1} of the line). Check for a missing quote, comma or bracket there.", e);
        }
    }

    /// <summary>Reads a catalogue from JSON text.</summary>
    /// <exception cref="SignCatalogueException">The text is not a usable catalogue; every fault is listed.</exception>
    public static SignCatalogue Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return Read(stream);
    }

    private sealed class Reader
    {
        private readonly List<SignCatalogueProblem> problems = [];
        private readonly List<SignCatalogueProblem> warnings = [];

        public SignCatalogue Read(JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Object)
                throw new SignCatalogueException("The catalogue must be a JSON object with a \"signs\" list: {\"signs\":[{\"id\":\"s1\",\"name\":\"...\",\"phrases\":[\"...\"]}]}.");

            var signs = new List<Sign>();
            if (!root.TryGetProperty("signs", out var list) || list.ValueKind != JsonValueKind.Array)
                Fault("", "There is no \"signs\" list. The simplest catalogue is {\"signs\":[{\"id\":\"s1\",\"name\":\"...\",\"phrases\":[\"...\"]}]}.");
            else if (list.GetArrayLength() == 0)
                Fault("signs", "The list is empty: give at least one sign.");
            else
                ReadSigns(list, signs);

            var from = Date(root, "validFrom", "");
            var to = Date(root, "validTo", "");
            if (from.Length > 0 && to.Length > 0 && string.CompareOrdinal(from, to) > 0)
                Fault("validTo", $"The catalogue ends ({to}) before it begins ({from}).");

            if (problems.Count > 0)
                throw new SignCatalogueException(problems);

            return new SignCatalogue(Text(root, "title", ""), Text(root, "source", ""), Text(root, "version", ""), from, to, signs, warnings);
        }

        private void ReadSigns(JsonElement list, List<Sign> signs)
        {
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            var index = 0;
            foreach (var element in list.EnumerateArray())
            {
                var place = $"signs[{index}]";
                if (element.ValueKind != JsonValueKind.Object)
                {
                    Fault(place, "A sign must be an object with \"id\", \"name\" and \"phrases\".");
                    index++;
                    continue;
                }

                var id = Id(element, place);
                if (id.Length > 0 && !seen.TryAdd(id, index))
                    Fault($"{place}.id", $"The id \"{id}\" is already used by signs[{seen[id]}]: ids must be unique.");

                var kind = Kind(element, place);
                var bands = Bands(element, place);
                var phrases = Phrases(element, id.Length > 0 ? $"{place} (id \"{id}\")" : place);
                var name = Text(element, "name", place);
                signs.Add(new Sign(id, name.Length == 0 ? id : name, Text(element, "group", place), kind, Text(element, "description", place), Text(element, "action", place), Text(element, "source", place), phrases, bands));
                index++;
            }
        }

        private string Id(JsonElement sign, string place)
        {
            if (!sign.TryGetProperty("id", out var value) || value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            {
                Fault($"{place}.id", "A sign needs an \"id\" (text).");
                return "";
            }

            var id = (value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()).Trim();
            if (id.Length == 0)
                Fault($"{place}.id", "The id is empty: give the sign a unique id.");
            return id;
        }

        private SignKind Kind(JsonElement owner, string place)
        {
            var text = Text(owner, "kind", place);
            switch (text.Trim().ToUpperInvariant())
            {
                case "" or "SIGN" or "S":
                    return SignKind.Sign;
                case "VULNERABILITY" or "V":
                    return SignKind.Vulnerability;
                case "EVIDENCE" or "EVIDENCE OF HARM" or "EVIDENCEOFHARM" or "E":
                    return SignKind.EvidenceOfHarm;
                default:
                    Fault($"{place}.kind", $"\"{text}\" is not a kind: use \"vulnerability\", \"sign\" or \"evidence of harm\".");
                    return SignKind.Sign;
            }
        }

        private List<SignAgeBand> Bands(JsonElement sign, string place)
        {
            var bands = new List<SignAgeBand>();
            if (!sign.TryGetProperty("ageBands", out var list) || list.ValueKind == JsonValueKind.Null)
                return bands;
            if (list.ValueKind != JsonValueKind.Array)
            {
                Fault($"{place}.ageBands", "Must be a list of {\"fromAge\":0,\"toAge\":12,\"kind\":\"...\"}.");
                return bands;
            }

            var index = 0;
            foreach (var band in list.EnumerateArray())
            {
                var here = $"{place}.ageBands[{index++}]";
                var from = 0;
                var to = 0;
                if (band.ValueKind != JsonValueKind.Object
                    || !band.TryGetProperty("fromAge", out var f) || !f.TryGetInt32(out from)
                    || !band.TryGetProperty("toAge", out var t) || !t.TryGetInt32(out to)
                    || from < 0 || to < from)
                {
                    Fault(here, "An age band needs whole \"fromAge\" and \"toAge\" (years, both inclusive, from not above to) and a \"kind\".");
                    continue;
                }

                bands.Add(new SignAgeBand(from, to, Kind(band, here), Text(band, "note", here)));
            }

            return bands;
        }

        private List<SignPhrase> Phrases(JsonElement sign, string place)
        {
            var phrases = new List<SignPhrase>();
            if (!sign.TryGetProperty("phrases", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            {
                Fault($"{place}.phrases", "A sign needs a \"phrases\" list with at least one phrase.");
                return phrases;
            }

            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var index = 0;
            foreach (var element in list.EnumerateArray())
            {
                var here = $"{place}.phrases[{index++}]";
                var exact = false;
                string? text = null;
                if (element.ValueKind == JsonValueKind.String)
                    text = element.GetString();
                else if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("exact", out var value) && value.ValueKind == JsonValueKind.String)
                {
                    text = value.GetString();
                    exact = true;
                }

                if (text is null)
                {
                    Fault(here, "A phrase must be text, or {\"exact\":\"...\"} for one whose brackets are meant literally.");
                    continue;
                }

                if (text.Length > LongestPhrase)
                {
                    Fault(here, $"The phrase has {text.Length} characters; at most {LongestPhrase} are allowed.");
                    continue;
                }

                if (!PhraseForm.TryParse(text, exact, out var phrase, out var problem))
                {
                    Fault(here, problem);
                    continue;
                }

                if (!seen.Add(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))))
                    warnings.Add(new SignCatalogueProblem(here, $"The phrase \"{text}\" is given twice in this sign."));
                if (phrase.Forms.Any(f => f.IsOnlyFunctionWords))
                    warnings.Add(new SignCatalogueProblem(here, $"\"{text}\" can match on words found in nearly every note; expect very many hits."));
                phrases.Add(phrase);
            }

            return phrases;
        }

        private string Date(JsonElement owner, string name, string place)
        {
            var text = Text(owner, name, place);
            if (text.Length > 0 && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                Fault(name, $"\"{text}\" is not a date: write it as 2026-04-01.");
            return text;
        }

        private string Text(JsonElement owner, string name, string place)
        {
            if (!owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
                return "";
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString()!;
            if (value.ValueKind == JsonValueKind.Number)
                return value.GetRawText();
            Fault(place.Length == 0 ? name : $"{place}.{name}", "Must be text.");
            return "";
        }

        private void Fault(string place, string message) => problems.Add(new SignCatalogueProblem(place, message));
    }
}
