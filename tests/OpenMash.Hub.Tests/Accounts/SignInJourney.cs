using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenMash.HubTests.House;
using OpenMash.Records.Accounts;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.Accounts;

/// <summary>Steps that the tests of accounts share.</summary>
internal static class SignInJourney
{
    public const string Password = "copper kettle under stairs";

    public static async Task GivePasswordAsync(this TestHub hub, string person, string password = Password)
    {
        await using var scope = hub.App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = (await users.FindByIdAsync(hub.Account(person).ToString()))!;
        Assert.True((await users.AddPasswordAsync(account, password)).Succeeded);
    }

    public static async Task<TestPage> PasswordAsync(this TestBrowser browser, string person, string password = Password, string query = "")
    {
        var page = await browser.GetAsync("/account/sign-in" + query);
        return await page.PostAsync(new() { ["Email"] = $"{person}@example.test", ["Password"] = password });
    }

    public static string KeyOn(TestPage page) => page.Document.QuerySelector("[data-key]")!.TextContent;

    public static string[] CodesOn(TestPage page) => [.. page.Document.QuerySelectorAll(".hub-codes code").Select(c => c.TextContent)];

    /// <summary>Signs in with a password for the first time, setting the app up; gives the app's key and the recovery codes.</summary>
    public static async Task<(TestBrowser Browser, string Key, string[] Codes)> EnrolledAsync(this TestHub hub, string person)
    {
        await hub.GivePasswordAsync(person);
        var browser = hub.Browser();
        var answer = await browser.PasswordAsync(person);
        Assert.Equal("/account/two-factor/enrol", answer.Location);
        var enrol = await browser.GetAsync(answer.Location!);
        var key = KeyOn(enrol);
        var kept = await enrol.PostAsync(new() { ["Code"] = Authenticator.Code(key) });
        Assert.Equal(HttpStatusCode.OK, kept.Status);
        return (browser, key, CodesOn(kept));
    }

    public static async Task<string[]> SignInActsAsync(this TestHub hub)
    {
        await using var db = hub.Store.Open(hub.Authority);
        return await db.Set<TrailEntry>().Where(e => e.Kind == TrailKind.SignIn || e.Kind == TrailKind.System).OrderBy(e => e.Position).Select(e => e.Act).ToArrayAsync();
    }
}
