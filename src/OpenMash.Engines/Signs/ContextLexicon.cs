using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace OpenMash.Engines.Signs;

[Flags]
internal enum WordClass : ulong
{
    None = 0,
    Hard = 1 << 0,
    Subordinator = 1 << 1,
    Conjunction = 1 << 2,
    Pronoun = 1 << 3,
    Verb = 1 << 4,
    Finite = 1 << 5,
    Factive = 1 << 6,
    Reporting = 1 << 7,
    SelfReporting = 1 << 8,
    Perceiving = 1 << 9,
    Person = 1 << 10,
    Youngster = 1 << 11,
    Different = 1 << 12,
    CertainDifferent = 1 << 13,
    Determiner = 1 << 14,
    Preposition = 1 << 15,
    Comparison = 1 << 16,
    Object = 1 << 17,
    Speech = 1 << 18,
    Yes = 1 << 19,
    No = 1 << 20,
    Unknown = 1 << 21,
    Formerly = 1 << 22,
    Number = 1 << 23,
    Year = 1 << 24,
    Possessive = 1 << 25,
    Capital = 1 << 26,
    StartsCue = 1 << 27,
    StartsBackwardCue = 1 << 28,
    Definite = 1 << 29,
    Female = 1 << 30,
    Male = 1UL << 31,
    Participle = 1UL << 32,
    Attitude = 1UL << 33,
    Family = 1UL << 34,
}

internal enum CueCategory : byte
{
    None,
    Affirmed,
    Negated,
    Possible,
    Hypothetical,
    Historic,
    Current,
    Other,
}

internal enum CueDirection : byte
{
    None = 0,
    Forward = 1,
    Backward = 2,
    Both = 3,
}

internal enum CueScope : byte
{
    Near,

    /// <summary>Only the words that stand next to the hit, without any between.</summary>
    Next,

    /// <summary>A noun phrase that names the matter itself ("discussed county lines"), not one that points at something that was ("discussed her drug use").</summary>
    Bare,
    NounPhrase,
    VerbPhrase,
    Clause,
    Sentence,
    Answer,
}

/// <param name="Category">What the cue says.</param>
/// <param name="Direction">Where it looks.</param>
/// <param name="Scope">How far.</param>
/// <param name="IsDenial">Somebody's denial.</param>
/// <param name="IsEnded">Says itself that a thing is over ("finished with", "in remission"): a "now" beside it does not take that back.</param>
/// <param name="IsAsking">Reports that a question was put: what follows may answer it.</param>
/// <param name="Text">As written in context.txt.</param>
internal sealed record Cue(CueCategory Category, CueDirection Direction, CueScope Scope, bool IsDenial, bool IsEnded, bool IsAsking, string Text);

/// <summary>The shipped cues and word classes: one hash look-up a word, one trie over words for all cues.</summary>
internal sealed class ContextLexicon
{
    /// <summary>Cues that look forward and cues that look back must not hide each other: each kind has its own root.</summary>
    public const int ForwardRoot = 0;
    public const int BackwardRoot = 1;

    private const int AnyId = -1;
    private const int NumberId = -2;
    private const int YearId = -3;

    private readonly ulong[] keys;
    private readonly int[] ids;
    private readonly List<WordClass> classes = [WordClass.None];
    private readonly List<CueCategory> headings = [CueCategory.None];
    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    private Dictionary<long, int> edges = [];
    private List<List<int>?> terminals = [null, null];
    private List<byte> wild = [0, 0];
    private readonly List<Cue> cues = [];
    private readonly long[] edgeKeys;
    private readonly int[] edgeTargets;
    private readonly int edgeShift;
    private readonly int[] firstStep;

    private static readonly string[] NumberWords =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "several", "few", "couple"];

    public ContextLexicon()
    {
        foreach (var word in NumberWords)
            classes[Id(word)] |= WordClass.Number;

        string section = "";
        var arguments = Array.Empty<string>();
        foreach (var line in Resource.Lines("context.txt"))
        {
            if (line[0] == '@')
            {
                var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                section = parts[0];
                arguments = parts[1..];
                continue;
            }

            switch (section)
            {
                case "@class":
                    var flag = Enum.Parse<WordClass>(arguments[0], ignoreCase: true);
                    foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                        classes[Id(word)] |= flag;
                    break;
                case "@heading":
                    headings[Id(line.Trim())] = Enum.Parse<CueCategory>(arguments[0], ignoreCase: true);
                    break;
                case "@cue":
                    var scope = arguments[2] switch
                    {
                        "np" => CueScope.NounPhrase,
                        "vp" => CueScope.VerbPhrase,
                        var other => Enum.Parse<CueScope>(other, ignoreCase: true),
                    };
                    AddCue(line, new Cue(Enum.Parse<CueCategory>(arguments[0], ignoreCase: true), Enum.Parse<CueDirection>(arguments[1], ignoreCase: true), scope, arguments.Contains("denial"), arguments.Contains("ended"), line.StartsWith("ask", StringComparison.Ordinal) || line.StartsWith("explor", StringComparison.Ordinal) || line.StartsWith("enquir", StringComparison.Ordinal) || line.StartsWith("question", StringComparison.Ordinal) || line.StartsWith("check", StringComparison.Ordinal) || line.StartsWith("screen", StringComparison.Ordinal), line));
                    break;
                default:
                    throw new InvalidOperationException($"context.txt: a line stands outside any section: {line}");
            }
        }

        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)words.Count * 4);
        keys = new ulong[size];
        ids = new int[size];
        // "dont", "wasnt": typed without the apostrophe, the same word.
        var spelled = new Dictionary<string, int>(words, StringComparer.Ordinal);
        foreach (var (word, id) in words)
        {
            if (word.EndsWith("n't", StringComparison.Ordinal))
                spelled[word.Replace("'", "", StringComparison.Ordinal)] = id;
        }

        foreach (var (word, id) in spelled)
        {
            var hash = HashOf(Encoding.UTF8.GetBytes(word));
            var slot = (int)(hash & (ulong)(size - 1));
            while (keys[slot] != 0)
                slot = (slot + 1) & (size - 1);
            keys[slot] = hash;
            ids[slot] = id;
        }

        Minimise();
        var edgeSize = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)edges.Count * 4);
        edgeKeys = new long[edgeSize];
        edgeTargets = new int[edgeSize];
        edgeShift = 64 - System.Numerics.BitOperations.Log2((uint)edgeSize);
        foreach (var (key, target) in edges)
        {
            var slot = EdgeSlot(key);
            while (edgeKeys[slot] != 0)
                slot = (slot + 1) & (edgeSize - 1);
            edgeKeys[slot] = key;
            edgeTargets[slot] = target;
        }

        Follows = new ulong[terminals.Count];
        foreach (var key in edges.Keys)
            Follows[(int)(key >> 32)] |= 1UL << ((int)key & 63);
        ClassOf = classes.ToArray();
        HeadingOf = headings.ToArray();
        Cues = cues.ToArray();
        Terminal = terminals.Select(t => t?.ToArray()).ToArray();
        Wild = wild.ToArray();
        Ends = new bool[Terminal.Length];
        for (var node = 0; node < Ends.Length; node++)
            Ends[node] = Terminal[node] is not null || Wild[node] != 0;
        firstStep = new int[ClassOf.Length * 2];
        for (var id = 1; id < ClassOf.Length; id++)
        {
            firstStep[id << 1] = Step(ForwardRoot, id);
            firstStep[(id << 1) | 1] = Step(BackwardRoot, id);
        }
    }

    public WordClass[] ClassOf { get; }

    public CueCategory[] HeadingOf { get; }

    public Cue[] Cues { get; }

    public int[]?[] Terminal { get; }

    /// <summary>For each node a sieve of the words that may follow, by the low six bits of their ids: most steps end here, in the fastest cache.</summary>
    public ulong[] Follows { get; }

    /// <summary>For each node: a cue ends here, or any word may follow.</summary>
    public bool[] Ends { get; }

    /// <summary>Number of steps of all cues.</summary>
    public int EdgeCount => edges.Count;

    /// <summary>For each node: 1 a wildcard edge, 2 a number edge, 4 a year edge.</summary>
    public byte[] Wild { get; }

    /// <summary>Hash of a folded word, eight bytes at a time.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> folded)
    {
        var hash = (ulong)folded.Length * 0x9E3779B97F4A7C15;
        while (folded.Length > 8)
        {
            hash = Mixed(hash, BinaryPrimitives.ReadUInt64LittleEndian(folded));
            folded = folded[8..];
        }

        ulong last = 0;
        for (var i = 0; i < folded.Length; i++)
            last |= (ulong)folded[i] << (8 * i);
        return Mixed(hash, last) | 1;
    }

    /// <summary>The same hash of an ASCII word as it stands in a text, letters folded on the way. The text must go on for eight bytes from any byte of the word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong HashOfAscii(ref byte word, int length)
    {
        var hash = (ulong)length * 0x9E3779B97F4A7C15;
        nint at = 0;
        for (; length > 8; length -= 8, at += 8)
            hash = Mixed(hash, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, at)) | 0x2020202020202020);
        var last = (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, at)) | 0x2020202020202020) & (ulong.MaxValue >> (64 - (8 * length)));
        return Mixed(hash, last) | 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mixed(ulong hash, ulong chunk)
    {
        hash = (hash ^ chunk) * 0xD6E8FEB86659FD93;
        return hash ^ (hash >> 32);
    }

    /// <summary>First step of a cue: the node after the root for a word, 0 if none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int First(int root, int id) => firstStep[(id << 1) | root];

    /// <summary>Can a cue end at or go on from a node, given the word that follows? Says no without a look-up for nearly all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayMatch(int node, int nextId) => Ends[node] || (Follows[node] >> (nextId & 63) & 1) != 0;

    public int Find(ulong hash)
    {
        var slot = (int)(hash & (ulong)(keys.Length - 1));
        while (keys[slot] != 0)
        {
            if (keys[slot] == hash)
                return ids[slot];
            slot = (slot + 1) & (keys.Length - 1);
        }

        return 0;
    }

    public int Step(int node, int id) => StepKey(((long)node << 32) | (uint)id);

    public int StepAny(int node) => (Wild[node] & 1) == 0 ? 0 : StepKey(((long)node << 32) | unchecked((uint)AnyId));

    public int StepNumber(int node) => (Wild[node] & 2) == 0 ? 0 : StepKey(((long)node << 32) | unchecked((uint)NumberId));

    public int StepYear(int node) => (Wild[node] & 4) == 0 ? 0 : StepKey(((long)node << 32) | unchecked((uint)YearId));

    private int StepKey(long key)
    {
        var slot = EdgeSlot(key);
        while (edgeKeys[slot] != 0)
        {
            if (edgeKeys[slot] == key)
                return edgeTargets[slot];
            slot = (slot + 1) & (edgeKeys.Length - 1);
        }

        return 0;
    }

    private int EdgeSlot(long key) => (int)(SignScanner.Hash((ulong)key ^ ((ulong)key >> 29)) >> edgeShift);

    private int Id(string word)
    {
        if (!words.TryGetValue(word, out var id))
        {
            id = classes.Count;
            words[word] = id;
            classes.Add(WordClass.None);
            headings.Add(CueCategory.None);
        }

        return id;
    }

    private void AddCue(string line, Cue cue)
    {
        cues.Add(cue);
        if ((cue.Direction & CueDirection.Forward) != CueDirection.None)
            AddPath(line, ForwardRoot, cues.Count - 1);
        if ((cue.Direction & CueDirection.Backward) != CueDirection.None)
            AddPath(line, BackwardRoot, cues.Count - 1);
    }

    private void AddPath(string line, int root, int index)
    {
        var tokens = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var nodes = new HashSet<int> { root };
        foreach (var token in tokens)
        {
            var optional = token.Length > 1 && token[^1] == '?';
            var choices = optional ? token[..^1] : token;
            var next = new HashSet<int>();
            foreach (var choice in choices.Split('|', StringSplitOptions.RemoveEmptyEntries))
            {
                var word = choice.TrimEnd('?');
                if (word.Length == 0)
                    word = "?";
                var id = word switch { "_" => AnyId, "#" or "<n>" => NumberId, "<year>" => YearId, _ => Id(word) };
                foreach (var node in nodes)
                    next.Add(Edge(node, id));
            }

            if (optional)
                next.UnionWith(nodes);
            nodes = next;
        }

        foreach (var node in nodes)
        {
            if (node == root)
                throw new InvalidOperationException($"context.txt: the cue can be empty: {line}");
            (terminals[node] ??= []).Add(index);
        }
    }

    /// <summary>Merges nodes that are followed by the same words: choices inside a cue multiply the paths, and the table must stay in the fast cache.</summary>
    private void Minimise()
    {
        var children = new List<(int Id, int Target)>[terminals.Count];
        foreach (var (key, target) in edges)
            (children[(int)(key >> 32)] ??= []).Add((unchecked((int)(uint)key), target));
        var canonical = new Dictionary<string, int>(StringComparer.Ordinal);
        var newTerminals = new List<List<int>?> { null, null };
        var newWild = new List<byte> { 0, 0 };
        var newEdges = new Dictionary<long, int>();
        var merged = new int[terminals.Count];

        // A child always has a higher number than its parent: going down visits children first.
        for (var node = terminals.Count - 1; node >= 0; node--)
        {
            var list = children[node] ?? [];
            for (var i = 0; i < list.Count; i++)
                list[i] = (list[i].Id, merged[list[i].Target]);
            list.Sort();
            var name = $"{(terminals[node] is { } ends ? string.Join(',', ends) : "")}|{string.Join(',', list.Select(c => $"{c.Id}>{c.Target}"))}";
            if (node > BackwardRoot && canonical.TryGetValue(name, out var same))
            {
                merged[node] = same;
                continue;
            }

            var number = node;
            if (node > BackwardRoot)
            {
                number = newTerminals.Count;
                newTerminals.Add(terminals[node]);
                newWild.Add(wild[node]);
                canonical[name] = number;
            }
            else
                newWild[node] = wild[node];
            merged[node] = number;
            foreach (var (id, target) in list)
                newEdges[((long)number << 32) | unchecked((uint)id)] = target;
        }

        edges = newEdges;
        terminals = newTerminals;
        wild = newWild;
    }

    private int Edge(int node, int id)
    {
        var key = ((long)node << 32) | unchecked((uint)id);
        if (!edges.TryGetValue(key, out var target))
        {
            target = terminals.Count;
            terminals.Add(null);
            wild.Add(0);
            edges[key] = target;
            if (id < 0)
                wild[node] |= (byte)(id == AnyId ? 1 : id == NumberId ? 2 : 4);
            else if (node == ForwardRoot)
                classes[id] |= WordClass.StartsCue;
            else if (node == BackwardRoot)
                classes[id] |= WordClass.StartsBackwardCue;
        }

        return target;
    }
}
