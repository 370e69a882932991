using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Files;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>A person named in the enquiry, as reported.</summary>
public sealed record PersonInRoom(Guid MentionId, MentionRole Role, string Name, string? Age, bool HasLine, string? PersonReference);

/// <summary>What stands at the head of a room.</summary>
public sealed record RoomHead(
    Enquiry Enquiry, Verdict Verdict, string ContactReference, Verdict OnContact, IReadOnlyList<PersonInRoom> People, Instant? DecideBy, Instant? TargetBy, string Chair,
    IReadOnlyList<AgencyInRoom> Agencies)
{
    public bool IsHub => Verdict.Reason is AccessReason.HubStaff or AccessReason.ClearedForYou or AccessReason.BreakGlass;

    public bool MayAct => Verdict.Level == AccessLevel.Work || Verdict.Reason == AccessReason.InTheRoom;

    public string NameOf(Guid agency) => Agencies.FirstOrDefault(a => a.Id == agency)?.Name ?? "an agency";
}

public sealed record AgencyInRoom(Guid Id, string Name, string Telephone, bool IsHub, bool TakesPart);

public sealed record CheckRow(
    Guid Id, Guid AgencyId, string Agency, string Telephone, CheckState State, Instant AskedAt, Instant? DueAt, Instant? AnsweredAt, string? SignedAs, string? Question, string? Because, string? WithdrawnBecause, bool Mine)
{
    public bool IsLate(Instant now) => State == CheckState.Asked && DueAt is { } due && due <= now;
}

public sealed record FileRow(Guid Id, string Name, long Length, ScanState Scan);

/// <summary>An entry of what is known, with both times and its marks.</summary>
public sealed record KnownRow(
    Guid Id, string Agency, string By, string Words, Nature Nature, LocalDate? HappenedOn, string? HappenedWhen, Instant KnownAt, Instant RecordedAt, MaySee MaySee, string SeenBy,
    MayDo MayTellFamily, MayDo MayLeaveRoom, string? GivenBy, string? ThirdParties, string Concerns, Guid? CorrectsId, IReadOnlyList<Guid> CorrectedBy, bool AnswersCheck, string? SharedBecause,
    IReadOnlyList<FileRow> Files, bool Mine, bool IsNew, long Sequence, Guid AgencyId);

public sealed record MessageRow(Guid Id, string Agency, string By, string Words, Instant At, bool Mine, bool IsNew);

public sealed record ViewRow(Guid Id, string Agency, string? Words, int? Level, Instant At, bool Blind, bool Mine, bool IsNew, bool Latest);

public sealed record PositionRow(string Agency, string By, bool Agrees, string Words, Instant At, bool Mine);

public sealed record DecisionRow(RoomDecision Decision, string By, string? Second, IReadOnlyList<PositionRow> Positions, int Evidence, int NotGot, string? To, bool IsNew);

public sealed record StepRow(int Level, Instant At, string By, string Reason, Instant DueAt);

public sealed record EscalationRow(Escalation Escalation, string Agency, string Words, IReadOnlyList<StepRow> Steps, string LevelName, string Who, bool MaySpeakForHub, bool MaySpeakForRaiser);

public sealed record LookAgainRow(Guid Id, string Kind, Instant ArrivedAt, int DecisionNumber, Instant? SettledAt, string? Result, string? Reason);

public sealed record Thoughts(
    bool Open, Instant? OpenedAt, string? OpenedReason, IReadOnlyList<ViewRow> Views, int Recorded, int Asked, IReadOnlyList<string> Missing, bool Mine, IReadOnlyList<DecisionRow> Decisions,
    IReadOnlyList<EscalationRow> Escalations, IReadOnlyList<LookAgainRow> LookAgain)
{
    public DecisionRow? Standing => Decisions.FirstOrDefault(d => d.Decision.State is DecisionState.InForce) ?? Decisions.FirstOrDefault(d => d.Decision.State is DecisionState.Proposed);

    public DecisionRow? Proposed => Decisions.FirstOrDefault(d => d.Decision.State == DecisionState.Proposed);
}

/// <summary>Reads a room for one viewer: every part through the access rule of what it shows. The page, its live parts and the print use the same methods.</summary>
internal sealed class RoomReading(RecordReader read, HubSettings settings, Viewer viewer, Guid enquiryId, CancellationToken ct)
{
    private Dictionary<Guid, AgencyInRoom>? _agencies;

    public async Task<(Verdict Verdict, RoomHead? Head)> HeadAsync()
    {
        var verdict = await read.VerdictAsync<Enquiry>(viewer, enquiryId, ct);
        if (verdict.Level < AccessLevel.Read) return (verdict, null);
        var enquiry = await read.Of<Enquiry>().SingleAsync(e => e.Id == enquiryId, ct);
        var lines = await (
            from l in read.Of<EnquiryLine>()
            join c in read.Of<ContactLine>() on l.LineId equals c.Id
            where l.EnquiryId == enquiryId
            orderby c.Number
            select new { c.Id, c.MentionId, c.DecisionDueAt, c.TargetDueAt, c.State }).ToListAsync(ct);
        // The room shares with those in it whom it is about: the people named in the contact. The referrer's own details are not among them.
        var mentions = await read.Of<Mention>().Where(m => m.ContactId == enquiry.ContactId).OrderBy(m => m.Number).ToListAsync(ct);
        var ids = mentions.Select(m => m.Id).ToArray();
        var identified = (await read.Of<Identification>().Where(i => ids.Contains(i.MentionId) && i.UndoneAt == null).ToListAsync(ct)).DistinctBy(i => i.MentionId).ToDictionary(i => i.MentionId, i => i.PersonId);
        var map = await read.ResolveAsync(identified.Values, ct);
        var known = identified.Values.Select(map.Standing).Distinct().ToArray();
        var references = await read.Of<Person>().Where(p => known.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Reference, ct);
        var today = Engines.Clocks.London.Date(read.Now);
        var withLine = lines.Select(l => l.MentionId).ToHashSet();
        var people = mentions.Select(m => new PersonInRoom(m.Id, m.Role, NameOf(m), AgeOf(m, today), withLine.Contains(m.Id), identified.TryGetValue(m.Id, out var person) ? references.GetValueOrDefault(map.Standing(person)) : null)).ToList();
        var reference = await read.Of<Contact>().Where(c => c.Id == enquiry.ContactId).Select(c => c.Reference).SingleAsync(ct);
        var onContact = await read.VerdictAsync<Contact>(viewer, enquiry.ContactId, ct);
        var chair = await read.Of<Account>().Where(a => a.Id == enquiry.ChairAccountId).Select(a => a.FullName).SingleOrDefaultAsync(ct) ?? "the hub";
        var open = lines.Where(l => l.State == LineState.Waiting).ToList();
        return (verdict, new RoomHead(
            enquiry, verdict, reference, onContact, people, open.Min(l => (Instant?)l.DecisionDueAt), open.Min(l => l.TargetDueAt), chair, [.. (await AgenciesAsync()).Values]));
    }

    public async Task<IReadOnlyList<CheckRow>> AskedAsync()
    {
        var agencies = await AgenciesAsync();
        // One's own agency is not told to telephone itself: whoever asks is the hub.
        var hub = agencies.Values.FirstOrDefault(a => a.IsHub)?.Telephone ?? "the hub";
        var seen = await read.Judged<AgencyCheck>(viewer).Where(s => s.Item.EnquiryId == enquiryId).ToListAsync(ct);
        return [.. seen.Where(s => s.Verdict.Level >= AccessLevel.Part).OrderBy(s => s.Item.AskedAt).ThenBy(s => s.Item.Id).Select(s =>
        {
            var whole = s.Verdict.Level >= AccessLevel.Read;
            var c = s.Item;
            return new CheckRow(
                c.Id, c.AgencyId, agencies[c.AgencyId].Name, c.AgencyId == viewer.AgencyId ? hub : agencies[c.AgencyId].Telephone, c.State, c.AskedAt, c.DueAt, c.AnsweredAt, c.SignedAs,
                whole ? c.Question : null, whole ? c.NotSharedBecause : null, c.WithdrawnBecause, c.AgencyId == viewer.AgencyId);
        })];
    }

    public async Task<IReadOnlyList<KnownRow>> KnownAsync(long since, IReadOnlyList<PersonInRoom> people)
    {
        var agencies = await AgenciesAsync();
        var items = await read.Visible<Contribution>(viewer).Where(c => c.EnquiryId == enquiryId).OrderBy(c => c.Sequence).ToListAsync(ct);
        var names = await NamesAsync(items.Select(i => i.ByAccountId));
        var ids = items.Select(i => i.Id).ToArray();
        var files = (await read.Of<StoredFile>().Where(f => f.OwnerKind == nameof(Contribution) && ids.Contains(f.OwnerId)).OrderBy(f => f.Id).ToListAsync(ct)).ToLookup(f => f.OwnerId);
        return [.. items.Select(c => new KnownRow(
            c.Id, agencies[c.AgencyId].Name, names.GetValueOrDefault(c.ByAccountId, ""), c.Words, c.Nature, c.HappenedOn, c.HappenedWhen, c.KnownAt, c.RecordedAt, c.MaySee,
            c.MaySee == MaySee.NamedAgencies ? string.Join(", ", c.NamedAgencies.Where(agencies.ContainsKey).Select(a => agencies[a].Name)) : "",
            c.MayTellFamily, c.MayLeaveRoom, c.GivenBy, c.ThirdParties, string.Join(", ", c.Concerns.Select(m => people.FirstOrDefault(p => p.MentionId == m)?.Name).OfType<string>()),
            c.CorrectsId, [.. items.Where(i => i.CorrectsId == c.Id).Select(i => i.Id)], c.CheckId is not null, c.SharedBecause,
            [.. files[c.Id].Select(f => new FileRow(f.Id, f.Name, f.Length, f.Scan))], c.AgencyId == viewer.AgencyId,
            c.Sequence > since && c.ByAccountId != viewer.AccountId, c.Sequence, c.AgencyId))];
    }

    public async Task<IReadOnlyList<MessageRow>> TalkAsync(long since)
    {
        var agencies = await AgenciesAsync();
        var messages = await read.Visible<RoomMessage>(viewer).Where(m => m.EnquiryId == enquiryId).OrderBy(m => m.Sequence).ToListAsync(ct);
        var names = await NamesAsync(messages.Select(m => m.ByAccountId));
        return [.. messages.Select(m => new MessageRow(
            m.Id, agencies[m.AgencyId].Name, names.GetValueOrDefault(m.ByAccountId, ""), m.Words, m.At, m.ByAccountId == viewer.AccountId, m.Sequence > since && m.ByAccountId != viewer.AccountId))];
    }

    public async Task<Thoughts> ThinkAsync(Enquiry enquiry, long since)
    {
        var agencies = await AgenciesAsync();
        var judged = (await read.Judged<AgencyView>(viewer).Where(s => s.Item.EnquiryId == enquiryId).ToListAsync(ct)).OrderBy(s => s.Item.Sequence).ToList();
        var views = judged.Select(s =>
        {
            var v = s.Item;
            var open = s.Verdict.Level >= AccessLevel.Read;
            return new ViewRow(
                v.Id, agencies[v.AgencyId].Name, open ? v.Words : null, open ? v.Level : null, v.At, v.Blind, v.AgencyId == viewer.AgencyId, v.Sequence > since && v.ByAccountId != viewer.AccountId,
                judged.Last(o => o.Item.AgencyId == v.AgencyId).Item.Id == v.Id);
        }).ToList();
        var recorded = judged.Select(s => s.Item.AgencyId).ToHashSet();
        var asked = agencies.Values.Where(a => a.TakesPart).ToList();
        return new Thoughts(
            enquiry.ViewsOpenedAt is not null, enquiry.ViewsOpenedAt, enquiry.ViewsOpenedReason, views, asked.Count(a => recorded.Contains(a.Id)), asked.Count,
            [.. asked.Where(a => !recorded.Contains(a.Id)).Select(a => a.Name)], viewer.AgencyId is { } mine && recorded.Contains(mine),
            await DecisionsAsync(since), await EscalationsAsync(), await LookAgainAsync());
    }

    private async Task<IReadOnlyList<DecisionRow>> DecisionsAsync(long since)
    {
        var agencies = await AgenciesAsync();
        var decisions = await read.Visible<RoomDecision>(viewer).Where(d => d.EnquiryId == enquiryId).OrderByDescending(d => d.Number).ToListAsync(ct);
        if (decisions.Count == 0) return [];
        var ids = decisions.Select(d => d.Id).ToArray();
        var positions = await read.Visible<DecisionPosition>(viewer).Where(p => ids.Contains(p.DecisionId)).OrderBy(p => p.At).ThenBy(p => p.Id).ToListAsync(ct);
        var evidence = await read.Visible<DecisionEvidence>(viewer).Where(e => ids.Contains(e.DecisionId)).GroupBy(e => e.DecisionId)
            .Select(g => new { g.Key, All = g.Count(), NotGot = g.Count(e => e.Kind == "not-got") }).ToListAsync(ct);
        var names = await NamesAsync(decisions.Select(d => d.ByAccountId).Concat(decisions.Select(d => d.SecondAccountId ?? Guid.Empty)).Concat(positions.Select(p => p.ByAccountId)));
        var to = decisions.Select(d => d.ToAgencyId).OfType<Guid>().ToArray();
        var toNames = await read.Of<Agency>().Where(a => to.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name, ct);
        return [.. decisions.Select(d => new DecisionRow(
            d, names.GetValueOrDefault(d.ByAccountId, ""), d.SecondAccountId is { } second ? names.GetValueOrDefault(second, "") : null,
            [.. positions.Where(p => p.DecisionId == d.Id).Select(p => new PositionRow(agencies[p.AgencyId].Name, names.GetValueOrDefault(p.ByAccountId, ""), p.Agrees, p.Words, p.At, p.AgencyId == viewer.AgencyId))],
            evidence.FirstOrDefault(e => e.Key == d.Id)?.All ?? 0, evidence.FirstOrDefault(e => e.Key == d.Id)?.NotGot ?? 0,
            d.ToAgencyId is { } id ? toNames.GetValueOrDefault(id) : null, false))];
    }

    private async Task<IReadOnlyList<EscalationRow>> EscalationsAsync()
    {
        var agencies = await AgenciesAsync();
        var escalations = await read.Visible<Escalation>(viewer).Where(e => e.EnquiryId == enquiryId).OrderBy(e => e.RaisedAt).ThenBy(e => e.Id).ToListAsync(ct);
        if (escalations.Count == 0) return [];
        var ladder = await settings.GetAsync<EscalationSettings>("escalation");
        var ids = escalations.Select(e => e.Id).ToArray();
        var steps = await read.Visible<EscalationStep>(viewer).Where(s => ids.Contains(s.EscalationId)).OrderBy(s => s.At).ThenBy(s => s.Id).ToListAsync(ct);
        var positionIds = escalations.Select(e => e.PositionId).ToArray();
        var positions = await read.Visible<DecisionPosition>(viewer).Where(p => positionIds.Contains(p.Id)).ToDictionaryAsync(p => p.Id, ct);
        var names = await NamesAsync(steps.Select(s => s.ByAccountId ?? Guid.Empty));
        return [.. escalations.Select(e =>
        {
            var raised = positions[e.PositionId];
            var raiser = e.RaisedByAgencyId == viewer.AgencyId && (!viewer.IsHub || raised.ByAccountId == viewer.AccountId);
            var hub = viewer.IsHub && viewer.Has(Roles.HubManager | Roles.DutyTeam) && !raiser;
            var level = ladder.At(e.Level);
            return new EscalationRow(
                e, agencies[e.RaisedByAgencyId].Name, raised.Words,
                [.. steps.Where(s => s.EscalationId == e.Id).Select(s => new StepRow(s.Level, s.At, s.ByAccountId is { } by ? names.GetValueOrDefault(by, "") : "by the clock", s.Reason, s.DueAt))],
                level.Name, level.Who, hub && e.ResolvedByHub is null, raiser && e.ResolvedByRaiser is null);
        })];
    }

    private async Task<IReadOnlyList<LookAgainRow>> LookAgainAsync()
    {
        var again = await read.Visible<LookAgain>(viewer).Where(l => l.EnquiryId == enquiryId).OrderBy(l => l.ArrivedAt).ThenBy(l => l.Id).ToListAsync(ct);
        var ids = again.Select(l => l.DecisionId).ToArray();
        var numbers = await read.Of<RoomDecision>().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, d => d.Number, ct);
        return [.. again.Select(l => new LookAgainRow(l.Id, l.ItemKind, l.ArrivedAt, numbers[l.DecisionId], l.SettledAt, l.Result, l.Reason))];
    }

    public async Task<Dictionary<Guid, AgencyInRoom>> AgenciesAsync()
    {
        if (_agencies is not null) return _agencies;
        var participants = read.Of<Participant>().Where(p => p.EnquiryId == enquiryId);
        return _agencies = await read.Of<Agency>()
            .Where(a => participants.Any(p => p.AgencyId == a.Id))
            .OrderByDescending(a => a.IsHub).ThenBy(a => a.Name)
            .Select(a => new AgencyInRoom(a.Id, a.Name, a.Telephone, a.IsHub, participants.Any(p => p.AgencyId == a.Id && p.LeftAt == null)))
            .ToDictionaryAsync(a => a.Id, ct);
    }

    private async Task<Dictionary<Guid, string>> NamesAsync(IEnumerable<Guid> accounts)
    {
        var ids = accounts.Distinct().ToArray();
        return await read.Of<Account>().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName, ct);
    }

    private static string NameOf(Mention m) =>
        string.Join(' ', new[] { m.GivenName, m.FamilyName }.Where(n => !string.IsNullOrWhiteSpace(n))) is { Length: > 0 } name ? name : m.OtherNames ?? (m.ExpectedDate is null ? "name not known" : "unborn child");

    private static string? AgeOf(Mention m, LocalDate today)
    {
        if (m.BirthDate is { } birth && birth <= today) return Period.Between(birth, today, PeriodUnits.Years).Years is var years && years > 0 ? years.ToString(System.Globalization.CultureInfo.InvariantCulture) : "under 1";
        return m.Age?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (m.ExpectedDate is null ? null : "unborn");
    }
}

/// <summary>How far one had read.</summary>
internal static class RoomSeenReading
{
    public static Task<long?> SeenAsync(this RecordReader read, Viewer viewer, Guid enquiryId, CancellationToken ct) =>
        read.Visible<RoomSeen>(viewer).Where(s => s.EnquiryId == enquiryId).Select(s => (long?)s.Sequence).SingleOrDefaultAsync(ct);
}
