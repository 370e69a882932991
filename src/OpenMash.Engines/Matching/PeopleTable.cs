namespace OpenMash.Engines.Matching;

/// <summary>A row of a file that could not be taken, or was taken with a reservation.</summary>
/// <param name="Line">Line of the file where the row begins, counted from 1, heading included.</param>
/// <param name="Message">What is wrong and what was done.</param>
public sealed record BadRow(long Line, string Message);

/// <summary>The people of one or two files, interned and packed, ready to be matched.</summary>
public sealed class PeopleTable
{
    private readonly List<byte[]> _idPools = [];

    internal PeopleTable(TextTable? texts = null)
    {
        Texts = texts ?? new TextTable(4096);
        Counts = new Counts(100);
    }

    /// <summary>Records taken.</summary>
    public int Count { get; internal set; }

    /// <summary>Records of the first file; those of the second follow. Equal to <see cref="Count"/> when there is one file.</summary>
    public int FirstFile { get; internal set; }

    /// <summary>True when two files are linked rather than one searched for duplicates.</summary>
    public bool Linking { get; internal set; }

    /// <summary>Rows refused or taken with a reservation; at most a thousand are kept, <see cref="BadRowCount"/> counts all.</summary>
    public IReadOnlyList<BadRow> BadRows => BadRowList;

    /// <summary>Number of bad rows.</summary>
    public long BadRowCount { get; internal set; }

    /// <summary>Headings and the roles they were given, file by file.</summary>
    public IReadOnlyList<IReadOnlyList<(string Heading, PeopleRole Role)>> Columns => ColumnLists;

    internal List<BadRow> BadRowList { get; } = [];

    internal List<IReadOnlyList<(string Heading, PeopleRole Role)>> ColumnLists { get; } = [];

    internal TextTable Texts { get; }

    internal Counts Counts { get; }

    internal PersonRow[] Rows { get; set; } = [];

    internal long[] IdPlaces { get; set; } = [];

    internal int AddPool(byte[] pool)
    {
        _idPools.Add(pool);
        return _idPools.Count - 1;
    }

    /// <summary>Gives the records their identifiers, in order.</summary>
    internal void Name(ReadOnlySpan<string> ids)
    {
        using var pool = new MemoryStream();
        IdPlaces = new long[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(ids[i]);
            // Places keep lengths up to 255; a longer identifier serves as a tie-break by its beginning.
            var length = Math.Min(bytes.Length, 255);
            IdPlaces[i] = (pool.Position << 8) | (long)length;
            pool.Write(bytes, 0, length);
        }

        AddPool(pool.ToArray());
    }

    /// <summary>The identifier of a record as the file has it, in UTF-8.</summary>
    public ReadOnlySpan<byte> IdUtf8(int record) => IdBytes(record);

    internal ReadOnlySpan<byte> IdBytes(int record)
    {
        var place = IdPlaces[record];
        return _idPools[(int)(place >> 40)].AsSpan((int)(place >> 8 & 0xFFFFFFFF), (int)(place & 0xFF));
    }

    /// <summary>The identifier of a record as written.</summary>
    public string Id(int record) => System.Text.Encoding.UTF8.GetString(IdBytes(record));

    internal void Bad(long line, string message)
    {
        BadRowCount++;
        if (BadRowList.Count < 1000)
            BadRowList.Add(new BadRow(line, message));
    }
}
