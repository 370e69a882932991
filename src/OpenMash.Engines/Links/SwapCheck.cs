using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Links;

/// <summary>
/// A check of a reported group that does not lean on the day factors being right: every member's onsets are dealt out again over the days of its own school and
/// year group in that shape, in proportion to the onsets really seen there, own number kept, and the group is weighed again.
/// </summary>
internal static class SwapCheck
{
    public static double Share(LinkModel model, GroupEvidence evidence, int[] members, int draws, ulong seed)
    {
        var observed = evidence.Evaluate(members);
        var m = members.Length;
        var slots = new int[m][];
        var nlps = new float[m][];
        var profile = new double[m][];
        for (var i = 0; i < m; i++) profile[i] = Profile(model, members[i]);
        var state = seed;
        foreach (var person in members) state = Mix(state ^ ((ulong)person + 0x9E3779B97F4A7C15UL));
        var asWell = 0;
        for (var d = 0; d < draws; d++)
        {
            for (var i = 0; i < m; i++) Deal(model, members[i], profile[i], ref state, out slots[i], out nlps[i]);
            if (evidence.Evaluate(members, slots, nlps, false) >= observed) asWell++;
        }

        return (asWell + 1.0) / (draws + 1);
    }

    // Cumulative weights of the slots, one run for each stream.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Profile(LinkModel model, int person)
    {
        var sums = new double[model.Slots];
        var running = new double[LinkModel.Streams];
        var stratum = model.Stratum[person];
        for (var s = 0; s < model.Slots; s++)
        {
            var stream = LinkModel.StreamOf(s, model.AbsenceSlots);
            running[stream] += model.CellFactor(stratum, s);
            sums[s] = running[stream];
        }

        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Deal(LinkModel model, int person, double[] sums, ref ulong state, out int[] slots, out float[] nlps)
    {
        var start = model.PersonStart[person];
        var count = model.PersonStart[person + 1] - start;
        var dealt = new int[count];
        var n = 0;
        for (var k = 0; k < count; k++)
        {
            var stream = LinkModel.StreamOf(model.IncidentSlot[start + k], model.AbsenceSlots);
            for (var attempt = 0; attempt < 8; attempt++)
            {
                var slot = Draw(model, sums, stream, ref state);
                if (dealt.AsSpan(0, n).Contains(slot)) continue;
                dealt[n++] = slot;
                break;
            }
        }

        Array.Sort(dealt, 0, n);
        slots = n == count ? dealt : dealt[..n];
        nlps = new float[slots.Length];
        for (var k = 0; k < slots.Length; k++) nlps[k] = (float)-Math.Log(Math.Max(1e-4, model.Chance(person, slots[k])));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Draw(LinkModel model, double[] sums, int stream, ref ulong state)
    {
        state = Mix(state + 0x9E3779B97F4A7C15UL);
        var u = (state >> 11) * (1.0 / (1UL << 53));
        var missing = stream == LinkModel.MissingStream;
        var n = missing ? model.Nights : model.Days.Length;
        var total = sums[missing ? model.Slots - 1 : ((n - 1) * LinkModel.Shapes) + stream];
        var target = u * total;
        int low = 0, high = n - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sums[Slot(middle)] > target) high = middle;
            else low = middle + 1;
        }

        return Slot(low);

        int Slot(int index) => missing ? model.AbsenceSlots + index : (index * LinkModel.Shapes) + stream;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
