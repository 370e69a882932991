using System.Net;
using NodaTime;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.HubTests.People;

/// <summary>The person's page: relationships over time, who knows them and whom to call, what one may not see; and the search that leads there.</summary>
public class PersonPageTests
{
    [Theory, EachDatabase]
    public async Task A_relationship_is_added_shown_from_both_ends_ended_or_taken_back(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        using var worker = await hub.SignInAsync("worker");
        var page = await worker.GetAsync($"/people/{ids[0]}");
        var fields = new Dictionary<string, string>
        {
            ["OtherReference"] = await hub.ReferenceAsync(ids[2]),
            ["RelationKind"] = "foster carer",
            ["Confidence"] = "said",
            ["RelationSource"] = "the school",
            ["RelationFrom"] = "2024-09-01",
        };

        var added = await page.PostAsync(fields, "form[action*=Relate]");
        var twice = await (await worker.GetAsync($"/people/{ids[0]}")).PostAsync(fields, "form[action*=Relate]");
        var wrong = await (await worker.GetAsync($"/people/{ids[0]}")).PostAsync(new() { ["OtherReference"] = "P-9999999" }, "form[action*=Relate]");
        var other = await worker.GetAsync($"/people/{ids[2]}");

        Assert.Equal(HttpStatusCode.Redirect, added.Status);
        Assert.Contains("recorded already", twice.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Contains("foster carer", (await worker.GetAsync($"/people/{ids[0]}")).Document.QuerySelector("#family ~ *")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("fostered child", other.Text, StringComparison.Ordinal);

        var ended = await other.PostAsync(new() { ["EndReason"] = "Moved to another home.", ["Wrong"] = "false" }, "form[action*=EndRelation]");
        Assert.Equal(HttpStatusCode.Redirect, ended.Status);
        Assert.Equal(new LocalDate(2026, 3, 10), Assert.Single(await hub.AllAsync<Relationship>()).To);
        Assert.Contains("over", (await worker.GetAsync($"/people/{ids[2]}")).Text, StringComparison.Ordinal);
        Assert.IsType<Outcome<Nothing>.Conflict>(await hub.Runner.RunAsync(new EndRelationship((await hub.AllAsync<Relationship>())[0].Id, null, true, "no"), await hub.ViewerAsync("worker")));

        var friend = await hub.DoAsync("screener", new AddRelationship { PersonId = ids[1], OtherReference = await hub.ReferenceAsync(ids[2]), Kind = "friend", Confidence = "assumed", Source = "a guess" });
        await hub.DoAsync("screener", new EndRelationship(friend, null, true, "They never met."));
        Assert.Contains("No relationship is recorded", (await worker.GetAsync($"/people/{ids[1]}")).Text, StringComparison.Ordinal);
        Assert.IsType<Outcome<Guid>.Refused>(await hub.Runner.RunAsync(new AddRelationship { PersonId = ids[1], OtherReference = "P-1", Kind = "friend", Confidence = "said", Source = "x" }, await hub.ViewerAsync("police")));
    }

    [Theory, EachDatabase]
    public async Task A_relation_whom_one_may_not_open_is_neither_shown_nor_taken(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        await hub.DoAsync("manager", new AddRelationship { PersonId = ids[0], OtherReference = await hub.ReferenceAsync(ids[2]), Kind = "friend", Confidence = "known", Source = "school" });
        await hub.DoAsync("manager", new SealSubject("Person", ids[2], "protected", true, new LocalDate(2026, 6, 1), []));
        using var screener = await hub.SignInAsync("screener");

        Assert.DoesNotContain("Wojciechowska", (await screener.GetAsync($"/people/{ids[0]}")).Text, StringComparison.Ordinal);
        var refused = await hub.Runner.RunAsync(new AddRelationship { PersonId = ids[0], OtherReference = await hub.ReferenceAsync(ids[2]), Kind = "cousin", Confidence = "known", Source = "school" }, await hub.ViewerAsync("screener"));
        Assert.IsType<Outcome<Guid>.Invalid>(refused);
        Assert.IsType<Outcome<Nothing>.NotFound>(await hub.Runner.RunAsync(new EndRelationship((await hub.AllAsync<Relationship>())[0].Id, null, true, "no"), await hub.ViewerAsync("screener")));
    }

    [Theory, EachDatabase]
    public async Task The_page_says_who_knows_the_person_and_that_there_is_more_one_may_not_open(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var ids = await hub.RegisterAsync(Registered.Misspelt());
        await hub.ReportedAsync(ids[0]);
        var shut = await hub.ReportedAsync(ids[0]);
        await hub.DoAsync("manager", new SealSubject("Contact", shut, "protected", false, new LocalDate(2026, 6, 1), []));
        using var screener = await hub.SignInAsync("screener");
        using var manager = await hub.SignInAsync("manager");

        var page = await screener.GetAsync($"/people/{ids[0]}");

        Assert.Contains("Contacts (1)", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 more contact that you may not open. Ask the duty manager", page.Text, StringComparison.Ordinal);
        Assert.Equal(["01632 960 100"], page.Document.QuerySelectorAll("td[data-label=Call]").Select(c => c.TextContent));
        Assert.Equal(["Reported 1 time"], page.Document.QuerySelectorAll("td[data-label='How they know']").Select(c => c.TextContent));
        Assert.Contains("Reported 2 times", (await manager.GetAsync($"/people/{ids[0]}")).Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Search_finds_by_sound_part_date_address_phone_and_number_and_says_that_there_may_be_more(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.RegisterAsync(
            Registered.Entry("Oluwaseun", "Adebayo-Ferguson", new LocalDate(2013, 4, 17), "14 Larkspur Rise", "WX4 7QP", new IdentifierEntry(IdentifierKind.NhsNumber, "9434765919")) with
            {
                Places = [new PlaceEntry("home", "14 Larkspur Rise", "WX4 7QP"), new PlaceEntry("phone", "07700 900123")],
            });
        using var screener = await hub.SignInAsync("screener");

        foreach (var asked in new[] { "Oluwaseun Adebayo-Fergusson", "ferguson", "larkspur", "Oluwaseun", "17/4/2013 Ferguson", "17/4/2013", "14 Larkspur Rise", "WX4 7QP", "07700 900123", "943 476 5919", "P-0000001" })
        {
            var found = await (await screener.GetAsync("/search")).SubmitAsync(new() { ["Q"] = asked }, "main form.hub-search-page");
            Assert.True(found.Text.Contains("Oluwaseun Adebayo-Ferguson", StringComparison.Ordinal), $"“{asked}” found: {found.Text}");
            Assert.Contains("There may be more: ask the duty manager", found.Text, StringComparison.Ordinal);
        }

        var none = await (await screener.GetAsync("/search")).SubmitAsync(new() { ["Q"] = "Xylophon Qwertz" }, "main form.hub-search-page");
        Assert.Contains("nobody in the register resembles this", none.Text, StringComparison.Ordinal);

        var unreadable = await (await screener.GetAsync("/search")).SubmitAsync(new() { ["Q"] = "Fergu\0son" }, "main form.hub-search-page");
        Assert.Equal(HttpStatusCode.BadRequest, unreadable.Status);
        Assert.Contains("U+0000", unreadable.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody in the register", unreadable.Text, StringComparison.Ordinal);
        var address = await screener.GetAsync("/queue?agency=%00");
        Assert.Equal(HttpStatusCode.BadRequest, address.Status);
        Assert.Contains("U+0000", address.Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_new_person_over_a_strong_candidate_needs_a_reason(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        await hub.RegisterAsync(Registered.Misspelt()[0]);
        var contact = await hub.DoAsync("teacher", Screens.Report() with { People = [new PersonIntake { GivenName = "Oluwaseun", FamilyName = "Adebayo-Ferguson", Birth = "2013-04-17", Address = "14 Larkspur Rise", Postcode = "WX4 7QP" }] });
        var mention = (await hub.AllAsync<Mention>()).Single(m => m.ContactId == contact.ContactId).Id;

        var silent = await hub.Runner.RunAsync(new IdentifyMention(mention, null, ""), await hub.ViewerAsync("screener"));
        await hub.DoAsync("screener", new IdentifyMention(mention, null, "His cousin of the same name; the school knows both."));

        Assert.Equal("Reason", Assert.Single(Assert.IsType<Outcome<Guid>.Invalid>(silent).Problems).Field);
        Assert.Equal(2, (await hub.AllAsync<Person>()).Count);
    }
}
