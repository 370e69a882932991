using OpenMash.Engines.Matching;

namespace OpenMash.EnginesTests.Matching;

public class PeopleIndexTests
{
    private static PersonDescription Child(string id, string given, string family, string birth, string? line = null, string? postcode = null, string? nhs = null, string? phone = null, string? sex = null) =>
        new(id)
        {
            Names = [new PersonName(given, family)],
            BirthDates = [birth],
            Addresses = line is null && postcode is null ? [] : [new PersonAddress(line, null, postcode)],
            NhsNumbers = nhs is null ? [] : [nhs],
            Phones = phone is null ? [] : [phone],
            Sex = sex,
        };

    private static PeopleIndex Borough()
    {
        var index = new PeopleIndex();
        index.Put(Child("p1", "Jayden", "Okonkwo-Smith", "2012-03-09", "14 High Street", "BD1 2AB", phone: "07700 900123"));
        index.Put(Child("p2", "Chloe", "Okonkwo-Smith", "2014-06-01", "14 High Street", "BD1 2AB", phone: "07700 900123"));
        index.Put(Child("p3", "Muhammad", "Khan", "2011-11-04", "3 Mill Lane", "BD3 4CD"));
        index.Put(Child("p4", "Łukasz", "Wiśniewski", "2010-01-30", "9 Park Road", "BD5 6EF"));
        index.Put(Child("p5", "Siân", "Llŷr-Jones", "2013-08-21", "1 Church Close", "BD7 8GH"));
        index.Put(Child("p6", "William", "Taylor", "2009-05-06", "22 Park Road", "BD5 6EF"));
        return index;
    }

    [Theory]
    [InlineData("Jaden", "Okonkwo Smith", "2012-03-09", "p1")]
    [InlineData("JAYDEN", "Smith", "09/03/2012", "p1")]
    [InlineData("Okonkwo-Smith", "Jayden", "9 Mar 2012", "p1")]
    [InlineData("Mohammed", "Kahn", "2011-11-04", "p3")]
    [InlineData("محمد", "خان", "2011-11-04", "p3")]
    [InlineData("Lukasz", "Wisniewski", "2010-01-30", "p4")]
    [InlineData("Sian", "Llyr Jones", "2013-08-21", "p5")]
    [InlineData("Billy", "Taylor", "2009-06-05", "p6")]
    public void A_misspelt_child_is_found_first(string given, string family, string birth, string expected)
    {
        using var index = Borough();

        var found = index.Find(Child("?", given, family, birth));

        Assert.Equal(expected, found[0].Id);
        Assert.True(found[0].Probability > 0.5, $"{found[0].Probability}");
    }

    [Theory]
    [InlineData("Daisy", "Langeverford", "1960-10-12", "Daisy", "Laneverford", "1950-10-12")]
    [InlineData("Danish", "Bazbal", "2008-09-28", "Danish", "Bazbjal", "2008-01-28")]
    [InlineData("Priyp", "Mathi", "1972-02-18", "Priya", "Mathi", "1971-02-18")]
    [InlineData("Zuzana", "Jasskrewski", "1986-12-09", "Zuzana", "Jasskrewsui", "")]
    public void A_misspelt_name_and_a_wrong_or_missing_birthday_together_do_not_hide_a_child(string given, string family, string birth, string held, string heldFamily, string heldBirth)
    {
        using var index = Borough();
        index.Put(Child("right", held, heldFamily, heldBirth));

        Assert.Equal("right", index.Find(Child("?", given, family, birth), atLeast: 0)[0].Id);
    }

    [Fact]
    public void A_neighbouring_postcode_says_less_when_the_street_is_another()
    {
        using var index = Borough();
        var asked = Child("?", "Erin", "Vaughan", "2012-05-06", "14 High Street", "BD1 2AB");

        var slip = index.Explain(asked, Child("a", "Erin", "Vaughan", "2012-05-06", null, "BD1 2AC"));
        var street = index.Explain(asked, Child("a", "Erin", "Vaughan", "2012-05-06", "14 High Street", "BD1 2AC"));
        var elsewhere = index.Explain(asked, Child("a", "Erin", "Vaughan", "2012-05-06", "9 Mill Lane", "BD1 2AC"));

        static double Home(PersonCandidate c) => c.Reasons.Single(r => r.Comparison == "home").Bits;
        Assert.True(Home(elsewhere) < Home(slip) && Home(slip) < Home(street), $"{Home(elsewhere)} {Home(slip)} {Home(street)}");
    }

    [Fact]
    public void The_whole_register_is_matched_alike_in_whatever_order_it_was_put_and_the_weights_learnt_are_used()
    {
        var people = new List<PersonDescription>();
        for (var i = 0; i < 400; i++)
        {
            var (given, family) = ($"G{(char)('a' + (i % 26))}{(char)('a' + (i * 7 % 26))}rin", $"F{(char)('a' + (i * 3 % 26))}{(char)('a' + (i * 11 % 26))}ston{(char)('a' + (i % 5))}");
            people.Add(Child($"p{i}", given, family, $"20{8 + (i % 12):D2}-{1 + (i % 12):D2}-{1 + (i % 28):D2}", $"{i} Park Road"));
            if (i % 4 == 0)
                people.Add(Child($"q{i}", given, family.Remove(2, 1), $"20{8 + (i % 12):D2}-{1 + (i % 12):D2}-{1 + (i % 28):D2}", $"{i} Park Road"));
        }

        using var index = new PeopleIndex();
        using var other = new PeopleIndex();
        foreach (var p in people)
            index.Put(p);
        foreach (var p in Enumerable.Reverse(people))
            other.Put(p);
        index.Put(people[0] with { Names = [.. people[0].Names, new PersonName("Known", "Otherwise")] });
        other.Put(people[0] with { Names = [.. people[0].Names, new PersonName("Known", "Otherwise")] });
        var before = index.Find(people[1])[0].Weight;

        var found = index.MatchAll(new MatchOptions { Threads = 1 });
        var again = other.MatchAll(new MatchOptions { Threads = 2 });
        index.Use(found.Model);

        Assert.Equal(found.Pairs, again.Pairs);
        Assert.Equal(500, found.Model.Records);
        Assert.Equal(["p0"], found.Manifold);
        Assert.Equal(100, found.Pairs.Count(p => p.Probability >= 0.5 && p.First[1..] == p.Second[1..]));
        Assert.Equal(100, found.Pairs.Count(p => p.Probability >= 0.5));
        Assert.NotEqual(before, index.Find(people[1])[0].Weight);
        using var snapshot = new MemoryStream();
        index.Save(snapshot);
        snapshot.Position = 0;
        using var restored = PeopleIndex.Load(snapshot);
        Assert.Equal(index.Find(people[1])[0].Weight, restored.Find(people[1])[0].Weight);
    }

    [Fact]
    public void The_waterfall_adds_up_to_the_weight_and_says_what_was_found_in_words()
    {
        using var index = Borough();

        var found = index.Find(Child("?", "Billy", "Taylor", "2009-06-05", "22 Park Road", "BD5 6EF"))[0];

        Assert.Equal(found.Weight, found.Reasons.Sum(r => r.Bits), 3);
        Assert.Contains(found.Reasons, r => r.Words == "day and month exchanged");
        Assert.Contains(found.Reasons, r => r.Words == "known short form of the same given name");
    }

    [Fact]
    public void An_unknown_sibling_at_the_same_address_and_telephone_is_no_strong_match()
    {
        using var index = Borough();

        var found = index.Find(Child("?", "Tyler", "Okonkwo-Smith", "2016-02-11", "14 High Street", "BD1 2AB", phone: "07700900123"));

        Assert.All(found, c => Assert.True(c.Probability < 0.5, $"{c.Id} {c.Probability}"));
    }

    [Fact]
    public void A_twin_is_shown_as_a_contradiction()
    {
        using var index = Borough();

        var found = index.Find(Child("?", "Amelia", "Okonkwo-Smith", "2014-06-01", "14 High Street", "BD1 2AB"), atLeast: 0);

        var chloe = Assert.Single(found, c => c.Id == "p2");
        Assert.Contains("twins", Assert.Single(chloe.Contradictions), StringComparison.Ordinal);
        Assert.True(chloe.Probability < 0.95);
    }

    [Fact]
    public void Two_valid_NHS_numbers_are_a_contradiction()
    {
        using var index = new PeopleIndex();
        index.Put(Child("a", "Amelia", "Brown", "2014-06-01", nhs: "943 476 5919"));

        var found = index.Find(Child("?", "Amelia", "Brown", "2014-06-01", nhs: "401 023 2137"), atLeast: 0);

        Assert.Contains("NHS number", Assert.Single(found[0].Contradictions), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_value_is_not_disagreement()
    {
        using var index = Borough();
        var full = index.Find(Child("?", "Muhammad", "Khan", "2011-11-04"))[0];

        Assert.DoesNotContain(full.Reasons, r => r.Comparison is "home" or "phone" or "nhs");
    }

    [Fact]
    public void A_changed_person_is_found_by_the_new_facts_and_not_by_the_old()
    {
        using var index = Borough();
        index.Put(Child("p3", "Zachary", "Adeyemi", "2015-12-25"));

        Assert.Equal("p3", index.Find(Child("?", "Zachary", "Adeyemi", "2015-12-25"))[0].Id);
        Assert.DoesNotContain(index.Find(Child("?", "Muhammad", "Khan", "2011-11-04")), c => c.Id == "p3");
        Assert.Equal(6, index.Count);
    }

    [Fact]
    public void A_removed_person_is_not_found()
    {
        using var index = Borough();
        Assert.True(index.Remove("p3"));
        Assert.False(index.Remove("p3"));

        Assert.Empty(index.Find(Child("?", "Muhammad", "Khan", "2011-11-04")));
        Assert.Equal(5, index.Count);
    }

    [Fact]
    public void Merged_people_answer_as_one_and_unmerging_restores_the_answers()
    {
        using var index = Borough();
        index.Put(Child("p7", "Bill", "Tailor", "2009-05-06", "5 Other Street", "LS1 1AA"));
        var asked = Child("?", "William", "Taylor", "2009-05-06", "5 Other Street", "LS1 1AA");
        var before = index.Find(asked);

        index.Merge("p7", "p6");
        var merged = index.Find(asked);
        index.Unmerge("p7");
        var after = index.Find(asked);

        Assert.Equal("p6", Assert.Single(merged).Id);
        Assert.True(merged[0].Weight > before[0].Weight);
        Assert.Equal(before.Select(c => (c.Id, c.Weight)), after.Select(c => (c.Id, c.Weight)));
    }

    [Fact]
    public void A_person_of_the_index_is_put_beside_others_as_a_new_record_would_be_and_never_beside_themselves()
    {
        using var index = Borough();
        index.Put(Child("p7", "Bill", "Tailor", "2009-05-06", "5 Other Street", "LS1 1AA"));
        var asked = index.Find(Child("?", "Bill", "Tailor", "2009-05-06", "5 Other Street", "LS1 1AA")).Where(c => c.Id != "p7");

        var others = index.FindOthers("p7");

        Assert.NotEmpty(others);
        Assert.Equal(asked.Select(c => (c.Id, c.Weight)), others.Select(c => (c.Id, c.Weight)));
        index.Merge("p7", "p6");
        Assert.DoesNotContain(index.FindOthers("p7"), c => c.Id is "p6" or "p7");
        Assert.Throws<KeyNotFoundException>(() => index.FindOthers("nobody"));
    }

    [Fact]
    public void A_merge_into_ones_own_follower_is_refused()
    {
        using var index = Borough();
        index.Merge("p1", "p2");

        Assert.Throws<InvalidOperationException>(() => index.Merge("p2", "p1"));
        Assert.Throws<InvalidOperationException>(() => index.Merge("p1", "p3"));
        Assert.Throws<KeyNotFoundException>(() => index.Merge("nobody", "p3"));
    }

    [Fact]
    public void A_former_name_and_a_former_address_count()
    {
        using var index = new PeopleIndex();
        index.Put(new PersonDescription("x")
        {
            Names = [new PersonName("Sarah", "Adams"), new PersonName("Sarah", "Begum")],
            BirthDates = ["1990-02-03"],
            Addresses = [new PersonAddress("1 A Street", null, "AB1 1AA"), new PersonAddress("2 B Street", null, "CD2 2BB")],
        });

        var found = index.Find(Child("?", "Sarah", "Begum", "1990-02-03", "1 A Street", "AB1 1AA"));

        Assert.True(found[0].Probability > 0.99);
    }

    [Fact]
    public void A_snapshot_restores_the_same_answers_and_saves_the_same_bytes()
    {
        using var index = Borough();
        index.Merge("p1", "p2");
        index.Sequence = 42;
        using var saved = new MemoryStream();
        index.Save(saved);
        saved.Position = 0;
        using var again = PeopleIndex.Load(saved);
        using var savedAgain = new MemoryStream();
        again.Save(savedAgain);

        var asked = Child("?", "Jaden", "Okonkwo Smith", "2012-03-09");
        Assert.Equal(42, again.Sequence);
        Assert.Equal(index.Count, again.Count);
        Assert.Equal(index.Find(asked).Select(c => (c.Id, c.Weight)), again.Find(asked).Select(c => (c.Id, c.Weight)));
        Assert.Equal(saved.ToArray(), savedAgain.ToArray());
    }

    [Fact]
    public void A_damaged_or_cut_snapshot_is_refused()
    {
        using var index = Borough();
        using var saved = new MemoryStream();
        index.Save(saved);
        var bytes = saved.ToArray();

        var damaged = bytes.ToArray();
        damaged[^100] ^= 1;
        Assert.Throws<InvalidDataException>(() => PeopleIndex.Load(new MemoryStream(damaged)));
        Assert.Throws<InvalidDataException>(() => PeopleIndex.Load(new MemoryStream(bytes, 0, bytes.Length / 2)));
        Assert.Throws<InvalidDataException>(() => PeopleIndex.Load(new MemoryStream([1, 2, 3, 4, 5, 6, 7, 8, 9])));
    }

    [Fact]
    public void Nothing_known_finds_nobody()
    {
        using var index = Borough();

        Assert.Empty(index.Find(new PersonDescription("?")));
    }
}
