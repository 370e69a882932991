using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.Contacts;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>What the panel shows of one mention: who it is, or who it could be.</summary>
public sealed record MentionPanelModel(Guid MentionId, Guid CommandId, Guid? IdentificationId, Guid? PersonId, string? PersonName, string? PersonReference, string? IdentifiedBecause, IReadOnlyList<Candidate> Candidates);

/// <summary>On a contact's page: the candidates of each person named, with reasons, and the way to say who it is.</summary>
internal sealed class MentionPanel(RecordReader read, CandidateReader candidates, NodaTime.IClock clock) : IMentionPanel
{
    public int Order => 10;

    public async Task<SlotPart?> DrawAsync(Viewer viewer, Guid mentionId, CancellationToken ct)
    {
        if (!viewer.WorksInHub) return null;
        if (await read.Of<Mention>().SingleOrDefaultAsync(m => m.Id == mentionId, ct) is not { } mention) return null;
        var now = await (
            from i in read.Of<Identification>()
            join p in read.Visible<Person>(viewer, AccessLevel.Pointer) on i.PersonId equals p.Id
            where i.MentionId == mentionId && i.UndoneAt == null
            select new { i.Id, i.Reason, Person = p }).FirstOrDefaultAsync(ct);
        var found = now is null ? await candidates.FindAsync(viewer, MentionQuery.Of(mention), 5, ct) : [];
        var open = now is not null && (await read.VerdictAsync<Person>(viewer, now.Person.Id, ct)).Level >= AccessLevel.Read;
        var localIds = open ? await PersonNames.LocalIdsAsync(read, [now!.Person], ct) : [];
        return new SlotPart("Who this may be", "/Rooms/People/Pages/_MentionPanel.cshtml", new MentionPanelModel(
            mentionId,
            Platform.Time.Ids.New(clock.GetCurrentInstant()),
            now?.Id,
            now?.Person.Id,
            now is null ? null : open ? PersonNames.Show(now.Person, localIds.GetValueOrDefault(now.Person.Id)) : "a sealed record",
            now?.Person.Reference,
            now?.Reason,
            found));
    }
}
