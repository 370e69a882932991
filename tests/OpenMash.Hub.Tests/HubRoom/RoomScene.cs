using Microsoft.EntityFrameworkCore;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.HubTests.HubRoom;

/// <summary>A contact by a teacher about two children and an enquiry opened from it, with police, health and housing asked.</summary>
internal sealed class RoomScene(TestHub hub)
{
    public TestHub Hub => hub;

    public Guid ContactId { get; private set; }

    public Guid EnquiryId { get; private set; }

    public string Reference { get; private set; } = "";

    public Dictionary<string, Guid> Checks { get; } = [];

    public IReadOnlyList<Guid> Lines { get; private set; } = [];

    public string Url => $"/enquiries/{EnquiryId}";

    public static async Task<RoomScene> OpenAsync(TestHub hub, Rating rating = Rating.Amber, params string[] asked)
    {
        var scene = new RoomScene(hub);
        var submitted = await hub.DoAsync("teacher", new SubmitContact
        {
            Way = Way.PartnerForm,
            Words = "She came without shoes and asked not to go home.",
            Original = "{}",
            People =
            [
                new PersonIntake { GivenName = "Mira", FamilyName = "Testley", Birth = "9/3/2012" },
                new PersonIntake { GivenName = "Jon", FamilyName = "Testley", Birth = "2016-05-01" },
                new PersonIntake { Role = MentionRole.ParentOrCarer, GivenName = "Rae", FamilyName = "Testley" },
            ],
        });
        scene.ContactId = submitted.ContactId;
        await using var db = hub.Store.Open(hub.Authority);
        scene.Lines = await db.Set<ContactLine>().Where(l => l.ContactId == submitted.ContactId).OrderBy(l => l.Number).Select(l => l.Id).ToListAsync();
        var agencies = asked.Length == 0 ? ["police", "health", "housing"] : asked;
        var opened = await hub.DoAsync("screener", scene.Open(rating, agencies));
        scene.EnquiryId = opened.EnquiryId;
        scene.Reference = opened.Reference;
        foreach (var check in await db.Set<AgencyCheck>().Where(c => c.EnquiryId == opened.EnquiryId).ToListAsync())
            scene.Checks[hub.Agencies.Single(a => a.Value == check.AgencyId).Key] = check.Id;
        return scene;
    }

    public OpenEnquiry Open(Rating rating, params string[] asked) => new()
    {
        ContactId = ContactId,
        LineIds = Lines,
        Rating = rating,
        Purpose = "Is she safe at home?",
        LawfulBasis = "Working together to protect children; Children Act 2004, section 11.",
        ConsentNote = "Not sought: asking may add risk.",
        Checks = [.. asked.Select(a => new CheckAsked(Hub.Agencies[a], $"What does {a} hold on the household since 2024?"))],
    };

    public Task<Nothing> AnswerAsync(string person, string agency, string words = "Two calls to the address.", MaySee maySee = MaySee.EveryAgencyInTheRoom) =>
        Hub.DoAsync(person, new AnswerCheck { CheckId = Checks[agency], As = CheckState.Answered, Answer = words, SignedAs = "Pat", MaySee = maySee });

    public Contribute Item(string words, MaySee maySee = MaySee.EveryAgencyInTheRoom, params string[] named) => new()
    {
        EnquiryId = EnquiryId,
        Words = words,
        Nature = Nature.Fact,
        MaySee = maySee,
        NamedAgencies = [.. named.Select(n => Hub.Agencies[n])],
    };

    public async Task ViewsAsync(params string[] people)
    {
        foreach (var person in people) await Hub.DoAsync(person, new RecordAgencyView(EnquiryId, 3, $"View of {person}"));
    }

    public async Task<DecideEnquiry> DecisionAsync(LineOutcome outcome = LineOutcome.Assessment) => new()
    {
        EnquiryId = EnquiryId,
        Outcome = outcome,
        Level = 3,
        Rationale = "What is known adds up to a need for an assessment.",
        OptionsRejected = "Early help: the family has refused it twice.",
        SeenSequence = await SequenceAsync(),
    };

    public async Task<long> SequenceAsync()
    {
        await using var db = Hub.Store.Open(Hub.Authority);
        return await db.Set<Enquiry>().Where(e => e.Id == EnquiryId).Select(e => e.Sequence).SingleAsync();
    }

    public async Task<T> ReadAsync<T>(Func<RecordContext, Task<T>> query)
    {
        await using var db = Hub.Store.Open(Hub.Authority);
        return await query(db);
    }

    public async Task<Outcome<T>> TryAsync<T>(string person, ICommand<T> command) => await Hub.Runner.RunAsync(command, await Hub.ViewerAsync(person));
}
