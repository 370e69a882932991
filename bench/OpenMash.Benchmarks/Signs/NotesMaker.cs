using System.Text;
using OpenMash.Engines.Signs;

namespace OpenMash.Benchmarks.Signs;

/// <summary>Invented notes in the manner of case recording, from a seed: common words by falling frequency, names, dates, punctuation, and now and then a phrase.</summary>
internal static class NotesMaker
{
    public sealed record Notes(byte[] Text, int[] Ends)
    {
        /// <summary>Runs of whole notes of about a size: (start, end, ends of its notes from its start).</summary>
        public IEnumerable<(int Start, int End, int[] Ends)> Batches(int size)
        {
            var start = 0;
            var list = new List<int>();
            foreach (var end in Ends)
            {
                list.Add(end - start);
                if (end + 1 - start < size)
                    continue;
                yield return (start, end + 1, list.ToArray());
                start = end + 1;
                list.Clear();
            }

            if (list.Count > 0)
                yield return (start, Ends[^1] + 1, list.ToArray());
        }
    }

    private static readonly string[] Common =
        ("the and to a of in was she he her that his with at on for is had not has it been as they said be from by this were who mum school home have about when are would will an but there after before him could or out no up "
        + "very also told day night week time work family worker mother father child house phone police report today visit meeting room went came seen spoke called friend sister brother support plan risk care team placement carer session "
        + "discussed agreed attended reported explained noted feels thinks wants needs going getting coming taking making staying looking talking living evening morning afternoon weekend town car bus money clothes food bed class teacher").Split(' ');

    private static readonly string[] Openings =
        ["She was", "He said that", "Mum reported that", "School have", "T/C from carer:", "Visited today.", "No concerns noted and", "It was agreed that", "There is no evidence of", "Denies", "She may have", "In the past", "If she were to", "Her sister has", "Police informed us of", "Discussed"];

    private static readonly string[] Names = ["Ellie", "Callum", "Aaliyah", "Tyler", "Maisie", "Rhys", "Zofia", "Jayden", "Niamh", "Kofi", "Blackwater", "Thornley", "Marshgate"];

    private static readonly string[] FirstWords = ["older", "adult", "unknown", "controlling", "violent", "secret", "expensive", "missing", "unexplained", "county", "sexual", "stolen", "hidden", "cash", "cannabis", "cocaine", "knife", "machete", "taxi", "hotel", "exploited", "groomed", "trafficked", "coerced", "bruised"];

    private static readonly string[] SecondWords = ["boyfriend", "males", "gifts", "lines", "debt", "injuries", "overnight", "images", "threats", "runner", "dealer", "flat", "party", "trainers", "associates", "stranger", "bruising", "episodes", "messages", "number", "gang", "driver", "address", "room", "money"];

    /// <summary>Phrases of one to three words, the first ones the most natural, all different.</summary>
    public static string[] Phrases(int count)
    {
        var phrases = new List<string>();
        foreach (var a in FirstWords)
        {
            foreach (var b in SecondWords)
                phrases.Add($"{a} {b}");
        }

        var random = new Random(3);
        var seen = new HashSet<string>(phrases);
        var pool = WordsOf(seed: 77);
        while (phrases.Count < count)
        {
            var words = random.Next(1, 4);
            var phrase = string.Join(' ', Enumerable.Range(0, words).Select(_ => pool[random.Next(pool.Length)]));
            if (phrase.Length > 5 && seen.Add(phrase))
                phrases.Add(phrase);
        }

        // Spread over the list, so that a small count is a fair sample of the natural ones.
        return Enumerable.Range(0, count).Select(i => count <= 625 ? phrases[(int)((long)i * 625 / count)] : phrases[i]).ToArray();
    }

    private static string[] WordsOf(int seed)
    {
        var words = new List<string>();
        var random = new Random(seed);
        const string Consonants = "bcdfghklmnprstvw";
        const string Vowels = "aeiou";
        for (var i = 0; i < 4000; i++)
        {
            var word = new StringBuilder();
            for (var s = random.Next(2, 5); s > 0; s--)
                word.Append(Consonants[random.Next(Consonants.Length)]).Append(Vowels[random.Next(Vowels.Length)]);
            words.Add(word.ToString());
        }

        return words.ToArray();
    }

    public static Notes Make(long bytes, int seed)
    {
        var random = new Random(seed);
        var phrases = Phrases(612);
        var rare = WordsOf(seed: 5);

        // One block of about 8 MB, then repeated with shifts: making text must not take longer than measuring it.
        var block = new List<byte[]>();
        long made = 0;
        while (made < Math.Min(bytes, 8_000_000))
        {
            var note = new StringBuilder();
            var sentences = random.Next(4, 16);
            for (var s = 0; s < sentences; s++)
            {
                note.Append(Openings[random.Next(Openings.Length)]).Append(' ');
                var words = random.Next(5, 18);
                var at = random.Next(12) == 0 ? random.Next(words) : -1;
                for (var w = 0; w < words; w++)
                {
                    if (w == at)
                        note.Append(phrases[random.Next(phrases.Length)]);
                    else if (random.Next(40) == 0)
                        note.Append(Names[random.Next(Names.Length)]);
                    else if (random.Next(30) == 0)
                        note.Append(rare[random.Next(rare.Length)]);
                    else if (random.Next(60) == 0)
                        note.Append(random.Next(100, 2000));
                    else
                        note.Append(Common[Math.Min(random.Next(Common.Length), random.Next(Common.Length))]);
                    note.Append(w + 1 < words ? random.Next(14) == 0 ? ", " : " " : "");
                }

                note.Append(random.Next(30) == 0 ? "?\n" : random.Next(9) == 0 ? ".\n" : ". ");
            }

            if (random.Next(20) == 0)
                note.Append("naïve café’s “quote”");
            var text = Encoding.UTF8.GetBytes(note.ToString());
            block.Add(text);
            made += text.Length + 1;
        }

        var all = new byte[bytes];
        var ends = new List<int>();
        var position = 0;
        for (var i = 0; ; i++)
        {
            var note = block[i % block.Count];
            if (position + note.Length + 1 > all.Length)
                break;
            note.CopyTo(all, position);
            position += note.Length;
            ends.Add(position);
            all[position++] = SignScanner.NoteSeparator;
        }

        return new Notes(all[..position], ends.ToArray());
    }
}
