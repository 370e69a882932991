using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>What every command on a referral shares.</summary>
internal static class ReferralDesk
{
    public static async Task<ReferralEpisode?> EpisodeAsync(this Act act, Guid id)
    {
        if (await act.Write.FindAsync<ReferralEpisode>(id) is not { } episode) return null;
        if (!await act.Read.Visible<Person>(act.Actor).AnyAsync(p => p.Id == episode.PersonId)) return null;
        act.About("Person", episode.PersonId);
        return episode;
    }

    public static void CheckDay(this Problems problems, Act act, LocalDate on, LocalDate notBefore, string field, string what, string before)
    {
        if (on > act.Today) problems.Add(field, $"{what} lies in the future.");
        else if (on < notBefore) problems.Add(field, $"{what} lies before {before} of {PlanDesk.Day(notBefore)}.");
    }
}

internal sealed class OpenReferralHandler : Handler<OpenReferral, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(OpenReferral command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers | Records.Accounts.Roles.ScreeningOfficer, "record a referral"));

    public override ValueTask CheckAsync(OpenReferral command, Problems problems, Act act)
    {
        if (command.ReferralDate > act.Today) problems.Add("ReferralDate", "The referral lies in the future.");
        if (command.SourceCode is not null && CinCodes.Shipped.Find("ReferralSource", command.SourceCode) is null) problems.Add("SourceCode", "Choose who referred.");
        if (command.PrimaryNeed is not null && CinCodes.Shipped.Find("PrimaryNeedCode", command.PrimaryNeed) is null) problems.Add("PrimaryNeed", "Choose the primary need.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Guid>> HandleAsync(OpenReferral command, Act act)
    {
        if (!await act.Read.Visible<Person>(act.Actor).AnyAsync(p => p.Id == command.PersonId)) return new Outcome<Guid>.NotFound();
        act.About("Person", command.PersonId);
        var same = await act.Read.IdentitiesAsync(command.PersonId);
        if (await act.Read.Of<ReferralEpisode>().AnyAsync(e => same.Contains(e.PersonId) && e.ReferralDate == command.ReferralDate))
            return new Outcome<Guid>.Invalid([new Problem("ReferralDate", "A referral of this child on this day is recorded already.")]);
        return ReferralMaker.Add(act, command.PersonId, command.ReferralDate, command.SourceCode, command.PrimaryNeed, command.LineId).Id;
    }
}

internal static class ReferralMaker
{
    public static ReferralEpisode Add(Act act, Guid person, LocalDate on, string? source, string? need, Guid? line) => act.Write.Add(new ReferralEpisode
    {
        Id = act.NewId(),
        PersonId = person,
        LineId = line,
        ReferralDate = on,
        SourceCode = source,
        PrimaryNeed = need,
        Origin = line is null ? "entered here" : "a contact of the hub",
        RecordedAt = act.Now,
    });
}

/// <summary>A child's line was decided for assessment or a strategy discussion: the referral begins, once the child is known, without anyone typing it again.</summary>
internal sealed class ReferralOfLine : Listener<LineSettled>
{
    public override async Task HandleAsync(LineSettled happened, Act act)
    {
        if (happened.State != LineState.Decided || happened.Outcome is not (LineOutcome.Assessment or LineOutcome.StrategyDiscussion or LineOutcome.ImmediateProtection)) return;
        var line = await act.Read.Of<ContactLine>().SingleAsync(l => l.Id == happened.LineId);
        if (line.MentionId is not { } mention) return;
        var person = await act.Read.Of<Identification>().Where(i => i.MentionId == mention && i.UndoneAt == null).Select(i => (Guid?)i.PersonId).FirstOrDefaultAsync();
        if (person is { } id) await BeginAsync(act, id, line);
    }

    internal static async Task BeginAsync(Act act, Guid person, ContactLine line)
    {
        var same = await act.Read.IdentitiesAsync(person);
        // An open case takes new harm in; a second referral on it would count twice in the census.
        if (await act.Read.Of<ReferralEpisode>().AnyAsync(e => e.LineId == line.Id || (same.Contains(e.PersonId) && (e.ClosedOn == null || e.ReferralDate == line.ReceivedOn)))) return;
        var source = await act.Read.Of<Contact>().Where(c => c.Id == line.ContactId).Select(c => c.SourceCode).SingleAsync();
        ReferralMaker.Add(act, person, line.ReceivedOn, source is not null && CinCodes.Shipped.Find("ReferralSource", source) is not null ? source : null, null, line.Id);
    }
}

/// <summary>The child was identified after the decision.</summary>
internal sealed class ReferralOfIdentified : Listener<MentionIdentified>
{
    public override async Task HandleAsync(MentionIdentified happened, Act act)
    {
        if (happened.PersonId is not { } person) return;
        foreach (var line in await act.Read.Of<ContactLine>().Where(l => l.MentionId == happened.MentionId && l.State == LineState.Decided && (l.Outcome == LineOutcome.Assessment || l.Outcome == LineOutcome.StrategyDiscussion || l.Outcome == LineOutcome.ImmediateProtection)).ToListAsync())
            await ReferralOfLine.BeginAsync(act, person, line);
    }
}

internal sealed class StartAssessmentHandler : Handler<StartAssessment, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(StartAssessment command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "start an assessment"));

    public override async Task<Outcome<Guid>> HandleAsync(StartAssessment command, Act act)
    {
        if (await act.EpisodeAsync(command.EpisodeId) is not { } episode) return new Outcome<Guid>.NotFound();
        if (episode.ClosedOn is not null) return new Outcome<Guid>.Conflict("This referral is closed.");
        var problems = new Problems();
        problems.CheckDay(act, command.StartedOn, episode.ReferralDate, "AssessmentOn", "The start", "the referral");
        if (command.WorkerId is { } worker && !await act.IsHubMemberAsync(worker)) problems.Add("WorkerId", "Choose someone of the hub's own team who works here today.");
        if (await act.Read.Of<Assessment>().AnyAsync(a => a.EpisodeId == episode.Id && a.StartedOn == command.StartedOn)) problems.Add("AssessmentOn", "An assessment that started on this day is recorded already.");
        if (problems.Found<Guid>() is { } found) return found;
        return act.Write.Add(new Assessment { Id = act.NewId(), EpisodeId = episode.Id, StartedOn = command.StartedOn, WorkerId = command.WorkerId ?? act.Actor.AccountId, RecordedAt = act.Now }).Id;
    }
}

internal sealed class AdvanceAssessmentHandler : Handler<AdvanceAssessment, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(AdvanceAssessment command, Act act) => ValueTask.FromResult(
        command.AuthorisedOn is not null || command.Checkpoint is not null ? act.NeedsHub(PlanAccess.Managers, "look at or sign off an assessment") : act.NeedsHub(PlanAccess.Workers, "write an assessment"));

    public override ValueTask CheckAsync(AdvanceAssessment command, Problems problems, Act act)
    {
        foreach (var factor in command.Factors)
            if (CinCodes.Shipped.Find("AssessmentFactors", factor) is null) problems.Add("Factors", $"{factor} is not a factor of the census.");
        problems.MaxLength(command.Findings, 20000, "Findings", "The findings");
        problems.MaxLength(command.ChildsWords, 8000, "ChildsWords", "The child's words");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(AdvanceAssessment command, Act act)
    {
        if (await act.Write.FindAsync<Assessment>(command.AssessmentId) is not { } assessment || await act.EpisodeAsync(assessment.EpisodeId) is null) return new Outcome<Nothing>.NotFound();
        if (assessment.AuthorisedOn is not null) return new Outcome<Nothing>.Conflict("This assessment is signed off. What comes after it belongs in the plan.");
        var problems = new Problems();
        if (command.Checkpoint is { } checkpoint) problems.CheckDay(act, checkpoint, assessment.StartedOn, "Checkpoint", "The manager's look", "the start");
        if (command.ChildSeenOn is { } seen) problems.CheckDay(act, seen, assessment.StartedOn, "ChildSeenOn", "The day on which the child was seen", "the start");
        if (command.AuthorisedOn is { } signed)
        {
            problems.CheckDay(act, signed, assessment.StartedOn, "AuthorisedOn", "The sign-off", "the start");
            if ((command.ChildSeenOn ?? assessment.ChildSeenOn) is null) problems.Add("ChildSeenOn", "The child must have been seen before an assessment is signed off. Enter the day.");
            if (command.Factors.Count == 0 && assessment.Factors.Count == 0) problems.Add("Factors", "Choose the factors found, or 21 for none: the census asks for them at sign-off.");
            if (RecordVisitHandler.Clean(command.Findings) is null && assessment.Findings is null) problems.Add("Findings", "Write what was found.");
            if (assessment.WorkerId is not null && assessment.WorkerId == act.Actor.AccountId) return new Outcome<Nothing>.Refused("Nobody signs off their own assessment.");
        }

        if (problems.Found<Nothing>() is { } found) return found;
        if (command.Checkpoint is { } look)
        {
            if (assessment.Checkpoint1On is null) assessment.Checkpoint1On = look;
            else assessment.Checkpoint2On ??= look;
        }

        assessment.ChildSeenOn ??= command.ChildSeenOn;
        assessment.ChildsWords = RecordVisitHandler.Clean(command.ChildsWords) ?? assessment.ChildsWords;
        assessment.Findings = RecordVisitHandler.Clean(command.Findings) ?? assessment.Findings;
        if (command.Factors.Count > 0) assessment.Factors = [.. command.Factors];
        if (command.AuthorisedOn is { } on)
        {
            assessment.AuthorisedOn = on;
            assessment.AuthorisationRecordedAt = act.Now;
        }

        return Nothing.Value;
    }
}

internal sealed class HoldStrategyHandler : Handler<HoldStrategy, Guid>
{
    public override ValueTask<string?> AuthoriseAsync(HoldStrategy command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "record a strategy discussion"));

    public override async ValueTask CheckAsync(HoldStrategy command, Problems problems, Act act)
    {
        problems.Require(command.Views, "Views", "Write each agency's view in its own words.");
        problems.MaxLength(command.Views, 20000, "Views", "The views");
        problems.Require(command.Reason, "StrategyReason", "Say why this was decided.");
        problems.MaxLength(command.Reason, 8000, "StrategyReason", "The reason");
        var quorum = (await act.Settings.GetAsync<PlanKindSettings>("plan-kinds")).Quorum;
        // Rule 1: raising protection never waits for a quorum, only says that there was none.
        if (!command.StartsSection47 && !ReviewRules.IsQuorate(command.Attended, quorum)) problems.Require(command.NotQuorateBecause, "NotQuorateBecause", $"Without {string.Join(", ", quorum)} it is not quorate. Say why it was decided without them.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(HoldStrategy command, Act act)
    {
        if (await act.EpisodeAsync(command.EpisodeId) is not { } episode) return new Outcome<Guid>.NotFound();
        if (episode.ClosedOn is not null) return new Outcome<Guid>.Conflict("This referral is closed.");
        var problems = new Problems();
        problems.CheckDay(act, command.HeldOn, episode.ReferralDate, "StrategyOn", "The discussion", "the referral");
        if (problems.Found<Guid>() is { } found) return found;
        var quorum = (await act.Settings.GetAsync<PlanKindSettings>("plan-kinds")).Quorum;
        var held = act.Write.Add(new StrategyDiscussion
        {
            Id = act.NewId(),
            EpisodeId = episode.Id,
            HeldOn = command.HeldOn,
            Attended = [.. command.Attended],
            Quorate = ReviewRules.IsQuorate(command.Attended, quorum),
            NotQuorateBecause = RecordVisitHandler.Clean(command.NotQuorateBecause),
            Views = command.Views.Trim(),
            StartsSection47 = command.StartsSection47,
            Reason = command.Reason.Trim(),
            ByAccountId = act.Actor.AccountId ?? Guid.Empty,
            RecordedAt = act.Now,
        });
        // A further discussion on a running enquiry starts no second one: its conference stays due from the first.
        if (command.StartsSection47 && !await act.Read.Of<Section47>().AnyAsync(s => s.EpisodeId == episode.Id && s.EndedOn == null && s.ConferenceOn == null && !s.ConferenceNotRequired))
        {
            var rule = (await act.Settings.ClockRulesAsync(command.HeldOn)).Find("s47.conference", command.HeldOn);
            var calendar = await act.Settings.CalendarAsync(command.HeldOn);
            LocalDate? target;
            try
            {
                target = rule is null ? null : calendar.DueDate(command.HeldOn, rule.Limit, rule.Unit, rule.FirstDayCounts);
            }
            catch (Engines.Clocks.ClockRefusedException)
            {
                target = null;
            }

            act.Write.Add(new Section47 { Id = act.NewId(), EpisodeId = episode.Id, StartedOn = command.HeldOn, StrategyId = held.Id, ConferenceTarget = target, RecordedAt = act.Now });
        }

        return held.Id;
    }
}

internal sealed class AdvanceSection47Handler : Handler<AdvanceSection47, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(AdvanceSection47 command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Workers, "record a section 47 enquiry"));

    public override async Task<Outcome<Nothing>> HandleAsync(AdvanceSection47 command, Act act)
    {
        if (await act.Write.FindAsync<Section47>(command.EnquiryId) is not { } enquiry || await act.EpisodeAsync(enquiry.EpisodeId) is not { } episode) return new Outcome<Nothing>.NotFound();
        var problems = new Problems();
        if (command.ChildSeenOn is { } seen) problems.CheckDay(act, seen, enquiry.StartedOn, "ChildSeenOn", "The day on which the child was seen", "the start");
        if (command.ConferenceOn is { } on) problems.CheckDay(act, on, enquiry.StartedOn, "ConferenceOn", "The conference", "the start");
        if (command.ConferenceOn is not null && (command.ConferenceNotRequired || enquiry.ConferenceNotRequired)) problems.Add("ConferenceOn", "A conference that was not required cannot have been held.");
        if (command.ConferenceNotRequired)
        {
            problems.Require(command.Outcome, "Outcome", "Say why no conference is required.");
            // Lowering asks for a manager (rule 1).
            if (act.NeedsHub(PlanAccess.Managers, "decide that no conference is required") is { } refusal) return new Outcome<Nothing>.Refused(refusal);
        }

        problems.MaxLength(command.Outcome, 8000, "Outcome", "The outcome");
        if (problems.Found<Nothing>() is { } found) return found;
        enquiry.ChildSeenOn ??= command.ChildSeenOn;
        enquiry.Outcome = RecordVisitHandler.Clean(command.Outcome) ?? enquiry.Outcome;
        if (command.ConferenceOn is { } held && enquiry.ConferenceOn is null)
        {
            enquiry.ConferenceOn = held;
            enquiry.ConferenceRecordedAt = act.Now;
            enquiry.EndedOn = held;
            episode.InitialConferenceDate ??= held;
        }

        if (command.ConferenceNotRequired)
        {
            enquiry.ConferenceNotRequired = true;
            enquiry.EndedOn = act.Today;
        }

        return Nothing.Value;
    }
}

internal sealed class CloseReferralHandler : Handler<CloseReferral, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(CloseReferral command, Act act) => ValueTask.FromResult(act.NeedsHub(PlanAccess.Managers, "close a referral"));

    public override ValueTask CheckAsync(CloseReferral command, Problems problems, Act act)
    {
        if (CinCodes.Shipped.Find("ReasonForClosure", command.ReasonCode) is null) problems.Add("ReasonCode", "Choose why it closes.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(CloseReferral command, Act act)
    {
        if (await act.EpisodeAsync(command.EpisodeId) is not { } episode) return new Outcome<Nothing>.NotFound();
        if (episode.ClosedOn is not null) return new Outcome<Nothing>.Conflict("Someone else has closed it meanwhile.");
        var problems = new Problems();
        problems.CheckDay(act, command.On, episode.ReferralDate, "ClosedOn", "The closure", "the referral");
        if (await act.Read.Of<Plan>().AnyAsync(p => p.EpisodeId == episode.Id && p.EndedOn == null)) problems.Add("ReasonCode", "A plan of this referral runs. Close or step down the plan first.");
        if (await act.Read.Of<Assessment>().AnyAsync(a => a.EpisodeId == episode.Id && a.AuthorisedOn == null)) problems.Add("ReasonCode", "An assessment of this referral is not signed off.");
        if (problems.Found<Nothing>() is { } found) return found;
        episode.ClosedOn = command.On;
        episode.ReasonForClosure = command.ReasonCode;
        episode.ClosureRecordedAt = act.Now;
        return Nothing.Value;
    }
}
