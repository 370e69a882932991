using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using NodaTime;
using OpenMash.BrowserTests.House;
using OpenMash.HubTests.House;
using OpenMash.HubTests.Plans;
using OpenMash.HubTests.Returns;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Records.Plans;

namespace OpenMash.BrowserTests;

/// <summary>As a new user would: take a census in, see the parity figures, find an overdue plan, visit without a connection, review, step down, see the figures move.</summary>
public sealed class PlanJourneys(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory, EachDatabase]
    public async Task From_a_census_to_a_visit_without_a_connection_to_a_step_down(TestDatabase database)
    {
        await using var stage = await Stage.OpenAsync(chromium, database);
        var scene = await PlanScene.OpenAsync(stage.Hub);
        var manager = await stage.SignInAsync("manager");
        await manager.VisitAsync("/returns/import");
        var census = Census.Of(2026, Census.Child("TEST0000001", Census.Episode(new LocalDate(2025, 12, 1)) with { CinPlans = [new CinPlan { StartDate = new LocalDate(2025, 12, 20) }] }));
        await manager.Page.SetInputFilesAsync("main input[type=file]", new FilePayload { Name = "cin.xml", MimeType = "text/xml", Buffer = Census.Bytes(census) });
        await manager.PressAsync("Take it in");
        await manager.VisitAsync("/plans/monitoring");
        await manager.SeesAsync("1 not held");
        // A worker holds it, and sees what is red and why.
        await manager.VisitAsync("/plans?show=nobody");
        await manager.Page.GetByRole(AriaRole.Group).Filter(new() { HasText = "without a team" }).Locator("summary").ClickAsync();
        await manager.Page.SelectOptionAsync("select[name=TeamId]", scene.Team.ToString());
        await manager.Page.SelectOptionAsync("select[name=WorkerId]", stage.Hub.Account("worker").ToString());
        await manager.Page.FillAsync("[name=HandsReason]", "Taken over from the census.");
        await manager.PressAsync("Give them");
        await manager.SeesAsync("Wyn Worker");

        var worker = await stage.SignInAsync("worker", 390, 844);
        await worker.VisitAsync("/");
        await worker.SeesAsync("No visit is recorded since the plan started");
        await worker.VisitAsync("/plans");
        await worker.FollowAsync("Child TEST0000001");
        await worker.SeesAsync("does not carry visits");
        await worker.FollowAsync("Record a visit");
        Assert.False(await worker.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        await worker.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        await worker.ExpectingTroubleAsync(async () =>
        {
            await worker.Context.SetOfflineAsync(true);
            await worker.Page.GetByLabel("Seen and spoken with").CheckAsync();
            await worker.Page.GetByLabel("Seen alone").CheckAsync();
            await worker.Page.GetByLabel("The child’s own words").FillAsync("The marmalade cat sleeps on my bed.");
            await worker.Page.GetByRole(AriaRole.Button, new() { Name = "Keep the visit" }).ClickAsync();
            await worker.SeesAsync("kept on this device, encrypted");
            Assert.Equal(1, await KeptAsync(worker.Page));
            Assert.DoesNotContain("marmalade", await ReadableAsync(worker.Page), StringComparison.Ordinal);
            Assert.Empty(await VisitsAsync(stage));
            await worker.Context.SetOfflineAsync(false);
            await worker.Page.WaitForURLAsync("**/plans/*", new() { Timeout = 30_000 });
        });
        await worker.SeesAsync("The marmalade cat sleeps on my bed.");
        Assert.Equal(0, await KeptAsync(worker.Page));
        Assert.Null(await worker.Page.EvaluateAsync<string?>("localStorage.getItem('hub-kept')"));
        Assert.Single(await VisitsAsync(stage));

        // Online, by the same form; then a review and a step down.
        await worker.FollowAsync("Record a visit");
        await worker.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await worker.Page.GetByLabel("Seen and spoken with").CheckAsync();
        await worker.PressAsync("Keep the visit");
        await worker.SeesAsync("The visit is recorded.");
        Assert.Equal(2, (await VisitsAsync(stage)).Count);
        await worker.FollowAsync("Hold a review");
        foreach (var agency in new[] { "Social care", "Police", "Health" }) await worker.Page.GetByLabel(agency, new() { Exact = true }).CheckAsync();
        await worker.Page.GetByLabel("Step down", new() { Exact = true }).CheckAsync();
        await worker.Page.GetByLabel("Why", new() { Exact = true }).FillAsync("Better and safe enough.");
        await worker.PressAsync("Record the review");
        await worker.SeesAsync("The review is recorded.");
        await worker.FollowAsync("Step up, down or close");
        await worker.Page.GetByLabel("Step down", new() { Exact = true }).CheckAsync();
        await worker.Page.SelectOptionAsync("[name=ToKind]", PlanKind.EarlyHelp);
        await worker.Page.GetByLabel("Why", new() { Exact = true }).FillAsync("Early help is enough.");
        await worker.Page.GetByLabel("What the child and the family think of it").FillAsync("We are glad.");
        await worker.Page.GetByLabel("What the record shows is open").FillAsync("The census carried no meetings; they were held.");
        await worker.PressAsync("Go on");
        await worker.SeesAsync("waits for a second person");

        await manager.VisitAsync(worker.Path);
        await manager.Page.GetByLabel("What you looked at").FillAsync("Read it all.");
        await manager.PressAsync("Agree");
        await manager.SeesAsync("Agreed and done.");
        await manager.VisitAsync("/plans/monitoring");
        Assert.Equal("0", (await manager.Page.Locator("tr:has-text('Open plans') td").Nth(1).InnerTextAsync()).Split('\n')[0].Split(' ')[0]);
        Assert.StartsWith("1", await manager.Page.Locator("tr:has-text('Open plans') td").Nth(0).InnerTextAsync(), StringComparison.Ordinal);
        stage.AssertNothingWentWrong();
    }

    private static async Task<List<PlanVisit>> VisitsAsync(Stage stage)
    {
        await using var db = stage.Hub.Store.Open(stage.Hub.Authority);
        return await db.Set<PlanVisit>().AsNoTracking().ToListAsync();
    }

    private static Task<int> KeptAsync(IPage page) => page.EvaluateAsync<int>("""
        async () => {
          if (!(await indexedDB.databases()).some(d => d.name === 'hub-kept')) return 0
          const db = await new Promise(r => { const q = indexedDB.open('hub-kept'); q.onsuccess = () => r(q.result) })
          const n = await new Promise(r => { const q = db.transaction('notes').objectStore('notes').count(); q.onsuccess = () => r(q.result) })
          db.close()
          return n
        }
        """);

    /// <summary>All that lies on the device, as text.</summary>
    private static Task<string> ReadableAsync(IPage page) => page.EvaluateAsync<string>("""
        async () => {
          const db = await new Promise(r => { const q = indexedDB.open('hub-kept'); q.onsuccess = () => r(q.result) })
          const notes = await new Promise(r => { const q = db.transaction('notes').objectStore('notes').getAll(); q.onsuccess = () => r(q.result) })
          db.close()
          return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, notes.map(n => ({ ...n, data: new TextDecoder('latin1').decode(n.data) }))])
        }
        """);
}
