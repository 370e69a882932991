using System.Diagnostics;
using System.Globalization;
using OpenMash.Engines.Matching;

namespace OpenMash.Benchmarks.Matching;

/// <summary>
/// match-lookup [--people 1000000] [--asked 5000] [--errors low|middle|high|other] [--seed 1] [--siblings 0.3]: "who could this be?" against a register, one
/// thread. Known people are asked with errors; unknown ones, a share of them new siblings in known homes, must raise no strong match.
/// </summary>
internal static class MatchLookup
{
    public static async Task<int> RunAsync(string[] args)
    {
        var a = new Arguments(args);
        var people = (int)a.Number("--people", 1_000_000);
        var asked = (int)a.Number("--asked", 5000);
        var seed = (ulong)a.Number("--seed", 1);
        var rates = ErrorRates.Parse(a.Text("--errors", "middle"));
        var generator = new Generator(seed, rates);
        var other = rates == ErrorRates.None ? new OtherHabits(seed) : null;
        var rows = generator.Write((int)(people * 1.05), 0.05);
        var register = new Dictionary<int, Written>();
        var later = new List<Written>();
        foreach (var r in rows)
        {
            var first = !register.ContainsKey(r.Person);
            var written = other?.Rewrite(r, rows, first) ?? r;
            if (first)
                register.Add(r.Person, written);
            else
                later.Add(written);
        }

        var strangers = generator.Strangers(asked, [.. register.Values.Take(20_000)], a.Number("--siblings", .3));
        if (other is not null)
            strangers = [.. strangers.Select(s => other.Rewrite(s, rows, false))];
        var clock = Stopwatch.StartNew();
        using var index = new PeopleIndex(expectedPeople: register.Count);
        foreach (var r in register.Values)
            index.Put(Describe(r, r.Person.ToString(CultureInfo.InvariantCulture)));
        var build = clock.Elapsed.TotalSeconds;
        clock.Restart();
        using var snapshot = new MemoryStream();
        index.Save(snapshot);
        var save = clock.Elapsed.TotalSeconds;
        clock.Restart();
        snapshot.Position = 0;
        using (PeopleIndex.Load(snapshot))
        {
        }

        var load = clock.Elapsed.TotalSeconds;
        var known = later.Take(asked).ToArray();
        foreach (var r in known.Take(Math.Min(2000, known.Length)))
            index.Find(Describe(r, "?"));
        var times = new List<double>();
        int top = 0, strong = 0, shown = 0;
        var misses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var r in known)
        {
            var question = Describe(r, "?");
            var start = Stopwatch.GetTimestamp();
            var found = index.Find(question);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            var right = r.Person.ToString(CultureInfo.InvariantCulture);
            if (found.Count > 0 && found[0].Id == right)
                top++;
            if (found.Count > 0 && found[0].Id == right && found[0].Probability >= .95)
                strong++;
            if (found.Any(c => c.Id == right))
                shown++;
            if (found.Count > 0 && found[0].Id == right)
                continue;
            var own = index.Explain(question, Describe(register[r.Person], right));
            var kind = own.Probability < .01 ? "too unlike" : found.All(c => c.Id != right) && !(found.Count == 10 && found[^1].Weight >= own.Weight) ? "not found" : "another before";
            misses[kind] = misses.GetValueOrDefault(kind) + 1;
            if (a.Has("--show"))
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{kind}: {Text(r)}\n      is {own.Weight:F1} {Text(register[r.Person])}\n   first {(found.Count > 0 ? found[0].Weight.ToString("F1", CultureInfo.InvariantCulture) + " " + Text(register[int.Parse(found[0].Id, CultureInfo.InvariantCulture)]) : "nobody")}"));
        }

        int alarms = 0, any = 0;
        foreach (var r in strangers)
        {
            var start = Stopwatch.GetTimestamp();
            var found = index.Find(Describe(r, "?"));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (found.Count > 0 && found[0].Probability >= .95)
            {
                alarms++;
                if (a.Has("--show"))
                    await Console.Error.WriteLineAsync($"false alarm: {Text(r)} for {Text(register[int.Parse(found[0].Id, CultureInfo.InvariantCulture)])} {found[0].Probability:F4}");
            }

            if (found.Count > 0 && found[0].Probability >= .5)
                any++;
        }

        times.Sort();
        var c = CultureInfo.InvariantCulture;
        Console.WriteLine(string.Create(c, $"{register.Count:N0} people, errors {(other is null ? rates.Name : "other habits")}, {Environment.ProcessorCount} processors, one thread; {known.Length:N0} known and {strangers.Count:N0} unknown people asked"));
        Console.WriteLine(string.Create(c, $"build {build:F2} s, save {save:F2} s, load {load:F2} s, snapshot {snapshot.Length >> 20:N0} MB, process {Environment.WorkingSet >> 20:N0} MB"));
        Console.WriteLine(string.Create(c, $"latency p50 {times[times.Count / 2]:F3} ms, p90 {times[times.Count * 9 / 10]:F3} ms, p99 {times[times.Count * 99 / 100]:F3} ms, longest {times[^1]:F3} ms"));
        Console.WriteLine(string.Create(c, $"right person first {100.0 * top / known.Length:F2} %, among ten {100.0 * shown / known.Length:F2} %, strong (0.95 or more) {100.0 * strong / known.Length:F2} %"));
        Console.WriteLine("why not first: " + string.Join(", ", misses.Select(m => string.Create(c, $"{m.Key} {m.Value}"))));
        Console.WriteLine(string.Create(c, $"unknown people with a false strong match {alarms} of {strangers.Count:N0} ({(alarms == 0 ? "none" : $"1 in {strangers.Count / alarms:N0}")}), with one of 0.5 or more {any}"));
        return 0;
    }

    private static string Text(Written r) => $"[{r.Given} {r.Family} {r.Birth} {r.Sex} {r.Address} {r.Postcode} {r.Phone} {r.Nhs}]";

    private static PersonDescription Describe(in Written r, string id) => new(id)
    {
        Names = [new PersonName(r.Given, r.Family)],
        BirthDates = r.Birth.Length == 0 ? [] : [r.Birth],
        Sex = r.Sex,
        Addresses = [new PersonAddress(r.Address, r.Town, r.Postcode)],
        Phones = r.Phone.Length == 0 ? [] : [r.Phone],
        NhsNumbers = r.Nhs.Length == 0 ? [] : [r.Nhs],
    };
}
