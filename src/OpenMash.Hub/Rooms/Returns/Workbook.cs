using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace OpenMash.Hub.Rooms.Returns;

/// <summary>A sheet as rows of text, each with its number in the workbook. A date is its serial number, as stored.</summary>
internal sealed record Sheet(string Name, IReadOnlyList<(int Number, IReadOnlyList<string> Cells)> Rows);

/// <summary>Unpacks a workbook (.xlsx): values only, no formulas, no macros, and never more than so much of it.</summary>
internal sealed class Workbook
{
    private const long MostUnpacked = 512L << 20;
    private const int MostColumns = 512;
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static readonly XmlReaderSettings Safe = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostUnpacked };

    public required IReadOnlyList<Sheet> Sheets { get; init; }

    /// <summary>Dates count from 1904, as some workbooks do.</summary>
    public required bool From1904 { get; init; }

    /// <exception cref="InvalidDataException">It is no workbook that can be read; the message says why.</exception>
    public static Workbook Read(Stream file)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Sum(e => e.Length) > MostUnpacked) throw new InvalidDataException("it is larger than 512 MB when unpacked");
            var shared = Shared(zip);
            var targets = Targets(zip);
            var sheets = new List<Sheet>();
            var from1904 = false;
            using (var reader = Open(zip, "xl/workbook.xml") ?? throw new InvalidDataException("it has no workbook part"))
            {
                while (reader.Read())
                {
                    if (reader.NodeType != XmlNodeType.Element) continue;
                    if (reader.LocalName == "workbookPr") from1904 = reader.GetAttribute("date1904") is "1" or "true";
                    if (reader.LocalName != "sheet" || reader.GetAttribute("id", Relations) is not { } id || !targets.TryGetValue(id, out var target)) continue;
                    sheets.Add(new Sheet(reader.GetAttribute("name") ?? "", Rows(zip, target, shared)));
                }
            }

            return new Workbook { Sheets = sheets, From1904 = from1904 };
        }
        catch (Exception e) when (e is IOException or ArgumentException or OverflowException or NotSupportedException)
        {
            // A file that only begins like a packed one, or ends too soon.
            throw new InvalidDataException("it is cut off or not a workbook at all", e);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"a part of it is no XML (line {e.LineNumber})", e);
        }
    }

    private static XmlReader? Open(ZipArchive zip, string name) => zip.GetEntry(name) is { } entry ? XmlReader.Create(entry.Open(), Closing()) : null;

    private static XmlReaderSettings Closing()
    {
        var settings = Safe.Clone();
        settings.CloseInput = true;
        return settings;
    }

    private static Dictionary<string, string> Targets(ZipArchive zip)
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = Open(zip, "xl/_rels/workbook.xml.rels");
        while (reader?.Read() == true)
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "Relationship" || reader.GetAttribute("Id") is not { } id || reader.GetAttribute("Target") is not { } target) continue;
            targets[id] = target.StartsWith('/') ? target[1..] : "xl/" + target;
        }

        return targets;
    }

    private static List<string> Shared(ZipArchive zip)
    {
        var texts = new List<string>();
        using var reader = Open(zip, "xl/sharedStrings.xml");
        while (reader?.Read() == true)
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "si") texts.Add(Text(reader));
        return texts;
    }

    /// <summary>The text of an element that holds runs, phonetic hints left out.</summary>
    private static string Text(XmlReader outer)
    {
        using var reader = outer.ReadSubtree();
        var text = new System.Text.StringBuilder();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "rPh") reader.Skip();
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "t") text.Append(reader.ReadElementContentAsString());
        }

        return text.ToString();
    }

    private static List<(int, IReadOnlyList<string>)> Rows(ZipArchive zip, string part, List<string> shared)
    {
        var rows = new List<(int, IReadOnlyList<string>)>();
        using var reader = Open(zip, part) ?? throw new InvalidDataException($"its part {part} is missing");
        var (row, cells) = (0, new List<string>());
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName == "row" && cells.Exists(c => c.Length > 0)) rows.Add((row, cells));
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName == "row")
            {
                row = int.TryParse(reader.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : row + 1;
                cells = [];
            }
            else if (reader.LocalName == "c")
            {
                var column = Column(reader.GetAttribute("r")) ?? cells.Count;
                if (column >= MostColumns) throw new InvalidDataException($"row {row} has more than {MostColumns} columns");
                while (cells.Count <= column) cells.Add("");
                cells[column] = Value(reader, shared);
            }
        }

        return rows;
    }

    private static string Value(XmlReader outer, List<string> shared)
    {
        var type = outer.GetAttribute("t");
        if (type == "inlineStr") return Text(outer);
        using var reader = outer.ReadSubtree();
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "v") continue;
            var text = reader.ReadElementContentAsString();
            // An error such as #N/A is no value.
            return type switch
            {
                "s" => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Count ? shared[index] : "",
                "e" => "",
                _ => text,
            };
        }

        return "";
    }

    private static int? Column(string? reference)
    {
        if (reference is null) return null;
        var column = 0;
        foreach (var c in reference)
        {
            if (!char.IsAsciiLetterUpper(c)) break;
            column = (column * 26) + (c - 'A' + 1);
        }

        return column == 0 ? null : column - 1;
    }
}
