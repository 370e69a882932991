using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using OpenMash.BrowserTests.House;
using OpenMash.Hub.Platform;
using OpenMash.HubTests.House;
using OpenMash.HubTests.HubRoom;
using OpenMash.HubTests.People;
using OpenMash.HubTests.Plans;
using OpenMash.HubTests.Returns;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Enquiries;
using OpenMash.Records.Governance;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using OpenMash.Records.Trail;

namespace OpenMash.BrowserTests;

/// <summary>
/// Opens every page of the route table with something on it, as someone who may, and looks at it: axe, one heading, no empty section, nothing wider than the
/// narrowest telephone, no identifier or programmer's word among the words, and no link that leads nowhere or to a refusal.
///
/// TO ADD YOUR PAGE: add a line to <see cref="Visits"/>, or to <see cref="LeftOut"/> with the reason. A page of the table that stands in neither fails the test.
/// </summary>
public sealed partial class AllPagesTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>Pages that are not opened here, and why. Nothing else is left out.</summary>
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["/people/candidates"] = "a part of other pages, fetched by POST; what it shows is looked at in the journeys of the partner form",
        ["/enquiries/{id:guid}/pdf"] = "answers with a PDF file; its page is print",
    };

    private readonly List<string> _wrong = [];
    private readonly HashSet<(string Person, string Template)> _followed = [];

    /// <summary>Each page: its route, who opens it, the address. <c>-</c> is nobody.</summary>
    private static List<(string Route, string Person, string Url)> Visits(Filled f) =>
    [
        ("/", "screener", "/"),
        ("/", "manager", "/"),
        ("/", "police", "/"),
        ("/", "teacher", "/"),
        ("/", "leader", "/"),
        ("/", "governance", "/"),
        ("/", "admin", "/"),
        ("/account", "screener", "/account"),
        ("/account/invitation/{account:guid}/{token}", "-", f.Invitation),
        ("/account/personas", "-", "/account/personas"),
        ("/account/sign-in", "-", "/account/sign-in"),
        ("/account/sign-out", "screener", "/account/sign-out"),
        ("/admin/accounts", "admin", "/admin/accounts"),
        ("/admin/accounts/invite", "admin", "/admin/accounts/invite"),
        ("/admin/accounts/{id:guid}", "admin", $"/admin/accounts/{f.Account}"),
        ("/admin/agencies", "admin", "/admin/agencies"),
        ("/admin/agencies/{id:guid}", "admin", $"/admin/agencies/{f.Agency}"),
        ("/admin/clients", "admin", "/admin/clients"),
        ("/admin/settings", "admin", "/admin/settings"),
        ("/admin/settings", "manager", "/admin/settings"),
        ("/admin/settings/{name}", "manager", "/admin/settings/ratings"),
        ("/breach", "police", "/breach"),
        ("/break-glass/{kind}/{id:guid}", "screener", $"/break-glass/contact/{f.Sealed}"),
        ("/checks", "police", "/checks"),
        ("/checks", "police", "/checks?show=answered"),
        ("/checks/{id:guid}", "housing", $"/checks/{f.Check}"),
        ("/checks/{id:guid}", "screener", $"/checks/{f.Check}"),
        ("/conflicts", "screener", "/conflicts"),
        ("/contacts/new", "teacher", "/contacts/new"),
        ("/contacts/new", "screener", "/contacts/new"),
        ("/contacts/sent/{id:guid}", "teacher", $"/contacts/sent/{f.Contact}"),
        ("/contacts/{id:guid}", "screener", $"/contacts/{f.Contact}"),
        ("/contacts/{id:guid}", "manager", $"/contacts/{f.Red}"),
        ("/contacts/{id:guid}/original", "screener", $"/contacts/{f.Contact}/original"),
        ("/duty", "manager", "/duty"),
        ("/duty", "screener", "/duty"),
        ("/enquiries", "manager", "/enquiries"),
        ("/enquiries", "police", "/enquiries"),
        ("/enquiries/open", "screener", $"/enquiries/open?contact={f.Red}"),
        ("/enquiries/{id:guid}", "manager", $"/enquiries/{f.Enquiry}"),
        ("/enquiries/{id:guid}", "screener", $"/enquiries/{f.Decided}"),
        ("/enquiries/{id:guid}", "police", $"/enquiries/{f.Enquiry}"),
        ("/enquiries/{id:guid}/evidence/{decisionId:guid}", "screener", $"/enquiries/{f.Decided}/evidence/{f.Decision}"),
        ("/enquiries/{id:guid}/print", "manager", $"/enquiries/{f.Decided}/print"),
        ("/figures/identity", "manager", "/figures/identity"),
        ("/governance", "governance", "/governance"),
        ("/governance", "manager", "/governance"),
        ("/governance/breaches", "governance", "/governance/breaches"),
        ("/governance/breaches/{id:guid}", "governance", $"/governance/breaches/{f.Breach}"),
        ("/governance/break-glass", "manager", "/governance/break-glass"),
        ("/governance/conflicts", "governance", "/governance/conflicts"),
        ("/governance/embargoes", "manager", "/governance/embargoes"),
        ("/governance/holds", "governance", "/governance/holds"),
        ("/governance/seals", "governance", "/governance/seals"),
        ("/governance/seals/{id:guid}", "governance", $"/governance/seals/{f.Seal}"),
        ("/hand-overs", "screener2", "/hand-overs"),
        ("/hand-overs", "teacher", "/hand-overs"),
        ("/imports", "police", "/imports"),
        ("/imports/{id:guid}", "police", f.Import),
        ("/my-reports", "teacher", "/my-reports"),
        ("/my-reports", "charity", "/my-reports"),
        ("/patterns", "screener", "/patterns"),
        ("/patterns/print", "screener", "/patterns/print"),
        ("/patterns/public", "screener", "/patterns/public"),
        ("/people/imports", "manager", "/people/imports"),
        ("/people/imports/{id:guid}", "support", $"/people/imports/{f.Extract}"),
        ("/people/review", "screener", "/people/review"),
        ("/people/review", "manager", "/people/review?show=decided"),
        ("/people/review/{id:guid}", "screener", $"/people/review/{f.Pair}"),
        ("/people/review/{id:guid}", "manager", $"/people/review/{f.DecidedPair}"),
        ("/people/{id:guid}", "manager", $"/people/{f.Joined}"),
        ("/people/mentions/{id:guid}", "screener", $"/people/mentions/{f.Mention}"),
        ("/people/{id:guid}", "screener", $"/people/{f.Person}"),
        ("/people/{id:guid}/looked", "screener", $"/people/{f.Person}/looked"),
        ("/plans", "worker", "/plans"),
        ("/plans", "manager", "/plans?show=all"),
        ("/plans/monitoring", "manager", "/plans/monitoring"),
        ("/plans/monitoring", "leader", "/plans/monitoring"),
        ("/plans/monitoring", "analyst", "/plans/monitoring"),
        ("/plans/monitoring/alarms", "manager", "/plans/monitoring/alarms?kind=ChildInNeed"),
        ("/plans/monitoring/rows", "manager", "/plans/monitoring/rows?kind=ChildInNeed&measure=visits"),
        ("/plans/start", "worker", $"/plans/start?person={f.Joined}"),
        ("/plans/teams", "manager", "/plans/teams"),
        ("/plans/{id:guid}", "worker", $"/plans/{f.Plan}"),
        ("/plans/{id:guid}", "manager", $"/plans/{f.Plan}"),
        ("/plans/{id:guid}/compare", "worker", $"/plans/{f.Plan}/compare"),
        ("/plans/{id:guid}/family", "worker", $"/plans/{f.Plan}/family"),
        ("/plans/{id:guid}/family", "manager", $"/plans/{f.Plan}/family?for=Tadhg%E2%80%99s+mother"),
        ("/plans/{id:guid}/meeting", "worker", $"/plans/{f.Plan}/meeting"),
        ("/plans/{id:guid}/review", "worker", $"/plans/{f.Plan}/review"),
        ("/plans/{id:guid}/step", "worker", $"/plans/{f.Plan}/step"),
        ("/plans/{id:guid}/supervision", "manager", $"/plans/{f.Plan}/supervision"),
        ("/plans/{id:guid}/update", "worker", $"/plans/{f.Plan}/update"),
        ("/plans/{id:guid}/visit", "worker", $"/plans/{f.Plan}/visit"),
        ("/queue", "screener", "/queue"),
        ("/queue", "duty", "/queue?owner=mine"),
        ("/report", "-", "/report"),
        ("/returns/import", "analyst", "/returns/import"),
        ("/returns/imports/{id:guid}", "analyst", $"/returns/imports/{f.Census}"),
        ("/returns/imports/{id:guid}/children", "analyst", $"/returns/imports/{f.Census}/children"),
        ("/search", "screener", "/search"),
        ("/search", "police", "/search"),
        ("/tellings", "screener", "/tellings"),
        ("/trail", "governance", "/trail"),
        ("/trail/entry/{id:guid}", "governance", $"/trail/entry/{f.Entry}"),
        ("/trail/subject/{kind}/{id:guid}", "governance", $"/trail/subject/contact/{f.Contact}"),
    ];

    [Fact]
    public async Task Every_page_of_the_route_table_is_looked_at_or_left_out_with_a_reason()
    {
        await using var stage = await Stage.OpenAsync(chromium, TestDatabase.Sqlite);
        var filled = await FillAsync(stage);
        var visits = Visits(filled);
        // These are opened by their own steps below.
        string[] steps = ["/account/two-factor", "/account/two-factor/enrol", "/account/password", "/setup", "/error/{status:int}"];
        AssertCovers(stage.Hub, [.. visits.Select(v => v.Route), .. steps]);

        var people = new Dictionary<string, Visitor>(StringComparer.Ordinal) { ["-"] = await stage.VisitorAsync("nobody") };
        foreach (var (_, person, url) in visits)
        {
            if (!people.TryGetValue(person, out var visitor)) people[person] = visitor = await stage.SignInAsync(person);
            await visitor.Page.GotoAsync(url);
            // What is folded away is looked at too.
            await visitor.Page.EvaluateAsync("document.querySelectorAll('main details').forEach(d => d.open = true)");
            await visitor.LookAsync();
            await JudgeAsync(visitor, person);
        }

        await SignInStepsAsync(stage);
        await RefusalsAsync(people);
        await SetUpAsync();
        _wrong.AddRange(stage.Problems);
        Assert.True(_wrong.Count == 0, string.Join('\n', _wrong));
    }

    /// <summary>Every page that answers a GET stands in the table, and is visited or left out; nothing is left out that does not exist.</summary>
    private static void AssertCovers(TestHub hub, HashSet<string> covered)
    {
        var table = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "House", "routes.csv")).Skip(1).Select(l => l.Split(',')).Where(p => p.Length == 3 && p[1] == "GET").Select(p => p[0]).ToHashSet(StringComparer.Ordinal);
        var pages = hub.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(pages.Where(p => !table.Contains(p)).Select(p => $"{p} is not in the route table"));
        Assert.Empty(pages.Where(p => !covered.Contains(p) && !LeftOut.ContainsKey(p)).Select(p => $"{p} is neither looked at nor left out with a reason"));
        Assert.Empty(LeftOut.Keys.Concat(covered).Where(p => !pages.Contains(p)).Select(p => $"{p} is no page"));
    }

    private async Task JudgeAsync(Visitor visitor, string person)
    {
        var page = visitor.Page;
        var at = $"{person} at {page.Url}";
        foreach (var fault in await page.EvaluateAsync<string[]>(Faults)) _wrong.Add($"{at}: {fault}");
        // What the record itself wrote down (an entry of the trail, a setting) is shown as it is, in a box that says so.
        var text = await page.EvaluateAsync<string>("() => { const shown = document.body.cloneNode(true); shown.querySelectorAll('pre.hub-json, script, textarea').forEach(e => e.remove()); document.body.append(shown); const text = shown.innerText; shown.remove(); return text; }");
        foreach (Match raw in RawWords().Matches(text)) _wrong.Add($"{at}: shows “{raw.Value}”");
        await page.SetViewportSizeAsync(320, 700);
        if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
            _wrong.Add($"{at}: wider than a screen of 320: {await page.EvaluateAsync<string>(Widest)}");
        await page.SetViewportSizeAsync(1280, 900);
        await FollowAsync(visitor, person);
    }

    /// <summary>Opens each kind of link once for each person: none may lead nowhere, or to a page that this person is refused.</summary>
    private async Task FollowAsync(Visitor visitor, string person)
    {
        var page = visitor.Page;
        foreach (var href in await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href').split('#')[0])"))
        {
            var template = Identifier().Replace(href.Split('?')[0], "{id}");
            if (href.Length == 0 || template.EndsWith("/pdf", StringComparison.Ordinal) || template.Contains("/patterns", StringComparison.Ordinal) || page.Url.Contains("/patterns", StringComparison.Ordinal)) continue;
            if (!_followed.Add((person, template))) continue;
            var answer = await page.Context.APIRequest.GetAsync(href, new() { MaxRedirects = 5 });
            if (answer.Status >= 400) _wrong.Add($"{person} at {page.Url}: the link {href} answers {answer.Status}");
        }
    }

    /// <summary>What the refused are told, what is said of an address that leads nowhere, and that neither tells whether something exists.</summary>
    private async Task RefusalsAsync(Dictionary<string, Visitor> people)
    {
        foreach (var (person, url) in new[] { ("police", "/queue"), ("teacher", "/people/00000000-0000-7000-8000-000000000001"), ("leader", "/queue"), ("governance", "/queue"), ("admin", "/governance"), ("manager", "/trail") })
        {
            await people[person].VisitAsync(url, 403);
            await people[person].SeesAsync("you need the role");
            await people[person].SeesAsync("You are ");
            await JudgeAsync(people[person], person);
        }

        await people["screener"].VisitAsync("/no-such-page", 404);
        await JudgeAsync(people["screener"], "screener");
        await people["-"].VisitAsync("/error/500", 500);
        await JudgeAsync(people["-"], "-");
    }

    /// <summary>A password and then the app: set up the first time, asked for the second; then the page that changes the password.</summary>
    private async Task SignInStepsAsync(Stage stage)
    {
        await using (var scope = stage.Hub.App.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
            Assert.True((await users.AddPasswordAsync((await users.FindByIdAsync(stage.Hub.Account("health").ToString()))!, "copper kettle under stairs")).Succeeded);
        }

        var first = await stage.VisitorAsync("health, first time");
        await PasswordAsync(first);
        Assert.Equal("/account/two-factor/enrol", first.Path);
        await JudgeAsync(first, "health");
        var key = await first.Page.Locator("[data-key]").InnerTextAsync();
        await first.Page.FillAsync("#Code", Authenticator.Code(key));
        await first.GoAsync(() => first.Page.ClickAsync("main button:has-text('Confirm'), main form button >> nth=0"));
        await JudgeAsync(first, "health");
        await first.VisitAsync("/account/password");
        await JudgeAsync(first, "health");
        var second = await stage.VisitorAsync("health, second time");
        await PasswordAsync(second);
        Assert.Equal("/account/two-factor", second.Path);
        await JudgeAsync(second, "health second");

        static async Task PasswordAsync(Visitor visitor)
        {
            await visitor.VisitAsync("/account/sign-in");
            await visitor.Page.FillAsync("#Email", "health@example.test");
            await visitor.Page.FillAsync("#Password", "copper kettle under stairs");
            await visitor.GoAsync(() => visitor.Page.Keyboard.PressAsync("Enter"));
        }
    }

    private async Task SetUpAsync()
    {
        await using var empty = new Stage(await TestHub.StartAsync(TestDatabase.Sqlite, mode: HubMode.Serve, people: false), chromium.Browser);
        var first = await empty.VisitorAsync("first administrator");
        await first.VisitAsync("/setup");
        await JudgeAsync(first, "first administrator");
        empty.AssertNothingWentWrong();
    }

    private sealed record Filled
    {
        public Guid Contact { get; set; }
        public Guid Red { get; set; }
        public Guid Sealed { get; set; }
        public Guid Mention { get; set; }
        public Guid Person { get; set; }
        public Guid Pair { get; set; }

        public Guid DecidedPair { get; set; }

        public Guid Joined { get; set; }

        public Guid Extract { get; set; }
        public Guid Enquiry { get; set; }
        public Guid Decided { get; set; }
        public Guid Decision { get; set; }
        public Guid Check { get; set; }
        public Guid Seal { get; set; }
        public Guid Breach { get; set; }
        public Guid Census { get; set; }
        public Guid Plan { get; set; }
        public Guid Entry { get; set; }
        public Guid Account { get; set; }
        public Guid Agency { get; set; }
        public string Import { get; set; } = "";
        public string Invitation { get; set; } = "";
    }

    /// <summary>A hub with something on every page: a room that is open and late, one that is decided, with a dissent and an answer that came after it, and the rest.</summary>
    private static async Task<Filled> FillAsync(Stage stage)
    {
        var hub = stage.Hub;
        var f = new Filled { Account = hub.Account("police"), Agency = hub.Agencies["police"] };
        var red = await hub.DoAsync("police", new SubmitContact
        {
            Way = Way.PartnerForm,
            Words = "Called to a fight between the parents; both children awake and hiding under a bed.",
            Original = "{}",
            InDangerNow = true,
            People = [new PersonIntake { GivenName = "Arlo", FamilyName = "Fennick", Birth = "14/2/2017" }, new PersonIntake { GivenName = "Bo", FamilyName = "Fennick" }],
        });
        f.Red = red.ContactId;
        var hidden = await hub.DoAsync("charity", new SubmitContact { Way = Way.PartnerForm, Words = "A relative works in the hub.", Original = "{}", People = [new PersonIntake { GivenName = "Otis", FamilyName = "Larkfield" }] });
        f.Sealed = hidden.ContactId;

        var open = await RoomScene.OpenAsync(hub);
        await hub.DoAsync("screener", new AcknowledgeContact(open.ContactId, true));
        await open.AnswerAsync("police", "police");
        await hub.DoAsync("health", open.Item("Missed two appointments since the summer."));
        await hub.DoAsync("screener", open.Item("The mother’s own statement from 2021 names him.", MaySee.HubOnly));
        await hub.DoAsync("health", new RecordAgencyView(open.EnquiryId, 3, "Neglect is building up."));
        (f.Contact, f.Enquiry, f.Check) = (open.ContactId, open.EnquiryId, open.Checks["housing"]);

        var decided = await RoomScene.OpenAsync(hub);
        await decided.AnswerAsync("police", "police");
        await hub.DoAsync("manager", await decided.DecisionAsync());
        f.Decided = decided.EnquiryId;
        await using (var db = hub.Store.Open(hub.Authority))
        {
            f.Decision = await db.Set<RoomDecision>().Where(d => d.EnquiryId == decided.EnquiryId).Select(d => d.Id).SingleAsync();
            f.Mention = await db.Set<Mention>().Where(m => m.ContactId == red.ContactId).OrderBy(m => m.Number).Select(m => m.Id).FirstAsync();
        }

        await hub.DoAsync("health", new TakePosition(f.Decision, false, "A burn has not been explained."));
        await decided.AnswerAsync("health", "health", "Seen with a burn last week.");
        await hub.DoAsync("screener", new IdentifyMention(f.Mention, null, "Nobody in the register resembles her."));
        f.Extract = await hub.DoAsync("support", new ImportPeople { AgencyId = hub.Agencies["health"], FileName = "health.csv", Sha256 = "0", Columns = "surname (family)", Rows = [], Problems = [new ExtractRowProblem(3, true, "It has no name.")] });
        var alike = await hub.RegisterAsync([.. Registered.Misspelt(), .. Registered.Misspelt()[..2].Select(e => e with { GivenName = "Tadhg" })]);
        f.Joined = alike[3];
        await hub.DoAsync("screener", new AddRelationship { PersonId = alike[3], OtherReference = await hub.ReferenceAsync(alike[2]), Kind = "friend", Confidence = "said", Source = "the school" });
        f.DecidedPair = await hub.ProposeAsync("screener", alike[4], alike[3]);
        await hub.DecideMatchAsync("screener", f.DecidedPair, MatchState.Same, keep: alike[3]);
        hub.Clock.Advance(Duration.FromHours(30));
        await hub.WorkAsync();
        await using (var db = hub.Store.Open(hub.Authority))
            f.Pair = await db.Set<MatchPair>().Where(p => p.State == MatchState.Open).OrderByDescending(p => p.Probability).Select(p => p.Id).FirstAsync();

        f.Breach = (await hub.DoAsync("police", new OpenBreach("A letter went to the wrong address.", hub.Clock.GetCurrentInstant()))).BreachId;
        await hub.DoAsync("governance", new PlaceHold("Contact", open.ContactId, "legal hold", "A claim is expected."));
        await hub.DoAsync("manager", new PlaceEmbargo("Contact", red.ContactId, "A police operation.", hub.Clock.GetCurrentInstant() + Duration.FromDays(3)));
        await hub.DoAsync("duty", new DeclareConflict("Contact", hidden.ContactId, "A neighbour."));
        f.Census = (await hub.TakeInAsync(Census.Of(2026, Census.Child("TEST0000001"), Census.Child("TEST0000002")))).ImportId;
        await using (var db = hub.Store.Open(hub.Authority))
        {
            f.Person = await db.Set<Identification>().Where(i => i.MentionId == f.Mention).Select(i => i.PersonId).SingleAsync();
            f.Entry = await db.Set<TrailEntry>().Where(e => e.SubjectId == f.Contact).OrderBy(e => e.Position).Select(e => e.Id).FirstAsync();
        }

        f.Plan = await PlanAsync(hub, f.Joined);
        await BrowseToFillAsync(stage, f, hidden.Reference);
        return f;
    }

    /// <summary>A plan with something in every part: overdue, drifting, visited, reviewed, with two versions, an exception asked for and a step proposed.</summary>
    private static async Task<Guid> PlanAsync(TestHub hub, Guid child)
    {
        var team = await hub.DoAsync("manager", new SetTeam(null, "North team", hub.Account("manager")));
        var day = new LocalDate(2026, 1, 12);
        var plan = await hub.DoAsync("worker", new StartPlan { PersonId = child, Kind = PlanKind.ChildInNeed, StartedOn = day, TeamId = team, WorkerId = hub.Account("worker"), Why = "School was missed often." });
        await hub.DoAsync("worker", PlanScene.Visit(plan, day.PlusDays(3), alone: false) with { ChildsWords = "It is quieter now.", WhoseWords = "The child, to the worker" });
        await hub.DoAsync("worker", PlanScene.Visit(plan, day.PlusDays(9), alone: false));
        await hub.DoAsync("worker", new RecordVisit { PlanId = plan, On = day.PlusDays(50), Meeting = VisitMeeting.NotSeen, NotSeenBecause = "Nobody opened." });
        await hub.DoAsync("worker", PlanScene.Review(plan, day.PlusDays(30)) with { ChildsView = "I want to stay.", NextOn = new LocalDate(2026, 4, 20) });
        await hub.DoAsync("manager", new MoveReview(plan, new LocalDate(2026, 4, 27), "The school could not come."));
        await hub.DoAsync("worker", new HoldMeeting(plan, day.PlusDays(8), true, ["Social care", "Health"], true, "Agreed what is to be done."));
        await hub.DoAsync("manager", new Supervise(plan, day.PlusDays(14), "Read the file.", "Nothing yet.", true));
        await hub.DoAsync("worker", new UpdatePlan { PlanId = plan, MadeOn = day.PlusDays(20), Why = "School is missed often.", Contingency = "We meet within a week.", ChildsView = "I like my school.", FamilysView = "We try.", Outcomes = [new OutcomeEntry("School every day", "six days in ten", "nine days in ten", "eight")] });
        await hub.DoAsync("worker", new AddAction(plan, "call the school", "Mother", hub.Agencies["education"], new LocalDate(2026, 4, 1)));
        await hub.DoAsync("worker", new AskException(plan, "child-in-need.supervision", day.PlusDays(14), ExceptionKind.NotThisTime, null, "The manager was ill."));
        await hub.DoAsync("worker", new StepPlan { PlanId = plan, Kind = StepKind.Down, ToKind = PlanKind.EarlyHelp, On = new LocalDate(2026, 3, 11), Reason = "Better.", FamilysView = "Glad.", AuditAnswer = "Looked at." });
        return plan;
    }

    /// <summary>What is easiest made as people make it: a seal, its opening in an emergency, a file, an invitation, a hand-over.</summary>
    private static async Task BrowseToFillAsync(Stage stage, Filled f, string hidden)
    {
        var governance = await stage.SignInAsync("governance");
        await governance.VisitAsync("/governance/seals");
        await governance.Page.FillAsync("main [name=Reference]", hidden);
        await governance.Page.FillAsync("main [name=Reason]", "A relative works in the hub.");
        await governance.GoAsync(() => governance.Page.ClickAsync("main form:has([name=Reference]) button[type=submit], main form:has([name=Reference]) button.govuk-button"));
        await using (var db = stage.Hub.Store.Open(stage.Hub.Authority)) f.Seal = await db.Set<Seal>().Select(s => s.Id).SingleAsync();
        await stage.Hub.DoAsync("support", new BreakTheGlass("Contact", f.Sealed, "The child is with him now and I must know the address."));

        var police = await stage.SignInAsync("police");
        await police.VisitAsync("/imports");
        await police.Page.SetInputFilesAsync("main input[type=file]", new FilePayload { Name = "night.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("words,given name,family name\nA child alone at the bus station at 02:00,Nia,Prestwood\n,,\n") });
        await police.PressAsync("Take it in");
        f.Import = police.Path;

        var admin = await stage.SignInAsync("admin");
        await admin.VisitAsync("/admin/accounts/invite");
        await admin.Page.FillAsync("[name=FullName]", "Nora New");
        await admin.Page.FillAsync("[name=Email]", "nora@example.test");
        await admin.Page.SelectOptionAsync("[name=AgencyId]", stage.Hub.Agencies["police"].ToString());
        await admin.Page.FillAsync("[name=JobTitle]", "Constable");
        await admin.Page.CheckAsync("[name=RoleNumbers] >> nth=0");
        await admin.GoAsync(() => admin.Page.ClickAsync("main form button.govuk-button"));
        f.Invitation = new Uri(await admin.Page.Locator("[data-link]").InnerTextAsync()).PathAndQuery;
        foreach (var visitor in new[] { governance, police, admin }) await visitor.CloseAsync();
    }

    /// <summary>One first heading; no heading without words, and none without anything under it.</summary>
    private const string Faults = """
        () => {
          const faults = [], main = document.querySelector('main') ?? document.body;
          const shown = e => e.getClientRects().length > 0;
          const ids = [...document.querySelectorAll('[id]:not([type=hidden])')].map(e => e.id);
          for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push('two elements are called ' + id);
          const heads = [...main.querySelectorAll('h1,h2,h3,h4')].filter(shown);
          if (heads.filter(h => h.tagName === 'H1').length !== 1 && !location.pathname.startsWith('/patterns')) faults.push('not one first heading');
          heads.forEach((h, i) => {
            if (!h.innerText.trim()) faults.push('an empty heading');
            const next = heads.slice(i + 1).find(n => n.tagName <= h.tagName);
            const range = document.createRange();
            range.setStartAfter(h);
            if (next) range.setEndBefore(next); else range.setEndAfter(main);
            const part = range.cloneContents();
            if (!part.textContent.trim() && !part.querySelector('input,button,select,textarea,img')) faults.push('nothing under the heading “' + h.innerText + '”');
          });
          for (const b of main.querySelectorAll('button, a[href], input, select, textarea')) {
            if (shown(b) && b.type !== 'hidden' && b.getBoundingClientRect().right > innerWidth + 1) faults.push('out of sight: ' + b.outerHTML.slice(0, 120));
          }
          return faults;
        }
        """;

    private const string Widest = "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.hub-scroll')).slice(0, 3).map(e => e.tagName + '.' + e.className).join(', ')";

    /// <summary>What no reader should see: identifiers, words run together as programmers do, a space before a comma, "1 days".</summary>
    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+|\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b|\w ,|(?<![\d,.:])\b1 (?:days|hours|minutes|contacts|children|people|lines|rows|entries|times|reports|checks|agencies)\b|\b(?:null|undefined|NaN|True|False)\b")]
    private static partial Regex RawWords();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Identifier();
}
