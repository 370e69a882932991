using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Record;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.HubRoom;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;

namespace OpenMash.HubTests.House;

/// <summary>The program itself, as a process of its own, killed again and again in the middle of its work.</summary>
public sealed class KillTests
{
    private const int Kills = 3;

    [Theory, EachDatabase]
    public async Task Killed_at_any_moment_nothing_that_was_acknowledged_is_lost_and_nothing_is_there_twice(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        var client = await PartnerSystem.RegisterAsync(hub);
        await hub.App.StopAsync();
        SqliteConnection.ClearAllPools();

        var acknowledged = new ConcurrentDictionary<string, string>();
        var said = new ConcurrentBag<string>();
        var reports = new ConcurrentBag<string>();
        var unsure = new ConcurrentBag<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var child = await Child.StartAsync(hub.Location);
            foreach (var key in unsure.Distinct().Where(k => !acknowledged.ContainsKey(k)))
                await ReportAsync(child.Address, client, [key], acknowledged, unsure, CancellationToken.None);
            using var stop = new CancellationTokenSource();
            var round = kill;
            var work = Task.WhenAll(
                ReportAsync(child.Address, client, Enumerable.Range(0, 10_000).Select(i => $"key-{round}-{i}"), acknowledged, unsure, stop.Token),
                TalkAsync(child.Address, hub.Account("police"), scene.Url, $"round {kill}", said, stop.Token),
                PublicAsync(child.Address, reports, stop.Token));
            // Until every kind of act has been acknowledged by this process, however slow the machine; then at any moment.
            var before = (acknowledged.Count, said.Count, reports.Count);
            while (!work.IsCompleted && (acknowledged.Count == before.Item1 || said.Count == before.Item2 || reports.Count == before.Item3)) await Task.Delay(20, CancellationToken.None);
            await Task.Delay(RandomNumberGenerator.GetInt32(0, 700), CancellationToken.None);
            child.Kill();
            await stop.CancelAsync();
            await work;
        }

        await using (var last = await Child.StartAsync(hub.Location))
        {
            foreach (var key in unsure.Distinct().Where(k => !acknowledged.ContainsKey(k)))
                await ReportAsync(last.Address, client, [key], acknowledged, unsure, CancellationToken.None);
            last.Kill();
        }

        Assert.NotEmpty(acknowledged);
        Assert.NotEmpty(said);
        Assert.NotEmpty(reports);
        using var store = new RecordStore(hub.Location);
        await using var db = store.Open(hub.Authority);
        var byApi = await db.Set<Contact>().Where(c => c.Way == Way.Api).Select(c => new { c.Reference, c.SenderReference }).ToListAsync();
        Assert.Equal(acknowledged.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => (a.Key, a.Value)), byApi.Select(c => (c.SenderReference!, c.Reference)).OrderBy(c => c.Item1, StringComparer.Ordinal));
        var messages = await db.Set<RoomMessage>().Where(m => m.EnquiryId == scene.EnquiryId).Select(m => m.Words).ToListAsync();
        Assert.Empty(said.Except(messages));
        Assert.Equal(messages.Count, messages.Distinct().Count());
        var references = await db.Set<Contact>().Where(c => c.Way == Way.PublicForm).Select(c => c.Reference).ToListAsync();
        Assert.Empty(reports.Except(references));
        Assert.Equal(references.Count, references.Distinct().Count());
        // Every contact has its line and its clocks: an act is in the record whole or not at all.
        Assert.Equal(0, await db.Set<Contact>().CountAsync(c => !db.Set<ContactLine>().Any(l => l.ContactId == c.Id)));
        Assert.Equal(0, await db.Set<ContactLine>().CountAsync(l => !db.Set<Records.Work.RunningClock>().Any(k => k.SubjectId == l.Id || k.ParentId == l.ContactId)));
        SqliteConnection.ClearAllPools();
        var verified = await HubProcess.RunAsync(hub.Location, "trail", "verify");
        Assert.True(verified.Exit == 0, verified.Output + verified.Error);
    }

    private static async Task ReportAsync(Uri address, PartnerSystem client, IEnumerable<string> keys, ConcurrentDictionary<string, string> acknowledged, ConcurrentBag<string> unsure, CancellationToken ct)
    {
        try
        {
            using var browser = new TestBrowser(address);
            var token = await client.TokenAsync(browser);
            foreach (var key in keys)
            {
                if (ct.IsCancellationRequested) return;
                unsure.Add(key);
                var answer = await ContactsApiTests.SendAsync(browser, token, key, $$"""{"words":"Report {{key}}","reference":"{{key}}","people":[{"role":"child","givenName":"Mira"}]}""");
                Assert.Equal(HttpStatusCode.Created, answer.Status);
                acknowledged[key] = System.Text.Json.JsonDocument.Parse(answer.Html).RootElement.GetProperty("reference").GetString()!;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The process is dead; what was not answered is asked again after the next start.
        }
    }

    private static async Task TalkAsync(Uri address, Guid account, string room, string words, ConcurrentBag<string> said, CancellationToken ct)
    {
        try
        {
            using var browser = new TestBrowser(address);
            var personas = await browser.GetAsync("/account/personas");
            await personas.PostAsync(new() { ["account"] = account.ToString() });
            for (var i = 0; !ct.IsCancellationRequested; i++)
            {
                var page = await browser.GetAsync(room);
                var message = $"{words}, message {i}";
                var answer = await page.PostAsync(new() { ["Talk.Words"] = message }, "form[action*='handler=Talk']");
                Assert.Equal(HttpStatusCode.Redirect, answer.Status);
                said.Add(message);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The process is dead.
        }
    }

    private static async Task PublicAsync(Uri address, ConcurrentBag<string> reports, CancellationToken ct)
    {
        try
        {
            using var browser = new TestBrowser(address);
            while (!ct.IsCancellationRequested)
            {
                var page = await browser.GetAsync("/report");
                var last = await page.PostAsync(new() { ["Report.Words"] = "The children next door are alone.", ["go"] = "step-5" });
                var sent = await last.PostAsync(new() { ["go"] = "send" });
                Assert.Equal(HttpStatusCode.OK, sent.Status);
                reports.Add(System.Text.RegularExpressions.Regex.Match(sent.Text, "R-[0-9]{4}-[0-9]{6}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The process is dead.
        }
    }

    /// <summary>The program as its user starts it.</summary>
    private sealed class Child : IAsyncDisposable
    {
        private readonly Process _process;

        private Child(Process process, Uri address)
        {
            _process = process;
            Address = address;
        }

        public Uri Address { get; }

        public static async Task<Child> StartAsync(RecordLocation location)
        {
            var process = HubProcess.Begin(location, "Development", "demo", "--urls", "http://127.0.0.1:0");
            var output = new List<string>();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                output.Add(line);
                var at = line.IndexOf("http://127.0.0.1:", StringComparison.Ordinal);
                if (at < 0) continue;
                _ = process.StandardOutput.ReadToEndAsync();
                _ = process.StandardError.ReadToEndAsync();
                return new Child(process, new Uri(new Uri(line[at..].Trim()).GetLeftPart(UriPartial.Authority)));
            }

            throw new InvalidOperationException($"The hub did not start: {string.Join('\n', output)}\n{await process.StandardError.ReadToEndAsync()}");
        }

        public void Kill() => _process.Kill();

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited) _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
