using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace OpenMash.HubTests.House;

/// <summary>A person's browser without JavaScript: keeps cookies, does not follow redirects unless told, posts the form that a page shows.</summary>
public sealed class TestBrowser : IDisposable
{
    private readonly HttpClient _client;

    public TestBrowser(Uri address)
    {
        Cookies = new CookieContainer();
        _client = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = address };
    }

    public CookieContainer Cookies { get; }

    public HttpClient Client => _client;

    public async Task<TestPage> GetAsync(string url) => await ReadAsync(await _client.GetAsync(new Uri(url, UriKind.RelativeOrAbsolute)));

    /// <summary>Follows redirects to the page at their end.</summary>
    public async Task<TestPage> OpenAsync(string url)
    {
        var page = await GetAsync(url);
        for (var hop = 0; hop < 8 && (int)page.Status is 301 or 302 or 303; hop++) page = await GetAsync(page.Location!);
        return page;
    }

    public async Task<TestPage> SendAsync(HttpRequestMessage request) => await ReadAsync(await _client.SendAsync(request));

    public async Task<TestPage> PostFormAsync(string url, IEnumerable<KeyValuePair<string, string>> fields, IEnumerable<(string Field, string Name, byte[] Content)>? files = null)
    {
        if (files is null) return await ReadAsync(await _client.PostAsync(new Uri(url, UriKind.RelativeOrAbsolute), new FormUrlEncodedContent(fields)));
        using var form = new MultipartFormDataContent();
        foreach (var (key, value) in fields) form.Add(new StringContent(value), key);
        foreach (var (field, name, content) in files)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(part, field, name);
        }

        return await ReadAsync(await _client.PostAsync(new Uri(url, UriKind.RelativeOrAbsolute), form));
    }

    public void Dispose() => _client.Dispose();

    private async Task<TestPage> ReadAsync(HttpResponseMessage response) =>
        new(this, response, await response.Content.ReadAsStringAsync());
}

/// <summary>An answer with its document.</summary>
public sealed class TestPage(TestBrowser browser, HttpResponseMessage response, string html)
{
    private IHtmlDocument? _document;

    public HttpStatusCode Status => response.StatusCode;

    public HttpResponseMessage Response => response;

    public string Html => html;

    public string? Location => response.Headers.Location?.OriginalString;

    public IHtmlDocument Document => _document ??= new HtmlParser().ParseDocument(html);

    /// <summary>The text of the main part, white space folded.</summary>
    public string Text => string.Join(' ', ((Document.QuerySelector("main") ?? Document.Body)?.TextContent ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public string Url => response.RequestMessage!.RequestUri!.PathAndQuery;

    /// <summary>
    /// Fills and posts a form of this page: the one that <paramref name="form"/> selects, or the first in the main part that posts. Fields given replace or add to
    /// those shown; unchecked boxes and buttons are left out, as a browser does.
    /// </summary>
    public Task<TestPage> PostAsync(Dictionary<string, string> fields, string? form = null, IEnumerable<(string Field, string Name, byte[] Content)>? files = null, IEnumerable<KeyValuePair<string, string>>? more = null)
    {
        var element = (IHtmlFormElement?)(form is null ? Document.QuerySelector("main form[method=post]") : Document.QuerySelector(form))
            ?? throw new InvalidOperationException($"The page {Url} shows no form {form}. It says: {Text}");
        var sent = new List<KeyValuePair<string, string>>();
        foreach (var control in element.Elements)
        {
            var name = control.GetAttribute("name");
            if (string.IsNullOrEmpty(name) || fields.ContainsKey(name) || control.HasAttribute("disabled")) continue;
            switch (control)
            {
                case IHtmlInputElement { Type: "checkbox" or "radio" } choice:
                    if (choice.IsChecked) sent.Add(new(name, choice.Value));
                    break;
                case IHtmlInputElement { Type: "file" or "submit" or "button" }:
                    break;
                case IHtmlInputElement input:
                    sent.Add(new(name, input.Value));
                    break;
                case IHtmlTextAreaElement area:
                    sent.Add(new(name, area.Value));
                    break;
                case IHtmlSelectElement select:
                    sent.Add(new(name, select.Value ?? ""));
                    break;
            }
        }

        sent.AddRange(fields);
        if (more is not null) sent.AddRange(more);
        var action = element.GetAttribute("action");
        return browser.PostFormAsync(string.IsNullOrEmpty(action) ? Url : action, sent, files);
    }

    /// <summary>Posts and follows to the page at the end.</summary>
    public async Task<TestPage> SubmitAsync(Dictionary<string, string> fields, string? form = null)
    {
        var answer = await PostAsync(fields, form);
        return answer.Location is { } next ? await browser.OpenAsync(next) : answer;
    }
}
