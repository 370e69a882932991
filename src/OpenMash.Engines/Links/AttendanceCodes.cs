using System.Globalization;

namespace OpenMash.Engines.Links;

/// <summary>How the links engine counts one register mark. Stored in four bits.</summary>
public enum MarkClass : byte
{
    /// <summary>No mark in the data.</summary>
    None = 0,

    /// <summary>Present, or late before the register closed.</summary>
    Present = 1,

    /// <summary>Attending somewhere else with the school's knowledge.</summary>
    Elsewhere = 2,

    /// <summary>Not a possible session: closure, not on roll, detention, dual registration.</summary>
    NotPossible = 3,

    /// <summary>Authorised absence other than illness.</summary>
    Authorised = 4,

    /// <summary>Illness or medical appointment: never evidence of a link.</summary>
    Illness = 5,

    /// <summary>Unauthorised absence.</summary>
    Unauthorised = 6,

    /// <summary>Unauthorised because the pupil came after the register had closed.</summary>
    Late = 7,
}

/// <summary>
/// The register codes of the 2024 regulations, with the withdrawn ones that still arrive in old extracts. The list is a file
/// (<c>attendance-codes.csv</c>, with source and dates of validity) compiled into the assembly.
/// </summary>
public sealed class AttendanceCodes
{
    private const byte Unknown = 0xFF;
    private readonly byte[] _single = new byte[256];
    private readonly byte[] _pair = new byte[65536];
    private readonly Dictionary<string, string> _meanings = new(StringComparer.Ordinal);

    private AttendanceCodes()
    {
        Array.Fill(_single, Unknown);
        Array.Fill(_pair, Unknown);
    }

    /// <summary>The shipped list.</summary>
    public static AttendanceCodes Shipped { get; } = LoadShipped();

    /// <summary>The codes known, with their meanings.</summary>
    public IReadOnlyDictionary<string, string> Meanings => _meanings;

    /// <summary>Reads a list in the layout of the shipped file: <c>code,class,reads_as,valid_from,valid_to,meaning</c>, comments with <c>#</c> and a space.</summary>
    /// <exception cref="FormatException">A line has an unknown class or too few columns; the message names the line.</exception>
    public static AttendanceCodes Load(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var codes = new AttendanceCodes();
        var number = 0;
        var header = true;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || line.StartsWith("# ", StringComparison.Ordinal)) continue;
            if (header)
            {
                header = false;
                continue;
            }

            var parts = line.Split(',', 6);
            if (parts.Length < 6 || parts[0].Length is 0 or > 2)
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"attendance codes, line {number}: expected code,class,reads_as,valid_from,valid_to,meaning"));
            var cls = parts[1] switch
            {
                "present" => MarkClass.Present,
                "elsewhere" => MarkClass.Elsewhere,
                "not-possible" => MarkClass.NotPossible,
                "authorised" => MarkClass.Authorised,
                "illness" => MarkClass.Illness,
                "unauthorised" => MarkClass.Unauthorised,
                "late" => MarkClass.Late,
                "none" => MarkClass.None,
                _ => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"attendance codes, line {number}: unknown class '{parts[1]}'")),
            };
            codes.Set(parts[0], cls);
            codes._meanings[parts[0]] = parts[5];
        }

        return codes;
    }

    /// <summary>Classifies one code as it stands in a file (either case). False when the code is not on the list.</summary>
    public bool TryClassify(ReadOnlySpan<byte> code, out MarkClass markClass)
    {
        var value = code.Length switch
        {
            1 => _single[code[0]],
            2 => _pair[(code[0] << 8) | code[1]],
            _ => Unknown,
        };
        markClass = value == Unknown ? MarkClass.None : (MarkClass)value;
        return value != Unknown;
    }

    private static AttendanceCodes LoadShipped()
    {
        using var stream = typeof(AttendanceCodes).Assembly.GetManifestResourceStream("OpenMash.Engines.Links.attendance-codes.csv")
            ?? throw new InvalidOperationException("The list of attendance codes is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return Load(reader);
    }

    private void Set(string code, MarkClass cls)
    {
        foreach (var form in new[] { code, code.ToLowerInvariant() })
        {
            if (form.Length == 1) _single[form[0]] = (byte)cls;
            else _pair[(form[0] << 8) | form[1]] = (byte)cls;
        }
    }
}
