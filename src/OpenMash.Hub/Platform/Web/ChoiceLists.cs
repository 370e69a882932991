using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace OpenMash.Hub.Platform.Web;

/// <summary>Something to choose from a list.</summary>
public sealed record IdChoice(string Text, Guid Id);

public static class ChoiceLists
{
    /// <summary>The text of an id is made here, not in the database: SQLite writes it in capitals, and the choice that was made would not be found again.</summary>
    public static async Task<IReadOnlyList<SelectListItem>> ToChoicesAsync(this IQueryable<IdChoice> choices, CancellationToken ct = default) =>
        [.. (await choices.ToListAsync(ct)).Select(c => new SelectListItem(c.Text, c.Id.ToString()))];
}
