using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Seams;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.People;

/// <summary>The register of people: who a report may be about, who they are, and how they are related.</summary>
internal sealed class PeopleRoom : IRoom
{
    public Room Room => Room.People;

    public void Register(RoomBuilder room)
    {
        room.Services.AddSingleton<IPeopleFinder, PeopleFinder>();
        room.Services.AddScoped<CandidateReader>();
        room.Services.AddScoped<MatchReader>();
        room.Services.AddScoped<Rematch>();
        room.Ticks<RematchTick>();
        room.Handles<FileMatches, MatchesFiled, FileMatchesHandler>();
        room.Handles<ProposeMatch, Guid, ProposeMatchHandler>();
        room.Handles<DecideMatch, MatchState, DecideMatchHandler>();
        room.Handles<AgreeMerge, MatchState, AgreeMergeHandler>();
        room.Handles<UnmergePeople, Nothing, UnmergePeopleHandler>();
        room.Handles<ImportPeople, Guid, ImportPeopleHandler>();
        room.Handles<AddRelationship, Guid, AddRelationshipHandler>();
        room.Handles<EndRelationship, Nothing, EndRelationshipHandler>();
        room.Navigates(new NavLink("Same person?", "/people/review", "p", 50, v => v.IsHub && v.Has(Matches.Readers)));
        room.Fills<IMyWork, MergesToAgree>();
        room.Handles<IdentifyMention, Guid, IdentifyMentionHandler>();
        room.Handles<UndoIdentification, Nothing, UndoIdentificationHandler>();
        room.Handles<RegisterPeople, IReadOnlyList<Guid>, RegisterPeopleHandler>();
        room.Handles<AmendPerson, Nothing, AmendPersonHandler>();
        room.Listens<CensusRead, CensusChildren>();
        room.Guards(new PersonAccess());
        room.Fills<IMentionPanel, MentionPanel>();
        room.Fills<ILinkSource, PeopleLinks>();
    }
}

internal sealed class PeopleLinks : ILinkSource
{
    public string? UrlOf(string kind, Guid id) => kind switch
    {
        "Person" => $"/people/{id}",
        "Mention" => $"/people/mentions/{id}",
        "MatchPair" => $"/people/review/{id}",
        "PeopleExtract" => $"/people/imports/{id}",
        _ => null,
    };
}
