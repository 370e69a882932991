using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Links;

/// <summary>
/// The price of having searched: the log prior weight of a set of children. Weights of all sets together sum to at most one, shared out so that sets within
/// a year group or a school, which are fewer and likelier, pay less than sets across the borough.
/// </summary>
internal sealed class SearchPenalty
{
    private const double SameStratum = 0.3;
    private const double SameSchool = 0.3;
    private const double Elsewhere = 0.4;
    private const double NearYear = 0.75;
    private const double MemberCost = 0.4;
    private const double PairCost = 1.5;
    private const double HalfLoad = 10;

    private readonly LinkModel _model;
    private readonly double[] _stratumPrice;
    private readonly double[] _schoolPrice;
    private readonly double[] _crossPrice;
    private readonly int[] _year;
    private readonly double _farPrice;
    private readonly double _all;
    private readonly float[] _own;
    private readonly double[] _logFactorial = new double[GroupEvidence.MostMembers + 2];

    public SearchPenalty(LinkModel model)
    {
        _model = model;
        var strata = model.Data.StratumSchool.Count;
        var inStratum = new double[strata];
        var inSchool = new double[model.Data.SchoolNames.Count];
        var inYear = new Dictionary<int, double>();
        var all = 0.0;
        _own = new float[model.People];
        for (var i = 0; i < model.People; i++)
        {
            if (!MayBelong(i)) continue;
            Active++;
            var weight = Weight(i);
            _own[i] = (float)-Math.Log(weight);
            all += weight;
            inStratum[model.Stratum[i]] += weight;
            inSchool[model.School[i]] += weight;
            var year = model.Data.StratumYear[model.Stratum[i]];
            inYear[year] = inYear.GetValueOrDefault(year) + weight;
        }

        _all = Math.Max(1, all);
        _stratumPrice = new double[strata];
        for (var g = 0; g < strata; g++)
        {
            var school = Math.Max(1, inSchool[model.Data.StratumSchool[g]]);
            _stratumPrice[g] = -Math.Log((SameStratum / Math.Max(1, inStratum[g])) + (SameSchool / school) + (Elsewhere / _all));
        }

        _schoolPrice = new double[inSchool.Length];
        for (var s = 0; s < inSchool.Length; s++) _schoolPrice[s] = -Math.Log((SameSchool / Math.Max(1, inSchool[s])) + (Elsewhere / _all));
        _year = [.. model.Data.StratumYear];
        _crossPrice = new double[strata];
        for (var g = 0; g < strata; g++)
        {
            var near = inYear.GetValueOrDefault(_year[g]) + inYear.GetValueOrDefault(_year[g] - 1) + inYear.GetValueOrDefault(_year[g] + 1);
            _crossPrice[g] = -Math.Log((Elsewhere * NearYear / Math.Max(1, near)) + (Elsewhere * (1 - NearYear) / _all));
        }

        _farPrice = -Math.Log(Elsewhere * (1 - NearYear) / _all);
        LeastPrice = strata == 0 ? 0 : _stratumPrice.Min();
        for (var k = 2; k < _logFactorial.Length; k++) _logFactorial[k] = _logFactorial[k - 1] + Math.Log(k);
    }

    /// <summary>Children with enough recorded to belong to any group.</summary>
    public int Active { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool MayBelong(int person)
    {
        var at = person * LinkModel.Streams;
        return _model.Counts[at] + _model.Counts[at + 1] + _model.Counts[at + 2] >= 3 || _model.Counts[at + 3] > 0 || _model.ThingsStart[person + 1] > _model.ThingsStart[person];
    }

    // A member's own acts show in its record: a child with much recorded is likelier to belong than one with little. How much was recorded is given, not weighed.
    private double Weight(int person)
    {
        var at = person * LinkModel.Streams;
        double load = _model.Counts[at] + _model.Counts[at + 1] + _model.Counts[at + 2] + (3 * _model.Counts[at + 3]) + Math.Min(6, 2 * (_model.ThingsStart[person + 1] - _model.ThingsStart[person]));
        return load * load / ((load * load) + (HalfLoad * HalfLoad));
    }

    /// <summary>Log weight of a set, zero or less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LogWeight(ReadOnlySpan<int> members)
    {
        var m = members.Length;
        var sum = -Math.Log(_all) - _own[members[0]];
        for (var i = 1; i < m; i++)
        {
            var school = _model.School[members[i]];
            var stratum = _model.Stratum[members[i]];
            var sameSchool = false;
            var sameStratum = false;
            for (var j = 0; j < i; j++)
            {
                if (_model.Stratum[members[j]] == stratum) sameStratum = true;
                if (_model.School[members[j]] == school) sameSchool = true;
            }

            sum -= _own[members[i]];
            if (sameStratum)
            {
                sum -= _stratumPrice[stratum];
            }
            else if (sameSchool)
            {
                sum -= _schoolPrice[school];
            }
            else
            {
                sum -= CrossPrice(members, i);
            }
        }

        return sum + _logFactorial[m] - (m == 2 ? PairCost : MemberCost * (m - 2));
    }

    /// <summary>The least that one more child can cost.</summary>
    public double LeastPrice { get; private set; }

    /// <summary>The price of one more child, given the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Price(ReadOnlySpan<int> members, int candidate)
    {
        var schools = _model.School;
        var strata = _model.Stratum;
        var school = schools[candidate];
        var stratum = strata[candidate];
        var year = _year[stratum];
        var near = false;
        var sameSchool = false;
        foreach (var member in members)
        {
            var other = strata[member];
            if (other == stratum) return _own[candidate] + _stratumPrice[stratum];
            if (schools[member] == school) sameSchool = true;
            if ((uint)(_year[other] - year + 1) <= 2) near = true;
        }

        return _own[candidate] + (sameSchool ? _schoolPrice[school] : near ? _crossPrice[stratum] : _farPrice);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double CrossPrice(ReadOnlySpan<int> members, int at)
    {
        var stratum = _model.Stratum[members[at]];
        var year = _year[stratum];
        for (var j = 0; j < members.Length; j++)
        {
            if (j != at && (uint)(_year[_model.Stratum[members[j]]] - year + 1) <= 2) return _crossPrice[stratum];
        }

        return _farPrice;
    }
}
