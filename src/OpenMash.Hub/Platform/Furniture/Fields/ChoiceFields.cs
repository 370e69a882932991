using System.Collections;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>One choice of a group, as its child tags or its items give it.</summary>
internal sealed record Choice(string Value, string Text, string? Hint, IHtmlContent? Reveal, bool Disabled, bool IsDivider = false, IHtmlContent? Attributes = null);

internal sealed class ChoiceList : List<Choice>;

/// <summary>Radios and checkboxes: a legend and a list of choices, from <c>items</c>, from child tags, or both.</summary>
public abstract class ChoicesTagHelper : FieldTagHelper
{
    [HtmlAttributeName("items")]
    public IEnumerable<SelectListItem>? Items { get; set; }

    /// <summary>Side by side, for two or three short choices.</summary>
    [HtmlAttributeName("inline")]
    public bool Inline { get; set; }

    /// <summary>Small controls; otherwise by whether someone is signed in.</summary>
    [HtmlAttributeName("small")]
    public bool? Small { get; set; }

    private protected abstract string Kind { get; }

    private protected abstract bool IsChosen(string value);

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var choices = new ChoiceList();
        context.Items[typeof(ChoiceList)] = choices;
        await output.GetChildContentAsync();
        choices.AddRange((Items ?? []).Select(i => new Choice(i.Value ?? i.Text, i.Text, null, null, i.Disabled)));

        var type = Kind == "radios" ? "radio" : "checkbox";
        var number = 0;
        var rows = choices.Select(Row).ToList();
        var css = Markup.Classes($"govuk-{Kind}", Inline ? $"govuk-{Kind}--inline" : null, IsSmall(Small) ? $"govuk-{Kind}--small" : null);
        WriteGroup(output, Fieldset(Markup.Html($"<div class=\"{css}\" data-module=\"govuk-{Kind}\">{Markup.Join(rows)}</div>")));

        IHtmlContent Row(Choice choice)
        {
            if (choice.IsDivider) return Markup.Html($"<div class=\"govuk-{Kind}__divider\">{choice.Text}</div>");
            number++;
            var id = number == 1 ? Id : $"{Id}-{number}";
            var chosen = IsChosen(choice.Value);
            var hintId = choice.Hint is null ? null : $"{id}-item-hint";
            var item = Markup.Html(
                $"<div class=\"govuk-{Kind}__item\"><input class=\"govuk-{Kind}__input\" id=\"{id}\" name=\"{Name}\" type=\"{type}\" value=\"{choice.Value}\"{Markup.Flag("checked", chosen)}{Markup.Flag("disabled", choice.Disabled)}{Markup.Attribute("aria-describedby", hintId)}{choice.Attributes}><label class=\"govuk-label govuk-{Kind}__label\" for=\"{id}\">{choice.Text}</label>{Markup.If(hintId is not null, $"<div id=\"{hintId}\" class=\"govuk-hint govuk-{Kind}__hint\">{choice.Hint}</div>")}</div>");
            if (choice.Reveal is null) return item;
            // Shown and hidden by the style sheet (:has), so that it needs no script and no aria-expanded, which a radio may not carry.
            return Markup.Html($"{item}<div class=\"govuk-{Kind}__conditional hub-reveal\">{choice.Reveal}</div>");
        }
    }
}

/// <summary>One of several.</summary>
[HtmlTargetElement("hub-radios", Attributes = "for")]
public sealed class RadiosTagHelper : ChoicesTagHelper
{
    private protected override string Kind => "radios";

    private protected override bool IsChosen(string value) => string.Equals(Value, value, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Any of several; binds a list.</summary>
[HtmlTargetElement("hub-checkboxes", Attributes = "for")]
public sealed class CheckboxesTagHelper : ChoicesTagHelper
{
    private HashSet<string>? chosen;

    private protected override string Kind => "checkboxes";

    private protected override bool IsChosen(string value) => (chosen ??= Chosen()).Contains(value);

    private HashSet<string> Chosen()
    {
        if (ViewContext.ViewData.ModelState.TryGetValue(Name, out var entry) && entry.RawValue is { } raw)
            return new(raw is string one ? [one] : ((IEnumerable)raw).Cast<object?>().Select(o => o?.ToString() ?? ""), StringComparer.OrdinalIgnoreCase);
        return new(For.Model is IEnumerable many and not string ? many.Cast<object?>().Select(o => Format(o) ?? "") : [], StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>A choice of <c>hub-radios</c> or <c>hub-checkboxes</c>. What stands inside it is revealed when it is chosen.</summary>
[HtmlTargetElement("hub-choice", Attributes = "value")]
public sealed class ChoiceTagHelper : TagHelper
{
    [HtmlAttributeName("value")]
    public string Value { get; set; } = "";

    [HtmlAttributeName("text")]
    public string? Text { get; set; }

    [HtmlAttributeName("hint")]
    public string? Hint { get; set; }

    [HtmlAttributeName("disabled")]
    public bool Disabled { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        if (!context.Items.TryGetValue(typeof(ChoiceList), out var list))
            throw new InvalidOperationException($"hub-choice value=\"{Value}\" stands outside hub-radios and hub-checkboxes.");
        var inside = await output.GetChildContentAsync();
        ((ChoiceList)list).Add(new(Value, Text ?? Words.FromPropertyName(Value), Hint, inside.IsEmptyOrWhiteSpace ? null : inside, Disabled,
            Attributes: Markup.Take(output.Attributes)));
        output.SuppressOutput();
    }
}

/// <summary>The word between choices, "or" unless another is given.</summary>
[HtmlTargetElement("hub-or", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class OrTagHelper : TagHelper
{
    [HtmlAttributeName("text")]
    public string Text { get; set; } = "or";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        if (context.Items.TryGetValue(typeof(ChoiceList), out var list)) ((ChoiceList)list).Add(new("", Text, null, null, false, IsDivider: true));
        output.SuppressOutput();
    }
}

/// <summary>One tick, bound to a bool.</summary>
[HtmlTargetElement("hub-tick", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TickTagHelper : FieldTagHelper
{
    /// <summary>A small control; otherwise by whether someone is signed in.</summary>
    [HtmlAttributeName("small")]
    public bool? Small { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        // The hidden "false" follows the tick, so that an unticked box is posted at all; a tick posts "true,false" and the first counts.
        var ticked = Value?.StartsWith("true", StringComparison.OrdinalIgnoreCase) ?? false;
        var css = Markup.Classes("govuk-checkboxes", IsSmall(Small) ? "govuk-checkboxes--small" : null);
        var hint = Markup.If(Hint is not null, $"<div id=\"{Id}-hint\" class=\"govuk-hint govuk-checkboxes__hint\">{Hint}</div>");
        WriteGroup(output, Markup.Html(
            $"{ErrorHtml()}<div class=\"{css}\"><div class=\"govuk-checkboxes__item\"><input class=\"govuk-checkboxes__input\" id=\"{Id}\" name=\"{Name}\" type=\"checkbox\" value=\"true\"{Markup.Flag("checked", ticked)}{Markup.Attribute("aria-describedby", DescribedBy())}{Markup.Take(output.Attributes)}><label class=\"govuk-label govuk-checkboxes__label\" for=\"{Id}\">{LabelText}</label>{hint}</div></div><input type=\"hidden\" name=\"{Name}\" value=\"false\">"));
    }
}
