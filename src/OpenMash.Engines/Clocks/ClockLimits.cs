namespace OpenMash.Engines.Clocks;

internal static class ClockLimits
{
    public static void Require(int limit, bool firstDayCounts)
    {
        if (limit < 0)
            throw new ClockRefusedException(ClockRefusal.Limit, $"A limit of {limit} is less than nought.");
        if (limit == 0 && firstDayCounts)
            throw new ClockRefusedException(ClockRefusal.Limit, "A limit of nought cannot count its first day: a period beginning with a day lasts at least that day.");
    }
}
