using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Records.Duty;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>Who is on duty at a moment.</summary>
internal static class Rota
{
    public static IQueryable<DutyShift> At(RecordReader read, Instant at) =>
        read.Of<DutyShift>().Where(s => s.Start <= at && s.End > at && s.EndedAt == null);

    public static async Task<IReadOnlyList<Guid>> OnDutyAsync(RecordReader read, Instant at) =>
        await At(read, at).Select(s => s.AccountId).Distinct().ToListAsync();
}
