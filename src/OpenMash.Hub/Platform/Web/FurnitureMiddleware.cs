using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Hub.Platform.Slots;

namespace OpenMash.Hub.Platform.Web;

/// <summary>Fills the header of pages: who is on duty.</summary>
public interface IDutyLine : ISlot
{
    Task<IReadOnlyList<string>> OnDutyAsync(Viewer viewer, CancellationToken ct);
}

/// <summary>Counts what waits behind a navigation link, by the link's address.</summary>
public interface INavCount : ISlot
{
    string Url { get; }

    Task<int?> CountAsync(Viewer viewer, CancellationToken ct);
}

/// <summary>Fills the page furniture with who looks and where; the rest is asked of the record when a layout is drawn.</summary>
public sealed class FurnitureMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http, PageFurniture furniture, AuthorityDirectory authorities, RoomCatalogue rooms, HubOptions options, IClock clock)
    {
        var viewer = http.Viewer();
        furniture.Now = clock.GetCurrentInstant();
        if (viewer.AuthorityId != 0 && HttpMethods.IsGet(http.Request.Method) | HttpMethods.IsPost(http.Request.Method))
        {
            var authority = await authorities.GetAsync(viewer.AuthorityId, http.RequestAborted);
            furniture.HubName = authority.HubName;
            furniture.AuthorityName = authority.Name;
            furniture.Telephone = authority.Telephone;
            if (options.Mode == HubMode.Demo) furniture.PhaseText = "Every person, place and agency here is invented.";
        }

        if (viewer.Kind == ViewerKind.Person)
        {
            furniture.IsSignedIn = true;
            furniture.PersonName = viewer.Name;
            furniture.AgencyName = viewer.AgencyName;
            furniture.RoleNames = RoleNames.All.Where(r => viewer.Has(r.Key)).Select(r => r.Value).ToArray();
            furniture.Filling = () => FillAsync(http, furniture, viewer, rooms);
        }

        await next(http);
    }

    private static async Task FillAsync(HttpContext http, PageFurniture furniture, Viewer viewer, RoomCatalogue rooms)
    {
        var ct = http.RequestAborted;
        var counts = http.RequestServices.GetServices<INavCount>().ToDictionary(c => c.Url, StringComparer.Ordinal);
        var items = new List<NavItem>();
        foreach (var link in rooms.AllNavigation.Where(l => l.ShownTo(viewer)).OrderBy(l => l.Order))
        {
            var count = counts.TryGetValue(link.Url, out var counter) ? await counter.CountAsync(viewer, ct) : null;
            var current = link.Url == "/" ? http.Request.Path == "/" : http.Request.Path.StartsWithSegments(link.Url, StringComparison.Ordinal);
            items.Add(new NavItem(link.Text, link.Url, link.Key, current, count));
        }

        furniture.NavItems = items;
        if (http.RequestServices.GetService<IDutyLine>() is { } duty) furniture.OnDuty = await duty.OnDutyAsync(viewer, ct);
        var settings = http.RequestServices.GetRequiredService<HubSettings>();
        var today = London.Date(furniture.Now);
        var calendar = await settings.CalendarAsync(today);
        var opening = calendar.Opening!.On(today, calendar.Working);
        var time = furniture.Now.InZone(London.Zone).TimeOfDay;
        var open = opening.FirstOrDefault(o => o.From <= time && time < o.To);
        furniture.Hours = opening.Any(o => o.From <= time && time < o.To) ? $"out of hours from {RelativeTime.TimeOfDay(open.To)}"
            : opening.Any(o => time < o.From) ? $"out of hours until {RelativeTime.TimeOfDay(opening.First(o => time < o.From).From)}"
            : "out of hours now";
    }
}
