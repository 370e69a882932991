using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenMash.Engines.Signs;

namespace OpenMash.Benchmarks.Signs;

/// <summary><c>signs-accuracy FILE [--errors]</c>: precision, recall and F1 of context on a file of labelled sentences.</summary>
internal static class SignsAccuracy
{
    public static Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine("Give a file of labelled sentences.");
            return Task.FromResult(2);
        }

        var confusion = new int[6, 6];
        foreach (var (text, marks) in LabelledSet.Read(args[0]))
        {
            if (marks.Count == 0)
                continue;
            var phrases = marks.Select(m => text[m.Start..m.End]).Distinct().ToArray();
            var json = JsonSerializer.Serialize(new { signs = phrases.Select((p, i) => new { id = $"s{i}", name = p, phrases = new[] { new { exact = p } } }) });
            var scanner = new SignScanner(SignCatalogue.Parse(json), new SignScanOptions { Misspellings = false });
            var buffer = new SignScanBuffer();
            var utf8 = Encoding.UTF8.GetBytes(text);
            var reasons = scanner.Explain(utf8, buffer);
            var hits = buffer.Hits.ToArray();
            foreach (var (start, end, label) in marks)
            {
                var at = Array.FindIndex(hits, h => h.ByteStart == Encoding.UTF8.GetByteCount(text.AsSpan(0, start)) && h.ByteEnd == Encoding.UTF8.GetByteCount(text.AsSpan(0, end)));
                if (at < 0)
                {
                    Console.WriteLine($"NOT FOUND {text[start..end]} in {text}");
                    continue;
                }

                confusion[(int)label, (int)hits[at].Context]++;
                if (hits[at].Context != label && args.Contains("--errors"))
                {
                    var why = reasons[at];
                    var cue = why.CueStart < 0 ? "" : Encoding.UTF8.GetString(utf8, why.CueStart, why.CueEnd - why.CueStart);
                    Console.WriteLine($"{label,-12} got {hits[at].Context,-12} [{why.Rule}: {cue}] {text[..start].Replace("\n", "\\n", StringComparison.Ordinal)}<<{text[start..end]}>>{text[end..].Replace("\n", "\\n", StringComparison.Ordinal)}");
                }
            }
        }

        double sum = 0;
        int right = 0, all = 0;
        for (var c = 0; c < 6; c++)
        {
            int tp = confusion[c, c], gold = 0, said = 0;
            for (var k = 0; k < 6; k++)
            {
                gold += confusion[c, k];
                said += confusion[k, c];
            }

            var f1 = gold + said == 0 ? 0 : 2.0 * tp / (gold + said);
            sum += f1;
            right += tp;
            all += gold;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(SignContext)c,-13} n {gold,4}  precision {(said == 0 ? 0 : (double)tp / said):0.000}  recall {(gold == 0 ? 0 : (double)tp / gold):0.000}  F1 {f1:0.000}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"macro F1 {sum / 6:0.000}  accuracy {(double)right / Math.Max(1, all):0.000}  hits {all}"));
        return Task.FromResult(0);
    }
}
