using System.Net;
using System.Text;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.HubTests.People;

/// <summary>An agency's extract of people: every row is accounted for, nobody is joined, and what cannot be read is refused with the reason.</summary>
public class ImportPeopleTests
{
    private const string Headings = "rec_id,given_name,surname,date_of_birth,sex,address_1,postcode,nhs_number\n";

    private static async Task<TestPage> SendAsync(TestHub hub, TestBrowser browser, string agency, byte[] content, string name = "people.csv")
    {
        var page = await browser.GetAsync("/people/imports");
        var answer = await page.PostAsync(new() { ["AgencyId"] = agency.Length == 0 ? "" : hub.Agencies[agency].ToString() }, files: [("File", name, content)]);
        return answer.Location is { } next ? await browser.OpenAsync(next) : answer;
    }

    private static byte[] Csv(string rows) => Encoding.UTF8.GetBytes(Headings + rows);

    [Theory, EachDatabase]
    public async Task Every_row_is_new_known_or_refused_with_its_line_and_reason(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var support = await hub.SignInAsync("support");

        var report = await SendAsync(hub, support, "health", Csv(
            "1,محمد,الأحمد,2014-03-09,M,7 Quay Street,WX3 4EF,\n"
            + "2,Łucja,Wiśniewska,9/3/2015,F,,WX1 1AA,943 476 5919\n"
            + "3,Siân,ap Rhys,2011-12-01,F,1 Heol Fawr,,\n"
            + "3,Rhys,Morgan,2011-12-01,M,1 Heol Fawr,,\n"
            + "4,,,2011-12-01,M,1 Heol Fawr,,\n"
            + "5,Lone,Name,,,,,\n"
            + "6,Odd,Date,31/02/2014,F,2 High Street,,123\n"
            + "7,Short,Row\n"));

        Assert.Contains("8 rows = 4 new records + 0 sent before + 4 refused", report.Text, StringComparison.Ordinal);
        Assert.Contains("used before, in line 4", report.Text, StringComparison.Ordinal);
        Assert.Contains("cannot be read as a day", report.Text, StringComparison.Ordinal);
        Assert.Contains("NHS number does not hold", report.Text, StringComparison.Ordinal);
        Assert.Contains("3 fields where the headings have 8", report.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Wiśniewska", report.Text, StringComparison.Ordinal);
        var people = await hub.AllAsync<Person>();
        Assert.Equal(["Odd", "Siân", "Łucja", "محمد"], people.Select(p => p.GivenName!).Order(StringComparer.Ordinal));
        Assert.All(people, p => Assert.Equal("extract of Health", p.Source));
    }

    [Theory, EachDatabase]
    public async Task Two_agencies_extracts_fill_the_review_and_join_nobody(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var manager = await hub.SignInAsync("manager");

        await SendAsync(hub, manager, "health", Csv("17,Oluwaseun,Adebayo-Ferguson,2013-04-17,M,14 Larkspur Rise,WX4 7QP,943 476 5919\n18,Maja,Wojciechowska,2016-11-02,F,3 Tanners Row,WX1 2CD,\n"));
        await SendAsync(hub, manager, "education", Csv("17,Oluwasehun,Adebayo Fergusson,17/04/2013,M,14 Larkspur Rise,WX4 7QP,\n"));

        Assert.Equal(3, (await hub.AllAsync<Person>()).Count);
        Assert.Empty(await hub.AllAsync<Resolution>());
        Assert.Contains("1 pair waits", (await manager.GetAsync("/people/review")).Text, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task The_same_agencys_identifier_again_completes_the_person_and_the_same_file_again_is_refused(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var manager = await hub.SignInAsync("manager");
        var first = Csv("17,Maja,Wojciechowska,2016-11-02,F,3 Tanners Row,WX1 2CD,\n");
        await SendAsync(hub, manager, "health", first);

        var again = await SendAsync(hub, manager, "education", first);
        var later = await SendAsync(hub, manager, "health", Csv("17,Maja,Nowak,2016-11-02,F,9 New Street,WX1 2CD,\n"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.Status);
        Assert.Contains("taken in before", again.Text, StringComparison.Ordinal);
        Assert.Contains("1 row = 0 new records + 1 sent before", later.Text, StringComparison.Ordinal);
        var person = Assert.Single(await hub.AllAsync<Person>());
        Assert.Equal("Wojciechowska", person.FamilyName);
        Assert.Equal("Nowak", Assert.Single(await hub.AllAsync<PersonName>()).FamilyName);
        Assert.Equal(2, (await hub.AllAsync<PersonPlace>()).Count);
    }

    [Theory, EachDatabase]
    public async Task A_file_that_cannot_be_used_is_refused_as_a_whole_and_says_what_to_do(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        using var manager = await hub.SignInAsync("manager");

        var broken = await SendAsync(hub, manager, "health", [.. Csv("1,Maja"), 0xC3, 0x28]);
        var narrow = await SendAsync(hub, manager, "health", Encoding.UTF8.GetBytes("id,colour\n1,red\n"));
        var headings = await SendAsync(hub, manager, "health", Encoding.UTF8.GetBytes(Headings));
        var nobody = await SendAsync(hub, manager, "", Csv("1,Maja,Nowak,2016-11-02,F,,,\n"));

        Assert.Contains("not UTF-8", broken.Text, StringComparison.Ordinal);
        Assert.Contains("id, colour", narrow.Text, StringComparison.Ordinal);
        Assert.Contains("headings and no row", headings.Text, StringComparison.Ordinal);
        Assert.Contains("Choose the agency", nobody.Text, StringComparison.Ordinal);
        Assert.Empty(await hub.AllAsync<Person>());
        Assert.Empty(await hub.AllAsync<PeopleExtract>());
        var screener = await hub.Runner.RunAsync(new ImportPeople { AgencyId = hub.Agencies["health"], FileName = "a", Sha256 = "a", Columns = "", Rows = [], Problems = [] }, await hub.ViewerAsync("screener"));
        Assert.IsType<Outcome<Guid>.Refused>(screener);
    }
}
