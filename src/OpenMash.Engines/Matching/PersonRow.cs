using System.Runtime.InteropServices;

namespace OpenMash.Engines.Matching;

/// <summary>One row of interned and packed values; 0 everywhere means missing. Text numbers belong to the <see cref="TextTable"/> the row was built with.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PersonRow
{
    public int Given;
    public int Middle;
    public int Family;

    /// <summary>Year * 10000 + month * 100 + day as written, impossible months and days included; month and day 0 when only a year is known.</summary>
    public int Birth;

    public int Street;
    public int Number;
    public int Flat;
    public int Town;
    public int EmailLocal;
    public int EmailDomain;
    public int BirthPlace;
    public int Occupation;
    public ulong Postcode;
    public ulong Phone;
    public ulong Nhs;
    public ulong Upn;
    public ulong Other;

    /// <summary>0 missing, 1 male, 2 female.</summary>
    public byte Sex;
}
