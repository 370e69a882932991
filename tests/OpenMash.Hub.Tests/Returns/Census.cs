using System.Security.Cryptography;
using NodaTime;
using OpenMash.Engines.Returns.Cin;
using OpenMash.HubTests.House;
using OpenMash.Records.Returns;

namespace OpenMash.HubTests.Returns;

/// <summary>Census files for tests: the samples, and invented ones written by the engine.</summary>
internal static class Census
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "Cin");

    public static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static LocalDate Day(int year, int month, int day) => new(year, month, day);

    public static CinReturn Of(int year, params CinChild[] children) => new()
    {
        Year = year,
        Header = new CinHeader
        {
            Collection = "CIN",
            Year = year,
            ReferenceDate = new LocalDate(year, 3, 31),
            Sources = [new CinSource { SourceLevel = "L", Lea = "999" }],
        },
        Children = children,
    };

    public static CinChild Child(string id, params CinEpisode[] episodes) => new()
    {
        LAchildID = id,
        BirthDate = new LocalDate(2014, 5, 6),
        Sex = "F",
        Ethnicity = "WBRI",
        Disabilities = ["NONE"],
        Episodes = episodes.Length > 0 ? episodes : [Episode(new LocalDate(2025, 5, 1))],
    };

    public static CinEpisode Episode(LocalDate referred) => new() { ReferralDate = referred, ReferralSource = "6", PrimaryNeedCode = "N1", ReferralNfa = false };

    public static byte[] Bytes(CinReturn rows)
    {
        using var stream = new MemoryStream();
        CinWriter.Write(stream, rows);
        return stream.ToArray();
    }

    public static ImportCensus Command(byte[] bytes, string name = "census.xml")
    {
        using var stream = new MemoryStream(bytes);
        var read = CinReader.Read(stream);
        return new ImportCensus
        {
            FileName = name,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Return = read.Return ?? throw new InvalidOperationException(read.Refusal!.Message),
            Findings = read.Findings,
            FindingsLeftOut = read.FindingsLeftOut,
        };
    }

    public static Task<CensusImported> TakeInAsync(this TestHub hub, CinReturn rows) => hub.DoAsync("manager", Command(Bytes(rows)));
}
