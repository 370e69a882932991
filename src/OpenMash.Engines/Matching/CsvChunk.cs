using System.Runtime.CompilerServices;
using System.Text;

namespace OpenMash.Engines.Matching;

/// <summary>One stretch of a file of people, parsed apart from the others into rows whose texts are numbered in a table of its own.</summary>
internal sealed class CsvChunk
{
    public required byte[] Buffer { get; init; }

    public required int Length { get; init; }

    /// <summary>Line of the file at which the chunk begins.</summary>
    public required long FirstLine { get; init; }

    public PersonRow[] Rows { get; private set; } = [];

    public int Count { get; private set; }

    public TextTable Texts { get; } = new(4096, derive: false);

    public int[] Totals { get; } = new int[Levels.Count];

    public List<BadRow> Bad { get; } = [];

    public byte[] Ids { get; private set; } = [];

    /// <summary>Offset and length of each row's identifier in <see cref="Ids"/>: offset * 256 + length.</summary>
    public long[] IdPlaces { get; private set; } = [];

    private int _idsUsed;

    public static int CountNewLines(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n');

    /// <summary>Parses the chunk. <paramref name="places"/> gives, by role, the column or -1.</summary>
    public void Parse(int[] places, int columns, byte delimiter, bool monthFirst)
    {
        var parser = new Parser(this, places, columns, delimiter, monthFirst);
        parser.Run();
    }

    private sealed class Parser(CsvChunk chunk, int[] places, int columns, byte delimiter, bool monthFirst)
    {
        private readonly RowBuilder _builder = new(chunk.Texts);
        private readonly ValueCache _given = new();
        private readonly ValueCache _family = new();
        private readonly ValueCache _full = new();
        private readonly ValueCache _middle = new();
        private readonly ValueCache _town = new();
        private readonly ValueCache _street = new();
        private readonly ValueCache _birthPlace = new();
        private readonly ValueCache _occupation = new();
        private readonly ValueCache _domain = new();
        private readonly int[] _starts = new int[columns];
        private readonly int[] _lengths = new int[columns];
        private readonly bool[] _escaped = new bool[columns];
        private readonly char[] _chars = new char[1024];
        private readonly char[] _chars2 = new char[1024];
        private readonly byte[] _plain = new byte[4096];
        private byte[] _buffer = chunk.Buffer;
        private bool _notUtf8;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run()
        {
            _buffer = chunk.Buffer;
            var expected = Math.Max(CountNewLines(_buffer.AsSpan(0, chunk.Length)) + 1, 1);
            chunk.Rows = new PersonRow[expected];
            chunk.IdPlaces = new long[expected];
            chunk.Ids = new byte[expected * 8];
            var at = 0;
            var line = chunk.FirstLine;
            while (at < chunk.Length)
            {
                var begin = line;
                var fields = Split(ref at, ref line);
                if (fields == 0)
                    continue;
                if (fields != columns)
                {
                    chunk.Bad.Add(new BadRow(begin, $"{fields} fields where the heading has {columns}; row left out."));
                    continue;
                }

                _notUtf8 = false;
                Row(begin);
                if (_notUtf8)
                    chunk.Bad.Add(new BadRow(begin, "Not UTF-8: read as Windows-1252 (Western European). Save the file as UTF-8 if names look wrong."));
            }
        }

        /// <summary>Cuts one record into fields; returns how many, 0 for an empty line.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private int Split(ref int at, ref long line)
        {
            var buffer = _buffer.AsSpan(0, chunk.Length);
            var field = 0;
            if (buffer[at] == (byte)'\n' || (buffer[at] == (byte)'\r' && at + 1 < buffer.Length && buffer[at + 1] == (byte)'\n'))
            {
                at += buffer[at] == (byte)'\n' ? 1 : 2;
                line++;
                return 0;
            }

            while (true)
            {
                while (at < buffer.Length && buffer[at] == (byte)' ')
                    at++;
                int start, length;
                var escaped = false;
                if (at < buffer.Length && buffer[at] == (byte)'"')
                {
                    start = ++at;
                    while (true)
                    {
                        var quote = buffer[at..].IndexOf((byte)'"');
                        if (quote < 0)
                        {
                            line += CountNewLines(buffer[at..]);
                            at = buffer.Length;
                            length = at - start;
                            break;
                        }

                        line += CountNewLines(buffer.Slice(at, quote));
                        at += quote + 1;
                        if (at < buffer.Length && buffer[at] == (byte)'"')
                        {
                            escaped = true;
                            at++;
                            continue;
                        }

                        length = at - 1 - start;
                        break;
                    }

                    var rest = buffer[at..].IndexOfAny(delimiter, (byte)'\n');
                    at = rest < 0 ? buffer.Length : at + rest;
                }
                else
                {
                    start = at;
                    var end = buffer[at..].IndexOfAny(delimiter, (byte)'\n');
                    at = end < 0 ? buffer.Length : at + end;
                    length = at - start;
                    while (length > 0 && buffer[start + length - 1] is (byte)' ' or (byte)'\r' or (byte)'\t')
                        length--;
                }

                if (field < _starts.Length)
                {
                    _starts[field] = start;
                    _lengths[field] = length;
                    _escaped[field] = escaped;
                }

                field++;
                if (at >= buffer.Length)
                    return field;
                var last = buffer[at++];
                if (last == (byte)'\n')
                {
                    line++;
                    return field;
                }

                if (at >= buffer.Length)
                {
                    // The file ends with a delimiter: one more, empty field.
                    if (field < _starts.Length)
                        (_starts[field], _lengths[field], _escaped[field]) = (at, 0, false);
                    return field + 1;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private ReadOnlySpan<byte> Field(PeopleRole role)
        {
            var column = places[(int)role];
            if (column < 0)
                return default;
            var bytes = _buffer.AsSpan(_starts[column], _lengths[column]);
            if (!_escaped[column])
                return bytes;
            var n = 0;
            for (var i = 0; i < bytes.Length && n < _plain.Length; i++)
            {
                _plain[n++] = bytes[i];
                if (bytes[i] == (byte)'"')
                    i++;
            }

            return _plain.AsSpan(0, n);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private ReadOnlySpan<char> Chars(ReadOnlySpan<byte> bytes, char[]? into = null)
        {
            into ??= _chars;
            if (bytes.Length > 512)
                bytes = bytes[..512];
            if (Ascii.ToUtf16(bytes, into, out var written) == System.Buffers.OperationStatus.Done)
                return into.AsSpan(0, written);
            if (System.Text.Unicode.Utf8.ToUtf16(bytes, into, out _, out written, replaceInvalidSequences: false) is System.Buffers.OperationStatus.Done or System.Buffers.OperationStatus.NeedMoreData)
                return into.AsSpan(0, written);
            _notUtf8 = true;
            for (var i = 0; i < bytes.Length; i++)
                into[i] = Windows1252(bytes[i]);
            return into.AsSpan(0, bytes.Length);
        }

        private static char Windows1252(byte b) => b switch { 0x8A => 'Š', 0x8C => 'Œ', 0x8E => 'Ž', 0x92 => '’', 0x9A => 'š', 0x9C => 'œ', 0x9E => 'ž', 0x9F => 'Ÿ', _ => (char)b };

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Row(long line)
        {
            ref var r = ref chunk.Rows[chunk.Count];
            r = default;
            if (!Id(line))
                return;
            Names(ref r);
            Birth(ref r);
            var f = Field(PeopleRole.Sex);
            if (f.Length > 0)
                r.Sex = RowBuilder.Sex(Chars(f));
            Address(ref r);
            r.Town = Cached(_town, Field(PeopleRole.Town));
            f = Field(PeopleRole.Postcode);
            if (f.Length > 0)
                r.Postcode = RowBuilder.Postcode(Chars(f));
            f = Field(PeopleRole.Phone);
            if (f.Length > 0)
                r.Phone = RowBuilder.Phone(Chars(f));
            Email(ref r);
            f = Field(PeopleRole.Nhs);
            if (f.Length > 0)
                r.Nhs = RowBuilder.Nhs(Chars(f));
            f = Field(PeopleRole.Upn);
            if (f.Length > 0)
                r.Upn = RowBuilder.Identifier(Chars(f));
            f = Field(PeopleRole.Other);
            if (f.Length > 0)
                r.Other = RowBuilder.Identifier(Chars(f));
            r.BirthPlace = Cached(_birthPlace, Field(PeopleRole.BirthPlace));
            r.Occupation = Cached(_occupation, Field(PeopleRole.Occupation));
            Tally(r);
            chunk.Count++;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private bool Id(long line)
        {
            var f = Field(PeopleRole.Id);
            if (places[(int)PeopleRole.Id] < 0)
            {
                _ = System.Buffers.Text.Utf8Formatter.TryFormat(line - 1, _plain, out var written);
                f = _plain.AsSpan(0, written);
            }

            if (f.Length is 0 or > 255)
            {
                chunk.Bad.Add(new BadRow(line, f.Length == 0 ? "No identifier; row left out." : "The identifier is longer than 255 bytes; row left out."));
                return false;
            }

            if (chunk._idsUsed + f.Length > chunk.Ids.Length)
            {
                var larger = new byte[(chunk.Ids.Length * 2) + f.Length];
                chunk.Ids.AsSpan(0, chunk._idsUsed).CopyTo(larger);
                chunk.Ids = larger;
            }

            f.CopyTo(chunk.Ids.AsSpan(chunk._idsUsed));
            chunk.IdPlaces[chunk.Count] = ((long)chunk._idsUsed << 8) | (long)f.Length;
            chunk._idsUsed += f.Length;
            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Names(ref PersonRow r)
        {
            var full = Field(PeopleRole.Full);
            var given = Field(PeopleRole.Given);
            var family = Field(PeopleRole.Family);
            if (full.Length > 0)
            {
                if (given.Length == 0 && family.Length == 0)
                {
                    if (!_full.TryGet(full, out var cached))
                    {
                        var (g, m, s) = _builder.Name(default, default, default, Chars(full));
                        cached = new Cached3(g, m, s);
                        _full.Add(full, cached);
                    }

                    (r.Given, r.Middle, r.Family) = (cached.A, cached.B, cached.C);
                    return;
                }

                var fullChars = Chars(full, _chars2);
                var givenText = Chars(given).ToString();
                var familyText = Chars(family).ToString();
                (r.Given, r.Middle, r.Family) = _builder.Name(givenText, default, familyText, fullChars);
                return;
            }

            var rest = 0;
            if (given.Length > 0)
            {
                if (!_given.TryGet(given, out var cached))
                {
                    var plain = _builder.PlainWord(given);
                    var (g, m, _) = plain >= 0 ? (plain, 0, 0) : _builder.Name(Chars(given), default, default, default);
                    cached = new Cached3(g, m, 0);
                    _given.Add(given, cached);
                }

                (r.Given, rest) = (cached.A, cached.B);
            }

            if (family.Length > 0)
            {
                if (!_family.TryGet(family, out var cached))
                {
                    var plain = _builder.PlainWord(family);
                    var (_, _, s) = plain >= 0 ? (0, 0, plain) : _builder.Name(default, default, Chars(family), default);
                    cached = new Cached3(s, 0, 0);
                    _family.Add(family, cached);
                }

                r.Family = cached.A;
            }

            r.Middle = Cached(_middle, Field(PeopleRole.Middle));
            if (r.Middle == 0)
                r.Middle = rest;
            else if (rest != 0)
                r.Middle = chunk.Texts.Intern([.. chunk.Texts.Bytes(rest), (byte)' ', .. chunk.Texts.Bytes(r.Middle)]);
        }

        private int Cached(ValueCache cache, ReadOnlySpan<byte> f)
        {
            if (f.Length == 0)
                return 0;
            if (!cache.TryGet(f, out var cached))
            {
                cached = new Cached3(_builder.Text(Chars(f)), 0, 0);
                cache.Add(f, cached);
            }

            return cached.A;
        }

        private void Birth(ref PersonRow r)
        {
            var f = Field(PeopleRole.Birth);
            if (f.Length == 10 && f[4] == (byte)'-' && f[7] == (byte)'-' && TryDigits(f, out var iso))
            {
                r.Birth = iso;
                return;
            }

            if (f.Length > 0)
                r.Birth = RowBuilder.Birth(Chars(f), monthFirst);
            else if (places[(int)PeopleRole.BirthYear] >= 0)
                r.Birth = RowBuilder.Birth(Number(PeopleRole.BirthYear), Number(PeopleRole.BirthMonth), Number(PeopleRole.BirthDay));
        }

        private int Number(PeopleRole role)
        {
            var f = Field(role);
            return System.Buffers.Text.Utf8Parser.TryParse(f, out int value, out _) && value >= 0 ? value : 0;
        }

        private static bool TryDigits(ReadOnlySpan<byte> f, out int value)
        {
            value = 0;
            for (var i = 0; i < 10; i++)
            {
                if (i is 4 or 7)
                    continue;
                var d = f[i] - '0';
                if ((uint)d > 9)
                    return false;
                value = (value * 10) + d;
            }

            return value is >= 10000000 and < 23000000;
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Address(ref PersonRow r)
        {
            var line = Field(PeopleRole.Line);
            var line2 = Field(PeopleRole.Line2);
            if (line2.Length > 0 && line2[0] is >= (byte)'0' and <= (byte)'9' && !line.ContainsAnyInRange((byte)'0', (byte)'9') && Field(PeopleRole.Number).Length == 0)
                line = line2;
            if (line.Length == 0)
                return;
            var number = Field(PeopleRole.Number);
            if (number.Length == 0)
            {
                // "14 High Street": the number is peeled off so that streets repeat and are parsed once.
                var space = line.IndexOf((byte)' ');
                if (space is > 0 and <= 5 && line[0] is >= (byte)'0' and <= (byte)'9' && !line[space..].ContainsAnyInRange((byte)'0', (byte)'9')
                    && line[..space].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
                {
                    number = line[..space];
                    line = line[(space + 1)..];
                }
            }

            if (!_street.TryGet(line, out var cached))
            {
                var (s, n, flat) = _builder.Address(Chars(line));
                cached = new Cached3(s, n, flat);
                if (n == 0)
                    _street.Add(line, cached);
            }

            (r.Street, r.Number, r.Flat) = (cached.A, cached.B, cached.C);
            if (number.Length > 0)
            {
                var own = RowBuilder.HouseNumber(Chars(number));
                if (r.Number != 0 && r.Flat == 0)
                    r.Flat = r.Number;
                if (own != 0)
                    r.Number = own;
            }
        }

        private void Email(ref PersonRow r)
        {
            var f = Field(PeopleRole.Email);
            if (f.Length == 0)
                return;
            var at = f.LastIndexOf((byte)'@');
            if (at <= 0)
            {
                r.EmailLocal = _builder.Text(Chars(f));
                return;
            }

            r.EmailLocal = _builder.Text(Chars(f[..at]));
            r.EmailDomain = Cached(_domain, f[(at + 1)..]);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Tally(in PersonRow r)
        {
            var t = chunk.Texts;
            var totals = chunk.Totals;
            if (r.Given != 0)
            {
                t.At(r.Given).CountGiven++;
                totals[Levels.Given]++;
            }

            if (r.Family != 0)
            {
                t.At(r.Family).CountFamily++;
                totals[Levels.Family]++;
            }

            if (r.Middle != 0)
            {
                t.At(r.Middle).CountOther++;
                totals[Levels.Middle]++;
            }

            if (r.Town != 0)
            {
                t.At(r.Town).CountOther++;
                totals[Levels.Home]++;
            }

            if (r.BirthPlace != 0)
            {
                t.At(r.BirthPlace).CountOther++;
                totals[Levels.BirthPlace]++;
            }

            if (r.Occupation != 0)
            {
                t.At(r.Occupation).CountOther++;
                totals[Levels.Occupation]++;
            }
        }
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)]
    private readonly record struct Cached3(int A, int B, int C);

    /// <summary>What a raw value of a column came to, so that a name is folded once a chunk and not once a row.</summary>
    private sealed class ValueCache
    {
        private const int Limit = 1 << 16;
        private (uint Hash, int Offset, int Length, Cached3 Value)[] _slots = new (uint, int, int, Cached3)[512];
        private byte[] _bytes = new byte[1 << 12];
        private int _used;
        private int _count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool TryGet(ReadOnlySpan<byte> raw, out Cached3 value)
        {
            var hash = TextTable.Hash(raw) | 1;
            var mask = _slots.Length - 1;
            var i = (int)(hash >> 1) & mask;
            while (_slots[i].Hash != 0)
            {
                ref readonly var s = ref _slots[i];
                if (s.Hash == hash && new ReadOnlySpan<byte>(_bytes, s.Offset, s.Length).SequenceEqual(raw))
                {
                    value = s.Value;
                    return true;
                }

                i = (i + 1) & mask;
            }

            value = default;
            return false;
        }

        public void Add(ReadOnlySpan<byte> raw, Cached3 value)
        {
            if (_count >= Limit)
                return;
            if (++_count * 2 > _slots.Length)
                Grow();
            if (_used + raw.Length > _bytes.Length)
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + raw.Length));
            raw.CopyTo(_bytes.AsSpan(_used));
            Place(_slots, (TextTable.Hash(raw) | 1, _used, raw.Length, value));
            _used += raw.Length;
        }

        private void Grow()
        {
            var larger = new (uint, int, int, Cached3)[_slots.Length * 2];
            foreach (var s in _slots)
            {
                if (s.Hash != 0)
                    Place(larger, s);
            }

            _slots = larger;
        }

        private static void Place((uint Hash, int Offset, int Length, Cached3 Value)[] slots, (uint Hash, int Offset, int Length, Cached3 Value) entry)
        {
            var mask = slots.Length - 1;
            var i = (int)(entry.Hash >> 1) & mask;
            while (slots[i].Hash != 0)
                i = (i + 1) & mask;
            slots[i] = entry;
        }
    }
}
