using OpenMash.Records.Kernel;
using OpenMash.Records.Returns;

namespace OpenMash.Records.Plans;

/// <summary>The episodes, assessments, enquiries and plans of a census file are in the record.</summary>
public sealed record CensusHistoryKept(Guid ImportId, IReadOnlyList<CensusTally> Tallies, IReadOnlyList<CensusProblem> Problems) : IEvent;
