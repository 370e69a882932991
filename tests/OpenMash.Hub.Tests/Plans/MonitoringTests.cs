using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using NodaTime;
using OpenMash.Engines.Returns.Cin;
using OpenMash.HubTests.House;
using OpenMash.HubTests.Returns;
using OpenMash.Records.Plans;

namespace OpenMash.HubTests.Plans;

public partial class MonitoringTests
{
    /// <summary>Eight plans of each of two kinds: all child protection visits in time, six of eight child in need visits never made.</summary>
    private static async Task<PlanScene> UnequalAsync(TestHub hub)
    {
        var scene = await PlanScene.OpenAsync(hub);
        var plans = new List<Guid>();
        for (var i = 0; i < 16; i++) plans.Add(await scene.PlanAsync(i < 8 ? PlanKind.ChildInNeed : PlanKind.ChildProtection, person: await scene.ChildAsync($"Child{(char)('A' + i)}"), worker: i % 2 == 0 ? "worker" : "worker2"));
        scene.On(new LocalDate(2026, 3, 20));
        for (var i = 6; i < 16; i++) await hub.DoAsync("worker", PlanScene.Visit(plans[i], new LocalDate(2026, 3, 20)));
        scene.On(new LocalDate(2026, 4, 9));
        for (var i = 8; i < 16; i++) await hub.DoAsync("worker", PlanScene.Visit(plans[i], new LocalDate(2026, 4, 9)));
        scene.On(new LocalDate(2026, 4, 24));
        return scene;
    }

    [Theory, EachDatabase]
    public async Task The_gap_is_a_number_and_every_figure_is_the_count_of_its_rows(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await UnequalAsync(hub);
        using var manager = await hub.SignInAsync("manager");

        var page = await manager.GetAsync("/plans/monitoring");

        Assert.Contains("75 points", page.Text, StringComparison.Ordinal);
        var links = page.Document.QuerySelectorAll("main table a[href^='/plans/monitoring/rows']");
        Assert.NotEmpty(links);
        foreach (var link in links)
        {
            var rows = await manager.GetAsync(link.GetAttribute("href")!);
            var listed = rows.Document.QuerySelectorAll("main tbody tr").Length;
            var counted = Counted().Match(link.ParentElement!.TextContent.Contains('%', StringComparison.Ordinal) && link.TextContent.Contains('%', StringComparison.Ordinal) ? Of().Match(link.ParentElement.TextContent).Value : link.TextContent).Value;
            Assert.Equal(int.Parse(counted, CultureInfo.InvariantCulture), listed);
        }

        var alarms = page.Document.QuerySelectorAll("main table a[href^='/plans/monitoring/alarms']");
        Assert.NotEmpty(alarms);
        foreach (var link in alarms)
        {
            var listed = (await manager.GetAsync(link.GetAttribute("href")!)).Document.QuerySelectorAll("main tbody tr").Length;
            Assert.Equal((int)Math.Round(100.0 * listed / 8, MidpointRounding.AwayFromZero), int.Parse(Counted().Match(link.TextContent).Value, CultureInfo.InvariantCulture));
        }
    }

    [Theory, EachDatabase]
    public async Task The_figures_move_when_a_visit_is_recorded_and_what_is_left_undone_stays_in_them(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await UnequalAsync(hub);
        using var manager = await hub.SignInAsync("manager");
        var visited = (await scene.AllAsync<PlanVisit>()).Select(v => v.PlanId).ToHashSet();
        var overdue = (await scene.AllAsync<Plan>()).First(p => p.Kind == PlanKind.ChildInNeed && !visited.Contains(p.Id));

        Assert.Contains("6 overdue", Cell(await manager.GetAsync("/plans/monitoring")), StringComparison.Ordinal);
        await hub.DoAsync("worker", PlanScene.Visit(overdue.Id, new LocalDate(2026, 4, 24)));
        Assert.Contains("5 overdue", Cell(await manager.GetAsync("/plans/monitoring")), StringComparison.Ordinal);
        Assert.Contains("1 late", Cell(await manager.GetAsync("/plans/monitoring")), StringComparison.Ordinal);

        // Half a year later the visits that nobody made are still in a figure of one month.
        scene.On(new LocalDate(2026, 10, 24));
        using var later = await hub.SignInAsync("manager");
        Assert.Contains("8 overdue", Cell(await later.GetAsync("/plans/monitoring?months=1")), StringComparison.Ordinal);

        static string Cell(TestPage page) => page.Document.QuerySelectorAll("main table tbody tr")[0].QuerySelectorAll("td")[1].TextContent;
    }

    [Theory, EachDatabase]
    public async Task Rows_open_for_those_entitled_and_leaders_get_figures_without_small_numbers(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await UnequalAsync(hub);
        await scene.PlanAsync(PlanKind.CareLeaver, new LocalDate(2026, 4, 24), await scene.ChildAsync("Last"));
        var rows = $"/plans/monitoring/rows?kind={PlanKind.ChildInNeed}&measure=visits";
        using var leader = await hub.SignInAsync("leader");
        using var analyst = await hub.SignInAsync("analyst");
        using var worker = await hub.SignInAsync("worker");

        var led = await leader.GetAsync("/plans/monitoring");
        Assert.Equal(HttpStatusCode.OK, led.Status);
        Assert.Empty(led.Document.QuerySelectorAll("main a[href*='rows'], main a[href*='worker='], main a[href*='team=']"));
        Assert.Contains("withheld", led.Text, StringComparison.Ordinal);
        // Two of eight in time is withheld; eight of eight is not.
        Assert.Contains("no figure", led.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("75 points", led.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Wyn Worker", led.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await leader.GetAsync(rows)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await analyst.GetAsync(rows)).Status);
        Assert.Contains("75 points", (await analyst.GetAsync("/plans/monitoring")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Wyn Worker", (await analyst.GetAsync("/plans/monitoring")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await worker.GetAsync(rows)).Status);

        // A worker's figures go to that worker and their managers.
        using var team = await hub.SignInAsync("team");
        var other = $"/plans/monitoring?worker={hub.Account("worker2")}";
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.GetAsync(other)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.GetAsync($"{rows}&worker={hub.Account("worker2")}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await worker.GetAsync($"/plans/monitoring?worker={hub.Account("worker")}")).Status);
        Assert.Contains("Wes Worker", (await team.GetAsync(other)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await team.GetAsync($"{rows}&worker={hub.Account("worker2")}")).Status);
    }

    [Theory, EachDatabase]
    public async Task A_partner_system_gets_the_same_figures_without_small_numbers(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await UnequalAsync(hub);
        using var browser = hub.Browser();
        var token = await (await PartnerSystem.RegisterAsync(hub)).TokenAsync(browser);

        var answer = await AskAsync("/api/v1/plans/monitoring", token);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        using var json = JsonDocument.Parse(answer.Html);
        var kinds = json.RootElement.GetProperty("kinds").EnumerateArray().ToDictionary(k => k.GetProperty("kind").GetString()!);
        var protection = kinds[PlanKind.ChildProtection].GetProperty("measures").EnumerateArray().Single(m => m.GetProperty("measure").GetString() == "visits");
        Assert.Equal((100, 16, false), (protection.GetProperty("inTimePercent").GetInt32(), protection.GetProperty("inTime").GetInt32(), protection.GetProperty("withheld").GetBoolean()));
        var need = kinds[PlanKind.ChildInNeed].GetProperty("measures").EnumerateArray().Single(m => m.GetProperty("measure").GetString() == "visits");
        Assert.True(need.GetProperty("withheld").GetBoolean());
        Assert.Equal(JsonValueKind.Null, need.GetProperty("inTime").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("gap").GetProperty("points").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync("/api/v1/plans/monitoring?months=99", token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/plans/monitoring")).Status);

        Task<TestPage> AskAsync(string url, string bearer)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, UriKind.Relative));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            return browser.SendAsync(request);
        }
    }

    [Theory, EachDatabase]
    public async Task A_census_gives_plans_with_running_duties_and_what_it_does_not_carry_is_not_called_late(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await PlanScene.OpenAsync(hub);
        await hub.TakeInAsync(Census.Of(2026, Census.Child("TEST0000001", Census.Episode(new LocalDate(2025, 5, 1)) with
        {
            CinPlans = [new CinPlan { StartDate = new LocalDate(2025, 6, 2) }],
            ProtectionPlans = [new CinProtectionPlan { StartDate = new LocalDate(2025, 6, 2), InitialCategory = "NEG", LatestCategory = "NEG", Reviews = [new LocalDate(2025, 8, 20)] }],
        })));
        using var manager = await hub.SignInAsync("manager");

        var page = await manager.GetAsync("/plans/monitoring?months=12");
        var visits = page.Document.QuerySelectorAll("main table tbody tr")[0].QuerySelectorAll("td");
        var reviews = page.Document.QuerySelectorAll("main table tbody tr")[1].QuerySelectorAll("td");
        Assert.Contains("1 not held", visits[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("1 not held", visits[2].TextContent, StringComparison.Ordinal);
        // The census carries reviews of child protection plans: the first was in time, the one due by 20 February was not held.
        Assert.Contains("50 %", reviews[2].TextContent, StringComparison.Ordinal);
        Assert.Contains("1 overdue", reviews[2].TextContent, StringComparison.Ordinal);

        var list = await manager.GetAsync("/plans?show=all");
        var link = list.Document.QuerySelectorAll("main tbody a[href^='/plans/']")[0].GetAttribute("href")!;
        Assert.Contains("The file that this plan came from does not carry visits", (await manager.GetAsync(link)).Text, StringComparison.Ordinal);
        var after = await (await manager.GetAsync(link + "/visit")).SubmitAsync(new() { ["Meeting"] = "Seen" });
        Assert.Contains("Seen, not alone", after.Text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counted();

    [GeneratedRegex(@"(?<=of )\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Of();
}
