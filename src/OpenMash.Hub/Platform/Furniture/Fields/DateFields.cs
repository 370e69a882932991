using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NodaTime;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>A date in three boxes, bound by <see cref="LocalDateModelBinder"/>.</summary>
[HtmlTargetElement("hub-date", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
public class DateTagHelper : FieldTagHelper
{
    private protected virtual bool HasTime => false;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var (day, month, year, time) = Boxes();
        var wrong = Wrong(day, month, year, time);
        var boxes = Markup.Html(
            $"<div class=\"govuk-date-input\">{Box("day", "Day", day, 2, DateBoxes.Day)}{Box("month", "Month", month, 2, DateBoxes.Month)}{Box("year", "Year", year, 4, DateBoxes.Year)}{(HasTime ? Box("time", "Time", time, 5, DateBoxes.Time) : Markup.Nothing)}</div>");
        WriteGroup(output, Fieldset(boxes, "group"));

        IHtmlContent Box(string part, string label, string? value, int width, DateBoxes box)
        {
            var id = part == "day" ? Id : $"{Id}_{part}";
            var css = Markup.Classes("govuk-input govuk-date-input__input", $"govuk-input--width-{width}", wrong.HasFlag(box) ? "govuk-input--error" : null);
            // A month may be typed as a name, a time with a colon or "pm": the number keypad would lock both out.
            var mode = box is DateBoxes.Time or DateBoxes.Month ? null : "numeric";
            return Markup.Html(
                $"<div class=\"govuk-date-input__item\"><div class=\"govuk-form-group\"><label class=\"govuk-label govuk-date-input__label\" for=\"{id}\">{label}</label><input class=\"{css}\" id=\"{id}\" name=\"{Name}.{part}\" type=\"text\" autocomplete=\"off\"{Markup.Attribute("inputmode", mode)}{Markup.Attribute("value", value)}></div></div>");
        }
    }

    private (string? Day, string? Month, string? Year, string? Time) Boxes()
    {
        string[] names = ["day", "month", "year", "time"];
        var typed = names.Select(n => Typed($"{Name}.{n}")).ToArray();
        if (typed.Any(t => t is not null)) return (typed[0], typed[1], typed[2], typed[3]);
        return For.Model switch
        {
            LocalDate date => Split(date, null),
            Instant instant => Split(instant.InZone(RelativeTime.London).Date, instant.InZone(RelativeTime.London).TimeOfDay),
            _ => default,
        };

        static (string?, string?, string?, string?) Split(LocalDate date, LocalTime? time) =>
            (Format(date.Day), Format(date.Month), Format(date.Year), time is { } t ? RelativeTime.TimeOfDay(t) : null);
    }

    private DateBoxes Wrong(string? day, string? month, string? year, string? time)
    {
        if (Error is null) return DateBoxes.None;
        var answer = DateParts.Read(day, month, year, LabelText);
        if (answer.Problem is not null) return answer.Wrong;
        if (HasTime && answer.Date is not null && DateParts.ReadTime(time) is null) return DateBoxes.Time;
        return HasTime ? DateBoxes.Date | DateBoxes.Time : DateBoxes.Date;
    }
}

/// <summary>A date in three boxes and a time, Europe/London, bound by <see cref="InstantModelBinder"/>.</summary>
[HtmlTargetElement("hub-date-time", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class DateTimeTagHelper : DateTagHelper
{
    private protected override bool HasTime => true;
}
