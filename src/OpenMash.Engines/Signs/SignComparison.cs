using System.Text;

namespace OpenMash.Engines.Signs;

/// <summary>A hit that only one of two catalogues finds.</summary>
/// <param name="NoteId">Identifier of the note.</param>
/// <param name="Start">First code point.</param>
/// <param name="End">Code point after the last.</param>
/// <param name="Text">The words.</param>
/// <param name="Context">What the hit means where it stands.</param>
/// <param name="Before">Up to some eighty characters before it.</param>
/// <param name="After">Up to some eighty characters after it.</param>
public sealed record ComparisonExample(string NoteId, int Start, int End, string Text, SignContext Context, string Before, string After);

/// <summary>What a change does to one sign. Hits are compared by note, sign and place.</summary>
public sealed class SignDifference
{
    internal SignDifference(string id) => SignId = id;

    /// <summary>The sign's id, which may stand in one of the catalogues only.</summary>
    public string SignId { get; }

    /// <summary>Hits of the catalogue as it is.</summary>
    public long Before { get; internal set; }

    /// <summary>Hits of the catalogue as it would be.</summary>
    public long After { get; internal set; }

    /// <summary>Hits only the new catalogue finds.</summary>
    public long Gained { get; internal set; }

    /// <summary>Hits only the old catalogue finds.</summary>
    public long Lost { get; internal set; }

    /// <summary>Hits both find, in another context.</summary>
    public long ContextChanged { get; internal set; }

    /// <summary>Notes with at least one gained hit.</summary>
    public long NotesGained { get; internal set; }

    /// <summary>Notes with at least one lost hit.</summary>
    public long NotesLost { get; internal set; }

    /// <summary>The first gained hits, in file order.</summary>
    public IReadOnlyList<ComparisonExample> GainedExamples => Gains;

    /// <summary>The first lost hits, in file order.</summary>
    public IReadOnlyList<ComparisonExample> LostExamples => Losses;

    internal List<ComparisonExample> Gains { get; } = [];

    internal List<ComparisonExample> Losses { get; } = [];
}

/// <summary>What a change of catalogue gains and loses.</summary>
/// <param name="Notes">Notes screened.</param>
/// <param name="HitsBefore">Hits of the catalogue as it is.</param>
/// <param name="HitsAfter">Hits of the catalogue as it would be.</param>
/// <param name="Signs">Every sign of either catalogue, in the order of the old one, then of the new.</param>
/// <param name="BadRowCount">Rows that could not be screened.</param>
/// <param name="BadRows">The first of them.</param>
public sealed record ComparisonResult(long Notes, long HitsBefore, long HitsAfter, IReadOnlyList<SignDifference> Signs, long BadRowCount, IReadOnlyList<BadNoteRow> BadRows);

/// <summary>Screens the same notes with two catalogues: the preview of a lesson.</summary>
public static class SignComparison
{
    private const int Surroundings = 80;

    /// <summary>Reads the notes once and compares the hits of both scanners, one chunk of 2 MB at a time.</summary>
    /// <exception cref="NotesFileException">The stream is not a notes file.</exception>
    public static ComparisonResult Run(Stream notes, SignScanner before, SignScanner after, NotesColumns columns, int examples)
    {
        ArgumentNullException.ThrowIfNull(notes);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(columns);
        var reader = new NotesReader(notes, columns);
        var differences = new Dictionary<string, SignDifference>(StringComparer.Ordinal);
        var ordered = new List<SignDifference>();
        SignDifference[] Index(SignCatalogue catalogue) => catalogue.Signs.Select(s =>
        {
            if (!differences.TryGetValue(s.Id, out var difference))
            {
                differences[s.Id] = difference = new SignDifference(s.Id);
                ordered.Add(difference);
            }

            return difference;
        }).ToArray();
        var ofBefore = Index(before.Catalogue);
        var ofAfter = Index(after.Catalogue);

        var beforeBuffer = new SignScanBuffer();
        var afterBuffer = new SignScanBuffer();
        var chunk = new NotesChunk();
        var bad = new List<BadNoteRow>();
        long count = 0, badCount = 0, hitsBefore = 0, hitsAfter = 0;
        while (reader.Next(chunk))
        {
            foreach (var record in chunk.Records)
            {
                if (record.Kind > NoteRecordKind.QuotedWithEscapes)
                {
                    badCount++;
                    if (bad.Count < ScreeningSummary.MostBadRowsKept)
                        bad.Add(new BadNoteRow(chunk.FirstLine + chunk.Data.AsSpan(0, record.Start).Count((byte)'\n'), "the row could not be read and was not compared; signs screen says why."));
                    continue;
                }

                count++;
                var raw = chunk.Data.AsSpan(record.Start, record.End - record.Start);
                var text = chunk.Data.AsSpan(record.TextStart, record.TextEnd - record.TextStart).ToArray();
                if (record.Kind == NoteRecordKind.QuotedWithEscapes)
                    text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace("\"\"", "\"", StringComparison.Ordinal));
                else if (!System.Text.Unicode.Utf8.IsValid(text))
                    text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
                before.Scan(text, beforeBuffer);
                after.Scan(text, afterBuffer);
                hitsBefore += beforeBuffer.Hits.Length;
                hitsAfter += afterBuffer.Hits.Length;
                if (beforeBuffer.Hits.Length + afterBuffer.Hits.Length == 0)
                    continue;
                var fields = NotesReader.Fields(raw, reader.Delimiter);
                var id = Encoding.UTF8.GetString(NotesReader.Unquote(raw[fields[reader.IdColumn].From..fields[reader.IdColumn].To]));
                CompareNote(id, text, beforeBuffer.Hits, ofBefore, afterBuffer.Hits, ofAfter, examples);
            }
        }

        return new ComparisonResult(count, hitsBefore, hitsAfter, ordered, badCount, bad);
    }

    private static void CompareNote(string id, byte[] text, ReadOnlySpan<SignHit> before, SignDifference[] ofBefore, ReadOnlySpan<SignHit> after, SignDifference[] ofAfter, int examples)
    {
        var old = new Dictionary<(SignDifference, int, int), SignContext>();
        foreach (ref readonly var hit in before)
        {
            old[(ofBefore[hit.Sign], hit.Start, hit.End)] = hit.Context;
            ofBefore[hit.Sign].Before++;
        }

        var found = new HashSet<(SignDifference, int, int)>();
        var gained = new HashSet<SignDifference>();
        var lost = new HashSet<SignDifference>();
        foreach (ref readonly var hit in after)
        {
            var sign = ofAfter[hit.Sign];
            sign.After++;
            found.Add((sign, hit.Start, hit.End));
            if (old.TryGetValue((sign, hit.Start, hit.End), out var context))
            {
                sign.ContextChanged += context != hit.Context ? 1 : 0;
                continue;
            }

            sign.Gained++;
            gained.Add(sign);
            if (sign.Gains.Count < examples)
                sign.Gains.Add(Example(id, text, hit));
        }

        foreach (ref readonly var hit in before)
        {
            var sign = ofBefore[hit.Sign];
            if (found.Contains((sign, hit.Start, hit.End)))
                continue;
            sign.Lost++;
            lost.Add(sign);
            if (sign.Losses.Count < examples)
                sign.Losses.Add(Example(id, text, hit));
        }

        foreach (var sign in gained)
            sign.NotesGained++;
        foreach (var sign in lost)
            sign.NotesLost++;
    }

    private static ComparisonExample Example(string id, byte[] text, in SignHit hit)
    {
        var from = Math.Max(0, hit.ByteStart - Surroundings);
        while (from > 0 && from < hit.ByteStart && (text[from] & 0xC0) == 0x80)
            from++;
        var to = Math.Min(text.Length, hit.ByteEnd + Surroundings);
        while (to < text.Length && (text[to] & 0xC0) == 0x80)
            to++;
        return new ComparisonExample(
            id, hit.Start, hit.End,
            Encoding.UTF8.GetString(text, hit.ByteStart, hit.ByteEnd - hit.ByteStart), hit.Context,
            Encoding.UTF8.GetString(text, from, hit.ByteStart - from), Encoding.UTF8.GetString(text, hit.ByteEnd, to - hit.ByteEnd));
    }
}
