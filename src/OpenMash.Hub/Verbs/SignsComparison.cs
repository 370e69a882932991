using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenMash.Engines.Signs;

namespace OpenMash.Hub.Verbs;

/// <summary>What a change of catalogue gains and loses on a file of notes.</summary>
internal static class SignsComparison
{
    private const int AroundHit = 60;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static int Run(string notesPath, string beforePath, string afterPath, int examples, bool misspellings, NotesColumns columns, bool json)
    {
        if (examples is < 0 or > 1000)
            return SignsVerbs.Refuse("--examples must be between 0 and 1000.");
        if (!SignsVerbs.TryReadCatalogue(beforePath, out var before) || !SignsVerbs.TryReadCatalogue(afterPath, out var after))
            return 2;
        var options = new SignScanOptions { Misspellings = misspellings };
        using var notes = SignsVerbs.Open(notesPath);
        var result = SignComparison.Run(notes, new SignScanner(before, options), new SignScanner(after, options), columns, examples);
        foreach (var row in result.BadRows.Take(20))
            Console.Error.WriteLine($"{notesPath}: line {row.Line}: {row.Message}");

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    notes = result.Notes,
                    hitsBefore = result.HitsBefore,
                    hitsAfter = result.HitsAfter,
                    gained = result.Signs.Sum(s => s.Gained),
                    lost = result.Signs.Sum(s => s.Lost),
                    contextChanged = result.Signs.Sum(s => s.ContextChanged),
                    badRows = result.BadRowCount,
                    signs = result.Signs.Select(s => new
                    {
                        id = s.SignId,
                        before = s.Before,
                        after = s.After,
                        gained = s.Gained,
                        lost = s.Lost,
                        contextChanged = s.ContextChanged,
                        notesGained = s.NotesGained,
                        notesLost = s.NotesLost,
                        examplesGained = s.GainedExamples.Select(Shown),
                        examplesLost = s.LostExamples.Select(Shown),
                    }),
                },
                Json));
        }
        else
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Notes:N0} notes: {result.HitsBefore:N0} hits before, {result.HitsAfter:N0} after; {result.Signs.Sum(s => s.Gained):N0} gained, {result.Signs.Sum(s => s.Lost):N0} lost."));
            foreach (var sign in result.Signs.Where(s => s.Gained + s.Lost > 0))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sign.SignId}: {sign.Before:N0} -> {sign.After:N0} ({sign.Gained:N0} gained in {sign.NotesGained:N0} notes, {sign.Lost:N0} lost in {sign.NotesLost:N0})"));
                foreach (var example in sign.GainedExamples)
                    Console.WriteLine($"    + {Line(example)}");
                foreach (var example in sign.LostExamples)
                    Console.WriteLine($"    - {Line(example)}");
            }

            if (result.Signs.All(s => s.Gained + s.Lost == 0))
                Console.WriteLine("The change gains and loses nothing on these notes.");
        }

        return result.BadRowCount > 0 ? 1 : 0;
    }

    private static object Shown(ComparisonExample e) => new { noteId = e.NoteId, start = e.Start, end = e.End, text = e.Text, context = e.Context.ToString().ToLowerInvariant(), before = e.Before, after = e.After };

    private static string Line(ComparisonExample e)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{e.NoteId} {e.Start}-{e.End} [{e.Context.ToString().ToLowerInvariant()}] ");
        line.Append(Flat(e.Before.Length > AroundHit ? "…" + e.Before[^AroundHit..] : e.Before)).Append('»').Append(Flat(e.Text)).Append('«');
        line.Append(Flat(e.After.Length > AroundHit ? e.After[..AroundHit] + "…" : e.After));
        return line.ToString();
    }

    private static string Flat(string text) => text.Replace('\n', ' ').Replace('\r', ' ');
}
