using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>Keys and values. With <c>card</c> it stands in a titled card.</summary>
[HtmlTargetElement("hub-summary-list")]
public sealed class SummaryListTagHelper : TagHelper
{
    [HtmlAttributeName("card")]
    public string? Card { get; set; }

    /// <summary>The level of the card's heading, 2 to 4.</summary>
    [HtmlAttributeName("level")]
    public int Level { get; set; } = 2;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        context.Items[typeof(SummaryListTagHelper)] = Card ?? "";
        var rows = await output.GetChildContentAsync();
        if (Card is null)
        {
            output.Become("dl", "govuk-summary-list", rows);
            return;
        }

        var title = Level switch
        {
            2 => Markup.Html($"<h2 class=\"govuk-summary-card__title\">{Card}</h2>"),
            3 => Markup.Html($"<h3 class=\"govuk-summary-card__title\">{Card}</h3>"),
            4 => Markup.Html($"<h4 class=\"govuk-summary-card__title\">{Card}</h4>"),
            _ => throw new InvalidOperationException($"hub-summary-list level=\"{Level}\" is not 2, 3 or 4."),
        };
        output.Become("div", "govuk-summary-card", Markup.Html(
            $"<div class=\"govuk-summary-card__title-wrapper\">{title}</div><div class=\"govuk-summary-card__content\"><dl class=\"govuk-summary-list\">{rows}</dl></div>"));
    }
}

/// <summary>A row of a summary list. An empty value says "Not recorded".</summary>
[HtmlTargetElement("hub-row", Attributes = "key")]
public sealed class SummaryRowTagHelper : TagHelper
{
    [HtmlAttributeName("key")]
    public string Key { get; set; } = "";

    [HtmlAttributeName("href")]
    public string? Href { get; set; }

    [HtmlAttributeName("action")]
    public string Action { get; set; } = "Change";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var inside = await output.GetChildContentAsync();
        IHtmlContent value = inside.IsEmptyOrWhiteSpace ? Markup.Html($"<span class=\"hub-secondary\">Not recorded</span>") : inside;
        var card = context.Items.TryGetValue(typeof(SummaryListTagHelper), out var c) && c is string { Length: > 0 } title ? $" ({title})" : "";
        output.Become("div", Markup.Classes("govuk-summary-list__row", Href is null ? "govuk-summary-list__row--no-actions" : null), Markup.Html(
            $"<dt class=\"govuk-summary-list__key\">{Key}</dt><dd class=\"govuk-summary-list__value\">{value}</dd>{Markup.If(Href is not null, $"<dd class=\"govuk-summary-list__actions\"><a class=\"govuk-link\" href=\"{Href}\">{Action}<span class=\"govuk-visually-hidden\"> {Words.LowerFirst(Key)}{card}</span></a></dd>")}"));
    }
}

/// <summary>
/// A table in a box that scrolls sideways by itself on a narrow screen (and takes the focus, so that a keyboard can scroll it). The page writes
/// thead and tbody; classes of rows and cells are set by the style sheet.
/// </summary>
[HtmlTargetElement("hub-table", Attributes = "caption")]
public sealed class TableTagHelper : TagHelper
{
    [HtmlAttributeName("caption")]
    public string Caption { get; set; } = "";

    /// <summary>The heading above says the same: keep the caption for screen readers.</summary>
    [HtmlAttributeName("caption-hidden")]
    public bool CaptionHidden { get; set; }

    /// <summary>Rows are stepped through by j and k and opened by Enter (the row's first link).</summary>
    [HtmlAttributeName("rows")]
    public bool Rows { get; set; }

    /// <summary>The whole table is on the page: sort.js sorts it in the browser by columns marked with <c>hub-th sort</c>.</summary>
    [HtmlAttributeName("sort-here")]
    public bool SortHere { get; set; }

    /// <summary>The column by which the server sorted, and its way.</summary>
    [HtmlAttributeName("sorted-by")]
    public string? SortedBy { get; set; }

    [HtmlAttributeName("descending")]
    public bool Descending { get; set; }

    /// <summary>Each cell becomes a line with its column's name on a narrow screen; cells carry data-label.</summary>
    [HtmlAttributeName("stack")]
    public bool Stack { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        context.Items[typeof(TableTagHelper)] = this;
        var inside = await output.GetChildContentAsync();
        var captionCss = CaptionHidden ? "govuk-visually-hidden" : "govuk-table__caption govuk-table__caption--s";
        var tableCss = Markup.Classes("govuk-table hub-table", Stack ? "hub-table--stack" : null);
        // Attributes the page gave (data-live-url and the like) stay on the outer box.
        var table = Markup.Html(
            $"<table class=\"{tableCss}\"{Markup.Flag("data-rows", Rows)}{Markup.Flag("data-sort-here", SortHere)}><caption class=\"{captionCss}\">{Caption}</caption>{inside}</table>");
        output.Become("div", "hub-scroll", table);
        output.Attributes.SetAttribute("tabindex", "0");
        output.Attributes.SetAttribute("role", "region");
        output.Attributes.SetAttribute("aria-label", Caption);
    }
}

/// <summary>
/// A column's head. <c>sort="arrived"</c> makes it sortable: by a link that keeps the page's other filters (sort=arrived and, for the other way,
/// dir=desc), or in the browser where the table says <c>sort-here</c>.
/// </summary>
[HtmlTargetElement("hub-th", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ColumnTagHelper : TagHelper
{
    [HtmlAttributeName("sort")]
    public string? Sort { get; set; }

    [HtmlAttributeName("numeric")]
    public bool Numeric { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var table = context.Items.TryGetValue(typeof(TableTagHelper), out var found) ? (TableTagHelper)found : null;
        IHtmlContent text = await output.GetChildContentAsync();
        output.Attributes.SetAttribute("scope", "col");
        if (Sort is not null && table is { SortHere: true })
        {
            output.Attributes.SetAttribute("data-sort", Numeric ? "number" : "text");
        }
        else if (Sort is not null && table is not null)
        {
            var mine = string.Equals(table.SortedBy, Sort, StringComparison.OrdinalIgnoreCase);
            output.Attributes.SetAttribute("aria-sort", !mine ? "none" : table.Descending ? "descending" : "ascending");
            var address = Address.With(ViewContext.HttpContext.Request, ("sort", Sort), ("dir", mine && !table.Descending ? "desc" : null), ("p", null));
            text = Markup.Html($"<a class=\"hub-sort\" href=\"{address}\">{text}</a>");
        }

        output.Become("th", Markup.Classes("govuk-table__header", Numeric ? "govuk-table__header--numeric" : null), text);
    }
}

/// <summary>Which page of a long list. Keeps the page's other filters.</summary>
[HtmlTargetElement("hub-pagination", Attributes = "page,size,total", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PaginationTagHelper : TagHelper
{
    /// <summary>From 1.</summary>
    [HtmlAttributeName("page")]
    public int Page { get; set; }

    [HtmlAttributeName("size")]
    public int Size { get; set; }

    [HtmlAttributeName("total")]
    public int Total { get; set; }

    /// <summary>What is counted: "contacts".</summary>
    [HtmlAttributeName("noun")]
    public string Noun { get; set; } = "results";

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        // Of nothing, or of one thing, there is nothing to tell.
        if (Total <= 1)
        {
            output.SuppressOutput();
            return;
        }

        var pages = (Total + Size - 1) / Size;
        var first = ((Page - 1) * Size) + 1;
        var told = Markup.Html($"<p class=\"hub-pagination__told\">{first.ToString("N0", CultureInfo.InvariantCulture)} to {Math.Min(Page * Size, Total).ToString("N0", CultureInfo.InvariantCulture)} of {Total.ToString("N0", CultureInfo.InvariantCulture)} {Noun}</p>");
        if (pages == 1)
        {
            output.Become("div", "hub-pagination", told);
            return;
        }

        var items = Shown(pages).Select(n => n is not { } number
            ? Markup.Html($"<li class=\"govuk-pagination__item govuk-pagination__item--ellipsis\">…</li>")
            : Markup.Html($"<li class=\"{Markup.Classes("govuk-pagination__item", number == Page ? "govuk-pagination__item--current" : null)}\"><a class=\"govuk-link govuk-pagination__link\" href=\"{To(number)}\" aria-label=\"Page {number}\"{Markup.Attribute("aria-current", number == Page ? "page" : null)}>{number}</a></li>"));
        output.Become("div", "hub-pagination", Markup.Html(
            $"{told}<nav class=\"govuk-pagination\" aria-label=\"Pages of {Noun}\">{Markup.If(Page > 1, $"<div class=\"govuk-pagination__prev\"><a class=\"govuk-link govuk-pagination__link\" href=\"{To(Page - 1)}\" rel=\"prev\"><span class=\"govuk-pagination__link-title\">Previous<span class=\"govuk-visually-hidden\"> page</span></span></a></div>")}<ul class=\"govuk-pagination__list\">{Markup.Join(items)}</ul>{Markup.If(Page < pages, $"<div class=\"govuk-pagination__next\"><a class=\"govuk-link govuk-pagination__link\" href=\"{To(Page + 1)}\" rel=\"next\"><span class=\"govuk-pagination__link-title\">Next<span class=\"govuk-visually-hidden\"> page</span></span></a></div>")}</nav>"));
    }

    private string To(int page) => Address.With(ViewContext.HttpContext.Request, ("p", page == 1 ? null : page.ToString(CultureInfo.InvariantCulture)));

    // First, last, the page itself and its neighbours; null stands for a gap.
    private IEnumerable<int?> Shown(int pages)
    {
        var last = 0;
        foreach (var n in new[] { 1, Page - 1, Page, Page + 1, pages }.Where(n => n >= 1 && n <= pages).Distinct().Order())
        {
            if (n > last + 1) yield return n == last + 2 ? last + 1 : null;
            yield return n;
            last = n;
        }
    }
}

/// <summary>Addresses that differ from the page's own in a few query values. Names never stand in a query, so neither do they here.</summary>
internal static class Address
{
    public static string With(Microsoft.AspNetCore.Http.HttpRequest request, params (string Key, string? Value)[] changes)
    {
        var query = request.Query
            .Where(q => !changes.Any(c => string.Equals(c.Key, q.Key, StringComparison.OrdinalIgnoreCase)))
            .SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
            .Concat(changes.Where(c => c.Value is not null).Select(c => KeyValuePair.Create(c.Key, c.Value)));
        var text = QueryString.Create(query).ToUriComponent();
        return text.Length == 0 ? request.PathBase.Add(request.Path).ToUriComponent() : text;
    }
}

/// <summary>Things that happened, newest where the page puts them.</summary>
[HtmlTargetElement("hub-timeline")]
public sealed class TimelineTagHelper : TagHelper
{
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Become("div", "moj-timeline hub-timeline", await output.GetChildContentAsync());
    }
}

/// <summary>One thing that happened. <c>known</c> is given where it came to be known at another time than it happened.</summary>
[HtmlTargetElement("hub-event", Attributes = "title")]
public sealed class TimelineItemTagHelper(PageFurniture furniture) : TagHelper
{
    [HtmlAttributeName("title")]
    public string Title { get; set; } = "";

    [HtmlAttributeName("by")]
    public string? By { get; set; }

    [HtmlAttributeName("at")]
    public NodaTime.Instant? At { get; set; }

    [HtmlAttributeName("on")]
    public NodaTime.LocalDate? On { get; set; }

    [HtmlAttributeName("known")]
    public NodaTime.Instant? Known { get; set; }

    /// <summary>New since the reader last looked: a bar at the left, and the word.</summary>
    [HtmlAttributeName("is-new")]
    public bool IsNew { get; set; }

    [HtmlAttributeName("level")]
    public int Level { get; set; } = 3;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = await output.GetChildContentAsync();
        var title = Level switch
        {
            2 => Markup.Html($"<h2 class=\"moj-timeline__title\">{Title}</h2>"),
            3 => Markup.Html($"<h3 class=\"moj-timeline__title\">{Title}</h3>"),
            4 => Markup.Html($"<h4 class=\"moj-timeline__title\">{Title}</h4>"),
            _ => throw new InvalidOperationException($"hub-event level=\"{Level}\" is not 2, 3 or 4."),
        };
        var happened = At is { } at ? Time(RelativeTime.Absolute(at, furniture.Now), RelativeTime.Full(at), RelativeTime.Describe(at, furniture.Now))
            : On is { } on ? Time(RelativeTime.Absolute(on, furniture.Now), RelativeTime.Date(on), RelativeTime.Describe(on, furniture.Now))
            : Markup.Html($"time not recorded");
        var known = Known is { } knownAt ? Markup.Html($"; known {RelativeTime.Absolute(knownAt, furniture.Now)}") : Markup.Nothing;
        output.Become("div", Markup.Classes("moj-timeline__item", IsNew ? "hub-new" : null), Markup.Html(
            $"<div class=\"moj-timeline__header\">{title}{Markup.If(By is not null, $"<p class=\"moj-timeline__byline\">{By}</p>")}{Markup.If(IsNew, $"<span class=\"hub-new__word\">new</span>")}</div><p class=\"moj-timeline__date\">{Markup.If(Known is not null, $"happened ")}{happened}{known}</p><div class=\"moj-timeline__description\">{inside}</div>"));

        static IHtmlContent Time(string absolute, string full, string relative) =>
            Markup.Html($"<time title=\"{full}\">{absolute}</time> <span class=\"hub-secondary\">({relative})</span>");
    }
}

/// <summary>A panel set apart from the page's flow: one thing that needs someone.</summary>
[HtmlTargetElement("hub-ticket", Attributes = "label")]
public sealed class TicketTagHelper : TagHelper
{
    [HtmlAttributeName("label")]
    public string Label { get; set; } = "";

    /// <summary>grey, blue, green, amber, red or purple.</summary>
    [HtmlAttributeName("tone")]
    public string Tone { get; set; } = "grey";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = await output.GetChildContentAsync();
        output.Become("section", "moj-ticket-panel", Markup.Html(
            $"<div class=\"moj-ticket-panel__content hub-ticket hub-ticket--{StatusWords.CheckedTone(Tone)}\">{inside}</div>"));
        output.Attributes.SetAttribute("aria-label", Label);
    }
}
