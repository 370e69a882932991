using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using NodaTime;
using NodaTime.Text;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Platform.Drafts;

/// <summary>
/// <c>POST /drafts/{form}?id=&amp;seen=</c>: keeps a form's fields as one types (autosave.js), for any form of any room. Answers JSON
/// <c>{"savedAt":"14:05","id":"…","url":"/drafts/…"}</c>, 409 where another window changed the draft or it was sent, 422 where it cannot be kept. Without
/// JavaScript a button with <c>formaction</c> sends the same, with a field <c>next</c> (a page of the hub) to go on to.
/// </summary>
internal static class DraftEndpoint
{
    private static readonly HashSet<string> NotKept = new(StringComparer.Ordinal) { "__RequestVerificationToken", "CommandId", "next" };
    private static readonly LocalTimePattern HourMinute = LocalTimePattern.Create("HH':'mm", CultureInfo.InvariantCulture);

    /// <summary>The address that keeps a draft: of an id, or (null) the person's only one of this form.</summary>
    public static string UrlOf(string form, Guid? id = null, Instant? seen = null)
    {
        var query = new List<string>(2);
        if (id is { } draft) query.Add($"id={draft}");
        if (seen is { } at) query.Add(string.Create(CultureInfo.InvariantCulture, $"seen={at.ToUnixTimeTicks()}"));
        return "/drafts/" + Uri.EscapeDataString(form) + (query.Count == 0 ? "" : "?" + string.Join('&', query));
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/drafts/{form}", SaveAsync).RequireAuthorization(new AllowMembersAttribute()).ExcludeFromDescription();
        app.MapPost("/drafts/{id:guid}/discard", DiscardAsync).RequireAuthorization(new AllowMembersAttribute()).ExcludeFromDescription();
    }

    private static async Task<IResult> SaveAsync(HttpContext http, string form, Guid? id, long? seen, CommandRunner runner, IAntiforgery antiforgery, IClock clock)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
            return Results.Problem(statusCode: 400, title: "Not kept", detail: "The form's token is missing or old. Open the page again.");
        if (!http.Request.HasFormContentType)
            return Results.Problem(statusCode: 415, title: "Not kept", detail: "Send the fields of a form.");
        var fields = await http.Request.ReadFormAsync(http.RequestAborted);
        var kept = fields.Where(f => !NotKept.Contains(f.Key)).ToDictionary(f => f.Key, f => f.Value.Select(v => v ?? "").ToArray(), StringComparer.Ordinal);
        var outcome = await runner.RunAsync(
            new SaveDraft
            {
                DraftId = id,
                Form = form,
                Fields = JsonSerializer.Serialize(kept, HubJson.Options),
                SeenSavedAt = seen is { } ticks ? Instant.FromUnixTimeTicks(ticks) : null,
            },
            http.Viewer(),
            http.RequestAborted);
        switch (outcome)
        {
            case Outcome<DraftSaved>.Done { Value: var saved }:
                if (Next(fields) is { } next) return Results.LocalRedirect(next);
                return Results.Json(new { savedAt = HourMinute.Format(London.At(saved.SavedAt).TimeOfDay), id = saved.DraftId, url = UrlOf(form, saved.DraftId, saved.SavedAt) });
            case Outcome<DraftSaved>.Conflict conflict:
                return Results.Problem(statusCode: 409, title: "Not kept", detail: conflict.Message);
            case Outcome<DraftSaved>.Invalid invalid:
                return Results.Problem(statusCode: 422, title: "Not kept", detail: string.Join(' ', invalid.Problems.Select(p => p.Message)));
            case Outcome<DraftSaved>.Refused refused:
                return Results.Problem(statusCode: 403, title: "Refused", detail: refused.Reason);
            default:
                return Results.NotFound();
        }
    }

    private static async Task<IResult> DiscardAsync(HttpContext http, Guid id, CommandRunner runner, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.Problem(statusCode: 400, title: "Not thrown away", detail: "The form's token is missing or old. Open the page again.");
        var fields = await http.Request.ReadFormAsync(http.RequestAborted);
        var outcome = await runner.RunAsync(new DiscardDraft(id), http.Viewer(), http.RequestAborted);
        return outcome switch
        {
            Outcome<Nothing>.Done => Results.LocalRedirect(Next(fields) ?? "/"),
            Outcome<Nothing>.Conflict conflict => Results.Problem(statusCode: 409, title: "Not thrown away", detail: conflict.Message),
            Outcome<Nothing>.Refused refused => Results.Problem(statusCode: 403, title: "Refused", detail: refused.Reason),
            _ => Results.NotFound(),
        };
    }

    /// <summary>A page of the hub to go on to; anything else is not followed.</summary>
    private static string? Next(IFormCollection fields) =>
        fields["next"].FirstOrDefault() is { Length: > 1 } next && next[0] == '/' && next[1] is not ('/' or '\\') ? next : null;
}
