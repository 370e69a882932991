using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;
using OpenMash.Records.Plans;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Returns;

/// <summary>Statutory files taken into the record, each with a report of what came of it.</summary>
internal sealed class ReturnsRoom : IRoom
{
    public Room Room => Room.Returns;

    public void Register(RoomBuilder room)
    {
        room.Services.AddScoped<CensusReports>();
        room.Handles<ImportCensus, CensusImported, ImportCensusHandler>();
        room.Handles<ImportAnnexA, CensusImported, ImportAnnexAHandler>();
        room.Listens<CensusChildrenKnown, CensusChildrenReported>();
        room.Listens<CensusHistoryKept, CensusHistoryReported>();
        room.Navigates(new NavLink("Returns", "/returns/import", "c", 85, v => v.Kind == ViewerKind.Person && v.IsHub && v.Has(ImportCensusHandler.Who)));
        room.Fills<ILinkSource, ReturnsLinks>();
    }
}

internal sealed class ReturnsLinks : ILinkSource
{
    public string? UrlOf(string kind, Guid id) => kind == "CensusImport" ? $"/returns/imports/{id}" : null;
}
