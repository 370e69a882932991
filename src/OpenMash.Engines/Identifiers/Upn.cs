using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Identifiers;

/// <summary>
/// A unique pupil number: check letter, three digits of the local authority, eight digits, and a digit or, for a temporary one, a
/// letter other than I, O and S (DfE census rules 1510, 1530, 1540, 1550). The check letter is the sum of each character's value
/// times its position (2 to 13), modulus 23, as an index into ABCDEFGHJKLMNPQRTUVWXYZ; a final letter has its index as value.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Upn
{
    private const string CheckLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
    private static readonly Lazy<FrozenSet<string>> LazyAuthorities = new(ReadAuthorities);
    private readonly string? value;

    private Upn(string value) => this.value = value;

    /// <summary>Thirteen characters, letters in capitals.</summary>
    public string Value => value ?? "";

    /// <summary>The same: a UPN is written without spaces.</summary>
    public string Display => Value;

    /// <summary>Whether it ends in a letter: given for a time, until the school learns the permanent one.</summary>
    public bool IsTemporary => Value.Length == 13 && char.IsAsciiLetterUpper(Value[12]);

    /// <summary>Code of the authority whose school gave it.</summary>
    public string AuthorityCode => Value.Length == 13 ? Value[1..4] : "";

    /// <summary>Reads a UPN; false, with a reason in words, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Upn upn, [NotNullWhen(false)] out string? reason)
    {
        upn = default;
        var compact = IdentifierText.Compact(text);
        reason = compact is null ? IdentifierText.TooLong("UPN") : Fault(compact);
        if (reason is null)
            upn = new Upn(compact!);
        return reason is null;
    }

    /// <summary><see cref="Value"/>.</summary>
    public override string ToString() => Value;

    private static string? Fault(string upn)
    {
        if (upn.Length == 0)
            return "it is empty";
        if (upn.Length != 13)
            return $"a UPN has 13 characters, this has {upn.Length}";
        if (!char.IsAsciiLetterUpper(upn[0]))
            return "a UPN begins with a letter";
        if (!IdentifierText.AllDigits(upn.AsSpan(1, 3)) || !LazyAuthorities.Value.Contains(upn[1..4]))
            return $"characters 2 to 4 (\"{upn[1..4]}\") are not the code of a local authority";
        if (!IdentifierText.AllDigits(upn.AsSpan(4, 8)))
            return "characters 5 to 12 of a UPN are digits";
        var last = char.IsAsciiDigit(upn[12]) ? upn[12] - '0' : CheckLetters.IndexOf(upn[12], StringComparison.Ordinal);
        if (last < 0)
            return "a UPN ends with a digit, or a letter other than I, O and S";
        var sum = last * 13;
        for (var position = 2; position <= 12; position++)
            sum += (upn[position - 1] - '0') * position;
        return upn[0] == CheckLetters[sum % 23] ? null : "the check letter does not fit: one of the characters is wrong or two have changed places";
    }

    private static FrozenSet<string> ReadAuthorities()
    {
        using var stream = typeof(Upn).Assembly.GetManifestResourceStream("OpenMash.Engines.Identifiers.upn-authorities.txt")
            ?? throw new InvalidOperationException("The list of authority codes is not in the assembly.");
        using var reader = new StreamReader(stream);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var ends = line.Split('-');
            var first = int.Parse(ends[0], System.Globalization.CultureInfo.InvariantCulture);
            var last = int.Parse(ends[^1], System.Globalization.CultureInfo.InvariantCulture);
            for (var code = first; code <= last; code++)
                codes.Add(code.ToString("000", System.Globalization.CultureInfo.InvariantCulture));
        }

        return codes.ToFrozenSet(StringComparer.Ordinal);
    }
}
