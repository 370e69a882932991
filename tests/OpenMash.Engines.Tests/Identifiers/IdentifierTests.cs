using CsCheck;
using OpenMash.Engines.Identifiers;

namespace OpenMash.EnginesTests.Identifiers;

public class IdentifierTests
{
    [Theory]
    [InlineData("9434765919", "9434765919", "943 476 5919")] // NHS Data Dictionary's example
    [InlineData("943 476 5919", "9434765919", "943 476 5919")]
    [InlineData(" 943-476-5919\u00A0", "9434765919", "943 476 5919")]
    [InlineData("9990000018", "9990000018", "999 000 0018")] // 9*10+9*9+9*8+1*2=245, 245 mod 11=3, 11-3=8
    [InlineData("9990123454", "9990123454", "999 012 3454")] // 90+81+72+0+6+10+12+12+10=293, 293 mod 11=7, 11-7=4
    public void NHS_numbers_are_read(string text, string value, string display)
    {
        Assert.True(NhsNumber.TryParse(text, out var number, out var reason), reason);
        Assert.Equal((value, display), (number.Value, number.Display));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("943476591", "10 digits, this has 9")]
    [InlineData("94347659190", "this has 11")]
    [InlineData("943476591X", "digits only")]
    [InlineData("٩٤٣٤٧٦٥٩١٩", "digits only")]
    [InlineData("9434765918", "check digit does not fit")]
    [InlineData("9434765199", "check digit does not fit")]
    [InlineData("1111111111", "ten equal digits")]
    [InlineData("0000000000", "ten equal digits")]
    [InlineData("1000000010", "check digit would be 10")] // 1*10+1*2=12, 12 mod 11=1, 11-1=10
    public void Other_texts_are_not_NHS_numbers(string text, string expected)
    {
        Assert.False(NhsNumber.TryParse(text, out _, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_NHS_number_is_marked()
    {
        Assert.True(NhsNumber.TryParse("9990000018", out var test, out _));
        Assert.True(NhsNumber.TryParse("9434765919", out var other, out _));
        Assert.True(test.IsTest);
        Assert.False(other.IsTest);
    }

    [Fact]
    public void Changing_one_digit_of_an_NHS_number_is_always_noticed() =>
        Gen.Select(Gen.Int[0, 999_999_999], Gen.Int[0, 9], Gen.Int[1, 9]).Sample((nine, position, change) =>
        {
            var first = nine.ToString("000000000", System.Globalization.CultureInfo.InvariantCulture);
            var valid = Enumerable.Range(0, 10).Select(d => first + d).FirstOrDefault(n => NhsNumber.TryParse(n, out _, out _));
            if (valid is null)
                return;
            var digits = valid.ToCharArray();
            digits[position] = (char)('0' + ((digits[position] - '0' + change) % 10));

            Assert.False(NhsNumber.TryParse(digits, out _, out _));
        });

    [Theory]
    [InlineData("H801200001001", false)] // 8*2+1*4+2*5+1*10+1*13=53, 53 mod 23=7, H
    [InlineData("h801200001001", false)]
    [InlineData(" H801 2000 01001 ", false)]
    [InlineData("U80120000100A", true)] // A counts 0: 40 mod 23=17, U
    [InlineData("E80120000100Z", true)] // Z counts 22: 40+22*13=326, 326 mod 23=4, E
    public void UPNs_are_read_and_temporary_ones_marked(string text, bool temporary)
    {
        Assert.True(Upn.TryParse(text, out var upn, out var reason), reason);
        Assert.Equal(temporary, upn.IsTemporary);
        Assert.Equal("801", upn.AuthorityCode);
    }

    [Theory]
    [InlineData("H80120000100", "13 characters, this has 12")]
    [InlineData("1801200001001", "begins with a letter")]
    [InlineData("H999200001001", "not the code of a local authority")]
    [InlineData("HX01200001001", "not the code of a local authority")]
    [InlineData("H8012X0001001", "5 to 12 of a UPN are digits")]
    [InlineData("H80120000100S", "other than I, O and S")]
    [InlineData("J801200001001", "check letter does not fit")]
    [InlineData("A123456789123", "not the code of a local authority")] // the samples' invented UPN
    public void Other_texts_are_not_UPNs(string text, string expected)
    {
        Assert.False(Upn.TryParse(text, out _, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sw1a1aa", "SW1A1AA", "SW1A 1AA", "SW")]
    [InlineData(" M1  1AE ", "M11AE", "M1 1AE", "M")]
    [InlineData("B33 8TH", "B338TH", "B33 8TH", "B")]
    [InlineData("CR2 6XH", "CR26XH", "CR2 6XH", "CR")]
    [InlineData("DN55 1PT", "DN551PT", "DN55 1PT", "DN")]
    [InlineData("W1A 0AX", "W1A0AX", "W1A 0AX", "W")]
    [InlineData("ec1a1bb", "EC1A1BB", "EC1A 1BB", "EC")]
    [InlineData("GIR 0AA", "GIR0AA", "GIR 0AA", "GIR")]
    [InlineData("ZZ99 3VZ", "ZZ993VZ", "ZZ99 3VZ", "ZZ")]
    public void Postcodes_are_read(string text, string value, string display, string area)
    {
        Assert.True(Postcode.TryParse(text, out var postcode, out var reason), reason);
        Assert.Equal((value, display, area), (postcode.Value, postcode.Display, postcode.Area));
        Assert.Equal(value.StartsWith("ZZ", StringComparison.Ordinal), postcode.IsPseudo);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("RM17", "5 to 7")]
    [InlineData("SW1A 1AAA", "5 to 7 letters and digits, this has 8")]
    [InlineData("M1 IAE", "begins with a digit, not \"I\"")]
    [InlineData("M1 1CE", "ends with two letters")]
    [InlineData("QM1 1AE", "other than Q, V and X")]
    [InlineData("MI1 1AE", "second letter")]
    [InlineData("MAA1 1AE", "not the first half")]
    [InlineData("M1I 1AE", "not the first half")]
    [InlineData("SW1C 1AA", "not the first half")]
    public void Other_texts_are_not_postcodes(string text, string expected)
    {
        Assert.False(Postcode.TryParse(text, out _, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab12 cde", "AB12CDE", "AB12 CDE", VehicleMarkStyle.Current)]
    [InlineData("A-123-BCD", "A123BCD", "A123 BCD", VehicleMarkStyle.Prefix)]
    [InlineData("Q1ABC", "Q1ABC", "Q1 ABC", VehicleMarkStyle.Prefix)]
    [InlineData("ABC123D", "ABC123D", "ABC 123D", VehicleMarkStyle.Suffix)]
    [InlineData("AIZ 1234", "AIZ1234", "AIZ 1234", VehicleMarkStyle.Dateless)]
    [InlineData("1234 AB", "1234AB", "1234 AB", VehicleMarkStyle.Dateless)]
    [InlineData("A1", "A1", "A 1", VehicleMarkStyle.Dateless)]
    [InlineData("101D234", "101D234", "101 D 234", VehicleMarkStyle.Diplomatic)]
    [InlineData("12AB34", "12AB34", "12 AB 34", VehicleMarkStyle.Military)]
    public void Vehicle_marks_are_read(string text, string value, string display, VehicleMarkStyle style)
    {
        Assert.True(VehicleMark.TryParse(text, out var mark, out var reason), reason);
        Assert.Equal((value, display, style), (mark.Value, mark.Display, mark.Style));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("A", "2 to 7")]
    [InlineData("AB12 CDEF", "2 to 7 letters and digits, this has 8")]
    [InlineData("AB12 C?E", "letters and digits only")]
    [InlineData("ABCDEFG", "no United Kingdom mark")]
    [InlineData("1234567", "no United Kingdom mark")]
    [InlineData("AI12 CDE", "no United Kingdom mark")]
    [InlineData("0123 AB", "no United Kingdom mark")]
    [InlineData("101A234", "no United Kingdom mark")]
    public void Other_texts_are_not_vehicle_marks(string text, string expected)
    {
        Assert.False(VehicleMark.TryParse(text, out _, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_that_look_alike_share_a_key()
    {
        Assert.True(VehicleMark.TryParse("AB10 OSZ", out var one, out _));
        Assert.True(VehicleMark.TryParse("A810", out _, out _));
        Assert.Equal("A810052", one.LookalikeKey);
    }

    [Theory]
    [InlineData("07700 900123", "+447700900123", "07700 900123", PhoneKind.Mobile)]
    [InlineData("+44 (0)7700-900123", "+447700900123", "07700 900123", PhoneKind.Mobile)]
    [InlineData("00447700900123", "+447700900123", "07700 900123", PhoneKind.Mobile)]
    [InlineData("(020) 7946 0018", "+442079460018", "020 7946 0018", PhoneKind.Geographic)]
    [InlineData("01214960018", "+441214960018", "0121 496 0018", PhoneKind.Geographic)]
    [InlineData("01142 496001 ", "+441142496001", "0114 249 6001", PhoneKind.Geographic)]
    [InlineData("01632 960018", "+441632960018", "01632 960018", PhoneKind.Geographic)]
    [InlineData("016977 2345", "+44169772345", "01697 72345", PhoneKind.Geographic)]
    [InlineData("0300 123 4567", "+443001234567", "0300 123 4567", PhoneKind.Other)]
    [InlineData("0800 123456", "+44800123456", "0800 123456", PhoneKind.Other)]
    [InlineData("08001111", "+448001111", "0800 1111", PhoneKind.Other)]
    [InlineData("01632 960018 ext. 12", "+441632960018", "01632 960018 ext 12", PhoneKind.Geographic)]
    [InlineData("07624 123456", "+447624123456", "07624 123456", PhoneKind.Mobile)]
    [InlineData("070 1234 5678", "+447012345678", "07012 345678", PhoneKind.Personal)]
    public void Telephone_numbers_are_read(string text, string value, string display, PhoneKind kind)
    {
        Assert.True(PhoneNumber.TryParse(text, out var number, out var reason), reason);
        Assert.Equal((value, display, kind), (number.Value, number.Display, number.Kind));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("+44", "empty")]
    [InlineData("999", "short code")]
    [InlineData("960018", "no area code")]
    [InlineData("+33 1 23 45 67 89", "another country")]
    [InlineData("7700900123", "does not begin with 0 or +44")]
    [InlineData("07700 90012", "has 11 digits with its 0, this has 10")]
    [InlineData("07700 9001234", "this has 12")]
    [InlineData("04700 900123", "begins with 04")]
    [InlineData("07700 9OO123", "digits only")]
    public void Other_texts_are_not_telephone_numbers(string text, string expected)
    {
        Assert.False(PhoneNumber.TryParse(text, out _, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_throws_and_a_normalised_form_reads_as_itself() =>
        Gen.String[Gen.Char["ABCDHILOQSXZ0123456789 +-()xe\u00A0٣é"], 0, 80].Sample(text =>
        {
            if (NhsNumber.TryParse(text, out var nhs, out _))
                Assert.True(NhsNumber.TryParse(nhs.Value, out var again, out _) && again == nhs);
            if (Upn.TryParse(text, out var upn, out _))
                Assert.True(Upn.TryParse(upn.Value, out var again, out _) && again == upn);
            if (Postcode.TryParse(text, out var postcode, out _))
                Assert.True(Postcode.TryParse(postcode.Display, out var again, out _) && again == postcode);
            if (VehicleMark.TryParse(text, out var mark, out _))
                Assert.True(VehicleMark.TryParse(mark.Display, out var again, out _) && again == mark);
            if (PhoneNumber.TryParse(text, out var phone, out _))
                Assert.True(PhoneNumber.TryParse(phone.Display, out var again, out _) && again == phone);
        });
}
