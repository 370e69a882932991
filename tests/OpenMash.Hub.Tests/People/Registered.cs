using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OpenMash.Hub.Platform.Seams;
using OpenMash.HubTests.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.HubTests.People;

/// <summary>Arranging people of the register, and reading them, for tests of the room that keeps it.</summary>
internal static class Registered
{
    public static PersonEntry Entry(string given, string family, LocalDate? birth, string? address = null, string? postcode = null, params IdentifierEntry[] numbers) => new()
    {
        GivenName = given,
        FamilyName = family,
        BirthDate = birth,
        Places = address is null && postcode is null ? [] : [new PlaceEntry("home", address ?? postcode!, postcode)],
        Identifiers = numbers,
    };

    /// <summary>Two spellings of one invented child, and a child who is someone else.</summary>
    public static PersonEntry[] Misspelt() =>
    [
        Entry("Oluwaseun", "Adebayo-Ferguson", new LocalDate(2013, 4, 17), "14 Larkspur Rise", "WX4 7QP"),
        Entry("Oluwasehun", "Adebayo Fergusson", new LocalDate(2013, 4, 17), "14 Larkspur Rise", "WX4 7QP"),
        Entry("Maja", "Wojciechowska", new LocalDate(2016, 11, 2), "3 Tanners Row", "WX1 2CD"),
    ];

    /// <summary>The files of two agencies: the second holds the first so many people of the first under the same number, each with something wrong.</summary>
    public static (string First, string Second) TwoExtracts(int people, int again)
    {
        const string headings = "rec_id,given_name,surname,date_of_birth,sex,address_1,postcode\n";
        string[] starts = ["Ab", "Bel", "Cor", "Dan", "El", "Fer", "Gri", "Hol", "Is", "Jor", "Kas", "Lu", "Mar", "Nor", "Ol", "Per", "Quin", "Ros", "Sol", "Tam"];
        string[] middles = ["an", "bre", "cho", "dri", "ela", "fin", "gar", "hal", "iso", "jun", "kel", "lor", "mi"];
        string[] ends = ["da", "ek", "fort", "gan", "hurst", "ina", "jor", "kin", "low", "man", "ney", "over", "per", "quist", "ridge", "son", "ton"];
        string[] roads = ["Larkspur Rise", "Quay Street", "Tanners Row", "Mill Lane", "Harbour View", "Heron Close"];
        var (first, second) = (new StringBuilder(headings), new StringBuilder(headings));
        // By chance from a seed: names, birthdays and homes that went in step would be families to whoever learns from them.
        var chance = new Random(5);
        string Of(string[] list) => list[chance.Next(list.Length)];
        for (var i = 0; i < people; i++)
        {
            var given = Of(starts) + Of(middles);
            var family = Of(starts) + Of(middles) + Of(ends);
            var born = new LocalDate(2008, 1, 1).PlusDays(chance.Next(4500));
            var (home, code) = ($"{chance.Next(1, 90)} {Of(roads)}", $"WX{chance.Next(1, 10)} {chance.Next(10)}{(char)('A' + chance.Next(20))}{(char)('A' + chance.Next(20))}");
            void Write(StringBuilder file) => file.AppendLine(CultureInfo.InvariantCulture, $"{1000 + i},{given},{family},{born:uuuu-MM-dd},{(i % 2 == 0 ? "F" : "M")},{home},{code}");
            Write(first);
            if (i >= again) continue;
            switch (i % 4)
            {
                case 0: given = given.Remove(2, 1); break;
                case 1: born = born.PlusDays(1); break;
                case 2: family = family.Remove(3, 1); break;
                default: (home, code) = ($"{i % 80} Beacon Hill", "WX7 3ZZ"); break;
            }

            Write(second);
        }

        return (first.ToString(), second.ToString());
    }

    public static async Task<IReadOnlyList<Guid>> RegisterAsync(this TestHub hub, params PersonEntry[] people) => await hub.DoAsync("manager", new RegisterPeople("test", people));

    public static async Task<MatchPair> PairAsync(this TestHub hub) => Assert.Single(await hub.AllAsync<MatchPair>(), p => p.State is MatchState.Open or MatchState.AwaitsSecond);

    /// <summary>The pair that a colleague puts before the review.</summary>
    public static async Task<Guid> ProposeAsync(this TestHub hub, string person, Guid one, Guid other) => await hub.DoAsync(person, new ProposeMatch(one, await hub.ReferenceAsync(other)));

    public static async Task<string> ReferenceAsync(this TestHub hub, Guid person)
    {
        await using var db = hub.Store.Open(hub.Authority);
        return await db.Set<Person>().Where(p => p.Id == person).Select(p => p.Reference).SingleAsync();
    }

    /// <summary>Decides a pair as someone who sees it now.</summary>
    public static async Task<Outcome<MatchState>> DecideMatchAsync(this TestHub hub, string person, Guid pairId, MatchState verdict, string reason = "Same school, same mother.", Guid? keep = null)
    {
        await using var db = hub.Store.Open(hub.Authority);
        var pair = await db.Set<MatchPair>().AsNoTracking().SingleAsync(p => p.Id == pairId);
        var versions = await db.Set<Person>().AsNoTracking().Where(p => p.Id == pair.FirstId || p.Id == pair.SecondId).ToDictionaryAsync(p => p.Id, p => p.Version);
        return await hub.Runner.RunAsync(
            new DecideMatch { PairId = pairId, Verdict = verdict, Reason = reason, KeepId = keep, SeenFirst = versions[pair.FirstId], SeenSecond = versions[pair.SecondId] },
            await hub.ViewerAsync(person));
    }

    public static async Task MergeAsync(this TestHub hub, Guid from, Guid into) =>
        Assert.Equal(MatchState.Same, (await hub.DecideMatchAsync("screener", await hub.ProposeAsync("screener", from, into), MatchState.Same, keep: into)).Expect());

    /// <summary>A contact in which the person is identified.</summary>
    public static async Task<Guid> ReportedAsync(this TestHub hub, Guid person)
    {
        var contact = await hub.SubmitAsync("Ann");
        await using var db = hub.Store.Open(hub.Authority);
        var mention = await db.Set<Mention>().AsNoTracking().SingleAsync(m => m.ContactId == contact.ContactId);
        await hub.DoAsync("screener", new IdentifyMention(mention.Id, person, "said so by the school"));
        return contact.ContactId;
    }

    public static Task PlanAsync(this TestHub hub, Guid person) =>
        hub.InsertAsync(new Plan { Id = Guid.CreateVersion7(), PersonId = person, Kind = PlanKind.ChildProtection, StartedOn = new LocalDate(2026, 1, 5), RecordedAt = hub.Clock.GetCurrentInstant() });

    public static async Task<PeopleAnswer> WhoAsync(this TestHub hub, PersonQuery query) => await hub.App.Services.GetRequiredService<IPeopleFinder>().FindAsync(hub.Authority, query, 10, CancellationToken.None);
}
