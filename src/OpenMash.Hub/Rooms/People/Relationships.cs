using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.People;

/// <summary>Who may say how people are related: whoever identifies them, and the social workers who know them.</summary>
internal sealed class AddRelationshipHandler : Handler<AddRelationship, Guid>
{
    internal const Roles Who = IdentifyMentionHandler.Who | Roles.SocialWorker;

    public override ValueTask<string?> AuthoriseAsync(AddRelationship command, Act act) => ValueTask.FromResult(act.NeedsHub(Who, "record how people are related"));

    public override async ValueTask CheckAsync(AddRelationship command, Problems problems, Act act)
    {
        var settings = await act.Settings.GetAsync<RelationshipSettings>("relationships");
        problems.Require(command.OtherReference, "OtherReference", "Give the other person's reference, for example P-0000418. Type their name to see who it may be.");
        if (settings.Kinds.All(k => k.Kind != command.Kind)) problems.Add("RelationKind", "Choose what the other person is to this one.");
        if (!settings.Confidences.Contains(command.Confidence)) problems.Add("Confidence", "Say whether this is known, said or assumed.");
        problems.Require(command.Source, "RelationSource", "Say where this is known from.");
        problems.MaxLength(command.Source, 500, "RelationSource", "The source");
        if (command.From > act.Today) problems.Add("RelationFrom", "It cannot have begun in the future.");
    }

    public override async Task<Outcome<Guid>> HandleAsync(AddRelationship command, Act act)
    {
        var reference = command.OtherReference.Trim().ToUpperInvariant();
        var visible = act.Read.Visible<Person>(act.Actor);
        if (!await visible.AnyAsync(p => p.Id == command.PersonId)) return new Outcome<Guid>.NotFound();
        if (await visible.SingleOrDefaultAsync(p => p.Reference == reference) is not { } other)
            return Problem($"There is no person {reference} whose record you may open. Ask the duty manager if there should be one.");
        var map = await act.Read.ResolveAsync([command.PersonId, other.Id]);
        if (map.AreOne(command.PersonId, other.Id)) return Problem("This is the same person.");
        var (mine, theirs) = (map.Of(command.PersonId), map.Of(other.Id));
        if (await act.Read.Of<Relationship>().AnyAsync(r => r.EndedAt == null && r.To == null && r.Kind == command.Kind && mine.Contains(r.PersonId) && theirs.Contains(r.OtherId)))
            return Problem("This relationship is recorded already.");
        act.About("Person", command.PersonId);
        act.Because(command.Source);
        return act.Write.Add(new Relationship
        {
            Id = act.NewId(),
            PersonId = command.PersonId,
            OtherId = other.Id,
            Kind = command.Kind,
            From = command.From,
            Source = command.Source.Trim(),
            Confidence = command.Confidence,
            RecordedAt = act.Now,
        }).Id;

        static Outcome<Guid> Problem(string message) => new Outcome<Guid>.Invalid([new Problem("OtherReference", message)]);
    }
}

internal sealed class EndRelationshipHandler : Handler<EndRelationship, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(EndRelationship command, Act act) => ValueTask.FromResult(act.NeedsHub(AddRelationshipHandler.Who, "end a relationship between people"));

    public override ValueTask CheckAsync(EndRelationship command, Problems problems, Act act)
    {
        problems.Require(command.Reason, "EndReason", "Say why it is over, or why it was wrong.");
        problems.MaxLength(command.Reason, 2000, "EndReason", "The reason");
        if (command.To > act.Today) problems.Add("EndedOn", "The day on which it ended lies in the future.");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<Nothing>> HandleAsync(EndRelationship command, Act act)
    {
        if (await act.Write.FindAsync<Relationship>(command.RelationshipId) is not { } relation) return new Outcome<Nothing>.NotFound();
        if (await act.Read.Visible<Person>(act.Actor).CountAsync(p => p.Id == relation.PersonId || p.Id == relation.OtherId) < 2) return new Outcome<Nothing>.NotFound();
        if (relation.EndedAt is not null || relation.To is not null) return new Outcome<Nothing>.Conflict("Someone else has ended it meanwhile.");
        if (command.To < relation.From) return new Outcome<Nothing>.Invalid([new Problem("EndedOn", "It cannot have ended before it began.")]);
        if (command.Wrong) relation.EndedAt = act.Now;
        else relation.To = command.To ?? act.Today;
        act.About("Person", relation.PersonId);
        act.Because(command.Reason);
        return Nothing.Value;
    }
}
