namespace OpenMash.Engines.Returns.Cin;

/// <summary>What the census has in which year.</summary>
public static class CinYears
{
    /// <summary>First census year whose schema is known.</summary>
    public const int First = 2022;

    /// <summary>Last census year whose schema is known.</summary>
    public const int Last = 2026;

    /// <summary>First census year with <c>Sex</c> (M, F, U) in the place of <c>GenderCurrent</c> (0, 1, 2, 9).</summary>
    public const int FirstWithSex = 2025;

    /// <summary>First census year expected to have <c>PreProceedingsandFGDM</c>.</summary>
    public const int FirstWithPreProceedings = 2027;
}
