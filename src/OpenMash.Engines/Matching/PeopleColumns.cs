using System.Collections.Frozen;

namespace OpenMash.Engines.Matching;

/// <summary>What a column of a file of people holds.</summary>
public enum PeopleRole
{
    /// <summary>Not evidence.</summary>
    None,

    /// <summary>The record's own identifier; never evidence.</summary>
    Id,

    /// <summary>Given name or names.</summary>
    Given,

    /// <summary>Middle names.</summary>
    Middle,

    /// <summary>Family name.</summary>
    Family,

    /// <summary>The whole name in one.</summary>
    Full,

    /// <summary>Date of birth.</summary>
    Birth,

    /// <summary>Year of birth in a column of its own.</summary>
    BirthYear,

    /// <summary>Month of birth in a column of its own.</summary>
    BirthMonth,

    /// <summary>Day of birth in a column of its own.</summary>
    BirthDay,

    /// <summary>Sex.</summary>
    Sex,

    /// <summary>House number in a column of its own.</summary>
    Number,

    /// <summary>First line of the address.</summary>
    Line,

    /// <summary>Second line of the address, read where the first holds no number.</summary>
    Line2,

    /// <summary>Town, suburb or city.</summary>
    Town,

    /// <summary>Postcode.</summary>
    Postcode,

    /// <summary>Telephone number.</summary>
    Phone,

    /// <summary>E-mail address.</summary>
    Email,

    /// <summary>NHS number.</summary>
    Nhs,

    /// <summary>Unique pupil number.</summary>
    Upn,

    /// <summary>Another identifier of a person.</summary>
    Other,

    /// <summary>Place of birth.</summary>
    BirthPlace,

    /// <summary>Occupation.</summary>
    Occupation,
}

/// <summary>Recognises the usual headings of files of people (Data/headings.tsv).</summary>
public static class PeopleHeadings
{
    private static readonly FrozenDictionary<string, (PeopleRole Role, int Rank)> Known = Load();

    /// <summary>The role of each heading. Case, spaces and punctuation do not matter. Of two headings of one role the commoner one is taken and the other left.</summary>
    /// <param name="headings">As written.</param>
    /// <param name="map">Heading to role, where the user says so; wins over what is recognised.</param>
    /// <param name="idHeading">Heading of the identifier, where the user says so.</param>
    /// <exception cref="InvalidDataException">A heading of the map or the identifier is not in the file; says which and what there is.</exception>
    public static PeopleRole[] Recognise(IReadOnlyList<string> headings, IReadOnlyDictionary<string, PeopleRole>? map = null, string? idHeading = null)
    {
        ArgumentNullException.ThrowIfNull(headings);
        var roles = new PeopleRole[headings.Count];
        var ranks = new int[headings.Count];
        for (var i = 0; i < roles.Length; i++)
        {
            if (Known.TryGetValue(Bare(headings[i]), out var known))
                (roles[i], ranks[i]) = known;
        }

        foreach (var (heading, role) in map ?? new Dictionary<string, PeopleRole>())
        {
            var i = IndexOf(headings, heading);
            (roles[i], ranks[i]) = (role, -1);
        }

        if (idHeading is not null)
        {
            var at = IndexOf(headings, idHeading);
            for (var i = 0; i < roles.Length; i++)
            {
                if (roles[i] == PeopleRole.Id)
                    roles[i] = PeopleRole.None;
            }

            (roles[at], ranks[at]) = (PeopleRole.Id, -1);
        }

        for (var i = 0; i < roles.Length; i++)
        {
            for (var j = 0; j < roles.Length; j++)
            {
                if (i != j && roles[i] != PeopleRole.None && roles[i] == roles[j] && (ranks[j] < ranks[i] || (ranks[j] == ranks[i] && j < i)))
                {
                    roles[i] = PeopleRole.None;
                    break;
                }
            }
        }

        return roles;
    }

    /// <summary>The role a word of the user's names ("given", "birth", "nhs", ...), or null.</summary>
    public static PeopleRole? Role(string word) =>
        Enum.TryParse<PeopleRole>(word, ignoreCase: true, out var role) && Enum.IsDefined(role) && !char.IsAsciiDigit(word[0]) ? role : null;

    private static int IndexOf(IReadOnlyList<string> headings, string wanted)
    {
        for (var i = 0; i < headings.Count; i++)
        {
            if (string.Equals(headings[i].Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase))
                return i;
        }

        throw new InvalidDataException($"There is no column \"{wanted}\". The file has: {string.Join(", ", headings.Select(h => h.Trim()))}.");
    }

    private static string Bare(string heading) => string.Concat(heading.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static FrozenDictionary<string, (PeopleRole Role, int Rank)> Load()
    {
        var known = new Dictionary<string, (PeopleRole, int)>(StringComparer.Ordinal);
        foreach (var line in EmbeddedData.Lines("headings.tsv"))
        {
            var parts = line.Split('\t');
            var role = parts[0] == "ignore" ? PeopleRole.None : Enum.Parse<PeopleRole>(parts[0], ignoreCase: true);
            var rank = 0;
            foreach (var heading in parts[1].Split(','))
                known[heading] = (role, rank++);
        }

        return known.ToFrozenDictionary();
    }
}
