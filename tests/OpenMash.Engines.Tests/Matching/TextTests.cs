using System.Text;
using CsCheck;
using OpenMash.Engines.Matching;

namespace OpenMash.EnginesTests.Matching;

public class TextTests
{
    private static string Fold(string text)
    {
        Span<byte> buffer = stackalloc byte[256];
        return Encoding.Latin1.GetString(buffer[..TextFold.Fold(text, buffer)]);
    }

    [Theory]
    [InlineData("O'Brien-Smith", "obrien smith")]
    [InlineData("  ŁUKASZ   Wójcik ", "lukasz wojcik")]
    [InlineData("Siân Llŷr", "sian llyr")]
    [InlineData("محمد", "mhmd")]
    [InlineData("Анна", "anna")]
    [InlineData("Weiß", "weiss")]
    [InlineData("Zoe\u0308", "zoe")]
    public void Names_of_many_scripts_fold_to_plain_letters(string written, string folded) => Assert.Equal(folded, Fold(written));

    [Fact]
    public void Folding_never_writes_past_its_target()
    {
        Gen.String.Sample(text =>
        {
            Span<byte> buffer = stackalloc byte[16];
            var n = TextFold.Fold(text, buffer);
            return n is >= 0 and <= 16;
        });
    }

    [Theory]
    [InlineData("Mohammed", "Muhammad")]
    [InlineData("محمد", "Mohamed")]
    [InlineData("Stephen", "Steven")]
    [InlineData("Catherine", "Kathryn")]
    [InlineData("Smith", "Smyth")]
    [InlineData("Khan", "Kahn")]
    public void Names_that_sound_alike_share_a_key(string a, string b) =>
        Assert.Equal(Phonetics.Key(Encoding.Latin1.GetBytes(Fold(a))), Phonetics.Key(Encoding.Latin1.GetBytes(Fold(b))));

    [Fact]
    public void The_edit_distance_agrees_with_the_textbook()
    {
        Gen.Select(Gen.String[Gen.Char['a', 'd'], 0, 14], Gen.String[Gen.Char['a', 'd'], 0, 14]).Sample((a, b) =>
            StringDistance.Edits(Encoding.Latin1.GetBytes(a), Encoding.Latin1.GetBytes(b), 20) == Textbook(a, b));
    }

    private static int Textbook(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }

    [Theory]
    [InlineData("martha", "marhta", 0.9611f)]
    [InlineData("dixon", "dicksonx", 0.8133f)]
    [InlineData("dwayne", "duane", 0.84f)]
    [InlineData("abc", "xyz", 0f)]
    public void Jaro_Winkler_gives_the_published_values(string a, string b, float expected) =>
        Assert.Equal(expected, StringDistance.JaroWinkler(Encoding.Latin1.GetBytes(a), Encoding.Latin1.GetBytes(b)), 3);

    [Theory]
    [InlineData("2012-03-09", 20120309)]
    [InlineData("20120309", 20120309)]
    [InlineData("09/03/2012", 20120309)]
    [InlineData("9.3.12", 20120309)]
    [InlineData("9 Mar 2012", 20120309)]
    [InlineData("March 9, 2012", 20120309)]
    [InlineData("09032012", 20120309)]
    [InlineData("2012", 20120000)]
    [InlineData("2012-03", 20120300)]
    [InlineData("1856-86-18", 18568618)]
    [InlineData("2012-03-09T00:00:00", 20120309)]
    [InlineData("unknown", 0)]
    [InlineData("", 0)]
    public void Dates_of_birth_are_read_as_they_are_written(string written, int expected) => Assert.Equal(expected, RowBuilder.Birth(written));

    [Theory]
    [InlineData("07700 900123", "+44 7700 900123")]
    [InlineData("07700900123", "0044 7700 900123")]
    [InlineData("(01274) 496000", "+44 1274 496000")]
    public void Telephone_numbers_are_the_same_with_and_without_country_code(string a, string b) =>
        Assert.Equal(RowBuilder.Phone(a), RowBuilder.Phone(b));

    [Theory]
    [InlineData("Flat 2, 14 High Street")]
    [InlineData("2/14 High St")]
    [InlineData("14 High Street, Flat 2")]
    public void An_address_reads_alike_in_its_usual_spellings(string written)
    {
        var texts = new TextTable();
        var builder = new RowBuilder(texts);
        var expected = builder.Address("Flat 2 14 high street");

        Assert.Equal(expected, builder.Address(written));
        Assert.NotEqual(0, expected.Number);
        Assert.NotEqual(0, expected.Flat);
    }

    [Fact]
    public void Titles_and_honours_are_no_part_of_a_name()
    {
        var texts = new TextTable();
        var builder = new RowBuilder(texts);

        var (given, _, family) = builder.Name(default, default, default, "Sir John Aird 1st Baronet");

        Assert.Equal("john", Encoding.Latin1.GetString(texts.Bytes(given)));
        Assert.Equal("aird", Encoding.Latin1.GetString(texts.Bytes(family)));
    }

    [Theory]
    [InlineData("943 476 5919", true)]
    [InlineData("943 476 5918", false)]
    public void The_check_digit_of_an_NHS_number_is_verified(string written, bool holds) =>
        Assert.Equal(holds, RowBuilder.NhsHolds(RowBuilder.Nhs(written)));

    [Fact]
    public void The_words_of_the_data_file_do_not_share_a_hash()
    {
        var words = EmbeddedData.Lines("words.tsv").Select(l => l.Split('\t')).Where(p => p[0] != "particle").Select(p => p[1]).Distinct().ToArray();

        Assert.Equal(words.Length, words.Select(w => TextTable.Hash(Encoding.ASCII.GetBytes(w))).Distinct().Count());
    }
}
