using OpenMash.Hub.Platform.Pipeline;

namespace OpenMash.Hub.Rooms;

/// <summary>The rooms of the house, listed by hand. To delete a room is to delete its folder and its line here.</summary>
internal static class AllRooms
{
    public static IReadOnlyList<IRoom> Create() =>
    [
        new FrontDoor.FrontDoorRoom(),
        new Governance.GovernanceRoom(),
        new People.PeopleRoom(),
        new Plans.PlansRoom(),
        new Returns.ReturnsRoom(),
        new HubRoom.HubRoomRoom(),
    ];
}
