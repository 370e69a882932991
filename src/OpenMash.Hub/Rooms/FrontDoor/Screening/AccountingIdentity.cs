using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>What is counted: children's lines, or contacts. A contact waits while any line waits; else it is decided if any is, else moved if any is, else merged.</summary>
internal enum Counting
{
    Lines,
    Contacts,
}

/// <summary>Which of what was received.</summary>
/// <param name="From">First London date received, inclusive.</param>
/// <param name="To">Last London date received, inclusive.</param>
/// <param name="Agency">An agency, or <see cref="AccountingIdentity.Public"/> for the public; null for all.</param>
internal sealed record IdentitySlice(LocalDate From, LocalDate To, Guid? Agency = null);

/// <summary>One term of the identity on one day for one agency.</summary>
internal sealed record IdentityCell(LocalDate ReceivedOn, Guid? AgencyId, LineState State, int Count);

/// <summary>received = decided + waiting + moved + merged.</summary>
internal sealed record IdentityTotals(int Received, int Decided, int Waiting, int Moved, int Merged)
{
    public bool Holds => Received == Decided + Waiting + Moved + Merged;

    public int Of(LineState? state) => state switch
    {
        null => Received,
        LineState.Decided => Decided,
        LineState.Waiting => Waiting,
        LineState.Moved => Moved,
        LineState.Merged => Merged,
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}

/// <summary>A row behind a term.</summary>
internal sealed class IdentityRow
{
    public required Guid ContactId { get; init; }
    public required Guid? LineId { get; init; }
    public required string Reference { get; init; }
    public required int? Number { get; init; }
    public required Instant ReceivedAt { get; init; }
    public required LocalDate ReceivedOn { get; init; }
    public required Guid? AgencyId { get; init; }
    public required LineState State { get; init; }
}

/// <summary>
/// The accounting identity: received = decided + waiting + moved + merged, for lines and for contacts, by London date received and by the referrer's agency
/// (none is "Public"). Received is counted by itself, so that a row in no state would break the sum; each term's list comes from the same query as its number.
/// Consultations are no contacts. What a viewer may not know of is not counted for them.
/// </summary>
internal sealed class AccountingIdentity(RecordReader read)
{
    /// <summary>Stands for "Public" where an agency is asked for.</summary>
    public static readonly Guid Public = Guid.Empty;

    /// <summary>The rows of a slice, in a state or in all.</summary>
    public IQueryable<IdentityRow> Rows(Viewer viewer, Counting counting, IdentitySlice slice, LineState? state = null)
    {
        var rows = counting == Counting.Lines ? Lines(viewer, slice) : Contacts(viewer, slice);
        return state is { } one ? rows.Where(r => r.State == one) : rows;
    }

    /// <summary>The totals of a slice: received is a count of its own.</summary>
    public async Task<IdentityTotals> TotalsAsync(Viewer viewer, Counting counting, IdentitySlice slice, CancellationToken ct = default) => new(
        await Rows(viewer, counting, slice).CountAsync(ct),
        await Rows(viewer, counting, slice, LineState.Decided).CountAsync(ct),
        await Rows(viewer, counting, slice, LineState.Waiting).CountAsync(ct),
        await Rows(viewer, counting, slice, LineState.Moved).CountAsync(ct),
        await Rows(viewer, counting, slice, LineState.Merged).CountAsync(ct));

    /// <summary>Each day and agency of a slice.</summary>
    public async Task<IReadOnlyList<IdentityCell>> CellsAsync(Viewer viewer, Counting counting, IdentitySlice slice, CancellationToken ct = default)
    {
        var cells = new List<IdentityCell>();
        foreach (var state in Enum.GetValues<LineState>())
        {
            var counted = await Rows(viewer, counting, slice, state)
                .GroupBy(r => new { r.ReceivedOn, r.AgencyId })
                .Select(g => new { g.Key.ReceivedOn, g.Key.AgencyId, Count = g.Count() })
                .ToListAsync(ct);
            cells.AddRange(counted.Select(c => new IdentityCell(c.ReceivedOn, c.AgencyId, state, c.Count)));
        }

        return cells;
    }

    /// <summary>Received by day and agency, counted without regard to state.</summary>
    public async Task<IReadOnlyDictionary<(LocalDate Day, Guid? Agency), int>> ReceivedAsync(Viewer viewer, Counting counting, IdentitySlice slice, CancellationToken ct = default)
    {
        var counted = await Rows(viewer, counting, slice)
            .GroupBy(r => new { r.ReceivedOn, r.AgencyId })
            .Select(g => new { g.Key.ReceivedOn, g.Key.AgencyId, Count = g.Count() })
            .ToListAsync(ct);
        return counted.ToDictionary(c => (c.ReceivedOn, c.AgencyId), c => c.Count);
    }

    /// <summary>The oldest contact that nobody of the hub has acknowledged; null where there is none.</summary>
    public Task<Contact?> OldestUnacknowledgedAsync(Viewer viewer, CancellationToken ct = default) =>
        read.Visible<Contact>(viewer, AccessLevel.Pointer).Where(c => c.AcknowledgedAt == null).OrderBy(c => c.ReceivedAt).FirstOrDefaultAsync(ct);

    /// <summary>Names of agencies, with "Public" under <see cref="Public"/>.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> AgencyNamesAsync(CancellationToken ct = default)
    {
        var names = await read.Of<Agency>().ToDictionaryAsync(a => a.Id, a => a.Name, ct);
        names[Public] = "Public";
        return names;
    }

    private IQueryable<Contact> Received(Viewer viewer, IdentitySlice slice)
    {
        var contacts = read.Visible<Contact>(viewer, AccessLevel.Pointer).Where(c => !c.Consultation && c.ReceivedOn >= slice.From && c.ReceivedOn <= slice.To);
        return slice.Agency is not { } agency ? contacts : agency == Public ? contacts.Where(c => c.AgencyId == null) : contacts.Where(c => c.AgencyId == agency);
    }

    private IQueryable<IdentityRow> Lines(Viewer viewer, IdentitySlice slice) =>
        from l in read.Of<ContactLine>()
        join c in Received(viewer, slice) on l.ContactId equals c.Id
        select new IdentityRow
        {
            ContactId = c.Id,
            LineId = l.Id,
            Reference = c.Reference,
            Number = l.Number,
            ReceivedAt = c.ReceivedAt,
            ReceivedOn = c.ReceivedOn,
            AgencyId = c.AgencyId,
            State = l.State,
        };

    private IQueryable<IdentityRow> Contacts(Viewer viewer, IdentitySlice slice)
    {
        var lines = read.Of<ContactLine>();
        return Received(viewer, slice).Select(c => new IdentityRow
        {
            ContactId = c.Id,
            LineId = null,
            Reference = c.Reference,
            Number = null,
            ReceivedAt = c.ReceivedAt,
            ReceivedOn = c.ReceivedOn,
            AgencyId = c.AgencyId,
            State = lines.Any(l => l.ContactId == c.Id && l.State == LineState.Waiting) ? LineState.Waiting
                : lines.Any(l => l.ContactId == c.Id && l.State == LineState.Decided) ? LineState.Decided
                : lines.Any(l => l.ContactId == c.Id && l.State == LineState.Moved) ? LineState.Moved
                : LineState.Merged,
        });
    }
}
