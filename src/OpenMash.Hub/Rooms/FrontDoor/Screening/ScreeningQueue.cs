using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Contacts;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>What narrows the queue. Red stands above it whatever is chosen.</summary>
internal sealed record QueueFilter
{
    /// <summary>red, amber, green, blue or unrated.</summary>
    public string? Rating { get; init; }

    public Way? Way { get; init; }

    /// <summary>An agency, or <see cref="AccountingIdentity.Public"/>.</summary>
    public Guid? Agency { get; init; }

    /// <summary>mine, unclaimed, or an account.</summary>
    public string? Owner { get; init; }

    /// <summary>all, screening (not with the room or the referrer), enquiry, consent, second, sent, reading, consultation.</summary>
    public string? Stage { get; init; }

    /// <summary>left, rating, earlier, arrived.</summary>
    public string Sort { get; init; } = "left";

    public bool Descending { get; init; }

    public int Page { get; init; } = 1;
}

/// <summary>A contact that waits.</summary>
internal sealed class QueueRow : IJudged
{
    public required Guid Id { get; init; }
    public required string Reference { get; init; }
    public required Way Way { get; init; }
    public required Guid? AgencyId { get; init; }
    public required Instant ReceivedAt { get; init; }
    public required LocalDate ReceivedOn { get; init; }
    /// <summary>Read by <see cref="Words"/>, which keeps it from who may not read the contact.</summary>
    public required string? Opening { private get; init; }

    public string? Words => IsSealed ? null : Opening;

    public required bool InDangerNow { get; init; }
    public required bool HarmAlleged { get; init; }
    public required bool NeedsReading { get; init; }
    public required bool Consultation { get; init; }
    public required Guid? OwnerAccountId { get; init; }
    public required Instant? AcknowledgedAt { get; init; }

    /// <summary>0 red … 3 blue of the most urgent waiting line, 4 not rated.</summary>
    public required int Rank { get; init; }

    public required int Waiting { get; init; }

    /// <summary>Lines with nobody to do anything at this desk: in the room, with the referrer, waiting for a receiver.</summary>
    public required int Elsewhere { get; init; }

    /// <summary>A line is with the room, with the referrer for consent, or sent to a worker or another authority who has not answered.</summary>
    public required bool InRoom { get; init; }

    public required bool ForConsent { get; init; }
    public required bool Sent { get; init; }
    /// <summary>A closing waits for its second person.</summary>
    public bool Proposed { get; set; }

    public required bool OffShift { get; init; }
    public required Instant? DueAt { get; init; }

    /// <summary>The viewer may know that it exists and whom to call, no more.</summary>
    public required int Code { get; init; }

    public bool IsSealed => Verdict.From(Code).Level < AccessLevel.Read;

    public Rating? Rating => Rank < 4 ? (Rating)Rank : null;
}

/// <summary>The queue as shown.</summary>
internal sealed record QueuePage(
    IReadOnlyList<QueueRow> Rows,
    int Total,
    int Waiting,
    int Red,
    IReadOnlyDictionary<Guid, IReadOnlyList<EarlierContact>> Earlier,
    IReadOnlyDictionary<Guid, string> Children,
    IReadOnlyDictionary<Guid, string> Owners,
    IReadOnlyDictionary<Guid, string> Agencies);

/// <summary>The screening queue: one query for the rows, the counts and the badge.</summary>
internal sealed class ScreeningQueue(RecordReader read, HubSettings settings)
{
    public const int PageSize = 50;

    public async Task<QueuePage> ReadAsync(Viewer viewer, QueueFilter filter, CancellationToken ct)
    {
        // What waits is small beside what was decided; it is read once, so that list, counts and badge are of the same moment.
        var all = await WaitingAsync(viewer, ct);
        var reds = all.Where(r => r.Rank == 0).OrderBy(r => r.DueAt ?? Instant.MaxValue).ThenBy(r => r.ReceivedAt).ToList();
        var others = Narrow(all, viewer, filter).Where(r => r.Rank != 0).ToList();
        var page = Math.Clamp(filter.Page, 1, Math.Max(1, (others.Count + PageSize - 1) / PageSize));
        List<QueueRow> rows = [.. reds, .. Sorted(others, filter).Skip((page - 1) * PageSize).Take(PageSize)];

        var screening = await settings.GetAsync<ScreeningSettings>("screening");
        var readable = rows.Where(r => !r.IsSealed).Select(r => new ContactKey(r.Id, r.ReceivedAt, r.ReceivedOn)).ToArray();
        var earlier = await new EarlierContacts(read).OfAsync(readable, read.Visible<Contact>(viewer, AccessLevel.Pointer), screening.LookBackMonths, ct);
        if (filter.Sort == "earlier")
        {
            var rest = rows.Skip(reds.Count).OrderByDescending(r => earlier.TryGetValue(r.Id, out var e) ? e.Count : 0).ToList();
            if (filter.Descending) rest.Reverse();
            rows = [.. reds, .. rest];
        }

        var agencies = await new AccountingIdentity(read).AgencyNamesAsync(ct);
        return new QueuePage(
            rows,
            reds.Count + others.Count,
            all.Count(r => !r.Consultation),
            reds.Count,
            earlier,
            await ChildrenAsync(readable.Select(r => r.Id).ToArray(), ct),
            await HubPeople.NamesAsync(read, rows.Select(r => r.OwnerAccountId), ct),
            agencies);
    }

    /// <summary>How many contacts wait, for the badge on every page: the contacts of the queue without a filter, and nothing else about them.</summary>
    public async Task<int> CountAsync(Viewer viewer, CancellationToken ct) =>
        (await read.JudgedListAsync<Contact, WaitingContact>(
            viewer,
            // Judged after the join: as a condition on contacts, PostgreSQL would judge every contact there ever was.
            judged =>
                from id in WithWaiting(read)
                join s in judged on id equals s.Item.Id
                where !s.Item.Consultation
                select new WaitingContact { Code = s.Code },
            ct)).Count;

    private sealed class WaitingContact : IJudged
    {
        public required int Code { get; init; }
    }

    /// <summary>Those of the contacts that have a line that waits, reached from the few such lines and never the other way: nearly all contacts are long decided.</summary>
    internal static IQueryable<Contact> WithWaitingLine(RecordReader read, IQueryable<Contact> contacts) =>
        from id in WithWaiting(read)
        join c in contacts on id equals c.Id
        select c;

    private static IQueryable<Guid> WithWaiting(RecordReader read) => read.Of<ContactLine>().Where(l => l.State == LineState.Waiting).Select(l => l.ContactId).Distinct();

    /// <summary>Every contact with a waiting line that the viewer may know of.</summary>
    public async Task<List<QueueRow>> WaitingAsync(Viewer viewer, CancellationToken ct)
    {
        var lines = read.Of<ContactLine>();
        // Everything about the lines in one pass over those that wait, and from them to their contacts as in WithWaitingLine.
        var waiting = lines.Where(l => l.State == LineState.Waiting).GroupBy(l => l.ContactId).Select(g => new
        {
            ContactId = g.Key,
            Count = g.Count(),
            Elsewhere = g.Count(l => l.Outcome != null),
            Red = g.Count(l => l.Rating == Rating.Red),
            Amber = g.Count(l => l.Rating == Rating.Amber),
            Unrated = g.Count(l => l.Rating == null),
            Green = g.Count(l => l.Rating == Rating.Green),
            InRoom = g.Count(l => l.Outcome == LineOutcome.Enquiry),
            ForConsent = g.Count(l => l.Outcome == LineOutcome.ReturnForConsent),
            Sent = g.Count(l => l.Outcome == LineOutcome.AllocatedWorker || l.Outcome == LineOutcome.AnotherAuthority),
        });
        var dues = read.Of<RunningClock>()
            .Where(k => k.MetAt == null && k.EndedAt == null && k.SubjectKind == "ContactLine" && k.Rule.StartsWith("contact."))
            .GroupBy(k => k.ParentId)
            .Select(g => new { ContactId = g.Key, DueAt = g.Min(k => k.DueAt) });
        var rows = await read.JudgedListAsync<Contact, QueueRow>(viewer, judged =>
            from w in waiting
            join seen in judged on w.ContactId equals seen.Item.Id
            join due in dues on w.ContactId equals due.ContactId into clocks
            from due in clocks.DefaultIfEmpty()
            select new QueueRow
            {
                Id = seen.Item.Id,
                Reference = seen.Item.Reference,
                Way = seen.Item.Way,
                AgencyId = seen.Item.AgencyId,
                ReceivedAt = seen.Item.ReceivedAt,
                ReceivedOn = seen.Item.ReceivedOn,
                Opening = seen.Item.Words.Substring(0, 160),
                InDangerNow = seen.Item.InDangerNow,
                HarmAlleged = seen.Item.SignificantHarmAlleged,
                NeedsReading = seen.Item.NeedsReading,
                Consultation = seen.Item.Consultation,
                OwnerAccountId = seen.Item.OwnerAccountId,
                AcknowledgedAt = seen.Item.AcknowledgedAt,
                Rank = w.Red > 0 ? 0 : w.Amber > 0 ? 1 : w.Unrated > 0 ? 4 : w.Green > 0 ? 2 : 3,
                Waiting = w.Count,
                Elsewhere = w.Elsewhere,
                InRoom = w.InRoom > 0,
                ForConsent = w.ForConsent > 0,
                Sent = w.Sent > 0,
                OffShift = seen.Item.OwnerAccountId == null && read.Of<Notice>().Any(n => n.SubjectId == seen.Item.Id && n.Kind == "off-shift" && n.ClosedAt == null),
                DueAt = (Instant?)due!.DueAt,
                Code = seen.Code,
            },
            ct);
        // Asked by itself, from the few that are proposed: within the list, a database may walk all decisions for each row.
        var proposed = (await (
            from d in read.Of<LineDecision>()
            join l in lines on d.LineId equals l.Id
            where d.State == DecisionState.Proposed
            select l.ContactId).ToListAsync(ct)).ToHashSet();
        foreach (var row in rows) row.Proposed = proposed.Contains(row.Id);
        return rows;
    }

    private static IEnumerable<QueueRow> Narrow(IEnumerable<QueueRow> rows, Viewer viewer, QueueFilter filter)
    {
        rows = filter.Rating switch
        {
            "red" => rows.Where(r => r.Rank == 0),
            "amber" => rows.Where(r => r.Rank == 1),
            "green" => rows.Where(r => r.Rank == 2),
            "blue" => rows.Where(r => r.Rank == 3),
            "unrated" => rows.Where(r => r.Rank == 4),
            _ => rows,
        };
        if (filter.Way is { } way) rows = rows.Where(r => r.Way == way);
        if (filter.Agency is { } agency) rows = agency == AccountingIdentity.Public ? rows.Where(r => r.AgencyId == null) : rows.Where(r => r.AgencyId == agency);
        if (filter.Owner == "mine") rows = rows.Where(r => r.OwnerAccountId == viewer.AccountId);
        else if (filter.Owner == "unclaimed") rows = rows.Where(r => r.OwnerAccountId == null);
        else if (Guid.TryParse(filter.Owner, out var owner)) rows = rows.Where(r => r.OwnerAccountId == owner);
        return filter.Stage switch
        {
            "screening" => rows.Where(r => !r.Consultation && r.Elsewhere < r.Waiting),
            "enquiry" => rows.Where(r => r.InRoom),
            "consent" => rows.Where(r => r.ForConsent),
            "sent" => rows.Where(r => r.Sent),
            "second" => rows.Where(r => r.Proposed),
            "reading" => rows.Where(r => r.NeedsReading),
            "consultation" => rows.Where(r => r.Consultation),
            _ => rows.Where(r => !r.Consultation),
        };
    }

    /// <summary>By time left, what has no clock yet last; ties by the order in which they came to the record, so that two readers see the same order.</summary>
    internal static IOrderedEnumerable<QueueRow> Sorted(IEnumerable<QueueRow> rows, QueueFilter filter) => (filter.Sort, filter.Descending) switch
    {
        ("rating", false) => rows.OrderBy(r => r.Rank == 4 ? 0 : r.Rank).ThenBy(r => r.DueAt ?? Instant.MaxValue).ThenBy(r => r.Id),
        ("rating", true) => rows.OrderByDescending(r => r.Rank == 4 ? 0 : r.Rank).ThenBy(r => r.DueAt ?? Instant.MaxValue).ThenBy(r => r.Id),
        ("arrived", false) => rows.OrderBy(r => r.ReceivedAt).ThenBy(r => r.Id),
        ("arrived", true) => rows.OrderByDescending(r => r.ReceivedAt).ThenBy(r => r.Id),
        (_, true) => rows.OrderByDescending(r => r.DueAt ?? Instant.MinValue).ThenBy(r => r.Id),
        _ => rows.OrderBy(r => r.DueAt ?? Instant.MaxValue).ThenBy(r => r.Id),
    };

    /// <summary>"2 children, aged 14 and 9": how many and how old, no names in a list that is open all day.</summary>
    private async Task<IReadOnlyDictionary<Guid, string>> ChildrenAsync(IReadOnlyCollection<Guid> contacts, CancellationToken ct)
    {
        var children = await (
            from l in read.Of<ContactLine>()
            join c in read.Of<Contact>() on l.ContactId equals c.Id
            join m in read.Of<Mention>() on l.MentionId equals (Guid?)m.Id into named
            from m in named.DefaultIfEmpty()
            where contacts.Contains(l.ContactId)
            orderby l.Number
            select new { l.ContactId, c.ReceivedOn, Named = l.MentionId != null, m.BirthDate, m.Age, m.ExpectedDate }).ToListAsync(ct);
        return children.GroupBy(c => c.ContactId).ToDictionary(g => g.Key, g =>
        {
            var ages = g.Select(c => !c.Named ? "not identified" : c.ExpectedDate is not null ? "unborn" : c.BirthDate is { } birth ? Age(birth, c.ReceivedOn) : c.Age is { } age ? $"{age}" : "age not known").ToArray();
            var all = ages.Length == 1 ? ages[0] : $"{string.Join(", ", ages[..^1])} and {ages[^1]}";
            // "aged" only before an age: "1 child, unborn", "2 children, aged 4 and age not known".
            return $"{(ages.Length == 1 ? "1 child" : $"{ages.Length} children")}, {(char.IsAsciiDigit(all[0]) ? "aged " : "")}{all}";
        });
    }

    internal static string Age(LocalDate birth, LocalDate on)
    {
        if (birth > on) return "unborn";
        var years = Period.Between(birth, on, PeriodUnits.Years).Years;
        return years > 0 ? $"{years}" : $"{Period.Between(birth, on, PeriodUnits.Months).Months} months";
    }
}
