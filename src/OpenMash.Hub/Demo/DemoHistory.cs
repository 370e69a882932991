using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Time;
using OpenMash.Hub.Platform.Trail;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Duty;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Demo;

/// <summary>
/// A year of the invented hub's work, through the real commands under a simulated clock: every contact, rating, check, answer, view, decision and telling is an
/// act of one of its people. The last days are left as a working hub is left: some in every state.
/// </summary>
internal sealed class DemoHistory(IServiceProvider services, SimulatedClock clock, DemoBorough borough, DemoPeople people, short authority)
{
    private readonly CommandRunner _runner = services.GetRequiredService<CommandRunner>();
    private readonly RecordStore _store = services.GetRequiredService<RecordStore>();
    private const int PlansSeed = 20140909;
    private List<DemoChild> _children = [];

    public async Task TellAsync(int children, int contacts, Instant end, Action<string> progress, CancellationToken ct)
    {
        var start = end - Duration.FromDays(365);
        clock.Set(start);
        var (entries, made) = borough.People(children, start);
        _children = made;
        foreach (var chunk in entries.Chunk(600))
            (await _runner.RunAsync(new RegisterPeople("Earlier records of the borough", chunk), Viewer.System(authority, "demonstration", "fill the invented borough"), ct)).Expect();
        progress($"{made.Count:N0} children and their families");

        await _store.LearnShapesAsync(ct);

        // Planned first, then carried out in the order of time, so that the clock only goes forward.
        var plan = new PriorityQueue<Func<Task>, (Instant, int)>();
        var order = 0;
        void At(Instant when, Func<Task> what) => plan.Enqueue(what, (when, order++));

        AddShifts(end, At);
        var plans = new DemoPlans(this, people, _store, authority, PlansSeed);
        plans.Plan(_children, start, end, At);
        foreach (var index in Enumerable.Range(0, contacts)) PlanContact(index, contacts, start, end, At);
        for (var day = start + Duration.FromDays(7); day < end; day += Duration.FromDays(7))
        {
            var week = day;
            At(week, () => WorkAsync(ct));
            At(week + Duration.FromMinutes(30), () => CatchUpAsync(week - Duration.FromDays(1)));
            At(week + Duration.FromMinutes(45), () => plans.CatchUpAsync(week - Duration.FromDays(3)));
        }

        for (var hours = 72; hours > 0; hours -= 4) At(end - Duration.FromHours(hours), () => WorkAsync(ct));
        At(end - Duration.FromHours(30), () => CatchUpAsync(end - Duration.FromDays(2)));
        At(end - Duration.FromHours(3), () => ReadNoticesAsync(end - Duration.FromHours(5)));
        At(end - Duration.FromHours(3), () => TellAsync(end - Duration.FromHours(12)));
        var lastSaid = 0;
        var done = 0;
        while (plan.TryDequeue(out var next, out var key))
        {
            ct.ThrowIfCancellationRequested();
            if (key.Item1 > end) continue;
            if (key.Item1 > clock.GetCurrentInstant()) clock.Set(key.Item1);
            await next();
            done++;
            var percent = (int)((key.Item1 - start) / (end - start) * 100);
            if (percent >= lastSaid + 20)
            {
                lastSaid = percent;
                await _store.LearnShapesAsync(ct);
                progress($"{percent} % of the year told ({done:N0} acts)");
            }
        }

        clock.Set(end);
        await WorkAsync(ct);
    }

    /// <summary>What was not done, by command and reason: a demonstration whose acts fail in silence would be a lie about the hub.</summary>
    public SortedDictionary<string, int> NotDone { get; } = new(StringComparer.Ordinal);

    /// <summary>Carries out an act of the invented hub, and notes it where it was not done.</summary>
    public async Task<Outcome<T>> DoAsync<T>(ICommand<T> command, Viewer actor)
    {
        var outcome = await _runner.RunAsync(command, actor);
        if (outcome is Outcome<T>.Done) return outcome;
        var why = outcome switch
        {
            Outcome<T>.Invalid i => string.Join("; ", i.Problems.Select(x => x.Message)),
            Outcome<T>.Refused r => r.Reason,
            Outcome<T>.Conflict c => c.Message,
            _ => "not found",
        };
        var key = $"{command.GetType().Name}: {System.Text.RegularExpressions.Regex.Replace(why, "[A-Z]-[0-9-]+|[0-9]+", "#", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))}";
        NotDone[key] = NotDone.GetValueOrDefault(key) + 1;
        return outcome;
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        await services.GetRequiredService<OutboxPump>().DrainAsync(ct);
        await services.GetRequiredService<TickRunner>().TickAllAsync(ct);
        await services.GetRequiredService<OutboxPump>().DrainAsync(ct);
        await services.GetRequiredService<TrailSealer>().SealAllAsync(ct, lookBack: false);
    }

    /// <summary>What people do at the start of a week with what was left before <paramref name="before"/>: read notices, acknowledge, telephone, settle disagreements.</summary>
    private async Task CatchUpAsync(Instant before)
    {
        var manager = people["manager"];
        await using var db = _store.Open(authority);
        foreach (var handOver in await db.Set<HandOver>().AsNoTracking().Where(h => h.ClosedAt == null && h.At < before).OrderBy(h => h.Id).ToListAsync())
            await DoAsync(new AnswerHandOver(handOver.Id, Accepts: true, "Claire Robinson, team manager, by telephone."), manager);
        foreach (var escalation in await db.Set<Escalation>().AsNoTracking().Where(e => e.ResolvedAt == null && e.RaisedAt < before).OrderBy(e => e.Id).ToListAsync())
        {
            var raiser = people.Agencies.Single(a => a.Value == escalation.RaisedByAgencyId).Key;
            if (people.Researcher(raiser) is not { } researcher) continue;
            await DoAsync(new ResolveEscalation(escalation.Id, "We met; the assessment will look at the missing episodes first."), people[researcher]);
            await DoAsync(new ResolveEscalation(escalation.Id, "Agreed with the agency: the assessment starts with the missing episodes."), manager);
        }

        foreach (var again in await db.Set<LookAgain>().AsNoTracking().Where(l => l.SettledAt == null && l.ArrivedAt < before).OrderBy(l => l.Id).ToListAsync())
            await DoAsync(new SettleLookAgain(again.Id, "Read; it confirms what the decision rests on."), manager);
        await DecideLeftAsync(db, before);
        await TellAsync(before);
        await ReadNoticesAsync(before);
    }

    private async Task TellAsync(Instant before)
    {
        await using var db = _store.Open(authority);
        foreach (var telling in await db.Set<Telling>().AsNoTracking().Where(t => (t.State == TellingState.Due || t.State == TellingState.Failed) && t.DueAt < before).OrderBy(t => t.Id).ToListAsync())
            await DoAsync(new RecordTelling(telling.Id, Spoken: true, TellingChannel.Telephone, "Spoke to them."), people["support1"]);
    }

    private async Task ReadNoticesAsync(Instant before)
    {
        var manager = people["manager"];
        await using var db = _store.Open(authority);
        foreach (var notice in await db.Set<Records.Work.Notice>().AsNoTracking().Where(n => n.SeenAt == null && n.ClosedAt == null && n.RaisedAt < before).OrderBy(n => n.Id).ToListAsync())
        {
            var reader = notice.ToAccountId is { } account ? people.ByAccount(account) : notice.ToAgencyId is { } agency && people.Researcher(people.Agencies.Single(a => a.Value == agency).Key) is { } key ? people[key] : manager;
            if (reader is not null) await _runner.RunAsync(new SeeNotice(notice.Id), reader);
        }
    }

    /// <summary>
    /// What still waits for an outcome although it came in before <paramref name="before"/>: a closing that nobody seconded or that came back, consent that was
    /// asked for, a room that nobody decided.
    /// </summary>
    private async Task DecideLeftAsync(RecordContext db, Instant before)
    {
        var (manager, deputy) = (people["manager"], people["deputy"]);
        foreach (var left in await db.Set<Enquiry>().AsNoTracking().Where(e => e.OpenedAt < before && !db.Set<RoomDecision>().Any(d => d.EnquiryId == e.Id)).OrderBy(e => e.Id).ToListAsync())
        {
            if (left.ViewsOpenedAt is null) await DoAsync(new OpenViews(left.Id, "Time is up for an answer still missing; the child cannot wait for it."), manager);
            await DoAsync(new RecordAgencyView(left.Id, 3, "Children's social care: read together with the earlier contacts."), manager);
            var seen = await db.Set<Enquiry>().AsNoTracking().Where(e => e.Id == left.Id).Select(e => e.Sequence).SingleAsync();
            await DoAsync(
                new DecideEnquiry
                {
                    SeenSequence = seen,
                    EnquiryId = left.Id,
                    Outcome = LineOutcome.Assessment,
                    Level = 3,
                    Rationale = "What was answered and what was not, read together, calls for a social worker's assessment.",
                    OptionsRejected = "No further action: too much is unexplained.",
                    QuorumWaivedBecause = "Asked twice and not answered; the child cannot wait for it.",
                },
                manager);
        }

        foreach (var proposed in await db.Set<RoomDecision>().AsNoTracking().Where(d => d.State == DecisionState.Proposed && d.At < before).OrderBy(d => d.Id).ToListAsync())
            await DoAsync(new SecondRoomDecision(proposed.Id, Agrees: true, "I have read the evidence and agree."), proposed.ByAccountId == manager.AccountId ? deputy : manager);
        foreach (var proposed in await db.Set<LineDecision>().AsNoTracking().Where(d => d.State == DecisionState.Proposed && d.At < before).OrderBy(d => d.Id).ToListAsync())
            await DoAsync(new SecondDecision(proposed.Id, Agrees: true, "Read with the earlier contacts."), proposed.ByAccountId == manager.AccountId ? deputy : manager);
        var lines = await db.Set<ContactLine>().AsNoTracking()
            .Where(l => l.State == LineState.Waiting && l.ReceivedAt < before && l.Outcome != LineOutcome.Enquiry && !db.Set<LineDecision>().Any(d => d.LineId == l.Id && d.State == DecisionState.Proposed))
            .OrderBy(l => l.Id)
            .ToListAsync();
        foreach (var line in lines)
        {
            await DoAsync(
                new DecideLine
                {
                    LineId = line.Id,
                    SeenVersion = line.Version,
                    Outcome = line.Rating switch { Rating.Red => LineOutcome.StrategyDiscussion, Rating.Amber => LineOutcome.Assessment, _ => LineOutcome.EarlyHelp },
                    Reason = "Read again with what came in since; it cannot wait longer.",
                    ToTeam = line.Rating == Rating.Amber ? "Assessment team" : null,
                },
                manager);
        }
    }

    /// <summary>The rota of the last and the coming days; earlier ones are history.</summary>
    private void AddShifts(Instant end, Action<Instant, Func<Task>> at)
    {
        var today = London.Date(end);
        for (var day = today.PlusDays(-6); day <= today.PlusDays(7); day = day.PlusDays(1))
        {
            var on = day;
            at(end - Duration.FromDays(7), async () =>
            {
                var weekend = on.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
                var manager = people["manager"];
                var from = London.StartOf(on);
                if (!weekend)
                {
                    foreach (var who in new[] { "manager", on.Day % 2 == 0 ? "screener1" : "screener2", on.Day % 2 == 0 ? "screener3" : "screener4" })
                        await DoAsync(new AddShift(people[who].AccountId!.Value, DutyKind.Hub, from + Duration.FromHours(8), from + Duration.FromHours(18)), manager);
                }

                await DoAsync(new AddShift(people[on.Day % 2 == 0 ? "duty1" : "duty2"].AccountId!.Value, DutyKind.OutOfHours, from + Duration.FromHours(weekend ? 8 : 17), from + Duration.FromHours(32)), manager);
            });
        }

        at(end - Duration.FromDays(7), async () =>
        {
            foreach (var who in LateCover(end))
                await DoAsync(new AddShift(people[who].AccountId!.Value, DutyKind.Hub, end - Duration.FromHours(4), end + Duration.FromHours(8)), people["manager"]);
        });
    }

    /// <summary>The two screening officers who are not on today's ordinary rota: they cover the hours around now.</summary>
    private static string[] LateCover(Instant end) => London.Date(end).Day % 2 == 0 ? ["screener2", "screener4"] : ["screener1", "screener3"];

    private void PlanContact(int index, int contacts, Instant start, Instant end, Action<Instant, Func<Task>> at)
    {
        // The last eleventh comes in the last three days, so that every state is alive.
        var recent = index >= contacts - Math.Max(24, contacts / 11);
        var when = recent
            ? end - Duration.FromMinutes(borough.Chance.Next(4, 3 * 24 * 60))
            : start + Duration.FromMinutes(borough.Chance.Next(0, (int)(end - start - Duration.FromDays(4)).TotalMinutes));
        var local = when.InZone(London.Zone);
        if (!recent && (local.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && borough.Chance.Next(4) > 0) when += Duration.FromDays(2);
        var concern = PickConcern();
        var child = borough.Pick(_children);
        at(when, () => ArriveAsync(concern, child, when, recent, end, at));
    }

    private DemoConcern PickConcern()
    {
        var concerns = borough.Lists.Concerns;
        var total = concerns.Sum(c => c.Weight);
        var at = borough.Chance.Next(total);
        foreach (var concern in concerns)
        {
            if ((at -= concern.Weight) < 0) return concern;
        }

        return concerns[^1];
    }

    private async Task ArriveAsync(DemoConcern concern, DemoChild child, Instant when, bool recent, Instant end, Action<Instant, Func<Task>> at)
    {
        var isPublic = concern.Source == "public";
        var reporter = isPublic ? Viewer.Public(authority) : people[borough.Pick(people.Reporters(concern.Source))];
        var vehicle = borough.Vehicle();
        var place = borough.Pick(borough.Lists.Places);
        var words = concern.Words
            .Replace("{Given}", child.Given, StringComparison.Ordinal)
            .Replace("{He}", child.Girl ? "She" : "He", StringComparison.Ordinal)
            .Replace("{he}", child.Girl ? "she" : "he", StringComparison.Ordinal)
            .Replace("{him}", child.Girl ? "her" : "him", StringComparison.Ordinal)
            .Replace("{Street}", child.Address, StringComparison.Ordinal)
            .Replace("{Vehicle}", vehicle, StringComparison.Ordinal)
            .Replace("{Place}", place, StringComparison.Ordinal)
            .Replace("{attendance}", borough.Chance.Next(61, 89).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var things = new List<ThingIntake>();
        if (concern.Words.Contains("{Vehicle}", StringComparison.Ordinal)) things.Add(new ThingIntake(ThingKind.Vehicle, vehicle));
        if (concern.Words.Contains("{Place}", StringComparison.Ordinal)) things.Add(new ThingIntake(ThingKind.Place, place));
        var siblings = _children.Where(c => c.Household == child.Household && c != child).Take(borough.Chance.Next(3)).ToList();
        var named = new List<DemoChild> { child };
        if (concern.Kind is "domestic abuse" or "neglect") named.AddRange(siblings);
        var submitted = (await DoAsync(
            new SubmitContact
            {
                Way = isPublic ? Way.PublicForm : Way.PartnerForm,
                Words = words,
                Original = words,
                Identity = isPublic ? ReferrerIdentity.Anonymous : ReferrerIdentity.Named,
                ReferrerKind = isPublic ? ReferrerKind.Public : ReferrerKind.Professional,
                ReferrerName = isPublic ? null : reporter.Name,
                SafeToContact = isPublic ? null : true,
                InDangerNow = concern.Rating == "Red",
                SignificantHarmAlleged = concern.Rating is "Red" or "Amber",
                SenderReference = concern.Source == "police" ? $"WP/{London.Date(when):uuuuMMdd}/{borough.Chance.Next(100, 999)}" : null,
                People = [.. named.Select(c => new PersonIntake
                {
                    Role = MentionRole.Child,
                    GivenName = isPublic && borough.Chance.Next(2) == 0 ? null : borough.AsHeard(c.Given),
                    FamilyName = isPublic ? null : borough.AsHeard(c.Family),
                    Birth = isPublic ? null : borough.Chance.Next(9) == 0 ? null : NodaTime.Text.LocalDatePattern.Iso.Format(c.Born),
                    Address = c.Address,
                    Postcode = borough.Chance.Next(3) == 0 ? null : c.Postcode,
                    School = concern.Source == "education" ? c.School : null,
                })],
                Things = things,
                ChildsWords = concern.Child is null ? [] : [new WordsIntake(concern.Child, reporter.Name, "same day", 1)],
            },
            reporter)).Expect();

        var untouched = recent && (end - when < Duration.FromMinutes(35) || borough.Chance.Next(9) == 0);
        if (untouched) return;
        // Who holds something now is at work now, whatever the hour at which the borough is made.
        var screener = people[recent ? LateCover(end)[borough.Chance.Next(2)] : $"screener{1 + borough.Chance.Next(4)}"];
        var minutes = concern.Rating == "Red" ? borough.Chance.Next(2, 15) : borough.Chance.Next(10, 150);
        var seen = when + Duration.FromMinutes(minutes);
        at(seen, () => ScreenAsync(concern, submitted.ContactId, named, screener, seen, recent, at));
    }

    private async Task ScreenAsync(DemoConcern concern, Guid contactId, List<DemoChild> named, Viewer screener, Instant when, bool recent, Action<Instant, Func<Task>> at)
    {
        await DoAsync(new AcknowledgeContact(contactId, Claim: true), screener);
        List<ContactLine> lines;
        List<Mention> mentions;
        await using (var db = _store.Open(authority))
        {
            lines = await db.Set<ContactLine>().AsNoTracking().Where(l => l.ContactId == contactId).OrderBy(l => l.Number).ToListAsync();
            mentions = await db.Set<Mention>().AsNoTracking().Where(m => m.ContactId == contactId).OrderBy(m => m.Number).ToListAsync();
        }

        foreach (var (mention, child) in mentions.Zip(named))
        {
            if (mention.FamilyName is null && borough.Chance.Next(2) == 0) continue;
            await DoAsync(new IdentifyMention(mention.Id, child.Id, "name, birth date and address agree"), screener);
        }

        var rating = Enum.Parse<Rating>(concern.Rating);
        if (borough.Chance.Next(8) == 0 && rating != Rating.Red) rating = (Rating)Math.Clamp((int)rating + (borough.Chance.Next(2) == 0 ? 1 : -1), 1, 3);
        foreach (var line in lines) await DoAsync(new RateLine(line.Id, rating, "First reading: " + concern.Kind), screener);
        if (recent && borough.Chance.Next(4) == 0) return;

        var decideAt = when + Duration.FromMinutes(borough.Chance.Next(8, rating switch { Rating.Red => 60, Rating.Amber => 300, _ => 1100 }));
        var roll = borough.Chance.Next(100);
        var enquiry = rating == Rating.Red ? roll < 70 : rating == Rating.Amber ? roll < 28 : roll < 3;
        if (enquiry) at(decideAt, () => OpenRoomAsync(concern, contactId, lines, rating, decideAt, recent, at));
        else at(decideAt, () => DecideAsync(concern, lines, rating, screener, decideAt, recent, at));
    }

    private async Task DecideAsync(DemoConcern concern, List<ContactLine> lines, Rating rating, Viewer screener, Instant when, bool recent, Action<Instant, Func<Task>> at)
    {
        foreach (var line in lines)
        {
            var roll = borough.Chance.Next(100);
            var outcome = rating switch
            {
                Rating.Red => LineOutcome.StrategyDiscussion,
                Rating.Amber => roll < 55 ? LineOutcome.Assessment : roll < 75 ? LineOutcome.EarlyHelp : roll < 85 ? LineOutcome.AllocatedWorker : LineOutcome.NoFurtherAction,
                // What alleges significant harm is never sent back for consent.
                Rating.Green when roll is >= 65 and < 72 && concern.Rating == "Amber" => LineOutcome.EarlyHelp,
                Rating.Green => roll < 35 ? LineOutcome.EarlyHelp : roll < 55 ? LineOutcome.InformationAndAdvice : roll < 65 ? LineOutcome.Assessment : roll < 72 ? LineOutcome.ReturnForConsent : LineOutcome.NoFurtherAction,
                _ => roll < 55 ? LineOutcome.InformationAndAdvice : roll < 85 ? LineOutcome.EarlyHelp : LineOutcome.NoFurtherAction,
            };
            Guid version;
            await using (var db = _store.Open(authority))
                version = await db.Set<ContactLine>().AsNoTracking().Where(l => l.Id == line.Id).Select(l => l.Version).SingleAsync();
            var command = new DecideLine
            {
                LineId = line.Id,
                SeenVersion = version,
                Outcome = outcome,
                Reason = Reason(concern, outcome),
                RecallOn = outcome == LineOutcome.ReturnForConsent ? London.Date(when).PlusDays(5) : null,
                ToTeam = outcome is LineOutcome.AllocatedWorker or LineOutcome.Assessment ? "Assessment team" : null,
            };
            var outcomeOf = await DoAsync(command, screener);
            if (outcomeOf is not Outcome<LineDecided>.Done { Value: { State: DecisionState.Proposed } proposed }) continue;
            if (recent && borough.Chance.Next(3) > 0) continue;
            var second = people[borough.Chance.Next(3) == 0 ? "deputy" : "manager"];
            var later = when + Duration.FromMinutes(borough.Chance.Next(10, 240));
            at(later, () => DoAsync(new SecondDecision(proposed.DecisionId, borough.Chance.Next(12) > 0, "Read with the earlier contacts."), second));
        }
    }

    private async Task OpenRoomAsync(DemoConcern concern, Guid contactId, List<ContactLine> lines, Rating rating, Instant when, bool recent, Action<Instant, Func<Task>> at)
    {
        var chair = people[borough.Chance.Next(3) == 0 ? "deputy" : "manager"];
        var asked = new List<string> { "police", "health", "education" };
        foreach (var more in new[] { "housing", "probation", "licensing", "youth" })
        {
            if (borough.Chance.Next(3) == 0) asked.Add(more);
        }

        var opened = await DoAsync(
            new OpenEnquiry
            {
                ContactId = contactId,
                LineIds = [.. lines.Select(l => l.Id)],
                Rating = rating,
                Purpose = "To decide whether the children named are suffering or likely to suffer significant harm, and what help they need.",
                LawfulBasis = "Public task; safeguarding of children (Data Protection Act 2018, Schedule 1, paragraph 18)",
                ConsentNote = rating == Rating.Red ? "Not sought: asking would add to the danger. Agreed by the manager." : "The family was told of the report by the referrer.",
                AgencyIds = [.. asked.Select(a => people.Agencies[a])],
                Checks = [.. asked.Select(a => new CheckAsked(people.Agencies[a], "What do you hold on the children and adults of this household in the last twelve months? Anything that worries you now?"))],
            },
            chair);
        if (opened is not Outcome<EnquiryOpenedResult>.Done { Value: var room }) return;
        List<AgencyCheck> checks;
        await using (var db = _store.Open(authority))
            checks = await db.Set<AgencyCheck>().AsNoTracking().Where(c => c.EnquiryId == room.EnquiryId).OrderBy(c => c.Id).ToListAsync();
        var limit = rating == Rating.Red ? 110 : 330;
        var last = when;
        foreach (var agency in asked)
        {
            var check = checks.FirstOrDefault(c => c.AgencyId == people.Agencies[agency]);
            if (check is null || people.Researcher(agency) is not { } researcher) continue;
            if (recent ? borough.Chance.Next(3) == 0 : borough.Chance.Next(25) == 0) continue;
            var answerAt = when + Duration.FromMinutes(borough.Chance.Next(12, (int)(limit * 1.25)));
            if (answerAt > last) last = answerAt;
            at(answerAt, () => AnswerAsync(agency, researcher, check.Id, room.EnquiryId, concern));
        }

        if (borough.Chance.Next(2) == 0)
            at(when + Duration.FromMinutes(6), () => DoAsync(new PostMessage(room.EnquiryId, "Thank you for coming in quickly. Please add what you hold as facts first, views after."), chair));
        if (recent && borough.Chance.Next(2) == 0) return;
        var decideAt = last + Duration.FromMinutes(borough.Chance.Next(5, 60));
        at(decideAt, () => DecideRoomAsync(concern, room.EnquiryId, rating, chair, decideAt, asked, recent, at));
    }

    private async Task AnswerAsync(string agency, string researcher, Guid checkId, Guid enquiryId, DemoConcern concern)
    {
        var who = people[researcher];
        var roll = borough.Chance.Next(100);
        var state = roll < 22 ? CheckState.NothingHeld : roll < 27 ? CheckState.HeldNotShared : CheckState.Answered;
        await DoAsync(
            new AnswerCheck
            {
                CheckId = checkId,
                As = state,
                Answer = state == CheckState.Answered ? borough.Pick(borough.Lists.Answers[agency]) : null,
                NotSharedBecause = state == CheckState.HeldNotShared ? "It belongs to an operation that is running; the duty inspector can be asked by telephone." : null,
                SignedAs = who.Name,
                MaySee = borough.Chance.Next(5) == 0 ? MaySee.HubOnly : MaySee.EveryAgencyInTheRoom,
            },
            who);
        if (borough.Chance.Next(5) == 0) return;
        var level = concern.Rating switch { "Red" => 4, "Amber" => borough.Chance.Next(3, 5), "Green" => borough.Chance.Next(2, 4), _ => 2 };
        var words = level >= 4 ? "What we hold together with this report points to significant harm." : level == 3 ? "Needs a social worker's assessment; not safe to leave to early help." : "Help early, with the family's agreement.";
        await DoAsync(new RecordAgencyView(enquiryId, level, words), who);
    }

    private async Task DecideRoomAsync(DemoConcern concern, Guid enquiryId, Rating rating, Viewer chair, Instant when, List<string> asked, bool recent, Action<Instant, Func<Task>> at)
    {
        await using (var db = _store.Open(authority))
        {
            var enquiry = await db.Set<Enquiry>().AsNoTracking().SingleAsync(e => e.Id == enquiryId);
            if (enquiry.ViewsOpenedAt is null)
                await DoAsync(new OpenViews(enquiryId, "Time is up for an answer still missing; the child cannot wait for it."), chair);
        }

        var roll = borough.Chance.Next(100);
        var outcome = rating == Rating.Red ? (roll < 80 ? LineOutcome.StrategyDiscussion : LineOutcome.Assessment) : roll < 60 ? LineOutcome.Assessment : roll < 80 ? LineOutcome.EarlyHelp : roll < 90 ? LineOutcome.StrategyDiscussion : LineOutcome.NoFurtherAction;
        await DoAsync(new RecordAgencyView(enquiryId, rating == Rating.Red ? 4 : 3, "Children's social care: read together with the earlier contacts."), chair);
        long seen;
        await using (var db = _store.Open(authority))
            seen = await db.Set<Enquiry>().AsNoTracking().Where(e => e.Id == enquiryId).Select(e => e.Sequence).SingleAsync();
        var decided = await DoAsync(
            new DecideEnquiry
            {
                SeenSequence = seen,
                EnquiryId = enquiryId,
                Outcome = outcome,
                Level = rating == Rating.Red ? 4 : outcome == LineOutcome.EarlyHelp ? 2 : 3,
                Rationale = Reason(concern, outcome),
                QuorumWaivedBecause = chair.Has(Roles.HubManager) ? "Asked twice and not answered; the child cannot wait for it." : null,
                OptionsRejected = outcome == LineOutcome.NoFurtherAction ? "Assessment: the facts now known explain the report." : "No further action: too much is unexplained. Early help alone: the worry is about safety now.",
            },
            chair);
        if (decided is not Outcome<RoomDecided>.Done { Value: var decision }) return;
        if (decision.State == DecisionState.Proposed && !(recent && borough.Chance.Next(2) == 0))
        {
            var second = people[chair.AccountId == people["manager"].AccountId ? "deputy" : "manager"];
            await DoAsync(new SecondRoomDecision(decision.DecisionId, Agrees: true, "I have read the evidence and agree."), second);
        }

        foreach (var agency in asked.Take(4))
        {
            if (people.Researcher(agency) is not { } researcher) continue;
            var agrees = borough.Chance.Next(14) > 0;
            var position = when + Duration.FromMinutes(borough.Chance.Next(3, 50));
            at(position, () => DoAsync(
                new TakePosition(decision.DecisionId, agrees, agrees ? "We agree." : "We see a higher risk than this: the pattern of missing episodes is not explained."), people[researcher]));
        }
    }

    private static string Reason(DemoConcern concern, LineOutcome outcome) => outcome switch
    {
        LineOutcome.NoFurtherAction => $"The report ({concern.Kind}) was looked into; what was reported has an explanation that was checked with the school or practice. The family was spoken to.",
        LineOutcome.InformationAndAdvice => "Advice given and services named; the family will go to the family hub themselves.",
        LineOutcome.EarlyHelp => "The family agrees to help. Needs are not met by one agency alone but there is no sign of significant harm.",
        LineOutcome.Assessment => $"The child's needs ({concern.Kind}) call for a social worker's assessment.",
        LineOutcome.StrategyDiscussion => "Reason to suspect significant harm. Police and health were told at once.",
        LineOutcome.AllocatedWorker => "Open to a social worker, who was told and asked to visit.",
        LineOutcome.ReturnForConsent => "No harm alleged; the family has not been asked whether they want help.",
        _ => $"Decided on what was known about {concern.Kind}.",
    };
}
