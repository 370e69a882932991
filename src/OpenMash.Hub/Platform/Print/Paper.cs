using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace OpenMash.Hub.Platform.Print;

/// <summary>Draws a partial view as text, so that a printed document can be made without a browser asking for it.</summary>
public sealed class PaperWriter(IRazorViewEngine engine, ITempDataProvider tempData)
{
    public async Task<string> DrawAsync(ActionContext context, string partial, object model)
    {
        ArgumentNullException.ThrowIfNull(context);
        var found = engine.GetView(null, partial, isMainPage: false);
        if (!found.Success) throw new InvalidOperationException($"There is no view {partial}.");
        await using var text = new StringWriter();
        var data = new ViewDataDictionary(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = model };
        var view = new ViewContext(context, found.View, data, new TempDataDictionary(context.HttpContext, tempData), text, new HtmlHelperOptions());
        await found.View.RenderAsync(view);
        return text.ToString();
    }
}

/// <summary>Makes a PDF by Chromium where one is found: <c>Pdf:Chromium</c>, or on the path. Nothing is fetched from anywhere: styles are laid into the document.</summary>
public sealed partial class PdfPrinter(IConfiguration configuration, IWebHostEnvironment web)
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>The program, or null where none is found.</summary>
    public string? Program =>
        configuration["Pdf:Chromium"] is { Length: > 0 } named ? (File.Exists(named) ? named : null)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => Names.Select(n => Path.Combine(folder, n))).FirstOrDefault(File.Exists);

    /// <summary>Null where no Chromium is found or it made nothing within a minute.</summary>
    public async Task<byte[]?> MakeAsync(string title, string body, CancellationToken ct)
    {
        if (Program is not { } program) return null;
        var folder = Path.Combine(Path.GetTempPath(), "openmash-pdf-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await OneAtATime.WaitAsync(ct);
        try
        {
            var page = Path.Combine(folder, "page.html");
            var pdf = Path.Combine(folder, "page.pdf");
            await File.WriteAllTextAsync(page, await DocumentAsync(title, body, ct), ct);
            var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            string[] arguments = ["--headless", "--disable-gpu", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={folder}/profile", "--no-pdf-header-footer", $"--print-to-pdf={pdf}", new Uri(page).AbsoluteUri];
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
            var drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeSpan.FromMinutes(1));
            try
            {
                await process.WaitForExitAsync(limit.Token);
                await drained;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                ct.ThrowIfCancellationRequested();
                return null;
            }

            return File.Exists(pdf) ? await File.ReadAllBytesAsync(pdf, ct) : null;
        }
        finally
        {
            OneAtATime.Release();
            Directory.Delete(folder, true);
        }
    }

    private async Task<string> DocumentAsync(string title, string body, CancellationToken ct)
    {
        var styles = new List<string>();
        foreach (var sheet in new[] { "vendor/govuk/govuk-work.css", "vendor/moj/moj.css", "css/hub.css" })
        {
            await using var stream = web.WebRootFileProvider.GetFileInfo(sheet).CreateReadStream();
            using var reader = new StreamReader(stream);
            styles.Add(Imports().Replace(await reader.ReadToEndAsync(ct), ""));
        }

        var encoded = System.Net.WebUtility.HtmlEncode(title);
        return $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{encoded}</title><style>{string.Join('\n', styles)}</style></head><body class=\"hub-paper\">{body}</body></html>";
    }

    [GeneratedRegex(@"@import[^;]+;", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Imports();
}
