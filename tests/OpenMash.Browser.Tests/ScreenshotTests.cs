using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.BrowserTests.House;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.HubTests.HubRoom;
using OpenMash.HubTests.People;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.People;

namespace OpenMash.BrowserTests;

/// <summary>The pictures of the documentation, on a desk and on a telephone; each page is looked at by axe and must fit its screen.</summary>
public sealed class ScreenshotTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task The_main_pages_fit_a_desk_and_a_telephone_and_are_pictured()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var hub = stage.Hub;
        var person = await FillAsync(hub);
        var scene = await RoomScene.OpenAsync(hub);
        await hub.DoAsync("screener", new AcknowledgeContact(scene.ContactId, true));
        await scene.AnswerAsync("police", "police", "Two calls to the address in October. A man was asked to leave each time.");
        hub.Clock.Advance(Duration.FromMinutes(22));
        await hub.DoAsync("health", scene.Item("Missed two appointments since the summer; seen at the walk-in centre with a burn, said to be from an iron."));
        await hub.DoAsync("screener", scene.Item("The mother’s own statement from 2021 names him.", MaySee.HubOnly));
        await hub.DoAsync("health", new RecordAgencyView(scene.EnquiryId, 3, "Neglect is building up."));
        var alike = await hub.RegisterAsync([.. Registered.Misspelt(), .. Registered.Misspelt()[..2].Select(e => e with { GivenName = "Tadhg" })]);
        var joined = alike[0];
        await hub.DoAsync("screener", new AddRelationship { PersonId = joined, OtherReference = await hub.ReferenceAsync(alike[2]), Kind = "friend", Confidence = "said", Source = "the school" });
        await hub.ReportedAsync(joined);
        await hub.MergeAsync(alike[1], joined);
        hub.Clock.Advance(Duration.FromMinutes(14));
        await hub.WorkAsync();
        var pair = (await hub.AllAsync<MatchPair>()).First(p => p.State == MatchState.Open).Id;

        foreach (var (width, height) in new[] { (1280, 900), (390, 844) })
        {
            var screener = await stage.SignInAsync("screener", width, height);
            await PictureAsync(screener, "/", "hub-today", width);
            await PictureAsync(screener, "/queue", "queue", width);
            await PictureAsync(screener, $"/contacts/{scene.ContactId}", "contact", width);
            await PictureAsync(screener, scene.Url, "room", width);
            await PictureAsync(screener, $"/people/{person}", "person", width);
            await PictureAsync(screener, "/people/review", "review", width);
            await PictureAsync(screener, $"/people/review/{pair}", "pair", width);
            await PictureAsync(screener, $"/people/{joined}", "person-joined", width);
            await screener.CloseAsync();
            await PictureAsync(await stage.VisitorAsync("neighbour", width, height), "/report", "report", width);
        }

        stage.AssertNothingWentWrong();
    }

    /// <summary>A morning's contacts, some rated, one with a person who is in the register.</summary>
    private static async Task<Guid> FillAsync(TestHub hub)
    {
        Guid person = default;
        foreach (var (who, words, given, family, born, rating) in new (string, string, string, string, string, Rating?)[]
                 {
                     ("police", "Called to a fight between the parents; both children awake and hiding under a bed.", "Arlo", "Fennick", "14/2/2017", Rating.Red),
                     ("health", "Third burn seen in a year, explained differently each time.", "Ivy", "Dunmore", "3/9/2020", Rating.Amber),
                     ("charity", "Comes hungry to the club, asks to take food home for his brother.", "Otis", "Larkfield", "21/6/2013", Rating.Green),
                     ("education", "Not in school for nine days; nobody answers the door.", "Nia", "Prestwood", "8/11/2011", null),
                     ("teacher", "Says that her uncle’s friends give her lifts at night.", "Skye", "Ashburn", "30/4/2010", null),
                 })
        {
            var sent = await hub.DoAsync(who, new SubmitContact { Way = Way.PartnerForm, Words = words, Original = "{}", People = [new PersonIntake { GivenName = given, FamilyName = family, Birth = born }] });
            await using var db = hub.Store.Open(hub.Authority);
            var mention = await db.Set<Mention>().SingleAsync(m => m.ContactId == sent.ContactId);
            var line = await db.Set<ContactLine>().SingleAsync(l => l.ContactId == sent.ContactId);
            if (rating is { } r)
            {
                await hub.DoAsync("screener", new AcknowledgeContact(sent.ContactId, r == Rating.Amber));
                await hub.DoAsync("screener", new RateLine(line.Id, r, null));
            }

            if (who == "health") person = await IdentifyAsync(hub, mention.Id);
            hub.Clock.Advance(Duration.FromMinutes(11));
        }

        await hub.WorkAsync();
        return person;
    }

    private static async Task<Guid> IdentifyAsync(TestHub hub, Guid mention)
    {
        await hub.DoAsync("screener", new IdentifyMention(mention, null, "Nobody in the register resembles her."));
        await using var db = hub.Store.Open(hub.Authority);
        return (await db.Set<Identification>().SingleAsync(i => i.MentionId == mention)).PersonId;
    }

    private static async Task PictureAsync(Visitor visitor, string url, string name, int width)
    {
        await visitor.VisitAsync(url);
        Assert.True(
            await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            $"{name} is wider than a screen of {width} pixels.");
        var folder = Path.Combine(Root(), Environment.GetEnvironmentVariable("OPENMASH_SCREENSHOTS") == "1" ? "docs" : "artifacts", "screenshots");
        Directory.CreateDirectory(folder);
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, width == 1280 ? $"{name}.png" : $"{name}-{width}.png"), FullPage = width != 1280 });
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OpenMash.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
