namespace OpenMash.Engines;

/// <summary>Names the ground floor's assembly for tests and drawings. It holds nothing.</summary>
public static class EnginesFloor
{
}
