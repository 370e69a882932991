using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Engines.Clocks;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Furniture;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Accounts;
using OpenMash.Records.Governance;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Rooms.Governance;

internal sealed record TrailRow(Guid Id, Instant At, TrailKind Kind, string Act, string Who, string? Agency, string? SubjectKind, Guid? SubjectId);

/// <summary>Reads the trail of the reader's own authority.</summary>
internal static class TrailReading
{
    public const int Most = 200;

    public static IQueryable<TrailEntry> Entries(RecordReader read)
    {
        var authority = read.AuthorityId;
        return read.Of<TrailEntry>().Where(e => e.AuthorityId == authority);
    }

    /// <summary>The newest, one more than <see cref="Most"/> if there are more.</summary>
    public static async Task<List<TrailRow>> NewestAsync(RecordReader read, IQueryable<TrailEntry> entries)
    {
        var rows = await entries.OrderByDescending(e => e.Position).Take(Most + 1)
            .Select(e => new { e.Id, e.At, e.Kind, e.Act, e.AccountId, e.AgencyId, e.SubjectKind, e.SubjectId, e.Payload }).ToListAsync();
        var accounts = rows.Where(r => r.AccountId is not null).Select(r => r.AccountId!.Value).Distinct().ToList();
        var agencies = rows.Where(r => r.AgencyId is not null).Select(r => r.AgencyId!.Value).Distinct().ToList();
        var names = await read.Of<Account>().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.FullName);
        var houses = await read.Of<Agency>().Where(a => agencies.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Name);
        return [.. rows.Select(r => new TrailRow(
            r.Id, r.At, r.Kind, r.Act,
            r.AccountId is { } account ? names.GetValueOrDefault(account, "an account of another time") : By(r.Payload),
            r.AgencyId is { } agency ? houses.GetValueOrDefault(agency) : null,
            r.SubjectKind, r.SubjectId))];
    }

    private static string By(string payload)
    {
        using var json = JsonDocument.Parse(payload);
        return json.RootElement.GetProperty("by").GetString() switch
        {
            "System" => "the hub itself",
            "Client" => "a partner system",
            _ => "someone not signed in",
        };
    }
}

/// <summary>The reading room: search by person, act and day. The search itself is in the trail before its rows leave.</summary>
[Allow(Roles.InformationGovernance, "read the trail")]
[Witnessed]
internal sealed class TrailModel : SubjectPage
{
    [BindProperty, Display(Name = "Person")]
    public Guid? AccountId { get; set; }

    [BindProperty, Display(Name = "Kind")]
    public TrailKind? Kind { get; set; }

    [BindProperty]
    public string? Act { get; set; }

    [BindProperty, Display(Name = "From")]
    public LocalDate? From { get; set; }

    [BindProperty, Display(Name = "To, inclusive")]
    public LocalDate? To { get; set; }

    public IReadOnlyList<SelectListItem> People { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Kinds { get; } = [.. Enum.GetValues<TrailKind>().Select(k => new SelectListItem(Words.FromPropertyName(k.ToString()), k.ToString()))];

    public IReadOnlyList<TrailRow>? Rows { get; private set; }

    public bool More { get; private set; }

    public async Task OnGetAsync()
    {
        From = Today.PlusDays(-7);
        await LoadAsync();
        await ListedAsync("the trail's reading room", 0);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await LoadAsync();
        await SearchedAsync("the trail", new { account = AccountId, kind = Kind, act = Act, about = Reference, from = From, to = To });
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        var entries = TrailReading.Entries(Read);
        if (AccountId is { } account) entries = entries.Where(e => e.AccountId == account);
        if (Kind is { } kind) entries = entries.Where(e => e.Kind == kind);
        if (!string.IsNullOrWhiteSpace(Act))
        {
            // Acts are named in one word: "submit contact" finds SubmitContact.
            var act = Act.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // translated to SQL, whose lower() knows no culture
            entries = entries.Where(e => e.Act.Replace(" ", "").ToLower().Contains(act));
#pragma warning restore CA1304, CA1311, CA1862
        }

        if (From is { } from)
        {
            var start = London.StartOf(from);
            entries = entries.Where(e => e.At >= start);
        }

        if (To is { } to)
        {
            var end = London.StartOf(to.PlusDays(1));
            entries = entries.Where(e => e.At < end);
        }

        if (!string.IsNullOrWhiteSpace(Reference))
        {
            var subject = (await SubjectAsync()).Id;
            entries = entries.Where(e => e.SubjectId == subject);
        }

        var rows = await TrailReading.NewestAsync(Read, entries);
        More = rows.Count > TrailReading.Most;
        Rows = [.. rows.Take(TrailReading.Most)];
        return Page();
    }

    protected override async Task<IActionResult?> LoadAsync()
    {
        // Closed accounts too: what they did is what is often asked.
        People = await Read.Of<Account>().OrderBy(a => a.FullName).ThenBy(a => a.Id).Select(a => new IdChoice(a.FullName, a.Id)).ToChoicesAsync();
        return null;
    }
}

/// <summary>Who looked at, printed or acted on one thing.</summary>
[Allow(Roles.InformationGovernance, "read the trail")]
[Witnessed]
internal sealed class TrailSubjectModel : SubjectPage
{
    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public Subject? Subject { get; private set; }

    public IReadOnlyList<TrailRow> Rows { get; private set; } = [];

    public IReadOnlyList<(string Who, string? Agency, int Times, Instant Last)> Lookers { get; private set; } = [];

    public bool Held { get; private set; }

    public bool More { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostAsync() => SendAsync(new DisposeSubjectContent(Kind, Id, Reason ?? ""), count =>
    {
        TempData.Notify(NoticeKind.Success, $"The content of {Words.Count(count, "entry", "entries")} was disposed of. The entries stay, and the chain still verifies.");
        return Redirect($"/trail/subject/{Kind}/{Id}");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        var entries = TrailReading.Entries(Read).Where(e => e.SubjectId == Id);
        if (!await entries.AnyAsync()) return NotFound();
        await ViewedAsync(Kind, Id, "view who looked");
        Subject = await Subjects.FindAsync(Read, Kind, Id);
        var rows = await TrailReading.NewestAsync(Read, entries);
        More = rows.Count > TrailReading.Most;
        Rows = [.. rows.Take(TrailReading.Most)];
        Lookers = [.. rows.Where(r => r.Kind is TrailKind.View or TrailKind.Print or TrailKind.Export)
            .GroupBy(r => (r.Who, r.Agency)).Select(g => (g.Key.Who, g.Key.Agency, g.Count(), g.Max(r => r.At))).OrderByDescending(l => l.Item4)];
        Held = await Read.Of<Hold>().AnyAsync(h => h.SubjectId == Id && h.EndedAt == null);
        return null;
    }
}

/// <summary>One entry with its content, where that is still held.</summary>
[Allow(Roles.InformationGovernance, "read the trail")]
[Witnessed]
internal sealed class TrailEntryModel : SubjectPage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public TrailEntry Entry { get; private set; } = null!;

    public TrailRow Row { get; private set; } = null!;

    public TrailContent? Said { get; private set; }

    /// <summary>The content as indented JSON.</summary>
    public string? Shown { get; private set; }

    public bool Sealed { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public Task<IActionResult> OnPostAsync() => SendAsync(new DisposeTrailContent(Id, Reason ?? ""), _ =>
    {
        TempData.Notify(NoticeKind.Success, "The content was disposed of. The entry stays, and the chain still verifies.");
        return Redirect($"/trail/entry/{Id}");
    });

    protected override async Task<IActionResult?> LoadAsync()
    {
        var entry = await TrailReading.Entries(Read).SingleOrDefaultAsync(e => e.Id == Id);
        if (entry is null) return NotFound();
        await ViewedAsync("TrailEntry", Id, "view trail entry");
        Entry = entry;
        Row = (await TrailReading.NewestAsync(Read, TrailReading.Entries(Read).Where(e => e.Id == Id)))[0];
        var authority = Read.AuthorityId;
        Said = await Read.Of<TrailContent>().SingleOrDefaultAsync(c => c.AuthorityId == authority && c.EntryId == Id);
        if (Said?.Content is { } text)
        {
            using var json = JsonDocument.Parse(text);
            Shown = JsonSerializer.Serialize(json.RootElement, Indented);
        }

        Sealed = await Read.Of<TrailSeal>().AnyAsync(s => s.AuthorityId == authority && s.FirstPosition <= entry.Position && s.LastPosition >= entry.Position);
        return null;
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
