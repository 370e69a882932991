using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.HubTests.House;
using OpenMash.HubTests.People;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;

namespace OpenMash.HubTests.FrontDoor;

/// <summary>Practice rule 16: whoever reports, by whatever way, is answered the same whether the child is known or not, then and after the hub has said who it is.</summary>
public sealed partial class NothingToldTests
{
    private static readonly string[] Known = ["Oluwaseun", "Adebayo-Ferguson", "2013-04-17"];
    private static readonly string[] Unknown = ["Perpetuela", "Quartermain-Brook", "2012-06-21"];

    [Theory, EachDatabase]
    public async Task A_known_and_an_unknown_child_are_answered_alike_on_every_way_in(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var person = (await hub.RegisterAsync(Registered.Entry(Known[0], Known[1], new LocalDate(2013, 4, 17))))[0];
        await hub.PlanAsync(person);
        using var program = hub.Browser();
        var token = await (await PartnerSystem.RegisterAsync(hub)).TokenAsync(program);

        var answers = new List<(string Known, string Unknown)>();
        foreach (var way in new Func<string[], Task<string>>[] { ApiAsync, PublicAsync, PartnerAsync, FileAsync })
            answers.Add((await way(Known), await way(Unknown)));
        Assert.All(answers, a => Assert.Equal(a.Unknown, a.Known));
        Assert.All(answers, a => Assert.NotEqual("", a.Known));

        // The hub says who the child is; the senders' pages must not.
        await using (var db = hub.Store.Open(hub.Authority))
        {
            var mentions = await db.Set<Mention>().AsNoTracking().Where(m => m.GivenName == Known[0] || m.GivenName == Unknown[0]).OrderBy(m => m.Id).ToListAsync();
            Assert.Equal(8, mentions.Count);
            foreach (var mention in mentions)
                await hub.DoAsync("screener", new IdentifyMention(mention.Id, mention.GivenName == Known[0] ? person : null, "Compared with the register."));
        }

        using var teacher = await hub.SignInAsync("teacher");
        var mine = await teacher.GetAsync("/my-reports");
        Assert.Contains("R-2026-", mine.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("P-0", mine.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(person.ToString(), mine.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("known", mine.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("plan", mine.Text, StringComparison.OrdinalIgnoreCase);

        async Task<string> ApiAsync(string[] child)
        {
            var sent = await ContactsApiTests.SendAsync(program, token, child[0], $$"""{"words":"Seen alone at night.","people":[{"role":"child","givenName":"{{child[0]}}","familyName":"{{child[1]}}","birth":"{{child[2]}}"}]}""");
            Assert.Equal(HttpStatusCode.Created, sent.Status);
            return Plain(sent.Html, child);
        }

        async Task<string> PublicAsync(string[] child)
        {
            using var neighbour = hub.Browser();
            var page = await (await neighbour.GetAsync("/report")).PostAsync(new() { ["Report.Words"] = "Seen alone at night.", ["go"] = "step-2" });
            page = await page.PostAsync(new() { ["Report.People[0].GivenName"] = child[0], ["Report.People[0].FamilyName"] = child[1], ["Report.People[0].Age"] = child[2], ["go"] = "step-5" });
            page = await page.PostAsync(new() { ["go"] = "send" });
            Assert.Contains("We have your report", page.Text, StringComparison.Ordinal);
            return Plain(page.Text, child);
        }

        async Task<string> PartnerAsync(string[] child)
        {
            using var sender = await hub.SignInAsync("teacher");
            var answer = await (await sender.GetAsync("/contacts/new")).PostAsync(
                new() { ["Report.Words"] = "Seen alone at night.", ["Report.People[0].GivenName"] = child[0], ["Report.People[0].FamilyName"] = child[1], ["Report.People[0].Birth"] = child[2], ["go"] = "send" },
                form: "main form[enctype]");
            Assert.Equal(HttpStatusCode.Redirect, answer.Status);
            return Plain((await sender.OpenAsync(answer.Location!)).Text, child);
        }

        async Task<string> FileAsync(string[] child)
        {
            using var police = await hub.SignInAsync("police");
            var file = $"incident_number,narrative,forename,surname,dob\r\nWP/{child[2]},Seen alone at night.,{child[0]},{child[1]},{child[2]}\r\n";
            var answer = await (await police.GetAsync("/imports")).PostAsync([], files: [("File", "night.csv", Encoding.UTF8.GetBytes(file))]);
            Assert.True(answer.Location is not null, answer.Text);
            return Plain((await police.OpenAsync(answer.Location!)).Text, child);
        }
    }

    /// <summary>Without what must differ: references, identifiers, and what the sender wrote.</summary>
    private static string Plain(string text, string[] child) =>
        Differs().Replace(child.Aggregate(text, (t, word) => t.Replace(word, "…", StringComparison.Ordinal)), "#");

    [GeneratedRegex("R-[0-9]{4}-[0-9]+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}")]
    private static partial Regex Differs();
}
