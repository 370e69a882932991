using System.Text;

namespace OpenMash.Hub.Platform.Files;

/// <summary>The file as a whole cannot be read; the message says where and what to do.</summary>
internal sealed class UnreadableFileException(string message) : Exception(message);

/// <summary>Text of a file that someone sent.</summary>
internal static class TextFile
{
    /// <summary>The most that is taken of one file, in bytes.</summary>
    public const long MostBytes = 20L << 20;

    /// <summary>What is wrong with a file before it is read; null if nothing.</summary>
    /// <param name="file">As sent.</param>
    /// <param name="kinds">Which kinds are taken, for example "CSV or JSON".</param>
    /// <param name="parts">How to send what is too large.</param>
    public static string? Problem(IFormFile? file, string kinds, string parts) =>
        file is null || file.Length == 0 ? $"Choose a file: {kinds}, at most 20 MB."
        : file.Length > MostBytes ? $"The file has {file.Length / 1048576.0:0.0} MB; at most 20 MB are taken at once. {parts}"
        : null;

    /// <summary>The bytes and the text of a file.</summary>
    /// <exception cref="UnreadableFileException">It is empty or not in a known encoding.</exception>
    public static async Task<(byte[] Bytes, string Text)> ReadAsync(IFormFile file, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await file.CopyToAsync(buffer, ct);
        var bytes = buffer.ToArray();
        return (bytes, Decode(bytes));
    }

    /// <summary>Decodes UTF-8 (with or without mark) or UTF-16 with a mark; anything else is refused in one sentence.</summary>
    public static string Decode(byte[] bytes)
    {
        if (bytes.Length == 0) throw new UnreadableFileException("The file is empty.");
        try
        {
            if (bytes.AsSpan().StartsWith([(byte)0xFF, (byte)0xFE])) return new UnicodeEncoding(false, true, true).GetString(bytes, 2, bytes.Length - 2);
            if (bytes.AsSpan().StartsWith([(byte)0xFE, (byte)0xFF])) return new UnicodeEncoding(true, true, true).GetString(bytes, 2, bytes.Length - 2);
            var from = bytes.AsSpan().StartsWith([(byte)0xEF, (byte)0xBB, (byte)0xBF]) ? 3 : 0;
            return new UTF8Encoding(false, true).GetString(bytes, from, bytes.Length - from);
        }
        catch (DecoderFallbackException e)
        {
            throw new UnreadableFileException($"The file is not UTF-8: it has an invalid byte at position {e.Index}. Save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\") and send it again. Nothing was taken in.");
        }
    }
}
