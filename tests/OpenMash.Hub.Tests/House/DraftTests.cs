using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.House;

public class DraftTests
{
    private static async Task<string> TokenAsync(TestBrowser browser) =>
        (await browser.GetAsync("/account/personas")).Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

    [Theory, EachDatabase]
    public async Task What_one_types_is_kept_and_read_by_its_author_only(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var teacher = await hub.SignInAsync("teacher");
        using var police = await hub.SignInAsync("police");
        var token = await TokenAsync(teacher);

        var saved = await teacher.PostFormAsync("/drafts/contact", [new("Words", "He came with a bruise"), new("Marks", "a"), new("Marks", "b"), new("__RequestVerificationToken", token), new("CommandId", "x")]);

        Assert.Equal(HttpStatusCode.OK, saved.Status);
        using var told = JsonDocument.Parse(saved.Html);
        Assert.Equal("10:00", told.RootElement.GetProperty("savedAt").GetString());
        var url = told.RootElement.GetProperty("url").GetString()!;
        await using var db = hub.Store.Open(hub.Authority);
        var draft = await db.Set<Draft>().AsNoTracking().SingleAsync();
        Assert.Equal("""{"Words":["He came with a bruise"],"Marks":["a","b"]}""", draft.Fields);
        Assert.Equal(hub.Account("teacher"), draft.AccountId);

        // The address carries what this window saw: another window's change in between is a conflict, and nothing is overwritten.
        hub.Clock.Advance(Duration.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await teacher.PostFormAsync(url, [new("Words", "second"), new("__RequestVerificationToken", token)])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await teacher.PostFormAsync(url, [new("Words", "third"), new("__RequestVerificationToken", token)])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await police.PostFormAsync($"/drafts/contact?id={draft.Id}", [new("Words", "mine"), new("__RequestVerificationToken", await TokenAsync(police))])).Status);
        Assert.Contains("second", (await db.Set<Draft>().AsNoTracking().SingleAsync()).Fields, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Without_a_token_or_a_session_nothing_is_kept(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var teacher = await hub.SignInAsync("teacher");
        using var nobody = hub.Browser();

        Assert.Equal(HttpStatusCode.BadRequest, (await teacher.PostFormAsync("/drafts/contact", [new("Words", "x")])).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await nobody.PostFormAsync("/drafts/contact", [new("Words", "x"), new("__RequestVerificationToken", await TokenAsync(nobody))])).Status);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.False(await db.Set<Draft>().AnyAsync());
    }

    [Theory, EachDatabase]
    public async Task A_draft_is_thrown_away_by_its_author_and_goes_on_without_script(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var teacher = await hub.SignInAsync("teacher");
        var token = await TokenAsync(teacher);
        var kept = await teacher.PostFormAsync("/drafts/contact", [new("Words", "x"), new("next", "/account/personas"), new("__RequestVerificationToken", token)]);
        Assert.Equal("/account/personas", kept.Location);
        var elsewhere = await teacher.PostFormAsync("/drafts/contact", [new("Words", "x"), new("next", "//example.test/"), new("__RequestVerificationToken", token)]);
        Assert.Null(elsewhere.Location);
        await using var db = hub.Store.Open(hub.Authority);
        var draft = await db.Set<Draft>().AsNoTracking().SingleAsync();

        using var police = await hub.SignInAsync("police");
        Assert.Equal(HttpStatusCode.NotFound, (await police.PostFormAsync($"/drafts/{draft.Id}/discard", [new("__RequestVerificationToken", await TokenAsync(police))])).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await teacher.PostFormAsync($"/drafts/{draft.Id}/discard", [new("__RequestVerificationToken", token)])).Status);
        Assert.False(await db.Set<Draft>().AnyAsync());
    }
}
