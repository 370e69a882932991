using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Rooms.FrontDoor.WaysIn;
using OpenMash.Records.Accounts;
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

        room.Handles<ImportContacts, ContactsImported, ImportContactsHandler>();
        room.Services.AddSingleton<RateOfReports>();
        room.Navigates(new NavLink("Report", "/contacts/new", "r", 20, v => v.Kind == ViewerKind.Person && v.Roles != Roles.None));
        room.Navigates(new NavLink("Files", "/imports", "i", 80, v => v.WorksInHub || v.AgencyKind == AgencyKind.Police));

        RegisterScreening(room);
    }

    public void Map(IEndpointRouteBuilder app) => ContactsApi.Map(app);
}
