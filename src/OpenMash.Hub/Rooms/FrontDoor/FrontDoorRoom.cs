using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>Where reports arrive, are screened against their clocks, decided with reasons, and whoever raised them is told.</summary>
internal sealed partial class FrontDoorRoom : IRoom
{
    public Room Room => Room.FrontDoor;

    public void Register(RoomBuilder room)
    {
        room.Handles<SubmitContact, ContactSubmitted, SubmitContactHandler>();
        room.Guards(new ContactAccess());
        RegisterScreening(room);
    }
}
