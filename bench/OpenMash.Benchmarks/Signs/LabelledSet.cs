using System.Text;
using OpenMash.Engines.Signs;

namespace OpenMash.Benchmarks.Signs;

/// <summary>Sentences with marked phrases: {A:...} affirmed {N:...} negated {P:...} possible {H:...} hypothetical {T:...} historic {O:...} other.</summary>
internal static class LabelledSet
{
    public static SignContext Label(char letter) => letter switch
    {
        'A' => SignContext.Affirmed,
        'N' => SignContext.Negated,
        'P' => SignContext.Possible,
        'H' => SignContext.Hypothetical,
        'T' => SignContext.Historic,
        'O' => SignContext.Other,
        _ => throw new InvalidDataException($"'{letter}' is no label."),
    };

    public static IEnumerable<(string Text, List<(int Start, int End, SignContext Label)> Marks)> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var text = new StringBuilder();
            var marks = new List<(int, int, SignContext)>();
            var source = line.Replace("\\n", "\n", StringComparison.Ordinal);
            for (var i = 0; i < source.Length; i++)
            {
                if (source[i] == '{' && source[i + 2] == ':')
                {
                    var end = source.IndexOf('}', i);
                    var start = text.Length;
                    text.Append(source, i + 3, end - i - 3);
                    marks.Add((start, text.Length, Label(source[i + 1])));
                    i = end;
                }
                else
                    text.Append(source[i]);
            }

            yield return (text.ToString(), marks);
        }
    }
}
