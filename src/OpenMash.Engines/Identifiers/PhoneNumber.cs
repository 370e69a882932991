using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Identifiers;

/// <summary>What a number is for, by Ofcom's numbering plan.</summary>
public enum PhoneKind
{
    /// <summary>A place: 01 and 02.</summary>
    Geographic,

    /// <summary>A mobile: 071 to 075 and 077 to 079, and 07624 on the Isle of Man.</summary>
    Mobile,

    /// <summary>Pagers and follow-me numbers: 070 and other 076.</summary>
    Personal,

    /// <summary>Anything else: 03, 05, 08 and 09.</summary>
    Other,
}

/// <summary>
/// A telephone number of the United Kingdom, with its kind and shape by Ofcom's National Telephone Numbering Plan. Short codes (999,
/// 101, 111) and numbers of other countries are refused with that reason.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PhoneNumber
{
    private readonly string? national;
    private readonly string? extension;

    private PhoneNumber(string national, string extension)
    {
        this.national = national;
        this.extension = extension;
    }

    /// <summary>International form without spaces: <c>+447700900123</c>. Compare by this.</summary>
    public string Value => national is null ? "" : "+44" + national;

    /// <summary>As people write it, with the leading nought: <c>07700 900123</c>, with <c>ext 12</c> after it where there is one.</summary>
    public string Display => national is null ? "" : Grouped(national) + (Extension.Length == 0 ? "" : " ext " + Extension);

    /// <summary>Digits of an extension; empty when there is none.</summary>
    public string Extension => extension ?? "";

    /// <summary>What it is for.</summary>
    public PhoneKind Kind => national switch
    {
        null => PhoneKind.Other,
        ['1' or '2', ..] => PhoneKind.Geographic,
        ['7', '6', '2', '4', ..] => PhoneKind.Mobile,
        ['7', '0' or '6', ..] => PhoneKind.Personal,
        ['7', ..] => PhoneKind.Mobile,
        _ => PhoneKind.Other,
    };

    /// <summary>Reads a number as people write it (0, +44, 0044, +44 (0)); false, with a reason in words, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PhoneNumber number, [NotNullWhen(false)] out string? reason)
    {
        number = default;
        var compact = IdentifierText.Compact(text)?.Replace("/", "", StringComparison.Ordinal);
        reason = null;
        if (compact is null)
        {
            reason = IdentifierText.TooLong("telephone number");
            return false;
        }

        var (digits, extension) = SplitExtension(compact);
        if (digits.StartsWith("+44", StringComparison.Ordinal))
            digits = digits[3..];
        else if (digits.StartsWith("0044", StringComparison.Ordinal))
            digits = digits[4..];
        else if (digits.StartsWith('+') || digits.StartsWith("00", StringComparison.Ordinal))
            reason = "it is a number of another country";
        else if (digits.Length == 0)
            reason = "it is empty";
        else if (digits.Length <= 6 && IdentifierText.AllDigits(digits))
            reason = digits is "999" or "112" or "101" or "111" or "105" ? "it is a short code, which is nobody's own number" : "it has no area code, so the place is not known";
        else if (digits[0] is not ('0' or '('))
            reason = "it does not begin with 0 or +44";
        if (reason is not null)
            return false;

        digits = digits.Replace("(0)", "", StringComparison.Ordinal).Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal);
        if (digits.StartsWith('0'))
            digits = digits[1..];
        reason = Fault(digits);
        if (reason is null)
            number = new PhoneNumber(digits, extension);
        return reason is null;
    }

    /// <summary><see cref="Display"/>.</summary>
    public override string ToString() => Display;

    private static (string Digits, string Extension) SplitExtension(string compact)
    {
        foreach (var mark in (ReadOnlySpan<string>)["EXTENSION", "EXT", "X", "#"])
        {
            var at = compact.IndexOf(mark, StringComparison.Ordinal);
            if (at > 0 && compact.Length > at + mark.Length && IdentifierText.AllDigits(compact.AsSpan(at + mark.Length)) && compact.Length - at - mark.Length <= 6)
                return (compact[..at], compact[(at + mark.Length)..]);
        }

        return (compact, "");
    }

    private static string? Fault(string national)
    {
        if (!IdentifierText.AllDigits(national))
            return "a telephone number has digits only, apart from +, spaces, hyphens, brackets and an extension";
        if (national.Length == 0)
            return "it is empty";

        // Childline, 0800 1111, is shorter than any other number.
        if (national == "8001111")
            return null;
        var shortest = national[0] switch
        {
            '1' => 9,
            '8' => 9,
            '2' or '3' or '5' or '7' or '9' => 10,
            _ => 0,
        };
        if (shortest == 0)
            return $"no number of the United Kingdom begins with 0{national[0]}";
        if (national.Length < shortest || national.Length > 10)
        {
            return string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"a number that begins with 0{national[0]} has {(shortest == 10 ? "11" : "10 or 11")} digits with its 0, this has {national.Length + 1}");
        }

        return null;
    }

    private static string Grouped(string national)
    {
        if (national == "8001111")
            return "0800 1111";
        var area = national switch
        {
            ['2', ..] => 2,
            ['1', '1', ..] or ['1', _, '1', ..] => 3,
            ['1' or '7', ..] => 4,
            ['5', '5' or '6', ..] => 2,
            _ => 3,
        };
        var rest = national[area..];
        return area == 4 || rest.Length < 7
            ? $"0{national[..area]} {rest}"
            : $"0{national[..area]} {rest[..^4]} {rest[^4..]}";
    }
}
