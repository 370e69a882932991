using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Rooms.HubRoom;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Governance;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.HubTests.HubRoom;

public class RoomCommands
{
    [Theory, EachDatabase]
    public async Task An_enquiry_opens_with_participants_checks_and_their_clocks(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);

        Assert.Equal("E-2026-000001", scene.Reference);
        var participants = await scene.ReadAsync(db => db.Set<Participant>().Select(p => p.AgencyId).ToListAsync());
        Assert.Equal(new[] { "hub", "police", "health", "housing" }.Select(a => hub.Agencies[a]).Order(), participants.Order());
        var checks = await scene.ReadAsync(db => db.Set<AgencyCheck>().ToListAsync());
        // Amber: six open hours from 10:00 end at 16:00; the reminder goes half way.
        Assert.All(checks, c => Assert.Equal(Instant.FromUtc(2026, 3, 10, 16, 0), c.DueAt));
        Assert.All(checks, c => Assert.Equal(Instant.FromUtc(2026, 3, 10, 13, 0), c.RemindAt));
        Assert.Equal(3, await scene.ReadAsync(db => db.Set<RunningClock>().CountAsync(c => c.Rule == "check.answer.amber" && c.ParentId == scene.EnquiryId)));

        var again = Assert.IsType<Outcome<EnquiryOpenedResult>.Invalid>(await scene.TryAsync("screener", scene.Open(Rating.Red)));
        Assert.Contains("already being looked at in E-2026-000001", again.Problems[0].Message, StringComparison.Ordinal);
        var partner = Assert.IsType<Outcome<EnquiryOpenedResult>.Refused>(await scene.TryAsync("police", scene.Open(Rating.Red)));
        Assert.Contains("You are Pat Police", partner.Reason, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Blue_has_no_limit_and_red_runs_in_clock_hours(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, at: Instant.FromUtc(2026, 3, 10, 20, 0));
        var blue = await RoomScene.OpenAsync(hub, Rating.Blue, "police");
        var red = await RoomScene.OpenAsync(hub, Rating.Red, "police");

        Assert.Null(await blue.ReadAsync(db => db.Set<AgencyCheck>().Where(c => c.EnquiryId == blue.EnquiryId).Select(c => c.DueAt).SingleAsync()));
        Assert.Equal(Instant.FromUtc(2026, 3, 10, 22, 0), await red.ReadAsync(db => db.Set<AgencyCheck>().Where(c => c.EnquiryId == red.EnquiryId).Select(c => c.DueAt).SingleAsync()));
    }

    [Theory, EachDatabase]
    public async Task An_answer_is_signed_by_the_agency_asked_and_what_it_holds_becomes_a_contribution(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);

        var stranger = await scene.TryAsync("health", new AnswerCheck { CheckId = scene.Checks["police"], As = CheckState.NothingHeld, SignedAs = "Hal" });
        Assert.Contains("Only the agency asked", Assert.IsType<Outcome<Nothing>.Refused>(stranger).Reason, StringComparison.Ordinal);
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("education", new AnswerCheck { CheckId = scene.Checks["police"], As = CheckState.NothingHeld, SignedAs = "Eve" }));
        var unsigned = Assert.IsType<Outcome<Nothing>.Invalid>(await scene.TryAsync("police", new AnswerCheck { CheckId = scene.Checks["police"], As = CheckState.HeldNotShared, SignedAs = "" }));
        Assert.Equal(["NotSharedBecause", "SignedAs"], unsigned.Problems.Select(p => p.Field));

        await scene.AnswerAsync("police", "police");
        await hub.DoAsync("health", new AnswerCheck { CheckId = scene.Checks["health"], As = CheckState.NothingHeld, SignedAs = "Hal Health" });
        await hub.DoAsync("housing", new AnswerCheck { CheckId = scene.Checks["housing"], As = CheckState.HeldNotShared, NotSharedBecause = "Confidential address", SignedAs = "Hope" });
        var second = await scene.TryAsync("police2", new AnswerCheck { CheckId = scene.Checks["police"], As = CheckState.NothingHeld, SignedAs = "Pip" });

        Assert.Contains("Pat has answered meanwhile", Assert.IsType<Outcome<Nothing>.Conflict>(second).Message, StringComparison.Ordinal);
        var item = await scene.ReadAsync(db => db.Set<Contribution>().SingleAsync());
        Assert.Equal(("Two calls to the address.", scene.Checks["police"]), (item.Words, item.CheckId!.Value));
        Assert.Equal(3, await scene.ReadAsync(db => db.Set<RunningClock>().CountAsync(c => c.Rule == "check.answer.amber" && c.MetAt != null)));
    }

    [Theory, EachDatabase]
    public async Task Marks_decide_in_the_database_who_sees_an_item(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        var all = await hub.DoAsync("police", scene.Item("for all"));
        var hubOnly = await hub.DoAsync("police", scene.Item("for the hub", MaySee.HubOnly));
        var named = await hub.DoAsync("police", scene.Item("for health", MaySee.NamedAgencies, "health"));
        var sealedOne = await hub.DoAsync("police", scene.Item("sealed", MaySee.HubOnly));
        await SealAsync(hub, sealedOne, secret: false);

        Assert.Equal([all, hubOnly, named, sealedOne], await SeenAsync(hub, "police", scene));
        Assert.Equal([all, hubOnly, named, sealedOne], await SeenAsync(hub, "police2", scene));
        Assert.Equal([all, hubOnly, named], await SeenAsync(hub, "manager", scene));
        Assert.Equal([all, named], await SeenAsync(hub, "health", scene));
        Assert.Equal([all], await SeenAsync(hub, "housing", scene));
        foreach (var outsider in new[] { "education", "teacher", "licensing", "charity", "leader", "admin", "governance", "worker" })
            Assert.Empty(await SeenAsync(hub, outsider, scene));
        Assert.Equal(AccessReason.SealedFromYou, (await VerdictAsync<Contribution>(hub, "manager", sealedOne)).Reason);
        // Not named agencies of the room cannot be named at all.
        Assert.IsType<Outcome<Guid>.Invalid>(await scene.TryAsync("police", scene.Item("x", MaySee.NamedAgencies, "education")));
        // An agency that leaves nothing behind: whoever took no part may not add either.
        Assert.IsType<Outcome<Guid>.Refused>(await scene.TryAsync("education", scene.Item("x")));
        Assert.IsType<Outcome<Guid>.Refused>(await scene.TryAsync("teacher", scene.Item("x")));
    }

    [Theory, EachDatabase]
    public async Task Seals_and_conflicts_shut_people_out_of_the_whole_room(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        await hub.DoAsync("police", scene.Item("for all"));
        Assert.Equal(AccessLevel.Work, (await VerdictAsync<Enquiry>(hub, "manager", scene.EnquiryId)).Level);
        Assert.Equal(new Verdict(AccessLevel.Read, AccessReason.InTheRoom), await VerdictAsync<Enquiry>(hub, "police", scene.EnquiryId));

        var seal = await SealAsync(hub, scene.ContactId, secret: false);
        Assert.Equal(new Verdict(AccessLevel.Pointer, AccessReason.SealedFromYou), await VerdictAsync<Enquiry>(hub, "manager", scene.EnquiryId));
        Assert.Empty(await SeenAsync(hub, "police", scene));
        await WriteAsync(hub, new Clearance { Id = Guid.CreateVersion7(), SealId = seal, SubjectId = scene.ContactId, AccountId = hub.Account("manager"), At = TestHub.Start, ByAccountId = hub.Account("governance") });
        Assert.Equal(new Verdict(AccessLevel.Work, AccessReason.ClearedForYou), await VerdictAsync<Enquiry>(hub, "manager", scene.EnquiryId));
        Assert.Single(await SeenAsync(hub, "manager", scene));
        await WriteAsync(hub, new BreakGlass { Id = Guid.CreateVersion7(), SubjectKind = "Enquiry", SubjectId = scene.EnquiryId, AccountId = hub.Account("duty"), Reason = "x", From = TestHub.Start, Until = TestHub.Start + Duration.FromHours(1), ReviewDueAt = TestHub.Start + Duration.FromHours(24) });
        Assert.Equal(new Verdict(AccessLevel.Read, AccessReason.BreakGlass), await VerdictAsync<Enquiry>(hub, "duty", scene.EnquiryId));
        Assert.IsType<Outcome<Guid>.Refused>(await scene.TryAsync("duty", new PostMessage(scene.EnquiryId, "x")));
        await WriteAsync(hub, new ConflictOfInterest { Id = Guid.CreateVersion7(), AccountId = hub.Account("manager"), SubjectKind = "Enquiry", SubjectId = scene.EnquiryId, Basis = ConflictBasis.SelfDeclared, Note = "x", At = TestHub.Start });
        Assert.Equal(new Verdict(AccessLevel.None, AccessReason.Conflict), await VerdictAsync<Enquiry>(hub, "manager", scene.EnquiryId));
        await SealAsync(hub, scene.EnquiryId, secret: true);
        Assert.Equal(0, (int)(await VerdictAsync<Enquiry>(hub, "screener", scene.EnquiryId)).Level);
        Assert.Equal(AccessReason.NotYours, (await VerdictAsync<Enquiry>(hub, "police", scene.EnquiryId)).Reason);
    }

    [Theory, EachDatabase]
    public async Task Views_stay_blind_until_all_are_in_or_the_chair_opens_them_with_a_reason(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub, Rating.Amber, "police", "health");
        await hub.DoAsync("police", new RecordAgencyView(scene.EnquiryId, 3, "We fear for her"));

        // Of another's view one sees that it is in, the hub's manager too; of one's own the words.
        Assert.Equal(AccessLevel.Read, await ViewLevelAsync(hub, "police", scene));
        Assert.Equal(AccessLevel.Pointer, await ViewLevelAsync(hub, "health", scene));
        Assert.Equal(AccessLevel.Pointer, await ViewLevelAsync(hub, "manager", scene));
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("police", new OpenViews(scene.EnquiryId, "now")));
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("screener2", new OpenViews(scene.EnquiryId, "now")));
        Assert.IsType<Outcome<Nothing>.Invalid>(await scene.TryAsync("screener", new OpenViews(scene.EnquiryId, " ")));

        await hub.DoAsync("health", new RecordAgencyView(scene.EnquiryId, 2, "Early help"));
        Assert.Null(await scene.ReadAsync(db => db.Set<Enquiry>().Select(e => e.ViewsOpenedAt).SingleAsync()));
        await hub.DoAsync("screener", new RecordAgencyView(scene.EnquiryId, 3, "Assessment"));
        Assert.NotNull(await scene.ReadAsync(db => db.Set<Enquiry>().Select(e => e.ViewsOpenedAt).SingleAsync()));
        Assert.Equal(AccessLevel.Read, await ViewLevelAsync(hub, "health", scene));

        var early = await RoomScene.OpenAsync(hub, Rating.Amber, "police", "health");
        await hub.DoAsync("police", new RecordAgencyView(early.EnquiryId, 3, "x"));
        await hub.DoAsync("manager", new OpenViews(early.EnquiryId, "Health cannot be reached tonight"));
        await hub.DoAsync("health", new RecordAgencyView(early.EnquiryId, 2, "late"));
        Assert.Equal([true, false], await early.ReadAsync(db => db.Set<AgencyView>().Where(v => v.EnquiryId == early.EnquiryId).OrderBy(v => v.Sequence).Select(v => v.Blind).ToListAsync()));
    }

    [Theory, EachDatabase]
    public async Task Raising_protection_takes_one_person_and_one_action(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database, at: Instant.FromUtc(2026, 3, 8, 2, 0));
        var scene = await RoomScene.OpenAsync(hub, Rating.Red);

        var decided = await hub.DoAsync("support", new DecideEnquiry { EnquiryId = scene.EnquiryId, Outcome = LineOutcome.StrategyDiscussion, Level = 0, Rationale = "He is on his way to her now", OptionsRejected = "" });

        Assert.Equal(DecisionState.InForce, decided.State);
        Assert.IsType<Outcome<RoomDecided>.Refused>(await scene.TryAsync("police", new DecideEnquiry { EnquiryId = scene.EnquiryId, Outcome = LineOutcome.StrategyDiscussion, Level = 0, Rationale = "x", OptionsRejected = "" }));
        // Lowering it again asks for the quorum and for a second person; support may not propose it at all.
        var lower = await scene.DecisionAsync(LineOutcome.EarlyHelp) with { RevisesId = decided.DecisionId, RevisedBecause = "He was in custody" };
        Assert.IsType<Outcome<RoomDecided>.Refused>(await scene.TryAsync("support", lower));
        var noQuorum = Assert.IsType<Outcome<RoomDecided>.Invalid>(await scene.TryAsync("screener", lower));
        Assert.Contains("the view of children’s social care and the police and health is needed", noQuorum.Problems.Single().Message, StringComparison.Ordinal);
        Assert.IsType<Outcome<RoomDecided>.Invalid>(await scene.TryAsync("screener", lower with { QuorumWaivedBecause = "night" }));
        var waived = await hub.DoAsync("manager", lower with { QuorumWaivedBecause = "No health worker tonight" });
        Assert.Equal((DecisionState.Proposed, "It asks for less protection than decision 1, which holds."), (waived.State, waived.SecondNeededBecause));
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("manager", new SecondRoomDecision(waived.DecisionId, true, "x")));
        // Until the second person agrees the more protective decision holds.
        Assert.Equal(DecisionState.InForce, await scene.ReadAsync(db => db.Set<RoomDecision>().Where(d => d.Id == decided.DecisionId).Select(d => d.State).SingleAsync()));
        await hub.DoAsync("duty", new SecondRoomDecision(waived.DecisionId, true, "I read it all and agree"));
        Assert.Equal([DecisionState.Superseded, DecisionState.InForce], await scene.ReadAsync(db => db.Set<RoomDecision>().OrderBy(d => d.Number).Select(d => d.State).ToListAsync()));
    }

    [Theory, EachDatabase]
    public async Task A_decision_on_a_stale_page_shows_what_is_new_and_decides_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        var decision = await scene.DecisionAsync();
        await hub.DoAsync("police", scene.Item("A weapon was found"));

        var conflict = Assert.IsType<Outcome<RoomDecided>.Conflict>(await scene.TryAsync("manager", decision));
        Assert.Contains("one contribution", conflict.Message, StringComparison.Ordinal);
        Assert.False(await scene.ReadAsync(db => db.Set<RoomDecision>().AnyAsync()));

        var id = Guid.CreateVersion7();
        var fresh = await scene.DecisionAsync();
        var first = (await hub.Runner.RunAsync(fresh, await hub.ViewerAsync("manager"), id)).Expect();
        Assert.Equal(first, (await hub.Runner.RunAsync(fresh, await hub.ViewerAsync("manager"), id)).Expect());
        Assert.Equal(1, await scene.ReadAsync(db => db.Set<RoomDecision>().CountAsync()));
        Assert.Equal(EnquiryState.Decided, await scene.ReadAsync(db => db.Set<Enquiry>().Select(e => e.State).SingleAsync()));
    }

    [Theory, EachDatabase]
    public async Task The_evidence_is_frozen_and_a_late_answer_puts_the_decision_into_the_queue_to_look_again(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        await scene.AnswerAsync("police", "police");
        await hub.DoAsync("health", scene.Item("Clinic", MaySee.HubOnly));
        await hub.DoAsync("housing", new PostMessage(scene.EnquiryId, "We are still looking"));
        await scene.ViewsAsync("police");
        var asked = await (await hub.SignInAsync("housing")).GetAsync("/checks");
        var decided = await hub.DoAsync("manager", await scene.DecisionAsync());
        var waited = await (await hub.SignInAsync("housing")).GetAsync("/checks");
        var without = await (await hub.SignInAsync("housing")).GetAsync("/checks?show=not-got");
        // One's own agency is given the hub's telephone, and no check waits for an enquiry that was decided without it.
        Assert.Contains("E-2026-000001", asked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("E-2026-000001", waited.Html, StringComparison.Ordinal);
        Assert.Contains("E-2026-000001", without.Html, StringComparison.Ordinal);

        var pieces = await scene.ReadAsync(db => db.Set<DecisionEvidence>().OrderBy(e => e.Order).ToListAsync());
        Assert.Equal(["contact", "answer", "not-got", "not-got", "contribution", "contribution", "view", "message"], pieces.Select(p => p.Kind).OrderBy(k => Array.IndexOf(["contact", "answer", "not-got", "contribution", "view", "message"], k)));
        Assert.True((await ProveAsync(hub, decided.DecisionId)).Holds);

        hub.Clock.Advance(Duration.FromHours(8));
        await scene.AnswerAsync("housing", "housing", "Rent arrears and a broken door");
        var again = await scene.ReadAsync(db => db.Set<LookAgain>().SingleAsync());
        Assert.Equal(("answer", scene.Checks["housing"], decided.DecisionId), (again.ItemKind, again.ItemId, again.DecisionId));
        Assert.True(await scene.ReadAsync(db => db.Set<Notice>().AnyAsync(n => n.Kind == "late-answer" && n.ToAccountId == hub.Account("manager"))));
        // What was missing then is still provably what was missing then.
        var proof = await ProveAsync(hub, decided.DecisionId);
        Assert.True(proof.Holds);
        Assert.Equal(2, proof.Pieces.Count(p => p.Piece.Kind == "not-got" && p.AsItWas == true));

        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("housing", new SettleLookAgain(again.Id, "x")));
        Assert.IsType<Outcome<Nothing>.Invalid>(await scene.TryAsync("manager", new SettleLookAgain(again.Id, "")));
        await hub.DoAsync("manager", new SettleLookAgain(again.Id, "The assessment covers it"));
        Assert.IsType<Outcome<Nothing>.Conflict>(await scene.TryAsync("screener", new SettleLookAgain(again.Id, "x")));

        // An altered item is found: the test alters it behind the hub's back.
        await using (var db = hub.Store.Open(hub.Authority))
            await db.Set<RoomMessage>().ExecuteUpdateAsync(s => s.SetProperty(m => m.Words, "We looked"));
        var broken = await ProveAsync(hub, decided.DecisionId);
        Assert.False(broken.Holds);
        Assert.Equal("message", broken.Pieces.Single(p => p.AsItWas == false).Piece.Kind);
    }

    [Theory, EachDatabase]
    public async Task A_revision_settles_what_was_to_be_looked_at_again_and_erases_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        var first = await hub.DoAsync("manager", await scene.DecisionAsync());
        await scene.AnswerAsync("police", "police");

        Assert.IsType<Outcome<RoomDecided>.Invalid>(await scene.TryAsync("manager", await scene.DecisionAsync(LineOutcome.AllocatedWorker)));
        var revised = await hub.DoAsync("manager", await scene.DecisionAsync(LineOutcome.AllocatedWorker) with { RevisesId = first.DecisionId, RevisedBecause = "The police answer" });

        Assert.Equal(2, revised.Number);
        var all = await scene.ReadAsync(db => db.Set<RoomDecision>().OrderBy(d => d.Number).ToListAsync());
        Assert.Equal([DecisionState.Superseded, DecisionState.InForce], all.Select(d => d.State));
        Assert.Equal("revised", await scene.ReadAsync(db => db.Set<LookAgain>().Select(l => l.Result).SingleAsync()));
    }

    [Theory, EachDatabase]
    public async Task Closing_an_amber_enquiry_waits_for_a_second_person_and_a_no_leaves_it_open(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        await scene.ViewsAsync("police", "health", "screener");
        var closing = await hub.DoAsync("screener", await scene.DecisionAsync(LineOutcome.NoFurtherAction));

        Assert.Equal((DecisionState.Proposed, "A contact rated red or amber is being closed."), (closing.State, closing.SecondNeededBecause));
        Assert.Equal(EnquiryState.Open, await scene.ReadAsync(db => db.Set<Enquiry>().Select(e => e.State).SingleAsync()));
        await hub.DoAsync("manager", new SecondRoomDecision(closing.DecisionId, false, "Housing has not answered"));
        Assert.Equal(EnquiryState.Open, await scene.ReadAsync(db => db.Set<Enquiry>().Select(e => e.State).SingleAsync()));
        Assert.Equal(DecisionState.NotAgreed, await scene.ReadAsync(db => db.Set<RoomDecision>().Select(d => d.State).SingleAsync()));
    }

    [Theory, EachDatabase]
    public async Task Dissent_climbs_its_ladder_by_the_clock_and_the_hub_cannot_close_it_alone(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        var decided = await hub.DoAsync("manager", await scene.DecisionAsync());
        Assert.IsType<Outcome<Guid>.Invalid>(await scene.TryAsync("police", new TakePosition(decided.DecisionId, false, "")));
        Assert.IsType<Outcome<Guid>.Refused>(await scene.TryAsync("education", new TakePosition(decided.DecisionId, false, "no")));
        await hub.DoAsync("health", new TakePosition(decided.DecisionId, true, ""));
        await hub.DoAsync("police", new TakePosition(decided.DecisionId, false, "She should not sleep there tonight"));
        await hub.DoAsync("police2", new TakePosition(decided.DecisionId, false, "Nor tomorrow"));

        var escalation = await scene.ReadAsync(db => db.Set<Escalation>().SingleAsync());
        Assert.Equal(1, escalation.Level);
        // The decision holds meanwhile.
        Assert.Equal(DecisionState.InForce, await scene.ReadAsync(db => db.Set<RoomDecision>().Select(d => d.State).SingleAsync()));

        await hub.DoAsync("manager", new ResolveEscalation(escalation.Id, "We spoke"));
        Assert.Null(await scene.ReadAsync(db => db.Set<Escalation>().Select(e => e.ResolvedAt).SingleAsync()));
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("screener", new ResolveEscalation(escalation.Id, "x")));
        Assert.IsType<Outcome<Nothing>.Refused>(await scene.TryAsync("health", new ResolveEscalation(escalation.Id, "x")));

        // First step two working days, then five, then two, then again and again at the top; each due at the end of its day.
        var levels = new List<int>();
        for (var day = 0; day < 20; day++)
        {
            hub.Clock.Advance(Duration.FromDays(1));
            await hub.WorkAsync();
            levels.Add(await scene.ReadAsync(db => db.Set<Escalation>().Select(e => e.Level).SingleAsync()));
        }

        Assert.Equal(levels.Order(), levels);
        Assert.Equal(1, levels[1]);
        Assert.Equal(2, levels[2]);
        Assert.Equal((2, 3), (levels[9], levels[10]));
        Assert.Equal(4, levels[^1]);
        Assert.Null(await scene.ReadAsync(db => db.Set<Escalation>().Select(e => e.ResolvedByHub).SingleAsync()));

        await hub.DoAsync("police2", new ResolveEscalation(escalation.Id, "She is with her aunt"));
        await hub.DoAsync("manager", new ResolveEscalation(escalation.Id, "Agreed"));
        Assert.NotNull(await scene.ReadAsync(db => db.Set<Escalation>().Select(e => e.ResolvedAt).SingleAsync()));
        Assert.IsType<Outcome<Nothing>.Conflict>(await scene.TryAsync("manager", new ClimbEscalation(escalation.Id, "x")));
    }

    [Theory, EachDatabase]
    public async Task Reminders_go_before_a_check_lapses_and_lateness_is_told_once_with_a_telephone(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub, Rating.Amber, "police", "health");
        await scene.AnswerAsync("health", "health");
        async Task<int> CountAsync(string kind) => await scene.ReadAsync(db => db.Set<Notice>().CountAsync(n => n.Kind == kind));

        await hub.WorkAsync();
        Assert.Equal(0, await CountAsync("check-reminder"));
        hub.Clock.Advance(Duration.FromHours(3));
        await hub.WorkAsync();
        await hub.WorkAsync();
        Assert.Equal((1, 0), (await CountAsync("check-reminder"), await CountAsync("check-late")));
        hub.Clock.Advance(Duration.FromHours(4));
        await hub.WorkAsync();
        await hub.WorkAsync();
        Assert.Equal((1, 2), (await CountAsync("check-reminder"), await CountAsync("check-late")));
        var toHub = await scene.ReadAsync(db => db.Set<Notice>().SingleAsync(n => n.Kind == "check-late" && n.ToAgencyId == null));
        Assert.Equal("E-2026-000001: the check asked of Police is late. Telephone 01632 960 100.", toHub.Text);

        var sent = await File.ReadAllTextAsync(Path.Combine(hub.Location.DataDirectory, "messages.log"));
        Assert.Contains("police@example.test", sent, StringComparison.Ordinal);
        Assert.Contains("telephone 01632 960 000", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("Testley", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("health@example.test\tE-2026-000001: check\tThe check", sent, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task In_immediate_danger_the_minimum_passes_a_mark_and_its_owner_is_told(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        var item = await hub.DoAsync("health", scene.Item("Long and private history", MaySee.HubOnly));

        Assert.IsType<Outcome<Guid>.Refused>(await scene.TryAsync("police", new ShareInDanger(item, "x", [hub.Agencies["police"]], "x")));
        Assert.IsType<Outcome<Guid>.Invalid>(await scene.TryAsync("duty", new ShareInDanger(item, "He has a knife", [hub.Agencies["police"]], "")));
        var shared = await hub.DoAsync("duty", new ShareInDanger(item, "He has a knife", [hub.Agencies["police"]], "He is at the door"));

        Assert.Equal([shared], await SeenAsync(hub, "police", scene));
        Assert.Equal([item, shared], await SeenAsync(hub, "health", scene));
        Assert.Empty(await SeenAsync(hub, "housing", scene));
        Assert.True(await scene.ReadAsync(db => db.Set<Notice>().AnyAsync(n => n.Kind == "mark-overridden" && n.ToAgencyId == hub.Agencies["health"])));
    }

    [Theory, EachDatabase]
    public async Task A_correction_annotates_ones_own_item_and_many_at_once_lose_no_word(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await RoomScene.OpenAsync(hub);
        var item = await hub.DoAsync("police", scene.Item("Three calls"));
        await hub.DoAsync("police", scene.Item("Two calls, not three") with { CorrectsId = item });
        Assert.IsType<Outcome<Guid>.Invalid>(await scene.TryAsync("health", scene.Item("No calls") with { CorrectsId = item }));

        var before = await scene.SequenceAsync();
        var police = await hub.ViewerAsync("police");
        var health = await hub.ViewerAsync("health");
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => hub.Runner.RunAsync(new PostMessage(scene.EnquiryId, $"Message {i}"), i % 2 == 0 ? police : health)));
        Assert.All(results, r => Assert.True(r.IsDone));
        var sequences = await scene.ReadAsync(db => db.Set<RoomMessage>().Select(m => m.Sequence).ToListAsync());
        Assert.Equal(12, sequences.Distinct().Count());
        Assert.Equal(before + 12, await scene.SequenceAsync());
    }

    private static async Task<IReadOnlyList<Guid>> SeenAsync(TestHub hub, string person, RoomScene scene)
    {
        await using var scope = hub.App.Services.CreateAsyncScope();
        await using var db = hub.Store.Open(hub.Authority);
        var read = new RecordReader(db, hub.App.Services.GetRequiredService<RoomCatalogue>(), hub.Clock);
        return await read.Visible<Contribution>(await hub.ViewerAsync(person)).Where(c => c.EnquiryId == scene.EnquiryId).OrderBy(c => c.Sequence).Select(c => c.Id).ToListAsync();
    }

    private static async Task<Verdict> VerdictAsync<T>(TestHub hub, string person, Guid id)
        where T : DomainRow
    {
        await using var db = hub.Store.Open(hub.Authority);
        return await new RecordReader(db, hub.App.Services.GetRequiredService<RoomCatalogue>(), hub.Clock).VerdictAsync<T>(await hub.ViewerAsync(person), id);
    }

    private static async Task<AccessLevel> ViewLevelAsync(TestHub hub, string person, RoomScene scene)
    {
        var id = await scene.ReadAsync(db => db.Set<AgencyView>().Where(v => v.EnquiryId == scene.EnquiryId && v.AgencyId == hub.Agencies["police"]).Select(v => v.Id).SingleAsync());
        return (await VerdictAsync<AgencyView>(hub, person, id)).Level;
    }

    private static async Task<EvidenceProof> ProveAsync(TestHub hub, Guid decisionId)
    {
        await using var db = hub.Store.Open(hub.Authority);
        var read = new RecordReader(db, hub.App.Services.GetRequiredService<RoomCatalogue>(), hub.Clock);
        return await Evidence.ProveAsync(read, await read.Of<RoomDecision>().SingleAsync(d => d.Id == decisionId));
    }

    private static async Task<Guid> SealAsync(TestHub hub, Guid subject, bool secret)
    {
        var seal = new Seal { Id = Guid.CreateVersion7(), SubjectKind = "x", SubjectId = subject, Reason = "x", SecretExistence = secret, At = TestHub.Start, ByAccountId = hub.Account("governance"), ReviewOn = new LocalDate(2026, 6, 1) };
        await WriteAsync(hub, seal);
        return seal.Id;
    }

    /// <summary>Lays down a row whose own command another room has.</summary>
    private static async Task WriteAsync(TestHub hub, DomainRow row)
    {
        await using var db = hub.Store.Open(hub.Authority);
        db.Entry(row).Property(nameof(DomainRow.AuthorityId)).CurrentValue = hub.Authority;
        db.Add(row);
        await db.SaveChangesAsync();
    }
}
