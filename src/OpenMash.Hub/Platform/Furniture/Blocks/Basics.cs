using Microsoft.AspNetCore.Razor.TagHelpers;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>A button, or with <c>href</c> a link that looks like one. Secondary unless said otherwise: a page has at most one primary.</summary>
[HtmlTargetElement("hub-button")]
public sealed class ButtonTagHelper : TagHelper
{
    /// <summary>primary, secondary, warning (raises or ends something) or quiet (looks like a link).</summary>
    [HtmlAttributeName("kind")]
    public string Kind { get; set; } = "secondary";

    [HtmlAttributeName("href")]
    public string? Href { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var own = output.Attributes.TryGetAttribute("class", out var given) ? given.Value?.ToString() : null;
        output.Attributes.SetAttribute("class", Markup.Classes(Kind switch
        {
            "primary" => "govuk-button",
            "secondary" => "govuk-button govuk-button--secondary",
            "warning" => "govuk-button govuk-button--warning",
            "quiet" => "hub-button-quiet",
            _ => throw new InvalidOperationException($"hub-button kind=\"{Kind}\" is not one of primary, secondary, warning, quiet."),
        }, own));
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Kind != "quiet") output.Attributes.SetAttribute("data-module", "govuk-button");
        if (Href is not null)
        {
            output.TagName = "a";
            output.Attributes.SetAttribute("href", Href);
            output.Attributes.SetAttribute("draggable", "false");
            return;
        }

        output.TagName = "button";
        if (!output.Attributes.ContainsName("type")) output.Attributes.SetAttribute("type", "submit");
        // A nervous second press must not send the words twice; the command's id catches it too.
        if (output.Attributes["type"].Value?.ToString() == "submit") output.Attributes.SetAttribute("data-prevent-double-click", "true");
    }
}

/// <summary>Words that open when asked for.</summary>
[HtmlTargetElement("hub-details", Attributes = "summary")]
public sealed class DetailsTagHelper : TagHelper
{
    [HtmlAttributeName("summary")]
    public string Summary { get; set; } = "";

    [HtmlAttributeName("open")]
    public bool Open { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = await output.GetChildContentAsync();
        output.Become("details", "govuk-details", Markup.Html(
            $"<summary class=\"govuk-details__summary\"><span class=\"govuk-details__summary-text\">{Summary}</span></summary><div class=\"govuk-details__text\">{inside}</div>"));
        if (Open) output.Attributes.SetAttribute(new TagHelperAttribute("open"));
    }
}

/// <summary>A warning: an exclamation mark, the word "Warning" for a screen reader, and the sentence inside.</summary>
[HtmlTargetElement("hub-warning")]
public sealed class WarningTagHelper : TagHelper
{
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = await output.GetChildContentAsync();
        output.Become("div", "govuk-warning-text", Markup.Html(
            $"<span class=\"govuk-warning-text__icon\" aria-hidden=\"true\">!</span><strong class=\"govuk-warning-text__text\"><span class=\"govuk-visually-hidden\">Warning</span>{inside}</strong>"));
    }
}

/// <summary>Text set apart: a quotation, a child's own words (with <c>voice</c>), a rule.</summary>
[HtmlTargetElement("hub-inset")]
public sealed class InsetTagHelper : TagHelper
{
    /// <summary>Whose words these are; set for a child's own words, which stand first and larger.</summary>
    [HtmlAttributeName("voice")]
    public string? Voice { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = await output.GetChildContentAsync();
        if (Voice is null) output.Become("div", "govuk-inset-text", inside);
        else output.Become("figure", "hub-voice", Markup.Html($"<blockquote class=\"hub-voice__words\">{inside}</blockquote><figcaption class=\"hub-voice__who\">{Voice}</figcaption>"));
    }
}

/// <summary>A status word. The word carries the meaning; the tone only helps the eye.</summary>
[HtmlTargetElement("hub-tag", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TagTagHelper : TagHelper
{
    [HtmlAttributeName("word")]
    public string? Word { get; set; }

    /// <summary>grey, blue, green, amber, red or purple; otherwise by the word (see <see cref="StatusWords"/>).</summary>
    [HtmlAttributeName("tone")]
    public string? Tone { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = Word is null ? await output.GetChildContentAsync() : Markup.Html($"{Word}");
        var word = Word ?? ((TagHelperContent)inside).GetContent().Trim();
        output.Become("strong", $"govuk-tag hub-tag hub-tag--{StatusWords.CheckedTone(Tone ?? StatusWords.ToneOf(word))}", inside);
    }
}

/// <summary>A small outlined word beside a heading or a name: a mark ("hub only"), a kind ("new"), an agency.</summary>
[HtmlTargetElement("hub-badge", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class BadgeTagHelper : TagHelper
{
    [HtmlAttributeName("word")]
    public string? Word { get; set; }

    [HtmlAttributeName("tone")]
    public string Tone { get; set; } = "grey";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = Word is null ? await output.GetChildContentAsync() : Markup.Html($"{Word}");
        output.Become("span", $"moj-badge hub-badge hub-badge--{StatusWords.CheckedTone(Tone)}", inside);
    }
}

/// <summary>Which tone a status word has when the page does not say.</summary>
public static class StatusWords
{
    private static readonly Dictionary<string, string> Tones = new(StringComparer.OrdinalIgnoreCase)
    {
        ["red"] = "red",
        ["amber"] = "amber",
        ["green"] = "green",
        ["overdue"] = "red",
        ["late"] = "red",
        ["refused"] = "red",
        ["failed"] = "red",
        ["due soon"] = "amber",
        ["waiting"] = "amber",
        ["due"] = "amber",
        ["not acknowledged"] = "amber",
        ["needs reading"] = "amber",
        ["unread"] = "amber",
        ["decided"] = "green",
        ["answered"] = "green",
        ["done"] = "green",
        ["told"] = "green",
        ["complete"] = "green",
        ["accepted"] = "green",
        ["new"] = "blue",
        ["open"] = "blue",
        ["claimed"] = "blue",
        ["in progress"] = "blue",
        ["asked"] = "blue",
        ["sealed"] = "purple",
        ["hub only"] = "purple",
        ["restricted"] = "purple",
    };

    /// <summary>The tone of a status word, grey where none is known.</summary>
    public static string ToneOf(string word) => Tones.GetValueOrDefault(word.Trim(), "grey");

    internal static string CheckedTone(string tone) => tone is "grey" or "blue" or "green" or "amber" or "red" or "purple"
        ? tone
        : throw new InvalidOperationException($"tone=\"{tone}\" is not one of grey, blue, green, amber, red, purple.");
}

/// <summary>A banner of the page itself; what follows a POST comes from <see cref="Notices"/> and the layout.</summary>
[HtmlTargetElement("hub-notice")]
public sealed class NoticeTagHelper : TagHelper
{
    [HtmlAttributeName("kind")]
    public NoticeKind Kind { get; set; } = NoticeKind.Information;

    [HtmlAttributeName("title")]
    public string? Title { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var inside = await output.GetChildContentAsync();
        var (name, title, role) = Kind switch
        {
            NoticeKind.Success => ("success", "Done", "alert"),
            NoticeKind.Warning => ("warning", "Attend to this", "alert"),
            NoticeKind.Refused => ("refused", "Not done", "alert"),
            _ => ("information", "Please note", "region"),
        };
        var titleId = $"hub-notice-{context.UniqueId}";
        output.Become("div", $"govuk-notification-banner hub-notice hub-notice--{name}", Markup.Html(
            $"<div class=\"govuk-notification-banner__header\"><h2 class=\"govuk-notification-banner__title\" id=\"{titleId}\">{Title ?? title}</h2></div><div class=\"govuk-notification-banner__content\">{inside}</div>"));
        output.Attributes.SetAttribute("role", role);
        output.Attributes.SetAttribute("aria-labelledby", titleId);
        if (role == "alert") output.Attributes.SetAttribute("data-module", "govuk-notification-banner");
    }
}

/// <summary>Nothing here yet: a title that says so and, inside, what would fill it.</summary>
[HtmlTargetElement("hub-empty", Attributes = "title")]
public sealed class EmptyTagHelper : TagHelper
{
    [HtmlAttributeName("title")]
    public string Title { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = await output.GetChildContentAsync();
        output.Become("div", "hub-empty", Markup.Html($"<p class=\"hub-empty__title\">{Title}</p><div class=\"hub-empty__text\">{inside}</div>"));
    }
}

/// <summary>We could not look: said so plainly, because it is not the same as having found nothing.</summary>
[HtmlTargetElement("hub-could-not-look", Attributes = "source")]
public sealed class CouldNotLookTagHelper(PageFurniture furniture) : TagHelper
{
    /// <summary>Where we could not look, to end the sentence "We could not look in …": "the index of people".</summary>
    [HtmlAttributeName("source")]
    public string Source { get; set; } = "";

    /// <summary>Since when, if known.</summary>
    [HtmlAttributeName("since")]
    public NodaTime.Instant? Since { get; set; }

    [HtmlAttributeName("retry")]
    public string? Retry { get; set; }

    [HtmlAttributeName("telephone")]
    public string? Telephone { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var why = await output.GetChildContentAsync();
        var phone = Telephone ?? furniture.Telephone;
        var since = Since is { } at ? Markup.Html($" since {RelativeTime.Absolute(at, furniture.Now)}") : Markup.Nothing;
        output.Become("div", "hub-could-not-look", Markup.Html(
            $"<p class=\"hub-could-not-look__title\"><strong>We could not look in {Source}{since}.</strong> This does not mean that nothing is there.</p>{Markup.If(!why.IsEmptyOrWhiteSpace, $"<div class=\"hub-could-not-look__why\">{why}</div>")}{Markup.If(Retry is not null || phone is not null, $"<p class=\"hub-could-not-look__next\">{Markup.If(Retry is not null, $"<a class=\"govuk-link\" href=\"{Retry}\">Look again</a>")}{Markup.If(Retry is not null && phone is not null, $", or ")}{Markup.If(phone is not null, $"telephone {phone}")}</p>")}"));
        output.Attributes.SetAttribute("role", "status");
    }
}

/// <summary>The same line under every search and list, whether or not something is kept back: it must tell nothing.</summary>
[HtmlTargetElement("hub-hidden-results", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class HiddenResultsTagHelper : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Become("p", "hub-hidden-results", Markup.Html($"There may be more: ask the duty manager."));
    }
}

/// <summary>A reference to read out, copy or print.</summary>
[HtmlTargetElement("hub-reference", Attributes = "value", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ReferenceTagHelper : TagHelper
{
    [HtmlAttributeName("value")]
    public string Value { get; set; } = "";

    [HtmlAttributeName("href")]
    public string? Href { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var text = Href is null ? Markup.Html($"<span class=\"hub-reference__text\">{Value}</span>") : Markup.Html($"<a class=\"govuk-link hub-reference__text\" href=\"{Href}\">{Value}</a>");
        // The button is shown by copy.js only where the browser can copy.
        output.Become("span", "hub-reference", Markup.Html(
            $"{text}<button type=\"button\" class=\"hub-reference__copy\" data-copy=\"{Value}\" hidden>Copy<span class=\"govuk-visually-hidden\"> reference {Value}</span></button>"));
    }
}

/// <summary>It has been received: the reference, and inside what happens next and who will see it.</summary>
[HtmlTargetElement("hub-confirmation", Attributes = "title")]
public sealed class ConfirmationTagHelper : TagHelper
{
    [HtmlAttributeName("title")]
    public string Title { get; set; } = "";

    [HtmlAttributeName("reference")]
    public string? Reference { get; set; }

    [HtmlAttributeName("reference-label")]
    public string ReferenceLabel { get; set; } = "Your reference";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var next = await output.GetChildContentAsync();
        output.Replace(Markup.Html(
            $"<div class=\"govuk-panel govuk-panel--confirmation hub-confirmation\"><h1 class=\"govuk-panel__title\">{Title}</h1>{Markup.If(Reference is not null, $"<div class=\"govuk-panel__body\">{ReferenceLabel}<br><strong>{Reference}</strong></div>")}</div><div class=\"hub-confirmation__next\">{next}</div>"));
    }
}

/// <summary>A figure with its label, and a link to the rows behind it for those entitled to them.</summary>
[HtmlTargetElement("hub-figure", Attributes = "value,label", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FigureTagHelper : TagHelper
{
    [HtmlAttributeName("value")]
    public string Value { get; set; } = "";

    [HtmlAttributeName("label")]
    public string Label { get; set; } = "";

    [HtmlAttributeName("href")]
    public string? Href { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var note = await output.GetChildContentAsync();
        var figure = Markup.Html($"<span class=\"hub-figure__value\">{Value}</span> <span class=\"hub-figure__label\">{Label}</span>");
        output.Become("div", "hub-figure", Markup.Html(
            $"{(Href is null ? figure : Markup.Html($"<a class=\"hub-figure__link\" href=\"{Href}\">{figure}</a>"))}{Markup.If(!note.IsEmptyOrWhiteSpace, $"<span class=\"hub-figure__note\">{note}</span>")}"));
    }
}
