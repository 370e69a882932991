namespace OpenMash.Engines.Matching;

/// <summary>The comparisons and levels by number, in the order of Data/people-model.json. Level 0 is "missing" everywhere.</summary>
internal static class Levels
{
    public const int Given = 0, Middle = 1, Family = 2, Birth = 3, Sex = 4, Home = 5, Phone = 6, Email = 7, Nhs = 8, Upn = 9, Other = 10, BirthPlace = 11, Occupation = 12;
    public const int Count = 13;

    public const int Same = 1;
    public const int GivenShort = 2, GivenInitial = 3, GivenSlip = 4, GivenSound = 5, GivenPart = 6, GivenExchanged = 7, GivenMiddle = 8, GivenSingle = 9, GivenNear = 10, GivenDifferent = 11;
    public const int MiddleInitial = 2, MiddleNear = 3, MiddleDifferent = 4;
    public const int FamilySlip = 2, FamilySound = 3, FamilyPart = 4, FamilyNear = 5, FamilyInitial = 6, FamilyDifferent = 7;
    public const int BirthExchanged = 2, BirthSlip = 3, BirthEstimated = 4, BirthTwo = 5, BirthNear = 6, BirthYear = 7, BirthDecade = 8, BirthDifferent = 9;
    public const int SexDifferent = 2, SexSameName = 3, SexDifferentName = 4;
    public const int HomeAddress = 2, HomePostcode = 3, HomePostcodeSlip = 4, HomeStreet = 5, HomeSector = 6, HomeTown = 7, HomeTownNear = 8, HomeDifferent = 9;
    public const int IdSlip = 2, IdDifferent = 3;
    public const int EmailLocal = 2, EmailNear = 3, EmailDifferent = 4;
    public const int PlaceNear = 2, PlaceDifferent = 3;

    public static readonly (string Key, int Levels)[] Expected =
    [
        ("given", 11), ("middle", 4), ("family", 7), ("birth", 9), ("sex", 4), ("home", 9), ("phone", 3), ("email", 4), ("nhs", 3), ("upn", 3), ("other", 3),
        ("birthPlace", 3), ("occupation", 3),
    ];

    public static int Get(ulong pattern, int comparison) => (int)(pattern >> (comparison * 4)) & 15;

    public static ulong With(ulong pattern, int comparison, int level) =>
        (pattern & ~(15UL << (comparison * 4))) | ((ulong)level << (comparison * 4));
}
