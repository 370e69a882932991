using System.Runtime.InteropServices;
using System.Text;

namespace OpenMash.Engines.Signs;

/// <summary>A file of notes that cannot be read as one; the message says where and what to do.</summary>
public sealed class NotesFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    public NotesFileException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NotesFileException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Creates an exception that says nothing more.</summary>
    public NotesFileException() : this("The notes cannot be read.")
    {
    }
}

/// <summary>Which columns of a notes file hold what.</summary>
public sealed record NotesColumns
{
    /// <summary>Header of the column with the note's identifier; null takes note_id, noteid, id or note (in that order).</summary>
    public string? Id { get; init; }

    /// <summary>Header of the column with the text; null takes text, note_text, body, content, narrative or note.</summary>
    public string? Text { get; init; }

    /// <summary>Separator of fields; null takes a comma, or a tab or semicolon where the header has no comma.</summary>
    public char? Delimiter { get; init; }
}

/// <summary>One record of a chunk: positions in its bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NoteRecord(int Start, int End, int TextStart, int TextEnd, NoteRecordKind Kind, int Fields);

internal enum NoteRecordKind : byte
{
    Plain,
    Quoted,
    QuotedWithEscapes,
    TooFewFields,
    TooManyFields,
    TextAfterQuote,
}

/// <summary>Whole records of a notes file, with room for what a worker makes of them.</summary>
internal sealed class NotesChunk
{
    public byte[] Data = new byte[NotesReader.ChunkBytes];
    public int Length;
    public long FirstLine;
    public long Sequence;
    public readonly List<NoteRecord> Records = [];
}

/// <summary>
/// Cuts a CSV stream (RFC 4180: quotes, doubled quotes, line breaks inside quotes; LF or CRLF; a UTF-8 byte order mark is skipped) into chunks of whole records.
/// </summary>
internal sealed class NotesReader
{
    public const int ChunkBytes = 1 << 21;
    private const int LargestRecord = 1 << 30;

    private static readonly string[] IdNames = ["note_id", "noteid", "id", "note"];
    private static readonly string[] TextNames = ["text", "note_text", "notetext", "body", "content", "narrative", "note"];

    private readonly Stream stream;
    private byte[] rest = [];
    private int restLength;
    private bool ended;
    private long line = 1;
    private long sequence;

    public NotesReader(Stream stream, NotesColumns columns)
    {
        this.stream = stream;
        ReadHeader(columns);
    }

    public byte Delimiter { get; private set; }

    public int IdColumn { get; private set; }

    public int TextColumn { get; private set; }

    public IReadOnlyList<string> Header { get; private set; } = [];

    public long BytesRead { get; private set; }

    private void ReadHeader(NotesColumns columns)
    {
        var data = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            if (length == data.Length)
            {
                if (length >= 1 << 24)
                    throw new NotesFileException("The first line of the notes file has no end within 16 MB: is it a CSV file with a header line?");
                Array.Resize(ref data, data.Length * 2);
            }

            var n = stream.Read(data, length, data.Length - length);
            BytesRead += n;
            length += n;
            ended = n == 0;
            if (ended || data.AsSpan(0, length).Contains((byte)'\n'))
            {
                if (ended || TryHeaderEnd(data.AsSpan(0, length), out _))
                    break;
            }
        }

        var start = 0;
        if (length >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF)
            start = 3;
        else if (length >= 2 && ((data[0] == 0xFF && data[1] == 0xFE) || (data[0] == 0xFE && data[1] == 0xFF)))
            throw new NotesFileException("The notes file is UTF-16: save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\").");
        if (length == start)
            throw new NotesFileException("The notes file is empty: it needs a header line with the columns note_id and text.");
        if (!TryHeaderEnd(data.AsSpan(0, length), out var end))
            end = length;

        var headerBytes = data.AsSpan(start, end - start);
        var headerLine = headerBytes.TrimEnd("\r\n"u8);
        Delimiter = columns.Delimiter is { } chosen ? (byte)chosen
            : headerLine.Contains((byte)',') ? (byte)','
            : headerLine.Contains((byte)'\t') ? (byte)'\t'
            : headerLine.Contains((byte)';') ? (byte)';' : (byte)',';
        var header = new List<string>();
        foreach (var (from, to) in Fields(headerLine, Delimiter))
            header.Add(Encoding.UTF8.GetString(Unquote(headerLine[from..to])).Trim());
        Header = header;
        IdColumn = Find(header, columns.Id, IdNames, "the note's identifier", "--id-column", -1);
        TextColumn = Find(header, columns.Text, TextNames, "the text", "--text-column", IdColumn);
        line += headerBytes.Count((byte)'\n');
        rest = data;
        restLength = length - end;
        Array.Copy(data, end, rest, 0, restLength);
    }

    private static bool TryHeaderEnd(ReadOnlySpan<byte> data, out int end)
    {
        var quoted = false;
        for (var i = 0; i < data.Length; i++)
        {
            if (data[i] == '"')
                quoted = !quoted;
            else if (data[i] == '\n' && !quoted)
            {
                end = i + 1;
                return true;
            }
        }

        end = 0;
        return false;
    }

    private static int Find(List<string> header, string? asked, string[] usual, string what, string option, int taken)
    {
        foreach (var name in asked is null ? usual : [asked])
        {
            var index = header.FindIndex(h => string.Equals(h, name, StringComparison.OrdinalIgnoreCase));
            if (index >= 0 && index != taken)
                return index;
        }

        throw new NotesFileException(
            $"The notes file has no column {(asked is null ? string.Join(" or ", usual.Select(u => $"\"{u}\"")) : $"\"{asked}\"")} for {what}. Its columns are: {string.Join(", ", header.Select(h => $"\"{h}\""))}. Name the right one with {option}.");
    }

    /// <summary>Fields of one record as raw ranges (quotes included).</summary>
    public static List<(int From, int To)> Fields(ReadOnlySpan<byte> record, byte delimiter)
    {
        var fields = new List<(int, int)>();
        var at = 0;
        while (true)
        {
            var from = at;
            if (at < record.Length && record[at] == '"')
            {
                at++;
                while (at < record.Length)
                {
                    if (record[at] == '"')
                    {
                        if (at + 1 < record.Length && record[at + 1] == '"')
                            at++;
                        else
                            break;
                    }

                    at++;
                }
            }

            var next = at < record.Length ? record[at..].IndexOf(delimiter) : -1;
            if (next < 0)
            {
                fields.Add((from, record.Length));
                return fields;
            }

            fields.Add((from, at + next));
            at += next + 1;
        }
    }

    /// <summary>The content of a raw field: without its quotes, doubled quotes single.</summary>
    public static byte[] Unquote(ReadOnlySpan<byte> field)
    {
        if (field.Length < 2 || field[0] != '"' || field[^1] != '"')
            return field.ToArray();
        var content = new byte[field.Length];
        var n = 0;
        var inner = field[1..^1];
        for (var i = 0; i < inner.Length; i++)
        {
            content[n++] = inner[i];
            if (inner[i] == '"' && i + 1 < inner.Length && inner[i + 1] == '"')
                i++;
        }

        return content[..n];
    }

    /// <summary>Fills a chunk with the next whole records; false at the end of the file.</summary>
    public bool Next(NotesChunk chunk)
    {
        chunk.Records.Clear();
        if (chunk.Data.Length < restLength + (ChunkBytes / 2))
            chunk.Data = new byte[restLength + ChunkBytes];
        else if (chunk.Data.Length > 8 * ChunkBytes && restLength < ChunkBytes)
            chunk.Data = new byte[ChunkBytes];
        Array.Copy(rest, chunk.Data, restLength);
        chunk.Length = restLength;
        restLength = 0;
        var parsed = 0;
        while (true)
        {
            while (!ended && chunk.Length < chunk.Data.Length)
            {
                var n = stream.Read(chunk.Data, chunk.Length, chunk.Data.Length - chunk.Length);
                BytesRead += n;
                chunk.Length += n;
                ended = n == 0;
            }

            if (chunk.Length == 0)
                return false;
            parsed = Parse(chunk);
            if (parsed > 0 || ended)
                break;
            if (chunk.Data.Length >= LargestRecord)
                throw new NotesFileException($"The record that begins at line {line} has more than {LargestRecord >> 20} MB: is a quote opened there and never closed?");
            Array.Resize(ref chunk.Data, (int)Math.Min((long)chunk.Data.Length * 2, LargestRecord));
        }

        chunk.FirstLine = line;
        chunk.Sequence = sequence++;
        var left = chunk.Length - parsed;
        if (ended && left > 0)
            throw new NotesFileException($"The record that begins at line {line + chunk.Data.AsSpan(0, parsed).Count((byte)'\n')} opens a quote that is not closed before the end of the file. Close it, or double quotes that are part of the text.");
        if (rest.Length < left)
            rest = new byte[Math.Max(left, rest.Length * 2)];
        Array.Copy(chunk.Data, parsed, rest, 0, left);
        restLength = left;
        chunk.Length = parsed;
        line += chunk.Data.AsSpan(0, parsed).Count((byte)'\n');
        return true;
    }

    /// <summary>Lists the whole records of a chunk; returns the number of bytes they take.</summary>
    private int Parse(NotesChunk chunk)
    {
        var data = chunk.Data.AsSpan(0, chunk.Length);
        var delimiter = Delimiter;
        var needed = Math.Max(IdColumn, TextColumn) + 1;
        var columns = Header.Count;
        var at = 0;
        while (at < data.Length)
        {
            var start = at;
            var field = 0;
            var textStart = 0;
            var textEnd = 0;
            var kind = NoteRecordKind.Plain;
            var fault = false;
            int end;
            while (true)
            {
                var from = at;
                var to = 0;
                var fieldKind = NoteRecordKind.Plain;
                if (at < data.Length && data[at] == '"')
                {
                    fieldKind = NoteRecordKind.Quoted;
                    from = ++at;
                    while (true)
                    {
                        var quote = data[at..].IndexOf((byte)'"');
                        if (quote < 0)
                            return start;
                        at += quote + 1;
                        if (at < data.Length && data[at] == '"')
                        {
                            fieldKind = NoteRecordKind.QuotedWithEscapes;
                            at++;
                            continue;
                        }

                        if (at == data.Length && !ended)
                            return start;
                        break;
                    }

                    to = at - 1;
                }

                var next = data[at..].IndexOfAny(delimiter, (byte)'\n');
                if (next < 0)
                {
                    if (!ended)
                        return start;
                    next = data.Length - at;
                }

                if (fieldKind == NoteRecordKind.Plain)
                {
                    to = at + next;
                    if (to > from && data[to - 1] == '\r' && (to == data.Length || data[to] == '\n'))
                        to--;
                }
                else if (next > 0 && !(next == 1 && data[at] == '\r'))
                    fault = true;

                at += next;
                if (field == TextColumn)
                {
                    textStart = from;
                    textEnd = to;
                    kind = fieldKind;
                }

                field++;
                if (at >= data.Length || data[at] == '\n')
                {
                    end = at;
                    at = Math.Min(at + 1, data.Length);
                    break;
                }

                at++;
            }

            if (end > start && data[end - 1] == '\r')
                end--;
            if (end == start)
                continue;
            if (fault)
                kind = NoteRecordKind.TextAfterQuote;
            else if (field < needed)
                kind = NoteRecordKind.TooFewFields;
            else if (field > columns)
                kind = NoteRecordKind.TooManyFields;
            chunk.Records.Add(new NoteRecord(start, end, textStart, textEnd, kind, field));
        }

        return at;
    }
}
