using System.Diagnostics;
using System.Globalization;
using NodaTime;
using OpenMash.Engines.Clocks;

namespace OpenMash.Benchmarks.Clocks;

/// <summary>
/// `clocks [--plans 5000,50000,500000] [--seed 1]`: all duties of open plans with five years of facts, one thread. Plans are made in
/// blocks of at most 50,000 so that memory does not grow with the number; only the judging is timed.
/// </summary>
internal static class ClocksMeasurement
{
    private const int Block = 50_000;
    private const int Years = 5;
    private static readonly LocalDate Today = new(2026, 11, 20);
    private static readonly string[] PlanTypes = ["early-help", "child-in-need", "child-protection", "looked-after", "care-leaver"];

    // Median days between facts of one kind: near the shipped limits, so that some are late.
    private static readonly (string Kind, int Days)[] Rhythms =
        [("visit", 26), ("review", 120), ("supervision", 30), ("core-group", 30), ("meeting", 60), ("plan-updated", 150)];

    public static Task<int> RunAsync(string[] args)
    {
        int[] sizes = [5_000, 50_000, 500_000];
        var seed = 1;
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--plans":
                    sizes = [.. args[i + 1].Split(',').Select(s => int.Parse(s, NumberStyles.None, CultureInfo.InvariantCulture))];
                    break;
                case "--seed":
                    seed = int.Parse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                default:
                    Console.Error.WriteLine($"clocks: unknown option {args[i]}; known are --plans and --seed.");
                    return Task.FromResult(2);
            }
        }

        var monitor = new DutyMonitor(
            ClockRuleSet.Shipped, new HubCalendar(WorkingCalendar.EnglandAndWales, OpeningHours.Weekdays(new LocalTime(9, 0), new LocalTime(17, 0))));
        // Warm enough for the compiler to be done.
        Measure(monitor, 25_000, seed, out _, out _);
        Console.WriteLine($"All duties of open plans with {Years} years of facts, one thread of {Environment.ProcessorCount}, {Environment.OSVersion.Platform}, .NET {Environment.Version}");
        Console.WriteLine("plans      facts        duties       overdue    seconds  cpu s    plans/cpu s  ns/duty (cpu)");
        foreach (var plans in sizes)
        {
            var elapsed = Measure(monitor, plans, seed, out var totals, out var overdue);
            var (facts, duties) = totals;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{plans,-10} {facts,-12} {duties,-12} {overdue,-10} {elapsed.Wall.TotalSeconds,-8:0.000} {elapsed.Cpu.TotalSeconds,-8:0.000} {plans / elapsed.Cpu.TotalSeconds,-12:0} {elapsed.Cpu.TotalNanoseconds / duties:0.0}"));
        }

        return Task.FromResult(0);
    }

    private static (TimeSpan Wall, TimeSpan Cpu) Measure(DutyMonitor monitor, int plans, int seed, out (long Facts, long Duties) totals, out long overdue)
    {
        var random = new Random(seed);
        var now = London.StartOf(Today) + Duration.FromHours(10);
        var buffer = new List<Duty>(1024);
        var facts = new List<DutyFact>();
        var ends = new List<int>();
        var (wall, cpu) = (TimeSpan.Zero, TimeSpan.Zero);
        using var process = Process.GetCurrentProcess();
        totals = (0, 0);
        overdue = 0;
        for (var done = 0; done < plans; done += Block)
        {
            facts.Clear();
            ends.Clear();
            var count = Math.Min(Block, plans - done);
            for (var i = 0; i < count; i++)
            {
                MakePlan(monitor, PlanTypes[i % PlanTypes.Length], random, facts);
                ends.Add(facts.Count);
            }

            totals.Facts += facts.Count;
            var span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(facts);
            process.Refresh();
            var before = process.TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            var start = 0;
            for (var i = 0; i < count; i++)
            {
                buffer.Clear();
                monitor.Judge(PlanTypes[i % PlanTypes.Length], null, span[start..ends[i]], now, buffer);
                start = ends[i];
                totals.Duties += buffer.Count;
                foreach (var duty in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(buffer))
                {
                    if (duty.State == ClockState.Overdue)
                        overdue++;
                }
            }

            wall += watch.Elapsed;
            process.Refresh();
            cpu += process.TotalProcessorTime - before;
        }

        return (wall, cpu);
    }

    private static void MakePlan(DutyMonitor monitor, string planType, Random random, List<DutyFact> facts)
    {
        var first = facts.Count;
        var start = Today.PlusDays(-(Years * 365) - random.Next(30));
        facts.Add(new DutyFact(monitor.Kind("plan-started"), At(start, random)));
        foreach (var (kind, days) in Rhythms)
        {
            if (kind == (planType == "child-protection" ? "meeting" : "core-group"))
                continue;
            var number = monitor.Kind(kind);
            for (var date = start; ;)
            {
                date = date.PlusDays(1 + (int)(days * (0.6 + (0.8 * random.NextDouble()))));
                if (date > Today)
                    break;
                facts.Add(new DutyFact(number, At(date, random)));
            }
        }

        // As a record hands them over: in order of happening.
        facts.Sort(first, facts.Count - first, Comparer<DutyFact>.Create((a, b) => a.At.CompareTo(b.At)));
    }

    private static Instant At(LocalDate date, Random random) => London.StartOf(date) + Duration.FromMinutes(random.Next(9 * 60, 17 * 60));
}
