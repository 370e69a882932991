using System.Globalization;

namespace OpenMash.Engines.Links;

/// <summary>Groups keep their identity from run to run: a group is the same as the earlier one with which it shares most members, if that is two or more and at least a third of both together.</summary>
internal static class GroupIdentity
{
    public static int Number(string id) => id.Length > 1 && int.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static string[] Assign(IReadOnlyList<IReadOnlyList<string>> groups, LinksResult? earlier) => Assign(groups, earlier is null ? [] : [.. earlier.Groups.Select(g => (g.GroupId, (IReadOnlyList<string>)[.. g.Members.Select(m => m.PersonId)]))], earlier?.LastGroupNumber ?? 0);

    public static string[] Assign(IReadOnlyList<IReadOnlyList<string>> groups, IReadOnlyList<(string Id, IReadOnlyList<string> Members)> earlier, int lastNumber)
    {
        var ids = new string[groups.Count];
        var matches = new List<(double Overlap, int Group, int Earlier)>();
        var next = lastNumber + 1;
        for (var e = 0; e < earlier.Count; e++)
        {
            next = Math.Max(next, Number(earlier[e].Id) + 1);
            var members = earlier[e].Members.ToHashSet(StringComparer.Ordinal);
            for (var g = 0; g < groups.Count; g++)
            {
                var shared = groups[g].Count(members.Contains);
                if (shared < 2) continue;
                var overlap = shared / (double)(members.Count + groups[g].Count - shared);
                if (overlap >= 1.0 / 3) matches.Add((overlap, g, e));
            }
        }

        matches.Sort((a, b) =>
        {
            var c = b.Overlap.CompareTo(a.Overlap);
            if (c == 0) c = string.CompareOrdinal(earlier[a.Earlier].Id, earlier[b.Earlier].Id);
            return c == 0 ? a.Group.CompareTo(b.Group) : c;
        });
        var used = new HashSet<int>();
        foreach (var (_, g, e) in matches)
        {
            if (ids[g] is not null || !used.Add(e)) continue;
            ids[g] = earlier[e].Id;
        }

        for (var g = 0; g < groups.Count; g++) ids[g] ??= string.Create(CultureInfo.InvariantCulture, $"G{next++:00000}");
        return ids;
    }
}
