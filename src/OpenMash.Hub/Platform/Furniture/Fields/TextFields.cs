using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>A one-line field. Browsers are told not to remember what is typed unless the page gives an autocomplete.</summary>
[HtmlTargetElement("hub-input", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class InputTagHelper : FieldTagHelper
{
    [HtmlAttributeName("type")]
    public string Type { get; set; } = "text";

    [HtmlAttributeName("width")]
    public string? Width { get; set; }

    [HtmlAttributeName("prefix")]
    public string? Prefix { get; set; }

    [HtmlAttributeName("suffix")]
    public string? Suffix { get; set; }

    /// <summary>Digits: shows the number keypad on a telephone, and is not a spinner.</summary>
    [HtmlAttributeName("numeric")]
    public bool Numeric { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!output.Attributes.ContainsName("autocomplete")) output.Attributes.SetAttribute("autocomplete", "off");
        if (Numeric) output.Attributes.SetAttribute("inputmode", "numeric");
        if (Type == "text" && !output.Attributes.ContainsName("spellcheck")) output.Attributes.SetAttribute("spellcheck", "false");
        var css = Markup.Classes("govuk-input", WidthClass(Width, "govuk-input"), Error is null ? null : "govuk-input--error");
        // A password is never sent back to the page.
        var value = Type == "password" ? null : Value;
        var input = Markup.Html(
            $"<input class=\"{css}\" id=\"{Id}\" name=\"{Name}\" type=\"{Type}\"{Markup.Attribute("value", value)}{Markup.Attribute("aria-describedby", DescribedBy())}{Markup.Take(output.Attributes)}>");
        if (Prefix is not null || Suffix is not null)
        {
            input = Markup.Html(
                $"<div class=\"govuk-input__wrapper\">{Markup.If(Prefix is not null, $"<div class=\"govuk-input__prefix\" aria-hidden=\"true\">{Prefix}</div>")}{input}{Markup.If(Suffix is not null, $"<div class=\"govuk-input__suffix\" aria-hidden=\"true\">{Suffix}</div>")}</div>");
        }

        WriteGroup(output, Markup.Html($"{LabelHtml()}{HintHtml()}{ErrorHtml()}{input}"));
    }
}

/// <summary>A field of several lines. <c>max-length</c> counts down and warns but never cuts a word: whoever reads the words decides.</summary>
[HtmlTargetElement("hub-textarea", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TextareaTagHelper : FieldTagHelper
{
    [HtmlAttributeName("rows")]
    public int Rows { get; set; } = 5;

    [HtmlAttributeName("max-length")]
    public int? MaxLength { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!output.Attributes.ContainsName("autocomplete")) output.Attributes.SetAttribute("autocomplete", "off");
        var css = Markup.Classes("govuk-textarea", Error is null ? null : "govuk-textarea--error", MaxLength is null ? null : "govuk-js-character-count");
        // The line break after the tag is the one browsers drop; without it a first line break of the text would be lost.
        var area = Markup.Html(
            $"<textarea class=\"{css}\" id=\"{Id}\" name=\"{Name}\" rows=\"{Rows}\"{Markup.Attribute("aria-describedby", DescribedBy(MaxLength is null ? null : $"{Id}-info"))}{Markup.Take(output.Attributes)}>\n{Value}</textarea>");
        var group = Markup.Html($"{LabelHtml()}{HintHtml()}{ErrorHtml()}{area}");
        if (MaxLength is not { } limit)
        {
            WriteGroup(output, group);
            return;
        }

        var told = Markup.Html($"{group}<div id=\"{Id}-info\" class=\"govuk-hint govuk-character-count__message\">You can enter up to {limit} characters</div>");
        WriteGroup(output, told, "govuk-character-count");
        output.Attributes.SetAttribute("data-module", "govuk-character-count");
        output.Attributes.SetAttribute("data-maxlength", limit);
    }
}

/// <summary>A drop-down list. Radios are kinder up to about seven choices.</summary>
[HtmlTargetElement("hub-select", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SelectTagHelper : FieldTagHelper
{
    [HtmlAttributeName("items")]
    public IEnumerable<SelectListItem> Items { get; set; } = [];

    /// <summary>The words of a first, empty choice ("Choose a team"); without it the first item stands chosen.</summary>
    [HtmlAttributeName("empty")]
    public string? Empty { get; set; }

    [HtmlAttributeName("width")]
    public string? Width { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var css = Markup.Classes("govuk-select", WidthClass(Width, "govuk-select"), Error is null ? null : "govuk-select--error");
        var value = Value;
        var options = Markup.Join(Items.GroupBy(i => i.Group?.Name).SelectMany(Group));
        var select = Markup.Html(
            $"<select class=\"{css}\" id=\"{Id}\" name=\"{Name}\"{Markup.Attribute("aria-describedby", DescribedBy())}{Markup.Take(output.Attributes)}>{Markup.If(Empty is not null, $"<option value=\"\">{Empty}</option>")}{options}</select>");
        WriteGroup(output, Markup.Html($"{LabelHtml()}{HintHtml()}{ErrorHtml()}{select}"));

        IEnumerable<IHtmlContent> Group(IGrouping<string?, SelectListItem> group)
        {
            var inside = group.Select(i => Markup.Html(
                $"<option value=\"{i.Value ?? i.Text}\"{Markup.Flag("selected", value is null ? i.Selected : string.Equals(i.Value ?? i.Text, value, StringComparison.Ordinal))}{Markup.Flag("disabled", i.Disabled)}>{i.Text}</option>"));
            return group.Key is null ? inside : [Markup.Html($"<optgroup label=\"{group.Key}\">{Markup.Join(inside)}</optgroup>")];
        }
    }
}

/// <summary>Takes a file, or several. The form needs <c>enctype="multipart/form-data"</c>.</summary>
[HtmlTargetElement("hub-file", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FileTagHelper : FieldTagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var css = Markup.Classes("govuk-file-upload", Error is null ? null : "govuk-file-upload--error");
        var input = Markup.Html(
            $"<input class=\"{css}\" id=\"{Id}\" name=\"{Name}\" type=\"file\"{Markup.Attribute("aria-describedby", DescribedBy())}{Markup.Take(output.Attributes)}>");
        WriteGroup(output, Markup.Html($"{LabelHtml()}{HintHtml()}{ErrorHtml()}{input}"));
    }
}
