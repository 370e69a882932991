using System.Globalization;
using System.Text;

namespace OpenMash.Engines.Links;

/// <summary>One occasion or thing that two children have in common.</summary>
/// <param name="Kind">absence, missing, or a kind of thing.</param>
/// <param name="What">The day and shape, the night, or the value.</param>
/// <param name="ChanceA">Chance that the first child was away then, or would have the thing.</param>
/// <param name="ChanceB">The same for the second child.</param>
/// <param name="DayFactor">How much more often than usual children of the first child's school and year group were away then; for a thing, how many children have it.</param>
public sealed record SharedOccasion(string Kind, string What, double ChanceA, double ChanceB, double DayFactor);

/// <summary>The evidence of one pair, taken apart.</summary>
public sealed record LinkExplanation
{
    /// <summary>First person.</summary>
    public required string PersonA { get; init; }

    /// <summary>Second person.</summary>
    public required string PersonB { get; init; }

    /// <summary>True for brothers and sisters or children of one home: a known link, never a finding.</summary>
    public required bool KnownLink { get; init; }

    /// <summary>The finding, when there is one.</summary>
    public PersonLink? Link { get; init; }

    /// <summary>Every occasion and thing in common.</summary>
    public required IReadOnlyList<SharedOccasion> Occasions { get; init; }

    /// <summary>Counts and expectations by kind.</summary>
    public required IReadOnlyList<LinkEvidence> Evidence { get; init; }

    /// <summary>Decimal log of the pair's own Bayes factor.</summary>
    public required double PairEvidence { get; init; }

    /// <summary>Decimal log of the price of searching for such a pair.</summary>
    public required double SearchPrice { get; init; }

    /// <summary>Where each expectation comes from, in sentences.</summary>
    public required IReadOnlyList<string> Sources { get; init; }
}

internal static class PairReport
{
    private static readonly string[] ShapeNames = ["morning", "afternoon", "whole day"];

    public static PersonLink Link(LinkModel model, int a, int b, double q, double weight, string? group, FoundSet set)
    {
        var evidence = Evidence(model, a, b);
        var text = new StringBuilder();
        foreach (var e in evidence)
        {
            if (e.Shared == 0) continue;
            if (text.Length > 0) text.Append("; ");
            text.Append(CultureInfo.InvariantCulture, $"{e.Shared} {Noun(e.Kind, e.Shared)} (chance: {LinksEngine.Number(e.Expected)})");
        }

        if (text.Length == 0) text.Append("nothing shared by these two alone");
        if (group is not null) text.Append(CultureInfo.InvariantCulture, $"; both in {group}, {set.Members.Length} children on {set.Occasions} occasions or things");
        var (idA, idB) = (model.Data.PersonId(a), model.Data.PersonId(b));
        if (string.CompareOrdinal(idA, idB) > 0) (idA, idB) = (idB, idA);
        return new PersonLink { PersonA = idA, PersonB = idB, QValue = q, Weight = weight, GroupId = group, Reasons = text.ToString(), Evidence = [.. evidence.Where(e => e.Shared > 0)] };
    }

    public static List<LinkEvidence> Evidence(LinkModel model, int a, int b)
    {
        var absence = 0;
        var missing = 0;
        foreach (var slot in CommonSlots(model, a, b))
        {
            if (slot < model.AbsenceSlots) absence++;
            else missing++;
        }

        double expectedAbsence = 0;
        for (var s = 0; s < LinkModel.Shapes; s++)
        {
            var rateA = model.Counts[(a * LinkModel.Streams) + s] / (double)Math.Max(20, model.Days.Length);
            var rateB = model.Counts[(b * LinkModel.Streams) + s] / (double)Math.Max(20, model.Days.Length);
            if (rateA * rateB == 0) continue;
            double days = 0;
            for (var d = 0; d < model.Days.Length; d++)
            {
                var slot = (d * LinkModel.Shapes) + s;
                days += model.CellFactor(model.Stratum[a], slot) * model.CellFactor(model.Stratum[b], slot);
            }

            expectedAbsence += rateA * rateB * days;
        }

        double expectedMissing = 0;
        var bothGo = model.Counts[(a * LinkModel.Streams) + LinkModel.MissingStream] > 0 && model.Counts[(b * LinkModel.Streams) + LinkModel.MissingStream] > 0;
        for (var n = 0; bothGo && n < model.Nights; n++) expectedMissing += model.Chance(a, model.AbsenceSlots + n) * model.Chance(b, model.AbsenceSlots + n);
        var result = new List<LinkEvidence> { new("absence", absence, expectedAbsence), new("missing", missing, expectedMissing) };
        var byKind = new SortedDictionary<string, (int Shared, double Expected)>(StringComparer.Ordinal);
        for (var k = model.ThingsStart[a]; k < model.ThingsStart[a + 1]; k++)
        {
            var thing = model.Things[k];
            var at = Array.BinarySearch(model.Things, model.ThingsStart[b], model.ThingsStart[b + 1] - model.ThingsStart[b], thing);
            var kind = model.Data.KindNames[model.Data.ThingKind[thing]];
            var (shared, expected) = byKind.GetValueOrDefault(kind);
            var holders = model.HoldersStart[thing + 1] - model.HoldersStart[thing];
            var chance = at >= 0 ? model.ThingChance[at] : (holders - 1.0) / model.KindMentions[model.Data.ThingKind[thing]];
            byKind[kind] = (shared + (at >= 0 ? 1 : 0), expected + chance);
        }

        foreach (var (kind, (shared, expected)) in byKind) result.Add(new LinkEvidence(kind, shared, expected));
        return result;
    }

    public static LinkExplanation Explain(LinkModel model, int a, int b, LinksResult? result)
    {
        var data = model.Data;
        var occasions = new List<SharedOccasion>();
        foreach (var slot in CommonSlots(model, a, b))
        {
            occasions.Add(new SharedOccasion(slot < model.AbsenceSlots ? "absence" : "missing", SlotText(model, slot), model.Chance(a, slot), model.Chance(b, slot), model.CellFactor(model.Stratum[a], slot, 1, 1)));
        }

        for (var k = model.ThingsStart[a]; k < model.ThingsStart[a + 1]; k++)
        {
            var thing = model.Things[k];
            var at = Array.BinarySearch(model.Things, model.ThingsStart[b], model.ThingsStart[b + 1] - model.ThingsStart[b], thing);
            if (at < 0) continue;
            occasions.Add(new SharedOccasion(data.KindNames[data.ThingKind[thing]], data.ThingValue[thing], model.ThingChance[k], model.ThingChance[at], model.HoldersStart[thing + 1] - model.HoldersStart[thing]));
        }

        var evidence = new GroupEvidence(model);
        var penalty = new SearchPenalty(model);
        int[] pair = [a, b];
        var (idA, idB) = (data.PersonId(a), data.PersonId(b));
        var link = result?.Links.FirstOrDefault(l => (l.PersonA == idA && l.PersonB == idB) || (l.PersonA == idB && l.PersonB == idA));
        return new LinkExplanation
        {
            PersonA = idA,
            PersonB = idB,
            KnownLink = data.Known(a, b),
            Link = link,
            Occasions = occasions,
            Evidence = Evidence(model, a, b),
            PairEvidence = evidence.Evaluate(pair) / Math.Log(10),
            SearchPrice = -penalty.LogWeight(pair) / Math.Log(10),
            Sources = [Source(model, a), Source(model, b), Days(model)],
        };
    }

    public static string SlotText(LinkModel model, int slot) => slot < model.AbsenceSlots
        ? string.Create(CultureInfo.InvariantCulture, $"{DateOnly.FromDayNumber(model.Days[slot / LinkModel.Shapes]):ddd yyyy-MM-dd} {ShapeNames[slot % LinkModel.Shapes]}")
        : string.Create(CultureInfo.InvariantCulture, $"night of {DateOnly.FromDayNumber(model.Night(slot)):ddd yyyy-MM-dd}");

    private static string Noun(string kind, int n) => kind switch
    {
        "absence" => n == 1 ? "unauthorised absence begun together" : "unauthorised absences begun together",
        "missing" => n == 1 ? "night missing together" : "nights missing together",
        _ => n == 1 ? "shared " + kind : "shared " + kind + "s",
    };

    private static string Source(LinkModel model, int person)
    {
        var at = person * LinkModel.Streams;
        var data = model.Data;
        var stratum = model.Stratum[person];
        return string.Create(CultureInfo.InvariantCulture, $"{data.PersonId(person)}: own record of {model.Counts[at]} morning, {model.Counts[at + 1]} afternoon and {model.Counts[at + 2]} whole-day onsets of unauthorised absence and {model.Counts[at + 3]} missing spells; school {data.SchoolNames[model.School[person]]}, whose year group averages {model.StratumMean[stratum]:0.00} onsets a child");
    }

    private static string Days(LinkModel model) => string.Create(CultureInfo.InvariantCulture, $"days: {model.Days.Length} with marks; each has its own factor for borough, school and year group, so that a wave, a closure or a Friday explains what it can; nights: {model.Nights}");

    private static IEnumerable<int> CommonSlots(LinkModel model, int a, int b)
    {
        var x = model.PersonStart[a];
        var y = model.PersonStart[b];
        while (x < model.PersonStart[a + 1] && y < model.PersonStart[b + 1])
        {
            var c = model.IncidentSlot[x].CompareTo(model.IncidentSlot[y]);
            if (c == 0)
            {
                if (model.IncidentIsStart[x] || model.IncidentIsStart[y]) yield return model.IncidentSlot[x];
                x++;
                y++;
            }
            else if (c < 0)
            {
                x++;
            }
            else
            {
                y++;
            }
        }
    }
}
