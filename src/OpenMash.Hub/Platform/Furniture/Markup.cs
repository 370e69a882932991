using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>Html from interpolated strings: every hole is encoded unless it is html already.</summary>
internal static class Markup
{
    public static IHtmlContent Nothing { get; } = HtmlString.Empty;

    public static IHtmlContent Html(FormattableString markup) =>
        new HtmlFormattableString(CultureInfo.InvariantCulture, markup.Format, markup.GetArguments()!);

    public static IHtmlContent If(bool condition, FormattableString markup) => condition ? Html(markup) : Nothing;

    /// <summary> name="value" with its leading space, or nothing where the value is null.</summary>
    public static IHtmlContent Attribute(string name, string? value) => value is null ? Nothing : Html($" {name}=\"{value}\"");

    public static IHtmlContent Flag(string name, bool on) => on ? Html($" {name}") : Nothing;

    public static IHtmlContent Join(IEnumerable<IHtmlContent> parts)
    {
        var all = new HtmlContentBuilder();
        foreach (var part in parts) all.AppendHtml(part);
        return all;
    }

    /// <summary>The attributes of a tag that no property took, to be written on another element; they are removed from the tag itself.</summary>
    public static IHtmlContent Take(TagHelperAttributeList attributes)
    {
        var taken = Join(attributes.Select(a => Html($" {(IHtmlContent)a}")).ToList());
        attributes.Clear();
        return taken;
    }

    public static string Classes(params string?[] names) => string.Join(' ', names.Where(n => !string.IsNullOrWhiteSpace(n)));

    public static bool IsBlank(IHtmlContent content)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        content.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return string.IsNullOrWhiteSpace(writer.ToString());
    }

    /// <summary>Turns the tag into <paramref name="element"/> holding <paramref name="content"/>, keeping a class the page gave.</summary>
    public static void Become(this TagHelperOutput output, string element, string? cssClass, IHtmlContent content)
    {
        output.TagName = element;
        output.TagMode = TagMode.StartTagAndEndTag;
        if (cssClass is not null)
        {
            var own = output.Attributes.TryGetAttribute("class", out var given) ? given.Value?.ToString() : null;
            output.Attributes.SetAttribute("class", Classes(cssClass, own));
        }

        output.Content.SetHtmlContent(content);
    }

    /// <summary>Replaces the tag, its attributes included, by <paramref name="content"/>.</summary>
    public static void Replace(this TagHelperOutput output, IHtmlContent content)
    {
        output.TagName = null;
        output.Attributes.Clear();
        output.Content.SetHtmlContent(content);
    }
}
