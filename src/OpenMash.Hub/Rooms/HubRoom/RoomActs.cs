using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Files;

namespace OpenMash.Hub.Rooms.HubRoom;

/// <summary>What every act in a room shares: may this person act in it, and what else must move with it.</summary>
internal static class RoomActs
{
    public const Roles HubTeam = Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam;
    public const Roles Deciders = Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam;
    public const int MostWords = 50_000;

    /// <summary>Null where the person may act in the room: the hub's team, or whoever answers for an agency that takes part.</summary>
    public static async ValueTask<string?> InRoomAsync(Act act, Guid? enquiryId)
    {
        if (enquiryId is not { } id) return Verdict.From(0).Words;
        act.About(nameof(Enquiry), id);
        var verdict = await act.Read.VerdictAsync<Enquiry>(act.Actor, id);
        if (verdict.Level == AccessLevel.Work || verdict is { Level: AccessLevel.Read, Reason: AccessReason.InTheRoom }) return null;
        return verdict.Level == AccessLevel.Read ? "You may read this room with the reason you gave; to act in it you must be cleared for it." : verdict.Words;
    }

    /// <summary>As above, and a person of the hub with one of the roles.</summary>
    public static async ValueTask<string?> HubInRoomAsync(Act act, Guid? enquiryId, Roles any, string whatFor) =>
        act.NeedsHub(any, whatFor) ?? await InRoomAsync(act, enquiryId);

    /// <summary>Counts a change of the room. Two people at once both get through: the runner repeats the later one.</summary>
    public static async Task<Enquiry> TouchAsync(this Act act, Guid enquiryId)
    {
        var enquiry = await act.Write.FindAsync<Enquiry>(enquiryId) ?? throw new InvalidOperationException($"There is no enquiry {enquiryId}.");
        enquiry.Sequence++;
        return enquiry;
    }

    /// <summary>Tells the browsers of everyone in the room that something changed.</summary>
    public static void TellRoom(this Act act, Enquiry enquiry, string kind, Guid id) => act.Live($"enquiry:{enquiry.Id}", kind, id, enquiry.Sequence);

    /// <summary>Tells only those who may see an item with this mark.</summary>
    public static void TellMarked(this Act act, Enquiry enquiry, string kind, Guid id, Guid owner, MaySee maySee, IEnumerable<Guid> named)
    {
        if (maySee == MaySee.EveryAgencyInTheRoom)
        {
            act.TellRoom(enquiry, kind, id);
            return;
        }

        act.Live($"enquiry:{enquiry.Id}:hub", kind, id, enquiry.Sequence);
        foreach (var agency in named.Append(owner).Distinct()) act.Live($"enquiry:{enquiry.Id}:{agency}", kind, id, enquiry.Sequence);
    }

    /// <summary>Agencies that take part now.</summary>
    public static Task<List<Guid>> AgenciesAsync(this Act act, Guid enquiryId) =>
        act.Read.Of<Participant>().Where(p => p.EnquiryId == enquiryId && p.LeftAt == null).Select(p => p.AgencyId).Distinct().ToListAsync();

    /// <summary>The decision that holds, or waits for its second person: the newest of them.</summary>
    public static Task<RoomDecision?> StandingDecisionAsync(this Act act, Guid enquiryId) =>
        act.Read.Of<RoomDecision>().Where(d => d.EnquiryId == enquiryId && (d.State == DecisionState.InForce || d.State == DecisionState.Proposed))
            .OrderByDescending(d => d.Number).FirstOrDefaultAsync();

    /// <summary>Something arrived after a decision: into the short queue to look at it again.</summary>
    public static async Task LookAgainAsync(this Act act, Enquiry enquiry, string kind, Guid itemId)
    {
        if (await act.StandingDecisionAsync(enquiry.Id) is not { } decision) return;
        var again = act.Write.Add(new LookAgain { Id = act.NewId(), DecisionId = decision.Id, EnquiryId = enquiry.Id, ItemKind = kind, ItemId = itemId, ArrivedAt = act.Now });
        act.Notify(
            "late-answer", nameof(Enquiry), enquiry.Id, $"{enquiry.Reference}: something arrived after decision {decision.Number}. Does the decision still stand?",
            toAccount: decision.ByAccountId, toRoles: Roles.HubManager | Roles.DutyTeam, climbsAt: act.Now + Duration.FromHours(4));
        act.TellRoom(enquiry, "look-again", again.Id);
    }

    public static void AttachFiles(this Act act, IReadOnlyList<FileIntake> files, Guid contributionId)
    {
        foreach (var file in files)
        {
            act.Platform.Add(new StoredFile
            {
                Id = act.NewId(),
                OwnerKind = nameof(Contribution),
                OwnerId = contributionId,
                Name = file.Name,
                ContentType = file.ContentType,
                Length = file.Length,
                Sha256 = file.Sha256,
                ReceivedAt = act.Now,
                SentByAccountId = act.Actor.AccountId,
                Scan = file.Scan,
            });
        }
    }

    /// <summary>Whether the hub is open at an instant; out of hours every ladder starts with the duty team.</summary>
    public static async Task<bool> IsOpenAsync(this Act act, Instant at)
    {
        var day = London.Date(at);
        var calendar = await act.Settings.CalendarAsync(day);
        var time = London.At(at).TimeOfDay;
        return calendar.Opening is { } opening && opening.On(day, calendar.Working).Any(o => o.From <= time && time < o.To);
    }

    public static string? Tidy(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Settings of the room: <c>Settings/room.json</c>.</summary>
internal sealed record RoomSettings
{
    public IReadOnlyList<AgencyKind> Quorum { get; init; } = [];
    public bool EducationWhereItTakesPart { get; init; }
    public double RemindAtPartOfLimit { get; init; } = 0.5;
    public int RemindAtLeastMinutes { get; init; } = 30;
    public IReadOnlyList<LevelLabel> Levels { get; init; } = [];

    public string LevelWords(int level) => Levels.FirstOrDefault(l => l.Level == level)?.Label ?? $"Level {level}";
}

internal sealed record LevelLabel(int Level, string Label);

/// <summary>When a second person is needed (practice rule 14): <c>Settings/screening.json</c>, which the front door reads too.</summary>
internal sealed record ClosingSettings
{
    public int LookBackMonths { get; init; } = 12;
    public int EarlierContacts { get; init; } = 2;
    public IReadOnlyList<LineOutcome> Closings { get; init; } = [LineOutcome.NoFurtherAction, LineOutcome.InformationAndAdvice];
}

/// <summary>The ladder of a disagreement: <c>Settings/escalation.json</c>.</summary>
internal sealed record EscalationSettings
{
    public IReadOnlyList<EscalationLevel> Levels { get; init; } = [];

    /// <summary>The step of a level; the last step is repeated, since a disagreement never falls off its ladder.</summary>
    public EscalationLevel At(int level) =>
        Levels.Count == 0 ? throw new InvalidOperationException("Settings/escalation.json has no level.") : Levels[Math.Clamp(level, 1, Levels.Count) - 1];
}

internal sealed record EscalationLevel(string Name, string Rule, IReadOnlyList<string> HubRoles, string Who)
{
    public Roles Hub => HubRoles.Aggregate(Roles.None, (all, name) =>
        all | (Enum.TryParse<Roles>(name, out var role) ? role : throw new JsonException($"Settings/escalation.json: {name} is no role.")));
}

/// <summary>The words of outcomes: <c>Settings/outcomes.json</c>.</summary>
internal sealed record OutcomeSettings
{
    public IReadOnlyList<OutcomeLabel> Outcomes { get; init; } = [];

    public string Words(LineOutcome outcome) => Outcomes.FirstOrDefault(o => o.Outcome == outcome)?.Label ?? outcome.ToString();
}

internal sealed record OutcomeLabel(LineOutcome Outcome, string Label, string Hint);

/// <summary>How protective an outcome is. It only orders them; it is no score of a child.</summary>
internal static class Protection
{
    /// <summary>Raises protection: one person, one action, at any hour.</summary>
    public static bool Raises(LineOutcome outcome) => outcome is LineOutcome.ImmediateProtection or LineOutcome.StrategyDiscussion;

    /// <summary>Not for a room to decide: an enquiry is already open, and consent is asked at the front door, where the line has its recall date.</summary>
    public static bool IsOfTheFrontDoor(LineOutcome outcome) => outcome is LineOutcome.Enquiry or LineOutcome.ReturnForConsent;

    public static int Rank(LineOutcome outcome) => outcome switch
    {
        LineOutcome.ImmediateProtection => 5,
        LineOutcome.StrategyDiscussion => 4,
        LineOutcome.Assessment or LineOutcome.AllegationAgainstProfessional or LineOutcome.AllocatedWorker or LineOutcome.AnotherAuthority
            or LineOutcome.PrivateFostering or LineOutcome.AdultSafeguarding => 3,
        LineOutcome.EarlyHelp or LineOutcome.ReturnForConsent or LineOutcome.Enquiry => 2,
        LineOutcome.InformationAndAdvice => 1,
        LineOutcome.NoFurtherAction => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No such outcome."),
    };
}
