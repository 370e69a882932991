using System.Globalization;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Drafts;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Contacts;
using OpenMash.Records.Files;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>
/// Takes a report in. Nothing is refused but an empty one: whatever else is wrong with it is for the hub to sort out, since a report that is turned away is a
/// child who is not seen. What is known about anyone is not looked up here, so that neither the answer nor its time tells it (practice rule 16).
/// </summary>
internal sealed class SubmitContactHandler : Handler<SubmitContact, ContactSubmitted>
{
    public const int MostWords = 100_000;

    public override ValueTask<string?> AuthoriseAsync(SubmitContact command, Act act) => ValueTask.FromResult(command.Way switch
    {
        Way.PublicForm => null,
        Way.Staff => act.NeedsHub(Roles.BusinessSupport | Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam, "enter a call, walk-in or e-mail"),
        Way.PartnerForm => act.Actor.Kind == ViewerKind.Person && act.Actor.Roles != Roles.None ? null : "To report as a partner you need a membership of an agency that holds today. Use the public form meanwhile.",
        Way.Api => act.Actor.Kind == ViewerKind.Client ? null : "This way in is for partner systems with a token.",
        Way.File => act.Actor.IsSystem || act.Actor.Kind is ViewerKind.Person or ViewerKind.Client ? null : "A file of reports needs a signed-in person or a partner system.",
        _ => "Unknown way in.",
    });

    public override ValueTask CheckAsync(SubmitContact command, Problems problems, Act act)
    {
        problems.Require(command.Words, "Words", "Say what you are worried about. A few words are enough.");
        problems.MaxLength(command.Words, MostWords, "Words", "What you are worried about");
        if (command.ReceivedAt is { } received && received > act.Now + Duration.FromMinutes(1))
            problems.Add("ReceivedAt", "The time at which it was received lies in the future. Give the time at which the hub first heard of it.");
        if (command.ReceivedAt is { } early && early < act.Now - Duration.FromDays(366))
            problems.Add("ReceivedAt", "The time at which it was received is more than a year ago. Check the date; if it is right, say so in the words and leave the time empty.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<ContactSubmitted>> HandleAsync(SubmitContact command, Act act) => await AddAsync(command, act);

    /// <summary>Writes the contact with all that hangs on it; also called for each row of a file, inside the file's one transaction.</summary>
    internal static async Task<ContactSubmitted> AddAsync(SubmitContact command, Act act)
    {
        var received = command.ReceivedAt ?? act.Now;
        if (received > act.Now) received = act.Now;
        var agencyId = command.Way is Way.Staff or Way.File ? command.AgencyId : act.Actor.Kind == ViewerKind.Public ? null : act.Actor.AgencyId;
        var contact = act.Write.Add(new Contact
        {
            Id = act.NewId(),
            Reference = await act.NextReferenceAsync("R"),
            Way = command.Way,
            ReceivedAt = received,
            ReceivedOn = London.Date(received),
            EnteredAt = act.Now,
            TransmittedAt = command.TransmittedAt,
            Words = command.Words,
            Original = command.Original,
            ReferrerKind = command.ReferrerKind,
            Identity = command.Identity,
            AgencyId = agencyId,
            EnteredByAccountId = act.Actor.AccountId,
            ReferrerName = command.ReferrerName,
            ReferrerRole = command.ReferrerRole,
            ReferrerPhone = command.ReferrerPhone,
            ReferrerEmail = command.ReferrerEmail,
            SafeToContact = command.SafeToContact,
            SafeContactHow = command.SafeContactHow,
            SenderReference = command.SenderReference,
            SourceCode = command.SourceCode,
            WhenHappened = command.WhenHappened,
            WhereChildIsNow = command.WhereChildIsNow,
            WithWhom = command.WithWhom,
            InDangerNow = command.InDangerNow,
            SignificantHarmAlleged = command.SignificantHarmAlleged,
            Language = command.Language,
            InterpreterNeeded = command.InterpreterNeeded,
            CommunicationNeeds = command.CommunicationNeeds,
            FamilyKnows = command.FamilyKnows,
            LawfulBasis = command.LawfulBasis,
            NeedsReading = command.NeedsReading,
            BatchId = command.BatchId,
            BatchRow = command.BatchRow,
            BeyondRateLimit = command.BeyondRateLimit,
            Consultation = command.Consultation,
        });
        act.About("Contact", contact.Id);

        var mentions = AddMentions(command, contact.Id, act);
        var lines = await AddLinesAsync(contact, mentions, act);
        AddThingsAndWords(command, contact.Id, mentions, act);
        AddFiles(command, contact.Id, act);
        await AddAcknowledgementAsync(command, contact, act);
        await act.CloseDraftAsync(command.DraftId, contact.Reference);

        var urgent = command.InDangerNow;
        act.Notify(
            urgent ? "danger-now" : "new-contact",
            "Contact",
            contact.Id,
            urgent ? $"{contact.Reference}: someone may be in danger now." : $"{contact.Reference} has arrived.",
            toRoles: Roles.ScreeningOfficer | Roles.HubManager | Roles.DutyTeam,
            climbsAt: act.Now + Duration.FromMinutes(urgent ? 10 : 60));
        act.Live("queue", "contact", contact.Id, 0);
        act.Raise(new ContactReceived(contact.Id, [.. lines.Select(l => l.Id)], [.. mentions.Select(m => m.Id)]));
        return new ContactSubmitted(contact.Id, contact.Reference, received);
    }

    /// <summary>Reads a birth date from the forms people write it in, day first as in England; null where it is none.</summary>
    internal static LocalDate? ReadBirth(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        foreach (var pattern in BirthPatterns)
        {
            var parsed = pattern.Parse(text.Trim());
            if (parsed.Success && parsed.Value.Year is > 1890 and < 2200) return parsed.Value;
        }

        return null;
    }

    private static readonly LocalDatePattern[] BirthPatterns =
        [.. new[] { "uuuu-MM-dd", "d/M/uuuu", "d-M-uuuu", "d.M.uuuu", "d MMM uuuu", "d MMMM uuuu" }.Select(p => LocalDatePattern.Create(p, CultureInfo.GetCultureInfo("en-GB")))];

    private static List<Mention> AddMentions(SubmitContact command, Guid contactId, Act act) =>
        [.. command.People.Select((p, index) => act.Write.Add(new Mention
        {
            Id = act.NewId(),
            ContactId = contactId,
            Number = index + 1,
            Role = p.Role,
            GivenName = Tidy(p.GivenName),
            FamilyName = Tidy(p.FamilyName),
            OtherNames = Tidy(p.OtherNames),
            BirthAsReported = Tidy(p.Birth),
            BirthDate = ReadBirth(p.Birth),
            Age = p.Age,
            ExpectedDate = p.ExpectedDate,
            Sex = Tidy(p.Sex),
            Address = Tidy(p.Address),
            Postcode = Tidy(p.Postcode),
            Phone = Tidy(p.Phone),
            School = Tidy(p.School),
            NhsNumber = Tidy(p.NhsNumber),
            Upn = Tidy(p.Upn),
            SenderPersonId = Tidy(p.SenderPersonId),
            Relationship = Tidy(p.Relationship),
            Ethnicity = Tidy(p.Ethnicity),
        }))];

    private static string? Tidy(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static async Task<List<ContactLine>> AddLinesAsync(Contact contact, List<Mention> mentions, Act act)
    {
        var (due, problem) = await act.Clocks.DueAsync("contact.decide", contact.ReceivedAt);
        var children = mentions.Where(m => m.Role == MentionRole.Child).Select(m => (Guid?)m.Id).DefaultIfEmpty(null).ToList();
        var lines = new List<ContactLine>();
        foreach (var (mentionId, index) in children.Select((m, i) => (m, i)))
        {
            var line = act.Write.Add(new ContactLine
            {
                Id = act.NewId(),
                ContactId = contact.Id,
                Number = index + 1,
                MentionId = mentionId,
                ReceivedAt = contact.ReceivedAt,
                ReceivedOn = contact.ReceivedOn,
                AgencyId = contact.AgencyId,
                DecisionDueAt = due,
            });
            lines.Add(line);
            act.Platform.Add(new RunningClock
            {
                Id = act.NewId(),
                Rule = "contact.decide",
                SubjectKind = "ContactLine",
                SubjectId = line.Id,
                ParentId = contact.Id,
                StartedAt = contact.ReceivedAt,
                DueAt = due,
                Problem = problem,
            });
            await act.Clocks.StartAsync("contact.rate", "ContactLine", line.Id, contact.Id, contact.ReceivedAt);
        }

        return lines;
    }

    private static void AddThingsAndWords(SubmitContact command, Guid contactId, List<Mention> mentions, Act act)
    {
        foreach (var thing in command.Things)
        {
            act.Write.Add(new MentionedThing
            {
                Id = act.NewId(),
                ContactId = contactId,
                Kind = thing.Kind,
                AsReported = thing.Value,
                Normal = ThingNames.Normal(thing.Kind, thing.Value),
                Note = thing.Note,
            });
        }

        foreach (var words in command.ChildsWords)
        {
            act.Write.Add(new ChildsWords
            {
                Id = act.NewId(),
                ContactId = contactId,
                MentionId = words.ChildNumber is { } n && n >= 1 && n <= mentions.Count ? mentions[n - 1].Id : null,
                Words = words.Words,
                SaidTo = words.SaidTo,
                SaidWhen = words.SaidWhen,
            });
        }
    }

    private static void AddFiles(SubmitContact command, Guid contactId, Act act)
    {
        foreach (var file in command.Files)
        {
            act.Platform.Add(new StoredFile
            {
                Id = act.NewId(),
                OwnerKind = "Contact",
                OwnerId = contactId,
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

    /// <summary>The acknowledgement leaves at once where there is a safe address; the outcome's telling comes with the decision.</summary>
    private static async Task AddAcknowledgementAsync(SubmitContact command, Contact contact, Act act)
    {
        if (command.Identity == ReferrerIdentity.Anonymous || command.SafeToContact == false) return;
        if (string.IsNullOrWhiteSpace(command.ReferrerEmail) && act.Actor.Kind != ViewerKind.Person) return;
        var telling = act.Write.Add(new Telling
        {
            Id = act.NewId(),
            ContactId = contact.Id,
            Kind = "acknowledgement",
            Channel = string.IsNullOrWhiteSpace(command.ReferrerEmail) ? TellingChannel.InHub : TellingChannel.Email,
            DueAt = (await act.Clocks.DueAsync("contact.decide", contact.ReceivedAt)).DueAt,
            Text = $"Your report has been received. Its reference is {contact.Reference}.",
        });
        if (telling.Channel == TellingChannel.Email) act.Send("tell", $"tell:{telling.Id:N}", new { tellingId = telling.Id });
    }
}

/// <summary>Normal forms of things, for matching; null where the value cannot be read as one.</summary>
internal static class ThingNames
{
    public static string? Normal(ThingKind kind, string value) => kind switch
    {
        ThingKind.Vehicle or ThingKind.Phone or ThingKind.Address or ThingKind.Place =>
            new string([.. value.Where(char.IsLetterOrDigit).Select(char.ToUpperInvariant)]) is { Length: > 0 } normal ? normal : null,
        _ => value.Trim().ToUpperInvariant() is { Length: > 0 } plain ? plain : null,
    };
}
