using System.Numerics;
using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>Compares two rows field by field and packs the levels reached, four bits each, into a pattern.</summary>
internal static class Comparer
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Compare(in PersonRow a, in PersonRow b, TextTable t)
    {
        var pattern = Names(a, b, t);
        pattern |= (ulong)Birth(a.Birth, b.Birth) << (Levels.Birth * 4);
        pattern |= (ulong)Home(a, b, t) << (Levels.Home * 4);
        pattern |= (ulong)Numbers(a.Phone, b.Phone) << (Levels.Phone * 4);
        pattern |= (ulong)Email(a, b, t) << (Levels.Email * 4);
        pattern |= (ulong)(a.Nhs == 0 || b.Nhs == 0 ? 0 : Numbers(a.Nhs - 1, b.Nhs - 1)) << (Levels.Nhs * 4);
        pattern |= (ulong)Numbers36(a.Upn, b.Upn) << (Levels.Upn * 4);
        pattern |= (ulong)Numbers36(a.Other, b.Other) << (Levels.Other * 4);
        pattern |= (ulong)Place(a.BirthPlace, b.BirthPlace, t) << (Levels.BirthPlace * 4);
        pattern |= (ulong)Place(a.Occupation, b.Occupation, t) << (Levels.Occupation * 4);
        return WithSex(pattern, a.Sex, b.Sex);
    }

    public static ulong WithSex(ulong pattern, byte a, byte b)
    {
        if (a == 0 || b == 0)
            return pattern;
        var given = Levels.Get(pattern, Levels.Given);
        var named = given is Levels.Same or Levels.GivenShort or Levels.GivenSlip or Levels.GivenSound;
        return Levels.With(pattern, Levels.Sex, a == b ? (named ? Levels.SexSameName : Levels.Same) : (named ? Levels.SexDifferentName : Levels.SexDifferent));
    }

    /// <summary>Given, middle and family name together, because they are exchanged, promoted and dropped together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Names(in PersonRow a, in PersonRow b, TextTable t)
    {
        int given = 0, middle = 0, family = 0;
        if (a.Given != 0 && b.Given != 0)
        {
            given = Given(a, b, t);
            if (given >= Levels.GivenSound)
            {
                if (a.Family != 0 && b.Family != 0)
                {
                    if (!Unlike(a.GivenLetters, b.FamilyLetters) && !Unlike(a.FamilyLetters, b.GivenLetters) && Alike(a.Given, b.Family, t) && Alike(a.Family, b.Given, t))
                        return Levels.GivenExchanged;
                }
                else if (a.Family == 0 && b.Family != 0 && Alike(a.Given, b.Family, t))
                {
                    return Levels.GivenSingle;
                }
                else if (b.Family == 0 && a.Family != 0 && Alike(b.Given, a.Family, t))
                {
                    return Levels.GivenSingle;
                }

                if (given > Levels.GivenPart && (MiddleHolds(a.Middle, b.Given, t) || MiddleHolds(b.Middle, a.Given, t)))
                    given = Levels.GivenMiddle;
            }
        }
        else if (a.Given == 0 && a.Family != 0 && b.Given != 0 && a.Family != b.Family && Alike(a.Family, b.Given, t) && (b.Family == 0 || !Alike(a.Family, b.Family, t)))
        {
            return Levels.GivenSingle;
        }
        else if (b.Given == 0 && b.Family != 0 && a.Given != 0 && a.Family != b.Family && Alike(b.Family, a.Given, t) && (a.Family == 0 || !Alike(b.Family, a.Family, t)))
        {
            return Levels.GivenSingle;
        }

        if (a.Middle != 0 && b.Middle != 0)
            middle = Middle(a.Middle, b.Middle, t);
        if (a.Family != 0 && b.Family != 0)
            family = Family(a, b, t);
        return (uint)given | ((ulong)(uint)middle << (Levels.Middle * 4)) | ((ulong)(uint)family << (Levels.Family * 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Given(in PersonRow a, in PersonRow b, TextTable t)
    {
        if (a.Given == b.Given)
            return Levels.Same;
        if (a.GivenNickname != 0 && b.GivenNickname != 0 && Nicknames.Related(a.GivenNickname, b.GivenNickname))
            return Levels.GivenShort;
        var shape = a.Shape | b.Shape;
        var sound = a.GivenSound == b.GivenSound && a.GivenSound > 15;
        if (!sound && (shape & 5) == 0 && Unlike(a.GivenLetters, b.GivenLetters))
            return Levels.GivenDifferent;
        var sa = t.Bytes(a.Given);
        var sb = t.Bytes(b.Given);
        if ((shape & 4) != 0)
            return sa[0] == sb[0] ? Levels.GivenInitial : Levels.GivenDifferent;
        var parts = (shape & 1) != 0;
        if (!sound && Unlike(a.GivenLetters, b.GivenLetters))
            return SharesWord(sa, sb) ? Levels.GivenPart : Levels.GivenDifferent;
        var shorter = Math.Min(sa.Length, sb.Length);
        if (shorter >= 3 && sa[..shorter].SequenceEqual(sb[..shorter]) && Math.Abs(sa.Length - sb.Length) > 1)
            return Levels.GivenShort;
        if (Slip(sa, sb))
            return Levels.GivenSlip;
        if (sound)
            return Levels.GivenSound;
        if (parts && SharesWord(sa, sb))
            return Levels.GivenPart;
        return StringDistance.JaroWinkler(sa, sb) >= 0.80f ? Levels.GivenNear : Levels.GivenDifferent;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Family(in PersonRow a, in PersonRow b, TextTable t)
    {
        if (a.Family == b.Family)
            return Levels.Same;
        var shape = a.Shape | b.Shape;
        var sound = a.FamilySound == b.FamilySound && a.FamilySound > 15;
        if (!sound && (shape & 10) == 0 && Unlike(a.FamilyLetters, b.FamilyLetters))
            return Levels.FamilyDifferent;
        var sa = t.Bytes(a.Family);
        var sb = t.Bytes(b.Family);
        if ((shape & 8) != 0)
            return sa[0] == sb[0] ? Levels.FamilyInitial : Levels.FamilyDifferent;
        var parts = (shape & 2) != 0;
        if (!sound && Unlike(a.FamilyLetters, b.FamilyLetters))
            return parts && SharesWord(sa, sb) ? Levels.FamilyPart : Levels.FamilyDifferent;
        if (Slip(sa, sb))
            return Levels.FamilySlip;
        if (parts && SharesWord(sa, sb))
            return Levels.FamilyPart;
        if (sound)
            return Levels.FamilySound;
        return StringDistance.JaroWinkler(sa, sb) >= 0.82f ? Levels.FamilyNear : Levels.FamilyDifferent;
    }

    private static int Middle(int a, int b, TextTable t)
    {
        if (a == b)
            return Levels.Same;
        var sa = t.Bytes(a);
        var sb = t.Bytes(b);
        var ia = IsInitials(sa);
        var ib = IsInitials(sb);
        if (ia || ib)
            return sa[0] == sb[0] ? Levels.MiddleInitial : Levels.MiddleDifferent;
        if (Slip(sa, sb) || SharesWord(sa, sb) || StringDistance.JaroWinkler(sa, sb) >= 0.88f || Prefix(sa, sb))
            return Levels.MiddleNear;
        return Levels.MiddleDifferent;
    }

    private static bool Prefix(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var n = Math.Min(a.Length, b.Length);
        return n >= 2 && a[..n].SequenceEqual(b[..n]);
    }

    private static bool IsInitials(ReadOnlySpan<byte> s) => s.Length == 1 || (s.Length >= 3 && s[1] == ' ' && s.Length <= 5 && (s.Length == 3 || s[3] == ' '));

    /// <summary>True when two names cannot be near: too few letters in common. A cheap test before the costly ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Unlike(uint a, uint b)
    {
        var common = BitOperations.PopCount(a & b);
        var fewer = Math.Min(BitOperations.PopCount(a), BitOperations.PopCount(b));
        return common * 2 < fewer + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Unlike(in TextTable.Entry a, in TextTable.Entry b) => Unlike(a.Letters, b.Letters);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Slip(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var longer = Math.Max(a.Length, b.Length);
        var shorter = Math.Min(a.Length, b.Length);
        if (longer < 3)
            return false;
        var limit = shorter >= 6 ? 2 : 1;
        return StringDistance.Edits(a, b, limit) <= limit;
    }

    /// <summary>Equal, one slip apart or sounding alike: used where names have changed places.</summary>
    private static bool Alike(int a, int b, TextTable t)
    {
        if (a == b)
            return true;
        ref readonly var ea = ref t.At(a);
        ref readonly var eb = ref t.At(b);
        return ea.Length >= 3 && eb.Length >= 3 && !Unlike(ea, eb) && Slip(t.Bytes(a), t.Bytes(b));
    }

    private static bool MiddleHolds(int middle, int given, TextTable t)
    {
        if (middle == 0)
            return false;
        if (middle == given)
            return true;
        var g = t.Bytes(given);
        if (g.Length < 3 || !t.At(middle).HasSpace)
            return false;
        return HasWord(t.Bytes(middle), g);
    }

    private static bool HasWord(ReadOnlySpan<byte> words, ReadOnlySpan<byte> word)
    {
        foreach (var range in words.Split((byte)' '))
        {
            if (words[range].SequenceEqual(word))
                return true;
        }

        return false;
    }

    private static bool SharesWord(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        foreach (var range in a.Split((byte)' '))
        {
            var word = a[range];
            if (word.Length >= 3 && !IsParticle(word) && HasWord(b, word))
                return true;
        }

        return false;
    }

    private static bool IsParticle(ReadOnlySpan<byte> word)
    {
        if (word.Length > 5)
            return false;
        Span<char> chars = stackalloc char[5];
        for (var i = 0; i < word.Length; i++)
            chars[i] = (char)word[i];
        return ParticleLookup.Contains(chars[..word.Length]);
    }

    private static readonly System.Collections.Frozen.FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ParticleLookup =
        RowBuilder.Particles.GetAlternateLookup<ReadOnlySpan<char>>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Birth(int a, int b)
    {
        if (a == 0 || b == 0)
            return 0;
        if (a == b)
            return Levels.Same;
        int ya = a / 10000, ma = a / 100 % 100, da = a % 100, yb = b / 10000, mb = b / 100 % 100, db = b % 100;
        if (ya == yb && ma == db && da == mb)
            return Levels.BirthExchanged;
        var partial = da == 0 || db == 0;
        if (partial)
        {
            if (ya == yb && (ma == 0 || mb == 0 || ma == mb))
                return Levels.BirthEstimated;
        }
        else if (DigitSlip(a, b, 8))
        {
            return Levels.BirthSlip;
        }

        if (ya == yb && ((ma == 1 && da == 1) || (mb == 1 && db == 1)))
            return Levels.BirthEstimated;
        if ((ya == yb ? 1 : 0) + (ma == mb ? 1 : 0) + (da == db ? 1 : 0) == 2)
            return Levels.BirthTwo;
        var days = Math.Abs((ya - yb) * 365 + ((ma - mb) * 30) + (da - db));
        if (days <= 290)
            return Levels.BirthNear;
        if (Math.Abs(ya - yb) <= 1)
            return Levels.BirthYear;
        return Math.Abs(ya - yb) <= 12 ? Levels.BirthDecade : Levels.BirthDifferent;
    }

    /// <summary>One digit differs, or two neighbouring digits are exchanged.</summary>
    private static bool DigitSlip(long a, long b, int digits)
    {
        int differing = 0, first = -1, second = -1;
        long x = a, y = b;
        for (var i = 0; i < digits && (x != y); i++, x /= 10, y /= 10)
        {
            if (x % 10 != y % 10)
            {
                differing++;
                if (first < 0)
                    first = i;
                else
                    second = i;
                if (differing > 2)
                    return false;
            }
        }

        if (differing == 1)
            return true;
        if (second != first + 1)
            return false;
        var p = (long)Math.Pow(10, first);
        long a1 = a / p % 10, a2 = a / p / 10 % 10, b1 = b / p % 10, b2 = b / p / 10 % 10;
        return a1 == b2 && a2 == b1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Home(in PersonRow a, in PersonRow b, TextTable t)
    {
        var streets = a.Street != 0 && b.Street != 0;
        var codes = a.Postcode != 0 && b.Postcode != 0;
        var towns = a.Town != 0 && b.Town != 0;
        if (!streets && !codes)
        {
            if (!towns)
                return 0;
            return a.Town == b.Town ? Levels.HomeTown : TownNear(a.Town, b.Town, t) ? Levels.HomeTownNear : Levels.HomeDifferent;
        }

        var codeDistance = codes ? CodeDistance(a.Postcode, b.Postcode) : 9;
        var sameNumber = a.Number != 0 && a.Number == b.Number;
        var numberUnknown = a.Number == 0 || b.Number == 0;
        // A street misspelt is worth finding out only where the number does not already say that it is another house.
        var sameStreet = streets && (a.Street == b.Street || ((sameNumber || numberUnknown || codeDistance <= 1) && StreetNear(a.Street, b.Street, t)));
        var flatClash = a.Flat != 0 && b.Flat != 0 && a.Flat != b.Flat;
        if (sameStreet && sameNumber && !flatClash)
            return codeDistance <= 1 ? Levels.Same : Levels.HomeAddress;
        if (codeDistance == 0)
            return sameNumber && !flatClash && streets is false ? Levels.Same : sameStreet && numberUnknown ? Levels.Same : Levels.HomePostcode;
        // Neighbouring postcodes differ by one sign too: another house in another street is no slip of the pen.
        if (codeDistance == 1 && !(streets && !sameStreet && !sameNumber && !numberUnknown))
            return Levels.HomePostcodeSlip;
        if (sameStreet)
            return Levels.HomeStreet;
        if (codes && Sector(a.Postcode) == Sector(b.Postcode))
            return Levels.HomeSector;
        if (towns)
        {
            if (a.Town == b.Town)
                return Levels.HomeTown;
            if (TownNear(a.Town, b.Town, t))
                return Levels.HomeTownNear;
        }

        return Levels.HomeDifferent;
    }

    /// <summary>A British postcode without its last two letters: the sector.</summary>
    public static ulong Sector(ulong postcode)
    {
        var zeros = BitOperations.TrailingZeroCount(postcode) / 8;
        return postcode & ~((1UL << ((zeros + 2) * 8)) - 1);
    }

    /// <summary>A British postcode without its last three signs: the district.</summary>
    public static ulong District(ulong postcode)
    {
        var zeros = BitOperations.TrailingZeroCount(postcode) / 8;
        return zeros >= 5 ? postcode : postcode & ~((1UL << ((zeros + 3) * 8)) - 1);
    }

    /// <summary>0 equal, 1 one sign differs, is missing or has changed places with its neighbour, 9 otherwise.</summary>
    private static int CodeDistance(ulong a, ulong b)
    {
        if (a == b)
            return 0;
        var x = a ^ b;
        var differing = 0;
        for (var y = x; y != 0; y >>= 8)
        {
            if ((y & 0xFF) != 0)
                differing++;
        }

        if (differing == 1)
            return 1;
        var lo = BitOperations.TrailingZeroCount(x) / 8;
        var hi = 7 - (BitOperations.LeadingZeroCount(x) / 8);
        if (differing == 2 && hi == lo + 1 && (byte)(a >> (8 * lo)) == (byte)(b >> (8 * hi)) && (byte)(a >> (8 * hi)) == (byte)(b >> (8 * lo)))
            return 1;
        // One sign dropped: the tail of one is the other's, moved by a place.
        var maskLow = hi == 7 ? ulong.MaxValue : (1UL << ((hi + 1) * 8)) - 1;
        var at = a & maskLow;
        var bt = b & maskLow;
        return (at << 8 & maskLow) == bt || (bt << 8 & maskLow) == at ? 1 : 9;
    }

    private static bool StreetNear(int a, int b, TextTable t)
    {
        ref readonly var ea = ref t.At(a);
        ref readonly var eb = ref t.At(b);
        if (Unlike(ea, eb))
            return false;
        var sa = t.Bytes(a);
        var sb = t.Bytes(b);
        var longer = Math.Max(sa.Length, sb.Length);
        var limit = longer >= 16 ? 3 : longer >= 8 ? 2 : 1;
        if (StringDistance.Edits(sa, sb, limit) <= limit)
            return true;
        // "high" and "high street": the kind of street left out.
        var n = Math.Min(sa.Length, sb.Length);
        return n >= 5 && longer > n && sa[..n].SequenceEqual(sb[..n]) && (sa.Length > n ? sa[n] : sb[n]) == ' ';
    }

    private static bool TownNear(int a, int b, TextTable t)
    {
        ref readonly var ea = ref t.At(a);
        ref readonly var eb = ref t.At(b);
        if (ea.Length < 4 || eb.Length < 4 || Unlike(ea, eb))
            return false;
        var sa = t.Bytes(a);
        var sb = t.Bytes(b);
        var limit = Math.Min(sa.Length, sb.Length) >= 6 ? 2 : 1;
        return StringDistance.Edits(sa, sb, limit) <= limit || StringDistance.JaroWinkler(sa, sb) >= 0.9f;
    }

    private static int Place(int a, int b, TextTable t)
    {
        if (a == 0 || b == 0)
            return 0;
        if (a == b)
            return Levels.Same;
        return TownNear(a, b, t) || SharesWord(t.Bytes(a), t.Bytes(b)) ? Levels.PlaceNear : Levels.PlaceDifferent;
    }

    private static int Email(in PersonRow a, in PersonRow b, TextTable t)
    {
        if (a.EmailLocal == 0 || b.EmailLocal == 0)
            return 0;
        if (a.EmailLocal == b.EmailLocal)
            return a.EmailDomain == b.EmailDomain || a.EmailDomain == 0 || b.EmailDomain == 0 || DomainNear(a.EmailDomain, b.EmailDomain, t) ? Levels.Same : Levels.EmailLocal;
        ref readonly var ea = ref t.At(a.EmailLocal);
        ref readonly var eb = ref t.At(b.EmailLocal);
        if (Unlike(ea, eb))
            return Levels.EmailDifferent;
        var sa = t.Bytes(a.EmailLocal);
        var sb = t.Bytes(b.EmailLocal);
        var limit = Math.Min(sa.Length, sb.Length) >= 6 ? 2 : 1;
        if (StringDistance.Edits(sa, sb, limit) > limit)
            return Levels.EmailDifferent;
        // A slip in the part before the @ counts when the rest agrees too.
        return a.EmailDomain == 0 || b.EmailDomain == 0 || a.EmailDomain == b.EmailDomain || DomainNear(a.EmailDomain, b.EmailDomain, t) ? Levels.EmailNear : Levels.EmailDifferent;
    }

    private static bool DomainNear(int a, int b, TextTable t) =>
        !Unlike(t.At(a), t.At(b)) && StringDistance.Edits(t.Bytes(a), t.Bytes(b), 3) <= 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Numbers(ulong a, ulong b)
    {
        if (a == 0 || b == 0)
            return 0;
        if (a == b)
            return Levels.Same;
        return Near(a, b, 10) ? Levels.IdSlip : Levels.IdDifferent;
    }

    private static int Numbers36(ulong a, ulong b)
    {
        if (a == 0 || b == 0)
            return 0;
        if (a == b)
            return Levels.Same;
        return a >> 63 == 0 && b >> 63 == 0 && Near(a - 1, b - 1, 36) ? Levels.IdSlip : Levels.IdDifferent;
    }

    /// <summary>One digit changed, or two neighbours exchanged, in the given base.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Near(ulong a, ulong b, ulong radix)
    {
        while (a % radix == b % radix)
        {
            a /= radix;
            b /= radix;
        }

        if (a / radix == b / radix)
            return true;
        var (a0, a1, b0, b1) = (a % radix, a / radix % radix, b % radix, b / radix % radix);
        return a0 == b1 && a1 == b0 && a / radix / radix == b / radix / radix;
    }
}
