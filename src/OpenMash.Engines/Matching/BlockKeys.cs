using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>
/// The blocking rules: each gives a row one 64-bit key, or 0 where a value it needs is missing. Two rows with an equal key of any rule are compared.
/// Order is from the most telling to the widest.
/// </summary>
internal static class BlockKeys
{
    public static readonly string[] Names =
    [
        "NHS number", "unique pupil number", "other identifier", "e-mail", "telephone",
        "date of birth and sound of the family name", "date of birth and sound of the given name", "sounds of given and family name in either order and year of birth",
        "postcode and sound of the given name", "house number and street", "postcode and date of birth",
        "day and month of birth in either order, year and first letters in either order", "given and family name in either order",
        "family name and district", "year and month of birth and sound of the family name", "day and month of birth and family name",
        "date of birth", "postcode and sound of the family name", "postcode", "family name", "day and month of birth and given name",
        "place and sound of the given name", "given name, place and year of birth",
    ];

    public static int Count => Names.Length;

    /// <summary>Rules of the live index among those of files; the others are wide, or stand below in a form that forgives more.</summary>
    public static bool Live(int rule) => rule is not (15 or 19 or 20 or 21 or 22);

    /// <summary>Keys that only the live index has.</summary>
    public const int LiveOnly = 8;

    /// <summary>
    /// Too wide for whole files, but not for one question: whoever asks by telephone often has both names by ear and nothing else, and one name by ear must be
    /// enough, with the other's first letter or any two parts of the birth date, when the other name is misspelt.
    /// </summary>
    public static void WriteLiveOnly(in PersonRow r, TextTable t, Span<ulong> keys)
    {
        keys[..LiveOnly].Clear();
        var given = r.GivenSound;
        var family = r.FamilySound;
        if (given != 0 && family != 0)
        {
            keys[0] = Mix(Names.Length, Math.Min(given, family), Math.Max(given, family));
            keys[6] = Mix(Names.Length + 6, given, t.Bytes(r.Family)[0]);
            keys[7] = Mix(Names.Length + 7, family, t.Bytes(r.Given)[0]);
        }

        var birth = (uint)r.Birth;
        if (birth % 100 == 0)
            return;
        var monthDay = birth % 10000;
        var yearDay = (birth / 10000 * 100) + (birth % 100);
        if (given != 0)
        {
            keys[1] = Mix(Names.Length + 1, birth / 100, given);
            keys[2] = Mix(Names.Length + 2, monthDay, given);
            keys[3] = Mix(Names.Length + 3, yearDay, given);
        }

        if (family != 0)
        {
            keys[4] = Mix(Names.Length + 4, monthDay, family);
            keys[5] = Mix(Names.Length + 5, yearDay, family);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(in PersonRow r, TextTable t, Span<ulong> keys)
    {
        keys.Clear();
        var given = r.GivenSound;
        var family = r.FamilySound;
        var givenFirst = r.Given != 0 ? t.Bytes(r.Given)[0] : (byte)0;
        var familyFirst = r.Family != 0 ? t.Bytes(r.Family)[0] : (byte)0;
        uint birth = (uint)r.Birth;
        uint year = birth / 10000;
        var month = birth / 100 % 100;
        var day = birth % 100;
        var fullBirth = birth != 0 && day != 0;
        var eitherOrder = (year * 10000) + (Math.Min(month, day) * 100) + Math.Max(month, day);
        keys[0] = r.Nhs == 0 ? 0 : Mix(0, r.Nhs);
        keys[1] = r.Upn == 0 ? 0 : Mix(1, r.Upn);
        keys[2] = r.Other == 0 ? 0 : Mix(2, r.Other);
        keys[3] = r.EmailLocal == 0 ? 0 : Mix(3, TextKey(t, r.EmailLocal));
        keys[4] = r.Phone == 0 ? 0 : Mix(4, r.Phone);
        if (fullBirth)
        {
            if (family != 0)
                keys[5] = Mix(5, eitherOrder, family);
            if (given != 0)
                keys[6] = Mix(6, eitherOrder, given);
            if (r.Postcode != 0)
                keys[10] = Mix(10, birth, r.Postcode);
            if (givenFirst != 0 && familyFirst != 0)
            {
                keys[11] = Mix(
                    11,
                    eitherOrder,
                    ((ulong)Math.Min(givenFirst, familyFirst) << 8) | Math.Max(givenFirst, familyFirst));
            }

            if (r.Family != 0)
                keys[15] = Mix(15, birth % 10000, TextKey(t, r.Family));
            if (family != 0)
                keys[14] = Mix(14, birth / 100, family);
            keys[16] = Mix(16, birth);
            if (r.Given != 0)
                keys[20] = Mix(20, birth % 10000, TextKey(t, r.Given));
        }

        if (given != 0 && family != 0)
        {
            if (year != 0)
                keys[7] = Mix(7, year, ((ulong)Math.Min(given, family) << 32) | Math.Max(given, family));
            var g = TextKey(t, r.Given);
            var f = TextKey(t, r.Family);
            keys[12] = Mix(12, Math.Min(g, f), Math.Max(g, f));
        }

        if (r.Postcode != 0)
        {
            if (given != 0)
                keys[8] = Mix(8, r.Postcode, given);
            if (r.Family != 0)
            {
                keys[13] = Mix(13, Comparer.District(r.Postcode), TextKey(t, r.Family));
                keys[17] = Mix(17, r.Postcode, family);
            }

            keys[18] = Mix(18, r.Postcode);
        }

        if (r.Street != 0 && r.Number != 0)
            keys[9] = Mix(9, TextKey(t, r.Street), (uint)r.Number);
        var place = r.BirthPlace != 0 ? r.BirthPlace : r.Town;
        if (place != 0 && year != 0 && r.Given != 0)
            keys[22] = Mix(22, TextKey(t, place) ^ year, TextKey(t, r.Given));
        if (r.Family != 0)
            keys[19] = Mix(19, TextKey(t, r.Family));
        if (place != 0 && given != 0)
            keys[21] = Mix(21, TextKey(t, place), given);
    }

    /// <summary>A number for a text that does not depend on the order in which texts arrived.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong TextKey(TextTable t, int id)
    {
        ref readonly var e = ref t.At(id);
        return e.Hash | ((ulong)e.Sound << 32) | ((ulong)e.Length << 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(int rule, ulong a, ulong b = 0)
    {
        var h = (a + ((ulong)(rule + 1) * 0x9E3779B97F4A7C15UL)) * 0xBF58476D1CE4E5B9UL;
        h ^= h >> 31;
        h = (h + b) * 0x94D049BB133111EBUL;
        h ^= h >> 29;
        h *= 0xBF58476D1CE4E5B9UL;
        h ^= h >> 32;
        return h == 0 ? 1 : h;
    }
}
