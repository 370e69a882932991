namespace OpenMash.Engines.Identifiers;

/// <summary>What people put between the characters of an identifier, taken away; letters in capitals.</summary>
internal static class IdentifierText
{
    public const int LongestInput = 64;

    /// <summary>Without white space, hyphens and dots; in capitals. Null if longer than anybody writes an identifier.</summary>
    public static string? Compact(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestInput)
            return null;
        Span<char> buffer = stackalloc char[LongestInput];
        var length = 0;
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c) && c is not ('-' or '.' or '\u2010' or '\u2011' or '\u2013' or '\u00AD' or '\u200B' or '\uFEFF'))
                buffer[length++] = char.ToUpperInvariant(c);
        }

        return new string(buffer[..length]);
    }

    public static string TooLong(string what) => $"it is longer than {LongestInput} characters, which no {what} is";

    public static bool AllDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    public static bool AllLetters(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('A', 'Z');
}
