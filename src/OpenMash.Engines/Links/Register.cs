namespace OpenMash.Engines.Links;

/// <summary>
/// The marks of everybody, a page for each day on which anybody has one: one byte a person, morning in the low four bits, afternoon in the high.
/// </summary>
internal sealed class Register
{
    private const int FirstDay = 693_000; // 1898: before any date the readers accept
    private readonly SortedList<int, byte[]> _pages = [];
    private readonly int _people;
    private readonly byte[]?[] _byDay = new byte[]?[110_000];

    public Register(int people) => _people = people;

    public IList<int> Days => _pages.Keys;

    public IList<byte[]> Pages => _pages.Values;

    public int People => _people;

    public byte[] Page(int dayNumber)
    {
        var page = _byDay[dayNumber - FirstDay];
        if (page is not null) return page;
        page = new byte[_people];
        _pages.Add(dayNumber, page);
        return _byDay[dayNumber - FirstDay] = page;
    }

    public byte[]? PageOrNull(int dayNumber) => _pages.GetValueOrDefault(dayNumber);

    public static bool IsUnauthorised(int mark) => mark >= (int)MarkClass.Unauthorised;

    public static bool IsAbsent(int mark) => mark >= (int)MarkClass.Authorised;

    /// <summary>1 for an unauthorised morning, 2 afternoon, 3 both.</summary>
    public static int UnauthorisedMask(byte marks) => (IsUnauthorised(marks & 15) ? 1 : 0) | (IsUnauthorised(marks >> 4) ? 2 : 0);

    public static int AbsentMask(byte marks) => (IsAbsent(marks & 15) ? 1 : 0) | (IsAbsent(marks >> 4) ? 2 : 0);
}
