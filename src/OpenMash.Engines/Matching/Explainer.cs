using System.Globalization;

namespace OpenMash.Engines.Matching;

/// <summary>Puts levels and bits into words.</summary>
internal static class Explainer
{
    public static List<MatchReason> Reasons(Scorer scorer, ulong pattern, ReadOnlySpan<float> bits, float household)
    {
        var reasons = new List<MatchReason>(8)
        {
            new("before", "Before comparing", "", $"one person in {Round(Math.Pow(2, -scorer.PriorMatch))} would fit by chance", scorer.PriorMatch),
        };
        for (var c = 0; c < Levels.Count; c++)
        {
            var level = Levels.Get(pattern, c);
            if (level == 0)
                continue;
            var comparison = scorer.Model.Comparisons[c];
            var l = comparison.Levels[level - 1];
            var average = Math.Log2(l.M / l.U);
            var words = bits[c] - average > 1.5 && l.WordsRare is not null ? l.WordsRare
                : bits[c] - average < -1.5 && l.WordsCommon is not null ? l.WordsCommon
                : l.Words;
            reasons.Add(new MatchReason(comparison.Key, comparison.Title, l.Key, words, bits[c]));
        }

        if (household > 0.05f)
            reasons.Add(new MatchReason("household", "Same household", "", "people of one household share these too, so they count less", -household));
        return reasons;
    }

    public static IReadOnlyList<string> Contradictions(ulong pattern, bool bothNhsHold)
    {
        var found = (List<string>?)null;
        if (Levels.Get(pattern, Levels.Nhs) == Levels.IdDifferent && bothNhsHold)
            (found ??= []).Add("Both have a valid NHS number and the numbers differ.");
        if (Levels.Get(pattern, Levels.Upn) == Levels.IdDifferent)
            (found ??= []).Add("The unique pupil numbers differ.");
        if (Twins(pattern))
            (found ??= []).Add("Same date of birth and same family or home, but another given name: they may be twins.");
        else if (Siblings(pattern))
            (found ??= []).Add("Same family or home, another given name, and births some weeks or months apart: they may be two children of one mother, one date wrong.");
        return found ?? (IReadOnlyList<string>)[];
    }

    /// <summary>True when it is numbers that contradict, not the look of twins or siblings.</summary>
    public static bool Numbers(ulong pattern, bool bothNhsHold) =>
        (Levels.Get(pattern, Levels.Nhs) == Levels.IdDifferent && bothNhsHold) || Levels.Get(pattern, Levels.Upn) == Levels.IdDifferent;

    public static bool Twins(ulong pattern) =>
        Levels.Get(pattern, Levels.Birth) == Levels.Same && GivenDiffers(pattern) && SharesHousehold(pattern);

    public static bool Siblings(ulong pattern) =>
        Levels.Get(pattern, Levels.Birth) == Levels.BirthNear && GivenDiffers(pattern) && SharesHousehold(pattern);

    private static bool GivenDiffers(ulong pattern) => Levels.Get(pattern, Levels.Given) is Levels.GivenNear or Levels.GivenDifferent;

    private static bool SharesHousehold(ulong pattern) =>
        Levels.Get(pattern, Levels.Home) is Levels.Same or Levels.HomeAddress || Levels.Get(pattern, Levels.Phone) == Levels.Same
        || (Levels.Get(pattern, Levels.Family) is Levels.Same or Levels.FamilySlip && Levels.Get(pattern, Levels.Home) is >= Levels.HomePostcode and <= Levels.HomeStreet);

    private static string Round(double n)
    {
        var scale = Math.Pow(10, Math.Max(Math.Floor(Math.Log10(n)) - 1, 0));
        return (Math.Round(n / scale) * scale).ToString("N0", CultureInfo.InvariantCulture);
    }
}
