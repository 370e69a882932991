using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.FrontDoor;

public class ScreeningTests
{
    [Theory, EachDatabase]
    public async Task Red_is_one_action_by_any_person_of_the_hub_at_night_without_reason_or_view(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, Instant.FromUtc(2026, 3, 14, 2, 30));
        var contact = await hub.DoAsync("teacher", Screens.Report());

        await hub.DoAsync("support", new RateLine((await hub.LineAsync(contact.ContactId)).Id, Rating.Red, null));

        var line = await hub.LineAsync(contact.ContactId);
        Assert.Equal(Rating.Red, line.Rating);
        Assert.Equal(contact.ReceivedAt + Duration.FromHours(4), line.TargetDueAt);
        Assert.Contains(await hub.AllAsync<Notice>(), n => n.Kind == "red-contact" && n.ToRoles == (int)OpenMash.Records.Accounts.Roles.DutyTeam);
    }

    [Theory, EachDatabase]
    public async Task Who_does_not_rate_may_still_raise_to_red_and_nothing_else(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        var line = await hub.LineAsync(contact.ContactId);

        var amber = await hub.Runner.RunAsync(new RateLine(line.Id, Rating.Amber, null), await hub.ViewerAsync("support"));
        var outsider = await hub.Runner.RunAsync(new RateLine(line.Id, Rating.Red, null), await hub.ViewerAsync("police"));

        Assert.IsType<Outcome<Nothing>.Refused>(amber);
        Assert.IsType<Outcome<Nothing>.Refused>(outsider);
    }

    [Theory, EachDatabase]
    public async Task Lowering_needs_a_reason_and_keeps_the_earlier_target_its_clock_and_its_breach(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        await hub.RateAsync("screener", contact.ContactId, Rating.Red);
        var target = (await hub.LineAsync(contact.ContactId)).TargetDueAt;
        hub.Clock.Advance(Duration.FromHours(5));
        var id = (await hub.LineAsync(contact.ContactId)).Id;

        var silent = await hub.Runner.RunAsync(new RateLine(id, Rating.Green, " "), await hub.ViewerAsync("screener"));
        await hub.DoAsync("screener", new RateLine(id, Rating.Green, "The child was seen and is safe."));

        Assert.IsType<Outcome<Nothing>.Invalid>(silent);
        var line = await hub.LineAsync(contact.ContactId);
        Assert.Equal(Rating.Green, line.Rating);
        Assert.Equal(target, line.TargetDueAt);
        var red = await hub.ClockAsync(id, "contact.target.red");
        Assert.Equal(contact.ReceivedAt, red!.StartedAt);
        Assert.True(red.DueAt < hub.Clock.GetCurrentInstant());
        Assert.Null(red.EndedAt);
        Assert.Equal([Rating.Red, Rating.Green], (await hub.AllAsync<LineRating>()).OrderBy(r => r.Id).Select(r => r.Rating));
    }

    [Theory, EachDatabase]
    public async Task Claiming_what_another_has_claimed_is_a_conflict_and_taking_over_needs_a_reason_and_tells_them(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        await hub.DoAsync("screener", new AcknowledgeContact(contact.ContactId, true));

        var second = await hub.Runner.RunAsync(new AcknowledgeContact(contact.ContactId, true), await hub.ViewerAsync("screener2"));
        var silent = await hub.Runner.RunAsync(new ReleaseContact(contact.ContactId, ""), await hub.ViewerAsync("screener2"));
        await hub.DoAsync("screener2", new ReleaseContact(contact.ContactId, "Sam has gone home."));

        Assert.Contains("Sam Screener", Assert.IsType<Outcome<Nothing>.Conflict>(second).Message, StringComparison.Ordinal);
        Assert.IsType<Outcome<Nothing>.Invalid>(silent);
        var row = Assert.Single(await hub.AllAsync<Contact>());
        Assert.Equal(hub.Account("screener2"), row.OwnerAccountId);
        Assert.Equal(hub.Account("screener"), row.AcknowledgedBy);
        Assert.Contains(await hub.AllAsync<Notice>(), n => n.Kind == "taken-over" && n.ToAccountId == hub.Account("screener"));
    }

    [Theory, EachDatabase]
    public async Task A_decision_from_an_old_page_is_a_conflict_but_protection_is_not(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        var old = await hub.LineAsync(contact.ContactId);
        await hub.RateAsync("screener", contact.ContactId, Rating.Green);

        var late = await hub.Runner.RunAsync(new DecideLine { LineId = old.Id, Outcome = LineOutcome.EarlyHelp, Reason = "Help at home.", SeenVersion = old.Version }, await hub.ViewerAsync("screener2"));
        var blind = await hub.Runner.RunAsync(new DecideLine { LineId = old.Id, Outcome = LineOutcome.EarlyHelp, Reason = "Help at home." }, await hub.ViewerAsync("screener2"));
        var protection = await hub.DoAsync("support", new DecideLine { LineId = old.Id, Outcome = LineOutcome.StrategyDiscussion, Reason = "" });

        Assert.IsType<Outcome<LineDecided>.Conflict>(late);
        Assert.IsType<Outcome<LineDecided>.Invalid>(blind);
        Assert.Equal(DecisionState.InForce, protection.State);
        Assert.Equal(LineState.Decided, (await hub.LineAsync(contact.ContactId)).State);
        Assert.Contains(await hub.AllAsync<Notice>(), n => n.Kind == "reason-to-follow" && n.ToAccountId == hub.Account("support"));
    }

    [Theory, EachDatabase]
    public async Task Two_earlier_contacts_in_the_look_back_ask_for_a_second_person_and_the_clock_runs_until_they_agree(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var child = await hub.PersonAsync();
        for (var i = 0; i < 2; i++)
        {
            var earlier = await hub.SubmitAsync("Ann");
            await hub.IdentifyAsync(earlier.ContactId, child);
            hub.Clock.Advance(Duration.FromDays(1));
        }

        var contact = await hub.SubmitAsync("Ann");
        await hub.IdentifyAsync(contact.ContactId, child);
        await hub.RateAsync("screener", contact.ContactId, Rating.Green);

        var proposed = (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.NoFurtherAction)).Expect();

        Assert.Equal(DecisionState.Proposed, proposed.State);
        Assert.Contains("2 earlier contacts", proposed.SecondNeededBecause, StringComparison.Ordinal);
        var line = await hub.LineAsync(contact.ContactId);
        Assert.Equal(LineState.Waiting, line.State);
        Assert.Null((await hub.ClockAsync(line.Id, "contact.decide"))!.MetAt);

        var self = await hub.Runner.RunAsync(new SecondDecision(proposed.DecisionId, true, "Yes."), await hub.ViewerAsync("screener"));
        Assert.Contains("somebody else", Assert.IsType<Outcome<Nothing>.Refused>(self).Reason, StringComparison.Ordinal);
        await hub.DoAsync("manager", new SecondDecision(proposed.DecisionId, true, "The school supports the family."));

        Assert.Equal(LineState.Decided, (await hub.LineAsync(contact.ContactId)).State);
        Assert.Equal(hub.Clock.GetCurrentInstant(), (await hub.ClockAsync(line.Id, "contact.decide"))!.MetAt);
        var again = await hub.Runner.RunAsync(new SecondDecision(proposed.DecisionId, false, "No."), await hub.ViewerAsync("screener2"));
        Assert.IsType<Outcome<Nothing>.Conflict>(again);
    }

    [Theory, EachDatabase]
    public async Task Earlier_contacts_of_the_household_count_and_those_before_the_look_back_do_not(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var mother = await hub.PersonAsync();
        var child = await hub.PersonAsync();
        async Task<Guid> WithMotherAsync()
        {
            var report = Screens.Report("Ann");
            var made = await hub.DoAsync("teacher", report with { People = [.. report.People, new PersonIntake { Role = MentionRole.ParentOrCarer, GivenName = "Mo" }] });
            await hub.IdentifyAsync(made.ContactId, mother, 2);
            return made.ContactId;
        }

        await WithMotherAsync();
        hub.Clock.Advance(Duration.FromDays(366));
        await WithMotherAsync();
        hub.Clock.Advance(Duration.FromDays(1));
        var third = await WithMotherAsync();
        await hub.IdentifyAsync(third, child);
        await hub.RateAsync("screener", third, Rating.Blue);
        var alone = (await hub.DecideAsync("screener", third, LineOutcome.NoFurtherAction)).Expect();
        hub.Clock.Advance(Duration.FromDays(1));
        var fourth = await WithMotherAsync();
        await hub.RateAsync("screener", fourth, Rating.Blue);
        var together = (await hub.DecideAsync("screener", fourth, LineOutcome.NoFurtherAction)).Expect();

        Assert.Equal(DecisionState.InForce, alone.State);
        Assert.Equal(DecisionState.Proposed, together.State);
    }

    [Theory, EachDatabase]
    public async Task Who_decides_from_a_page_older_than_a_waiting_proposal_sees_that_first_and_replaces_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        await hub.RateAsync("screener", contact.ContactId, Rating.Amber);
        var seen = await hub.LineAsync(contact.ContactId);
        var first = (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.InformationAndAdvice)).Expect();

        var second = await hub.Runner.RunAsync(new DecideLine { LineId = seen.Id, Outcome = LineOutcome.NoFurtherAction, Reason = "Nothing in it.", SeenVersion = seen.Version }, await hub.ViewerAsync("screener2"));

        Assert.Equal(DecisionState.Proposed, first.State);
        Assert.IsType<Outcome<LineDecided>.Conflict>(second);
        Assert.Equal([first.DecisionId], (await hub.AllAsync<LineDecision>()).Where(d => d.State == DecisionState.Proposed).Select(d => d.Id));
    }

    [Theory, EachDatabase]
    public async Task Closing_red_or_amber_needs_a_second_person_even_after_lowering_and_a_disagreement_leaves_it_open(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        var unrated = await hub.DecideAsync("screener", contact.ContactId, LineOutcome.NoFurtherAction);
        await hub.RateAsync("screener", contact.ContactId, Rating.Amber);
        await hub.RateAsync("screener", contact.ContactId, Rating.Green, "Seen at home, well.");

        var proposed = (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.NoFurtherAction)).Expect();
        await hub.DoAsync("manager", new SecondDecision(proposed.DecisionId, false, "Nobody has asked the child."));

        Assert.IsType<Outcome<LineDecided>.Invalid>(unrated);
        Assert.Contains("amber before", proposed.SecondNeededBecause, StringComparison.Ordinal);
        Assert.Equal(LineState.Waiting, (await hub.LineAsync(contact.ContactId)).State);
        Assert.Contains(await hub.AllAsync<Notice>(), n => n.Kind == "not-agreed" && n.ToAccountId == hub.Account("screener"));
    }

    [Theory, EachDatabase]
    public async Task A_proposal_falls_when_the_child_is_rated_higher_meanwhile(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        await hub.RateAsync("screener", contact.ContactId, Rating.Amber);
        var proposed = (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.NoFurtherAction)).Expect();

        await hub.RateAsync("duty", contact.ContactId, Rating.Red);
        var late = await hub.Runner.RunAsync(new SecondDecision(proposed.DecisionId, true, "Fine."), await hub.ViewerAsync("manager"));

        Assert.IsType<Outcome<Nothing>.Conflict>(late);
        Assert.Equal(LineState.Waiting, (await hub.LineAsync(contact.ContactId)).State);
    }

    [Theory, EachDatabase]
    public async Task Return_for_consent_is_open_with_owner_and_date_waits_and_comes_back(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");

        var past = await hub.DecideAsync("screener", contact.ContactId, LineOutcome.ReturnForConsent, with: c => c with { RecallOn = new LocalDate(2026, 3, 10) });
        var risky = await hub.DecideAsync("screener", contact.ContactId, LineOutcome.ReturnForConsent, with: c => c with { AskingAddsRisk = true });
        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.ReturnForConsent, with: c => c with { RecallOn = new LocalDate(2026, 3, 13) })).Expect();

        Assert.IsType<Outcome<LineDecided>.Invalid>(past);
        Assert.IsType<Outcome<LineDecided>.Invalid>(risky);
        var line = await hub.LineAsync(contact.ContactId);
        Assert.Equal((LineState.Waiting, LineOutcome.ReturnForConsent, hub.Account("screener")), (line.State, line.Outcome, line.RecallOwnerId));
        Assert.Null((await hub.ClockAsync(line.Id, "contact.decide"))!.MetAt);
        Assert.Contains(await hub.AllAsync<Telling>(), t => t.Kind == "consent" && t.Text.Contains("13 March 2026", StringComparison.Ordinal));

        await hub.WorkAsync();
        Assert.NotNull((await hub.LineAsync(contact.ContactId)).Outcome);
        hub.Clock.Set(Instant.FromUtc(2026, 3, 13, 0, 1));
        await hub.WorkAsync();
        await hub.WorkAsync();

        Assert.Null((await hub.LineAsync(contact.ContactId)).Outcome);
        Assert.Single(await hub.AllAsync<Notice>(), n => n.Kind == "consent-recall" && n.ToAccountId == hub.Account("screener"));
    }

    [Theory, EachDatabase]
    public async Task Where_significant_harm_is_alleged_nothing_is_returned_for_consent(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.DoAsync("teacher", Screens.Report("Ann") with { SignificantHarmAlleged = true });

        var outcome = await hub.DecideAsync("screener", contact.ContactId, LineOutcome.ReturnForConsent);

        var problem = Assert.Single(Assert.IsType<Outcome<LineDecided>.Invalid>(outcome).Problems);
        Assert.Equal("Outcome", problem.Field);
    }

    [Theory, EachDatabase]
    public async Task Moved_counts_once_the_receiver_accepts_and_what_is_given_back_never_left(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.AllocatedWorker, with: c => c with { ToAccountId = hub.Account("worker") })).Expect();
        var first = Assert.Single(await hub.AllAsync<HandOver>());

        var stranger = await hub.Runner.RunAsync(new AnswerHandOver(first.Id, true, null), await hub.ViewerAsync("manager"));
        Assert.IsType<Outcome<Nothing>.Refused>(stranger);
        Assert.Equal(LineState.Waiting, (await hub.LineAsync(contact.ContactId)).State);
        await hub.DoAsync("worker", new AnswerHandOver(first.Id, false, "Not my family any more."));
        Assert.Null((await hub.LineAsync(contact.ContactId)).Outcome);

        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.AnotherAuthority, with: c => c with { ToTeam = "Next Borough" })).Expect();
        var second = (await hub.AllAsync<HandOver>()).Single(h => h.ClosedAt == null);
        var unnamed = await hub.Runner.RunAsync(new AnswerHandOver(second.Id, true, null), await hub.ViewerAsync("screener"));
        await hub.DoAsync("screener", new AnswerHandOver(second.Id, true, "Duty manager J. Roe there, by telephone 11:40."));

        Assert.IsType<Outcome<Nothing>.Invalid>(unnamed);
        Assert.Equal(LineState.Moved, (await hub.LineAsync(contact.ContactId)).State);
    }

    [Theory, EachDatabase]
    public async Task A_merged_report_keeps_both_texts_and_gives_the_earliest_clock_and_the_higher_rating(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var early = await hub.SubmitAsync("Ann");
        await hub.RateAsync("screener", early.ContactId, Rating.Red);
        hub.Clock.Advance(Duration.FromHours(3));
        var late = await hub.DoAsync("police", Screens.Report("Ann") with { Words = "Officers attended a home." });
        var (from, into) = (await hub.LineAsync(early.ContactId), await hub.LineAsync(late.ContactId));

        await hub.DoAsync("screener", new MergeLine(from.Id, into.Id, "Same evening, same child."));
        var back = await hub.Runner.RunAsync(new MergeLine(into.Id, from.Id, "Again."), await hub.ViewerAsync("screener"));

        Assert.IsType<Outcome<Nothing>.Conflict>(back);
        var kept = await hub.LineAsync(late.ContactId);
        Assert.Equal((from.DecisionDueAt, from.TargetDueAt, Rating.Red), (kept.DecisionDueAt, kept.TargetDueAt, kept.Rating));
        Assert.Equal(LineState.Merged, (await hub.LineAsync(early.ContactId)).State);
        Assert.Equal(["A child came to school hungry and afraid.", "Officers attended a home."], (await hub.AllAsync<Contact>()).OrderBy(c => c.ReceivedAt).Select(c => c.Words));
        Assert.Contains(await hub.AllAsync<RunningClock>(), c => c.SubjectId == into.Id && c.Rule == "contact.decide" && c.StartedAt == early.ReceivedAt);
    }

    [Theory, EachDatabase]
    public async Task An_allegation_against_a_professional_starts_the_designated_officers_clock_at_receipt(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        hub.Clock.Advance(Duration.FromHours(2));

        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.AllegationAgainstProfessional, with: c => c with { ImplicatedAccountIds = [hub.Account("screener2")], ImplicatedAgencyId = hub.Agencies["education"] })).Expect();

        // The person, their line and their agency are shut out; other people of the hub are not.
        var implicated = await hub.Runner.RunAsync(new ReleaseContact(contact.ContactId, "Mine."), await hub.ViewerAsync("screener2"));
        Assert.Contains("conflict of interest", Assert.IsType<Outcome<Nothing>.Refused>(implicated).Reason, StringComparison.Ordinal);
        using var tess = await hub.SignInAsync("teacher");
        Assert.DoesNotContain(contact.Reference, (await tess.GetAsync("/my-reports")).Text, StringComparison.Ordinal);

        var line = await hub.LineAsync(contact.ContactId);
        Assert.Equal(contact.ReceivedAt, (await hub.ClockAsync(line.Id, "lado.contact"))!.StartedAt);
        Assert.Contains(await hub.AllAsync<Notice>(), n => n.Kind == "allegation");
        Assert.DoesNotContain("llegation", (await hub.AllAsync<Telling>()).Single(t => t.Kind == "outcome").Text, StringComparison.Ordinal);
        await hub.DoAsync("designated", new AcknowledgeAllegation(line.Id, "Strategy with the employer at 14:00."));
        Assert.NotNull((await hub.ClockAsync(line.Id, "lado.contact"))!.MetAt);
    }

    [Theory, EachDatabase]
    public async Task A_consultation_is_no_contact_until_someone_decides(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.DoAsync("teacher", Screens.Report() with { Consultation = true });

        var outcome = await hub.DecideAsync("screener", contact.ContactId, LineOutcome.EarlyHelp);
        Assert.IsType<Outcome<LineDecided>.Invalid>(outcome);
        await hub.DoAsync("screener", new TakeUpConsultation(contact.ContactId, "The child can be named now."));

        Assert.False(Assert.Single(await hub.AllAsync<Contact>()).Consultation);
        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.EarlyHelp)).Expect();
    }

    [Theory, EachDatabase]
    public async Task A_child_added_later_has_a_line_whose_clocks_run_from_receipt_and_the_contact_waits_again(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        hub.Clock.Advance(Duration.FromHours(3));

        var nameless = await hub.Runner.RunAsync(new AddLine(contact.ContactId, new PersonIntake(), "A brother."), await hub.ViewerAsync("screener"));
        var added = await hub.DoAsync("support", new AddLine(contact.ContactId, new PersonIntake { GivenName = "Ben", Birth = "9/3/2014" }, "A brother, says the school."));

        Assert.IsType<Outcome<Guid>.Invalid>(nameless);
        var lines = await hub.LinesAsync(contact.ContactId);
        Assert.Equal(2, lines.Count);
        Assert.Equal(lines[0].DecisionDueAt, lines[1].DecisionDueAt);
        Assert.Equal(contact.ReceivedAt, (await hub.ClockAsync(added, "contact.decide"))!.StartedAt);
    }

    [Theory, EachDatabase]
    public async Task Red_opens_a_settled_child_again(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        await hub.RateAsync("screener", contact.ContactId, Rating.Green);
        (await hub.DecideAsync("screener", contact.ContactId, LineOutcome.NoFurtherAction)).Expect();
        hub.Clock.Advance(Duration.FromHours(1));

        await hub.RateAsync("support", contact.ContactId, Rating.Red);

        var line = await hub.LineAsync(contact.ContactId);
        Assert.Equal((LineState.Waiting, Rating.Red, (LineOutcome?)null), (line.State, line.Rating, line.Outcome));
        Assert.Equal(DecisionState.Superseded, Assert.Single(await hub.AllAsync<LineDecision>()).State);
        Assert.Contains(await hub.AllAsync<RunningClock>(), c => c.SubjectId == line.Id && c.Rule == "contact.decide" && c.MetAt == null && c.StartedAt == contact.ReceivedAt);
    }

    [Theory, EachDatabase]
    public async Task The_same_decision_sent_twice_is_one(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var contact = await hub.SubmitAsync("Ann");
        var line = await hub.LineAsync(contact.ContactId);
        var id = Guid.CreateVersion7();
        var command = new DecideLine { LineId = line.Id, Outcome = LineOutcome.EarlyHelp, Reason = "Help at home.", SeenVersion = line.Version };

        var first = (await hub.Runner.RunAsync(command, await hub.ViewerAsync("screener"), id)).Expect();
        var again = (await hub.Runner.RunAsync(command, await hub.ViewerAsync("screener"), id)).Expect();

        Assert.Equal(first, again);
        Assert.Single(await hub.AllAsync<LineDecision>());
        Assert.Single(await hub.AllAsync<Telling>(), t => t.Kind == "outcome");
    }
}
