using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NodaTime;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>
/// What all form fields share: the label, the hint, the complaint, the group round them, and the ids that tie them together. The control's id
/// (of the first box, radio or tick) is always the sanitised field name, which is where the error summary points.
/// Attributes that the tag does not know (autocomplete, inputmode, data-…) go to the control.
/// </summary>
public abstract class FieldTagHelper : TagHelper
{
    [HtmlAttributeName("for")]
    public ModelExpression For { get; set; } = null!;

    /// <summary>The question; otherwise the property's display name, otherwise its name in words.</summary>
    [HtmlAttributeName("label")]
    public string? Label { get; set; }

    [HtmlAttributeName("hint")]
    public string? Hint { get; set; }

    /// <summary>s, m, l or xl; otherwise plain (s for a group's legend).</summary>
    [HtmlAttributeName("label-size")]
    public string? LabelSize { get; set; }

    /// <summary>The label is the page's heading (one question a page).</summary>
    [HtmlAttributeName("page-heading")]
    public bool PageHeading { get; set; }

    /// <summary>The label is read out but not shown (a field in a table row or beside its button).</summary>
    [HtmlAttributeName("label-hidden")]
    public bool LabelHidden { get; set; }

    /// <summary>For the second form on a page that asks for the same: makes its ids its own, so that each label belongs to its field. The error summary points to the first.</summary>
    [HtmlAttributeName("id-suffix")]
    public string? IdSuffix { get; set; }

    [HtmlAttributeName("optional")]
    public bool Optional { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    protected string Name => ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name);

    protected string Id => IdSuffix is null ? IdOf(Name) : $"{IdOf(Name)}-{IdSuffix}";

    protected string LabelText => (Label ?? For.Metadata.DisplayName ?? Words.FromPropertyName(For.Name)) + (Optional ? " (optional)" : "");

    protected string? Error => ErrorOf(ViewContext.ViewData.ModelState, Name);

    protected string? DescribedBy(string? extra = null)
    {
        var ids = Markup.Classes(Hint is null ? null : $"{Id}-hint", Error is null ? null : $"{Id}-error", extra);
        return ids.Length == 0 ? null : ids;
    }

    /// <summary>What was typed, if this page answers a post; otherwise the model's value.</summary>
    protected string? Value => Typed(Name) ?? Format(For.Model);

    protected string? Typed(string name) =>
        ViewContext.ViewData.ModelState.TryGetValue(name, out var entry) && entry.RawValue is not null ? entry.AttemptedValue ?? "" : null;

    internal static string IdOf(string name) => TagBuilder.CreateSanitizedId(name, "_");

    internal static string? ErrorOf(ModelStateDictionary state, string name)
    {
        if (!state.TryGetValue(name, out var entry) || entry.Errors.Count == 0) return null;
        var first = entry.Errors[0];
        return string.IsNullOrEmpty(first.ErrorMessage) ? "This answer could not be read: check it" : first.ErrorMessage;
    }

    internal static string? Format(object? value) => value switch
    {
        null => null,
        LocalDate date => date.ToString("uuuu'-'MM'-'dd", CultureInfo.InvariantCulture),
        LocalTime time => RelativeTime.TimeOfDay(time),
        bool b => b ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Small radios and ticks on the work pages of signed-in people, full ones on the public pages, unless the page says otherwise.</summary>
    private protected bool IsSmall(bool? asked) =>
        asked ?? ViewContext.HttpContext.RequestServices.GetService<PageFurniture>() is { IsSignedIn: true };

    protected IHtmlContent LabelHtml()
    {
        var css = Markup.Classes("govuk-label", LabelSize is null ? null : $"govuk-label--{LabelSize}", LabelHidden ? "govuk-visually-hidden" : null);
        var label = Markup.Html($"<label class=\"{css}\" for=\"{Id}\">{LabelText}</label>");
        return PageHeading ? Markup.Html($"<h1 class=\"govuk-label-wrapper\">{label}</h1>") : label;
    }

    protected IHtmlContent LegendHtml()
    {
        var css = Markup.Classes("govuk-fieldset__legend", $"govuk-fieldset__legend--{LabelSize ?? "s"}", LabelHidden ? "govuk-visually-hidden" : null);
        return PageHeading
            ? Markup.Html($"<legend class=\"{css}\"><h1 class=\"govuk-fieldset__heading\">{LabelText}</h1></legend>")
            : Markup.Html($"<legend class=\"{css}\">{LabelText}</legend>");
    }

    protected IHtmlContent HintHtml() => Markup.If(Hint is not null, $"<div id=\"{Id}-hint\" class=\"govuk-hint\">{Hint}</div>");

    protected IHtmlContent ErrorHtml() =>
        Markup.If(Error is not null, $"<p id=\"{Id}-error\" class=\"govuk-error-message\"><span class=\"govuk-visually-hidden\">Error:</span> {Error}</p>");

    protected void WriteGroup(TagHelperOutput output, IHtmlContent content, string? extraClass = null)
    {
        output.Attributes.Clear();
        output.Become("div", Markup.Classes("govuk-form-group", Error is null ? null : "govuk-form-group--error", extraClass), content);
    }

    protected IHtmlContent Fieldset(IHtmlContent inside, string? role = null) => Markup.Html(
        $"<fieldset class=\"govuk-fieldset\"{Markup.Attribute("role", role)}{Markup.Attribute("aria-describedby", DescribedBy())}>{LegendHtml()}{HintHtml()}{ErrorHtml()}{inside}</fieldset>");

    /// <summary>A width: 2, 3, 4, 5, 10, 20, 30 characters, or full, two-thirds, one-half, one-third, one-quarter.</summary>
    private protected static string? WidthClass(string? width, string field) => width switch
    {
        null => null,
        "2" or "3" or "4" or "5" or "10" or "20" or "30" => $"{field}--width-{width}",
        "full" or "two-thirds" or "one-half" or "one-third" or "one-quarter" => $"govuk-!-width-{width}",
        _ => throw new InvalidOperationException($"width=\"{width}\" is not one of 2, 3, 4, 5, 10, 20, 30, full, two-thirds, one-half, one-third, one-quarter."),
    };
}
