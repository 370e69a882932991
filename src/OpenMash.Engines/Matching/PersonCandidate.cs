namespace OpenMash.Engines.Matching;

/// <summary>One bar of the waterfall that leads from "one in so many" to the final weight.</summary>
/// <param name="Comparison">Key of the comparison, or "before" for the starting odds and "household" for what is taken off.</param>
/// <param name="Title">Heading in plain words.</param>
/// <param name="Level">Key of the level reached; empty for "before" and "household".</param>
/// <param name="Words">What was found, in words for a screening officer.</param>
/// <param name="Bits">Weight in bits: +1 doubles the odds, -1 halves them.</param>
public sealed record MatchReason(string Comparison, string Title, string Level, string Words, double Bits);

/// <summary>A person who may be the one asked about.</summary>
/// <param name="Id">The id under which the person stands, after merges.</param>
/// <param name="Probability">Probability that it is the same person, 0 to 1.</param>
/// <param name="Weight">log2 of the odds; equals the sum of the reasons' bits to rounding.</param>
/// <param name="Reasons">The waterfall, in the order of the comparisons.</param>
/// <param name="Contradictions">What speaks against one person in plain words, for a person's decision (two NHS numbers, twins, siblings); usually empty.</param>
public sealed record PersonCandidate(string Id, double Probability, double Weight, IReadOnlyList<MatchReason> Reasons, IReadOnlyList<string> Contradictions);
