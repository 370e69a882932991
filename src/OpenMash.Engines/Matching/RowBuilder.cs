using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;

namespace OpenMash.Engines.Matching;

/// <summary>Turns texts as written into the packed values of a <see cref="PersonRow"/>. Not safe for use by two threads at once.</summary>
internal sealed class RowBuilder(TextTable texts)
{
    private static readonly FrozenSet<string> Titles = Words("title");
    private static readonly FrozenSet<string> Suffixes = Words("suffix");
    private static readonly FrozenSet<string> Missing = Words("missing");
    // By hash of the folded word, so that no string is made for a look-up; the few words were checked not to share a hash.
    private static readonly FrozenSet<uint> MissingHashes = Missing.Select(w => TextTable.Hash(Encoding.ASCII.GetBytes(w))).ToFrozenSet();
    private static readonly FrozenSet<uint> SpecialHashes = Missing.Concat(Titles).Concat(Suffixes).Select(w => TextTable.Hash(Encoding.ASCII.GetBytes(w))).ToFrozenSet();
    private static readonly FrozenDictionary<uint, byte[]> StreetHashes = EmbeddedData.Lines("words.tsv").Select(l => l.Split('\t')).Where(p => p[0] == "street")
        .ToFrozenDictionary(p => TextTable.Hash(Encoding.ASCII.GetBytes(p[1])), p => Encoding.ASCII.GetBytes(p[2]));

    private static readonly FrozenDictionary<string, int> MonthNames = new[] { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" }
        .Select((m, i) => (m, i)).ToFrozenDictionary(x => x.m, x => x.i + 1, StringComparer.Ordinal);

    internal static readonly FrozenSet<string> Particles = Words("particle");

    public TextTable Texts { get; } = texts;

    private static FrozenSet<string> Words(string kind) =>
        EmbeddedData.Lines("words.tsv").Select(l => l.Split('\t')).Where(p => p[0] == kind).Select(p => p[1]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Folds and interns; a text that says "unknown" is missing.</summary>
    [SkipLocalsInit]
    public int Text(ReadOnlySpan<char> text)
    {
        if (text.Length == 0)
            return 0;
        Span<byte> buffer = stackalloc byte[TextTable.MaxLength];
        var n = TextFold.Fold(text, buffer);
        if (n == 0 || (MissingHashes.Contains(TextTable.Hash(buffer[..n]))))
            return 0;
        return Texts.Intern(buffer[..n]);
    }

    private static string Folded(ReadOnlySpan<char> text)
    {
        Span<byte> buffer = stackalloc byte[128];
        var n = TextFold.Fold(text, buffer);
        return Encoding.Latin1.GetString(buffer[..n]);
    }

    private int InternFolded(string folded)
    {
        if (folded.Length == 0 || Missing.Contains(folded))
            return 0;
        Span<byte> buffer = stackalloc byte[128];
        var n = Encoding.Latin1.GetBytes(folded, buffer);
        return Texts.Intern(buffer[..Math.Min(n, TextTable.MaxLength)]);
    }

    /// <summary>The number of a name that is one plain word, by far the commonest case; -1 when it needs the full treatment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int PlainWord(ReadOnlySpan<byte> raw)
    {
        if (raw.Length is < 2 or > TextTable.MaxLength)
            return -1;
        Span<byte> lower = stackalloc byte[TextTable.MaxLength];
        for (var i = 0; i < raw.Length; i++)
        {
            var c = (byte)(raw[i] | 0x20);
            if (c is < (byte)'a' or > (byte)'z' || raw[i] < (byte)'A')
                return -1;
            lower[i] = c;
        }

        lower = lower[..raw.Length];
        return SpecialHashes.Contains(TextTable.Hash(lower)) ? -1 : Texts.Intern(lower);
    }

    /// <summary>Given, middle and family numbers from the parts of a name. Where only a full text is given it is taken apart.</summary>
    public (int Given, int Middle, int Family) Name(ReadOnlySpan<char> given, ReadOnlySpan<char> middle, ReadOnlySpan<char> family, ReadOnlySpan<char> full)
    {
        if (full.Length > 0)
        {
            var comma = full.IndexOf(',');
            if (comma > 0 && comma < full.Length - 1)
            {
                if (given.Length == 0 && family.Length == 0)
                    return Name(full[(comma + 1)..], middle, full[..comma], default);
            }

            var words = Strip(Folded(full));
            if (words.Count >= 2)
            {
                // A given or family column that a machine cut from the full name may hold a title ("sir"): the full name is the better source,
                // except that a family name of several words is only known to the column.
                var familyWords = family.Length > 0 ? Strip(Folded(family)) : [];
                var take = 1;
                if (familyWords.Count > 1 && familyWords.Count < words.Count && words.TakeLast(familyWords.Count).SequenceEqual(familyWords))
                    take = familyWords.Count;
                else if (familyWords.Count <= 1)
                    while (take < words.Count - 1 && Particles.Contains(words[^(take + 1)]))
                        take++;
                var g = InternFolded(words[0]);
                var m = InternFolded(string.Join(' ', words.Skip(1).Take(words.Count - 1 - take)));
                return (g, m, InternFolded(string.Join(' ', words.TakeLast(take))));
            }

            if (words.Count == 1 && given.Length == 0 && family.Length == 0)
                return (InternFolded(words[0]), 0, 0);
        }

        var givenWords = given.Length > 0 ? GivenWords(given) : [];
        var family2 = family.Length > 0 ? Strip(Folded(family)) : [];
        if (givenWords.Count == 1 && family2.Count == 1 && family2[0].Length == 0)
            family2 = [];
        var middle2 = middle.Length > 0 ? Folded(middle) : "";
        var first = givenWords.Count > 0 ? givenWords[0] : "";
        if (givenWords.Count > 1)
            middle2 = string.Join(' ', givenWords.Skip(1)) + (middle2.Length > 0 ? " " + middle2 : "");
        return (InternFolded(first), InternFolded(middle2), InternFolded(string.Join(' ', family2)));
    }

    /// <summary>Words as written, a hyphenated name being one ("Mary-Ann" is a first name, "Mary Ann" may be a first and a middle name).</summary>
    private static List<string> GivenWords(ReadOnlySpan<char> given)
    {
        var words = new List<string>();
        foreach (var range in given.SplitAny(" \t.,"))
        {
            var word = Folded(given[range]);
            if (word.Length > 0)
                words.Add(word);
        }

        return Strip(words);
    }

    private static List<string> Strip(string folded) => folded.Length == 0 ? [] : Strip(folded.Split(' ').ToList());

    private static List<string> Strip(List<string> words)
    {
        while (words.Count > 1 && Titles.Contains(words[0]))
            words.RemoveAt(0);
        while (words.Count > 1 && Suffixes.Contains(words[^1]))
            words.RemoveAt(words.Count - 1);
        if (words.Count == 1 && (Titles.Contains(words[0]) || Suffixes.Contains(words[0])) && words[0].Length <= 3)
            words.Clear();
        return words;
    }

    /// <summary>
    /// Year * 10000 + month * 100 + day; 0 when nothing can be read. Impossible months and days are kept, since a slip of one digit is what makes them.
    /// </summary>
    public static int Birth(ReadOnlySpan<char> text, bool monthFirst = false)
    {
        text = text.Trim();
        if (text.Length < 4)
            return 0;
        Span<int> parts = stackalloc int[3];
        Span<int> digits = stackalloc int[3];
        var count = 0;
        var monthName = -1;
        for (var i = 0; i < text.Length && count < 3;)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                var value = 0;
                var start = i;
                while (i < text.Length && char.IsAsciiDigit(text[i]) && i - start < 8)
                    value = (value * 10) + (text[i++] - '0');
                parts[count] = value;
                digits[count++] = i - start;
            }
            else if (char.IsAsciiLetter(text[i]))
            {
                var start = i;
                while (i < text.Length && char.IsAsciiLetter(text[i]))
                    i++;
                if (i - start >= 3 && MonthNames.TryGetValue(text.Slice(start, 3).ToString().ToLowerInvariant(), out var month))
                {
                    monthName = count;
                    parts[count] = month;
                    digits[count++] = 2;
                }
                else if (count == 3 || (i - start == 1 && count > 0))
                {
                    break;
                }
            }
            else
            {
                i++;
            }
        }

        if (count == 1)
        {
            if (digits[0] == 8)
            {
                // 20140309, or 09032014 when the first four digits cannot be a year.
                var v = parts[0];
                return v / 10000 is >= 1200 and <= 2299 ? v : Compose(v % 10000, v / 10000 % 100, v / 1000000);
            }

            return digits[0] == 4 ? parts[0] * 10000 : 0;
        }

        if (count == 2)
            return digits[0] == 4 ? Compose(parts[0], parts[1], 0) : digits[1] == 4 ? Compose(parts[1], parts[0], 0) : 0;
        if (count < 3)
            return 0;
        if (digits[0] == 4)
            return Compose(parts[0], parts[1], parts[2]);
        if (digits[2] == 2)
            parts[2] += parts[2] <= 30 ? 2000 : 1900;
        else if (digits[2] != 4)
            return 0;
        if (monthName == 1)
            return Compose(parts[2], parts[1], parts[0]);
        if (monthName == 0 || monthFirst)
            return Compose(parts[2], parts[0], parts[1]);
        return Compose(parts[2], parts[1], parts[0]);
    }

    /// <summary>A date whose year, month and day stand in columns of their own; two-digit years are of the century that makes a living person.</summary>
    public static int Birth(int year, int month, int day)
    {
        if (year is > 0 and < 100)
            year += year <= 30 ? 2000 : 1900;
        return Compose(year, month, day);
    }

    private static int Compose(int year, int month, int day) =>
        year is < 1000 or > 2299 || month > 99 || day > 99 ? 0 : (year * 10000) + (month * 100) + day;

    public static byte Sex(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length is 0 or > 8)
            return 0;
        return char.ToLowerInvariant(text[0]) switch
        {
            'm' when text.Length == 1 || text.Equals("male", StringComparison.OrdinalIgnoreCase) || text.Equals("man", StringComparison.OrdinalIgnoreCase) => 1,
            'b' when text.Equals("boy", StringComparison.OrdinalIgnoreCase) => 1,
            '1' when text.Length == 1 => 1,
            'f' when text.Length == 1 || text.Equals("female", StringComparison.OrdinalIgnoreCase) => 2,
            'w' when text.Equals("woman", StringComparison.OrdinalIgnoreCase) => 2,
            'g' when text.Equals("girl", StringComparison.OrdinalIgnoreCase) => 2,
            '2' when text.Length == 1 => 2,
            _ => 0,
        };
    }

    /// <summary>Up to eight letters and digits, first in the highest byte; longer texts are cut.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Postcode(ReadOnlySpan<char> text) => Packed(text, 8);

    /// <summary>Digits of a telephone number without country code and trunk zero; fewer than five digits are missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Phone(ReadOnlySpan<char> text)
    {
        ulong value = 0;
        var digits = 0;
        var plus = text.TrimStart().StartsWith("+", StringComparison.Ordinal);
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                continue;
            if (digits < 18)
            {
                value = (value * 10) + (ulong)(c - '0');
                digits++;
            }
        }

        if (digits < 5)
            return 0;
        var asText = value;
        ulong scale = 1;
        var significant = 0;
        for (var v = asText; v > 0; v /= 10)
            significant++;
        for (var i = 0; i < significant - 2; i++)
            scale *= 10;
        // +44 7700 900123, 0044 7700 900123 and 44 7700 900123 are 07700 900123 (twelve digits that begin with 44).
        if (significant == 12 && asText / scale == 44)
            value = asText % scale;
        else if (plus && significant == 13 && asText / scale == 44)
            value = asText % (scale / 10);
        return value < 10000 ? 0 : value;
    }

    /// <summary>The ten digits of an NHS number plus one; 0 when there are not ten, or all are alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Nhs(ReadOnlySpan<char> text)
    {
        ulong value = 0;
        var digits = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                if (++digits > 10)
                    return 0;
                value = (value * 10) + (ulong)(c - '0');
            }
            else if (char.IsLetter(c))
            {
                return 0;
            }
        }

        return digits != 10 || value % 1111111111 == 0 ? 0 : value + 1;
    }

    /// <summary>True when the check digit of a packed NHS number holds (modulus 11).</summary>
    public static bool NhsHolds(ulong packed)
    {
        var v = packed - 1;
        var check = (int)(v % 10);
        var sum = 0;
        for (var weight = 2; weight <= 10; weight++)
        {
            v /= 10;
            sum += (int)(v % 10) * weight;
        }

        var expected = (11 - (sum % 11)) % 11;
        return expected == check && expected != 10;
    }

    /// <summary>Letters and digits in base 36, up to twelve or thirteen; longer identifiers are hashed.</summary>
    public static ulong Identifier(ReadOnlySpan<char> text)
    {
        ulong value = 0;
        var n = 0;
        foreach (var ch in text)
        {
            var c = char.ToLowerInvariant(ch);
            int digit;
            if (char.IsAsciiDigit(c))
                digit = c - '0';
            else if (char.IsAsciiLetter(c))
                digit = c - 'a' + 10;
            else if (char.IsLetterOrDigit(c))
                digit = c % 36;
            else
                continue;
            n++;
            value = n <= 12 ? (value * 36) + (ulong)digit : (value * 0x9E3779B97F4A7C15UL) ^ (ulong)digit;
        }

        if (n < 3)
            return 0;
        if (n > 12)
            value |= 1UL << 63;
        return value + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Packed(ReadOnlySpan<char> text, int max)
    {
        ulong value = 0;
        var n = 0;
        foreach (var ch in text)
        {
            if (n >= max)
                break;
            var c = char.ToLowerInvariant(ch);
            if (char.IsAsciiLetterOrDigit(c))
            {
                value |= (ulong)c << (56 - (8 * n));
                n++;
            }
            else if (char.IsLetterOrDigit(c))
            {
                value |= (ulong)(0x80 | (c & 0x7F)) << (56 - (8 * n));
                n++;
            }
        }

        return n < 2 ? 0 : value;
    }

    /// <summary>
    /// Splits an address into street words, house number and flat. "Flat 2, 14 High St", "2/14 High Street" and "14 high street flat 2" come out alike.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (int Street, int Number, int Flat) Address(ReadOnlySpan<char> text)
    {
        if (text.Length == 0)
            return default;
        Span<byte> folded = stackalloc byte[128];
        folded = folded[..TextFold.Fold(text, folded)];
        if (folded.Length == 0 || MissingHashes.Contains(TextTable.Hash(folded)))
            return default;
        int number = 0, flat = 0;
        Span<byte> street = stackalloc byte[192];
        var used = 0;
        var flatNext = false;
        foreach (var range in folded.Split((byte)' '))
        {
            ReadOnlySpan<byte> w = folded[range];
            if (flatNext)
            {
                flatNext = false;
                if (w.Length <= 2 || char.IsAsciiDigit((char)w[0]))
                {
                    flat = Small(w);
                    continue;
                }

                Append(street, ref used, "flat"u8);
            }

            // "st james road": a leading "st" is a saint, a later one a street.
            if (!(used == 0 && (w.SequenceEqual("st"u8) || w.SequenceEqual("dr"u8))) && StreetHashes.TryGetValue(TextTable.Hash(w), out var full))
            {
                if (full.Length == 0)
                    continue;
                w = full;
            }

            if (w.SequenceEqual("flat"u8) || w.SequenceEqual("room"u8))
            {
                flatNext = true;
            }
            else if (char.IsAsciiDigit((char)w[0]) || (w.Length == 1 && number == 0 && used == 0))
            {
                if (number != 0 && used == 0 && flat == 0)
                    flat = number;
                if (used == 0 || number == 0)
                    number = Small(w);
            }
            else
            {
                Append(street, ref used, w);
            }
        }

        return (Texts.Intern(street[..Math.Min(used, TextTable.MaxLength)]), number, flat);
    }

    private static void Append(Span<byte> street, ref int used, ReadOnlySpan<byte> word)
    {
        if (used + word.Length + 1 > street.Length)
            return;
        if (used > 0)
            street[used++] = (byte)' ';
        word.CopyTo(street[used..]);
        used += word.Length;
    }

    /// <summary>A house number in a column of its own.</summary>
    public static int HouseNumber(ReadOnlySpan<char> text)
    {
        Span<byte> buffer = stackalloc byte[8];
        var n = TextFold.Fold(text, buffer);
        var v = 0;
        var taken = 0;
        for (var i = 0; i < n && taken < 5; i++)
        {
            if (buffer[i] == (byte)' ')
                continue;
            v = (v << 6) | (buffer[i] & 63);
            taken++;
        }

        return taken == 0 ? 0 : v + 1;
    }

    private static int Small(ReadOnlySpan<byte> word)
    {
        var v = 0;
        foreach (var c in word[..Math.Min(word.Length, 5)])
            v = (v << 6) | (c & 63);
        return v + 1;
    }

    /// <summary>Numbers of the part before the @ and of the domain.</summary>
    public (int Local, int Domain) Email(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var at = text.LastIndexOf('@');
        if (at <= 0)
            return text.Length == 0 ? default : (Text(text), 0);
        return (Text(text[..at]), Text(text[(at + 1)..]));
    }

    /// <summary>The rows that describe a person: as many as their longest list, each list filled from the top.</summary>
    public PersonRow[] Rows(PersonDescription person)
    {
        var count = 1;
        count = Math.Max(count, person.Names.Count);
        count = Math.Max(count, person.BirthDates.Count);
        count = Math.Max(count, person.Addresses.Count);
        count = Math.Max(count, person.Phones.Count);
        count = Math.Max(count, person.Emails.Count);
        count = Math.Max(count, person.NhsNumbers.Count);
        count = Math.Max(count, person.Upns.Count);
        count = Math.Max(count, person.OtherIds.Count);
        var rows = new PersonRow[count];
        for (var i = 0; i < person.Names.Count; i++)
        {
            var n = person.Names[i];
            (rows[i].Given, rows[i].Middle, rows[i].Family) = Name(n.Given, n.Middle, n.Family, n.Full);
            rows[i].Derive(Texts);
        }

        for (var i = 0; i < person.BirthDates.Count; i++)
            rows[i].Birth = Birth(person.BirthDates[i]);
        for (var i = 0; i < person.Addresses.Count; i++)
        {
            var a = person.Addresses[i];
            (rows[i].Street, rows[i].Number, rows[i].Flat) = Address(a.Line);
            rows[i].Town = Text(a.Town);
            rows[i].Postcode = Postcode(a.Postcode);
        }

        for (var i = 0; i < person.Phones.Count; i++)
            rows[i].Phone = Phone(person.Phones[i]);
        for (var i = 0; i < person.Emails.Count; i++)
            (rows[i].EmailLocal, rows[i].EmailDomain) = Email(person.Emails[i]);
        for (var i = 0; i < person.NhsNumbers.Count; i++)
            rows[i].Nhs = Nhs(person.NhsNumbers[i]);
        for (var i = 0; i < person.Upns.Count; i++)
            rows[i].Upn = Identifier(person.Upns[i]);
        for (var i = 0; i < person.OtherIds.Count; i++)
            rows[i].Other = Identifier(person.OtherIds[i]);
        rows[0].Sex = Sex(person.Sex);
        rows[0].BirthPlace = Text(person.BirthPlace);
        rows[0].Occupation = Text(person.Occupation);
        return rows;
    }

    internal static ulong ReadPacked(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes);
}
