using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>
/// A time in words. On screen "in 1 h 20 min" with the full time on hover and for a screen reader; in print both. <c>form="both"</c> shows both on
/// screen too, <c>form="absolute"</c> only the time itself, <c>form="day"</c> that with its day even if it is today.
/// </summary>
[HtmlTargetElement("hub-time", Attributes = "at", TagStructure = TagStructure.NormalOrSelfClosing)]
[HtmlTargetElement("hub-time", Attributes = "date", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TimeTagHelper(PageFurniture furniture) : TagHelper
{
    [HtmlAttributeName("at")]
    public Instant? At { get; set; }

    [HtmlAttributeName("date")]
    public LocalDate? Date { get; set; }

    /// <summary>relative, both, absolute or day.</summary>
    [HtmlAttributeName("form")]
    public string Form { get; set; } = "relative";

    /// <summary>What is printed where there is no time.</summary>
    [HtmlAttributeName("none")]
    public string None { get; set; } = "not recorded";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        string relative, absolute, full, machine;
        if (At is { } at)
        {
            relative = RelativeTime.Describe(at, furniture.Now);
            absolute = RelativeTime.Absolute(at, furniture.Now);
            full = RelativeTime.Full(at);
            machine = InstantPattern.General.Format(at);
        }
        else if (Date is { } date)
        {
            relative = RelativeTime.Describe(date, furniture.Now);
            absolute = RelativeTime.Absolute(date, furniture.Now);
            full = RelativeTime.Date(date);
            machine = date.ToString("uuuu'-'MM'-'dd", CultureInfo.InvariantCulture);
        }
        else
        {
            output.Become("span", "hub-time hub-secondary", Markup.Html($"{None}"));
            return;
        }

        output.Become("time", "hub-time", Form switch
        {
            "relative" => Markup.Html($"{relative}<span class=\"hub-time__absolute\">, {absolute}</span>"),
            "both" => Markup.Html($"{relative}, {absolute}"),
            "absolute" => Markup.Html($"{absolute}"),
            "day" => Markup.Html($"{(At is { } moment ? RelativeTime.WithDay(moment, furniture.Now) : absolute)}"),
            _ => throw new InvalidOperationException($"hub-time form=\"{Form}\" is not one of relative, both, absolute, day."),
        });
        output.Attributes.SetAttribute("datetime", machine);
        output.Attributes.SetAttribute("title", full);
    }
}

/// <summary>
/// A clock: shape, word and sentence together, so that the colour is never alone. A late clock says by how much and, from <c>why</c> and
/// <c>settle</c>, why and what would settle it.
/// </summary>
[HtmlTargetElement("hub-clock", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ClockTagHelper(PageFurniture furniture) : TagHelper
{
    [HtmlAttributeName("due")]
    public Instant? Due { get; set; }

    [HtmlAttributeName("ended")]
    public Instant? Ended { get; set; }

    [HtmlAttributeName("soon")]
    public Duration? Soon { get; set; }

    [HtmlAttributeName("length")]
    public Duration? Length { get; set; }

    [HtmlAttributeName("stopped")]
    public bool Stopped { get; set; }

    /// <summary>What the clock counts, before the word: "Decision".</summary>
    [HtmlAttributeName("name")]
    public string? Name { get; set; }

    [HtmlAttributeName("why")]
    public string? Why { get; set; }

    [HtmlAttributeName("settle")]
    public string? Settle { get; set; }

    [HtmlAttributeName("settle-href")]
    public string? SettleHref { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var reading = ClockReading.Read(Due, furniture.Now, Soon, Length, Ended, Stopped);
        var settle = string.IsNullOrEmpty(Settle) ? Markup.Nothing
            : string.IsNullOrEmpty(SettleHref) ? Markup.Html($" {Settle}")
            : Markup.Html($" <a class=\"govuk-link\" href=\"{SettleHref}\">{Settle}</a>");
        IHtmlContent reason = string.IsNullOrEmpty(Why) && string.IsNullOrEmpty(Settle) ? Markup.Nothing : Markup.Html($"<span class=\"hub-clock__why\">{Why}{settle}</span>");
        output.Become("span", $"hub-clock hub-clock--{reading.CssName}", Markup.Html(
            $"<span class=\"hub-clock__light\" aria-hidden=\"true\"></span><span class=\"hub-clock__words\">{Markup.If(Name is not null, $"<span class=\"hub-clock__name\">{Name}:</span> ")}<strong class=\"hub-clock__word\">{reading.Word}</strong> <span class=\"hub-clock__sentence\">{reading.Sentence}</span>{reason}</span>"));
        if (Due is { } due) output.Attributes.SetAttribute("title", $"Due {RelativeTime.Full(due)}");
    }
}
