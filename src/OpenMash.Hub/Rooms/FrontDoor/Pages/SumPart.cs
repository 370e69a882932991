namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>received = decided + waiting + moved + merged, each figure a link to the list behind it.</summary>
internal sealed record SumPart(string Title, IdentityTotals Totals, Func<string, string> Link);
