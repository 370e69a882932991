using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Kernel;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Platform.Drafts;

/// <summary>A draft is read by its author, and at the end of a shift by the person it was handed to. Nobody else, the hub's manager included.</summary>
internal sealed class DraftAccess : AccessRule<Draft>
{
    public override Expression<Func<Draft, int>> For(Viewer viewer, RecordContext db, Instant now)
    {
        if (viewer.IsSystem) return d => Verdict.Code(AccessLevel.Work, AccessReason.SystemActor);
        if (viewer.Kind != ViewerKind.Person || viewer.AccountId is not { } account) return d => 0;
        const int own = VerdictCode.OwnWork, handed = VerdictCode.AllocatedWork;
        return d => d.AccountId == account ? own : d.HandedToAccountId == account ? handed : 0;
    }
}

internal sealed class SaveDraftHandler : Handler<SaveDraft, DraftSaved>
{
    public const int MostCharacters = 400_000;
    private const int MostFormName = 120;

    public override ValueTask<string?> AuthoriseAsync(SaveDraft command, Act act) => ValueTask.FromResult(DraftRules.MayKeep(act));

    public override ValueTask CheckAsync(SaveDraft command, Problems problems, Act act)
    {
        problems.Require(command.Form, "Form", "Say to which form the draft belongs.");
        problems.MaxLength(command.Form, MostFormName, "Form", "The form's name");
        problems.MaxLength(command.Fields, MostCharacters, "Fields", "A draft");
        return ValueTask.CompletedTask;
    }

    public override async Task<Outcome<DraftSaved>> HandleAsync(SaveDraft command, Act act)
    {
        var account = act.Actor.AccountId!.Value;
        var form = command.Form;
        var draft = command.DraftId is { } id
            ? await act.Write.FindAsync<Draft>(id)
            : (await act.Write.LoadAsync<Draft>(d => d.AccountId == account && d.Form == form && d.SentAt == null)).LastOrDefault();
        if (draft is null)
        {
            draft = act.Write.Add(new Draft { Id = command.DraftId ?? act.NewId(), AccountId = account, Form = form, Fields = command.Fields, StartedAt = act.Now, SavedAt = act.Now });
            act.About("Draft", draft.Id);
            return new DraftSaved(draft.Id, act.Now);
        }

        if (!DraftRules.IsMine(draft, account)) return new Outcome<DraftSaved>.NotFound();
        if (draft.SentAt is not null) return new Outcome<DraftSaved>.Conflict($"This draft was already sent{(draft.SentAs is null ? "" : $" as {draft.SentAs}")}.");
        if (command.SeenSavedAt is { } seen && seen != draft.SavedAt) return new Outcome<DraftSaved>.Conflict("This draft was changed in another window.");
        // Whoever goes on with a draft that was handed over has taken it over.
        if (draft.AccountId != account) draft.AccountId = account;
        draft.HandedToAccountId = null;
        draft.HandedAt = null;
        draft.Fields = command.Fields;
        draft.SavedAt = act.Now;
        act.About("Draft", draft.Id);
        return new DraftSaved(draft.Id, act.Now);
    }
}

internal sealed class DiscardDraftHandler : Handler<DiscardDraft, Nothing>
{
    public override ValueTask<string?> AuthoriseAsync(DiscardDraft command, Act act) => ValueTask.FromResult(DraftRules.MayKeep(act));

    public override async Task<Outcome<Nothing>> HandleAsync(DiscardDraft command, Act act)
    {
        var draft = await act.Write.FindAsync<Draft>(command.DraftId);
        if (draft is null || !DraftRules.IsMine(draft, act.Actor.AccountId!.Value)) return new Outcome<Nothing>.NotFound();
        if (draft.SentAt is not null) return new Outcome<Nothing>.Conflict("This draft was already sent; what was sent stays.");
        act.About("Draft", draft.Id);
        act.Write.Remove(draft);
        return Nothing.Value;
    }
}

/// <summary>What every command on drafts shares.</summary>
public static class DraftRules
{
    internal static string? MayKeep(Act act) =>
        act.Actor is { Kind: ViewerKind.Person, AccountId: not null, AgencyId: not null } ? null : "To keep a draft you must be signed in with a membership that holds today.";

    internal static bool IsMine(Draft draft, Guid account) => draft.AccountId == account || draft.HandedToAccountId == account;

    /// <summary>Closes the draft a command was made from: it is sent, and shows as what. A draft of someone else, or sent before, is left alone.</summary>
    public static async Task CloseDraftAsync(this Act act, Guid? draftId, string sentAs)
    {
        if (draftId is not { } id || act.Actor.AccountId is not { } account) return;
        var draft = await act.Platform.FindAsync<Draft>(id);
        if (draft is null || !IsMine(draft, account) || draft.SentAt is not null) return;
        draft.SentAt = act.Now;
        draft.SentAs = sentAs;
    }
}

/// <summary>A draft with its fields, for a page that goes on with it.</summary>
public sealed record DraftRead(Guid Id, string Form, Instant SavedAt, IReadOnlyDictionary<string, string[]> Fields)
{
    /// <summary>Where the form keeps itself as one types: for <c>data-autosave-url</c>.</summary>
    public string AutosaveUrl => DraftEndpoint.UrlOf(Form, Id, SavedAt);

    public string Field(string name) => Fields.TryGetValue(name, out var values) && values.Length > 0 ? values[0] : "";

    public IReadOnlyList<string> Values(string name) => Fields.TryGetValue(name, out var values) ? values : [];
}

/// <summary>Reads drafts for their author.</summary>
public static class DraftReading
{
    /// <summary>The viewer's newest open draft of a form, or null.</summary>
    public static async Task<DraftRead?> DraftOfAsync(this RecordReader read, Viewer viewer, string form, CancellationToken ct) =>
        await read.Visible<Draft>(viewer).Where(d => d.Form == form && d.SentAt == null).OrderByDescending(d => d.SavedAt).FirstOrDefaultAsync(ct) is { } draft ? Open(draft) : null;

    /// <summary>One open draft of the viewer's by its id, or null.</summary>
    public static async Task<DraftRead?> DraftAsync(this RecordReader read, Viewer viewer, Guid id, CancellationToken ct) =>
        await read.Visible<Draft>(viewer).SingleOrDefaultAsync(d => d.Id == id && d.SentAt == null, ct) is { } draft ? Open(draft) : null;

    /// <summary>All open drafts of the viewer's of a form, the last saved first.</summary>
    public static async Task<IReadOnlyList<DraftRead>> DraftsOfAsync(this RecordReader read, Viewer viewer, string form, CancellationToken ct) =>
        [.. (await read.Visible<Draft>(viewer).Where(d => d.Form == form && d.SentAt == null).OrderByDescending(d => d.SavedAt).ToListAsync(ct)).Select(Open)];

    private static DraftRead Open(Draft draft) =>
        new(draft.Id, draft.Form, draft.SavedAt, JsonSerializer.Deserialize<Dictionary<string, string[]>>(draft.Fields, HubJson.Options) ?? []);
}
