using Microsoft.Playwright;
using OpenMash.BrowserTests.House;
using OpenMash.HubTests.House;
using OpenMash.HubTests.HubRoom;
using static Microsoft.Playwright.Assertions;

namespace OpenMash.BrowserTests;

/// <summary>The room on a bad line.</summary>
public sealed class RoomJourneys(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_lost_connection_is_said_and_no_typed_word_is_lost_when_the_room_moves_on()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var scene = await RoomScene.OpenAsync(stage.Hub);
        var police = await stage.SignInAsync("police");
        IWebSocketRoute? line = null;
        await police.Page.RouteWebSocketAsync("**/live**", socket =>
        {
            line = socket;
            socket.ConnectToServer();
        });
        await police.VisitAsync(scene.Url);
        await police.StayAsync();
        await Expect(police.Page.Locator("[data-presence-list]")).ToContainTextAsync("Pat Police", new() { Timeout = 30_000 });
        var words = police.Page.GetByLabel("Say something to the room");
        await words.PressSequentiallyAsync("We know the man: ");
        // Words are typed while something else arrives.
        await stage.Hub.DoAsync("health", scene.Item("Two missed appointments."));
        await Expect(police.Page.Locator("#room-known")).ToContainTextAsync("Two missed appointments.", new() { Timeout = 30_000 });
        Assert.Equal("We know the man: ", await words.InputValueAsync());

        await police.ExpectingTroubleAsync(async () =>
        {
            await police.Context.SetOfflineAsync(true);
            await line!.CloseAsync(new() { Code = 1001 });
            await Expect(police.Page.Locator("[data-live-state]")).ToContainTextAsync("Connection lost, your words are kept", new() { Timeout = 30_000 });
            await words.PressSequentiallyAsync("he was arrested in May.");
            await stage.Hub.DoAsync("health", scene.Item("A third was missed today."));
            await police.Context.SetOfflineAsync(false);
            await Expect(police.Page.Locator("#room-known")).ToContainTextAsync("A third was missed today.", new() { Timeout = 60_000 });
            // The draft is saved again as soon as it can be.
            await Expect(police.Page.Locator("form:has([name='Talk.Words']) [data-autosave-state]")).ToContainTextAsync("Saved", new() { Timeout = 60_000 });
        });
        Assert.Equal("We know the man: he was arrested in May.", await words.InputValueAsync());
        await police.AssertSameDocumentAsync();
        await police.PressAsync("Say it");
        await Expect(police.Page.Locator("#room-talk")).ToContainTextAsync("We know the man: he was arrested in May.");
        stage.AssertNothingWentWrong();
    }
}
