using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace OpenMash.Engines.Signs;

/// <summary>A row of the notes file that could not be screened.</summary>
/// <param name="Line">Line of the file on which the row begins, from 1.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record BadNoteRow(long Line, string Message);

/// <summary>How far a screening has come.</summary>
/// <param name="Bytes">Bytes of the notes file read.</param>
/// <param name="Notes">Notes screened.</param>
/// <param name="Hits">Hits found.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ScreeningProgress(long Bytes, long Notes, long Hits);

/// <summary>What a screening did.</summary>
public sealed class ScreeningSummary
{
    /// <summary>Bad rows kept with their text; further ones are only counted.</summary>
    public const int MostBadRowsKept = 1000;

    private readonly long[] byContext = new long[6];
    private readonly long[] byMatch = new long[3];

    internal ScreeningSummary(int signs) => BySign = new long[signs];

    /// <summary>Notes screened.</summary>
    public long Notes { get; internal set; }

    /// <summary>Notes with at least one hit.</summary>
    public long NotesWithHits { get; internal set; }

    /// <summary>Hits written.</summary>
    public long Hits { get; internal set; }

    /// <summary>Negated hits whose cue is a denial: they stay in review and are never absence of harm.</summary>
    public long Denials { get; internal set; }

    /// <summary>Bytes of the notes file.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Notes that were not valid UTF-8; each bad sequence was read as one replacement character (U+FFFD).</summary>
    public long NotesWithInvalidUtf8 { get; internal set; }

    /// <summary>Rows that could not be screened.</summary>
    public long BadRows { get; internal set; }

    /// <summary>The first <see cref="MostBadRowsKept"/> bad rows, in file order.</summary>
    public IReadOnlyList<BadNoteRow> BadRowDetails { get; internal set; } = [];

    /// <summary>Hits of each sign, by its index in the catalogue.</summary>
    public IReadOnlyList<long> HitsBySign => BySign;

    internal long[] BySign { get; }

    /// <summary>Hits with a context.</summary>
    public long In(SignContext context) => byContext[(int)context];

    /// <summary>Hits matched in a way.</summary>
    public long By(SignMatch match) => byMatch[(int)match];

    internal void Count(in SignHit hit, bool denial)
    {
        Hits++;
        byContext[(int)hit.Context]++;
        byMatch[(int)hit.Match]++;
        BySign[hit.Sign]++;
        Denials += denial ? 1 : 0;
    }

    internal void Add(ScreeningSummary other)
    {
        Notes += other.Notes;
        NotesWithHits += other.NotesWithHits;
        Hits += other.Hits;
        Denials += other.Denials;
        NotesWithInvalidUtf8 += other.NotesWithInvalidUtf8;
        BadRows += other.BadRows;
        for (var i = 0; i < byContext.Length; i++)
            byContext[i] += other.byContext[i];
        for (var i = 0; i < byMatch.Length; i++)
            byMatch[i] += other.byMatch[i];
        for (var i = 0; i < BySign.Length; i++)
            BySign[i] += other.BySign[i];
    }
}

/// <summary>How to screen a file of notes.</summary>
public sealed record ScreeningOptions
{
    /// <summary>Which columns hold what.</summary>
    public NotesColumns Columns { get; init; } = new();

    /// <summary>Threads to use; 0 takes one for each processor. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Also write how a hit matched, its phrase, the cue that decided and whether that is a denial.</summary>
    public bool Detail { get; init; }
}

/// <summary>
/// Screens a CSV stream of notes to a CSV stream of hits: bounded memory (a few chunks of 2 MB a thread, or one record if that is larger), all cores, input order.
/// </summary>
public static class NoteScreening
{
    /// <summary>
    /// Reads <paramref name="notes"/>, writes <c>note_id,sign_id,start,end,text,context</c> and the other input columns to <paramref name="hits"/>.
    /// </summary>
    /// <param name="notes">CSV with a header line, UTF-8.</param>
    /// <param name="scanner">The compiled catalogue.</param>
    /// <param name="hits">Receives CSV with a header line, UTF-8. <c>start</c> and <c>end</c> count Unicode code points in the decoded field, end exclusive.</param>
    /// <param name="options">How to screen.</param>
    /// <param name="progress">Called now and then, from any thread, never two at once.</param>
    /// <param name="cancellation">Stops the work between chunks.</param>
    /// <exception cref="NotesFileException">The stream is not a notes file.</exception>
    /// <exception cref="IOException">A stream failed; what was written so far is not whole.</exception>
    public static ScreeningSummary Run(Stream notes, SignScanner scanner, Stream hits, ScreeningOptions? options = null, Action<ScreeningProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(notes);
        ArgumentNullException.ThrowIfNull(scanner);
        ArgumentNullException.ThrowIfNull(hits);
        options ??= new ScreeningOptions();
        var reader = new NotesReader(notes, options.Columns);
        return new Pipeline(reader, scanner, hits, options, progress, cancellation).Run();
    }

    private sealed class Pipeline
    {
        private readonly NotesReader reader;
        private SignScanner scanner;
        private readonly Stream output;
        private readonly ScreeningOptions options;
        private readonly Action<ScreeningProgress>? progress;
        private readonly CancellationToken cancellation;
        private readonly int threads;
        private readonly int[] carried;
        private readonly Lock reading = new();
        private readonly object writing = new();
        private readonly Dictionary<long, Result> waiting = [];
        private readonly Stack<NotesChunk> spare = new();
        private readonly ScreeningSummary total;
        private readonly List<BadNoteRow> bad = [];
        private long nextToWrite;
        private bool failed;

        public Pipeline(NotesReader reader, SignScanner scanner, Stream output, ScreeningOptions options, Action<ScreeningProgress>? progress, CancellationToken cancellation)
        {
            this.reader = reader;
            this.scanner = scanner;
            this.output = output;
            this.options = options;
            this.progress = progress;
            this.cancellation = cancellation;
            threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
            carried = Enumerable.Range(0, reader.Header.Count).Where(i => i != reader.IdColumn && i != reader.TextColumn).ToArray();
            total = new ScreeningSummary(scanner.Catalogue.Signs.Count);
        }

        public ScreeningSummary Run()
        {
            WriteHeader();
            var first = new NotesChunk();
            if (reader.Next(first))
            {
                scanner = scanner.TunedTo(first.Data.AsSpan(0, first.Length));
                var failures = new List<Exception>();
                var workers = new Thread[threads - 1];
                for (var i = 0; i < workers.Length; i++)
                {
                    workers[i] = new Thread(() => Guarded(null, failures)) { IsBackground = true, Name = $"signs {i + 1}" };
                    workers[i].Start();
                }

                Guarded(first, failures);
                foreach (var worker in workers)
                    worker.Join();
                lock (failures)
                {
                    if (failures.Count > 0)
                        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failures[0]).Throw();
                }
            }

            cancellation.ThrowIfCancellationRequested();
            total.Bytes = reader.BytesRead;
            total.BadRowDetails = bad;
            return total;
        }

#pragma warning disable CA1031 // A worker's failure is carried to the caller's thread and thrown there, unchanged.
        private void Guarded(NotesChunk? first, List<Exception> failures)
        {
            try
            {
                Work(first);
            }
            catch (Exception e)
            {
                lock (failures)
                    failures.Add(e);
                lock (writing)
                {
                    failed = true;
                    Monitor.PulseAll(writing);
                }
            }
        }
#pragma warning restore CA1031

        private void WriteHeader()
        {
            var header = new StringBuilder("note_id,sign_id,start,end,text,context");
            if (options.Detail)
                header.Append(",match,phrase,cue,denial");
            string[] own = ["note_id", "sign_id", "start", "end", "text", "context", "match", "phrase", "cue", "denial"];
            foreach (var i in carried)
            {
                var name = reader.Header[i];
                if (own.Contains(name, StringComparer.OrdinalIgnoreCase))
                    name = "note_" + name;
                header.Append(',');
                header.Append(name.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name);
            }

            header.Append('\n');
            output.Write(Encoding.UTF8.GetBytes(header.ToString()));
        }

        private void Work(NotesChunk? first)
        {
            var worker = new Worker(this);
            var chunk = first;
            while (true)
            {
                if (chunk is null)
                {
                    chunk = TakeSpare();
                    lock (reading)
                    {
                        if (Volatile.Read(ref failed) || cancellation.IsCancellationRequested || !reader.Next(chunk))
                            return;
                    }
                }

                // No chunk runs far ahead of the one that must be written next: that bounds the memory.
                lock (writing)
                {
                    while (!failed && chunk.Sequence > nextToWrite + (2 * threads))
                        Monitor.Wait(writing);
                    if (failed)
                        return;
                }

                var result = worker.Screen(chunk);
                var sequence = chunk.Sequence;
                lock (spare)
                    spare.Push(chunk);
                chunk = null;
                Deliver(sequence, result);
            }
        }

        private NotesChunk TakeSpare()
        {
            lock (spare)
                return spare.TryPop(out var chunk) ? chunk : new NotesChunk();
        }

        private void Deliver(long sequence, Result result)
        {
            lock (writing)
            {
                waiting[sequence] = result;
                while (waiting.Remove(nextToWrite, out var next))
                {
                    output.Write(next.Bytes, 0, next.Length);
                    total.Add(next.Summary);
                    foreach (var row in next.Bad)
                    {
                        if (bad.Count < ScreeningSummary.MostBadRowsKept)
                            bad.Add(row);
                    }

                    ArrayPool<byte>.Shared.Return(next.Bytes);
                    nextToWrite++;
                }

                Monitor.PulseAll(writing);
                progress?.Invoke(new ScreeningProgress(reader.BytesRead, total.Notes, total.Hits));
            }
        }

        private sealed record Result(byte[] Bytes, int Length, ScreeningSummary Summary, List<BadNoteRow> Bad);

        /// <summary>One thread's part: the notes of a chunk laid end to end, scanned, and their hits written as CSV.</summary>
        private sealed class Worker(Pipeline owner)
        {
            private readonly SignScanBuffer buffer = new();
            private readonly byte[][] signIds = owner.scanner.Catalogue.Signs.Select(s => Escaped(Encoding.UTF8.GetBytes(s.Id))).ToArray();
            private byte[] texts = [];
            private int[] ends = [];
            private int[] recordOf = [];
            private byte[] bytes = [];
            private int length;

            private static readonly byte[][] ContextNames = Enum.GetNames<SignContext>().Select(n => Encoding.ASCII.GetBytes(n.ToLowerInvariant())).ToArray();
            private static readonly byte[][] MatchNames = Enum.GetNames<SignMatch>().Select(n => Encoding.ASCII.GetBytes(n.ToLowerInvariant())).ToArray();

            public Result Screen(NotesChunk chunk)
            {
                var summary = new ScreeningSummary(signIds.Length);
                var bad = new List<BadNoteRow>();
                var records = CollectionsMarshal.AsSpan(chunk.Records);
                if (texts.Length < chunk.Length + records.Length + 64)
                    texts = new byte[chunk.Length + records.Length + 64];
                if (ends.Length < records.Length)
                {
                    ends = new int[records.Length * 2];
                    recordOf = new int[records.Length * 2];
                }

                var valid = Utf8.IsValid(chunk.Data.AsSpan(0, chunk.Length));
                var count = 0;
                var at = 0;
                for (var r = 0; r < records.Length; r++)
                {
                    ref readonly var record = ref records[r];
                    if (record.Kind > NoteRecordKind.QuotedWithEscapes)
                    {
                        summary.BadRows++;
                        if (bad.Count < ScreeningSummary.MostBadRowsKept)
                            bad.Add(new BadNoteRow(chunk.FirstLine + chunk.Data.AsSpan(0, record.Start).Count((byte)'\n'), Fault(record)));
                        continue;
                    }

                    var text = chunk.Data.AsSpan(record.TextStart, record.TextEnd - record.TextStart);
                    if (!valid && !Utf8.IsValid(text))
                    {
                        summary.NotesWithInvalidUtf8++;
                        text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
                        if (texts.Length < at + text.Length + (chunk.Length - record.End) + records.Length + 64)
                            Array.Resize(ref texts, Math.Max(texts.Length * 2, at + text.Length + (chunk.Length - record.End) + records.Length + 64));
                    }

                    at = Append(text, at, record.Kind == NoteRecordKind.QuotedWithEscapes);
                    ends[count] = at;
                    recordOf[count++] = r;
                    texts[at++] = SignScanner.NoteSeparator;
                }

                owner.scanner.ScanBatch(texts.AsSpan(0, at), ends.AsSpan(0, count), buffer);
                bytes = ArrayPool<byte>.Shared.Rent(Math.Max(4096, buffer.Hits.Length * 64));
                length = 0;
                Write(chunk, records, count, summary, valid);
                summary.Notes = count;
                return new Result(bytes, length, summary, bad);
            }

            private string Fault(in NoteRecord record) => record.Kind switch
            {
                NoteRecordKind.TooFewFields => $"the row has {record.Fields} field{(record.Fields == 1 ? "" : "s")}, too few to reach the text; it was not screened.",
                NoteRecordKind.TooManyFields => $"the row has {record.Fields} fields but the header has {owner.reader.Header.Count}; put the text in quotes. It was not screened.",
                _ => "there are characters after a closing quote; double the quotes that are part of the text. It was not screened.",
            };

            /// <summary>Copies a field; doubled quotes become single.</summary>
            private int Append(ReadOnlySpan<byte> text, int at, bool escaped)
            {
                if (!escaped)
                {
                    text.CopyTo(texts.AsSpan(at));
                    return at + text.Length;
                }

                while (true)
                {
                    var quote = text.IndexOf((byte)'"');
                    if (quote < 0)
                    {
                        text.CopyTo(texts.AsSpan(at));
                        return at + text.Length;
                    }

                    text[..(quote + 1)].CopyTo(texts.AsSpan(at));
                    at += quote + 1;
                    text = text[Math.Min(quote + 2, text.Length)..];
                }
            }

            private void Write(NotesChunk chunk, Span<NoteRecord> records, int count, ScreeningSummary summary, bool valid)
            {
                var hits = buffer.Hits;
                var rules = ContextRules.Shared;
                var last = -1;
                byte[] head = [];
                byte[] tail = [];
                for (var h = 0; h < hits.Length; h++)
                {
                    ref readonly var hit = ref hits[h];
                    var noteStart = hit.Note == 0 ? 0 : ends[hit.Note - 1] + 1;
                    if (hit.Note != last)
                    {
                        last = hit.Note;
                        summary.NotesWithHits++;
                        var record = records[recordOf[hit.Note]];
                        (head, tail) = Carried(chunk.Data.AsSpan(record.Start, record.End - record.Start), valid);
                    }

                    var denial = hit.Context == SignContext.Negated && rules.IsDenial(hit.Cue);
                    summary.Count(hit, denial);
                    var words = texts.AsSpan(noteStart + hit.ByteStart, hit.ByteEnd - hit.ByteStart);
                    Put(head);
                    Put((byte)',');
                    Put(signIds[hit.Sign]);
                    Put((byte)',');
                    Put(hit.Start);
                    Put((byte)',');
                    Put(hit.End);
                    Put((byte)',');
                    PutField(words);
                    Put((byte)',');
                    Put(ContextNames[(int)hit.Context]);
                    if (owner.options.Detail)
                    {
                        Put((byte)',');
                        Put(MatchNames[(int)hit.Match]);
                        Put((byte)',');
                        PutField(Encoding.UTF8.GetBytes(owner.scanner.Catalogue.Signs[hit.Sign].Phrases[hit.Phrase].Text));
                        Put((byte)',');
                        PutField(Encoding.UTF8.GetBytes(rules.CueText(hit.Cue)));
                        Put((byte)',');
                        Put(denial ? "yes"u8 : "no"u8);
                    }

                    Put(tail);
                    Put((byte)'\n');
                }
            }

            /// <summary>The identifier and the carried columns of a record, as they go to the output.</summary>
            private (byte[] Head, byte[] Tail) Carried(ReadOnlySpan<byte> record, bool valid)
            {
                var fields = NotesReader.Fields(record, owner.reader.Delimiter);
                var head = Field(record, fields, owner.reader.IdColumn, valid);
                if (owner.carried.Length == 0)
                    return (head, []);
                var tail = new ArrayBufferWriter<byte>();
                foreach (var i in owner.carried)
                {
                    tail.Write(","u8);
                    tail.Write(Field(record, fields, i, valid));
                }

                return (head, tail.WrittenSpan.ToArray());
            }

            private static byte[] Field(ReadOnlySpan<byte> record, List<(int From, int To)> fields, int index, bool valid)
            {
                if (index >= fields.Count)
                    return [];
                var content = NotesReader.Unquote(record[fields[index].From..fields[index].To]);
                if (!valid && !Utf8.IsValid(content))
                    content = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content));
                return Escaped(content);
            }

            private static byte[] Escaped(byte[] content)
            {
                if (content.AsSpan().IndexOfAny(",\"\r\n"u8) < 0)
                    return content;
                var escaped = new ArrayBufferWriter<byte>(content.Length + 8);
                escaped.Write("\""u8);
                foreach (var b in content)
                {
                    if (b == '"')
                        escaped.Write("\""u8);
                    escaped.Write([b]);
                }

                escaped.Write("\""u8);
                return escaped.WrittenSpan.ToArray();
            }

            private void Room(int more)
            {
                if (length + more <= bytes.Length)
                    return;
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, length + more));
                bytes.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(bytes);
                bytes = larger;
            }

            private void Put(byte value)
            {
                Room(1);
                bytes[length++] = value;
            }

            private void Put(ReadOnlySpan<byte> value)
            {
                Room(value.Length);
                value.CopyTo(bytes.AsSpan(length));
                length += value.Length;
            }

            private void Put(int value)
            {
                Room(12);
                Utf8Formatter.TryFormat(value, bytes.AsSpan(length), out var n);
                length += n;
            }

            private void PutField(ReadOnlySpan<byte> value)
            {
                if (value.IndexOfAny(",\"\r\n"u8) < 0)
                    Put(value);
                else
                    Put(Escaped(value.ToArray()));
            }
        }
    }
}
