using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Trail;

/// <summary>Holds and disposes of the trail's personal content inside an act. The entries themselves are beyond anyone's reach.</summary>
public sealed class TrailDesk(Act act)
{
    /// <summary>Marks (or unmarks) the content of every entry about a subject; the database itself refuses to dispose of what is marked.</summary>
    public async Task<int> HoldAsync(Guid subjectId, bool held)
    {
        var rows = await ContentOfAsync(subjectId);
        var changed = 0;
        foreach (var row in rows.Where(r => r.LegalHold != held))
        {
            row.LegalHold = held;
            changed++;
        }

        return changed;
    }

    /// <summary>The content of one entry, tracked; null where it never had any or is of another authority.</summary>
    public async Task<(TrailEntry Entry, TrailContent? Content)?> FindAsync(Guid entryId)
    {
        var entry = await act.Db.Set<TrailEntry>().AsNoTracking().SingleOrDefaultAsync(e => e.AuthorityId == act.Actor.AuthorityId && e.Id == entryId);
        if (entry is null) return null;
        var content = await act.Db.Set<TrailContent>().SingleOrDefaultAsync(c => c.AuthorityId == act.Actor.AuthorityId && c.EntryId == entryId);
        if (content is not null) act.Admitted.Add(content);
        return (entry, content);
    }

    /// <summary>Empties the content and leaves a tombstone: when and why. The entry's hash stays, so the chain still verifies.</summary>
    public void Dispose(TrailContent content, string reason)
    {
        content.Content = null;
        content.Salt = null;
        content.DisposedAt = act.Now;
        content.DisposalReason = reason;
    }

    /// <summary>Tracked contents of the entries about a subject, undisposed.</summary>
    public async Task<List<TrailContent>> ContentOfAsync(Guid subjectId)
    {
        var authority = act.Actor.AuthorityId;
        var rows = await (
            from e in act.Db.Set<TrailEntry>()
            join c in act.Db.Set<TrailContent>() on e.Id equals c.EntryId
            where e.AuthorityId == authority && c.AuthorityId == authority && e.SubjectId == subjectId && c.DisposedAt == null
            orderby e.Position
            select c).AsTracking().ToListAsync();
        foreach (var row in rows) act.Admitted.Add(row);
        return rows;
    }
}
