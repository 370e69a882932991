using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>
/// Takes an agency's extract in, in one transaction. A row whose identifier this agency sent before completes that person; every other row is a person of its own, and
/// whether they are known is for the review: an import joins nobody.
/// </summary>
internal sealed class ImportPeopleHandler : Handler<ImportPeople, Guid>
{
    public const Roles Who = Roles.BusinessSupport | Roles.HubManager;

    private const int Chunk = 400;

    public override ValueTask<string?> AuthoriseAsync(ImportPeople command, Act act) => ValueTask.FromResult(act.NeedsHub(Who, "take an agency's extract into the register"));

    public override async ValueTask CheckAsync(ImportPeople command, Problems problems, Act act)
    {
        if (!await act.Read.Of<Agency>().AnyAsync(a => a.Id == command.AgencyId)) problems.Add("AgencyId", "Choose the agency whose people these are.");
        if (await act.Read.Of<PeopleExtract>().Where(e => e.Sha256 == command.Sha256).OrderBy(e => e.At).FirstOrDefaultAsync() is { } before)
            problems.Add("File", $"This very file was taken in before, as {before.FileName} on {RelativeTime.Full(before.At)}. Nothing was taken in again.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(ImportPeople command, Act act)
    {
        var agency = await act.Read.Of<Agency>().SingleAsync(a => a.Id == command.AgencyId);
        var issuer = command.AgencyId.ToString("N");
        var source = $"extract of {agency.Name}";
        var known = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var chunk in command.Rows.Select(r => r.AgencyPersonId).OfType<string>().Chunk(Chunk))
        {
            foreach (var i in await act.Read.Of<PersonIdentifier>()
                .Where(i => i.Kind == IdentifierKind.AgencyId && i.Issuer == issuer && i.EndedAt == null && chunk.Contains(i.Value))
                .OrderBy(i => i.RecordedAt)
                .Select(i => new { i.Value, i.PersonId })
                .ToListAsync())
                known.TryAdd(i.Value, i.PersonId);
        }

        bool IsKnown(ExtractRow row) => row.AgencyPersonId is { } id && known.ContainsKey(id);
        var added = command.Rows.Where(r => !IsKnown(r)).ToList();
        var references = await act.NextPlainReferencesAsync("P", added.Count);
        foreach (var (row, reference) in added.Zip(references)) await Register.AddAsync(act, row.Person, source, reference);
        foreach (var row in command.Rows.Where(IsKnown)) await CompleteAsync(act, known[row.AgencyPersonId!], row.Person, source);
        var refused = command.Problems.Count(p => p.Refused);
        var extract = act.Write.Add(new PeopleExtract
        {
            Id = act.NewId(),
            FileName = command.FileName,
            Sha256 = command.Sha256,
            AgencyId = command.AgencyId,
            At = act.Now,
            ByAccountId = act.Actor.AccountId ?? Guid.Empty,
            Columns = command.Columns,
            Rows = command.Rows.Count + refused,
            Added = added.Count,
            Known = command.Rows.Count - added.Count,
            Refused = refused,
        });
        foreach (var problem in command.Problems)
            act.Write.Add(new ExtractProblem { Id = act.NewId(), ExtractId = extract.Id, Line = problem.Line, Refused = problem.Refused, Problem = problem.Problem });
        act.About("PeopleExtract", extract.Id);
        return extract.Id;
    }

    private static async Task CompleteAsync(Act act, Guid personId, PersonEntry entry, string source)
    {
        var person = (await act.Write.FindAsync<Person>(personId))!;
        var named = await Register.AddNameAsync(act, person, entry.GivenName, entry.FamilyName, source);
        var placed = await Register.AddPlacesAsync(act, personId, entry.Places, source);
        var numbered = await Register.AddIdentifiersAsync(act, personId, entry.Identifiers, source);
        if (person.BirthDate is null && entry.BirthDate is not null) (person.BirthDate, named) = (entry.BirthDate, true);
        if (named || placed || numbered) person.ChangedAt = act.Now;
    }
}
