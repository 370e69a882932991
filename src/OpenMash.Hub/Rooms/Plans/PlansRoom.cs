using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Records.Kernel;
using OpenMash.Records.People;

namespace OpenMash.Hub.Rooms.Plans;

/// <summary>Referral episodes, assessments, section 47 enquiries and plans of a child.</summary>
internal sealed class PlansRoom : IRoom
{
    public Room Room => Room.Plans;

    public void Register(RoomBuilder room)
    {
        room.Services.AddScoped<HistoryReader>();
        room.Listens<CensusChildrenKnown, CensusHistory>();
        room.Fills<IPersonPanel, PersonHistoryPanel>();
        room.Fills<IMentionPanel, MentionHistoryPanel>();
        room.Fills<IChronologySource, PlansChronology>();
    }
}
