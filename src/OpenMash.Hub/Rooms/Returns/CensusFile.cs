using System.Globalization;
using System.Security.Cryptography;
using OpenMash.Engines.Returns.Cin;
using OpenMash.Records.Returns;

namespace OpenMash.Hub.Rooms.Returns;

/// <summary>A file that cannot be taken in at all, with the reason for whoever sent it.</summary>
internal sealed class CensusRefusedException(string message) : Exception(message);

/// <summary>Reads a whole census file before anything is changed.</summary>
internal static class CensusFile
{
    /// <summary>The command that takes the file in.</summary>
    /// <param name="file">A stream that can be rewound.</param>
    /// <param name="name">The file's name, for messages and the report.</param>
    /// <param name="year">The census year asked for; null to take the file's.</param>
    /// <exception cref="CensusRefusedException">It is no such file.</exception>
    public static ImportCensus Read(Stream file, string name, int? year)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        file.Position = 0;
        var result = CinReader.Read(file);
        if (result.Refusal is { } refusal)
        {
            var place = refusal.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $", line {refusal.Line}, position {refusal.Position}") : "";
            throw new CensusRefusedException($"{name}{place}: {refusal.Message} Nothing was taken in.");
        }

        var read = result.Return!;
        if (year is { } asked && asked != read.Year)
            throw new CensusRefusedException(string.Create(CultureInfo.InvariantCulture, $"{name} is the census of {read.Year}, and {asked} was asked for. Nothing was taken in. Use --standard cin-{read.Year}, or cin to take the file's own year."));
        return new ImportCensus { FileName = name, Sha256 = hash, Return = read, Findings = result.Findings, FindingsLeftOut = result.FindingsLeftOut };
    }
}
