using System.Linq.Expressions;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Platform.Access;

/// <summary>How much of an item a viewer may have.</summary>
public enum AccessLevel
{
    /// <summary>Nothing at all: not in a list, not in a count.</summary>
    None = 0,

    /// <summary>That it exists, and whom to call.</summary>
    Pointer = 1,

    /// <summary>A part: one's own report and its state, for example.</summary>
    Part = 2,

    Read = 3,
    Work = 4,
}

/// <summary>Why a viewer has the level they have; shown to the person.</summary>
public enum AccessReason
{
    NotYours = 0,
    NotSignedIn,
    HubStaff,
    YouReported,
    YourAgencyReported,
    InTheRoom,
    SealedFromYou,
    ClearedForYou,
    BreakGlass,
    Conflict,
    NoRole,
    SystemActor,
    Governance,
    YourOwn,
    AllocatedToYou,
    EveryoneInTheHub,
}

/// <summary>A level and its reason, as one number that a database can compute: level × 100 + reason.</summary>
public readonly record struct Verdict(AccessLevel Level, AccessReason Reason)
{
    public static Verdict From(int code) => new((AccessLevel)(code / VerdictCode.PerLevel), (AccessReason)(code % VerdictCode.PerLevel));

    public static int Code(AccessLevel level, AccessReason reason) => ((int)level * VerdictCode.PerLevel) + (int)reason;

    public string Words => Reason switch
    {
        AccessReason.NotYours => "Your agency and role have no part in this record.",
        AccessReason.NotSignedIn => "You are not signed in.",
        AccessReason.HubStaff => "You see this because you work in the hub.",
        AccessReason.YouReported => "You see your own report and its state because you sent it.",
        AccessReason.YourAgencyReported => "You see this report and its state because your agency sent it.",
        AccessReason.InTheRoom => "You see what was shared with your agency because it takes part in this enquiry.",
        AccessReason.SealedFromYou => "This record is sealed and you are not among those cleared for it. Ask the duty manager.",
        AccessReason.ClearedForYou => "You see this sealed record because you were cleared for it.",
        AccessReason.BreakGlass => "You opened this sealed record with a reason; that is being reviewed.",
        AccessReason.Conflict => "You are shut out because of a recorded conflict of interest. The manager has been told.",
        AccessReason.NoRole => "Your role does not open records of children.",
        AccessReason.SystemActor => "The hub's own work.",
        AccessReason.Governance => "You see this for information governance.",
        AccessReason.YourOwn => "This is your own.",
        AccessReason.AllocatedToYou => "You see this because it is allocated to you.",
        AccessReason.EveryoneInTheHub => "Everyone in the hub sees this.",
        _ => "No reason is recorded.",
    };
}

/// <summary>The codes that access rules say, as constants: a call or a variable would travel as a parameter of its own in every statement.</summary>
public static class VerdictCode
{
    public const int PerLevel = 100;
    public const int HubWork = ((int)AccessLevel.Work * PerLevel) + (int)AccessReason.HubStaff;
    public const int ClearedWork = ((int)AccessLevel.Work * PerLevel) + (int)AccessReason.ClearedForYou;
    public const int BreakGlassRead = ((int)AccessLevel.Read * PerLevel) + (int)AccessReason.BreakGlass;
    public const int SealedPointer = ((int)AccessLevel.Pointer * PerLevel) + (int)AccessReason.SealedFromYou;
    public const int Conflict = ((int)AccessLevel.None * PerLevel) + (int)AccessReason.Conflict;
    public const int OwnReport = ((int)AccessLevel.Part * PerLevel) + (int)AccessReason.YouReported;
    public const int AgencysReport = ((int)AccessLevel.Part * PerLevel) + (int)AccessReason.YourAgencyReported;
    public const int NotYours = ((int)AccessLevel.None * PerLevel) + (int)AccessReason.NotYours;
    public const int AllocatedRead = ((int)AccessLevel.Read * PerLevel) + (int)AccessReason.AllocatedToYou;
    public const int RoomRead = ((int)AccessLevel.Read * PerLevel) + (int)AccessReason.InTheRoom;
    public const int RoomPart = ((int)AccessLevel.Part * PerLevel) + (int)AccessReason.InTheRoom;
    public const int RoomPointer = ((int)AccessLevel.Pointer * PerLevel) + (int)AccessReason.InTheRoom;
    public const int OwnWork = ((int)AccessLevel.Work * PerLevel) + (int)AccessReason.YourOwn;
    public const int AllocatedWork = ((int)AccessLevel.Work * PerLevel) + (int)AccessReason.AllocatedToYou;
}

/// <summary>
/// One translatable expression per entity gives level and reason for a viewer, in the database.
/// Item, list, count, search and export all use it through <see cref="RecordReader"/>.
/// </summary>
public abstract class AccessRule<T>
    where T : DomainRow
{
    /// <summary>The verdict's code (<see cref="Verdict.Code"/>) of a row for this viewer.</summary>
    public abstract Expression<Func<T, int>> For(Viewer viewer, RecordContext db, NodaTime.Instant now);
}

/// <summary>A row that carries its verdict.</summary>
public interface IJudged
{
    /// <summary>As <see cref="Verdict.Code"/>.</summary>
    int Code { get; }
}

/// <summary>An item with the level and reason by which the viewer sees it.</summary>
public sealed class Seen<T> : IJudged
{
    public required T Item { get; init; }
    public required int Code { get; init; }

    public Verdict Verdict => Verdict.From(Code);
}
