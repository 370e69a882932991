using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Slots;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Files;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Files;

/// <summary>Who may see that to which a file is attached may have the file. Each room answers for the kinds it owns.</summary>
public interface IFileOwner : ISlot
{
    /// <summary>The owner's kind as files name it: <c>Contact</c>, <c>Contribution</c>, …</summary>
    string Kind { get; }

    Task<Verdict> VerdictAsync(Viewer viewer, Guid ownerId, CancellationToken ct);
}

/// <summary><c>GET /files/{id}</c>: always a download of the original, never shown in place; a quarantined file is not served; each download is in the trail.</summary>
internal static class FileDownloads
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/files/{id:guid}", GetAsync).RequireAuthorization(new AllowMembersAttribute()).ExcludeFromDescription();

    private static async Task GetAsync(HttpContext http, Guid id, RecordReader read, FileVault vault, CommandRunner runner, IEnumerable<IFileOwner> owners)
    {
        var ct = http.RequestAborted;
        var viewer = http.Viewer();
        var file = await read.Of<StoredFile>().SingleOrDefaultAsync(f => f.Id == id, ct);
        var owner = file is null ? null : owners.FirstOrDefault(o => o.Kind == file.OwnerKind);
        var verdict = owner is null ? Verdict.From(0) : await owner.VerdictAsync(viewer, file!.OwnerId, ct);
        if (verdict.Level == AccessLevel.None && verdict.Reason == AccessReason.NotYours)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (verdict.Level < AccessLevel.Read)
        {
            await RefuseAsync(verdict.Words);
            return;
        }

        if (file!.Scan == ScanState.Quarantined)
        {
            await RefuseAsync("The scanner objected to this file. The original is kept as it was received, and is not given out. Ask the hub's manager.");
            return;
        }

        if (await vault.ReadAsync(file.Sha256, ct) is not { } content)
            throw new InvalidOperationException($"The content of the file {file.Id} is not in the vault.");
        await runner.WitnessAsync(viewer, TrailKind.View, "download File", file.OwnerKind, file.OwnerId, new { file = file.Id, file.Sha256 }, ct);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await Results.File(content, file.ContentType, file.Name).ExecuteAsync(http);

        async Task RefuseAsync(string reason)
        {
            await runner.WitnessAsync(viewer, TrailKind.Refusal, "download File", file!.OwnerKind, file.OwnerId, new { reason }, ct);
            await Refusals.WriteAsync(http, reason);
        }
    }
}
