using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>
/// Every complaint about the form, each a link to its field. Stands first in the page; prints nothing where there is none. Takes the focus on
/// load, so that a screen reader says it.
/// </summary>
[HtmlTargetElement("hub-error-summary", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ErrorSummaryTagHelper : TagHelper
{
    [HtmlAttributeName("title")]
    public string Title { get; set; } = "There is a problem";

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var state = ViewContext.ViewData.ModelState;
        var problems = new List<IHtmlContent>();
        foreach (var (key, entry) in state.OrderBy(e => Position(e.Key), StringComparer.Ordinal))
        {
            if (entry is not { Errors.Count: > 0 }) continue;
            var message = FieldTagHelper.ErrorOf(state, key)!;
            problems.Add(key.Length == 0
                ? Markup.Html($"<li>{message}</li>")
                : Markup.Html($"<li><a href=\"#{FieldTagHelper.IdOf(key)}\">{message}</a></li>"));
        }

        if (problems.Count == 0)
        {
            output.SuppressOutput();
            return;
        }

        output.Become("div", "govuk-error-summary", Markup.Html(
            $"<div role=\"alert\"><h2 class=\"govuk-error-summary__title\">{Title}</h2><div class=\"govuk-error-summary__body\"><ul class=\"govuk-list govuk-error-summary__list\">{Markup.Join(problems)}</ul></div></div>"));
        output.Attributes.SetAttribute("data-module", "govuk-error-summary");
    }

    // Model state is ordered by when each key was first touched; the order of the properties is what a reader of the page expects.
    private string Position(string key)
    {
        var metadata = ViewContext.ViewData.ModelMetadata;
        var place = new System.Text.StringBuilder();
        foreach (var part in key.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index))
            {
                place.Append(System.Globalization.CultureInfo.InvariantCulture, $"{index:D6}.");
                metadata = metadata.ElementMetadata ?? metadata;
                continue;
            }

            var found = metadata.Properties.Select((p, i) => (p, i)).FirstOrDefault(x => string.Equals(x.p.PropertyName, part, StringComparison.OrdinalIgnoreCase));
            if (found.p is null) return place.Append('~').ToString();
            place.Append(System.Globalization.CultureInfo.InvariantCulture, $"{found.i:D6}.");
            metadata = found.p;
        }

        return place.ToString();
    }
}
