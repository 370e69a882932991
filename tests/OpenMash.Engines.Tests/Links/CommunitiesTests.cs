using CsCheck;
using OpenMash.Engines.Links;

namespace OpenMash.EnginesTests.Links;

public class CommunitiesTests
{
    // Davis, Gardner and Gardner, Deep South (1941), page 148: eighteen women and the fourteen events each attended.
    private static readonly int[][] SouthernWomen =
    [
        [1, 2, 3, 4, 5, 6, 8, 9], [1, 2, 3, 5, 6, 7, 8], [2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 4, 5, 6, 7, 8], [3, 4, 5, 7], [3, 5, 6, 8], [5, 6, 7, 8], [6, 8, 9], [5, 7, 8, 9],
        [7, 8, 9, 12], [8, 9, 10, 12], [8, 9, 10, 12, 13, 14], [7, 8, 9, 10, 12, 13, 14], [6, 7, 9, 10, 11, 12, 13, 14], [7, 8, 10, 11, 12], [8, 9], [9, 11], [9, 11],
    ];

    [Fact]
    public void Southern_women_fall_into_the_two_groups_the_ethnographers_saw()
    {
        var found = Communities.FindByShared(18, SouthernWomen.SelectMany((events, woman) => events.Select(e => (woman, e))), most: 2);

        // Women 1 to 7 and 9 against 10 to 15, 17 and 18 are agreed by nearly all of the twenty-one analyses Freeman (2003) compared; 8 and 16 stand between.
        Assert.All(new[] { 1, 2, 3, 4, 5, 6, 8 }, w => Assert.Equal(found[0], found[w]));
        Assert.All(new[] { 10, 11, 12, 13, 14, 16, 17 }, w => Assert.Equal(found[9], found[w]));
        Assert.NotEqual(found[0], found[9]);
        Assert.Equal(2, found.Distinct().Count());
    }

    [Fact]
    public void The_karate_club_splits_as_it_did_and_modularity_reaches_the_known_optimum()
    {
        var edges = KarateClub();

        var free = Communities.Find(34, edges);
        Assert.InRange(Communities.Modularity(34, edges, free), 0.4197, 0.4199);

        var two = Communities.Find(34, edges, most: 2);
        var instructor = new[] { 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 17, 18, 20, 22 };
        var wrong = Enumerable.Range(1, 34).Count(n => (two[n - 1] == two[0]) != (instructor.Contains(n) || n == 9 && two[8] == two[0]));
        Assert.InRange(wrong, 0, 1);
    }

    [Fact]
    public void Separate_cliques_are_separate_communities_whatever_their_sizes() =>
        Gen.Int[2, 6].List[1, 5].Sample(sizes =>
        {
            var edges = new List<(int, int, double)>();
            var truth = new List<int>();
            foreach (var size in sizes)
            {
                var start = truth.Count;
                var number = truth.Count == 0 ? 0 : truth[^1] + 1;
                for (var i = 0; i < size; i++)
                {
                    truth.Add(number);
                    for (var j = 0; j < i; j++) edges.Add((start + i, start + j, 1));
                }
            }

            Assert.Equal(truth, Communities.Find(truth.Count, edges));
        });

    [Fact]
    public void An_edge_outside_the_network_is_refused() => Assert.Throws<ArgumentException>(() => Communities.Find(2, [(0, 2, 1)]));

    [Fact]
    public void People_who_share_nothing_stand_alone() => Assert.Equal([0, 1, 2], Communities.Find(3, []));

    private static List<(int, int, double)> KarateClub()
    {
        const string pairs = "2-1 3-1 3-2 4-1 4-2 4-3 5-1 6-1 7-1 7-5 7-6 8-1 8-2 8-3 8-4 9-1 9-3 10-3 11-1 11-5 11-6 12-1 13-1 13-4 14-1 14-2 14-3 14-4 17-6 17-7 18-1 18-2 20-1 20-2 22-1 22-2 26-24 26-25 28-3 28-24 28-25 29-3 30-24 30-27 31-2 31-9 32-1 32-25 32-26 32-29 33-3 33-9 33-15 33-16 33-19 33-21 33-23 33-24 33-30 33-31 33-32 34-9 34-10 34-14 34-15 34-16 34-19 34-20 34-21 34-23 34-24 34-27 34-28 34-29 34-30 34-31 34-32 34-33";
        return [.. pairs.Split(' ').Select(p => p.Split('-')).Select(p => (int.Parse(p[0], null) - 1, int.Parse(p[1], null) - 1, 1.0))];
    }
}
