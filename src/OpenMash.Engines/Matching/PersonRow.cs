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

    /// <summary>Sounds, letters and short forms of the names, copied from the table so that two unlike names are told apart without looking there.</summary>
    public uint GivenSound;
    public uint GivenLetters;
    public uint FamilySound;
    public uint FamilyLetters;
    public ushort GivenNickname;

    /// <summary>0 missing, 1 male, 2 female.</summary>
    public byte Sex;

    /// <summary>1 the given name has several words, 2 the family name has, 4 the given name is one letter, 8 the family name is.</summary>
    public byte Shape;

    /// <summary>Copies what the table knows of the names; called whenever they are set.</summary>
    public void Derive(TextTable t)
    {
        Shape = 0;
        GivenSound = GivenLetters = FamilySound = FamilyLetters = 0;
        GivenNickname = 0;
        if (Given != 0)
        {
            ref readonly var e = ref t.At(Given);
            (GivenSound, GivenLetters, GivenNickname) = (e.Sound, e.Letters, (ushort)e.Nickname);
            Shape |= (byte)((e.HasSpace ? 1 : 0) | (e.Length == 1 ? 4 : 0));
        }

        if (Family != 0)
        {
            ref readonly var e = ref t.At(Family);
            (FamilySound, FamilyLetters) = (e.Sound, e.Letters);
            Shape |= (byte)((e.HasSpace ? 2 : 0) | (e.Length == 1 ? 8 : 0));
        }
    }
}
