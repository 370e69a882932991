using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OpenMash.Hub.Platform.Furniture;

namespace OpenMash.HubTests.Furniture;

/// <summary>The furniture over HTTP, by the pattern pages that show every component.</summary>
public sealed class PatternPages : IAsyncLifetime
{
    private WebApplication host = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync() => (host, client) = await StartAsync("Development");

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("/patterns")]
    [InlineData("/patterns/public")]
    [InlineData("/patterns/print")]
    public async Task A_page_carries_nothing_that_a_strict_content_policy_forbids(string url)
    {
        var page = await Get(url);
        Assert.Empty(page.QuerySelectorAll("[style], style"));
        Assert.All(page.QuerySelectorAll("script"), s => Assert.True(s.HasAttribute("src"), s.OuterHtml));
        Assert.All(page.All, e => Assert.DoesNotContain(e.Attributes, a => a.Name.StartsWith("on", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/patterns")]
    [InlineData("/patterns/public")]
    public async Task Every_id_is_unique_and_every_reference_to_one_is_kept(string url)
    {
        var page = await Get(url);
        var ids = page.QuerySelectorAll("[id]").Select(e => e.Id!).ToList();
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
        foreach (var attribute in new[] { "aria-describedby", "aria-labelledby", "aria-controls", "for" })
        {
            foreach (var element in page.QuerySelectorAll($"[{attribute}]"))
            {
                foreach (var id in element.GetAttribute(attribute)!.Split(' ')) Assert.True(ids.Contains(id), $"{attribute}=\"{id}\" leads nowhere: {element.OuterHtml}");
            }
        }

        Assert.All(page.QuerySelectorAll("a[href^='#']"), a => Assert.Contains(a.GetAttribute("href")![1..], ids));
    }

    [Fact]
    public async Task Every_field_has_a_label()
    {
        var page = await Get("/patterns");
        foreach (var field in page.QuerySelectorAll("input:not([type=hidden]), select, textarea"))
            Assert.True(page.QuerySelector($"label[for='{field.Id}']") is not null, field.OuterHtml);
    }

    [Fact]
    public async Task Search_and_sign_out_are_posts_with_a_token_so_that_no_name_stands_in_an_address()
    {
        var page = await Get("/patterns");
        foreach (var action in new[] { "/search", "/account/sign-out" })
        {
            var form = Assert.IsType<IHtmlFormElement>(page.QuerySelector($"form[action='{action}']"), exactMatch: false);
            Assert.Equal("post", form.Method);
            Assert.NotNull(form.QuerySelector("input[name=__RequestVerificationToken]"));
        }
    }

    [Fact]
    public async Task The_error_summary_leads_to_each_wrong_field_in_the_order_of_the_form()
    {
        var page = await Post(new() { ["Input.On.day"] = "31", ["Input.On.month"] = "2", ["Input.On.year"] = "2014", ["Input.What"] = "", ["Input.Caller"] = "" });
        var links = page.QuerySelectorAll(".govuk-error-summary a");
        Assert.Equal(
            ["Enter the reference of the caller", "Enter what happened, in the words you were given", "Date it happened must be a real date: February 2014 has 28 days", "Choose a rating"],
            links.Select(a => a.TextContent));
        Assert.All(links, a => Assert.NotNull(page.GetElementById(a.GetAttribute("href")![1..])));
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_comes_back_with_the_complaint_and_encoded()
    {
        var page = await Post(new()
        {
            ["Input.What"] = "\nfirst line <b>\"quoted\"</b>",
            ["Input.On.day"] = "31",
            ["Input.On.month"] = "feb",
            ["Input.On.year"] = "2014",
            ["Input.Rating"] = "amber",
            ["Input.FamilyTold"] = "true",
        });
        Assert.Equal("\nfirst line <b>\"quoted\"</b>", ((IHtmlTextAreaElement)page.GetElementById("Input_What")!).Value);
        Assert.Equal(["31", "feb", "2014"], new[] { "Input_On", "Input_On_month", "Input_On_year" }.Select(id => ((IHtmlInputElement)page.GetElementById(id)!).Value));
        Assert.True(((IHtmlInputElement)page.QuerySelector("input[name='Input.Rating'][value=amber]")!).IsChecked);
        Assert.True(((IHtmlInputElement)page.GetElementById("Input_FamilyTold")!).IsChecked);
        Assert.Contains("govuk-input--error", page.GetElementById("Input_On")!.ClassName, StringComparison.Ordinal);
        Assert.DoesNotContain("govuk-input--error", page.GetElementById("Input_On_year")!.ClassName!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("29", "3", "2026", "01:30", "When we were told: 01:30 did not happen that night, the clocks went forward")]
    [InlineData("24", "11", "2026", "25:99", "When we were told: the time must be like 14:05 or 2:05pm")]
    [InlineData("24", "11", "2026", "", "When we were told must include a time, such as 14:05")]
    [InlineData("", "", "", "14:05", "When we were told must include a date")]
    public async Task A_moment_that_cannot_be_is_refused_with_its_reason(string day, string month, string year, string time, string problem)
    {
        var page = await Post(new() { ["Input.Told.day"] = day, ["Input.Told.month"] = month, ["Input.Told.year"] = year, ["Input.Told.time"] = time });
        Assert.Contains(problem, page.QuerySelectorAll(".govuk-error-summary a").Select(a => a.TextContent));
    }

    [Theory]
    [InlineData("29 3 2026 00:30", "00:30")]
    [InlineData("25 10 2026 01:30", "01:30")]
    [InlineData("1 jul 2026 2:05pm", "14:05")]
    public async Task A_moment_is_read_as_London_time_and_shown_as_it_was_typed(string typed, string time)
    {
        var part = typed.Split(' ');
        var page = await Post(new() { ["Input.Told.day"] = part[0], ["Input.Told.month"] = part[1], ["Input.Told.year"] = part[2], ["Input.Told.time"] = part[3] });
        Assert.DoesNotContain(page.QuerySelectorAll(".govuk-error-summary a"), a => a.GetAttribute("href") == "#Input_Told");
        Assert.Equal(time, RelativeTime.TimeOfDay(DateParts.ReadTime(((IHtmlInputElement)page.GetElementById("Input_Told_time")!).Value)!.Value));
    }

    [Fact]
    public async Task A_right_answer_is_told_once_by_a_banner_after_the_redirect()
    {
        var page = await Post(new()
        {
            ["Input.Caller"] = "desk 4",
            ["Input.What"] = "words",
            ["Input.On"] = "2026-11-23",
            ["Input.Told"] = "2026-11-24T13:00Z",
            ["Input.Rating"] = "green",
        });
        Assert.Contains("is kept", page.QuerySelector(".hub-main > .hub-notice--success")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await Get("/patterns")).QuerySelector(".hub-main > .hub-notice--success"));
    }

    [Fact]
    public async Task A_late_clock_carries_a_word_a_sentence_and_what_would_settle_it()
    {
        var late = (await Get("/patterns")).QuerySelector(".hub-clock--late")!;
        Assert.Equal("Late", late.QuerySelector(".hub-clock__word")!.TextContent);
        Assert.Equal("by 12 min, was due 13:50.", late.QuerySelector(".hub-clock__sentence")!.TextContent);
        Assert.Contains("Telephone the police desk", late.QuerySelector(".hub-clock__why a")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_page_says_999_lets_one_leave_without_script_and_is_kept_nowhere()
    {
        using var answer = await client.GetAsync(new Uri("/patterns/public", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("If someone is in danger now call 999", page.QuerySelector(".hub-urgent")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("https://", page.QuerySelector("a[data-leave]")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll(".hub-search"));
    }

    [Fact]
    public async Task The_pattern_pages_are_not_there_in_production()
    {
        var (production, visitor) = await StartAsync("Production");
        await using (production)
        using (visitor)
        {
            foreach (var url in new[] { "/patterns", "/patterns/public", "/patterns/print" })
            {
                using var answer = await visitor.GetAsync(new Uri(url, UriKind.Relative), TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }
        }
    }

    private static async Task<(WebApplication App, HttpClient Client)> StartAsync(string environment)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.Services.AddPageFurniture();
        builder.Services.AddRazorPages().AddApplicationPart(typeof(PageFurniture).Assembly);
        builder.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        var app = builder.Build();
        app.Use((context, next) =>
        {
            var furniture = context.RequestServices.GetRequiredService<PageFurniture>();
            furniture.Now = Instant.FromUtc(2026, 11, 24, 14, 2);
            furniture.IsSignedIn = !context.Request.Path.StartsWithSegments("/patterns/public", StringComparison.Ordinal);
            furniture.PersonName = "A. Vane";
            furniture.NavItems = [new("Queue", "/queue", "q", IsCurrent: true, Count: 15)];
            return next(context);
        });
        app.UseRouting();
        app.MapRazorPages();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return (app, new HttpClient(new Visitor(app.GetTestServer().CreateHandler())) { BaseAddress = new("http://localhost") });
    }

    private async Task<IHtmlDocument> Get(string url) =>
        new HtmlParser().ParseDocument(await client.GetStringAsync(new Uri(url, UriKind.Relative), TestContext.Current.CancellationToken));

    private async Task<IHtmlDocument> Post(Dictionary<string, string> fields)
    {
        var form = await Get("/patterns");
        fields["__RequestVerificationToken"] = form.QuerySelector("form[data-autosave-url] input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await client.PostAsync(new Uri("/patterns", UriKind.Relative), content, TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.Redirect) return await Get(answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Keeps cookies, as a browser does; the test server's own handler does not.</summary>
    private sealed class Visitor(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly CookieContainer cookies = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var header = cookies.GetCookieHeader(request.RequestUri!);
            if (header.Length > 0) request.Headers.Add("Cookie", header);
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (var cookie in set) cookies.SetCookies(request.RequestUri!, cookie);
            }

            return answer;
        }
    }
}
