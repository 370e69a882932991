namespace OpenMash.Records;

/// <summary>Names the first floor's assembly for tests and drawings. It holds nothing.</summary>
public static class RecordsFloor
{
}
