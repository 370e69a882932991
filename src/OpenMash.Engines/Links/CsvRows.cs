using System.Runtime.CompilerServices;
using System.Text;

namespace OpenMash.Engines.Links;

/// <summary>Reads comma-separated rows from a stream as bytes, one at a time, with the line number of each. Quoted fields may hold commas, doubled quotes and line ends.</summary>
internal sealed class CsvRows
{
    private readonly Stream _stream;
    private readonly string _file;
    private readonly List<(int Start, int Length)> _fields = [];
    private byte[] _buffer = new byte[1 << 18];
    private byte[] _unquoted = new byte[256];
    private byte[] _source;
    private int _position;
    private int _end;
    private bool _finished;
    private int _linesInRow;

    /// <exception cref="LinksInputException">The file is UTF-16.</exception>
    public CsvRows(Stream stream, string file)
    {
        _stream = stream;
        _file = file;
        _source = _buffer;
        Fill(0);
        RefuseUtf16(_buffer.AsSpan(0, _end), file);
        if (_end >= 3 && _buffer[0] == 0xEF && _buffer[1] == 0xBB && _buffer[2] == 0xBF) _position = 3;
    }

    public static void RefuseUtf16(ReadOnlySpan<byte> start, string file)
    {
        if (start.Length >= 2 && ((start[0] == 0xFF && start[1] == 0xFE) || (start[0] == 0xFE && start[1] == 0xFF)))
            throw new LinksInputException($"{file}: the file is UTF-16; save it as UTF-8 (in a spreadsheet: CSV UTF-8).");
    }

    /// <summary>Line number, from 1, on which the current row starts.</summary>
    public int Line { get; private set; }

    public int FieldCount => _fields.Count;

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_fields.Count) return default;
            var (start, length) = _fields[index];
            return _source.AsSpan(start, length);
        }
    }

    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>Moves to the next row that is not blank. False at the end.</summary>
    public bool Read()
    {
        while (true)
        {
            Line += Line == 0 ? 1 : _linesInRow;
            if (!Next()) return false;
            if (_fields.Count > 1 || this[0].Length > 0) return true;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Next()
    {
        _linesInRow = 1;
        _fields.Clear();
        var scan = _position;
        var quoted = false;
        var sawQuote = false;
        while (true)
        {
            if (scan >= _end)
            {
                if (_finished)
                {
                    if (_position >= _end) return false;
                    RefuseUnclosed(quoted);
                    break;
                }

                var used = scan - _position;
                Fill(_position);
                scan = _position + used;
                if (scan >= _end && _finished)
                {
                    if (_position >= _end) return false;
                    RefuseUnclosed(quoted);
                    break;
                }

                continue;
            }

            // To the next line end or quotation mark at once.
            var step = _buffer.AsSpan(scan, _end - scan).IndexOfAny((byte)'\n', (byte)'"');
            if (step < 0)
            {
                scan = _end;
                continue;
            }

            scan += step;
            if (_buffer[scan] == '"')
            {
                quoted = !quoted;
                sawQuote = true;
            }
            else
            {
                if (!quoted) break;
                _linesInRow++;
            }

            scan++;
        }

        var rowEnd = scan;
        var next = scan < _end ? scan + 1 : scan;
        if (rowEnd > _position && _buffer[rowEnd - 1] == '\r') rowEnd--;
        if (sawQuote) SplitQuoted(_position, rowEnd);
        else Split(_position, rowEnd);
        _position = next;
        return true;
    }

    // It would swallow every row that follows.
    private void RefuseUnclosed(bool quoted)
    {
        if (quoted) throw new LinksInputException($"{_file}, line {Line}: a quotation mark is opened in this row and never closed; close it or take it out. Nothing was read.");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Split(int start, int end)
    {
        _source = _buffer;
        while (true)
        {
            var comma = _buffer.AsSpan(start, end - start).IndexOf((byte)',');
            if (comma < 0) break;
            Add(start, start + comma);
            start += comma + 1;
        }

        Add(start, end);
    }

    private void Add(int start, int end)
    {
        while (start < end && _source[start] is (byte)' ' or (byte)'\t') start++;
        while (end > start && _source[end - 1] is (byte)' ' or (byte)'\t') end--;
        _fields.Add((start, end - start));
    }

    private void SplitQuoted(int start, int end)
    {
        if (_unquoted.Length < end - start) _unquoted = new byte[(end - start) * 2];
        _source = _unquoted;
        var write = 0;
        var fieldStart = 0;
        var quoted = false;
        for (var i = start; i < end; i++)
        {
            var b = _buffer[i];
            if (b == '"')
            {
                if (quoted && i + 1 < end && _buffer[i + 1] == '"')
                {
                    _unquoted[write++] = b;
                    i++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (b == ',' && !quoted)
            {
                Add(fieldStart, write);
                fieldStart = write;
            }
            else
            {
                _unquoted[write++] = b;
            }
        }

        Add(fieldStart, write);
    }

    private void Fill(int keepFrom)
    {
        var kept = _end - keepFrom;
        if (keepFrom > 0) Buffer.BlockCopy(_buffer, keepFrom, _buffer, 0, kept);
        else if (kept == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        _position = 0;
        _end = kept;
        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        if (read == 0) _finished = true;
        _end += read;
    }
}
