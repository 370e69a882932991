using System.Diagnostics;
using System.Globalization;
using NodaTime;
using OpenMash.Engines.Returns.Cin;

namespace OpenMash.Benchmarks.Returns;

/// <summary>`cin [--children 1000,10000,100000]`: writing and reading a census file in memory, one thread.</summary>
internal static class CinMeasurement
{
    public static Task<int> RunAsync(string[] args)
    {
        int[] sizes = [1_000, 10_000, 100_000];
        if (args.Length == 2 && args[0] == "--children")
            sizes = [.. args[1].Split(',').Select(s => int.Parse(s, NumberStyles.None, CultureInfo.InvariantCulture))];
        Measure(2_000, print: false);
        Console.WriteLine($"Children in Need census, one thread of {Environment.ProcessorCount}, .NET {Environment.Version}");
        Console.WriteLine("children   megabytes  write s  read s   MB/s read  children/s read");
        foreach (var size in sizes)
            Measure(size, print: true);
        return Task.FromResult(0);
    }

    private static void Measure(int children, bool print)
    {
        var rows = Make(children);
        using var stream = new MemoryStream();
        var write = Stopwatch.StartNew();
        CinWriter.Write(stream, rows);
        write.Stop();
        stream.Position = 0;
        var read = Stopwatch.StartNew();
        var result = CinReader.Read(stream, new CinReadOptions { MaxBytes = long.MaxValue });
        read.Stop();
        if (result.Return?.Children.Count != children || result.Findings.Count != 0)
            throw new InvalidOperationException($"Read {result.Return?.Children.Count} children with {result.Findings.Count} findings.");
        if (print)
        {
            var megabytes = stream.Length / 1e6;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{children,-10} {megabytes,-10:0.0} {write.Elapsed.TotalSeconds,-8:0.000} {read.Elapsed.TotalSeconds,-8:0.000} {megabytes / read.Elapsed.TotalSeconds,-10:0} {children / read.Elapsed.TotalSeconds:0}"));
        }
    }

    private static CinReturn Make(int children)
    {
        var random = new Random(1);
        LocalDate Day() => new LocalDate(2025, 4, 1).PlusDays(random.Next(365));
        return new CinReturn
        {
            Year = 2026,
            Header = new CinHeader { Collection = "CIN", Year = 2026, ReferenceDate = new LocalDate(2026, 3, 31), Sources = [new CinSource { SourceLevel = "L", Lea = "801" }] },
            Children =
            [
                .. Enumerable.Range(1, children).Select(i => new CinChild
                {
                    LAchildID = $"C{i}",
                    Upn = "H801200001001",
                    BirthDate = new LocalDate(2012, 1, 1).PlusDays(random.Next(4000)),
                    Sex = i % 2 == 0 ? "F" : "M",
                    Ethnicity = "WBRI",
                    Disabilities = ["NONE"],
                    Episodes =
                    [
                        .. Enumerable.Range(0, 1 + (i % 3)).Select(_ => new CinEpisode
                        {
                            ReferralDate = Day(),
                            ReferralSource = "6",
                            PrimaryNeedCode = "N1",
                            ReferralNfa = false,
                            Assessments = [new CinAssessment { StartDate = Day(), AuthorisationDate = Day(), Factors = ["3B", "4B", "16A"] }],
                            CinPlans = [new CinPlan { StartDate = Day(), EndDate = Day() }],
                            Section47s = [new CinSection47 { StartDate = Day(), InitialCpcTarget = Day(), DateOfInitialCpc = Day(), IcpcNotRequired = false }],
                            ProtectionPlans = [new CinProtectionPlan { StartDate = Day(), InitialCategory = "NEG", LatestCategory = "NEG", NumberOfPreviousPlans = 0, Reviews = [Day(), Day()] }],
                        }),
                    ],
                }),
            ],
        };
    }
}
