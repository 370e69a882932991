using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Rooms.FrontDoor;
using OpenMash.HubTests.House;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;

namespace OpenMash.HubTests.FrontDoor;

/// <summary>received = decided + waiting + moved + merged, after any history of commands, on any day and for any agency.</summary>
public class IdentityTests
{
    private enum Step
    {
        Submit,
        SubmitSeveral,
        Consult,
        TakeUp,
        Rate,
        Lower,
        Decide,
        SendOn,
        Accept,
        GiveBack,
        Consent,
        Second,
        Merge,
        AddChild,
        Enquiry,
        EnquiryDecides,
        Wait,
    }

    private sealed record Move(Step Step, int First, int Second);

    private static readonly Gen<Move> Moves = Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1000], Gen.Int[0, 1000], (s, a, b) => new Move(s, a, b));

    [Fact]
    public async Task The_identity_holds_after_any_history_on_sqlite() => await HoldsAsync(TestDatabase.Sqlite, 10, 30);

    [Fact]
    public async Task The_identity_holds_after_any_history_on_postgres() => await HoldsAsync(TestDatabase.Postgres, 3, 20);

    private static async Task HoldsAsync(TestDatabase database, int histories, int length)
    {
        await using var hub = await TestHub.StartAsync(database, services: s => s.AddScoped<RaiseForTestHandler>());
        // One record takes all the histories, each upon the last: the identity must hold over all that was ever done.
        await Moves.Array[length].SampleAsync(
            async moves =>
            {
                foreach (var move in moves) await DoAsync(hub, move);
                await AssertHoldsAsync(hub);
                return true;
            },
            iter: histories,
            threads: 1);
    }

    private static async Task AssertHoldsAsync(TestHub hub)
    {
        await using var db = hub.Store.Open(hub.Authority);
        var read = new RecordReader(db, hub.App.Services.GetRequiredService<RoomCatalogue>(), hub.Clock);
        var manager = await hub.ViewerAsync("manager");
        var identity = new AccountingIdentity(read);
        var slice = new IdentitySlice(new LocalDate(2026, 1, 1), new LocalDate(2027, 12, 31));
        var contacts = (await db.Set<Contact>().AsNoTracking().ToListAsync()).Where(c => !c.Consultation).ToDictionary(c => c.Id);
        var lines = (await db.Set<ContactLine>().AsNoTracking().ToListAsync()).Where(l => contacts.ContainsKey(l.ContactId)).ToList();

        // What the rows say, counted here by hand.
        var byHand = new Dictionary<Counting, List<(LocalDate Day, Guid? Agency, LineState State)>>
        {
            [Counting.Lines] = [.. lines.Select(l => (contacts[l.ContactId].ReceivedOn, contacts[l.ContactId].AgencyId, l.State))],
            [Counting.Contacts] =
            [
                .. lines.GroupBy(l => l.ContactId).Select(g => (
                    contacts[g.Key].ReceivedOn,
                    contacts[g.Key].AgencyId,
                    new[] { LineState.Waiting, LineState.Decided, LineState.Moved, LineState.Merged }.First(s => g.Any(l => l.State == s)))),
            ],
        };

        foreach (var counting in Enum.GetValues<Counting>())
        {
            var totals = await identity.TotalsAsync(manager, counting, slice);
            Assert.True(totals.Holds, $"{counting}: {totals}");
            Assert.Equal(byHand[counting].Count, totals.Received);
            var cells = await identity.CellsAsync(manager, counting, slice);
            var received = await identity.ReceivedAsync(manager, counting, slice);
            Assert.Equal(
                byHand[counting].CountBy(x => x).ToDictionary(x => x.Key, x => x.Value),
                cells.ToDictionary(c => (c.ReceivedOn, c.AgencyId, c.State), c => c.Count));
            foreach (var ((day, agency), count) in received)
            {
                Assert.Equal(count, cells.Where(c => c.ReceivedOn == day && c.AgencyId == agency).Sum(c => c.Count));
                var one = await identity.TotalsAsync(manager, counting, new IdentitySlice(day, day, agency ?? AccountingIdentity.Public));
                Assert.True(one.Holds);
                Assert.Equal(count, one.Received);
            }

            // The list behind each number has exactly that many rows, each in that state.
            foreach (var state in Enum.GetValues<LineState>())
            {
                var rows = await identity.Rows(manager, counting, slice, state).ToListAsync();
                Assert.Equal(totals.Of(state), rows.Count);
                Assert.All(rows, r => Assert.Equal(state, r.State));
            }
        }
    }

    private static async Task DoAsync(TestHub hub, Move move)
    {
        await using var db = hub.Store.Open(hub.Authority);
        var lines = await db.Set<ContactLine>().AsNoTracking().OrderBy(l => l.Id).ToListAsync();
        var contacts = await db.Set<Contact>().AsNoTracking().OrderBy(c => c.Id).ToListAsync();
        // Recent ones, so that histories get deep and not only wide.
        ContactLine? Line(int n) => lines.Count == 0 ? null : lines[^(1 + (n % Math.Min(lines.Count, 6)))];
        var line = Line(move.First);
        switch (move.Step)
        {
            case Step.Submit:
                await SendAsync(hub, new[] { "teacher", "police", "charity" }[move.First % 3], Screens.Report("Ann"));
                break;
            case Step.SubmitSeveral:
                var several = Screens.Report("Ann", "Ben", "Cal") with { Way = Way.PublicForm };
                await hub.Runner.RunAsync(several, Viewer.Public(hub.Authority));
                break;
            case Step.Consult:
                await SendAsync(hub, "teacher", Screens.Report() with { Consultation = true });
                break;
            case Step.TakeUp when contacts.Count > 0:
                await SendAsync(hub, "screener", new TakeUpConsultation(contacts[move.First % contacts.Count].Id, "Named now."));
                break;
            case Step.Rate when line is not null:
                await SendAsync(hub, "screener", new RateLine(line.Id, (Rating)(move.Second % 4), "As it seems."));
                break;
            case Step.Lower when line is not null:
                await SendAsync(hub, "screener2", new RateLine(line.Id, Rating.Blue, "Less than it seemed."));
                break;
            case Step.Decide when line is not null:
                var outcomes = new[] { LineOutcome.NoFurtherAction, LineOutcome.EarlyHelp, LineOutcome.Assessment, LineOutcome.StrategyDiscussion, LineOutcome.InformationAndAdvice };
                await SendAsync(hub, "screener", new DecideLine { LineId = line.Id, Outcome = outcomes[move.Second % outcomes.Length], Reason = "So.", SeenVersion = line.Version });
                break;
            case Step.SendOn when line is not null:
                await SendAsync(hub, "screener", new DecideLine { LineId = line.Id, Outcome = LineOutcome.AnotherAuthority, Reason = "Lives there.", ToAgencyId = hub.Agencies["probation"], SeenVersion = line.Version });
                break;
            case Step.Accept or Step.GiveBack:
                if (await db.Set<HandOver>().AsNoTracking().Where(h => h.ClosedAt == null).OrderBy(h => h.Id).FirstOrDefaultAsync() is { } handOver)
                    await SendAsync(hub, "manager", new AnswerHandOver(handOver.Id, move.Step == Step.Accept, "J. Roe, by telephone."));
                break;
            case Step.Consent when line is not null:
                await SendAsync(hub, "screener", new DecideLine { LineId = line.Id, Outcome = LineOutcome.ReturnForConsent, Reason = "Ask first.", SeenVersion = line.Version });
                break;
            case Step.Second:
                if (await db.Set<LineDecision>().AsNoTracking().Where(d => d.State == DecisionState.Proposed).OrderBy(d => d.Id).FirstOrDefaultAsync() is { } proposal)
                    await SendAsync(hub, "manager", new SecondDecision(proposal.Id, move.First % 2 == 0, "In my view."));
                break;
            case Step.Merge when line is not null && Line(move.Second) is { } into:
                await SendAsync(hub, "screener", new MergeLine(line.Id, into.Id, "Same event."));
                break;
            case Step.AddChild when contacts.Count > 0:
                await SendAsync(hub, "support", new AddLine(contacts[move.First % contacts.Count].Id, new PersonIntake { GivenName = "Dee" }, "A sister."));
                break;
            case Step.Enquiry when line is not null:
                await InEnquiryAsync(hub, new EnquiryOpened(Guid.CreateVersion7(), line.ContactId, [line.Id]));
                break;
            case Step.EnquiryDecides when line is { EnquiryId: { } enquiry }:
                await InEnquiryAsync(hub, new EnquiryDecided(enquiry, line.ContactId, [line.Id], LineOutcome.Assessment, "The room decided.", hub.Account("manager"), false));
                break;
            case Step.Wait:
                hub.Clock.Advance(Duration.FromHours(move.First % 40));
                await hub.WorkAsync();
                break;
            default:
                break;
        }
    }

    /// <summary>Most moves are refused by some rule; what matters is what they leave behind.</summary>
    private static async Task SendAsync<T>(TestHub hub, string person, ICommand<T> command) => await hub.Runner.RunAsync(command, await hub.ViewerAsync(person));

    /// <summary>The room's event through the real pipeline: a command of this test's own raises it.</summary>
    private static async Task InEnquiryAsync(TestHub hub, IEvent happened)
    {
        var catalogue = hub.App.Services.GetRequiredService<RoomCatalogue>();
        catalogue.Handlers.TryAdd(typeof(RaiseForTest), (Room.HubRoom, typeof(RaiseForTestHandler)));
        await hub.Runner.RunAsync(new RaiseForTest(happened as EnquiryOpened, happened as EnquiryDecided), hub.System);
    }

    internal sealed record RaiseForTest(EnquiryOpened? Opened, EnquiryDecided? Decided) : ICommand<Nothing>;

    internal sealed class RaiseForTestHandler : Handler<RaiseForTest, Nothing>
    {
        public override ValueTask<string?> AuthoriseAsync(RaiseForTest command, Act act) => ValueTask.FromResult<string?>(null);

        public override Task<Outcome<Nothing>> HandleAsync(RaiseForTest command, Act act)
        {
            if (command.Opened is { } opened) act.Raise(opened);
            if (command.Decided is { } decided) act.Raise(decided);
            return Task.FromResult<Outcome<Nothing>>(Nothing.Value);
        }
    }
}
