using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Identifiers;

/// <summary>
/// An NHS number: ten digits, the last of them a check digit by modulus 11 (weights 10 to 2; NHS Data Dictionary, "NHS NUMBER"). Ten
/// equal digits pass that check and are nobody's number, so they are refused.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NhsNumber
{
    private readonly string? value;

    private NhsNumber(string value) => this.value = value;

    /// <summary>Ten digits.</summary>
    public string Value => value ?? "";

    /// <summary><c>943 476 5919</c>.</summary>
    public string Display => Value.Length == 10 ? $"{Value[..3]} {Value[3..6]} {Value[6..]}" : "";

    /// <summary>Whether it lies in the range 999 000 0000 onwards, kept for testing and never issued to a person.</summary>
    public bool IsTest => Value.StartsWith("999", StringComparison.Ordinal);

    /// <summary>Reads an NHS number with or without spaces and hyphens; false, with a reason in words, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NhsNumber number, [NotNullWhen(false)] out string? reason)
    {
        number = default;
        var digits = IdentifierText.Compact(text);
        reason = digits is null ? IdentifierText.TooLong("NHS number")
            : digits.Length == 0 ? "it is empty"
            : !IdentifierText.AllDigits(digits) ? "an NHS number has digits only"
            : digits.Length != 10 ? $"an NHS number has 10 digits, this has {digits.Length}"
            : !digits.AsSpan().ContainsAnyExcept(digits[0]) ? "ten equal digits are nobody's NHS number"
            : CheckDigit(digits) is not { } check ? "no NHS number begins with these nine digits: their check digit would be 10"
            : digits[9] - '0' != check ? "the check digit does not fit: one of the digits is wrong or two have changed places"
            : null;
        if (reason is null)
            number = new NhsNumber(digits!);
        return reason is null;
    }

    /// <summary><see cref="Display"/>.</summary>
    public override string ToString() => Display;

    private static int? CheckDigit(string digits)
    {
        var sum = 0;
        for (var i = 0; i < 9; i++)
            sum += (digits[i] - '0') * (10 - i);
        var check = (11 - (sum % 11)) % 11;
        return check == 10 ? null : check;
    }
}
