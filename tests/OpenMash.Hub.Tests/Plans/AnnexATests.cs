using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security;
using System.Text;
using NodaTime;
using OpenMash.HubTests.House;
using OpenMash.Records.Plans;
using OpenMash.Records.Returns;

namespace OpenMash.HubTests.Plans;

public class AnnexATests
{
    private static readonly string[] ProtectionHeadings = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Child Protection Plan Start Date", "Initial Category of Abuse", "Date of the Last Statutory Visit", "Was the Child Seen Alone?", "Date of latest review conference", "Child Protection Plan End Date", "Allocated Team", "Allocated Worker"];

    [Theory, EachDatabase]
    public async Task A_workbook_gives_the_monitoring_picture_and_reports_each_row_that_could_not_be_placed(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        var file = Workbook(
            // Headings vary: another case, another word, another order; dates as serials and as text.
            ("6. CIN", [
                ["Case status", "CHILD ID", "Date Of Birth", "CIN start date", "Date child was last seen", "Allocated Team"],
                ["c) Child in need plan", "T100", "6/5/2014", Serial(2025, 11, 3), Serial(2025, 12, 1), "Locality 1"],
                ["d) Open assessment", "T101", "6/5/2015", Serial(2026, 2, 3), "", "Locality 1"],
                ["c) Child in need plan", "T102", "6/5/2015", "next Tuesday", "", "Locality 1"],
                ["c) Child in need plan", "", "6/5/2015", Serial(2026, 2, 3), "", "#N/A"],
            ]),
            ("List 7", [
                ProtectionHeadings,
                ["T200", "b) Female", "a) WBRI", Serial(2013, 5, 6), Serial(2025, 12, 1), "a) Neglect", Serial(2026, 3, 2), "a) Yes", Serial(2026, 2, 10), "", "Locality 1", "Ezra Invented"],
                ["T201", "a) Male", "k) APKN", Serial(2013, 5, 6), Serial(2026, 1, 12), "b) Physical Abuse", Serial(2026, 4, 2), "", "", "", "Locality 2", ""],
                ["T202", "a) Male", "k) APKN", Serial(2013, 5, 6), Serial(2026, 1, 12), "b) Physical Abuse", "", "", "", Serial(2025, 1, 12), "Locality 2", ""],
            ]),
            // Nobody has met or reviewed her: known from her eighteenth birthday on.
            ("List 9", [
                ["Child Unique ID", "Date of Birth", "Latest Pathway Plan Review Date", "Latest Date of Contact", "Allocated Team"],
                ["T300", Serial(2007, 5, 6), "", "", "Leaving care"],
            ]),
            ("Guidance", [["How to fill this in"]]));
        using var manager = await hub.SignInAsync("manager");

        var report = await TakeInAsync(manager, file);

        Assert.Equal(HttpStatusCode.OK, report.Status);
        foreach (var said in new[] { "Annex A workbook", "is no child in need plan", "is not a date", "no child identifier", "lies in the future", "before it starts", "holds no plans" }) Assert.Contains(said, report.Text, StringComparison.Ordinal);
        var plans = await scene.AllAsync<Plan>();
        Assert.Equal([PlanKind.CareLeaver, PlanKind.ChildInNeed, PlanKind.ChildProtection], plans.Select(p => p.Kind).Order(StringComparer.Ordinal));
        Assert.Equal(new LocalDate(2025, 5, 6), plans.Single(p => p.Kind == PlanKind.CareLeaver).StartedOn);
        Assert.Equal("NEG", plans.Single(p => p.Kind == PlanKind.ChildProtection).LatestCategory);
        Assert.Contains(await scene.AllAsync<PlanTeam>(), t => t.Name == "Locality 1");

        // Last seen on 1 December: the next visit was due by 12 January and is really late; the protection plan's last visit was a week ago.
        var picture = await manager.GetAsync("/plans/monitoring");
        var visits = picture.Document.QuerySelectorAll("main table tbody tr")[0].QuerySelectorAll("td");
        Assert.Contains("1 overdue", visits[1].TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("overdue", visits[2].TextContent, StringComparison.Ordinal);
        Assert.Contains("visit-overdue", await scene.OpenAlarmsAsync(plans.Single(p => p.Kind == PlanKind.ChildInNeed).Id));

        var again = await TakeInAsync(manager, file);
        Assert.Contains("taken in before", again.Text, StringComparison.Ordinal);
        Assert.Equal(3, (await scene.AllAsync<Plan>()).Count);
    }

    [Theory, EachDatabase]
    public async Task A_wrong_sheet_or_no_workbook_is_refused_and_changes_nothing(TestDatabase database)
    {
        await using var hub = await TestHub.StartAsync(database);
        var scene = await PlanScene.OpenAsync(hub);
        using var manager = await hub.SignInAsync("manager");

        var wrong = await TakeInAsync(manager, Workbook(("List 7", [["Name", "Shoe size"], ["x", "7"]])));
        Assert.Contains("list 7 (Child protection) needs the headings \"Child Unique ID\" and \"Child Protection Plan Start Date\"", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing was taken in", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("no sheet with the headings of Annex A", (await TakeInAsync(manager, Workbook(("Shopping", [["Bread"], ["2"]])))).Text, StringComparison.Ordinal);
        Assert.Contains("is no workbook that can be read", (await TakeInAsync(manager, [0x50, 0x4B, 0x03, 0x04, 1, 2, 3, 4])).Text, StringComparison.Ordinal);
        Assert.Contains("No row of the workbook could be placed", (await TakeInAsync(manager, Workbook(("List 7", [ProtectionHeadings, ["T1", "", "", "", "soon"]])))).Text, StringComparison.Ordinal);
        Assert.Empty(await scene.AllAsync<Plan>());
        Assert.Empty(await scene.AllAsync<CensusImport>());

        using var worker = await hub.SignInAsync("worker");
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.GetAsync("/returns/import")).Status);
    }

    private static async Task<TestPage> TakeInAsync(TestBrowser browser, byte[] file)
    {
        var answer = await (await browser.GetAsync("/returns/import")).PostAsync([], files: [("File", "annex-a.xlsx", file)]);
        return answer.Location is { } next ? await browser.OpenAsync(next) : answer;
    }

    private static string Serial(int year, int month, int day) => Period.Between(new LocalDate(1899, 12, 30), new LocalDate(year, month, day), PeriodUnits.Days).Days.ToString(CultureInfo.InvariantCulture);

    /// <summary>A workbook as a spreadsheet program writes one: texts shared, numbers plain.</summary>
    internal static byte[] Workbook(params (string Name, string[][] Rows)[] sheets)
    {
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var shared = new List<string>();
            for (var s = 0; s < sheets.Length; s++)
            {
                var rows = sheets[s].Rows.Select((cells, r) => $"<row r=\"{r + 1}\">{string.Concat(cells.Select((cell, c) => Cell(cell, (char)('A' + c), r + 1)))}</row>");
                Add($"xl/worksheets/sheet{s + 1}.xml", $"<worksheet xmlns=\"{main}\"><sheetData>{string.Concat(rows)}</sheetData></worksheet>");
            }

            Add("xl/sharedStrings.xml", $"<sst xmlns=\"{main}\">{string.Concat(shared.Select(t => $"<si><t>{SecurityElement.Escape(t)}</t></si>"))}</sst>");
            Add("xl/workbook.xml", $"<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets>{string.Concat(sheets.Select((s, i) => $"<sheet name=\"{SecurityElement.Escape(s.Name)}\" sheetId=\"{i + 1}\" r:id=\"rId{i + 1}\"/>"))}</sheets></workbook>");
            Add("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(sheets.Select((_, i) => $"<Relationship Id=\"rId{i + 1}\" Target=\"worksheets/sheet{i + 1}.xml\"/>"))}</Relationships>");

            string Cell(string value, char column, int row)
            {
                if (value.Length == 0) return "";
                if (value[0] == '#') return $"<c r=\"{column}{row}\" t=\"e\"><v>{value}</v></c>";
                if (value.All(char.IsAsciiDigit)) return $"<c r=\"{column}{row}\"><v>{value}</v></c>";
                shared.Add(value);
                return $"<c r=\"{column}{row}\" t=\"s\"><v>{shared.Count - 1}</v></c>";
            }

            void Add(string name, string xml)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(xml));
            }
        }

        return stream.ToArray();
    }
}
