using Microsoft.EntityFrameworkCore;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>A plan with its reviews.</summary>
public sealed record PlanHistory(Plan Plan, IReadOnlyList<PlanReview> Reviews);

/// <summary>A referral episode with what is in it.</summary>
public sealed record EpisodeHistory(ReferralEpisode Referral, IReadOnlyList<Assessment> Assessments, IReadOnlyList<Section47> Enquiries, IReadOnlyList<PlanHistory> Plans);

/// <summary>What the record holds of a child's time with children's social care. <see cref="OtherPlans"/> belong to no episode here.</summary>
public sealed record ChildHistory(IReadOnlyList<EpisodeHistory> Episodes, IReadOnlyList<PlanHistory> OtherPlans)
{
    /// <summary>The child for whom the viewer may start a plan; null where they may not.</summary>
    public Guid? MayStartFor { get; init; }

    public bool IsEmpty => Episodes.Count == 0 && OtherPlans.Count == 0;
}

/// <summary>Reads episodes and plans of people whom the viewer may read; of others nothing, nor that there is any.</summary>
internal sealed class HistoryReader(RecordReader read)
{
    /// <summary>One child's, under every identity that a merge has joined; null where the viewer may read none of them.</summary>
    public async Task<ChildHistory?> OfAsync(Viewer viewer, Guid personId, CancellationToken ct)
    {
        var found = await ReadAsync(viewer, await read.IdentitiesAsync(personId, ct), ct);
        return found.Count == 0
            ? null
            : new ChildHistory([.. found.Values.SelectMany(h => h.Episodes).OrderByDescending(e => e.Referral.ReferralDate)], [.. found.Values.SelectMany(h => h.OtherPlans).OrderBy(p => p.Plan.StartedOn)])
            {
                MayStartFor = viewer.IsHub && viewer.Has(PlanAccess.Workers) ? personId : null,
            };
    }

    public async Task<IReadOnlyDictionary<Guid, ChildHistory>> ReadAsync(Viewer viewer, IReadOnlyCollection<Guid> personIds, CancellationToken ct)
    {
        var asked = personIds.ToArray();
        var people = await read.Visible<Person>(viewer).Where(p => asked.Contains(p.Id)).Select(p => p.Id).ToArrayAsync(ct);
        if (people.Length == 0) return new Dictionary<Guid, ChildHistory>();
        var episodes = await read.Of<ReferralEpisode>().Where(e => people.Contains(e.PersonId)).ToListAsync(ct);
        var ids = episodes.Select(e => e.Id).ToArray();
        var assessments = (await read.Of<Assessment>().Where(a => ids.Contains(a.EpisodeId)).ToListAsync(ct)).ToLookup(a => a.EpisodeId);
        var enquiries = (await read.Of<Section47>().Where(s => ids.Contains(s.EpisodeId)).ToListAsync(ct)).ToLookup(s => s.EpisodeId);
        var plans = await read.Of<Plan>().Where(p => people.Contains(p.PersonId)).ToListAsync(ct);
        var planIds = plans.Select(p => p.Id).ToArray();
        var reviews = (await read.Of<PlanReview>().Where(r => planIds.Contains(r.PlanId)).ToListAsync(ct)).ToLookup(r => r.PlanId);
        var known = ids.ToHashSet();
        PlanHistory With(Plan plan) => new(plan, [.. reviews[plan.Id].OrderBy(r => r.HeldOn)]);
        return people.ToDictionary(id => id, id => new ChildHistory(
            [
                .. episodes.Where(e => e.PersonId == id).OrderByDescending(e => e.ReferralDate).Select(e => new EpisodeHistory(
                    e,
                    [.. assessments[e.Id].OrderBy(a => a.StartedOn)],
                    [.. enquiries[e.Id].OrderBy(s => s.StartedOn)],
                    [.. plans.Where(p => p.EpisodeId == e.Id).OrderBy(p => p.StartedOn).Select(With)])),
            ],
            [.. plans.Where(p => p.PersonId == id && (p.EpisodeId is not { } episode || !known.Contains(episode))).OrderBy(p => p.StartedOn).Select(With)]));
    }
}

/// <summary>On a person's page: referrals, assessments, section 47 enquiries and plans.</summary>
internal sealed class PersonHistoryPanel(HistoryReader history) : IPersonPanel
{
    internal const string Title = "Referrals, assessments and plans";
    internal const string Partial = "/Rooms/Plans/Pages/_History.cshtml";

    public int Order => 20;

    public async Task<SlotPart?> DrawAsync(Viewer viewer, Guid personId, CancellationToken ct) =>
        await history.OfAsync(viewer, personId, ct) is { } found ? new SlotPart(Title, Partial, found) : null;
}

/// <summary>On a contact's page, once the child is identified: the same.</summary>
internal sealed class MentionHistoryPanel(HistoryReader history, RecordReader read) : IMentionPanel
{
    public int Order => 20;

    public async Task<SlotPart?> DrawAsync(Viewer viewer, Guid mentionId, CancellationToken ct)
    {
        var person = await read.Of<Identification>().Where(i => i.MentionId == mentionId && i.UndoneAt == null).Select(i => (Guid?)i.PersonId).FirstOrDefaultAsync(ct);
        if (person is not { } id) return null;
        return await history.OfAsync(viewer, id, ct) is { } found ? new SlotPart(PersonHistoryPanel.Title, PersonHistoryPanel.Partial, found) : null;
    }
}

/// <summary>The same as entries of a chronology, each with the day it happened and the moment it became known here.</summary>
internal sealed class PlansChronology(HistoryReader history) : IChronologySource
{
    private const string Agency = "Children's social care";

    public async Task<IReadOnlyList<ChronologyEntry>> ReadAsync(Viewer viewer, IReadOnlyCollection<Guid> personIds, CancellationToken ct)
    {
        var entries = new List<ChronologyEntry>();
        foreach (var child in (await history.ReadAsync(viewer, personIds, ct)).Values)
        {
            foreach (var episode in child.Episodes) entries.AddRange(Of(episode));
            foreach (var plan in child.OtherPlans) entries.AddRange(Of(plan));
        }

        return entries;
    }

    private static IEnumerable<ChronologyEntry> Of(EpisodeHistory episode)
    {
        var referral = episode.Referral;
        var need = CensusWords.Of("PrimaryNeedCode", referral.PrimaryNeed) is { } words ? $", need: {words}" : "";
        yield return new ChronologyEntry(
            referral.ReferralDate, null, referral.RecordedAt, "Referral", Agency,
            $"Referred by {CensusWords.Of("ReferralSource", referral.SourceCode) ?? "a source not held"}{need}{(referral.NoFurtherAction ? "; no further action" : "")}", null, Significant: false);
        if (referral.InitialConferenceDate is { } conference)
            yield return new ChronologyEntry(conference, null, referral.RecordedAt, "Initial child protection conference", Agency, "Conference held", null, Significant: true);
        foreach (var a in episode.Assessments)
        {
            yield return new ChronologyEntry(a.StartedOn, null, a.RecordedAt, "Assessment", Agency, "Assessment started", null, Significant: false);
            if (a.AuthorisedOn is { } authorised)
            {
                var factors = a.Factors.Count == 0 ? "" : "; factors: " + string.Join("; ", a.Factors.Select(f => CensusWords.Of("AssessmentFactors", f) ?? f));
                yield return new ChronologyEntry(authorised, null, a.AuthorisationRecordedAt ?? a.RecordedAt, "Assessment", Agency, "Assessment authorised" + factors, null, Significant: false);
            }
        }

        foreach (var s in episode.Enquiries)
        {
            yield return new ChronologyEntry(
                s.StartedOn, null, s.RecordedAt, "Section 47 enquiry", Agency, s.ConferenceNotRequired ? "Enquiry started; a conference was not required" : "Enquiry started", null, Significant: true);
            if (s.ConferenceOn is { } held)
                yield return new ChronologyEntry(held, null, s.ConferenceRecordedAt ?? s.RecordedAt, "Initial child protection conference", Agency, "Conference held", null, Significant: true);
        }

        foreach (var entry in episode.Plans.SelectMany(Of)) yield return entry;
        if (referral.ClosedOn is { } closed)
        {
            var reason = CensusWords.Of("ReasonForClosure", referral.ReasonForClosure) is { } why ? ": " + why : "";
            yield return new ChronologyEntry(closed, null, referral.ClosureRecordedAt ?? referral.RecordedAt, "Closure", Agency, "Referral closed" + reason, null, Significant: false);
        }
    }

    private static IEnumerable<ChronologyEntry> Of(PlanHistory history)
    {
        var plan = history.Plan;
        var kind = CensusWords.Plan(plan.Kind);
        var significant = plan.Kind is PlanKind.ChildProtection or PlanKind.LookedAfter;
        var category = CensusWords.Of("CategoryOfAbuse", plan.InitialCategory) is { } words ? $" ({words})" : "";
        yield return new ChronologyEntry(plan.StartedOn, null, plan.RecordedAt, kind, Agency, $"Started{category}", null, significant);
        foreach (var review in history.Reviews) yield return new ChronologyEntry(review.HeldOn, null, review.RecordedAt, kind, Agency, "Reviewed", null, Significant: false);
        if (plan.EndedOn is { } ended) yield return new ChronologyEntry(ended, null, plan.EndRecordedAt ?? plan.RecordedAt, kind, Agency, "Ended", null, significant);
    }
}

/// <summary>Codes of the census in words.</summary>
public static class CensusWords
{
    /// <summary>DfE's words; the code itself where its list does not have it; null where there is none.</summary>
    public static string? Of(string list, string? code) => code is null ? null : CinCodes.Shipped.Find(list, code)?.Label ?? code;

    public static string Plan(string kind) => kind switch
    {
        PlanKind.EarlyHelp => "Early help plan",
        PlanKind.ChildInNeed => "Child in need plan",
        PlanKind.ChildProtection => "Child protection plan",
        PlanKind.LookedAfter => "Looked after",
        PlanKind.CareLeaver => "Care leaver",
        _ => Platform.Furniture.Words.FromPropertyName(kind),
    };
}
