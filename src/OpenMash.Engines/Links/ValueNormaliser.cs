using System.Text;

namespace OpenMash.Engines.Links;

/// <summary>Brings the values that children share into one form, so that <c>ab12 cde</c> and <c>AB12CDE</c>, or <c>+44 7700 900123</c> and <c>07700900123</c>, meet.</summary>
public static class ValueNormaliser
{
    /// <summary>The kind of a value in one spelling: lower case, common synonyms joined (car, taxi, vrm: vehicle; telephone, mobile: phone).</summary>
    public static string Kind(string kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        var k = kind.Trim().ToLowerInvariant();
        return k switch
        {
            "vehicle" or "car" or "taxi" or "vrm" or "vehicle_mark" or "registration" or "number_plate" => "vehicle",
            "phone" or "telephone" or "mobile" or "tel" or "phone_number" or "mobile_number" => "phone",
            "address" or "addr" or "premises" or "postcode" => "address",
            "adult" or "associate" or "person_of_concern" or "adult_of_concern" => "adult",
            "place" or "location" or "place_found" or "found_place" => "place",
            "" => "other",
            _ => k.Replace(',', ' ').Replace(' ', '_'),
        };
    }

    /// <summary>A value of a kind in one spelling; empty when nothing is left (<c>unknown</c>, <c>n/a</c> and the like also give empty).</summary>
    public static string Value(string kind, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var result = kind switch
        {
            "vehicle" => Alphanumeric(value),
            "phone" => Phone(value),
            _ => Words(value),
        };
        return result is "" or "UNKNOWN" or "NOT KNOWN" or "NOTKNOWN" or "NA" or "N A" or "NONE" or "NOT RECORDED" or "NULL" ? "" : result;
    }

    private static string Alphanumeric(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (char.IsLetterOrDigit(c)) text.Append(char.ToUpperInvariant(c));
        }

        return text.ToString();
    }

    private static string Phone(string value)
    {
        var digits = new StringBuilder(value.Length);
        var bracketedTrunkZero = value.Replace("(0)", "", StringComparison.Ordinal);
        foreach (var c in bracketedTrunkZero)
        {
            if (char.IsAsciiDigit(c)) digits.Append(c);
        }

        if (digits.Length == 0) return Alphanumeric(value);
        var number = digits.ToString();
        var international = bracketedTrunkZero.AsSpan().TrimStart().StartsWith("+");
        if (number.StartsWith("0044", StringComparison.Ordinal)) return "0" + number[4..].TrimStart('0');
        if (number.StartsWith("44", StringComparison.Ordinal) && (international || number.Length >= 12)) return "0" + number[2..].TrimStart('0');
        if (number.Length == 10 && number[0] == '7') return "0" + number;
        return international ? "+" + number : number;
    }

    // Letters and digits in words, one space between; a postcode at the end loses its inner space, so that "N1 9GU" and "N19GU" meet.
    private static string Words(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (char.IsLetterOrDigit(c)) text.Append(char.ToUpperInvariant(c));
            else if (c is not ('\'' or '.') && text.Length > 0 && text[^1] != ' ') text.Append(' ');
        }

        var words = text.ToString().TrimEnd();
        var last = words.LastIndexOf(' ');
        if (last <= 0) return words;
        var inward = words.AsSpan(last + 1);
        if (inward.Length != 3 || !char.IsAsciiDigit(inward[0]) || !char.IsAsciiLetter(inward[1]) || !char.IsAsciiLetter(inward[2])) return words;
        var before = words.LastIndexOf(' ', last - 1);
        var outward = words.AsSpan(before + 1, last - before - 1);
        return outward.Length is >= 2 and <= 4 && char.IsAsciiLetter(outward[0]) ? words.Remove(last, 1) : words;
    }
}
