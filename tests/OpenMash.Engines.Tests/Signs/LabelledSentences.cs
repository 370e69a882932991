using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using OpenMash.Engines.Signs;

namespace OpenMash.EnginesTests.Signs;

/// <summary>Invented sentences with marked phrases: {A:...} affirmed {N:...} negated {P:...} possible {H:...} hypothetical {T:...} historic {O:...} other.</summary>
internal static class LabelledSentences
{
    public sealed record Mark(int Start, int End, SignContext Label);

    public static string PathOf(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Data", name);

    public static IEnumerable<(string Text, List<Mark> Marks)> Read(string name)
    {
        foreach (var line in File.ReadLines(PathOf(name)))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var text = new StringBuilder();
            var marks = new List<Mark>();
            var source = line.Replace("\\n", "\n", StringComparison.Ordinal);
            for (var i = 0; i < source.Length; i++)
            {
                if (source[i] != '{' || source[i + 2] != ':')
                {
                    text.Append(source[i]);
                    continue;
                }

                var end = source.IndexOf('}', i);
                var start = text.Length;
                text.Append(source, i + 3, end - i - 3);
                marks.Add(new Mark(start, text.Length, (SignContext)"ANPHTO".IndexOf(source[i + 1], StringComparison.Ordinal)));
                i = end;
            }

            yield return (text.ToString(), marks);
        }
    }

    /// <summary>F1 of each context and their mean, with the marked phrases as the catalogue of each sentence.</summary>
    public static (double[] F1, double Macro, int Hits) Measure(string name)
    {
        var confusion = new int[6, 6];
        var count = 0;
        foreach (var (text, marks) in Read(name))
        {
            var phrases = marks.Select(m => text[m.Start..m.End]).Distinct(StringComparer.Ordinal).ToArray();
            var json = JsonSerializer.Serialize(new { signs = phrases.Select((p, i) => new { id = $"s{i}", name = p, phrases = new[] { new { exact = p } } }) });
            var hits = new SignScanner(SignCatalogue.Parse(json), new SignScanOptions { Misspellings = false }).Scan(text);
            foreach (var mark in marks)
            {
                var start = Encoding.UTF8.GetByteCount(text.AsSpan(0, mark.Start));
                var end = Encoding.UTF8.GetByteCount(text.AsSpan(0, mark.End));
                var hit = hits.Single(h => h.ByteStart == start && h.ByteEnd == end);
                confusion[(int)mark.Label, (int)hit.Context]++;
                count++;
            }
        }

        var f1 = new double[6];
        for (var c = 0; c < 6; c++)
        {
            var gold = Enumerable.Range(0, 6).Sum(k => confusion[c, k]);
            var said = Enumerable.Range(0, 6).Sum(k => confusion[k, c]);
            f1[c] = gold + said == 0 ? 0 : 2.0 * confusion[c, c] / (gold + said);
        }

        return (f1, f1.Average(), count);
    }
}
