namespace OpenMash.Hub.Rooms.People;

/// <summary>Candidates to show; with a mention, each can be chosen for it.</summary>
public sealed record CandidateList(IReadOnlyList<Candidate> Candidates, Guid? MentionId = null, Guid CommandId = default);
