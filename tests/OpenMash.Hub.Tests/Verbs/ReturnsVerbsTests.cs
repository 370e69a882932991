using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenMash.Hub.Platform.Record;
using OpenMash.HubTests.House;
using OpenMash.HubTests.Returns;
using OpenMash.Records.Accounts;
using OpenMash.Records.People;
using OpenMash.Records.Trail;

namespace OpenMash.HubTests.Verbs;

/// <summary><c>returns import</c> as a process of its own on a record of either database.</summary>
public sealed class ReturnsVerbsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("openmash-returns-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, EachDatabase]
    public async Task A_sample_is_taken_in_once_with_findings_beside_it(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var file = Path.Combine(Census.Folder, "CIN_Census_2026.xml");
        var findings = Path.Combine(_folder, "findings.csv");

        var first = await RunAsync(hub, file, "--standard", "cin", "--findings", findings, "--json");
        var second = await RunAsync(hub, file, "--standard", "cin-2023");

        Assert.True(first.Exit == 1, first.Error);
        var told = JsonDocument.Parse(first.Output).RootElement;
        Assert.False(told.GetProperty("repeated").GetBoolean());
        Assert.Equal(2, told.GetProperty("counts").GetProperty("child").GetProperty("added").GetInt32());
        Assert.Equal("P-0000001", told.GetProperty("children")[0].GetProperty("reference").GetString());
        var lines = await File.ReadAllLinesAsync(findings);
        Assert.Equal("line,position,kind,element,la_child_id,value,message", lines[0]);
        Assert.Equal(told.GetProperty("findingCount").GetInt32(), lines.Length - 1);
        Assert.True(second.Exit == 1 && second.Output.Length > 0, second.Error);
        Assert.Contains("Nothing was changed", second.Output, StringComparison.Ordinal);
        await using var db = hub.Store.Open(hub.Authority);
        Assert.Equal(2, await db.Set<Person>().CountAsync());
        var entry = await db.Set<TrailEntry>().OrderBy(e => e.At).FirstAsync(e => e.Act == "ImportCensus");
        Assert.Contains("command line", entry.Payload, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.part-*"));
    }

    [Fact]
    public async Task What_cannot_be_taken_in_is_refused_with_one_line_and_nothing_changes()
    {
        await using var hub = await TestHub.StartAsync(TestDatabase.Sqlite);
        var sample = Path.Combine(Census.Folder, "CIN_Census_2026.xml");
        var clean = Path.Combine(_folder, "clean.xml");
        await File.WriteAllBytesAsync(clean, Census.Bytes(Census.Of(2026, Census.Child("C1"))));
        var broken = Path.Combine(_folder, "broken.xml");
        await File.WriteAllTextAsync(broken, (await File.ReadAllTextAsync(sample))[..900]);
        var wrong = Path.Combine(_folder, "wrong.xml");
        await File.WriteAllBytesAsync(wrong, [.. Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?><Message>"), 0xE9, 0x20]);

        foreach (var (words, args) in new (string, string[])[]
                 {
                     ("line", [broken, "--standard", "cin"]),
                     ("wrong.xml", [wrong, "--standard", "cin"]),
                     ("census of 2023, and 2026 was asked for", [sample, "--standard", "cin-2026"]),
                     ("must be cin, cin-YYYY", [sample, "--standard", "annex-z"]),
                     ("There is no file", [Path.Combine(_folder, "none.xml"), "--standard", "cin"]),
                     ("--authority 123", [clean, "--standard", "cin", "--authority", "123"]),
                     ("no-such-folder", [clean, "--standard", "cin", "--findings", Path.Combine(_folder, "no-such-folder", "f.csv")]),
                 })
        {
            var run = await RunAsync(hub, args);
            Assert.True(run.Exit == 2, $"{words}: exit {run.Exit}. {run.Output} {run.Error}");
            Assert.Contains(words, run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.Trim().Split('\n'));
        }

        await using (new FileStream(Path.Combine(hub.Location.DataDirectory, "openmash.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var taken = await RunAsync(hub, clean, "--standard", "cin");
            Assert.Equal(2, taken.Exit);
            Assert.Contains("Another OpenMASH process", taken.Error, StringComparison.Ordinal);
        }

        await using (var db = hub.Store.Open(hub.Authority)) Assert.False(await db.Set<Person>().AnyAsync());
        await Bootstrap.AddAuthorityAsync(hub.Store, new Authority { Id = 2, Code = "998", Name = "Second Borough", HubName = "Second hub", Telephone = "01632 960 001", Host = "second.test" }, CancellationToken.None);
        var which = await RunAsync(hub, clean, "--standard", "cin");
        Assert.Contains("several authorities", which.Error, StringComparison.Ordinal);
        var done = await RunAsync(hub, clean, "--standard", "cin-2026", "--authority", "999");
        Assert.Equal((0, ""), (done.Exit, done.Error));
        Assert.Contains("New: C1 = P-0000001", done.Output, StringComparison.Ordinal);
        await using var first = hub.Store.Open(1);
        await using var other = hub.Store.Open(2);
        Assert.Equal((1, 0), (await first.Set<Person>().CountAsync(), await other.Set<Person>().CountAsync()));
    }

    [Fact]
    public async Task A_folder_without_a_record_is_refused_and_left_as_it_was()
    {
        var run = await RunAsync(null, Path.Combine(Census.Folder, "CIN2rows.xml"), "--standard", "cin", "--data", Path.Combine(_folder, "nothing"));

        Assert.Equal(2, run.Exit);
        Assert.Contains("There is no record", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "nothing")));
    }

    private static Task<(int Exit, string Output, string Error)> RunAsync(TestHub? hub, params string[] args) =>
        HubProcess.RunAsync(hub?.Location, ["returns", "import", .. args]);
}
