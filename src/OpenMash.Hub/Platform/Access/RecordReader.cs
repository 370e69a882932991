using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Access;

/// <summary>
/// The no-tracking read face. <see cref="Of{T}"/> is for what is decided by a page's own declaration (settings, agencies, figures);
/// records of people are read through <see cref="Visible{T}"/> or <see cref="Judged{T}"/>, which apply the entity's access expression.
/// </summary>
public sealed class RecordReader(RecordContext db, RoomCatalogue rooms, IClock clock)
{
    public short AuthorityId => db.AuthorityId;

    public Instant Now => clock.GetCurrentInstant();

    /// <summary>Every row of the authority, untracked.</summary>
    public IQueryable<T> Of<T>()
        where T : class => db.Set<T>().AsNoTracking();

    /// <summary>The rows of which the viewer may have at least <paramref name="least"/>.</summary>
    public IQueryable<T> Visible<T>(Viewer viewer, AccessLevel least = AccessLevel.Read)
        where T : DomainRow
    {
        var code = Code<T>(viewer);
        var enough = Expression.GreaterThanOrEqual(code.Body, Expression.Constant((int)least * VerdictCode.PerLevel));
        return Of<T>().Where(Expression.Lambda<Func<T, bool>>(enough, code.Parameters));
    }

    /// <summary>Each row with its level and reason; rows of level None are left out.</summary>
    public IQueryable<Seen<T>> Judged<T>(Viewer viewer)
        where T : DomainRow
    {
        var code = Code<T>(viewer);
        var bind = Expression.MemberInit(
            Expression.New(typeof(Seen<T>)),
            Expression.Bind(typeof(Seen<T>).GetProperty(nameof(Seen<T>.Item))!, code.Parameters[0]),
            Expression.Bind(typeof(Seen<T>).GetProperty(nameof(Seen<T>.Code))!, code.Body));
        return Visible<T>(viewer, AccessLevel.Pointer).Select(Expression.Lambda<Func<T, Seen<T>>>(bind, code.Parameters));
    }

    /// <summary>The verdict on one row. A row that does not exist, or whose existence is secret, gives <see cref="AccessLevel.None"/>.</summary>
    public async Task<Verdict> VerdictAsync<T>(Viewer viewer, Guid id, CancellationToken ct = default)
        where T : DomainRow
    {
        var code = Code<T>(viewer);
        var found = await Of<T>().Where(r => r.Id == id).Select(code).Cast<int?>().SingleOrDefaultAsync(ct);
        return Verdict.From(found ?? 0);
    }

    private Expression<Func<T, int>> Code<T>(Viewer viewer)
        where T : DomainRow
    {
        if (viewer.AuthorityId != db.AuthorityId)
            throw new InvalidOperationException("The viewer and the record belong to different authorities.");
        return rooms.AccessOf<T>().For(viewer, db, clock.GetCurrentInstant());
    }
}
