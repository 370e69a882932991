using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;

namespace OpenMash.HubTests.HubRoom;

/// <summary>What happens in the room reaches the others, by kind and id only.</summary>
public class RoomLive
{
    private sealed class Ear(HubConnection connection) : IAsyncDisposable
    {
        public HubConnection Connection => connection;

        public ConcurrentQueue<(string Kind, Guid Id)> Heard { get; } = new();

        public ConcurrentQueue<string> Present { get; } = new();

        public static async Task<Ear> OpenAsync(TestHub hub, string person)
        {
            using var browser = await hub.SignInAsync(person);
            var cookies = browser.Cookies.GetCookieHeader(hub.Address);
            var connection = new HubConnectionBuilder().WithUrl(new Uri(hub.Address, "/live"), o => o.Headers["Cookie"] = cookies).Build();
            var ear = new Ear(connection);
            connection.On<JsonElement>("notice", n => ear.Heard.Enqueue((n.GetProperty("kind").GetString()!, n.GetProperty("id").GetGuid())));
            connection.On<JsonElement>("presence", p => ear.Present.Enqueue(string.Join(", ", p.GetProperty("people").EnumerateArray().Select(x => x.GetProperty("agency").GetString()))));
            await connection.StartAsync();
            return ear;
        }

        public Task<bool> JoinAsync(string group) => connection.InvokeAsync<bool>("Join", group);

        public async Task<TimeSpan> WaitAsync(Func<Ear, bool> until)
        {
            var watch = Stopwatch.StartNew();
            // Generous, since the machine that runs the tests may be busy; how fast it is, is measured by the benchmark.
            while (!until(this) && watch.Elapsed < TimeSpan.FromSeconds(20)) await Task.Delay(10);
            Assert.True(until(this), "It was not heard within twenty seconds.");
            return watch.Elapsed;
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    [Theory, EachDatabase]
    public async Task A_message_reaches_the_others_and_a_marked_item_only_those_who_may_see_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, runsWork: true);
        var scene = await RoomScene.OpenAsync(hub, Rating.Amber, "police", "health");
        await using var police = await Ear.OpenAsync(hub, "police");
        await using var health = await Ear.OpenAsync(hub, "health");
        await using var manager = await Ear.OpenAsync(hub, "manager");
        await using var education = await Ear.OpenAsync(hub, "education");
        var group = $"enquiry:{scene.EnquiryId}";

        Assert.True(await police.JoinAsync(group));
        Assert.True(await health.JoinAsync(group));
        Assert.True(await health.JoinAsync($"{group}:{hub.Agencies["health"]}"));
        Assert.True(await manager.JoinAsync(group));
        Assert.True(await manager.JoinAsync($"{group}:hub"));
        Assert.False(await education.JoinAsync(group));
        Assert.False(await health.JoinAsync($"{group}:hub"));
        Assert.False(await health.JoinAsync($"{group}:{hub.Agencies["police"]}"));
        Assert.False(await health.JoinAsync($"enquiry:{Guid.CreateVersion7()}"));
        Assert.False(await health.JoinAsync("enquiry:nonsense"));
        await police.WaitAsync(e => e.Present.Any(p => p.Contains("Police", StringComparison.Ordinal) && p.Contains("Health", StringComparison.Ordinal)));

        var marked = await hub.DoAsync("police", scene.Item("for the hub alone", MaySee.HubOnly));
        await manager.WaitAsync(e => e.Heard.Contains(("contribution", marked)));
        var message = await hub.DoAsync("police", new PostMessage(scene.EnquiryId, "Is she at school?"));
        await health.WaitAsync(e => e.Heard.Contains(("message", message)));
        await manager.WaitAsync(e => e.Heard.Contains(("message", message)));
        // The message came later: had health been told of the marked item, it would have heard it by now.
        Assert.DoesNotContain(("contribution", marked), health.Heard);
        Assert.DoesNotContain(education.Heard, h => h.Kind is "message" or "contribution");

        var decided = await hub.DoAsync("manager", await scene.DecisionAsync());
        await health.WaitAsync(e => e.Heard.Contains(("decision", decided.DecisionId)));
        var check = scene.Checks["health"];
        await scene.AnswerAsync("health", "health");
        await police.WaitAsync(e => e.Heard.Contains(("check", check)));
    }

    [Theory, EachDatabase]
    public async Task Whoever_leaves_is_no_longer_present_and_whoever_comes_back_finds_everything(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, runsWork: true);
        var scene = await RoomScene.OpenAsync(hub, Rating.Amber, "police", "health");
        await using var health = await Ear.OpenAsync(hub, "health");
        await health.JoinAsync($"enquiry:{scene.EnquiryId}");
        var police = await Ear.OpenAsync(hub, "police");
        await police.JoinAsync($"enquiry:{scene.EnquiryId}");
        await health.WaitAsync(e => e.Present.LastOrDefault()?.Contains("Police", StringComparison.Ordinal) == true);

        await police.DisposeAsync();
        await health.WaitAsync(e => e.Present.Last() == "Health");
        var missed = await hub.DoAsync("health", new PostMessage(scene.EnquiryId, "Said while you were away"));
        await using var back = await Ear.OpenAsync(hub, "police");
        Assert.True(await back.JoinAsync($"enquiry:{scene.EnquiryId}"));
        // What was missed is fetched through the page, not pushed.
        using var browser = await hub.SignInAsync("police");
        var part = await browser.GetAsync($"{scene.Url}?handler=Part&part=talk&since=0");
        Assert.Contains("Said while you were away", part.Html, StringComparison.Ordinal);
        Assert.NotNull(part.Document.QuerySelector($"#room-talk [data-item='message {missed}']"));
    }
}
