namespace OpenMash.Hub.Rooms.FrontDoor.Pages;

/// <summary>A text field of one of the contact page's forms: several forms have a field of the same name, and only the one that was sent shows what was typed.</summary>
internal sealed record TextPart(ContactModel Page, string Form, string Name, string Label, string? Hint = null, int Rows = 1, string? Wrong = null);
