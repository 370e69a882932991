using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace OpenMash.Engines.Links;

/// <summary>Identifiers as bytes, numbered from 0 in order of arrival. Reading is safe from several threads once filling has ended.</summary>
internal sealed class IdTable
{
    private byte[] _bytes = new byte[1 << 12];
    private int[] _starts = new int[1 << 9];
    private int[] _slots = new int[1 << 10];
    private uint[] _hashes = new uint[1 << 10];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_starts[index], _starts[index + 1] - _starts[index]);

    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>The number of an identifier, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(ReadOnlySpan<byte> id)
    {
        var hash = Hash(id);
        var mask = _slots.Length - 1;
        for (var i = (int)hash & mask; ; i = (i + 1) & mask)
        {
            var entry = _slots[i];
            if (entry == 0) return -1;
            if (_hashes[i] == hash && this[entry - 1].SequenceEqual(id)) return entry - 1;
        }
    }

    /// <summary>The number of an identifier, added if new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(ReadOnlySpan<byte> id, out bool added)
    {
        var hash = Hash(id);
        var mask = _slots.Length - 1;
        var i = (int)hash & mask;
        for (; ; i = (i + 1) & mask)
        {
            var entry = _slots[i];
            if (entry == 0) break;
            if (_hashes[i] == hash && this[entry - 1].SequenceEqual(id))
            {
                added = false;
                return entry - 1;
            }
        }

        added = true;
        var start = _starts[Count];
        while (start + id.Length > _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        if (Count + 2 > _starts.Length) Array.Resize(ref _starts, _starts.Length * 2);
        id.CopyTo(_bytes.AsSpan(start));
        _starts[Count + 1] = start + id.Length;
        _slots[i] = ++Count;
        _hashes[i] = hash;
        if (Count * 2 > _slots.Length) Grow();
        return Count - 1;
    }

    private void Grow()
    {
        var slots = _slots;
        var hashes = _hashes;
        _slots = new int[slots.Length * 2];
        _hashes = new uint[slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var k = 0; k < slots.Length; k++)
        {
            if (slots[k] == 0) continue;
            var i = (int)hashes[k] & mask;
            while (_slots[i] != 0) i = (i + 1) & mask;
            _slots[i] = slots[k];
            _hashes[i] = hashes[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Hash(ReadOnlySpan<byte> id)
    {
        var h = 0x9E3779B97F4A7C15UL ^ (ulong)id.Length;
        while (id.Length >= 8)
        {
            h = (h ^ BinaryPrimitives.ReadUInt64LittleEndian(id)) * 0xD6E8FEB86659FD93UL;
            h ^= h >> 32;
            id = id[8..];
        }

        var tail = 0UL;
        for (var i = 0; i < id.Length; i++) tail |= (ulong)id[i] << (8 * i);
        h = (h ^ tail) * 0xD6E8FEB86659FD93UL;
        h ^= h >> 32;
        h *= 0xD6E8FEB86659FD93UL;
        return (uint)(h >> 32);
    }
}
