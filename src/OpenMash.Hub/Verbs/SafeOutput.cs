namespace OpenMash.Hub.Verbs;

/// <summary>
/// An output file that appears under its name only when it is whole: written beside it under a temporary name, flushed to disk, then renamed.
/// A device (such as /dev/stdout) cannot be renamed onto and is written directly.
/// </summary>
internal sealed class SafeOutput : IDisposable
{
    private readonly string target;
    private readonly string? temporary;
    private bool committed;

    public SafeOutput(string path)
    {
        target = Path.GetFullPath(path);
        if (Directory.Exists(target))
            throw new SignsVerbs.RefusedException($"{path} is a folder: give the name of a file to write.");
        if (target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal))
        {
            Stream = new FileStream(target, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 });
            return;
        }

        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            throw new SignsVerbs.RefusedException($"There is no folder {folder} to write {Path.GetFileName(target)} in: make it first.");
        temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Environment.ProcessId}.partial");
        Stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 });
    }

    public FileStream Stream { get; }

    public void Commit()
    {
        Stream.Flush(flushToDisk: temporary is not null);
        Stream.Dispose();
        if (temporary is not null)
            File.Move(temporary, target, overwrite: true);
        committed = true;
    }

    public void Dispose()
    {
        if (committed)
            return;
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // The failure that matters is already on its way to the caller.
        }

        if (temporary is not null)
            File.Delete(temporary);
    }
}
