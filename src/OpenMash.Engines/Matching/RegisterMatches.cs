namespace OpenMash.Engines.Matching;

/// <summary>Two people of a register who may be one.</summary>
/// <param name="First">Id of one.</param>
/// <param name="Second">Id of the other.</param>
/// <param name="Probability">Probability that they are one person.</param>
public sealed record RegisterPair(string First, string Second, double Probability);

/// <summary>What matching a whole register came to.</summary>
/// <param name="Model">The weights learnt from it, or given.</param>
/// <param name="Pairs">Who may be one, from <see cref="MatchOptions.Keep"/> on, in order of their ids.</param>
/// <param name="HeldApart">Those among them whose numbers contradict, or who may as well be two of one household.</param>
/// <param name="Manifold">Ids of people of whom more is known than one record holds, merges included; <see cref="PeopleIndex.FindOthers"/> asks by all of it.</param>
public sealed record RegisterMatches(MatchModel Model, IReadOnlyList<RegisterPair> Pairs, IReadOnlyList<RegisterPair> HeldApart, IReadOnlyList<string> Manifold);
