namespace OpenMash.Engines.Signs;

/// <summary>Working memory for context: the words and cues of the sentence at hand, kept while further hits fall in it.</summary>
internal sealed class ContextWork
{
    public const int MostTokens = 400;
    public const int MostCues = 200;

    public readonly Unit Sentence = new();
    public readonly Unit Masked = new();
    public readonly Unit Heading = new();
    public readonly Unit Reply = new();

    /// <summary>Bounds of the sentence now held, in the note at hand; -1 if none.</summary>
    public int SentenceStart = -1;
    public int SentenceEnd = -1;
    public bool SentenceIsQuestion;

    public int SectionFor = -1;
    public int HeadingStart = -1;
    public int HeadingEnd = -1;
    public bool HeadingIsInline;
    public bool HeadingGoverns;

    public void BeginNote()
    {
        SentenceStart = -1;
        SentenceEnd = -1;
        SectionFor = -1;
    }

    public sealed class Unit
    {
        public readonly int[] Start = new int[MostTokens];
        public readonly int[] End = new int[MostTokens];
        public readonly int[] Id = new int[MostTokens];
        public readonly WordClass[] Class = new WordClass[MostTokens];

        /// <summary>0 for a word, otherwise the punctuation mark (dashes as '-', quotes as '"').</summary>
        public readonly byte[] Mark = new byte[MostTokens];
        public int Count;

        /// <summary>Cues found: those that look forward first, from <see cref="BackwardFrom"/> on those that look back.</summary>
        public readonly int[] CueIndex = new int[MostCues];
        public readonly int[] CueStart = new int[MostCues];
        public readonly int[] CueEnd = new int[MostCues];
        public int BackwardFrom;

        /// <summary>Cues that look forward are known as far as this word; -1 before any was looked for.</summary>
        public int ForwardTo = -1;
        public int CueCount;
    }
}
