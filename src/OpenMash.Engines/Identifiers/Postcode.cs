using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Identifiers;

/// <summary>
/// A United Kingdom postcode in one of its six shapes or GIR 0AA, with the letters that each place allows (BS 7666). Whether such a
/// postcode exists is not known here. The pseudo-postcodes of health records (ZZ99: no fixed abode, abroad, not known) are read and
/// marked.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Postcode
{
    private readonly string? value;

    private Postcode(string value) => this.value = value;

    /// <summary>Capitals without a space: <c>SW1A1AA</c>. Compare by this.</summary>
    public string Value => value ?? "";

    /// <summary>With its space: <c>SW1A 1AA</c>.</summary>
    public string Display => Value.Length == 0 ? "" : $"{Outward} {Inward}";

    /// <summary>The part before the space, naming a district.</summary>
    public string Outward => Value.Length == 0 ? "" : Value[..^3];

    /// <summary>The last three characters.</summary>
    public string Inward => Value.Length == 0 ? "" : Value[^3..];

    /// <summary>The letters with which it begins: the postal area.</summary>
    public string Area => Value.Length > 1 && char.IsAsciiLetter(Value[1]) && !IsGirobank ? Value[..2] : Value.Length == 0 ? "" : IsGirobank ? "GIR" : Value[..1];

    /// <summary>Whether it stands for no place (ZZ99), such as ZZ99 3VZ, no fixed abode.</summary>
    public bool IsPseudo => Value.StartsWith("ZZ99", StringComparison.Ordinal);

    private bool IsGirobank => Value == "GIR0AA";

    /// <summary>Reads a postcode in any case and spacing; false, with a reason in words, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Postcode postcode, [NotNullWhen(false)] out string? reason)
    {
        postcode = default;
        var compact = IdentifierText.Compact(text);
        reason = compact is null ? IdentifierText.TooLong("postcode") : Fault(compact);
        if (reason is null)
            postcode = new Postcode(compact!);
        return reason is null;
    }

    /// <summary><see cref="Display"/>.</summary>
    public override string ToString() => Display;

    private static string? Fault(string code)
    {
        if (code.Length == 0)
            return "it is empty";
        if (code.Length is < 5 or > 7)
            return $"a postcode has 5 to 7 letters and digits, this has {code.Length}";
        if (code == "GIR0AA")
            return null;
        var inward = code.AsSpan(code.Length - 3);
        var outward = code.AsSpan(0, code.Length - 3);
        if (outward.SequenceEqual("ZZ99") && char.IsAsciiDigit(inward[0]) && IdentifierText.AllLetters(inward[1..]))
            return null;
        if (!char.IsAsciiDigit(inward[0]))
            return $"the second half of a postcode begins with a digit, not \"{inward[0]}\"";
        if (!char.IsAsciiLetterUpper(inward[1]) || !char.IsAsciiLetterUpper(inward[2]) || "CIKMOV".Contains(inward[1], StringComparison.Ordinal) || "CIKMOV".Contains(inward[2], StringComparison.Ordinal))
            return "a postcode ends with two letters, none of them C, I, K, M, O or V";
        if (!char.IsAsciiLetterUpper(outward[0]) || "QVX".Contains(outward[0], StringComparison.Ordinal))
            return "a postcode begins with a letter other than Q, V and X";
        var letters = char.IsAsciiLetterUpper(outward[1]) ? 2 : 1;
        if (letters == 2 && "IJZ".Contains(outward[1], StringComparison.Ordinal))
            return "the second letter of a postcode is not I, J or Z";
        var rest = outward[letters..];
        var district = rest.Length switch
        {
            1 => char.IsAsciiDigit(rest[0]),
            2 => char.IsAsciiDigit(rest[0]) && (char.IsAsciiDigit(rest[1]) || (letters == 1 ? "ABCDEFGHJKPSTUW" : "ABEHMNPRVWXY").Contains(rest[1], StringComparison.Ordinal)),
            _ => false,
        };
        return district ? null : $"\"{outward}\" is not the first half of a postcode: one or two letters, then one or two digits or a digit and a letter";
    }
}
