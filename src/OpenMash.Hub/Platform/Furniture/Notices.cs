using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>What a banner says of what has just been done.</summary>
public enum NoticeKind
{
    /// <summary>Something the reader should know.</summary>
    Information,

    /// <summary>What was asked was done.</summary>
    Success,

    /// <summary>It was done, with something to attend to.</summary>
    Warning,

    /// <summary>It was not done; the text says why and what to do.</summary>
    Refused,
}

/// <summary>A banner shown once, after a POST and its redirect.</summary>
/// <param name="Kind">What it says of the act.</param>
/// <param name="Text">One or two sentences. It travels in a cookie: references only, never a person's name.</param>
/// <param name="LinkText">Words of a link to go on, or null.</param>
/// <param name="LinkUrl">Its address, or null.</param>
public sealed record Notice(NoticeKind Kind, string Text, string? LinkText = null, string? LinkUrl = null);

/// <summary>Leaves a <see cref="Notice"/> for the next page.</summary>
public static class Notices
{
    private const string Key = "hub.notice";

    /// <summary>In a page handler, before the redirect: <c>TempData.Notify(NoticeKind.Success, "R-2026-000418 is yours.")</c>.</summary>
    public static void Notify(this ITempDataDictionary tempData, NoticeKind kind, string text, string? linkText = null, string? linkUrl = null) =>
        tempData[Key] = JsonSerializer.Serialize(new Notice(kind, text, linkText, linkUrl));

    /// <summary>The notice left, once.</summary>
    public static Notice? TakeNotice(this ITempDataDictionary tempData) =>
        tempData[Key] is string stored ? JsonSerializer.Deserialize<Notice>(stored) : null;
}
