using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>Monitoring parity: the same figures as the page, small numbers withheld.</summary>
public sealed record MonitoringAnswer(LocalDate From, LocalDate To, IReadOnlyList<KindFigures> Kinds, GapFigure Gap);

/// <summary>One kind of plan. <see cref="OpenPlans"/> and the alarms are null where they are withheld.</summary>
public sealed record KindFigures(string Kind, string Label, int? OpenPlans, int? DriftAlarmsPer100, double? MedianDaysUnread, IReadOnlyList<MeasureFigure> Measures);

/// <summary>One measure. All numbers are null where <see cref="Withheld"/>.</summary>
public sealed record MeasureFigure(string Measure, string Label, int? InTimePercent, int? Counted, int? InTime, int? Late, int? Overdue, int? Excused, int? NotHeld, bool Withheld);

/// <summary>Percentage points by which the one kind lags behind the other.</summary>
public sealed record GapFigure(string Measure, string From, string To, int? Points);

/// <summary><c>GET /api/v1/plans/monitoring</c>: for partner systems and dashboards of the authority; figures only.</summary>
internal static class MonitoringApi
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/plans/monitoring", ReadAsync)
            .RequireAuthorization(HubAccounts.ApiPolicy)
            .WithTags("Plans")
            .WithName("GetPlanMonitoring")
            .WithSummary("How well plans of each kind are looked after: share of visits, reviews, supervision, updates and meetings in time, and alarms of drift. Numbers from one to five are withheld.")
            .Produces<MonitoringAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<IResult> ReadAsync(HttpContext http, MonitoringReader reader, RecordReader read, CommandRunner runner, string? months, CancellationToken ct)
    {
        var viewer = http.Viewer();
        if (viewer.Kind != ViewerKind.Client) return Results.Problem(statusCode: 403, title: "Refused", detail: "This token belongs to no partner system that is registered and open here. Ask the hub's administrator.");
        var asked = 3;
        if (months is not null && (!int.TryParse(months, System.Globalization.CultureInfo.InvariantCulture, out asked) || asked is < 1 or > MonitoringFilter.MostMonths))
            return Results.Problem(statusCode: 400, title: "Bad request", detail: $"\"months\" is a whole number from 1 to {MonitoringFilter.MostMonths}; it was \"{months}\".");
        var picture = await reader.ReadAsync(viewer, new MonitoringFilter(Months: asked), ct);
        await runner.WitnessAsync(viewer, TrailKind.View, "view plan monitoring by API", detail: new { months = asked }, ct: ct);
        return Results.Json(Of(picture, read.Now), HubJson.Options);
    }

    internal static MonitoringAnswer Of(MonitoringPicture picture, Instant now) => new(
        picture.From,
        picture.To,
        [.. picture.Kinds.Select(k => Kind(picture, k, now))],
        new GapFigure(picture.Settings.Gap.Measure, picture.Settings.Gap.From, picture.Settings.Gap.To, picture.Gap(picture.Settings.Gap.Measure)));

    private static KindFigures Kind(MonitoringPicture picture, PlanKindSetting kind, Instant now)
    {
        var alarms = picture.AlarmsOf(kind.Code, now);
        return new KindFigures(
            kind.Code, kind.Label, alarms.Withheld ? null : alarms.OpenPlans, alarms.Per100, alarms.Withheld ? null : alarms.MedianDaysUnread,
            [
                .. picture.Settings.Measures.Select(m =>
                {
                    var cell = picture.Cell(kind.Code, m.Key);
                    return cell.Withheld
                        ? new MeasureFigure(m.Key, m.Label, null, null, null, null, null, null, null, Withheld: true)
                        : new MeasureFigure(m.Key, m.Label, cell.Percent, cell.N, cell.InTime, cell.Late, cell.Overdue, cell.Excused, cell.NotHeld, Withheld: false);
                }),
            ]);
    }
}
