using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OpenMash.HubTests.House;

/// <summary>
/// Walks every page and endpoint of the running hub as everyone, and compares who got in with what <c>routes.csv</c> says.
///
/// TO ADD YOUR PAGE OR ENDPOINT (do it when you merge a room):
///   1. Add one line to <c>House/routes.csv</c>, in the order of the address:  route,method,allowed
///        route    as in <c>@page "/…"</c> or MapGet("…"), with its leading slash and its parameters as written: /queue/{id:guid}
///        method   GET or POST (a page with handlers for both has two lines; * for an endpoint of any method, such as a SignalR hub)
///        allowed  who gets past the door, separated by spaces: names of people of <see cref="TestHub"/> (screener police governance …), and
///                   everyone    signed in or not            signed-in   anyone signed in, even without a membership
///                   members     anyone with a membership    nobody      closed to all of them (a partner system's token is not a person)
///                   hub         all people of the hub's own team: a group; see <see cref="Groups"/> for the others, or add one there
///        What is left out is refused: anonymous must be led to sign-in (or get 401 from /api and /live), everyone else must get 403.
///   2. Run this class alone:  bin/Debug/net10.0/OpenMash.Hub.Tests -class "OpenMash.HubTests.House.RouteTableTests"
///      It prints the line that is missing, wrong or no longer needed. Read what it prints before you paste it: the table is the decision, not the code.
///
/// "Past the door" means: not refused by who one is. A made-up id gives 404 and a POST without a form gives 400; both are past the door. So this table tells
/// nothing about single records: that is the access rules' business and is tested in each room.
/// POSTs are sent without an antiforgery token: being refused by the door comes before it, and no POST can change anything here.
/// </summary>
public class RouteTableTests
{
    private static readonly string[] People =
    [
        "support", "screener", "manager", "duty", "worker", "police", "teacher", "charity", "licensing", "leader", "governance", "admin", "analyst", "designated",
    ];

    private static readonly Dictionary<string, string[]> Groups = new(StringComparer.Ordinal)
    {
        ["everyone"] = [.. People, "anonymous", "stranger"],
        ["signed-in"] = [.. People, "stranger"],
        ["members"] = People,
        ["nobody"] = [],
        ["hub"] = ["support", "screener", "manager", "duty", "worker", "leader", "governance", "admin", "analyst", "designated"],
        ["hub-workers"] = ["support", "screener", "manager", "duty"],
        ["partners"] = ["police", "teacher", "charity", "licensing"],
    };

    private static string[] Expand(string allowed) =>
        [.. allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(a => Groups.TryGetValue(a, out var group) ? group : [a]).Distinct().Order(StringComparer.Ordinal)];

    private static Dictionary<(string Route, string Method), string> ReadTable() => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "House", "routes.csv"))
        .Skip(1)
        .Where(l => l.Length > 0 && l[0] != '#')
        .Select(l => l.Split(','))
        .ToDictionary(p => (p[0], p[1]), p => p[2]);

    /// <summary>Every route with the methods that its page or endpoint answers.</summary>
    private static List<(string Route, string Method)> Routes(TestHub hub)
    {
        var routes = new HashSet<(string, string)>();
        foreach (var endpoint in hub.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Mvc.RazorPages.PageActionDescriptor>() is not null)
            {
                foreach (var method in PageMethods(hub, endpoint)) routes.Add((route, method));
                continue;
            }

            var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"];
            foreach (var method in methods.Count == 0 ? ["*"] : methods) routes.Add((route, method));
        }

        return [.. routes.OrderBy(r => r.Item1, StringComparer.Ordinal).ThenBy(r => r.Item2, StringComparer.Ordinal)];
    }

    private static IEnumerable<string> PageMethods(TestHub hub, RouteEndpoint endpoint)
    {
        var descriptor = endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Mvc.RazorPages.PageActionDescriptor>()!;
        var loader = hub.App.Services.GetRequiredService<Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure.PageLoader>();
        var compiled = loader.LoadAsync(descriptor, endpoint.Metadata).GetAwaiter().GetResult();
        // A page without a handler of its own still answers a GET.
        return compiled.HandlerMethods.Select(h => h.HttpMethod.ToUpperInvariant()).Where(m => m is "GET" or "POST").Append("GET").Distinct();
    }

    [Theory, EachDatabase]
    public async Task Every_page_and_endpoint_lets_in_exactly_whom_its_table_says(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.AddAccountAsync("stranger", "Stan Stranger");
        var table = ReadTable();
        var routes = Routes(hub);
        var wrong = new List<string>();

        foreach (var missing in routes.Where(r => !table.ContainsKey(r))) wrong.Add($"not in the table: {missing.Route},{missing.Method},?");
        foreach (var stale in table.Keys.Where(k => !routes.Contains(k))) wrong.Add($"in the table, but there is no such route: {stale.Route},{stale.Method}");

        var browsers = new Dictionary<string, TestBrowser> { ["anonymous"] = hub.Browser() };
        foreach (var person in People.Append("stranger")) browsers[person] = await hub.SignInAsync(person);
        foreach (var (route, method) in routes.Where(table.ContainsKey))
        {
            var let = new List<string>();
            foreach (var (who, browser) in browsers)
            {
                using var request = new HttpRequestMessage(method == "POST" ? HttpMethod.Post : HttpMethod.Get, new Uri(Address(route), UriKind.Relative));
                var answer = await browser.SendAsync(request);
                if (IsPast(answer)) let.Add(who);
                // Anonymous people are asked to sign in; those who are known are told why not.
                else if (who == "anonymous" && answer.Status == HttpStatusCode.Forbidden) wrong.Add($"{route},{method}: anonymous got 403 instead of sign-in");
            }

            var expected = Expand(table[(route, method)]);
            var actual = let.Order(StringComparer.Ordinal).ToArray();
            if (!expected.SequenceEqual(actual))
                wrong.Add($"{route},{method}: the table lets in [{string.Join(' ', expected)}], the hub [{string.Join(' ', actual)}]");
        }

        foreach (var browser in browsers.Values) browser.Dispose();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static bool IsPast(TestPage answer) => answer.Status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => false,
        HttpStatusCode.Redirect => !(answer.Location ?? "").Contains("/account/sign-in?next=", StringComparison.Ordinal),
        >= HttpStatusCode.InternalServerError => throw new InvalidOperationException($"{answer.Url} failed: {answer.Status}. {answer.Text}"),
        _ => true,
    };

    /// <summary>Fills the parameters with something that exists nowhere.</summary>
    private static string Address(string route) => System.Text.RegularExpressions.Regex.Replace(
        route,
        @"\{\*{0,2}([^}:?=]+)([^}]*)\}",
        match => match.Groups[2].Value switch
        {
            var c when c.Contains("guid", StringComparison.Ordinal) => "00000000-0000-7000-8000-000000000001",
            var c when c.Contains("int", StringComparison.Ordinal) || c.Contains("long", StringComparison.Ordinal) => "404",
            _ => "none",
        },
        System.Text.RegularExpressions.RegexOptions.None,
        TimeSpan.FromSeconds(1));
}
