using System.Runtime.InteropServices;

namespace OpenMash.Engines.Matching;

/// <summary>How often each value was seen, and how many rows had any.</summary>
/// <param name="strength">Rows' worth of trust given to the average share, so that a small file does not take its own few values for the world.</param>
internal sealed class Counts(float strength)
{
    public float Strength { get; } = strength;

    private readonly int[] _totals = new int[Levels.Count];

    // Possible dates by place; impossible ones (month 86) aside.
    private readonly int[] _dates = new int[1300 * 13 * 32];
    private readonly Dictionary<int, int> _births = [];

    public int Total(int comparison) => _totals[comparison];

    public void Add(in PersonRow r, TextTable t, int by)
    {
        if (r.Given != 0)
        {
            t.At(r.Given).CountGiven += by;
            _totals[Levels.Given] += by;
        }

        if (r.Family != 0)
        {
            t.At(r.Family).CountFamily += by;
            _totals[Levels.Family] += by;
        }

        Other(r.Middle, Levels.Middle, t, by);
        Other(r.Town, Levels.Home, t, by);
        Other(r.BirthPlace, Levels.BirthPlace, t, by);
        Other(r.Occupation, Levels.Occupation, t, by);
        if (r.Birth != 0)
        {
            AddBirth(r.Birth, by);
        }
    }

    public void AddBirth(int birth, int by)
    {
        _totals[Levels.Birth] += by;
        var place = Place(birth);
        if (place >= 0)
            _dates[place] += by;
        else
            CollectionsMarshal.GetValueRefOrAddDefault(_births, birth, out _) += by;
    }

    /// <summary>Adds what a chunk of a file counted in a table of its own.</summary>
    public void AddTotals(ReadOnlySpan<int> totals)
    {
        for (var c = 0; c < Levels.Count; c++)
            _totals[c] += totals[c];
    }

    private static int Place(int birth)
    {
        int year = birth / 10000, month = birth / 100 % 100, day = birth % 100;
        return year is < 1000 or > 2299 || month > 12 || day > 31 ? -1 : ((((year - 1000) * 13) + month) * 32) + day;
    }

    private int BirthCount(int birth)
    {
        var place = Place(birth);
        return place >= 0 ? _dates[place] : _births.GetValueOrDefault(birth);
    }

    private void Other(int id, int comparison, TextTable t, int by)
    {
        if (id == 0)
            return;
        t.At(id).CountOther += by;
        _totals[comparison] += by;
    }

    public float Of(TextTable t, int comparison, int id)
    {
        ref readonly var e = ref t.At(id);
        return comparison switch { Levels.Given => e.CountGiven, Levels.Family => e.CountFamily, _ => e.CountOther };
    }

    /// <summary>
    /// Estimated share of other people's records that hold the value: the count without what the person's own records add, plus half a person for the
    /// unseen, drawn towards the average.
    /// </summary>
    public float Share(TextTable t, int comparison, int id, float average, float recordsPerPerson) =>
        Share(id == 0 ? 0 : Of(t, comparison, id), _totals[comparison], average, recordsPerPerson);

    public float BirthShare(int birth, float average, float recordsPerPerson) =>
        Share(BirthCount(birth), _totals[Levels.Birth], average, recordsPerPerson);

    /// <summary>In a handful of rows nearly every value is new, which says nothing; the half person for the unseen grows in with the rows.</summary>
    public float Unseen(float total) => total / (total + Strength);

    private float Share(float count, float total, float average, float k) =>
        (Math.Max(count - k, 0) + (0.5f * k * Unseen(total)) + (Strength * average)) / (total + Strength);

    public void Save(BinaryWriter writer)
    {
        foreach (var n in _totals)
            writer.Write(n);
        foreach (var n in _dates)
            writer.Write7BitEncodedInt(n);
        writer.Write(_births.Count);
        foreach (var (birth, n) in _births.OrderBy(b => b.Key))
        {
            writer.Write(birth);
            writer.Write(n);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var i = 0; i < _totals.Length; i++)
            _totals[i] = reader.ReadInt32();
        for (var i = 0; i < _dates.Length; i++)
            _dates[i] = reader.Read7BitEncodedInt();
        var n = reader.ReadInt32();
        for (var i = 0; i < n; i++)
        {
            var birth = reader.ReadInt32();
            _births[birth] = reader.ReadInt32();
        }
    }
}
