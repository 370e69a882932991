using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>
/// Every distinct folded text once, numbered from 1 in order of first arrival (0 is "missing"), with how often it was seen in each role and the
/// keys derived from it. A table may lie over a frozen parent: then it only holds what the parent lacks, with numbers above the parent's.
/// </summary>
internal sealed class TextTable
{
    public const int MaxLength = 63;

    private readonly TextTable? _parent;
    private readonly int _base;
    private int[] _slots;
    private byte[] _bytes;
    private Entry[] _entries;
    private int _count;
    private int _used;
    private readonly bool _derive = true;

    public TextTable(int capacity = 1024, bool derive = true)
    {
        _derive = derive;
        _slots = new int[RoundUp(capacity * 2)];
        _bytes = new byte[capacity * 10];
        _entries = new Entry[capacity + 1];
    }

    public TextTable(TextTable parent)
        : this(16)
    {
        _parent = parent;
        _base = parent.Count;
    }

    /// <summary>The same texts under the same numbers, counted nowhere yet; the original may go on growing.</summary>
    public TextTable Clone()
    {
        var copy = new TextTable(16, _derive) { _slots = [.. _slots], _bytes = [.. _bytes], _entries = [.. _entries], _count = _count, _used = _used };
        foreach (ref var e in copy._entries.AsSpan())
            e.CountGiven = e.CountFamily = e.CountOther = 0;
        return copy;
    }

    /// <summary>Number of the last text, parent included.</summary>
    public int Count => _base + _count;

    internal int OwnBytes => _used;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Entry At(int id) => ref id <= _base && _parent is not null ? ref _parent.At(id) : ref _entries[id - _base];

    public ReadOnlySpan<byte> Bytes(int id)
    {
        if (_parent is not null && id <= _base)
            return _parent.Bytes(id);
        ref readonly var e = ref _entries[id - _base];
        return new ReadOnlySpan<byte>(_bytes, e.Offset, e.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Intern(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0)
            return 0;
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        var hash = Hash(text);
        if (_parent is not null && _parent.Find(text, hash) is var known and not 0)
            return known;
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            ref readonly var e = ref _entries[_slots[slot]];
            if (e.Hash == hash && new ReadOnlySpan<byte>(_bytes, e.Offset, e.Length).SequenceEqual(text))
                return _base + _slots[slot];
            slot = (slot + 1) & mask;
        }

        return _base + Add(text, hash, slot);
    }

    public int Find(ReadOnlySpan<byte> text) => text.Length == 0 ? 0 : Find(text.Length > MaxLength ? text[..MaxLength] : text, null);

    private int Find(ReadOnlySpan<byte> text, uint? knownHash)
    {
        var hash = knownHash ?? Hash(text);
        if (_parent is not null && _parent.Find(text, hash) is var known and not 0)
            return known;
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            ref readonly var e = ref _entries[_slots[slot]];
            if (e.Hash == hash && new ReadOnlySpan<byte>(_bytes, e.Offset, e.Length).SequenceEqual(text))
                return _base + _slots[slot];
            slot = (slot + 1) & mask;
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Add(ReadOnlySpan<byte> text, uint hash, int slot)
    {
        if (_used + text.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + text.Length));
        if (_count + 1 >= _entries.Length)
            Array.Resize(ref _entries, _entries.Length * 2);
        text.CopyTo(_bytes.AsSpan(_used));
        var id = ++_count;
        _entries[id] = new Entry
        {
            Offset = _used,
            Length = (byte)text.Length,
            Hash = hash,
        };
        if (_derive)
        {
            ref var e = ref _entries[id];
            e.Sound = Phonetics.Key(text);
            e.Nickname = Nicknames.Group(text);
            e.Letters = LetterMask(text);
            e.HasSpace = text.Contains((byte)' ');
        }


        _used += text.Length;
        _slots[slot] = id;
        if (_count * 2 > _slots.Length)
            Grow();
        return id;
    }

    private void Grow()
    {
        var slots = new int[_slots.Length * 2];
        var mask = slots.Length - 1;
        for (var id = 1; id <= _count; id++)
        {
            var slot = (int)_entries[id].Hash & mask;
            while (slots[slot] != 0)
                slot = (slot + 1) & mask;
            slots[slot] = id;
        }

        _slots = slots;
    }

    private static uint LetterMask(ReadOnlySpan<byte> text)
    {
        uint mask = 0;
        foreach (var c in text)
            mask |= 1u << (c & 31);
        return mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint Hash(ReadOnlySpan<byte> text)
    {
        // Not string.GetHashCode: the numbering must be the same in every run.
        var h = 0x9E3779B97F4A7C15UL ^ (ulong)text.Length;
        while (text.Length >= 8)
        {
            h = (h ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(text)) * 0xD6E8FEB86659FD93UL;
            h ^= h >> 32;
            text = text[8..];
        }

        ulong tail = 0;
        for (var i = 0; i < text.Length; i++)
            tail |= (ulong)text[i] << (8 * i);
        h = (h ^ tail) * 0xD6E8FEB86659FD93UL;
        h ^= h >> 32;
        h *= 0xD6E8FEB86659FD93UL;
        return (uint)(h >> 32);
    }

    internal static int RoundUp(int n) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(n, 16));

    public void Save(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_used);
        writer.Write(_bytes, 0, _used);
        for (var i = 1; i <= _count; i++)
        {
            ref readonly var e = ref _entries[i];
            writer.Write(e.Length);
            writer.Write(e.CountGiven);
            writer.Write(e.CountFamily);
            writer.Write(e.CountOther);
        }
    }

    public static TextTable Load(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        var used = reader.ReadInt32();
        if (count < 0 || used < 0)
            throw new InvalidDataException("The snapshot of the people index is damaged (text table).");
        var bytes = reader.ReadBytes(used);
        if (bytes.Length != used)
            throw new InvalidDataException("The snapshot of the people index ends too early (text table).");
        var table = new TextTable(count + 16);
        var offset = 0;
        for (var i = 1; i <= count; i++)
        {
            var length = reader.ReadByte();
            if (offset + length > used || table.Intern(bytes.AsSpan(offset, length)) != i)
                throw new InvalidDataException("The snapshot of the people index is damaged (text table).");
            offset += length;
            ref var e = ref table._entries[i];
            e.CountGiven = reader.ReadInt32();
            e.CountFamily = reader.ReadInt32();
            e.CountOther = reader.ReadInt32();
        }

        return table;
    }

    internal struct Entry
    {
        public int Offset;
        public uint Hash;
        public uint Sound;
        public uint Letters;
        public int Nickname;
        public int CountGiven;
        public int CountFamily;
        public int CountOther;
        public byte Length;
        public bool HasSpace;
    }
}
