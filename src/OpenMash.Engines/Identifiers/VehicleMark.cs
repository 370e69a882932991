using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OpenMash.Engines.Identifiers;

/// <summary>The style of a registration mark.</summary>
public enum VehicleMarkStyle
{
    /// <summary>Since September 2001: <c>AB12 CDE</c>.</summary>
    Current,

    /// <summary>1983 to 2001 and Q marks: <c>A123 BCD</c>.</summary>
    Prefix,

    /// <summary>1963 to 1983: <c>ABC 123D</c>.</summary>
    Suffix,

    /// <summary>Without a year, Northern Ireland included: <c>ABC 1234</c>, <c>1234 AB</c>.</summary>
    Dateless,

    /// <summary>Diplomatic: <c>101 D 234</c>.</summary>
    Diplomatic,

    /// <summary>Armed forces: <c>12 AB 34</c>.</summary>
    Military,
}

/// <summary>
/// A United Kingdom vehicle registration mark in one of DVLA's styles (INF104; NI marks as dateless). Whether it was ever issued is
/// not known here.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VehicleMark
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    private readonly string? value;

    private VehicleMark(string value, VehicleMarkStyle style)
    {
        this.value = value;
        Style = style;
    }

    /// <summary>Capitals and digits without a space: <c>AB12CDE</c>. Compare by this.</summary>
    public string Value => value ?? "";

    /// <summary>Its style.</summary>
    public VehicleMarkStyle Style { get; }

    /// <summary>With its space or spaces: <c>AB12 CDE</c>.</summary>
    public string Display
    {
        get
        {
            if (Value.Length == 0)
                return "";
            var letters = Run(Value, 0, digits: false);
            return Style switch
            {
                VehicleMarkStyle.Current => $"{Value[..4]} {Value[4..]}",
                VehicleMarkStyle.Prefix => $"{Value[..^3]} {Value[^3..]}",
                VehicleMarkStyle.Diplomatic => $"{Value[..3]} {Value[3]} {Value[4..]}",
                VehicleMarkStyle.Military => $"{Value[..2]} {Value[2..4]} {Value[4..]}",
                _ => letters > 0 ? $"{Value[..letters]} {Value[letters..]}" : $"{Value[..Run(Value, 0, digits: true)]} {Value[Run(Value, 0, digits: true)..]}",
            };
        }
    }

    /// <summary>
    /// The mark with letters that witnesses take for digits turned into them (O and Q to 0, I to 1, S to 5, Z to 2, B to 8): two marks with one key may be one
    /// car, and a person decides.
    /// </summary>
    public string LookalikeKey => Value.Replace('O', '0').Replace('Q', '0').Replace('I', '1').Replace('S', '5').Replace('Z', '2').Replace('B', '8');

    /// <summary>Reads a mark in any case and spacing; false, with a reason in words, for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out VehicleMark mark, [NotNullWhen(false)] out string? reason)
    {
        mark = default;
        var compact = IdentifierText.Compact(text);
        if (compact is null)
            reason = IdentifierText.TooLong("registration mark");
        else if (compact.Length == 0)
            reason = "it is empty";
        else if (compact.AsSpan().ContainsAnyExcept(Characters))
            reason = "a registration mark has letters and digits only";
        else if (compact.Length is < 2 or > 7)
            reason = $"a registration mark has 2 to 7 letters and digits, this has {compact.Length}";
        else if (StyleOf(compact) is not { } style)
            reason = "it has the shape of no United Kingdom mark; current ones are like AB12 CDE";
        else
        {
            mark = new VehicleMark(compact, style);
            reason = null;
        }

        return reason is null;
    }

    /// <summary><see cref="Display"/>.</summary>
    public override string ToString() => Display;

    private static VehicleMarkStyle? StyleOf(string mark)
    {
        // Runs of letters and digits: AB12CDE is "L2 D2 L3".
        Span<int> runs = stackalloc int[7];
        var count = 0;
        var startsWithLetter = char.IsAsciiLetterUpper(mark[0]);
        for (var i = 0; i < mark.Length;)
        {
            var length = Run(mark, i, char.IsAsciiDigit(mark[i]));
            runs[count++] = length;
            i += length;
        }

        if (startsWithLetter)
        {
            switch (count)
            {
                // The letters I and Q are on no current mark, Z not among the first two.
                case 3 when runs[0] == 2 && runs[1] == 2 && runs[2] == 3 && !mark.AsSpan().ContainsAny('I', 'Q') && !mark.AsSpan(0, 2).Contains('Z'):
                    return VehicleMarkStyle.Current;
                case 3 when runs[0] == 1 && runs[1] <= 3 && runs[2] == 3 && mark[1] != '0':
                    return VehicleMarkStyle.Prefix;
                case 3 when runs[0] == 3 && runs[1] <= 3 && runs[2] == 1 && mark[3] != '0':
                    return VehicleMarkStyle.Suffix;
                case 2 when runs[0] <= 3 && runs[1] <= 4 && mark[runs[0]] != '0':
                    return VehicleMarkStyle.Dateless;
                default:
                    return null;
            }
        }

        return count switch
        {
            2 when runs[0] <= 4 && runs[1] <= 3 && mark[0] != '0' => VehicleMarkStyle.Dateless,
            3 when runs[0] == 3 && runs[1] == 1 && runs[2] == 3 && mark[3] is ('D' or 'X') => VehicleMarkStyle.Diplomatic,
            3 when runs[0] == 2 && runs[1] == 2 && runs[2] == 2 => VehicleMarkStyle.Military,
            _ => null,
        };
    }

    private static int Run(string text, int from, bool digits)
    {
        var end = from;
        while (end < text.Length && char.IsAsciiDigit(text[end]) == digits)
            end++;
        return end - from;
    }
}
