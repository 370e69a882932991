using System.Runtime.InteropServices;

namespace OpenMash.Engines.Signs;

/// <summary>What a hit means where it stands. It orders reading; it never discards.</summary>
public enum SignContext
{
    /// <summary>Said to be so, now or lately.</summary>
    Affirmed,

    /// <summary>Said not to be so. A denial is negated with a cue of kind denial: it stays in review and is never absence of harm.</summary>
    Negated,

    /// <summary>Suspected, alleged, uncertain or at risk.</summary>
    Possible,

    /// <summary>Not said to have happened: a condition, a plan, advice, teaching or a question.</summary>
    Hypothetical,

    /// <summary>Said of an earlier time.</summary>
    Historic,

    /// <summary>Said of somebody else: offered against the person spoken of.</summary>
    Other,
}

/// <summary>How the words matched.</summary>
public enum SignMatch
{
    /// <summary>The words of a plain phrase.</summary>
    Exact,

    /// <summary>A form of a phrase pattern.</summary>
    Pattern,

    /// <summary>A plain phrase with one letter wrong, missing, added or two swapped.</summary>
    Misspelling,
}

/// <summary>One place where a sign's phrase stands.</summary>
/// <param name="Note">Index of the note in the batch.</param>
/// <param name="Sign">Index of the sign in the catalogue.</param>
/// <param name="Phrase">Index of the phrase in the sign.</param>
/// <param name="Match">How the words matched.</param>
/// <param name="ByteStart">First byte in the note's UTF-8 text.</param>
/// <param name="ByteEnd">Byte after the last, in the note's UTF-8 text.</param>
/// <param name="Start">First Unicode code point in the note.</param>
/// <param name="End">Code point after the last.</param>
/// <param name="Context">What the hit means where it stands; <see cref="SignContext.Affirmed"/> if context was not asked for.</param>
/// <param name="Cue">Index of the deciding cue in <see cref="ContextRules"/>, or -1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SignHit(
    int Note, int Sign, int Phrase, SignMatch Match, int ByteStart, int ByteEnd, int Start, int End, SignContext Context, int Cue);

/// <summary>What a scan looks for.</summary>
public sealed record SignScanOptions
{
    /// <summary>Also report plain phrases with one letter wrong. Default true.</summary>
    public bool Misspellings { get; init; } = true;

    /// <summary>Decide the context of every hit. Default true.</summary>
    public bool Context { get; init; } = true;
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct RawHit(int Start, int End, int Form, SignMatch Match);

/// <summary>Working memory of one thread; reuse it from batch to batch. Not safe for two threads at once.</summary>
public sealed class SignScanBuffer
{
    internal const int Window = 32 * 1024;

    internal readonly ulong[] Masks = new ulong[(Window / 64) + 2];
    internal readonly ulong[] Starts = new ulong[(Window / 64) + 2];
    internal bool Ascii;
    internal readonly ulong[] UnknownSeen = new ulong[8192];
    internal RawHit[] Raw = new RawHit[256];
    internal int RawCount;
    internal SignHit[] Final = new SignHit[256];
    internal int FinalCount;
    internal ContextWork? Work;

    /// <summary>The hits of the last batch: in note order, then by start, then by end.</summary>
    public ReadOnlySpan<SignHit> Hits => Final.AsSpan(0, FinalCount);

    internal void Add(int form, int start, int end, SignMatch match)
    {
        if (RawCount == Raw.Length)
            Array.Resize(ref Raw, Raw.Length * 2);
        Raw[RawCount++] = new RawHit(start, end, form, match);
    }

    internal void AddFinal(in SignHit hit)
    {
        if (FinalCount == Final.Length)
            Array.Resize(ref Final, Final.Length * 2);
        Final[FinalCount++] = hit;
    }
}
