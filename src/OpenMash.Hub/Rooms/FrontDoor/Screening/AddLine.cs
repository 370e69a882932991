using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>Adds a child's line after receipt: proposed by what is known, confirmed by a person, never added by itself. Its clocks run from receipt.</summary>
internal sealed class AddLineHandler : Handler<AddLine, Guid>
{
    public override async ValueTask<string?> AuthoriseAsync(AddLine command, Act act) =>
        await LineDesk.MayWorkAsync(act, command.ContactId, LineDesk.AnyHub, "add a child to a contact");

    public override ValueTask CheckAsync(AddLine command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "Reason", "Say how you know of this child.");
        var child = command.Child;
        if (string.IsNullOrWhiteSpace(child.GivenName) && string.IsNullOrWhiteSpace(child.FamilyName) && string.IsNullOrWhiteSpace(child.Birth) && child.Age is null && child.ExpectedDate is null)
            problems.Add("Child.GivenName", "Give a name, an age or a birth date: whatever is known.");
        if (child.Age is < 0 or > 25) problems.Add("Child.Age", "The age must lie between 0 and 25.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Guid>> HandleAsync(AddLine command, Act act)
    {
        if (await act.Write.FindAsync<Contact>(command.ContactId) is not { } contact) return new Outcome<Guid>.NotFound();
        var child = command.Child;
        var number = await act.Read.Of<Mention>().Where(m => m.ContactId == contact.Id).MaxAsync(m => (int?)m.Number) ?? 0;
        var mention = act.Write.Add(new Mention
        {
            Id = act.NewId(),
            ContactId = contact.Id,
            Number = number + 1,
            Role = MentionRole.Child,
            GivenName = Tidy(child.GivenName),
            FamilyName = Tidy(child.FamilyName),
            OtherNames = Tidy(child.OtherNames),
            BirthAsReported = Tidy(child.Birth),
            BirthDate = SubmitContactHandler.ReadBirth(child.Birth),
            Age = child.Age,
            ExpectedDate = child.ExpectedDate,
            Sex = Tidy(child.Sex),
            Address = Tidy(child.Address),
            Postcode = Tidy(child.Postcode),
            Phone = Tidy(child.Phone),
            School = Tidy(child.School),
            NhsNumber = Tidy(child.NhsNumber),
            Upn = Tidy(child.Upn),
            SenderPersonId = Tidy(child.SenderPersonId),
            Relationship = Tidy(child.Relationship),
            Ethnicity = Tidy(child.Ethnicity),
        });
        var (due, problem) = await act.Clocks.DueAsync("contact.decide", contact.ReceivedAt);
        var last = await act.Read.Of<ContactLine>().Where(l => l.ContactId == contact.Id).MaxAsync(l => (int?)l.Number) ?? 0;
        var line = act.Write.Add(new ContactLine
        {
            Id = act.NewId(),
            ContactId = contact.Id,
            Number = last + 1,
            MentionId = mention.Id,
            ReceivedAt = contact.ReceivedAt,
            ReceivedOn = contact.ReceivedOn,
            AgencyId = contact.AgencyId,
            DecisionDueAt = due,
        });
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
        LineDesk.Seen(act, contact);
        act.Because(command.Reason);
        act.Live("queue", "contact", contact.Id, 0);
        act.Raise(new LineAdded(contact.Id, line.Id, mention.Id));
        return line.Id;
    }

    private static string? Tidy(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
