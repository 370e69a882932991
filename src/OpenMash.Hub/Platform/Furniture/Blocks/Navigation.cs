using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>The sections of one thing (a child, an enquiry), each its own page.</summary>
[HtmlTargetElement("hub-sub-nav", Attributes = "label")]
public sealed class SubNavigationTagHelper : TagHelper
{
    internal const string ItemKind = "hub.nav";

    [HtmlAttributeName("label")]
    public string Label { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        context.Items[ItemKind] = "moj-sub-navigation";
        var items = await output.GetChildContentAsync();
        output.Become("nav", "moj-sub-navigation", Markup.Html($"<ul class=\"moj-sub-navigation__list\">{items}</ul>"));
        output.Attributes.SetAttribute("aria-label", Label);
    }
}

/// <summary>The parts of a room, down the side. Put it in <c>div.hub-with-side</c> beside the content.</summary>
[HtmlTargetElement("hub-side-nav", Attributes = "label")]
public sealed class SideNavigationTagHelper : TagHelper
{
    [HtmlAttributeName("label")]
    public string Label { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        context.Items[SubNavigationTagHelper.ItemKind] = "moj-side-navigation";
        var items = await output.GetChildContentAsync();
        output.Become("nav", "moj-side-navigation", Markup.Html($"<ul class=\"moj-side-navigation__list\">{items}</ul>"));
        output.Attributes.SetAttribute("aria-label", Label);
    }
}

/// <summary>An entry of a sub-navigation or side navigation. Current where it says so, or where its path is the page's own.</summary>
[HtmlTargetElement("hub-nav-item", Attributes = "href")]
public sealed class NavigationItemTagHelper : TagHelper
{
    [HtmlAttributeName("href")]
    public string Href { get; set; } = "";

    [HtmlAttributeName("current")]
    public bool? Current { get; set; }

    [HtmlAttributeName("count")]
    public int? Count { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        if (!context.Items.TryGetValue(SubNavigationTagHelper.ItemKind, out var kind))
            throw new InvalidOperationException($"hub-nav-item href=\"{Href}\" stands outside hub-sub-nav and hub-side-nav.");
        var text = await output.GetChildContentAsync();
        var request = ViewContext.HttpContext.Request;
        var current = Current ?? string.Equals(Href.Split('?', '#')[0], request.PathBase.Add(request.Path), StringComparison.OrdinalIgnoreCase);
        var badge = Markup.If(Count is > 0, $" <span class=\"moj-notification-badge\">{Count}<span class=\"govuk-visually-hidden\"> waiting</span></span>");
        var active = current && (string)kind == "moj-side-navigation" ? "moj-side-navigation__item--active" : null;
        var linkCss = (string)kind == "moj-sub-navigation" ? "moj-sub-navigation__link" : null;
        output.Become("li", Markup.Classes($"{kind}__item", active), Markup.Html(
            $"<a href=\"{Href}\"{Markup.Attribute("class", linkCss)}{Markup.Attribute("aria-current", current ? ((string)kind == "moj-sub-navigation" ? "page" : "location") : null)}>{text}{badge}</a>"));
    }
}

internal sealed record Tab(string Id, string Label, IHtmlContent Content);

internal sealed class TabList : List<Tab>;

/// <summary>Parts of one page, one shown at a time. Without JavaScript: a list of links and all parts below it.</summary>
[HtmlTargetElement("hub-tabs", Attributes = "title")]
public sealed class TabsTagHelper : TagHelper
{
    [HtmlAttributeName("title")]
    public string Title { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var tabs = new TabList();
        context.Items[typeof(TabList)] = tabs;
        await output.GetChildContentAsync();
        var labels = tabs.Select((t, i) => Markup.Html(
            $"<li class=\"{Markup.Classes("govuk-tabs__list-item", i == 0 ? "govuk-tabs__list-item--selected" : null)}\"><a class=\"govuk-tabs__tab\" href=\"#{t.Id}\">{t.Label}</a></li>"));
        var panels = tabs.Select((t, i) => Markup.Html(
            $"<div class=\"{Markup.Classes("govuk-tabs__panel", i == 0 ? null : "govuk-tabs__panel--hidden")}\" id=\"{t.Id}\">{t.Content}</div>"));
        output.Become("div", "govuk-tabs", Markup.Html(
            $"<h2 class=\"govuk-tabs__title\">{Title}</h2><ul class=\"govuk-tabs__list\">{Markup.Join(labels.ToList())}</ul>{Markup.Join(panels.ToList())}"));
        output.Attributes.SetAttribute("data-module", "govuk-tabs");
    }
}

/// <summary>One part of <c>hub-tabs</c>.</summary>
[HtmlTargetElement("hub-tab", Attributes = "id,label")]
public sealed class TabTagHelper : TagHelper
{
    [HtmlAttributeName("id")]
    public string Id { get; set; } = "";

    [HtmlAttributeName("label")]
    public string Label { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        if (!context.Items.TryGetValue(typeof(TabList), out var tabs))
            throw new InvalidOperationException($"hub-tab id=\"{Id}\" stands outside hub-tabs.");
        ((TabList)tabs).Add(new(Id, Label, await output.GetChildContentAsync()));
        output.SuppressOutput();
    }
}

/// <summary>
/// What narrows a list: a GET form beside it (never a name: names are searched by the POST in the head of the page). On a narrow screen it is
/// closed until asked for. <c>chosen</c> shows what narrows now, each with a link that takes it away.
/// </summary>
[HtmlTargetElement("hub-filter")]
public sealed class FilterTagHelper : TagHelper
{
    [HtmlAttributeName("title")]
    public string Title { get; set; } = "Filter";

    /// <summary>What narrows the list now: words, and the address without it.</summary>
    [HtmlAttributeName("chosen")]
    public IReadOnlyList<Crumb> Chosen { get; set; } = [];

    /// <summary>The address with no filter at all.</summary>
    [HtmlAttributeName("clear")]
    public string? Clear { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var fields = await output.GetChildContentAsync();
        var chosen = Chosen.Select(c => Markup.Html($"<li><a class=\"moj-filter__tag\" href=\"{c.Url}\"><span class=\"govuk-visually-hidden\">Remove the filter </span>{c.Text}</a></li>"));
        var count = Chosen.Count == 0 ? "" : $" ({Chosen.Count})";
        output.Become("details", "moj-filter hub-filter", Markup.Html(
            $"<summary class=\"hub-filter__summary\">{Title}{count}</summary>{Markup.If(Chosen.Count > 0, $"<div class=\"hub-filter__chosen\"><ul class=\"moj-filter-tags\">{Markup.Join(chosen.ToList())}</ul>{Markup.If(Clear is not null, $"<a class=\"govuk-link\" href=\"{Clear}\">Clear all</a>")}</div>")}<form method=\"get\" class=\"hub-filter__form\" role=\"search\" aria-label=\"{Title}\">{fields}<button class=\"govuk-button govuk-button--secondary\" type=\"submit\">Apply</button></form>"));
        output.Attributes.SetAttribute("data-filter", "");
        output.Attributes.SetAttribute(new TagHelperAttribute("open"));
    }
}

/// <summary>Who or what the page is about, in one strip under the heading: a child and household, a reference, a clock.</summary>
[HtmlTargetElement("hub-strip", Attributes = "label")]
public sealed class StripTagHelper : TagHelper
{
    [HtmlAttributeName("label")]
    public string Label { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Become("section", "hub-strip", await output.GetChildContentAsync());
        output.Attributes.SetAttribute("aria-label", Label);
    }
}

/// <summary>Who is here now; live.js fills and keeps it from the group's presence notices.</summary>
[HtmlTargetElement("hub-presence", Attributes = "group", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PresenceTagHelper : TagHelper
{
    [HtmlAttributeName("group")]
    public string Group { get; set; } = "";

    [HtmlAttributeName("label")]
    public string Label { get; set; } = "Present now";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var first = await output.GetChildContentAsync();
        output.Become("div", "hub-presence", Markup.Html($"<span class=\"hub-presence__label\">{Label}:</span> <ul class=\"hub-presence__list\" data-presence-list>{first}</ul>"));
        output.Attributes.SetAttribute("data-live-group", Group);
        output.Attributes.SetAttribute("data-live-presence", Group);
    }
}

/// <summary>
/// Columns side by side on a desk, one at a time on a telephone (columns.js; without it they stand one under the other and the list of links above
/// jumps to them). For an enquiry's room: what we asked, what we know, what we think.
/// </summary>
[HtmlTargetElement("hub-columns", Attributes = "label")]
public sealed class ColumnsTagHelper : TagHelper
{
    [HtmlAttributeName("label")]
    public string Label { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        var columns = new TabList();
        context.Items[typeof(ColumnsTagHelper)] = columns;
        await output.GetChildContentAsync();
        var links = columns.Select(c => Markup.Html($"<li><a class=\"hub-column-tabs__link\" href=\"#{c.Id}\">{c.Label}</a></li>"));
        var panels = columns.Select(c => Markup.Html(
            $"<section class=\"hub-column\" id=\"{c.Id}\" aria-labelledby=\"{c.Id}-title\" tabindex=\"-1\"><h2 class=\"govuk-heading-s hub-column__title\" id=\"{c.Id}-title\">{c.Label}</h2>{c.Content}</section>"));
        output.Become("div", "hub-column-box", Markup.Html(
            $"<nav class=\"hub-column-tabs\" aria-label=\"{Label}\"><ul class=\"hub-column-tabs__list\">{Markup.Join(links.ToList())}</ul></nav><div class=\"hub-columns hub-columns--{columns.Count}\">{Markup.Join(panels.ToList())}</div>"));
        output.Attributes.SetAttribute("data-columns", "");
    }
}

/// <summary>One column of <c>hub-columns</c>.</summary>
[HtmlTargetElement("hub-column", Attributes = "id,label")]
public sealed class ColumnPartTagHelper : TagHelper
{
    [HtmlAttributeName("id")]
    public string Id { get; set; } = "";

    [HtmlAttributeName("label")]
    public string Label { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        if (!context.Items.TryGetValue(typeof(ColumnsTagHelper), out var columns))
            throw new InvalidOperationException($"hub-column id=\"{Id}\" stands outside hub-columns.");
        ((TabList)columns).Add(new(Id, Label, await output.GetChildContentAsync()));
        output.SuppressOutput();
    }
}
