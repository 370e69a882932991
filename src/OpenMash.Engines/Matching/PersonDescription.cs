namespace OpenMash.Engines.Matching;

/// <summary>A name a person goes or went by. Give what is known; null or empty is missing, never disagreement.</summary>
/// <param name="Given">Given name or names as written ("Mary Jane"); further words are read as middle names.</param>
/// <param name="Family">Family name as written.</param>
/// <param name="Middle">Middle names, where the source keeps them apart.</param>
/// <param name="Full">The whole name in one text, used where Given and Family are missing: titles are dropped, the last word is the family name,
/// and a comma puts the family name first ("SMITH, Mary Jane").</param>
public sealed record PersonName(string? Given = null, string? Family = null, string? Middle = null, string? Full = null);

/// <summary>A place where a person lives or lived. Give what is known.</summary>
/// <param name="Line">Street address as written, with flat and number ("Flat 2, 14 High Street").</param>
/// <param name="Town">Town, suburb or city.</param>
/// <param name="Postcode">Postcode in any spacing and case.</param>
public sealed record PersonAddress(string? Line = null, string? Town = null, string? Postcode = null);

/// <summary>
/// One person, or one report of a person, as sources describe them: several names, addresses, birth dates and numbers each. Order does not matter.
/// Texts are taken as written; the engine folds case, accents and scripts itself.
/// </summary>
/// <param name="Id">The caller's identifier: unique in an index, never evidence.</param>
public sealed record PersonDescription(string Id)
{
    /// <summary>Names, aliases included.</summary>
    public IReadOnlyList<PersonName> Names { get; init; } = [];

    /// <summary>Birth dates as written: ISO (2014-03-09, 20140309), British (9/3/2014, 9 Mar 2014), or a year or year and month alone.</summary>
    public IReadOnlyList<string> BirthDates { get; init; } = [];

    /// <summary>Sex as written (m, male, boy, 1; f, female, girl, 2); anything else is missing.</summary>
    public string? Sex { get; init; }

    /// <summary>Addresses, past ones included.</summary>
    public IReadOnlyList<PersonAddress> Addresses { get; init; } = [];

    /// <summary>Telephone numbers as written.</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>E-mail addresses.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];

    /// <summary>NHS numbers as written. A number that fails its check digit is still compared, as a likely slip.</summary>
    public IReadOnlyList<string> NhsNumbers { get; init; } = [];

    /// <summary>Unique pupil numbers as written.</summary>
    public IReadOnlyList<string> Upns { get; init; } = [];

    /// <summary>Other identifiers that belong to one person across both sources (a local case number, a social security number).</summary>
    public IReadOnlyList<string> OtherIds { get; init; } = [];

    /// <summary>Place of birth.</summary>
    public string? BirthPlace { get; init; }

    /// <summary>Occupation.</summary>
    public string? Occupation { get; init; }
}
