using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace OpenMash.Engines.Links;

public sealed partial class LinksData
{
    private const int BlockSize = 1 << 21;

    /// <summary>
    /// Reads register marks, <c>person_id,date,session,code</c>, straight from bytes: blocks are taken apart on several threads and entered in the order of
    /// the file, so the outcome is the same however many there are. The file may hold every mark or absences alone. Without a session column a row stands for
    /// both halves of the day. Unknown codes, unknown people, bad dates and second marks for one session are reported with their lines and left out.
    /// </summary>
    /// <param name="stream">Comma-separated UTF-8 with a header.</param>
    /// <param name="columns">Own names of columns, or null.</param>
    /// <param name="codes">The code list, or null for the shipped one.</param>
    /// <param name="threads">How many threads may be used; 0 for as many as there are processors.</param>
    /// <param name="replace">True when these marks correct and add to those held (an update): a session already marked takes the new mark.</param>
    /// <exception cref="LinksInputException">The file has no header, or no person_id, date or code.</exception>
    public void ReadMarks(Stream stream, IReadOnlyDictionary<string, string>? columns = null, AttendanceCodes? codes = null, int threads = 0, bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var target = replace ? new Register(PeopleCount) : Register;
        var reader = new MarksFile(this, target, stream, codes ?? AttendanceCodes.Shipped);
        reader.Run(columns, threads <= 0 ? Environment.ProcessorCount : threads);
        if (replace) Overlay(target);
    }

    private void Overlay(Register fresh)
    {
        for (var d = 0; d < fresh.Days.Count; d++)
        {
            var page = Register.Page(fresh.Days[d]);
            var from = fresh.Pages[d];
            for (var i = 0; i < from.Length; i++)
            {
                var marks = from[i];
                if (marks == 0) continue;
                var kept = page[i];
                if ((marks & 15) != 0) kept = (byte)((kept & 0xF0) | (marks & 15));
                if ((marks >> 4) != 0) kept = (byte)((kept & 15) | (marks & 0xF0));
                page[i] = kept;
            }
        }
    }

    private sealed class MarksFile(LinksData data, Register register, Stream stream, AttendanceCodes codes)
    {
        private const int Blank = -2;
        private const int Bad = -1;
        private const int MostFields = 64;

        private readonly Lock _reading = new();
        private readonly object _turn = new();
        private readonly sbyte[] _role = new sbyte[MostFields];
        private byte[] _carry = [];
        private bool _ended;
        private int _nextBlock;
        private int _nextToEnter;
        private long _line;

        public void Run(IReadOnlyDictionary<string, string>? columns, int threads)
        {
            var (first, length) = ReadBlock(new byte[BlockSize], out _);
            CsvRows.RefuseUtf16(first.AsSpan(0, length), "absence");
            var headerEnd = first.AsSpan(0, length).IndexOf((byte)'\n');
            var headerText = Encoding.UTF8.GetString(first, 0, headerEnd < 0 ? length : headerEnd).TrimStart('\uFEFF').TrimEnd('\r');
            if (headerText.Length == 0) throw new LinksInputException("absence: the file is empty; a header row such as person_id,date,session,code is needed.");
            var names = headerText.Split(',').Select(NormalName).ToArray();
            if (names.Length > MostFields) throw new LinksInputException($"absence: more than {MostFields} columns; leave out what is not needed.");
            var found = Columns(names, "absence", columns, ["person_id", "date", "code"], ["session"]);
            Array.Fill(_role, (sbyte)-1);
            for (sbyte r = 0; r < 4; r++)
            {
                if (found[r] >= 0) _role[found[r]] = r;
            }

            _line = 2;
            var start = headerEnd < 0 ? length : headerEnd + 1;
            var block = new Block();
            Parse(block, first, start, length);
            Enter(block);
            if (threads == 1)
            {
                Work();
                return;
            }

            // Each worker takes the next block under a lock, parses it alone, then waits its turn to enter the marks.
            var workers = new Task[threads - 1];
            for (var t = 0; t < workers.Length; t++) workers[t] = Task.Run(Work);
            try
            {
                Work();
            }
            finally
            {
                WaitAll(workers);
            }
        }

        [SuppressMessage("Usage", "VSTHRD002", Justification = "A computation on the caller's own threads: nothing awaits it.")]
        private static void WaitAll(Task[] workers) => Task.WaitAll(workers);

        private void Work()
        {
            var buffer = new byte[BlockSize];
            var block = new Block();
            while (true)
            {
                int length;
                int number;
                lock (_reading)
                {
                    if (_ended) return;
                    (buffer, length) = ReadBlock(buffer, out var last);
                    _ended = last;
                    number = _nextBlock++;
                }

                Parse(block, buffer, 0, length);
                lock (_turn)
                {
                    while (_nextToEnter != number) Monitor.Wait(_turn);
                    Enter(block);
                    _nextToEnter++;
                    Monitor.PulseAll(_turn);
                }
            }
        }

        // A block ends at a line end; what is left over starts the next.
        private (byte[] Buffer, int Length) ReadBlock(byte[] buffer, out bool last)
        {
            last = false;
            while (_carry.Length > buffer.Length / 2) buffer = new byte[buffer.Length * 2];
            _carry.CopyTo(buffer, 0);
            var filled = _carry.Length;
            while (true)
            {
                while (filled < buffer.Length)
                {
                    var read = stream.Read(buffer, filled, buffer.Length - filled);
                    if (read == 0)
                    {
                        _carry = [];
                        last = true;
                        return (buffer, filled);
                    }

                    filled += read;
                }

                var end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n');
                if (end >= 0)
                {
                    _carry = buffer.AsSpan(end + 1, filled - end - 1).ToArray();
                    return (buffer, end + 1);
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Parse(Block block, byte[] buffer, int start, int length)
        {
            block.Rows = 0;
            block.Errors.Clear();
            if (buffer.AsSpan(start, length - start).Contains((byte)'"')) length = Unquote(buffer, start, length);
            Span<int> from = stackalloc int[4];
            Span<int> to = stackalloc int[4];
            from.Clear();
            to.Clear();
            var rows = new RowParser(data.Ids, codes, block, buffer);
            var field = 0;
            var fieldStart = start;
            var lineStart = start;
            ref var origin = ref MemoryMarshal.GetArrayDataReference(buffer);
            ref var role = ref MemoryMarshal.GetArrayDataReference(_role);
            var comma = Vector256.Create((byte)',');
            var newline = Vector256.Create((byte)'\n');
            var position = start;
            while (position < length)
            {
                uint mask;
                var remaining = length - position;
                if (remaining >= 32)
                {
                    var bytes = Vector256.LoadUnsafe(ref origin, (nuint)position);
                    mask = (Vector256.Equals(bytes, comma) | Vector256.Equals(bytes, newline)).ExtractMostSignificantBits();
                }
                else
                {
                    mask = 0;
                    for (var i = 0; i < remaining; i++)
                    {
                        if (buffer[position + i] is (byte)',' or (byte)'\n') mask |= 1u << i;
                    }
                }

                while (mask != 0)
                {
                    var at = position + BitOperations.TrailingZeroCount(mask);
                    mask &= mask - 1;
                    var r = Unsafe.Add(ref role, field);
                    if (r >= 0)
                    {
                        from[r] = fieldStart;
                        to[r] = at;
                    }

                    fieldStart = at + 1;
                    if (Unsafe.Add(ref origin, at) == (byte)'\n')
                    {
                        rows.Add(from, to, lineStart, at);
                        field = 0;
                        lineStart = fieldStart;
                        from.Clear();
                        to.Clear();
                    }
                    else if (field < MostFields - 1)
                    {
                        field++;
                    }
                }

                position += 32;
            }

            if (lineStart < length)
            {
                var r = _role[field];
                if (r >= 0)
                {
                    from[r] = fieldStart;
                    to[r] = length;
                }

                rows.Add(from, to, lineStart, length);
            }
        }

        // Quotes go; a comma inside them becomes a blank, since no field here may hold one. Lines stay lines.
        private static int Unquote(byte[] buffer, int start, int length)
        {
            var write = start;
            var quoted = false;
            for (var i = start; i < length; i++)
            {
                var b = buffer[i];
                if (b == '"') quoted = !quoted;
                else if (b == '\n')
                {
                    quoted = false;
                    buffer[write++] = b;
                }
                else buffer[write++] = quoted && b == ',' ? (byte)' ' : b;
            }

            return write;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Enter(Block block)
        {
            var people = block.People;
            var sessions = block.Sessions;
            var classes = block.Classes;
            for (var i = 0; i < block.Rows; i++)
            {
                var person = people[i];
                if (person < 0) continue;
                var session = sessions[i];
                var page = register.Page(session >> 2);
                var cls = classes[i];
                if (cls == 0) continue;
                var half = session & 3;
                var marks = page[person];
                if ((half & 1) != 0)
                {
                    if ((marks & 15) == 0) marks |= cls;
                    else Second(block, i, marks & 15, cls);
                }

                if ((half & 2) != 0)
                {
                    if (marks >> 4 == 0) marks |= (byte)(cls << 4);
                    else Second(block, i, marks >> 4, cls);
                }

                page[person] = marks;
            }

            if (block.Errors.Count > 0)
            {
                block.Errors.Sort((a, b) => a.Row.CompareTo(b.Row));
                foreach (var (row, kind, message) in block.Errors) data.Problems.Add("absence", _line + row, kind, message);
            }

            _line += block.Rows;
            data.MarkRows += block.Rows;
        }

        private void Second(Block block, int row, int held, int cls)
        {
            var who = data.PersonId(block.People[row]);
            var day = DateOnly.FromDayNumber(block.Sessions[row] >> 2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            if (held == cls) block.Errors.Add((row, "duplicate", $"a second mark for person {who} on {day}; counted once"));
            else block.Errors.Add((row, "conflict", $"a second, different mark for person {who} on {day}; the first is kept"));
        }

        private sealed class Block
        {
            public int Rows;
            public int[] People = new int[1 << 17];
            public int[] Sessions = new int[1 << 17];
            public byte[] Classes = new byte[1 << 17];

            public (ulong Head, ushort Tail, int Day)[] Dates { get; } = new (ulong, ushort, int)[1024];

            public List<(int Row, string Kind, string Message)> Errors { get; } = [];

            public void Grow()
            {
                Array.Resize(ref People, People.Length * 2);
                Array.Resize(ref Sessions, Sessions.Length * 2);
                Array.Resize(ref Classes, Classes.Length * 2);
            }
        }

        private ref struct RowParser(IdTable ids, AttendanceCodes codes, Block block, byte[] buffer)
        {
            private int _person = -1;
            private int _day;

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Add(scoped Span<int> from, scoped Span<int> to, int lineStart, int lineEnd)
            {
                var row = block.Rows;
                if (row == block.People.Length) block.Grow();
                block.Rows = row + 1;
                var lineLength = lineEnd - lineStart;
                if (lineLength == 0 || (lineLength == 1 && buffer[lineStart] == '\r'))
                {
                    block.People[row] = Blank;
                    return;
                }

                block.People[row] = Bad;
                var id = Trim(from[0], to[0]);
                if (_person < 0 || !ids[_person].SequenceEqual(id))
                {
                    if (_person >= 0 && _person + 1 < ids.Count && ids[_person + 1].SequenceEqual(id)) _person++;
                    else _person = ids.Find(id);
                    if (_person < 0)
                    {
                        block.Errors.Add((row, "nobody", id.Length == 0 ? "no person_id; row left out" : $"person '{Encoding.UTF8.GetString(id)}' is not in people; row left out"));
                        return;
                    }
                }

                var date = Trim(from[1], to[1]);
                if (date.Length == 10)
                {
                    // A year has few dates: what was read once is remembered.
                    var head = MemoryMarshal.Read<ulong>(date);
                    var tail = MemoryMarshal.Read<ushort>(date[8..]);
                    ref var entry = ref block.Dates[(int)((((head ^ ((ulong)tail << 40)) * 0x9E3779B97F4A7C15UL) >> 54) & 1023)];
                    if (entry.Head == head && entry.Tail == tail) _day = entry.Day;
                    else if (TryMarkDay(row, date)) entry = (head, tail, _day);
                    else return;
                }
                else if (!TryMarkDay(row, date))
                {
                    return;
                }

                var code = Trim(from[2], to[2]);
                if (!codes.TryClassify(code, out var cls))
                {
                    block.Errors.Add((row, "unknown-code", $"code '{Encoding.UTF8.GetString(code)}' is not a register code; row left out"));
                    return;
                }

                var half = 3;
                if (to[3] > 0)
                {
                    var session = Trim(from[3], to[3]);
                    half = Half(session);
                    if (half == 0)
                    {
                        block.Errors.Add((row, "bad-session", $"session '{Encoding.UTF8.GetString(session)}' is neither AM nor PM; row left out"));
                        return;
                    }
                }

                block.People[row] = _person;
                block.Sessions[row] = (_day << 2) | half;
                block.Classes[row] = (byte)cls;
            }

            private bool TryMarkDay(int row, ReadOnlySpan<byte> date)
            {
                if (!TryDay(date, out _day))
                {
                    block.Errors.Add((row, "bad-date", $"date '{Encoding.UTF8.GetString(date)}' is not a date (yyyy-mm-dd or dd/mm/yyyy); row left out"));
                    return false;
                }

                return true;
            }

            private static int Half(ReadOnlySpan<byte> session)
            {
                if (session.Length == 0) return 3;
                if (session.Length > 1 && (session[0] | 0x20) == 'a' && (session[1] | 0x20) == 'f') return 2;
                return (session[0] | 0x20) switch
                {
                    'a' or 'm' or ('1' | 0x20) => 1,
                    'p' or ('2' | 0x20) => 2,
                    'b' or 'd' or 'w' => 3,
                    _ => 0,
                };
            }

            private readonly ReadOnlySpan<byte> Trim(int start, int end)
            {
                while (end > start && buffer[end - 1] is (byte)'\r' or (byte)' ') end--;
                while (start < end && buffer[start] == (byte)' ') start++;
                return buffer.AsSpan(start, end - start);
            }
        }
    }
}
