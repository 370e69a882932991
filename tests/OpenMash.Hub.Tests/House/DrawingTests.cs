using System.Globalization;
using System.Text;
using OpenMash.Engines;
using OpenMash.Hub.Platform;
using OpenMash.Records.Kernel;

namespace OpenMash.HubTests.House;

public class DrawingTests
{
    private const string Begin = "<!-- drawing: made by DrawingTests from the compiled assemblies; OPENMASH_DRAW=1 renews it -->";
    private const string End = "<!-- end of drawing -->";

    [Fact]
    public void The_drawing_of_the_house_is_what_the_assemblies_say()
    {
        var file = Path.Combine(Repository.Root, "docs/architecture.md");
        var text = File.ReadAllText(file);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, StringComparison.Ordinal);
        var drawn = Draw();
        if (Environment.GetEnvironmentVariable("OPENMASH_DRAW") == "1")
        {
            File.WriteAllText(file, text[..from] + "\n" + drawn + text[to..]);
            return;
        }

        Assert.Equal(drawn.Trim(), text[from..to].Trim());
    }

    /// <summary>Rooms, engines and subjects with how many types of our own each has (rounded to tens, so that small work does not redraw it), and who mentions whom.</summary>
    private static string Draw()
    {
        var parts = new SortedDictionary<string, (string Floor, int Types, SortedSet<string> To)>(StringComparer.Ordinal);
        foreach (var (floor, assembly) in new[] { ("Engines", typeof(EnginesFloor).Assembly), ("Records", typeof(RecordContext).Assembly), ("Hub", typeof(HubHost).Assembly) })
        {
            foreach (var type in HouseReader.TypesOf(assembly))
            {
                if (PartOf(type.Outermost().FullName) is not { } part) continue;
                if (!parts.TryGetValue(part, out var value)) parts[part] = value = (floor, 0, new SortedSet<string>(StringComparer.Ordinal));
                var isOwn = type.DeclaringType is null && !type.Name.Contains('<', StringComparison.Ordinal);
                parts[part] = (floor, value.Types + (isOwn ? 1 : 0), value.To);
                foreach (var mention in type.Mentions())
                {
                    if (PartOf(mention) is { } other && other != part) value.To.Add(other);
                }
            }
        }

        var drawing = new StringBuilder("```mermaid\nflowchart TB\n");
        foreach (var floor in parts.Values.Select(p => p.Floor).Distinct().OrderByDescending(f => f == "Hub").ThenByDescending(f => f == "Records"))
        {
            drawing.Append(CultureInfo.InvariantCulture, $"  subgraph {floor}\n");
            foreach (var (name, part) in parts.Where(p => p.Value.Floor == floor))
                drawing.Append(CultureInfo.InvariantCulture, $"    {Id(name)}[\"{name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]}<br/>about {Math.Max(10, (part.Types + 5) / 10 * 10)} types\"]\n");
            drawing.Append("  end\n");
        }

        // Within the hub every room stands on Platform, and everything may read any record: only the telling edges are drawn.
        foreach (var (name, part) in parts)
        {
            foreach (var to in part.To.Where(t => t != "Hub.Platform" && !t.StartsWith("Records.", StringComparison.Ordinal) && !(name.StartsWith("Hub.Verbs", StringComparison.Ordinal))))
                drawing.Append(CultureInfo.InvariantCulture, $"  {Id(name)} --> {Id(to)}\n");
        }

        drawing.Append("  Hub --> Records\n  Records --> Engines\n```\n");
        return drawing.ToString();
    }

    private static string? PartOf(string fullName)
    {
        var parts = fullName.Split('.');
        if (parts.Length < 4 || parts[0] != "OpenMash") return null;
        return parts[1] switch
        {
            "Engines" => $"Engines.{parts[2]}",
            "Records" => parts[2] == "Migrations" ? null : $"Records.{parts[2]}",
            "Hub" when parts[2] == "Rooms" => parts.Length > 4 ? $"Hub.{parts[3]}" : null,
            "Hub" => parts[2] is "Platform" or "Verbs" or "Pages" or "Demo" ? $"Hub.{parts[2]}" : null,
            _ => null,
        };
    }

    private static string Id(string name) => name.Replace('.', '_');
}
