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
        where T : DomainRow => WithCode<T>(viewer).Where(s => s.Code >= VerdictCode.PerLevel);

    /// <summary>
    /// The whole of a small list, each row with its verdict, which the database finds once for a row: with <see cref="Judged{T}"/> it would find it again wherever
    /// the query names it. Rows of level None are dropped here, and no caller sees them.
    /// </summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="shape">From the judged rows to those of the list; it carries the code over as it is and decides nothing by it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<List<TRow>> JudgedListAsync<T, TRow>(Viewer viewer, Func<IQueryable<Seen<T>>, IQueryable<TRow>> shape, CancellationToken ct)
        where T : DomainRow
        where TRow : IJudged
    {
        ArgumentNullException.ThrowIfNull(shape);
        var rows = await shape(WithCode<T>(viewer)).ToListAsync(ct);
        rows.RemoveAll(r => Verdict.From(r.Code).Level == AccessLevel.None);
        return rows;
    }

    /// <summary>The verdict on one row. A row that does not exist, or whose existence is secret, gives <see cref="AccessLevel.None"/>.</summary>
    public async Task<Verdict> VerdictAsync<T>(Viewer viewer, Guid id, CancellationToken ct = default)
        where T : DomainRow
    {
        var code = Code<T>(viewer);
        var found = await Of<T>().Where(r => r.Id == id).Select(code).Cast<int?>().SingleOrDefaultAsync(ct);
        return Verdict.From(found ?? 0);
    }

    private IQueryable<Seen<T>> WithCode<T>(Viewer viewer)
        where T : DomainRow
    {
        var code = Code<T>(viewer);
        var bind = Expression.MemberInit(
            Expression.New(typeof(Seen<T>)),
            Expression.Bind(typeof(Seen<T>).GetProperty(nameof(Seen<T>.Item))!, code.Parameters[0]),
            Expression.Bind(typeof(Seen<T>).GetProperty(nameof(Seen<T>.Code))!, code.Body));
        return Of<T>().Select(Expression.Lambda<Func<T, Seen<T>>>(bind, code.Parameters));
    }

    private Expression<Func<T, int>> Code<T>(Viewer viewer)
        where T : DomainRow
    {
        if (viewer.AuthorityId != db.AuthorityId)
            throw new InvalidOperationException("The viewer and the record belong to different authorities.");
        return rooms.AccessOf<T>().For(viewer, db, clock.GetCurrentInstant());
    }
}
