using System.Globalization;
using System.Text;

namespace OpenMash.Engines.Links;

/// <summary>One thing that is different after an update.</summary>
/// <param name="Change">group-new, group-gone, member-joined, member-left, link-new or link-gone.</param>
/// <param name="GroupId">The group, or empty for a link that stands alone.</param>
/// <param name="PersonId">The person concerned, or empty when it is the group as a whole.</param>
/// <param name="OtherPersonId">The second person of a link, else empty.</param>
/// <param name="Reason">One sentence.</param>
public sealed record LinksChange(string Change, string GroupId, string PersonId, string OtherPersonId, string Reason);

/// <summary>
/// What is held between runs: the data, the candidate sets, and the last result. Takes a day's marks, a missing episode or a new association and tells what
/// changed. Groups keep their identity. Not safe for use by several threads at once.
/// </summary>
public sealed class LinksState
{
    private const int Magic = 0x314B4C4F;
    private const int UpdateSeeds = 400;

    private readonly LinksOptions _options;
    private List<int[]> _sets = [];

    private LinksState(LinksData data, LinksOptions options)
    {
        Data = data;
        _options = options;
    }

    /// <summary>What is known.</summary>
    public LinksData Data { get; }

    /// <summary>The present picture.</summary>
    public LinksResult Result { get; private set; } = Empty;

    private static LinksResult Empty => new() { Links = [], Groups = [], Seconds = new Dictionary<string, double>(StringComparer.Ordinal), SeedPairs = 0, Incidents = 0, WithheldBySwapCheck = 0 };

    /// <summary>Searches everything afresh. With an earlier state, groups keep its identities.</summary>
    public static LinksState Create(LinksData data, LinksOptions? options = null, LinksState? earlier = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var state = new LinksState(data, options ?? new LinksOptions());
        state.Result = LinksEngine.Find(data, state._options, earlier?.Result);
        state._sets = [.. state.Result.Candidates];
        return state;
    }

    /// <summary>Takes new rows into the data and finds what changed. Any of the streams may be null. A mark for a session that already has one replaces it.</summary>
    public IReadOnlyList<LinksChange> Update(Stream? absence, Stream? missing, Stream? associations)
    {
        var touched = new SortedSet<int>();
        if (absence is not null)
        {
            foreach (var person in Data.ReadMarksOver(absence)) touched.Add(person);
        }

        if (missing is not null)
        {
            var before = Data.Episodes.ToHashSet();
            Data.ReadMissing(missing);
            foreach (var e in Data.Episodes)
            {
                if (!before.Contains(e)) touched.Add(e.Person);
            }
        }

        if (associations is not null)
        {
            var before = Data.Mentions.Count;
            Data.ReadAssociations(associations);
            for (var k = before; k < Data.Mentions.Count; k++) touched.Add(Data.Mentions[k].Person);
        }

        return Refresh(touched);
    }

    /// <summary>Takes one missing episode. Minutes and all else as in <see cref="LinksData.ReadMissing"/>.</summary>
    public IReadOnlyList<LinksChange> AddEpisode(string personId, string start, string end, string placeFound)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"person_id,start,end,place_found\n\"{personId}\",{start},{end},\"{placeFound}\"\n");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Update(null, stream, null);
    }

    /// <summary>Writes the state: a private binary form, read back by <see cref="Load"/>.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var w = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        w.Write(Magic);
        Data.Save(w);
        w.Write(_sets.Count);
        foreach (var set in _sets)
        {
            w.Write((byte)set.Length);
            foreach (var person in set) w.Write(person);
        }

        w.Write(Result.LastGroupNumber);
        w.Write(Result.Groups.Count);
        foreach (var g in Result.Groups)
        {
            w.Write(g.GroupId);
            w.Write(g.Members.Count);
            foreach (var m in g.Members)
            {
                w.Write(m.PersonId);
                w.Write(m.Weight);
            }

            w.Write(g.QValue);
            w.Write(g.Evidence);
            w.Write(g.SearchPrice);
            w.Write(g.SwapShare);
            w.Write(g.Occasions);
        }

        w.Write(Result.Links.Count);
        foreach (var l in Result.Links)
        {
            w.Write(l.PersonA);
            w.Write(l.PersonB);
            w.Write(l.QValue);
            w.Write(l.Weight);
            w.Write(l.GroupId ?? "");
            w.Write(l.Reasons);
            w.Write(l.Evidence.Count);
            foreach (var e in l.Evidence)
            {
                w.Write(e.Kind);
                w.Write(e.Shared);
                w.Write(e.Expected);
            }
        }
    }

    /// <summary>Reads a state written by <see cref="Save"/>.</summary>
    /// <exception cref="LinksInputException">The stream is not such a state, or of another version, or cut short.</exception>
    public static LinksState Load(Stream stream, LinksOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var r = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (r.ReadInt32() != Magic) throw new LinksInputException("state: this is not a state of the links engine, or of another version; make a new one with links find --state.");
            var state = new LinksState(LinksData.Load(r), options ?? new LinksOptions());
            for (var n = r.ReadInt32(); n > 0; n--)
            {
                var set = new int[r.ReadByte()];
                for (var k = 0; k < set.Length; k++) set[k] = r.ReadInt32();
                state._sets.Add(set);
            }

            var lastNumber = r.ReadInt32();
            var groups = new List<PersonGroup>();
            for (var n = r.ReadInt32(); n > 0; n--)
            {
                var id = r.ReadString();
                var members = new List<GroupMember>();
                for (var k = r.ReadInt32(); k > 0; k--) members.Add(new GroupMember(r.ReadString(), r.ReadDouble()));
                groups.Add(new PersonGroup { GroupId = id, Members = members, QValue = r.ReadDouble(), Evidence = r.ReadDouble(), SearchPrice = r.ReadDouble(), SwapShare = r.ReadDouble(), Occasions = r.ReadInt32() });
            }

            var links = new List<PersonLink>();
            for (var n = r.ReadInt32(); n > 0; n--)
            {
                var (a, b, q, weight, group, reasons) = (r.ReadString(), r.ReadString(), r.ReadDouble(), r.ReadDouble(), r.ReadString(), r.ReadString());
                var evidence = new List<LinkEvidence>();
                for (var k = r.ReadInt32(); k > 0; k--) evidence.Add(new LinkEvidence(r.ReadString(), r.ReadInt32(), r.ReadDouble()));
                links.Add(new PersonLink { PersonA = a, PersonB = b, QValue = q, Weight = weight, GroupId = group.Length == 0 ? null : group, Reasons = reasons, Evidence = evidence });
            }

            state.Result = Empty with { Groups = groups, Links = links, LastGroupNumber = lastNumber };
            return state;
        }
        catch (EndOfStreamException e)
        {
            throw new LinksInputException("state: the file is cut short; make a new one with links find --state.", e);
        }
    }

    private List<LinksChange> Refresh(SortedSet<int> touched)
    {
        var before = Result;
        if (touched.Count == 0) return [];
        Result = LinksEngine.Refresh(Data, _options, before, _sets, touched, UpdateSeeds);
        _sets = [.. Result.Candidates];
        return Changes(before, Result);
    }

    /// <summary>What differs between two results.</summary>
    public static List<LinksChange> Changes(LinksResult before, LinksResult after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = new List<LinksChange>();
        var old = before.Groups.ToDictionary(g => g.GroupId, StringComparer.Ordinal);
        var now = after.Groups.ToDictionary(g => g.GroupId, StringComparer.Ordinal);
        foreach (var g in after.Groups.OrderBy(g => g.GroupId, StringComparer.Ordinal))
        {
            if (!old.TryGetValue(g.GroupId, out var was))
            {
                changes.Add(new LinksChange("group-new", g.GroupId, "", "", string.Create(CultureInfo.InvariantCulture, $"{g.Members.Count} children on {g.Occasions} occasions or things")));
                foreach (var m in g.Members) changes.Add(new LinksChange("member-joined", g.GroupId, m.PersonId, "", "member of a new group"));
                continue;
            }

            var wasMembers = was.Members.Select(m => m.PersonId).ToHashSet(StringComparer.Ordinal);
            var nowMembers = g.Members.Select(m => m.PersonId).ToHashSet(StringComparer.Ordinal);
            foreach (var m in g.Members.Where(m => !wasMembers.Contains(m.PersonId)))
                changes.Add(new LinksChange("member-joined", g.GroupId, m.PersonId, "", "newly attached to a group already known"));
            foreach (var m in was.Members.Where(m => !nowMembers.Contains(m.PersonId)))
                changes.Add(new LinksChange("member-left", g.GroupId, m.PersonId, "", "no longer supported as a member"));
        }

        foreach (var g in before.Groups.Where(g => !now.ContainsKey(g.GroupId)).OrderBy(g => g.GroupId, StringComparer.Ordinal))
            changes.Add(new LinksChange("group-gone", g.GroupId, "", "", "no longer supported"));
        var oldLinks = before.Links.Select(l => (l.PersonA, l.PersonB)).ToHashSet();
        var newLinks = after.Links.Select(l => (l.PersonA, l.PersonB)).ToHashSet();
        foreach (var l in after.Links.Where(l => !oldLinks.Contains((l.PersonA, l.PersonB)))) changes.Add(new LinksChange("link-new", l.GroupId ?? "", l.PersonA, l.PersonB, l.Reasons));
        foreach (var l in before.Links.Where(l => !newLinks.Contains((l.PersonA, l.PersonB)))) changes.Add(new LinksChange("link-gone", l.GroupId ?? "", l.PersonA, l.PersonB, "no longer supported"));
        return changes;
    }
}
