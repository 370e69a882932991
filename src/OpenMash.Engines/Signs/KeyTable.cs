using System.Numerics;
using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Signs;

/// <summary>From the key of a word to a range: open addressing, built once, read by many threads.</summary>
internal sealed class KeyTable
{
    private readonly ulong[] keys;
    private readonly int[] from;
    private readonly int[] counts;
    private readonly int shift;

    public KeyTable(int expected)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, expected * 2));
        keys = new ulong[size];
        from = new int[size];
        counts = new int[size];
        shift = 64 - BitOperations.Log2((uint)size);
    }

    public int Count { get; private set; }

    public void Add(ulong key, int start, int count)
    {
        var slot = (int)(SignScanner.Hash(key) >> shift);
        while (keys[slot] != 0)
            slot = (slot + 1) & (keys.Length - 1);
        keys[slot] = key;
        from[slot] = start;
        counts[slot] = count;
        Count++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ulong key, out int start, out int count)
    {
        var slot = (int)(SignScanner.Hash(key) >> shift);
        while (keys[slot] != 0)
        {
            if (keys[slot] == key)
            {
                start = from[slot];
                count = counts[slot];
                return true;
            }

            slot = (slot + 1) & (keys.Length - 1);
        }

        start = count = 0;
        return false;
    }
}
