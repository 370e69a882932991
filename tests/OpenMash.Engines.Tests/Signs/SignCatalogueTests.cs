using OpenMash.Engines.Signs;

namespace OpenMash.EnginesTests.Signs;

public class SignCatalogueTests
{
    private static string Problem(string json) => Assert.Throws<SignCatalogueException>(() => SignCatalogue.Parse(json)).Message;

    private static string ProblemOf(string phrase) =>
        Problem($$"""{"signs":[{"id":"s1","name":"n","phrases":[{{System.Text.Json.JsonSerializer.Serialize(phrase)}}]}]}""");

    [Theory]
    [InlineData("[older|adult boyfriend", "never closed")]
    [InlineData("older] boyfriend", "closes nothing")]
    [InlineData("older|boyfriend", "square brackets")]
    [InlineData("a {3-1} b", "not known")]
    [InlineData("a {0-99} b", "at most 12")]
    [InlineData("a {0-3 b", "never closed")]
    [InlineData("a {someone} b", "not known")]
    [InlineData("older (boyfriend", "round bracket")]
    [InlineData("older ~", "directly after a word")]
    [InlineData("older \\", "nothing to protect")]
    [InlineData("{0-3} boyfriend", "between words")]
    [InlineData("", "empty")]
    [InlineData("  \n ", "empty")]
    [InlineData("***", "nearly everything")]
    [InlineData(".*", "nearly everything")]
    [InlineData("[a|]", "empty")]
    [InlineData("{number}", "nearly everything")]
    [InlineData("{age} {0-2} {number}", "nearly everything")]
    public void A_broken_phrase_is_refused_and_the_message_says_where_and_why(string phrase, string expected)
    {
        var message = ProblemOf(phrase);

        Assert.Contains("signs[0] (id \"s1\").phrases[0]", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_stands_for_too_many_forms_is_refused() =>
        Assert.Contains("more than", ProblemOf(string.Concat(Enumerable.Repeat("[a|b|c|d|e|f|g|h|i|j] ", 5))), StringComparison.Ordinal);

    [Fact]
    public void Every_fault_of_a_file_is_listed_not_only_the_first()
    {
        var problems = Assert.Throws<SignCatalogueException>(() => SignCatalogue.Parse(
            """{"validFrom":"1 May","signs":[{"id":"a","name":"x","phrases":[""]},{"id":"a","name":"y","phrases":["ok"],"kind":"risk"},{"name":"z","phrases":[]}]}""")).Problems;

        Assert.Equal(6, problems.Count);
        Assert.Contains(problems, p => p.Message.Contains("already used", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{\"signs\":[", "not valid JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{}", "no \"signs\" list")]
    [InlineData("{\"signs\":[]}", "empty")]
    [InlineData("{\"signs\":[3]}", "must be an object")]
    public void A_file_that_is_no_catalogue_is_refused(string json, string expected) => Assert.Contains(expected, Problem(json), StringComparison.Ordinal);

    [Fact]
    public void The_simplest_file_is_enough()
    {
        var catalogue = SignCatalogue.Parse("""{"signs":[{"id":"s1","name":"Older partner","phrases":["older boyfriend"]}]}""");

        Assert.Equal("Older partner", Assert.Single(catalogue.Signs).Name);
        Assert.Empty(catalogue.Warnings);
    }

    [Fact]
    public void A_phrase_of_function_words_is_allowed_with_a_warning() =>
        Assert.Contains("nearly every note", Assert.Single(SignCatalogue.Parse("""{"signs":[{"id":"s","name":"n","phrases":["she is"]}]}""").Warnings).Message, StringComparison.Ordinal);

    [Fact]
    public void An_exact_phrase_may_hold_the_characters_of_patterns()
    {
        var scanner = new SignScanner(SignCatalogue.Parse("""{"signs":[{"id":"s","name":"n","phrases":[{"exact":"a [b|c] {d}~ (e"}]}]}"""));

        Assert.Single(scanner.Scan("x A [b|c]  {D}~ (e."));
    }

    [Fact]
    public void The_shipped_catalogue_is_whole_and_says_where_it_comes_from()
    {
        var catalogue = SignCatalogue.Shipped();

        Assert.Equal(68, catalogue.Signs.Count);
        Assert.Empty(catalogue.Warnings);
        Assert.NotEqual("", catalogue.Source);
        Assert.NotEqual("", catalogue.Version);
        Assert.NotEqual("", catalogue.ValidFrom);
        Assert.All(catalogue.Signs, s =>
        {
            Assert.NotEqual("", s.Group);
            Assert.NotEqual("", s.Description);
            Assert.NotEqual("", s.Action);
            Assert.NotEqual("", s.Source);
            Assert.True(s.Phrases.Count >= 5, s.Id);
        });
    }

    [Fact]
    public void Age_changes_the_kind_of_a_sign()
    {
        var sexual = SignCatalogue.Shipped().Signs.Single(s => s.Id == "C18");

        Assert.Equal(SignKind.EvidenceOfHarm, sexual.KindAt(12));
        Assert.Equal(SignKind.Sign, sexual.KindAt(13));
        Assert.Equal(SignKind.Sign, sexual.KindAt(17));
    }
}
