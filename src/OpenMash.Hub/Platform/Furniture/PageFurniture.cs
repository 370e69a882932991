using NodaTime;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>
/// What surrounds every page: who is signed in, where, who is on duty, what the navigation offers. One a request (scoped), filled by
/// Platform before the page is rendered; the layouts read nothing else but the page's title and breadcrumbs.
/// </summary>
public sealed class PageFurniture
{
    /// <summary>The hub's own name, as the authority calls it.</summary>
    public string HubName { get; set; } = "OpenMASH";

    /// <summary>The authority whose record is open; empty where none is (sign-in, public pages of an unknown host).</summary>
    public string AuthorityName { get; set; } = "";

    public bool IsSignedIn { get; set; }

    public string PersonName { get; set; } = "";

    public string AgencyName { get; set; } = "";

    public IReadOnlyList<string> RoleNames { get; set; } = [];

    public IReadOnlyList<NavItem> NavItems { get; set; } = [];

    /// <summary>Names of those on duty now, the manager first.</summary>
    public IReadOnlyList<string> OnDuty { get; set; } = [];

    /// <summary>When the out-of-hours team takes over or that it has, in words; null before it was asked for.</summary>
    public string? Hours { get; set; }

    /// <summary>The instant this page speaks of: every relative time on it is counted from here.</summary>
    public Instant Now { get; set; }

    /// <summary>The one line above the page that says what kind of installation this is ("Demonstration: every person is invented").</summary>
    public string? PhaseText { get; set; }

    /// <summary>The short word before <see cref="PhaseText"/>.</summary>
    public string PhaseTag { get; set; } = "Demonstration";

    public string TodayUrl { get; set; } = "/";

    public string QueueUrl { get; set; } = "/queue";

    /// <summary>Takes a POST with field <c>q</c>. A name never stands in an address, so there is no GET form of it.</summary>
    public string SearchUrl { get; set; } = "/search";

    /// <summary>Takes a POST.</summary>
    public string SignOutUrl { get; set; } = "/account/sign-out";

    public string SignInUrl { get; set; } = "/account/sign-in";

    public string AccountUrl { get; set; } = "/account";

    /// <summary>Where "Leave this page" leads: a page about which nobody asks.</summary>
    public string LeaveUrl { get; set; } = "https://www.bbc.co.uk/weather";

    /// <summary>The telephone number of the hub that a caller may be given; on public pages and where the hub could not look.</summary>
    public string? Telephone { get; set; }

    /// <summary>Links at the foot of each page (accessibility statement, privacy, help).</summary>
    public IReadOnlyList<Crumb> FooterLinks { get; set; } = [];

    /// <summary>Counts and asks the record for what only the frame of a whole page shows; null where there is nothing to ask.</summary>
    public Func<Task>? Filling { get; set; }

    /// <summary>Called by the layout: an act that answers with a redirect, a fragment or a file counts nothing.</summary>
    public async Task FillAsync()
    {
        if (Filling is not { } filling) return;
        Filling = null;
        await filling();
    }
}

/// <summary>An entry of the main navigation.</summary>
/// <param name="Text">The words of the link.</param>
/// <param name="Url">Its address.</param>
/// <param name="Key">The letter that opens it after <c>g</c>, or null.</param>
/// <param name="IsCurrent">Whether the page stands in this section.</param>
/// <param name="Count">How many wait there, shown as a badge; null shows none.</param>
public sealed record NavItem(string Text, string Url, string? Key = null, bool IsCurrent = false, int? Count = null);

/// <summary>A link of the breadcrumbs or of the footer. An implicit conversion takes <c>("Queue", "/queue")</c>.</summary>
public sealed record Crumb(string Text, string Url)
{
    public static implicit operator Crumb((string Text, string Url) pair) => new(pair.Text, pair.Url);

    public static Crumb FromValueTuple((string Text, string Url) pair) => pair;

    /// <summary>Reads <c>ViewData["Breadcrumbs"]</c>, which may hold crumbs or (text, url) pairs.</summary>
    public static IReadOnlyList<Crumb> Read(object? value) => value switch
    {
        null => [],
        IEnumerable<Crumb> crumbs => [.. crumbs],
        IEnumerable<(string Text, string Url)> pairs => [.. pairs.Select(FromValueTuple)],
        _ => throw new InvalidOperationException(
            $"ViewData[\"Breadcrumbs\"] holds a {value.GetType().Name}; give a list of Crumb or of (string Text, string Url)."),
    };
}
