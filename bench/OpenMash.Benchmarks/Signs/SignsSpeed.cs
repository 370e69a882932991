using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;
using OpenMash.Engines.Signs;

namespace OpenMash.Benchmarks.Signs;

/// <summary>
/// <c>signs [--mb 256] [--phrases 612] [--rounds 3] [--only NAME] [--flat] [--shipped]</c>: the scanner against reading alone, SearchValues, ripgrep and Hyperscan, on the same notes in the same run.
/// </summary>
internal static class SignsSpeed
{
    public static async Task<int> RunAsync(string[] args)
    {
        var mb = Number(args, "--mb", 256);
        var phraseCount = Number(args, "--phrases", 612);
        var rounds = Number(args, "--rounds", 3);
        var notes = NotesMaker.Make(mb * 1_000_000L, seed: 11);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"notes {notes.Ends.Length:N0}, {notes.Text.Length / 1e6:N0} MB; phrases {phraseCount}; vectors {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits; processors {Environment.ProcessorCount}"));

        if (Array.IndexOf(args, "--only") is var only and >= 0)
        {
            var kind = args[only + 1];
            Report($"{kind}, 1 thread", notes, 1, rounds, Scanner(phraseCount, kind.Contains("misspellings", StringComparison.Ordinal), kind.Contains("context", StringComparison.Ordinal), notes));
            return 0;
        }

        if (args.Contains("--shipped"))
        {
            Shipped(notes, rounds);
            return 0;
        }

        if (args.Contains("--flat"))
        {
            foreach (var n in (int[])[10, 100, 612, 1000, 3000, 10_000])
                Report($"exact, {n} phrases, 1 thread", notes, 1, rounds, Scanner(n, misspellings: false, context: false, notes));
            return 0;
        }

        ReadingAlone(notes, rounds);
        foreach (var threads in (int[])[1, 2])
        {
            Report($"exact with offsets, {threads} thread(s)", notes, threads, rounds, Scanner(phraseCount, false, false, notes));
            Report($"exact, offsets and context, {threads} thread(s)", notes, threads, rounds, Scanner(phraseCount, false, true, notes));
            Report($"with misspellings and context, {threads} thread(s)", notes, threads, rounds, Scanner(phraseCount, true, true, notes));
        }

        Searching(notes, phraseCount);
        await RipgrepAsync(notes, phraseCount);
        Hyperscan(notes, phraseCount, rounds);
        return 0;
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    private static SignScanner Scanner(int phrases, bool misspellings, bool context, NotesMaker.Notes notes)
    {
        var json = JsonSerializer.Serialize(new { signs = NotesMaker.Phrases(phrases).Select((p, i) => new { id = $"s{i}", name = p, phrases = new[] { p } }) });
        return new SignScanner(SignCatalogue.Parse(json), new SignScanOptions { Misspellings = misspellings, Context = context }).TunedTo(notes.Text.AsSpan(0, Math.Min(notes.Text.Length, 1 << 20)));
    }

    /// <summary>Processor seconds of the best round, all threads together: what the wall clock says divided by how busy others keep the machine.</summary>
    private static double lastProcessorSeconds;

    private static double Best(int rounds, Action action)
    {
        // Until the run-time has compiled the hot loops for good.
        var warming = Stopwatch.StartNew();
        do
            action();
        while (warming.Elapsed.TotalSeconds < 2.5);
        var best = double.MaxValue;
        lastProcessorSeconds = double.MaxValue;
        for (var i = 0; i < rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            var before = Environment.CpuUsage.TotalTime;
            action();
            lastProcessorSeconds = Math.Min(lastProcessorSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        return best;
    }

    private static void Report(string name, NotesMaker.Notes notes, int threads, int rounds, SignScanner scanner)
    {
        // Batches of about 1 MB, as the command scans them.
        var batches = notes.Batches(1 << 20).ToArray();
        var buffers = Enumerable.Range(0, threads).Select(_ => new SignScanBuffer()).ToArray();
        long hits = 0;
        var seconds = Best(rounds, () =>
        {
            var next = -1;
            hits = 0;
            var workers = Enumerable.Range(0, threads).Select(t => new Thread(() =>
            {
                long mine = 0;
                while (true)
                {
                    var b = Interlocked.Increment(ref next);
                    if (b >= batches.Length)
                        break;
                    var (start, end, ends) = batches[b];
                    scanner.ScanBatch(notes.Text.AsSpan(start, end - start), ends, buffers[t]);
                    mine += buffers[t].Hits.Length;
                }

                Interlocked.Add(ref hits, mine);
            })).ToArray();
            foreach (var worker in workers)
                worker.Start();
            foreach (var worker in workers)
                worker.Join();
        });
        Line(name, notes.Text.Length / seconds, hits, notes.Text.Length);
    }

    /// <summary>The catalogue that ships with the engine: patterns with gaps, inflections and ages.</summary>
    private static void Shipped(NotesMaker.Notes notes, int rounds)
    {
        var catalogue = SignCatalogue.Shipped();
        foreach (var (name, options) in (ReadOnlySpan<(string, SignScanOptions)>)[
            ("shipped catalogue, exact", new SignScanOptions { Misspellings = false, Context = false }),
            ("shipped catalogue, exact and context", new SignScanOptions { Misspellings = false }),
            ("shipped catalogue, misspellings and context", new SignScanOptions())])
        {
            var scanner = new SignScanner(catalogue, options).TunedTo(notes.Text.AsSpan(0, Math.Min(notes.Text.Length, 1 << 20)));
            Report($"{name}, {scanner.FormCount} forms", notes, 1, rounds, scanner);
        }
    }

    private static void Line(string name, double bytesPerSecond, long hits, long bytes) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-48} {bytesPerSecond / 1e9,7:0.000} GB/s wall {(lastProcessorSeconds > 0 ? bytes / lastProcessorSeconds / 1e9 : 0),7:0.000} GB a processor second {hits,12:N0} hits ({hits * 1000.0 / Math.Max(1, bytes / 1000):0.00} per MB)"));

    private static void ReadingAlone(NotesMaker.Notes notes, int rounds)
    {
        long sum = 0;
        var seconds = Best(rounds, () => sum += notes.Text.AsSpan().Count((byte)0xFE));
        Line("reading alone, 1 thread", notes.Text.Length / seconds, sum, notes.Text.Length);
    }

    private static void Searching(NotesMaker.Notes notes, int phraseCount)
    {
        var size = Math.Min(notes.Text.Length, 16_000_000);
        var text = Encoding.UTF8.GetString(notes.Text, 0, size);
        var values = SearchValues.Create(NotesMaker.Phrases(phraseCount), StringComparison.OrdinalIgnoreCase);
        long hits = 0;
        var seconds = Best(1, () =>
        {
            hits = 0;
            var rest = text.AsSpan();
            while (true)
            {
                var at = rest.IndexOfAny(values);
                if (at < 0)
                    break;
                hits++;
                rest = rest[(at + 1)..];
            }
        });
        Line(".NET SearchValues<string> (no word test), 1 thread", size / seconds, hits, size);
    }

    private static async Task RipgrepAsync(NotesMaker.Notes notes, int phraseCount)
    {
        var folder = Directory.CreateTempSubdirectory("signs-bench");
        try
        {
            var size = Math.Min(notes.Text.Length, 64_000_000);
            var text = notes.Text[..size];
            text.AsSpan().Replace(SignScanner.NoteSeparator, (byte)'\n');
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "notes.txt"), text);
            await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "phrases.txt"), NotesMaker.Phrases(phraseCount));
            var start = new ProcessStartInfo("rg") { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, UseShellExecute = false };
            foreach (var a in (string[])["-i", "-w", "-F", "-o", "-b", "--no-line-number", "-a", "-j", "1", "-f", "phrases.txt", "notes.txt"])
                start.ArgumentList.Add(a);
            for (var round = 0; round < 2; round++)
            {
                var watch = Stopwatch.StartNew();
                using var process = Process.Start(start)!;
                long hits = 0;
                while (await process.StandardOutput.ReadLineAsync() is not null)
                    hits++;
                await process.WaitForExitAsync();
                lastProcessorSeconds = 0;
                if (round == 1)
                    Line("ripgrep -i -w -F -o -b, 1 thread (with output)", size / watch.Elapsed.TotalSeconds, hits, size);
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine("ripgrep is not installed here: not measured.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static unsafe void Hyperscan(NotesMaker.Notes notes, int phraseCount, int rounds)
    {
        if (!NativeLibrary.TryLoad("libhs.so.5", out var library))
        {
            Console.WriteLine("Hyperscan (libhs.so.5) is not installed here: not measured.");
            return;
        }

        var compile = (delegate* unmanaged<byte**, uint*, uint*, uint, uint, void*, void**, void**, int>)NativeLibrary.GetExport(library, "hs_compile_multi");
        var allocate = (delegate* unmanaged<void*, void**, int>)NativeLibrary.GetExport(library, "hs_alloc_scratch");
        var scan = (delegate* unmanaged<void*, byte*, uint, uint, void*, delegate* unmanaged<uint, ulong, ulong, uint, void*, int>, void*, int>)NativeLibrary.GetExport(library, "hs_scan");
        const uint Caseless = 1;
        const uint BlockMode = 1;
        var phrases = NotesMaker.Phrases(phraseCount);
        var pointers = (byte**)NativeMemory.Alloc((nuint)(phrases.Length * sizeof(byte*)));
        var flags = (uint*)NativeMemory.Alloc((nuint)(phrases.Length * sizeof(uint)));
        var ids = (uint*)NativeMemory.Alloc((nuint)(phrases.Length * sizeof(uint)));
        for (var i = 0; i < phrases.Length; i++)
        {
            pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8("\\b" + phrases[i].Replace(" ", "\\s+", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal) + "\\b");
            flags[i] = Caseless;
            ids[i] = (uint)i;
        }

        void* database;
        void* fault;
        void* scratch = null;
        if (compile(pointers, flags, ids, (uint)phrases.Length, BlockMode, null, &database, &fault) != 0 || allocate(database, &scratch) != 0)
        {
            Console.WriteLine("Hyperscan could not compile the phrases: not measured.");
            return;
        }

        var counter = (long*)NativeMemory.AllocZeroed(sizeof(long));
        var compiled = (nint)database;
        var working = (nint)scratch;
        var batches = notes.Batches(1 << 20).ToArray();
        var seconds = Best(rounds, () =>
        {
            *counter = 0;
            fixed (byte* text = notes.Text)
            {
                foreach (var (start, end, _) in batches)
                    _ = scan((void*)compiled, text + start, (uint)(end - start), 0, (void*)working, &OnMatch, counter);
            }
        });
        Line("Hyperscan, caseless, words, any spacing, 1 thread", notes.Text.Length / seconds, *counter, notes.Text.Length);
    }

    [UnmanagedCallersOnly]
    private static unsafe int OnMatch(uint id, ulong from, ulong to, uint flags, void* counter)
    {
        ++*(long*)counter;
        return 0;
    }
}
