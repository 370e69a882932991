using System.Runtime.CompilerServices;
using System.Text;

namespace OpenMash.Engines.Matching;

/// <summary>How a file of people is to be read.</summary>
public sealed record PeopleReadOptions
{
    /// <summary>Heading to role, where the usual headings are not used.</summary>
    public IReadOnlyDictionary<string, PeopleRole>? Map { get; init; }

    /// <summary>Heading of the identifier; recognised, or the row's number, when null.</summary>
    public string? IdHeading { get; init; }

    /// <summary>Threads to use; the table does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told the bytes read so far.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Most bytes of memory the table may come to hold; reading is refused beyond. 0 means no limit.</summary>
    public long MemoryLimit { get; init; }
}

/// <summary>Reads comma-, semicolon-, tab- or bar-separated files of people with a heading line, in UTF-8, UTF-16 with a mark, or Windows-1252.</summary>
public static class PeopleReader
{
    private const int ChunkBytes = 4 << 20;

    /// <summary>About how many bytes of memory one record needs through a whole run of matching, by measurement, rounded up.</summary>
    public const int BytesPerRecord = 700;

    /// <summary>Reads one file to be searched for duplicates.</summary>
    /// <exception cref="InvalidDataException">The file cannot be used; says why and what to do.</exception>
    public static PeopleTable Read(Stream csv, PeopleReadOptions? options = null)
    {
        var table = new PeopleTable();
        ReadInto(table, csv, options ?? new PeopleReadOptions());
        table.FirstFile = table.Count;
        return table;
    }

    /// <summary>Reads two files to be linked; only pairs across the two are compared.</summary>
    /// <exception cref="InvalidDataException">A file cannot be used; says why and what to do.</exception>
    public static PeopleTable Read(Stream left, Stream right, PeopleReadOptions? options = null, PeopleReadOptions? rightOptions = null)
    {
        var table = new PeopleTable { Linking = true };
        ReadInto(table, left, options ?? new PeopleReadOptions());
        table.FirstFile = table.Count;
        ReadInto(table, right, rightOptions ?? options ?? new PeopleReadOptions());
        return table;
    }

    private static void ReadInto(PeopleTable table, Stream csv, PeopleReadOptions options)
    {
        csv = Decoded(csv);
        var buffer = new byte[ChunkBytes];
        var filled = csv.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var (headings, delimiter, start) = Heading(buffer.AsSpan(0, filled));
        var roles = PeopleHeadings.Recognise(headings, options.Map, options.IdHeading);
        table.ColumnLists.Add([.. headings.Zip(roles)]);
        CheckEvidence(headings, roles);
        var places = new int[Enum.GetValues<PeopleRole>().Length];
        Array.Fill(places, -1);
        for (var i = 0; i < roles.Length; i++)
        {
            if (roles[i] != PeopleRole.None)
                places[(int)roles[i]] = i;
        }

        var length = csv.CanSeek ? csv.Length : 0;
        var monthFirst = MonthFirst(buffer.AsSpan(start, filled - start), places[(int)PeopleRole.Birth], delimiter);
        Reserve(table, buffer.AsSpan(start, filled - start), length, options);
        Chunks(table, csv, buffer, start, filled, options, chunk => chunk.Parse(places, headings.Length, delimiter, monthFirst));
        RefuseRepeatedIds(table, headings, roles);
    }

    private static void Chunks(PeopleTable table, Stream csv, byte[] buffer, int start, int filled, PeopleReadOptions options, Action<CsvChunk> parse)
    {
        var waiting = new Queue<(CsvChunk Chunk, Task Work)>();
        long line = 2 + CsvChunk.CountNewLines(buffer.AsSpan(0, start)) - 1;
        long read = filled;
        var at = start;
        var first = true;
        while (true)
        {
            var ended = filled < buffer.Length;
            var end = ended ? filled : LastRecordEnd(buffer, at, filled);
            if (end == at && !ended)
            {
                // One record longer than the buffer: read on into a larger one.
                if (buffer.Length > 64 << 20)
                    throw new InvalidDataException($"From line {line} on no end of a row is found within 64 MB: a quotation mark is probably never closed.");
                var larger = new byte[buffer.Length * 2];
                buffer.AsSpan(at, filled - at).CopyTo(larger);
                filled -= at;
                at = 0;
                var more = csv.ReadAtLeast(larger.AsSpan(filled), larger.Length - filled, throwOnEndOfStream: false);
                filled += more;
                read += more;
                buffer = larger;
                continue;
            }

            if (end > at)
            {
                var chunk = new CsvChunk { Buffer = first && at > 0 ? buffer[at..end] : buffer, Length = first && at > 0 ? end - at : end, FirstLine = line };
                line += CsvChunk.CountNewLines(buffer.AsSpan(at, end - at));
                var work = options.Threads <= 1 ? Run(parse, chunk) : Task.Run(() => parse(chunk));
                waiting.Enqueue((chunk, work));
            }

            options.Progress?.Report(read);
            if (ended)
                break;
            var next = new byte[ChunkBytes];
            buffer.AsSpan(end, filled - end).CopyTo(next);
            var carried = filled - end;
            var n = csv.ReadAtLeast(next.AsSpan(carried), next.Length - carried, throwOnEndOfStream: false);
            read += n;
            filled = carried + n;
            buffer = next;
            at = 0;
            first = false;
            while (waiting.Count > Math.Max(options.Threads, 1))
                Take(table, waiting.Dequeue(), options);
        }

        while (waiting.Count > 0)
            Take(table, waiting.Dequeue(), options);
    }

    private static Task Run(Action<CsvChunk> parse, CsvChunk chunk)
    {
        parse(chunk);
        return Task.CompletedTask;
    }

#pragma warning disable VSTHRD002 // Reading is a synchronous contract; the parsing of chunks is pure computation on the pool and waits for nobody.
    private static void Take(PeopleTable table, (CsvChunk Chunk, Task Work) next, PeopleReadOptions options)
    {
        next.Work.GetAwaiter().GetResult();
        Merge(table, next.Chunk, options);
    }
#pragma warning restore VSTHRD002

    /// <summary>Renumbers a chunk's texts into the table's. Chunks come in file order, so numbers do not depend on threads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge(PeopleTable table, CsvChunk chunk, PeopleReadOptions options)
    {
        foreach (var bad in chunk.Bad)
            table.Bad(bad.Line, bad.Message);
        var map = new int[chunk.Texts.Count + 1];
        for (var id = 1; id < map.Length; id++)
        {
            var global = table.Texts.Intern(chunk.Texts.Bytes(id));
            map[id] = global;
            ref readonly var from = ref chunk.Texts.At(id);
            ref var to = ref table.Texts.At(global);
            to.CountGiven += from.CountGiven;
            to.CountFamily += from.CountFamily;
            to.CountOther += from.CountOther;
        }

        table.Counts.AddTotals(chunk.Totals);
        var need = table.Count + chunk.Count;
        if (options.MemoryLimit > 0 && (long)need * BytesPerRecord > options.MemoryLimit)
            throw TooLarge(need, options.MemoryLimit);
        if (need > table.Rows.Length)
        {
            var rows = table.Rows;
            Array.Resize(ref rows, Math.Max(need, (int)Math.Min(rows.Length * 3L / 2, Array.MaxLength)));
            table.Rows = rows;
            var places = table.IdPlaces;
            Array.Resize(ref places, rows.Length);
            table.IdPlaces = places;
        }

        var pool = table.AddPool(chunk.Ids);
        for (var i = 0; i < chunk.Count; i++)
        {
            ref readonly var from = ref chunk.Rows[i];
            ref var to = ref table.Rows[table.Count + i];
            to = from;
            to.Given = map[from.Given];
            to.Middle = map[from.Middle];
            to.Family = map[from.Family];
            to.Street = map[from.Street];
            to.Town = map[from.Town];
            to.EmailLocal = map[from.EmailLocal];
            to.EmailDomain = map[from.EmailDomain];
            to.BirthPlace = map[from.BirthPlace];
            to.Occupation = map[from.Occupation];
            to.Derive(table.Texts);
            if (to.Birth != 0)
                table.Counts.AddBirth(to.Birth, 1);
            table.IdPlaces[table.Count + i] = ((long)pool << 40) | chunk.IdPlaces[i];
        }

        table.Count = need;
    }

    private static InvalidDataException TooLarge(long records, long limit) =>
        new($"The file holds {records:N0} records or more; matching them needs about {records * BytesPerRecord >> 20:N0} MB of memory and {limit >> 20:N0} MB may be used. "
            + "Use a machine with more memory, allow more (--memory), or split the file by year of birth.");

    private static void Reserve(PeopleTable table, ReadOnlySpan<byte> sample, long length, PeopleReadOptions options)
    {
        var lines = CsvChunk.CountNewLines(sample);
        if (length == 0 || lines == 0)
            return;
        var expected = (long)((double)length / sample.Length * lines * 1.02) + 64;
        if (options.MemoryLimit > 0 && (table.Count + expected) * BytesPerRecord > options.MemoryLimit * 11 / 10)
            throw TooLarge(table.Count + expected, options.MemoryLimit);
        var need = (int)Math.Min(table.Count + expected, Array.MaxLength / 2);
        if (need <= table.Rows.Length)
            return;
        var rows = table.Rows;
        Array.Resize(ref rows, need);
        table.Rows = rows;
        var places = table.IdPlaces;
        Array.Resize(ref places, need);
        table.IdPlaces = places;
    }

    /// <summary>End of the last whole record of the span: a line feed outside quotation marks.</summary>
    private static int LastRecordEnd(byte[] buffer, int at, int filled)
    {
        var span = buffer.AsSpan(at, filled - at);
        if (span.IndexOf((byte)'"') < 0)
        {
            var last = span.LastIndexOf((byte)'\n');
            return last < 0 ? at : at + last + 1;
        }

        var quoted = false;
        var end = at;
        for (var i = at; i < filled;)
        {
            var next = buffer.AsSpan(i, filled - i).IndexOfAny((byte)'"', (byte)'\n');
            if (next < 0)
                break;
            i += next;
            if (buffer[i] == (byte)'"')
                quoted = !quoted;
            else if (!quoted)
                end = i + 1;
            i++;
        }

        return end;
    }

    private static (string[] Headings, byte Delimiter, int Start) Heading(ReadOnlySpan<byte> bytes)
    {
        var mark = bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        bytes = bytes[mark..];
        var end = bytes.IndexOf((byte)'\n');
        if (bytes.IndexOf((byte)0) is >= 0 and < 4096)
            throw new InvalidDataException("The file is not text (it holds zero bytes). Save the table as CSV in UTF-8.");
        if (end < 0)
            throw new InvalidDataException("The file has no line of headings followed by rows.");
        var line = Encoding.UTF8.GetString(bytes[..end]).TrimEnd('\r').TrimStart('\uFEFF');
        var delimiter = ",;\t|".OrderByDescending(d => line.Count(c => c == d)).First();
        var headings = new List<string>();
        var quoted = false;
        var current = new StringBuilder();
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == delimiter && !quoted)
            {
                headings.Add(current.ToString().Trim());
                current.Clear();
            }
            else
            {
                current.Append(c);
            }
        }

        headings.Add(current.ToString().Trim());
        return ([.. headings], (byte)delimiter, mark + end + 1);
    }

    private static void CheckEvidence(string[] headings, PeopleRole[] roles)
    {
        var weight = 0;
        foreach (var role in roles.Distinct())
        {
            weight += role switch
            {
                PeopleRole.None or PeopleRole.Id or PeopleRole.Sex or PeopleRole.Line2 or PeopleRole.Number or PeopleRole.BirthMonth or PeopleRole.BirthDay or PeopleRole.Town => 0,
                PeopleRole.Full or PeopleRole.Nhs or PeopleRole.Upn or PeopleRole.Other or PeopleRole.Email => 2,
                _ => 1,
            };
        }

        if (weight >= 2)
            return;
        throw new InvalidDataException(
            $"The file's columns are {string.Join(", ", headings)}; of these {(weight == 0 ? "none" : "only one")} is known to describe a person. "
            + "Matching needs at least two of: given name, family name, date of birth, address, postcode, telephone, or one identifier such as an NHS number. "
            + "Say which columns they are with --map COLUMN=ROLE (for example --map pupil_surname=family).");
    }

    /// <summary>Dates written 03/25/2014 betray a month-first file; without such a date they are read day first, as in Britain.</summary>
    private static bool MonthFirst(ReadOnlySpan<byte> bytes, int column, byte delimiter)
    {
        if (column < 0)
            return false;
        int monthFirst = 0, dayFirst = 0, lines = 0;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            if (lines++ > 20000)
                break;
            var line = bytes[range];
            var field = 0;
            foreach (var part in line.Split(delimiter))
            {
                if (field++ != column)
                    continue;
                var f = line[part].Trim((byte)' ').Trim((byte)'"');
                if (f.Length >= 8 && f[2] is (byte)'/' or (byte)'-' or (byte)'.' && f.Length > 5 && f[5] == f[2])
                {
                    var a = ((f[0] - '0') * 10) + f[1] - '0';
                    var b = ((f[3] - '0') * 10) + f[4] - '0';
                    if (a is > 12 and <= 31 && b is >= 1 and <= 12)
                        dayFirst++;
                    else if (b is > 12 and <= 31 && a is >= 1 and <= 12)
                        monthFirst++;
                }

                break;
            }
        }

        return monthFirst > dayFirst * 10;
    }

    private static Stream Decoded(Stream csv)
    {
        if (!csv.CanSeek)
            return csv;
        Span<byte> mark = stackalloc byte[2];
        var start = csv.Position;
        var n = csv.ReadAtLeast(mark, 2, throwOnEndOfStream: false);
        csv.Position = start;
        if (n == 2 && ((mark[0] == 0xFF && mark[1] == 0xFE) || (mark[0] == 0xFE && mark[1] == 0xFF)))
            return Encoding.CreateTranscodingStream(csv, mark[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode, Encoding.UTF8, leaveOpen: true);
        return csv;
    }

    /// <summary>Leaves out rows whose identifier was used before in the same file and says so; refuses a column that is no identifier at all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RefuseRepeatedIds(PeopleTable table, string[] headings, PeopleRole[] roles)
    {
        var begin = table.Linking && table.FirstFile > 0 ? table.FirstFile : 0;
        var n = table.Count - begin;
        var slots = new int[TextTable.RoundUp((int)Math.Min(n * 2L, 1 << 30))];
        var mask = slots.Length - 1;
        var write = begin;
        var repeated = 0;
        for (var i = begin; i < table.Count; i++)
        {
            var id = table.IdBytes(i);
            var at = (int)TextTable.Hash(id) & mask;
            while (slots[at] != 0 && !table.IdBytes(slots[at] - 1).SequenceEqual(id))
                at = (at + 1) & mask;
            if (slots[at] != 0)
            {
                repeated++;
                table.Counts.Add(table.Rows[i], table.Texts, -1);
                table.Bad(0, $"The identifier \"{table.Id(i)}\" (record {i - begin + 1}) was used before; the later row is left out.");
                continue;
            }

            if (write != i)
            {
                table.Rows[write] = table.Rows[i];
                table.IdPlaces[write] = table.IdPlaces[i];
            }

            slots[at] = ++write;
        }

        if (n > 20 && repeated > n / 20)
        {
            var heading = headings[Array.IndexOf(roles, PeopleRole.Id)];
            throw new InvalidDataException(
                $"The column \"{heading}\" was taken for the identifier of a row, but {repeated:N0} of {n:N0} rows repeat an earlier value. Name the right column with --unique-id COLUMN.");
        }

        table.Count = write;
    }
}
