using System.Text;

namespace OpenMash.Hub.Platform.Furniture;

internal static class Words
{
    /// <summary>"FirstHeardOf" becomes "First heard of".</summary>
    public static string FromPropertyName(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        var words = new StringBuilder(last.Length + 8);
        for (var i = 0; i < last.Length; i++)
        {
            var c = last[i];
            if (i > 0 && char.IsUpper(c) && !char.IsUpper(last[i - 1])) words.Append(' ').Append(char.ToLowerInvariant(c));
            else words.Append(c);
        }

        return words.ToString();
    }

    /// <summary>"Date of birth" becomes "date of birth"; "NHS number" and "GP" keep their capitals.</summary>
    public static string LowerFirst(string text) =>
        text.Length == 0 || (text.Length > 1 && char.IsUpper(text[1])) ? text : char.ToLowerInvariant(text[0]) + text[1..];

    public static string UpperFirst(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>"ParentOrCarer" and "parent or carer" become "Parent or carer".</summary>
    public static string Sentence(string text) => UpperFirst(FromPropertyName(text));

    /// <summary>"1 child", "2 children" by the two words given.</summary>
    public static string Count(int n, string one, string many) => n == 1 ? $"1 {one}" : $"{n} {many}";
}
