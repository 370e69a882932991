using System.Runtime.CompilerServices;

namespace OpenMash.Engines.Matching;

/// <summary>
/// A key of how a name sounds: its consonants in order, by group, with spellings that sound alike in English brought together (ph/f, ck/k, soft c/s,
/// sch/sh, silent h and w, doubled letters) and vowels dropped after the first letter. In the line of Soundex and Metaphone, but tolerant of
/// transliteration, so that Mohammed, Muhammad, Mehmed and the Arabic spelling without vowels meet. Four bits a sound, at most seven sounds and one
/// bit for an opening vowel; 0 means no sound at all.
/// </summary>
internal static class Phonetics
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Key(ReadOnlySpan<byte> name)
    {
        uint key = 0;
        var sounds = 0;
        uint last = 0;
        var first = true;
        for (var i = 0; i < name.Length && sounds < 7; i++)
        {
            var c = name[i];
            var next = i + 1 < name.Length ? name[i + 1] : (byte)0;
            uint s;
            switch (c)
            {
                case (byte)'a' or (byte)'e' or (byte)'i' or (byte)'o' or (byte)'u' or (byte)'y':
                    s = first ? 15u : 0u;
                    if (first && c == (byte)'y' && next is (byte)'a' or (byte)'o' or (byte)'u' or (byte)'e')
                        s = 14;
                    if (!first)
                    {
                        last = 0;
                        continue;
                    }

                    break;
                case (byte)'b': s = 1; break;
                case (byte)'p':
                    if (next == (byte)'h')
                    {
                        s = 5;
                        i++;
                    }
                    else
                    {
                        s = 2;
                    }

                    break;
                case (byte)'c':
                    if (next == (byte)'h')
                    {
                        s = 9;
                        i++;
                    }
                    else if (next is (byte)'e' or (byte)'i' or (byte)'y')
                    {
                        s = 8;
                    }
                    else
                    {
                        s = 6;
                        if (next == (byte)'k')
                            i++;
                    }

                    break;
                case (byte)'s':
                    if (next == (byte)'h')
                    {
                        s = 9;
                        i++;
                    }
                    else if (next == (byte)'c' && i + 2 < name.Length && name[i + 2] == (byte)'h')
                    {
                        s = 9;
                        i += 2;
                    }
                    else
                    {
                        s = 8;
                        if (next == (byte)'z' || (next == (byte)'c' && i + 2 < name.Length && name[i + 2] is (byte)'e' or (byte)'i'))
                            i++;
                    }

                    break;
                case (byte)'z':
                    if (next == (byte)'h')
                    {
                        s = 9;
                        i++;
                    }
                    else
                    {
                        s = 8;
                    }

                    break;
                case (byte)'d':
                    if (next == (byte)'g' && i + 2 < name.Length && name[i + 2] is (byte)'e' or (byte)'i')
                    {
                        s = 7;
                        i++;
                    }
                    else if (next == (byte)'j')
                    {
                        s = 7;
                        i++;
                    }
                    else
                    {
                        s = 3;
                        if (next == (byte)'h')
                            i++;
                    }

                    break;
                case (byte)'t':
                    s = 4;
                    if (next == (byte)'c' && i + 2 < name.Length && name[i + 2] == (byte)'h')
                    {
                        s = 9;
                        i += 2;
                    }
                    else if (next == (byte)'h')
                    {
                        i++;
                    }

                    break;
                case (byte)'f' or (byte)'v': s = 5; break;
                case (byte)'k':
                    if (first && next == (byte)'n')
                        continue;
                    s = 6;
                    if (next == (byte)'h')
                        i++;
                    break;
                case (byte)'q': s = 6; break;
                case (byte)'x': s = first ? 8u : 6u; break;
                case (byte)'g':
                    if (next == (byte)'h')
                    {
                        i++;
                        if (!first)
                            continue;
                        s = 13;
                        break;
                    }

                    if (first && next == (byte)'n')
                        continue;
                    s = next is (byte)'e' or (byte)'i' or (byte)'y' ? 7u : 13u;
                    break;
                case (byte)'j': s = 7; break;
                case (byte)'l': s = 10; break;
                case (byte)'m': s = 11; break;
                case (byte)'n': s = 12; break;
                case (byte)'r': s = 14; break;
                case (byte)'h':
                    if (!first)
                    {
                        last = 0;
                        continue;
                    }

                    s = 0;
                    break;
                case (byte)'w':
                    if (!first)
                        continue;
                    if (next == (byte)'r')
                        continue;
                    s = 15;
                    break;
                case (byte)' ':
                    last = 0;
                    continue;
                default:
                    s = (uint)(1 + (c % 14));
                    break;
            }

            if (first && c == (byte)'h')
            {
                // An opening h is heard, but Hussein and Ussain meet: treat it as an opening vowel.
                s = 15;
            }

            first = false;
            if (s == last && s != 15)
                continue;
            last = s;
            key = (key << 4) | s;
            sounds++;
        }

        return key;
    }
}
