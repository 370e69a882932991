using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenMash.HubTests.House;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.FrontDoor;

public class ContactsApiTests
{
    private const string Report = """{"words":"A girl of twelve came to the counter at two in the morning.","reference":"WP/1","people":[{"role":"child","givenName":"Mira","birth":"2014-03-09"}],"somethingNew":1}""";

    internal static Task<TestPage> SendAsync(TestBrowser browser, string? token, string? key, string body, string media = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/contacts", UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, media) };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return browser.SendAsync(request);
    }

    private static Task<TestPage> StateAsync(TestBrowser browser, string token, string url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return browser.SendAsync(request);
    }

    [Theory, EachDatabase]
    public async Task A_partner_system_sends_a_report_once_however_often_it_repeats_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();
        var token = await (await PartnerSystem.RegisterAsync(hub)).TokenAsync(browser);

        var first = await SendAsync(browser, token, "key-1", Report);
        var again = await SendAsync(browser, token, "key-1", Report);
        var other = await SendAsync(browser, token, "key-1", Report.Replace("twelve", "thirteen", StringComparison.Ordinal));
        var state = await StateAsync(browser, token, first.Location!);

        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal(first.Html, again.Html);
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Equal("application/problem+json", other.Response.Content.Headers.ContentType!.MediaType);
        await using var db = hub.Store.Open(hub.Authority);
        var contact = await db.Set<Contact>().SingleAsync();
        Assert.Equal((Way.Api, hub.Agencies["police"], Report, "WP/1"), (contact.Way, contact.AgencyId!.Value, contact.Original, contact.SenderReference));
        Assert.Single(await db.Set<ContactLine>().ToListAsync());
        using var shown = JsonDocument.Parse(state.Html);
        Assert.Equal((contact.Reference, false), (shown.RootElement.GetProperty("reference").GetString(), shown.RootElement.GetProperty("acknowledged").GetBoolean()));
        Assert.DoesNotContain("known", first.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, EachDatabase]
    public async Task Without_a_token_a_key_words_or_readable_json_nothing_is_kept_and_the_answer_says_what_to_do(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();
        var token = await (await PartnerSystem.RegisterAsync(hub)).TokenAsync(browser);

        var stranger = await SendAsync(browser, null, "k", Report);
        var forged = await SendAsync(browser, "eyJhbGciOiJub25lIn0.e30.", "k", Report);
        var noKey = await SendAsync(browser, token, null, Report);
        var noWords = await SendAsync(browser, token, "k", """{"people":[]}""");
        var broken = await SendAsync(browser, token, "k2", "{\n \"words\": \"x\",\n oops }");
        var otherMedia = await SendAsync(browser, token, "k3", "<report/>", "application/xml");
        var session = await hub.SignInAsync("police");
        var byCookie = await SendAsync(session, null, "k", Report);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.Status);
        Assert.Equal(HttpStatusCode.BadRequest, noKey.Status);
        Assert.Contains("Idempotency-Key", noKey.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, noWords.Status);
        Assert.Contains("words", noWords.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, broken.Status);
        Assert.Contains("line 3", broken.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, otherMedia.Status);
        Assert.Contains(byCookie.Status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
        await using var db = hub.Store.Open(hub.Authority);
        Assert.False(await db.Set<Contact>().AnyAsync());
    }

    [Theory, EachDatabase]
    public async Task Another_agency_learns_nothing_of_a_report_that_is_not_its_own_and_a_closed_system_is_refused_at_once(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();
        var police = await (await PartnerSystem.RegisterAsync(hub)).TokenAsync(browser);
        var health = await (await PartnerSystem.RegisterAsync(hub, "health")).TokenAsync(browser);
        var sent = await SendAsync(browser, police, "k", Report);

        var others = await StateAsync(browser, health, sent.Location!);
        var none = await StateAsync(browser, health, $"/api/v1/contacts/{Guid.NewGuid()}");
        Guid row;
        await using (var db = hub.Store.Open(hub.Authority)) row = await db.Set<PartnerClient>().Where(c => c.ClientId == "police-system").Select(c => c.Id).SingleAsync();
        await hub.DoAsync("admin", new ClosePartnerClient(row, "The contract ended."));
        var closed = await SendAsync(browser, police, "k3", Report);

        Assert.Equal(HttpStatusCode.NotFound, others.Status);
        Assert.Equal(Detail(none), Detail(others));
        Assert.Contains(closed.Status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
        await using var after = hub.Store.Open(hub.Authority);
        Assert.Equal(1, await after.Set<Contact>().CountAsync());
        Assert.True(await after.Set<TrailEntry>().AnyAsync(e => e.Act == "SubmitContact"));

        static string? Detail(TestPage page) => JsonDocument.Parse(page.Html).RootElement.GetProperty("detail").GetString();
    }

    [Fact]
    public async Task The_description_for_programmers_is_published_and_names_the_idempotency_key()
    {
        await using var hub = await TestHub.StartAsync(TestDatabase.Sqlite);
        using var browser = hub.Browser();

        var page = await browser.GetAsync("/openapi/v1.json");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("/api/v1/contacts", page.Html, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key", page.Html, StringComparison.Ordinal);
        var paths = JsonDocument.Parse(page.Html).RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToArray();
        Assert.All(paths, p => Assert.StartsWith("/api/v1/", p, StringComparison.Ordinal));
        var answers = JsonDocument.Parse(page.Html).RootElement.GetProperty("paths").GetProperty("/api/v1/contacts").GetProperty("post").GetProperty("responses").EnumerateObject().Select(r => r.Name);
        Assert.Equal(["201", "400", "401", "403", "409", "413", "415"], answers.Order(StringComparer.Ordinal));
        var required = JsonDocument.Parse(page.Html).RootElement.GetProperty("components").GetProperty("schemas").GetProperty("ContactRequest").GetProperty("required").EnumerateArray().Select(r => r.GetString());
        Assert.Equal(["words"], required);
    }

    [Theory, EachDatabase]
    public async Task A_character_that_no_database_keeps_is_refused_and_its_escape_as_text_is_kept(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var browser = hub.Browser();
        var police = await (await PartnerSystem.RegisterAsync(hub)).TokenAsync(browser);

        var refused = await SendAsync(browser, police, "n1", """{"words":"before\u0000after"}""");
        var kept = await SendAsync(browser, police, "n2", """{"words":"the code \\u0000 as it was typed"}""");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("U+0000", refused.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, kept.Status);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal("the code \\u0000 as it was typed", (await db.Set<Contact>().SingleAsync()).Words);
    }
}
