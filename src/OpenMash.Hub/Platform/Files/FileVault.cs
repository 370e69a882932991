using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Record;
using OpenMash.Records.Files;

namespace OpenMash.Hub.Platform.Files;

/// <summary>Looks at a file for malware; configured by the operator. Without one, files are marked as not scanned.</summary>
public interface IFileScanner
{
    /// <summary>True if nothing was found.</summary>
    Task<bool> IsCleanAsync(Stream content, CancellationToken ct);
}

/// <summary>A file laid into the vault, before a command attaches it to something.</summary>
public sealed record VaultedFile(string Sha256, long Length, string ContentType, string Name, ScanState Scan);

/// <summary>
/// Content-addressed originals: a folder beside the SQLite record, the database on PostgreSQL. A blob is laid down before the command that attaches it,
/// so that an acknowledged attachment is never lost; a blob that nothing refers to is swept later.
/// </summary>
public sealed class FileVault(RecordStore store, IServiceProvider services)
{
    public const long MostBytes = 50L << 20;

    private static readonly (byte[] Magic, string Type)[] Magics =
    [
        ("%PDF-"u8.ToArray(), "application/pdf"),
        ([0x89, 0x50, 0x4E, 0x47], "image/png"),
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        ("GIF8"u8.ToArray(), "image/gif"),
        ([0x50, 0x4B, 0x03, 0x04], "application/zip"),
        ([0xD0, 0xCF, 0x11, 0xE0], "application/x-ole-storage"),
        ("RIFF"u8.ToArray(), "image/webp"),
    ];

    /// <summary>Keeps the bytes as they are. Null where the file is larger than <see cref="MostBytes"/>.</summary>
    public async Task<VaultedFile?> KeepAsync(Stream content, string name, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        int read;
        while ((read = await content.ReadAsync(chunk, ct)) > 0)
        {
            if (buffer.Length + read > MostBytes) return null;
            buffer.Write(chunk, 0, read);
        }

        var bytes = buffer.ToArray();
        var sha = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var scan = ScanState.NotScanned;
        if (services.GetService<IFileScanner>() is { } scanner)
            scan = await scanner.IsCleanAsync(new MemoryStream(bytes), ct) ? ScanState.Clean : ScanState.Quarantined;
        if (store.IsSqlite) await KeepInFolderAsync(sha, bytes, ct);
        else await KeepInDatabaseAsync(sha, bytes, ct);
        var safeName = Path.GetFileName(name.Replace('\\', '/'));
        return new VaultedFile(sha, bytes.Length, TrueType(bytes, safeName), safeName.Length == 0 ? "file" : safeName, scan);
    }

    public async Task<byte[]?> ReadAsync(string sha256, CancellationToken ct)
    {
        if (store.IsSqlite)
        {
            var path = PathOf(sha256);
            return File.Exists(path) ? await File.ReadAllBytesAsync(path, ct) : null;
        }

        await using var db = store.Open(0);
        return await db.Set<FileBlob>().AsNoTracking().Where(b => b.Sha256 == sha256).Select(b => b.Content).SingleOrDefaultAsync(ct);
    }

    /// <summary>The type by content; the claimed one is not believed.</summary>
    public static string TrueType(ReadOnlySpan<byte> bytes, string name)
    {
        foreach (var (magic, type) in Magics)
        {
            if (!bytes.StartsWith(magic)) continue;
            if (type != "application/zip") return type;
            return Path.GetExtension(name).ToUpperInvariant() switch
            {
                ".DOCX" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                ".XLSX" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                _ => type,
            };
        }

        var head = bytes[..Math.Min(bytes.Length, 4096)];
        return head.Contains((byte)0) ? "application/octet-stream" : "text/plain";
    }

    private async Task KeepInFolderAsync(string sha, byte[] bytes, CancellationToken ct)
    {
        var path = PathOf(sha);
        if (File.Exists(path)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + "." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 81920, FileOptions.WriteThrough))
        {
            await file.WriteAsync(bytes, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private async Task KeepInDatabaseAsync(string sha, byte[] bytes, CancellationToken ct)
    {
        await using var command = store.DataSource!.CreateCommand("""INSERT INTO "FileBlob" ("Sha256", "Content") VALUES (@sha, @content) ON CONFLICT DO NOTHING""");
        command.Parameters.AddWithValue("sha", sha);
        command.Parameters.AddWithValue("content", bytes);
        await command.ExecuteNonQueryAsync(ct);
    }

    private string PathOf(string sha) => Path.Combine(store.Location.DataDirectory, "files", sha[..2], sha);
}
