using Microsoft.EntityFrameworkCore;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.FrontDoor;

/// <summary>Arranging and reading for tests of the front door.</summary>
internal static class Screens
{
    public static SubmitContact Report(params string[] children) => new()
    {
        Way = Way.PartnerForm,
        Words = "A child came to school hungry and afraid.",
        Original = "{\"words\":\"A child came to school hungry and afraid.\"}",
        People = [.. children.Select(c => new PersonIntake { GivenName = c, FamilyName = "Example" })],
    };

    public static Task<ContactSubmitted> SubmitAsync(this TestHub hub, params string[] children) => hub.DoAsync("teacher", Report(children));

    public static async Task<List<ContactLine>> LinesAsync(this TestHub hub, Guid contact)
    {
        await using var db = hub.Store.Open(hub.Authority);
        return await db.Set<ContactLine>().AsNoTracking().Where(l => l.ContactId == contact).OrderBy(l => l.Number).ToListAsync();
    }

    public static async Task<ContactLine> LineAsync(this TestHub hub, Guid contact) => (await hub.LinesAsync(contact))[0];

    public static async Task<List<T>> AllAsync<T>(this TestHub hub)
        where T : class
    {
        await using var db = hub.Store.Open(hub.Authority);
        return await db.Set<T>().AsNoTracking().ToListAsync();
    }

    public static async Task<RunningClock?> ClockAsync(this TestHub hub, Guid subject, string rule)
    {
        await using var db = hub.Store.Open(hub.Authority);
        return await db.Set<RunningClock>().AsNoTracking().Where(c => c.SubjectId == subject && c.Rule == rule).OrderBy(c => c.Id).FirstOrDefaultAsync();
    }

    /// <summary>Decides as a person sees it now.</summary>
    public static async Task<Outcome<LineDecided>> DecideAsync(this TestHub hub, string person, Guid contact, LineOutcome outcome, string reason = "Because.", int line = 1, Func<DecideLine, DecideLine>? with = null)
    {
        var seen = (await hub.LinesAsync(contact))[line - 1];
        var command = new DecideLine { LineId = seen.Id, Outcome = outcome, Reason = reason, SeenVersion = seen.Version };
        return await hub.Runner.RunAsync(with?.Invoke(command) ?? command, await hub.ViewerAsync(person));
    }

    public static async Task RateAsync(this TestHub hub, string person, Guid contact, Rating rating, string? reason = null, int line = 1) =>
        await hub.DoAsync(person, new RateLine((await hub.LinesAsync(contact))[line - 1].Id, rating, reason));

    /// <summary>A person of the register; the room that keeps the register has its own tests.</summary>
    public static async Task<Guid> PersonAsync(this TestHub hub)
    {
        var id = Guid.CreateVersion7();
        await hub.InsertAsync(new Person { Id = id, Reference = "P-" + id.ToString("N")[^10..], GivenName = "Test", FamilyName = "Example", Source = "test", CreatedAt = hub.Clock.GetCurrentInstant(), ChangedAt = hub.Clock.GetCurrentInstant() });
        return id;
    }

    public static async Task IdentifyAsync(this TestHub hub, Guid contact, Guid person, int mention = 1)
    {
        await using var db = hub.Store.Open(hub.Authority);
        var found = await db.Set<Mention>().AsNoTracking().SingleAsync(m => m.ContactId == contact && m.Number == mention);
        await hub.InsertAsync(new Identification { Id = Guid.CreateVersion7(), MentionId = found.Id, PersonId = person, ByAccountId = hub.Account("screener"), At = hub.Clock.GetCurrentInstant(), Reason = "Same name and birth date." });
    }

    public static async Task InsertAsync<T>(this TestHub hub, T row)
        where T : DomainRow
    {
        await using var db = hub.Store.Open(hub.Authority);
        db.Entry(row).Property(nameof(DomainRow.AuthorityId)).CurrentValue = hub.Authority;
        db.Entry(row).State = EntityState.Added;
        await db.SaveChangesAsync();
    }
}
