using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Accounts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.Governance;

/// <summary>Agencies, memberships, settings, seals, break-glass, conflicts and the trail's reading room.</summary>
internal sealed class GovernanceRoom : IRoom
{
    public Room Room => Room.Governance;

    public void Register(RoomBuilder room)
    {
        room.Handles<AddAgency, Guid, AddAgencyHandler>();
        room.Handles<GrantMembership, Guid, GrantMembershipHandler>();
        room.Handles<EndMembership, Nothing, EndMembershipHandler>();
    }
}
