using System.Text;
using OpenMash.Engines.Matching;

namespace OpenMash.EnginesTests.Matching;

public class PeopleMatcherTests
{
    private static MemoryStream Csv(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Invented people, every fifth written a second time with a slip; the truth is the person's number.</summary>
    private static (string Text, int[] Truth) File(int people, int seed = 1)
    {
        var given = "oliver,amelia,noah,isla,george,ava,arthur,mia,muhammad,ivy,leo,lily,oscar,freya,theo,rosie,jayden,willow,henry,zara,aisha,kacper,zuzanna,femi".Split(',');
        var family = "ackroyd,barlow,cunliffe,dhillon,entwistle,farooq,grabowski,holroyd,iqbal,jagger,kowalczyk,lumb,mensah,naylor,okafor,pickles,qureshi,ramsden,sutcliffe,tordoff,uppal,varley,whitwam,yeadon".Split(',');
        var text = new StringBuilder("id,given_name,surname,date_of_birth,sex,address_1,postcode,phone\n");
        var truth = new List<int>();
        var state = (uint)seed;
        int Next(int n)
        {
            state = (state * 1664525) + 1013904223;
            return (int)((state >> 8) % (uint)n);
        }

        var row = 0;
        for (var p = 0; p < people; p++)
        {
            var g = given[Next(given.Length)];
            var f = family[Next(family.Length)] + (Next(3) == 0 ? family[Next(family.Length)][..3] : "");
            var (y, m, d) = (2005 + Next(15), 1 + Next(12), 1 + Next(28));
            var address = $"{1 + Next(200)} {family[Next(family.Length)]} road";
            var code = $"BD{1 + Next(20)} {Next(10)}A{(char)('A' + Next(20))}";
            var phone = $"07{100000000 + Next(1 << 23) * 37}";
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"r{row++},{g},{f},{y}-{m:D2}-{d:D2},{(Next(2) == 0 ? "M" : "F")},{address},{code},{phone}");
            truth.Add(p);
            if (p % 5 != 0)
                continue;
            var slip = Next(4);
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"r{row++},{(slip == 0 ? g[..^1] : g)},{(slip == 1 ? f + "e" : f)},{y}-{(slip == 2 && d <= 12 ? d : m):D2}-{(slip == 2 && d <= 12 ? m : d):D2},,{(slip == 3 ? "" : address)},{(slip == 3 ? "LS1 1AA" : code)},{phone}");
            truth.Add(p);
        }

        return (text.ToString().Replace("\r", "", StringComparison.Ordinal), [.. truth]);
    }

    [Fact]
    public void Duplicates_are_found_without_being_told_anything()
    {
        var (text, truth) = File(4000);
        var table = PeopleReader.Read(Csv(text));

        var accuracy = MatchAccuracy.Of(PeopleMatcher.Match(table), truth, table.FirstFile);

        Assert.True(accuracy.F1 > 0.97, $"{accuracy}");
        Assert.True(accuracy.ClusterF1 > 0.97, $"{accuracy}");
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        var (text, _) = File(6000);

        (MatchedPair[], int[], string) Run(int threads)
        {
            var table = PeopleReader.Read(Csv(text), new PeopleReadOptions { Threads = threads });
            var result = PeopleMatcher.Match(table, new MatchOptions { Threads = threads });
            using var model = new MemoryStream();
            result.Model.Write(model);
            return ([.. result.Pairs], [.. result.Clusters], Encoding.UTF8.GetString(model.ToArray()));
        }

        var one = Run(1);
        var four = Run(4);

        Assert.Equal(one.Item1, four.Item1);
        Assert.Equal(one.Item2, four.Item2);
        Assert.Equal(one.Item3, four.Item3);
    }

    [Fact]
    public void A_model_can_be_kept_and_used_again()
    {
        var (text, truth) = File(3000);
        var table = PeopleReader.Read(Csv(text));
        var learnt = PeopleMatcher.Match(table);
        using var kept = new MemoryStream();
        learnt.Model.Write(kept);
        kept.Position = 0;

        var (other, otherTruth) = File(3000, 9);
        var second = PeopleReader.Read(Csv(other));
        var again = PeopleMatcher.Match(second, new MatchOptions { Model = MatchModel.Read(kept) });

        Assert.NotEmpty(truth);
        Assert.True(MatchAccuracy.Of(again, otherTruth, second.FirstFile).F1 > 0.97);
    }

    [Fact]
    public void Linking_compares_only_across_the_two_files()
    {
        var (text, _) = File(1000);
        var table = PeopleReader.Read(Csv(text), Csv(text));

        var result = PeopleMatcher.Match(table);

        Assert.All(result.Pairs, p => Assert.True(p.Left < table.FirstFile && p.Right >= table.FirstFile));
        var same = result.Pairs.Count(p => p.Right - p.Left == table.FirstFile && p.Probability > 0.5);
        Assert.Equal(table.FirstFile, same);
    }

    [Fact]
    public void No_pair_is_given_twice()
    {
        var (text, _) = File(6000);

        var pairs = PeopleMatcher.Match(PeopleReader.Read(Csv(text))).Pairs;

        Assert.Equal(pairs.Count, pairs.Select(p => (p.Left, p.Right)).Distinct().Count());
    }

    [Fact]
    public void Clusters_do_not_chain_at_any_threshold()
    {
        var (text, truth) = File(3000);

        foreach (var threshold in new[] { 0.02, 0.2, 0.8, 0.99 })
        {
            var table = PeopleReader.Read(Csv(text));
            var result = PeopleMatcher.Match(table, new MatchOptions { Threshold = threshold });
            Assert.True(MatchAccuracy.Of(result, truth, table.FirstFile).ClusterF1 > 0.9, $"{threshold}");
        }
    }

    [Fact]
    public void Two_valid_NHS_numbers_are_held_apart_and_shown()
    {
        var (text, _) = File(1500);
        text = text.Replace("\nr", "\n,r", StringComparison.Ordinal).Replace("id,given", "nhs_number,id,given", StringComparison.Ordinal);
        text += "9434765919,x1,zebedee,quillfeather,2011-05-06,M,1 odd road,BD1 1AA,07999999999\n4010232137,x2,zebedee,quillfeather,2011-05-06,M,1 odd road,BD1 1AA,07999999999\n";
        var table = PeopleReader.Read(Csv(text));

        var result = PeopleMatcher.Match(table);

        var held = Assert.Single(result.HeldApart);
        Assert.Contains("NHS number", held.Reason, StringComparison.Ordinal);
        Assert.NotEqual(result.Clusters[held.Left], result.Clusters[held.Right]);
    }

    [Fact]
    public void Usual_headings_are_recognised_and_truth_is_not_evidence()
    {
        var table = PeopleReader.Read(Csv("unique_id;First Name;LAST_NAME;DOB;cluster;Postcode\n1;Ann;Lee;2001-01-02;7;BD1 1AA\n"));

        Assert.Equal(
            [PeopleRole.Id, PeopleRole.Given, PeopleRole.Family, PeopleRole.Birth, PeopleRole.None, PeopleRole.Postcode],
            table.Columns[0].Select(c => c.Role));
    }

    [Fact]
    public void Year_month_and_day_of_birth_may_stand_apart()
    {
        var table = PeopleReader.Read(Csv("id,fname_c1,lname_c1,by,bm,bd\n1,CARSTEN,MEIER,1949,7,22\n"));

        Assert.Equal(19490722, table.Rows[0].Birth);
    }

    [Fact]
    public void A_file_without_evidence_is_refused_and_says_what_to_do()
    {
        var e = Assert.Throws<InvalidDataException>(() => PeopleReader.Read(Csv("id,colour\n1,red\n")));

        Assert.Contains("--map", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_two_column_file_with_names_is_taken_and_rows_are_numbered()
    {
        var table = PeopleReader.Read(Csv("given_name,surname\nAnn,Lee\nAnne,Lee\n"));

        Assert.Equal(2, table.Count);
        Assert.Equal("1", table.Id(0));
    }

    [Fact]
    public void A_repeated_identifier_is_reported_and_a_column_of_repeats_refused()
    {
        var rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},Ann,Lee\n"));
        var table = PeopleReader.Read(Csv("id,given_name,surname\n" + rows + "7,Bob,Lee\n"));

        Assert.Equal(40, table.Count);
        Assert.Contains("\"7\"", Assert.Single(table.BadRows).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => PeopleReader.Read(Csv("id,given_name,surname\n" + rows + rows)));
    }

    [Fact]
    public void A_bad_row_is_reported_with_its_line_and_the_rest_goes_on()
    {
        var table = PeopleReader.Read(Csv("id,given_name,surname\n1,Ann,\"Lee\nof Bradwell\"\n2,Bob\n3,Cid,Fox\n"));

        Assert.Equal(2, table.Count);
        Assert.Equal(4, Assert.Single(table.BadRows).Line);
    }

    [Fact]
    public void A_file_that_is_not_UTF8_is_read_as_Western_European_and_says_so()
    {
        var bytes = Encoding.Latin1.GetBytes("id,given_name,surname\n1,Zoë,Brontë\n");

        var table = PeopleReader.Read(new MemoryStream(bytes));

        Assert.Equal("zoe", Encoding.Latin1.GetString(table.Texts.Bytes(table.Rows[0].Given)));
        Assert.Contains("UTF-8", Assert.Single(table.BadRows).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_UTF16_file_with_its_mark_is_read()
    {
        var bytes = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("id,given_name,surname\n1,Łukasz,Wójcik\n")).ToArray();

        var table = PeopleReader.Read(new MemoryStream(bytes));

        Assert.Equal("lukasz", Encoding.Latin1.GetString(table.Texts.Bytes(table.Rows[0].Given)));
    }

    [Fact]
    public void Zero_bytes_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => PeopleReader.Read(new MemoryStream([0x50, 0x4B, 0, 0, 10, 0])));
    }

    [Fact]
    public void Too_little_memory_is_refused_before_the_work_begins()
    {
        var (text, _) = File(2000);

        var e = Assert.Throws<InvalidDataException>(() => PeopleReader.Read(Csv(text), new PeopleReadOptions { MemoryLimit = 1 << 20 }));

        Assert.Contains("memory", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Month_first_dates_are_noticed()
    {
        var rows = string.Concat(Enumerable.Range(1, 20).Select(i => $"{i},Ann,Lee,03/{10 + i % 18:D2}/2011\n"));
        var table = PeopleReader.Read(Csv("id,given_name,surname,dob\n" + rows));

        Assert.Equal(20110311, table.Rows[0].Birth);
    }

    [Fact]
    public void An_empty_file_gives_no_pairs()
    {
        var table = PeopleReader.Read(Csv("id,given_name,surname\n"));

        Assert.Empty(PeopleMatcher.Match(table).Pairs);
    }

    [Fact]
    public void A_model_of_another_shape_is_refused_by_name()
    {
        using var json = Csv("{\"comparisons\":[],\"matchesPerRecord\":1}");

        Assert.Contains("comparisons", Assert.Throws<InvalidDataException>(() => MatchModel.Read(json)).Message, StringComparison.Ordinal);
    }
}
